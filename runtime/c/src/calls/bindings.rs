//! What bindings of other languages need: handles as integers, types by their size, and what a Fortran library has to
//! say of itself (MPI 5.0, sections 19.1, 19.3 and 20.4). A handle's value fits an `int`: see `rankwise_core::handle`.

use rankwise_core::{Handle, Result, World, fail};
use std::ffi::{c_int, c_void};

use crate::entry::argument::Out;
use crate::generated::constants::*;
use crate::global::{self, Objects};

/// `MPI_Comm_toint` and its kin.
pub fn to_int(handle: Handle) -> c_int {
    handle.0 as c_int
}

/// `MPI_Comm_fromint` and its kin.
pub fn from_int(value: c_int) -> Handle {
    Handle(value as u32 as usize)
}

/// `MPI_Type_match_size`
pub fn match_size(_: &World, class: c_int, size: c_int, datatype: Out<Handle>) -> Result<()> {
    let found = match (class, size) {
        (MPI_TYPECLASS_INTEGER, 1) => MPI_INTEGER1,
        (MPI_TYPECLASS_INTEGER, 2) => MPI_INTEGER2,
        (MPI_TYPECLASS_INTEGER, 4) => MPI_INTEGER4,
        (MPI_TYPECLASS_INTEGER, 8) => MPI_INTEGER8,
        (MPI_TYPECLASS_INTEGER, 16) => MPI_INTEGER16,
        (MPI_TYPECLASS_REAL, 2) => MPI_REAL2,
        (MPI_TYPECLASS_REAL, 4) => MPI_REAL4,
        (MPI_TYPECLASS_REAL, 8) => MPI_REAL8,
        (MPI_TYPECLASS_REAL, 16) => MPI_REAL16,
        (MPI_TYPECLASS_COMPLEX, 4) => MPI_COMPLEX4,
        (MPI_TYPECLASS_COMPLEX, 8) => MPI_COMPLEX8,
        (MPI_TYPECLASS_COMPLEX, 16) => MPI_COMPLEX16,
        (MPI_TYPECLASS_COMPLEX, 32) => MPI_COMPLEX32,
        (MPI_TYPECLASS_INTEGER | MPI_TYPECLASS_REAL | MPI_TYPECLASS_COMPLEX, size) => {
            fail!(ERR_ARG, "no type of this class has {size} bytes")
        }
        (class, _) => fail!(ERR_ARG, "{class} is not a class of types"),
    };
    datatype.set(found)
}

/// `MPI_Type_create_f90_real`
pub fn f90_real(world: &World, p: c_int, r: c_int, new: Out<Handle>) -> Result<()> {
    new.set(world.types.borrow_mut().f90_real(p, r)?)
}

/// `MPI_Type_create_f90_complex`
pub fn f90_complex(world: &World, p: c_int, r: c_int, new: Out<Handle>) -> Result<()> {
    new.set(world.types.borrow_mut().f90_complex(p, r)?)
}

/// `MPI_Type_create_f90_integer`
pub fn f90_integer(world: &World, r: c_int, new: Out<Handle>) -> Result<()> {
    new.set(world.types.borrow_mut().f90_integer(r)?)
}

/// What a Fortran library has said of itself.
#[derive(Default)]
pub struct Fortran {
    info: Option<Vec<(String, String)>>,
    /// The bytes of .TRUE. and .FALSE.
    booleans: Option<(Vec<u8>, Vec<u8>)>,
}

/// `MPI_Abi_set_fortran_info`
pub fn set_fortran_info(objects: &Objects<'_>, info: Handle) -> Result<()> {
    let mut fortran = global::fortran();
    if fortran.info.is_some() {
        fail!(ERR_ABI, "it is set already");
    }
    let infos = objects.infos.borrow();
    let info = infos.get(info)?;
    let keys = (0..info.len()).filter_map(|n| info.key(n));
    fortran.info = Some(keys.filter_map(|k| Some((k.to_string(), info.get(k)?.to_string()))).collect());
    Ok(())
}

/// `MPI_Abi_get_fortran_info`: a new object, or none if nothing was set.
pub fn get_fortran_info(objects: &Objects<'_>, info: Out<Handle>) -> Result<()> {
    match &global::fortran().info {
        Some(pairs) => info.set(objects.infos.borrow_mut().create_with(pairs.clone())?),
        None => info.set(MPI_INFO_NULL),
    }
}

fn logical(size: c_int) -> Result<usize> {
    match size {
        1 | 2 | 4 | 8 | 16 => Ok(size as usize),
        _ => fail!(ERR_ARG, "a LOGICAL has 1, 2, 4, 8 or 16 bytes, not {size}"),
    }
}

/// `MPI_Abi_set_fortran_booleans`
pub fn set_fortran_booleans(
    _: &Objects<'_>,
    logical_size: c_int,
    logical_true: Out<c_void>,
    logical_false: Out<c_void>,
) -> Result<()> {
    let size = logical(logical_size)?;
    let mut fortran = global::fortran();
    if fortran.booleans.is_some() {
        fail!(ERR_ABI, "they are set already");
    }
    fortran.booleans = Some((logical_true.bytes(size)?.to_vec(), logical_false.bytes(size)?.to_vec()));
    Ok(())
}

/// `MPI_Abi_get_fortran_booleans`
pub fn get_fortran_booleans(
    _: &Objects<'_>,
    logical_size: c_int,
    logical_true: Out<c_void>,
    logical_false: Out<c_void>,
    is_set: Out<c_int>,
) -> Result<()> {
    let size = logical(logical_size)?;
    let fortran = global::fortran();
    let known = fortran.booleans.as_ref().filter(|(yes, _)| yes.len() == size);
    if let Some((yes, no)) = known {
        logical_true.bytes(size)?.copy_from_slice(yes);
        logical_false.bytes(size)?.copy_from_slice(no);
    }
    is_set.flag(known.is_some())
}
