//! The process's only static: the world between MPI_Init and MPI_Finalize, and what there is before and after.

#![allow(unsafe_code)]

use parking_lot::{Mutex, MutexGuard};
use rankwise_core::errhandler::Errhandlers;
use rankwise_core::error::codes::ErrorCodes;
use rankwise_core::info::Infos;
use rankwise_core::{Client, Result, World, fail};
use std::alloc::Layout;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_int;
use std::ops::DerefMut;
use std::ptr::null_mut;
use std::rc::Rc;
use std::sync::atomic::{AtomicPtr, AtomicU8, Ordering};
use std::thread::ThreadId;

use crate::calls::bindings::Fortran;
use crate::entry::lock::{Lock, Turn};
use crate::generated::constants::MPI_THREAD_MULTIPLE;

/// All that there is between MPI_Init and MPI_Finalize.
pub struct Process {
    /// This rank's view of the job.
    pub world: World,
    /// The way to the launcher, if one has started this process.
    launcher: Option<Client>,
    /// The level of thread support that MPI_Init_thread granted.
    pub provided: c_int,
    /// The thread that called it.
    pub main_thread: ThreadId,
    /// Memory that MPI_Alloc_mem took from the heap, by its address.
    pub memory: RefCell<HashMap<usize, Layout>>,
    /// Whether threads are to be kept apart.
    multiple: bool,
    lock: Lock,
}

impl Process {
    /// Waits until no other thread is inside, if there may be any.
    #[inline(always)]
    pub fn turn(&self) -> Option<Turn<'_>> {
        if self.multiple { Some(self.lock.enter()) } else { None }
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
    /// Null but between MPI_Init and MPI_Finalize.
    process: AtomicPtr<Process>,
    /// The process after MPI_Finalize. Nobody looks at it; checkers of a program's leaks see that it was not lost.
    ended: AtomicPtr<Process>,
    phase: AtomicU8,
    early: Mutex<Option<Early>>,
    fortran: Mutex<Option<Fortran>>,
}

static GLOBAL: Global = Global {
    process: AtomicPtr::new(null_mut()),
    ended: AtomicPtr::new(null_mut()),
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

/// Makes the world. `required` is the level of thread support that the program asks for.
pub fn begin(required: c_int) -> Result<&'static Process> {
    match phase() {
        Phase::Before => {}
        Phase::During => fail!(ERR_OTHER, "MPI is initialized already"),
        Phase::After => fail!(ERR_OTHER, "MPI was finalized: it can be initialized once only"),
    }
    let (world, launcher) = rankwise_core::start(Box::new(|text| eprintln!("rankwise: {text}")))?;
    if let Some(early) = GLOBAL.early.lock().take() {
        world.infos.swap(&early.infos);
        world.errhandlers.swap(&early.errhandlers);
        world.error_codes.swap(&early.error_codes);
    }
    world.infos.borrow_mut().set_env(environment());
    let process = Box::leak(Box::new(Process {
        world,
        launcher,
        provided: required,
        main_thread: std::thread::current().id(),
        memory: RefCell::default(),
        multiple: required == MPI_THREAD_MULTIPLE,
        lock: Lock::new(),
    }));
    let process: &'static Process = process;
    if process.multiple {
        process.world.allow_threads(Rc::new(|f| process.lock.unlocked(f)));
    }
    GLOBAL.process.store(std::ptr::from_ref(process).cast_mut(), Ordering::Release);
    GLOBAL.phase.store(Phase::During as u8, Ordering::Release);
    Ok(process)
}

/// Ends the world.
pub fn finish(process: &'static Process) -> Result<()> {
    {
        let _turn = process.turn();
        process.world.finalize()?;
    }
    if let Some(launcher) = &process.launcher {
        launcher.finalized();
    }
    let early = Early::default();
    process.world.infos.swap(&early.infos);
    process.world.errhandlers.swap(&early.errhandlers);
    process.world.error_codes.swap(&early.error_codes);
    *GLOBAL.early.lock() = Some(early);
    GLOBAL.phase.store(Phase::After as u8, Ordering::Release);
    // The world itself stays: a library of the program may hold memory of MPI_Alloc_mem until it is unloaded.
    GLOBAL.ended.store(GLOBAL.process.swap(null_mut(), Ordering::AcqRel), Ordering::Release);
    Ok(())
}

/// Ends the job. `why` says what has failed; it is empty if the program wanted it so.
pub fn abort(process: Option<&Process>, code: c_int, why: &str) -> ! {
    if let Some(launcher) = process.and_then(|p| p.launcher.as_ref()) {
        // The launcher says it to the user, with the rank, once for the whole job.
        launcher.abort(code, why);
    }
    let who = match process {
        Some(p) => format!("rank {} ({}, pid {})", p.world.rank(), p.world.job().host, std::process::id()),
        None => format!("pid {}", std::process::id()),
    };
    match why {
        "" => eprintln!("rankwise: {who} called MPI_Abort with code {code}"),
        why => eprintln!("rankwise: {who}: {why}"),
    }
    std::process::exit(if code & 0xff == 0 { 1 } else { code })
}

/// How this process was started, by the keys of MPI_INFO_ENV (MPI 5.0, section 11.2.3), as far as it is known.
pub fn environment() -> Vec<(String, String)> {
    let mut arguments = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    let mut pairs = Vec::new();
    let mut add = |key: &str, value: String| {
        if value.len() <= rankwise_core::info::MAX_VALUE {
            pairs.push((key.to_string(), value));
        }
    };
    add("command", arguments.next().unwrap_or_default());
    add("argv", arguments.collect::<Vec<_>>().join(" "));
    add("wdir", std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned());
    add("arch", std::env::consts::ARCH.to_string());
    pairs
}
