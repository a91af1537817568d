//! Our programs as ranks of somebody else's launcher, on this host: the server of PMI-1 in ci/cluster/probes.

mod common;

use std::process::Command;

use common::{Ended, program, root, run};

/// Ranks that the server has started.
fn launched(ranks: u32, words: &[&str]) -> Ended {
    let mut command = Command::new("python3");
    command.arg(root().join("ci/cluster/probes/pmi1-server.py")).args(["--fd", "here", &ranks.to_string()]);
    command.args(words);
    run(command)
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn programs_are_ranks_and_share_memory() {
    let ended = launched(3, &[&program("who")]);
    ended.expect_success();
    assert_eq!(sorted(&ended.out), ["rank 0 of 3", "rank 1 of 3", "rank 2 of 3"]);
    launched(4, &[&program("traffic"), "300000", "3"]).expect_success();
    let ended = launched(1, &[&program("who"), "universe"]);
    ended.expect_success();
    assert!(ended.out.contains("rank 0 of 1\n"), "{}", ended.out);
}

#[test]
fn what_a_rank_starts_is_a_world_of_its_own() {
    let who = program("who");
    // Directly, by a shell, and by a program that hands down the environment that it had at first.
    let copied = format!("import subprocess; subprocess.run(['{who}'])");
    for child in [vec![who.as_str()], vec!["sh", "-c", &who], vec!["python3", "-c", &copied]] {
        let ended = launched(2, &[&[program("parent").as_str()], &child[..]].concat());
        ended.expect_success();
        assert_eq!(ended.out, "rank 0 of 1\n".repeat(2), "{child:?}");
    }
}

#[test]
fn an_abort_is_said_and_a_server_that_is_not_there_is_named() {
    let ended = launched(3, &[&program("ends"), "abort", "7", "recv"]);
    assert_ne!(ended.code, 0);
    assert!(ended.err.contains(") called MPI_Abort with code 7 on MPI_COMM_WORLD"), "{}", ended.err);
    assert!(ended.err.contains("a rank has aborted: cmd=abort exitcode=7 message=rank 1 "), "{}", ended.err);
    let variables = ["PMI_FD=99", "PMI_RANK=0", "PMI_SIZE=2"];
    let mut command = Command::new("env");
    command.args(variables).arg(program("who"));
    let ended = run(command);
    assert_eq!(ended.code, 16, "{}", ended.err);
    for word in ["serves PMI (PMI_FD=99)", "closed on the way", "RANKWISE_SINGLETON=1"] {
        assert!(ended.err.contains(word), "no {word:?} in:\n{}", ended.err);
    }
    let mut command = Command::new("env");
    command.args(["PMIX_NAMESPACE=x", "PMIX_RANK=0", "RANKWISE_PMIX=libnone.so"]).arg(program("who"));
    let ended = run(command);
    assert_eq!(ended.code, 16, "{}", ended.err);
    assert!(ended.err.contains("libnone.so cannot be loaded"), "{}", ended.err);
}
