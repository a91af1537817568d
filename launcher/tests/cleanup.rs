//! Nothing outlives a job.

mod common;

use common::{Running, children, marked, marker, mpirun, run, wait_for};
use rankwise_os::signal::{self, Signal};

/// A rank with a child that has left its group and session, and one that has not.
const FAMILY: &str =
    "sleep 1000000 & setsid sh -c 'sleep 1000000; :' $0 & sh -c 'sleep 1000000; :' $0 & wait";

fn family(marker: &str) -> Running {
    let running = Running::start(mpirun(&["-n", "2", "sh", "-c", FAMILY, marker]));
    wait_for("two ranks with two marked children each", || marked(marker).len() == 6);
    running
}

#[test]
fn killing_mpirun_ends_everything() {
    let marker = marker();
    let running = family(&marker);
    signal::send(running.pid(), Signal::SIGKILL).unwrap();
    wait_for("everything to end", || marked(&marker).is_empty());
    assert_eq!(running.finish().code, 137);
}

#[test]
fn killing_its_supervisor_ends_everything() {
    let marker = marker();
    let running = family(&marker);
    let [supervisor] = children(running.pid())[..] else { panic!("mpirun has one child") };
    signal::send(supervisor, Signal::SIGKILL).unwrap();
    let outcome = running.finish();
    assert_eq!(outcome.code, 137);
    assert!(outcome.err.contains("supervisor"), "{}", outcome.err);
    assert!(marked(&marker).is_empty());
}

#[test]
fn killing_its_group_ends_everything() {
    use std::os::unix::process::CommandExt;
    let marker = marker();
    let mut command = mpirun(&["-n", "2", "sh", "-c", FAMILY, &marker]);
    command.process_group(0);
    let running = Running::start(command);
    wait_for("two ranks with two marked children each", || marked(&marker).len() == 6);
    signal::send_group(running.pid(), Signal::SIGKILL).unwrap();
    wait_for("everything to end", || marked(&marker).is_empty());
    assert_eq!(running.finish().code, 137);
}

#[test]
fn a_job_that_ends_well_leaves_nothing_either() {
    let marker = marker();
    let script = "setsid sh -c 'sleep 1000000; :' $0 & while ! pgrep -f \"^sh -c sleep.*$0\" >/dev/null; do :; done; echo done";
    let outcome = run(&["-n", "2", "sh", "-c", script, &marker]);
    assert_eq!((outcome.code, outcome.out.as_str()), (0, "done\ndone\n"), "{}", outcome.err);
    assert!(marked(&marker).is_empty());
}

#[test]
fn no_file_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let shm = || {
        let names =
            std::fs::read_dir("/dev/shm").map(|all| all.flatten().map(|e| e.file_name()).collect::<Vec<_>>());
        let mut names = names.unwrap_or_default();
        names.retain(|name| name.to_string_lossy().contains("rankwise"));
        names.sort();
        names
    };
    let before = shm();
    let marker = marker();
    let mut command = mpirun(&["-n", "2", "sh", "-c", "sleep 1000000; :", &marker]);
    command.current_dir(dir.path()).env("TMPDIR", dir.path()).env("HOME", dir.path());
    let running = Running::start(command);
    wait_for("the ranks", || marked(&marker).len() == 2);
    signal::send(running.pid(), Signal::SIGKILL).unwrap();
    wait_for("everything to end", || marked(&marker).is_empty());
    running.finish();
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    assert_eq!(shm(), before);
}
