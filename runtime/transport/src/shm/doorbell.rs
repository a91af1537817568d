//! Waking a rank that sleeps.
//!
//! A sender stores a frame and then looks whether the receiver sleeps; a receiver says that it sleeps and then looks for
//! frames. If both looked before the other's store could be seen, the receiver would sleep on a frame. A full barrier
//! between store and load on both sides rules this out. The sender's would be paid for each message, so the receiver,
//! who is about to sleep anyway, makes all processes pass one (`membarrier`); the sender only keeps the compiler from
//! swapping the two. Where `membarrier` is forbidden the receiver's sleeps are short instead.
//!
//! States of a bell: awake (`asleep` = 0) -> about to sleep (1, after [`Doorbell::prepare`]) -> asleep on `word` ->
//! awake. `asleep` is written by its owner, and by a waker who thereby takes the waking upon itself; `word` by wakers.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{Ordering, compiler_fence};
use std::time::Duration;

use rankwise_os::{futex, membarrier};

use super::layout::{Base, Bell};
use crate::Waiter;

/// How long a sleeper trusts that nobody missed it, where it cannot make sure.
const UNSURE: Duration = Duration::from_millis(1);

/// This rank's own bell.
pub struct Doorbell {
    base: Rc<Base>,
    me: usize,
    sure: bool,
    crowded: bool,
    /// How many threads of this rank sleep or are about to. Changed only by whoever may use the transport.
    sleepers: Cell<u32>,
}

/// Wakes the owner of `bell` if it sleeps. Called after the store that the sleeper must not miss.
#[inline]
pub fn ring(bell: &Bell) {
    // Keeps the load below from being compiled to before the caller's store. Pairs with the barrier that the sleeper
    // causes in `prepare`.
    compiler_fence(Ordering::SeqCst);
    if bell.asleep.load(Ordering::Relaxed) != 0 {
        wake(bell);
    }
}

#[cold]
fn wake(bell: &Bell) {
    // The swap lets one waker of many make the system call. Acquire/Release: the sleeper's preparations are over.
    if bell.asleep.swap(0, Ordering::AcqRel) != 0 {
        // Release: pairs with the sleeper's load of `word` in the kernel; a sleep prepared before does not begin.
        bell.word.fetch_add(1, Ordering::Release);
        futex::wake_all(&bell.word);
    }
}

impl Doorbell {
    /// The bell of rank `me`. `crowded`: there are more ranks than processors for them.
    pub fn new(base: Rc<Base>, me: usize, crowded: bool) -> Doorbell {
        let sure = membarrier::register();
        Doorbell { base, me, sure, crowded, sleepers: Cell::new(0) }
    }

    fn bell(&self) -> &Bell {
        &self.base.rank(self.me).bell
    }
}

impl Waiter for Doorbell {
    fn crowded(&self) -> bool {
        self.crowded
    }

    fn give_way(&self) {
        std::thread::yield_now();
    }

    fn prepare(&self) -> u32 {
        let bell = self.bell();
        self.sleepers.set(self.sleepers.get() + 1);
        // Acquire: pairs with the Release in `wake`.
        let word = bell.word.load(Ordering::Acquire);
        // SeqCst, and a barrier for everybody else: see the top of this file.
        bell.asleep.store(1, Ordering::SeqCst);
        std::sync::atomic::fence(Ordering::SeqCst);
        if self.sure {
            membarrier::everywhere();
        }
        word
    }

    fn sleep(&self, prepared: u32, limit: Duration) {
        futex::wait(&self.bell().word, prepared, if self.sure { limit } else { limit.min(UNSURE) });
    }

    fn finish(&self) {
        self.sleepers.set(self.sleepers.get() - 1);
        if self.sleepers.get() == 0 {
            // Relaxed: a waker that still sees 1 makes a system call for nothing, no more.
            self.bell().asleep.store(0, Ordering::Relaxed);
        }
    }

    fn rouse(&self) {
        if self.sleepers.get() > 0 {
            wake(self.bell());
        }
    }
}
