//! The atomics in use: the real ones, or loom's when the protocols are checked under loom.

#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

#[cfg(loom)]
pub use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// The side of a pair of barriers that the other side pays for: nothing is executed, the compiler alone is bound.
#[cfg(not(loom))]
#[inline(always)]
pub fn light_fence() {
    std::sync::atomic::compiler_fence(Ordering::SeqCst);
}

/// As the other side's barrier makes it: a real one.
#[cfg(loom)]
pub fn light_fence() {
    fence(Ordering::SeqCst);
}
