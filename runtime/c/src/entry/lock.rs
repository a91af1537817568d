//! The lock that keeps the threads of a rank apart under MPI_THREAD_MULTIPLE.
//!
//! It may be entered again by the thread that holds it, because user's callbacks call MPI. While a thread waits for a
//! message it stands aside ([`Lock::unlocked`]), however deep it is in.

#![allow(unsafe_code)]

use parking_lot::lock_api::{RawMutex as _, RawMutexFair as _};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The lock.
pub struct Lock {
    mutex: parking_lot::RawMutex,
    /// The thread that holds the mutex, or 0.
    owner: AtomicUsize,
    /// How often the owner has entered; touched by the owner alone.
    depth: Cell<usize>,
}

/// A thread's turn; it ends with this value.
pub struct Turn<'a>(&'a Lock);

/// A number that differs between the threads that are alive: the address of a variable of the thread's own.
fn me() -> usize {
    thread_local!(static PLACE: u8 = const { 0 });
    PLACE.with(|place| std::ptr::from_ref(place).addr())
}

impl Lock {
    /// A lock that nobody holds.
    pub fn new() -> Lock {
        Lock { mutex: parking_lot::RawMutex::INIT, owner: AtomicUsize::new(0), depth: Cell::new(0) }
    }

    /// Waits for this thread's turn.
    // Out of line, as the drop below: the calls of programs without threads carry no code for them.
    #[inline(never)]
    pub fn enter(&self) -> Turn<'_> {
        // Relaxed: a thread can read its own number here only if it wrote it itself.
        if self.owner.load(Ordering::Relaxed) != me() {
            self.mutex.lock();
            self.owner.store(me(), Ordering::Relaxed);
        }
        self.depth.set(self.depth.get() + 1);
        Turn(self)
    }

    /// Runs `f` while other threads may have their turn. Whoever waits gets it: a thread that polls would else always be
    /// back first.
    pub fn unlocked(&self, f: &mut dyn FnMut()) {
        let depth = self.depth.replace(0);
        self.owner.store(0, Ordering::Relaxed);
        // SAFETY: this thread holds the mutex: only within a turn does anybody come here.
        unsafe { self.mutex.unlock_fair() };
        f();
        self.mutex.lock();
        self.owner.store(me(), Ordering::Relaxed);
        self.depth.set(depth);
    }
}

impl Drop for Turn<'_> {
    #[inline(never)]
    fn drop(&mut self) {
        let depth = self.0.depth.get() - 1;
        self.0.depth.set(depth);
        if depth == 0 {
            self.0.owner.store(0, Ordering::Relaxed);
            // SAFETY: a turn is held by the thread that locked the mutex, and this is its last one.
            unsafe { self.0.mutex.unlock() };
        }
    }
}
