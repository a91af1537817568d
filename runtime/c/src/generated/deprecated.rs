//! Deprecated names: MPI 5.0, chapter 16. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Attr_delete PMPI_Attr_delete Comm(comm) => attribute::comm_delete;
    comm: MPI_Comm, keyval: c_int }
entry! { MPI_Attr_get PMPI_Attr_get Comm(comm) => attribute::comm_get;
    comm: MPI_Comm, keyval: c_int, attribute_val: *mut c_void, flag: *mut c_int }
entry! { MPI_Attr_put PMPI_Attr_put Comm(comm) => attribute::comm_set;
    comm: MPI_Comm, keyval: c_int, attribute_val: *mut c_void }
entry! { MPI_Get_elements_x PMPI_Get_elements_x Process => status::get_elements;
    status: *const MPI_Status, datatype: MPI_Datatype, count: *mut MPI_Count }
any_time! { MPI_Info_get PMPI_Info_get Process => info::get;
    info: MPI_Info, key: *const c_char, valuelen: c_int, value: *mut c_char, flag: *mut c_int }
any_time! { MPI_Info_get_valuelen PMPI_Info_get_valuelen Process => info::get_valuelen;
    info: MPI_Info, key: *const c_char, valuelen: *mut c_int, flag: *mut c_int }
entry! { MPI_Keyval_create PMPI_Keyval_create Process => attribute::comm_create_keyval;
    copy_fn: Option<MPI_Copy_function>, delete_fn: Option<MPI_Delete_function>, keyval: *mut c_int,
    extra_state: *mut c_void }
entry! { MPI_Keyval_free PMPI_Keyval_free Process => attribute::comm_free_keyval; keyval: *mut c_int }
entry! { MPI_Status_set_elements_x PMPI_Status_set_elements_x Process => status::set_elements;
    status: *mut MPI_Status, datatype: MPI_Datatype, count: MPI_Count }
entry! { MPI_Type_get_extent_x PMPI_Type_get_extent_x Process => datatype::get_extent;
    datatype: MPI_Datatype, lb: *mut MPI_Count, extent: *mut MPI_Count }
entry! { MPI_Type_get_true_extent_x PMPI_Type_get_true_extent_x Process => datatype::get_true_extent;
    datatype: MPI_Datatype, true_lb: *mut MPI_Count, true_extent: *mut MPI_Count }
entry! { MPI_Type_size_x PMPI_Type_size_x Process => datatype::size;
    datatype: MPI_Datatype, size: *mut MPI_Count }
