//! Cached attributes: MPI 5.0, section 7.7. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

absent! { MPI_Comm_create_keyval PMPI_Comm_create_keyval Process;
    comm_copy_attr_fn: Option<MPI_Comm_copy_attr_function>,
    comm_delete_attr_fn: Option<MPI_Comm_delete_attr_function>, comm_keyval: *mut c_int,
    extra_state: *mut c_void }
absent! { MPI_Comm_delete_attr PMPI_Comm_delete_attr Comm(comm); comm: MPI_Comm, comm_keyval: c_int }
absent! { MPI_Comm_free_keyval PMPI_Comm_free_keyval Process; comm_keyval: *mut c_int }
absent! { MPI_Comm_get_attr PMPI_Comm_get_attr Comm(comm);
    comm: MPI_Comm, comm_keyval: c_int, attribute_val: *mut c_void, flag: *mut c_int }
absent! { MPI_Comm_set_attr PMPI_Comm_set_attr Comm(comm);
    comm: MPI_Comm, comm_keyval: c_int, attribute_val: *mut c_void }
absent! { MPI_Type_create_keyval PMPI_Type_create_keyval Process;
    type_copy_attr_fn: Option<MPI_Type_copy_attr_function>,
    type_delete_attr_fn: Option<MPI_Type_delete_attr_function>, type_keyval: *mut c_int,
    extra_state: *mut c_void }
absent! { MPI_Type_delete_attr PMPI_Type_delete_attr Process; datatype: MPI_Datatype, type_keyval: c_int }
absent! { MPI_Type_free_keyval PMPI_Type_free_keyval Process; type_keyval: *mut c_int }
absent! { MPI_Type_get_attr PMPI_Type_get_attr Process;
    datatype: MPI_Datatype, type_keyval: c_int, attribute_val: *mut c_void, flag: *mut c_int }
absent! { MPI_Type_set_attr PMPI_Type_set_attr Process;
    datatype: MPI_Datatype, type_keyval: c_int, attribute_val: *mut c_void }
absent! { MPI_Win_create_keyval PMPI_Win_create_keyval Process;
    win_copy_attr_fn: Option<MPI_Win_copy_attr_function>,
    win_delete_attr_fn: Option<MPI_Win_delete_attr_function>, win_keyval: *mut c_int,
    extra_state: *mut c_void }
absent! { MPI_Win_delete_attr PMPI_Win_delete_attr Process; win: MPI_Win, win_keyval: c_int }
absent! { MPI_Win_free_keyval PMPI_Win_free_keyval Process; win_keyval: *mut c_int }
absent! { MPI_Win_get_attr PMPI_Win_get_attr Process;
    win: MPI_Win, win_keyval: c_int, attribute_val: *mut c_void, flag: *mut c_int }
absent! { MPI_Win_set_attr PMPI_Win_set_attr Process;
    win: MPI_Win, win_keyval: c_int, attribute_val: *mut c_void }
