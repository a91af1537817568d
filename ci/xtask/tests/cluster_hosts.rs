//! The hosts of ci/cluster: what each has of its own, how they end, and that nothing is left of them.

mod cluster;
mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cluster::{Cluster, NAME, exit_code, script};
use common::{root, succeed, wait_for};

/// The connections of a host to another's sshd that it believes to be whole.
fn connections(cluster: &Cluster, host: &str) -> usize {
    cluster.exec(host, &["ss", "-Htn", "state", "established", "dport", "=", ":22"]).lines().count()
}

#[test]
fn each_host_has_what_is_its_own_and_sees_what_is_shared() {
    let Some(cluster) = Cluster::up(2) else { return };
    for host in ["h0", "h1"] {
        assert_eq!(cluster.exec(host, &["hostname"]).trim(), host);
        assert_eq!(cluster.exec(host, &["ssh", "h1", "hostname"]).trim(), "h1");
        assert_eq!(cluster.exec(host, &["ssh", "h0", "hostname"]).trim(), "h0");
    }
    for directory in ["/dev/shm", "/tmp", "/run"] {
        let file = format!("{directory}/only-on-h0");
        cluster.exec("h0", &["touch", &file]);
        cluster.exec("h0", &["test", "-e", &file]);
        cluster.exec("h1", &["test", "!", "-e", &file]);
        assert!(!Path::new(&file).exists(), "{file} is the machine's");
    }
    let manifest = root().join("Cargo.toml");
    assert_eq!(cluster.exec("h1", &[Path::new("cat"), &manifest]), fs::read_to_string(manifest).unwrap());

    // A process of h0 has a number there that means nothing on h1.
    let sleep = ["sh", "-c", "sleep 987654 >/dev/null 2>&1 & echo $!"];
    let pid = cluster.exec("h0", &sleep).trim().to_string();
    // The pattern does not match itself.
    let seen = "grep -slzx 98765[4] /proc/[0-9]*/cmdline | wc -l";
    assert_eq!(cluster.exec("h0", &["sh", "-c", seen]).trim(), "1");
    assert_eq!(cluster.exec("h1", &["sh", "-c", seen]).trim(), "0");
    // It is an orphan; the host's first process takes in what is left of it.
    cluster.exec("h0", &["kill", "-KILL", &pid]);
    wait_for("an orphan is gone", || {
        let gone = cluster.command("h0", &["test", "!", "-e", &format!("/proc/{pid}")]).status();
        gone.unwrap().success()
    });
}

#[test]
fn a_command_on_a_host_is_as_one_here() {
    let Some(cluster) = Cluster::up(1) else { return };
    let mut command = cluster.command("h0", &["sh", "-c", "echo \"$0,$1,$WORD,$PWD\"; exit 7", "a  b", "$c"]);
    let output = command.env("WORD", "d;e").current_dir(root()).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("a  b,$c,d;e,{}\n", root().display()));

    for (words, reason) in [
        (&["exec", "h1", "true"][..], "h1 is not up"),
        (&["crash"], "crash: which host?"),
        (&["up", "none"], "how many hosts"),
        (&["up", "1", "--slrm"], "up does not know --slrm"),
        (&["up", "1", "--share", "/no/such"], "/no/such: there is no such directory"),
        (&["wire", "h0", "los=1"], "los=1: a fault is one of delay,"),
        (&["reset", "h0", "ssh"], "ssh is not a port"),
    ] {
        let output = script(words).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(125), "{words:?}: {said}");
        assert!(said.contains(reason), "{words:?} says {said}");
    }
}

#[test]
fn a_crash_ends_processes_without_a_word() {
    let Some(cluster) = Cluster::up(2) else { return };
    let login = || {
        let mut ssh = cluster.command("h0", &["ssh", "-n", "h1", "exec sleep 1000"]);
        let child = ssh.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        wait_for("h0 is logged in on h1", || {
            let sleeps = "grep -sqzx 100[0] /proc/[0-9]*/cmdline";
            cluster.command("h1", &["sh", "-c", sleeps]).status().unwrap().success()
        });
        assert_eq!(connections(&cluster, "h0"), 1);
        child
    };

    // Where only the processes die, h0 is told at once.
    let child = login();
    cluster.exec(
        "h1",
        &[
            "sh",
            "-c",
            "for p in /proc/[0-9]*; do grep -sqzx 100[0] $p/cmdline && kill -KILL ${p#/proc/}; done; true",
        ],
    );
    assert_ne!(exit_code(child), Some(0));
    wait_for("the connection ends", || connections(&cluster, "h0") == 0);

    let mut child = login();
    let processes = processes_of(cluster.init("h1"));
    assert!(processes.len() >= 4, "init, sshd and the login are {processes:?}");
    cluster.crash("h1");
    for process in processes {
        assert!(!process.exists(), "{process:?} has outlived its host");
    }
    // All that the dead might have sent has been sent.
    assert_eq!(connections(&cluster, "h0"), 1);
    assert!(child.try_wait().unwrap().is_none());
    assert_eq!(script(&["exec", "h1", "true"]).output().unwrap().status.code(), Some(125));

    cluster.boot();
    assert_eq!(cluster.exec("h0", &["ssh", "h1", "hostname"]).trim(), "h1");
    cluster.exec("h0", &["sh", "-c", "kill -KILL -1"]);
    exit_code(child);
}

/// The processes of the host that this is the first process of, as folders of /proc.
fn processes_of(init: u32) -> Vec<PathBuf> {
    let namespace = |process: &Path| fs::read_link(process.join("ns/pid")).ok();
    let host = namespace(Path::new(&format!("/proc/{init}"))).unwrap();
    let processes = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
    processes.filter(|process| namespace(process).as_ref() == Some(&host)).collect()
}

/// What the machine has that a cluster might leave: namespaces, mounts, control groups, files; processes that belong to
/// the cluster of this name.
fn traces(name: &str) -> BTreeSet<String> {
    // Other programs have files in /run too; these are what daemons of a cluster would have there.
    let in_run =
        ["sshd", "sshd.pid", "munge", "slurmd", "slurmd.pid", "slurmctld.pid", "gridengine", "netns"];
    let in_run = in_run.map(|entry| Path::new("/run").join(entry)).into_iter().filter(|path| path.exists());
    let mut traces: BTreeSet<String> = in_run.map(|path| path.display().to_string()).collect();
    for folder in ["/run/netns", "/run/rankwise-cluster", "/etc/netns", "/etc/ssh", "/sys/fs/cgroup"] {
        let entries = fs::read_dir(folder).into_iter().flatten();
        traces.extend(entries.map(|entry| entry.unwrap().path().display().to_string()));
    }
    traces.extend(fs::read_to_string("/proc/self/mounts").unwrap().lines().map(str::to_string));
    let mark = format!("CLUSTER_NAME={name}");
    for entry in fs::read_dir("/proc").unwrap() {
        let process = entry.unwrap().path();
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        if environment.split(|byte| *byte == 0).any(|word| word == mark.as_bytes()) {
            let line = fs::read(process.join("cmdline")).unwrap_or_default();
            traces.insert(format!("{}: {}", process.display(), String::from_utf8_lossy(&line)));
        }
    }
    traces
}

/// What is there now and was not before. Other clusters may come and go meanwhile, with the folders of all.
fn left(before: &BTreeSet<String>, name: &str) -> Vec<String> {
    let others = |trace: &str| {
        let ours = trace.contains(&format!("/{name}-")) || trace.ends_with(&format!("/{name}"));
        !ours && (trace.contains("/run/netns") || trace.contains("/run/rankwise-cluster"))
    };
    traces(name).difference(before).filter(|trace| !others(trace)).cloned().collect()
}

#[test]
fn nothing_is_left_of_a_cluster() {
    // The first makes sure that all packages are there, which a later one would be blamed for.
    let Some(cluster) = Cluster::up(3) else { return };
    cluster.fault(&["oneway", "h0", "h1"]);
    drop(cluster);

    let Some(turn) = Cluster::up(1) else { return };
    succeed(&mut script(&["down"]));
    let before = traces(NAME);
    succeed(&mut script(&["up", "3", "--while", &std::process::id().to_string()]));
    let during = left(&before, NAME);
    for what in ["/run/netns/test-switch", "/run/netns/test-h2", "/run/rankwise-cluster/test"] {
        assert!(during.iter().any(|trace| trace == what), "{what} is not among {during:?}");
    }
    let hosts = ["h0", "h1", "h2"];
    let processes: Vec<PathBuf> = hosts.iter().flat_map(|host| processes_of(turn.init(host))).collect();
    assert!(processes.len() >= 6, "three times init and sshd are {processes:?}");
    // As much as can be in the way.
    turn.exec("h0", &["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 &"]);
    turn.fault(&["wire", "h0", "delay=1"]);
    turn.fault(&["wire", "h1", "delay=1"]);
    turn.fault(&["oneway", "h0", "h2"]);
    turn.fault(&["freeze", "h0"]);
    turn.crash("h1");

    succeed(&mut script(&["down"]));
    assert_eq!(left(&before, NAME), Vec::<String>::new());
    for process in processes {
        assert!(!process.exists(), "{process:?} has outlived its host");
    }
    succeed(&mut script(&["down"]));
}

#[test]
fn a_cluster_ends_with_the_process_that_it_is_for() {
    // It is our turn; the cluster that is tested has a name of its own, and knows nothing of the other.
    let Some(turn) = Cluster::up(1) else { return };
    let name = "testtwo";
    let two = |words: &[&str]| {
        let mut command = script(words);
        command.env("CLUSTER_NAME", name);
        command
    };
    succeed(&mut two(&["down"]));
    let before = traces(name);
    // Ends as well should this test be killed.
    let mut user = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    succeed(&mut two(&["up", "1", "--while", &user.id().to_string()]));
    assert_ne!(left(&before, name), Vec::<String>::new());
    user.kill().unwrap();
    user.wait().unwrap();
    wait_for("the cluster ends", || left(&before, name).is_empty());
    assert_eq!(turn.exec("h0", &["hostname"]).trim(), "h0");
}
