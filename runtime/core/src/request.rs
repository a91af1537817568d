//! The state of an operation, and what is reported when it is complete.

mod complete;
mod generalized;
pub(crate) mod persistent;

pub use complete::{Statuses, TestAny};
pub use generalized::Generalized;
pub use persistent::Start;

use std::rc::Rc;

use rankwise_transport::{CopyId, Peer};

use crate::buffer::Buffer;
use crate::error::{Error, ErrorClass};
use crate::group::Group;
use crate::handle::Handle;
use crate::p2p::buffered::Share;
use crate::p2p::matching::{Key, Place};
use crate::p2p::partitioned::Partitioned;

/// What is known of a completed operation (MPI 5.0, section 3.2.5). The bytes are those of the ABI's `MPI_Status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Status {
    /// The rank of the sender in the communicator.
    pub source: i32,
    /// The tag of the message.
    pub tag: i32,
    /// The error code of this operation; set only by calls that complete several.
    pub error: i32,
    flags: u32,
    count: [u32; 2],
    spare: [u32; 2],
}

/// `MPI_ANY_SOURCE`.
pub const ANY_SOURCE: i32 = -1;
/// `MPI_ANY_TAG`.
pub const ANY_TAG: i32 = -2;
/// `MPI_PROC_NULL`.
pub const PROC_NULL: i32 = -3;

impl Status {
    /// What operations without a message report, null requests among them.
    pub const EMPTY: Status =
        Status { source: ANY_SOURCE, tag: ANY_TAG, error: 0, flags: 0, count: [0; 2], spare: [0; 2] };

    /// What a receive from `MPI_PROC_NULL` reports (MPI 5.0, section 3.10).
    pub const PROC_NULL: Status = Status { source: PROC_NULL, ..Status::EMPTY };

    /// The status of a message of `bytes` bytes.
    pub fn new(source: i32, tag: i32, bytes: u64) -> Status {
        let mut status = Status { source, tag, ..Status::EMPTY };
        status.set_bytes(bytes);
        status
    }

    /// How many bytes of data were received.
    pub fn bytes(&self) -> u64 {
        self.count[0] as u64 | (self.count[1] as u64) << 32
    }

    /// Sets what [`Status::bytes`] returns (`MPI_Status_set_elements`).
    pub fn set_bytes(&mut self, bytes: u64) {
        self.count = [bytes as u32, (bytes >> 32) as u32];
    }

    /// Whether the operation was cancelled.
    pub fn cancelled(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Sets what [`Status::cancelled`] returns (`MPI_Status_set_cancelled`).
    pub fn set_cancelled(&mut self, cancelled: bool) {
        self.flags = self.flags & !1 | cancelled as u32;
    }
}

/// How a send ends (MPI 5.0, section 3.4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SendMode {
    /// When the buffer can be used again.
    Standard,
    /// At once, if need be by a copy in the attached buffer.
    Buffered,
    /// When the receive was matched as well.
    Synchronous,
    /// As standard; the caller knows that the receive is posted.
    Ready,
}

/// Who waits for an operation.
#[derive(Debug)]
pub(crate) enum Keep {
    /// The holder of its handle.
    Holder,
    /// Nobody: it is forgotten when it is complete.
    Nobody,
    /// The operation that this is a part of: it goes on when this one is complete.
    Part(Handle),
    /// A partitioned operation, of which this is the message of the sender's partition `index`.
    Message { of: Handle, index: u32 },
    /// Nobody; room in an attached buffer is given back when it is complete. `heap` holds the message if it is not there.
    Attached {
        share: Share,
        #[expect(dead_code, reason = "kept for its memory")]
        heap: Vec<u8>,
    },
}

/// A send or a receive that has been started and not yet been taken note of.
pub(crate) struct Op {
    pub(crate) done: bool,
    pub(crate) status: Status,
    pub(crate) error: Option<Error>,
    pub(crate) keep: Keep,
    pub(crate) buffer: Buffer,
    pub(crate) role: Role,
}

pub(crate) enum Role {
    Send {
        peer: Peer,
        key: Key,
        flags: u8,
        phase: SendPhase,
    },
    Receive {
        phase: ReceivePhase,
        source: Source,
    },
    /// Stands for another operation, again and again.
    Persistent(Box<persistent::Persistent>),
    /// Stands for messages that are ready at different times, again and again.
    Partitioned(Box<Partitioned>),
    /// Is the user's own, complete by the user's word.
    Generalized(Rc<Generalized>),
    /// Stands for a send and a receive.
    Pair(Box<Pair>),
    /// Has nothing to do with a message: complete from the start, or by its owner's word.
    Other,
}

/// The parts of a send-receive (`MPI_Isendrecv`), which are forgotten when both are complete.
pub(crate) struct Pair {
    pub(crate) send: Handle,
    pub(crate) receive: Handle,
    /// What is sent where the receive replaces it.
    #[expect(dead_code, reason = "kept for its memory")]
    pub(crate) copy: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum SendPhase {
    /// Nothing has left yet.
    Start,
    /// FIRST has left; the next byte to go in MORE.
    Stream(usize),
    /// RTS has left, with this exposure if any.
    Offered(Option<CopyId>),
    /// CTS has come from this operation; the next byte to go in DATA.
    Data(u64, usize),
    /// All bytes have left; ACK has not come.
    AwaitAck,
}

/// Of whom a message can come: when that is lost, so is the receive.
#[derive(Clone)]
pub(crate) enum Source {
    Peer(Peer),
    /// Each of these.
    Any(Rc<Group>),
}

impl Source {
    /// Whether messages of this peer fit.
    pub(crate) fn includes(&self, peer: Peer) -> bool {
        match self {
            Source::Peer(only) => *only == peer,
            Source::Any(group) => group.rank_of(peer).is_some(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ReceivePhase {
    /// Waits at this place for a message.
    Posted(Place),
    /// Is matched; this many bytes have come, of so many.
    Matched { received: usize, total: usize },
}

impl Op {
    pub(crate) fn finished(status: Status) -> Op {
        Op { done: true, status, error: None, keep: Keep::Holder, buffer: Buffer::EMPTY, role: Role::Other }
    }

    /// Notes a failure; `context` is that of the message.
    pub(crate) fn fail(&mut self, context: Option<u32>, class: ErrorClass, message: String) {
        self.error = Some(Error::new(class, message).in_context(context));
        self.status.error = class.0;
    }

    /// What the operation reports, once it is done.
    pub(crate) fn outcome(self) -> (Status, Option<Error>) {
        (self.status, self.error)
    }
}

impl Handle {
    /// `MPI_REQUEST_NULL`.
    pub const REQUEST_NULL: Handle = Handle(0x180);
}
