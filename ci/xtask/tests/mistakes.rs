//! What a user reads under MPI_ERRORS_ARE_FATAL, and what a program does that was not started by our mpirun.

mod common;

use std::process::Command;

use common::{Ended, mpirun, program, run};

#[test]
fn a_fatal_error_names_call_communicator_peer_tag_and_cause() {
    let mistakes = program("mistakes");
    let world = "MPI_Send failed on MPI_COMM_WORLD: ";
    let freed = "is not a communicator, or one that was freed (";
    let cases: [(&str, i32, &[&str]); 13] = [
        ("rank", 6, &[world, "MPI_ERR_RANK", "rank 7", "tag 3", "ranks 0 to 1"]),
        ("tag", 4, &["MPI_Send failed on the copy: MPI_ERR_TAG", "rank 1", "tag -5", "MPI_TAG_UB"]),
        ("truncate", 15, &["MPI_Recv failed on the copy: MPI_ERR_TRUNCATE", "rank 1", "tag 5", "16", "8"]),
        ("null", 1, &[world, "MPI_ERR_BUFFER", "rank 1", "tag 3", "null"]),
        ("count", 2, &[world, "MPI_ERR_COUNT", "rank 1", "tag 3", "-4"]),
        ("type", 3, &[world, "MPI_ERR_TYPE", "rank 1", "tag 3", "0x7654321"]),
        ("uncommitted", 3, &[world, "MPI_ERR_TYPE", "rank 1", "tag 3", "MPI_Type_commit"]),
        ("freed", 5, &["MPI_Send failed: MPI_ERR_COMM", freed, "(to rank 1 with tag 3)"]),
        ("freed-receive", 5, &["MPI_Irecv failed: MPI_ERR_COMM", freed, "(from any rank with tag 4)"]),
        ("freed-probe", 5, &["MPI_Iprobe failed: MPI_ERR_COMM", freed, "(from rank 1 with any tag)"]),
        ("freed-both", 5, &["MPI_Sendrecv failed", freed, "(to rank 1 with tag 3) (from rank 1 with tag 4)"]),
        ("null-comm", 5, &["MPI_Send_init failed", "is MPI_COMM_NULL (to rank 1 with tag 3)"]),
        ("root", 8, &["MPI_Bcast failed on the copy: MPI_ERR_ROOT", "root 9"]),
    ];
    for (what, code, words) in cases {
        let ended = run(mpirun(&["-n", "2", &mistakes, what]));
        ended.expect(code, &["mpirun: rank 0 (", words[0]]);
        for word in words {
            assert!(ended.err.contains(word), "{what}: no {word:?} in:\n{}", ended.err);
        }
        let advice = ended.err.lines().nth(1).unwrap_or_default();
        assert!(advice.starts_with("  "), "{what}: no advice in:\n{}", ended.err);
        assert_eq!(ended.err.matches("MPI_ERR_").count(), 1, "{what} is said once:\n{}", ended.err);
        for comm in ["MPI_COMM_WORLD", "the copy"] {
            assert!(ended.err.matches(comm).count() <= 1, "{what} names {comm} once:\n{}", ended.err);
        }
        assert!(!ended.err.contains("MPI_Abort"), "{what}:\n{}", ended.err);
    }
}

/// Runs `who` without mpirun, with these variables.
fn alone(variables: &[(&str, &str)]) -> Ended {
    let mut command = Command::new("env");
    command.args(variables.iter().map(|(name, value)| format!("{name}={value}"))).arg(program("who"));
    run(command)
}

#[test]
fn a_program_that_nobody_has_launched_is_a_world_of_one() {
    let ended = alone(&[]);
    ended.expect_success();
    assert_eq!(ended.out, "rank 0 of 1\n");
}

#[test]
fn under_another_launcher_it_stops_and_names_both_installs() {
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[("PMI_SIZE", "4")], "PMI_SIZE=4"),
        (&[("PMIX_RANK", "2")], "PMIX_RANK=2"),
        (&[("OMPI_COMM_WORLD_SIZE", "4"), ("PMIX_RANK", "0")], "OMPI_COMM_WORLD_SIZE=4"),
        (
            &[("SLURM_PROCID", "1"), ("SLURM_STEP_ID", "0"), ("SLURM_STEP_NUM_TASKS", "4")],
            "SLURM_STEP_NUM_TASKS=4",
        ),
    ];
    let ours = common::tree().join("lib/libmpi_abi.so.1").canonicalize().unwrap();
    // The test starts the programs by `env`, whose place they take.
    let theirs = std::env::current_exe().unwrap();
    for (variables, evidence) in cases {
        let ended = alone(variables);
        assert_eq!(ended.code, 16, "{}", ended.err);
        let files = [ours.to_str().unwrap(), theirs.to_str().unwrap()];
        for word in [evidence, "two MPI installs are mixed", "RANKWISE_SINGLETON=1"].into_iter().chain(files)
        {
            assert!(ended.err.contains(word), "no {word:?} in:\n{}", ended.err);
        }
        let ended = alone(&[variables, &[("RANKWISE_SINGLETON", "1")]].concat());
        ended.expect_success();
        assert_eq!(ended.out, "rank 0 of 1\n");
    }
}

#[test]
fn the_universe_has_the_size_that_the_user_gives_it() {
    for (wish, size) in [("17", "17"), ("INFINITE", "-1"), ("1", "1")] {
        let ended = run(mpirun(&["-usize", wish, &program("who"), "universe"]));
        ended.expect_success();
        assert_eq!(ended.out, format!("rank 0 of 1\nuniverse {size}\n"));
    }
}

#[test]
fn the_variables_of_another_launcher_do_not_matter_under_mpirun() {
    let mut command = Command::new("env");
    command.args(["PMI_SIZE=4", "OMPI_COMM_WORLD_SIZE=4"]).arg(common::tool("mpirun"));
    let ended = run({
        command.args(["-n", "2", &program("who")]);
        command
    });
    ended.expect_success();
    assert!(ended.out.contains("rank 0 of 2\n") && ended.out.contains("rank 1 of 2\n"), "{}", ended.out);
}

#[test]
fn a_program_learns_what_its_launcher_was_asked_for() {
    let asked = program("asked");
    let kinds = "mpi:alloc_mem,none_such";
    let words = ["-initial-errhandler", "mpi_errors_return", "-memory-alloc-kinds", kinds, "-n", "1"];
    let ended = run(mpirun(&[&words[..], &["-wdir", "/tmp", &asked, "one", "2"]].concat()));
    ended.expect_success();
    let command = format!("env command={asked}");
    for line in [
        command.as_str(),
        "env argv=one 2",
        "env maxprocs=1",
        "env wdir=/tmp",
        "env mpi_initial_errhandler=mpi_errors_return",
        "env mpi_memory_alloc_kinds=mpi:alloc_mem,none_such",
        "world mpi_memory_alloc_kinds=system,mpi,mpi:alloc_mem",
        "went on",
    ] {
        assert!(ended.out.lines().any(|l| l == line), "no {line:?} in:\n{}", ended.out);
    }
    // What nobody asked for has no value, and the first handler is the one of the standard.
    let ended = run(mpirun(&["-n", "1", &asked]));
    ended.expect(6, &["mpirun: rank 0 (", "MPI_Send failed on MPI_COMM_WORLD: MPI_ERR_RANK"]);
    for key in ["mpi_initial_errhandler", "env mpi_memory_alloc_kinds"] {
        assert!(!ended.out.contains(key), "{}", ended.out);
    }
    assert!(ended.out.contains("world mpi_memory_alloc_kinds=system,mpi\n"), "{}", ended.out);
}
