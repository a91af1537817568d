//! Finding a context for a new communicator that none of its members has used.
//!
//! Every member tells the first context that it has not used; the highest of these is free in all of them, and all take
//! it. That is the end of it where no member looks for several at the same time.
//!
//! Threads may do so, and nonblocking calls, each with other processes. What was free when it was told may then be taken
//! when the others have answered. So each member says whether it could take the context, together with the next one that
//! it has, and all ask again until all have taken the same one.
//!
//! **The order of searches.** A process answers only one of its searches at a time, the one with the lowest mark, and
//! those alone whose first round is over: all their members are in them. A search has one mark in all its members, and no
//! two have the same. So the one with the lowest mark of all is the first in all its members, which answer it, and take
//! no context for another meanwhile: it comes to an end, and after it the next. That a member has answered a search with a
//! higher mark before does not matter, as it waits for nothing else before it answers this one.

use std::mem::replace;

use super::Comm;
use crate::coll::agree::{telling, told};
use crate::coll::schedule::{Collective, Schedule, Team};
use crate::group::Group;
use crate::p2p::partitioned::CHANNEL;
use crate::world::World;
use crate::{Result, fail};

/// Tells a search from all others, in all its members, and puts all of them in one order: the context over which it goes,
/// a tag, and the first of its processes, as others may go over the same context between other processes.
pub(crate) type Mark = [u32; 3];

/// The first context that is unused, and whether others may be taken while this search goes on.
pub(super) type Wish = [u64; 2];

/// What all wish for together.
pub(super) fn join(a: Wish, b: Wish) -> Wish {
    [a[0].max(b[0]), a[1] | b[1]]
}

/// Whether all members could take a context, and the highest of their next ones.
pub(super) fn judge(a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
    [a[0].min(b[0]), a[1].max(b[1])]
}

/// All members know this context, so all fail if it is none.
fn check_context(highest: u64) -> Result<u64> {
    if highest > CHANNEL as u64 - 2 {
        fail!(ERR_OTHER, "a process has been in too many communicators: all 2^30 contexts are used up");
    }
    Ok(highest)
}

impl World {
    /// What this process says first.
    pub(super) fn context_wish(&self) -> Wish {
        [self.next_context.get() as u64, (self.threads.get() || self.searching.get() > 0) as u64]
    }

    /// Takes the context that all members wish for, or one after it. `ask` tells the members something and [`judge`]s
    /// what they say.
    pub(super) fn take_context(
        &self,
        mark: Mark,
        [highest, others]: Wish,
        ask: impl Fn([u64; 2]) -> Result<[u64; 2]>,
    ) -> Result<u64> {
        if others == 0 {
            self.use_context(check_context(highest)?);
            return Ok(highest);
        }
        self.searches.borrow_mut().insert(mark);
        let found = self.contend(mark, highest, ask);
        self.leave_search(mark);
        found
    }

    fn contend(
        &self,
        mark: Mark,
        mut highest: u64,
        ask: impl Fn([u64; 2]) -> Result<[u64; 2]>,
    ) -> Result<u64> {
        loop {
            check_context(highest)?;
            self.wait_until(|_| self.is_first(mark))?;
            let [all, next] = ask(self.answer(highest))?;
            if all != 0 {
                return Ok(highest);
            }
            highest = next;
        }
    }

    /// Whether it is this search's turn.
    fn is_first(&self, mark: Mark) -> bool {
        self.searches.borrow().first() == Some(&mark)
    }

    /// What this process says when all are asked for `highest`: whether it has taken it, and its next context.
    fn answer(&self, highest: u64) -> [u64; 2] {
        let free = highest >= self.next_context.get() as u64;
        if free {
            self.use_context(highest);
        }
        [free as u64, self.next_context.get() as u64]
    }

    /// A search is over, however it has ended.
    fn leave_search(&self, mark: Mark) {
        self.searches.borrow_mut().remove(&mark);
        // It may be the turn of one that another thread waits for.
        self.waiter.rouse();
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
    fn use_context(&self, highest: u64) {
        self.next_context.set(highest as u32 + 2);
    }
}

/// A search that goes on bit by bit. All its messages have one tag: those of a round do not overtake each other, and in
/// each round a process sends another one at most one.
pub(super) struct Search {
    mark: Mark,
    team: Team,
    stage: Stage,
    highest: u64,
}

enum Stage {
    /// All tell what they wish for.
    Wishing(Schedule),
    /// It is another one's turn.
    Queued,
    /// All tell whether they could take the highest.
    Asking(Schedule),
}

impl Search {
    /// Begins. Every one ends with [`Search::end`].
    pub(super) fn begin(world: &World, comm: &Comm) -> Search {
        world.searching.set(world.searching.get() + 1);
        let team = Team::of_all(comm);
        // A blocking search has the mark with tag 0.
        let mark = [comm.context, team.tag() + 1, team.first()];
        let [next, _] = world.context_wish();
        let stage = Stage::Wishing(telling(team.clone(), [next, 1]));
        Search { mark, team, stage, highest: 0 }
    }

    /// The context of the communicator over which it goes.
    pub(super) fn context(&self) -> u32 {
        self.mark[0]
    }

    /// Goes on. Returns the context when all have taken it.
    pub(super) fn advance(&mut self, world: &World) -> Option<Result<u64>> {
        loop {
            match &mut self.stage {
                Stage::Queued if !world.is_first(self.mark) => return None,
                Stage::Queued => {
                    let mine = world.answer(self.highest);
                    self.stage = Stage::Asking(telling(self.team.clone(), mine));
                }
                Stage::Wishing(round) | Stage::Asking(round) => {
                    if !round.advance(world) {
                        return None;
                    }
                    if let Err(error) = round.outcome() {
                        return Some(Err(error));
                    }
                    match replace(&mut self.stage, Stage::Queued) {
                        Stage::Asking(round) => {
                            let [all, next] = told(&round).into_iter().reduce(judge).unwrap_or_default();
                            if all != 0 {
                                return Some(Ok(self.highest));
                            }
                            self.highest = next;
                        }
                        Stage::Wishing(round) => {
                            [self.highest, _] = told(&round).into_iter().reduce(join).unwrap_or_default();
                            world.searches.borrow_mut().insert(self.mark);
                        }
                        Stage::Queued => {}
                    }
                    if let Err(error) = check_context(self.highest) {
                        return Some(Err(error));
                    }
                }
            }
        }
    }

    /// Makes way for others.
    pub(super) fn end(&self, world: &World) {
        world.searching.set(world.searching.get() - 1);
        world.leave_search(self.mark);
    }
}

/// The mark of a blocking search by the processes of a group. A context that is a communicator's, and not that of its
/// collective operations, goes with tag 0.
pub(crate) fn mark(context: u32, tag: u32, group: &Group) -> Mark {
    [context, tag, group.world_rank(0).unwrap_or_default() as u32]
}

impl Comm {
    /// The mark of blocking searches in which all its processes take part.
    pub(super) fn mark(&self) -> Mark {
        mark(self.context, 0, &self.group)
    }
}
