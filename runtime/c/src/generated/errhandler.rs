//! Error handlers, classes and codes: MPI 5.0, sections 9.3 to 9.5. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

any_time! { MPI_Add_error_class PMPI_Add_error_class Process => errhandler::add_class;
    errorclass: *mut c_int }
any_time! { MPI_Add_error_code PMPI_Add_error_code Process => errhandler::add_code;
    errorclass: c_int, errorcode: *mut c_int }
any_time! { MPI_Add_error_string PMPI_Add_error_string Process => errhandler::add_string;
    errorcode: c_int, string: *const c_char }
entry! { MPI_Comm_call_errhandler PMPI_Comm_call_errhandler Comm(comm) => errhandler::comm_call;
    comm: MPI_Comm, errorcode: c_int }
any_time! { MPI_Comm_create_errhandler PMPI_Comm_create_errhandler Process => errhandler::comm_create;
    comm_errhandler_fn: Option<MPI_Comm_errhandler_function>, errhandler: *mut MPI_Errhandler }
entry! { MPI_Comm_get_errhandler PMPI_Comm_get_errhandler Comm(comm) => errhandler::comm_get;
    comm: MPI_Comm, errhandler: *mut MPI_Errhandler }
entry! { MPI_Comm_set_errhandler PMPI_Comm_set_errhandler Comm(comm) => errhandler::comm_set;
    comm: MPI_Comm, errhandler: MPI_Errhandler }
any_time! { MPI_Errhandler_free PMPI_Errhandler_free Process => errhandler::free;
    errhandler: *mut MPI_Errhandler }
any_time! { MPI_Error_class PMPI_Error_class Process => errhandler::class;
    errorcode: c_int, errorclass: *mut c_int }
any_time! { MPI_Error_string PMPI_Error_string Process => errhandler::string;
    errorcode: c_int, string: *mut c_char, resultlen: *mut c_int }
entry! { MPI_File_call_errhandler PMPI_File_call_errhandler File(fh) => errhandler::file_call;
    fh: MPI_File, errorcode: c_int }
any_time! { MPI_File_create_errhandler PMPI_File_create_errhandler Process => errhandler::file_create;
    file_errhandler_fn: Option<MPI_File_errhandler_function>, errhandler: *mut MPI_Errhandler }
entry! { MPI_File_get_errhandler PMPI_File_get_errhandler File(file) => errhandler::file_get;
    file: MPI_File, errhandler: *mut MPI_Errhandler }
entry! { MPI_File_set_errhandler PMPI_File_set_errhandler File(file) => errhandler::file_set;
    file: MPI_File, errhandler: MPI_Errhandler }
any_time! { MPI_Remove_error_class PMPI_Remove_error_class Process => errhandler::remove_class;
    errorclass: c_int }
any_time! { MPI_Remove_error_code PMPI_Remove_error_code Process => errhandler::remove_code;
    errorcode: c_int }
any_time! { MPI_Remove_error_string PMPI_Remove_error_string Process => errhandler::remove_string;
    errorcode: c_int }
entry! { MPI_Session_call_errhandler PMPI_Session_call_errhandler Session(session) => session::call_errhandler;
    session: MPI_Session, errorcode: c_int }
any_time! { MPI_Session_create_errhandler PMPI_Session_create_errhandler Process => errhandler::session_create;
    session_errhandler_fn: Option<MPI_Session_errhandler_function>, errhandler: *mut MPI_Errhandler }
entry! { MPI_Session_get_errhandler PMPI_Session_get_errhandler Session(session) => session::get_errhandler;
    session: MPI_Session, errhandler: *mut MPI_Errhandler }
entry! { MPI_Session_set_errhandler PMPI_Session_set_errhandler Session(session) => session::set_errhandler;
    session: MPI_Session, errhandler: MPI_Errhandler }
absent! { MPI_Win_call_errhandler PMPI_Win_call_errhandler Process; win: MPI_Win, errorcode: c_int }
any_time! { MPI_Win_create_errhandler PMPI_Win_create_errhandler Process => errhandler::win_create;
    win_errhandler_fn: Option<MPI_Win_errhandler_function>, errhandler: *mut MPI_Errhandler }
absent! { MPI_Win_get_errhandler PMPI_Win_get_errhandler Process;
    win: MPI_Win, errhandler: *mut MPI_Errhandler }
absent! { MPI_Win_set_errhandler PMPI_Win_set_errhandler Process; win: MPI_Win, errhandler: MPI_Errhandler }
