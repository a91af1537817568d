//! Generalized requests and writing of statuses: MPI 5.0, chapter 13. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Grequest_complete PMPI_Grequest_complete Process => completion::grequest_complete;
    request: MPI_Request }
entry! { MPI_Grequest_start PMPI_Grequest_start Process => completion::grequest_start;
    query_fn: Option<MPI_Grequest_query_function>, free_fn: Option<MPI_Grequest_free_function>,
    cancel_fn: Option<MPI_Grequest_cancel_function>, extra_state: *mut c_void, request: *mut MPI_Request }
entry! { MPI_Status_set_cancelled PMPI_Status_set_cancelled Process => status::set_cancelled;
    status: *mut MPI_Status, flag: c_int }
entry! { MPI_Status_set_elements PMPI_Status_set_elements Process => status::set_elements;
    status: *mut MPI_Status, datatype: MPI_Datatype, count: c_int }
entry! { MPI_Status_set_elements_c PMPI_Status_set_elements_c Process => status::set_elements;
    status: *mut MPI_Status, datatype: MPI_Datatype, count: MPI_Count }
entry! { MPI_Status_set_error PMPI_Status_set_error Process => status::set_error;
    status: *mut MPI_Status, error: c_int }
entry! { MPI_Status_set_source PMPI_Status_set_source Process => status::set_source;
    status: *mut MPI_Status, source: c_int }
entry! { MPI_Status_set_tag PMPI_Status_set_tag Process => status::set_tag;
    status: *mut MPI_Status, tag: c_int }
