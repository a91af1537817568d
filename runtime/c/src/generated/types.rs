//! The types of the C interface. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use rankwise_core::Handle;
use std::ffi::{c_int, c_void};

// The widths that the standard ABI fixes.
pub type MPI_ABI_Aint = isize;
pub type MPI_ABI_Offset = i64;
pub type MPI_ABI_Count = i64;
pub type MPI_Aint = MPI_ABI_Aint;
pub type MPI_Offset = MPI_ABI_Offset;
pub type MPI_Count = MPI_ABI_Count;

// Handles.
pub type MPI_Op = Handle;
pub type MPI_Comm = Handle;
pub type MPI_Group = Handle;
pub type MPI_Win = Handle;
pub type MPI_File = Handle;
pub type MPI_Session = Handle;
pub type MPI_Message = Handle;
pub type MPI_Info = Handle;
pub type MPI_Errhandler = Handle;
pub type MPI_Request = Handle;
pub type MPI_Datatype = Handle;

// 32 bytes; the words after the three that MPI names belong to the library.
pub use rankwise_core::Status as MPI_Status;

// Callbacks.
pub type MPI_User_function = unsafe extern "C" fn(invec: *mut c_void, inoutvec: *mut c_void, len: *mut c_int, datatype: *mut MPI_Datatype);
pub type MPI_User_function_c = unsafe extern "C" fn(invec: *mut c_void, inoutvec: *mut c_void, len: *mut MPI_Count, datatype: *mut MPI_Datatype);
pub type MPI_Grequest_query_function = unsafe extern "C" fn(extra_state: *mut c_void, status: *mut MPI_Status) -> c_int;
pub type MPI_Grequest_free_function = unsafe extern "C" fn(extra_state: *mut c_void) -> c_int;
pub type MPI_Grequest_cancel_function = unsafe extern "C" fn(extra_state: *mut c_void, complete: c_int) -> c_int;
pub type MPI_Copy_function = unsafe extern "C" fn(comm: MPI_Comm, keyval: c_int, extra_state: *mut c_void, attribute_val_in: *mut c_void, attribute_val_out: *mut c_void, flag: *mut c_int) -> c_int;
pub type MPI_Delete_function = unsafe extern "C" fn(comm: MPI_Comm, keyval: c_int, attribute_val: *mut c_void, extra_state: *mut c_void) -> c_int;
pub type MPI_Comm_copy_attr_function = unsafe extern "C" fn(comm: MPI_Comm, keyval: c_int, extra_state: *mut c_void, attribute_val_in: *mut c_void, attribute_val_out: *mut c_void, flag: *mut c_int) -> c_int;
pub type MPI_Comm_delete_attr_function = unsafe extern "C" fn(comm: MPI_Comm, keyval: c_int, attribute_val: *mut c_void, extra_state: *mut c_void) -> c_int;
pub type MPI_Type_copy_attr_function = unsafe extern "C" fn(datatype: MPI_Datatype, keyval: c_int, extra_state: *mut c_void, attribute_val_in: *mut c_void, attribute_val_out: *mut c_void, flag: *mut c_int) -> c_int;
pub type MPI_Type_delete_attr_function = unsafe extern "C" fn(datatype: MPI_Datatype, keyval: c_int, attribute_val: *mut c_void, extra_state: *mut c_void) -> c_int;
pub type MPI_Win_copy_attr_function = unsafe extern "C" fn(win: MPI_Win, keyval: c_int, extra_state: *mut c_void, attribute_val_in: *mut c_void, attribute_val_out: *mut c_void, flag: *mut c_int) -> c_int;
pub type MPI_Win_delete_attr_function = unsafe extern "C" fn(win: MPI_Win, keyval: c_int, attribute_val: *mut c_void, extra_state: *mut c_void) -> c_int;
pub type MPI_Datarep_extent_function = unsafe extern "C" fn(datatype: MPI_Datatype, extent: *mut MPI_Aint, extra_state: *mut c_void) -> c_int;
pub type MPI_Datarep_conversion_function = unsafe extern "C" fn(userbuf: *mut c_void, datatype: MPI_Datatype, count: c_int, filebuf: *mut c_void, position: MPI_Offset, extra_state: *mut c_void) -> c_int;
pub type MPI_Datarep_conversion_function_c = unsafe extern "C" fn(userbuf: *mut c_void, datatype: MPI_Datatype, count: MPI_Count, filebuf: *mut c_void, position: MPI_Offset, extra_state: *mut c_void) -> c_int;
pub type MPI_Comm_errhandler_function = unsafe extern "C" fn(comm: *mut MPI_Comm, error_code: *mut c_int, ...);
pub type MPI_File_errhandler_function = unsafe extern "C" fn(file: *mut MPI_File, error_code: *mut c_int, ...);
pub type MPI_Win_errhandler_function = unsafe extern "C" fn(win: *mut MPI_Win, error_code: *mut c_int, ...);
pub type MPI_Session_errhandler_function = unsafe extern "C" fn(session: *mut MPI_Session, error_code: *mut c_int, ...);
pub type MPI_Comm_errhandler_fn = MPI_Comm_errhandler_function;
pub type MPI_File_errhandler_fn = MPI_File_errhandler_function;
pub type MPI_Win_errhandler_fn = MPI_Win_errhandler_function;
pub type MPI_Session_errhandler_fn = MPI_Session_errhandler_function;

// The tool interface.
pub type MPI_T_cb_safety = c_int;
pub type MPI_T_source_order = c_int;
pub type MPI_T_enum = Handle;
pub type MPI_T_cvar_handle = Handle;
pub type MPI_T_pvar_handle = Handle;
pub type MPI_T_pvar_session = Handle;
pub type MPI_T_event_registration = Handle;
pub type MPI_T_event_instance = Handle;
pub type MPI_T_event_cb_function = unsafe extern "C" fn(event_instance: MPI_T_event_instance, event_registration: MPI_T_event_registration, cb_safety: MPI_T_cb_safety, user_data: *mut c_void);
pub type MPI_T_event_free_cb_function = unsafe extern "C" fn(event_registration: MPI_T_event_registration, cb_safety: MPI_T_cb_safety, user_data: *mut c_void);
pub type MPI_T_event_dropped_cb_function = unsafe extern "C" fn(count: MPI_Count, event_registration: MPI_T_event_registration, source_index: c_int, cb_safety: MPI_T_cb_safety, user_data: *mut c_void);
