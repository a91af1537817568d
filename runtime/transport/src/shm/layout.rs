//! What lies where in a node's segment.
//!
//! The segment is one file in memory without a name. Everything in it begins as zeros, and nothing but zeros is needed
//! to begin: no rank waits for another one to set it up.
//!
//! ```text
//! 0            RankLines       for each rank: its doorbell, what it has told the others
//! DIRECTORY    u32             for each pair (receiver, sender): 1 if its ring is in use
//! SLOTS        Slot            for each rank: the direct copies out of its memory
//! RINGS        a ring each     for each pair (receiver, sender)
//! AREAS        for each rank   memory that MPI_Alloc_mem hands out
//! ```
//!
//! The first three parts are mapped by all as they start. A ring is mapped by its two users when its first frame is sent
//! or seen, an area by its owner at the first allocation and by a peer at the first copy out of it. The file is as long
//! as all parts together, but only what has been written costs memory.

#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU32, AtomicU64};

use rankwise_os::segment::{Window, page_size, physical_memory};

use crate::bell::Bell;
use crate::ring::{CELL_BODY, Memory};
use crate::slot::Slot;

/// Direct copies out of one rank's memory that can be under way at once; more go as frames.
pub const SLOTS_PER_RANK: usize = 64;

/// Where the parts of a segment for `ranks` ranks begin, in bytes from the start of the file.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub ranks: usize,
    directory: usize,
    slots: usize,
    rings: u64,
    areas: u64,
    /// The length of one rank's area.
    pub area: u64,
    ring: usize,
}

/// What a rank keeps for its peers to see: a line that they read often and write rarely, and one that is written when
/// rings are made.
#[repr(C, align(64))]
pub struct RankLines {
    pub bell: Bell,
    pub door: Door,
}

/// What a rank tells the others, and what they tell it, apart from frames.
#[repr(C, align(64))]
pub struct Door {
    /// How many rings towards this rank have been made.
    pub rings: AtomicU32,
    /// The rank's process id, 0 until it has attached. Written last of the three.
    pub pid: AtomicU32,
    /// Where in that process's memory lies a word that equals `key`, for peers to try a direct copy on.
    pub probe: AtomicU64,
    pub key: AtomicU64,
}

impl Layout {
    /// The layout for a node with `ranks` ranks.
    pub fn new(ranks: usize) -> Layout {
        let page = page_size();
        let directory = (ranks * size_of::<RankLines>()).next_multiple_of(page);
        let slots = directory + (ranks * ranks * 4).next_multiple_of(page);
        let rings = slots + (ranks * SLOTS_PER_RANK * size_of::<Slot>()).next_multiple_of(page);
        let ring = ring_bytes().next_multiple_of(page);
        let areas = rings as u64 + (ranks * ranks) as u64 * ring as u64;
        let area = physical_memory().next_multiple_of(page as u64);
        Layout { ranks, directory, slots, rings: rings as u64, areas, area, ring }
    }

    /// The length of the part that all ranks map as they start.
    pub fn base(&self) -> usize {
        self.rings as usize
    }

    /// The length of the whole file.
    pub fn total(&self) -> u64 {
        self.areas + self.ranks as u64 * self.area
    }

    /// Where the ring from `sender` to `receiver` lies, and how long it is.
    pub fn ring(&self, receiver: usize, sender: usize) -> (u64, usize) {
        let before = receiver as u64 * self.ranks as u64 + sender as u64;
        (self.rings + before * self.ring as u64, self.ring)
    }

    /// Where the area of `rank` begins.
    pub fn area_of(&self, rank: usize) -> u64 {
        self.areas + rank as u64 * self.area
    }
}

/// The part of the segment that all ranks map: views of its words, which are atomics, never plain memory.
pub struct Base {
    window: Window,
    layout: Layout,
}

impl Base {
    /// Takes over a window onto the first [`Layout::base`] bytes.
    pub fn new(window: Window, layout: Layout) -> Base {
        assert!(window.len() >= layout.base());
        Base { window, layout }
    }

    fn at<T>(&self, offset: usize) -> &T {
        debug_assert!(offset + size_of::<T>() <= self.window.len());
        debug_assert!(offset.is_multiple_of(align_of::<T>()));
        // SAFETY: the offset lies inside the window, which lives as long as `self` and is page aligned. Only types made
        // of atomics are asked for (this function is private), which other processes may write at any time.
        unsafe { &*self.window.as_ptr().add(offset).cast::<T>() }
    }

    #[inline]
    pub fn rank(&self, rank: usize) -> &RankLines {
        assert!(rank < self.layout.ranks);
        self.at(rank * size_of::<RankLines>())
    }

    pub fn directory(&self, receiver: usize, sender: usize) -> &AtomicU32 {
        assert!(receiver < self.layout.ranks && sender < self.layout.ranks);
        self.at(self.layout.directory + (receiver * self.layout.ranks + sender) * 4)
    }

    pub fn slot(&self, rank: usize, index: usize) -> &Slot {
        assert!(rank < self.layout.ranks && index < SLOTS_PER_RANK);
        self.at(self.layout.slots + (rank * SLOTS_PER_RANK + index) * size_of::<Slot>())
    }
}

const CELLS: usize = 128;
const SLAB: usize = 256 << 10;
const FIRST: usize = 64 << 10;
const CELLS_AT: usize = 64;
const SLAB_AT: usize = CELLS_AT + CELLS * 64;

const fn ring_bytes() -> usize {
    SLAB_AT + SLAB
}

/// A ring in the segment: a line with `consumed`, the cells, the slab.
pub struct RingWindow {
    window: Window,
}

impl RingWindow {
    pub fn new(window: Window) -> RingWindow {
        assert!(window.len() >= ring_bytes());
        RingWindow { window }
    }
}

// SAFETY: both users of a ring map the same range of the segment, which no other ring shares.
unsafe impl Memory for RingWindow {
    const CELLS: usize = CELLS;
    const SLAB: usize = SLAB;
    const FIRST: usize = FIRST;

    #[inline]
    fn control(&self, cell: usize) -> &AtomicU64 {
        debug_assert!(cell < CELLS);
        // SAFETY: the cell lies inside the window, is aligned to a line, and its first word is only used as an atomic.
        unsafe { &*self.window.as_ptr().add(CELLS_AT + cell * 64).cast() }
    }

    #[inline]
    fn consumed(&self) -> &AtomicU32 {
        // SAFETY: the first word of the window, only used as an atomic.
        unsafe { &*self.window.as_ptr().cast() }
    }

    #[inline]
    fn cell<R>(&self, cell: usize, _write: bool, f: impl FnOnce(*mut u8) -> R) -> R {
        debug_assert!(cell < CELLS && CELL_BODY + 8 == 64);
        f(self.window.as_ptr().wrapping_add(CELLS_AT + cell * 64 + 8))
    }

    #[inline]
    fn slab<R>(&self, at: usize, len: usize, _write: bool, f: impl FnOnce(*mut u8) -> R) -> R {
        assert!(at < SLAB && len <= SLAB - at);
        f(self.window.as_ptr().wrapping_add(SLAB_AT + at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_overlap_and_lines_are_lines() {
        assert_eq!(size_of::<Bell>(), 64);
        assert_eq!(size_of::<Door>(), 64);
        assert_eq!(size_of::<Slot>(), 64);
        for ranks in [1, 2, 64, 1000] {
            let l = Layout::new(ranks);
            assert!(
                ranks * size_of::<RankLines>() <= l.directory
                    && l.directory < l.slots
                    && (l.slots as u64) < l.rings
            );
            let (last, len) = l.ring(ranks - 1, ranks - 1);
            assert_eq!(last + len as u64, l.area_of(0));
            assert_eq!(l.area_of(ranks - 1) + l.area, l.total());
        }
    }
}
