//! Persistent requests: operations that are described once and started often (MPI 5.0, section 3.9).
//!
//! Such a request is an operation of its own that stands for the one under way. It is complete from the start, like
//! everything that is not active; starting it makes it wait for what was started.

use std::rc::Rc;

use super::{Generalized, Keep, Op, Role, Status};
use crate::buffer::UserBuf;
use crate::handle::Handle;
use crate::p2p::engine::Engine;
use crate::request::SendMode;
use crate::world::World;
use crate::{Error, Result, fail};

/// Starts the operation.
pub type Start = Rc<dyn Fn(&World) -> Result<Handle>>;

/// What a persistent request is made of.
pub(crate) struct Persistent {
    start: Start,
    /// What was started and not yet taken note of. Once the request is done, the operation is forgotten, and its handle
    /// may be another one's.
    pub(crate) active: Option<Handle>,
    /// Whether MPI_Startall has met it in its list.
    chosen: bool,
}

/// What [`P2p::take`](crate::p2p::engine::P2p::take) finds.
pub(crate) enum Taken {
    /// What is reported; the request is gone.
    Gone(Status, Option<Error>),
    /// What is reported; the request is inactive.
    Stays(Status, Option<Error>),
    /// The user knows.
    Asks(Rc<Generalized>),
}

impl Engine {
    /// Whether a request is one that calls wait for: neither null nor persistent and not started.
    #[inline]
    pub(crate) fn is_active(&self, request: Handle) -> bool {
        request != Handle::REQUEST_NULL
            && match self.p2p.ops.get(request) {
                Some(Op { role: Role::Persistent(persistent), .. }) => persistent.active.is_some(),
                Some(Op { role: Role::Partitioned(partitioned), .. }) => partitioned.active,
                _ => true,
            }
    }
}

impl World {
    /// A request for an operation that `start` starts. It is inactive.
    fn persistent(&self, start: Start) -> Result<Handle> {
        let role = Role::Persistent(Box::new(Persistent { start, active: None, chosen: false }));
        match self.engine.borrow_mut().p2p.ops.insert(Op { role, ..Op::finished(Status::EMPTY) }) {
            Ok(request) => Ok(request),
            Err(_) => fail!(ERR_NO_MEM, "too many requests exist"),
        }
    }

    /// Describes a send; the arguments are checked now.
    #[doc(
        alias = "MPI_Send_init",
        alias = "MPI_Bsend_init",
        alias = "MPI_Ssend_init",
        alias = "MPI_Rsend_init"
    )]
    pub fn send_init(
        &self,
        mode: SendMode,
        buf: UserBuf,
        dest: i32,
        tag: i32,
        comm: Handle,
    ) -> Result<Handle> {
        self.persistent(self.prepare_send(mode, &buf, dest, tag, comm)?)
    }

    /// Describes a receive; the arguments are checked now.
    #[doc(alias = "MPI_Recv_init")]
    pub fn recv_init(&self, buf: UserBuf, source: i32, tag: i32, comm: Handle) -> Result<Handle> {
        self.persistent(self.prepare_receive(&buf, source, tag, comm)?)
    }

    /// A persistent request for a collective operation on `comm`, of which `start` is the nonblocking form. All
    /// processes make their requests in the same order, and may start them in any (MPI 5.0, section 6.13). `used` are
    /// handles that `start` uses, which may be freed before it does.
    #[doc(alias = "MPI_Barrier_init", alias = "MPI_Bcast_init", alias = "MPI_Allreduce_init")]
    pub fn collective_init(&self, comm: Handle, used: &[Handle], start: Start) -> Result<Handle> {
        let comm = self.comm(comm)?;
        let tag = comm.next_tag();
        let used = || used.iter().copied().filter(|handle| !handle.is_predefined());
        let types = self.types.borrow();
        let types: Rc<[_]> = used().filter_map(|handle| Some((handle, types.get(handle).ok()?))).collect();
        let ops = self.ops.borrow();
        let ops: Rc<[_]> = used().filter_map(|handle| Some((handle, ops.get(handle).ok()?))).collect();
        self.persistent(Rc::new(move |world| {
            let lend = |comm, types, ops| {
                *world.lent.borrow_mut() = comm;
                world.types.borrow_mut().lent = types;
                world.ops.borrow_mut().lent = ops;
            };
            lend(Some(comm.clone()), types.clone(), ops.clone());
            let started = comm.with_tag(tag, || start(world));
            lend(None, Rc::default(), Rc::default());
            started
        }))
    }

    /// Starts a persistent request.
    #[doc(alias = "MPI_Start")]
    pub fn request_start(&self, request: Handle) -> Result<()> {
        self.engine.borrow_mut().p2p.startable(request)?;
        self.start_checked(request)
    }

    fn start_checked(&self, request: Handle) -> Result<()> {
        if self.start_partitioned(request)? {
            return Ok(());
        }
        let start = match self.engine.borrow().p2p.ops.get(request) {
            Some(Op { role: Role::Persistent(persistent), .. }) => persistent.start.clone(),
            _ => return Ok(()),
        };
        let inner = start(self)?;
        let mut engine = self.engine.borrow_mut();
        if let Some(op) = engine.p2p.ops.get_mut(request) {
            op.done = false;
            if let Role::Persistent(persistent) = &mut op.role {
                persistent.active = Some(inner);
            }
        }
        match engine.p2p.ops.get_mut(inner) {
            Some(op) if !op.done => op.keep = Keep::Part(request),
            _ => engine.p2p.settle_persistent(request, inner),
        }
        Ok(())
    }

    /// Starts several persistent requests. None is started if one cannot be.
    #[doc(alias = "MPI_Startall")]
    pub fn start_all(&self, requests: &[Handle]) -> Result<()> {
        self.engine.borrow_mut().p2p.choose(requests)?;
        requests.iter().enumerate().try_for_each(|(i, &r)| self.start_checked(r).map_err(|e| e.at_index(i)))
    }
}

impl crate::p2p::engine::P2p {
    /// Checks that a request can be started. Returns the place of its mark.
    fn startable(&mut self, request: Handle) -> Result<&mut bool> {
        let (active, chosen) = match self.ops.get_mut(request).map(|op| &mut op.role) {
            Some(Role::Persistent(persistent)) => (persistent.active.is_some(), &mut persistent.chosen),
            Some(Role::Partitioned(partitioned)) => (partitioned.active, &mut partitioned.chosen),
            _ if request == Handle::REQUEST_NULL => fail!(ERR_REQUEST, "the request is MPI_REQUEST_NULL"),
            _ => fail!(ERR_REQUEST, "{:#x} is not a persistent request", request.0),
        };
        if active {
            fail!(ERR_REQUEST, "the request is active: complete it before it is started again");
        }
        Ok(chosen)
    }

    /// Checks that all requests of a list can be started, each once.
    fn choose(&mut self, requests: &[Handle]) -> Result<()> {
        let mut choose = |request| match std::mem::replace(self.startable(request)?, true) {
            true => fail!(ERR_REQUEST, "the request stands in the list before"),
            false => Ok(()),
        };
        let mut list = requests.iter().enumerate();
        let outcome = list.try_for_each(|(i, &r)| choose(r).map_err(|e: Error| e.at_index(i)));
        for &request in requests {
            if let Ok(chosen) = self.startable(request) {
                *chosen = false;
            }
        }
        outcome
    }

    /// The operation that a persistent request stands for is complete: the request reports it.
    pub(crate) fn settle_persistent(&mut self, request: Handle, inner: Handle) {
        let Some(inner) = self.ops.remove(inner) else { return };
        if let Some(op) = self.ops.get_mut(request) {
            (op.status, op.error) = (inner.status, inner.error);
        }
        self.complete(request);
    }

    /// Takes what a complete operation reports, and whether its request stays: a persistent one does, and is inactive
    /// from then on; a generalized one does until its functions have run; others are forgotten.
    #[inline]
    pub(crate) fn take(&mut self, request: Handle) -> Option<Taken> {
        let op = self.ops.get_mut(request)?;
        let (status, error) = (op.status, op.error.take());
        match &mut op.role {
            Role::Persistent(persistent) => {
                persistent.active = None;
                op.status = Status::EMPTY;
                Some(Taken::Stays(status, error))
            }
            Role::Partitioned(partitioned) => {
                partitioned.active = false;
                op.status = Status::EMPTY;
                Some(Taken::Stays(status, error))
            }
            Role::Generalized(functions) => Some(Taken::Asks(functions.clone())),
            _ => {
                self.ops.discard(request);
                Some(Taken::Gone(status, error))
            }
        }
    }

    /// Gives a persistent request up; what is under way goes on.
    pub(crate) fn free_persistent(&mut self, request: Handle) -> bool {
        let Some(Op { role: Role::Persistent(persistent), done, .. }) = self.ops.get(request) else {
            return false;
        };
        if !done && let Some(op) = persistent.active.and_then(|inner| self.ops.get_mut(inner)) {
            op.keep = Keep::Nobody;
        }
        self.ops.remove(request);
        true
    }
}
