//! `libmpi_abi.so.1`: the C face of Rankwise, by the standard ABI of MPI 5.0 (chapter 20).
//!
//! Every function of the interface has an entry point in `generated`, made from the table in `api`. What an entry point
//! does around a call stands in [`entry`]; the bodies stand in [`calls`], one module for each chapter or so.

#[macro_use]
mod entry;
mod calls;
#[rustfmt::skip]
#[allow(dead_code, missing_docs, non_camel_case_types, non_snake_case, unused_imports)]
mod generated;
