//! Enquiries, memory and clocks: MPI 5.0, chapter 9. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Alloc_mem PMPI_Alloc_mem Process => environment::alloc_mem;
    size: MPI_Aint, info: MPI_Info, baseptr: *mut c_void }
entry! { MPI_Free_mem PMPI_Free_mem Process => environment::free_mem; base: *mut c_void }
absent! { MPI_Get_hw_resource_info PMPI_Get_hw_resource_info Process; hw_info: *mut MPI_Info }
any_time! { MPI_Get_library_version PMPI_Get_library_version Process => environment::get_library_version;
    version: *mut c_char, resultlen: *mut c_int }
entry! { MPI_Get_processor_name PMPI_Get_processor_name Process => environment::get_processor_name;
    name: *mut c_char, resultlen: *mut c_int }
any_time! { MPI_Get_version PMPI_Get_version Process => environment::get_version;
    version: *mut c_int, subversion: *mut c_int }
bare! { MPI_Wtick PMPI_Wtick f64 => environment::wtick; }
bare! { MPI_Wtime PMPI_Wtime f64 => environment::wtime; }
