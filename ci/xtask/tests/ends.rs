//! How real jobs end when something goes wrong: mpirun's exit code, the one thing that it says, and that nothing is left.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use common::{Job, mpirun, name, program, run, send};
use nix::sys::signal::Signal;

/// Runs `ends` with these words on three ranks.
fn start(words: &[&str]) -> Job {
    let ends = program("ends");
    Job::start(mpirun(&[&["-n", "3", &ends], words].concat()))
}

#[test]
fn a_rank_that_is_killed_takes_along_those_that_wait_for_it() {
    for wait in ["recv", "barrier", "transfer"] {
        let job = start(&["stay", "0", wait]);
        let victim = job.pids(&[0, 1, 2])[1];
        send(victim, Signal::SIGKILL);
        job.finish().expect(137, &[&name(1, victim), "was killed by SIGKILL"]);
    }
}

#[test]
fn killing_mpirun_ends_ranks_that_communicate() {
    for wait in ["barrier", "transfer"] {
        let job = start(&["stay", "0", wait]);
        job.pids(&[0, 1, 2]);
        job.signal(Signal::SIGKILL);
        assert_eq!(job.finish().code, 137);
    }
}

#[test]
fn an_interrupt_ends_the_job_and_is_reported_once() {
    for wait in ["recv", "transfer"] {
        let job = start(&["stay", "0", wait]);
        job.pids(&[0, 1, 2]);
        job.signal(Signal::SIGINT);
        job.finish().expect(130, &["the job was ended by SIGINT"]);
    }
}

#[test]
fn an_exit_without_finalize_is_a_failure_whatever_its_code() {
    for (code, seen) in [("0", 1), ("3", 3)] {
        let job = start(&["exit", code, "recv"]);
        let pid = job.pid_of_rank_1();
        let how = format!("exited with code {code} after MPI_Init without calling MPI_Finalize");
        job.finish().expect(seen, &[&name(1, pid), &how]);
    }
}

#[test]
fn an_abort_ends_all_with_its_code() {
    let cases = [
        ("abort", "7", 7, "MPI_COMM_WORLD"),
        ("abort", "0", 1, "MPI_COMM_WORLD"),
        ("abort", "256", 1, "MPI_COMM_WORLD"),
        ("abort-self", "8", 8, "MPI_COMM_SELF"),
        ("abort-part", "9", 9, "my part"),
    ];
    for (how, code, seen, on) in cases {
        let job = start(&[how, code, "barrier"]);
        let pid = job.pid_of_rank_1();
        let ended = job.finish();
        let said = format!("mpirun: {}) called MPI_Abort with code {code} on {on}", name(1, pid));
        ended.expect(seen, &[]);
        assert_eq!(how == "abort", ended.out.contains("the last words\n"), "{}", ended.out);
        assert_eq!(ended.err.trim_end(), said);
    }
}

#[test]
fn a_segmentation_fault_is_named() {
    let job = start(&["segfault", "0", "recv"]);
    let pid = job.pid_of_rank_1();
    job.finish().expect(139, &[&name(1, pid), "was killed by SIGSEGV"]);
}

#[test]
fn a_rank_may_close_its_output_and_go_on() {
    let ended = start(&["quiet", "0", "barrier"]).finish();
    ended.expect_success();
    assert!(ended.out.ends_with("rank 0 has met all others\n"), "{}", ended.out);
}

#[test]
fn a_program_that_does_not_run_is_explained_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8], mode: u32| {
        let path = dir.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_string()
    };
    let mut foreign = fs::read(program("ends")).unwrap();
    // The machine in the ELF header: 64-bit ARM, or on ARM x86-64.
    foreign[18] = if cfg!(target_arch = "aarch64") { 62 } else { 183 };
    let cases = [
        ("./no/such/program".to_string(), 127, "no such program"),
        ("no-such-program-in-path".to_string(), 127, "no such program in PATH"),
        (file("locked", b"#!/bin/sh\n", 0o644), 126, "not executable"),
        (file("foreign", &foreign, 0o755), 126, "it is made for "),
        (file("text", b"echo no first line\n", 0o755), 126, "begins with #!"),
    ];
    for (program, code, why) in cases {
        let ended = run(mpirun(&["-n", "3", &program]));
        ended.expect(code, &[&program, why]);
        assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    }
}
