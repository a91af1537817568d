//! Between the memory of a typed buffer and its packed bytes, from any byte on.

#![allow(unsafe_code)]

use super::Datatype;
use super::flatten::{Node, Shape};

/// Copies `len` packed bytes of `count` elements at `base` to `out`, from the byte numbered `from` on.
///
/// # Safety
/// The elements must be valid for reads, `out` for writes of `len` bytes, and the range must lie inside the packed bytes.
pub(crate) unsafe fn pack(
    datatype: &Datatype,
    base: *const u8,
    count: u64,
    from: u64,
    out: *mut u8,
    len: usize,
) {
    // SAFETY: passed on; `Out` only reads from the elements.
    unsafe { walk::<Out>(datatype, base.cast_mut(), count, from, out, len) }
}

/// Copies `len` bytes from `packed` to the packed bytes of `count` elements at `base`, from the byte numbered `from` on.
///
/// # Safety
/// The elements must be valid for writes, `packed` for reads of `len` bytes, and the range must lie inside the packed
/// bytes.
pub(crate) unsafe fn unpack(
    datatype: &Datatype,
    base: *mut u8,
    count: u64,
    from: u64,
    packed: *const u8,
    len: usize,
) {
    // SAFETY: passed on; `In` only reads from `packed`.
    unsafe { walk::<In>(datatype, base, count, from, packed.cast_mut(), len) }
}

/// The direction of a copy.
trait Direction {
    /// Copies `len` bytes between an element and the packed bytes.
    ///
    /// # Safety
    /// Both must be valid for `len` bytes, the source for reads, the target for writes.
    unsafe fn copy(element: *mut u8, packed: *mut u8, len: usize);
}

struct Out;

impl Direction for Out {
    #[inline(always)]
    unsafe fn copy(element: *mut u8, packed: *mut u8, len: usize) {
        // SAFETY: by contract; the library's memory and the user's do not overlap.
        unsafe { std::ptr::copy_nonoverlapping(element, packed, len) }
    }
}

struct In;

impl Direction for In {
    #[inline(always)]
    unsafe fn copy(element: *mut u8, packed: *mut u8, len: usize) {
        // SAFETY: as above.
        unsafe { std::ptr::copy_nonoverlapping(packed, element, len) }
    }
}

/// How far a walk is: what is to be skipped yet, where packed bytes go next, how many.
struct Cursor {
    skip: u64,
    packed: *mut u8,
    left: usize,
}

unsafe fn walk<D: Direction>(
    datatype: &Datatype,
    base: *mut u8,
    count: u64,
    from: u64,
    packed: *mut u8,
    len: usize,
) {
    let mut cursor = Cursor { skip: from, packed, left: len };
    let base = base.wrapping_offset(datatype.map.offset as isize);
    // SAFETY: the elements are a repetition of the map at the extent.
    unsafe { strided::<D>(count, datatype.extent(), &datatype.map.node, base, &mut cursor) }
}

unsafe fn node<D: Direction>(node: &Node, at: *mut u8, cursor: &mut Cursor) {
    match &node.shape {
        // SAFETY: the caller's node lies at `at`.
        Shape::Block => unsafe { block::<D>(node.bytes(), at, cursor) },
        // SAFETY: as above.
        Shape::Strided { count, stride, inner } => unsafe {
            strided::<D>(*count, *stride, inner, at, cursor)
        },
        Shape::Sequence { parts, ends } => {
            let first = ends.partition_point(|&end| end <= cursor.skip);
            if first > 0 {
                cursor.skip -= ends[first - 1];
            }
            for part in &parts[first..] {
                if cursor.left == 0 {
                    return;
                }
                // SAFETY: as above, at the part's place.
                unsafe { self::node::<D>(&part.node, at.wrapping_offset(part.offset as isize), cursor) }
            }
        }
    }
}

#[inline]
unsafe fn block<D: Direction>(bytes: u64, at: *mut u8, cursor: &mut Cursor) {
    let len = cursor.left.min((bytes - cursor.skip) as usize);
    // SAFETY: the block has `bytes` bytes, and `left` bounds the packed ones.
    unsafe { D::copy(at.wrapping_add(cursor.skip as usize), cursor.packed, len) };
    cursor.packed = cursor.packed.wrapping_add(len);
    cursor.left -= len;
    cursor.skip = 0;
}

unsafe fn strided<D: Direction>(count: u64, stride: i64, inner: &Node, at: *mut u8, cursor: &mut Cursor) {
    let bytes = inner.bytes();
    if bytes == 0 {
        return;
    }
    let first = cursor.skip / bytes;
    cursor.skip %= bytes;
    let mut at = at.wrapping_offset(first as isize * stride as isize);
    let mut todo = count - first;
    if let Shape::Block = inner.shape {
        if cursor.skip > 0 && todo > 0 {
            // SAFETY: the block at `at` is one of the repetition.
            unsafe { block::<D>(bytes, at, cursor) };
            (at, todo) = (at.wrapping_offset(stride as isize), todo - 1);
        }
        let whole = todo.min(cursor.left as u64 / bytes);
        // SAFETY: `whole` blocks follow, and there are packed bytes for them.
        unsafe { blocks::<D>(bytes as usize, stride as isize, at, cursor.packed, whole as usize) };
        let len = (whole * bytes) as usize;
        cursor.packed = cursor.packed.wrapping_add(len);
        cursor.left -= len;
        at = at.wrapping_offset(whole as isize * stride as isize);
        todo -= whole;
    }
    while todo > 0 && cursor.left > 0 {
        // SAFETY: the repetition has one more at `at`.
        unsafe { node::<D>(inner, at, cursor) };
        (at, todo) = (at.wrapping_offset(stride as isize), todo - 1);
    }
}

/// Copies `count` blocks of `bytes` bytes. Numbers, which most blocks are, need no call of memcpy.
#[inline]
unsafe fn blocks<D: Direction>(bytes: usize, stride: isize, at: *mut u8, packed: *mut u8, count: usize) {
    // SAFETY: passed on, with the length known where it is a number's.
    unsafe {
        match bytes {
            1 => each::<D>(1, stride, at, packed, count),
            2 => each::<D>(2, stride, at, packed, count),
            4 => each::<D>(4, stride, at, packed, count),
            8 => each::<D>(8, stride, at, packed, count),
            12 => each::<D>(12, stride, at, packed, count),
            16 => each::<D>(16, stride, at, packed, count),
            24 => each::<D>(24, stride, at, packed, count),
            32 => each::<D>(32, stride, at, packed, count),
            _ => each::<D>(bytes, stride, at, packed, count),
        }
    }
}

#[inline(always)]
unsafe fn each<D: Direction>(bytes: usize, stride: isize, at: *mut u8, packed: *mut u8, count: usize) {
    let (mut at, mut packed) = (at, packed);
    for _ in 0..count {
        // SAFETY: by the contract of `blocks`.
        unsafe { D::copy(at, packed, bytes) };
        at = at.wrapping_offset(stride);
        packed = packed.wrapping_add(bytes);
    }
}
