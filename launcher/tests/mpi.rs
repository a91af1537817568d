//! Ranks that talk to mpirun, as MPI's library does for a program.
//!
//! This test program is its own rank: mpirun starts it with a variable that says what to do.

mod common;

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::{Command, exit};

use common::{Outcome, Running, marked, marker, mpirun, wait_for};
use rankwise_boot::message::Reason;
use rankwise_boot::{Client, Started, start};

const ACT: &str = "RANKWISE_TEST_ACT";

/// Runs this very test alone, in `-n` processes that do what `act` says.
fn job(ranks: u32, act: &str) -> Outcome {
    Running::start(command(ranks, act)).finish()
}

fn own_words() -> [String; 5] {
    let own = std::env::current_exe().unwrap().to_str().unwrap().to_string();
    [own, "--exact".into(), "a_rank".into(), "--nocapture".into(), "--quiet".into()]
}

fn command(ranks: u32, act: &str) -> Command {
    let ranks = ranks.to_string();
    let mut command = mpirun(&["-n", &ranks]);
    command.args(own_words()).env(ACT, act);
    command
}

/// Not a test of its own: what the processes do that the tests start.
#[test]
fn a_rank() {
    let Ok(act) = std::env::var(ACT) else { return };
    let way = std::env::var("RANKWISE_BOOT").unwrap_or_default();
    match start() {
        Ok(Started::Member(client)) => as_member(&client, &act, &way),
        Ok(Started::Alone(job)) => eprintln!("alone {} {}", job.rank, job.size),
        Err(e) => {
            eprintln!("start: {e}");
            exit(90)
        }
    }
    exit(0)
}

fn as_member(client: &Client, act: &str, way: &str) {
    let job = client.job();
    match act {
        "finalize" => {
            eprintln!("rank {} {} {} {:?}", job.rank, job.size, job.local_size, job.appnum);
            client.finalized();
        }
        "universe" => {
            eprintln!("universe {:?}", job.universe_size);
            client.finalized();
        }
        "forget" => {}
        "abort" if job.rank == 2 => client.abort(7, Reason::Called("MPI_COMM_WORLD".into())),
        "abort-0" if job.rank == 2 => client.abort(0, Reason::Called("MPI_COMM_WORLD".into())),
        "late" => {
            meet(client);
            client.finalized();
            if job.rank == 0 {
                exit(3);
            }
        }
        "meet" => {
            meet(client);
            client.finalized();
        }
        "nested" => {
            let [own, words @ ..] = own_words();
            let mpirun = env!("CARGO_BIN_EXE_mpirun");
            assert!(Command::new(&own).args(&words).status().unwrap().success());
            assert!(
                Command::new(mpirun)
                    .args(["-n", "2", &own])
                    .args(&words)
                    .env(ACT, "finalize")
                    .status()
                    .unwrap()
                    .success()
            );
            // As a program does that has copied its environment before it called MPI_Init.
            let mut copy = Command::new(&own);
            assert!(copy.args(&words).env("RANKWISE_BOOT", way).status().unwrap().success());
            client.finalized();
        }
        "come" => {
            std::fs::write("here", "").unwrap();
            std::thread::park();
        }
        // The others of "abort": they wait for ever.
        _ => loop {
            std::thread::park();
        },
    }
}

/// Waits until all ranks have been here: each has a byte in the segment.
fn meet(client: &Client) {
    let segment = File::from(client.segment().unwrap());
    let (rank, size) = (u64::from(client.job().rank), client.job().size as usize);
    let here = || {
        let mut bytes = vec![0; size];
        let length = segment.read_at(&mut bytes, 0).unwrap();
        bytes[..length].iter().filter(|&&byte| byte == 1).count()
    };
    let mut own = [0];
    segment.read_at(&mut own, rank).unwrap();
    assert_eq!(own, [0], "this segment has been used by others");
    segment.write_all_at(&[1], rank).unwrap();
    wait_for("the other ranks", || here() == size);
}

fn said<'a>(outcome: &'a Outcome, start: &str) -> Vec<&'a str> {
    let mut lines: Vec<&str> = outcome.err.lines().filter(|line| line.starts_with(start)).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn an_abort_with_code_0_is_no_success() {
    let outcome = job(3, "abort-0");
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    assert!(outcome.err.contains("called MPI_Abort with code 0 on MPI_COMM_WORLD"), "{}", outcome.err);
}

#[test]
fn every_rank_learns_who_it_is() {
    let outcome = job(3, "finalize");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(said(&outcome, "rank "), ["rank 0 3 3 Some(0)", "rank 1 3 3 Some(0)", "rank 2 3 3 Some(0)"]);
    assert!(said(&outcome, "mpirun:").is_empty(), "{}", outcome.err);
}

#[test]
fn the_universe_is_as_large_as_the_user_says() {
    for (wish, size) in [("7", "Some(7)"), ("INFINITE", "None")] {
        let mut command = mpirun(&["-usize", wish, "-n", "1"]);
        command.args(own_words()).env(ACT, "universe");
        let outcome = Running::start(command).finish();
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        assert_eq!(said(&outcome, "universe "), [format!("universe {size}")]);
    }
}

#[test]
fn ranks_share_one_segment() {
    let outcome = job(4, "meet");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
}

#[test]
fn programs_one_after_the_other_have_a_segment_each() {
    let [own, words @ ..] = own_words();
    let script = format!("{own} {0} && {own} {0}", words.join(" "));
    let mut command = mpirun(&["-n", "3", "sh", "-c", &script]);
    command.env(ACT, "meet");
    let outcome = Running::start(command).finish();
    assert_eq!(outcome.code, 0, "{}", outcome.err);
}

#[test]
fn leaving_without_finalize_is_a_failure_that_says_so() {
    let outcome = job(1, "forget");
    assert_eq!(outcome.code, 1);
    let said = said(&outcome, "mpirun:");
    assert!(
        said.len() == 1 && said[0].ends_with("after MPI_Init without calling MPI_Finalize"),
        "{}",
        outcome.err
    );
}

#[test]
fn a_rank_that_never_comes_to_init_is_missed() {
    let [own, words @ ..] = own_words();
    let words = words.join(" ");
    // Whether it ends before or after the others have called MPI_Init.
    for patience in ["", "until test -e here; do sleep 0.01; done;"] {
        let dir = tempfile::tempdir().unwrap();
        let script = format!(
            "if test $RANKWISE_RANK = 1; then {patience} exit 0; fi; \
             exec {own} {words}"
        );
        let mut command = mpirun(&["-n", "2", "-wdir", dir.path().to_str().unwrap(), "sh", "-c", &script]);
        command.env(ACT, "come");
        let outcome = Running::start(command).finish();
        assert_eq!(outcome.code, 1, "{}", outcome.err);
        let said = said(&outcome, "mpirun:");
        assert!(
            said.len() == 1 && said[0].contains("rank 1 (") && said[0].contains("without calling MPI_Init")
        );
    }
}

#[test]
fn an_abort_ends_the_job_with_its_code() {
    let outcome = job(4, "abort");
    assert_eq!(outcome.code, 7);
    let said = said(&outcome, "mpirun:");
    assert_eq!(said.len(), 1, "{}", outcome.err);
    assert!(
        said[0].starts_with("mpirun: rank 2 (")
            && said[0].ends_with(") called MPI_Abort with code 7 on MPI_COMM_WORLD")
    );
}

#[test]
fn a_failure_after_finalize_counts_and_ends_nobody() {
    let outcome = job(3, "late");
    assert_eq!(outcome.code, 3, "{}", outcome.err);
    assert_eq!(said(&outcome, "mpirun:").len(), 1, "{}", outcome.err);
}

#[test]
fn what_a_rank_starts_is_a_world_of_its_own() {
    let outcome = job(2, "nested");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(said(&outcome, "alone"), ["alone 0 1"; 4]);
    assert_eq!(said(&outcome, "rank 0 2 2").len(), 2, "{}", outcome.err);
}

#[test]
fn a_way_that_was_closed_is_an_error_rather_than_a_world_of_one() {
    let [own, words @ ..] = own_words();
    // Which descriptor it is stands before the colon.
    let script = format!("eval \"exec ${{RANKWISE_BOOT%%:*}}>&-\"; exec {own} {}", words.join(" "));
    let mut command = mpirun(&["-n", "2", "bash", "-c", &script]);
    command.env(ACT, "finalize");
    let outcome = Running::start(command).finish();
    assert_eq!(outcome.code, 90);
    assert!(outcome.err.contains("was closed on the way"), "{}", outcome.err);
    let mut command = mpirun(&["-n", "2", "bash", "-c", &script]);
    command.env(ACT, "finalize").env("RANKWISE_SINGLETON", "1");
    assert_eq!(said(&Running::start(command).finish(), "alone"), ["alone 0 1"; 2]);
}

#[test]
fn without_mpirun_a_program_is_alone_unless_a_foreign_launcher_is_seen() {
    let [own, words @ ..] = own_words();
    let with = |variables: &[(&str, &str)]| {
        let mut command = Command::new(&own);
        command.args(&words).env(ACT, "finalize").envs(variables.iter().copied());
        for name in ["RANKWISE_BOOT", "PMI_SIZE", "PMIX_RANK", "OMPI_COMM_WORLD_SIZE", "SLURM_STEP_ID"] {
            if variables.iter().all(|(set, _)| *set != name) {
                command.env_remove(name);
            }
        }
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    assert!(with(&[]).contains("alone 0 1"));
    assert!(with(&[("SLURM_PROCID", "0"), ("SLURM_NTASKS", "4")]).contains("alone 0 1"));
    let mixed = with(&[("OMPI_COMM_WORLD_SIZE", "4")]);
    assert!(mixed.contains("Open MPI") && mixed.contains("OMPI_COMM_WORLD_SIZE=4"), "{mixed}");
    assert!(with(&[("OMPI_COMM_WORLD_SIZE", "4"), ("RANKWISE_SINGLETON", "1")]).contains("alone"));
}

#[test]
fn ranks_that_wait_for_one_that_was_killed_are_ended() {
    let marker = marker();
    let mut command = command(3, "wait");
    command.arg(&marker);
    let running = Running::start(command);
    wait_for("the ranks", || marked(&marker).len() == 3);
    rankwise_os::signal::send(marked(&marker)[1], rankwise_os::signal::Signal::SIGKILL).unwrap();
    let outcome = running.finish();
    assert_eq!(outcome.code, 137);
    assert_eq!(said(&outcome, "mpirun:").len(), 1, "{}", outcome.err);
    assert!(marked(&marker).is_empty());
}
