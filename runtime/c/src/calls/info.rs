//! Info objects (MPI 5.0, chapter 10).

use rankwise_core::{Handle, Result, World, fail};
use std::ffi::{c_char, c_int};

use crate::entry::argument::{In, Out};
use crate::generated::constants::{MPI_INFO_NULL, MPI_MAX_INFO_KEY};
use crate::global::{self, Objects};

/// Checks what a call is given as hints: an object, or MPI_INFO_NULL.
pub fn check(world: &World, info: Handle) -> Result<()> {
    if info != MPI_INFO_NULL {
        world.infos.borrow().get(info)?;
    }
    Ok(())
}

/// `MPI_Info_create`
pub fn create(objects: &Objects<'_>, info: Out<Handle>) -> Result<()> {
    info.set(objects.infos.borrow_mut().create()?)
}

/// `MPI_Info_create_env`: the same at any time, so without what mpirun alone knows. The command line is known without
/// `argv`.
pub fn create_env(
    objects: &Objects<'_>,
    _argc: c_int,
    _argv: Out<*mut c_char>,
    info: Out<Handle>,
) -> Result<()> {
    info.set(objects.infos.borrow_mut().create_with(global::own_environment())?)
}

/// `MPI_Info_dup`
pub fn dup(objects: &Objects<'_>, info: Handle, new: Out<Handle>) -> Result<()> {
    new.set(objects.infos.borrow_mut().duplicate(info)?)
}

/// `MPI_Info_free`
pub fn free(objects: &Objects<'_>, info: Out<Handle>) -> Result<()> {
    info.update(|info| objects.infos.borrow_mut().free(info))
}

/// `MPI_Info_set`
pub fn set(objects: &Objects<'_>, info: Handle, key: In<c_char>, value: In<c_char>) -> Result<()> {
    objects.infos.borrow_mut().set(info, &key.text("key")?, &value.text("value")?)
}

/// `MPI_Info_delete`
pub fn delete(objects: &Objects<'_>, info: Handle, key: In<c_char>) -> Result<()> {
    objects.infos.borrow_mut().delete(info, &key.text("key")?)
}

/// `MPI_Info_get_nkeys`
pub fn get_nkeys(objects: &Objects<'_>, info: Handle, nkeys: Out<c_int>) -> Result<()> {
    nkeys.set(objects.infos.borrow().get(info)?.len() as c_int)
}

/// `MPI_Info_get_nthkey`
pub fn get_nthkey(objects: &Objects<'_>, info: Handle, n: c_int, key: Out<c_char>) -> Result<()> {
    let infos = objects.infos.borrow();
    key.text(infos.nth_key(info, n)?.as_bytes(), MPI_MAX_INFO_KEY as usize).map(|_| ())
}

/// `MPI_Info_get_string`: `buflen` is the room on the way in, and what the value needs on the way out.
pub fn get_string(
    objects: &Objects<'_>,
    info: Handle,
    key: In<c_char>,
    buflen: Out<c_int>,
    value: Out<c_char>,
    flag: Out<c_int>,
) -> Result<()> {
    let infos = objects.infos.borrow();
    let found = infos.value(info, &key.text("key")?)?;
    flag.flag(found.is_some())?;
    let Some(found) = found else { return Ok(()) };
    buflen.update(|room| {
        if *room < 0 {
            fail!(ERR_ARG, "the room for the value is {room} bytes, less than 0");
        }
        if *room > 0 {
            value.text(found.as_bytes(), *room as usize)?;
        }
        *room = found.len() as c_int + 1;
        Ok(())
    })
}

/// `MPI_Info_get`: `valuelen` does not count the end of the string. No value is longer than `MPI_MAX_INFO_VAL` with it.
pub fn get(
    objects: &Objects<'_>,
    info: Handle,
    key: In<c_char>,
    valuelen: c_int,
    value: Out<c_char>,
    flag: Out<c_int>,
) -> Result<()> {
    if valuelen < 0 {
        fail!(ERR_ARG, "the room for the value is {valuelen} bytes, less than 0");
    }
    let infos = objects.infos.borrow();
    let found = infos.value(info, &key.text("key")?)?;
    if let Some(found) = found {
        value.text(found.as_bytes(), valuelen as usize + 1)?;
    }
    flag.flag(found.is_some())
}

/// `MPI_Info_get_valuelen`
pub fn get_valuelen(
    objects: &Objects<'_>,
    info: Handle,
    key: In<c_char>,
    valuelen: Out<c_int>,
    flag: Out<c_int>,
) -> Result<()> {
    let infos = objects.infos.borrow();
    let found = infos.value(info, &key.text("key")?)?;
    if let Some(found) = found {
        valuelen.set(found.len() as c_int)?;
    }
    flag.flag(found.is_some())
}
