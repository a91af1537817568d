//! Virtual topologies and neighborhood collectives: MPI 5.0, chapter 8. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

absent! { MPI_Cart_coords PMPI_Cart_coords Comm(comm);
    comm: MPI_Comm, rank: c_int, maxdims: c_int, coords: *mut c_int }
absent! { MPI_Cart_create PMPI_Cart_create Comm(comm_old);
    comm_old: MPI_Comm, ndims: c_int, dims: *const c_int, periods: *const c_int, reorder: c_int,
    comm_cart: *mut MPI_Comm }
absent! { MPI_Cart_get PMPI_Cart_get Comm(comm);
    comm: MPI_Comm, maxdims: c_int, dims: *mut c_int, periods: *mut c_int, coords: *mut c_int }
absent! { MPI_Cart_map PMPI_Cart_map Comm(comm);
    comm: MPI_Comm, ndims: c_int, dims: *const c_int, periods: *const c_int, newrank: *mut c_int }
absent! { MPI_Cart_rank PMPI_Cart_rank Comm(comm); comm: MPI_Comm, coords: *const c_int, rank: *mut c_int }
absent! { MPI_Cart_shift PMPI_Cart_shift Comm(comm);
    comm: MPI_Comm, direction: c_int, disp: c_int, rank_source: *mut c_int, rank_dest: *mut c_int }
absent! { MPI_Cart_sub PMPI_Cart_sub Comm(comm);
    comm: MPI_Comm, remain_dims: *const c_int, newcomm: *mut MPI_Comm }
absent! { MPI_Cartdim_get PMPI_Cartdim_get Comm(comm); comm: MPI_Comm, ndims: *mut c_int }
absent! { MPI_Dims_create PMPI_Dims_create Process; nnodes: c_int, ndims: c_int, dims: *mut c_int }
absent! { MPI_Dist_graph_create PMPI_Dist_graph_create Comm(comm_old);
    comm_old: MPI_Comm, n: c_int, sources: *const c_int, degrees: *const c_int, destinations: *const c_int,
    weights: *const c_int, info: MPI_Info, reorder: c_int, comm_dist_graph: *mut MPI_Comm }
absent! { MPI_Dist_graph_create_adjacent PMPI_Dist_graph_create_adjacent Comm(comm_old);
    comm_old: MPI_Comm, indegree: c_int, sources: *const c_int, sourceweights: *const c_int,
    outdegree: c_int, destinations: *const c_int, destweights: *const c_int, info: MPI_Info, reorder: c_int,
    comm_dist_graph: *mut MPI_Comm }
absent! { MPI_Dist_graph_neighbors PMPI_Dist_graph_neighbors Comm(comm);
    comm: MPI_Comm, maxindegree: c_int, sources: *mut c_int, sourceweights: *mut c_int, maxoutdegree: c_int,
    destinations: *mut c_int, destweights: *mut c_int }
absent! { MPI_Dist_graph_neighbors_count PMPI_Dist_graph_neighbors_count Comm(comm);
    comm: MPI_Comm, indegree: *mut c_int, outdegree: *mut c_int, weighted: *mut c_int }
absent! { MPI_Graph_create PMPI_Graph_create Comm(comm_old);
    comm_old: MPI_Comm, nnodes: c_int, indx: *const c_int, edges: *const c_int, reorder: c_int,
    comm_graph: *mut MPI_Comm }
absent! { MPI_Graph_get PMPI_Graph_get Comm(comm);
    comm: MPI_Comm, maxindex: c_int, maxedges: c_int, indx: *mut c_int, edges: *mut c_int }
absent! { MPI_Graph_map PMPI_Graph_map Comm(comm);
    comm: MPI_Comm, nnodes: c_int, indx: *const c_int, edges: *const c_int, newrank: *mut c_int }
absent! { MPI_Graph_neighbors PMPI_Graph_neighbors Comm(comm);
    comm: MPI_Comm, rank: c_int, maxneighbors: c_int, neighbors: *mut c_int }
absent! { MPI_Graph_neighbors_count PMPI_Graph_neighbors_count Comm(comm);
    comm: MPI_Comm, rank: c_int, nneighbors: *mut c_int }
absent! { MPI_Graphdims_get PMPI_Graphdims_get Comm(comm);
    comm: MPI_Comm, nnodes: *mut c_int, nedges: *mut c_int }
absent! { MPI_Ineighbor_allgather PMPI_Ineighbor_allgather Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ineighbor_allgather_c PMPI_Ineighbor_allgather_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ineighbor_allgatherv PMPI_Ineighbor_allgatherv Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Ineighbor_allgatherv_c PMPI_Ineighbor_allgatherv_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, comm: MPI_Comm,
    request: *mut MPI_Request }
absent! { MPI_Ineighbor_alltoall PMPI_Ineighbor_alltoall Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ineighbor_alltoall_c PMPI_Ineighbor_alltoall_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ineighbor_alltoallv PMPI_Ineighbor_alltoallv Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtype: MPI_Datatype,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ineighbor_alltoallv_c PMPI_Ineighbor_alltoallv_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const MPI_Count, rdispls: *const MPI_Aint, recvtype: MPI_Datatype,
    comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ineighbor_alltoallw PMPI_Ineighbor_alltoallw Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const c_int,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Ineighbor_alltoallw_c PMPI_Ineighbor_alltoallw_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const MPI_Count,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm, request: *mut MPI_Request }
absent! { MPI_Neighbor_allgather PMPI_Neighbor_allgather Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Neighbor_allgather_c PMPI_Neighbor_allgather_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Neighbor_allgather_init PMPI_Neighbor_allgather_init Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
absent! { MPI_Neighbor_allgather_init_c PMPI_Neighbor_allgather_init_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
absent! { MPI_Neighbor_allgatherv PMPI_Neighbor_allgatherv Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Neighbor_allgatherv_c PMPI_Neighbor_allgatherv_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Neighbor_allgatherv_init PMPI_Neighbor_allgatherv_init Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const c_int, displs: *const c_int, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
absent! { MPI_Neighbor_allgatherv_init_c PMPI_Neighbor_allgatherv_init_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcounts: *const MPI_Count, displs: *const MPI_Aint, recvtype: MPI_Datatype, comm: MPI_Comm,
    info: MPI_Info, request: *mut MPI_Request }
absent! { MPI_Neighbor_alltoall PMPI_Neighbor_alltoall Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Neighbor_alltoall_c PMPI_Neighbor_alltoall_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Neighbor_alltoall_init PMPI_Neighbor_alltoall_init Comm(comm);
    sendbuf: *const c_void, sendcount: c_int, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: c_int, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
absent! { MPI_Neighbor_alltoall_init_c PMPI_Neighbor_alltoall_init_c Comm(comm);
    sendbuf: *const c_void, sendcount: MPI_Count, sendtype: MPI_Datatype, recvbuf: *mut c_void,
    recvcount: MPI_Count, recvtype: MPI_Datatype, comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
absent! { MPI_Neighbor_alltoallv PMPI_Neighbor_alltoallv Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtype: MPI_Datatype,
    comm: MPI_Comm }
absent! { MPI_Neighbor_alltoallv_c PMPI_Neighbor_alltoallv_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const MPI_Count, rdispls: *const MPI_Aint, recvtype: MPI_Datatype,
    comm: MPI_Comm }
absent! { MPI_Neighbor_alltoallv_init PMPI_Neighbor_alltoallv_init Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const c_int, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const c_int, rdispls: *const c_int, recvtype: MPI_Datatype,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
absent! { MPI_Neighbor_alltoallv_init_c PMPI_Neighbor_alltoallv_init_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint, sendtype: MPI_Datatype,
    recvbuf: *mut c_void, recvcounts: *const MPI_Count, rdispls: *const MPI_Aint, recvtype: MPI_Datatype,
    comm: MPI_Comm, info: MPI_Info, request: *mut MPI_Request }
absent! { MPI_Neighbor_alltoallw PMPI_Neighbor_alltoallw Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const c_int,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Neighbor_alltoallw_c PMPI_Neighbor_alltoallw_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const MPI_Count,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm }
absent! { MPI_Neighbor_alltoallw_init PMPI_Neighbor_alltoallw_init Comm(comm);
    sendbuf: *const c_void, sendcounts: *const c_int, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const c_int,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
absent! { MPI_Neighbor_alltoallw_init_c PMPI_Neighbor_alltoallw_init_c Comm(comm);
    sendbuf: *const c_void, sendcounts: *const MPI_Count, sdispls: *const MPI_Aint,
    sendtypes: *const MPI_Datatype, recvbuf: *mut c_void, recvcounts: *const MPI_Count,
    rdispls: *const MPI_Aint, recvtypes: *const MPI_Datatype, comm: MPI_Comm, info: MPI_Info,
    request: *mut MPI_Request }
absent! { MPI_Topo_test PMPI_Topo_test Comm(comm); comm: MPI_Comm, status: *mut c_int }
