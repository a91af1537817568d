//! Agreement on the context of a new communicator.
//!
//! A context must be one that no process of the new communicator has used. Each proposes the first that it has not, and
//! the highest is taken: one round. Where several threads make communicators at the same time, two of these agreements
//! could end with the same context, and two processes could see them in different order. Then
//!
//! 1. the first round only gathers all that take part, whatever else they do, and finds a number for the agreement that
//!    is the same for all of them;
//! 2. a process lets one agreement at a time propose, of those that have gathered the one with the lowest number; others
//!    say "later", and a round in which anybody says so is repeated.
//!
//! No process lets an agreement propose that waits for somebody who has not come, and the lowest one of all is held up
//! by nobody, so that each comes to its end. Processes with and without threads mix: "later" is heard by all.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::Comm;
use crate::coll::schedule::Team;
use crate::world::World;
use crate::{Result, fail};

/// What a process knows of contexts.
pub(crate) struct Contexts {
    /// The first one that no communicator of this process has had.
    next: Cell<u32>,
    /// The agreements that have gathered, by their numbers.
    gathered: RefCell<BTreeSet<u64>>,
    /// Whether one of them proposes in this round.
    proposing: Cell<bool>,
}

/// A proposal with this bit says "later"; in the first round the number of the agreement stands below it.
const LATER: u64 = 1 << 63;

impl Contexts {
    pub(crate) fn new(first: u32) -> Contexts {
        Contexts { next: Cell::new(first), gathered: RefCell::default(), proposing: Cell::new(false) }
    }
}

/// A number for what `comm` is asked to make, collectively or by those of its processes who use `tag`.
pub(super) fn number(comm: &Comm, tag: Option<u32>) -> u64 {
    number_of(comm.collective_context(), tag.map_or(0, |tag| tag | 1 << 31))
}

/// As [`number`], where there is no communicator. All contexts that agreements use are odd or all are even.
pub(crate) fn number_of(context: u32, tag: u32) -> u64 {
    (context as u64 >> 1) << 32 | tag as u64
}

impl World {
    /// Finds the context of a new communicator. A `round` tells everybody who takes part what this process proposes, and
    /// returns the highest proposal of all, and what else was told with it.
    pub(crate) fn agree<T>(
        &self,
        number: u64,
        mut round: impl FnMut(u64) -> Result<(u64, T)>,
    ) -> Result<(u64, T)> {
        let Contexts { next, gathered, proposing } = &self.contexts;
        let proposal = if self.threads.get() { LATER | number } else { next.get() as u64 };
        let (highest, told) = round(proposal)?;
        if highest < LATER {
            return Ok((self.use_context(highest)?, told));
        }
        let number = highest & !LATER;
        loop {
            gathered.borrow_mut().insert(number);
            let mine = !proposing.get() && gathered.borrow().first() == Some(&number);
            if mine {
                proposing.set(true);
            }
            let told = round(if mine { next.get() as u64 } else { LATER });
            let done = match &told {
                Ok((highest, _)) if *highest < LATER => Some(self.use_context(*highest)),
                Ok(_) => None,
                Err(_) => Some(Ok(0)),
            };
            if mine {
                proposing.set(false);
            }
            if let Some(context) = done {
                gathered.borrow_mut().remove(&number);
                return Ok((context?, told?.1));
            }
            self.poll_once()?;
        }
    }

    /// The contexts that follow `highest` are taken from now on.
    fn use_context(&self, highest: u64) -> Result<u64> {
        if highest > u32::MAX as u64 - 2 {
            fail!(
                ERR_OTHER,
                "this process has been in too many communicators: all 2^31 contexts are used up"
            );
        }
        self.contexts.next.set(highest as u32 + 2);
        Ok(highest)
    }

    /// A context for a new communicator that all of a team make.
    pub(crate) fn agree_on_context(&self, number: u64, team: impl Fn() -> Team) -> Result<u64> {
        let round = |proposal| {
            let told = self.tell_all(team(), [proposal])?;
            Ok((told.iter().map(|t| t[0]).max().unwrap_or(0), ()))
        };
        Ok(self.agree(number, round)?.0)
    }
}
