//! The only crate of Rankwise that calls the operating system.
//!
//! There is no word of MPI in here: each module offers one thing that Linux can do, in safe form where that is possible,
//! and as an `unsafe fn` with its demands written down where it is not (raw memory of this or of another process).

pub mod clock;
pub mod environment;
pub mod futex;
pub mod interface;
pub mod membarrier;
pub mod pipe;
pub mod poller;
pub mod process;
pub mod segment;
pub mod signal;
pub mod single_copy;
pub mod socket;
pub mod tcp;
pub mod topology;
