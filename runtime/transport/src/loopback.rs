//! The reference backend: ranks that share one thread, and queues between them.
//!
//! It does what the contract says in the plainest way, and is what core's tests run on: many worlds in one process, each
//! stepped when the test says so. [`Loopback::network`] can hold frames back by a seed, so that frames of different
//! senders arrive in any order, and limit how many fit on the way.

#![allow(unsafe_code)]

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use crate::frame::{Body, Frame, Payload};
use crate::{CopyId, Limits, Peer, Place, Sink, Token, Transport, Waiter};

/// How a [`Loopback`] network behaves.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Decides which frames are held back.
    pub seed: u64,
    /// A sender's frame finds no room when this many are on the way to one receiver.
    pub room: usize,
    /// Of 16 polls of a sender's queue, so many find nothing though there is something.
    pub hold: u32,
    /// The limits that every rank reports.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            seed: 1,
            room: 16,
            hold: 0,
            limits: Limits { frame: 256, direct: usize::MAX, eager: 1024 },
        }
    }
}

type Queue = VecDeque<([u64; 2], Vec<u8>)>;

struct Network {
    settings: Settings,
    random: u64,
    /// `queues[receiver][sender]`.
    queues: Vec<Vec<Queue>>,
}

impl Network {
    /// A number from 0 to 15 (xorshift; the seed decides all of them).
    fn draw(&mut self) -> u32 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 32) as u32 % 16
    }
}

/// One rank of a network inside this thread.
pub struct Loopback {
    network: Rc<RefCell<Network>>,
    me: usize,
}

impl Loopback {
    /// The ranks of a new network.
    pub fn network(ranks: usize, settings: Settings) -> Vec<Loopback> {
        let queues = (0..ranks).map(|_| vec![Queue::new(); ranks]).collect();
        let random = settings.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let network = Rc::new(RefCell::new(Network { settings, random, queues }));
        (0..ranks).map(|me| Loopback { network: network.clone(), me }).collect()
    }
}

impl Transport for Loopback {
    fn peers(&self) -> usize {
        self.network.borrow().queues.len()
    }

    fn limits(&self, _peer: Peer) -> Limits {
        self.network.borrow().settings.limits
    }

    fn try_send(&mut self, peer: Peer, frame: Frame<'_, '_>) -> io::Result<bool> {
        let mut network = self.network.borrow_mut();
        let room = network.settings.room;
        let queue = &mut network.queues[peer][self.me];
        if queue.len() >= room {
            return Ok(false);
        }
        let mut bytes = vec![0; frame.len()];
        // SAFETY: the vector has the frame's length.
        unsafe { frame.write(bytes.as_mut_ptr()) };
        queue.push_back((frame.header, bytes));
        Ok(true)
    }

    fn poll(&mut self, sink: &mut dyn Sink) -> bool {
        let mut busy = false;
        for peer in 0..self.peers() {
            loop {
                let mut network = self.network.borrow_mut();
                let hold = network.settings.hold;
                if network.queues[self.me][peer].is_empty() || network.draw() < hold {
                    break;
                }
                let Some((header, bytes)) = network.queues[self.me][peer].pop_front() else { break };
                drop(network);
                // SAFETY: the vector outlives the payload.
                sink.frame(peer, header, unsafe { Payload::new(bytes.as_ptr(), bytes.len()) });
                busy = true;
            }
        }
        busy
    }

    fn expose(&mut self, _peer: Peer, _body: &Body<'_>) -> Option<(CopyId, Token)> {
        None
    }

    fn withdraw(&mut self, _copy: CopyId) {}

    unsafe fn pull(&mut self, _peer: Peer, _token: Token, _to: Place, _length: usize) -> Option<CopyId> {
        None
    }

    fn allocate(&mut self, _length: usize) -> Option<*mut u8> {
        None
    }

    fn free(&mut self, _memory: *mut u8) -> bool {
        false
    }

    fn waiter(&self) -> Rc<dyn Waiter> {
        Rc::new(Never)
    }
}

/// Ranks in one thread never sleep: whoever steps them decides when.
struct Never;

impl Waiter for Never {
    fn crowded(&self) -> bool {
        false
    }
    fn give_way(&self) {}
    fn prepare(&self) -> u32 {
        0
    }
    fn sleep(&self, _prepared: u32, _limit: Duration) {}
    fn finish(&self) {}
    fn rouse(&self) {}
}
