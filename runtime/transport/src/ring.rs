//! A queue of frames from one sender to one receiver, in memory that both map.
//!
//! The memory holds `CELLS` cells of one cache line each, a slab of `SLAB` bytes, and one word, `consumed`.
//!
//! ```text
//! cell:  control (8 bytes) | header (16) | payload of up to 40 bytes, or unused
//! control = sequence (low 32 bits) | payload length (high 32 bits)
//! ```
//!
//! Frames are numbered from 1. Frame `n` uses cell `(n - 1) % CELLS`. A payload of up to [`INLINE`] bytes lies in the cell;
//! a longer one lies in the slab, in one piece, at the place that both sides compute: after the previous one, rounded up
//! to a cache line, or at the start of the slab if it would not fit before its end.
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
    /// The control word of a cell.
    fn control(&self, cell: usize) -> &AtomicU64;
    /// The number of the last frame that the receiver is done with.
    fn consumed(&self) -> &AtomicU32;
    /// The `CELL_BODY` bytes of a cell, by the side that owns it.
    fn cell<R>(&self, cell: usize, write: bool, f: impl FnOnce(*mut u8) -> R) -> R;
    /// `len` bytes of the slab from `at`, by the side that owns them.
    fn slab<R>(&self, at: usize, len: usize, write: bool, f: impl FnOnce(*mut u8) -> R) -> R;
}

/// The longest payload of a frame in a ring on `M`, in bytes: a quarter of the slab, so that one always fits in the
/// end when the receiver holds back less than a quarter of it.
pub const fn longest<M: Memory>() -> usize {
    M::SLAB / 4
}

/// Where the next payload of `len` bytes goes, given where the previous one ended. Counts bytes since the beginning,
/// those that are skipped included.
#[inline]
fn place<M: Memory>(end: u64, len: usize) -> u64 {
    let at = end as usize % M::SLAB;
    if at + len > M::SLAB { end + (M::SLAB - at) as u64 } else { end }
}

#[inline]
fn after(start: u64, len: usize) -> u64 {
    start + len.next_multiple_of(LINE) as u64
}

/// The sender's side.
pub struct Producer<M: Memory> {
    memory: M,
    /// The number of the last frame sent.
    sent: u32,
    /// `consumed` as last read.
    consumed: u32,
    /// Where the slab is used up to, and up to where the receiver has given it back.
    slab_end: u64,
    slab_freed: u64,
    /// For each cell, `slab_end` after its frame: what `consumed` gives back of the slab.
    ends: Box<[u64]>,
}

impl<M: Memory> Producer<M> {
    /// The sender's side of a ring that nobody has sent on yet.
    pub fn new(memory: M) -> Producer<M> {
        let ends = vec![0; M::CELLS].into_boxed_slice();
        Producer { memory, sent: 0, consumed: 0, slab_end: 0, slab_freed: 0, ends }
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
        if len <= INLINE {
            // SAFETY: the cell is ours (checked above) and has 16 + INLINE bytes.
            self.memory.cell(cell, true, |body| unsafe {
                body.cast::<[u64; 2]>().write_unaligned(frame.header);
                frame.write(body.add(16));
            });
        } else {
            let start = place::<M>(self.slab_end, len);
            let end = after(start, len);
            if end > self.slab_freed + M::SLAB as u64 {
                self.refresh_cells();
                if end > self.slab_freed + M::SLAB as u64 {
                    return false;
                }
            }
            // SAFETY: the piece of the slab is ours (checked above) and `len` bytes long; so is the cell.
            self.memory.slab(start as usize % M::SLAB, len, true, |out| unsafe { frame.write(out) });
            self.memory
                .cell(cell, true, |body| unsafe { body.cast::<[u64; 2]>().write_unaligned(frame.header) });
            self.slab_end = end;
        }
        self.ends[cell] = self.slab_end;
        self.sent = number;
        // Release: pairs with the Acquire load in `receive`, and publishes cell and slab.
        self.memory.control(cell).store(number as u64 | (len as u64) << 32, Ordering::Release);
        true
    }

    /// Reads how far the receiver is. Says whether there is a free cell.
    #[cold]
    fn refresh_cells(&mut self) -> bool {
        // Acquire: pairs with the Release store in `give_back`; the receiver no longer reads what we get back.
        let consumed = self.memory.consumed().load(Ordering::Acquire);
        if consumed != self.consumed {
            self.consumed = consumed;
            self.slab_freed = self.ends[consumed.wrapping_sub(1) as usize & (M::CELLS - 1)];
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
    slab_end: u64,
    slab_given_back: u64,
}

impl<M: Memory> Consumer<M> {
    /// The receiver's side of a ring that nobody has received from yet.
    pub fn new(memory: M) -> Consumer<M> {
        Consumer { memory, received: 0, given_back: 0, slab_end: 0, slab_given_back: 0 }
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
        let len = (control >> 32) as usize;
        if len <= INLINE {
            self.memory.cell(cell, false, |body| {
                // SAFETY: the cell is ours (its control word says so) and holds header and `len` bytes.
                let (header, payload) =
                    unsafe { (body.cast::<[u64; 2]>().read_unaligned(), Payload::new(body.add(16), len)) };
                f(header, payload);
            });
        } else {
            // SAFETY: the cell is ours (its control word says so).
            let header =
                self.memory.cell(cell, false, |body| unsafe { body.cast::<[u64; 2]>().read_unaligned() });
            let start = place::<M>(self.slab_end, len);
            self.slab_end = after(start, len);
            // SAFETY: the piece of the slab is ours with its cell. A peer that writes nonsense into the control word
            // cannot lead us out of the slab: `longest` bounds what is handed on.
            self.memory.slab(start as usize % M::SLAB, len.min(longest::<M>()), false, |bytes| unsafe {
                f(header, Payload::new(bytes, len.min(longest::<M>())));
            });
        }
        self.received = number;
        let cells = number.wrapping_sub(self.given_back) as usize;
        if cells >= M::CELLS / 4 || self.slab_end - self.slab_given_back >= (M::SLAB / 4) as u64 {
            self.give_back();
            return Received::GaveBack;
        }
        Received::Frame
    }

    fn give_back(&mut self) {
        self.given_back = self.received;
        self.slab_given_back = self.slab_end;
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
