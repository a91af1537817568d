//! C programs (ci/ctests) over the library under test, each as a world of one.

mod common;

use common::{Bench, run};
use std::process::{Command, Output};

fn passes(source: &str) {
    let bench = Bench::new();
    let program = bench.compile(source, "program", &["-pthread"]);
    run(&mut bench.command(&program));
}

#[test]
fn every_kind_of_call_does_its_work() {
    passes("one.c");
}

#[test]
fn every_mistake_has_its_class_and_its_handler() {
    passes("one_errors.c");
}

#[test]
fn threads_communicate_at_the_same_time() {
    passes("one_threads.c");
}

#[test]
fn messages_that_nobody_receives_do_not_keep_a_program_from_its_end() {
    let bench = Bench::new();
    let program = bench.compile("one_unreceived.c", "program", &[]);
    let output = run(bench.command("timeout".as_ref()).arg("30").arg(program));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("3 messages"), "{said:?}");
}

/// Runs `fatal.c` with the mistake `what`; returns its exit code and what it said.
fn fatal(bench: &Bench, what: &str) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = bench.command(&bench.path("fatal")).arg(what).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_fatal_error_says_who_failed_where_and_why() {
    let bench = Bench::new();
    bench.compile("fatal.c", "fatal", &[]);
    for (what, code, words) in [
        ("", 0, &[][..]),
        ("rank", 6, &["rank 0", "MPI_Send failed on MPI_COMM_WORLD: MPI_ERR_RANK", "rank 7", "tag 3"]),
        ("absent", 55, &["MPI_Open_port failed", "MPI_ERR_UNSUPPORTED_OPERATION"]),
        ("abort", 42, &["rank 0", "called MPI_Abort with code 42 on MPI_COMM_WORLD\n"]),
        ("handler", 35, &["MPI_COMM_WORLD", "MPI_ERR_IO"]),
        ("early", 16, &["MPI_Barrier", "before MPI_Init"]),
        ("late", 16, &["MPI_Barrier", "after MPI_Finalize"]),
        ("session", 34, &["MPI_Session_init failed: MPI_ERR_INFO"]),
    ] {
        let (ended, said) = fatal(&bench, what);
        assert_eq!(ended, Some(code), "{what}: {said}");
        for word in words {
            assert!(said.contains(word), "{what}: no {word:?} in {said:?}");
        }
    }
}

const SEEN: &str = "tool: 2 sends, 1 barriers\n";

fn said(command: &mut Command) -> String {
    String::from_utf8(run(command).stdout).unwrap()
}

#[test]
fn a_tool_that_is_preloaded_sees_the_programs_calls_and_no_others() {
    let bench = Bench::new();
    let tool = bench.compile("tool.c", "libtool.so", &["-shared", "-fPIC"]);
    let program = bench.compile("profiled.c", "program", &[]);
    assert_eq!(said(&mut bench.command(&program)), "");
    assert_eq!(said(bench.command(&program).env("LD_PRELOAD", tool)), SEEN);
}

#[test]
fn a_tool_that_is_linked_first_sees_the_programs_calls_and_no_others() {
    let bench = Bench::new();
    bench.compile("tool.c", "libtool.so", &["-shared", "-fPIC"]);
    let program = bench.compile("profiled.c", "program", &["-Wl,--no-as-needed", "-ltool"]);
    assert_eq!(said(&mut bench.command(&program)), SEEN);
}

#[test]
fn a_tool_that_is_linked_into_the_program_sees_its_calls() {
    let bench = Bench::new();
    let tool = bench.compile("tool.c", "tool.o", &["-c"]);
    let program = bench.compile("profiled.c", "program", &[tool.to_str().unwrap()]);
    assert_eq!(said(&mut bench.command(&program)), SEEN);
}
