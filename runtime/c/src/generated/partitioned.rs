//! Partitioned communication: MPI 5.0, chapter 4. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Parrived PMPI_Parrived Process => partitioned::parrived;
    request: MPI_Request, partition: c_int, flag: *mut c_int }
entry! { MPI_Pready PMPI_Pready Process => partitioned::pready; partition: c_int, request: MPI_Request }
entry! { MPI_Pready_list PMPI_Pready_list Process => partitioned::pready_list;
    length: c_int, array_of_partitions: *const c_int, request: MPI_Request }
entry! { MPI_Pready_range PMPI_Pready_range Process => partitioned::pready_range;
    partition_low: c_int, partition_high: c_int, request: MPI_Request }
entry! { MPI_Precv_init PMPI_Precv_init Comm(comm) => partitioned::precv_init;
    buf: *mut c_void, partitions: c_int, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Precv_init_c PMPI_Precv_init_c Comm(comm) => partitioned::precv_init;
    buf: *mut c_void, partitions: c_int, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Psend_init PMPI_Psend_init Comm(comm) => partitioned::psend_init;
    buf: *const c_void, partitions: c_int, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Psend_init_c PMPI_Psend_init_c Comm(comm) => partitioned::psend_init;
    buf: *const c_void, partitions: c_int, count: MPI_Count, datatype: MPI_Datatype, dest: c_int,
    tag: c_int, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
