//! Blocking collective operations and operators: MPI 5.0, chapter 6. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Allgather PMPI_Allgather Comm(comm) => collective::allgather;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Allgather_c PMPI_Allgather_c Comm(comm) => collective::allgather;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Allgatherv PMPI_Allgatherv Comm(comm) => collective::allgatherv;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Allgatherv_c PMPI_Allgatherv_c Comm(comm) => collective::allgatherv;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Allreduce PMPI_Allreduce Comm(comm) => collective::allreduce;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
entry! { MPI_Allreduce_c PMPI_Allreduce_c Comm(comm) => collective::allreduce;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
entry! { MPI_Alltoall PMPI_Alltoall Comm(comm) => collective::alltoall;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Alltoall_c PMPI_Alltoall_c Comm(comm) => collective::alltoall;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Alltoallv PMPI_Alltoallv Comm(comm) => collective::alltoallv;
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtype: MPI_Datatype,
    comm: MPI_Comm }
entry! { MPI_Alltoallv_c PMPI_Alltoallv_c Comm(comm) => collective::alltoallv;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const MPI_Count, rdispls: *const MPI_Aint, recvtype: MPI_Datatype,
    comm: MPI_Comm }
entry! { MPI_Alltoallw PMPI_Alltoallw Comm(comm) => collective::alltoallw;
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtypes: *const MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtypes: *const MPI_Datatype,
    comm: MPI_Comm }
entry! { MPI_Alltoallw_c PMPI_Alltoallw_c Comm(comm) => collective::alltoallw;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const MPI_Count,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Barrier PMPI_Barrier Comm(comm) => collective::barrier; comm: MPI_Comm }
entry! { MPI_Bcast PMPI_Bcast Comm(comm) => collective::bcast;
    buffer: *mut c_void, count: c_int, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm }
entry! { MPI_Bcast_c PMPI_Bcast_c Comm(comm) => collective::bcast;
    buffer: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm }
entry! { MPI_Exscan PMPI_Exscan Comm(comm) => collective::exscan;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
entry! { MPI_Exscan_c PMPI_Exscan_c Comm(comm) => collective::exscan;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
entry! { MPI_Gather PMPI_Gather Comm(comm) => collective::gather;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
entry! { MPI_Gather_c PMPI_Gather_c Comm(comm) => collective::gather;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
entry! { MPI_Gatherv PMPI_Gatherv Comm(comm) => collective::gatherv;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
entry! { MPI_Gatherv_c PMPI_Gatherv_c Comm(comm) => collective::gatherv;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, root: c_int,
    comm: MPI_Comm }
entry! { MPI_Op_commutative PMPI_Op_commutative Process => collective::op_commutative;
    op: MPI_Op, commute: *mut c_int }
entry! { MPI_Op_create PMPI_Op_create Process => collective::op_create;
    user_fn: Option<MPI_User_function>, commute: c_int, op: *mut MPI_Op }
entry! { MPI_Op_create_c PMPI_Op_create_c Process => collective::op_create_c;
    user_fn: Option<MPI_User_function_c>, commute: c_int, op: *mut MPI_Op }
entry! { MPI_Op_free PMPI_Op_free Process => collective::op_free; op: *mut MPI_Op }
entry! { MPI_Reduce PMPI_Reduce Comm(comm) => collective::reduce;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm }
entry! { MPI_Reduce_c PMPI_Reduce_c Comm(comm) => collective::reduce;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm }
entry! { MPI_Reduce_local PMPI_Reduce_local Process => collective::reduce_local;
    inbuf: *const c_void, inoutbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op }
entry! { MPI_Reduce_local_c PMPI_Reduce_local_c Process => collective::reduce_local;
    inbuf: *const c_void, inoutbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op }
entry! { MPI_Reduce_scatter PMPI_Reduce_scatter Comm(comm) => collective::reduce_scatter;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const c_int, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm }
entry! { MPI_Reduce_scatter_c PMPI_Reduce_scatter_c Comm(comm) => collective::reduce_scatter;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const MPI_Count, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm }
entry! { MPI_Reduce_scatter_block PMPI_Reduce_scatter_block Comm(comm) => collective::reduce_scatter_block;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
entry! { MPI_Reduce_scatter_block_c PMPI_Reduce_scatter_block_c Comm(comm) => collective::reduce_scatter_block;
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
entry! { MPI_Scan PMPI_Scan Comm(comm) => collective::scan;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
entry! { MPI_Scan_c PMPI_Scan_c Comm(comm) => collective::scan;
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
entry! { MPI_Scatter PMPI_Scatter Comm(comm) => collective::scatter;
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
entry! { MPI_Scatter_c PMPI_Scatter_c Comm(comm) => collective::scatter;
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
entry! { MPI_Scatterv PMPI_Scatterv Comm(comm) => collective::scatterv;
    sendbuf: *const c_void, sendcounts: *const c_int, displs: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
entry! { MPI_Scatterv_c PMPI_Scatterv_c Comm(comm) => collective::scatterv;
    sendbuf: *const c_void, sendcounts: *const MPI_Count, displs: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
