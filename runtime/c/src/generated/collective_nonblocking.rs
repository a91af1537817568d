//! Nonblocking collective operations: MPI 5.0, section 6.12. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Iallgather PMPI_Iallgather Comm(comm) => collective::iallgather;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iallgather_c PMPI_Iallgather_c Comm(comm) => collective::iallgather;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iallgatherv PMPI_Iallgatherv Comm(comm) => collective::iallgatherv;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Iallgatherv_c PMPI_Iallgatherv_c Comm(comm) => collective::iallgatherv;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Iallreduce PMPI_Iallreduce Comm(comm) => collective::iallreduce;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iallreduce_c PMPI_Iallreduce_c Comm(comm) => collective::iallreduce;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ialltoall PMPI_Ialltoall Comm(comm) => collective::ialltoall;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ialltoall_c PMPI_Ialltoall_c Comm(comm) => collective::ialltoall;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ialltoallv PMPI_Ialltoallv Comm(comm) => collective::ialltoallv;
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtype: MPI_Datatype,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ialltoallv_c PMPI_Ialltoallv_c Comm(comm) => collective::ialltoallv;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const MPI_Count, rdispls: *const MPI_Aint, recvtype: MPI_Datatype,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ialltoallw PMPI_Ialltoallw Comm(comm) => collective::ialltoallw;
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtypes: *const MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtypes: *const MPI_Datatype,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ialltoallw_c PMPI_Ialltoallw_c Comm(comm) => collective::ialltoallw;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const MPI_Count,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ibarrier PMPI_Ibarrier Comm(comm) => collective::ibarrier;
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ibcast PMPI_Ibcast Comm(comm) => collective::ibcast;
    buffer: *mut c_void, count: c_int, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Ibcast_c PMPI_Ibcast_c Comm(comm) => collective::ibcast;
    buffer: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Iexscan PMPI_Iexscan Comm(comm) => collective::iexscan;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iexscan_c PMPI_Iexscan_c Comm(comm) => collective::iexscan;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Igather PMPI_Igather Comm(comm) => collective::igather;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Igather_c PMPI_Igather_c Comm(comm) => collective::igather;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Igatherv PMPI_Igatherv Comm(comm) => collective::igatherv;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Igatherv_c PMPI_Igatherv_c Comm(comm) => collective::igatherv;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, root: c_int,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ireduce PMPI_Ireduce Comm(comm) => collective::ireduce;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ireduce_c PMPI_Ireduce_c Comm(comm) => collective::ireduce;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ireduce_scatter PMPI_Ireduce_scatter Comm(comm) => collective::ireduce_scatter;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const c_int, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ireduce_scatter_c PMPI_Ireduce_scatter_c Comm(comm) => collective::ireduce_scatter;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const MPI_Count, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ireduce_scatter_block PMPI_Ireduce_scatter_block Comm(comm) => collective::ireduce_scatter_block;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Ireduce_scatter_block_c PMPI_Ireduce_scatter_block_c Comm(comm) => collective::ireduce_scatter_block;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iscan PMPI_Iscan Comm(comm) => collective::iscan;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iscan_c PMPI_Iscan_c Comm(comm) => collective::iscan;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iscatter PMPI_Iscatter Comm(comm) => collective::iscatter;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iscatter_c PMPI_Iscatter_c Comm(comm) => collective::iscatter;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
entry! { MPI_Iscatterv PMPI_Iscatterv Comm(comm) => collective::iscatterv;
    sendbuf: *const c_void, sendcounts: *const c_int, displs: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
entry! { MPI_Iscatterv_c PMPI_Iscatterv_c Comm(comm) => collective::iscatterv;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, displs: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
