//! Input and output: MPI 5.0, chapter 14. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

absent! { MPI_File_close PMPI_File_close Process; fh: *mut MPI_File }
absent! { MPI_File_delete PMPI_File_delete Process; filename: *const c_char, info: MPI_Info }
absent! { MPI_File_get_amode PMPI_File_get_amode File(fh); fh: MPI_File, amode: *mut c_int }
absent! { MPI_File_get_atomicity PMPI_File_get_atomicity File(fh); fh: MPI_File, flag: *mut c_int }
absent! { MPI_File_get_byte_offset PMPI_File_get_byte_offset File(fh);
    fh: MPI_File, offset: MPI_Offset, disp: *mut MPI_Offset }
absent! { MPI_File_get_group PMPI_File_get_group File(fh); fh: MPI_File, group: *mut MPI_Group }
absent! { MPI_File_get_info PMPI_File_get_info File(fh); fh: MPI_File, info_used: *mut MPI_Info }
absent! { MPI_File_get_position PMPI_File_get_position File(fh); fh: MPI_File, offset: *mut MPI_Offset }
absent! { MPI_File_get_position_shared PMPI_File_get_position_shared File(fh);
    fh: MPI_File, offset: *mut MPI_Offset }
absent! { MPI_File_get_size PMPI_File_get_size File(fh); fh: MPI_File, size: *mut MPI_Offset }
absent! { MPI_File_get_type_extent PMPI_File_get_type_extent File(fh);
    fh: MPI_File, datatype: MPI_Datatype, extent: *mut MPI_Aint }
absent! { MPI_File_get_type_extent_c PMPI_File_get_type_extent_c File(fh);
    fh: MPI_File, datatype: MPI_Datatype, extent: *mut MPI_Count }
absent! { MPI_File_get_view PMPI_File_get_view File(fh);
    fh: MPI_File, disp: *mut MPI_Offset, etype: *mut MPI_Datatype, filetype: *mut MPI_Datatype,
    datarep: *mut c_char }
absent! { MPI_File_iread PMPI_File_iread File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iread_c PMPI_File_iread_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iread_all PMPI_File_iread_all File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iread_all_c PMPI_File_iread_all_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iread_at PMPI_File_iread_at File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: c_int, datatype: MPI_Datatype,
    request: *mut MPI_Request }
absent! { MPI_File_iread_at_c PMPI_File_iread_at_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype,
    request: *mut MPI_Request }
absent! { MPI_File_iread_at_all PMPI_File_iread_at_all File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: c_int, datatype: MPI_Datatype,
    request: *mut MPI_Request }
absent! { MPI_File_iread_at_all_c PMPI_File_iread_at_all_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype,
    request: *mut MPI_Request }
absent! { MPI_File_iread_shared PMPI_File_iread_shared File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iread_shared_c PMPI_File_iread_shared_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iwrite PMPI_File_iwrite File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iwrite_c PMPI_File_iwrite_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iwrite_all PMPI_File_iwrite_all File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iwrite_all_c PMPI_File_iwrite_all_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iwrite_at PMPI_File_iwrite_at File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: c_int, datatype: MPI_Datatype,
    request: *mut MPI_Request }
absent! { MPI_File_iwrite_at_c PMPI_File_iwrite_at_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype,
    request: *mut MPI_Request }
absent! { MPI_File_iwrite_at_all PMPI_File_iwrite_at_all File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: c_int, datatype: MPI_Datatype,
    request: *mut MPI_Request }
absent! { MPI_File_iwrite_at_all_c PMPI_File_iwrite_at_all_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype,
    request: *mut MPI_Request }
absent! { MPI_File_iwrite_shared PMPI_File_iwrite_shared File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_iwrite_shared_c PMPI_File_iwrite_shared_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, request: *mut MPI_Request }
absent! { MPI_File_open PMPI_File_open Comm(comm);
    comm: MPI_Comm, filename: *const c_char, amode: c_int, info: MPI_Info, fh: *mut MPI_File }
absent! { MPI_File_preallocate PMPI_File_preallocate File(fh); fh: MPI_File, size: MPI_Offset }
absent! { MPI_File_read PMPI_File_read File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_read_c PMPI_File_read_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_read_all PMPI_File_read_all File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_read_all_c PMPI_File_read_all_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_read_all_begin PMPI_File_read_all_begin File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype }
absent! { MPI_File_read_all_begin_c PMPI_File_read_all_begin_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype }
absent! { MPI_File_read_all_end PMPI_File_read_all_end File(fh);
    fh: MPI_File, buf: *mut c_void, status: *mut MPI_Status }
absent! { MPI_File_read_at PMPI_File_read_at File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: c_int, datatype: MPI_Datatype,
    status: *mut MPI_Status }
absent! { MPI_File_read_at_c PMPI_File_read_at_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype,
    status: *mut MPI_Status }
absent! { MPI_File_read_at_all PMPI_File_read_at_all File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: c_int, datatype: MPI_Datatype,
    status: *mut MPI_Status }
absent! { MPI_File_read_at_all_c PMPI_File_read_at_all_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype,
    status: *mut MPI_Status }
absent! { MPI_File_read_at_all_begin PMPI_File_read_at_all_begin File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: c_int, datatype: MPI_Datatype }
absent! { MPI_File_read_at_all_begin_c PMPI_File_read_at_all_begin_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype }
absent! { MPI_File_read_at_all_end PMPI_File_read_at_all_end File(fh);
    fh: MPI_File, buf: *mut c_void, status: *mut MPI_Status }
absent! { MPI_File_read_ordered PMPI_File_read_ordered File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_read_ordered_c PMPI_File_read_ordered_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_read_ordered_begin PMPI_File_read_ordered_begin File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype }
absent! { MPI_File_read_ordered_begin_c PMPI_File_read_ordered_begin_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype }
absent! { MPI_File_read_ordered_end PMPI_File_read_ordered_end File(fh);
    fh: MPI_File, buf: *mut c_void, status: *mut MPI_Status }
absent! { MPI_File_read_shared PMPI_File_read_shared File(fh);
    fh: MPI_File, buf: *mut c_void, count: c_int, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_read_shared_c PMPI_File_read_shared_c File(fh);
    fh: MPI_File, buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_seek PMPI_File_seek File(fh); fh: MPI_File, offset: MPI_Offset, whence: c_int }
absent! { MPI_File_seek_shared PMPI_File_seek_shared File(fh);
    fh: MPI_File, offset: MPI_Offset, whence: c_int }
absent! { MPI_File_set_atomicity PMPI_File_set_atomicity File(fh); fh: MPI_File, flag: c_int }
absent! { MPI_File_set_info PMPI_File_set_info File(fh); fh: MPI_File, info: MPI_Info }
absent! { MPI_File_set_size PMPI_File_set_size File(fh); fh: MPI_File, size: MPI_Offset }
absent! { MPI_File_set_view PMPI_File_set_view File(fh);
    fh: MPI_File, disp: MPI_Offset, etype: MPI_Datatype, filetype: MPI_Datatype, datarep: *const c_char,
    info: MPI_Info }
absent! { MPI_File_sync PMPI_File_sync File(fh); fh: MPI_File }
absent! { MPI_File_write PMPI_File_write File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_write_c PMPI_File_write_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_write_all PMPI_File_write_all File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_write_all_c PMPI_File_write_all_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_write_all_begin PMPI_File_write_all_begin File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype }
absent! { MPI_File_write_all_begin_c PMPI_File_write_all_begin_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype }
absent! { MPI_File_write_all_end PMPI_File_write_all_end File(fh);
    fh: MPI_File, buf: *const c_void, status: *mut MPI_Status }
absent! { MPI_File_write_at PMPI_File_write_at File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: c_int, datatype: MPI_Datatype,
    status: *mut MPI_Status }
absent! { MPI_File_write_at_c PMPI_File_write_at_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype,
    status: *mut MPI_Status }
absent! { MPI_File_write_at_all PMPI_File_write_at_all File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: c_int, datatype: MPI_Datatype,
    status: *mut MPI_Status }
absent! { MPI_File_write_at_all_c PMPI_File_write_at_all_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype,
    status: *mut MPI_Status }
absent! { MPI_File_write_at_all_begin PMPI_File_write_at_all_begin File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: c_int, datatype: MPI_Datatype }
absent! { MPI_File_write_at_all_begin_c PMPI_File_write_at_all_begin_c File(fh);
    fh: MPI_File, offset: MPI_Offset, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype }
absent! { MPI_File_write_at_all_end PMPI_File_write_at_all_end File(fh);
    fh: MPI_File, buf: *const c_void, status: *mut MPI_Status }
absent! { MPI_File_write_ordered PMPI_File_write_ordered File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_write_ordered_c PMPI_File_write_ordered_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_write_ordered_begin PMPI_File_write_ordered_begin File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype }
absent! { MPI_File_write_ordered_begin_c PMPI_File_write_ordered_begin_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype }
absent! { MPI_File_write_ordered_end PMPI_File_write_ordered_end File(fh);
    fh: MPI_File, buf: *const c_void, status: *mut MPI_Status }
absent! { MPI_File_write_shared PMPI_File_write_shared File(fh);
    fh: MPI_File, buf: *const c_void, count: c_int, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_File_write_shared_c PMPI_File_write_shared_c File(fh);
    fh: MPI_File, buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, status: *mut MPI_Status }
absent! { MPI_Register_datarep PMPI_Register_datarep Process;
    datarep: *const c_char, read_conversion_fn: Option<MPI_Datarep_conversion_function>,
    write_conversion_fn: Option<MPI_Datarep_conversion_function>,
    dtype_file_extent_fn: Option<MPI_Datarep_extent_function>, extra_state: *mut c_void }
absent! { MPI_Register_datarep_c PMPI_Register_datarep_c Process;
    datarep: *const c_char, read_conversion_fn: Option<MPI_Datarep_conversion_function_c>,
    write_conversion_fn: Option<MPI_Datarep_conversion_function_c>,
    dtype_file_extent_fn: Option<MPI_Datarep_extent_function>, extra_state: *mut c_void }
