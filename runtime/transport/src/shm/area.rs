//! Memory that a rank hands out to its user and that its peers can map (`MPI_Alloc_mem`).
//!
//! Each rank has an area of the segment, as long as the machine's memory, of which only what is touched exists. Pieces
//! are whole pages, found first fit; a piece that is freed goes back to the system at once.

#![allow(unsafe_code)]

use std::collections::{BTreeMap, HashMap};
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;

use rankwise_os::segment::{self, Window, page_size};

use super::layout::Layout;

/// An area that is mapped, of which the first `open` bytes can be touched.
struct Mapped {
    window: Window,
    open: usize,
}

/// The areas as one rank sees them.
pub struct Areas {
    file: Rc<OwnedFd>,
    layout: Layout,
    me: usize,
    windows: Vec<Option<Mapped>>,
    /// Free ranges of the own area: offset and length.
    free: BTreeMap<u64, u64>,
    /// Pieces handed out: address, then offset and length.
    used: HashMap<usize, (u64, u64)>,
}

impl Areas {
    pub fn new(file: Rc<OwnedFd>, layout: Layout, me: usize) -> Areas {
        let windows = (0..layout.ranks).map(|_| None).collect();
        Areas { file, layout, me, windows, free: BTreeMap::from([(0, layout.area)]), used: HashMap::new() }
    }

    /// Where the area of `rank` begins here. Its first `length` bytes can be touched.
    fn window(&mut self, rank: usize, length: usize) -> Option<*mut u8> {
        if self.windows[rank].is_none() {
            let at = self.layout.area_of(rank);
            let window = Window::reserve(&*self.file, at, self.layout.area as usize).ok()?;
            self.windows[rank] = Some(Mapped { window, open: 0 });
        }
        let mapped = self.windows[rank].as_mut()?;
        if mapped.open < length {
            mapped.window.open(length).ok()?;
            mapped.open = length;
        }
        Some(mapped.window.as_ptr())
    }

    /// A piece of at least `length` bytes of the own area.
    pub fn allocate(&mut self, length: usize) -> Option<*mut u8> {
        let length = length.max(1).checked_next_multiple_of(page_size())? as u64;
        let (offset, room) = self.free.iter().map(|(&o, &l)| (o, l)).find(|&(_, l)| l >= length)?;
        let start = self.window(self.me, (offset + length) as usize)?;
        self.free.remove(&offset);
        if room > length {
            self.free.insert(offset + length, room - length);
        }
        let piece = start.wrapping_add(offset as usize);
        self.used.insert(piece.addr(), (offset, length));
        Some(piece)
    }

    /// Takes a piece back. False if it is none.
    pub fn free(&mut self, piece: *mut u8) -> bool {
        let Some((mut offset, mut length)) = self.used.remove(&piece.addr()) else { return false };
        // If the system refuses, the memory stays with the job; the piece is free all the same.
        let _ = segment::release(self.file.as_fd(), self.layout.area_of(self.me) + offset, length);
        if let Some((&before, &room)) = self.free.range(..offset).next_back()
            && before + room == offset
        {
            self.free.remove(&before);
            (offset, length) = (before, room + length);
        }
        if let Some(room) = self.free.remove(&(offset + length)) {
            length += room;
        }
        self.free.insert(offset, length);
        true
    }

    /// Where in the own area a range of memory lies, if it does.
    #[inline]
    pub fn offset_of(&self, address: *const u8, length: usize) -> Option<u64> {
        let window = &self.windows[self.me].as_ref()?.window;
        let offset = address.addr().checked_sub(window.as_ptr().addr())?;
        (offset <= window.len() && length <= window.len() - offset).then_some(offset as u64)
    }

    /// The address, here, of a range in the area of `rank`.
    pub fn address(&mut self, rank: usize, offset: u64, length: usize) -> Option<*mut u8> {
        let area = self.layout.area;
        if offset > area || length as u64 > area - offset {
            return None;
        }
        Some(self.window(rank, offset as usize + length)?.wrapping_add(offset as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever reads all memory of a process (a core dump, a checker of leaks) would make the whole area exist.
    #[test]
    fn only_what_was_allocated_can_be_read() {
        let layout = Layout::new(2);
        let file = Rc::new(segment::create("readable").unwrap());
        segment::set_length(file.as_fd(), layout.total()).unwrap();
        let mut mine = Areas::new(file.clone(), layout, 0);
        let mut peers = Areas::new(file, layout, 1);
        let piece = mine.allocate(100_000).unwrap();
        let offset = mine.offset_of(piece, 100_000).unwrap();
        peers.address(0, offset, 100_000).unwrap();
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let mut readable = 0;
        for line in maps.lines().filter(|line| line.contains("memfd:readable") && line.contains(" r")) {
            let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
            readable += u64::from_str_radix(to, 16).unwrap() - u64::from_str_radix(from, 16).unwrap();
        }
        assert!((100_000..1_000_000).contains(&readable), "{readable} bytes");
    }

    #[test]
    fn pieces_are_reused_merged_and_seen_by_a_peer() {
        let layout = Layout::new(2);
        let file = Rc::new(segment::create("test").unwrap());
        segment::set_length(file.as_fd(), layout.total()).unwrap();
        let mut mine = Areas::new(file.clone(), layout, 0);
        let mut peers = Areas::new(file, layout, 1);
        let pieces: Vec<_> = (1..4).map(|n| mine.allocate(n * 5000).unwrap()).collect();
        // SAFETY: the piece was just allocated, and nobody else uses this segment.
        unsafe { pieces[1].write(42) };
        let offset = mine.offset_of(pieces[1], 10_000).unwrap();
        let seen = peers.address(0, offset, 10_000).unwrap();
        // SAFETY: the same byte through the other mapping.
        assert_eq!(unsafe { seen.read() }, 42);
        for &piece in &pieces {
            assert!(mine.free(piece));
        }
        assert!(!mine.free(pieces[0]));
        assert_eq!(mine.free, BTreeMap::from([(0, layout.area)]));
        assert_eq!(peers.address(0, layout.area, 1), None);
        // SAFETY: the window is still mapped; the piece went back to the system.
        assert_eq!(unsafe { seen.read() }, 0);
    }
}
