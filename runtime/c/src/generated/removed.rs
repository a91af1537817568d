//! Names that MPI-3.0 and MPI-4.1 removed: an extension. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Address PMPI_Address Process => datatype::get_address;
    location: *const c_void, address: *mut MPI_Aint }
any_time! { MPI_Errhandler_create PMPI_Errhandler_create Process => errhandler::comm_create;
    handler_fn: Option<MPI_Comm_errhandler_function>, errhandler: *mut MPI_Errhandler }
entry! { MPI_Errhandler_get PMPI_Errhandler_get Comm(comm) => errhandler::comm_get;
    comm: MPI_Comm, errhandler: *mut MPI_Errhandler }
entry! { MPI_Errhandler_set PMPI_Errhandler_set Comm(comm) => errhandler::comm_set;
    comm: MPI_Comm, errhandler: MPI_Errhandler }
entry! { MPI_Type_extent PMPI_Type_extent Process => removed::extent;
    datatype: MPI_Datatype, extent: *mut MPI_Aint }
entry! { MPI_Type_hindexed PMPI_Type_hindexed Process => datatype::hindexed;
    count: c_int, array_of_blocklengths: *const c_int, array_of_displacements: *const MPI_Aint,
    oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_hvector PMPI_Type_hvector Process => datatype::hvector;
    count: c_int, blocklength: c_int, stride: MPI_Aint, oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_lb PMPI_Type_lb Process => removed::lb;
    datatype: MPI_Datatype, displacement: *mut MPI_Aint }
entry! { MPI_Type_struct PMPI_Type_struct Process => datatype::structure;
    count: c_int, array_of_blocklengths: *const c_int, array_of_displacements: *const MPI_Aint,
    array_of_types: *const MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_ub PMPI_Type_ub Process => removed::ub;
    datatype: MPI_Datatype, displacement: *mut MPI_Aint }
