//! The semantics of MPI over any transport.

#![deny(unsafe_code)]

pub mod error;
pub mod handle;

pub use error::{Error, ErrorClass, Result};
pub use handle::{Handle, Kind};
