//! Sessions: handles on the library that parts of a program open and close on their own (MPI 5.0, section 11.3).
//!
//! All sessions of a process share its world. A session names sets of processes; groups are made from these, and
//! communicators from groups.

use std::cell::Cell;
use std::rc::Rc;

use crate::attribute::Attributes;
use crate::coll::schedule::Team;
use crate::comm;
use crate::group::Group;
use crate::handle::{Handle, Kind};
use crate::info::memory;
use crate::world::World;
use crate::{Result, fail};

impl Handle {
    /// `MPI_SESSION_NULL`.
    pub const SESSION_NULL: Handle = Handle(0x120);
}

/// An open session.
pub struct Session {
    errhandler: Cell<Handle>,
    thread_level: &'static str,
    memory_kinds: String,
}

/// The sets of processes that there are, by name: all, and this one alone.
pub const PROCESS_SETS: [&str; 2] = ["mpi://WORLD", "mpi://SELF"];

/// The context over which groups that have no communicator yet agree on one.
pub(crate) const GROUPS: u32 = 4;

impl World {
    /// Opens a session for a program that asks for these kinds of memory; without a wish of its own it gets what the
    /// job was started with.
    #[doc(alias = "MPI_Session_init")]
    pub fn session_init(
        &self,
        errhandler: Handle,
        thread_level: &'static str,
        memory_kinds: Option<&str>,
    ) -> Result<Handle> {
        let mut errhandlers = self.errhandlers.borrow_mut();
        errhandlers.check(errhandler, Kind::Session)?;
        errhandlers.retain(errhandler);
        let memory_kinds = memory::granted(memory_kinds.or(self.job().memory_kinds.as_deref()));
        let session = Session { errhandler: Cell::new(errhandler), thread_level, memory_kinds };
        match self.sessions.borrow_mut().insert(Rc::new(session)) {
            Ok(handle) => Ok(handle),
            Err(_) => fail!(ERR_NO_MEM, "there are too many sessions"),
        }
    }

    fn session(&self, session: Handle) -> Result<Rc<Session>> {
        match self.sessions.borrow().get(session) {
            Some(found) => Ok(found.clone()),
            None if session == Handle::SESSION_NULL => fail!(ERR_SESSION, "the session is MPI_SESSION_NULL"),
            None => fail!(ERR_SESSION, "{:#x} is not a session, or one that was finalized", session.0),
        }
    }

    /// Checks that a handle is an open session.
    pub fn check_session(&self, session: Handle) -> Result<()> {
        self.session(session).map(|_| ())
    }

    /// Closes a session and sets the handle to `MPI_SESSION_NULL`. Returns when what is in its attached buffer has left.
    #[doc(alias = "MPI_Session_finalize")]
    pub fn session_finalize(&self, session: &mut Handle) -> Result<()> {
        let found = self.session(*session)?;
        self.buffer_flush(Some(*session))?;
        self.engine.borrow_mut().p2p.attachments.detach(Some(*session));
        self.errhandlers.borrow_mut().release(found.errhandler.get());
        self.sessions.borrow_mut().remove(*session);
        *session = Handle::SESSION_NULL;
        Ok(())
    }

    /// How many sessions are open.
    pub fn open_sessions(&self) -> usize {
        self.sessions.borrow().len()
    }

    /// The level of thread support that a session was given, by its name.
    #[doc(alias = "MPI_Session_get_info")]
    pub fn session_thread_level(&self, session: Handle) -> Result<&'static str> {
        Ok(self.session(session)?.thread_level)
    }

    /// The kinds of memory that a session supports.
    pub fn session_memory_kinds(&self, session: Handle) -> Result<String> {
        Ok(self.session(session)?.memory_kinds.clone())
    }

    /// The error handler of a session.
    #[doc(alias = "MPI_Session_get_errhandler")]
    pub fn session_errhandler(&self, session: Handle) -> Result<Handle> {
        Ok(self.session(session)?.errhandler.get())
    }

    /// Gives a session another error handler.
    #[doc(alias = "MPI_Session_set_errhandler")]
    pub fn session_set_errhandler(&self, session: Handle, errhandler: Handle) -> Result<()> {
        let session = self.session(session)?;
        let mut errhandlers = self.errhandlers.borrow_mut();
        errhandlers.check(errhandler, Kind::Session)?;
        errhandlers.retain(errhandler);
        errhandlers.release(session.errhandler.replace(errhandler));
        Ok(())
    }

    /// How many processes a set has.
    #[doc(alias = "MPI_Session_get_pset_info")]
    pub fn process_set_size(&self, session: Handle, name: &str) -> Result<usize> {
        Ok(self.process_set(session, name)?.size())
    }

    fn process_set(&self, session: Handle, name: &str) -> Result<Group> {
        self.session(session)?;
        // Names of the standard's own sets are compared without regard to case (section 11.3.2).
        match PROCESS_SETS.iter().position(|set| set.eq_ignore_ascii_case(name)) {
            Some(0) => Ok(Group::first(self.size())),
            Some(_) => Ok(Group::of(vec![self.rank() as u32])),
            None => fail!(ERR_ARG, "there is no set of processes {name:?}"),
        }
    }

    /// The group of the processes of a set.
    #[doc(alias = "MPI_Group_from_session_pset")]
    pub fn group_from_session(&self, session: Handle, name: &str) -> Result<Handle> {
        let group = self.process_set(session, name)?;
        self.new_group(Rc::new(group.in_session(Some(session))))
    }

    /// A communicator for the members of `group`, all of which call this with the same `tag`. It has the error handler
    /// `errhandler`.
    #[doc(alias = "MPI_Comm_create_from_group")]
    pub fn comm_create_from_group(&self, group: Handle, tag: &str, errhandler: Handle) -> Result<Handle> {
        let group = self.group(group)?;
        self.errhandlers.borrow().check(errhandler, Kind::Comm)?;
        let Some(rank) = group.rank_of(self.rank()) else {
            fail!(ERR_GROUP, "this process is not in the group");
        };
        let team = Team::of_group(group.clone(), rank, GROUPS, hash(tag));
        let mark = comm::mark(GROUPS, hash(tag), &group);
        let context = self.agree_on_context(mark, || team.clone())?;
        let comm = self.enter_comm(&self.world, group, None, context, Attributes::default())?;
        self.comm_set_errhandler(comm, errhandler)?;
        Ok(comm)
    }
}

/// Makes a number of a text (FNV-1a).
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ byte as u32).wrapping_mul(0x0100_0193))
}
