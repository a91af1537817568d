//! What the tests of mpirun share: running it, and looking at what is left.
//!
//! Nothing here sleeps for as long as something is thought to take: what is waited for is looked at until it is there,
//! with a limit that only a hang reaches.

#![allow(dead_code)] // Each test file uses a part of it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Nothing takes that long, unless it hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// mpirun with these arguments, in surroundings that say nothing about jobs.
pub fn mpirun(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mpirun"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["RANKWISE_BOOT", "RANKWISE_SINGLETON", "MPIEXEC_TIMEOUT", "HWLOC_SYNTHETIC"] {
        command.env_remove(name);
    }
    command
}

/// What a run of mpirun has left.
#[derive(Debug)]
pub struct Outcome {
    /// Its exit code; 128 and the signal if one has killed it.
    pub code: i32,
    /// What it has written to standard output.
    pub out: String,
    /// What it has written to standard error.
    pub err: String,
}

/// A run of mpirun that goes on.
pub struct Running {
    /// The process that a user would see.
    pub child: Child,
    out: Option<JoinHandle<String>>,
    err: Option<JoinHandle<String>>,
}

fn read_all(stream: Option<impl Read + Send + 'static>) -> Option<JoinHandle<String>> {
    stream.map(|mut stream| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    })
}

impl Running {
    /// Starts it.
    pub fn start(mut command: Command) -> Running {
        let mut child = command.spawn().unwrap();
        let (out, err) = (read_all(child.stdout.take()), read_all(child.stderr.take()));
        Running { child, out, err }
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub fn finish(mut self) -> Outcome {
        use std::os::unix::process::ExitStatusExt;
        let mut status = None;
        wait_for("mpirun to end", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        let status = status.unwrap();
        let text = |stream: Option<JoinHandle<String>>| stream.map(|s| s.join().unwrap()).unwrap_or_default();
        Outcome {
            code: status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)),
            out: text(self.out),
            err: text(self.err),
        }
    }
}

/// Runs mpirun to its end.
pub fn run(arguments: &[&str]) -> Outcome {
    Running::start(mpirun(arguments)).finish()
}

/// Looks until `done` is true.
pub fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < LIMIT, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A word that no other process on this machine has among its arguments.
pub fn marker() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("rankwise-test-{}-{:04}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A time for `sleep`, long and unlike any other: a mark for a process that, unlike a shell, never has a fork of itself.
pub fn long_time() -> String {
    marker().replace("rankwise-test-", "1000000.").replace('-', "000")
}

/// The processes that have `marker` among their arguments, mpirun's own two left out.
pub fn marked(marker: &str) -> Vec<u32> {
    let own = std::process::id();
    let all = fs::read_dir("/proc").unwrap().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let has = |pid: &u32| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let words = String::from_utf8_lossy(&words).into_owned();
        *pid != own && words.contains(marker) && !words.split('\0').next().unwrap_or("").ends_with("mpirun")
    };
    pids.filter(has).collect()
}

/// The children of a process.
pub fn children(pid: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

/// Reads one line.
pub fn line(stream: &mut BufReader<impl Read>) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    line.trim_end().to_string()
}
