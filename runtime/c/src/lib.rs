//! `libmpi_abi.so.1`: the C face of Rankwise, by the standard ABI of MPI 5.0 (chapter 20).
//!
//! ```text
//! generated   an entry point for every function of the interface, made from the table in `api`
//! entry       what happens around each call: is there a world, whose turn is it, who hears of an error
//! calls       the bodies, in safe Rust: they check what only C can get wrong, and ask core
//! global      the process's only static
//! ```

#![deny(unsafe_code)]

#[macro_use]
mod entry;
mod callback;
mod calls;
mod global;
#[rustfmt::skip]
#[allow(unsafe_code, dead_code, missing_docs, non_camel_case_types, non_snake_case, unused_imports)]
mod generated;
