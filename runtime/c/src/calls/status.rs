//! What statuses say, and how programs write them (MPI 5.0, sections 3.2.5, 5.1.11 and 13.3).

use rankwise_core::{Handle, Result, Status, UNDEFINED, World, fail};
use std::ffi::c_int;

use crate::entry::argument::{In, Number, Out};

/// `MPI_Get_count`
pub fn get_count(world: &World, status: In<Status>, datatype: Handle, count: Out<impl Number>) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    let whole = datatype.whole_elements(status.get()?.bytes());
    count.count(whole.map_or(UNDEFINED as i64, |n| n as i64))
}

/// `MPI_Get_elements`
pub fn get_elements(
    world: &World,
    status: In<Status>,
    datatype: Handle,
    count: Out<impl Number>,
) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    let elements = datatype.basic_elements(status.get()?.bytes());
    count.count(elements.map_or(UNDEFINED as i64, |n| n as i64))
}

/// `MPI_Status_get_source`
pub fn get_source(_: &World, status: In<Status>, source: Out<c_int>) -> Result<()> {
    source.set(status.get()?.source)
}

/// `MPI_Status_get_tag`
pub fn get_tag(_: &World, status: In<Status>, tag: Out<c_int>) -> Result<()> {
    tag.set(status.get()?.tag)
}

/// `MPI_Status_get_error`
pub fn get_error(_: &World, status: In<Status>, err: Out<c_int>) -> Result<()> {
    err.set(status.get()?.error)
}

fn change(status: Out<Status>, f: impl FnOnce(&mut Status)) -> Result<()> {
    status.update(|status| {
        f(status);
        Ok(())
    })
}

/// `MPI_Status_set_source`
pub fn set_source(_: &World, status: Out<Status>, source: c_int) -> Result<()> {
    change(status, |status| status.source = source)
}

/// `MPI_Status_set_tag`
pub fn set_tag(_: &World, status: Out<Status>, tag: c_int) -> Result<()> {
    change(status, |status| status.tag = tag)
}

/// `MPI_Status_set_error`
pub fn set_error(_: &World, status: Out<Status>, err: c_int) -> Result<()> {
    change(status, |status| status.error = err)
}

/// `MPI_Status_set_cancelled`
pub fn set_cancelled(_: &World, status: Out<Status>, flag: c_int) -> Result<()> {
    change(status, |status| status.set_cancelled(flag != 0))
}

/// `MPI_Status_set_elements`: afterwards `MPI_Get_elements` with this datatype returns `count`.
pub fn set_elements(world: &World, status: Out<Status>, datatype: Handle, count: impl Number) -> Result<()> {
    let Ok(count) = u64::try_from(count.wide()) else {
        fail!(ERR_COUNT, "the count is {}, less than 0", count.wide())
    };
    let datatype = world.types.borrow().get(datatype)?;
    let Some(bytes) = datatype.bytes_of_basic(count) else {
        fail!(ERR_COUNT, "{count} basic elements are more than a status can hold, or the datatype has none")
    };
    change(status, |status| status.set_bytes(bytes))
}
