//! Communicators (MPI 5.0, chapter 7).

use rankwise_core::{Error, Handle, Result, World, fail};
use std::ffi::{c_char, c_int};

use super::info::check as check_info;
use crate::entry::argument::{In, Out};
use crate::generated::constants::*;

/// `MPI_Comm_rank`
pub fn rank(world: &World, comm: Handle, rank: Out<c_int>) -> Result<()> {
    rank.set(world.comm_rank(comm)?)
}

/// `MPI_Comm_size`
pub fn size(world: &World, comm: Handle, size: Out<c_int>) -> Result<()> {
    size.set(world.comm_size(comm)?)
}

/// `MPI_Comm_remote_size`
pub fn remote_size(world: &World, comm: Handle, size: Out<c_int>) -> Result<()> {
    size.set(world.comm_remote_size(comm)?)
}

/// `MPI_Comm_test_inter`
pub fn test_inter(world: &World, comm: Handle, flag: Out<c_int>) -> Result<()> {
    flag.flag(world.comm_test_inter(comm)?)
}

/// `MPI_Comm_compare`
pub fn compare(world: &World, comm1: Handle, comm2: Handle, result: Out<c_int>) -> Result<()> {
    result.set(world.comm_compare(comm1, comm2)?)
}

/// `MPI_Comm_dup`
pub fn dup(world: &World, comm: Handle, new: Out<Handle>) -> Result<()> {
    dup_with_info(world, comm, MPI_INFO_NULL, new)
}

/// `MPI_Comm_dup_with_info`: the copy has these hints and no others.
pub fn dup_with_info(world: &World, comm: Handle, info: Handle, new: Out<Handle>) -> Result<()> {
    check_info(world, info)?;
    new.check()?;
    let copy = world.comm_dup(comm).or_else(|error| failed(&new, error))?;
    world.comm_set_info(copy, info)?;
    new.set(copy)
}

/// `MPI_Comm_idup`
pub fn idup(world: &World, comm: Handle, new: Out<Handle>, request: Out<Handle>) -> Result<()> {
    idup_with_info(world, comm, MPI_INFO_NULL, new, request)
}

/// `MPI_Comm_idup_with_info`: the copy has these hints and no others. Its handle is there at once.
pub fn idup_with_info(
    world: &World,
    comm: Handle,
    info: Handle,
    new: Out<Handle>,
    request: Out<Handle>,
) -> Result<()> {
    check_info(world, info)?;
    request.check()?;
    new.check()?;
    let (copy, started) = world.comm_idup(comm, info).or_else(|error| failed(&new, error))?;
    new.set(copy)?;
    request.set(started)
}

/// Where there is no copy, programs find MPI_COMM_NULL, as with MPICH; the standard leaves it open.
fn failed<T>(new: &Out<Handle>, error: Error) -> Result<T> {
    new.clone().set(MPI_COMM_NULL)?;
    Err(error)
}

/// `MPI_Comm_set_info`
pub fn set_info(world: &World, comm: Handle, info: Handle) -> Result<()> {
    world.comm_set_info(comm, info)
}

/// `MPI_Comm_get_info`
pub fn get_info(world: &World, comm: Handle, info: Out<Handle>) -> Result<()> {
    info.check()?;
    info.set(world.comm_get_info(comm)?)
}

/// `MPI_Comm_split`
pub fn split(world: &World, comm: Handle, color: c_int, key: c_int, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.comm_split(comm, color, key)?)
}

/// `MPI_Comm_split_type`: parts of a node are not told apart, so that such a split gives MPI_COMM_NULL.
pub fn split_type(
    world: &World,
    comm: Handle,
    split_type: c_int,
    key: c_int,
    info: Handle,
    new: Out<Handle>,
) -> Result<()> {
    check_info(world, info)?;
    new.check()?;
    let made = match split_type {
        MPI_COMM_TYPE_SHARED => world.comm_split_by_node(comm, key)?,
        MPI_UNDEFINED
        | MPI_COMM_TYPE_HW_GUIDED
        | MPI_COMM_TYPE_HW_UNGUIDED
        | MPI_COMM_TYPE_RESOURCE_GUIDED => world.comm_split(comm, MPI_UNDEFINED, key)?,
        _ => fail!(ERR_ARG, "{split_type} is no type to split a communicator by"),
    };
    if made != MPI_COMM_NULL {
        world.comm_set_info(made, info)?;
    }
    new.set(made)
}

/// `MPI_Comm_create`
pub fn create(world: &World, comm: Handle, group: Handle, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.comm_create(comm, group)?)
}

/// `MPI_Comm_create_group`
pub fn create_group(world: &World, comm: Handle, group: Handle, tag: c_int, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.comm_create_group(comm, group, tag)?)
}

/// `MPI_Comm_free`
pub fn free(world: &World, comm: Out<Handle>) -> Result<()> {
    comm.update(|comm| world.comm_free(comm))
}

/// `MPI_Comm_set_name`
pub fn set_name(world: &World, comm: Handle, name: In<c_char>) -> Result<()> {
    world.comm_set_name(comm, name.text("name")?.as_bytes())
}

/// `MPI_Comm_get_name`
pub fn get_name(world: &World, comm: Handle, name: Out<c_char>, length: Out<c_int>) -> Result<()> {
    let written = name.text(&world.comm_get_name(comm)?, MPI_MAX_OBJECT_NAME as usize)?;
    length.set(written)
}

/// `MPI_Comm_get_parent`: no process is spawned by others yet.
pub fn get_parent(_: &World, parent: Out<Handle>) -> Result<()> {
    parent.set(MPI_COMM_NULL)
}

/// `MPI_Comm_remote_group`
pub fn remote_group(world: &World, comm: Handle, group: Out<Handle>) -> Result<()> {
    group.check()?;
    group.set(world.comm_remote_group(comm)?)
}

/// `MPI_Intercomm_create`
pub fn intercomm_create(
    world: &World,
    local: Handle,
    local_leader: c_int,
    peer: Handle,
    remote_leader: c_int,
    tag: c_int,
    new: Out<Handle>,
) -> Result<()> {
    new.check()?;
    new.set(world.intercomm_create(local, local_leader, peer, remote_leader, tag)?)
}

/// `MPI_Intercomm_merge`
pub fn intercomm_merge(world: &World, comm: Handle, high: c_int, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.intercomm_merge(comm, high != 0)?)
}
