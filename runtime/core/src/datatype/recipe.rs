//! How a datatype was made, for those who ask (MPI 5.0, section 5.1.13).

use std::cell::Cell;
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
    Darray = 112,
    F90Real = 113,
    F90Complex = 114,
    F90Integer = 115,
    Resized = 116,
    ValueIndex = 117,
}

/// What kind of argument numbers are. It decides where they are reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// An `int` in both forms of a constructor.
    Integer,
    /// An `int`, or an `MPI_Count` in the form that ends in `_c`.
    Count,
    /// An `MPI_Aint`, or an `MPI_Count` in the form that ends in `_c`.
    Address,
}

/// A constructor and its arguments.
#[derive(Clone, Debug)]
pub struct Recipe {
    combiner: Combiner,
    numbers: Vec<(Kind, Vec<i64>)>,
    types: Vec<(Handle, Rc<Datatype>)>,
    large: Cell<bool>,
}

impl Recipe {
    pub(super) fn named() -> Recipe {
        Recipe::without_types(Combiner::Named)
    }

    pub(super) fn without_types(combiner: Combiner) -> Recipe {
        Recipe { combiner, numbers: Vec::new(), types: Vec::new(), large: Cell::new(false) }
    }

    pub(super) fn new(combiner: Combiner, old: Handle, datatype: &Rc<Datatype>) -> Recipe {
        Recipe { types: vec![(old, datatype.clone())], ..Recipe::without_types(combiner) }
    }

    pub(super) fn of_types(combiner: Combiner, olds: &[Handle], datatypes: &[Rc<Datatype>]) -> Recipe {
        let types = olds.iter().copied().zip(datatypes.iter().cloned()).collect();
        Recipe { types, ..Recipe::without_types(combiner) }
    }

    fn with(mut self, kind: Kind, values: Vec<i64>) -> Recipe {
        self.numbers.push((kind, values));
        self
    }

    /// Arguments that are an `int` whatever the form.
    pub(super) fn integers(self, more: &[i32]) -> Recipe {
        self.with(Kind::Integer, more.iter().map(|&i| i as i64).collect())
    }

    pub(super) fn counts(self, more: &[i64]) -> Recipe {
        self.with(Kind::Count, more.to_vec())
    }

    pub(super) fn array(self, more: Counts<'_>) -> Recipe {
        self.with(Kind::Count, more.iter().collect())
    }

    pub(super) fn addresses(self, more: &[i64]) -> Recipe {
        self.with(Kind::Address, more.to_vec())
    }

    pub(super) fn address_array(self, more: Counts<'_>) -> Recipe {
        self.with(Kind::Address, more.iter().collect())
    }

    /// Which constructor it was.
    pub fn combiner(&self) -> Combiner {
        self.combiner
    }

    /// Whether it was the constructor's form with large counts: such a recipe can be asked for in that form only.
    pub fn is_large(&self) -> bool {
        self.large.get()
    }

    fn of(&self, kinds: &[Kind]) -> Vec<i64> {
        let wanted = self.numbers.iter().filter(|(kind, _)| kinds.contains(kind));
        wanted.flat_map(|(_, values)| values.iter().copied()).collect()
    }

    /// The arguments that are an `int`.
    pub fn all_integers(&self) -> Vec<i64> {
        self.of(if self.is_large() { &[Kind::Integer] } else { &[Kind::Integer, Kind::Count] })
    }

    /// The arguments that are an `MPI_Aint`.
    pub fn all_addresses(&self) -> Vec<i64> {
        self.of(if self.is_large() { &[] } else { &[Kind::Address] })
    }

    /// The arguments that are an `MPI_Count`.
    pub fn all_large_counts(&self) -> Vec<i64> {
        self.of(if self.is_large() { &[Kind::Count, Kind::Address] } else { &[] })
    }

    /// How many types it was made from.
    pub fn type_count(&self) -> usize {
        self.types.len()
    }
}

impl Types {
    /// Notes that a type was made by the form of a constructor that has large counts.
    pub fn note_large_counts(&self, datatype: Handle) -> Result<()> {
        self.get(datatype)?.recipe.large.set(true);
        Ok(())
    }

    /// Handles on the types from which one was made: predefined ones, or new handles, which the caller frees.
    #[doc(alias = "MPI_Type_get_contents")]
    pub fn ingredients(&mut self, recipe: &Recipe) -> Result<Vec<Handle>> {
        if recipe.combiner == Combiner::Named {
            fail!(ERR_TYPE, "a predefined datatype was not made from others");
        }
        let again = |(handle, datatype): &(Handle, Rc<Datatype>)| match datatype.permanent {
            true => Ok(*handle),
            false => self.enter(datatype.clone()),
        };
        recipe.types.iter().map(again).collect()
    }
}
