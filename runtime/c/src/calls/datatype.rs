//! Datatypes (MPI 5.0, chapter 5).

use rankwise_core::{Handle, Result, World};
use std::ffi::c_void;

use crate::entry::argument::{In, Number, Out, length};

/// `MPI_Aint_add`
pub fn aint_add(base: isize, disp: isize) -> isize {
    base.wrapping_add(disp)
}

/// `MPI_Aint_diff`
pub fn aint_diff(addr1: isize, addr2: isize) -> isize {
    addr1.wrapping_sub(addr2)
}

/// `MPI_Get_address`
pub fn get_address(_: &World, location: In<c_void>, address: Out<isize>) -> Result<()> {
    address.set(location.address())
}

/// `MPI_Type_contiguous`
pub fn contiguous(world: &World, count: impl Number, old: Handle, new: Out<Handle>) -> Result<()> {
    new.set(world.types.borrow_mut().contiguous(count.wide(), old)?)
}

/// `MPI_Type_vector`
pub fn vector<N: Number>(
    world: &World,
    count: N,
    blocklength: N,
    stride: N,
    old: Handle,
    new: Out<Handle>,
) -> Result<()> {
    new.set(world.types.borrow_mut().vector(count.wide(), blocklength.wide(), stride.wide(), old)?)
}

/// `MPI_Type_create_hvector`
pub fn hvector<N: Number>(
    world: &World,
    count: N,
    blocklength: N,
    stride: impl Number,
    old: Handle,
    new: Out<Handle>,
) -> Result<()> {
    new.set(world.types.borrow_mut().hvector(count.wide(), blocklength.wide(), stride.wide(), old)?)
}

/// `MPI_Type_indexed`
pub fn indexed<N: Number>(
    world: &World,
    count: N,
    blocklengths: In<N>,
    displacements: In<N>,
    old: Handle,
    new: Out<Handle>,
) -> Result<()> {
    let n = length(count)?;
    let (lengths, displacements) = (blocklengths.counts(n)?, displacements.counts(n)?);
    new.set(world.types.borrow_mut().indexed(lengths, displacements, old)?)
}

/// `MPI_Type_create_hindexed`
pub fn hindexed<N: Number, D: Number>(
    world: &World,
    count: N,
    blocklengths: In<N>,
    displacements: In<D>,
    old: Handle,
    new: Out<Handle>,
) -> Result<()> {
    let n = length(count)?;
    let (lengths, displacements) = (blocklengths.counts(n)?, displacements.counts(n)?);
    new.set(world.types.borrow_mut().hindexed(lengths, displacements, old)?)
}

/// `MPI_Type_create_indexed_block`
pub fn indexed_block<N: Number>(
    world: &World,
    count: N,
    blocklength: N,
    displacements: In<N>,
    old: Handle,
    new: Out<Handle>,
) -> Result<()> {
    let displacements = displacements.counts(length(count)?)?;
    new.set(world.types.borrow_mut().indexed_block(blocklength.wide(), displacements, old)?)
}

/// `MPI_Type_create_hindexed_block`
pub fn hindexed_block<N: Number, D: Number>(
    world: &World,
    count: N,
    blocklength: N,
    displacements: In<D>,
    old: Handle,
    new: Out<Handle>,
) -> Result<()> {
    let displacements = displacements.counts(length(count)?)?;
    new.set(world.types.borrow_mut().hindexed_block(blocklength.wide(), displacements, old)?)
}

/// `MPI_Type_create_struct`
pub fn structure<N: Number, D: Number>(
    world: &World,
    count: N,
    blocklengths: In<N>,
    displacements: In<D>,
    olds: In<Handle>,
    new: Out<Handle>,
) -> Result<()> {
    let n = length(count)?;
    let (lengths, displacements) = (blocklengths.counts(n)?, displacements.counts(n)?);
    new.set(world.types.borrow_mut().structure(lengths, displacements, olds.slice(n)?)?)
}

/// `MPI_Type_create_resized`
pub fn resized<N: Number>(world: &World, old: Handle, lb: N, extent: N, new: Out<Handle>) -> Result<()> {
    new.set(world.types.borrow_mut().resized(old, lb.wide(), extent.wide())?)
}

/// `MPI_Type_dup`
pub fn dup(world: &World, old: Handle, new: Out<Handle>) -> Result<()> {
    new.set(world.type_dup(old)?)
}

/// `MPI_Type_commit`
pub fn commit(world: &World, datatype: Out<Handle>) -> Result<()> {
    datatype.update(|datatype| world.types.borrow_mut().commit(*datatype))
}

/// `MPI_Type_free`
pub fn free(world: &World, datatype: Out<Handle>) -> Result<()> {
    datatype.update(|datatype| world.type_free(datatype))
}

/// `MPI_Type_size`
pub fn size(world: &World, datatype: Handle, size: Out<impl Number>) -> Result<()> {
    size.count(world.types.borrow().get(datatype)?.size() as i64)
}

/// `MPI_Type_get_extent`
pub fn get_extent<N: Number>(world: &World, datatype: Handle, lb: Out<N>, extent: Out<N>) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    lb.count(datatype.lb())?;
    extent.count(datatype.extent())
}

/// `MPI_Type_get_true_extent`
pub fn get_true_extent<N: Number>(world: &World, datatype: Handle, lb: Out<N>, extent: Out<N>) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    lb.count(datatype.true_lb())?;
    extent.count(datatype.true_extent())
}
