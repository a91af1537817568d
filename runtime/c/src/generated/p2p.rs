//! Point-to-point communication: MPI 5.0, chapter 3. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Bsend PMPI_Bsend Comm(comm) => p2p::bsend;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
entry! { MPI_Bsend_c PMPI_Bsend_c Comm(comm) => p2p::bsend;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
entry! { MPI_Bsend_init PMPI_Bsend_init Comm(comm) => p2p::bsend_init;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Bsend_init_c PMPI_Bsend_init_c Comm(comm) => p2p::bsend_init;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Buffer_attach PMPI_Buffer_attach Process => p2p::buffer_attach;
    buffer: *mut c_void, size: c_int }
entry! { MPI_Buffer_attach_c PMPI_Buffer_attach_c Process => p2p::buffer_attach;
    buffer: *mut c_void, size: MPI_Count }
entry! { MPI_Buffer_detach PMPI_Buffer_detach Process => p2p::buffer_detach;
    buffer_addr: *mut c_void, size: *mut c_int }
entry! { MPI_Buffer_detach_c PMPI_Buffer_detach_c Process => p2p::buffer_detach;
    buffer_addr: *mut c_void, size: *mut MPI_Count }
entry! { MPI_Buffer_flush PMPI_Buffer_flush Process => p2p::buffer_flush; }
entry! { MPI_Buffer_iflush PMPI_Buffer_iflush Process => p2p::buffer_iflush; request: *mut MPI_Request }
entry! { MPI_Cancel PMPI_Cancel Process => completion::cancel; request: *mut MPI_Request }
entry! { MPI_Comm_attach_buffer PMPI_Comm_attach_buffer Comm(comm) => p2p::comm_attach_buffer;
    comm: MPI_Comm, buffer: *mut c_void, size: c_int }
entry! { MPI_Comm_attach_buffer_c PMPI_Comm_attach_buffer_c Comm(comm) => p2p::comm_attach_buffer;
    comm: MPI_Comm, buffer: *mut c_void, size: MPI_Count }
entry! { MPI_Comm_detach_buffer PMPI_Comm_detach_buffer Comm(comm) => p2p::comm_detach_buffer;
    comm: MPI_Comm, buffer_addr: *mut c_void, size: *mut c_int }
entry! { MPI_Comm_detach_buffer_c PMPI_Comm_detach_buffer_c Comm(comm) => p2p::comm_detach_buffer;
    comm: MPI_Comm, buffer_addr: *mut c_void, size: *mut MPI_Count }
entry! { MPI_Comm_flush_buffer PMPI_Comm_flush_buffer Comm(comm) => p2p::comm_flush_buffer; comm: MPI_Comm }
entry! { MPI_Comm_iflush_buffer PMPI_Comm_iflush_buffer Comm(comm) => p2p::comm_iflush_buffer;
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Get_count PMPI_Get_count Process => status::get_count;
    status: *const MPI_Status, datatype: MPI_Datatype, count: *mut c_int }
entry! { MPI_Get_count_c PMPI_Get_count_c Process => status::get_count;
    status: *const MPI_Status, datatype: MPI_Datatype, count: *mut MPI_Count }
entry! { MPI_Ibsend PMPI_Ibsend Comm(comm) => p2p::ibsend;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Ibsend_c PMPI_Ibsend_c Comm(comm) => p2p::ibsend;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Improbe PMPI_Improbe Comm(comm) => p2p::improbe;
    source: c_int, tag: c_int, comm: MPI_Comm, flag: *mut c_int, message: *mut MPI_Message,
    status: *mut MPI_Status }
entry! { MPI_Imrecv PMPI_Imrecv Process => p2p::imrecv;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, message: *mut MPI_Message,
    request: *mut MPI_Request }
entry! { MPI_Imrecv_c PMPI_Imrecv_c Process => p2p::imrecv;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, message: *mut MPI_Message,
    request: *mut MPI_Request }
entry! { MPI_Iprobe PMPI_Iprobe Comm(comm) => p2p::iprobe;
    source: c_int, tag: c_int, comm: MPI_Comm, flag: *mut c_int, status: *mut MPI_Status }
entry! { MPI_Irecv PMPI_Irecv Comm(comm) => p2p::irecv;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Irecv_c PMPI_Irecv_c Comm(comm) => p2p::irecv;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Irsend PMPI_Irsend Comm(comm) => p2p::irsend;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Irsend_c PMPI_Irsend_c Comm(comm) => p2p::irsend;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Isend PMPI_Isend Comm(comm) => p2p::isend;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Isend_c PMPI_Isend_c Comm(comm) => p2p::isend;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Isendrecv PMPI_Isendrecv Comm(comm) => p2p::isendrecv;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, dest: c_int, sendtag: c_int,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, source: c_int, recvtag: c_int,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Isendrecv_c PMPI_Isendrecv_c Comm(comm) => p2p::isendrecv;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, dest: c_int, sendtag: c_int,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, source: c_int, recvtag: c_int,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Isendrecv_replace PMPI_Isendrecv_replace Comm(comm) => p2p::isendrecv_replace;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, sendtag: c_int, source: c_int,
    recvtag: c_int, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Isendrecv_replace_c PMPI_Isendrecv_replace_c Comm(comm) => p2p::isendrecv_replace;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, sendtag: c_int, source: c_int,
    recvtag: c_int, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Issend PMPI_Issend Comm(comm) => p2p::issend;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Issend_c PMPI_Issend_c Comm(comm) => p2p::issend;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Mprobe PMPI_Mprobe Comm(comm) => p2p::mprobe;
    source: c_int, tag: c_int, comm: MPI_Comm, message: *mut MPI_Message, status: *mut MPI_Status }
entry! { MPI_Mrecv PMPI_Mrecv Process => p2p::mrecv;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, message: *mut MPI_Message,
    status: *mut MPI_Status }
entry! { MPI_Mrecv_c PMPI_Mrecv_c Process => p2p::mrecv;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, message: *mut MPI_Message,
    status: *mut MPI_Status }
entry! { MPI_Probe PMPI_Probe Comm(comm) => p2p::probe;
    source: c_int, tag: c_int, comm: MPI_Comm, status: *mut MPI_Status }
entry! { MPI_Recv PMPI_Recv Comm(comm) => p2p::recv;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    status: *mut MPI_Status }
entry! { MPI_Recv_c PMPI_Recv_c Comm(comm) => p2p::recv;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    status: *mut MPI_Status }
entry! { MPI_Recv_init PMPI_Recv_init Comm(comm) => p2p::recv_init;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Recv_init_c PMPI_Recv_init_c Comm(comm) => p2p::recv_init;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, source: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Request_free PMPI_Request_free Process => completion::request_free; request: *mut MPI_Request }
entry! { MPI_Request_get_status PMPI_Request_get_status Process => completion::request_get_status;
    request: MPI_Request, flag: *mut c_int, status: *mut MPI_Status }
entry! { MPI_Request_get_status_all PMPI_Request_get_status_all Process => completion::request_get_status_all;
    count: c_int, array_of_requests: *const MPI_Request, flag: *mut c_int,
    array_of_statuses: *mut MPI_Status }
entry! { MPI_Request_get_status_any PMPI_Request_get_status_any Process => completion::request_get_status_any;
    count: c_int, array_of_requests: *const MPI_Request, indx: *mut c_int, flag: *mut c_int,
    status: *mut MPI_Status }
entry! { MPI_Request_get_status_some PMPI_Request_get_status_some Process => completion::request_get_status_some;
    incount: c_int, array_of_requests: *const MPI_Request, outcount: *mut c_int,
    array_of_indices: *mut c_int, array_of_statuses: *mut MPI_Status }
entry! { MPI_Rsend PMPI_Rsend Comm(comm) => p2p::rsend;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
entry! { MPI_Rsend_c PMPI_Rsend_c Comm(comm) => p2p::rsend;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
entry! { MPI_Rsend_init PMPI_Rsend_init Comm(comm) => p2p::rsend_init;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Rsend_init_c PMPI_Rsend_init_c Comm(comm) => p2p::rsend_init;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Send PMPI_Send Comm(comm) => p2p::send;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
entry! { MPI_Send_c PMPI_Send_c Comm(comm) => p2p::send;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
entry! { MPI_Send_init PMPI_Send_init Comm(comm) => p2p::send_init;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Send_init_c PMPI_Send_init_c Comm(comm) => p2p::send_init;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Sendrecv PMPI_Sendrecv Comm(comm) => p2p::sendrecv;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, dest: c_int, sendtag: c_int,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, source: c_int, recvtag: c_int,
    comm: MPI_Comm, status: *mut MPI_Status }
entry! { MPI_Sendrecv_c PMPI_Sendrecv_c Comm(comm) => p2p::sendrecv;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, dest: c_int, sendtag: c_int,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, source: c_int, recvtag: c_int,
    comm: MPI_Comm, status: *mut MPI_Status }
entry! { MPI_Sendrecv_replace PMPI_Sendrecv_replace Comm(comm) => p2p::sendrecv_replace;
    buf: *mut c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, sendtag: c_int, source: c_int,
    recvtag: c_int, comm: MPI_Comm, status: *mut MPI_Status }
entry! { MPI_Sendrecv_replace_c PMPI_Sendrecv_replace_c Comm(comm) => p2p::sendrecv_replace;
    buf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, sendtag: c_int, source: c_int,
    recvtag: c_int, comm: MPI_Comm, status: *mut MPI_Status }
entry! { MPI_Session_attach_buffer PMPI_Session_attach_buffer Session(session) => session::attach_buffer;
    session: MPI_Session, buffer: *mut c_void, size: c_int }
entry! { MPI_Session_attach_buffer_c PMPI_Session_attach_buffer_c Session(session) => session::attach_buffer;
    session: MPI_Session, buffer: *mut c_void, size: MPI_Count }
entry! { MPI_Session_detach_buffer PMPI_Session_detach_buffer Session(session) => session::detach_buffer;
    session: MPI_Session, buffer_addr: *mut c_void, size: *mut c_int }
entry! { MPI_Session_detach_buffer_c PMPI_Session_detach_buffer_c Session(session) => session::detach_buffer;
    session: MPI_Session, buffer_addr: *mut c_void, size: *mut MPI_Count }
entry! { MPI_Session_flush_buffer PMPI_Session_flush_buffer Session(session) => session::flush_buffer;
    session: MPI_Session }
entry! { MPI_Session_iflush_buffer PMPI_Session_iflush_buffer Session(session) => session::iflush_buffer;
    session: MPI_Session, request: *mut MPI_Request }
entry! { MPI_Ssend PMPI_Ssend Comm(comm) => p2p::ssend;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
entry! { MPI_Ssend_c PMPI_Ssend_c Comm(comm) => p2p::ssend;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm }
entry! { MPI_Ssend_init PMPI_Ssend_init Comm(comm) => p2p::ssend_init;
    buf: *const c_void, count: c_int, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Ssend_init_c PMPI_Ssend_init_c Comm(comm) => p2p::ssend_init;
    buf: *const c_void, count: MPI_Count, datatype: MPI_Datatype, dest: c_int, tag: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Start PMPI_Start Process => completion::start; request: *mut MPI_Request }
entry! { MPI_Startall PMPI_Startall Process => completion::startall;
    count: c_int, array_of_requests: *mut MPI_Request }
entry! { MPI_Status_get_error PMPI_Status_get_error Process => status::get_error;
    status: *const MPI_Status, error: *mut c_int }
entry! { MPI_Status_get_source PMPI_Status_get_source Process => status::get_source;
    status: *const MPI_Status, source: *mut c_int }
entry! { MPI_Status_get_tag PMPI_Status_get_tag Process => status::get_tag;
    status: *const MPI_Status, tag: *mut c_int }
entry! { MPI_Test PMPI_Test Process => completion::test;
    request: *mut MPI_Request, flag: *mut c_int, status: *mut MPI_Status }
entry! { MPI_Test_cancelled PMPI_Test_cancelled Process => completion::test_cancelled;
    status: *const MPI_Status, flag: *mut c_int }
entry! { MPI_Testall PMPI_Testall Process => completion::testall;
    count: c_int, array_of_requests: *mut MPI_Request, flag: *mut c_int, array_of_statuses: *mut MPI_Status }
entry! { MPI_Testany PMPI_Testany Process => completion::testany;
    count: c_int, array_of_requests: *mut MPI_Request, indx: *mut c_int, flag: *mut c_int,
    status: *mut MPI_Status }
entry! { MPI_Testsome PMPI_Testsome Process => completion::testsome;
    incount: c_int, array_of_requests: *mut MPI_Request, outcount: *mut c_int, array_of_indices: *mut c_int,
    array_of_statuses: *mut MPI_Status }
entry! { MPI_Wait PMPI_Wait Process => completion::wait; request: *mut MPI_Request, status: *mut MPI_Status }
entry! { MPI_Waitall PMPI_Waitall Process => completion::waitall;
    count: c_int, array_of_requests: *mut MPI_Request, array_of_statuses: *mut MPI_Status }
entry! { MPI_Waitany PMPI_Waitany Process => completion::waitany;
    count: c_int, array_of_requests: *mut MPI_Request, indx: *mut c_int, status: *mut MPI_Status }
entry! { MPI_Waitsome PMPI_Waitsome Process => completion::waitsome;
    incount: c_int, array_of_requests: *mut MPI_Request, outcount: *mut c_int, array_of_indices: *mut c_int,
    array_of_statuses: *mut MPI_Status }
