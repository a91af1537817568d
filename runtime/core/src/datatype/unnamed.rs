//! Predefined types without a name: Fortran's numbers by their precision and range (MPI 5.0, section 19.1.6), and pairs of
//! a value and an index (section 6.9.4). Who asks again for the same gets the same handle, and nobody frees it.

use std::rc::Rc;

use super::flatten::{Map, Node};
use super::predefined::{Basic, Class, PREDEFINED, Scalar};
use super::recipe::{Combiner, Recipe};
use super::signature::Signature;
use super::{Datatype, Types};
use crate::handle::Handle;
use crate::{Result, UNDEFINED, fail};

/// What distinguishes the unnamed types: the combiner, and its two arguments.
pub(super) type Key = (i32, usize, usize);

/// The decimal digits and exponents of a number, and the type that has them. What C calls `long double` is what Fortran
/// compilers choose where it has 18 digits.
const REALS: &[(i32, i32, &str, &str)] = &[
    (6, 37, "MPI_REAL4", "MPI_COMPLEX8"),
    (15, 307, "MPI_REAL8", "MPI_COMPLEX16"),
    #[cfg(target_arch = "x86_64")]
    (18, 4931, "MPI_LONG_DOUBLE", "MPI_C_LONG_DOUBLE_COMPLEX"),
    (33, 4931, "MPI_REAL16", "MPI_COMPLEX32"),
];

const INTEGERS: &[(i32, &str)] = &[
    (2, "MPI_INTEGER1"),
    (4, "MPI_INTEGER2"),
    (9, "MPI_INTEGER4"),
    (18, "MPI_INTEGER8"),
    (38, "MPI_INTEGER16"),
];

/// The pairs that have a name.
const PAIRS: &[(&str, &str, &str)] = &[
    ("MPI_FLOAT", "MPI_INT", "MPI_FLOAT_INT"),
    ("MPI_DOUBLE", "MPI_INT", "MPI_DOUBLE_INT"),
    ("MPI_LONG", "MPI_INT", "MPI_LONG_INT"),
    ("MPI_INT", "MPI_INT", "MPI_2INT"),
    ("MPI_SHORT", "MPI_INT", "MPI_SHORT_INT"),
    ("MPI_LONG_DOUBLE", "MPI_INT", "MPI_LONG_DOUBLE_INT"),
    ("MPI_REAL", "MPI_REAL", "MPI_2REAL"),
    ("MPI_DOUBLE_PRECISION", "MPI_DOUBLE_PRECISION", "MPI_2DOUBLE_PRECISION"),
    ("MPI_INTEGER", "MPI_INTEGER", "MPI_2INTEGER"),
];

fn named(name: &str) -> Option<&'static Basic> {
    PREDEFINED.iter().find(|basic| basic.name == name)
}

/// A precision or a range as Fortran's SELECTED_REAL_KIND takes them; `None` if it does not matter.
fn wish(what: &str, digits: i32) -> Result<Option<i32>> {
    match digits {
        UNDEFINED => Ok(None),
        digits if digits < 0 => fail!(ERR_ARG, "the {what} is {digits}, less than 0"),
        digits => Ok(Some(digits)),
    }
}

impl Types {
    /// Fortran's REAL with at least `precision` decimal digits and a range of 10 to the power of `range`; one of them may be
    /// `MPI_UNDEFINED`.
    #[doc(alias = "MPI_Type_create_f90_real")]
    pub fn f90_real(&mut self, precision: i32, range: i32) -> Result<Handle> {
        let (real, _) = real(precision, range)?;
        self.f90(Combiner::F90Real, &[precision, range], real)
    }

    /// Fortran's COMPLEX of such numbers.
    #[doc(alias = "MPI_Type_create_f90_complex")]
    pub fn f90_complex(&mut self, precision: i32, range: i32) -> Result<Handle> {
        let (_, complex) = real(precision, range)?;
        self.f90(Combiner::F90Complex, &[precision, range], complex)
    }

    /// Fortran's INTEGER for numbers below 10 to the power of `range`.
    #[doc(alias = "MPI_Type_create_f90_integer")]
    pub fn f90_integer(&mut self, range: i32) -> Result<Handle> {
        let Some(digits) = wish("range", range)? else { fail!(ERR_ARG, "the range is MPI_UNDEFINED") };
        match INTEGERS.iter().find(|(most, _)| digits <= *most) {
            Some((_, name)) => self.f90(Combiner::F90Integer, &[range], name),
            None => fail!(ERR_ARG, "no INTEGER has a range of {range} digits: 38 are the most"),
        }
    }

    fn f90(&mut self, combiner: Combiner, arguments: &[i32], name: &str) -> Result<Handle> {
        let Some(basic) = named(name) else { fail!(ERR_INTERN, "there is no {name}") };
        let argument = |i: usize| arguments.get(i).map_or(0, |&a| a as u32 as usize);
        let recipe = || Recipe::without_types(combiner).integers(arguments);
        self.unnamed((combiner as i32, argument(0), argument(1)), || Datatype {
            recipe: recipe(),
            ..Datatype::predefined(basic)
        })
    }

    /// The predefined type of a value and an index; `MPI_DATATYPE_NULL` if there is none. Values are integers and
    /// numbers with a fraction of any length, indices are integers of 32 or 64 bits.
    #[doc(alias = "MPI_Type_get_value_index")]
    pub fn value_index(&mut self, value: Handle, index: Handle) -> Result<Handle> {
        let (first, second) = (self.get(value)?, self.get(index)?);
        let both = first.basic().filter(|_| first.permanent).zip(second.basic().filter(|_| second.permanent));
        let Some((a, b)) = both else { return Ok(Handle::DATATYPE_NULL) };
        let names = PAIRS.iter().find(|pair| pair.0 == a.name && pair.1 == b.name);
        if let Some(pair) = names.and_then(|pair| named(pair.2)) {
            return Ok(pair.handle);
        }
        let class = match (a.class, b.class) {
            (
                Class::Integer(value) | Class::Floating(value),
                Class::Integer(index @ (Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64)),
            ) => Class::Pair(value, index),
            _ => return Ok(Handle::DATATYPE_NULL),
        };
        let basic = Basic { handle: Handle::DATATYPE_NULL, name: "", class };
        let recipe =
            || Recipe::of_types(Combiner::ValueIndex, &[value, index], &[first.clone(), second.clone()]);
        self.unnamed((Combiner::ValueIndex as i32, value.0, index.0), || Datatype {
            recipe: recipe(),
            signature: Signature::sequence(vec![first.signature.clone(), second.signature.clone()]),
            ..Datatype::predefined(&basic)
        })
    }

    fn unnamed(&mut self, key: Key, make: impl FnOnce() -> Datatype) -> Result<Handle> {
        if let Some(&handle) = self.unnamed.get(&key) {
            return Ok(handle);
        }
        let datatype = make();
        datatype.name.borrow_mut().clear();
        let handle = self.enter(Rc::new(datatype))?;
        self.unnamed.insert(key, handle);
        Ok(handle)
    }
}

/// The smallest kind of REAL that is as precise and as wide as asked for, and the COMPLEX of it.
fn real(precision: i32, range: i32) -> Result<(&'static str, &'static str)> {
    let (digits, exponent) = (wish("precision", precision)?, wish("range", range)?);
    if digits.is_none() && exponent.is_none() {
        fail!(ERR_ARG, "precision and range are both MPI_UNDEFINED");
    }
    let (digits, exponent) = (digits.unwrap_or(0), exponent.unwrap_or(0));
    match REALS.iter().find(|kind| digits <= kind.0 && exponent <= kind.1) {
        Some(&(_, _, real, complex)) => Ok((real, complex)),
        None => {
            fail!(ERR_ARG, "no REAL has {digits} digits and a range of {exponent}: 33 and 4931 are the most")
        }
    }
}

impl Handle {
    /// `MPI_LB`, which MPI-3.0 removed.
    pub const LB: Handle = Handle(0xf01);
    /// `MPI_UB`, which MPI-3.0 removed.
    pub const UB: Handle = Handle(0xf02);
}

/// The markers of a bound in a struct (MPI-1.1, section 3.12.3): no data, but a place that outweighs the data's.
pub(super) fn marker(handle: Handle, name: &'static str) -> Rc<Datatype> {
    let basic = Basic { handle, name, class: Class::Byte };
    let mut marker = Datatype::predefined(&basic);
    marker.basic = None;
    marker.map = Map::new(0, Node::block(0));
    marker.signature = Signature::sequence(Vec::new());
    marker.bounds.upper = 0;
    marker.bounds.lower_set = handle == Handle::LB;
    marker.bounds.upper_set = handle == Handle::UB;
    Rc::new(marker)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_wish_has_the_same_handle_and_nobody_frees_it() {
        let mut types = Types::new();
        let mut real = types.f90_real(7, UNDEFINED).unwrap();
        assert_eq!(types.f90_real(7, UNDEFINED).unwrap(), real);
        assert_ne!(types.f90_real(8, UNDEFINED).unwrap(), real);
        assert_ne!(types.f90_complex(7, UNDEFINED).unwrap(), real);
        let found = types.get(real).unwrap();
        assert_eq!((found.size(), found.committed(), found.name().len()), (8, true, 0));
        assert_eq!(found.recipe().all_integers(), [7, UNDEFINED as i64]);
        assert!(types.free(&mut real).unwrap_err().message().contains("predefined"));
        let outer = types.contiguous(2, real).unwrap();
        let recipe = types.get(outer).unwrap().recipe().clone();
        assert_eq!(types.ingredients(&recipe).unwrap(), [real]);
    }

    #[test]
    fn the_smallest_kind_that_is_large_enough_is_chosen() {
        let mut types = Types::new();
        let mut size = |p, r| types.f90_real(p, r).and_then(|t| types.get(t)).map(|t| t.size()).ok();
        assert_eq!([size(0, 0), size(6, 37), size(6, 38), size(15, 307)], [4, 4, 8, 8].map(Some));
        assert_eq!([size(16, 0), size(UNDEFINED, 308), size(33, 4931)], [16; 3].map(Some));
        assert_eq!([size(34, 0), size(0, 4932), size(UNDEFINED, UNDEFINED), size(-1, 0)], [None; 4]);
        let mut size = |r| types.f90_integer(r).and_then(|t| types.get(t)).map(|t| t.size()).ok();
        assert_eq!([2, 3, 9, 10, 18, 19, 38].map(&mut size), [1, 2, 4, 8, 8, 16, 16].map(Some));
        assert_eq!([size(39), size(-1), size(UNDEFINED)], [None; 3]);
    }

    #[test]
    fn pairs_are_found_by_their_parts() {
        let mut types = Types::new();
        let handle = |name| named(name).unwrap().handle;
        let (int, double, count) = (handle("MPI_INT"), handle("MPI_DOUBLE"), handle("MPI_COUNT"));
        assert_eq!(types.value_index(double, int).unwrap(), handle("MPI_DOUBLE_INT"));
        let pair = types.value_index(int, count).unwrap();
        assert_eq!(types.value_index(int, count).unwrap(), pair);
        let found = types.get(pair).unwrap();
        assert_eq!((found.size(), found.extent(), found.true_extent()), (12, 16, 16));
        assert_eq!(types.value_index(int, double).unwrap(), Handle::DATATYPE_NULL);
        assert_eq!(types.value_index(handle("MPI_BYTE"), int).unwrap(), Handle::DATATYPE_NULL);
        let derived = types.contiguous(1, int).unwrap();
        assert_eq!(types.value_index(derived, int).unwrap(), Handle::DATATYPE_NULL);
        assert!(types.value_index(Handle::DATATYPE_NULL, int).is_err());
    }
}
