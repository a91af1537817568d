//! Point-to-point communication: MPI 5.0, chapter 3. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

absent! { MPI_Bsend PMPI_Bsend Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
absent! { MPI_Bsend_c PMPI_Bsend_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
absent! { MPI_Bsend_init PMPI_Bsend_init Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Bsend_init_c PMPI_Bsend_init_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Buffer_attach PMPI_Buffer_attach Process; buffer: *mut c_void, size: c_int }
absent! { MPI_Buffer_attach_c PMPI_Buffer_attach_c Process; buffer: *mut c_void, size: MPI_Count }
absent! { MPI_Buffer_detach PMPI_Buffer_detach Process; buffer_addr: *mut c_void, size: *mut c_int }
absent! { MPI_Buffer_detach_c PMPI_Buffer_detach_c Process; buffer_addr: *mut c_void, size: *mut MPI_Count }
absent! { MPI_Buffer_flush PMPI_Buffer_flush Process; }
absent! { MPI_Buffer_iflush PMPI_Buffer_iflush Process; request: *mut MPI_Request }
absent! { MPI_Cancel PMPI_Cancel Process; request: *mut MPI_Request }
absent! { MPI_Comm_attach_buffer PMPI_Comm_attach_buffer Comm(comm);
    comm: MPI_Comm, buffer: *mut c_void, size: c_int }
absent! { MPI_Comm_attach_buffer_c PMPI_Comm_attach_buffer_c Comm(comm);
    comm: MPI_Comm, buffer: *mut c_void, size: MPI_Count }
absent! { MPI_Comm_detach_buffer PMPI_Comm_detach_buffer Comm(comm);
    comm: MPI_Comm, buffer_addr: *mut c_void, size: *mut c_int }
absent! { MPI_Comm_detach_buffer_c PMPI_Comm_detach_buffer_c Comm(comm);
    comm: MPI_Comm, buffer_addr: *mut c_void, size: *mut MPI_Count }
absent! { MPI_Comm_flush_buffer PMPI_Comm_flush_buffer Comm(comm); comm: MPI_Comm }
absent! { MPI_Comm_iflush_buffer PMPI_Comm_iflush_buffer Comm(comm);
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Get_count PMPI_Get_count Process;
    status: *const MPI_Status, datatype: MPI_Datatype, count: *mut c_int }
absent! { MPI_Get_count_c PMPI_Get_count_c Process;
    status: *const MPI_Status, datatype: MPI_Datatype, count: *mut MPI_Count }
absent! { MPI_Ibsend PMPI_Ibsend Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Ibsend_c PMPI_Ibsend_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Improbe PMPI_Improbe Comm(comm);
    source: c_int, tag: c_int, comm: MPI_Comm, flag: *mut c_int, message: *mut MPI_Message,
    status: *mut MPI_Status }
absent! { MPI_Imrecv PMPI_Imrecv Process;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, message: *mut MPI_Message,
    request: *mut MPI_Request }
absent! { MPI_Imrecv_c PMPI_Imrecv_c Process;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, message: *mut MPI_Message,
    request: *mut MPI_Request }
absent! { MPI_Iprobe PMPI_Iprobe Comm(comm);
    source: c_int, tag: c_int, comm: MPI_Comm, flag: *mut c_int, status: *mut MPI_Status }
absent! { MPI_Irecv PMPI_Irecv Comm(comm);
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Irecv_c PMPI_Irecv_c Comm(comm);
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Irsend PMPI_Irsend Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Irsend_c PMPI_Irsend_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Isend PMPI_Isend Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Isend_c PMPI_Isend_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Isendrecv PMPI_Isendrecv Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, dest: c_int, sendtag: c_int,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, source: c_int, recvtag: c_int,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Isendrecv_c PMPI_Isendrecv_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, dest: c_int, sendtag: c_int,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, source: c_int, recvtag: c_int,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Isendrecv_replace PMPI_Isendrecv_replace Comm(comm);
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, sendtag: c_int, source: c_int,
    recvtag: c_int, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Isendrecv_replace_c PMPI_Isendrecv_replace_c Comm(comm);
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, sendtag: c_int, source: c_int,
    recvtag: c_int, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Issend PMPI_Issend Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Issend_c PMPI_Issend_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Mprobe PMPI_Mprobe Comm(comm);
    source: c_int, tag: c_int, comm: MPI_Comm, message: *mut MPI_Message, status: *mut MPI_Status }
absent! { MPI_Mrecv PMPI_Mrecv Process;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, message: *mut MPI_Message,
    status: *mut MPI_Status }
absent! { MPI_Mrecv_c PMPI_Mrecv_c Process;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, message: *mut MPI_Message,
    status: *mut MPI_Status }
absent! { MPI_Probe PMPI_Probe Comm(comm);
    source: c_int, tag: c_int, comm: MPI_Comm, status: *mut MPI_Status }
absent! { MPI_Recv PMPI_Recv Comm(comm);
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    status: *mut MPI_Status }
absent! { MPI_Recv_c PMPI_Recv_c Comm(comm);
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    status: *mut MPI_Status }
absent! { MPI_Recv_init PMPI_Recv_init Comm(comm);
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Recv_init_c PMPI_Recv_init_c Comm(comm);
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Request_free PMPI_Request_free Process; request: *mut MPI_Request }
absent! { MPI_Request_get_status PMPI_Request_get_status Process;
    request: MPI_Request, flag: *mut c_int, status: *mut MPI_Status }
absent! { MPI_Request_get_status_all PMPI_Request_get_status_all Process;
    count: c_int, array_of_requests: *const MPI_Request, flag: *mut c_int,
    array_of_statuses: *mut MPI_Status }
absent! { MPI_Request_get_status_any PMPI_Request_get_status_any Process;
    count: c_int, array_of_requests: *const MPI_Request, indx: *mut c_int, flag: *mut c_int,
    status: *mut MPI_Status }
absent! { MPI_Request_get_status_some PMPI_Request_get_status_some Process;
    incount: c_int, array_of_requests: *const MPI_Request, outcount: *mut c_int,
    array_of_indices: *mut c_int, array_of_statuses: *mut MPI_Status }
absent! { MPI_Rsend PMPI_Rsend Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
absent! { MPI_Rsend_c PMPI_Rsend_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
absent! { MPI_Rsend_init PMPI_Rsend_init Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Rsend_init_c PMPI_Rsend_init_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Send PMPI_Send Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
absent! { MPI_Send_c PMPI_Send_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
absent! { MPI_Send_init PMPI_Send_init Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Send_init_c PMPI_Send_init_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Sendrecv PMPI_Sendrecv Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, dest: c_int, sendtag: c_int,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, source: c_int, recvtag: c_int,
    comm: MPI_Comm, status: *mut MPI_Status }
absent! { MPI_Sendrecv_c PMPI_Sendrecv_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, dest: c_int, sendtag: c_int,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, source: c_int, recvtag: c_int,
    comm: MPI_Comm, status: *mut MPI_Status }
absent! { MPI_Sendrecv_replace PMPI_Sendrecv_replace Comm(comm);
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, sendtag: c_int, source: c_int,
    recvtag: c_int, comm: MPI_Comm, status: *mut MPI_Status }
absent! { MPI_Sendrecv_replace_c PMPI_Sendrecv_replace_c Comm(comm);
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, sendtag: c_int, source: c_int,
    recvtag: c_int, comm: MPI_Comm, status: *mut MPI_Status }
absent! { MPI_Session_attach_buffer PMPI_Session_attach_buffer Session(session);
    session: MPI_Session, buffer: *mut c_void, size: c_int }
absent! { MPI_Session_attach_buffer_c PMPI_Session_attach_buffer_c Session(session);
    session: MPI_Session, buffer: *mut c_void, size: MPI_Count }
absent! { MPI_Session_detach_buffer PMPI_Session_detach_buffer Session(session);
    session: MPI_Session, buffer_addr: *mut c_void, size: *mut c_int }
absent! { MPI_Session_detach_buffer_c PMPI_Session_detach_buffer_c Session(session);
    session: MPI_Session, buffer_addr: *mut c_void, size: *mut MPI_Count }
absent! { MPI_Session_flush_buffer PMPI_Session_flush_buffer Session(session); session: MPI_Session }
absent! { MPI_Session_iflush_buffer PMPI_Session_iflush_buffer Session(session);
    session: MPI_Session, request: *mut MPI_Request }
absent! { MPI_Ssend PMPI_Ssend Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
absent! { MPI_Ssend_c PMPI_Ssend_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
absent! { MPI_Ssend_init PMPI_Ssend_init Comm(comm);
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Ssend_init_c PMPI_Ssend_init_c Comm(comm);
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Start PMPI_Start Process; request: *mut MPI_Request }
absent! { MPI_Startall PMPI_Startall Process; count: c_int, array_of_requests: *mut MPI_Request }
absent! { MPI_Status_get_error PMPI_Status_get_error Process; status: *const MPI_Status, error: *mut c_int }
absent! { MPI_Status_get_source PMPI_Status_get_source Process;
    status: *const MPI_Status, source: *mut c_int }
absent! { MPI_Status_get_tag PMPI_Status_get_tag Process; status: *const MPI_Status, tag: *mut c_int }
absent! { MPI_Test PMPI_Test Process; request: *mut MPI_Request, flag: *mut c_int, status: *mut MPI_Status }
absent! { MPI_Test_cancelled PMPI_Test_cancelled Process; status: *const MPI_Status, flag: *mut c_int }
absent! { MPI_Testall PMPI_Testall Process;
    count: c_int, array_of_requests: *mut MPI_Request, flag: *mut c_int, array_of_statuses: *mut MPI_Status }
absent! { MPI_Testany PMPI_Testany Process;
    count: c_int, array_of_requests: *mut MPI_Request, indx: *mut c_int, flag: *mut c_int,
    status: *mut MPI_Status }
absent! { MPI_Testsome PMPI_Testsome Process;
    incount: c_int, array_of_requests: *mut MPI_Request, outcount: *mut c_int, array_of_indices: *mut c_int,
    array_of_statuses: *mut MPI_Status }
absent! { MPI_Wait PMPI_Wait Process; request: *mut MPI_Request, status: *mut MPI_Status }
absent! { MPI_Waitall PMPI_Waitall Process;
    count: c_int, array_of_requests: *mut MPI_Request, array_of_statuses: *mut MPI_Status }
absent! { MPI_Waitany PMPI_Waitany Process;
    count: c_int, array_of_requests: *mut MPI_Request, indx: *mut c_int, status: *mut MPI_Status }
absent! { MPI_Waitsome PMPI_Waitsome Process;
    incount: c_int, array_of_requests: *mut MPI_Request, outcount: *mut c_int, array_of_indices: *mut c_int,
    array_of_statuses: *mut MPI_Status }
