//! Large messages on a node: both ranks copy, straight from the sender's memory to the receiver's.
//!
//! The sender lays its memory open in a slot; the receiver says where the bytes shall go; then either side claims the
//! next chunk and copies it, the receiver by reading the sender's memory, the sender by writing to the receiver's. It
//! stays correct if one side never helps. Memory out of an area (`area`) needs no help of the kernel: whoever copies
//! maps it.
//!
//! `slot` tells the states that a copy goes through.
//!
//! The bytes may lie in blocks at one distance from each other; `chunk` tells how these are moved.
//!
//! Whether a process may copy from or to another one's memory is tried out, once for each peer, on a word that the peer
//! names for that purpose.

#![allow(unsafe_code)]

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rankwise_os::single_copy;

use super::area::Areas;
use super::chunk::{self, End, LONGEST_OF_BLOCKS, Reach, Scratch};
use super::doorbell;
use super::layout::{Base, SLOTS_PER_RANK};
use crate::slot::{EXPOSED, Failure, READY, RELEASED, Side, Wanted};
use crate::{Body, CopyId, Peer, Place, Sink, Token};

/// A chunk is a quarter of the copy, within these bounds (bytes): small enough that both sides get some, large enough
/// that the system call does not count.
const CHUNK: (usize, usize) = (16 << 10, 256 << 10);

/// As `CHUNK`, where an end consists of blocks.
const CHUNK_OF_BLOCKS: (usize, usize) = (16 << 10, LONGEST_OF_BLOCKS);

/// In the second word of a token: the third is an offset in the owner's area, not an address; the owner can write to
/// the receiver's memory.
const IN_AREA: u64 = 1 << 32;
const OWNER_WRITES: u64 = 1 << 33;

struct Exposure {
    slot: usize,
    peer: Peer,
    from: Place,
    /// All bytes are done, and the sink knows; the slot is not ours again yet.
    complete: bool,
}

struct Pull {
    id: CopyId,
    peer: Peer,
    slot: usize,
    length: usize,
    chunk: u32,
    from: End,
    to: Place,
}

/// The direct copies of one rank.
pub struct Copies {
    base: Arc<Base>,
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
    pub fn new(base: Arc<Base>, me: usize, ranks: usize) -> Copies {
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
        let from = body.place().filter(|from| chunk::can_be_read(from.blocks))?;
        let allowed = peer == self.me || self.may_copy(peer).is_some();
        let offset = areas.offset_of(from.address, from.span(body.len()));
        if !allowed && offset.is_none() {
            return None;
        }
        let index = self.free_slots.pop()?;
        self.base.slot(self.me, index).expose();
        self.exposures.push(Exposure { slot: index, peer, from, complete: false });
        let flags = if allowed { OWNER_WRITES } else { 0 };
        let (flags, place) = match offset {
            Some(offset) => (flags | IN_AREA, offset),
            None => (flags, from.address.addr() as u64),
        };
        Some((index as CopyId, Token([index as u64 | flags, place, chunk::encode(from.blocks)])))
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
        to: Place,
        length: usize,
    ) -> Option<CopyId> {
        let [first, place, blocks] = token.0;
        let index = first as u32 as usize;
        if index >= SLOTS_PER_RANK || length == 0 || !chunk::can_be_written(to.blocks) {
            return None;
        }
        // Another handle on the base, so that the slot's borrow does not hold `self`.
        let base = self.base.clone();
        let slot = base.slot(peer, index);
        if slot.state() != EXPOSED {
            return None;
        }
        let blocks = chunk::decode(blocks);
        let span = Place { address: to.address, blocks }.span(length);
        let reach = match (first & IN_AREA != 0, peer == self.me) {
            (true, _) => areas.address(peer, place, span).map_or(Reach::Not, Reach::Here),
            (_, true) => Reach::Here(place as *mut u8),
            _ => self.may_copy(peer).map_or(Reach::Not, |pid| Reach::There(pid, place)),
        };
        let from = End { reach, blocks };
        let to_area = areas.offset_of(to.address, to.span(length));
        let owner_reaches = to_area.is_some() || first & OWNER_WRITES != 0;
        if !from.is_reached() && !owner_reaches {
            return None;
        }
        let in_pieces = blocks.is_none() && to.blocks.is_none();
        let (least, most) = if in_pieces { CHUNK } else { CHUNK_OF_BLOCKS };
        let chunk = (length / 4).clamp(least, most).next_multiple_of(4096) as u32;
        let place = to_area.unwrap_or(to.address.addr() as u64);
        let blocks = chunk::encode(to.blocks);
        slot.begin(Wanted { to_area: to_area.is_some(), to: place, length, chunk, blocks });
        doorbell::ring(&base.rank(peer).bell);
        self.next_id = self.next_id.wrapping_add(1);
        let id = self.next_id;
        self.pulls.push(Pull { id, peer, slot: index, length, chunk, from, to });
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
        if pull.from.is_reached() {
            worked = slot.claim(Side::Receiver, pull.length, pull.chunk, |at, len| {
                // SAFETY: `to` is valid for writes by the contract of `pull`, and the claim makes this part ours alone.
                // The source is the peer's to keep valid until the copy is done, mapped here or checked by the kernel.
                unsafe { chunk::copy(pull.from, End::here(pull.to), at, len, scratch) }.map_err(failure)
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
        let Wanted { to_area, to, length, chunk, blocks } = slot.wanted();
        let mut worked = false;
        if state == READY {
            let blocks = chunk::decode(blocks);
            let reach = if to_area {
                let span = blocks.map_or(length, |blocks| blocks.span(0, length).1);
                areas.address(peer, to, span).map_or(Reach::Not, Reach::Here)
            } else if peer == me {
                Reach::Here(to as *mut u8)
            } else {
                self.may_copy(peer).map_or(Reach::Not, |pid| Reach::There(pid, to))
            };
            let to = End { reach, blocks };
            let Copies { exposures, scratch, .. } = self;
            let from = End::here(exposures[i].from);
            if to.is_reached() {
                worked = slot.claim(Side::Owner, length, chunk, |at, len| {
                    // SAFETY: the exposed bytes stay valid until the copy is done (the contract of `Body`); the receiver
                    // asked for them there, and the claim makes this part ours alone.
                    unsafe { chunk::copy(from, to, at, len, scratch) }.map_err(failure)
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
