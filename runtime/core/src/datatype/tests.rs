use proptest::prelude::*;

use super::construct::Order;
use super::*;
use crate::counts::Counts;

const INT: Handle = Handle(0x209);
const CHAR: Handle = Handle(0x243);
const DOUBLE: Handle = Handle(0x214);
const DOUBLE_INT: Handle = Handle(0x229);
const SHORT_INT: Handle = Handle(0x22c);

#[test]
fn pairs_have_the_layout_of_c_structs() {
    let types = Types::new();
    let shape = |h| types.get(h).map(|t| (t.size(), t.extent(), t.basic_elements(t.size()))).unwrap();
    assert_eq!(shape(DOUBLE_INT), (12, 16, Some(2)));
    assert_eq!(shape(SHORT_INT), (6, 8, Some(2)));
    assert_eq!(types.contiguous_size(DOUBLE_INT), None);
    assert_eq!(types.contiguous_size(INT), Some(4));
    assert_eq!(types.contiguous_size(Handle::DATATYPE_NULL), None);
    assert_eq!(types.contiguous_size(Handle(7)), None);
}

#[test]
fn a_struct_is_padded_as_in_c_unless_its_bounds_were_set() {
    let mut types = Types::new();
    let t = types.structure(Counts::I32(&[1, 1]), Counts::I64(&[0, 8]), &[DOUBLE, CHAR]).unwrap();
    assert_eq!(types.get(t).unwrap().extent(), 16);
    assert_eq!(types.get(t).unwrap().true_extent(), 9);
    let r = types.resized(t, -4, 40).unwrap();
    assert_eq!((types.get(r).unwrap().lb(), types.get(r).unwrap().extent()), (-4, 40));
    // A bound that was set outweighs those of the elements beside it.
    let s = types.structure(Counts::I32(&[1, 1]), Counts::I64(&[0, 100]), &[r, INT]).unwrap();
    assert_eq!((types.get(s).unwrap().lb(), types.get(s).unwrap().extent()), (-4, 40));
}

#[test]
fn what_touches_is_merged() {
    let mut types = Types::new();
    let row = types.contiguous(5, INT).unwrap();
    let rows = types.vector(3, 1, 1, row).unwrap();
    assert!(types.get(rows).unwrap().is_contiguous());
    let indexed = types.indexed(Counts::I32(&[2, 3]), Counts::I32(&[0, 2]), INT).unwrap();
    assert!(types.get(indexed).unwrap().is_contiguous());
    let shifted = types.indexed(Counts::I32(&[2]), Counts::I32(&[1]), INT).unwrap();
    assert!(!types.get(shifted).unwrap().is_contiguous());
    assert_eq!(types.get(shifted).unwrap().lb(), 4);
    let none = types.vector(0, 3, 7, INT).unwrap();
    assert_eq!((types.get(none).unwrap().size(), types.get(none).unwrap().extent()), (0, 0));
}

#[test]
fn errors_are_named_and_nothing_predefined_is_freed() {
    let mut types = Types::new();
    assert!(types.contiguous(-1, INT).unwrap_err().message().contains("less than 0"));
    assert!(types.contiguous(i64::MAX, INT).is_err());
    assert!(types.vector(2, 1, i64::MAX, INT).is_err());
    assert!(types.contiguous(1, Handle(0x2ff)).is_err());
    let mut int = INT;
    assert!(types.free(&mut int).is_err());
    let mut t = types.contiguous(2, INT).unwrap();
    let stale = t;
    types.free(&mut t).unwrap();
    assert_eq!(t, Handle::DATATYPE_NULL);
    assert!(types.get(stale).is_err());
}

#[test]
fn elements_are_counted_through_the_signature() {
    let mut types = Types::new();
    let pair = types.structure(Counts::I32(&[1, 2]), Counts::I64(&[0, 4]), &[INT, DOUBLE]).unwrap();
    let pairs = types.contiguous(3, pair).unwrap();
    let t = types.get(pairs).unwrap();
    assert_eq!(t.size(), 60);
    assert_eq!(t.basic_elements(60), Some(9));
    assert_eq!(t.basic_elements(120 + 20 + 4), Some(18 + 3 + 1));
    assert_eq!(t.basic_elements(12), Some(2));
    assert_eq!(t.basic_elements(6), None);
    assert_eq!(t.whole_elements(61), None);
}

#[test]
fn what_has_a_byte_twice_is_found_where_it_is_certain() {
    let mut types = Types::new();
    let mut overlaps = |make: &dyn Fn(&mut Types) -> Result<Handle>, count| {
        let made = make(&mut types).unwrap();
        types.get(made).unwrap().overlaps(count)
    };
    assert!(overlaps(&|t| t.vector(2, 2, 1, INT), 1));
    assert!(!overlaps(&|t| t.vector(2, 2, 2, INT), 1));
    assert!(overlaps(&|t| t.indexed(Counts::I32(&[1, 3, 1]), Counts::I32(&[9, 0, 2]), INT), 1));
    assert!(overlaps(&|t| t.resized(INT, 0, 0), 2));
    assert!(!overlaps(&|t| t.resized(INT, 0, 0), 1));
    // Every second int: the next element fills the gaps, the one after that does not.
    let comb = |t: &mut Types| {
        let comb = t.vector(4, 1, 2, INT)?;
        t.resized(comb, 0, 4)
    };
    assert!(!overlaps(&comb, 2));
    assert!(overlaps(&comb, 3));
    // A quarter of a million blocks, out of order and apart.
    let places: Vec<i32> = (0..1i64 << 18).map(|i| (i * 40503 % (1 << 18) * 2) as i32).collect();
    let lengths = vec![1; places.len()];
    assert!(!overlaps(&|t| t.indexed(Counts::I32(&lengths), Counts::I32(&places), INT), 1));
}

#[test]
fn a_signature_is_as_long_as_the_kinds_in_it() {
    let mut types = Types::new();
    let pair = types.structure(Counts::I32(&[1, 1]), Counts::I64(&[0, 4]), &[INT, DOUBLE]).unwrap();
    let places: Vec<i32> = (0..10_000).map(|i| i * 3 % 10_007).collect();
    let many = types.indexed_block(2, Counts::I32(&places), pair).unwrap();
    let many = types.get(many).unwrap();
    assert!(format!("{:?}", many.signature).len() < 2000);
    assert_eq!(many.basic_elements(many.size() - 8), Some(39_999));
}

#[test]
fn recipes_tell_which_form_made_the_type() {
    let mut types = Types::new();
    let t = types.hvector(3, 2, 64, INT).unwrap();
    let numbers = |types: &Types| {
        let t = types.get(t).unwrap();
        (t.recipe().all_integers(), t.recipe().all_addresses(), t.recipe().all_large_counts())
    };
    assert_eq!(numbers(&types), (vec![3, 2], vec![64], vec![]));
    types.note_large_counts(t).unwrap();
    assert_eq!(numbers(&types), (vec![], vec![], vec![3, 2, 64]));
}

#[test]
fn bounds_of_old_are_markers_in_a_struct() {
    let mut types = Types::new();
    let olds = [Handle::LB, INT, Handle::UB];
    let places = [-8, 0, 24];
    let t = types.structure(Counts::I32(&[1; 3]), Counts::I64(&places), &olds).unwrap();
    let found = types.get(t).unwrap();
    assert_eq!((found.lb(), found.extent(), found.size(), found.true_extent()), (-8, 32, 4, 4));
    assert_eq!(found.basic_elements(4), Some(1));
    // A marker goes on outweighing data in types made of this one; the data's end counts where there is no marker.
    let outer = types.structure(Counts::I32(&[1, 1]), Counts::I64(&[0, 100]), &[t, INT]).unwrap();
    assert_eq!(types.get(outer).unwrap().extent(), 32);
    let t = types.structure(Counts::I32(&[1, 1]), Counts::I64(&[-4, 0]), &[Handle::LB, INT]).unwrap();
    assert_eq!((types.get(t).unwrap().lb(), types.get(t).unwrap().extent()), (-4, 8));
    let mut marker = Handle::LB;
    assert!(types.free(&mut marker).is_err());
}

/// How a type is built, step by step, from `MPI_INT`.
#[derive(Clone, Debug)]
enum Build {
    Contiguous(i64),
    Vector(i64, i64, i64),
    Indexed(Vec<(i32, i32)>),
    Structure(Vec<(i32, i64)>),
    Resized(i64, i64),
    Hvector(i64, i64, i64),
    IndexedBlock(i64, Vec<i32>),
    Subarray([(i32, i32, i32); 2], bool),
    Dup,
}

fn step() -> impl Strategy<Value = Build> {
    prop_oneof![
        (0..4i64).prop_map(Build::Contiguous),
        (0..4i64, 0..3i64, -4..6i64).prop_map(|(c, b, s)| Build::Vector(c, b, s)),
        prop::collection::vec((0..3i32, -5..8i32), 0..4).prop_map(Build::Indexed),
        prop::collection::vec((0..3i32, -40..80i64), 0..4).prop_map(Build::Structure),
        (-20..20i64, -10..90i64).prop_map(|(l, e)| Build::Resized(l, e)),
        (0..4i64, 0..3i64, -30..50i64).prop_map(|(c, b, s)| Build::Hvector(c, b, s)),
        (0..3i64, prop::collection::vec(-5..8i32, 0..4)).prop_map(|(b, d)| Build::IndexedBlock(b, d)),
        ([(1..4i32, 0..3i32, 0..3i32), (1..4i32, 0..3i32, 0..3i32)], any::<bool>())
            .prop_map(|(dims, fortran)| Build::Subarray(dims, fortran)),
        Just(Build::Dup),
    ]
}

/// The type map by the standard's definition: the places of all bytes, in order.
fn apply(types: &mut Types, old: Handle, bytes: &[i64], build: &Build) -> (Handle, Vec<i64>) {
    let extent = types.get(old).unwrap().extent();
    let block = |length: i64, at: i64| -> Vec<i64> {
        (0..length).flat_map(|i| bytes.iter().map(move |b| b + at + i * extent)).collect()
    };
    match build {
        Build::Contiguous(n) => (types.contiguous(*n, old).unwrap(), block(*n, 0)),
        Build::Vector(count, length, stride) => {
            let all = (0..*count).flat_map(|i| block(*length, i * stride * extent)).collect();
            (types.vector(*count, *length, *stride, old).unwrap(), all)
        }
        Build::Indexed(blocks) => {
            let (lengths, places): (Vec<i32>, Vec<i32>) = blocks.iter().copied().unzip();
            let all = blocks.iter().flat_map(|&(l, d)| block(l as i64, d as i64 * extent)).collect();
            (types.indexed(Counts::I32(&lengths), Counts::I32(&places), old).unwrap(), all)
        }
        Build::Structure(blocks) => {
            let (lengths, places): (Vec<i32>, Vec<i64>) = blocks.iter().copied().unzip();
            let all = blocks.iter().flat_map(|&(l, d)| block(l as i64, d)).collect();
            let olds = vec![old; blocks.len()];
            (types.structure(Counts::I32(&lengths), Counts::I64(&places), &olds).unwrap(), all)
        }
        Build::Resized(lb, extent) => (types.resized(old, *lb, *extent).unwrap(), bytes.to_vec()),
        Build::Hvector(count, length, stride) => {
            let all = (0..*count).flat_map(|i| block(*length, i * stride)).collect();
            (types.hvector(*count, *length, *stride, old).unwrap(), all)
        }
        Build::IndexedBlock(length, places) => {
            let all = places.iter().flat_map(|&d| block(*length, d as i64 * extent)).collect();
            (types.indexed_block(*length, Counts::I32(places), old).unwrap(), all)
        }
        Build::Subarray(dims, fortran) => {
            // Of each dimension: how many, how many more before, how many more after.
            let subsizes = dims.map(|d| d.0);
            let starts = dims.map(|d| d.1);
            let sizes = dims.map(|d| d.0 + d.1 + d.2);
            let (slow, fast, order) = match fortran {
                true => (1, 0, Order::Fortran),
                false => (0, 1, Order::C),
            };
            let mut all = Vec::new();
            for i in starts[slow]..starts[slow] + subsizes[slow] {
                for j in starts[fast]..starts[fast] + subsizes[fast] {
                    all.extend(block(1, (i * sizes[fast] + j) as i64 * extent));
                }
            }
            let [sizes, subsizes, starts] = [&sizes, &subsizes, &starts].map(|a| Counts::I32(a));
            (types.subarray(sizes, subsizes, starts, order, old).unwrap(), all)
        }
        Build::Dup => (types.duplicate(old, Attributes::default()).unwrap(), bytes.to_vec()),
    }
}

proptest! {
    #[test]
    #[allow(unsafe_code)]
    fn packing_visits_the_bytes_of_the_type_map_in_order(
        steps in prop::collection::vec(step(), 1..4),
        count in 1..3u64,
        cut in (0..1000usize, 0..1000usize),
    ) {
        let mut types = Types::new();
        let (mut handle, mut bytes) = (INT, vec![0, 1, 2, 3]);
        for build in &steps {
            (handle, bytes) = apply(&mut types, handle, &bytes, build);
        }
        let t = types.get(handle).unwrap();
        prop_assert_eq!(t.size(), bytes.len() as u64);
        for elements in 0..=bytes.len() as u64 / 2 {
            prop_assert_eq!(t.bytes_of_basic(elements), (elements == 0 || t.size() > 0).then_some(4 * elements));
        }
        if !bytes.is_empty() {
            prop_assert_eq!(t.true_lb(), *bytes.iter().min().unwrap());
            prop_assert_eq!(t.true_lb() + t.true_extent(), bytes.iter().max().unwrap() + 1);
        }
        let all: Vec<i64> =
            (0..count as i64).flat_map(|i| bytes.iter().map(move |b| (b, i))).map(|(b, i)| b + i * t.extent()).collect();
        let mut places = all.clone();
        places.sort_unstable();
        prop_assert_eq!(t.overlaps(count), places.windows(2).any(|pair| pair[0] == pair[1]));
        let low = all.iter().copied().min().unwrap_or(0);
        let high = all.iter().copied().max().unwrap_or(0) + 1;
        let mut memory: Vec<u8> = (low..high).map(|i| (i * 7 + (i >> 8)) as u8).collect();
        let expected: Vec<u8> = all.iter().map(|&b| memory[(b - low) as usize]).collect();
        let from = cut.0.min(expected.len());
        let len = cut.1.min(expected.len() - from);
        let base = memory.as_mut_ptr().wrapping_offset(-low as isize);
        let mut out = vec![0; len];
        // SAFETY: `memory` holds all bytes of the elements, and the range was cut to what there is.
        unsafe { pack::pack(&t, base, count, from as u64, out.as_mut_ptr(), len) };
        prop_assert_eq!(&out[..], &expected[from..from + len]);
        // Unpacking what was packed, changed, changes just those bytes (the last visit wins where a type overlaps).
        let changed: Vec<u8> = out.iter().map(|b| !b).collect();
        let mut after = memory.clone();
        for (i, &place) in all[from..from + len].iter().enumerate() {
            after[(place - low) as usize] = changed[i];
        }
        // SAFETY: as above.
        unsafe { pack::unpack(&t, base, count, from as u64, changed.as_ptr(), len) };
        prop_assert_eq!(memory, after);
    }
}
