//! A rank's doorbell: two words by which others see that it sleeps, and wake it.
//!
//! A sender stores a frame and then looks whether the receiver sleeps; a receiver says that it sleeps and then looks for
//! frames. If both looked before the other's store could be seen, the receiver would sleep on a frame. A full barrier
//! between store and load on both sides rules this out. The sender's would be paid for each message, so the receiver,
//! who is about to sleep anyway, makes all processes pass one (`membarrier`); the sender only keeps the compiler from
//! swapping the two.
//!
//! States of a bell: awake (`asleep` = 0) -> about to sleep (1, after [`Bell::prepare`]) -> asleep on `word` -> awake.
//! `asleep` is written by its owner, and by a waker who thereby takes the waking upon itself; `word` by wakers.

use crate::sync::{AtomicU32, Ordering, fence, light_fence};

/// The words, on a line of their own.
#[repr(C, align(64))]
pub struct Bell {
    /// Not 0 while the rank sleeps or is about to.
    asleep: AtomicU32,
    /// What the rank sleeps on; each wake-up adds one.
    word: AtomicU32,
}

impl Bell {
    /// Wakes the owner if it sleeps: `wake_all` wakes who sleeps on the word. Called after the store that the sleeper
    /// must not miss.
    #[inline]
    pub fn ring(&self, wake_all: impl FnOnce(&AtomicU32)) {
        // Keeps the load below from being compiled to before the caller's store. Pairs with `prepare`.
        light_fence();
        if self.asleep.load(Ordering::Relaxed) != 0 {
            self.wake(wake_all);
        }
    }

    /// As [`Bell::ring`], where somebody is known to sleep.
    #[cold]
    pub fn wake(&self, wake_all: impl FnOnce(&AtomicU32)) {
        // The swap lets one waker of many make the system call. Acquire/Release: the sleeper's preparations are over.
        if self.asleep.swap(0, Ordering::AcqRel) != 0 {
            // Release: pairs with the sleeper's load of `word` in the kernel; a sleep prepared before does not begin.
            self.word.fetch_add(1, Ordering::Release);
            wake_all(&self.word);
        }
    }

    /// Announces a sleep. `heavy_fence` makes every process pass a barrier. What arrives after it changes the word from
    /// the value that this returns.
    pub fn prepare(&self, heavy_fence: impl FnOnce()) -> u32 {
        // Acquire: pairs with the Release in `wake`.
        let word = self.word.load(Ordering::Acquire);
        self.asleep.store(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        heavy_fence();
        word
    }

    /// What to sleep on while it has the value that [`Bell::prepare`] returned.
    pub fn word(&self) -> &AtomicU32 {
        &self.word
    }

    /// Ends a sleep.
    pub fn awake(&self) {
        // Relaxed: a waker that still sees 1 makes a system call for nothing, no more.
        self.asleep.store(0, Ordering::Relaxed);
    }
}

/// The barrier that the sleeper makes others pass is one of their own here, at the place where the real one leaves out
/// none: between store and load. A lost wake-up is a loop without end, which loom reports.
#[cfg(all(test, loom))]
mod tests {
    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    struct Shared {
        bell: Bell,
        frames: [AtomicU32; 2],
    }

    /// Receives the frames of `senders`, asleep whenever there is none.
    fn receive(shared: &Shared, senders: usize) {
        let arrived = || shared.frames.iter().filter(|f| f.load(Ordering::Acquire) != 0).count() == senders;
        while !arrived() {
            let prepared = shared.bell.prepare(|| ());
            if !arrived() {
                while shared.bell.word().load(Ordering::Acquire) == prepared {
                    thread::yield_now();
                }
            }
            shared.bell.awake();
        }
    }

    fn no_wake_up_is_lost(senders: usize) {
        let mut model = loom::model::Builder::new();
        model.preemption_bound = Some(3);
        model.check(move || {
            let bell = Bell { asleep: AtomicU32::new(0), word: AtomicU32::new(0) };
            let shared = Arc::new(Shared { bell, frames: [AtomicU32::new(0), AtomicU32::new(0)] });
            for sender in 0..senders {
                let shared = shared.clone();
                thread::spawn(move || {
                    shared.frames[sender].store(1, Ordering::Release);
                    shared.bell.ring(|_| ());
                });
            }
            receive(&shared, senders);
        });
    }

    #[test]
    fn loom_one_sender_wakes_a_sleeper() {
        no_wake_up_is_lost(1);
    }

    #[test]
    fn loom_two_senders_wake_a_sleeper() {
        no_wake_up_is_lost(2);
    }
}
