//! Waking a rank that sleeps: the system calls that go with a [`Bell`].
//!
//! Where `membarrier` is forbidden nobody can be sure that a sender saw the sleeper: its sleeps are short then.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use rankwise_os::{futex, membarrier};

use super::layout::Base;
use crate::Waiter;
use crate::bell::Bell;

/// How long a sleeper trusts that nobody missed it, where it cannot make sure.
const UNSURE: Duration = Duration::from_millis(1);

/// This rank's own bell.
pub struct Doorbell {
    base: Arc<Base>,
    me: usize,
    sure: bool,
    crowded: bool,
    /// How many threads of this rank sleep or are about to. Changed only by whoever may use the transport.
    sleepers: Cell<u32>,
}

/// Wakes the owner of `bell` if it sleeps. Called after the store that the sleeper must not miss.
#[inline]
pub fn ring(bell: &Bell) {
    bell.ring(futex::wake_all);
}

impl Doorbell {
    /// The bell of rank `me`. `crowded`: there are more ranks than processors for them.
    pub fn new(base: Arc<Base>, me: usize, crowded: bool) -> Doorbell {
        let sure = membarrier::register();
        Doorbell { base, me, sure, crowded, sleepers: Cell::new(0) }
    }

    /// What rings this bell, for a thread that sees something arrive that comes through no ring.
    pub fn ringer(&self) -> impl Fn() + Send + 'static {
        let (base, me) = (self.base.clone(), self.me);
        move || ring(&base.rank(me).bell)
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
        self.sleepers.set(self.sleepers.get() + 1);
        self.bell().prepare(|| {
            if self.sure {
                membarrier::everywhere();
            }
        })
    }

    fn sleep(&self, prepared: u32, limit: Duration) {
        futex::wait(self.bell().word(), prepared, if self.sure { limit } else { limit.min(UNSURE) });
    }

    fn finish(&self) {
        self.sleepers.set(self.sleepers.get() - 1);
        if self.sleepers.get() == 0 {
            self.bell().awake();
        }
    }

    fn rouse(&self) {
        if self.sleepers.get() > 0 {
            self.bell().wake(futex::wake_all);
        }
    }
}
