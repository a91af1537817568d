//! How a job ends: what mpirun exits with, and what it says.

mod common;

use common::{Running, long_time, marked, marker, mpirun, run, wait_for};
use rankwise_os::signal::{self, Signal};

fn lines_of_mpirun(err: &str) -> Vec<&str> {
    err.lines().filter(|line| line.starts_with("mpirun:")).collect()
}

#[test]
fn success_is_silent() {
    let outcome = run(&["-n", "3", "true"]);
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "", ""));
}

#[test]
fn the_first_rank_that_fails_gives_the_code_and_the_others_are_ended_without_a_word() {
    let script = "test $RANKWISE_RANK = 1 && exit 42; exec sleep 1000000";
    let outcome = run(&["-n", "4", "sh", "-c", script]);
    assert_eq!(outcome.code, 42);
    let said = lines_of_mpirun(&outcome.err);
    assert_eq!(said.len(), 1, "{}", outcome.err);
    assert!(said[0].contains("rank 1 (") && said[0].contains(", sh) exited with code 42"), "{}", said[0]);
    assert!(said[0].contains(&rankwise_os::environment::host_name()), "{}", said[0]);
}

#[test]
fn a_rank_that_is_killed_is_named_with_its_signal_and_process() {
    let outcome =
        run(&["-n", "2", "sh", "-c", "test $RANKWISE_RANK = 1 && kill -SEGV $$; exec sleep 1000000"]);
    assert_eq!(outcome.code, 139);
    let said = lines_of_mpirun(&outcome.err);
    assert_eq!(said.len(), 1, "{}", outcome.err);
    assert!(said[0].contains("rank 1 (") && said[0].contains("killed by SIGSEGV"), "{}", said[0]);
    assert!(said[0].contains("pid "), "{}", said[0]);
}

#[test]
fn killing_one_rank_ends_the_job() {
    let marker = long_time();
    let running = Running::start(mpirun(&["-n", "3", "sleep", &marker]));
    wait_for("three ranks", || marked(&marker).len() == 3);
    signal::send(marked(&marker)[0], Signal::SIGKILL).unwrap();
    let outcome = running.finish();
    assert_eq!(outcome.code, 137);
    assert!(outcome.err.contains("killed by SIGKILL"), "{}", outcome.err);
    assert!(marked(&marker).is_empty());
}

#[test]
fn a_rank_that_takes_no_hint_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let script = "if test $RANKWISE_RANK = 0; then until test -e deaf; do sleep 0.01; done; exit 5; fi; \
                  trap '' TERM; : > deaf; sleep 1000000; sleep 1000000";
    let outcome = run(&["-n", "2", "-wdir", dir.path().to_str().unwrap(), "sh", "-c", script]);
    assert_eq!(outcome.code, 5);
}

#[test]
fn the_cause_comes_after_what_the_rank_itself_has_said() {
    let outcome = run(&["sh", "-c", "echo the real reason >&2; exit 1"]);
    assert!(outcome.err.starts_with("the real reason\nmpirun: rank 0 "), "{}", outcome.err);
}

#[test]
fn real_time_signals_kill_too() {
    let outcome = run(&["sh", "-c", "kill -40 $$"]);
    assert_eq!(outcome.code, 168);
    assert!(outcome.err.contains("signal 40"), "{}", outcome.err);
}

#[test]
fn a_missing_program_is_127_and_one_that_does_not_run_126() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8], mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_string()
    };
    let mut foreign = b"\x7fELF\x02\x01\x01".to_vec();
    foreign.resize(128, 0);
    foreign[16] = 2;
    foreign[18] = if cfg!(target_arch = "aarch64") { 62 } else { 183 };
    let cases = [
        ("no-such-program-anywhere".to_string(), 127, "no such program in PATH"),
        ("./no/such/file".to_string(), 127, "no such program"),
        (file("data", b"data", 0o644), 126, "not executable"),
        (file("text", b"just text", 0o755), 126, "#!"),
        (file("script", b"#!/no/such/shell\n", 0o755), 126, "/no/such/shell does not exist"),
        (file("foreign", &foreign, 0o755), 126, "it is made for "),
        (dir.path().to_str().unwrap().to_string(), 126, "directory"),
    ];
    for (program, code, why) in cases {
        let outcome = run(&["-n", "2", &program]);
        assert_eq!(outcome.code, code, "{}", outcome.err);
        assert_eq!(outcome.err.lines().count(), 1, "{}", outcome.err);
        assert!(outcome.err.contains(&program) && outcome.err.contains(why), "{}", outcome.err);
    }
}

#[test]
fn the_second_of_two_programs_may_be_the_missing_one() {
    let marker = marker();
    let outcome =
        run(&["-n", "2", "sh", "-c", "sleep 1000000; :", &marker, ":", "-n", "1", "no-such-program"]);
    assert_eq!(outcome.code, 127);
    assert!(marked(&marker).is_empty());
}

#[test]
fn a_time_limit_ends_the_job_and_says_so() {
    let outcome = run(&["-n", "2", "--timeout", "0.2", "sleep", "1000000"]);
    assert_eq!(outcome.code, 124);
    assert!(outcome.err.contains("longer than the 0.2 s"), "{}", outcome.err);
    let mut command = mpirun(&["sleep", "1000000"]);
    command.env("MPIEXEC_TIMEOUT", "0.2");
    assert_eq!(Running::start(command).finish().code, 124);
}

#[test]
fn signals_reach_the_ranks() {
    for (signal, name) in [(Signal::SIGUSR1, "USR1"), (Signal::SIGUSR2, "USR2"), (Signal::SIGTERM, "TERM")] {
        let marker = marker();
        let script = format!(
            "trap 'echo got {name}; exit 0' {name}; : > $0.$RANKWISE_RANK; while :; do sleep 0.01; done"
        );
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(&marker);
        let running = Running::start(mpirun(&["-n", "2", "sh", "-c", &script, file.to_str().unwrap()]));
        wait_for("both ranks to be ready", || std::fs::read_dir(dir.path()).unwrap().count() == 2);
        signal::send(running.pid(), signal).unwrap();
        let outcome = running.finish();
        assert_eq!(outcome.out, format!("got {name}\n").repeat(2));
        assert_eq!(outcome.code, 0, "{}", outcome.err);
    }
}

#[test]
fn one_interrupt_is_for_the_ranks_and_a_second_one_for_mpirun() {
    let marker = marker();
    let running = Running::start(mpirun(&["-n", "2", "sleep", "1000000.1"]));
    wait_for("the ranks", || common::children(running.pid()).iter().any(|&s| common::children(s).len() == 2));
    signal::send(running.pid(), Signal::SIGINT).unwrap();
    let outcome = running.finish();
    assert_eq!(outcome.code, 130);
    assert_eq!(lines_of_mpirun(&outcome.err).len(), 1, "{}", outcome.err);

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(&marker);
    let script = "trap ': > $0.interrupted' INT; : > $0.ready; while :; do sleep 0.01; done";
    let running = Running::start(mpirun(&["-n", "1", "sh", "-c", script, file.to_str().unwrap()]));
    let exists = |name: &str| std::path::Path::new(&format!("{}.{name}", file.display())).exists();
    wait_for("the rank", || exists("ready"));
    signal::send(running.pid(), Signal::SIGINT).unwrap();
    wait_for("the rank to be interrupted", || exists("interrupted"));
    signal::send(running.pid(), Signal::SIGINT).unwrap();
    let outcome = running.finish();
    assert_eq!(outcome.code, 130);
    let said = lines_of_mpirun(&outcome.err);
    assert!(said.len() == 1 && said[0].contains("interrupted twice"), "{}", outcome.err);
    assert!(marked(&marker).is_empty());
}

#[test]
fn stopping_mpirun_stops_the_ranks_and_they_go_on_with_it() {
    use std::os::unix::process::CommandExt;
    let marker = long_time();
    let mut command = mpirun(&["-n", "2", "sleep", &marker]);
    // As a shell does it. A group whose parent is in another one can be stopped, because somebody can let it go on.
    command.process_group(0);
    let running = Running::start(command);
    let is_stopped = |pid: u32| {
        let line = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        line.rsplit(')').next().unwrap_or("").trim().starts_with('T')
    };
    wait_for("the ranks", || marked(&marker).len() == 2);
    let mut all = marked(&marker);
    all.push(running.pid());
    signal::send(running.pid(), Signal::SIGTSTP).unwrap();
    wait_for("all to stop", || all.iter().all(|&pid| is_stopped(pid)));
    signal::send(running.pid(), Signal::SIGCONT).unwrap();
    wait_for("all to go on", || !all.iter().any(|&pid| is_stopped(pid)));
    signal::send(running.pid(), Signal::SIGTERM).unwrap();
    assert_eq!(running.finish().code, 143);
}
