//! Ordered frames between the ranks of a job.
//!
//! A [`Transport`] takes a frame (16 bytes of header, which it does not understand, and a payload) to a peer, and gives
//! the frames of one peer to a [`Sink`] in the order in which that peer sent them. It knows no tag and no communicator.
//! Beyond frames it may be able to copy straight between the memories of two ranks ([`Transport::expose`] and
//! [`Transport::pull`]), and to sleep until something arrives ([`Waiter`]).
//!
//! What every backend promises, and the contract suite in `rankwise-testkit` checks:
//!
//! - a frame that was taken arrives whole, once, and after all that were sent to the same peer before it;
//! - a frame that was not taken (no room) left no trace, and can be offered again;
//! - `try_send` and `poll` never wait;
//! - the sink may not call back into the transport, and must have copied what it needs of a payload when it returns;
//! - a peer that cannot be reached is either waited for or given up, which the sink is told once; a frame to it is an error
//!   from then on;
//! - a rank is its own peer as well.

#![deny(unsafe_code)]

// The protocols in shared memory are checked under loom; what uses them is not compiled then.
#[cfg_attr(loom, allow(dead_code))]
mod bell;
pub mod frame;
#[cfg(not(loom))]
pub mod joined;
pub mod loopback;
pub mod ring;
#[cfg(not(loom))]
pub mod shm;
#[cfg_attr(loom, allow(dead_code))]
mod slot;
pub mod strided;
mod sync;
#[cfg(not(loom))]
pub mod tcp;

use std::io;
use std::rc::Rc;
use std::time::Duration;

pub use frame::{Body, Frame, Payload, Place};

/// The number of a rank within a transport.
pub type Peer = usize;

/// What a transport can do towards one peer.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest payload of one frame, in bytes.
    pub frame: usize,
    /// Messages longer than this many bytes gain from a direct copy, if there is one.
    pub direct: usize,
    /// The most that a sender may push at a receiver who has not asked for it, in bytes.
    pub eager: usize,
}

/// Names memory that a peer has laid open, in a form that fits a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token(pub [u64; 3]);

/// A direct copy under way, on either side.
pub type CopyId = u32;

/// Takes what a transport delivers.
pub trait Sink {
    /// A frame of `peer` has arrived.
    fn frame(&mut self, peer: Peer, header: [u64; 2], payload: Payload<'_>);
    /// All bytes that were laid open as `copy` have left, or never will.
    fn exposed(&mut self, copy: CopyId, result: io::Result<()>);
    /// All bytes asked for as `copy` are here, or never will be.
    fn pulled(&mut self, copy: CopyId, result: io::Result<()>);
    /// `peer` was given up for good: nothing comes from it any more, and of what was sent to it some may not have arrived.
    fn lost(&mut self, peer: Peer, why: &io::Error);
}

/// The way from one rank to its peers, itself included.
pub trait Transport {
    /// How many peers there are, this rank included; peers are numbered from 0.
    fn peers(&self) -> usize;

    /// What can be done towards `peer`.
    fn limits(&self, peer: Peer) -> Limits;

    /// Sends a frame of at most [`Limits::frame`] payload bytes. `Ok(false)` if there is no room now.
    fn try_send(&mut self, peer: Peer, frame: Frame<'_, '_>) -> io::Result<bool>;

    /// Gives what has arrived to `sink`, and moves direct copies on. Says whether anything happened.
    fn poll(&mut self, sink: &mut dyn Sink) -> bool;

    /// Lays `body` open for a [`pull`](Transport::pull) by `peer`. `None`: there is no direct copy to this peer now.
    fn expose(&mut self, peer: Peer, body: &Body<'_>) -> Option<(CopyId, Token)>;

    /// Takes back an exposure that the peer was not told of, or has refused.
    fn withdraw(&mut self, copy: CopyId);

    /// Starts to copy `length` bytes of what `peer` laid open under `token` to `to`. `None`: it cannot be done from here,
    /// and the peer has to send frames instead.
    ///
    /// # Safety
    /// `to` must stay valid for writes of `length` bytes, untouched by others, until [`Sink::pulled`] names the copy.
    #[allow(unsafe_code)]
    unsafe fn pull(&mut self, peer: Peer, token: Token, to: Place, length: usize) -> Option<CopyId>;

    /// Memory from which peers copy without the kernel's help, page aligned. `None` if there is no such memory.
    fn allocate(&mut self, length: usize) -> Option<*mut u8>;

    /// Gives back what [`Transport::allocate`] returned. False if `memory` is not from there.
    fn free(&mut self, memory: *mut u8) -> bool;

    /// Ends communication: what was sent arrives, though this rank may be gone by then. To be called when no peer will send
    /// more to this rank; frames that come all the same are dropped.
    fn close(&mut self) {}

    /// How this rank waits for its transport.
    fn waiter(&self) -> Rc<dyn Waiter>;
}

/// Mechanisms for a rank that has nothing to do; which is used when is its owner's policy.
///
/// A sleeper calls [`prepare`](Waiter::prepare), polls once more, and only if that brought nothing calls
/// [`sleep`](Waiter::sleep); whatever arrives after the poll wakes it. [`finish`](Waiter::finish) ends it in any case.
/// Of several threads of a rank only one at a time may be in any of these but `sleep`.
pub trait Waiter {
    /// Whether this node has more ranks than processors for them.
    fn crowded(&self) -> bool;
    /// Gives the processor to somebody else for a moment.
    fn give_way(&self);
    /// Announces a sleep. The value goes to [`sleep`](Waiter::sleep).
    fn prepare(&self) -> u32;
    /// Sleeps until something arrives, or for `limit`.
    fn sleep(&self, prepared: u32, limit: Duration);
    /// Ends what [`prepare`](Waiter::prepare) began.
    fn finish(&self);
    /// Wakes other threads of this rank that sleep: what they wait for may have been delivered to this one.
    fn rouse(&self);
}
