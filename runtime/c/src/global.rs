//! The process's only static: the world while it is in use, and what there is before and after.
//!
//! A world is in use from the first MPI_Init or MPI_Session_init until MPI_Finalize was called, if MPI_Init was, and all
//! sessions are closed. A session that is opened later finds the same world again.

#![allow(unsafe_code)]

use parking_lot::{Mutex, MutexGuard};
use rankwise_core::errhandler::Errhandlers;
use rankwise_core::error::codes::ErrorCodes;
use rankwise_core::info::Infos;
use rankwise_core::{Client, Reason, Request, Result, Started, World, fail};
use std::alloc::Layout;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_int;
use std::ops::DerefMut;
use std::ptr::null_mut;
use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU8, Ordering};
use std::thread::ThreadId;

use crate::calls::bindings::Fortran;
use crate::entry::lock::{Lock, Turn};
use crate::generated::constants::{MPI_THREAD_MULTIPLE, MPI_THREAD_SINGLE};

/// All that there is between MPI_Init and MPI_Finalize.
pub struct Process {
    /// This rank's view of the job.
    pub world: World,
    /// The level of thread support that MPI_Init_thread granted.
    provided: AtomicI32,
    /// The thread that made the world.
    pub main_thread: ThreadId,
    /// Memory that MPI_Alloc_mem took from the heap, by its address.
    pub memory: RefCell<HashMap<usize, Layout>>,
    /// Whether threads are to be kept apart.
    multiple: AtomicBool,
    /// Whether MPI_Init was called and MPI_Finalize was not.
    initialized: AtomicBool,
    lock: Lock,
}

impl Process {
    /// Waits until no other thread is inside, if there may be any.
    #[inline(always)]
    pub fn turn(&self) -> Option<Turn<'_>> {
        // Relaxed: set before other threads may come in.
        if self.multiple.load(Ordering::Relaxed) { Some(self.lock.enter()) } else { None }
    }

    /// The level of thread support that MPI_Init_thread granted.
    pub fn provided(&self) -> c_int {
        self.provided.load(Ordering::Relaxed)
    }

    /// The level of thread support that the process has got so far.
    pub fn supported(&self) -> c_int {
        match self.multiple.load(Ordering::Relaxed) {
            true => MPI_THREAD_MULTIPLE,
            false => self.provided(),
        }
    }

    /// Keeps threads apart from now on, if `level` says that there may be several at a time.
    fn support(&'static self, level: c_int) {
        if level == MPI_THREAD_MULTIPLE && !self.multiple.swap(true, Ordering::Relaxed) {
            self.world.allow_threads(Rc::new(|f| self.lock.unlocked(f)));
        }
    }

    /// Exchanges what may be used at any time with what is kept for when there is no world.
    fn swap(&self, early: &Early) {
        self.world.infos.swap(&early.infos);
        self.world.errhandlers.swap(&early.errhandlers);
        self.world.error_codes.swap(&early.error_codes);
    }
}

/// Where a process stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Phase {
    /// MPI_Init has not been called.
    Before,
    /// There is a world.
    During,
    /// MPI_Finalize has been called.
    After,
}

/// What may be used at any time: before MPI_Init and after MPI_Finalize it is kept here, in between by the world.
#[derive(Default)]
struct Early {
    infos: RefCell<Infos>,
    errhandlers: RefCell<Errhandlers>,
    error_codes: RefCell<ErrorCodes>,
}

// SAFETY: what is not `Send` in there are counted pointers to users' error handlers; they are cloned and dropped under
// the lock alone: only a world calls handlers.
unsafe impl Send for Early {}

/// The objects that may be used at any time.
pub struct Objects<'a> {
    /// Info objects.
    pub infos: &'a RefCell<Infos>,
    /// Error handlers.
    pub errhandlers: &'a RefCell<Errhandlers>,
    /// Error codes.
    pub error_codes: &'a RefCell<ErrorCodes>,
}

struct Global {
    /// What this process is; known from MPI_Init on, even where that fails.
    started: OnceLock<Started>,
    /// Null while no world is in use.
    process: AtomicPtr<Process>,
    /// The world that was in use, for sessions to come.
    retired: AtomicPtr<Process>,
    phase: AtomicU8,
    early: Mutex<Option<Early>>,
    fortran: Mutex<Option<Fortran>>,
}

static GLOBAL: Global = Global {
    started: OnceLock::new(),
    process: AtomicPtr::new(null_mut()),
    retired: AtomicPtr::new(null_mut()),
    phase: AtomicU8::new(Phase::Before as u8),
    early: Mutex::new(None),
    fortran: Mutex::new(None),
};

/// The process, if there is a world.
#[inline(always)]
pub fn process() -> Option<&'static Process> {
    // Acquire: pairs with the Release store in `begin`.
    let process = GLOBAL.process.load(Ordering::Acquire);
    // SAFETY: null, or from `begin` and alive until `finish`. The program promises to make no call that runs into
    // MPI_Finalize (MPI 5.0, section 11.2.2), and to have no two threads in here unless it asked for that.
    unsafe { process.as_ref() }
}

/// Where this process stands.
pub fn phase() -> Phase {
    // Acquire: pairs with the Release stores in `begin` and `finish`.
    match GLOBAL.phase.load(Ordering::Acquire) {
        0 => Phase::Before,
        1 => Phase::During,
        _ => Phase::After,
    }
}

/// Runs `f` with the objects that may be used at any time, and keeps other threads away from them.
pub fn with_objects<R>(f: impl FnOnce(&Objects<'_>) -> R) -> R {
    match process() {
        Some(process) => {
            // These calls are safe from any thread, whatever the program asked for (MPI 5.0, section 11.4.1).
            let _turn = process.lock.enter();
            let World { infos, errhandlers, error_codes, .. } = &process.world;
            f(&Objects { infos, errhandlers, error_codes })
        }
        None => {
            let mut early = GLOBAL.early.lock();
            let Early { infos, errhandlers, error_codes } = early.get_or_insert_default();
            f(&Objects { infos, errhandlers, error_codes })
        }
    }
}

/// What a Fortran library has said of itself, which holds for the whole life of the process.
pub fn fortran() -> impl DerefMut<Target = Fortran> {
    MutexGuard::map(GLOBAL.fortran.lock(), |fortran| fortran.get_or_insert_default())
}

/// The way to the launcher, if one has started this process and MPI_Init was called.
fn launcher() -> Option<&'static Client> {
    match GLOBAL.started.get() {
        Some(Started::Member(client)) => Some(client),
        _ => None,
    }
}

/// MPI_Init: `required` is the level of thread support that the program asks for.
pub fn begin(required: c_int) -> Result<&'static Process> {
    match phase() {
        Phase::Before => {}
        Phase::During => fail!(ERR_OTHER, "MPI is initialized already"),
        Phase::After => fail!(ERR_OTHER, "MPI was finalized: it can be initialized once only"),
    }
    let process = enter(required)?;
    process.provided.store(required, Ordering::Relaxed);
    process.initialized.store(true, Ordering::Relaxed);
    GLOBAL.phase.store(Phase::During as u8, Ordering::Release);
    Ok(process)
}

/// Sees to it that the world is in use. `level` is the level of thread support that is needed.
pub fn enter(level: c_int) -> Result<&'static Process> {
    // Held throughout: two threads may open sessions at the same time.
    let mut early = GLOBAL.early.lock();
    let process = match process() {
        Some(process) => process,
        None => {
            // SAFETY: null, or from an earlier call; worlds are never freed.
            let process = match unsafe { GLOBAL.retired.load(Ordering::Acquire).as_ref() } {
                Some(process) => process,
                None => make()?,
            };
            if let Some(early) = early.take() {
                process.swap(&early);
            }
            process.world.infos.borrow_mut().set_env(environment());
            process
        }
    };
    process.support(level);
    GLOBAL.process.store(std::ptr::from_ref(process).cast_mut(), Ordering::Release);
    Ok(process)
}

fn make() -> Result<&'static Process> {
    let started = match GLOBAL.started.get() {
        Some(started) => started,
        None => {
            let started = rankwise_core::connect()?;
            GLOBAL.started.get_or_init(|| started)
        }
    };
    let world = rankwise_core::start(started, Box::new(|text| eprintln!("rankwise: {text}")))?;
    // Never freed: a library of the program may hold memory of MPI_Alloc_mem until it is unloaded.
    Ok(Box::leak(Box::new(Process {
        world,
        provided: AtomicI32::new(MPI_THREAD_SINGLE),
        main_thread: std::thread::current().id(),
        memory: RefCell::default(),
        multiple: AtomicBool::new(false),
        initialized: AtomicBool::new(false),
        lock: Lock::new(),
    })))
}

/// MPI_Finalize.
pub fn finish(process: &'static Process) -> Result<()> {
    if !process.initialized.load(Ordering::Relaxed) {
        fail!(ERR_OTHER, "MPI_Init was not called");
    }
    {
        let _turn = process.turn();
        process.world.finalize()?;
    }
    if let Some(launcher) = launcher() {
        launcher.finalized();
    }
    process.initialized.store(false, Ordering::Relaxed);
    GLOBAL.phase.store(Phase::After as u8, Ordering::Release);
    retire(process)
}

/// Puts the world aside if nobody uses it any more.
pub fn retire(process: &'static Process) -> Result<()> {
    if process.initialized.load(Ordering::Relaxed) || process.world.open_sessions() > 0 {
        return Ok(());
    }
    {
        let _turn = process.turn();
        process.world.quiesce()?;
    }
    if phase() == Phase::Before
        && let Some(launcher) = launcher()
    {
        launcher.finalized();
    }
    let early = Early::default();
    process.swap(&early);
    *GLOBAL.early.lock() = Some(early);
    GLOBAL.retired.store(std::ptr::from_ref(process).cast_mut(), Ordering::Release);
    GLOBAL.process.store(null_mut(), Ordering::Release);
    Ok(())
}

/// Ends the job.
pub fn abort(process: Option<&Process>, code: c_int, reason: Reason) -> ! {
    // After MPI_Finalize nobody needs this rank: what it does wrong is no reason to end the others.
    if let (Some(launcher), Phase::Before | Phase::During) = (launcher(), phase()) {
        // The launcher says it to the user, with the rank, once for the whole job.
        launcher.abort(code, reason);
    }
    let who = match process {
        Some(p) => format!("rank {} ({}, pid {})", p.world.rank(), p.world.job().host, std::process::id()),
        None => format!("pid {}", std::process::id()),
    };
    eprintln!("rankwise: {}", reason.sentence(&who, code));
    std::process::exit(if code & 0xff == 0 { 1 } else { code })
}

/// How this process was started, by the keys of MPI_INFO_ENV (MPI 5.0, section 11.2.1), as far as it is known: what
/// mpirun was asked for, else what the process knows of itself. There is no value for what nobody asked for.
fn environment() -> Vec<(String, String)> {
    described(launcher().and_then(|launcher| launcher.job().request.as_ref()))
}

/// As above, as far as the process knows it at any time, before MPI_Init too.
pub fn own_environment() -> Vec<(String, String)> {
    described(None)
}

fn described(request: Option<&Request>) -> Vec<(String, String)> {
    let mut arguments = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    let mut pairs = Vec::new();
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| value.len() <= rankwise_core::info::MAX_VALUE) {
            pairs.push((key.to_string(), value));
        }
    };
    let directory = || std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned();
    let command = arguments.next().unwrap_or_default();
    let arguments = || arguments.collect::<Vec<_>>();
    add("command", Some(request.map_or(command, |r| r.command.clone())));
    add("argv", Some(request.map_or_else(arguments, |r| r.arguments.clone()).join(" ")));
    add("maxprocs", request.map(|r| r.maxprocs.to_string()));
    add("host", Some(rankwise_os::environment::host_name()));
    add("wdir", Some(request.map_or_else(directory, |r| r.wdir.clone())));
    add("arch", Some(std::env::consts::ARCH.to_string()));
    add("mpi_initial_errhandler", request.and_then(|r| r.initial_errhandler.clone()));
    add(rankwise_core::MEMORY_ALLOC_KINDS, request.and_then(|r| r.memory_kinds.clone()));
    pairs
}
