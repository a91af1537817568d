//! What the two sides of a direct copy share: who may do what, and which bytes are done.
//!
//! ```text
//! FREE --owner: expose--> EXPOSED --receiver: begin--> READY --receiver: release--> RELEASED --owner: free--> FREE
//!                            `--owner: free--> FREE
//! ```
//!
//! The receiver writes what it wants and resets `claimed`, `done`, `error` before
//! READY. While READY both claim chunks with `claimed`, the receiver from the front and the owner from the
//! back, so that over many messages each part of a buffer tends to stay in one cache, and report with `done`. The owner's memory is not needed any more when
//! all is done; the receiver has looked at the slot for the last time when it stores RELEASED.

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// The slot is the owner's, unused.
pub const FREE: u32 = 0;
/// The owner's memory lies open.
pub const EXPOSED: u32 = 1;
/// Both sides copy.
pub const READY: u32 = 2;
/// The receiver is through with it.
pub const RELEASED: u32 = 3;

/// A direct copy, on a line of its own.
#[repr(C, align(64))]
pub struct Slot {
    state: AtomicU32,
    /// Not 0 once a part of the copy has failed; the system's error number then.
    error: AtomicU32,
    /// Not 0 if `to` is an offset in the area of the receiver, not an address.
    to_area: AtomicU32,
    /// How many chunks the receiver (low half) and the owner (high half) have claimed, or tried to.
    claimed: AtomicU64,
    /// How many bytes are done.
    done: AtomicU64,
    /// The receiver's side.
    to: AtomicU64,
    length: AtomicU64,
    chunk: AtomicU32,
    /// How the receiver's bytes lie, in a word that the slot does not look into.
    blocks: AtomicU64,
}

/// What the receiver asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whether `to` is an offset in the receiver's area, not an address.
    pub to_area: bool,
    /// Where the bytes go.
    pub to: u64,
    /// How many.
    pub length: usize,
    /// How many at a time.
    pub chunk: u32,
    /// How the bytes lie there, in the receiver's word for it.
    pub blocks: u64,
}

/// Who claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Receiver,
    Owner,
}

impl Side {
    const LOW: u64 = u32::MAX as u64;

    /// A chunk of this side in [`Slot::claimed`].
    fn one(self) -> u64 {
        match self {
            Side::Receiver => 1,
            Side::Owner => 1 << 32,
        }
    }
}

/// Why a chunk was not copied.
pub enum Failure {
    /// The system's error number.
    Error(u32),
    /// The peer has ended amid the copy, which ends the job: the launcher knows why, and we know only that it has gone.
    /// What we had to say would hide the cause, so this copy is never done.
    PeerGone,
}

impl Slot {
    /// Owner: lays memory open.
    pub fn expose(&self) {
        // Release: pairs with the Acquire load in `state`.
        self.state.store(EXPOSED, Ordering::Release);
    }

    /// Either side: where the copy stands.
    #[inline]
    pub fn state(&self) -> u32 {
        // Acquire: pairs with the Release stores of the other side's states.
        self.state.load(Ordering::Acquire)
    }

    /// Receiver, when EXPOSED: begins the copy.
    pub fn begin(&self, wanted: Wanted) {
        self.to_area.store(wanted.to_area as u32, Ordering::Relaxed);
        self.to.store(wanted.to, Ordering::Relaxed);
        self.length.store(wanted.length as u64, Ordering::Relaxed);
        self.chunk.store(wanted.chunk, Ordering::Relaxed);
        self.blocks.store(wanted.blocks, Ordering::Relaxed);
        self.claimed.store(0, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.error.store(0, Ordering::Relaxed);
        // Release: pairs with the owner's Acquire load in `state`.
        self.state.store(READY, Ordering::Release);
    }

    /// Owner, when READY or RELEASED: what the receiver asked for.
    pub fn wanted(&self) -> Wanted {
        Wanted {
            to_area: self.to_area.load(Ordering::Relaxed) != 0,
            to: self.to.load(Ordering::Relaxed),
            length: self.length.load(Ordering::Relaxed) as usize,
            chunk: self.chunk.load(Ordering::Relaxed).max(1),
            blocks: self.blocks.load(Ordering::Relaxed),
        }
    }

    /// Either side, when READY: claims a chunk and copies it; `copy` gets its offset and length. False if all
    /// are claimed.
    #[inline]
    pub fn claim(
        &self,
        side: Side,
        length: usize,
        chunk: u32,
        copy: impl FnOnce(usize, usize) -> Result<(), Failure>,
    ) -> bool {
        let chunk = chunk as usize;
        let chunks = length.div_ceil(chunk) as u64;
        let left = |claimed: u64| (claimed & Side::LOW) + (claimed >> 32) < chunks;
        // Relaxed, both: the counter only divides the work; what it divides was published by READY. The first look keeps
        // a side that waits for the other's last chunk from counting on for ever.
        if !left(self.claimed.load(Ordering::Relaxed)) {
            return false;
        }
        let claimed = self.claimed.fetch_add(side.one(), Ordering::Relaxed);
        if !left(claimed) {
            return false;
        }
        let at = chunk
            * match side {
                Side::Receiver => claimed & Side::LOW,
                Side::Owner => chunks - 1 - (claimed >> 32),
            } as usize;
        let len = chunk.min(length - at);
        match copy(at, len) {
            Ok(()) => {}
            Err(Failure::Error(error)) => self.error.store(error, Ordering::Relaxed),
            Err(Failure::PeerGone) => return true,
        }
        // Release: pairs with the Acquire load in `outcome`: whoever sees all bytes done sees the bytes, and the error.
        self.done.fetch_add(len as u64, Ordering::Release);
        true
    }

    /// Either side, from READY on: how the copy of `length` bytes has ended; `None` if it has not.
    #[inline]
    pub fn outcome(&self, length: usize) -> Option<Result<(), u32>> {
        // Acquire: pairs with the Release in `claim`.
        if self.done.load(Ordering::Acquire) != length as u64 {
            return None;
        }
        Some(match self.error.load(Ordering::Relaxed) {
            0 => Ok(()),
            error => Err(error),
        })
    }

    /// Receiver, when all is done: does not look at the slot again.
    pub fn release(&self) {
        // Release: pairs with the owner's Acquire load in `state`.
        self.state.store(RELEASED, Ordering::Release);
    }

    /// Owner: takes the slot back, when RELEASED or when the receiver will not begin.
    pub fn free(&self) {
        self.state.store(FREE, Ordering::Relaxed);
    }
}

/// Two messages of three chunks through one slot: both sides copy, and each touches the memory again as soon as it may.
#[cfg(all(test, loom))]
#[allow(unsafe_code)]
mod tests {
    use super::*;
    use loom::cell::UnsafeCell;
    use loom::sync::Arc;
    use loom::thread;

    const CHUNKS: usize = 3;
    const MESSAGES: u32 = 2;

    struct Shared {
        slot: Slot,
        /// How many messages were offered and asked for: the frames that go along.
        offered: AtomicU32,
        from: [UnsafeCell<u32>; CHUNKS],
        to: [UnsafeCell<u32>; CHUNKS],
    }

    // SAFETY: the slot's protocol decides who touches what; that it does so soundly is what loom checks.
    unsafe impl Sync for Shared {}
    // SAFETY: as above.
    unsafe impl Send for Shared {}

    impl Shared {
        fn copy(&self, side: Side) -> bool {
            self.slot.claim(side, CHUNKS, 1, |at, _| {
                // SAFETY: the chunk is claimed; loom checks that nobody else touches it.
                let value = self.from[at].with(|p| unsafe { *p });
                // SAFETY: as above.
                self.to[at].with_mut(|p| unsafe { *p = value });
                Ok(())
            })
        }

        fn send(&self, message: u32) {
            for chunk in &self.from {
                // SAFETY: the copy of the message before is over.
                chunk.with_mut(|p| unsafe { *p = message });
            }
            self.slot.expose();
            self.offered.store(message, Ordering::Release);
            while self.slot.state() == EXPOSED {
                thread::yield_now();
            }
            assert_eq!(self.slot.wanted().to, message as u64);
            while self.slot.outcome(CHUNKS).is_none() {
                if !self.copy(Side::Owner) {
                    thread::yield_now();
                }
            }
            for chunk in &self.from {
                // SAFETY: all is done, so that the memory is ours again.
                chunk.with_mut(|p| unsafe { *p = 0 });
            }
            while self.slot.state() != RELEASED {
                thread::yield_now();
            }
            self.slot.free();
        }

        fn receive(&self, message: u32) {
            while self.offered.load(Ordering::Acquire) != message {
                thread::yield_now();
            }
            assert_eq!(self.slot.state(), EXPOSED);
            self.slot.begin(Wanted {
                to_area: false,
                to: message as u64,
                length: CHUNKS,
                chunk: 1,
                blocks: 0,
            });
            while self.slot.outcome(CHUNKS).is_none() {
                if !self.copy(Side::Receiver) {
                    thread::yield_now();
                }
            }
            for chunk in &self.to {
                // SAFETY: all is done, so that the memory is ours again.
                chunk.with_mut(|p| unsafe { assert_eq!(std::mem::take(&mut *p), message) });
            }
            self.slot.release();
        }
    }

    #[test]
    fn loom_both_sides_copy_each_chunk_once() {
        let mut model = loom::model::Builder::new();
        model.preemption_bound = Some(2);
        model.check(|| {
            let (word, long) = (|| AtomicU32::new(0), || AtomicU64::new(0));
            let slot = Slot {
                state: word(),
                error: word(),
                to_area: word(),
                claimed: long(),
                done: long(),
                to: long(),
                length: long(),
                chunk: word(),
                blocks: long(),
            };
            let chunks = || std::array::from_fn(|_| UnsafeCell::new(0));
            let shared = Arc::new(Shared { slot, offered: word(), from: chunks(), to: chunks() });
            let sender = shared.clone();
            let sender = thread::spawn(move || (1..=MESSAGES).for_each(|n| sender.send(n)));
            (1..=MESSAGES).for_each(|n| shared.receive(n));
            sender.join().unwrap();
        });
    }
}
