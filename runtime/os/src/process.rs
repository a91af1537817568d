//! Starting programs, and learning how they end.
//!
//! A program is started the way `posix_spawn` does it: the child borrows our memory, on a stack of its own, until it
//! executes the program, and we stand still meanwhile. That costs a fraction of a fork, and an error of the child is
//! simply left in our memory. On top of `posix_spawn` the child gets a process group of its own, dies with us, and may
//! be bound to processors.

use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_void};
use std::fs;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sched::CpuSet;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

/// A program to be started.
pub struct Program<'a> {
    /// The file to execute; there is no search for it.
    pub path: &'a CStr,
    /// Its arguments; the first is its own name.
    pub arguments: &'a [CString],
    /// Its whole environment, as `NAME=value`.
    pub environment: &'a [CString],
    /// Where it starts, if not where we are.
    pub directory: Option<&'a CStr>,
    /// Its standard input, output and error.
    pub stdio: [BorrowedFd<'a>; 3],
    /// Descriptors that it sees under the numbers that we see.
    pub inherited: &'a [BorrowedFd<'a>],
    /// The processors to bind it to, if it is to be bound.
    pub processors: Option<&'a [usize]>,
}

/// What could not be done for a program that did not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is no further process to be had.
    Process,
    /// Its directory cannot be entered.
    Directory,
    /// Its standard files cannot be put in place.
    Files,
    /// The program cannot be executed.
    Execute,
}

/// A program that runs now.
#[derive(Clone, Copy, Debug)]
pub struct Started {
    /// Its process, which also leads a group of that number.
    pub pid: u32,
    /// Whether it is bound, if that was asked for. The system may refuse.
    pub bound: bool,
}

/// How a process has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It exited with this code.
    Code(i32),
    /// This signal killed it.
    Signal(i32),
}

/// Starts programs with the signal mask and limits that this process had when `Starter` was made.
pub struct Starter {
    mask: SigSet,
    files: (u64, u64),
    stack: Vec<u8>,
}

/// Enough for the few frames between `clone` and `execve`.
const STACK: usize = 64 << 10;

/// What the child needs, and what it leaves for us.
struct Errand {
    path: *const c_char,
    arguments: *const *const c_char,
    environment: *const *const c_char,
    directory: *const c_char,
    stdio: [c_int; 3],
    inherited: *const BorrowedFd<'static>,
    inherited_count: usize,
    processors: *const CpuSet,
    mask: *const SigSet,
    files: libc::rlimit,
    parent: libc::pid_t,
    failed_at: Step,
    errno: c_int,
    bound: bool,
}

impl Starter {
    /// Remembers the signal mask and the limit on open files, and then raises the latter as far as it goes: a launcher
    /// has a few for each program that it starts.
    pub fn new() -> io::Result<Starter> {
        let mut mask = SigSet::empty();
        sigprocmask(SigmaskHow::SIG_BLOCK, None, Some(&mut mask))?;
        let files = getrlimit(Resource::RLIMIT_NOFILE)?;
        // A refusal only means that fewer programs fit, and then the one too many says so.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, files.1, files.1);
        Ok(Starter { mask, files, stack: vec![0; STACK] })
    }

    /// Starts a program; returns when it runs, or with what was in the way.
    #[doc(alias("vfork", "clone", "execve"))]
    pub fn start(&mut self, program: &Program<'_>) -> Result<Started, (Step, io::Error)> {
        let pointers = |strings: &[CString]| -> Vec<*const c_char> {
            strings.iter().map(|s| s.as_ptr()).chain([ptr::null()]).collect()
        };
        let (arguments, environment) = (pointers(program.arguments), pointers(program.environment));
        let processors = program.processors.map(|numbers| {
            let mut set = CpuSet::new();
            for &number in numbers {
                // A number beyond what a set can hold is one that does not exist: the others remain.
                let _ = set.set(number);
            }
            set
        });
        let mut errand = Errand {
            path: program.path.as_ptr(),
            arguments: arguments.as_ptr(),
            environment: environment.as_ptr(),
            directory: program.directory.map_or(ptr::null(), CStr::as_ptr),
            stdio: program.stdio.map(|file| file.as_raw_fd()),
            inherited: program.inherited.as_ptr().cast(),
            inherited_count: program.inherited.len(),
            processors: processors.as_ref().map_or(ptr::null(), ptr::from_ref),
            mask: &self.mask,
            files: libc::rlimit { rlim_cur: self.files.0, rlim_max: self.files.1 },
            parent: std::process::id() as libc::pid_t,
            failed_at: Step::Process,
            errno: 0,
            bound: false,
        };
        // A handler of ours must not run in the child, on memory that is ours.
        let mut before = SigSet::empty();
        let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), Some(&mut before));
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
        // SAFETY: the stack is ours, large enough, and its end is aligned down to 16; it and the errand outlive the
        // child's use of them, because CLONE_VFORK keeps us here until the child has executed the program or ended.
        let pid = unsafe {
            let end = self.stack.as_mut_ptr().add(STACK);
            let end = end.sub(end.addr() % 16);
            libc::clone(run_errand, end.cast(), flags, (&raw mut errand).cast())
        };
        let clone_error = io::Error::last_os_error();
        let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&before), None);
        if pid < 0 {
            return Err((Step::Process, clone_error));
        }
        // SAFETY: the child wrote through a pointer that the compiler has seen escape; a volatile read says so plainly.
        let errno = unsafe { (&raw const errand.errno).read_volatile() };
        if errno != 0 {
            // Nobody else may take this end for the end of a program that had started.
            let _ = waitpid(Pid::from_raw(pid), None);
            return Err((errand.failed_at, io::Error::from_raw_os_error(errno)));
        }
        Ok(Started { pid: pid as u32, bound: errand.bound })
    }
}

/// What the child does. It shares our memory: it must not allocate, lock or panic, and calls nothing but the system.
extern "C" fn run_errand(errand: *mut c_void) -> c_int {
    // SAFETY: `start` passes an errand that lives until we are through, and stands still meanwhile. All pointers in it
    // are either null where that is checked here, or valid for the call that they are given to.
    unsafe {
        let errand = &mut *errand.cast::<Errand>();
        libc::setpgid(0, 0);
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        if libc::getppid() != errand.parent {
            // The one who is to take us along has died before it could.
            libc::_exit(127);
        }
        if !errand.processors.is_null() {
            let size = size_of::<CpuSet>();
            errand.bound = libc::sched_setaffinity(0, size, errand.processors.cast()) == 0;
        }
        libc::setrlimit(libc::RLIMIT_NOFILE, &errand.files);
        errand.failed_at = Step::Files;
        for (number, &file) in (0..).zip(&errand.stdio) {
            let done = match file == number {
                true => libc::fcntl(file, libc::F_SETFD, 0),
                false => libc::dup2(file, number),
            };
            if done < 0 {
                errand.errno = *libc::__errno_location();
                libc::_exit(127);
            }
        }
        for index in 0..errand.inherited_count {
            libc::fcntl((*errand.inherited.add(index)).as_raw_fd(), libc::F_SETFD, 0);
        }
        errand.failed_at = Step::Directory;
        if !errand.directory.is_null() && libc::chdir(errand.directory) != 0 {
            errand.errno = *libc::__errno_location();
            libc::_exit(127);
        }
        // What we changed for ourselves: Rust programs ignore SIGPIPE, and a launcher may read from and write to its
        // terminal in the background.
        for signal in [libc::SIGPIPE, libc::SIGTTIN, libc::SIGTTOU] {
            libc::signal(signal, libc::SIG_DFL);
        }
        libc::pthread_sigmask(libc::SIG_SETMASK, errand.mask.cast(), ptr::null_mut());
        errand.failed_at = Step::Execute;
        libc::execve(errand.path, errand.arguments, errand.environment);
        errand.errno = *libc::__errno_location();
        libc::_exit(127)
    }
}

/// From now on the orphans among our descendants become our children.
#[doc(alias = "PR_SET_CHILD_SUBREAPER")]
pub fn adopt_orphans() -> io::Result<()> {
    Ok(nix::sys::prctl::set_child_subreaper(true)?)
}

/// What a process that splits in two is afterwards.
pub enum Half {
    /// The one that there was, with the number of the new one.
    Old(u32),
    /// The new one.
    New,
}

/// Splits this process in two that go on with the same code. Refused where there is a second thread: the new process
/// would find the locks of that one as they happened to be.
#[doc(alias = "fork")]
pub fn split() -> io::Result<Half> {
    let threads = fs::read_dir("/proc/self/task")?.count();
    if threads != 1 {
        return Err(io::Error::other(format!("a process of {threads} threads cannot be split")));
    }
    // SAFETY: fork is unsafe because the new process has only the thread that called it, whatever the others were
    // doing. There are no others, and this one makes none meanwhile.
    match unsafe { nix::unistd::fork() }? {
        nix::unistd::ForkResult::Parent { child } => Ok(Half::Old(child.as_raw() as u32)),
        nix::unistd::ForkResult::Child => Ok(Half::New),
    }
}

/// Makes this process the leader of a process group of its own, so that what is sent to its old one passes it by.
pub fn leave_group() -> io::Result<()> {
    Ok(nix::unistd::setpgid(Pid::from_raw(0), Pid::from_raw(0))?)
}

/// A child that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaped {
    /// This one, in this way.
    Child(u32, End),
    /// There are children, but none has ended.
    None,
    /// There are no children.
    Childless,
}

/// Takes note of one child that has ended, without waiting for it.
#[doc(alias = "waitpid")]
pub fn reap() -> Reaped {
    reap_with(libc::WNOHANG)
}

/// Takes note of one child that ends, waiting for it.
pub fn wait_for_any() -> Reaped {
    reap_with(0)
}

/// Takes note of the end of this child, waiting for it.
pub fn wait_for(pid: u32) -> Reaped {
    reap_one(pid as libc::pid_t, 0)
}

/// How many files a process that this one starts may open, if it raises its limit as far as that goes.
pub fn most_files() -> io::Result<u64> {
    Ok(getrlimit(Resource::RLIMIT_NOFILE)?.1)
}

fn reap_with(flags: c_int) -> Reaped {
    reap_one(-1, flags)
}

/// Of this child, or of any if it is -1.
fn reap_one(pid: libc::pid_t, flags: c_int) -> Reaped {
    loop {
        let mut status = 0;
        // SAFETY: the call writes one integer, for which there is room. (nix's waitpid knows no real-time signals, and
        // would lose a child that one of these has killed.)
        match unsafe { libc::waitpid(pid, &mut status, flags) } {
            0 => return Reaped::None,
            -1 if Errno::last() == Errno::ECHILD => return Reaped::Childless,
            -1 => {}
            pid if libc::WIFEXITED(status) => {
                return Reaped::Child(pid as u32, End::Code(libc::WEXITSTATUS(status)));
            }
            pid if libc::WIFSIGNALED(status) => {
                return Reaped::Child(pid as u32, End::Signal(libc::WTERMSIG(status)));
            }
            _ => {}
        }
    }
}

/// The children of this process.
pub fn children() -> Vec<u32> {
    let own = std::process::id();
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let lists: Option<Vec<String>> =
        threads.map(|thread| fs::read_to_string(thread.path().join("children")).ok()).collect();
    if let Some(lists) = lists {
        return lists.iter().flat_map(|l| l.split_whitespace()).filter_map(|pid| pid.parse().ok()).collect();
    }
    // Kernels without CONFIG_PROC_CHILDREN: ask every process for its parent.
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| parent_of(*pid) == Some(own)).collect()
}

/// The parent of a process; 0 for one that has none.
pub fn parent_of(pid: u32) -> Option<u32> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the program's name in brackets, which may hold anything; state and parent follow.
    line.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// The file that a process executes, if that may be seen.
pub fn executable_of(pid: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/exe")).ok()
}

/// The file that this code was loaded from: a shared library, or the program itself.
#[doc(alias = "dladdr")]
pub fn own_file() -> Option<PathBuf> {
    let mut found = MaybeUninit::<libc::Dl_info>::uninit();
    // SAFETY: any address may be asked about, and `found` has room for the answer.
    if unsafe { libc::dladdr((own_file as *const ()).cast(), found.as_mut_ptr()) } == 0 {
        return None;
    }
    // SAFETY: the call has succeeded, so it has filled `found`; the name is a string that lives as long as the file is
    // loaded, and that is while its code runs.
    let name = unsafe { CStr::from_ptr(found.assume_init().dli_fname) };
    let path = Path::new(OsStr::from_bytes(name.to_bytes()));
    Some(path.canonicalize().unwrap_or_else(|_| path.to_path_buf()))
}

/// Ends all descendants of this process, which must have called [`adopt_orphans`], and waits until they have gone.
pub fn end_descendants() {
    end_descendants_but(&[]);
}

/// Ends all descendants of this process, which must have called [`adopt_orphans`], but for the children `kept` and theirs,
/// and waits until they have gone. Returns those of `kept` that have ended meanwhile.
pub fn end_descendants_but(kept: &[u32]) -> Vec<(u32, End)> {
    let mut ended = Vec::new();
    loop {
        let mut killed = 0;
        for pid in children().into_iter().filter(|pid| !kept.contains(pid)) {
            killed += usize::from(crate::signal::send(pid, crate::signal::Signal::SIGKILL).is_ok());
        }
        // What is left may not be killed by us: it has become another user's. With each one that goes, its own
        // children become ours.
        if killed == 0 {
            return ended;
        }
        match wait_for_any() {
            Reaped::Child(pid, end) if kept.contains(&pid) => ended.push((pid, end)),
            Reaped::Childless => return ended,
            Reaped::Child(..) | Reaped::None => {}
        }
    }
}

/// Ends this process at once, without running anything that is due at its end.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: _exit does not return and touches no memory.
    unsafe { libc::_exit(code) }
}

/// Writes out what C's streams hold back. Waits no longer than `limit`: another thread may have a stream's lock, or
/// nobody may read what is written.
#[doc(alias = "fflush")]
pub fn flush_streams(limit: Duration) {
    let (done, wait) = mpsc::channel();
    let flush = move || {
        // SAFETY: a null stream stands for all of them; stdio has its own locks.
        unsafe { libc::fflush(ptr::null_mut()) };
        let _ = done.send(());
    };
    if thread::Builder::new().spawn(flush).is_ok() {
        let _ = wait.recv_timeout(limit);
    }
}

#[cfg(test)]
mod tests;
