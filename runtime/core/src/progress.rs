//! Waiting: the only place where a rank does nothing on purpose.
//!
//! Everything that waits calls [`World::wait_until`], which moves all operations on and, when nothing happens, follows
//! one policy: spin, then give the processor to somebody else, then sleep until something arrives. How long each lasts
//! depends on whether this node has more ranks than processors. A rank that waits long uses no processor time.

use std::time::Duration;

use crate::Result;
use crate::p2p::engine::Engine;
use crate::world::World;

/// How many polls in vain before the next means is used.
struct Patience {
    spin: u32,
    give_way: u32,
}

/// Every rank has a processor: a wake-up costs more than a long spin, and nobody else wants the processor.
const ROOMY: Patience = Patience { spin: 4000, give_way: 400 };
/// Ranks share processors: the peer that we wait for may need ours.
const CROWDED: Patience = Patience { spin: 4, give_way: 40 };

/// So many polls follow each other at once. Later ones leave the core to its other thread for a moment.
const EAGER: u32 = 500;

/// A sleeper that nobody wakes looks for itself this often.
const LONGEST_SLEEP: Duration = Duration::from_millis(500);

impl World {
    /// Moves everything on that can be moved on now. Says whether anything happened.
    #[inline]
    pub fn progress(&self) -> Result<bool> {
        let (busy, warned) = {
            let mut engine = self.engine.borrow_mut();
            let busy = engine.poll();
            (busy, !engine.p2p.warnings.is_empty())
        };
        if warned {
            self.pass_on_warnings();
        }
        Ok(busy | self.advance_collectives())
    }

    /// One attempt at progress, for calls that test and return. A program that tests in a loop where processors are
    /// short must not keep its peers from running.
    pub(crate) fn poll_once(&self) -> Result<()> {
        let busy = self.progress()?;
        self.let_others_in(busy);
        if !busy && (self.waiter.crowded() || self.waiting.get() > 0) {
            self.unlocked(&mut || self.waiter.give_way());
        }
        Ok(())
    }

    /// Returns when `ready` does, after as much progress as that takes.
    #[inline]
    pub(crate) fn wait_until(&self, mut ready: impl FnMut(&mut Engine) -> bool) -> Result<()> {
        if ready(&mut self.engine.borrow_mut()) {
            return Ok(());
        }
        self.waiting.set(self.waiting.get() + 1);
        let result = self.keep_on(ready);
        self.waiting.set(self.waiting.get() - 1);
        result
    }

    #[inline]
    fn keep_on(&self, mut ready: impl FnMut(&mut Engine) -> bool) -> Result<()> {
        let mut idle = 0;
        loop {
            let busy = self.progress()?;
            if ready(&mut self.engine.borrow_mut()) {
                if busy && self.threads.get() {
                    // What came may have been more than this thread waits for.
                    self.waiter.rouse();
                }
                return Ok(());
            }
            if busy {
                idle = 0;
                self.let_others_in(true);
            } else {
                idle += 1;
                self.idle(idle)?;
            }
        }
    }

    /// One step of doing nothing, the `idle`th in a row.
    #[inline]
    fn idle(&self, idle: u32) -> Result<()> {
        // Threads that wait beside each other hand the lock round at each step.
        let crowded = self.waiter.crowded() || self.waiting.get() > 1;
        let patience = if crowded { CROWDED } else { ROOMY };
        if idle <= patience.spin {
            if idle > EAGER {
                std::hint::spin_loop();
            }
            self.let_others_in(false);
        } else if idle <= patience.spin + patience.give_way {
            self.unlocked(&mut || self.waiter.give_way());
        } else {
            self.sleep()?;
        }
        Ok(())
    }

    #[cold]
    fn sleep(&self) -> Result<()> {
        let prepared = self.waiter.prepare();
        let busy = self.progress();
        if let Ok(false) = busy {
            self.unlocked(&mut || self.waiter.sleep(prepared, LONGEST_SLEEP));
        }
        self.waiter.finish();
        busy.map(|_| ())
    }

    /// Gives other threads of this rank their turn, if it has any. `delivered`: what they wait for may have come.
    #[inline]
    fn let_others_in(&self, delivered: bool) {
        if self.threads.get() {
            if delivered {
                self.waiter.rouse();
            }
            self.unlocked(&mut || {});
        }
    }

    /// Runs `f` while other threads may use this world.
    fn unlocked(&self, f: &mut dyn FnMut()) {
        if !self.threads.get() {
            return f();
        }
        // Taken out for the call, and put back: another thread must find it too.
        let unlock = self.unlock.borrow().clone();
        match unlock {
            Some(unlock) => unlock(f),
            None => f(),
        }
    }

    #[cold]
    fn pass_on_warnings(&self) {
        let warnings = std::mem::take(&mut self.engine.borrow_mut().p2p.warnings);
        for warning in warnings {
            (self.warn)(&warning);
        }
    }
}
