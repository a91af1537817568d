//! The semantics of MPI over any transport.
//!
//! [`World`] is one rank's view of a job; everything is a method of it. The crate has no global state and makes no system
//! call: time, sleep and memory that is shared come from the transport below. It is told of errors by [`Result`] alone;
//! what an error does to a program is decided by the faces above.

#![deny(unsafe_code)]

pub mod attribute;
pub mod buffer;
mod coll;
mod comm;
mod counts;
pub mod datatype;
pub mod errhandler;
pub mod error;
mod group;
pub mod handle;
pub mod info;
pub mod op;
mod p2p;
mod progress;
mod request;
mod session;
mod start;
mod world;

pub use buffer::UserBuf;
pub use coll::UserBlocks;
pub use comm::{Comm, MEMORY_ALLOC_KINDS};
pub use counts::Counts;
pub use error::{Error, ErrorClass, Result};
pub use group::{CONGRUENT, Group, IDENT, SIMILAR, UNDEFINED, UNEQUAL};
pub use handle::{Handle, Kind};
pub use p2p::{BSEND_OVERHEAD, TAG_UB};
pub use rankwise_boot::message::{Reason, Request};
pub use rankwise_boot::{Client, Started};
pub use request::{ANY_SOURCE, ANY_TAG, Generalized, PROC_NULL, SendMode, Start, Status, Statuses, TestAny};
pub use session::PROCESS_SETS;
pub use start::{connect, start};
pub use world::{JobInfo, Unlock, World};
