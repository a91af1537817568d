//! The bodies of the calls, by chapter. The table in `api` names them; `generated` calls them.
//!
//! A body gets the world (or, if the call may come at any time, the objects that are there at any time) and the
//! arguments, and returns what core says. One body serves a function and its form with large counts.

pub mod attribute;
pub mod bindings;
pub mod collective;
pub mod comm;
pub mod completion;
pub mod datatype;
pub mod environment;
pub mod errhandler;
pub mod group;
pub mod info;
pub mod p2p;
pub mod partitioned;
pub mod process;
pub mod recipe;
pub mod removed;
pub mod session;
pub mod status;
