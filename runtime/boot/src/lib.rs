//! What Rankwise's launcher and the ranks that it starts say to each other.
//!
//! A rank inherits one socket from its launcher, and one variable ([`env::BOOT`]) that says which descriptor it is.
//! [`start`] finds out from these whether this process is a rank of a job or a world of its own. [`message`] holds all
//! that is ever said, [`codec`] how it looks on the wire. [`pmi`] makes a rank of a process that somebody else's launcher has
//! started.

#![forbid(unsafe_code)]

pub mod address;
pub mod channel;
pub mod client;
pub mod codec;
pub mod door;
pub mod env;
pub mod message;
pub mod placement;
pub mod pmi;

pub use channel::Channel;
pub use client::{Client, StartError, Started, start};
pub use message::Job;
pub use placement::Placement;
pub use rankwise_os::interface::list as interfaces;
