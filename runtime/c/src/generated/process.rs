//! Start, end and creation of processes; sessions: MPI 5.0, chapter 11. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Abort PMPI_Abort Comm(comm) => process::abort; comm: MPI_Comm, errorcode: c_int }
absent! { MPI_Close_port PMPI_Close_port Process; port_name: *const c_char }
absent! { MPI_Comm_accept PMPI_Comm_accept Comm(comm);
    port_name: *const c_char, info: MPI_Info, root: c_int, comm: MPI_Comm, newcomm: *mut MPI_Comm }
absent! { MPI_Comm_connect PMPI_Comm_connect Comm(comm);
    port_name: *const c_char, info: MPI_Info, root: c_int, comm: MPI_Comm, newcomm: *mut MPI_Comm }
absent! { MPI_Comm_disconnect PMPI_Comm_disconnect Process; comm: *mut MPI_Comm }
entry! { MPI_Comm_get_parent PMPI_Comm_get_parent Process => comm::get_parent; parent: *mut MPI_Comm }
absent! { MPI_Comm_join PMPI_Comm_join Process; fd: c_int, intercomm: *mut MPI_Comm }
absent! { MPI_Comm_spawn PMPI_Comm_spawn Comm(comm);
    command: *const c_char, argv: *mut *mut c_char, maxprocs: c_int, info: MPI_Info, root: c_int,
    comm: MPI_Comm, intercomm: *mut MPI_Comm, array_of_errcodes: *mut c_int }
absent! { MPI_Comm_spawn_multiple PMPI_Comm_spawn_multiple Comm(comm);
    count: c_int, array_of_commands: *mut *mut c_char, array_of_argv: *mut *mut *mut c_char,
    array_of_maxprocs: *const c_int, array_of_info: *const MPI_Info, root: c_int, comm: MPI_Comm,
    intercomm: *mut MPI_Comm, array_of_errcodes: *mut c_int }
bare! { MPI_Finalize PMPI_Finalize c_int => process::finalize; }
any_time! { MPI_Finalized PMPI_Finalized Process => process::finalized; flag: *mut c_int }
entry! { MPI_Group_from_session_pset PMPI_Group_from_session_pset Session(session) => session::group;
    session: MPI_Session, pset_name: *const c_char, newgroup: *mut MPI_Group }
bare! { MPI_Init PMPI_Init c_int => process::init; argc: *mut c_int, argv: *mut *mut *mut c_char }
bare! { MPI_Init_thread PMPI_Init_thread c_int => process::init_thread;
    argc: *mut c_int, argv: *mut *mut *mut c_char, required: c_int, provided: *mut c_int }
any_time! { MPI_Initialized PMPI_Initialized Process => process::initialized; flag: *mut c_int }
entry! { MPI_Is_thread_main PMPI_Is_thread_main Process => process::is_thread_main; flag: *mut c_int }
absent! { MPI_Lookup_name PMPI_Lookup_name Process;
    service_name: *const c_char, info: MPI_Info, port_name: *mut c_char }
absent! { MPI_Open_port PMPI_Open_port Process; info: MPI_Info, port_name: *mut c_char }
absent! { MPI_Publish_name PMPI_Publish_name Process;
    service_name: *const c_char, info: MPI_Info, port_name: *const c_char }
entry! { MPI_Query_thread PMPI_Query_thread Process => process::query_thread; provided: *mut c_int }
bare! { MPI_Session_finalize PMPI_Session_finalize c_int => session::finalize; session: *mut MPI_Session }
entry! { MPI_Session_get_info PMPI_Session_get_info Session(session) => session::get_info;
    session: MPI_Session, info_used: *mut MPI_Info }
entry! { MPI_Session_get_nth_pset PMPI_Session_get_nth_pset Session(session) => session::get_nth_pset;
    session: MPI_Session, info: MPI_Info, n: c_int, pset_len: *mut c_int, pset_name: *mut c_char }
entry! { MPI_Session_get_num_psets PMPI_Session_get_num_psets Session(session) => session::get_num_psets;
    session: MPI_Session, info: MPI_Info, npset_names: *mut c_int }
entry! { MPI_Session_get_pset_info PMPI_Session_get_pset_info Session(session) => session::get_pset_info;
    session: MPI_Session, pset_name: *const c_char, info: *mut MPI_Info }
bare! { MPI_Session_init PMPI_Session_init c_int => session::init;
    info: MPI_Info, errhandler: MPI_Errhandler, session: *mut MPI_Session }
absent! { MPI_Unpublish_name PMPI_Unpublish_name Process;
    service_name: *const c_char, info: MPI_Info, port_name: *const c_char }
