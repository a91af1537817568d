//! How a datatype was made (MPI 5.0, section 5.1.13).
//!
//! A type that was made by a constructor whose name ends in `_c` has large counts, and can be asked for them only by the
//! functions that end so, too.

use rankwise_core::datatype::Datatype;
use rankwise_core::datatype::recipe::Recipe;
use rankwise_core::{Handle, Result, World, fail};
use std::ffi::c_int;

use crate::entry::argument::{Number, Out};

/// The recipe of a type, for the functions that know no large counts.
fn small<'a>(datatype: &'a Datatype, instead: &str) -> Result<&'a Recipe> {
    match datatype.recipe() {
        recipe if recipe.is_large() => {
            fail!(ERR_TYPE, "the datatype was made by a function that ends in _c: ask by {instead}")
        }
        recipe => Ok(recipe),
    }
}

/// `MPI_Type_get_envelope`
pub fn envelope(
    world: &World,
    datatype: Handle,
    integers: Out<c_int>,
    addresses: Out<c_int>,
    types: Out<c_int>,
    combiner: Out<c_int>,
) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    let recipe = small(&datatype, "MPI_Type_get_envelope_c")?;
    integers.set(recipe.all_integers().len() as c_int)?;
    addresses.set(recipe.all_addresses().len() as c_int)?;
    types.set(recipe.type_count() as c_int)?;
    combiner.set(recipe.combiner() as c_int)
}

/// `MPI_Type_get_envelope_c`
pub fn envelope_c(
    world: &World,
    datatype: Handle,
    integers: Out<i64>,
    addresses: Out<i64>,
    large_counts: Out<i64>,
    types: Out<i64>,
    combiner: Out<c_int>,
) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    let recipe = datatype.recipe();
    integers.set(recipe.all_integers().len() as i64)?;
    large_counts.set(recipe.all_large_counts().len() as i64)?;
    addresses.set(recipe.all_addresses().len() as i64)?;
    types.set(recipe.type_count() as i64)?;
    combiner.set(recipe.combiner() as c_int)
}

/// Fills an array of the caller with as many values as there are, which must fit.
fn fill<T: Copy>(array: Out<T>, room: impl Number, values: impl ExactSizeIterator<Item = T>) -> Result<()> {
    let (n, room) = (values.len(), room.wide());
    if n as i64 > room {
        fail!(ERR_ARG, "an array has room for {room} values, but there are {n}");
    }
    for (place, value) in array.array(n as i64)?.iter_mut().zip(values) {
        *place = value;
    }
    Ok(())
}

/// `MPI_Type_get_contents`
#[allow(clippy::too_many_arguments)]
pub fn contents(
    world: &World,
    datatype: Handle,
    max_integers: c_int,
    max_addresses: c_int,
    max_types: c_int,
    integers: Out<c_int>,
    addresses: Out<isize>,
    types: Out<Handle>,
) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    let recipe = small(&datatype, "MPI_Type_get_contents_c")?;
    fill(integers, max_integers, recipe.all_integers().iter().map(|&i| i as c_int))?;
    fill(addresses, max_addresses, recipe.all_addresses().iter().map(|&a| a as isize))?;
    ingredients(world, recipe, max_types, types)
}

/// `MPI_Type_get_contents_c`
#[allow(clippy::too_many_arguments)]
pub fn contents_c(
    world: &World,
    datatype: Handle,
    max_integers: i64,
    max_addresses: i64,
    max_large_counts: i64,
    max_types: i64,
    integers: Out<c_int>,
    addresses: Out<isize>,
    large_counts: Out<i64>,
    types: Out<Handle>,
) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    let recipe = datatype.recipe();
    fill(integers, max_integers, recipe.all_integers().iter().map(|&i| i as c_int))?;
    fill(large_counts, max_large_counts, recipe.all_large_counts().into_iter())?;
    fill(addresses, max_addresses, recipe.all_addresses().iter().map(|&a| a as isize))?;
    ingredients(world, recipe, max_types, types)
}

/// The types from which it was made; those that are not predefined are new handles, made only if they fit.
fn ingredients(world: &World, recipe: &Recipe, room: impl Number, types: Out<Handle>) -> Result<()> {
    if recipe.type_count() as i64 > room.wide() {
        fail!(ERR_ARG, "there is room for {} types, but there are {}", room.wide(), recipe.type_count());
    }
    let handles = world.types.borrow_mut().ingredients(recipe)?;
    fill(types, room, handles.into_iter())
}
