//! A world: one rank's view of a job, with everything that belongs to it.
//!
//! There is no global state in this crate: a process may hold several worlds (that is how tests run many ranks in one
//! process), and a world ends with its value. All methods take `&self`; what changes lies in cells. No cell is borrowed
//! while a user's callback runs, so callbacks may call the world again.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use rankwise_transport::{Transport, Waiter};

use crate::attribute::{Environment, Keyvals};
use crate::coll::schedule::Collective;
use crate::comm::{Comm, Mark};
use crate::datatype::Types;
use crate::errhandler::Errhandlers;
use crate::error::codes::ErrorCodes;
use crate::group::Group;
use crate::handle::{Handle, Kind, Table};
use crate::info::Infos;
use crate::op::Ops;
use crate::p2p::engine::Engine;
use crate::session::{GROUPS, Session};
use crate::{Result, fail};

/// What a rank knows of its job from the start.
#[derive(Clone, Debug, Default)]
pub struct JobInfo {
    /// The name of this node.
    pub host: String,
    /// The number of this node among those of the job.
    pub node: i32,
    /// Which program of the job this rank runs (`MPI_APPNUM`).
    pub appnum: Option<i32>,
    /// How many ranks the job could have (`MPI_UNIVERSE_SIZE`).
    pub universe_size: Option<i32>,
    /// What `MPI_COMM_WORLD` and `MPI_COMM_SELF` do with errors at first, if the user has said so.
    pub errhandler: Option<Handle>,
    /// The kinds of memory that the user has asked for (`-memory-alloc-kinds`).
    pub memory_kinds: Option<String>,
}

/// Runs a closure with the lock released that keeps other threads out of the world.
pub type Unlock = Rc<dyn Fn(&mut dyn FnMut())>;

/// One rank's view of a job.
pub struct World {
    pub(crate) engine: RefCell<Engine>,
    pub(crate) waiter: Rc<dyn Waiter>,
    /// Whether other threads of this rank may be inside MPI too.
    pub(crate) threads: Cell<bool>,
    pub(crate) unlock: RefCell<Option<Unlock>>,
    /// How many calls wait.
    pub(crate) waiting: Cell<u32>,
    pub(crate) warn: Box<dyn Fn(&str)>,
    /// The list in which a complete request was found last, where the next search in it begins, and by chance elsewhere.
    pub(crate) fairness: Cell<(usize, usize, u32)>,
    pub(crate) groups: RefCell<Table<Rc<Group>>>,
    pub(crate) comms: RefCell<Table<Rc<Comm>>>,
    /// A communicator whose handle may have been freed, while what keeps it is being started.
    pub(crate) lent: RefCell<Option<Rc<Comm>>>,
    pub(crate) sessions: RefCell<Table<Rc<Session>>>,
    pub(crate) world: Rc<Comm>,
    pub(crate) own: Rc<Comm>,
    /// The first context that no communicator of this process has had.
    pub(crate) next_context: Cell<u32>,
    /// The searches for a context that are under way, side by side, in this process: those of which all members know.
    pub(crate) searches: RefCell<BTreeSet<Mark>>,
    /// How many nonblocking searches for a context are under way.
    pub(crate) searching: Cell<u32>,
    /// Collective operations that were started and go on while others run, with their requests.
    pub(crate) schedules: RefCell<Vec<(Handle, Box<dyn Collective>)>>,
    rank: usize,
    job: JobInfo,
    /// Datatypes.
    pub types: RefCell<Types>,
    /// Operators.
    pub ops: RefCell<Ops>,
    /// Info objects.
    pub infos: RefCell<Infos>,
    /// Error handlers.
    pub errhandlers: RefCell<Errhandlers>,
    /// Keys of attributes.
    pub keyvals: RefCell<Keyvals>,
    pub(crate) environment: Environment,
    /// The error codes that users add.
    pub error_codes: RefCell<ErrorCodes>,
    /// The error handler that files get, and the one of calls on no file.
    pub(crate) file_errhandler: Cell<Handle>,
}

impl World {
    /// The world of rank `rank` on `transport`. `warn` is told what a user should know though no call failed.
    pub fn new(transport: Box<dyn Transport>, rank: usize, job: JobInfo, warn: Box<dyn Fn(&str)>) -> World {
        let size = transport.peers();
        let errhandler = job.errhandler.unwrap_or(Handle::ERRORS_ARE_FATAL);
        let world = Rc::new(Comm::predefined(
            Handle::COMM_WORLD,
            0,
            Group::first(size),
            rank,
            "MPI_COMM_WORLD",
            errhandler,
        ));
        let own = Group::of(vec![rank as u32]);
        let own = Rc::new(Comm::predefined(Handle::COMM_SELF, 2, own, 0, "MPI_COMM_SELF", errhandler));
        World {
            waiter: transport.waiter(),
            engine: RefCell::new(Engine::new(transport)),
            threads: Cell::new(false),
            unlock: RefCell::new(None),
            waiting: Cell::new(0),
            warn,
            fairness: Cell::new((0, 0, 1)),
            groups: RefCell::new(Table::new(Kind::Group)),
            comms: RefCell::new(Table::new(Kind::Comm)),
            lent: RefCell::default(),
            sessions: RefCell::new(Table::new(Kind::Session)),
            world,
            own,
            next_context: Cell::new(GROUPS + 2),
            searches: RefCell::default(),
            searching: Cell::new(0),
            schedules: RefCell::new(Vec::new()),
            rank,
            types: RefCell::new(Types::new()),
            ops: RefCell::new(Ops::new()),
            infos: RefCell::new(Infos::new()),
            errhandlers: RefCell::new(Errhandlers::new()),
            keyvals: RefCell::default(),
            environment: Environment::new(&job),
            error_codes: RefCell::default(),
            file_errhandler: Cell::new(Handle::ERRORS_RETURN),
            job,
        }
    }

    /// This process's rank in the job.
    #[inline]
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// How many processes the job has.
    pub fn size(&self) -> usize {
        self.world.group().size()
    }

    /// What else is known of the job.
    pub fn job(&self) -> &JobInfo {
        &self.job
    }

    /// Lets several threads use the world, one at a time: `unlock` runs a closure with the lock released that keeps them
    /// apart, and is called whenever this world waits.
    pub fn allow_threads(&self, unlock: Unlock) {
        *self.unlock.borrow_mut() = Some(unlock);
        self.threads.set(true);
    }

    /// Memory that transfers to and from it are fastest with (MPI 5.0, section 9.2). Memory that peers can map where
    /// there is such, else `None`: the caller then allocates as usual.
    #[doc(alias = "MPI_Alloc_mem")]
    pub fn alloc_mem(&self, size: usize) -> Option<*mut u8> {
        self.engine.borrow_mut().transport.allocate(size)
    }

    /// Gives back memory that [`World::alloc_mem`] returned. False if it is not from there.
    #[doc(alias = "MPI_Free_mem")]
    pub fn free_mem(&self, memory: *mut u8) -> bool {
        self.engine.borrow_mut().transport.free(memory)
    }

    /// Ends communication: returns when all ranks have come here, and with them all messages that are received (MPI 5.0,
    /// section 11.2.2). Messages that nobody received are given up, with a warning.
    #[doc(alias = "MPI_Finalize")]
    pub fn finalize(&self) -> Result<()> {
        // Callbacks that libraries want to be called now are attributes of MPI_COMM_SELF (section 11.2.4).
        self.own.attributes.delete_all(&self.keyvals, Kind::Comm, Handle::COMM_SELF)?;
        // Frames leave while all ranks still take some in. What waits here for a receive is not waited for: it goes on in
        // the exchange below, and a rank comes to that when it has received all that it wants.
        self.wait_until(|engine| !engine.has_frames())?;
        self.tell_all(crate::coll::schedule::Team::of(&self.world), [0])?;
        // The last messages of that exchange may still be on their way out.
        self.wait_until(|engine| !engine.has_frames())?;
        if self.open_sessions() > 0 {
            return Ok(());
        }
        self.engine.borrow_mut().transport.close();
        let lost = self.engine.borrow_mut().give_up_sends();
        if lost > 0 {
            (self.warn)(&format!(
                "{lost} messages that rank {} sent were not received by MPI_Finalize",
                self.rank
            ));
        }
        Ok(())
    }

    /// Returns when all messages of this rank have left, those in attached buffers included.
    pub fn quiesce(&self) -> Result<()> {
        self.wait_until(|engine| {
            let attachments = &engine.p2p.attachments;
            !engine.has_output() && attachments.owners().into_iter().all(|owner| attachments.drained(owner))
        })
    }

    /// How many receives are posted and how many messages wait for one, for messages to people.
    pub fn backlog(&self) -> (usize, usize) {
        let engine = self.engine.borrow();
        (engine.p2p.posted.iter().count(), engine.p2p.unexpected.len())
    }

    /// Checks an address that must not be null.
    pub fn check_address(&self, address: *const u8, what: &str) -> Result<()> {
        if address.is_null() {
            fail!(ERR_ARG, "the {what} is null");
        }
        Ok(())
    }
}
