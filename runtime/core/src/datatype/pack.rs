//! Between the memory of a typed buffer and its packed bytes, from any byte on.

#![allow(unsafe_code)]

use rankwise_transport::strided::{self, Direction, Gather, Places, Scatter, Strided};

use super::Datatype;
use super::flatten::{Node, Piece, Shape};

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
    // SAFETY: passed on; `Gather` only reads from the elements.
    unsafe { walk::<Gather>(datatype, base.cast_mut(), count, from, out, len) }
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
    // SAFETY: passed on; `Scatter` only reads from `packed`.
    unsafe { walk::<Scatter>(datatype, base, count, from, packed.cast_mut(), len) }
}

/// How far a walk is: what is to be skipped yet, where packed bytes go next, how many.
struct Cursor {
    skip: u64,
    packed: *mut u8,
    left: usize,
}

impl Cursor {
    /// Goes on behind the next `len` packed bytes; nothing is to be skipped from there on.
    #[inline(always)]
    fn advance(&mut self, len: usize) {
        self.packed = self.packed.wrapping_add(len);
        self.left -= len;
        self.skip = 0;
    }
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
    unsafe { repeated::<D>(count, datatype.extent(), &datatype.map.node, base, &mut cursor) }
}

unsafe fn node<D: Direction>(node: &Node, at: *mut u8, cursor: &mut Cursor) {
    match &node.shape {
        // SAFETY: the caller's node lies at `at`.
        Shape::Block => unsafe { block::<D>(node.bytes(), at, cursor) },
        // SAFETY: as above.
        Shape::Strided { count, stride, inner } => unsafe {
            repeated::<D>(*count, *stride, inner, at, cursor)
        },
        // SAFETY: as above.
        Shape::Scattered { places, inner } => unsafe { scattered::<D>(places, inner, at, cursor) },
        // SAFETY: as above.
        Shape::Pieces(all) => unsafe { pieces::<D>(all, at, cursor) },
        Shape::Sequence { parts, ends } => {
            let first = if cursor.skip == 0 { 0 } else { ends.partition_point(|&end| end <= cursor.skip) };
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
    unsafe { D::any(at.wrapping_add(cursor.skip as usize), cursor.packed, len) };
    cursor.advance(len);
}

/// `count` times the same, `stride` bytes apart.
unsafe fn repeated<D: Direction>(count: u64, stride: i64, inner: &Node, at: *mut u8, cursor: &mut Cursor) {
    let bytes = inner.bytes();
    if bytes == 0 {
        return;
    }
    if inner.is_block() {
        let len = cursor.left.min((count * bytes - cursor.skip) as usize);
        let blocks = Strided { block: bytes as usize, stride: stride as isize };
        // SAFETY: `len` packed bytes of these blocks follow what is to be skipped.
        unsafe { blocks.copy::<D>(at, cursor.skip as usize, cursor.packed, len) };
        return cursor.advance(len);
    }
    let first = cursor.skip / bytes;
    cursor.skip %= bytes;
    let mut at = at.wrapping_offset(first as isize * stride as isize);
    let mut todo = count - first;
    while todo > 0 && cursor.left > 0 {
        // SAFETY: the repetition has one more at `at`.
        unsafe { node::<D>(inner, at, cursor) };
        (at, todo) = (at.wrapping_offset(stride as isize), todo - 1);
    }
}

/// The places of blocks, the memory of which is asked for some time before it is used: no hardware guesses them.
struct Irregular<'a> {
    base: *mut u8,
    places: &'a [i64],
    next: usize,
}

/// How many blocks ahead memory is asked for.
const AHEAD: usize = 24;

impl Places for Irregular<'_> {
    #[inline(always)]
    fn next(&mut self) -> *mut u8 {
        let at = |i: usize| self.base.wrapping_offset(self.places[i] as isize);
        if self.next + AHEAD < self.places.len() {
            strided::prefetch(at(self.next + AHEAD));
        }
        let place = at(self.next);
        self.next += 1;
        place
    }
}

/// The same at each of `places`.
unsafe fn scattered<D: Direction>(places: &[i64], inner: &Node, at: *mut u8, cursor: &mut Cursor) {
    let bytes = inner.bytes();
    let mut first = (cursor.skip / bytes) as usize;
    cursor.skip %= bytes;
    if inner.is_block() {
        if cursor.skip > 0 && cursor.left > 0 {
            // SAFETY: the block in which the range begins.
            unsafe { block::<D>(bytes, at.wrapping_offset(places[first] as isize), cursor) };
            first += 1;
        }
        let whole = (places.len() - first).min(cursor.left / bytes as usize);
        // Those behind the last whole one are listed too, so that their memory is asked for in time.
        let irregular = Irregular { base: at, places: &places[first..], next: 0 };
        // SAFETY: `whole` blocks follow, and there are packed bytes for them.
        unsafe { strided::each::<D>(bytes as usize, irregular, cursor.packed, whole) };
        cursor.advance(whole * bytes as usize);
        first += whole;
    }
    for place in &places[first..] {
        if cursor.left == 0 {
            return;
        }
        // SAFETY: the same lies at each place.
        unsafe { node::<D>(inner, at.wrapping_offset(*place as isize), cursor) };
    }
}

/// Blocks of different lengths.
unsafe fn pieces<D: Direction>(pieces: &[Piece], at: *mut u8, cursor: &mut Cursor) {
    let mut first = 0;
    if cursor.skip > 0 {
        first = pieces.partition_point(|p| p.begin + p.bytes <= cursor.skip);
        cursor.skip -= pieces.get(first).map_or(0, |p| p.begin);
    }
    for (i, piece) in pieces.iter().enumerate().skip(first) {
        if cursor.left == 0 {
            return;
        }
        if let Some(later) = pieces.get(i + AHEAD) {
            strided::prefetch(at.wrapping_offset(later.place as isize));
        }
        // SAFETY: a block of so many bytes lies there.
        unsafe { block::<D>(piece.bytes, at.wrapping_offset(piece.place as isize), cursor) };
    }
}
