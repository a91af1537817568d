use super::*;
use crate::datatype::Types;
use crate::datatype::predefined::{Class, PREDEFINED};

fn combine<T: Copy>(op: usize, datatype: usize, a: T, b: T) -> T {
    let (ops, types) = (Ops::new(), Types::new());
    let mut out = b;
    let datatype = types.get(Handle(datatype)).unwrap();
    let op = ops.get(Handle(op)).unwrap();
    op.apply(&datatype, Handle(0), (&raw const a).cast(), (&raw mut out).cast(), 1).unwrap();
    out
}

#[test]
fn integers_wrap_and_floats_compute() {
    assert_eq!(combine(0x21, 0x209, i32::MAX, 1), i32::MIN);
    assert_eq!(combine(0x24, 0x214, 1.5f64, -2.0), -3.0);
    assert_eq!(combine(0x22, 0x259, u64::MAX, 3), 3);
    assert_eq!(combine(0x23, 0x258, -1i64, -3), -1);
    assert_eq!(combine(0x28, 0x247, 0b1100u8, 0b1010), 0b1000);
    assert_eq!(combine(0x2a, 0x2e1, 5i128 << 70, 1i128 << 70), 4i128 << 70);
    assert_eq!(combine(0x30, 0x209, 7i32, 8), 1);
    assert_eq!(combine(0x32, 0x238, 1u8, 1), 0);
}

#[test]
fn complex_numbers_multiply() {
    assert_eq!(combine(0x24, 0x216, [1.0f64, 2.0], [3.0, -1.0]), [5.0, 5.0]);
    assert_eq!(combine(0x21, 0x212, [1.0f32, 2.0], [3.0, -1.0]), [4.0, 1.0]);
}

#[test]
fn formats_that_rust_lacks() {
    // 1.5 and 2.5 in binary16, in the x87's format and in binary128.
    assert_eq!(combine(0x21, 0x2ca, 0x3e00u16, 0x4100), 0x4400);
    let x87 = |exponent: u128, mantissa: u128| (exponent << 64) | mantissa;
    let (one_and_a_half, two_and_a_half, four) = (
        x87(0x3fff, 0xc000_0000_0000_0000),
        x87(0x4000, 0xa000_0000_0000_0000),
        x87(0x4001, 0x8000_0000_0000_0000),
    );
    if cfg!(target_arch = "x86_64") {
        // The six bytes above the number may hold anything.
        assert_eq!(combine(0x21, 0x220, one_and_a_half | 7 << 100, two_and_a_half), four);
        assert_eq!(combine(0x22, 0x220, two_and_a_half, one_and_a_half), one_and_a_half);
    }
    assert_eq!(combine(0x21, 0x2e2, 0x3fff_8000u128 << 96, 0x4000_4000u128 << 96), 0x4001_0000u128 << 96);
}

#[test]
fn of_equal_values_the_lower_index_is_chosen() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(C)]
    struct DoubleInt(f64, i32);
    assert_eq!(combine(0x39, 0x229, DoubleInt(2.0, 5), DoubleInt(2.0, 3)), DoubleInt(2.0, 3));
    assert_eq!(combine(0x39, 0x229, DoubleInt(2.0, 1), DoubleInt(2.0, 3)), DoubleInt(2.0, 1));
    assert_eq!(combine(0x39, 0x229, DoubleInt(3.0, 9), DoubleInt(2.0, 3)), DoubleInt(3.0, 9));
    assert_eq!(combine(0x38, 0x229, DoubleInt(3.0, 0), DoubleInt(2.0, 3)), DoubleInt(2.0, 3));
    assert_eq!(combine(0x38, 0x22c, [7i16, 0, 4, 0], [6, 0, 5, 0]), [6, 0, 5, 0]);
}

#[test]
fn operators_are_defined_just_where_the_standard_says() {
    let (ops, types) = (Ops::new(), Types::new());
    for (handle, name, op) in PREDEFINED_OPS {
        for basic in PREDEFINED {
            let defined = ops.get(Handle(handle)).unwrap().check(&types.get(basic.handle).unwrap()).is_ok();
            let expected = match op {
                Sum | Prod => {
                    matches!(basic.class, Class::Integer(_) | Class::Floating(_) | Class::Complex(_))
                }
                Min | Max => matches!(basic.class, Class::Integer(_) | Class::Floating(_)),
                Land | Lor | Lxor => matches!(basic.class, Class::Integer(_) | Class::Logical(_)),
                Band | Bor | Bxor => matches!(basic.class, Class::Integer(_) | Class::Byte),
                Minloc | Maxloc => matches!(basic.class, Class::Pair(..)),
                Replace | NoOp => false,
            };
            assert_eq!(defined, expected, "{name} of {}", basic.name);
        }
    }
}

const PREDEFINED_OPS: [(usize, &str, Predefined); 14] = super::PREDEFINED;

#[test]
fn a_users_operator_is_called_with_what_it_needs() {
    let (mut ops, types) = (Ops::new(), Types::new());
    let seen = Rc::new(std::cell::Cell::new((0, 0)));
    let note = seen.clone();
    let mut op =
        ops.create(false, Rc::new(move |_, _, count, datatype| note.set((count, datatype.0)))).unwrap();
    let mut data = [0i32; 3];
    let user = ops.get(op).unwrap();
    assert!(!user.commutative());
    let int = types.get(Handle(0x209)).unwrap();
    user.apply(&int, Handle(0x209), data.as_ptr().cast(), data.as_mut_ptr().cast(), 3).unwrap();
    assert_eq!(seen.get(), (3, 0x209));
    ops.free(&mut op).unwrap();
    assert_eq!(op, Handle::OP_NULL);
    assert!(ops.free(&mut Handle(0x21)).is_err());
}
