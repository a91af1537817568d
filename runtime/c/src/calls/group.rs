//! Groups (MPI 5.0, section 7.3).

use rankwise_core::{Handle, Result, World};
use std::ffi::c_int;

use crate::entry::argument::{In, Out};

/// `MPI_Comm_group`
pub fn of_comm(world: &World, comm: Handle, group: Out<Handle>) -> Result<()> {
    group.check()?;
    group.set(world.comm_group(comm)?)
}

/// `MPI_Group_size`
pub fn size(world: &World, group: Handle, size: Out<c_int>) -> Result<()> {
    size.set(world.group_size(group)?)
}

/// `MPI_Group_rank`
pub fn rank(world: &World, group: Handle, rank: Out<c_int>) -> Result<()> {
    rank.set(world.group_rank(group)?)
}

/// `MPI_Group_translate_ranks`
pub fn translate_ranks(
    world: &World,
    group1: Handle,
    n: c_int,
    ranks1: In<c_int>,
    group2: Handle,
    ranks2: Out<c_int>,
) -> Result<()> {
    let found = world.group_translate_ranks(group1, ranks1.array(n)?, group2)?;
    ranks2.array(n)?.copy_from_slice(&found);
    Ok(())
}

/// `MPI_Group_compare`
pub fn compare(world: &World, group1: Handle, group2: Handle, result: Out<c_int>) -> Result<()> {
    result.set(world.group_compare(group1, group2)?)
}

/// `MPI_Group_union`
pub fn union(world: &World, group1: Handle, group2: Handle, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.group_union(group1, group2)?)
}

/// `MPI_Group_intersection`
pub fn intersection(world: &World, group1: Handle, group2: Handle, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.group_intersection(group1, group2)?)
}

/// `MPI_Group_difference`
pub fn difference(world: &World, group1: Handle, group2: Handle, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.group_difference(group1, group2)?)
}

/// `MPI_Group_incl`
pub fn incl(world: &World, group: Handle, n: c_int, ranks: In<c_int>, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.group_incl(group, ranks.array(n)?)?)
}

/// `MPI_Group_excl`
pub fn excl(world: &World, group: Handle, n: c_int, ranks: In<c_int>, new: Out<Handle>) -> Result<()> {
    new.check()?;
    new.set(world.group_excl(group, ranks.array(n)?)?)
}

/// `MPI_Group_range_incl`
pub fn range_incl(
    world: &World,
    group: Handle,
    n: c_int,
    ranges: Out<[c_int; 3]>,
    new: Out<Handle>,
) -> Result<()> {
    new.check()?;
    new.set(world.group_range_incl(group, ranges.array(n)?)?)
}

/// `MPI_Group_range_excl`
pub fn range_excl(
    world: &World,
    group: Handle,
    n: c_int,
    ranges: Out<[c_int; 3]>,
    new: Out<Handle>,
) -> Result<()> {
    new.check()?;
    new.set(world.group_range_excl(group, ranges.array(n)?)?)
}

/// `MPI_Group_free`
pub fn free(world: &World, group: Out<Handle>) -> Result<()> {
    group.update(|group| world.group_free(group))
}
