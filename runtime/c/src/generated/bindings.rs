//! Handle conversions, Fortran sizes and the ABI: MPI 5.0, chapters 19 and 20. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

any_time! { MPI_Abi_get_fortran_booleans PMPI_Abi_get_fortran_booleans Process => bindings::get_fortran_booleans;
    logical_size: c_int, logical_true: *mut c_void, logical_false: *mut c_void, is_set: *mut c_int }
any_time! { MPI_Abi_get_fortran_info PMPI_Abi_get_fortran_info Process => bindings::get_fortran_info;
    info: *mut MPI_Info }
any_time! { MPI_Abi_get_info PMPI_Abi_get_info Process => environment::abi_get_info; info: *mut MPI_Info }
any_time! { MPI_Abi_get_version PMPI_Abi_get_version Process => environment::abi_get_version;
    abi_major: *mut c_int, abi_minor: *mut c_int }
any_time! { MPI_Abi_set_fortran_booleans PMPI_Abi_set_fortran_booleans Process => bindings::set_fortran_booleans;
    logical_size: c_int, logical_true: *mut c_void, logical_false: *mut c_void }
any_time! { MPI_Abi_set_fortran_info PMPI_Abi_set_fortran_info Process => bindings::set_fortran_info;
    info: MPI_Info }
entry! { MPI_Type_create_f90_complex PMPI_Type_create_f90_complex Process => bindings::f90_complex;
    p: c_int, r: c_int, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_f90_integer PMPI_Type_create_f90_integer Process => bindings::f90_integer;
    r: c_int, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_f90_real PMPI_Type_create_f90_real Process => bindings::f90_real;
    p: c_int, r: c_int, newtype: *mut MPI_Datatype }
entry! { MPI_Type_match_size PMPI_Type_match_size Process => bindings::match_size;
    typeclass: c_int, size: c_int, datatype: *mut MPI_Datatype }
bare! { MPI_Comm_fromint PMPI_Comm_fromint MPI_Comm => bindings::from_int; comm: c_int }
bare! { MPI_Comm_toint PMPI_Comm_toint c_int => bindings::to_int; comm: MPI_Comm }
bare! { MPI_Errhandler_fromint PMPI_Errhandler_fromint MPI_Errhandler => bindings::from_int;
    errhandler: c_int }
bare! { MPI_Errhandler_toint PMPI_Errhandler_toint c_int => bindings::to_int; errhandler: MPI_Errhandler }
bare! { MPI_File_fromint PMPI_File_fromint MPI_File => bindings::from_int; file: c_int }
bare! { MPI_File_toint PMPI_File_toint c_int => bindings::to_int; file: MPI_File }
bare! { MPI_Group_fromint PMPI_Group_fromint MPI_Group => bindings::from_int; group: c_int }
bare! { MPI_Group_toint PMPI_Group_toint c_int => bindings::to_int; group: MPI_Group }
bare! { MPI_Info_fromint PMPI_Info_fromint MPI_Info => bindings::from_int; info: c_int }
bare! { MPI_Info_toint PMPI_Info_toint c_int => bindings::to_int; info: MPI_Info }
bare! { MPI_Message_fromint PMPI_Message_fromint MPI_Message => bindings::from_int; message: c_int }
bare! { MPI_Message_toint PMPI_Message_toint c_int => bindings::to_int; message: MPI_Message }
bare! { MPI_Op_fromint PMPI_Op_fromint MPI_Op => bindings::from_int; op: c_int }
bare! { MPI_Op_toint PMPI_Op_toint c_int => bindings::to_int; op: MPI_Op }
bare! { MPI_Request_fromint PMPI_Request_fromint MPI_Request => bindings::from_int; request: c_int }
bare! { MPI_Request_toint PMPI_Request_toint c_int => bindings::to_int; request: MPI_Request }
bare! { MPI_Session_fromint PMPI_Session_fromint MPI_Session => bindings::from_int; session: c_int }
bare! { MPI_Session_toint PMPI_Session_toint c_int => bindings::to_int; session: MPI_Session }
bare! { MPI_Type_fromint PMPI_Type_fromint MPI_Datatype => bindings::from_int; datatype: c_int }
bare! { MPI_Type_toint PMPI_Type_toint c_int => bindings::to_int; datatype: MPI_Datatype }
bare! { MPI_Win_fromint PMPI_Win_fromint MPI_Win => bindings::from_int; win: c_int }
bare! { MPI_Win_toint PMPI_Win_toint c_int => bindings::to_int; win: MPI_Win }
