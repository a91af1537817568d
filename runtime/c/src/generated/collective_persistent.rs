//! Persistent collective operations: MPI 5.0, section 6.13. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Allgather_init PMPI_Allgather_init Comm(comm) => collective::allgather_init;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Allgather_init_c PMPI_Allgather_init_c Comm(comm) => collective::allgather_init;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Allgatherv_init PMPI_Allgatherv_init Comm(comm) => collective::allgatherv_init;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
entry! { MPI_Allgatherv_init_c PMPI_Allgatherv_init_c Comm(comm) => collective::allgatherv_init;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, comm: MPI_Comm,
    info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Allreduce_init PMPI_Allreduce_init Comm(comm) => collective::allreduce_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Allreduce_init_c PMPI_Allreduce_init_c Comm(comm) => collective::allreduce_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Alltoall_init PMPI_Alltoall_init Comm(comm) => collective::alltoall_init;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Alltoall_init_c PMPI_Alltoall_init_c Comm(comm) => collective::alltoall_init;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Alltoallv_init PMPI_Alltoallv_init Comm(comm) => collective::alltoallv_init;
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtype: MPI_Datatype,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Alltoallv_init_c PMPI_Alltoallv_init_c Comm(comm) => collective::alltoallv_init;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const MPI_Count, rdispls: *const MPI_Aint, recvtype: MPI_Datatype,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Alltoallw_init PMPI_Alltoallw_init Comm(comm) => collective::alltoallw_init;
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtypes: *const MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtypes: *const MPI_Datatype,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Alltoallw_init_c PMPI_Alltoallw_init_c Comm(comm) => collective::alltoallw_init;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const MPI_Count,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
entry! { MPI_Barrier_init PMPI_Barrier_init Comm(comm) => collective::barrier_init;
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Bcast_init PMPI_Bcast_init Comm(comm) => collective::bcast_init;
    buffer: *mut c_void, count: c_int, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
entry! { MPI_Bcast_init_c PMPI_Bcast_init_c Comm(comm) => collective::bcast_init;
    buffer: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Exscan_init PMPI_Exscan_init Comm(comm) => collective::exscan_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Exscan_init_c PMPI_Exscan_init_c Comm(comm) => collective::exscan_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Gather_init PMPI_Gather_init Comm(comm) => collective::gather_init;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
entry! { MPI_Gather_init_c PMPI_Gather_init_c Comm(comm) => collective::gather_init;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
entry! { MPI_Gatherv_init PMPI_Gatherv_init Comm(comm) => collective::gatherv_init;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Gatherv_init_c PMPI_Gatherv_init_c Comm(comm) => collective::gatherv_init;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, root: c_int,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Reduce_init PMPI_Reduce_init Comm(comm) => collective::reduce_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Reduce_init_c PMPI_Reduce_init_c Comm(comm) => collective::reduce_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Reduce_scatter_block_init PMPI_Reduce_scatter_block_init Comm(comm) => collective::reduce_scatter_block_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Reduce_scatter_block_init_c PMPI_Reduce_scatter_block_init_c Comm(comm) => collective::reduce_scatter_block_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Reduce_scatter_init PMPI_Reduce_scatter_init Comm(comm) => collective::reduce_scatter_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const c_int, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Reduce_scatter_init_c PMPI_Reduce_scatter_init_c Comm(comm) => collective::reduce_scatter_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const MPI_Count, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Scan_init PMPI_Scan_init Comm(comm) => collective::scan_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Scan_init_c PMPI_Scan_init_c Comm(comm) => collective::scan_init;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Scatter_init PMPI_Scatter_init Comm(comm) => collective::scatter_init;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
entry! { MPI_Scatter_init_c PMPI_Scatter_init_c Comm(comm) => collective::scatter_init;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
entry! { MPI_Scatterv_init PMPI_Scatterv_init Comm(comm) => collective::scatterv_init;
    sendbuf: *const c_void, sendcounts: *const c_int, displs: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    info: MPI_Info, request: *mut MPI_Request }
entry! { MPI_Scatterv_init_c PMPI_Scatterv_init_c Comm(comm) => collective::scatterv_init;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, displs: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm,
    info: MPI_Info, request: *mut MPI_Request }
