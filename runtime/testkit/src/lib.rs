//! Test support: one contract for every transport, and many worlds in one thread.
//!
//! A test that fails says under which seed; the same seed fails again.

pub mod contract;
pub mod faults;
pub mod networks;
pub mod random;
pub mod turns;
pub mod worlds;
