//! Jobs of mpirun on the hosts of a cluster, of which nothing may be left on any of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::Cluster;
use crate::common::{LIMIT, root, tool, wait_for};

/// The processes of each host, by the numbers that the machine has for them, with their command lines.
pub type Processes = BTreeMap<u32, String>;

impl Cluster {
    /// What runs on a host now.
    pub fn processes(&self, host: &str) -> Processes {
        let namespace = |pid: u32| fs::read_link(format!("/proc/{pid}/ns/pid")).ok();
        let Some(own) = namespace(self.init(host)) else { return Processes::new() };
        let all = fs::read_dir("/proc").unwrap().flatten();
        let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let of_host = pids.filter(|&pid| namespace(pid).as_ref() == Some(&own));
        let line = |pid: u32| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).replace('\0', " ")
        };
        of_host.map(|pid| (pid, line(pid))).collect()
    }

    /// The processes on a host whose command lines have this in them, in the order of their starts.
    pub fn with(&self, host: &str, text: &str) -> Vec<u32> {
        let all = self.processes(host);
        all.into_iter().filter(|(_, line)| line.contains(text)).map(|(pid, _)| pid).collect()
    }

    /// Kills a process, by the number that the machine has for it.
    pub fn kill(&self, pid: u32) {
        kill(Pid::from_raw(pid as i32), Signal::SIGKILL).unwrap();
    }
}

/// A job that was started on h0.
pub struct Job<'a> {
    cluster: &'a Cluster,
    hosts: Vec<String>,
    end: Receiver<Output>,
}

/// What has become of it.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Words that start mpirun of the tree.
pub fn mpirun(arguments: &[&str]) -> Vec<String> {
    let words = [tool("mpirun").to_str().unwrap().to_string()].into_iter();
    words.chain(arguments.iter().map(|word| word.to_string())).collect()
}

impl Job<'_> {
    /// Starts words on h0.
    pub fn start<'a>(cluster: &'a Cluster, words: &[String]) -> Job<'a> {
        let mut command = cluster.command("h0", words);
        // A directory that every host has.
        command.current_dir(root()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let (sender, end) = channel();
        thread::spawn(move || sender.send(child.wait_with_output().unwrap()));
        let hosts = (0..cluster.hosts).map(|number| format!("h{number}")).collect();
        Job { cluster, hosts, end }
    }

    /// Waits until so many processes on each of these hosts have this in their command lines.
    pub fn wait_until(&self, hosts: &[&str], count: usize, text: &str) {
        wait_for(&format!("{text} on {hosts:?}"), || {
            hosts.iter().all(|host| self.cluster.with(host, text).len() >= count)
        });
    }

    /// Waits for the end, and until nothing is left on any host that is up: no agent, no rank, no remote shell, no file.
    pub fn finish(self) -> Ended {
        let output = self.end.recv_timeout(LIMIT).expect("the job ends");
        let ended = Ended {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        let tree = tool("mpirun").parent().unwrap().display().to_string();
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).display().to_string();
        let left = |host: &str| {
            let ours = |line: &str| {
                line.contains(&tree)
                    || line.contains(&program)
                    || line.contains(SLEEP)
                    || line.starts_with("ssh ")
            };
            let all = self.cluster.processes(host);
            all.into_iter().filter(|(_, line)| ours(line)).map(|(_, line)| line).collect::<Vec<_>>()
        };
        let up: Vec<&String> = self.hosts.iter().filter(|host| self.cluster.is_up(host)).collect();
        wait_for(&format!("all to end: {ended:?}"), || up.iter().all(|host| left(host).is_empty()));
        for host in up {
            let files = self.cluster.exec(host, &["sh", "-c", "ls /dev/shm /tmp | grep -i rankwise || true"]);
            assert_eq!(files, "", "files are left on {host}: {ended:?}");
        }
        ended
    }
}

/// A time that ranks sleep for in these tests, and nothing else does.
pub const SLEEP: &str = "7654321";

impl Ended {
    /// Checks the code, and that mpirun says one thing, with all these words.
    pub fn expect(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        let said: Vec<&str> = self.err.lines().filter(|line| line.starts_with("mpirun:")).collect();
        assert_eq!(said.len(), 1, "mpirun says one thing: {self:?}");
        for word in words {
            assert!(said[0].contains(word), "no {word:?} in {:?}", said[0]);
        }
    }

    /// The lines of the output, sorted.
    pub fn lines(&self) -> Vec<&str> {
        assert_eq!(self.code, Some(0), "{self:?}");
        let mut lines: Vec<&str> = self.out.lines().collect();
        lines.sort_unstable();
        lines
    }
}
