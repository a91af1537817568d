//! Blocks of one length at one distance from each other: the regular kind of data that does not lie in one piece.
//!
//! Numbered through, without the gaps, their bytes are the *packed* ones. Copies between the two forms are the inner loop
//! of derived datatypes; a transport that copies between processes knows this form too, because it can be described in
//! three words.

#![allow(unsafe_code)]

use crate::frame;

/// Blocks of `block` bytes, each `stride` bytes after the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strided {
    /// The length of a block, in bytes; not 0.
    pub block: usize,
    /// From the beginning of one block to that of the next, in bytes.
    pub stride: isize,
}

impl Strided {
    /// Where the blocks lie that hold `len` packed bytes, from the one numbered `at` on: the distance of the first from the
    /// beginning, and the distance from there to the end of the last, in bytes. For blocks that follow each other upwards.
    pub fn span(&self, at: usize, len: usize) -> (usize, usize) {
        if len == 0 {
            return (0, 0);
        }
        let (first, last) = (at / self.block, (at + len - 1) / self.block);
        let stride = self.stride.unsigned_abs();
        (first * stride, (last - first) * stride + self.block)
    }

    /// The pieces in which `len` packed bytes lie, from the one numbered `at` on: their distances from the beginning of the
    /// first block, and their lengths, in bytes. For blocks that follow each other upwards.
    pub fn pieces(&self, at: usize, len: usize) -> impl Iterator<Item = (usize, usize)> {
        let Strided { block, stride } = *self;
        let (mut at, end) = (at, at + len);
        std::iter::from_fn(move || {
            let (number, skip) = (at / block, at % block);
            let length = (block - skip).min(end - at);
            at += length;
            (length > 0).then(|| (number * stride.unsigned_abs() + skip, length))
        })
    }

    /// Copies `len` packed bytes, from the one numbered `at` on, of blocks that begin at `blocks` to `packed`.
    ///
    /// # Safety
    /// The blocks in which those bytes lie must be valid for reads, `packed` for writes of `len` bytes.
    pub unsafe fn gather(&self, blocks: *const u8, at: usize, packed: *mut u8, len: usize) {
        // SAFETY: passed on; `Gather` only reads from the blocks.
        unsafe { self.copy::<Gather>(blocks.cast_mut(), at, packed, len) }
    }

    /// Copies `len` bytes from `packed` to the packed bytes, from the one numbered `at` on, of blocks that begin at
    /// `blocks`.
    ///
    /// # Safety
    /// The blocks in which those bytes lie must be valid for writes, `packed` for reads of `len` bytes.
    pub unsafe fn scatter(&self, blocks: *mut u8, at: usize, packed: *const u8, len: usize) {
        // SAFETY: passed on; `Scatter` only reads from `packed`.
        unsafe { self.copy::<Scatter>(blocks, at, packed.cast_mut(), len) }
    }

    /// Either of the above.
    ///
    /// # Safety
    /// As for the one that `D` names.
    #[inline]
    pub unsafe fn copy<D: Direction>(&self, blocks: *mut u8, at: usize, packed: *mut u8, len: usize) {
        let Strided { block, stride } = *self;
        let (mut packed, mut left) = (packed, len);
        let mut element = blocks.wrapping_offset((at / block) as isize * stride);
        let skip = at % block;
        if skip > 0 {
            let part = left.min(block - skip);
            // SAFETY: the rest of the block in which the range begins, or all of the range.
            unsafe { D::any(element.wrapping_add(skip), packed, part) };
            packed = packed.wrapping_add(part);
            left -= part;
            element = element.wrapping_offset(stride);
        }
        let whole = left / block;
        // SAFETY: `whole` blocks follow, with as many packed bytes.
        unsafe { each::<D>(block, Regular { element, stride }, packed, whole) };
        let rest = left - whole * block;
        if rest > 0 {
            let element = element.wrapping_offset(whole as isize * stride);
            // SAFETY: the beginning of the block in which the range ends.
            unsafe { D::any(element, packed.wrapping_add(whole * block), rest) };
        }
    }
}

/// Which way a copy goes.
pub trait Direction {
    /// Copies `len` bytes between a block and the packed bytes.
    ///
    /// # Safety
    /// Both must be valid for `len` bytes, the source for reads, the target for writes, and they may not overlap.
    unsafe fn copy(element: *mut u8, packed: *mut u8, len: usize);

    /// As `copy`, for lengths that the compiler does not know.
    ///
    /// # Safety
    /// As for `copy`.
    unsafe fn any(element: *mut u8, packed: *mut u8, len: usize);
}

/// From the blocks to packed bytes.
pub struct Gather;

impl Direction for Gather {
    #[inline(always)]
    unsafe fn copy(element: *mut u8, packed: *mut u8, len: usize) {
        // SAFETY: by contract.
        unsafe { std::ptr::copy_nonoverlapping(element, packed, len) }
    }

    #[inline(always)]
    unsafe fn any(element: *mut u8, packed: *mut u8, len: usize) {
        // SAFETY: by contract.
        unsafe { frame::copy(element, packed, len) }
    }
}

/// From packed bytes to the blocks.
pub struct Scatter;

impl Direction for Scatter {
    #[inline(always)]
    unsafe fn copy(element: *mut u8, packed: *mut u8, len: usize) {
        // SAFETY: by contract.
        unsafe { std::ptr::copy_nonoverlapping(packed, element, len) }
    }

    #[inline(always)]
    unsafe fn any(element: *mut u8, packed: *mut u8, len: usize) {
        // SAFETY: by contract.
        unsafe { frame::copy(packed, element, len) }
    }
}

/// Where blocks lie, one after the other.
pub trait Places {
    /// The place of the next block.
    fn next(&mut self) -> *mut u8;
}

/// At one distance.
struct Regular {
    element: *mut u8,
    stride: isize,
}

impl Places for Regular {
    #[inline(always)]
    fn next(&mut self) -> *mut u8 {
        let element = self.element;
        self.element = element.wrapping_offset(self.stride);
        element
    }
}

/// Copies `count` blocks of `block` bytes. Short blocks need no call of memcpy: the lengths of numbers and of small
/// groups of them are known to the compiler, others are moved in overlapping words.
///
/// # Safety
/// All blocks must be valid, for what `D` does to them, and `packed` for all their bytes.
#[inline]
pub unsafe fn each<D: Direction>(block: usize, places: impl Places, packed: *mut u8, count: usize) {
    // SAFETY: passed on, with the length known where it is a frequent one.
    unsafe {
        match block {
            1 => fixed::<D, 1>(places, packed, count),
            2 => fixed::<D, 2>(places, packed, count),
            4 => fixed::<D, 4>(places, packed, count),
            8 => fixed::<D, 8>(places, packed, count),
            12 => fixed::<D, 12>(places, packed, count),
            16 => fixed::<D, 16>(places, packed, count),
            24 => fixed::<D, 24>(places, packed, count),
            32 => fixed::<D, 32>(places, packed, count),
            48 => fixed::<D, 48>(places, packed, count),
            64 => fixed::<D, 64>(places, packed, count),
            128 => fixed::<D, 128>(places, packed, count),
            _ => any::<D>(block, places, packed, count),
        }
    }
}

#[inline(always)]
unsafe fn fixed<D: Direction, const BLOCK: usize>(mut places: impl Places, packed: *mut u8, count: usize) {
    let mut packed = packed;
    for _ in 0..count {
        // SAFETY: by the contract of `each`.
        unsafe { D::copy(places.next(), packed, BLOCK) };
        packed = packed.wrapping_add(BLOCK);
    }
}

#[inline(always)]
unsafe fn any<D: Direction>(block: usize, mut places: impl Places, packed: *mut u8, count: usize) {
    let mut packed = packed;
    for _ in 0..count {
        // SAFETY: by the contract of `each`.
        unsafe { D::any(places.next(), packed, block) };
        packed = packed.wrapping_add(block);
    }
}

/// Asks for the cache line at `address`, which need not be valid.
#[inline(always)]
pub fn prefetch(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which never faults.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_of_every_block_length_goes_both_ways() {
        for block in [1, 3, 8, 17, 64, 70, 128, 200] {
            for stride in [block as isize, block as isize + 5, -(block as isize) - 1] {
                let count = 5usize;
                let reach = 4 * stride.unsigned_abs() + block;
                let mut memory: Vec<u8> = (0..reach).map(|i| (i * 7 + i / 256) as u8).collect();
                let first = if stride < 0 { 4 * stride.unsigned_abs() } else { 0 };
                let place = |i: usize| (first as isize + (i / block) as isize * stride) as usize + i % block;
                let strided = Strided { block, stride };
                for at in [0, 1, block / 2, block, 2 * block + 1] {
                    for len in [0, 1, block, 2 * block + 1, count * block - at] {
                        let len = len.min(count * block - at);
                        let (offset, span) = strided.span(at, len);
                        if len > 0 && stride > 0 {
                            assert!(offset <= place(at) && place(at + len - 1) < offset + span);
                            assert!(
                                place(at) - offset < block && offset + span - place(at + len - 1) <= block
                            );
                        }
                        let mut packed = vec![0; len];
                        // SAFETY: all five blocks lie inside `memory`, and `packed` has `len` bytes.
                        unsafe { strided.gather(memory.as_ptr().add(first), at, packed.as_mut_ptr(), len) };
                        let expected: Vec<u8> = (at..at + len).map(|i| memory[place(i)]).collect();
                        assert_eq!(packed, expected, "{block} {stride} {at} {len}");
                        packed.iter_mut().for_each(|b| *b = !*b);
                        let mut after = memory.clone();
                        (at..at + len).for_each(|i| after[place(i)] = packed[i - at]);
                        // SAFETY: as above.
                        unsafe { strided.scatter(memory.as_mut_ptr().add(first), at, packed.as_ptr(), len) };
                        assert_eq!(memory, after);
                    }
                }
            }
        }
    }
}
