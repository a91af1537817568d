//! Large messages on a node: both ranks copy, straight from the sender's memory to the receiver's.
//!
//! The sender lays its memory open in a slot; the receiver says where the bytes shall go; then either side claims the
//! next chunk and copies it, the receiver by reading the sender's memory, the sender by writing to the receiver's. It
//! stays correct if one side never helps. Memory out of an area (`area`) needs no help of the kernel: whoever copies
//! maps it.
//!
//! `slot` tells the states that a copy goes through.
//!
//! The sender's bytes may lie in blocks at one distance from each other. The sender then packs a chunk and writes it, the
//! receiver reads the whole span in which the blocks of a chunk lie, and picks them out of it. Long blocks are left to the
//! kernel, which takes a list of them.
//!
//! Whether a process may copy from or to another one's memory is tried out, once for each peer, on a word that the peer
//! names for that purpose.

#![allow(unsafe_code)]

use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use rankwise_os::single_copy::{self, PIECES, Piece};

use super::area::Areas;
use super::doorbell;
use super::layout::{Base, SLOTS_PER_RANK};
use crate::slot::{EXPOSED, Failure, READY, RELEASED, Side, Slot, Wanted};
use crate::strided::Strided;
use crate::{Body, CopyId, Peer, Sink, Token};

/// A chunk is a quarter of the copy, within these bounds (bytes): small enough that both sides get some, large enough
/// that the system call does not count.
const CHUNK: (usize, usize) = (16 << 10, 256 << 10);

/// A chunk of blocks is put together in memory of our own, which has to stay in the cache.
const CHUNK_OF_BLOCKS: (usize, usize) = (16 << 10, 64 << 10);

/// Blocks are worth reading with the gaps between them while these are at most so many times as long.
const GAPS: usize = 2;

/// Blocks of so many bytes are listed for the kernel, however far apart they lie.
const LONG_BLOCK: usize = 2 << 10;

/// The blocks that hold a part of the packed bytes, listed for the kernel. `base`: where they begin.
fn list(blocks: Strided, base: u64, at: usize, len: usize) -> ([Piece; PIECES], usize) {
    const { assert!(CHUNK_OF_BLOCKS.1 / LONG_BLOCK + 2 <= PIECES) };
    let mut pieces = [(0, 0); PIECES];
    let mut count = 0;
    for (piece, (offset, length)) in pieces.iter_mut().zip(blocks.pieces(at, len)) {
        *piece = (base + offset as u64, length);
        count += 1;
    }
    (pieces, count)
}

struct Exposure {
    slot: usize,
    peer: Peer,
    from: *const u8,
    blocks: Option<Strided>,
    /// All bytes are done, and the sink knows; the slot is not ours again yet.
    complete: bool,
}

struct Pull {
    id: CopyId,
    peer: Peer,
    slot: usize,
    length: usize,
    chunk: usize,
    to: *mut u8,
    reach: Reach,
    /// How the bytes lie there, if not in one piece.
    blocks: Option<Strided>,
}

/// Memory in which chunks of blocks are put together.
#[derive(Default)]
struct Scratch(Vec<u8>);

impl Scratch {
    fn of(&mut self, length: usize) -> *mut u8 {
        if self.0.len() < length {
            self.0 = vec![0; length];
        }
        self.0.as_mut_ptr()
    }
}

/// How one side reaches the other's end of a copy.
#[derive(Clone, Copy)]
enum Reach {
    /// At an address of this process: it is mapped here, or it is ours.
    Here(*mut u8),
    /// At an address of that process.
    There(u32, u64),
    /// Not at all.
    Not,
}

/// The direct copies of one rank.
pub struct Copies {
    base: Rc<Base>,
    me: usize,
    /// Whether each peer's memory can be copied from and to; not known before the first try.
    allowed: Vec<Option<bool>>,
    free_slots: Vec<usize>,
    exposures: Vec<Exposure>,
    pulls: Vec<Pull>,
    next_id: CopyId,
    scratch: Scratch,
    /// The word that peers try on: the key, and a place to write the key to. Only kept alive and in place here.
    _probe: Box<[AtomicU64; 2]>,
}

impl Copies {
    pub fn new(base: Rc<Base>, me: usize, ranks: usize) -> Copies {
        let key = 0x52_414e_4b57_4953 ^ (single_copy::own_pid() as u64) << 32;
        let probe = Box::new([AtomicU64::new(key), AtomicU64::new(0)]);
        let door = &base.rank(me).door;
        door.probe.store(probe.as_ptr().addr() as u64, Ordering::Relaxed);
        door.key.store(key, Ordering::Relaxed);
        // Release: pairs with the Acquire load of `pid` in `may_copy`.
        door.pid.store(single_copy::own_pid(), Ordering::Release);
        Copies {
            base,
            me,
            allowed: vec![None; ranks],
            free_slots: (0..SLOTS_PER_RANK).rev().collect(),
            exposures: Vec::new(),
            pulls: Vec::new(),
            next_id: 0,
            scratch: Scratch::default(),
            _probe: probe,
        }
    }

    /// The peer's process id, if this process may read and write its memory.
    fn may_copy(&mut self, peer: Peer) -> Option<u32> {
        let door = &self.base.rank(peer).door;
        // Acquire: pairs with the Release store in `new`.
        let pid = door.pid.load(Ordering::Acquire);
        if pid == 0 {
            return None; // not attached yet: no answer for good
        }
        let allowed = *self.allowed[peer].get_or_insert_with(|| {
            let address = door.probe.load(Ordering::Relaxed);
            let key = door.key.load(Ordering::Relaxed);
            let mut seen = 0u64;
            // SAFETY: `seen` is ours and 8 bytes long; the peer keeps the second word at `probe` for this write.
            unsafe {
                single_copy::read(pid, (&raw mut seen).cast(), address, 8).is_ok()
                    && seen == key
                    && single_copy::write(pid, (&raw const key).cast(), address + 8, 8).is_ok()
            }
        });
        allowed.then_some(pid)
    }

    /// See [`crate::Transport::expose`].
    pub fn expose(&mut self, areas: &Areas, peer: Peer, body: &Body<'_>) -> Option<(CopyId, Token)> {
        let (from, blocks) = body.place()?;
        let allowed = peer == self.me || self.may_copy(peer).is_some();
        let reach = match blocks {
            None => body.len(),
            Some(blocks) => {
                let dense = blocks.stride.unsigned_abs() <= blocks.block * (GAPS + 1);
                let worthwhile = dense || blocks.block >= LONG_BLOCK;
                if !(worthwhile && Slot::describes(blocks)) {
                    return None;
                }
                blocks.span(0, body.len()).1
            }
        };
        let offset = areas.offset_of(from, reach);
        if !allowed && offset.is_none() {
            return None;
        }
        let index = self.free_slots.pop()?;
        self.base.slot(self.me, index).expose(allowed, blocks);
        self.exposures.push(Exposure { slot: index, peer, from, blocks, complete: false });
        let place = match offset {
            Some(offset) => [1, offset],
            None => [0, from.addr() as u64],
        };
        Some((index as CopyId, Token([index as u64, place[0], place[1]])))
    }

    /// See [`crate::Transport::withdraw`].
    pub fn withdraw(&mut self, copy: CopyId) {
        if let Some(i) = self.exposures.iter().position(|e| e.slot == copy as usize && !e.complete) {
            let slot = self.exposures.swap_remove(i).slot;
            self.base.slot(self.me, slot).free();
            self.free_slots.push(slot);
        }
    }

    /// See [`crate::Transport::pull`]; `to` is valid for writes by that function's contract.
    pub fn pull(
        &mut self,
        areas: &mut Areas,
        peer: Peer,
        token: Token,
        to: *mut u8,
        length: usize,
    ) -> Option<CopyId> {
        let [index, kind, place] = token.0;
        if index as usize >= SLOTS_PER_RANK || length == 0 {
            return None;
        }
        // Another handle on the base, so that the slot's borrow does not hold `self`.
        let base = self.base.clone();
        let slot = base.slot(peer, index as usize);
        if slot.state() != EXPOSED {
            return None;
        }
        let blocks = slot.blocks();
        let span = blocks.map_or(length, |blocks| blocks.span(0, length).1);
        let reach = match (kind, peer == self.me) {
            (1, _) => areas.address(peer, place, span).map_or(Reach::Not, Reach::Here),
            (_, true) => Reach::Here(place as *mut u8),
            _ => self.may_copy(peer).map_or(Reach::Not, |pid| Reach::There(pid, place)),
        };
        let to_area = areas.offset_of(to, length);
        let owner_reaches = to_area.is_some() || slot.owner_writes();
        if matches!(reach, Reach::Not) && !owner_reaches {
            return None;
        }
        let (least, most) = if blocks.is_some() { CHUNK_OF_BLOCKS } else { CHUNK };
        let chunk = (length / 4).clamp(least, most).next_multiple_of(4096);
        let place = to_area.unwrap_or(to.addr() as u64);
        slot.begin(Wanted { to_area: to_area.is_some(), to: place, length, chunk });
        doorbell::ring(&base.rank(peer).bell);
        self.next_id = self.next_id.wrapping_add(1);
        let id = self.next_id;
        self.pulls.push(Pull { id, peer, slot: index as usize, length, chunk, to, reach, blocks });
        Some(id)
    }

    /// Whether there is nothing to move on.
    #[inline]
    pub fn idle(&self) -> bool {
        self.exposures.is_empty() && self.pulls.is_empty()
    }

    /// Copies a chunk of each copy that is under way, and tells `sink` of those that are done.
    pub fn progress(&mut self, areas: &mut Areas, sink: &mut dyn Sink) -> bool {
        let mut busy = false;
        let mut i = 0;
        while i < self.pulls.len() {
            let (worked, end) = self.progress_pull(i);
            busy |= worked;
            match end {
                None => i += 1,
                Some(result) => {
                    let pull = self.pulls.swap_remove(i);
                    sink.pulled(pull.id, result);
                }
            }
        }
        let mut i = 0;
        while i < self.exposures.len() {
            let (worked, end) = self.progress_exposure(areas, i, sink);
            busy |= worked;
            if end {
                let slot = self.exposures.swap_remove(i).slot;
                self.free_slots.push(slot);
            } else {
                i += 1;
            }
        }
        busy
    }

    fn progress_pull(&mut self, i: usize) -> (bool, Option<io::Result<()>>) {
        let Copies { base, pulls, scratch, .. } = self;
        let pull = &pulls[i];
        let slot = base.slot(pull.peer, pull.slot);
        let peer = pull.peer;
        let mut worked = false;
        if !matches!(pull.reach, Reach::Not) {
            worked = slot.claim(Side::Receiver, pull.length, pull.chunk, |at, len| {
                let to = pull.to.wrapping_add(at);
                // SAFETY: `to` is valid for writes by the contract of `pull`, and the claim makes this part ours alone.
                // The source is the peer's to keep valid until the copy is done, mapped here or checked by the kernel;
                // the scratch memory is as long as the span that is read.
                unsafe {
                    match (pull.reach, pull.blocks) {
                        (Reach::Here(from), None) => std::ptr::copy(from.wrapping_add(at), to, len),
                        (Reach::Here(from), Some(blocks)) => blocks.gather(from, at, to, len),
                        (Reach::There(pid, from), None) => {
                            single_copy::read(pid, to, from + at as u64, len).map_err(failure)?
                        }
                        (Reach::There(pid, from), Some(blocks)) if blocks.block >= LONG_BLOCK => {
                            let (pieces, count) = list(blocks, from, at, len);
                            single_copy::read_pieces(pid, to, &pieces[..count]).map_err(failure)?
                        }
                        (Reach::There(pid, from), Some(blocks)) => {
                            let (offset, span) = blocks.span(at, len);
                            let span_here = scratch.of(span);
                            single_copy::read(pid, span_here, from + offset as u64, span).map_err(failure)?;
                            blocks.gather(span_here, at % blocks.block, to, len);
                        }
                        (Reach::Not, _) => {}
                    }
                }
                Ok(())
            });
        }
        let Some(result) = slot.outcome(pull.length) else { return (worked, None) };
        slot.release();
        doorbell::ring(&base.rank(peer).bell);
        (true, Some(result.map_err(error)))
    }

    /// Returns whether something was done, and whether the slot is free again.
    fn progress_exposure(&mut self, areas: &mut Areas, i: usize, sink: &mut dyn Sink) -> (bool, bool) {
        let (me, index, peer) = (self.me, self.exposures[i].slot, self.exposures[i].peer);
        let base = self.base.clone();
        let slot = base.slot(me, index);
        let state = slot.state();
        if state != READY && state != RELEASED {
            return (false, false);
        }
        let Wanted { to_area, to, length, chunk } = slot.wanted();
        let mut worked = false;
        if state == READY {
            let reach = if to_area {
                areas.address(peer, to, length).map_or(Reach::Not, Reach::Here)
            } else if peer == me {
                Reach::Here(to as *mut u8)
            } else {
                self.may_copy(peer).map_or(Reach::Not, |pid| Reach::There(pid, to))
            };
            let Copies { exposures, scratch, .. } = self;
            let Exposure { from, blocks, .. } = exposures[i];
            if !matches!(reach, Reach::Not) {
                worked = slot.claim(Side::Owner, length, chunk, |at, len| {
                    // SAFETY: the exposed bytes stay valid until the copy is done (the contract of `Body`); the receiver
                    // asked for them there, and the claim makes this part ours alone. The scratch memory is as long as
                    // the part.
                    unsafe {
                        match (reach, blocks) {
                            (Reach::Here(to), None) => {
                                std::ptr::copy(from.wrapping_add(at), to.wrapping_add(at), len)
                            }
                            (Reach::Here(to), Some(blocks)) => {
                                blocks.gather(from, at, to.wrapping_add(at), len)
                            }
                            (Reach::There(pid, to), Some(blocks)) if blocks.block >= LONG_BLOCK => {
                                let (pieces, count) = list(blocks, from.addr() as u64, at, len);
                                single_copy::write_pieces(pid, &pieces[..count], to + at as u64)
                                    .map_err(failure)?
                            }
                            (Reach::There(pid, to), blocks) => {
                                let part = match blocks {
                                    None => from.wrapping_add(at),
                                    Some(blocks) => {
                                        let packed = scratch.of(len);
                                        blocks.gather(from, at, packed, len);
                                        packed.cast_const()
                                    }
                                };
                                single_copy::write(pid, part, to + at as u64, len).map_err(failure)?
                            }
                            (Reach::Not, _) => {}
                        }
                    }
                    Ok(())
                });
                if worked {
                    doorbell::ring(&base.rank(peer).bell);
                }
            }
        }
        if !self.exposures[i].complete
            && let Some(result) = slot.outcome(length)
        {
            self.exposures[i].complete = true;
            sink.exposed(index as CopyId, result.map_err(error));
            worked = true;
        }
        if state == RELEASED && self.exposures[i].complete {
            slot.free();
            return (true, true);
        }
        (worked, false)
    }
}

/// For an error without a number.
const EIO: i32 = 5;
/// There is no such process.
const ESRCH: i32 = 3;

fn failure(error: io::Error) -> Failure {
    match error.raw_os_error() {
        Some(ESRCH) => Failure::PeerGone,
        number => Failure::Error(number.unwrap_or(EIO) as u32),
    }
}

fn error(number: u32) -> io::Error {
    io::Error::from_raw_os_error(number as i32)
}
