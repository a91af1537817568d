//! Blocking collective operations and operators: MPI 5.0, chapter 6. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

absent! { MPI_Allgather PMPI_Allgather Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Allgather_c PMPI_Allgather_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Allgatherv PMPI_Allgatherv Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Allgatherv_c PMPI_Allgatherv_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Allreduce PMPI_Allreduce Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
absent! { MPI_Allreduce_c PMPI_Allreduce_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
absent! { MPI_Alltoall PMPI_Alltoall Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Alltoall_c PMPI_Alltoall_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Alltoallv PMPI_Alltoallv Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtype: MPI_Datatype,
    comm: MPI_Comm }
absent! { MPI_Alltoallv_c PMPI_Alltoallv_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const MPI_Count, rdispls: *const MPI_Aint, recvtype: MPI_Datatype,
    comm: MPI_Comm }
absent! { MPI_Alltoallw PMPI_Alltoallw Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtypes: *const MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtypes: *const MPI_Datatype,
    comm: MPI_Comm }
absent! { MPI_Alltoallw_c PMPI_Alltoallw_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const MPI_Count,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Barrier PMPI_Barrier Comm(comm); comm: MPI_Comm }
absent! { MPI_Bcast PMPI_Bcast Comm(comm);
    buffer: *mut c_void, count: c_int, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm }
absent! { MPI_Bcast_c PMPI_Bcast_c Comm(comm);
    buffer: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, root: c_int, comm: MPI_Comm }
absent! { MPI_Exscan PMPI_Exscan Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
absent! { MPI_Exscan_c PMPI_Exscan_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
absent! { MPI_Gather PMPI_Gather Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
absent! { MPI_Gather_c PMPI_Gather_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
absent! { MPI_Gatherv PMPI_Gatherv Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
absent! { MPI_Gatherv_c PMPI_Gatherv_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, root: c_int,
    comm: MPI_Comm }
absent! { MPI_Op_commutative PMPI_Op_commutative Process; op: MPI_Op, commute: *mut c_int }
absent! { MPI_Op_create PMPI_Op_create Process;
    user_fn: Option<MPI_User_function>, commute: c_int, op: *mut MPI_Op }
absent! { MPI_Op_create_c PMPI_Op_create_c Process;
    user_fn: Option<MPI_User_function_c>, commute: c_int, op: *mut MPI_Op }
absent! { MPI_Op_free PMPI_Op_free Process; op: *mut MPI_Op }
absent! { MPI_Reduce PMPI_Reduce Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm }
absent! { MPI_Reduce_c PMPI_Reduce_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    root: c_int, comm: MPI_Comm }
absent! { MPI_Reduce_local PMPI_Reduce_local Process;
    inbuf: *const c_void, inoutbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op }
absent! { MPI_Reduce_local_c PMPI_Reduce_local_c Process;
    inbuf: *const c_void, inoutbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op }
absent! { MPI_Reduce_scatter PMPI_Reduce_scatter Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const c_int, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm }
absent! { MPI_Reduce_scatter_c PMPI_Reduce_scatter_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcounts: *const MPI_Count, datatype: MPI_Datatype,
    op: MPI_Op, comm: MPI_Comm }
absent! { MPI_Reduce_scatter_block PMPI_Reduce_scatter_block Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
absent! { MPI_Reduce_scatter_block_c PMPI_Reduce_scatter_block_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, recvcount: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
absent! { MPI_Scan PMPI_Scan Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: c_int, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
absent! { MPI_Scan_c PMPI_Scan_c Comm(comm);
    sendbuf: *const c_void, recvbuf: *mut c_void, count: MPI_Count, datatype: MPI_Datatype, op: MPI_Op,
    comm: MPI_Comm }
absent! { MPI_Scatter PMPI_Scatter Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
absent! { MPI_Scatter_c PMPI_Scatter_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
absent! { MPI_Scatterv PMPI_Scatterv Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, displs: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: c_int, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
absent! { MPI_Scatterv_c PMPI_Scatterv_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, displs: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcount: MPI_Count, recvtype: MPI_Datatype, root: c_int, comm: MPI_Comm }
