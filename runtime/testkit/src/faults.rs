//! Networks in trouble: frames that are refused or late, connections that break, peers that are lost.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;

use crate::networks::passed_on;
use rankwise_transport::joined::Joined;
use rankwise_transport::loopback::Loopback;
use rankwise_transport::tcp::Tcp;
use rankwise_transport::{Body, CopyId, Frame, Limits, Payload, Peer, Place, Sink, Token, Transport, Waiter};

use crate::networks::Network;
use crate::random::Random;

/// A transport whose connections a test can break.
pub trait Breakable: Transport {
    /// Breaks the connection to a peer. False if there is none.
    fn cut(&mut self, peer: Peer) -> bool;
}

impl Breakable for Tcp {
    fn cut(&mut self, peer: Peer) -> bool {
        Tcp::cut(self, peer)
    }
}

impl Breakable for Joined {
    fn cut(&mut self, peer: Peer) -> bool {
        Joined::cut(self, peer)
    }
}

impl Breakable for Loopback {
    fn cut(&mut self, _peer: Peer) -> bool {
        false
    }
}

/// How often what goes wrong, in 1024 calls, and how often it has. Shared by all ranks of a network.
#[derive(Default)]
pub struct Faults {
    /// Frames that find no room though there is some.
    pub refused: Cell<usize>,
    /// Polls that bring nothing though there is something.
    pub delayed: Cell<usize>,
    /// Connections that break.
    pub cut: Cell<usize>,
    /// How many connections have broken.
    pub cuts: Cell<usize>,
    /// Peers that are lost: who has lost whom, and whether it was told.
    lost: RefCell<Vec<(Peer, Peer, bool)>>,
}

impl Faults {
    /// From now on rank `at` cannot reach rank `peer`.
    pub fn lose(&self, at: Peer, peer: Peer) {
        self.lost.borrow_mut().push((at, peer, false));
    }

    fn has_lost(&self, at: Peer, peer: Peer) -> bool {
        self.lost.borrow().iter().any(|&(a, p, _)| (a, p) == (at, peer))
    }
}

/// The same network with faults, which a seed decides; at first there are none.
pub fn faulty<T: Breakable + 'static>(ranks: Vec<T>, seed: u64) -> (Network, Rc<Faults>) {
    let faults = Rc::new(Faults::default());
    let wrap = |(me, inner)| {
        let random = Random::new(seed ^ (me as u64) << 32);
        Box::new(Faulty { inner, me, random, faults: faults.clone() }) as Box<dyn Transport>
    };
    (ranks.into_iter().enumerate().map(wrap).collect(), faults)
}

struct Faulty<T> {
    inner: T,
    me: Peer,
    random: Random,
    faults: Rc<Faults>,
}

impl<T: Breakable> Faulty<T> {
    fn happens(&mut self, how_often: &Cell<usize>) -> bool {
        self.random.below(1024) < how_often.get()
    }
}

/// Keeps back what comes of a lost peer.
struct FaultySink<'a> {
    inner: &'a mut dyn Sink,
    me: Peer,
    faults: &'a Faults,
}

impl Sink for FaultySink<'_> {
    fn frame(&mut self, peer: Peer, header: [u64; 2], payload: Payload<'_>) {
        if !self.faults.has_lost(self.me, peer) {
            self.inner.frame(peer, header, payload);
        }
    }

    fn exposed(&mut self, copy: CopyId, result: io::Result<()>) {
        self.inner.exposed(copy, result);
    }

    fn pulled(&mut self, copy: CopyId, result: io::Result<()>) {
        self.inner.pulled(copy, result);
    }

    fn lost(&mut self, peer: Peer, why: &io::Error) {
        self.inner.lost(peer, why);
    }
}

/// Why a peer of a [`Faulty`] transport is lost.
fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the test has cut the wire")
}

impl<T: Breakable> Transport for Faulty<T> {
    passed_on!();

    fn try_send(&mut self, peer: Peer, frame: Frame<'_, '_>) -> io::Result<bool> {
        let faults = self.faults.clone();
        if faults.has_lost(self.me, peer) {
            return Err(gone());
        }
        if self.happens(&faults.refused) {
            return Ok(false);
        }
        self.inner.try_send(peer, frame)
    }

    fn poll(&mut self, sink: &mut dyn Sink) -> bool {
        let faults = self.faults.clone();
        if self.happens(&faults.cut) {
            let peer = self.random.below(self.inner.peers());
            faults.cuts.set(faults.cuts.get() + usize::from(self.inner.cut(peer)));
        }
        if self.happens(&faults.delayed) {
            // Something may be there: the rank must not think that nothing happens.
            return true;
        }
        let mut busy = self.inner.poll(&mut FaultySink { inner: sink, me: self.me, faults: &faults });
        for (at, peer, told) in &mut *faults.lost.borrow_mut() {
            if *at == self.me && !std::mem::replace(told, true) {
                sink.lost(*peer, &gone());
                busy = true;
            }
        }
        busy
    }

    fn close(&mut self) {
        self.inner.close();
    }
}
