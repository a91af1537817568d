//! One-sided communication: MPI 5.0, chapter 12. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

absent! { MPI_Accumulate PMPI_Accumulate Process;
    origin_addr: *const c_void, origin_count: c_int, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: c_int, target_datatype: MPI_Datatype, op: MPI_Op, win: MPI_Win }
absent! { MPI_Accumulate_c PMPI_Accumulate_c Process;
    origin_addr: *const c_void, origin_count: MPI_Count, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: MPI_Count, target_datatype: MPI_Datatype, op: MPI_Op, win: MPI_Win }
absent! { MPI_Compare_and_swap PMPI_Compare_and_swap Process;
    origin_addr: *const c_void, compare_addr: *const c_void, result_addr: *mut c_void,
    datatype: MPI_Datatype, target_rank: c_int, target_disp: MPI_Aint, win: MPI_Win }
absent! { MPI_Fetch_and_op PMPI_Fetch_and_op Process;
    origin_addr: *const c_void, result_addr: *mut c_void, datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, op: MPI_Op, win: MPI_Win }
absent! { MPI_Get PMPI_Get Process;
    origin_addr: *mut c_void, origin_count: c_int, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: c_int, target_datatype: MPI_Datatype, win: MPI_Win }
absent! { MPI_Get_c PMPI_Get_c Process;
    origin_addr: *mut c_void, origin_count: MPI_Count, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: MPI_Count, target_datatype: MPI_Datatype, win: MPI_Win }
absent! { MPI_Get_accumulate PMPI_Get_accumulate Process;
    origin_addr: *const c_void, origin_count: c_int, origin_datatype: MPI_Datatype,
    result_addr: *mut c_void, result_count: c_int, result_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: c_int, target_datatype: MPI_Datatype, op: MPI_Op, win: MPI_Win }
absent! { MPI_Get_accumulate_c PMPI_Get_accumulate_c Process;
    origin_addr: *const c_void, origin_count: MPI_Count, origin_datatype: MPI_Datatype,
    result_addr: *mut c_void, result_count: MPI_Count, result_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: MPI_Count, target_datatype: MPI_Datatype, op: MPI_Op, win: MPI_Win }
absent! { MPI_Put PMPI_Put Process;
    origin_addr: *const c_void, origin_count: c_int, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: c_int, target_datatype: MPI_Datatype, win: MPI_Win }
absent! { MPI_Put_c PMPI_Put_c Process;
    origin_addr: *const c_void, origin_count: MPI_Count, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: MPI_Count, target_datatype: MPI_Datatype, win: MPI_Win }
absent! { MPI_Raccumulate PMPI_Raccumulate Process;
    origin_addr: *const c_void, origin_count: c_int, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: c_int, target_datatype: MPI_Datatype, op: MPI_Op, win: MPI_Win,
    request: *mut MPI_Request }
absent! { MPI_Raccumulate_c PMPI_Raccumulate_c Process;
    origin_addr: *const c_void, origin_count: MPI_Count, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: MPI_Count, target_datatype: MPI_Datatype, op: MPI_Op, win: MPI_Win,
    request: *mut MPI_Request }
absent! { MPI_Rget PMPI_Rget Process;
    origin_addr: *mut c_void, origin_count: c_int, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: c_int, target_datatype: MPI_Datatype, win: MPI_Win,
    request: *mut MPI_Request }
absent! { MPI_Rget_c PMPI_Rget_c Process;
    origin_addr: *mut c_void, origin_count: MPI_Count, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: MPI_Count, target_datatype: MPI_Datatype, win: MPI_Win,
    request: *mut MPI_Request }
absent! { MPI_Rget_accumulate PMPI_Rget_accumulate Process;
    origin_addr: *const c_void, origin_count: c_int, origin_datatype: MPI_Datatype,
    result_addr: *mut c_void, result_count: c_int, result_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: c_int, target_datatype: MPI_Datatype, op: MPI_Op, win: MPI_Win,
    request: *mut MPI_Request }
absent! { MPI_Rget_accumulate_c PMPI_Rget_accumulate_c Process;
    origin_addr: *const c_void, origin_count: MPI_Count, origin_datatype: MPI_Datatype,
    result_addr: *mut c_void, result_count: MPI_Count, result_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: MPI_Count, target_datatype: MPI_Datatype, op: MPI_Op, win: MPI_Win,
    request: *mut MPI_Request }
absent! { MPI_Rput PMPI_Rput Process;
    origin_addr: *const c_void, origin_count: c_int, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: c_int, target_datatype: MPI_Datatype, win: MPI_Win,
    request: *mut MPI_Request }
absent! { MPI_Rput_c PMPI_Rput_c Process;
    origin_addr: *const c_void, origin_count: MPI_Count, origin_datatype: MPI_Datatype, target_rank: c_int,
    target_disp: MPI_Aint, target_count: MPI_Count, target_datatype: MPI_Datatype, win: MPI_Win,
    request: *mut MPI_Request }
absent! { MPI_Win_allocate PMPI_Win_allocate Comm(comm);
    size: MPI_Aint, disp_unit: c_int, info: MPI_Info, comm: MPI_Comm, baseptr: *mut c_void,
    win: *mut MPI_Win }
absent! { MPI_Win_allocate_c PMPI_Win_allocate_c Comm(comm);
    size: MPI_Aint, disp_unit: MPI_Aint, info: MPI_Info, comm: MPI_Comm, baseptr: *mut c_void,
    win: *mut MPI_Win }
absent! { MPI_Win_allocate_shared PMPI_Win_allocate_shared Comm(comm);
    size: MPI_Aint, disp_unit: c_int, info: MPI_Info, comm: MPI_Comm, baseptr: *mut c_void,
    win: *mut MPI_Win }
absent! { MPI_Win_allocate_shared_c PMPI_Win_allocate_shared_c Comm(comm);
    size: MPI_Aint, disp_unit: MPI_Aint, info: MPI_Info, comm: MPI_Comm, baseptr: *mut c_void,
    win: *mut MPI_Win }
absent! { MPI_Win_attach PMPI_Win_attach Process; win: MPI_Win, base: *mut c_void, size: MPI_Aint }
absent! { MPI_Win_complete PMPI_Win_complete Process; win: MPI_Win }
absent! { MPI_Win_create PMPI_Win_create Comm(comm);
    base: *mut c_void, size: MPI_Aint, disp_unit: c_int, info: MPI_Info, comm: MPI_Comm, win: *mut MPI_Win }
absent! { MPI_Win_create_c PMPI_Win_create_c Comm(comm);
    base: *mut c_void, size: MPI_Aint, disp_unit: MPI_Aint, info: MPI_Info, comm: MPI_Comm,
    win: *mut MPI_Win }
absent! { MPI_Win_create_dynamic PMPI_Win_create_dynamic Comm(comm);
    info: MPI_Info, comm: MPI_Comm, win: *mut MPI_Win }
absent! { MPI_Win_detach PMPI_Win_detach Process; win: MPI_Win, base: *const c_void }
absent! { MPI_Win_fence PMPI_Win_fence Process; assert: c_int, win: MPI_Win }
absent! { MPI_Win_flush PMPI_Win_flush Process; rank: c_int, win: MPI_Win }
absent! { MPI_Win_flush_all PMPI_Win_flush_all Process; win: MPI_Win }
absent! { MPI_Win_flush_local PMPI_Win_flush_local Process; rank: c_int, win: MPI_Win }
absent! { MPI_Win_flush_local_all PMPI_Win_flush_local_all Process; win: MPI_Win }
absent! { MPI_Win_free PMPI_Win_free Process; win: *mut MPI_Win }
absent! { MPI_Win_get_group PMPI_Win_get_group Process; win: MPI_Win, group: *mut MPI_Group }
absent! { MPI_Win_get_info PMPI_Win_get_info Process; win: MPI_Win, info_used: *mut MPI_Info }
absent! { MPI_Win_lock PMPI_Win_lock Process; lock_type: c_int, rank: c_int, assert: c_int, win: MPI_Win }
absent! { MPI_Win_lock_all PMPI_Win_lock_all Process; assert: c_int, win: MPI_Win }
absent! { MPI_Win_post PMPI_Win_post Process; group: MPI_Group, assert: c_int, win: MPI_Win }
absent! { MPI_Win_set_info PMPI_Win_set_info Process; win: MPI_Win, info: MPI_Info }
absent! { MPI_Win_shared_query PMPI_Win_shared_query Process;
    win: MPI_Win, rank: c_int, size: *mut MPI_Aint, disp_unit: *mut c_int, baseptr: *mut c_void }
absent! { MPI_Win_shared_query_c PMPI_Win_shared_query_c Process;
    win: MPI_Win, rank: c_int, size: *mut MPI_Aint, disp_unit: *mut MPI_Aint, baseptr: *mut c_void }
absent! { MPI_Win_start PMPI_Win_start Process; group: MPI_Group, assert: c_int, win: MPI_Win }
absent! { MPI_Win_sync PMPI_Win_sync Process; win: MPI_Win }
absent! { MPI_Win_test PMPI_Win_test Process; win: MPI_Win, flag: *mut c_int }
absent! { MPI_Win_unlock PMPI_Win_unlock Process; rank: c_int, win: MPI_Win }
absent! { MPI_Win_unlock_all PMPI_Win_unlock_all Process; win: MPI_Win }
absent! { MPI_Win_wait PMPI_Win_wait Process; win: MPI_Win }
