//! Finding a context for a new communicator that none of its members has used.
//!
//! Every member tells the first context that it has not used; the highest of these is free in all of them, and all take
//! it. That is the end of it where no member has threads.
//!
//! Threads may look for several contexts at the same time, each with other processes. What was free when it was told may
//! then be taken when the others have answered. So each member says whether it could take the context, together with
//! the next one that it has, and all look again until all have taken the same one. A process lets only one of its
//! searches take something, the one with the lowest mark, and only once all members are in it: that one has all it needs
//! to come to an end, so searches do not keep each other from ending.

use super::Comm;
use crate::coll::schedule::Team;
use crate::p2p::partitioned::CHANNEL;
use crate::world::World;
use crate::{Result, fail};

/// Tells searches of one process apart, and puts those of all processes in one order: the context over which it goes,
/// and a tag.
pub(crate) type Mark = (u32, u32);

/// The first context that is unused, and whether there are threads.
pub(super) type Wish = [u64; 2];

/// What all wish for together.
pub(super) fn join(a: Wish, b: Wish) -> Wish {
    [a[0].max(b[0]), a[1] | b[1]]
}

/// Whether all members could take a context, and the highest of their next ones.
pub(super) fn judge(a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
    [a[0].min(b[0]), a[1].max(b[1])]
}

impl World {
    /// What this process says first.
    pub(super) fn context_wish(&self) -> Wish {
        [self.next_context.get() as u64, self.threads.get() as u64]
    }

    /// Takes the context that all members wish for, or one after it. `ask` tells the members something and [`judge`]s
    /// what they say.
    pub(super) fn take_context(
        &self,
        mark: Mark,
        [highest, threads]: Wish,
        ask: impl Fn([u64; 2]) -> Result<[u64; 2]>,
    ) -> Result<u64> {
        if threads == 0 {
            return self.use_context(highest);
        }
        self.searches.borrow_mut().insert(mark);
        let found = self.contend(mark, highest, ask);
        self.searches.borrow_mut().remove(&mark);
        found
    }

    fn contend(
        &self,
        mark: Mark,
        mut highest: u64,
        ask: impl Fn([u64; 2]) -> Result<[u64; 2]>,
    ) -> Result<u64> {
        loop {
            let first = self.searches.borrow().first() == Some(&mark);
            let free = first && highest >= self.next_context.get() as u64;
            if free {
                self.use_context(highest)?;
            }
            let [all, next] = ask([free as u64, self.next_context.get() as u64])?;
            if all != 0 {
                return Ok(highest);
            }
            highest = next;
            // A search that asks nobody but itself would else keep the others from ending.
            self.poll_once()?;
        }
    }

    /// As [`World::take_context`] within one team, whose members have told their wishes. `team` makes it anew.
    pub(super) fn take_wished(
        &self,
        mark: Mark,
        told: impl Iterator<Item = Wish>,
        team: impl Fn() -> Team,
    ) -> Result<u64> {
        self.take_context(mark, told.reduce(join).unwrap_or_default(), |mine| {
            Ok(self.tell_all(team(), mine)?.into_iter().reduce(judge).unwrap_or_default())
        })
    }

    /// A context that no member of the team has had.
    pub(crate) fn agree_on_context(&self, mark: Mark, team: impl Fn() -> Team) -> Result<u64> {
        let told = self.tell_all(team(), self.context_wish())?;
        self.take_wished(mark, told.into_iter(), team)
    }

    /// The contexts that follow `highest` are free from now on.
    fn use_context(&self, highest: u64) -> Result<u64> {
        if highest > CHANNEL as u64 - 2 {
            fail!(
                ERR_OTHER,
                "this process has been in too many communicators: all 2^30 contexts are used up"
            );
        }
        self.next_context.set(highest as u32 + 2);
        Ok(highest)
    }
}

impl Comm {
    /// The mark of searches in which all its processes take part.
    pub(super) fn mark(&self) -> Mark {
        (self.context, 0)
    }
}
