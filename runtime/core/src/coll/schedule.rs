//! Schedules: what one rank does in a collective operation, as a list of steps.
//!
//! An algorithm writes the list; this module carries it out, in one call or bit by bit. Steps start in order. Sends and
//! receives go on while later steps start, until a [`Step::Wait`], which lets nothing pass before all of them are
//! complete. All memory that a schedule needs is its own, so it can outlive the call that made it.

use std::rc::Rc;

use crate::buffer::Buffer;
use crate::comm::Comm;
use crate::datatype::Datatype;
use crate::group::Group;
use crate::handle::Handle;
use crate::op::Op;
use crate::p2p::matching::Key;
use crate::request::{Keep, Source};
use crate::world::World;
use crate::{Error, ErrorClass, Result};

/// Who takes part in a collective operation, and how its messages are told from others.
#[derive(Clone)]
pub(crate) struct Team {
    group: Rc<Group>,
    rank: usize,
    context: u32,
    tag: u32,
    /// Whether others may use the context and the tag before or after: messages then name the process that sends, and not
    /// its rank, which another process may have in the next team.
    shared: bool,
}

impl Team {
    /// The processes of a communicator, for its next collective operation.
    pub(crate) fn of(comm: &Comm) -> Team {
        Team {
            group: comm.group().clone(),
            rank: comm.rank(),
            context: comm.collective_context(),
            tag: comm.next_tag(),
            shared: false,
        }
    }

    /// The processes of a communicator, of both its groups if it has two, for its next collective operation. Both groups
    /// count the same operations, so that the tag is nobody else's.
    pub(crate) fn of_all(comm: &Comm) -> Team {
        let team = Team::of(comm);
        if !comm.is_inter() {
            return team;
        }
        let mut all = [comm.group().world_ranks(), comm.target_group().world_ranks()].concat();
        all.sort_unstable();
        let own = comm.group().world_rank(comm.rank()).unwrap_or_default() as u32;
        let rank = all.partition_point(|&other| other < own);
        Team { group: Rc::new(Group::of(all)), rank, ..team }
    }

    /// Some of the processes of a communicator, of which `rank` is this one; `tag` tells their messages from those of
    /// others who do the same at this time.
    pub(crate) fn subset(comm: &Comm, group: Rc<Group>, rank: usize, tag: u32) -> Team {
        Team { group, rank, context: comm.collective_context(), tag: tag | 1 << 31, shared: true }
    }

    /// Processes that have no communicator, of which `rank` is this one.
    pub(crate) fn of_group(group: Rc<Group>, rank: usize, context: u32, tag: u32) -> Team {
        Team { group, rank, context, tag: tag & !(1 << 31), shared: true }
    }

    /// How messages name their sender.
    fn source(&self, rank: usize) -> u32 {
        match self.group.world_rank(rank) {
            Some(process) if self.shared => process as u32,
            _ => rank as u32,
        }
    }

    /// This process.
    pub(crate) fn rank(&self) -> usize {
        self.rank
    }

    /// What tells its messages from those of other operations.
    pub(crate) fn tag(&self) -> u32 {
        self.tag
    }

    /// The process that is rank 0, by its rank in the job.
    pub(crate) fn first(&self) -> u32 {
        self.group.world_rank(0).unwrap_or_default() as u32
    }

    /// How many take part.
    pub(crate) fn size(&self) -> usize {
        self.group.size()
    }
}

/// One thing to do.
pub(crate) enum Step {
    Send {
        to: usize,
        data: Buffer,
    },
    Receive {
        from: usize,
        data: Buffer,
    },
    /// Copies as many packed bytes as fit.
    Copy {
        from: Buffer,
        to: Buffer,
    },
    /// Combines: `into` = `with` op `into`, element by element, `with` being the left operand.
    Reduce {
        with: *const u8,
        into: *mut u8,
        count: i64,
        how: Rc<Reduction>,
    },
    /// Everything before is complete before anything after begins.
    Wait,
}

/// How elements are combined.
pub(crate) struct Reduction {
    pub(crate) op: Rc<Op>,
    pub(crate) datatype: Rc<Datatype>,
    pub(crate) handle: Handle,
}

/// A collective operation, carried out bit by bit.
pub(crate) trait Collective {
    /// Does what can be done now. Says whether the operation is over.
    fn advance(&mut self, world: &World) -> bool;

    /// What the operation has to report when it is over.
    fn outcome(&mut self) -> Result<()>;
}

/// What a rank has to do, and how far it is.
pub(crate) struct Schedule {
    team: Team,
    steps: Vec<Step>,
    next: usize,
    pending: Vec<Handle>,
    /// Memory that the steps use. The pieces never move.
    scratch: Vec<Vec<u8>>,
    /// What has gone wrong first. The schedule goes on all the same: peers wait for its messages.
    failed: Option<Error>,
}

impl Schedule {
    /// An empty schedule.
    pub(crate) fn new(team: Team) -> Schedule {
        Schedule { team, steps: Vec::new(), next: 0, pending: Vec::new(), scratch: Vec::new(), failed: None }
    }

    pub(crate) fn rank(&self) -> usize {
        self.team.rank()
    }

    pub(crate) fn size(&self) -> usize {
        self.team.size()
    }

    /// Adds a send.
    pub(crate) fn send(&mut self, to: usize, data: Buffer) {
        self.steps.push(Step::Send { to, data });
    }

    /// Adds a receive.
    pub(crate) fn receive(&mut self, from: usize, data: Buffer) {
        self.steps.push(Step::Receive { from, data });
    }

    /// Adds a copy.
    pub(crate) fn copy(&mut self, from: Buffer, to: Buffer) {
        self.steps.push(Step::Copy { from, to });
    }

    /// Adds a combination: `into` = `with` op `into`.
    pub(crate) fn reduce(&mut self, with: *const u8, into: *mut u8, count: i64, how: &Rc<Reduction>) {
        self.steps.push(Step::Reduce { with, into, count, how: how.clone() });
    }

    /// Adds a point that everything before must have passed.
    pub(crate) fn wait(&mut self) {
        self.steps.push(Step::Wait);
    }

    /// Memory of `len` bytes (zeros) that lives as long as the schedule.
    pub(crate) fn scratch(&mut self, len: usize) -> *mut u8 {
        let mut piece = vec![0; len];
        let address = piece.as_mut_ptr();
        self.scratch.push(piece);
        address
    }

    /// `len` bytes of scratch memory as a buffer, to send from and receive into.
    pub(crate) fn scratch_buffer(&mut self, len: usize) -> Buffer {
        let mut piece = vec![0; len];
        let buffer = Buffer::of_vec(&mut piece);
        self.scratch.push(piece);
        buffer
    }

    /// The bytes of the first piece of scratch memory, when the schedule is over.
    pub(crate) fn into_scratch(mut self) -> Vec<u8> {
        self.scratch.swap_remove(0)
    }

    /// As [`Schedule::into_scratch`], to look at.
    pub(crate) fn first_scratch(&self) -> &[u8] {
        self.scratch.first().map_or(&[], |piece| piece)
    }

    fn note(&mut self, error: Error) {
        self.failed.get_or_insert(error);
    }

    /// Whether the sends and receives that were started are complete; takes them out if so.
    fn passed(&mut self, world: &World) -> bool {
        let mut engine = world.engine.borrow_mut();
        if self.pending.iter().any(|&op| engine.p2p.ops.get(op).is_some_and(|op| !op.done)) {
            return false;
        }
        for op in std::mem::take(&mut self.pending) {
            if let Some((_, Some(error))) = engine.p2p.ops.remove(op).map(|op| op.outcome()) {
                self.note(truncation_is_a_mismatch(error));
            }
        }
        true
    }

    fn start(&mut self, world: &World, to: Option<usize>, from: Option<usize>, data: Buffer) {
        let mut engine = world.engine.borrow_mut();
        let Team { context, tag, rank, .. } = self.team;
        let source = self.team.source(from.unwrap_or(rank));
        let started = if let Some(to) = to {
            let key = Key { context, source, tag };
            match self.team.group.world_rank(to) {
                Some(peer) if engine.try_eager(peer, key, 0, &data) => return,
                Some(peer) => engine.isend(peer, key, 0, data, Keep::Holder),
                None => Err(Error::new(ErrorClass::ERR_INTERN, "a schedule sends to nobody")),
            }
        } else {
            match self.team.group.world_rank(from.unwrap_or(rank)) {
                Some(peer) => engine.irecv((Key { context, source, tag }, Source::Peer(peer)), data),
                None => Err(Error::new(ErrorClass::ERR_INTERN, "a schedule receives from nobody")),
            }
        };
        drop(engine);
        match started {
            Ok(op) => self.pending.push(op),
            Err(error) => self.note(error),
        }
    }
}

impl Collective for Schedule {
    fn advance(&mut self, world: &World) -> bool {
        while self.next < self.steps.len() {
            match &self.steps[self.next] {
                Step::Wait => {
                    if !self.passed(world) {
                        return false;
                    }
                }
                Step::Send { to, data } => {
                    let (to, data) = (*to, data.clone());
                    self.start(world, Some(to), None, data);
                }
                Step::Receive { from, data } => {
                    let (from, data) = (*from, data.clone());
                    self.start(world, None, Some(from), data);
                }
                Step::Copy { from, to } => to.copy_from(from),
                Step::Reduce { with, into, count, how } => {
                    let result = how.op.apply(&how.datatype, how.handle, *with, *into, *count);
                    if let Err(error) = result {
                        self.note(error);
                    }
                }
            }
            self.next += 1;
        }
        self.passed(world)
    }

    fn outcome(&mut self) -> Result<()> {
        match self.failed.take() {
            Some(error) => Err(error.in_context(Some(self.team.context))),
            None => Ok(()),
        }
    }
}

/// In a collective operation a message that is too long means that the ranks passed different counts.
fn truncation_is_a_mismatch(error: Error) -> Error {
    if error.class == ErrorClass::ERR_TRUNCATE {
        return error.within(format_args!("do all ranks pass the same counts and types to this collective?"));
    }
    error
}

impl World {
    /// Carries a schedule out.
    pub(crate) fn run(&self, schedule: &mut Schedule) -> Result<()> {
        while !schedule.advance(self) {
            self.wait_until(|engine| {
                schedule.pending.iter().all(|&op| engine.p2p.ops.get(op).is_none_or(|op| op.done))
            })?;
        }
        schedule.outcome()
    }
}
