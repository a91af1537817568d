//! Communicators that are copied while others are made: no two of a process have one context, whatever the order of
//! things, and all of them come to be.

use rankwise_core::attribute::{CopyFunction, DeleteFunction};
use rankwise_core::{ErrorClass, Handle, Kind, SendMode, TestAny, World};
use rankwise_testkit::networks;
use rankwise_testkit::random::Random;
use rankwise_testkit::worlds::{INT64, Worlds, buffer};
use rankwise_transport::loopback::Settings;
use std::rc::Rc;

const WORLD: Handle = Handle::COMM_WORLD;
const NULL: Handle = Handle::INFO_NULL;

/// Sends a number over each communicator, from each process to all others, all at once and in an order of this process's
/// own: where two had one context, numbers would meet the wrong receives.
fn talk(world: &World, comms: &[(i64, Handle)], random: &mut Random) {
    let mut comms = comms.to_vec();
    shuffle(&mut comms, random);
    let sizes = comms.iter().map(|(_, comm)| match world.comm_test_inter(*comm).unwrap() {
        true => world.comm_remote_size(*comm).unwrap(),
        false => world.comm_size(*comm).unwrap(),
    });
    let pairs: Vec<(i64, Handle, i32)> =
        comms.iter().zip(sizes).flat_map(|((id, comm), n)| (0..n).map(|r| (*id, *comm, r))).collect();
    let mut inboxes = vec![[-1]; pairs.len()];
    let mut outboxes: Vec<[i64; 1]> = Vec::new();
    for (id, comm, _) in &pairs {
        outboxes.push([*id * 100 + world.comm_rank(*comm).unwrap() as i64]);
    }
    let mut requests = Vec::new();
    for ((_, comm, rank), inbox) in pairs.iter().zip(&mut inboxes) {
        requests.push(world.irecv(buffer(inbox, INT64), *rank, 0, *comm).unwrap());
    }
    for ((_, comm, rank), outbox) in pairs.iter().zip(&mut outboxes).rev() {
        requests.push(world.isend(SendMode::Standard, buffer(outbox, INT64), *rank, 0, *comm).unwrap());
    }
    world.waitall(&mut requests, None).unwrap();
    for ((id, _, rank), inbox) in pairs.iter().zip(&inboxes) {
        assert_eq!(inbox[0], id * 100 + *rank as i64);
    }
}

fn shuffle<T>(list: &mut [T], random: &mut Random) {
    for i in (1..list.len()).rev() {
        list.swap(i, random.below(i + 1));
    }
}

/// Waits for all requests, in one of several ways.
fn finish(world: &World, requests: &mut [Handle], random: &mut Random) {
    match random.below(4) {
        0 => world.waitall(requests, None).unwrap(),
        1 => while world.waitany(requests).unwrap().is_some() {},
        2 => while world.testany(requests).unwrap() != TestAny::Inactive {},
        _ => requests.iter_mut().rev().for_each(|request| assert!(!world.wait(request).unwrap().cancelled())),
    }
    assert!(requests.iter().all(|request| *request == Handle::REQUEST_NULL));
}

/// What every process does: copies of communicators whose groups overlap, begun in an order of its own, while others are
/// made by calls that wait.
fn copies_beside_each_other(world: &World, seed: u64) {
    let (rank, n) = (world.rank() as i32, world.size());
    let mut shared = Random::new(seed);
    let mut own = Random::new(seed * 1000 + world.rank() as u64);
    let apart = world.comm_dup(WORLD).unwrap();
    let half = world.comm_split(WORLD, rank % 2, 0).unwrap();
    // Calls on one communicator must come in one order: those that wait have theirs.
    let half_apart = world.comm_dup(half).unwrap();
    let mut bases = vec![
        WORLD,
        half,
        world.comm_split(WORLD, 0, -rank).unwrap(),
        world.comm_split(WORLD, rank / 2, 0).unwrap(),
        Handle::COMM_SELF,
    ];
    if n > 1 {
        bases.push(world.intercomm_create(half, 0, WORLD, 1 - rank % 2, 7).unwrap());
    }
    // What is copied; the order in which one communicator is copied is the same everywhere.
    let mut order: Vec<usize> = (0..10).map(|_| shared.below(bases.len())).collect();
    shuffle(&mut order, &mut own);
    let blocking_at = own.below(order.len());
    let mut copies = vec![0; bases.len()];
    let (mut made, mut requests) = (Vec::new(), Vec::new());
    for (step, base) in order.iter().copied().enumerate() {
        if step == blocking_at {
            made.push((1, world.comm_dup(apart).unwrap()));
            made.push((2, world.comm_split(apart, 0, -rank).unwrap()));
            let group = world.comm_group(apart).unwrap();
            made.push((3, world.comm_create_group(apart, group, 3).unwrap()));
            if n > 1 {
                let inter = world.intercomm_create(half_apart, 0, apart, 1 - rank % 2, 8).unwrap();
                made.push((4, inter));
                made.push((5, world.intercomm_merge(inter, rank % 2 == 1).unwrap()));
            }
        }
        let (copy, request) = world.comm_idup(bases[base], NULL).unwrap();
        made.push((10 + 20 * base as i64 + copies[base], copy));
        copies[base] += 1;
        requests.push(request);
        if own.below(3) == 0 {
            world.progress().unwrap();
        }
    }
    // What is copied may end before its copies are there.
    for base in &mut bases {
        if !base.is_predefined() {
            world.comm_free(base).unwrap();
        }
    }
    finish(world, &mut requests, &mut own);
    talk(world, &made, &mut own);
    // Later ones are apart from all.
    made.push((6, world.comm_dup(apart).unwrap()));
    talk(world, &made, &mut own);
}

#[test]
fn copies_and_others_are_made_beside_each_other() {
    for n in [1, 2, 3, 5, 8] {
        for seed in 0..32 {
            let settings = Settings { seed, hold: 5 * (seed % 4) as u32, ..Settings::default() };
            let network = if seed % 4 == 3 { networks::shm(n) } else { networks::loopback(n, settings) };
            let mut worlds = Worlds::new(network, seed);
            worlds.run(|world| copies_beside_each_other(world, seed));
        }
    }
}

#[test]
fn two_groups_that_are_joined_agree_on_the_turn_of_their_search() {
    for (n, seed) in [2, 3, 4, 6].into_iter().flat_map(|n| (0..16).map(move |seed| (n, seed))) {
        let settings = Settings { seed, hold: 5, ..Settings::default() };
        let mut worlds = Worlds::new(networks::loopback(n, settings), seed);
        worlds.run(|world| {
            let (rank, mut random) = (world.rank() as i32, Random::new(seed));
            // The communicator of one half is older than the one that is copied, that of the other half younger.
            let half_of = |remainder: i32| {
                let world_group = world.comm_group(WORLD).unwrap();
                let ranks: Vec<i32> = (0..n as i32).filter(|r| r % 2 == remainder).collect();
                let group = world.group_incl(world_group, &ranks).unwrap();
                world.comm_create_group(WORLD, group, 1).unwrap()
            };
            let even = half_of(0);
            let base = world.comm_dup(WORLD).unwrap();
            let odd = half_of(1);
            let half = if rank % 2 == 0 { even } else { odd };
            let mut copies = Vec::new();
            let mut requests = Vec::new();
            for id in 0..3 {
                let (copy, request) = world.comm_idup(base, NULL).unwrap();
                copies.push((id, copy));
                requests.push(request);
            }
            let inter = world.intercomm_create(half, 0, WORLD, 1 - rank % 2, 7).unwrap();
            copies.push((3, world.intercomm_merge(inter, rank % 2 == 1).unwrap()));
            world.waitall(&mut requests, None).unwrap();
            talk(world, &copies, &mut random);
        });
    }
}

/// A job whose ranks are stepped, in this thread.
fn stepped(n: usize, seed: u64) -> Worlds {
    Worlds::new(networks::loopback(n, Settings { seed, hold: 5, ..Settings::default() }), seed)
}

#[test]
fn copies_of_one_communicator_come_to_be_in_any_order_of_progress() {
    for seed in 0..40 {
        let n = 1 + seed as usize % 7;
        let mut worlds = stepped(n, seed);
        let mut copies = vec![Vec::new(); n];
        let mut requests = Vec::new();
        for round in 0..5 {
            for (rank, copies) in copies.iter_mut().enumerate() {
                let (copy, request) = worlds.rank(rank).comm_idup(WORLD, NULL).unwrap();
                copies.push((round, copy));
                requests.push((rank, request));
            }
        }
        worlds.succeed(requests);
        worlds.run(|world| talk(world, &copies[world.rank()], &mut Random::new(seed)));
    }
}

#[test]
fn a_copy_cannot_be_used_before_it_is_there() {
    let mut worlds = stepped(2, 1);
    let (mut copy, request) = worlds.rank(0).comm_idup(WORLD, NULL).unwrap();
    let error = worlds.rank(0).comm_rank(copy).unwrap_err();
    assert_eq!(error.class, ErrorClass::ERR_COMM);
    assert!(error.message().contains("still being made"), "{error}");
    assert_eq!(worlds.rank(0).comm_free(&mut copy).unwrap_err().class, ErrorClass::ERR_COMM);
    let (other, peer) = worlds.rank(1).comm_idup(WORLD, NULL).unwrap();
    worlds.succeed(vec![(0, request), (1, peer)]);
    assert_eq!(worlds.rank(0).comm_size(copy).unwrap(), 2);
    assert_eq!(worlds.rank(1).comm_rank(other).unwrap(), 1);
    worlds.rank(0).comm_free(&mut copy).unwrap();
}

#[test]
fn a_copy_is_what_the_communicator_was_at_the_call() {
    let mut worlds = stepped(2, 2);
    let add: CopyFunction = Rc::new(|_, _, value| Ok(Some(value + 1)));
    let none: DeleteFunction = Rc::new(|_, _, _| Ok(()));
    let start = |rank: usize| {
        let world = worlds.rank(rank);
        let key = world.keyvals.borrow_mut().create(Kind::Comm, add.clone(), none.clone()).unwrap();
        world.comm_set_attr(WORLD, key, 10).unwrap();
        let info = world.infos.borrow_mut().create().unwrap();
        world.infos.borrow_mut().set(info, "mpi_assert_no_any_tag", "true").unwrap();
        world.comm_set_errhandler(WORLD, Handle::ERRORS_RETURN).unwrap();
        let (copy, request) = world.comm_idup(WORLD, info).unwrap();
        world.infos.borrow_mut().free(&mut { info }).unwrap();
        world.comm_set_attr(WORLD, key, 20).unwrap();
        world.comm_set_errhandler(WORLD, Handle::ERRORS_ARE_FATAL).unwrap();
        (key, copy, request)
    };
    let started: Vec<_> = (0..2).map(start).collect();
    let requests = started.iter().enumerate().map(|(rank, (_, _, request))| (rank, *request)).collect();
    worlds.succeed(requests);
    for (rank, (key, copy, _)) in started.into_iter().enumerate() {
        let world = worlds.rank(rank);
        assert_eq!(world.comm_get_attr(copy, key).unwrap(), Some(11));
        assert_eq!(world.comm_errhandler(copy).unwrap(), Handle::ERRORS_RETURN);
        let info = world.comm_get_info(copy).unwrap();
        assert_eq!(world.infos.borrow().get(info).unwrap().get("mpi_assert_no_any_tag"), Some("true"));
    }
}

#[test]
fn who_is_refused_a_copy_keeps_nobody_waiting() {
    let mut worlds = stepped(3, 3);
    let refuse: CopyFunction = Rc::new(|_, _, _| Err(9));
    let none: DeleteFunction = Rc::new(|_, _, _| Ok(()));
    let world = worlds.rank(1);
    let key = world.keyvals.borrow_mut().create(Kind::Comm, refuse, none).unwrap();
    world.comm_set_attr(WORLD, key, 1).unwrap();
    assert_eq!(world.comm_idup(WORLD, NULL).unwrap_err().code, 9);
    let (a, b) =
        (worlds.rank(0).comm_idup(WORLD, NULL).unwrap(), worlds.rank(2).comm_idup(WORLD, NULL).unwrap());
    worlds.succeed(vec![(0, a.1), (2, b.1)]);
    assert_eq!(worlds.rank(0).comm_size(a.0).unwrap(), 3);
    // And the next one is for all.
    worlds.rank(1).comm_delete_attr(WORLD, key).unwrap();
    let next: Vec<_> = (0..3).map(|rank| worlds.rank(rank).comm_idup(WORLD, NULL).unwrap()).collect();
    worlds.succeed(next.iter().enumerate().map(|(rank, (_, request))| (rank, *request)).collect());
    worlds.run(|world| talk(world, &[(1, next[world.rank()].0)], &mut Random::new(1)));
    assert_eq!(worlds.rank(0).comm_idup(Handle(7), NULL).unwrap_err().class, ErrorClass::ERR_COMM);
    assert_eq!(worlds.rank(0).comm_idup(WORLD, Handle(7)).unwrap_err().class, ErrorClass::ERR_INFO);
}
