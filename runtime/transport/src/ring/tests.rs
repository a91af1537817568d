//! The ring over plain memory: two threads, random lengths; and every interleaving of a small one under loom.

use std::sync::Arc;

use super::*;
use crate::frame::Body;

#[cfg(not(loom))]
use std::cell::UnsafeCell;

#[cfg(loom)]
use loom::cell::UnsafeCell;

/// A ring of `C` cells and `S` bytes of slab, `F` at first, that two threads share.
struct Heap<const C: usize, const F: usize, const S: usize> {
    controls: Vec<AtomicU64>,
    consumed: AtomicU32,
    cells: Vec<UnsafeCell<[u8; CELL_BODY]>>,
    /// A piece for each line, so that loom sees who touches what.
    slab: Vec<UnsafeCell<[u8; LINE]>>,
    /// What loom does not need: the slab in one piece.
    #[cfg(not(loom))]
    bytes: UnsafeCell<[u8; S]>,
}

// SAFETY: the ring's protocol decides who touches what; that it does so soundly is what the tests check.
unsafe impl<const C: usize, const F: usize, const S: usize> Sync for Heap<C, F, S> {}
// SAFETY: as above.
unsafe impl<const C: usize, const F: usize, const S: usize> Send for Heap<C, F, S> {}

impl<const C: usize, const F: usize, const S: usize> Heap<C, F, S> {
    fn shared() -> Arc<Self> {
        Arc::new(Heap {
            controls: (0..C).map(|_| AtomicU64::new(0)).collect(),
            consumed: AtomicU32::new(0),
            cells: (0..C).map(|_| UnsafeCell::new([0; CELL_BODY])).collect(),
            slab: (0..S / LINE).map(|_| UnsafeCell::new([0; LINE])).collect(),
            #[cfg(not(loom))]
            bytes: UnsafeCell::new([0; S]),
        })
    }
}

// SAFETY: all handles reach the one `Heap`.
unsafe impl<const C: usize, const F: usize, const S: usize> Memory for Arc<Heap<C, F, S>> {
    const CELLS: usize = C;
    const SLAB: usize = S;
    const FIRST: usize = F;

    fn control(&self, cell: usize) -> &AtomicU64 {
        &self.controls[cell]
    }

    fn consumed(&self) -> &AtomicU32 {
        &self.consumed
    }

    #[cfg(not(loom))]
    fn cell<R>(&self, cell: usize, _write: bool, f: impl FnOnce(*mut u8) -> R) -> R {
        f(self.cells[cell].get().cast())
    }

    #[cfg(not(loom))]
    fn slab<R>(&self, at: usize, len: usize, _write: bool, f: impl FnOnce(*mut u8) -> R) -> R {
        assert!(at + len <= S && self.slab.len() * LINE == S);
        f(self.bytes.get().cast::<u8>().wrapping_add(at))
    }

    #[cfg(loom)]
    fn cell<R>(&self, cell: usize, write: bool, f: impl FnOnce(*mut u8) -> R) -> R {
        if write {
            self.cells[cell].with_mut(|p| f(p.cast()))
        } else {
            self.cells[cell].with(|p| f(p.cast_mut().cast()))
        }
    }

    /// Under loom a payload is kept to one line, so that one `UnsafeCell` guards it.
    #[cfg(loom)]
    fn slab<R>(&self, at: usize, len: usize, write: bool, f: impl FnOnce(*mut u8) -> R) -> R {
        assert!(at % LINE == 0 && len <= LINE);
        if write {
            self.slab[at / LINE].with_mut(|p| f(p.cast()))
        } else {
            self.slab[at / LINE].with(|p| f(p.cast_mut().cast()))
        }
    }
}

fn payload(number: u64, len: usize) -> Vec<u8> {
    (0..len).map(|i| (number as u8).wrapping_mul(31).wrapping_add(i as u8)).collect()
}

fn send<M: Memory>(ring: &mut Producer<M>, number: u64, len: usize) -> bool {
    let bytes = payload(number, len);
    // SAFETY: the vector lives until the call is over.
    let body = unsafe { Body::bytes(bytes.as_ptr(), bytes.len()) };
    ring.try_send(&Frame { header: [number, !number], words: &[], body })
}

fn receive<M: Memory>(ring: &mut Consumer<M>, number: u64, len: usize) -> bool {
    let got = ring.receive(|header, got| {
        assert_eq!(header, [number, !number]);
        assert_eq!(got.len(), len);
        let mut bytes = vec![0; len];
        // SAFETY: the vector has `len` bytes.
        unsafe { got.copy_to(bytes.as_mut_ptr(), len) };
        assert_eq!(bytes, payload(number, len));
    });
    got != Received::Nothing
}

#[cfg(not(loom))]
mod plain {
    use super::*;
    use proptest::prelude::*;

    type Small = Heap<8, 4096, 12288>;

    /// Lengths around every border: nothing, in the cell, just beyond, up to the longest.
    fn length() -> impl Strategy<Value = usize> {
        prop_oneof![0..=INLINE, INLINE..=INLINE + 2, 41usize..=1024, Just(1024)]
    }

    proptest! {
        #[test]
        fn frames_arrive_whole_and_in_order(lengths in prop::collection::vec(length(), 1..300), lag in 0usize..9, most in 0usize..13000) {
            let memory = Small::shared();
            let (mut tx, mut rx) = (Producer::new(memory.clone(), most), Consumer::new(memory));
            let (mut sent, mut got) = (0, 0);
            while got < lengths.len() {
                let room = sent < lengths.len() && send(&mut tx, sent as u64, lengths[sent]);
                sent += room as usize;
                // The receiver stays up to `lag` frames behind, and catches up when the sender is stuck.
                while got < sent && (!room || sent - got > lag) {
                    prop_assert!(receive(&mut rx, got as u64, lengths[got]));
                    got += 1;
                }
            }
            prop_assert!(!receive(&mut rx, got as u64, 0));
        }
    }

    #[test]
    fn two_threads_lose_nothing() {
        let memory = Small::shared();
        let (mut tx, mut rx) = (Producer::new(memory.clone(), usize::MAX), Consumer::new(memory));
        let length = |n: u64| (n * 7919 % 1025) as usize * (!n.is_multiple_of(3)) as usize;
        const FRAMES: u64 = 20_000;
        std::thread::scope(|s| {
            s.spawn(move || {
                for n in 0..FRAMES {
                    while !send(&mut tx, n, length(n)) {
                        std::thread::yield_now();
                    }
                }
            });
            for n in 0..FRAMES {
                while !receive(&mut rx, n, length(n)) {
                    std::thread::yield_now();
                }
            }
        });
    }

    #[test]
    fn a_receiver_that_never_looks_stops_the_sender_without_harm() {
        let memory = Small::shared();
        let (mut tx, mut rx) = (Producer::new(memory.clone(), usize::MAX), Consumer::new(memory));
        let mut sent = 0;
        while send(&mut tx, sent, 100) {
            sent += 1;
        }
        assert_eq!(sent, 8);
        assert!(!send(&mut tx, sent, 0));
        for n in 0..sent {
            assert!(receive(&mut rx, n, 100));
        }
        assert!(send(&mut tx, sent, 1024) && receive(&mut rx, sent, 1024));
    }

    #[test]
    fn the_slab_grows_when_the_receiver_does_not_keep_up() {
        let memory = Small::shared();
        let (mut tx, mut rx) = (Producer::new(memory.clone(), 8192), Consumer::new(memory));
        for n in 0..20 {
            assert!(send(&mut tx, n, 1000) && receive(&mut rx, n, 1000));
        }
        assert_eq!(tx.used, 4096);
        let mut number = 20;
        for least in [3, 6] {
            let first = number;
            while send(&mut tx, number, 1000) {
                number += 1;
            }
            assert!(number - first >= least);
            assert_eq!(tx.used, 8192);
            (first..number).for_each(|n| assert!(receive(&mut rx, n, 1000)));
        }
    }

    #[test]
    fn a_control_word_full_of_nonsense_stays_inside_the_slab() {
        let memory = Small::shared();
        memory.controls[0].store(1 | 0xffff_ffff << 32, Ordering::Release);
        let mut rx = Consumer::new(memory);
        assert_eq!(rx.receive(|_, p| assert_eq!(p.len(), longest::<Arc<Small>>())), Received::GaveBack);
    }
}

/// Four frames through two cells and four lines: every wrap and every full ring occurs.
#[cfg(loom)]
#[test]
fn loom_every_interleaving() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let memory = Heap::<2, 256, 256>::shared();
        let (mut tx, mut rx) = (Producer::new(memory.clone(), usize::MAX), Consumer::new(memory));
        let lengths = [8, 64, 64, 41];
        let sender = loom::thread::spawn(move || {
            for (n, &len) in lengths.iter().enumerate() {
                while !send(&mut tx, n as u64, len) {
                    loom::thread::yield_now();
                }
            }
        });
        for (n, &len) in lengths.iter().enumerate() {
            while !receive(&mut rx, n as u64, len) {
                loom::thread::yield_now();
            }
        }
        sender.join().unwrap();
    });
}
