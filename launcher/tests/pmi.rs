//! Programs of other MPIs, as a client of PMI-1 and one of PMI-2 that need no MPI.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use common::{Outcome, Running, mpirun};
use tempfile::TempDir;

/// Says some lines to the server (what is behind `>`), and prints the answers.
const CLIENT: &str = r#"#!/usr/bin/env python3
import os, socket, sys
server = socket.socket(fileno=int(os.environ["PMI_FD"])).makefile("rw", newline="\n")
rank = int(os.environ["PMI_RANK"])
for line in sys.argv[1:]:
    words = line.replace("RANK", str(rank)).replace("NEXT", str((rank + 1) % int(os.environ["PMI_SIZE"])))
    if words == "exit":
        sys.exit(3)
    server.write(words + "\n")
    server.flush()
    answer = server.readline().strip()
    if words.startswith("cmd=get "):
        print(f"{rank} {answer}", flush=True)
"#;

/// A remote shell that stays here, a client, and a directory for them.
fn files() -> (TempDir, String, String) {
    let dir = tempfile::tempdir().unwrap();
    let make = |name: &str, text: &str| {
        let file = dir.path().join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file.to_str().unwrap().to_string()
    };
    let shell = make("remote-shell", "#!/bin/sh\nshift; exec sh -c \"$*\"\n");
    let client = make("client", CLIENT);
    (dir, shell, client)
}

fn run(options: &[&str], lines: &[&str]) -> Outcome {
    let (_dir, shell, client) = files();
    let mut command = mpirun(&[options, &[client.as_str()], lines].concat());
    command.env("RANKWISE_RSH", shell);
    Running::start(command).finish()
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

const INIT: &str = "cmd=init pmi_version=1 pmi_subversion=1";

#[test]
fn ranks_on_several_hosts_exchange_values() {
    for hosts in [&["-n", "3"][..], &["--host", "no-a:2,no-b:1"], &["--host", "localhost:1,no-b:2"]] {
        let put = "cmd=put kvsname=x key=card-RANK value=RANK = $#";
        let get = "cmd=get kvsname=x key=card-NEXT";
        let outcome = run(hosts, &[INIT, put, "cmd=barrier_in", get, "cmd=barrier_in", "cmd=finalize"]);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let answer = |rank: u32| format!("{rank} cmd=get_result rc=0 value={} = $#", (rank + 1) % 3);
        assert_eq!(sorted(&outcome.out), [answer(0), answer(1), answer(2)]);
    }
}

#[test]
fn where_ranks_run_is_told() {
    let get = "cmd=get kvsname=x key=PMI_process_mapping";
    let outcome = run(&["--host", "no-a:2,no-b:1"], &[INIT, get, "cmd=finalize"]);
    let answer = |rank: u32| format!("{rank} cmd=get_result rc=0 value=(vector,(0,1,2),(1,1,1))");
    assert_eq!(sorted(&outcome.out), [answer(0), answer(1), answer(2)], "{}", outcome.err);
}

#[test]
fn an_abort_and_an_end_too_early_end_the_job() {
    let abort = "cmd=abort exitcode=9 message=all is lost";
    let outcome = run(&["--host", "no-a:1,no-b:1"], &[INIT, "cmd=barrier_in", abort]);
    assert_eq!(outcome.code, 9, "{}", outcome.err);
    assert!(outcome.err.contains("): all is lost"), "{}", outcome.err);
    let outcome = run(&["-n", "2"], &[INIT, "exit"]);
    assert_eq!(outcome.code, 3);
    assert!(outcome.err.contains("exited with code 3 after MPI_Init"), "{}", outcome.err);
    let outcome = run(&["-n", "2"], &[INIT]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("without calling MPI_Finalize"), "{}", outcome.err);
}

#[test]
fn the_variables_are_of_this_job() {
    let mut command =
        mpirun(&["-n", "2", "sh", "-c", "echo $PMI_RANK/$PMI_SIZE $MPI_LOCALRANKID $PMI_PORT$PMI_ID"]);
    command
        .env("PMI_RANK", "7")
        .env("PMI_SIZE", "8")
        .env("PMI_FD", "99")
        .env("PMI_PORT", "h:1")
        .env("PMI_ID", "7");
    let outcome = Running::start(command).finish();
    assert_eq!(sorted(&outcome.out), ["0/2 0", "1/2 1"], "{}", outcome.err);
}

#[test]
fn the_probe_of_the_cluster_is_served() {
    let probe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ci/cluster/probes/pmi1-client.py");
    let outcome = Running::start(mpirun(&["-n", "2", "python3", probe.to_str().unwrap()])).finish();
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let lines = sorted(&outcome.out);
    assert!(lines[1].starts_with("rank 1 of 2, cards "), "{}", outcome.out);
    assert!(lines[1].contains("mapping (vector,(0,1,2)), "), "{}", outcome.out);
}
