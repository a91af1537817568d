//! The C interface. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

pub mod constants;
pub mod types;

mod attribute;
mod bindings;
mod collective;
mod collective_nonblocking;
mod collective_persistent;
mod comm;
mod datatype;
mod deprecated;
mod environment;
mod errhandler;
mod external;
mod file;
mod group;
mod info;
mod p2p;
mod partitioned;
mod process;
mod tool;
mod topology;
mod window;
mod removed;
