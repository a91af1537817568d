//! The loops of the predefined operators.

#![allow(unsafe_code)]

use super::Predefined::{self, *};
use super::number::{F16, F80, F128, Number};
use crate::datatype::predefined::{Class, Scalar};

/// Combines elements of one datatype by one operator.
#[derive(Clone, Copy)]
pub(super) struct Kernel {
    run: Loop,
    /// How many units of the loop an element is: two numbers of a complex sum, so many bytes.
    units: usize,
}

/// `inout` = `input` op `inout`, so many times.
type Loop = unsafe fn(input: *const u8, inout: *mut u8, count: usize);

impl Kernel {
    /// Combines `count` elements: `inout` = `input` op `inout`.
    ///
    /// # Safety
    /// Both must be valid for `count` elements of the datatype that the kernel was found for, `inout` for writes too.
    pub(super) unsafe fn run(&self, input: *const u8, inout: *mut u8, count: usize) {
        // SAFETY: passed on, with the elements counted in the loop's units.
        unsafe { (self.run)(input, inout, count * self.units) }
    }
}

/// Calls a generic function with the Rust type of a scalar.
macro_rules! with_number {
    ($scalar:expr, $function:ident) => {
        match $scalar {
            Scalar::I8 => $function::<i8>,
            Scalar::I16 => $function::<i16>,
            Scalar::I32 => $function::<i32>,
            Scalar::I64 => $function::<i64>,
            Scalar::I128 => $function::<i128>,
            Scalar::U8 => $function::<u8>,
            Scalar::U16 => $function::<u16>,
            Scalar::U32 => $function::<u32>,
            Scalar::U64 => $function::<u64>,
            Scalar::F16 => $function::<F16>,
            Scalar::F32 => $function::<f32>,
            Scalar::F64 => $function::<f64>,
            Scalar::F80 => $function::<F80>,
            Scalar::F128 => $function::<F128>,
        }
    };
}

/// The same for pairs: a value of any kind with an integer, or Fortran's two equal numbers.
macro_rules! with_pair {
    ($value:expr, $index:expr, $function:ident) => {{
        macro_rules! with_value {
            ($i:ty) => {
                match $value {
                    Scalar::I8 => $function::<i8, $i>,
                    Scalar::I16 => $function::<i16, $i>,
                    Scalar::I32 => $function::<i32, $i>,
                    Scalar::I64 => $function::<i64, $i>,
                    Scalar::I128 => $function::<i128, $i>,
                    Scalar::U8 => $function::<u8, $i>,
                    Scalar::U16 => $function::<u16, $i>,
                    Scalar::U32 => $function::<u32, $i>,
                    Scalar::U64 => $function::<u64, $i>,
                    Scalar::F16 => $function::<F16, $i>,
                    Scalar::F32 => $function::<f32, $i>,
                    Scalar::F64 => $function::<f64, $i>,
                    Scalar::F80 => $function::<F80, $i>,
                    Scalar::F128 => $function::<F128, $i>,
                }
            };
        }
        match ($value, $index) {
            (_, Scalar::I32) => with_value!(i32),
            (_, Scalar::I64) => with_value!(i64),
            (_, Scalar::U32) => with_value!(u32),
            (_, Scalar::U64) => with_value!(u64),
            (Scalar::F32, Scalar::F32) => $function::<f32, f32>,
            (Scalar::F64, Scalar::F64) => $function::<f64, f64>,
            _ => return None,
        }
    }};
}

/// The loop for an operator and a kind of datatype, if the standard defines one (section 6.9.2).
pub(super) fn find(op: Predefined, class: Class) -> Option<Kernel> {
    let (run, units): (Loop, usize) = match (op, class) {
        (Sum, Class::Integer(s) | Class::Floating(s)) => (with_number!(s, sum), 1),
        (Sum, Class::Complex(s)) => (with_number!(s, sum), 2),
        (Prod, Class::Integer(s) | Class::Floating(s)) => (with_number!(s, product), 1),
        (Prod, Class::Complex(s)) => (with_number!(s, complex_product), 1),
        (Min, Class::Integer(s) | Class::Floating(s)) => (with_number!(s, min), 1),
        (Max, Class::Integer(s) | Class::Floating(s)) => (with_number!(s, max), 1),
        (Band, Class::Integer(s)) => (band, s.size() as usize),
        (Bor, Class::Integer(s)) => (bor, s.size() as usize),
        (Bxor, Class::Integer(s)) => (bxor, s.size() as usize),
        (Band, Class::Byte) => (band, 1),
        (Bor, Class::Byte) => (bor, 1),
        (Bxor, Class::Byte) => (bxor, 1),
        (Land | Lor | Lxor, Class::Integer(s) | Class::Logical(s)) => (logical(op, s.size())?, 1),
        (Minloc, Class::Pair(value, index)) => (with_pair!(value, index, minloc), 1),
        (Maxloc, Class::Pair(value, index)) => (with_pair!(value, index, maxloc), 1),
        _ => return None,
    };
    Some(Kernel { run, units })
}

fn logical(op: Predefined, size: u64) -> Option<Loop> {
    macro_rules! of_size {
        ($function:ident) => {
            match size {
                1 => $function::<u8>,
                2 => $function::<u16>,
                4 => $function::<u32>,
                8 => $function::<u64>,
                16 => $function::<u128>,
                _ => return None,
            }
        };
    }
    Some(match op {
        Land => of_size!(land),
        Lor => of_size!(lor),
        _ => of_size!(lxor),
    })
}

/// Applies `f` to every two elements. Buffers need not be aligned.
///
/// # Safety
/// As for [`Kernel::run`].
#[inline(always)]
unsafe fn each<T: Copy>(input: *const u8, inout: *mut u8, count: usize, f: impl Fn(T, T) -> T) {
    let (input, inout) = (input.cast::<T>(), inout.cast::<T>());
    for i in 0..count {
        // SAFETY: `i` is below the number of elements; any bits are a value of these types.
        unsafe {
            let value = f(input.add(i).read_unaligned(), inout.add(i).read_unaligned());
            inout.add(i).write_unaligned(value);
        }
    }
}

macro_rules! loops {
    ($($name:ident<$type:ty $(, $bound:path)?>($a:ident, $b:ident) $result:expr;)*) => {$(
        unsafe fn $name$(<T: $bound>)?(input: *const u8, inout: *mut u8, count: usize) {
            // SAFETY: passed on.
            unsafe { each::<$type>(input, inout, count, |$a, $b| $result) }
        }
    )*};
}

loops! {
    sum<T, Number>(a, b) a.sum(b);
    product<T, Number>(a, b) a.product(b);
    min<T, Number>(a, b) if a.less(b) { a } else { b };
    max<T, Number>(a, b) if b.less(a) { a } else { b };
    complex_product<[T; 2], Number>(a, b) [
        a[0].product(b[0]).difference(a[1].product(b[1])),
        a[0].product(b[1]).sum(a[1].product(b[0])),
    ];
    band<u8>(a, b) a & b;
    bor<u8>(a, b) a | b;
    bxor<u8>(a, b) a ^ b;
    land<T, Truth>(a, b) T::of(a.truth() & b.truth());
    lor<T, Truth>(a, b) T::of(a.truth() | b.truth());
    lxor<T, Truth>(a, b) T::of(a.truth() ^ b.truth());
}

/// A number that stands for true (not zero) or false.
trait Truth: Copy {
    fn truth(self) -> bool;
    fn of(truth: bool) -> Self;
}

macro_rules! truths {
    ($($type:ty)*) => {$(
        impl Truth for $type {
            #[inline(always)]
            fn truth(self) -> bool {
                self != 0
            }
            #[inline(always)]
            fn of(truth: bool) -> Self {
                truth as $type
            }
        }
    )*};
}

truths!(u8 u16 u32 u64 u128);

/// A value and an index as C lays them out in a struct.
#[derive(Clone, Copy)]
#[repr(C)]
struct Pair<V, I> {
    value: V,
    index: I,
}

/// Chooses the pair whose value comes first in `order`; of equal ones that with the lower index.
///
/// # Safety
/// As for [`Kernel::run`].
#[inline(always)]
unsafe fn choose<V: Number, I: Number>(
    input: *const u8,
    inout: *mut u8,
    count: usize,
    order: impl Fn(V, V) -> bool,
) {
    let (input, inout) = (input.cast::<Pair<V, I>>(), inout.cast::<Pair<V, I>>());
    for i in 0..count {
        // SAFETY: `i` is below the number of elements. Only value and index are touched, not the gaps between them.
        unsafe {
            let (a, b) = (input.add(i), inout.add(i));
            let (mine, other) =
                ((&raw const (*b).value).read_unaligned(), (&raw const (*a).value).read_unaligned());
            let index = (&raw const (*a).index).read_unaligned();
            let equal = !order(mine, other) && !order(other, mine);
            let lower = index.less((&raw const (*b).index).read_unaligned());
            if order(other, mine) || (equal && lower) {
                (&raw mut (*b).value).write_unaligned(other);
                (&raw mut (*b).index).write_unaligned(index);
            }
        }
    }
}

unsafe fn minloc<V: Number, I: Number>(input: *const u8, inout: *mut u8, count: usize) {
    // SAFETY: passed on.
    unsafe { choose::<V, I>(input, inout, count, |a, b| a.less(b)) }
}

unsafe fn maxloc<V: Number, I: Number>(input: *const u8, inout: *mut u8, count: usize) {
    // SAFETY: passed on.
    unsafe { choose::<V, I>(input, inout, count, |a, b| b.less(a)) }
}
