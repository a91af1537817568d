//! Partitioned communication (MPI 5.0, section 4.2). No hint changes what it does.

use rankwise_core::{Handle, Result, World, fail};
use std::ffi::{c_int, c_void};

use super::info::check as check_info;
use crate::entry::argument::{In, Number, Out};

/// `MPI_Psend_init`
#[allow(clippy::too_many_arguments)]
pub fn psend_init(
    world: &World,
    buf: In<c_void>,
    partitions: c_int,
    count: impl Number,
    datatype: Handle,
    dest: c_int,
    tag: c_int,
    comm: Handle,
    info: Handle,
    request: Out<Handle>,
) -> Result<()> {
    check_info(world, info)?;
    request.check()?;
    request.set(world.psend_init(buf.buffer(count, datatype), partitions, dest, tag, comm)?)
}

/// `MPI_Precv_init`
#[allow(clippy::too_many_arguments)]
pub fn precv_init(
    world: &World,
    buf: Out<c_void>,
    partitions: c_int,
    count: impl Number,
    datatype: Handle,
    source: c_int,
    tag: c_int,
    comm: Handle,
    info: Handle,
    request: Out<Handle>,
) -> Result<()> {
    check_info(world, info)?;
    request.check()?;
    request.set(world.precv_init(buf.buffer(count, datatype), partitions, source, tag, comm)?)
}

/// `MPI_Pready`
pub fn pready(world: &World, partition: c_int, request: Handle) -> Result<()> {
    world.pready(request, std::iter::once(partition))
}

/// `MPI_Pready_range`: both ends are among them.
pub fn pready_range(world: &World, low: c_int, high: c_int, request: Handle) -> Result<()> {
    if low > high {
        fail!(ERR_ARG, "the first partition, {low}, comes after the last one, {high}");
    }
    world.pready(request, low..=high)
}

/// `MPI_Pready_list`
pub fn pready_list(world: &World, length: c_int, partitions: In<c_int>, request: Handle) -> Result<()> {
    world.pready(request, partitions.array(length)?.iter().copied())
}

/// `MPI_Parrived`
pub fn parrived(world: &World, request: Handle, partition: c_int, flag: Out<c_int>) -> Result<()> {
    flag.flag(world.parrived(request, partition)?)
}
