//! What every transport promises (the list stands at the head of `rankwise-transport`), as checks.

#![allow(unsafe_code)]

use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

use rankwise_transport::strided::Strided;
use rankwise_transport::{Body, CopyId, Frame, Payload, Peer, Place, Sink, Token, Transport};

use crate::networks::Network;
use crate::random::Random;

/// Keeps what is delivered.
#[derive(Default)]
struct Inbox {
    frames: Vec<(Peer, [u64; 2], Vec<u8>)>,
    exposed: HashMap<CopyId, bool>,
    pulled: HashMap<CopyId, bool>,
}

impl Sink for Inbox {
    fn frame(&mut self, peer: Peer, header: [u64; 2], payload: Payload<'_>) {
        let mut bytes = vec![0; payload.len()];
        // SAFETY: the vector has the payload's length.
        unsafe { payload.copy_to(bytes.as_mut_ptr(), bytes.len()) };
        self.frames.push((peer, header, bytes));
    }

    fn exposed(&mut self, copy: CopyId, result: io::Result<()>) {
        self.exposed.insert(copy, result.is_ok());
    }

    fn pulled(&mut self, copy: CopyId, result: io::Result<()>) {
        self.pulled.insert(copy, result.is_ok());
    }

    fn lost(&mut self, peer: Peer, why: &io::Error) {
        panic!("peer {peer} is lost: {why}");
    }
}

fn send(transport: &mut dyn Transport, peer: Peer, header: [u64; 2], words: &[u64], bytes: &[u8]) -> bool {
    // SAFETY: the slice outlives the call.
    let body = unsafe { Body::bytes(bytes.as_ptr(), bytes.len()) };
    transport.try_send(peer, Frame { header, words, body }).unwrap()
}

/// Frames arrive whole, once, and in order, whatever their lengths, between all pairs at once; what finds no room leaves
/// no trace. `ranks` are all the ranks of one network, in one thread.
pub fn frames_arrive_in_order(mut ranks: Network, seed: u64) {
    let n = ranks.len();
    let mut random = Random::new(seed);
    let mut sent = vec![vec![Vec::new(); n]; n];
    let mut got = vec![vec![0; n]; n];
    let mut refused = 0;
    for round in 0..4000u64 {
        let (from, to) = (random.below(n), random.below(n));
        let longest = ranks[from].limits(to).frame;
        // Around the borders of what fits into a cell, and anything up to the limit.
        let len = match random.below(3) {
            0 => random.below(80),
            1 => random.below(longest.min(1000) + 1),
            _ => longest - random.below(3),
        };
        let words: Vec<u64> = (0..random.below(4)).map(|_| random.any()).collect();
        let words = if words.len() * 8 + len > longest { Vec::new() } else { words };
        let bytes = random.bytes(len);
        let header = [round, random.any()];
        if send(&mut *ranks[from], to, header, &words, &bytes) {
            let payload: Vec<u8> = words.iter().flat_map(|w| w.to_ne_bytes()).chain(bytes).collect();
            sent[from][to].push((header, payload));
        } else {
            refused += 1;
        }
        if random.below(4) == 0 {
            deliver(&mut ranks, random.below(n), &sent, &mut got, seed);
        }
    }
    // Nobody has polled for long: every ring has been full.
    let bytes = random.bytes(100);
    for from in 0..n {
        for (to, sent) in sent[from].iter_mut().enumerate() {
            while send(&mut *ranks[from], to, [7, 7], &[], &bytes) {
                sent.push(([7, 7], bytes.clone()));
            }
            refused += 1;
        }
    }
    assert!(refused > 0);
    while (0..n).any(|from| (0..n).any(|to| got[from][to] < sent[from][to].len())) {
        for to in 0..n {
            deliver(&mut ranks, to, &sent, &mut got, seed);
        }
    }
    for to in 0..n {
        while deliver(&mut ranks, to, &sent, &mut got, seed) {}
    }
}

type Sent = Vec<Vec<Vec<([u64; 2], Vec<u8>)>>>;

fn deliver(
    ranks: &mut [Box<dyn Transport>],
    to: usize,
    sent: &Sent,
    got: &mut [Vec<usize>],
    seed: u64,
) -> bool {
    let mut inbox = Inbox::default();
    let busy = ranks[to].poll(&mut inbox);
    for (from, header, payload) in inbox.frames {
        let expected = sent[from][to].get(got[from][to]);
        assert_eq!(Some(&(header, payload)), expected, "from {from} to {to}, seed {seed}");
        got[from][to] += 1;
    }
    busy
}

/// A direct copy brings all bytes, at every length and alignment, or is refused from the start. Says whether any was made.
pub fn copies_are_whole(mut ranks: Network, seed: u64) -> bool {
    let mut random = Random::new(seed);
    let mut made = false;
    // Rings and probes are made by the first frames.
    greet(&mut ranks);
    for len in [1, 4095, 4096, 65_537, 300_000, 3_000_001] {
        let source = random.bytes(len + 64);
        let at = random.below(64);
        // SAFETY: the vector outlives the copy.
        let body = unsafe { Body::bytes(source.as_ptr().wrapping_add(at), len) };
        let Some(target) = copy(&mut ranks, &mut random, &body) else { continue };
        assert!(target == source[at..at + len], "seed {seed}, {len} bytes");
        made = true;
    }
    made
}

/// As [`copies_are_whole`], of bytes that lie in blocks, in the program's memory and in the transport's.
pub fn copies_of_blocks_are_whole(mut ranks: Network, seed: u64) -> bool {
    let mut random = Random::new(seed);
    let mut made = false;
    greet(&mut ranks);
    for round in 0..40 {
        let block = 1 + random.below([8, 100, 40_000][round % 3]);
        let stride = block + random.below(3 * block + 2);
        let count = 1 + random.below(400_000 / block);
        let mut source = random.bytes((count - 1) * stride + block);
        let length = source.len();
        let shared = if round % 2 == 0 { ranks[0].allocate(length) } else { None };
        let from = shared.unwrap_or(source.as_mut_ptr());
        if let Some(shared) = shared {
            // SAFETY: both have this length, and nobody else uses them.
            unsafe { shared.copy_from_nonoverlapping(source.as_ptr(), length) };
        }
        let blocks = Strided { block, stride: stride as isize };
        // SAFETY: the blocks lie in memory that outlives the copy.
        let body = unsafe { Body::strided(from, blocks, 0, count * block) };
        if let Some(target) = copy(&mut ranks, &mut random, &body) {
            let expected: Vec<u8> = source.chunks(stride).flat_map(|c| &c[..block]).copied().collect();
            assert!(target == expected, "seed {seed}, {count} blocks of {block} at {stride}");
            made = true;
        }
        if let Some(shared) = shared {
            assert!(ranks[0].free(shared));
        }
    }
    made
}

/// What rank 1 has when it has copied `body` of rank 0 to its own memory, in one piece or in blocks, if that can be done.
fn copy(ranks: &mut Network, random: &mut Random, body: &Body<'_>) -> Option<Vec<u8>> {
    let len = body.len();
    let block = 1 + random.below(9000);
    let stride = block + random.below(9000);
    let blocks = (random.below(2) == 0).then_some(Strided { block, stride: stride as isize });
    let at = random.below(64);
    let span = Place { address: std::ptr::null_mut(), blocks }.span(len);
    let mut target = vec![0; span + 64];
    let to = Place { address: target.as_mut_ptr().wrapping_add(at), blocks };
    let (exposed, token) = ranks[0].expose(1, body)?;
    // SAFETY: the vector outlives the copy, and is not looked at before its end.
    let Some(pulled) = (unsafe { ranks[1].pull(0, token, to, len) }) else {
        ranks[0].withdraw(exposed);
        return None;
    };
    let mut inboxes = [Inbox::default(), Inbox::default()];
    while !(inboxes[0].exposed.contains_key(&exposed) && inboxes[1].pulled.contains_key(&pulled)) {
        // The receiver alone must be able to finish; the sender helps now and then.
        let who = usize::from(random.below(4) != 0);
        ranks[who].poll(&mut inboxes[who]);
    }
    assert!(inboxes[0].exposed[&exposed] && inboxes[1].pulled[&pulled]);
    let Strided { block, stride } = blocks.unwrap_or(Strided { block: len, stride: len as isize });
    let mut bytes = Vec::with_capacity(len);
    for chunk in target[at..at + span].chunks_mut(stride as usize) {
        let block = block.min(chunk.len());
        bytes.extend(&chunk[..block]);
        chunk[..block].fill(0);
    }
    // The last block may be longer than what it gets of the message.
    let rest = bytes.split_off(len);
    assert!(target.iter().chain(&rest).all(|&b| b == 0), "bytes beside the buffer");
    Some(bytes)
}

/// A copy from memory of [`Transport::allocate`] brings all bytes, and the memory can be given back.
pub fn allocated_memory_is_copied(mut ranks: Network) -> bool {
    greet(&mut ranks);
    let len = 1 << 20;
    let Some(memory) = ranks[0].allocate(len) else { return false };
    for i in 0..len {
        // SAFETY: the memory has `len` bytes and nobody else uses it.
        unsafe { memory.add(i).write((i * 31) as u8) };
    }
    let mut target = vec![0u8; len];
    // SAFETY: the memory is given back below, after the copy.
    let body = unsafe { Body::bytes(memory, len) };
    let (_, token) = ranks[0].expose(1, &body).expect("memory of the transport can always be laid open");
    // SAFETY: the vector outlives the copy.
    let pulled = unsafe { ranks[1].pull(0, token, plain(&mut target), len) }.expect("and always be copied");
    let mut inbox = Inbox::default();
    while !inbox.pulled.contains_key(&pulled) {
        ranks[1].poll(&mut inbox);
    }
    assert!(target.iter().enumerate().all(|(i, &b)| b == (i * 31) as u8));
    assert!(ranks[0].free(memory));
    assert!(!ranks[0].free(memory));
    true
}

fn plain(target: &mut [u8]) -> Place {
    Place { address: target.as_mut_ptr(), blocks: None }
}

fn greet(ranks: &mut [Box<dyn Transport>]) {
    for (from, to) in [(0, 1), (1, 0)] {
        assert!(send(&mut *ranks[from], to, [1, 1], &[], &[]));
        let mut inbox = Inbox::default();
        while inbox.frames.is_empty() {
            ranks[from].poll(&mut Inbox::default());
            ranks[to].poll(&mut inbox);
        }
    }
}

/// A transport that one other thread uses for a while.
struct Lent<'a>(&'a mut dyn Transport);

// SAFETY: what the transports of the ranks share is meant for several processes (or the kernel's); the thread that lends
// one does not use it before the other thread has ended.
unsafe impl Send for Lent<'_> {}

/// A rank that has announced a sleep is woken by whatever is sent to it afterwards, by any peer, whether it sleeps by then
/// or is about to.
pub fn sleepers_are_woken(mut ranks: Network, seed: u64) {
    // Until a test that has lost a wake-up fails.
    const LIMIT: Duration = Duration::from_secs(300);
    let mut random = Random::new(seed);
    let (first, others) = ranks.split_at_mut(1);
    let sleeper = &mut *first[0];
    let waiter = sleeper.waiter();
    let mut inbox = Inbox::default();
    for round in 0..300u64 {
        let other = random.below(others.len());
        let pause = [0, 0, 0, 50, 3000][random.below(5)];
        let sender = Lent(&mut *others[other]);
        std::thread::scope(|scope| {
            let prepared = waiter.prepare();
            assert!(inbox.frames.is_empty());
            while sleeper.poll(&mut inbox) {}
            // Connections are made, and acknowledge: a sleep may end early, but not before its time without a reason.
            let sending = scope.spawn(move || {
                let sender = sender;
                std::thread::sleep(Duration::from_micros(pause));
                while !send(sender.0, 0, [round, 7], &[], &[1, 2, 3]) {}
                sender
            });
            let begin = Instant::now();
            waiter.sleep(prepared, LIMIT);
            waiter.finish();
            let sender = sending.join().expect("the other rank can send");
            while inbox.frames.is_empty() {
                // A connection that is not made yet needs both sides.
                sender.0.poll(&mut Inbox::default());
                let prepared = waiter.prepare();
                if !sleeper.poll(&mut inbox) {
                    waiter.sleep(prepared, Duration::from_millis(1));
                }
                waiter.finish();
                assert!(begin.elapsed() < LIMIT, "seed {seed}, round {round}");
            }
            assert!(begin.elapsed() < LIMIT, "a wake-up was lost: seed {seed}, round {round}");
        });
        assert_eq!(inbox.frames.len(), 1);
        assert_eq!(inbox.frames.pop().map(|frame| frame.1), Some([round, 7]));
    }
}

/// A token that nobody gave out is refused, or fails; it does no harm.
pub fn foreign_tokens_are_refused(mut ranks: Network, seed: u64) {
    let mut random = Random::new(seed);
    let mut target = vec![0u8; 100];
    for _ in 0..100 {
        let token = Token([random.any(), random.any(), random.any()]);
        // SAFETY: the vector outlives the copy: one that is started is waited for.
        if let Some(copy) = unsafe { ranks[1].pull(0, token, plain(&mut target), 100) } {
            let mut inbox = Inbox::default();
            while !inbox.pulled.contains_key(&copy) {
                ranks[1].poll(&mut inbox);
            }
        }
    }
}
