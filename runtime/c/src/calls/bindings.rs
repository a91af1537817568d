//! Conversions of handles to integers and back (MPI 5.0, section 19.3). A handle's value fits an `int`: see
//! `rankwise_core::handle`.

use rankwise_core::Handle;
use std::ffi::c_int;

/// `MPI_Comm_toint` and its kin.
pub fn to_int(handle: Handle) -> c_int {
    handle.0 as c_int
}

/// `MPI_Comm_fromint` and its kin.
pub fn from_int(value: c_int) -> Handle {
    Handle(value as u32 as usize)
}
