//! Groups: MPI 5.0, section 7.3. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Comm_group PMPI_Comm_group Comm(comm) => group::of_comm; comm: MPI_Comm, group: *mut MPI_Group }
entry! { MPI_Comm_remote_group PMPI_Comm_remote_group Comm(comm) => comm::remote_group;
    comm: MPI_Comm, group: *mut MPI_Group }
entry! { MPI_Group_compare PMPI_Group_compare Process => group::compare;
    group1: MPI_Group, group2: MPI_Group, result: *mut c_int }
entry! { MPI_Group_difference PMPI_Group_difference Process => group::difference;
    group1: MPI_Group, group2: MPI_Group, newgroup: *mut MPI_Group }
entry! { MPI_Group_excl PMPI_Group_excl Process => group::excl;
    group: MPI_Group, n: c_int, ranks: *const c_int, newgroup: *mut MPI_Group }
entry! { MPI_Group_free PMPI_Group_free Process => group::free; group: *mut MPI_Group }
entry! { MPI_Group_incl PMPI_Group_incl Process => group::incl;
    group: MPI_Group, n: c_int, ranks: *const c_int, newgroup: *mut MPI_Group }
entry! { MPI_Group_intersection PMPI_Group_intersection Process => group::intersection;
    group1: MPI_Group, group2: MPI_Group, newgroup: *mut MPI_Group }
entry! { MPI_Group_range_excl PMPI_Group_range_excl Process => group::range_excl;
    group: MPI_Group, n: c_int, ranges: *mut [c_int; 3], newgroup: *mut MPI_Group }
entry! { MPI_Group_range_incl PMPI_Group_range_incl Process => group::range_incl;
    group: MPI_Group, n: c_int, ranges: *mut [c_int; 3], newgroup: *mut MPI_Group }
entry! { MPI_Group_rank PMPI_Group_rank Process => group::rank; group: MPI_Group, rank: *mut c_int }
entry! { MPI_Group_size PMPI_Group_size Process => group::size; group: MPI_Group, size: *mut c_int }
entry! { MPI_Group_translate_ranks PMPI_Group_translate_ranks Process => group::translate_ranks;
    group1: MPI_Group, n: c_int, ranks1: *const c_int, group2: MPI_Group, ranks2: *mut c_int }
entry! { MPI_Group_union PMPI_Group_union Process => group::union;
    group1: MPI_Group, group2: MPI_Group, newgroup: *mut MPI_Group }
