//! Real jobs in poor surroundings: little shared memory, copies forbidden, no room, stopped ranks, few processors.

mod common;

use std::process::Command;

use common::{Ended, Job, mpirun, mpirun_after, program, run, send, succeed, wait_for};
use nix::sys::signal::Signal;

/// Checks that each rank has found all its messages right.
fn expect_right(ended: &Ended, ranks: usize) {
    ended.expect_success();
    for rank in 0..ranks {
        let line = format!("rank {rank} of {ranks}: all right\n");
        assert!(ended.out.contains(&line), "{}", ended.out);
    }
}

/// Bytes and rounds for `traffic`: some large messages.
const LARGE: [&str; 2] = ["67108864", "1"];

/// Whether this process may make a mount namespace; says so if not.
fn may_unshare() -> bool {
    let probe = Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    let may = probe.is_ok_and(|output| output.status.success());
    if !may {
        eprintln!("SKIPPED: `unshare -m` with a mount is not permitted here, so /dev/shm stays as it is");
    }
    may
}

/// Runs large messages where `mounts` has changed what is mounted; afterwards lists /dev/shm.
fn with_mounts(mounts: &str) {
    if !may_unshare() {
        return;
    }
    let traffic = program("traffic");
    let script =
        format!("{mounts} && \"$@\"; code=$?; ls -A /dev/shm 2>/dev/null | sed 's/^/left: /'; exit $code");
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-ec", &script, "sh"]).arg(common::tool("mpirun"));
    command.args(["-n", "2", &traffic]).args(LARGE);
    let ended = run(command);
    expect_right(&ended, 2);
    let left: Vec<&str> = ended.out.lines().filter(|line| line.starts_with("left: ")).collect();
    assert!(left.iter().all(|line| *line == "left: ballast"), "{left:?}");
}

#[test]
fn a_small_shared_memory_file_system_is_no_hindrance() {
    with_mounts("mount -t tmpfs -o size=1m none /dev/shm");
}

#[test]
fn a_full_shared_memory_file_system_is_no_hindrance() {
    with_mounts(
        "mount -t tmpfs -o size=1m none /dev/shm; \
         dd if=/dev/zero of=/dev/shm/ballast bs=4k 2>/dev/null || :; \
         ! echo more > /dev/shm/more 2>/dev/null; rm -f /dev/shm/more; test -s /dev/shm/ballast",
    );
}

#[test]
fn no_shared_memory_file_system_is_needed() {
    // A /dev with what every program expects, and without shm.
    with_mounts(
        "dir=$(mktemp -d); mount -t tmpfs none $dir; \
         for name in null zero urandom; do : > $dir/$name; mount --bind /dev/$name $dir/$name; done; \
         mount --move $dir /dev || mount --rbind $dir /dev; rmdir $dir 2>/dev/null || :; \
         ! test -e /dev/shm",
    );
}

#[test]
fn without_copies_between_processes_messages_go_through_the_rings() {
    let (forbid, traffic) = (program("forbid"), program("traffic"));
    let words = ["-n", "4", &forbid, &traffic, "16777216", "1"];
    expect_right(&run(mpirun(&words)), 4);
}

#[test]
fn ranks_talk_over_tcp_as_between_nodes() {
    let traffic = program("traffic");
    let [bytes, rounds] = LARGE;
    expect_right(&run(mpirun(&["--transport", "tcp", "-n", "4", &traffic, bytes, rounds])), 4);
    expect_right(&run(mpirun(&["--transport", "tcp", "-n", "16", &traffic, "1000", "3"])), 16);
}

#[test]
fn one_rank_alone_may_be_forbidden_to_copy() {
    let (forbid, traffic) = (program("forbid"), program("traffic"));
    let [bytes, rounds] = LARGE;
    let first = ["-n", "1", &forbid, &traffic, bytes, rounds, ":", "-n", "1", &traffic, bytes, rounds];
    expect_right(&run(mpirun(&first)), 2);
    let second = ["-n", "1", &traffic, bytes, rounds, ":", "-n", "1", &forbid, &traffic, bytes, rounds];
    expect_right(&run(mpirun(&second)), 2);
}

#[test]
fn ranks_of_several_users_talk() {
    let traffic = program("traffic");
    let user = |id: &str| [format!("--reuid={id}"), format!("--regid={id}"), "--clear-groups".to_string()];
    let may = Command::new("setpriv").args(user("65533")).args(["test", "-x", &traffic]).status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: setpriv may not change the user here, or another user cannot read {traffic}");
        return;
    }
    let (one, two) = (user("65533"), user("65534"));
    let [bytes, rounds] = LARGE;
    let as_user = |user: &[String; 3]| -> Vec<String> {
        let words = ["-n", "1", "setpriv", &user[0], &user[1], &user[2], &traffic, bytes, rounds];
        words.map(String::from).to_vec()
    };
    let root: Vec<String> = ["-n", "1", &traffic, bytes, rounds].map(String::from).to_vec();
    for second in [root, as_user(&two)] {
        let all = [as_user(&one), vec![":".to_string()], second].concat();
        let words: Vec<&str> = all.iter().map(String::as_str).collect();
        expect_right(&run(mpirun(&words)), 2);
    }
}

#[test]
fn a_rank_without_room_for_the_segment_says_so_and_the_job_ends() {
    let ended = run(mpirun(&["-n", "2", &program("squeezed")]));
    ended.expect(
        39,
        &["rank 1 (", "MPI_Init failed: MPI_ERR_NO_MEM: the memory that ranks share cannot be mapped"],
    );
    assert!(ended.err.contains("ulimit -v"), "{}", ended.err);
}

#[test]
fn the_same_without_mpirun() {
    let mut command = Command::new(program("squeezed"));
    command.env("RANKWISE_RANK", "1");
    let ended = run(command);
    assert_eq!(ended.code, 39, "{}", ended.err);
    assert!(ended.err.contains("the memory that ranks share cannot be mapped"), "{}", ended.err);
}

#[test]
fn a_limit_on_the_size_of_files_is_no_hindrance() {
    let traffic = program("traffic");
    let words = ["-n", "2", &traffic, "1000000", "1"];
    expect_right(&run(mpirun_after("ulimit -S -f 1", &words)), 2);
    // One that may not be lifted is explained. Root may lift every limit, so this is somebody else.
    let mut command = mpirun_after("ulimit -f 1", &["-n", "1", "setpriv", "--reuid=65533", "--clear-groups"]);
    let ended = run({
        command.args([&traffic, "1000000", "1"]);
        command
    });
    if ended.err.contains("setpriv:") {
        eprintln!("SKIPPED: setpriv may not change the user here");
    } else {
        ended.expect(16, &["rank 0 (", "MPI_Init failed", "(ulimit -f)"]);
    }
}

#[test]
fn a_stopped_rank_goes_on_as_if_nothing_had_been() {
    let job = Job::start(mpirun(&["-n", "3", &program("ends"), "pause", "0", "recv"]));
    let pids = job.pids(&[0, 1, 2]);
    let state = |pid: u32| {
        let line = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        line.rsplit(") ").next().unwrap_or_default().chars().next()
    };
    for pid in &pids[..2] {
        send(*pid, Signal::SIGSTOP);
        wait_for("the rank to stop", || state(*pid) == Some('T'));
    }
    send(pids[1], Signal::SIGUSR1);
    for pid in &pids[..2] {
        send(*pid, Signal::SIGCONT);
    }
    let ended = job.finish();
    ended.expect_success();
    assert!(ended.out.ends_with("rank 0 has met all others\n"), "{}", ended.out);
}

#[test]
fn many_ranks_share_few_processors() {
    let processors =
        succeed(Command::new("sh").args(["-c", "awk '/Cpus_allowed_list/ {print $2}' /proc/self/status"]));
    let first = processors.trim().split([',', '-']).next().unwrap().to_string();
    let traffic = program("traffic");
    // On one processor alone, then on those that there are.
    for words in [vec!["taskset", "-c", &first], vec!["env"]] {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(common::tool("mpirun")).args(["-n", "32", &traffic, "20000", "3"]);
        expect_right(&run(command), 32);
    }
}
