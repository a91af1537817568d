//! Datatypes (MPI 5.0, chapter 5).

use rankwise_core::datatype::Types;
use rankwise_core::datatype::construct::Order;
use rankwise_core::datatype::darray::Distribution;
use rankwise_core::{Handle, Result, World, fail};
use std::ffi::{c_char, c_int, c_void};

use crate::entry::argument::{In, Number, Out, length};
use crate::generated::constants::{MPI_BYTE, MPI_MAX_OBJECT_NAME, MPI_ORDER_C, MPI_ORDER_FORTRAN};

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

/// Gives out a type that a constructor has made, whose counts are `N`s.
fn made<N: Number>(
    world: &World,
    new: Out<Handle>,
    make: impl FnOnce(&mut Types) -> Result<Handle>,
) -> Result<()> {
    let mut types = world.types.borrow_mut();
    let made = make(&mut types)?;
    if N::IS_COUNT {
        types.note_large_counts(made)?;
    }
    new.set(made)
}

/// `MPI_Type_contiguous`
pub fn contiguous<N: Number>(world: &World, count: N, old: Handle, new: Out<Handle>) -> Result<()> {
    made::<N>(world, new, |types| types.contiguous(count.wide(), old))
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
    made::<N>(world, new, |types| types.vector(count.wide(), blocklength.wide(), stride.wide(), old))
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
    made::<N>(world, new, |types| types.hvector(count.wide(), blocklength.wide(), stride.wide(), old))
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
    made::<N>(world, new, |types| types.indexed(lengths, displacements, old))
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
    made::<N>(world, new, |types| types.hindexed(lengths, displacements, old))
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
    made::<N>(world, new, |types| types.indexed_block(blocklength.wide(), displacements, old))
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
    made::<N>(world, new, |types| types.hindexed_block(blocklength.wide(), displacements, old))
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
    let olds = olds.slice(n)?;
    made::<N>(world, new, |types| types.structure(lengths, displacements, olds))
}

/// `MPI_Type_create_resized`
pub fn resized<N: Number>(world: &World, old: Handle, lb: N, extent: N, new: Out<Handle>) -> Result<()> {
    made::<N>(world, new, |types| types.resized(old, lb.wide(), extent.wide()))
}

/// `MPI_Type_dup`
pub fn dup(world: &World, old: Handle, new: Out<Handle>) -> Result<()> {
    new.check()?;
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

fn storage(order: c_int) -> Result<Order> {
    match order {
        MPI_ORDER_C => Ok(Order::C),
        MPI_ORDER_FORTRAN => Ok(Order::Fortran),
        _ => fail!(ERR_ARG, "the order is {order}, neither MPI_ORDER_C nor MPI_ORDER_FORTRAN"),
    }
}

/// `MPI_Type_create_darray`
#[allow(clippy::too_many_arguments)]
pub fn darray<N: Number>(
    world: &World,
    size: c_int,
    rank: c_int,
    ndims: c_int,
    gsizes: In<N>,
    distribs: In<c_int>,
    dargs: In<c_int>,
    psizes: In<c_int>,
    order: c_int,
    old: Handle,
    new: Out<Handle>,
) -> Result<()> {
    let (n, order) = (length(ndims)?, storage(order)?);
    let (sizes, kinds) = (gsizes.counts(n)?, distribs.slice(n)?);
    let distribution = Distribution { sizes, kinds, arguments: dargs.slice(n)?, grid: psizes.slice(n)? };
    made::<N>(world, new, |types| types.darray(size, rank, &distribution, order, old))
}

/// `MPI_Type_get_value_index`
pub fn value_index(world: &World, value: Handle, index: Handle, pair: Out<Handle>) -> Result<()> {
    pair.check()?;
    pair.set(world.types.borrow_mut().value_index(value, index)?)
}

/// `MPI_Type_create_subarray`
#[allow(clippy::too_many_arguments)]
pub fn subarray<N: Number>(
    world: &World,
    ndims: c_int,
    sizes: In<N>,
    subsizes: In<N>,
    starts: In<N>,
    order: c_int,
    old: Handle,
    new: Out<Handle>,
) -> Result<()> {
    let n = length(ndims)?;
    let order = storage(order)?;
    let (sizes, subsizes, starts) = (sizes.counts(n)?, subsizes.counts(n)?, starts.counts(n)?);
    made::<N>(world, new, |types| types.subarray(sizes, subsizes, starts, order, old))
}

/// `MPI_Type_set_name`
pub fn set_name(world: &World, datatype: Handle, name: In<c_char>) -> Result<()> {
    world.types.borrow().get(datatype)?.set_name(name.text("name")?.as_bytes());
    Ok(())
}

/// `MPI_Type_get_name`
pub fn get_name(world: &World, datatype: Handle, name: Out<c_char>, length: Out<c_int>) -> Result<()> {
    let found = match datatype {
        // Null handles have names (MPI 5.0, section 7.8).
        Handle::DATATYPE_NULL => b"MPI_DATATYPE_NULL".to_vec(),
        datatype => world.types.borrow().get(datatype)?.name(),
    };
    length.set(name.text(&found, MPI_MAX_OBJECT_NAME as usize)?)
}

/// Moves a position, which is as wide as the function's counts, on.
fn moving<N: Number>(position: Out<N>, f: impl FnOnce(&mut i64) -> Result<()>) -> Result<()> {
    position.update(|position| {
        let mut at = position.wide();
        f(&mut at)?;
        match N::narrow(at) {
            Some(at) => *position = at,
            None => {
                fail!(ERR_VALUE_TOO_LARGE, "the position {at} does not fit: use the function that ends in _c")
            }
        }
        Ok(())
    })
}

/// `MPI_Pack`
#[allow(clippy::too_many_arguments)]
pub fn pack<N: Number>(
    world: &World,
    inbuf: In<c_void>,
    incount: N,
    datatype: Handle,
    outbuf: Out<c_void>,
    outsize: N,
    position: Out<N>,
    comm: Handle,
) -> Result<()> {
    let (from, into) = (inbuf.buffer(incount, datatype), outbuf.buffer(outsize, MPI_BYTE));
    moving(position, |at| world.pack(from, into, at, comm))
}

/// `MPI_Unpack`
#[allow(clippy::too_many_arguments)]
pub fn unpack<N: Number>(
    world: &World,
    inbuf: In<c_void>,
    insize: N,
    position: Out<N>,
    outbuf: Out<c_void>,
    outcount: N,
    datatype: Handle,
    comm: Handle,
) -> Result<()> {
    let (from, into) = (inbuf.buffer(insize, MPI_BYTE), outbuf.buffer(outcount, datatype));
    moving(position, |at| world.unpack(from, at, into, comm))
}

/// `MPI_Pack_size`
pub fn pack_size<N: Number>(
    world: &World,
    incount: N,
    datatype: Handle,
    comm: Handle,
    size: Out<N>,
) -> Result<()> {
    size.count(world.pack_size(incount.wide(), datatype, comm)?)
}

/// `MPI_Pack_external`
#[allow(clippy::too_many_arguments)]
pub fn pack_external<N: Number>(
    world: &World,
    datarep: In<c_char>,
    inbuf: In<c_void>,
    incount: impl Number,
    datatype: Handle,
    outbuf: Out<c_void>,
    outsize: N,
    position: Out<N>,
) -> Result<()> {
    let datarep = datarep.text("data representation")?;
    let (from, into) = (inbuf.buffer(incount, datatype), outbuf.buffer(outsize, MPI_BYTE));
    moving(position, |at| world.pack_external(&datarep, from, into, at))
}

/// `MPI_Unpack_external`
#[allow(clippy::too_many_arguments)]
pub fn unpack_external<N: Number>(
    world: &World,
    datarep: In<c_char>,
    inbuf: In<c_void>,
    insize: N,
    position: Out<N>,
    outbuf: Out<c_void>,
    outcount: impl Number,
    datatype: Handle,
) -> Result<()> {
    let datarep = datarep.text("data representation")?;
    let (from, into) = (inbuf.buffer(insize, MPI_BYTE), outbuf.buffer(outcount, datatype));
    moving(position, |at| world.unpack_external(&datarep, from, at, into))
}

/// `MPI_Pack_external_size`
pub fn pack_external_size(
    world: &World,
    datarep: In<c_char>,
    incount: impl Number,
    datatype: Handle,
    size: Out<impl Number>,
) -> Result<()> {
    let datarep = datarep.text("data representation")?;
    size.count(world.pack_external_size(&datarep, incount.wide(), datatype)?)
}
