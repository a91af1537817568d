//! A chunk of a direct copy: some of its bytes, moved by one side.
//!
//! Either end is one piece or consists of blocks at one distance, and one of them may belong to another process. The
//! kernel copies lists of pieces, at a price for each: long blocks are listed, short ones are packed here. Short blocks of
//! another process are read with the gaps between them and picked out; they cannot be written.

#![allow(unsafe_code)]

use std::io;

use rankwise_os::single_copy::{self, PIECES, Piece};

use crate::frame::Place;
use crate::strided::Strided;

/// Blocks of so many bytes are listed for the kernel, however far apart they lie.
const LONG_BLOCK: usize = 2 << 10;

/// The longest chunk that has to do with blocks, in bytes. What is packed must stay in the cache.
pub const LONGEST_OF_BLOCKS: usize = 64 << 10;

/// Blocks are worth reading with the gaps between them while these are at most so many times as long.
const GAPS: usize = 2;

/// How one side reaches an end of a copy.
#[derive(Clone, Copy)]
pub enum Reach {
    /// At an address of this process: it is mapped here, or it is ours.
    Here(*mut u8),
    /// At an address of that process.
    There(u32, u64),
    /// Not at all.
    Not,
}

/// An end of a copy.
#[derive(Clone, Copy)]
pub struct End {
    pub reach: Reach,
    /// How its bytes lie, if not in one piece.
    pub blocks: Option<Strided>,
}

impl End {
    /// Memory of this process.
    pub fn here(place: Place) -> End {
        End { reach: Reach::Here(place.address), blocks: place.blocks }
    }

    pub fn is_reached(&self) -> bool {
        !matches!(self.reach, Reach::Not)
    }
}

/// Whether blocks follow each other upwards, at a distance of less than 2^32 bytes, and do not overlap.
fn regular(Strided { block, stride }: Strided) -> bool {
    u32::try_from(stride).is_ok_and(|stride| block > 0 && block <= stride as usize)
}

/// Whether bytes that lie like this are worth a direct copy to somewhere else.
pub fn can_be_read(blocks: Option<Strided>) -> bool {
    blocks.is_none_or(|blocks| {
        let dense = blocks.stride.unsigned_abs() <= blocks.block * (GAPS + 1);
        regular(blocks) && (dense || blocks.block >= LONG_BLOCK)
    })
}

/// Whether both sides can copy to bytes that lie like this.
pub fn can_be_written(blocks: Option<Strided>) -> bool {
    blocks.is_none_or(|blocks| regular(blocks) && blocks.block >= LONG_BLOCK)
}

/// Two words in one: how bytes lie that [`can_be_read`]. 0: in one piece.
pub fn encode(blocks: Option<Strided>) -> u64 {
    blocks.map_or(0, |blocks| blocks.block as u64 | (blocks.stride as u64) << 32)
}

/// What [`encode`] made the word of; no blocks at all if it made no such word.
pub fn decode(word: u64) -> Option<Strided> {
    let blocks = Strided { block: word as u32 as usize, stride: (word >> 32) as isize };
    regular(blocks).then_some(blocks)
}

/// Memory in which chunks are put together.
#[derive(Default)]
pub struct Scratch(Vec<u8>);

impl Scratch {
    fn of(&mut self, length: usize) -> *mut u8 {
        if self.0.len() < length {
            self.0 = vec![0; length];
        }
        self.0.as_mut_ptr()
    }
}

/// Copies `len` bytes, from the one numbered `at` on. An end that cannot be reached moves nothing.
///
/// # Safety
/// The bytes of `from` must be valid for reads, those of `to` for writes and nobody else's meanwhile: here, or (the kernel
/// checks that) in the process that is named. At most one end may be there. Blocks must be such as [`can_be_read`] and
/// [`can_be_written`] allow, and `len` then at most [`LONGEST_OF_BLOCKS`].
pub unsafe fn copy(from: End, to: End, at: usize, len: usize, scratch: &mut Scratch) -> io::Result<()> {
    // SAFETY: passed on. The scratch memory is as long as what is put there.
    unsafe {
        match (from.reach, to.reach) {
            (Reach::Here(source), Reach::Here(target)) => {
                copy_here((source, from.blocks, at), (target, to.blocks, at), len);
                Ok(())
            }
            (Reach::There(pid, source), Reach::Here(target)) => match from.blocks {
                Some(blocks) if blocks.block < LONG_BLOCK => {
                    let (offset, span) = blocks.span(at, len);
                    let read = scratch.of(span);
                    single_copy::read(pid, read, source + offset as u64, span)?;
                    copy_here((read, from.blocks, at % blocks.block), (target, to.blocks, at), len);
                    Ok(())
                }
                _ => {
                    let local = List::of(target.addr() as u64, to.blocks, at, len);
                    let remote = List::of(source, from.blocks, at, len);
                    single_copy::read_pieces(pid, local.pieces(), remote.pieces())
                }
            },
            (Reach::Here(source), Reach::There(pid, target)) => {
                let local = match from.blocks {
                    Some(blocks) if blocks.block < LONG_BLOCK => {
                        let packed = scratch.of(len);
                        blocks.gather(source, at, packed, len);
                        List::of(packed.addr() as u64, None, 0, len)
                    }
                    _ => List::of(source.addr() as u64, from.blocks, at, len),
                };
                let remote = List::of(target, to.blocks, at, len);
                single_copy::write_pieces(pid, local.pieces(), remote.pieces())
            }
            (Reach::There(..), Reach::There(..)) => Err(io::ErrorKind::Unsupported.into()),
            (Reach::Not, _) | (_, Reach::Not) => Ok(()),
        }
    }
}

/// Where bytes lie in this process: the beginning, the blocks, the number of the first byte.
type Bytes = (*mut u8, Option<Strided>, usize);

unsafe fn copy_here((source, from, first): Bytes, (target, to, at): Bytes, len: usize) {
    let put = |packed: *mut u8, done: usize, len: usize| {
        // SAFETY: the caller's promise, for a part of the range. Both ends in one piece may be the same memory.
        unsafe {
            match from {
                None => std::ptr::copy(source.wrapping_add(first + done), packed, len),
                Some(blocks) => blocks.gather(source, first + done, packed, len),
            }
        }
    };
    let Some(blocks) = to else { return put(target.wrapping_add(at), 0, len) };
    let mut done = 0;
    for (offset, length) in blocks.pieces(at, len) {
        put(target.wrapping_add(offset), done, length);
        done += length;
    }
}

/// The pieces in which a range lies.
struct List {
    pieces: [Piece; PIECES],
    count: usize,
}

impl List {
    fn of(base: u64, blocks: Option<Strided>, at: usize, len: usize) -> List {
        const { assert!(LONGEST_OF_BLOCKS / LONG_BLOCK + 2 <= PIECES) };
        let mut list = List { pieces: [(0, 0); PIECES], count: 1 };
        match blocks {
            None => list.pieces[0] = (base + at as u64, len),
            Some(blocks) => {
                list.count = 0;
                for (piece, (offset, length)) in list.pieces.iter_mut().zip(blocks.pieces(at, len)) {
                    *piece = (base + offset as u64, length);
                    list.count += 1;
                }
            }
        }
        list
    }

    fn pieces(&self) -> &[Piece] {
        &self.pieces[..self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_encoded_in_a_word() {
        let some = |block, stride| Some(Strided { block, stride });
        for blocks in [None, some(8, 16), some(1, 1), some(4096, u32::MAX as isize)] {
            assert!(can_be_read(blocks));
            assert_eq!(decode(encode(blocks)), blocks);
        }
        for blocks in [some(8, 7), some(0, 8), some(8, -16), some(8, 100), some(4096, 1 << 32)] {
            assert!(!can_be_read(blocks));
        }
        for word in [0, 8, 8 | 7 << 32, 1 << 32] {
            assert_eq!(decode(word), None);
        }
    }
}
