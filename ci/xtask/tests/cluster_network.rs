//! A network that fails under a job: what can be mended is, and nothing is lost, doubled or out of order; what cannot is an
//! error at every rank that needs it.

mod cluster;
mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use cluster::Cluster;
use cluster::jobs::{Job, mpirun};
use common::program;

/// The ports that ranks listen on in these tests.
const PORTS: [&str; 4] = ["47000", "47001", "47002", "47003"];

/// A job of `traffic` between two hosts, each with two ranks that all have their peers on the other one.
fn traffic<'a>(cluster: &'a Cluster, rounds: &str, patience: &str) -> Job<'a> {
    let (ports, patience) = (
        format!("RANKWISE_NET_PORTS={}-{}", PORTS[0], PORTS[3]),
        format!("RANKWISE_NET_PATIENCE={patience}"),
    );
    let program = program("traffic");
    let words =
        ["-x", &ports, "-x", &patience, "--host-timeout", "60", "--host", "h0:2,h1:2", "--map-by", "node"];
    Job::start(cluster, &mpirun(&[&words[..], &[&program, "30000", rounds]].concat()))
}

const ALL_RIGHT: [&str; 4] =
    ["rank 0 of 4: all right", "rank 1 of 4: all right", "rank 2 of 4: all right", "rank 3 of 4: all right"];

/// Does this again and again while a job runs to its end; how often it succeeded.
fn meanwhile(job: Job<'_>, mut act: impl FnMut() -> bool + Send) -> usize {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let faults = scope.spawn(|| {
            let mut count = 0;
            while !over.load(Ordering::Relaxed) {
                count += usize::from(act());
            }
            count
        });
        let ended = job.finish();
        over.store(true, Ordering::Relaxed);
        assert_eq!(ended.lines(), ALL_RIGHT);
        faults.join().unwrap()
    })
}

fn succeeds(words: &[&str]) -> bool {
    cluster::script(words).output().unwrap().status.success()
}

#[test]
fn connections_that_are_reset_lose_nothing() {
    let Some(cluster) = Cluster::up(2) else { return };
    let mut resets = 0;
    let mut turn = 0;
    while resets < 30 {
        resets += meanwhile(traffic(&cluster, "3000", "60"), || {
            turn += 1;
            // Whether a port has a connection just now is left to chance.
            succeeds(&["reset", ["h0", "h1"][turn % 2], PORTS[turn / 2 % PORTS.len()]])
        });
    }
}

#[test]
fn a_network_that_is_away_for_a_moment_loses_nothing() {
    let Some(cluster) = Cluster::up(2) else { return };
    let mut turn = 0;
    let mut gaps = 0;
    while gaps < 3 {
        gaps += meanwhile(traffic(&cluster, "2000", "60"), || {
            turn += 1;
            let begun = match turn % 3 {
                0 => succeeds(&["cut", "h1"]),
                1 => succeeds(&["oneway", "h0", "h1"]),
                _ => succeeds(&["oneway", "h1", "h0"]),
            };
            thread::sleep(Duration::from_millis(300));
            let ended = succeeds(&["mend", "h1"]);
            // The job gets on meanwhile.
            thread::sleep(Duration::from_millis(500));
            begun && ended
        });
    }
}

#[test]
fn a_network_that_stays_away_is_an_error_that_names_the_peer() {
    let Some(cluster) = Cluster::up(2) else { return };
    let job = traffic(&cluster, "1000000000", "2");
    job.wait_until(&["h0", "h1"], 2, "traffic 30000");
    // The launcher's own connection stays: only ranks lose each other.
    let ports = format!("{{ {} }}", PORTS.join(", "));
    for way in ["sport", "dport"] {
        let rule = format!("add rule inet lost out tcp {way} {ports} drop");
        let table = "add table inet lost; add chain inet lost out { type filter hook output priority 0; };";
        cluster.exec("h0", &["nft", &format!("{table} {rule}")]);
    }
    let ended = job.finish();
    assert_eq!(ended.code, Some(16), "{ended:?}");
    assert!(ended.err.contains("cannot be reached any more"), "{ended:?}");
}
