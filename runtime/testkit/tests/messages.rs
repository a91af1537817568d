//! Point-to-point traffic that a seed decides, against the rules of matching.

use rankwise_core::{ANY_SOURCE, ANY_TAG, Counts, Handle, SendMode};
use rankwise_testkit::networks;
use rankwise_testkit::random::Random;
use rankwise_testkit::worlds::{BYTE, Worlds, buffer, typed};
use rankwise_transport::loopback::Settings;

const WORLD: Handle = Handle::COMM_WORLD;

struct Message {
    to: usize,
    tag: i32,
    data: Vec<u8>,
}

/// Each message begins with its number among those of its sender, so that overtaking shows.
fn message(random: &mut Random, n: usize, number: u32, scale: usize) -> Message {
    // Around what fits in a frame (256 times `scale`), what is sent unasked (1024 times), and far beyond.
    let len = 4
        + [0, 30, 248 * scale, 256 * scale, 512 * scale, 1020 * scale, 1100 * scale, 9000 * scale]
            [random.below(8)]
        + random.below(9);
    let mut data = random.bytes(len);
    data[..4].copy_from_slice(&number.to_ne_bytes());
    Message { to: random.below(n), tag: random.below(3) as i32, data }
}

#[test]
fn messages_arrive_whole_and_do_not_overtake() {
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let n = 1 + random.below(4);
        let settings = Settings {
            seed,
            hold: random.below(12) as u32,
            room: 1 + random.below(16),
            ..Settings::default()
        };
        let shm = seed % 2 == 1;
        let scale = if shm { 32 } else { 1 };
        let network = if shm { networks::shm(n) } else { networks::loopback(n, settings) };
        let mut worlds = Worlds::new(network, seed);
        let mut sent: Vec<Vec<Message>> =
            (0..n).map(|_| (0..40).map(|i| message(&mut random, n, i, scale)).collect()).collect();
        let modes = [SendMode::Standard, SendMode::Synchronous];
        let mut requests = Vec::new();
        let mut inboxes: Vec<Vec<Vec<u8>>> = vec![Vec::new(); n];
        // Some receives are posted before the sends, some after, some by wildcards: the number that each rank needs.
        let expected: Vec<usize> =
            (0..n).map(|r| sent.iter().flatten().filter(|m| m.to == r).count()).collect();
        for (inbox, &count) in inboxes.iter_mut().zip(&expected) {
            *inbox = (0..count).map(|_| vec![0; 10_000 * scale]).collect();
        }
        let mut receives: Vec<(usize, usize, Handle)> = Vec::new();
        let post = |worlds: &Worlds, inboxes: &mut Vec<Vec<Vec<u8>>>, r: usize, i: usize| {
            let request =
                worlds.rank(r).irecv(buffer(&mut inboxes[r][i], BYTE), ANY_SOURCE, ANY_TAG, WORLD).unwrap();
            (r, i, request)
        };
        for (r, count) in expected.iter().enumerate() {
            for i in 0..count / 2 {
                receives.push(post(&worlds, &mut inboxes, r, i));
            }
        }
        for (r, messages) in sent.iter_mut().enumerate() {
            for m in messages {
                let mode = modes[random.below(2)];
                let request =
                    worlds.rank(r).isend(mode, buffer(&mut m.data, BYTE), m.to as i32, m.tag, WORLD).unwrap();
                requests.push((r, request));
                if random.below(3) == 0 {
                    worlds.rank(random.below(n)).progress().unwrap();
                }
            }
        }
        for (r, &count) in expected.iter().enumerate() {
            for i in count / 2..count {
                receives.push(post(&worlds, &mut inboxes, r, i));
            }
        }
        let all = requests.into_iter().chain(receives.iter().map(|&(r, _, q)| (r, q))).collect::<Vec<_>>();
        let sends = all.len() - receives.len();
        let statuses = worlds.succeed(all).split_off(sends);
        let mut last = vec![vec![-1i64; n]; n];
        for ((r, i, _), status) in receives.iter().zip(statuses) {
            let got = &inboxes[*r][*i];
            let number = u32::from_ne_bytes([got[0], got[1], got[2], got[3]]);
            let source = status.source as usize;
            // All receives of a rank match alike, so they see each sender's messages in order.
            assert!(number as i64 > last[*r][source], "seed {seed}: overtaken");
            last[*r][source] = number as i64;
            let m = &sent[source][number as usize];
            assert_eq!((m.to, m.tag), (*r, status.tag), "seed {seed}");
            assert!(
                got[..m.data.len()] == m.data[..] && status.bytes() == m.data.len() as u64,
                "seed {seed}"
            );
        }
    }
}

#[test]
fn a_message_that_is_too_long_is_an_error_and_the_next_one_is_whole() {
    for (len, shm) in [100, 600, 5000, 100_000].into_iter().flat_map(|len| [(len, false), (len, true)]) {
        let network = if shm { networks::shm(2) } else { networks::loopback(2, Settings::default()) };
        let mut worlds = Worlds::new(network, 1);
        let (mut long, mut short) = (vec![1u8; len], vec![2u8; 10]);
        let (mut small, mut next) = (vec![0u8; 20], vec![0u8; 20]);
        let send = |data: &mut Vec<u8>| {
            (0, worlds.rank(0).isend(SendMode::Standard, buffer(data, BYTE), 1, 0, WORLD).unwrap())
        };
        let sends = [send(&mut long), send(&mut short)];
        let receive =
            |data: &mut Vec<u8>| (1, worlds.rank(1).irecv(buffer(data, BYTE), 0, 0, WORLD).unwrap());
        let receives = [receive(&mut small), receive(&mut next)];
        let results = worlds.finish(sends.into_iter().chain(receives).collect());
        assert_eq!(results[2].as_ref().unwrap_err().class.name(), Some("MPI_ERR_TRUNCATE"), "{len}");
        assert!(results[0].is_ok() && results[1].is_ok());
        assert_eq!(results[3].as_ref().unwrap().bytes(), 10);
        assert_eq!(next[..10], short[..]);
    }
}

#[test]
fn a_message_that_ends_within_an_element_of_a_type_with_gaps_is_a_mismatch() {
    const INT: Handle = Handle(0x209);
    let mut worlds = Worlds::new(networks::shm(2), 1);
    let gaps = {
        let mut types = worlds.rank(1).types.borrow_mut();
        let (lengths, places) = (Counts::I32(&[1, 2, 1]), Counts::I32(&[4, 8, 16]));
        let gaps = types.indexed(lengths, places, INT).unwrap();
        types.commit(gaps).unwrap();
        gaps
    };
    for (len, right) in [(0, true), (3, false), (4, true), (11, false), (12, true), (15, false), (16, true)] {
        let (mut out, mut inbox) = (vec![1u8; 16], vec![0u8; 100]);
        let send =
            worlds.rank(0).isend(SendMode::Standard, buffer(&mut out[..len], BYTE), 1, 0, WORLD).unwrap();
        let receive = worlds.rank(1).irecv(typed(&mut inbox, 0, 1, gaps), 0, 0, WORLD).unwrap();
        let results = worlds.finish(vec![(0, send), (1, receive)]);
        match &results[1] {
            Ok(status) => assert!(right && status.bytes() == len as u64),
            Err(error) => {
                assert!(!right && error.class.name() == Some("MPI_ERR_TYPE"), "{len} bytes: {error}")
            }
        }
    }
}

#[test]
fn a_complete_persistent_request_has_no_hold_on_others() {
    let worlds = Worlds::new(networks::shm(1), 0);
    let world = worlds.rank(0);
    let (mut out, mut sink) = (vec![0u8], vec![0u8]);
    let mut persistent = world.send_init(SendMode::Standard, buffer(&mut out, BYTE), 0, 1, WORLD).unwrap();
    world.request_start(persistent).unwrap();
    // Handles are used again: one of these receives gets that of the send, which is over.
    let receive = |sink: &mut Vec<u8>| world.irecv(buffer(sink, BYTE), 0, 2, WORLD).unwrap();
    for _ in 0..200 {
        let mut request = receive(&mut sink);
        world.cancel(persistent).unwrap();
        assert!(world.test(&mut request).unwrap().is_none(), "cancelled by a request for something else");
        world.cancel(request).unwrap();
        assert!(world.wait(&mut request).unwrap().cancelled());
    }
    assert!(!world.wait(&mut persistent).unwrap().cancelled());
    world.request_free(&mut persistent).unwrap();
}

#[test]
fn a_receive_that_is_cancelled_twice_leaves_the_others_alone() {
    let worlds = Worlds::new(networks::shm(1), 0);
    let world = worlds.rank(0);
    let mut inbox = [[0u8]; 4];
    let mut requests: Vec<Handle> = Vec::new();
    for (tag, place) in inbox.iter_mut().enumerate() {
        requests.push(world.irecv(buffer(place, BYTE), 0, tag as i32, WORLD).unwrap());
    }
    world.cancel(requests[1]).unwrap();
    world.cancel(requests[1]).unwrap();
    assert!(world.wait(&mut requests[1]).unwrap().cancelled());
    for (tag, mut out) in [(0, [10u8]), (2, [12]), (3, [13])] {
        world.send(SendMode::Standard, buffer(&mut out, BYTE), 0, tag, WORLD).unwrap();
    }
    world.waitall(&mut requests, None).unwrap();
    assert_eq!(inbox, [[10], [0], [12], [13]]);
}

/// All ranks go through one list of messages, with calls that wait.
#[test]
fn calls_that_wait_find_their_messages() {
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let n = 2 + random.below(5);
        let settings = Settings {
            seed,
            hold: random.below(12) as u32,
            room: 1 + random.below(8),
            ..Settings::default()
        };
        let shm = seed % 4 == 3;
        let scale = if shm { 32 } else { 1 };
        let network = if shm { networks::shm(n) } else { networks::loopback(n, settings) };
        let list: Vec<(usize, Message, u64)> = (0..100)
            .map(|i| (random.below(n), message(&mut random, n, i, scale), random.any()))
            .filter(|(from, m, _)| *from != m.to)
            .collect();
        let counts = Worlds::new(network, seed).run(|world| {
            let mut own = 0;
            for (from, m, how) in &list {
                let (from_rank, mut data) = (*from as i32, m.data.clone());
                if world.rank() == *from {
                    let modes = [SendMode::Standard, SendMode::Synchronous];
                    let mode = modes[(how >> 8) as usize % 2];
                    world.send(mode, buffer(&mut data, BYTE), m.to as i32, m.tag, WORLD).unwrap();
                }
                if world.rank() != m.to {
                    continue;
                }
                // From one sender, messages with one tag come in order; which of several senders is first is open.
                data.fill(0);
                let status = match how % 4 {
                    0 => world.recv(buffer(&mut data, BYTE), from_rank, m.tag, WORLD).unwrap(),
                    1 => {
                        let probed = world.probe(from_rank, m.tag, WORLD).unwrap();
                        assert_eq!(probed.bytes(), m.data.len() as u64);
                        world.recv(buffer(&mut data, BYTE), from_rank, m.tag, WORLD).unwrap()
                    }
                    2 => {
                        let (taken, _) = world.mprobe(from_rank, m.tag, WORLD).unwrap();
                        world.mrecv(buffer(&mut data, BYTE), taken).unwrap()
                    }
                    _ => {
                        let request = world.irecv(buffer(&mut data, BYTE), from_rank, m.tag, WORLD).unwrap();
                        let (index, status) =
                            world.waitany(&mut [Handle::REQUEST_NULL, request]).unwrap().unwrap();
                        assert_eq!(index, 1);
                        status
                    }
                };
                assert_eq!((status.source, status.tag), (from_rank, m.tag), "seed {seed}");
                assert!(data == m.data, "seed {seed}");
                own += 1;
            }
            world.finalize().unwrap();
            own
        });
        assert_eq!(counts.iter().sum::<usize>(), list.len());
    }
}

/// What many requests cost must not grow with their number squared.
#[test]
fn many_joint_requests_are_quick() {
    const MANY: usize = 200_000;
    let worlds = Worlds::new(networks::shm(1), 0);
    let world = worlds.rank(0);
    let (mut out, mut inbox) = (vec![1u8; MANY], vec![0u8; MANY]);
    let mut requests = Vec::new();
    for (i, (out, inbox)) in out.iter_mut().zip(&mut inbox).enumerate() {
        let (out, inbox) = (std::slice::from_mut(out), std::slice::from_mut(inbox));
        if i % 2 == 0 {
            let (out, inbox) = (buffer(out, BYTE), buffer(inbox, BYTE));
            requests.push(world.isendrecv(out, 0, i as i32, inbox, 0, i as i32, WORLD).unwrap());
        } else {
            let send = world.send_init(SendMode::Standard, buffer(out, BYTE), 0, i as i32, WORLD).unwrap();
            let receive = world.recv_init(buffer(inbox, BYTE), 0, i as i32, WORLD).unwrap();
            world.start_all(&[receive, send]).unwrap();
            requests.extend([send, receive]);
        }
    }
    let begun = std::time::Instant::now();
    world.waitall(&mut requests, None).unwrap();
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    assert!(inbox.iter().all(|&b| b == 1));
}
