//! Ranks on several hosts. The remote shell is one that stays on this host, so that no second one is needed: what lies
//! between two machines is tested in a cluster (`cargo xtask cluster`).

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use common::{Running, long_time, marked, marker, mpirun, wait_for};
use rankwise_os::signal::{self, Signal};
use tempfile::TempDir;

/// A remote shell that runs everything here, and a directory for it.
fn shell(script: &str) -> (TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("remote-shell");
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let path = file.to_str().unwrap().to_string();
    (dir, path)
}

const HERE: &str = "shift; exec sh -c \"$*\"";

/// mpirun with that remote shell.
fn with_shell(path: &str, arguments: &[&str]) -> Command {
    let mut command = mpirun(arguments);
    command.env("RANKWISE_RSH", path);
    command
}

fn run(arguments: &[&str]) -> common::Outcome {
    let (_dir, path) = shell(HERE);
    Running::start(with_shell(&path, arguments)).finish()
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn ranks_are_where_they_were_put() {
    let script = "echo $RANKWISE_RANK/$RANKWISE_SIZE $RANKWISE_LOCAL_RANK/$RANKWISE_LOCAL_SIZE";
    let outcome = run(&["--host", "no-a:2,no-b:1", "--map-by", "node", "-l", "sh", "-c", script]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(sorted(&outcome.out), ["[0] 0/3 0/2", "[1] 1/3 0/1", "[2] 2/3 1/2"]);
}

#[test]
fn a_tree_of_agents_reaches_every_host() {
    let outcome = run(&["--fanout", "2", "--host", "no-[1-14]", "-l", "echo", "x"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let all: Vec<String> = (0..14).map(|rank| format!("[{rank}] x")).collect();
    assert_eq!(sorted(&outcome.out), {
        let mut all = all;
        all.sort_unstable();
        all
    });
}

#[test]
fn this_host_and_others_run_one_job() {
    let outcome = run(&["--host", "localhost:1,no-a:1", "-v", "sh", "-c", "exit 0"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(outcome.err.contains("rank 1 of 2 (no-a, pid "), "{}", outcome.err);
}

#[test]
fn input_goes_far_and_output_comes_back_whole() {
    let (dir, path) = shell(HERE);
    let text: String = (0..200_000).map(|line| format!("line {line}\n")).collect();
    let file = dir.path().join("input");
    fs::write(&file, &text).unwrap();
    // Files, one for each rank: on one stream a line that comes slowly may be cut by another rank's.
    let out = dir.path().join("out");
    let out_dir = out.to_str().unwrap();
    let line = ["--fanout", "1", "--host", "no-a,no-b,no-c", "-s", "all", "--output", out_dir, "cat"];
    let mut command = with_shell(&path, &line);
    command.stdin(fs::File::open(&file).unwrap());
    let outcome = Running::start(command).finish();
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    for rank in 0..3 {
        let back = fs::read_to_string(out.join(format!("rank.{rank}.out"))).unwrap();
        assert!(back == text, "rank {rank}: {} bytes of {}", back.len(), text.len());
    }
}

#[test]
fn one_rank_far_away_may_read_a_part_of_the_input() {
    let (_dir, path) = shell(HERE);
    let mut command = with_shell(&path, &["--host", "no-a", "head", "-c", "3"]);
    command.stdin(fs::File::open("/dev/zero").unwrap());
    let outcome = Running::start(command).finish();
    assert_eq!((outcome.code, outcome.out.as_str()), (0, "\0\0\0"), "{}", outcome.err);
}

#[test]
fn a_failure_there_ends_the_job_here() {
    let script = "test $RANKWISE_RANK != 2 || exit 7; exec sleep 100000";
    let outcome = run(&["--host", "no-a:2,no-b:2", "sh", "-c", script]);
    assert_eq!(outcome.code, 7);
    assert!(outcome.err.contains("rank 2 (no-b, pid "), "{}", outcome.err);
}

#[test]
fn a_program_that_is_not_there_is_named_with_its_host() {
    let outcome = run(&["--host", "no-a", "/no/such/program"]);
    assert_eq!(outcome.code, 127);
    assert!(outcome.err.contains("cannot start /no/such/program on "), "{}", outcome.err);
}

#[test]
fn a_rankfile_binds_ranks_on_the_hosts_that_it_names() {
    let (dir, path) = shell(HERE);
    let file = dir.path().join("ranks");
    fs::write(&file, "rank 0=no-b slot=0\nrank 1=no-a\n").unwrap();
    let words = ["-rf", file.to_str().unwrap(), "-v", "true"];
    let outcome = Running::start(with_shell(&path, &words)).finish();
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(
        outcome.err.contains("rank 0 of 2 (no-b, ") && outcome.err.contains("bound to processors"),
        "{}",
        outcome.err
    );
    assert!(
        outcome.err.contains("rank 1 of 2 (no-a, ") && outcome.err.contains("is not bound"),
        "{}",
        outcome.err
    );
    fs::write(&file, "rank 0=no-b slot=99:0\n").unwrap();
    let outcome = Running::start(with_shell(&path, &words)).finish();
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("has no socket 99, of "), "{}", outcome.err);
}

#[test]
fn hosts_may_be_pretended() {
    let outcome =
        Running::start(mpirun(&["--launcher", "fork", "--host", "no-a:1,no-b:2", "-l", "echo", "x"]))
            .finish();
    assert_eq!(
        (outcome.code, sorted(&outcome.out)),
        (0, vec!["[0] x".into(), "[1] x".into(), "[2] x".into()])
    );
}

#[test]
fn an_allocation_is_taken_from_the_environment() {
    let (dir, path) = shell(HERE);
    let file = dir.path().join("nodes");
    fs::write(&file, "no-a\nno-a\nno-b\n").unwrap();
    let mut command = with_shell(&path, &["-l", "echo", "x"]);
    command.env("PBS_JOBID", "1").env("PBS_NODEFILE", &file);
    let outcome = Running::start(command).finish();
    assert_eq!(
        (outcome.code, sorted(&outcome.out)),
        (0, vec!["[0] x".into(), "[1] x".into(), "[2] x".into()])
    );
}

#[test]
fn environment_and_directory_go_along() {
    let (dir, path) = shell("shift; cd /; exec env -i sh -c \"$*\"");
    let mut command = with_shell(&path, &["--host", "no-a", "-x", "B=2", "sh", "-c", "echo $A $B $(pwd)"]);
    command.env("A", "1").current_dir(dir.path());
    let outcome = Running::start(command).finish();
    let expected = format!("1 2 {}\n", dir.path().canonicalize().unwrap().display());
    assert_eq!((outcome.code, outcome.out), (0, expected), "{}", outcome.err);
}

#[test]
fn what_a_login_prints_disturbs_nobody() {
    let (_dir, path) = shell("shift; echo Welcome to this machine; printf 'a prompt> '; exec sh -c \"$*\"");
    let outcome = Running::start(with_shell(&path, &["--host", "no-a", "echo", "x"])).finish();
    assert_eq!((outcome.code, outcome.out.as_str()), (0, "x\n"), "{}", outcome.err);
}

#[test]
fn a_remote_shell_that_fails_is_quoted() {
    let failing = |script: &str| {
        let (_dir, path) = shell(script);
        Running::start(with_shell(&path, &["--host", "no-a,no-b", "true"])).finish()
    };
    let outcome = failing("echo \"$1: Permission denied (publickey).\" >&2; exit 255");
    assert_eq!(outcome.code, 1);
    // Whichever host is the first.
    let said =
        |host: &str| format!("host {host} cannot be reached by remote-shell: {host}: Permission denied");
    let err = &outcome.err;
    assert!(err.contains(&said("no-a")) || err.contains(&said("no-b")), "{err}");
    let outcome = failing("exit 127");
    assert!(outcome.err.contains("--launch-agent"), "{}", outcome.err);
    let outcome = Running::start(with_shell("/no/such/shell", &["--host", "no-a", "true"])).finish();
    assert!(outcome.err.contains("shell cannot be started"), "{}", outcome.err);
}

#[test]
fn a_remote_shell_that_was_refused_once_is_tried_again() {
    let (dir, path) = shell(
        "test -e \"$0.$1\" || { : >\"$0.$1\"; echo Connection reset >&2; exit 255; }; shift; exec sh -c \"$*\"",
    );
    let outcome = Running::start(with_shell(&path, &["--host", "no-a,no-b", "echo", "x"])).finish();
    assert_eq!((outcome.code, outcome.out.as_str()), (0, "x\nx\n"), "{}", outcome.err);
    drop(dir);
}

#[test]
fn an_agent_of_another_version_is_found_out() {
    let (_dir, path) =
        shell("printf '\\n\\000rankwise agent\\000\\n\\143\\000\\000\\000\\000\\000'; exec cat >/dev/null");
    let outcome = Running::start(with_shell(&path, &["--host", "no-a", "true"])).finish();
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.err.contains("host no-a has an agent that is not of this Rankwise: it speaks version 99"),
        "{}",
        outcome.err
    );
}

#[test]
fn a_host_that_says_nothing_is_given_up() {
    let (_dir, path) = shell("exec sleep 100000");
    let outcome =
        Running::start(with_shell(&path, &["--host-timeout", "1", "--host", "no-a", "true"])).finish();
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("host no-a has not been heard of for 3 s"), "{}", outcome.err);
}

/// A job on hosts that hang below each other, whose ranks sleep.
fn sleeping(arguments: &[&str]) -> (Running, String, TempDir, String) {
    let (dir, path) = shell(HERE);
    let (time, mark) = (long_time(), marker());
    let mut all = vec!["--fanout", "1", "--host-timeout", "2", "--host", "no-a,no-b,no-c"];
    all.extend(arguments);
    all.extend(["sleep", &time]);
    let mut command = with_shell(&path, &all);
    command.env("RANKWISE_TEST_MARK", &mark);
    let running = Running::start(command);
    wait_for("the ranks", || marked(&time).len() == 3);
    (running, time, dir, mark)
}

/// The processes of agents that have this mark in their environment, each pair in the order of its start.
fn agents(mark: &str) -> Vec<u32> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let read = |pid: u32, what: &str| {
        String::from_utf8_lossy(&fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default()).into_owned()
    };
    let is_one = |&pid: &u32| {
        read(pid, "cmdline").ends_with("mpirun\0--agent\0") && read(pid, "environ").contains(mark)
    };
    let mut found: Vec<u32> = pids.filter(is_one).collect();
    found.sort_unstable();
    found
}

#[test]
fn an_agent_that_is_killed_takes_the_job_along() {
    // The one that looks after the other, the other, on the first, the middle and the last host.
    for victim in 0..6 {
        let (running, time, _dir, mark) = sleeping(&[]);
        let all = agents(&mark);
        assert_eq!(all.len(), 6, "{all:?}");
        signal::send(all[victim], Signal::SIGKILL).unwrap();
        let outcome = running.finish();
        assert_eq!(outcome.code, 1, "{}", outcome.err);
        assert!(outcome.err.contains("mpirun: host no-"), "{}", outcome.err);
        wait_for("all to end", || marked(&time).is_empty() && agents(&mark).is_empty());
    }
}

#[test]
fn an_agent_that_hangs_is_lost() {
    let (running, time, _dir, mark) = sleeping(&[]);
    let all = agents(&mark);
    all.iter().for_each(|&pid| signal::send(pid, Signal::SIGSTOP).unwrap());
    let outcome = running.finish();
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    assert!(outcome.err.contains("host no-a has not been heard of for 2 s"), "{}", outcome.err);
    all.iter().for_each(|&pid| drop(signal::send(pid, Signal::SIGCONT)));
    wait_for("all to end", || marked(&time).is_empty() && agents(&mark).is_empty());
}

#[test]
fn whichever_part_of_mpirun_is_killed_nothing_is_left() {
    for victim in 0..2 {
        let (running, time, _dir, mark) = sleeping(&[]);
        let pid = running.pid();
        let victim = if victim == 0 { pid } else { common::children(pid)[0] };
        signal::send(victim, Signal::SIGKILL).unwrap();
        let outcome = running.finish();
        assert!(outcome.code > 128, "{}", outcome.code);
        wait_for("all to end", || marked(&time).is_empty() && agents(&mark).is_empty());
    }
}

#[test]
fn signals_reach_far_ranks() {
    let (running, time, _dir, mark) = sleeping(&[]);
    signal::send(running.pid(), Signal::SIGTERM).unwrap();
    let outcome = running.finish();
    assert_eq!(outcome.code, 143, "{}", outcome.err);
    wait_for("all to end", || marked(&time).is_empty() && agents(&mark).is_empty());
}

#[test]
fn the_doctor_looks_at_every_host() {
    let outcome = run(&["--doctor", "--host", "localhost,no-a,no-b"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
    for said in
        ["host no-a\n", "reaches no-b at ", "reaches localhost at ", "share memory", "bound to processors"]
    {
        assert!(outcome.out.contains(said), "{said}: {}", outcome.out);
    }
}

#[test]
fn the_doctor_names_what_is_wrong_and_goes_on() {
    let (_dir, path) =
        shell("test $1 != no-a || { echo No route to $1 >&2; exit 255; }; shift; exec sh -c \"$*\"");
    let outcome = Running::start(with_shell(&path, &["--doctor", "--host", "no-a,no-b"])).finish();
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    assert!(
        outcome.out.contains("BAD  cannot be reached by remote-shell: No route to no-a"),
        "{}",
        outcome.out
    );
    assert!(outcome.out.contains("host no-b\n  ok "), "{}", outcome.out);
    let mut command = with_shell(&path, &["--doctor", "--host", "no-b"]);
    command.env("RANKWISE_NET_IF", "no-such-if");
    let outcome = Running::start(command).finish();
    assert!(
        outcome.out.contains("BAD  ranks cannot be called: RANKWISE_NET_IF=no-such-if: no interface"),
        "{}",
        outcome.out
    );
}
