//! What can be asked of mpirun, and where programs find themselves.

mod common;

use common::{Running, mpirun, run};

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn every_rank_knows_its_place() {
    let script = "echo $RANKWISE_RANK $RANKWISE_SIZE $RANKWISE_LOCAL_RANK $RANKWISE_LOCAL_SIZE";
    let outcome = run(&["-np", "3", "sh", "-c", script]);
    assert_eq!(sorted(&outcome.out), ["0 3 0 3", "1 3 1 3", "2 3 2 3"]);
}

#[test]
fn many_more_ranks_than_cores_are_welcome() {
    let outcome = run(&["-n", "100", "sh", "-c", "echo $RANKWISE_RANK"]);
    assert_eq!((outcome.code, outcome.out.lines().count()), (0, 100), "{}", outcome.err);
}

#[test]
fn several_programs_make_one_job() {
    let outcome = run(&[
        "-n",
        "1",
        "sh",
        "-c",
        "echo a $RANKWISE_RANK",
        ":",
        "-n",
        "2",
        "sh",
        "-c",
        "echo b $RANKWISE_RANK",
    ]);
    assert_eq!(sorted(&outcome.out), ["a 0", "b 1", "b 2"]);
}

#[test]
fn variables_are_set_and_inherited() {
    let mut command = mpirun(&[
        "-genv",
        "G",
        "g",
        "-x",
        "A=a=1",
        "-x",
        "HERE",
        "-env",
        "B",
        "b c",
        "sh",
        "-c",
        "echo $G,$A,$B,$HERE",
        ":",
        "sh",
        "-c",
        "echo $G,$A,$B,$HERE",
    ]);
    command.env("HERE", "h").env("B", "outer").env_remove("A");
    let outcome = Running::start(command).finish();
    assert_eq!(sorted(&outcome.out), ["g,,outer,h", "g,a=1,b c,h"]);
}

#[test]
fn programs_start_in_their_directory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().canonicalize().unwrap();
    for flag in ["-wdir", "--wdir", "-wd"] {
        let outcome = run(&[flag, path.to_str().unwrap(), "pwd"]);
        assert_eq!(outcome.out.trim(), path.to_str().unwrap());
    }
    let outcome = run(&["-wdir", "/no/such/directory", "pwd"]);
    assert_eq!(outcome.code, 126);
    assert!(outcome.err.contains("/no/such/directory"), "{}", outcome.err);
}

#[test]
fn a_program_is_found_beside_the_user_and_in_the_given_path() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join("own-program");
    std::fs::write(&program, "#!/bin/sh\necho found\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = dir.path().to_str().unwrap();
    assert_eq!(run(&["-wdir", path, "own-program"]).out, "found\n");
    assert_eq!(run(&["-wdir", path, "./own-program"]).out, "found\n");
    assert_eq!(run(&["-path", path, "own-program"]).out, "found\n");
    assert_eq!(run(&["own-program"]).code, 127);
}

#[test]
fn an_unknown_flag_is_named_with_its_nearest_relative() {
    let outcome = run(&["--tga-output", "true"]);
    assert_eq!(outcome.code, 2);
    assert_eq!(outcome.err, "mpirun: there is no flag --tga-output; the nearest one is --tag-output\n");
}

#[test]
fn habits_from_other_launchers_do_no_harm() {
    let flags = "-quiet --mca pml ob1 --oversubscribe --allow-run-as-root -genvall -hosts localhost -ppn 2 -launcher fork";
    let mut arguments: Vec<&str> = flags.split(' ').collect();
    arguments.extend(["-n", "2", "echo", "x"]);
    let outcome = run(&arguments);
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "x\nx\n", ""));
}

#[test]
fn help_version_man_page_and_completions_are_there() {
    let help = run(&["--help"]);
    assert_eq!(help.code, 0);
    for heading in ["What to run:", "Where ranks run:", "Input and output:", "The job:"] {
        assert!(help.out.contains(heading), "{}", help.out);
    }
    assert!(run(&["--version"]).out.contains(env!("CARGO_PKG_VERSION")));
    assert!(run(&["--generate", "man"]).out.contains(".TH mpirun"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(&["--generate", shell]).out.contains("bind-to"), "{shell}");
    }
    let nothing = run(&[]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("--help"), "{}", nothing.err);
}

#[test]
fn verbose_says_who_runs_where() {
    let outcome = run(&["-v", "-n", "2", "--bind-to", "none", "true"]);
    let said = sorted(&outcome.err);
    assert_eq!(said.len(), 2, "{}", outcome.err);
    assert!(said[0].starts_with("mpirun: rank 0 of 2 (") && said[0].ends_with("is not bound"), "{}", said[0]);
}

#[test]
fn ranks_are_bound_as_the_user_says() {
    let mut command = mpirun(&["-v", "-n", "4", "--map-by", "socket", "true"]);
    command.env("HWLOC_SYNTHETIC", "pack:2 core:2 pu:2");
    let outcome = Running::start(command).finish();
    for (rank, cpus) in [(0, "0-1"), (1, "4-5"), (2, "2-3"), (3, "6-7")] {
        let line = outcome.err.lines().find(|line| line.contains(&format!("rank {rank} of"))).unwrap();
        assert!(line.contains(&format!("bound to processors {cpus}")), "{line}");
    }
    let script = "grep Cpus_allowed_list: /proc/self/status";
    let outcome = run(&["-n", "2", "--bind-to", "hwthread", "--map-by", "hwthread", "sh", "-c", script]);
    let cpus: Vec<&str> = outcome.out.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert!(cpus.len() == 2 && cpus.iter().all(|cpus| cpus.parse::<u32>().is_ok()), "{}", outcome.out);
}

#[test]
fn a_job_inside_a_job_is_a_job_of_its_own() {
    let mpirun = env!("CARGO_BIN_EXE_mpirun");
    let outcome = run(&["-n", "2", mpirun, "-n", "3", "sh", "-c", "echo $RANKWISE_SIZE"]);
    assert_eq!((outcome.code, outcome.out), (0, "3\n".repeat(6)));
}
