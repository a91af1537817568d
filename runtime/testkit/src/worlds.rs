//! Many worlds in one thread, stepped by the test.

#![allow(unsafe_code)]

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rankwise_core::{Handle, JobInfo, Status, UserBuf, World};

use crate::networks::Network;
use crate::random::Random;
use crate::turns::Turns;

/// The worlds of all ranks of a job.
pub struct Worlds {
    worlds: Vec<World>,
    random: Random,
}

/// `MPI_BYTE`.
pub const BYTE: Handle = Handle(0x247);
/// `MPI_INT64_T`.
pub const INT64: Handle = Handle(0x258);

impl Worlds {
    /// One world on each transport; `seed` decides in which order they are stepped.
    pub fn new(network: Network, seed: u64) -> Worlds {
        let warn = || Box::new(|_: &str| {});
        let world = |(rank, t)| World::new(t, rank, JobInfo::default(), warn());
        Worlds { worlds: network.into_iter().enumerate().map(world).collect(), random: Random::new(seed) }
    }

    /// The world of a rank.
    pub fn rank(&self, rank: usize) -> &World {
        &self.worlds[rank]
    }

    /// How many ranks there are.
    pub fn size(&self) -> usize {
        self.worlds.len()
    }

    /// Moves ranks on, in an order that the seed decides, until the requests are complete: each is named by its rank.
    /// Panics if nothing happens for long: that is a deadlock.
    pub fn finish(&mut self, requests: Vec<(usize, Handle)>) -> Vec<rankwise_core::Result<Status>> {
        let mut results: Vec<Option<rankwise_core::Result<Status>>> = requests.iter().map(|_| None).collect();
        let mut requests = requests;
        let mut still = Stillness::default();
        while results.iter().any(Option::is_none) {
            let rank = self.random.below(self.worlds.len());
            let busy = self.worlds[rank].progress().expect("progress does not fail");
            for (i, (owner, request)) in requests.iter_mut().enumerate() {
                if *owner == rank && results[i].is_none() {
                    results[i] = self.worlds[rank].test(request).transpose();
                }
            }
            assert!(
                !still.lasts(busy),
                "deadlock: {} requests are open",
                results.iter().filter(|r| r.is_none()).count()
            );
        }
        results.into_iter().flatten().collect()
    }

    /// Runs `body` for every rank, as a process would: it may call what waits. One rank runs at a time, and at each place
    /// where it waits the seed decides who is next.
    pub fn run<R: Send>(&mut self, body: impl Fn(&World) -> R + Sync) -> Vec<R> {
        let turns = Arc::new(Turns::new(self.worlds.len(), self.random.any()));
        for (rank, world) in self.worlds.iter().enumerate() {
            let turns = turns.clone();
            // Nobody sleeps: the others run instead.
            world.allow_threads(Rc::new(move |_| turns.pass(rank)));
        }
        let results = std::thread::scope(|scope| {
            let run = |(rank, world)| {
                let (world, turns, body) = (Lent(world), &turns, &body);
                scope.spawn(move || {
                    let world = world;
                    let _turn = turns.begin(rank);
                    body(world.0)
                })
            };
            let threads: Vec<_> = self.worlds.iter().enumerate().map(run).collect();
            threads.into_iter().map(|thread| thread.join()).collect::<Vec<_>>()
        });
        for world in &self.worlds {
            world.allow_threads(Rc::new(|wait| wait()));
        }
        let own =
            |result: std::thread::Result<R>| result.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        results.into_iter().map(own).collect()
    }

    /// As [`Worlds::finish`], of requests that must succeed.
    pub fn succeed(&mut self, requests: Vec<(usize, Handle)>) -> Vec<Status> {
        self.finish(requests).into_iter().map(|r| r.expect("the operation succeeds")).collect()
    }
}

/// Tells a deadlock from a wait: nothing has happened for many rounds, and for longer than a busy machine makes the
/// network wait.
#[derive(Default)]
pub struct Stillness {
    rounds: u32,
    since: Option<Instant>,
}

impl Stillness {
    /// Notes a round, in which something happened or not. True if nothing will.
    pub fn lasts(&mut self, busy: bool) -> bool {
        self.rounds += 1;
        if busy {
            *self = Stillness::default();
        }
        self.rounds.is_multiple_of(10_000)
            && self.rounds > 0
            && self.since.get_or_insert_with(Instant::now).elapsed() > Duration::from_secs(20)
    }
}

/// A world that a thread of its own uses.
struct Lent<'a>(&'a World);

// SAFETY: only the thread whose turn it is uses any world of the network (`Turns`), and a turn passes through a mutex.
unsafe impl Send for Lent<'_> {}

/// `count` elements of `datatype`, whose origin is `at` bytes into `memory`, which must be kept, and left alone, until the
/// operation is complete.
pub fn typed(memory: &mut [u8], at: usize, count: usize, datatype: Handle) -> UserBuf {
    // SAFETY: that is this function's demand, which the tests that use it meet; their types stay inside of the memory.
    unsafe { UserBuf::new(memory.as_mut_ptr().wrapping_add(at), count as i64, datatype) }
}

/// A vector as a buffer of its elements. The vector must be kept, and left alone, until the operation is complete.
pub fn buffer<T>(data: &mut [T], datatype: Handle) -> UserBuf {
    // SAFETY: that is this function's demand, which the tests that use it meet.
    unsafe { UserBuf::new(data.as_mut_ptr().cast(), data.len() as i64, datatype) }
}
