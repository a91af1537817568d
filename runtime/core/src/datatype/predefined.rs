//! The predefined datatypes (MPI 5.0, sections 3.2.2 and 6.9.4; their handles: section 20.3).

use std::rc::Rc;

use super::flatten::{Map, Node};
use super::signature::{Element, Signature};
use crate::handle::Handle;

/// How one number is kept in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Scalar {
    I8,
    I16,
    I32,
    I64,
    I128,
    U8,
    U16,
    U32,
    U64,
    F16,
    F32,
    F64,
    /// The 80 bits of the x87, in 16 bytes.
    F80,
    F128,
}

/// C's `long double`.
#[cfg(target_arch = "x86_64")]
const LONG_DOUBLE: Scalar = Scalar::F80;
#[cfg(not(target_arch = "x86_64"))]
const LONG_DOUBLE: Scalar = Scalar::F128;

impl Scalar {
    /// Bytes, and alignment.
    pub const fn size(self) -> u64 {
        match self {
            Scalar::I8 | Scalar::U8 => 1,
            Scalar::I16 | Scalar::U16 | Scalar::F16 => 2,
            Scalar::I32 | Scalar::U32 | Scalar::F32 => 4,
            Scalar::I64 | Scalar::U64 | Scalar::F64 => 8,
            Scalar::I128 | Scalar::F80 | Scalar::F128 => 16,
        }
    }
}

/// What a type is to the predefined operators (MPI 5.0, section 6.9.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// C's and Fortran's integers, and those that all languages share (`MPI_AINT` and its kin).
    Integer(Scalar),
    /// Numbers with a fraction.
    Floating(Scalar),
    /// Two of them.
    Complex(Scalar),
    /// True or false.
    Logical(Scalar),
    /// Uninterpreted bytes.
    Byte,
    /// Characters and packed data, which no operator knows.
    Opaque(Scalar),
    /// A value and an index, in this order, for MINLOC and MAXLOC.
    Pair(Scalar, Scalar),
}

/// A predefined datatype.
#[derive(Clone, Copy, Debug)]
pub struct Basic {
    /// Its handle.
    pub handle: Handle,
    /// Its C name.
    pub name: &'static str,
    /// What it is.
    pub class: Class,
}

impl Basic {
    /// What its address should be a multiple of.
    pub(super) fn align(&self) -> i64 {
        match self.class {
            Class::Integer(s)
            | Class::Floating(s)
            | Class::Complex(s)
            | Class::Logical(s)
            | Class::Opaque(s) => s.size() as i64,
            Class::Byte => 1,
            Class::Pair(value, index) => value.size().max(index.size()) as i64,
        }
    }

    /// The distance from one element to the next.
    pub(super) fn extent(&self) -> i64 {
        match self.class {
            Class::Integer(s) | Class::Floating(s) | Class::Logical(s) | Class::Opaque(s) => s.size() as i64,
            Class::Complex(s) => 2 * s.size() as i64,
            Class::Byte => 1,
            Class::Pair(value, index) => {
                let end = Self::index_offset(value, index) + index.size() as i64;
                (end as u64).next_multiple_of(self.align() as u64) as i64
            }
        }
    }

    /// Where in a pair its index lies.
    pub(crate) fn index_offset(value: Scalar, index: Scalar) -> i64 {
        value.size().next_multiple_of(index.size()) as i64
    }

    /// Where its data lies, and what it is made of.
    pub(super) fn layout(&self) -> (Map, Rc<Signature>) {
        if let Class::Pair(value, index) = self.class {
            let parts = [(0, value.size()), (Self::index_offset(value, index), index.size())];
            let map =
                Map::sequence(parts.iter().map(|&(at, size)| Map::new(at, Node::block(size))).collect());
            let signature = [value, index].map(|scalar| Signature::basic(self.element(scalar, 1)));
            return (map, Signature::sequence(signature.into()));
        }
        let element = match self.class {
            Class::Complex(scalar) => self.element(scalar, 2),
            Class::Integer(s) | Class::Floating(s) | Class::Logical(s) | Class::Opaque(s) => {
                self.element(s, 1)
            }
            Class::Byte | Class::Pair(..) => self.element(U8, 1),
        };
        (Map::new(0, Node::block(element.bytes())), Signature::basic(element))
    }

    /// The sizes of external32 are those of memory, but for these (MPI 5.0, table 14.2).
    fn element(&self, scalar: Scalar, numbers: u8) -> Element {
        let external = match self.name {
            "MPI_LONG" | "MPI_UNSIGNED_LONG" | "MPI_LONG_INT" => 4,
            "MPI_WCHAR" => 2,
            _ => scalar.size() as u8,
        };
        Element { scalar, numbers, external }
    }
}

const fn basic(handle: usize, name: &'static str, class: Class) -> Basic {
    Basic { handle: Handle(handle), name, class }
}

use Class::{Byte, Complex, Floating, Integer, Logical, Opaque, Pair};
use Scalar::{F16, F32, F64, F128, I8, I16, I32, I64, I128, U8, U16, U32, U64};

/// All of them.
pub static PREDEFINED: &[Basic] = &[
    basic(0x201, "MPI_AINT", Integer(I64)),
    basic(0x202, "MPI_COUNT", Integer(I64)),
    basic(0x203, "MPI_OFFSET", Integer(I64)),
    basic(0x207, "MPI_PACKED", Opaque(U8)),
    basic(0x208, "MPI_SHORT", Integer(I16)),
    basic(0x209, "MPI_INT", Integer(I32)),
    basic(0x20a, "MPI_LONG", Integer(I64)),
    // Of two names that the standard gives a type, it has the first one (MPI 5.0, section 3.2.2).
    basic(0x20b, "MPI_LONG_LONG_INT", Integer(I64)),
    basic(0x20c, "MPI_UNSIGNED_SHORT", Integer(U16)),
    basic(0x20d, "MPI_UNSIGNED", Integer(U32)),
    basic(0x20e, "MPI_UNSIGNED_LONG", Integer(U64)),
    basic(0x20f, "MPI_UNSIGNED_LONG_LONG", Integer(U64)),
    basic(0x210, "MPI_FLOAT", Floating(F32)),
    basic(0x212, "MPI_C_COMPLEX", Complex(F32)),
    basic(0x213, "MPI_CXX_FLOAT_COMPLEX", Complex(F32)),
    basic(0x214, "MPI_DOUBLE", Floating(F64)),
    basic(0x216, "MPI_C_DOUBLE_COMPLEX", Complex(F64)),
    basic(0x217, "MPI_CXX_DOUBLE_COMPLEX", Complex(F64)),
    basic(0x218, "MPI_LOGICAL", Logical(U32)),
    basic(0x219, "MPI_INTEGER", Integer(I32)),
    basic(0x21a, "MPI_REAL", Floating(F32)),
    basic(0x21b, "MPI_COMPLEX", Complex(F32)),
    basic(0x21c, "MPI_DOUBLE_PRECISION", Floating(F64)),
    basic(0x21d, "MPI_DOUBLE_COMPLEX", Complex(F64)),
    basic(0x21e, "MPI_CHARACTER", Opaque(U8)),
    basic(0x220, "MPI_LONG_DOUBLE", Floating(LONG_DOUBLE)),
    basic(0x224, "MPI_C_LONG_DOUBLE_COMPLEX", Complex(LONG_DOUBLE)),
    basic(0x225, "MPI_CXX_LONG_DOUBLE_COMPLEX", Complex(LONG_DOUBLE)),
    basic(0x228, "MPI_FLOAT_INT", Pair(F32, I32)),
    basic(0x229, "MPI_DOUBLE_INT", Pair(F64, I32)),
    basic(0x22a, "MPI_LONG_INT", Pair(I64, I32)),
    basic(0x22b, "MPI_2INT", Pair(I32, I32)),
    basic(0x22c, "MPI_SHORT_INT", Pair(I16, I32)),
    basic(0x22d, "MPI_LONG_DOUBLE_INT", Pair(LONG_DOUBLE, I32)),
    basic(0x230, "MPI_2REAL", Pair(F32, F32)),
    basic(0x231, "MPI_2DOUBLE_PRECISION", Pair(F64, F64)),
    basic(0x232, "MPI_2INTEGER", Pair(I32, I32)),
    basic(0x238, "MPI_C_BOOL", Logical(U8)),
    basic(0x239, "MPI_CXX_BOOL", Logical(U8)),
    basic(0x23c, "MPI_WCHAR", Opaque(U32)),
    basic(0x240, "MPI_INT8_T", Integer(I8)),
    basic(0x241, "MPI_UINT8_T", Integer(U8)),
    // The standard has no operators for it, but every MPI does, and programs use them.
    basic(0x243, "MPI_CHAR", Integer(I8)),
    basic(0x244, "MPI_SIGNED_CHAR", Integer(I8)),
    basic(0x245, "MPI_UNSIGNED_CHAR", Integer(U8)),
    basic(0x247, "MPI_BYTE", Byte),
    basic(0x248, "MPI_INT16_T", Integer(I16)),
    basic(0x249, "MPI_UINT16_T", Integer(U16)),
    basic(0x250, "MPI_INT32_T", Integer(I32)),
    basic(0x251, "MPI_UINT32_T", Integer(U32)),
    basic(0x258, "MPI_INT64_T", Integer(I64)),
    basic(0x259, "MPI_UINT64_T", Integer(U64)),
    basic(0x2c0, "MPI_LOGICAL1", Logical(U8)),
    basic(0x2c1, "MPI_INTEGER1", Integer(I8)),
    basic(0x2c8, "MPI_LOGICAL2", Logical(U16)),
    basic(0x2c9, "MPI_INTEGER2", Integer(I16)),
    basic(0x2ca, "MPI_REAL2", Floating(F16)),
    basic(0x2d0, "MPI_LOGICAL4", Logical(U32)),
    basic(0x2d1, "MPI_INTEGER4", Integer(I32)),
    basic(0x2d2, "MPI_REAL4", Floating(F32)),
    basic(0x2d3, "MPI_COMPLEX4", Complex(F16)),
    basic(0x2d8, "MPI_LOGICAL8", Logical(U64)),
    basic(0x2d9, "MPI_INTEGER8", Integer(I64)),
    basic(0x2da, "MPI_REAL8", Floating(F64)),
    basic(0x2db, "MPI_COMPLEX8", Complex(F32)),
    basic(0x2e0, "MPI_LOGICAL16", Logical(I128)),
    basic(0x2e1, "MPI_INTEGER16", Integer(I128)),
    basic(0x2e2, "MPI_REAL16", Floating(F128)),
    basic(0x2e3, "MPI_COMPLEX16", Complex(F64)),
    basic(0x2eb, "MPI_COMPLEX32", Complex(F128)),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// In the standard ABI bits 3 to 5 of such a handle are the logarithm of the type's size (MPI 5.0, section 20.3.3).
    #[test]
    fn sizes_are_those_that_the_handles_tell() {
        for basic in PREDEFINED {
            let value = basic.handle.0;
            let fixed = (0x240..0x280).contains(&value) || (0x2c0..0x300).contains(&value);
            if fixed {
                assert_eq!(basic.extent(), 1 << (value >> 3 & 7), "{}", basic.name);
            }
        }
    }

    #[test]
    fn handles_differ() {
        let mut values: Vec<_> = PREDEFINED.iter().map(|b| b.handle.0).collect();
        values.dedup();
        assert_eq!(values.len(), PREDEFINED.len());
        assert!(values.is_sorted());
    }
}
