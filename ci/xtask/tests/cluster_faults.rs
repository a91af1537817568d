//! The faults of ci/cluster: each does what it says, and can be taken back.

mod cluster;
mod common;

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use cluster::{Cluster, exit_code};
use common::wait_for;

/// Whether h0 can log in on h1, with an answer within a second.
fn reaches(cluster: &Cluster) -> bool {
    let mut ssh = cluster.command("h0", &["ssh", "-n", "-oConnectTimeout=1", "h1", "true"]);
    ssh.stderr(Stdio::null()).status().unwrap().success()
}

/// Sends a word as a datagram.
fn send(cluster: &Cluster, from: &str, to: &str, word: &str) {
    let code = "import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), (sys.argv[1], 7777))";
    cluster.exec(from, &["python3", "-c", code, to, word]);
}

/// Prints the words that arrive at a host until one is `end`.
fn receive(cluster: &Cluster, host: &str) -> (Child, BufReader<ChildStdout>) {
    let code = "import socket
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(('', 7777))
word = 'ready'
print(word, flush=True)
while word != 'end':
    word = receiver.recv(100).decode()
    print(word, flush=True)";
    let mut child = cluster.command(host, &["python3", "-c", code]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    (child, lines)
}

/// The words that h1 gets when h0 sends one and h2 the `end`.
fn words_at_h1(cluster: &Cluster) -> Vec<String> {
    let (child, lines) = receive(cluster, "h1");
    send(cluster, "h0", "h1", "from h0");
    send(cluster, "h2", "h1", "end");
    let words = lines.lines().map(Result::unwrap).collect();
    assert_eq!(exit_code(child), Some(0));
    words
}

#[test]
fn a_cable_is_pulled_out_and_put_back() {
    let Some(cluster) = Cluster::up(2) else { return };
    assert!(reaches(&cluster));
    cluster.fault(&["cut", "h1"]);
    assert!(!reaches(&cluster));
    cluster.fault(&["mend", "h1"]);
    wait_for("h0 reaches h1 again", || reaches(&cluster));
}

#[test]
fn one_direction_fails_alone() {
    let Some(cluster) = Cluster::up(3) else { return };
    assert_eq!(words_at_h1(&cluster), ["from h0", "end"]);
    cluster.fault(&["oneway", "h0", "h1"]);
    assert_eq!(words_at_h1(&cluster), ["end"]);
    let (child, lines) = receive(&cluster, "h0");
    send(&cluster, "h1", "h0", "end");
    assert_eq!(lines.lines().map(Result::unwrap).collect::<Vec<_>>(), ["end"]);
    assert_eq!(exit_code(child), Some(0));
    cluster.fault(&["mend", "h1"]);
    assert_eq!(words_at_h1(&cluster), ["from h0", "end"]);
}

#[test]
fn a_connection_is_reset() {
    let Some(cluster) = Cluster::up(2) else { return };
    let mut ssh = cluster.command("h0", &["ssh", "-n", "h1", "echo there; exec sleep 1000"]);
    let mut child = ssh.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "there\n");
    cluster.fault(&["reset", "h1", "22"]);
    assert_eq!(exit_code(child), Some(255));
    assert!(reaches(&cluster));
}

#[test]
fn a_host_is_frozen_and_thawed() {
    let Some(cluster) = Cluster::up(2) else { return };
    let pid = cluster.exec("h1", &["sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"]);
    let file = format!("/proc/{}/stat", pid.trim());
    let state = || cluster.exec("h1", &["cut", "-d", " ", "-f", "3", &file]);
    assert_eq!(state(), "S\n");
    cluster.fault(&["freeze", "h1"]);
    wait_for("it stops", || state() == "T\n");
    assert!(!reaches(&cluster));
    cluster.fault(&["thaw", "h1"]);
    wait_for("it goes on", || state() == "S\n");
    wait_for("h0 reaches h1 again", || reaches(&cluster));
}

#[test]
fn a_bad_cable_delays_drops_and_mixes_up() {
    let Some(cluster) = Cluster::up(2) else { return };
    // Each end waits for the other's answer at least once, and no frame is ever early.
    cluster.fault(&["wire", "h1", "delay=100"]);
    let begun = Instant::now();
    cluster.exec("h0", &["ssh", "-n", "h1", "true"]);
    assert!(begun.elapsed() >= Duration::from_millis(200));

    // A second wire takes the place of the first.
    cluster.fault(&[
        "wire",
        "h1",
        "delay=1",
        "jitter=1",
        "loss=3",
        "dup=3",
        "reorder=3",
        "corrupt=3",
        "rate=200",
    ]);
    let copy = "head -c 2000000 /dev/zero | ssh h1 'tr \"\\0\" x | md5sum'";
    let straight = "head -c 2000000 /dev/zero | tr '\\0' x | md5sum";
    assert_eq!(cluster.exec("h0", &["sh", "-c", copy]), cluster.exec("h0", &["sh", "-c", straight]));
    let counts = cluster.fault(&["wire", "h1", "stop"]);
    for what in ["carried", "lost", "doubled", "reordered", "corrupted"] {
        let (before, _) =
            counts.split_once(&format!(" {what}")).unwrap_or_else(|| panic!("{what}: {counts}"));
        let count: u32 = before.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(count > 0, "nothing is {what}: {counts}");
    }
    assert!(reaches(&cluster));
    assert_eq!(cluster.fault(&["wire", "h1", "stop"]), "");
}
