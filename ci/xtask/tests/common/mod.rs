//! What the tests of an installed tree share: the tree, C programs made with it, and jobs of which nothing may be left.
//!
//! Nothing here sleeps for as long as something is thought to take: what is waited for is looked at until it is there,
//! with a limit that only a hang reaches.

#![allow(dead_code)] // Each test file uses a part of it.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Nothing takes that long, unless it hangs.
pub const LIMIT: Duration = Duration::from_secs(120);

/// As [`LIMIT`], for a build of the whole tree.
pub const LONG: Duration = Duration::from_secs(900);

/// The variable that all processes of one job have in common.
const MARK: &str = "RANKWISE_TEST_MARK";

/// The top folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// The installed tree under test: what `cargo xtask test` has installed, or else one that is made now.
pub fn tree() -> &'static Path {
    static TREE: OnceLock<PathBuf> = OnceLock::new();
    TREE.get_or_init(|| {
        if let Some(prefix) = std::env::var_os("RANKWISE_PREFIX") {
            return prefix.into();
        }
        let tree = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rankwise");
        let mut install = Command::new(env!("CARGO_BIN_EXE_xtask"));
        succeed_within(LONG, install.args(["install", "--prefix"]).arg(&tree));
        tree
    })
}

/// A program of the tree.
pub fn tool(name: &str) -> PathBuf {
    tree().join("bin").join(name)
}

/// Removes from a command's environment what says that it is a rank, or which compiler to take. Cargo's library path,
/// on which another build of the library lies, goes as well.
pub fn clean(command: &mut Command) -> &mut Command {
    for name in [
        "LD_LIBRARY_PATH",
        "RANKWISE_BOOT",
        "RANKWISE_SINGLETON",
        "MPIEXEC_TIMEOUT",
        "MPICC_CC",
        "MPICH_CC",
        "OMPI_CC",
        "MPICXX_CXX",
        "MPICH_CXX",
        "OMPI_CXX",
        "PMI_FD",
        "PMI_PORT",
        "PMI_SIZE",
        "PMIX_NAMESPACE",
        "PMIX_RANK",
        "OMPI_COMM_WORLD_SIZE",
        "SLURM_STEP_ID",
        "SLURM_PROCID",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs a command that must succeed; what it has written to standard output.
pub fn succeed(command: &mut Command) -> String {
    succeed_within(LIMIT, command)
}

/// As [`succeed`], with another limit.
pub fn succeed_within(limit: Duration, command: &mut Command) -> String {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let streams = [follow(child.stdout.take().unwrap()), follow(child.stderr.take().unwrap())];
    let begun = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() < limit => std::thread::sleep(Duration::from_millis(5)),
            None => {
                // Whatever it is that hangs must not outlive the test.
                child.kill().unwrap();
                break child.wait().unwrap();
            }
        }
    };
    let [out, err] = streams.map(|(text, thread)| {
        thread.join().unwrap();
        text.lock().unwrap().clone()
    });
    assert!(status.success(), "{command:?}: {status}\n{out}{err}");
    out
}

/// The program that mpicc makes of ci/ctests/faults/NAME.c, compiled once.
pub fn program(name: &str) -> String {
    static MADE: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let make = || {
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // Made under another name: the program of a test that runs at the same time stays whole.
        let fresh = program.with_extension(std::process::id().to_string());
        let source = root().join("ci/ctests/faults").join(name).with_extension("c");
        let mut mpicc = Command::new(tool("mpicc"));
        mpicc.args(["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&fresh).arg(source);
        succeed(clean(&mut mpicc));
        fs::rename(&fresh, &program).unwrap();
        program.to_str().unwrap().to_string()
    };
    made.get_or_insert_default().entry(name.to_string()).or_insert_with(make).clone()
}

/// The tree's mpirun with these arguments.
pub fn mpirun(arguments: &[&str]) -> Command {
    let mut command = Command::new(tool("mpirun"));
    command.args(arguments);
    command
}

/// The tree's mpirun with these arguments, run by the shell after `script`.
pub fn mpirun_after(script: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{script} && exec \"$@\""), "sh"]).arg(tool("mpirun")).args(arguments);
    command
}

/// What a stream has brought so far.
type Text = Arc<Mutex<String>>;

/// A job that runs.
pub struct Job {
    child: Child,
    streams: [(Text, JoinHandle<()>); 2],
    mark: String,
    home: tempfile::TempDir,
    shared: Vec<String>,
}

/// What a job has left.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; 128 and the signal if one has killed it.
    pub code: i32,
    /// What was written to standard output.
    pub out: String,
    /// What was written to standard error.
    pub err: String,
}

impl Job {
    /// Starts a command in surroundings where all that it leaves behind is found.
    pub fn start(mut command: Command) -> Job {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mark = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let home = tempfile::tempdir().unwrap();
        let shared = in_shared_memory();
        clean(&mut command).current_dir(&home).env("TMPDIR", home.path()).env("HOME", home.path());
        command.env(MARK, &mark).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let streams = [follow(child.stdout.take().unwrap()), follow(child.stderr.take().unwrap())];
        Job { child, streams, mark, home, shared }
    }

    /// The process that a user would see.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What has come on standard output so far.
    pub fn out(&self) -> String {
        self.streams[0].0.lock().unwrap().clone()
    }

    /// Waits until rank 1 has said which process it is. Those beside it may not come to that.
    pub fn pid_of_rank_1(&self) -> u32 {
        self.pids(&[1])[0]
    }

    /// Waits until these ranks have said which process they are.
    pub fn pids(&self, ranks: &[usize]) -> Vec<u32> {
        let mut pids = Vec::new();
        wait_for("the ranks to say who they are", || {
            let out = self.out();
            let said = |rank| {
                let start = format!("rank {rank} is process ");
                let (_, rest) = out.split_once(&start)?;
                rest.split_once('\n')?.0.parse().ok()
            };
            pids = ranks.iter().filter_map(said).collect();
            pids.len() == ranks.len()
        });
        pids
    }

    /// Sends a signal to the process that a user would see.
    pub fn signal(&self, signal: Signal) {
        send(self.pid(), signal);
    }

    /// Waits for the end, and until nothing is left.
    pub fn finish(mut self) -> Ended {
        let mut status = None;
        wait_for("the job to end", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        let status = status.unwrap();
        wait_for("all its processes to end", || marked(&self.mark).is_empty());
        let left: Vec<_> = fs::read_dir(&self.home).unwrap().flatten().map(|entry| entry.path()).collect();
        assert!(left.is_empty(), "files are left: {left:?}");
        assert_eq!(in_shared_memory(), self.shared, "files are left in /dev/shm");
        let text = |(text, _): &(Text, _)| text.lock().unwrap().clone();
        // Nobody is left who could write: both streams end.
        wait_for("the streams to end", || self.streams.iter().all(|(_, thread)| thread.is_finished()));
        Ended {
            code: status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)),
            out: text(&self.streams[0]),
            err: text(&self.streams[1]),
        }
    }
}

impl Drop for Job {
    /// A test that fails leaves nothing behind either.
    fn drop(&mut self) {
        for pid in marked(&self.mark) {
            // It may have ended meanwhile.
            let _ = kill(Pid::from_raw(pid as i32), Signal::SIGKILL);
        }
    }
}

impl Ended {
    /// What mpirun says; exactly one thing.
    pub fn cause(&self) -> &str {
        let said: Vec<&str> = self.err.lines().filter(|line| line.starts_with("mpirun:")).collect();
        assert_eq!(said.len(), 1, "mpirun says one thing:\n{}", self.err);
        said[0]
    }

    /// Checks the exit code, and that mpirun names one cause with all these words.
    pub fn expect(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        for word in words {
            assert!(self.cause().contains(word), "no {word:?} in {:?}", self.cause());
        }
    }

    /// Checks that all went well and that nothing was said about it.
    pub fn expect_success(&self) {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
    }
}

/// Runs a command to its end, in surroundings where all that it leaves behind is found.
pub fn run(command: Command) -> Ended {
    Job::start(command).finish()
}

/// How mpirun names a rank of this machine.
pub fn name(rank: usize, pid: u32) -> String {
    let host = nix::unistd::gethostname().unwrap();
    format!("rank {rank} ({}, pid {pid}", host.to_string_lossy())
}

/// Sends a signal to a process.
pub fn send(pid: u32, signal: Signal) {
    kill(Pid::from_raw(pid as i32), signal).unwrap();
}

/// Looks until `done` is true.
pub fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < LIMIT, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Reads a stream to its end, beside everything else.
fn follow(mut stream: impl Read + Send + 'static) -> (Text, JoinHandle<()>) {
    let text = Text::default();
    let copy = text.clone();
    let thread = std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            copy.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
    });
    (text, thread)
}

/// The processes of a job: all that have its mark in their environment.
fn marked(mark: &str) -> Vec<u32> {
    let mark = format!("{MARK}={mark}");
    let all = fs::read_dir("/proc").unwrap().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let has = |pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|&byte| byte == 0).any(|variable| variable == mark.as_bytes())
    };
    pids.filter(has).collect()
}

/// What lies in /dev/shm and may be ours.
fn in_shared_memory() -> Vec<String> {
    let names = fs::read_dir("/dev/shm").map(|all| all.flatten().map(|entry| entry.file_name()).collect());
    let names: Vec<_> = names.unwrap_or_default();
    let names = names.iter().map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.to_lowercase().contains("rankwise")).collect();
    names.sort();
    names
}
