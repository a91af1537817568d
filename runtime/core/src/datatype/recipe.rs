//! How a datatype was made, for those who ask (MPI 5.0, section 5.1.13).

use std::rc::Rc;

use super::{Datatype, Types};
use crate::counts::Counts;
use crate::handle::Handle;
use crate::{Result, fail};

/// The constructor of a datatype, by its value in the ABI.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Combiner {
    Named = 101,
    Dup = 102,
    Contiguous = 103,
    Vector = 104,
    Hvector = 105,
    Indexed = 106,
    Hindexed = 107,
    IndexedBlock = 108,
    HindexedBlock = 109,
    Struct = 110,
    Subarray = 111,
    Resized = 116,
}

/// A constructor and its arguments: counts and displacements in elements, then displacements in bytes, then types.
#[derive(Clone, Debug)]
pub struct Recipe {
    combiner: Combiner,
    integers: Vec<i64>,
    addresses: Vec<i64>,
    types: Vec<(Handle, Rc<Datatype>)>,
}

impl Recipe {
    pub(super) fn named() -> Recipe {
        Recipe { combiner: Combiner::Named, integers: Vec::new(), addresses: Vec::new(), types: Vec::new() }
    }

    pub(super) fn new(combiner: Combiner, old: Handle, datatype: &Rc<Datatype>) -> Recipe {
        Recipe { combiner, types: vec![(old, datatype.clone())], ..Recipe::named() }
    }

    pub(super) fn of_types(combiner: Combiner, olds: &[Handle], datatypes: &[Rc<Datatype>]) -> Recipe {
        let types = olds.iter().copied().zip(datatypes.iter().cloned()).collect();
        Recipe { combiner, types, ..Recipe::named() }
    }

    pub(super) fn integers(mut self, more: &[i64]) -> Recipe {
        self.integers.extend_from_slice(more);
        self
    }

    pub(super) fn counts(mut self, more: Counts<'_>) -> Recipe {
        self.integers.extend(more.iter());
        self
    }

    pub(super) fn address(mut self, address: i64) -> Recipe {
        self.addresses.push(address);
        self
    }

    pub(super) fn addresses(mut self, more: Counts<'_>) -> Recipe {
        self.addresses.extend(more.iter());
        self
    }

    /// Which constructor it was.
    pub fn combiner(&self) -> Combiner {
        self.combiner
    }

    /// Counts, and displacements in elements.
    pub fn all_integers(&self) -> &[i64] {
        &self.integers
    }

    /// Displacements in bytes.
    pub fn all_addresses(&self) -> &[i64] {
        &self.addresses
    }

    /// How many types it was made from.
    pub fn type_count(&self) -> usize {
        self.types.len()
    }
}

impl Types {
    /// Handles on the types from which one was made: predefined ones, or new handles, which the caller frees.
    #[doc(alias = "MPI_Type_get_contents")]
    pub fn ingredients(&mut self, recipe: &Recipe) -> Result<Vec<Handle>> {
        if recipe.combiner == Combiner::Named {
            fail!(ERR_TYPE, "a predefined datatype was not made from others");
        }
        let again = |(handle, datatype): &(Handle, Rc<Datatype>)| match handle.is_predefined() {
            true => Ok(*handle),
            false => self.enter(datatype.clone()),
        };
        recipe.types.iter().map(again).collect()
    }
}
