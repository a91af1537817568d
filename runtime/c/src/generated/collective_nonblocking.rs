//! Nonblocking collective operations: MPI 5.0, section 6.12. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

absent! { MPI_Iallgather PMPI_Iallgather Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iallgather_c PMPI_Iallgather_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iallgatherv PMPI_Iallgatherv Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Iallgatherv_c PMPI_Iallgatherv_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Iallreduce PMPI_Iallreduce Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iallreduce_c PMPI_Iallreduce_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ialltoall PMPI_Ialltoall Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ialltoall_c PMPI_Ialltoall_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ialltoallv PMPI_Ialltoallv Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtype: MPI_Datatype,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ialltoallv_c PMPI_Ialltoallv_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const MPI_Count, rdispls: *const MPI_Aint, recvtype: MPI_Datatype,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ialltoallw PMPI_Ialltoallw Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtypes: *const MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtypes: *const MPI_Datatype,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ialltoallw_c PMPI_Ialltoallw_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const MPI_Count,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ibarrier PMPI_Ibarrier Comm(comm); comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ibcast PMPI_Ibcast Comm(comm);
    buffer: *mut c_void, count: c_int, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Ibcast_c PMPI_Ibcast_c Comm(comm);
    buffer: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Iexscan PMPI_Iexscan Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iexscan_c PMPI_Iexscan_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Igather PMPI_Igather Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Igather_c PMPI_Igather_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Igatherv PMPI_Igatherv Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Igatherv_c PMPI_Igatherv_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, root: c_int,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ireduce PMPI_Ireduce Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ireduce_c PMPI_Ireduce_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ireduce_scatter PMPI_Ireduce_scatter Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const c_int, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ireduce_scatter_c PMPI_Ireduce_scatter_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const MPI_Count, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ireduce_scatter_block PMPI_Ireduce_scatter_block Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ireduce_scatter_block_c PMPI_Ireduce_scatter_block_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iscan PMPI_Iscan Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iscan_c PMPI_Iscan_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iscatter PMPI_Iscatter Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iscatter_c PMPI_Iscatter_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Iscatterv PMPI_Iscatterv Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, displs: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Iscatterv_c PMPI_Iscatterv_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, displs: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    request: *mut MPI_Request }
