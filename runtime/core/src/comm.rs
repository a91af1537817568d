//! Communicators: a group and a context that keeps its messages apart (MPI 5.0, section 7.4).
//!
//! A communicator has two contexts, one for point-to-point messages and one for collective operations. They are numbered
//! from a counter: when a communicator is made, its members agree on the highest of their counters (`context`), so that
//! no process meets a number twice. Two communicators without a common member may have the same number, which harms nobody.

mod context;
mod create;
mod duplicate;
mod hints;
mod intercomm;

pub(crate) use context::{Mark, mark};
pub use hints::KINDS as MEMORY_ALLOC_KINDS;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::attribute::Attributes;
use crate::group::{self, Group};
use crate::handle::Handle;
use crate::world::World;
use crate::{Result, fail};

impl Handle {
    /// `MPI_COMM_NULL`.
    pub const COMM_NULL: Handle = Handle(0x100);
    /// `MPI_COMM_WORLD`.
    pub const COMM_WORLD: Handle = Handle(0x101);
    /// `MPI_COMM_SELF`.
    pub const COMM_SELF: Handle = Handle(0x102);
}

/// The longest name of an object, in bytes, without the terminator (`MPI_MAX_OBJECT_NAME` - 1).
pub const MAX_NAME: usize = 127;

/// A communicator of one group.
pub struct Comm {
    handle: Cell<Handle>,
    context: u32,
    group: Rc<Group>,
    /// The other group, if this is an intercommunicator.
    remote: Option<Rc<Group>>,
    /// The session that it comes from.
    pub(crate) session: Option<Handle>,
    rank: usize,
    name: RefCell<Vec<u8>>,
    errhandler: Cell<Handle>,
    /// Whether the program has set that.
    chosen_errhandler: Cell<bool>,
    /// Counts the collective operations begun on this communicator.
    collectives: Cell<u32>,
    /// The tag of the next one, where it is not the count: persistent operations have theirs from the start.
    chosen_tag: Cell<Option<u32>>,
    pub(crate) attributes: Attributes,
    hints: hints::Hints,
}

impl Comm {
    pub(crate) fn new(context: u32, group: Rc<Group>, rank: usize, name: &str, errhandler: Handle) -> Comm {
        Comm {
            handle: Cell::new(Handle::COMM_NULL),
            context,
            group,
            remote: None,
            session: None,
            rank,
            name: RefCell::new(name.as_bytes().to_vec()),
            errhandler: Cell::new(errhandler),
            chosen_errhandler: Cell::new(false),
            collectives: Cell::new(0),
            chosen_tag: Cell::new(None),
            attributes: Attributes::default(),
            hints: hints::Hints::default(),
        }
    }

    /// A communicator that is there from the start.
    pub(crate) fn predefined(
        handle: Handle,
        context: u32,
        group: Group,
        rank: usize,
        name: &str,
        errhandler: Handle,
    ) -> Comm {
        let comm = Comm::new(context, Rc::new(group), rank, name, errhandler);
        comm.handle.set(handle);
        comm
    }

    /// The context of its point-to-point messages.
    #[inline]
    pub(crate) fn context(&self) -> u32 {
        self.context
    }

    /// The context of its collective operations.
    pub(crate) fn collective_context(&self) -> u32 {
        self.context + 1
    }

    /// The tag of its next collective operation.
    pub(crate) fn next_tag(&self) -> u32 {
        if let Some(tag) = self.chosen_tag.take() {
            return tag;
        }
        let tag = self.collectives.get();
        // Bit 31 is for agreement within a group (`Team::subset`).
        self.collectives.set((tag + 1) & !(1 << 31));
        tag
    }

    /// Runs `start`, which begins a collective operation, with a tag that was taken before.
    pub(crate) fn with_tag<R>(&self, tag: u32, start: impl FnOnce() -> R) -> R {
        self.chosen_tag.set(Some(tag));
        let started = start();
        self.chosen_tag.set(None);
        started
    }

    /// This process's rank.
    #[inline]
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The processes.
    #[inline]
    pub fn group(&self) -> &Rc<Group> {
        &self.group
    }

    /// The processes that ranks in point-to-point calls refer to.
    #[inline]
    pub(crate) fn target_group(&self) -> &Rc<Group> {
        self.remote.as_ref().unwrap_or(&self.group)
    }

    /// Whether this is an intercommunicator.
    pub fn is_inter(&self) -> bool {
        self.remote.is_some()
    }

    /// Its own handle.
    pub(crate) fn handle(&self) -> Handle {
        self.handle.get()
    }

    /// Its name, or its handle if it has none, for messages to people.
    pub fn display_name(&self) -> String {
        let name = self.name.borrow();
        match name.is_empty() {
            true => format!("communicator {:#x}", self.handle.get().0),
            false => String::from_utf8_lossy(&name).into_owned(),
        }
    }
}

impl World {
    /// The communicator behind a handle.
    #[inline(always)]
    pub fn comm(&self, comm: Handle) -> Result<Rc<Comm>> {
        if comm == Handle::COMM_WORLD { Ok(self.world.clone()) } else { self.other_comm(comm) }
    }

    fn other_comm(&self, comm: Handle) -> Result<Rc<Comm>> {
        match self.comms.borrow().get(comm) {
            Some(comm) => Ok(comm.clone()),
            None if comm == Handle::COMM_SELF => Ok(self.own.clone()),
            None if let Some(lent) = self.lent.borrow().as_ref().filter(|lent| lent.handle() == comm) => {
                Ok(lent.clone())
            }
            None if self.comms.borrow().is_reserved(comm) => fail!(
                ERR_COMM,
                "the communicator is still being made: the request of MPI_Comm_idup must be complete first"
            ),
            None if comm == Handle::COMM_NULL => fail!(ERR_COMM, "the communicator is MPI_COMM_NULL"),
            None => fail!(ERR_COMM, "{:#x} is not a communicator, or one that was freed", comm.0),
        }
    }

    /// This process's rank in a communicator.
    #[doc(alias = "MPI_Comm_rank")]
    pub fn comm_rank(&self, comm: Handle) -> Result<i32> {
        Ok(self.comm(comm)?.rank as i32)
    }

    /// How many processes a communicator has; of an intercommunicator, in the local group.
    #[doc(alias = "MPI_Comm_size")]
    pub fn comm_size(&self, comm: Handle) -> Result<i32> {
        Ok(self.comm(comm)?.group.size() as i32)
    }

    /// How many processes the remote group of an intercommunicator has.
    #[doc(alias = "MPI_Comm_remote_size")]
    pub fn comm_remote_size(&self, comm: Handle) -> Result<i32> {
        let comm = self.comm(comm)?;
        match &comm.remote {
            Some(remote) => Ok(remote.size() as i32),
            None => {
                fail!(ERR_COMM, "{} has no remote group: it is not an intercommunicator", comm.display_name())
            }
        }
    }

    /// Whether a communicator has two groups.
    #[doc(alias = "MPI_Comm_test_inter")]
    pub fn comm_test_inter(&self, comm: Handle) -> Result<bool> {
        Ok(self.comm(comm)?.is_inter())
    }

    /// A handle on the group of a communicator.
    #[doc(alias = "MPI_Comm_group")]
    pub fn comm_group(&self, comm: Handle) -> Result<Handle> {
        self.new_group(self.comm(comm)?.group.clone())
    }

    /// IDENT, CONGRUENT (same group), SIMILAR (same members in another order) or UNEQUAL.
    #[doc(alias = "MPI_Comm_compare")]
    pub fn comm_compare(&self, a: Handle, b: Handle) -> Result<i32> {
        let (a, b) = (self.comm(a)?, self.comm(b)?);
        if Rc::ptr_eq(&a, &b) {
            return Ok(group::IDENT);
        }
        let remote = match (&a.remote, &b.remote) {
            (None, None) => group::IDENT,
            (Some(a), Some(b)) => a.compare(b),
            _ => return Ok(group::UNEQUAL),
        };
        // The values grow with the difference.
        match a.group.compare(&b.group).max(remote) {
            group::IDENT => Ok(group::CONGRUENT),
            other => Ok(other),
        }
    }

    /// Names a communicator; what is beyond 127 bytes is cut off.
    #[doc(alias = "MPI_Comm_set_name")]
    pub fn comm_set_name(&self, comm: Handle, name: &[u8]) -> Result<()> {
        let comm = self.comm(comm)?;
        *comm.name.borrow_mut() = name[..name.len().min(MAX_NAME)].to_vec();
        Ok(())
    }

    /// The name of a communicator, empty if it was not given one.
    #[doc(alias = "MPI_Comm_get_name")]
    pub fn comm_get_name(&self, comm: Handle) -> Result<Vec<u8>> {
        if comm == Handle::COMM_NULL {
            return Ok(b"MPI_COMM_NULL".to_vec());
        }
        Ok(self.comm(comm)?.name.borrow().clone())
    }

    /// The error handler of a communicator.
    #[doc(alias = "MPI_Comm_get_errhandler")]
    pub fn comm_errhandler(&self, comm: Handle) -> Result<Handle> {
        Ok(self.comm(comm)?.errhandler.get())
    }

    /// The error handler that hears of errors of no object, and the communicator it is told of. That is the one of
    /// `MPI_COMM_SELF` (MPI 5.0, section 9.3). A program that has set that of `MPI_COMM_WORLD` alone was written when
    /// that one heard of them (MPI 3.1, section 8.3), and still means it.
    pub fn orphan_errhandler(&self) -> (Handle, Handle) {
        let comm = if self.own.chosen_errhandler.get() { &self.own } else { &self.world };
        (comm.handle(), comm.errhandler.get())
    }
}
