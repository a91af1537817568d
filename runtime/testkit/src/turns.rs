//! Threads of which one runs at a time, in an order that a seed decides.

use std::sync::{Condvar, Mutex, MutexGuard};

use crate::random::Random;

/// Whose turn it is.
pub struct Turns {
    state: Mutex<State>,
    passed: Condvar,
}

struct State {
    turn: usize,
    /// Who has not ended.
    open: Vec<usize>,
    random: Random,
    /// How often the turn was passed.
    passes: u64,
    /// Somebody has panicked, or the turn went round for ever.
    failed: bool,
}

/// So many times the turn is passed in no test that ends.
const DEADLOCK: u64 = 20_000_000;

/// A thread that takes part; it leaves with this value.
pub struct Part<'a> {
    turns: &'a Turns,
    me: usize,
}

impl Turns {
    /// `threads` threads, numbered from 0, none of which has begun.
    pub fn new(threads: usize, seed: u64) -> Turns {
        let mut random = Random::new(seed);
        let turn = random.below(threads);
        let state = State { turn, open: (0..threads).collect(), random, passes: 0, failed: false };
        Turns { state: Mutex::new(state), passed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn await_turn(&self, mut state: MutexGuard<'_, State>, me: usize) {
        while state.turn != me && !state.failed {
            state = self.passed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        let failed = state.failed;
        drop(state);
        assert!(!failed, "another rank has failed, or all of them wait for each other");
    }

    /// Waits for the first turn of thread `me`.
    pub fn begin(&self, me: usize) -> Part<'_> {
        self.await_turn(self.state(), me);
        Part { turns: self, me }
    }

    /// Lets others run; returns when it is thread `me`'s turn again.
    pub fn pass(&self, me: usize) {
        let mut state = self.state();
        state.passes += 1;
        state.failed |= state.passes > DEADLOCK;
        state.next();
        if state.turn != me || state.failed {
            self.passed.notify_all();
        }
        self.await_turn(state, me);
    }
}

impl State {
    fn next(&mut self) {
        if !self.open.is_empty() {
            let i = self.random.below(self.open.len());
            self.turn = self.open[i];
        }
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        let mut state = self.turns.state();
        state.failed |= std::thread::panicking();
        state.open.retain(|&other| other != self.me);
        state.next();
        self.turns.passed.notify_all();
    }
}
