//! Ranks of several nodes: shared memory leads to those on this one, connections lead to all others.
//!
//! A look at connections costs a system call, a look at rings next to nothing, so connections are looked at once in a
//! while: often for some time after they have brought something, less often when they have been quiet, and always before
//! the rank sleeps and after it has woken. A rank sleeps on its doorbell; what a connection brings meanwhile a lookout
//! sees, a thread that is made when the rank first sleeps, and rings the bell.
//!
//! Copies from memory to memory are those of the node alone, so their numbers cannot clash.

#![allow(unsafe_code)]

use std::cell::{Cell, OnceCell};
use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rankwise_os::clock::{TICKS, ticks};
use rankwise_os::poller::Lookout;

use crate::frame::{Body, Frame, Payload};
use crate::shm::Shm;
use crate::shm::doorbell::Doorbell;
use crate::tcp::{Tcp, Watch};
use crate::{CopyId, Limits, Peer, Place, Sink, Token, Transport, Waiter};

/// The time between two looks at the connections, in ticks, while they are busy and when they have been quiet.
const OFTEN: u64 = TICKS;
const SELDOM: u64 = 16 * TICKS;
/// Connections are quiet when so many looks in a row found nothing.
const QUIET: u32 = 64;

/// In `Joined::near`: on another node.
const FAR: u32 = u32::MAX;

/// One rank's side of both transports. Peers are numbered as those of `Tcp`.
pub struct Joined {
    /// The number in shared memory of each peer on this node.
    near: Box<[u32]>,
    /// The peers on this node, by that number.
    node: Box<[Peer]>,
    shm: Shm,
    tcp: Tcp,
    vigil: Rc<Vigil>,
    /// When connections were looked at last, and how many looks have found nothing since one found something.
    looked: u64,
    fruitless: u32,
}

impl Joined {
    /// Joins what leads to the ranks of this node, which are the peers `node` of the job, to what leads to all.
    pub fn new(shm: Shm, tcp: Tcp, node: Vec<Peer>) -> Joined {
        assert_eq!(shm.peers(), node.len());
        let mut near = vec![FAR; tcp.peers()].into_boxed_slice();
        for (number, &peer) in node.iter().enumerate() {
            near[peer] = number as u32;
        }
        let vigil = Rc::new(Vigil {
            bell: shm.doorbell(),
            watch: tcp.watch(),
            lookout: OnceCell::new(),
            sure: AtomicBool::new(false),
            look: Cell::new(true),
        });
        Joined { near, node: node.into(), shm, tcp, vigil, looked: 0, fruitless: 0 }
    }

    fn near(&self, peer: Peer) -> Option<Peer> {
        Some(self.near[peer]).filter(|&number| number != FAR).map(|number| number as Peer)
    }

    /// Breaks the connection to a peer, as a failing network would. False if there is none.
    pub fn cut(&mut self, peer: Peer) -> bool {
        self.tcp.cut(peer)
    }

    /// Whether it is time to look at the connections.
    #[inline]
    fn must_look(&mut self) -> bool {
        let now = ticks();
        let pause = if self.fruitless < QUIET { OFTEN } else { SELDOM };
        // A rank that has moved to another processor may see time go back a little: that is a time to look.
        if !self.vigil.look.get() && now.wrapping_sub(self.looked) < pause {
            return false;
        }
        self.vigil.look.set(false);
        self.looked = now;
        true
    }
}

/// Renumbers what comes through shared memory.
struct Near<'a> {
    sink: &'a mut dyn Sink,
    node: &'a [Peer],
}

impl Sink for Near<'_> {
    #[inline]
    fn frame(&mut self, peer: Peer, header: [u64; 2], payload: Payload<'_>) {
        self.sink.frame(self.node[peer], header, payload);
    }

    fn exposed(&mut self, copy: CopyId, result: io::Result<()>) {
        self.sink.exposed(copy, result);
    }

    fn pulled(&mut self, copy: CopyId, result: io::Result<()>) {
        self.sink.pulled(copy, result);
    }

    fn lost(&mut self, peer: Peer, why: &io::Error) {
        self.sink.lost(self.node[peer], why);
    }
}

impl Transport for Joined {
    fn peers(&self) -> usize {
        self.near.len()
    }

    fn limits(&self, peer: Peer) -> Limits {
        match self.near(peer) {
            Some(number) => self.shm.limits(number),
            None => self.tcp.limits(peer),
        }
    }

    #[inline]
    fn try_send(&mut self, peer: Peer, frame: Frame<'_, '_>) -> io::Result<bool> {
        match self.near(peer) {
            Some(number) => self.shm.try_send(number, frame),
            None => self.tcp.try_send(peer, frame),
        }
    }

    #[inline]
    fn poll(&mut self, sink: &mut dyn Sink) -> bool {
        let busy = self.shm.poll(&mut Near { sink, node: &self.node });
        if !self.must_look() {
            return busy;
        }
        let found = self.tcp.poll(sink);
        self.fruitless = if found { 0 } else { self.fruitless.saturating_add(1) };
        busy | found
    }

    fn expose(&mut self, peer: Peer, body: &Body<'_>) -> Option<(CopyId, Token)> {
        let number = self.near(peer)?;
        self.shm.expose(number, body)
    }

    fn withdraw(&mut self, copy: CopyId) {
        self.shm.withdraw(copy);
    }

    unsafe fn pull(&mut self, peer: Peer, token: Token, to: Place, length: usize) -> Option<CopyId> {
        let number = self.near(peer)?;
        // SAFETY: passed on.
        unsafe { self.shm.pull(number, token, to, length) }
    }

    fn allocate(&mut self, length: usize) -> Option<*mut u8> {
        self.shm.allocate(length)
    }

    fn free(&mut self, memory: *mut u8) -> bool {
        self.shm.free(memory)
    }

    fn close(&mut self) {
        self.shm.close();
        self.tcp.close();
    }

    fn waiter(&self) -> Rc<dyn Waiter> {
        self.vigil.clone()
    }
}

/// How a rank sleeps that has a doorbell and connections.
struct Vigil {
    bell: Rc<Doorbell>,
    watch: Rc<Watch>,
    /// `None` inside: it could not be made.
    lookout: OnceCell<Option<Lookout>>,
    /// Whether a lookout rings the bell. A sleeping thread reads it, while others may use the rest.
    sure: AtomicBool,
    /// The next poll looks at the connections.
    look: Cell<bool>,
}

/// How long a rank sleeps that no lookout wakes.
const UNSURE: Duration = Duration::from_millis(1);

impl Waiter for Vigil {
    fn crowded(&self) -> bool {
        self.bell.crowded()
    }

    fn give_way(&self) {
        self.bell.give_way();
    }

    fn prepare(&self) -> u32 {
        self.look.set(true);
        // The bell first: what the lookout sees from now on rings it.
        let prepared = self.bell.prepare();
        let lookout = self.lookout.get_or_init(|| Lookout::new(self.watch.poller(), self.bell.ringer()).ok());
        if let Some(lookout) = lookout {
            lookout.arm();
        }
        self.sure.store(lookout.is_some(), Ordering::Relaxed);
        prepared
    }

    fn sleep(&self, prepared: u32, limit: Duration) {
        let limit = self.watch.nap(limit);
        let sure = self.sure.load(Ordering::Relaxed);
        self.bell.sleep(prepared, if sure { limit } else { limit.min(UNSURE) });
    }

    fn finish(&self) {
        self.look.set(true);
        self.bell.finish();
    }

    fn rouse(&self) {
        self.bell.rouse();
    }
}
