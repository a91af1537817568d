//! Cached attributes: MPI 5.0, section 7.7. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Comm_create_keyval PMPI_Comm_create_keyval Process => attribute::comm_create_keyval;
    comm_copy_attr_fn: Option<MPI_Comm_copy_attr_function>,
    comm_delete_attr_fn: Option<MPI_Comm_delete_attr_function>, comm_keyval: *mut c_int,
    extra_state: *mut c_void }
entry! { MPI_Comm_delete_attr PMPI_Comm_delete_attr Comm(comm) => attribute::comm_delete;
    comm: MPI_Comm, comm_keyval: c_int }
entry! { MPI_Comm_free_keyval PMPI_Comm_free_keyval Process => attribute::comm_free_keyval;
    comm_keyval: *mut c_int }
entry! { MPI_Comm_get_attr PMPI_Comm_get_attr Comm(comm) => attribute::comm_get;
    comm: MPI_Comm, comm_keyval: c_int, attribute_val: *mut c_void, flag: *mut c_int }
entry! { MPI_Comm_set_attr PMPI_Comm_set_attr Comm(comm) => attribute::comm_set;
    comm: MPI_Comm, comm_keyval: c_int, attribute_val: *mut c_void }
entry! { MPI_Type_create_keyval PMPI_Type_create_keyval Process => attribute::type_create_keyval;
    type_copy_attr_fn: Option<MPI_Type_copy_attr_function>,
    type_delete_attr_fn: Option<MPI_Type_delete_attr_function>, type_keyval: *mut c_int,
    extra_state: *mut c_void }
entry! { MPI_Type_delete_attr PMPI_Type_delete_attr Process => attribute::type_delete;
    datatype: MPI_Datatype, type_keyval: c_int }
entry! { MPI_Type_free_keyval PMPI_Type_free_keyval Process => attribute::type_free_keyval;
    type_keyval: *mut c_int }
entry! { MPI_Type_get_attr PMPI_Type_get_attr Process => attribute::type_get;
    datatype: MPI_Datatype, type_keyval: c_int, attribute_val: *mut c_void, flag: *mut c_int }
entry! { MPI_Type_set_attr PMPI_Type_set_attr Process => attribute::type_set;
    datatype: MPI_Datatype, type_keyval: c_int, attribute_val: *mut c_void }
entry! { MPI_Win_create_keyval PMPI_Win_create_keyval Process => attribute::win_create_keyval;
    win_copy_attr_fn: Option<MPI_Win_copy_attr_function>,
    win_delete_attr_fn: Option<MPI_Win_delete_attr_function>, win_keyval: *mut c_int,
    extra_state: *mut c_void }
absent! { MPI_Win_delete_attr PMPI_Win_delete_attr Process; win: MPI_Win, win_keyval: c_int }
entry! { MPI_Win_free_keyval PMPI_Win_free_keyval Process => attribute::win_free_keyval;
    win_keyval: *mut c_int }
absent! { MPI_Win_get_attr PMPI_Win_get_attr Process;
    win: MPI_Win, win_keyval: c_int, attribute_val: *mut c_void, flag: *mut c_int }
absent! { MPI_Win_set_attr PMPI_Win_set_attr Process;
    win: MPI_Win, win_keyval: c_int, attribute_val: *mut c_void }
