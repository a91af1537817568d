//! Collective communication (MPI 5.0, chapter 6).
//!
//! Each file below holds one operation: its algorithms, each with its cost on top, and the call that checks the
//! arguments and chooses. An algorithm writes a [`Schedule`](schedule::Schedule); whether it is carried out at once or
//! bit by bit is not its concern. Costs count messages in a row (rounds) and bytes through one rank; n is the number of
//! ranks, m the bytes of one rank's contribution.

pub(crate) mod agree;
mod allgather;
mod allreduce;
mod alltoall;
mod barrier;
mod bcast;
mod blocks;
mod elements;
mod gather;
mod reduce;
mod reduce_scatter;
mod scan;
mod scatter;
pub(crate) mod schedule;

use std::rc::Rc;

pub use self::blocks::UserBlocks;
use self::schedule::{Collective, Schedule};
use crate::comm::Comm;
use crate::datatype::Datatype;
use crate::handle::Handle;
use crate::request::{Op, Status};
use crate::world::World;
use crate::{Result, fail};

fn check_root(comm: &Comm, root: i32) -> Result<usize> {
    match usize::try_from(root) {
        Ok(root) if root < comm.group().size() => Ok(root),
        _ => fail!(ERR_ROOT, "root {root} is not a rank of a group of {}", comm.group().size()),
    }
}

impl World {
    /// The datatype behind a handle, if it may be used in communication.
    fn committed(&self, datatype: Handle) -> Result<Rc<Datatype>> {
        let datatype = self.types.borrow().get(datatype)?;
        if !datatype.committed() {
            fail!(
                ERR_TYPE,
                "the datatype is not committed: call MPI_Type_commit before it is used in communication"
            );
        }
        Ok(datatype)
    }

    /// Carries out what `write` writes.
    fn carry_out(&self, comm: Handle, write: impl FnOnce(&Comm) -> Result<Schedule>) -> Result<()> {
        let comm = self.intracomm(comm)?;
        write(&comm).and_then(|mut schedule| self.run(&mut schedule)).map_err(|e| e.on(comm.handle()))
    }

    /// Starts what `write` writes, and returns its request.
    fn start(&self, comm: Handle, write: impl FnOnce(&Comm) -> Result<Schedule>) -> Result<Handle> {
        let comm = self.intracomm(comm)?;
        let schedule = write(&comm).map_err(|e| e.on(comm.handle()))?;
        let request = self.collective_request()?;
        self.begin_collective(request, schedule);
        Ok(request)
    }

    /// A request for an operation that is about to begin.
    pub(crate) fn collective_request(&self) -> Result<Handle> {
        let op = Op { done: false, ..Op::finished(Status::EMPTY) };
        match self.engine.borrow_mut().p2p.ops.insert(op) {
            Ok(request) => Ok(request),
            Err(_) => fail!(ERR_NO_MEM, "too many requests are under way"),
        }
    }

    /// Begins an operation, which goes on until its request is complete.
    pub(crate) fn begin_collective(&self, request: Handle, mut operation: impl Collective + 'static) {
        if operation.advance(self) {
            self.end_collective(request, &mut operation);
        } else {
            self.schedules.borrow_mut().push((request, Box::new(operation)));
        }
    }

    fn end_collective(&self, request: Handle, operation: &mut dyn Collective) {
        let mut engine = self.engine.borrow_mut();
        if let (Err(error), Some(op)) = (operation.outcome(), engine.p2p.ops.get_mut(request)) {
            op.error = Some(error);
        }
        engine.p2p.complete(request);
    }

    /// Moves the collective operations on that were started and not waited for.
    #[inline]
    pub(crate) fn advance_collectives(&self) -> bool {
        let none = self.schedules.borrow().is_empty();
        !none && self.advance_all()
    }

    fn advance_all(&self) -> bool {
        // Taken out while they run: a user's operator may call back and start others.
        let mut running = std::mem::take(&mut *self.schedules.borrow_mut());
        let before = running.len();
        running.retain_mut(|(request, operation)| {
            let over = operation.advance(self);
            if over {
                self.end_collective(*request, operation.as_mut());
            }
            !over
        });
        let ended = running.len() < before;
        let mut schedules = self.schedules.borrow_mut();
        running.append(&mut schedules);
        *schedules = running;
        ended
    }
}
