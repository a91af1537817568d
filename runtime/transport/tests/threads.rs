//! Two ranks in two threads on one segment. ci/san.sh runs this under ThreadSanitizer, which then sees both sides of
//! every ring and copy; here it also finds wake-ups that are lost.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rankwise_transport::shm::Shm;
use rankwise_transport::{Body, CopyId, Frame, Payload, Peer, Place, Sink, Token, Transport, Waiter};

/// A sleeper that is not woken sleeps so long.
const FOREVER: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Inbox {
    frames: VecDeque<([u64; 2], Vec<u8>)>,
    exposed: Vec<CopyId>,
    pulled: Vec<CopyId>,
}

impl Sink for Inbox {
    fn frame(&mut self, _: Peer, header: [u64; 2], payload: Payload<'_>) {
        let mut bytes = vec![0; payload.len()];
        // SAFETY: the vector has the payload's length.
        unsafe { payload.copy_to(bytes.as_mut_ptr(), bytes.len()) };
        self.frames.push_back((header, bytes));
    }

    fn exposed(&mut self, copy: CopyId, result: io::Result<()>) {
        result.unwrap();
        self.exposed.push(copy);
    }

    fn pulled(&mut self, copy: CopyId, result: io::Result<()>) {
        result.unwrap();
        self.pulled.push(copy);
    }

    fn lost(&mut self, peer: Peer, why: &io::Error) {
        panic!("peer {peer} is lost: {why}");
    }
}

/// A rank, as its thread sees it.
struct Rank {
    me: Peer,
    shm: Shm,
    waiter: Rc<dyn Waiter>,
    inbox: Inbox,
    /// Memory for messages, kept until the rank ends.
    heap: Vec<Vec<u8>>,
}

impl Rank {
    fn peer(&self) -> Peer {
        1 - self.me
    }

    /// Polls until `ready`, and sleeps whenever nothing happens.
    fn wait<R>(&mut self, mut ready: impl FnMut(&mut Self) -> Option<R>) -> R {
        loop {
            if let Some(found) = ready(self) {
                return found;
            }
            if self.shm.poll(&mut self.inbox) {
                continue;
            }
            let prepared = self.waiter.prepare();
            let busy = self.shm.poll(&mut self.inbox);
            let found = if busy { None } else { ready(self) };
            if !busy && found.is_none() {
                let begun = Instant::now();
                self.waiter.sleep(prepared, FOREVER);
                assert!(begun.elapsed() < FOREVER / 2, "rank {}: a wake-up was lost", self.me);
            }
            self.waiter.finish();
            if let Some(found) = found {
                return found;
            }
        }
    }

    fn send(&mut self, header: [u64; 2], words: &[u64], bytes: &[u8]) {
        self.wait(|rank| {
            // SAFETY: the slice outlives the call.
            let body = unsafe { Body::bytes(bytes.as_ptr(), bytes.len()) };
            rank.shm.try_send(rank.peer(), Frame { header, words, body }).unwrap().then_some(())
        });
    }

    fn receive(&mut self) -> ([u64; 2], Vec<u8>) {
        self.wait(|rank| rank.inbox.frames.pop_front())
    }
}

/// Runs `f` as both ranks of a node, each in a thread of its own.
fn two_ranks(f: impl Fn(Rank) + Sync) {
    let file = rankwise_os::segment::create("test").unwrap();
    std::thread::scope(|scope| {
        for me in 0..2 {
            let (file, f): (OwnedFd, _) = (file.try_clone().unwrap(), &f);
            scope.spawn(move || {
                let shm = Shm::attach(file, me, 2, false).unwrap();
                let waiter = shm.waiter();
                f(Rank { me, shm, waiter, inbox: Inbox::default(), heap: Vec::new() });
            });
        }
    });
}

fn pattern(number: u64, len: usize) -> Vec<u8> {
    (0..len).map(|i| (number as usize * 31 + i * 7) as u8).collect()
}

#[test]
fn frames_cross_and_nobody_oversleeps() {
    const FRAMES: u64 = 20_000;
    let length = |n: u64| if n.is_multiple_of(3) { (n * 7919 % 8193) as usize } else { (n % 57) as usize };
    two_ranks(|mut rank| {
        let (mut sent, mut received) = (0, 0);
        while sent < FRAMES || received < FRAMES {
            // Floods at one time, one by one at another: rings get full, and rings get empty.
            let lead = if sent / 2000 % 2 == 0 { 200 } else { 1 };
            if sent < FRAMES && sent < received + lead {
                rank.send([sent, !sent], &[], &pattern(sent, length(sent)));
                sent += 1;
                continue;
            }
            let (header, bytes) = rank.receive();
            assert_eq!(header, [received, !received]);
            assert!(bytes == pattern(received, length(received)));
            received += 1;
        }
    });
}

/// Each lays `rounds` messages open for the other one, both at once; `memory` gives room for a message.
fn copies_cross(rounds: u64, room: impl Fn(&mut Rank, usize) -> *mut u8 + Sync) {
    const LEN: usize = 1 << 18;
    two_ranks(|mut rank| {
        let (source, target) = (room(&mut rank, LEN), room(&mut rank, LEN));
        // A first frame, so that both are attached.
        rank.send([0; 2], &[], &[]);
        rank.receive();
        for round in 0..rounds {
            let len = LEN - round as usize * 37;
            let number = round * 2 + rank.me as u64;
            // SAFETY: the memory is ours and has LEN bytes; the copy out of it in the round before is over.
            unsafe { source.copy_from_nonoverlapping(pattern(number, len).as_ptr(), len) };
            // SAFETY: the memory is left alone until `exposed`.
            let body = unsafe { Body::bytes(source, len) };
            let peer = rank.peer();
            let (exposed, token) = rank.shm.expose(peer, &body).expect("a direct copy is possible");
            rank.send([1, len as u64], &token.0, &[]);
            let (header, words) = rank.receive();
            assert_eq!(header, [1, len as u64]);
            let mut token = [0; 3];
            for (word, bytes) in token.iter_mut().zip(words.chunks(8)) {
                *word = u64::from_ne_bytes(bytes.try_into().unwrap());
            }
            let place = Place { address: target, blocks: None };
            // SAFETY: the memory has LEN bytes and is left alone until `pulled`.
            let pulled = unsafe { rank.shm.pull(peer, Token(token), place, len) };
            let pulled = pulled.expect("it was laid open");
            rank.wait(|rank| rank.inbox.pulled.contains(&pulled).then_some(()));
            // SAFETY: `len` bytes were copied to the memory.
            let got = unsafe { std::slice::from_raw_parts(target, len) };
            assert!(got == pattern(round * 2 + peer as u64, len), "round {round}");
            rank.wait(|rank| rank.inbox.exposed.contains(&exposed).then_some(()));
            rank.inbox.pulled.clear();
            rank.inbox.exposed.clear();
        }
        // Nobody goes while the other one copies out of its memory.
        rank.send([2; 2], &[], &[]);
        rank.receive();
    });
}

#[test]
fn copies_through_the_kernel_cross() {
    copies_cross(200, |rank, len| {
        rank.heap.push(vec![0; len]);
        rank.heap.last_mut().unwrap().as_mut_ptr()
    });
}

#[test]
fn copies_of_shared_memory_cross() {
    copies_cross(200, |rank, len| rank.shm.allocate(len).unwrap());
}
