//! A peer that is given up: whatever waits for it fails and says why, and nothing else does.

use std::rc::Rc;

use rankwise_core::{ANY_SOURCE, ANY_TAG, Error, Handle, Result, SendMode, World};
use rankwise_testkit::faults::{Faults, faulty};
use rankwise_testkit::worlds::{BYTE, INT64, Worlds, buffer};
use rankwise_transport::loopback::{Loopback, Settings};

const WORLD: Handle = Handle::COMM_WORLD;
/// `MPI_SUM`.
const SUM: Handle = Handle(0x21);

/// Longer than what is sent unasked.
const LONG: usize = 5000;

fn job(ranks: usize, seed: u64) -> (Worlds, Rc<Faults>) {
    let (network, faults) = faulty(Loopback::network(ranks, Settings { seed, ..Settings::default() }), seed);
    (Worlds::new(network, seed), faults)
}

#[track_caller]
fn assert_lost<T: std::fmt::Debug>(result: Result<T>) {
    let error: Error = result.expect_err("nobody can have answered");
    assert_eq!(error.class.name(), Some("MPI_ERR_OTHER"), "{error}");
    let text = error.to_string();
    assert!(text.contains("rank 2") && text.contains("the test has cut the wire"), "{text}");
}

#[test]
fn what_waits_for_a_lost_peer_fails_and_nothing_else() {
    let (mut worlds, faults) = job(3, 1);
    let mut inboxes = vec![vec![0u8; LONG]; 6];
    let mut outbox = vec![7u8; LONG];
    let [a, b, c, d, e, f] = &mut inboxes[..] else { unreachable!() };
    let world = worlds.rank(0);
    let byte = |vec: &mut Vec<u8>| buffer(&mut vec[..], BYTE);
    let mut small = vec![1u8; 8];
    let lost = vec![
        world.irecv(byte(a), 2, 5, WORLD).unwrap(),
        world.irecv(byte(b), ANY_SOURCE, ANY_TAG, WORLD).unwrap(),
        // Offered, and never asked for.
        world.isend(SendMode::Standard, byte(&mut outbox), 2, 1, WORLD).unwrap(),
        // Sent, and never matched.
        world.isend(SendMode::Synchronous, byte(&mut small), 2, 2, WORLD).unwrap(),
        world.isendrecv(byte(&mut small), 1, 3, byte(c), 2, 3, WORLD).unwrap(),
    ];
    let persistent = world.recv_init(byte(d), 2, 9, WORLD).unwrap();
    world.start_all(&[persistent]).unwrap();
    let psend = world.psend_init(byte(&mut outbox), 1, 2, 4, WORLD).unwrap();
    let precv = world.precv_init(byte(e), 1, 2, 4, WORLD).unwrap();
    world.start_all(&[psend, precv]).unwrap();
    // On a communicator without the lost one even a wildcard goes on waiting.
    let own = world.irecv(byte(f), ANY_SOURCE, ANY_TAG, Handle::COMM_SELF).unwrap();
    faults.lose(0, 2);
    let mut all = lost.clone();
    all.extend([persistent, psend, precv]);
    for result in worlds.finish(all.into_iter().map(|request| (0, request)).collect()) {
        assert_lost(result);
    }
    let world = worlds.rank(0);
    let mut request = own;
    assert!(world.test(&mut request).unwrap().is_none());
    // What is started afterwards fails at once.
    let later = vec![
        world.irecv(byte(a), 2, 5, WORLD).unwrap(),
        world.irecv(byte(b), ANY_SOURCE, ANY_TAG, WORLD).unwrap(),
        world.isend(SendMode::Standard, byte(&mut outbox), 2, 1, WORLD).unwrap(),
        world.isend(SendMode::Standard, byte(&mut small), 2, 1, WORLD).unwrap(),
    ];
    world.start_all(&[persistent, psend, precv]).unwrap();
    let results = worlds.finish(later.into_iter().map(|request| (0, request)).collect());
    results.into_iter().enumerate().for_each(|(i, result)| match i {
        0 | 1 => assert_lost(result),
        _ => assert!(result.unwrap_err().to_string().contains("cut the wire")),
    });
    for result in worlds.finish(vec![(0, persistent), (0, psend), (0, precv)]) {
        assert_lost(result);
    }
    let world = worlds.rank(0);
    assert_lost(world.probe(2, 0, WORLD));
    assert_lost(world.iprobe(ANY_SOURCE, 0, WORLD));
    assert_lost(world.mprobe(2, 0, WORLD));
    assert_lost(world.improbe(2, 0, WORLD));
    // The others are there as before.
    let request = world.isend(SendMode::Synchronous, byte(&mut small), 1, 8, WORLD).unwrap();
    let receive = worlds.rank(1).irecv(byte(a), 0, 8, WORLD).unwrap();
    worlds.succeed(vec![(0, request), (1, receive)]);
    let world = worlds.rank(0);
    world.cancel(own).unwrap();
}

#[test]
fn what_had_come_is_received_and_what_had_begun_is_not() {
    let (mut worlds, faults) = job(3, 2);
    let mut small = [vec![3u8; 8], vec![0u8; 8]];
    let mut long = [vec![4u8; LONG], vec![0u8; LONG], vec![0u8; LONG]];
    let [out, into] = &mut small;
    let [out_long, into_long, into_probed] = &mut long;
    let sender = worlds.rank(2);
    let whole = sender.isend(SendMode::Standard, buffer(out, BYTE), 0, 1, WORLD).unwrap();
    let _offers = [
        sender.isend(SendMode::Standard, buffer(out_long, BYTE), 0, 2, WORLD).unwrap(),
        sender.isend(SendMode::Standard, buffer(out_long, BYTE), 0, 3, WORLD).unwrap(),
    ];
    worlds.succeed(vec![(2, whole)]);
    let world = worlds.rank(0);
    world.probe(2, 2, WORLD).unwrap();
    let (message, _) = world.mprobe(2, 3, WORLD).unwrap();
    faults.lose(0, 2);
    world.progress().unwrap();
    let received = world.irecv(buffer(into, BYTE), 2, 1, WORLD).unwrap();
    worlds.succeed(vec![(0, received)]);
    assert_eq!(into, &vec![3u8; 8]);
    let world = worlds.rank(0);
    assert_lost(world.recv(buffer(into_long, BYTE), 2, 2, WORLD));
    assert_lost(world.mrecv(buffer(into_probed, BYTE), message));
}

/// Rank 2 is lost to all others; every collective of theirs ends, and where something was to come from rank 2 with an
/// error.
#[test]
fn collectives_end() {
    for seed in 0..10 {
        let (mut worlds, faults) = job(4, seed);
        (0..4).filter(|&rank| rank != 2).for_each(|rank| faults.lose(rank, 2));
        let each = |world: &World| {
            if world.rank() == 2 {
                return Vec::new();
            }
            let (mut one, mut all) = (vec![1i64], vec![0i64; 4]);
            let own = |vec: &mut Vec<i64>, count: usize| buffer(&mut vec[..count], INT64);
            vec![
                world.barrier(WORLD),
                world.bcast(own(&mut one, 1), 2, WORLD),
                world.allreduce(own(&mut one, 1), own(&mut all, 1), SUM, WORLD),
                world.allgather(own(&mut one, 1), own(&mut all, 1), WORLD),
            ]
        };
        let results = worlds.run(each);
        // Whoever is next to rank 2 in an operation notices.
        for operation in 0..4 {
            let failed = results.iter().filter(|r| r.get(operation).is_some_and(|r| r.is_err())).count();
            assert!(failed > 0, "operation {operation}, seed {seed}");
        }
    }
}
