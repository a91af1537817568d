//! Datatypes: MPI 5.0, chapter 5. Made by `cargo xtask codegen` from runtime/c/api; do not edit.

use super::types::*;
use crate::calls::*;
use std::ffi::{c_char, c_int, c_void};

entry! { MPI_Get_address PMPI_Get_address Process => datatype::get_address;
    location: *const c_void, address: *mut MPI_Aint }
entry! { MPI_Get_elements PMPI_Get_elements Process => status::get_elements;
    status: *const MPI_Status, datatype: MPI_Datatype, count: *mut c_int }
entry! { MPI_Get_elements_c PMPI_Get_elements_c Process => status::get_elements;
    status: *const MPI_Status, datatype: MPI_Datatype, count: *mut MPI_Count }
entry! { MPI_Pack PMPI_Pack Comm(comm) => datatype::pack;
    inbuf: *const c_void, incount: c_int, datatype: MPI_Datatype, outbuf: *mut c_void, outsize: c_int,
    position: *mut c_int, comm: MPI_Comm }
entry! { MPI_Pack_c PMPI_Pack_c Comm(comm) => datatype::pack;
    inbuf: *const c_void, incount: MPI_Count, datatype: MPI_Datatype, outbuf: *mut c_void,
    outsize: MPI_Count, position: *mut MPI_Count, comm: MPI_Comm }
entry! { MPI_Pack_external PMPI_Pack_external Process => datatype::pack_external;
    datarep: *const c_char, inbuf: *const c_void, incount: c_int, datatype: MPI_Datatype,
    outbuf: *mut c_void, outsize: MPI_Aint, position: *mut MPI_Aint }
entry! { MPI_Pack_external_c PMPI_Pack_external_c Process => datatype::pack_external;
    datarep: *const c_char, inbuf: *const c_void, incount: MPI_Count, datatype: MPI_Datatype,
    outbuf: *mut c_void, outsize: MPI_Count, position: *mut MPI_Count }
entry! { MPI_Pack_external_size PMPI_Pack_external_size Process => datatype::pack_external_size;
    datarep: *const c_char, incount: c_int, datatype: MPI_Datatype, size: *mut MPI_Aint }
entry! { MPI_Pack_external_size_c PMPI_Pack_external_size_c Process => datatype::pack_external_size;
    datarep: *const c_char, incount: MPI_Count, datatype: MPI_Datatype, size: *mut MPI_Count }
entry! { MPI_Pack_size PMPI_Pack_size Comm(comm) => datatype::pack_size;
    incount: c_int, datatype: MPI_Datatype, comm: MPI_Comm, size: *mut c_int }
entry! { MPI_Pack_size_c PMPI_Pack_size_c Comm(comm) => datatype::pack_size;
    incount: MPI_Count, datatype: MPI_Datatype, comm: MPI_Comm, size: *mut MPI_Count }
entry! { MPI_Type_commit PMPI_Type_commit Process => datatype::commit; datatype: *mut MPI_Datatype }
entry! { MPI_Type_contiguous PMPI_Type_contiguous Process => datatype::contiguous;
    count: c_int, oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_contiguous_c PMPI_Type_contiguous_c Process => datatype::contiguous;
    count: MPI_Count, oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_darray PMPI_Type_create_darray Process => datatype::darray;
    size: c_int, rank: c_int, ndims: c_int, array_of_gsizes: *const c_int, array_of_distribs: *const c_int,
    array_of_dargs: *const c_int, array_of_psizes: *const c_int, order: c_int, oldtype: MPI_Datatype,
    newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_darray_c PMPI_Type_create_darray_c Process => datatype::darray;
    size: c_int, rank: c_int, ndims: c_int, array_of_gsizes: *const MPI_Count,
    array_of_distribs: *const c_int, array_of_dargs: *const c_int, array_of_psizes: *const c_int,
    order: c_int, oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_hindexed PMPI_Type_create_hindexed Process => datatype::hindexed;
    count: c_int, array_of_blocklengths: *const c_int, array_of_displacements: *const MPI_Aint,
    oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_hindexed_c PMPI_Type_create_hindexed_c Process => datatype::hindexed;
    count: MPI_Count, array_of_blocklengths: *const MPI_Count, array_of_displacements: *const MPI_Count,
    oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_hindexed_block PMPI_Type_create_hindexed_block Process => datatype::hindexed_block;
    count: c_int, blocklength: c_int, array_of_displacements: *const MPI_Aint, oldtype: MPI_Datatype,
    newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_hindexed_block_c PMPI_Type_create_hindexed_block_c Process => datatype::hindexed_block;
    count: MPI_Count, blocklength: MPI_Count, array_of_displacements: *const MPI_Count,
    oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_hvector PMPI_Type_create_hvector Process => datatype::hvector;
    count: c_int, blocklength: c_int, stride: MPI_Aint, oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_hvector_c PMPI_Type_create_hvector_c Process => datatype::hvector;
    count: MPI_Count, blocklength: MPI_Count, stride: MPI_Count, oldtype: MPI_Datatype,
    newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_indexed_block PMPI_Type_create_indexed_block Process => datatype::indexed_block;
    count: c_int, blocklength: c_int, array_of_displacements: *const c_int, oldtype: MPI_Datatype,
    newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_indexed_block_c PMPI_Type_create_indexed_block_c Process => datatype::indexed_block;
    count: MPI_Count, blocklength: MPI_Count, array_of_displacements: *const MPI_Count,
    oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_resized PMPI_Type_create_resized Process => datatype::resized;
    oldtype: MPI_Datatype, lb: MPI_Aint, extent: MPI_Aint, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_resized_c PMPI_Type_create_resized_c Process => datatype::resized;
    oldtype: MPI_Datatype, lb: MPI_Count, extent: MPI_Count, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_struct PMPI_Type_create_struct Process => datatype::structure;
    count: c_int, array_of_blocklengths: *const c_int, array_of_displacements: *const MPI_Aint,
    array_of_types: *const MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_struct_c PMPI_Type_create_struct_c Process => datatype::structure;
    count: MPI_Count, array_of_blocklengths: *const MPI_Count, array_of_displacements: *const MPI_Count,
    array_of_types: *const MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_subarray PMPI_Type_create_subarray Process => datatype::subarray;
    ndims: c_int, array_of_sizes: *const c_int, array_of_subsizes: *const c_int,
    array_of_starts: *const c_int, order: c_int, oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_create_subarray_c PMPI_Type_create_subarray_c Process => datatype::subarray;
    ndims: c_int, array_of_sizes: *const MPI_Count, array_of_subsizes: *const MPI_Count,
    array_of_starts: *const MPI_Count, order: c_int, oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_dup PMPI_Type_dup Process => datatype::dup;
    oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_free PMPI_Type_free Process => datatype::free; datatype: *mut MPI_Datatype }
entry! { MPI_Type_get_contents PMPI_Type_get_contents Process => recipe::contents;
    datatype: MPI_Datatype, max_integers: c_int, max_addresses: c_int, max_datatypes: c_int,
    array_of_integers: *mut c_int, array_of_addresses: *mut MPI_Aint, array_of_datatypes: *mut MPI_Datatype }
entry! { MPI_Type_get_contents_c PMPI_Type_get_contents_c Process => recipe::contents_c;
    datatype: MPI_Datatype, max_integers: MPI_Count, max_addresses: MPI_Count, max_large_counts: MPI_Count,
    max_datatypes: MPI_Count, array_of_integers: *mut c_int, array_of_addresses: *mut MPI_Aint,
    array_of_large_counts: *mut MPI_Count, array_of_datatypes: *mut MPI_Datatype }
entry! { MPI_Type_get_envelope PMPI_Type_get_envelope Process => recipe::envelope;
    datatype: MPI_Datatype, num_integers: *mut c_int, num_addresses: *mut c_int, num_datatypes: *mut c_int,
    combiner: *mut c_int }
entry! { MPI_Type_get_envelope_c PMPI_Type_get_envelope_c Process => recipe::envelope_c;
    datatype: MPI_Datatype, num_integers: *mut MPI_Count, num_addresses: *mut MPI_Count,
    num_large_counts: *mut MPI_Count, num_datatypes: *mut MPI_Count, combiner: *mut c_int }
entry! { MPI_Type_get_extent PMPI_Type_get_extent Process => datatype::get_extent;
    datatype: MPI_Datatype, lb: *mut MPI_Aint, extent: *mut MPI_Aint }
entry! { MPI_Type_get_extent_c PMPI_Type_get_extent_c Process => datatype::get_extent;
    datatype: MPI_Datatype, lb: *mut MPI_Count, extent: *mut MPI_Count }
entry! { MPI_Type_get_true_extent PMPI_Type_get_true_extent Process => datatype::get_true_extent;
    datatype: MPI_Datatype, true_lb: *mut MPI_Aint, true_extent: *mut MPI_Aint }
entry! { MPI_Type_get_true_extent_c PMPI_Type_get_true_extent_c Process => datatype::get_true_extent;
    datatype: MPI_Datatype, true_lb: *mut MPI_Count, true_extent: *mut MPI_Count }
entry! { MPI_Type_get_value_index PMPI_Type_get_value_index Process => datatype::value_index;
    value_type: MPI_Datatype, index_type: MPI_Datatype, pair_type: *mut MPI_Datatype }
entry! { MPI_Type_indexed PMPI_Type_indexed Process => datatype::indexed;
    count: c_int, array_of_blocklengths: *const c_int, array_of_displacements: *const c_int,
    oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_indexed_c PMPI_Type_indexed_c Process => datatype::indexed;
    count: MPI_Count, array_of_blocklengths: *const MPI_Count, array_of_displacements: *const MPI_Count,
    oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_size PMPI_Type_size Process => datatype::size; datatype: MPI_Datatype, size: *mut c_int }
entry! { MPI_Type_size_c PMPI_Type_size_c Process => datatype::size;
    datatype: MPI_Datatype, size: *mut MPI_Count }
entry! { MPI_Type_vector PMPI_Type_vector Process => datatype::vector;
    count: c_int, blocklength: c_int, stride: c_int, oldtype: MPI_Datatype, newtype: *mut MPI_Datatype }
entry! { MPI_Type_vector_c PMPI_Type_vector_c Process => datatype::vector;
    count: MPI_Count, blocklength: MPI_Count, stride: MPI_Count, oldtype: MPI_Datatype,
    newtype: *mut MPI_Datatype }
entry! { MPI_Unpack PMPI_Unpack Comm(comm) => datatype::unpack;
    inbuf: *const c_void, insize: c_int, position: *mut c_int, outbuf: *mut c_void, outcount: c_int,
    datatype: MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Unpack_c PMPI_Unpack_c Comm(comm) => datatype::unpack;
    inbuf: *const c_void, insize: MPI_Count, position: *mut MPI_Count, outbuf: *mut c_void,
    outcount: MPI_Count, datatype: MPI_Datatype, comm: MPI_Comm }
entry! { MPI_Unpack_external PMPI_Unpack_external Process => datatype::unpack_external;
    datarep: *const c_char, inbuf: *const c_void, insize: MPI_Aint, position: *mut MPI_Aint,
    outbuf: *mut c_void, outcount: c_int, datatype: MPI_Datatype }
entry! { MPI_Unpack_external_c PMPI_Unpack_external_c Process => datatype::unpack_external;
    datarep: *const c_char, inbuf: *const c_void, insize: MPI_Count, position: *mut MPI_Count,
    outbuf: *mut c_void, outcount: MPI_Count, datatype: MPI_Datatype }
bare! { MPI_Aint_add PMPI_Aint_add MPI_Aint => datatype::aint_add; base: MPI_Aint, disp: MPI_Aint }
bare! { MPI_Aint_diff PMPI_Aint_diff MPI_Aint => datatype::aint_diff; addr1: MPI_Aint, addr2: MPI_Aint }
