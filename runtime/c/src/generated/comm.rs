//! Communicators and names: MPI 5.0, chapter 7. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Comm_compare PMPI_Comm_compare Comm(comm1) => comm::compare;
    comm1: MPI_Comm, comm2: MPI_Comm, result: *mut c_int }
entry! { MPI_Comm_create PMPI_Comm_create Comm(comm) => comm::create;
    comm: MPI_Comm, group: MPI_Group, newcomm: *mut MPI_Comm }
bare! { MPI_Comm_create_from_group PMPI_Comm_create_from_group c_int => session::comm;
    group: MPI_Group, stringtag: *const c_char, info: MPI_Info, errhandler: MPI_Errhandler,
    newcomm: *mut MPI_Comm }
entry! { MPI_Comm_create_group PMPI_Comm_create_group Comm(comm) => comm::create_group;
    comm: MPI_Comm, group: MPI_Group, tag: c_int, newcomm: *mut MPI_Comm }
entry! { MPI_Comm_dup PMPI_Comm_dup Comm(comm) => comm::dup; comm: MPI_Comm, newcomm: *mut MPI_Comm }
entry! { MPI_Comm_dup_with_info PMPI_Comm_dup_with_info Comm(comm) => comm::dup_with_info;
    comm: MPI_Comm, info: MPI_Info, newcomm: *mut MPI_Comm }
entry! { MPI_Comm_free PMPI_Comm_free Process => comm::free; comm: *mut MPI_Comm }
entry! { MPI_Comm_get_info PMPI_Comm_get_info Comm(comm) => comm::get_info;
    comm: MPI_Comm, info_used: *mut MPI_Info }
entry! { MPI_Comm_get_name PMPI_Comm_get_name Comm(comm) => comm::get_name;
    comm: MPI_Comm, comm_name: *mut c_char, resultlen: *mut c_int }
entry! { MPI_Comm_idup PMPI_Comm_idup Comm(comm) => comm::idup;
    comm: MPI_Comm, newcomm: *mut MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Comm_idup_with_info PMPI_Comm_idup_with_info Comm(comm) => comm::idup_with_info;
    comm: MPI_Comm, info: MPI_Info, newcomm: *mut MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Comm_rank PMPI_Comm_rank Comm(comm) => comm::rank; comm: MPI_Comm, rank: *mut c_int }
entry! { MPI_Comm_remote_size PMPI_Comm_remote_size Comm(comm) => comm::remote_size;
    comm: MPI_Comm, size: *mut c_int }
entry! { MPI_Comm_set_info PMPI_Comm_set_info Comm(comm) => comm::set_info; comm: MPI_Comm, info: MPI_Info }
entry! { MPI_Comm_set_name PMPI_Comm_set_name Comm(comm) => comm::set_name;
    comm: MPI_Comm, comm_name: *const c_char }
entry! { MPI_Comm_size PMPI_Comm_size Comm(comm) => comm::size; comm: MPI_Comm, size: *mut c_int }
entry! { MPI_Comm_split PMPI_Comm_split Comm(comm) => comm::split;
    comm: MPI_Comm, color: c_int, key: c_int, newcomm: *mut MPI_Comm }
entry! { MPI_Comm_split_type PMPI_Comm_split_type Comm(comm) => comm::split_type;
    comm: MPI_Comm, split_type: c_int, key: c_int, info: MPI_Info, newcomm: *mut MPI_Comm }
entry! { MPI_Comm_test_inter PMPI_Comm_test_inter Comm(comm) => comm::test_inter;
    comm: MPI_Comm, flag: *mut c_int }
entry! { MPI_Intercomm_create PMPI_Intercomm_create Comm(local_comm) => comm::intercomm_create;
    local_comm: MPI_Comm, local_leader: c_int, peer_comm: MPI_Comm, remote_leader: c_int, tag: c_int,
    newintercomm: *mut MPI_Comm }
absent! { MPI_Intercomm_create_from_groups PMPI_Intercomm_create_from_groups Process;
    local_group: MPI_Group, local_leader: c_int, remote_group: MPI_Group, remote_leader: c_int,
    stringtag: *const c_char, info: MPI_Info, errhandler: MPI_Errhandler, newintercomm: *mut MPI_Comm }
entry! { MPI_Intercomm_merge PMPI_Intercomm_merge Comm(intercomm) => comm::intercomm_merge;
    intercomm: MPI_Comm, high: c_int, newintracomm: *mut MPI_Comm }
entry! { MPI_Type_get_name PMPI_Type_get_name Process => datatype::get_name;
    datatype: MPI_Datatype, type_name: *mut c_char, resultlen: *mut c_int }
entry! { MPI_Type_set_name PMPI_Type_set_name Process => datatype::set_name;
    datatype: MPI_Datatype, type_name: *const c_char }
absent! { MPI_Win_get_name PMPI_Win_get_name Process;
    win: MPI_Win, win_name: *mut c_char, resultlen: *mut c_int }
absent! { MPI_Win_set_name PMPI_Win_set_name Process; win: MPI_Win, win_name: *const c_char }
