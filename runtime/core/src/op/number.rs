//! What kernels need of a number, for those that Rust has and for those that C and Fortran have besides.

use rustc_apfloat::Float;
use rustc_apfloat::ieee::{Half, Quad, X87DoubleExtended};

/// A number of a predefined datatype.
pub(super) trait Number: Copy {
    fn sum(self, other: Self) -> Self;
    fn difference(self, other: Self) -> Self;
    fn product(self, other: Self) -> Self;
    fn less(self, other: Self) -> bool;
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        /// Overflow wraps around, as it does in every MPI.
        impl Number for $type {
            #[inline(always)]
            fn sum(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn difference(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            #[inline(always)]
            fn product(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
            #[inline(always)]
            fn less(self, other: Self) -> bool {
                self < other
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 u8 u16 u32 u64);

macro_rules! floats {
    ($($type:ty)*) => {$(
        impl Number for $type {
            #[inline(always)]
            fn sum(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn difference(self, other: Self) -> Self {
                self - other
            }
            #[inline(always)]
            fn product(self, other: Self) -> Self {
                self * other
            }
            #[inline(always)]
            fn less(self, other: Self) -> bool {
                self < other
            }
        }
    )*};
}

floats!(f32 f64);

/// Formats that the processor's vector units do not know are computed in software.
macro_rules! formats {
    ($($(#[$doc:meta])* $name:ident: $bits:ty, $mask:expr, $format:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        #[repr(transparent)]
        pub(super) struct $name($bits);

        impl $name {
            fn value(self) -> $format {
                <$format>::from_bits((self.0 & $mask) as u128)
            }

            fn of(value: $format) -> $name {
                $name(value.to_bits() as $bits)
            }
        }

        impl Number for $name {
            fn sum(self, other: Self) -> Self {
                Self::of((self.value() + other.value()).value)
            }
            fn difference(self, other: Self) -> Self {
                Self::of((self.value() - other.value()).value)
            }
            fn product(self, other: Self) -> Self {
                Self::of((self.value() * other.value()).value)
            }
            fn less(self, other: Self) -> bool {
                self.value() < other.value()
            }
        }
    )*};
}

formats! {
    /// IEEE binary16.
    F16: u16, u16::MAX, Half;
    /// The x87's 80 bits, of which the upper 48 of 128 are no part.
    F80: u128, (1 << 80) - 1, X87DoubleExtended;
    /// IEEE binary128.
    F128: u128, u128::MAX, Quad;
}
