//! Frames as they are handed to a transport, and payloads as they come out of one.
//!
//! Payload bytes are a user's memory or memory that a peer writes: neither may be seen through a reference, so both are
//! raw pointers here, and the promise that they are valid is made where a [`Body`] or a [`Payload`] is built.

#![allow(unsafe_code)]

use std::marker::PhantomData;

use crate::strided::Strided;

/// What goes to a peer: a header, a few words that the layer above puts first, and the bytes of a message.
pub struct Frame<'a, 'b> {
    /// Not looked at by the transport.
    pub header: [u64; 2],
    /// The first words of the payload.
    pub words: &'a [u64],
    /// The rest of the payload.
    pub body: Body<'b>,
}

impl Frame<'_, '_> {
    /// A frame that has only a header and `words`.
    pub fn control(header: [u64; 2], words: &[u64]) -> Frame<'_, 'static> {
        Frame { header, words, body: Body::EMPTY }
    }

    /// The length of the payload, in bytes.
    #[inline]
    pub fn len(&self) -> usize {
        self.words.len() * 8 + self.body.len
    }

    /// Whether there is no payload.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the payload to `bytes`.
    pub fn append_to(&self, bytes: &mut Vec<u8>) {
        let (before, length) = (bytes.len(), self.len());
        bytes.reserve(length);
        // SAFETY: there is room for `length` bytes behind the present ones, and all of them are written.
        unsafe {
            self.write(bytes.as_mut_ptr().add(before));
            bytes.set_len(before + length);
        }
    }

    /// Writes the payload to `out`.
    ///
    /// # Safety
    /// `out` must be valid for writes of [`Frame::len`] bytes.
    #[inline]
    pub unsafe fn write(&self, out: *mut u8) {
        let words = self.words.len() * 8;
        // SAFETY: `out` has room for words and body; `words` is a live slice.
        unsafe {
            if words > 0 {
                out.copy_from_nonoverlapping(self.words.as_ptr().cast(), words);
            }
            self.body.write(out.add(words));
        }
    }
}

/// Writes `len` bytes of a payload that does not lie in one piece.
pub trait Fill {
    /// Writes the bytes from `from` on, `length` of them, to `out`.
    ///
    /// # Safety
    /// `out` must be valid for writes of `length` bytes.
    unsafe fn fill(&self, from: usize, out: *mut u8, length: usize);
}

/// The bytes of a message, or of a part of one.
#[derive(Clone, Copy)]
pub struct Body<'a> {
    source: Source<'a>,
    len: usize,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    Bytes(*const u8),
    /// From the packed byte of this number on.
    Strided(*const u8, Strided, usize),
    Fill(&'a dyn Fill),
}

impl<'a> Body<'a> {
    /// No bytes.
    pub const EMPTY: Body<'static> = Body { source: Source::Bytes(std::ptr::null()), len: 0 };

    /// `len` bytes in one piece.
    ///
    /// # Safety
    /// `bytes` must be valid for reads of `len` bytes for as long as the body, or an exposure of it, is in use.
    #[inline]
    pub unsafe fn bytes(bytes: *const u8, len: usize) -> Body<'static> {
        Body { source: Source::Bytes(bytes), len }
    }

    /// `len` packed bytes, from the one numbered `at` on, of blocks that begin at `blocks`.
    ///
    /// # Safety
    /// The blocks must be valid for reads for as long as the body, or an exposure of it, is in use.
    #[inline]
    pub unsafe fn strided(blocks: *const u8, strided: Strided, at: usize, len: usize) -> Body<'static> {
        Body { source: Source::Strided(blocks, strided, at), len }
    }

    /// `len` bytes that `fill` writes.
    #[inline]
    pub fn fill(fill: &'a dyn Fill, len: usize) -> Body<'a> {
        Body { source: Source::Fill(fill), len }
    }

    /// How many bytes.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where the bytes lie, if that can be told in a few words.
    #[inline]
    pub fn place(&self) -> Option<Place> {
        match self.source {
            Source::Bytes(bytes) => Some(Place { address: bytes.cast_mut(), blocks: None }),
            Source::Strided(blocks, strided, 0) => {
                Some(Place { address: blocks.cast_mut(), blocks: Some(strided) })
            }
            Source::Strided(..) | Source::Fill(_) => None,
        }
    }

    /// Writes the bytes to `out`.
    ///
    /// # Safety
    /// `out` must be valid for writes of [`Body::len`] bytes.
    #[inline]
    pub unsafe fn write(&self, out: *mut u8) {
        match self.source {
            // SAFETY: whoever made the body promised that the source is valid; `out` is by contract. The two may
            // overlap only if a user sends memory that a library buffer lies in, which the first promise rules out.
            Source::Bytes(bytes) => unsafe { copy(bytes, out, self.len) },
            // SAFETY: as above.
            Source::Strided(blocks, strided, at) => unsafe { strided.gather(blocks, at, out, self.len) },
            // SAFETY: passed on.
            Source::Fill(fill) => unsafe { fill.fill(0, out, self.len) },
        }
    }
}

/// Where the bytes of a message lie: from an address on, in one piece or in blocks at one distance.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Where they begin.
    pub address: *mut u8,
    /// The blocks, if they are not one piece.
    pub blocks: Option<Strided>,
}

impl Place {
    /// How many bytes lie between the beginning and the end of the first `len` bytes of the message.
    pub fn span(&self, len: usize) -> usize {
        self.blocks.map_or(len, |blocks| blocks.span(0, len).1)
    }
}

/// The payload of a frame that has arrived. Its bytes may be those of a ring: they are gone when the sink returns.
#[derive(Clone, Copy)]
pub struct Payload<'a> {
    bytes: *const u8,
    len: usize,
    lives: PhantomData<&'a ()>,
}

impl<'a> From<&'a [u8]> for Payload<'a> {
    fn from(bytes: &'a [u8]) -> Payload<'a> {
        Payload { bytes: bytes.as_ptr(), len: bytes.len(), lives: PhantomData }
    }
}

impl<'a> Payload<'a> {
    /// A payload of `len` bytes.
    ///
    /// # Safety
    /// `bytes` must be valid for reads of `len` bytes during `'a`.
    #[inline]
    pub unsafe fn new(bytes: *const u8, len: usize) -> Payload<'a> {
        Payload { bytes, len, lives: PhantomData }
    }

    /// How many bytes.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The address of the first byte.
    #[inline]
    pub fn as_ptr(&self) -> *const u8 {
        self.bytes
    }

    /// Takes `N` words off the front; `None` if the payload is too short.
    #[inline]
    pub fn split_words<const N: usize>(self) -> Option<([u64; N], Payload<'a>)> {
        if self.len < N * 8 {
            return None;
        }
        let mut words = [0; N];
        for (i, word) in words.iter_mut().enumerate() {
            // SAFETY: the length was checked; the address need not be aligned.
            *word = unsafe { self.bytes.cast::<u64>().add(i).read_unaligned() };
        }
        Some((
            words,
            Payload { bytes: self.bytes.wrapping_add(N * 8), len: self.len - N * 8, lives: PhantomData },
        ))
    }

    /// Copies the first `length` bytes to `out`.
    ///
    /// # Safety
    /// `out` must be valid for writes of `length` bytes, and `length` at most [`Payload::len`].
    #[inline]
    pub unsafe fn copy_to(&self, out: *mut u8, length: usize) {
        debug_assert!(length <= self.len);
        // SAFETY: both ranges are valid by this function's and by the constructor's contract, and library memory does
        // not overlap a user's.
        unsafe { copy(self.bytes, out, length) }
    }
}

/// As `copy_nonoverlapping`, without a call for the lengths of small messages.
///
/// # Safety
/// As for `copy_nonoverlapping`.
#[inline(always)]
pub unsafe fn copy(from: *const u8, to: *mut u8, len: usize) {
    /// Two copies of the same width, the second one ending at the last byte: they cover all lengths from one width to
    /// two.
    #[inline(always)]
    unsafe fn ends<T>(from: *const u8, to: *mut u8, len: usize) {
        let back = len - size_of::<T>();
        // SAFETY: len is at least size_of::<T>(), so both places lie inside.
        unsafe {
            let head = from.cast::<T>().read_unaligned();
            let tail = from.add(back).cast::<T>().read_unaligned();
            to.cast::<T>().write_unaligned(head);
            to.add(back).cast::<T>().write_unaligned(tail);
        }
    }
    // SAFETY: each arm reads and writes inside the ranges, whose validity is the caller's promise.
    unsafe {
        match len {
            0 => {}
            1 => to.write(from.read()),
            2..=3 => ends::<u16>(from, to, len),
            4..=7 => ends::<u32>(from, to, len),
            8..=15 => ends::<u64>(from, to, len),
            16..=32 => ends::<[u64; 2]>(from, to, len),
            33..=64 => ends::<[u64; 4]>(from, to, len),
            _ => to.copy_from_nonoverlapping(from, len),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_copies_move_exactly_their_bytes() {
        let from: Vec<u8> = (1..=100).collect();
        for len in 0..=100 {
            let mut to = vec![0u8; 102];
            // SAFETY: both vectors are long enough.
            unsafe { copy(from.as_ptr(), to.as_mut_ptr().add(1), len) };
            assert_eq!(&to[1..=len], &from[..len]);
            assert_eq!((to[0], to[len + 1]), (0, 0));
        }
    }

    #[test]
    fn a_payload_gives_its_words_and_then_its_bytes() {
        let bytes: Vec<u8> = (0..20).collect();
        // SAFETY: the vector outlives the payload.
        let payload = unsafe { Payload::new(bytes.as_ptr(), bytes.len()) };
        let (words, rest) = payload.split_words::<2>().unwrap();
        assert_eq!(words[1].to_le_bytes(), [8, 9, 10, 11, 12, 13, 14, 15]);
        assert_eq!(rest.len(), 4);
        assert!(rest.split_words::<1>().is_none());
    }
}
