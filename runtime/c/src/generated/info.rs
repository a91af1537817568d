//! Info objects: MPI 5.0, chapter 10. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

any_time! { MPI_Info_create PMPI_Info_create Process => info::create; info: *mut MPI_Info }
any_time! { MPI_Info_create_env PMPI_Info_create_env Process => info::create_env;
    argc: c_int, argv: *mut *mut c_char, info: *mut MPI_Info }
any_time! { MPI_Info_delete PMPI_Info_delete Process => info::delete; info: MPI_Info, key: *const c_char }
any_time! { MPI_Info_dup PMPI_Info_dup Process => info::dup; info: MPI_Info, newinfo: *mut MPI_Info }
any_time! { MPI_Info_free PMPI_Info_free Process => info::free; info: *mut MPI_Info }
any_time! { MPI_Info_get_nkeys PMPI_Info_get_nkeys Process => info::get_nkeys;
    info: MPI_Info, nkeys: *mut c_int }
any_time! { MPI_Info_get_nthkey PMPI_Info_get_nthkey Process => info::get_nthkey;
    info: MPI_Info, n: c_int, key: *mut c_char }
any_time! { MPI_Info_get_string PMPI_Info_get_string Process => info::get_string;
    info: MPI_Info, key: *const c_char, buflen: *mut c_int, value: *mut c_char, flag: *mut c_int }
any_time! { MPI_Info_set PMPI_Info_set Process => info::set;
    info: MPI_Info, key: *const c_char, value: *const c_char }
