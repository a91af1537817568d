//! Hosts for tests of what runs on several. A test file that has `mod cluster;` has `mod common;` as well.
//!
//!     let Some(cluster) = Cluster::up(2) else { return };
//!     let out = cluster.exec("h0", &["ssh", "h1", "hostname"]);
//!
//! The hosts see the workspace, the installed tree and what cargo builds, wherever these are; their /tmp is their own.
//! Only one test at a time has a cluster, whichever process it is in: others wait. When the value is dropped, and also
//! when the process is killed, the cluster ends with all that runs on it.
//!
//! Where there can be no hosts, a test is skipped, aloud; where RANKWISE_CLUSTER is `required`, it fails.

#![allow(dead_code)] // Each test file uses a part of it.

pub mod jobs;

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::common::{LIMIT, LONG, clean, root, succeed, succeed_within};

/// The name of every cluster of a test. What a killed test may have left goes when the next begins.
pub const NAME: &str = "test";

/// ci/cluster/cluster, for the cluster of tests.
pub fn script(words: &[&str]) -> Command {
    let mut command = Command::new(root().join("ci/cluster/cluster"));
    clean(&mut command).env("CLUSTER_NAME", NAME).args(words);
    command
}

/// Hosts h0, h1, ... that are up.
pub struct Cluster {
    hosts: usize,
    /// Locked for as long as the cluster is there.
    _turn: File,
}

impl Cluster {
    /// So many hosts, once it is this test's turn; none where there can be no hosts.
    pub fn up(hosts: usize) -> Option<Cluster> {
        Cluster::up_with(hosts, &[])
    }

    /// As [`Cluster::up`], with `--slurm` or `--sge`: none as well where that is not installed.
    pub fn up_with(hosts: usize, options: &[&str]) -> Option<Cluster> {
        if let Some(reason) = obstacle(options) {
            let required = std::env::var_os("RANKWISE_CLUSTER").is_some_and(|value| value == "required");
            assert!(!required, "RANKWISE_CLUSTER is `required`, but {reason}");
            // Not by eprintln: the text of a test that passes would not be shown.
            let _ = writeln!(std::io::stderr(), "SKIPPED a test that needs hosts: {reason}");
            return None;
        }
        let turn = File::open("/tmp").unwrap();
        turn.lock().unwrap();
        succeed(&mut script(&["down"]));
        let mut up = script(&["up", &hosts.to_string(), "--while", &std::process::id().to_string()]);
        up.arg("--share").arg(env!("CARGO_TARGET_TMPDIR"));
        if let Some(prefix) = std::env::var_os("RANKWISE_PREFIX") {
            up.arg("--share").arg(prefix);
        }
        let cluster = Cluster { hosts, _turn: turn };
        succeed_within(LONG, up.args(options));
        Some(cluster)
    }

    /// Boots again what has crashed.
    pub fn boot(&self) {
        succeed(&mut script(&["up", &self.hosts.to_string()]));
    }

    /// A command on a host, to be started: in this directory, with this environment less what would mislead MPI. To kill
    /// the child does not end what runs on the host.
    pub fn command<S: AsRef<OsStr>>(&self, host: &str, words: &[S]) -> Command {
        let mut command = script(&["exec", host]);
        command.args(words);
        command
    }

    /// Runs a command on a host, which must succeed; what it writes to standard output.
    pub fn exec<S: AsRef<OsStr>>(&self, host: &str, words: &[S]) -> String {
        succeed(&mut self.command(host, words))
    }

    /// Something that ci/cluster/cluster does, such as `cut`, `h1`; what it says.
    pub fn fault(&self, words: &[&str]) -> String {
        succeed(&mut script(words))
    }

    /// The host loses its power.
    pub fn crash(&self, host: &str) {
        self.fault(&["crash", host]);
    }

    /// The number that the machine has for the first process of a host.
    pub fn init(&self, host: &str) -> u32 {
        std::fs::read_to_string(self.pid_file(host)).unwrap().trim().parse().unwrap()
    }

    /// Whether a host is up, as far as anybody knows who has not looked whether it lives.
    pub fn is_up(&self, host: &str) -> bool {
        self.pid_file(host).exists()
    }

    fn pid_file(&self, host: &str) -> PathBuf {
        self.state().join("hosts").join(host).join("init.pid")
    }

    /// Where the cluster keeps its files.
    pub fn state(&self) -> PathBuf {
        Path::new("/run/rankwise-cluster").join(NAME)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let down = script(&["down"]).output().expect("cluster down can be started");
        // A second panic would hide the first.
        assert!(std::thread::panicking() || down.status.success(), "cluster down: {down:?}");
    }
}

/// Why there can be no such hosts.
fn obstacle(options: &[&str]) -> Option<String> {
    let check = script(&["check"]).output().expect("ci/cluster/cluster can be started");
    if !check.status.success() {
        return Some(String::from_utf8_lossy(&check.stderr).trim().to_string());
    }
    if std::env::var_os("RANKWISE_CLUSTER").is_some() {
        return None; // `up` installs what is missing.
    }
    let services =
        [("--slurm", "/usr/sbin/slurmctld"), ("--sge", "/var/cache/rankwise-cluster/sge/usr/lib/gridengine")];
    let lacks = |(option, file): &(&str, &str)| options.contains(option) && !Path::new(file).exists();
    let (option, file) = services.into_iter().find(lacks)?;
    Some(format!("there is no {file}, and only RANKWISE_CLUSTER=required installs what {option} needs"))
}

/// Waits for the end of a child, which is killed if it does not come; its exit code.
pub fn exit_code(mut child: Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        match child.try_wait().unwrap() {
            Some(status) => return status.code(),
            None if begun.elapsed() < LIMIT => std::thread::sleep(Duration::from_millis(10)),
            None => {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("it does not end: {child:?}");
            }
        }
    }
}
