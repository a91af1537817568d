//! Cached attributes (MPI 5.0, section 7.7). An attribute's value is a pointer of the user's, kept as a number.

use rankwise_core::{Handle, Kind, Result, World};
use std::ffi::{c_int, c_void};

use crate::callback;
use crate::entry::argument::Out;
use crate::generated::types::{MPI_Comm_copy_attr_function, MPI_Comm_delete_attr_function};

macro_rules! keyvals {
    ($($of:ident $create:ident $free:ident;)*) => {$(
        pub fn $create(
            world: &World,
            copy: Option<MPI_Comm_copy_attr_function>,
            delete: Option<MPI_Comm_delete_attr_function>,
            keyval: Out<c_int>,
            extra_state: Out<c_void>,
        ) -> Result<()> {
            let extra_state = extra_state.address().cast();
            let (copy, delete) = (callback::copy(copy, extra_state), callback::delete(delete, extra_state));
            keyval.set(world.keyvals.borrow_mut().create(Kind::$of, copy, delete)?)
        }

        pub fn $free(world: &World, keyval: Out<c_int>) -> Result<()> {
            keyval.update(|keyval| world.keyvals.borrow_mut().free(keyval, Kind::$of))
        }
    )*};
}

macro_rules! attributes {
    ($($set:ident $get:ident $delete:ident => $core_set:ident $core_get:ident $core_delete:ident;)*) => {$(
        pub fn $set(world: &World, object: Handle, keyval: c_int, value: Out<c_void>) -> Result<()> {
            world.$core_set(object, keyval, value.address().expose_provenance())
        }

        pub fn $get(
            world: &World,
            object: Handle,
            keyval: c_int,
            value: Out<c_void>,
            flag: Out<c_int>,
        ) -> Result<()> {
            let found = world.$core_get(object, keyval)?;
            flag.flag(found.is_some())?;
            match found {
                Some(found) => value.set_pointer(std::ptr::with_exposed_provenance_mut(found)),
                None => Ok(()),
            }
        }

        pub fn $delete(world: &World, object: Handle, keyval: c_int) -> Result<()> {
            world.$core_delete(object, keyval)
        }
    )*};
}

keyvals! {
    Comm comm_create_keyval comm_free_keyval;
    Datatype type_create_keyval type_free_keyval;
    Win win_create_keyval win_free_keyval;
}

attributes! {
    comm_set comm_get comm_delete => comm_set_attr comm_get_attr comm_delete_attr;
    type_set type_get type_delete => type_set_attr type_get_attr type_delete_attr;
}
