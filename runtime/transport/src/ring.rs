//! A queue of frames from one sender to one receiver, in memory that both map.
//!
//! The memory holds `CELLS` cells of one cache line each, a slab of `SLAB` bytes, and one word, `consumed`.
//!
//! ```text
//! cell:  control (8 bytes) | header (16) | payload of up to 40 bytes, or unused
//! control = sequence (32 bits) | payload length (31 bits) | whether the payload lies at the start of the slab (1 bit)
//! ```
//!
//! Frames are numbered from 1. Frame `n` uses cell `(n - 1) % CELLS`. A payload of up to [`INLINE`] bytes lies in the cell;
//! a longer one lies in the slab, in one piece, after the previous one, rounded up to a cache line, or at the start of the
//! slab if the sender says so.
//!
//! **The slab grows.** The sender begins with the first `FIRST` bytes of it. Only when the receiver has not kept up, so
//! that no room was left, does it use twice as many from then on, as far as it may: pairs that exchange much get the
//! memory that lets both sides work at once, the others take little.
//!
//! **Who may touch what.** A cell belongs to the sender until its control word carries the number of the frame, then to
//! the receiver until `consumed` has reached that number, then to the sender again. A piece of the slab belongs to
//! whoever the cell of its frame belongs to.
//!
//! **Order.** The sender writes payload and header, then stores the control word with `Release`. The receiver loads the
//! control word of the one cell it expects next with `Acquire`; seeing the number there, it sees all that was written
//! before. It is done with a frame when it stores `consumed` with `Release`, which it does once per quarter of the cells
//! or of the slab; the sender loads it with `Acquire`, and only when the space that it knows of is used up. A small
//! message therefore moves one cache line, and neither side executes a read-modify-write or a fence.
//!
//! **Numbers wrap** at 2^32. A cell's control word is then mistaken only if it is exactly 2^32 frames old, but it is
//! overwritten every `CELLS` frames.

#![allow(unsafe_code)]

use crate::frame::{Frame, Payload};
use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// The longest payload that lies in the cell itself, in bytes.
pub const INLINE: usize = 40;

/// The bytes of a cell that follow its control word.
pub const CELL_BODY: usize = 56;

const LINE: usize = 64;

/// The shared memory of a ring. The pointers that the closures get are valid for the named number of bytes.
///
/// # Safety
/// Two values that stand for the same ring must reach the same memory, and nothing else may write to it.
pub unsafe trait Memory {
    /// How many cells, a power of two.
    const CELLS: usize;
    /// How many bytes of slab, a multiple of 64.
    const SLAB: usize;
    /// How many of them are used at first, a multiple of 64.
    const FIRST: usize;
    /// The control word of a cell.
    fn control(&self, cell: usize) -> &AtomicU64;
    /// The number of the last frame that the receiver is done with.
    fn consumed(&self) -> &AtomicU32;
    /// The `CELL_BODY` bytes of a cell, by the side that owns it.
    fn cell<R>(&self, cell: usize, write: bool, f: impl FnOnce(*mut u8) -> R) -> R;
    /// `len` bytes of the slab from `at`, by the side that owns them.
    fn slab<R>(&self, at: usize, len: usize, write: bool, f: impl FnOnce(*mut u8) -> R) -> R;
}

/// The longest payload of a frame in a ring on `M`, in bytes: a quarter of the slab that is used at first, so that one
/// always fits in the end when the receiver holds back less than a quarter of it.
pub const fn longest<M: Memory>() -> usize {
    M::FIRST / 4
}

/// Set in a control word if the payload lies at the start of the slab.
const AT_START: u64 = 1 << 63;

/// A place in the slab, and how often the sender had come to its start before.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Mark {
    lap: u32,
    at: u32,
}

/// The sender's side.
pub struct Producer<M: Memory> {
    memory: M,
    /// The number of the last frame sent.
    sent: u32,
    /// `consumed` as last read.
    consumed: u32,
    /// Where the slab is used up to, and up to where the receiver has given it back.
    end: Mark,
    freed: Mark,
    /// How many bytes of the slab are used, and how many may be.
    used: usize,
    most: usize,
    /// For each cell, `end` after its frame: what `consumed` gives back of the slab.
    ends: Box<[Mark]>,
}

impl<M: Memory> Producer<M> {
    /// The sender's side of a ring that nobody has sent on yet. Of the slab at most `most` bytes are used, and not less
    /// than `FIRST`.
    pub fn new(memory: M, most: usize) -> Producer<M> {
        let ends = vec![Mark::default(); M::CELLS].into_boxed_slice();
        let (end, freed) = (Mark::default(), Mark::default());
        let most = most.clamp(M::FIRST, M::SLAB);
        Producer { memory, sent: 0, consumed: 0, end, freed, used: M::FIRST, most, ends }
    }

    /// Where a payload of `len` bytes fits, if there is room.
    #[inline]
    fn place(&self, len: usize) -> Option<Mark> {
        let (end, freed) = (self.end, self.freed);
        let after = end.at as usize + len;
        // What the receiver holds ends at `end`; it begins at `freed` on the same lap, or goes round the used part's end.
        let bound = if end.lap == freed.lap { self.used } else { freed.at as usize };
        if after <= bound {
            Some(end)
        } else if end.lap == freed.lap && len <= freed.at as usize {
            Some(Mark { lap: end.lap.wrapping_add(1), at: 0 })
        } else {
            None
        }
    }

    /// As `place`, when there was no room so far: looks how far the receiver is, and uses more of the slab if that is not
    /// far enough.
    #[cold]
    fn make_place(&mut self, len: usize) -> Option<Mark> {
        self.refresh_cells();
        self.place(len).or_else(|| {
            self.used = (2 * self.used).min(self.most);
            self.place(len)
        })
    }

    /// Puts a frame of at most [`longest`] payload bytes into the ring. False if there is no room.
    #[inline]
    pub fn try_send(&mut self, frame: &Frame<'_, '_>) -> bool {
        let len = frame.len();
        debug_assert!(len <= longest::<M>());
        if self.sent.wrapping_sub(self.consumed) as usize >= M::CELLS && !self.refresh_cells() {
            return false;
        }
        let number = self.sent.wrapping_add(1);
        let cell = self.sent as usize & (M::CELLS - 1);
        let mut control = number as u64 | (len as u64) << 32;
        if len <= INLINE {
            // SAFETY: the cell is ours (checked above) and has 16 + INLINE bytes.
            self.memory.cell(cell, true, |body| unsafe {
                body.cast::<[u64; 2]>().write_unaligned(frame.header);
                frame.write(body.add(16));
            });
        } else {
            let room = len.next_multiple_of(LINE);
            let Some(place) = self.place(room).or_else(|| self.make_place(room)) else { return false };
            // SAFETY: the piece of the slab is ours (checked above) and `len` bytes long; so is the cell.
            self.memory.slab(place.at as usize, len, true, |out| unsafe { frame.write(out) });
            // SAFETY: the closure gets the body of a cell, which is ours and longer than a header.
            let header = |body: *mut u8| unsafe { body.cast::<[u64; 2]>().write_unaligned(frame.header) };
            self.memory.cell(cell, true, header);
            if place.at == 0 {
                control |= AT_START;
            }
            self.end = Mark { at: place.at + room as u32, ..place };
        }
        self.ends[cell] = self.end;
        self.sent = number;
        // Release: pairs with the Acquire load in `receive`, and publishes cell and slab.
        self.memory.control(cell).store(control, Ordering::Release);
        true
    }

    /// Reads how far the receiver is. Says whether there is a free cell.
    #[cold]
    fn refresh_cells(&mut self) -> bool {
        // Acquire: pairs with the Release store in `give_back`; the receiver no longer reads what we get back.
        let consumed = self.memory.consumed().load(Ordering::Acquire);
        if consumed != self.consumed {
            self.consumed = consumed;
            self.freed = self.ends[consumed.wrapping_sub(1) as usize & (M::CELLS - 1)];
        }
        (self.sent.wrapping_sub(consumed) as usize) < M::CELLS
    }
}

/// The receiver's side.
pub struct Consumer<M: Memory> {
    memory: M,
    /// The number of the last frame received, and of the last one given back.
    received: u32,
    given_back: u32,
    /// Where the last payload in the slab ends, and how many bytes of it have not been given back.
    end: usize,
    held: usize,
}

impl<M: Memory> Consumer<M> {
    /// The receiver's side of a ring that nobody has received from yet.
    pub fn new(memory: M) -> Consumer<M> {
        Consumer { memory, received: 0, given_back: 0, end: 0, held: 0 }
    }

    /// Hands the next frame to `f`, if there is one. Returns what happened; [`Received::GaveBack`] tells that the sender
    /// may have been waiting for the room that this freed.
    #[inline]
    pub fn receive(&mut self, f: impl FnOnce([u64; 2], Payload<'_>)) -> Received {
        let number = self.received.wrapping_add(1);
        let cell = self.received as usize & (M::CELLS - 1);
        // Acquire: pairs with the Release store in `try_send`.
        let control = self.memory.control(cell).load(Ordering::Acquire);
        if control as u32 != number {
            return Received::Nothing;
        }
        let len = ((control & !AT_START) >> 32) as usize;
        if len <= INLINE {
            self.memory.cell(cell, false, |body| {
                // SAFETY: the cell is ours (its control word says so) and begins with the header.
                let header = unsafe { body.cast::<[u64; 2]>().read_unaligned() };
                // SAFETY: behind it there are `len` bytes.
                f(header, unsafe { Payload::new(body.add(16), len) });
            });
        } else {
            let header = self.memory.cell(cell, false, |body| {
                // SAFETY: the cell is ours (its control word says so).
                unsafe { body.cast::<[u64; 2]>().read_unaligned() }
            });
            // A peer that writes nonsense into the control word cannot lead us out of the slab.
            let len = len.min(longest::<M>());
            let start = if control & AT_START != 0 { 0 } else { self.end.min(M::SLAB - len) };
            self.end = start + len.next_multiple_of(LINE);
            self.held += len.next_multiple_of(LINE);
            // SAFETY: the piece of the slab is ours with its cell, and `len` bytes long.
            self.memory.slab(start, len, false, |bytes| unsafe { f(header, Payload::new(bytes, len)) });
        }
        self.received = number;
        let cells = number.wrapping_sub(self.given_back) as usize;
        if cells >= M::CELLS / 4 || self.held >= M::FIRST / 4 {
            self.give_back();
            return Received::GaveBack;
        }
        Received::Frame
    }

    fn give_back(&mut self) {
        self.given_back = self.received;
        self.held = 0;
        // Release: pairs with the Acquire load in `refresh_cells`; our reads of the frames are over.
        self.memory.consumed().store(self.received, Ordering::Release);
    }
}

/// What [`Consumer::receive`] did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Received {
    /// There was no frame.
    Nothing,
    /// One frame was handed on.
    Frame,
    /// One frame was handed on, and room was given back to the sender.
    GaveBack,
}

#[cfg(test)]
mod tests;
