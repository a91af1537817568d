//! Partitioned communication between simulated ranks: what arrives, and when, whatever the order of things.

use rankwise_core::{ANY_TAG, Handle, SendMode, UserBuf, World};
use rankwise_testkit::networks;
use rankwise_testkit::random::Random;
use rankwise_testkit::worlds::{BYTE, Worlds, buffer};
use rankwise_transport::loopback::Settings;

const WORLD: Handle = Handle::COMM_WORLD;

/// Two requests that belong together.
struct Pair {
    from: usize,
    to: usize,
    tag: i32,
    /// How many partitions each side has.
    parts: [usize; 2],
    total: usize,
    out: Vec<u8>,
    inbox: Vec<u8>,
    /// How many bytes of the inbox follow each byte that is received into.
    gap: usize,
    requests: [Handle; 2],
    /// Of the round: which partitions are ready, in which order they become so, and which have been seen to arrive.
    ready: Vec<bool>,
    order: Vec<usize>,
    arrived: Vec<bool>,
}

fn part(data: &mut [u8], count: usize, datatype: Handle) -> UserBuf {
    buffer(&mut data[..count], datatype)
}

/// A type of one byte with an extent of `1 + gap`.
#[allow(unsafe_code)]
fn spread(world: &World, gap: usize) -> Handle {
    if gap == 0 {
        return BYTE;
    }
    let mut types = world.types.borrow_mut();
    let spread = types.resized(BYTE, 0, 1 + gap as i64).unwrap();
    types.commit(spread).unwrap();
    spread
}

impl Pair {
    fn new(random: &mut Random, n: usize, scale: usize) -> Pair {
        let parts = [1 + random.below(9), 1 + random.below(9)];
        let total = parts[0] * parts[1] * [0, 1, 40 * scale, 300 * scale][random.below(4)];
        let gap = random.below(2) * random.below(3);
        Pair {
            from: random.below(n),
            to: random.below(n),
            tag: random.below(2) as i32,
            parts,
            total,
            // One byte more than needed: the address of an empty vector may be that of MPI_IN_PLACE.
            out: vec![0; total + 1],
            inbox: vec![0; total * (1 + gap) + 1],
            gap,
            requests: [Handle::REQUEST_NULL; 2],
            ready: Vec::new(),
            order: Vec::new(),
            arrived: Vec::new(),
        }
    }

    fn init(&mut self, worlds: &Worlds, side: usize) {
        let count = self.total / self.parts[side];
        let parts = self.parts[side] as i32;
        self.requests[side] = if side == 0 {
            let buf = part(&mut self.out, count, BYTE);
            worlds.rank(self.from).psend_init(buf, parts, self.to as i32, self.tag, WORLD).unwrap()
        } else {
            let world = worlds.rank(self.to);
            let buf = part(&mut self.inbox, count, spread(world, self.gap));
            world.precv_init(buf, parts, self.from as i32, self.tag, WORLD).unwrap()
        };
    }

    fn begin(&mut self, random: &mut Random) {
        // In place: the requests know where it lies.
        self.out[..self.total].copy_from_slice(&random.bytes(self.total));
        self.ready = vec![false; self.parts[0]];
        self.arrived = vec![false; self.parts[1]];
        self.order = (0..self.parts[0]).collect();
        for i in (1..self.order.len()).rev() {
            self.order.swap(i, random.below(i + 1));
        }
    }

    /// Looks at one partition: it arrives only when all that it is made of was ready, and then holds it.
    fn look(&mut self, worlds: &Worlds, partition: usize) {
        if !worlds.rank(self.to).parrived(self.requests[1], partition as i32).unwrap() {
            assert!(!self.arrived[partition], "a partition that has arrived stays");
            return;
        }
        self.arrived[partition] = true;
        let each = [self.total / self.parts[0], self.total / self.parts[1]];
        let bytes = partition * each[1]..(partition + 1) * each[1];
        for byte in bytes {
            assert!(self.ready[byte / each[0]], "arrived before it was ready");
            assert_eq!(self.inbox[byte * (1 + self.gap)], self.out[byte]);
        }
    }
}

#[test]
fn partitions_arrive_when_all_they_are_made_of_has_left() {
    for seed in 0..150 {
        let mut random = Random::new(seed);
        let n = 1 + random.below(3);
        let settings = Settings {
            seed,
            hold: random.below(12) as u32,
            room: 1 + random.below(16),
            ..Settings::default()
        };
        let shm = seed % 2 == 1;
        let network = if shm { networks::shm(n) } else { networks::loopback(n, settings) };
        let mut worlds = Worlds::new(network, seed);
        let mut pairs: Vec<Pair> =
            (0..1 + random.below(5)).map(|_| Pair::new(&mut random, n, if shm { 100 } else { 1 })).collect();
        // Each side makes its requests in the order of the list; the two sides are not in step.
        let mut next = [0, 0];
        while next != [pairs.len(); 2] {
            let side = random.below(2);
            if next[side] < pairs.len() {
                pairs[next[side]].init(&worlds, side);
                next[side] += 1;
            }
            worlds.rank(random.below(n)).progress().unwrap();
        }
        // A message with the same envelope is none of theirs.
        let (mut letter, mut copy) = (vec![7u8; 4], vec![0u8; 4]);
        let (from, to, tag) = (pairs[0].from, pairs[0].to, pairs[0].tag);
        let receive = worlds.rank(to).irecv(buffer(&mut copy, BYTE), from as i32, ANY_TAG, WORLD).unwrap();
        for round in 0..1 + random.below(4) {
            let mut open = Vec::new();
            for pair in &mut pairs {
                pair.begin(&mut random);
                let mut sides = [0, 1];
                sides.swap(0, random.below(2));
                for side in sides {
                    let rank = if side == 0 { pair.from } else { pair.to };
                    worlds.rank(rank).request_start(pair.requests[side]).unwrap();
                    open.push((rank, pair.requests[side]));
                }
            }
            while pairs.iter().any(|pair| !pair.order.is_empty()) {
                let pair = &mut pairs[random.below(next[0])];
                if let Some(index) = pair.order.pop() {
                    let world = worlds.rank(pair.from);
                    pair.ready[index] = true;
                    world.pready(pair.requests[0], std::iter::once(index as i32)).unwrap();
                    assert!(world.pready(pair.requests[0], std::iter::once(index as i32)).is_err());
                }
                for _ in 0..random.below(4) {
                    worlds.rank(random.below(n)).progress().unwrap();
                }
                let partition = random.below(pair.parts[1]);
                pair.look(&worlds, partition);
            }
            let statuses = worlds.succeed(open);
            for (i, pair) in pairs.iter_mut().enumerate() {
                let received = statuses[2 * i..2 * i + 2].iter().find(|status| status.source >= 0);
                let received = received.expect("the status of a receive");
                assert_eq!((received.source, received.tag), (pair.from as i32, pair.tag), "seed {seed}");
                assert_eq!(received.bytes(), pair.total as u64, "seed {seed}, round {round}");
                (0..pair.parts[1]).for_each(|partition| pair.look(&worlds, partition));
                assert!(pair.arrived.iter().all(|arrived| *arrived), "seed {seed}");
            }
        }
        let send = worlds
            .rank(from)
            .isend(SendMode::Standard, buffer(&mut letter, BYTE), to as i32, tag, WORLD)
            .unwrap();
        worlds.succeed(vec![(from, send), (to, receive)]);
        assert_eq!(copy, letter);
        for pair in &mut pairs {
            worlds.rank(pair.from).request_free(&mut pair.requests[0]).unwrap();
            worlds.rank(pair.to).request_free(&mut pair.requests[1]).unwrap();
        }
    }
}

#[test]
fn a_request_given_up_keeps_its_place_in_the_order() {
    let mut worlds = Worlds::new(networks::shm(2), 1);
    let (mut out, mut inbox) = ([vec![1u8], vec![2u8]], [vec![0u8], vec![0u8]]);
    let mut receives: Vec<Handle> = inbox
        .iter_mut()
        .map(|inbox| worlds.rank(1).precv_init(buffer(inbox, BYTE), 1, 0, 0, WORLD).unwrap())
        .collect();
    worlds.rank(1).request_free(&mut receives[0]).unwrap();
    let mut sends: Vec<Handle> = out
        .iter_mut()
        .map(|out| worlds.rank(0).psend_init(buffer(out, BYTE), 1, 1, 0, WORLD).unwrap())
        .collect();
    worlds.rank(0).request_free(&mut sends[0]).unwrap();
    worlds.rank(0).request_start(sends[1]).unwrap();
    worlds.rank(1).request_start(receives[1]).unwrap();
    worlds.rank(0).pready(sends[1], std::iter::once(0)).unwrap();
    worlds.succeed(vec![(0, sends[1]), (1, receives[1])]);
    assert_eq!(inbox, [vec![0], vec![2]]);
}

#[test]
fn more_than_there_is_room_for_is_an_error() {
    let mut worlds = Worlds::new(networks::shm(2), 2);
    let (mut out, mut inbox) = (vec![3u8; 12], vec![0u8; 10]);
    let send = worlds.rank(0).psend_init(buffer(&mut out[..4], BYTE), 3, 1, 5, WORLD).unwrap();
    let receive = worlds.rank(1).precv_init(buffer(&mut inbox[..4], BYTE), 2, 0, 5, WORLD).unwrap();
    worlds.rank(1).request_start(receive).unwrap();
    worlds.rank(0).request_start(send).unwrap();
    worlds.rank(0).pready(send, 0..3).unwrap();
    let results = worlds.finish(vec![(0, send), (1, receive)]);
    assert!(results[0].is_ok());
    let error = results[1].as_ref().unwrap_err();
    assert_eq!(error.class.name(), Some("MPI_ERR_TRUNCATE"));
    assert_eq!(error.comm, Some(WORLD));
    assert_eq!(inbox, [3, 3, 3, 3, 3, 3, 3, 3, 0, 0]);
}

#[test]
fn a_partition_does_not_wait_for_the_others() {
    for len in [3, 3 << 20] {
        let worlds = Worlds::new(networks::shm(2), 3);
        let (mut out, mut inbox) = (vec![4u8; len], vec![0u8; len]);
        let each = len / 3;
        let mut send = worlds.rank(0).psend_init(buffer(&mut out[..each], BYTE), 3, 1, 5, WORLD).unwrap();
        let mut receive =
            worlds.rank(1).precv_init(buffer(&mut inbox[..each], BYTE), 3, 0, 5, WORLD).unwrap();
        worlds.rank(1).request_start(receive).unwrap();
        worlds.rank(0).request_start(send).unwrap();
        for partition in [2, 0, 1] {
            worlds.rank(0).pready(send, std::iter::once(partition)).unwrap();
            let mut tries = 0;
            while !worlds.rank(1).parrived(receive, partition).unwrap() {
                worlds.rank(0).progress().unwrap();
                tries += 1;
                assert!(tries < 100_000, "partition {partition} of {each} bytes does not come");
            }
            let at = partition as usize * each;
            assert!(inbox[at..at + each].iter().all(|&byte| byte == 4));
        }
        worlds.rank(0).wait(&mut send).unwrap();
        worlds.rank(1).wait(&mut receive).unwrap();
    }
}
