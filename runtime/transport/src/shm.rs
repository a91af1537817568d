//! The transport between the ranks of one node: rings in a segment of memory that all of them map.
//!
//! A ring is used from the first frame on that is sent. The sender maps it, says so in the directory, and adds one to
//! `Door::rings` of the receiver; the receiver, who compares that count with the rings that it knows at every poll, looks
//! its new senders up in the directory. A poll otherwise reads one word for each ring that
//! leads here, so its work grows with the ranks that have talked to this one, not with the ranks of the node.

mod area;
mod chunk;
mod copy;
pub(crate) mod doorbell;
mod layout;

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rankwise_os::segment::{self, Window};

use self::area::Areas;
use self::copy::Copies;
use self::doorbell::Doorbell;
use self::layout::{Base, Layout, RingWindow};
use crate::frame::{Body, Frame};
use crate::ring::{Consumer, Producer, Received, longest};
use crate::{CopyId, Limits, Peer, Place, Sink, Token, Transport, Waiter};

/// How many frames of one ring are handed on before the next ring has its turn.
const BATCH: usize = 32;

/// See [`Limits`]; beyond `DIRECT` bytes a message gains from a direct copy, which costs two or three frames more.
const DIRECT: usize = 8 << 10;
const EAGER: usize = 32 << 10;
/// A frame is shorter than the ring would allow, so that the receiver copies one out while the next is copied in.
const FRAME: usize = 8 << 10;

/// How much of a ring's slab a sender may use, in bytes, where not too many ranks want as much.
const SLAB: usize = 256 << 10;
/// So many ranks make for a quarter of a GB of rings, if all of them talk to each other and use so much.
const MANY: usize = 32;

/// One rank's side of the shared-memory transport.
pub struct Shm {
    file: Rc<OwnedFd>,
    layout: Layout,
    base: Arc<Base>,
    me: usize,
    out: Vec<Option<Producer<RingWindow>>>,
    /// How much of a ring's slab this rank may use.
    slab: usize,
    incoming: Vec<(Peer, Consumer<RingWindow>)>,
    /// `Door::rings` as far as it has been followed up.
    known: u32,
    areas: Areas,
    copies: Copies,
    doorbell: Rc<Doorbell>,
}

impl Shm {
    /// Joins the `ranks` ranks that share the memory file `file` as rank `me` of them. The file may be empty.
    /// `crowded`: the node has more ranks than processors for them.
    pub fn attach(file: OwnedFd, me: usize, ranks: usize, crowded: bool) -> io::Result<Shm> {
        assert!(me < ranks);
        let layout = Layout::new(ranks);
        segment::set_length(file.as_fd(), layout.total())?;
        let base = Arc::new(Base::new(Window::map(&file, 0, layout.base())?, layout));
        let file = Rc::new(file);
        let doorbell = Rc::new(Doorbell::new(base.clone(), me, crowded));
        Ok(Shm {
            areas: Areas::new(file.clone(), layout, me),
            copies: Copies::new(base.clone(), me, ranks),
            file,
            layout,
            base,
            me,
            out: (0..ranks).map(|_| None).collect(),
            slab: if ranks <= MANY { SLAB } else { 0 },
            incoming: Vec::new(),
            known: 0,
            doorbell,
        })
    }

    /// A world of one rank, with a segment of its own.
    pub fn alone() -> io::Result<Shm> {
        Shm::attach(segment::create("rankwise")?, 0, 1, false)
    }

    /// How this rank sleeps.
    pub(crate) fn doorbell(&self) -> Rc<Doorbell> {
        self.doorbell.clone()
    }

    fn map_ring(&self, receiver: Peer, sender: Peer) -> io::Result<RingWindow> {
        let (offset, length) = self.layout.ring(receiver, sender);
        Ok(RingWindow::new(Window::map(&*self.file, offset, length)?))
    }

    /// Makes the ring towards `peer`.
    #[cold]
    fn connect(&mut self, peer: Peer) -> io::Result<()> {
        let window = self.map_ring(peer, self.me)?;
        self.out[peer] = Some(Producer::new(window, self.slab));
        // Release: pairs with the Acquire load in `adopt`, though the ring's zeros need no publishing.
        self.base.directory(peer, self.me).store(1, Ordering::Release);
        let lines = self.base.rank(peer);
        // Release: pairs with the Acquire load in `poll`; who sees the count finds the directory's entry.
        lines.door.rings.fetch_add(1, Ordering::Release);
        doorbell::ring(&lines.bell);
        Ok(())
    }

    /// Finds the rings that have been made towards this rank since last time.
    #[cold]
    fn adopt(&mut self) {
        for peer in 0..self.layout.ranks {
            let there = self.base.directory(self.me, peer).load(Ordering::Acquire) != 0;
            if !there || self.incoming.iter().any(|(p, _)| *p == peer) {
                continue;
            }
            // Without memory to map it the ring is tried again at the next poll.
            let Ok(window) = self.map_ring(self.me, peer) else { return };
            self.incoming.push((peer, Consumer::new(window)));
        }
        self.known = self.incoming.len() as u32;
    }
}

impl Transport for Shm {
    fn peers(&self) -> usize {
        self.layout.ranks
    }

    fn limits(&self, _peer: Peer) -> Limits {
        const { assert!(FRAME <= longest::<RingWindow>()) };
        Limits { frame: FRAME, direct: DIRECT, eager: EAGER }
    }

    #[inline]
    fn try_send(&mut self, peer: Peer, frame: Frame<'_, '_>) -> io::Result<bool> {
        if self.out[peer].is_none() {
            self.connect(peer)?;
        }
        let sent = self.out[peer].as_mut().is_some_and(|ring| ring.try_send(&frame));
        if sent {
            doorbell::ring(&self.base.rank(peer).bell);
        }
        Ok(sent)
    }

    #[inline]
    fn poll(&mut self, sink: &mut dyn Sink) -> bool {
        // Acquire: pairs with the Release in `connect`.
        if self.base.rank(self.me).door.rings.load(Ordering::Acquire) != self.known {
            self.adopt();
        }
        let mut busy = false;
        for (peer, ring) in &mut self.incoming {
            for _ in 0..BATCH {
                match ring.receive(|header, payload| sink.frame(*peer, header, payload)) {
                    Received::Nothing => break,
                    Received::Frame => {}
                    // The sender may sleep until there is room.
                    Received::GaveBack => doorbell::ring(&self.base.rank(*peer).bell),
                }
                busy = true;
            }
        }
        if !self.copies.idle() {
            busy |= self.copies.progress(&mut self.areas, sink);
        }
        busy
    }

    fn expose(&mut self, peer: Peer, body: &Body<'_>) -> Option<(CopyId, Token)> {
        self.copies.expose(&self.areas, peer, body)
    }

    fn withdraw(&mut self, copy: CopyId) {
        self.copies.withdraw(copy);
    }

    #[allow(unsafe_code)]
    unsafe fn pull(&mut self, peer: Peer, token: Token, to: Place, length: usize) -> Option<CopyId> {
        self.copies.pull(&mut self.areas, peer, token, to, length)
    }

    fn allocate(&mut self, length: usize) -> Option<*mut u8> {
        self.areas.allocate(length)
    }

    fn free(&mut self, memory: *mut u8) -> bool {
        self.areas.free(memory)
    }

    fn waiter(&self) -> Rc<dyn Waiter> {
        self.doorbell.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_that_could_not_be_mapped_is_there_when_it_can() {
        let mut shm = Shm::alone().unwrap();
        let nothing = Rc::new(std::fs::File::open("/dev/null").unwrap().into());
        let file = std::mem::replace(&mut shm.file, nothing);
        for _ in 0..3 {
            assert!(shm.try_send(0, Frame::control([0; 2], &[])).is_err());
        }
        assert_eq!(shm.base.rank(0).door.rings.load(Ordering::Relaxed), 0);
        shm.file = file;
        assert!(shm.try_send(0, Frame::control([0; 2], &[])).unwrap());
        assert_eq!(shm.base.rank(0).door.rings.load(Ordering::Relaxed), 1);
    }
}
