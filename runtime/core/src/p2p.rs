//! Point-to-point communication (MPI 5.0, chapter 3).
//!
//! The calls of a user are checked here and become operations of the engine. A short message is sent, and a blocking
//! call is over, without an entry in the table of operations where that is possible.

mod arrive;
mod bits;
pub(crate) mod buffered;
pub(crate) mod engine;
mod lost;
pub(crate) mod matching;
pub(crate) mod partitioned;
mod probe;
mod protocol;

use std::rc::Rc;

use rankwise_transport::Peer;

use self::buffered::{Room, Share};
use self::engine::{Engine, P2p};
use self::matching::{ANY, Key};
use self::protocol::{READY, SYNC};
use crate::buffer::{Buffer, UserBuf};
use crate::comm::Comm;
use crate::handle::Handle;
use crate::request::persistent::Taken;
use crate::request::{
    ANY_SOURCE, ANY_TAG, Keep, Op, PROC_NULL, Pair, ReceivePhase, Role, SendMode, SendPhase, Source, Start,
    Status,
};
use crate::world::World;
use crate::{Error, ErrorClass, Result, fail};

pub use buffered::OVERHEAD as BSEND_OVERHEAD;

/// The largest tag (`MPI_TAG_UB`).
pub const TAG_UB: i32 = i32::MAX - 1;

impl P2p {
    #[inline]
    fn enter(&mut self, op: Op) -> Result<Handle> {
        match self.ops.insert(op) {
            Ok(handle) => Ok(handle),
            Err(_) => fail!(ERR_NO_MEM, "too many requests: 16,777,216 are under way"),
        }
    }

    /// Starts a receive.
    #[inline]
    fn irecv(&mut self, (key, source): Pattern, buffer: Buffer, keep: Keep) -> Result<Handle> {
        let lost = self.lost_of(&source);
        let role = Role::Receive { phase: ReceivePhase::Matched { received: 0, total: 0 }, source };
        let op = self.enter(Op { done: false, status: Status::EMPTY, error: None, keep, buffer, role })?;
        match self.unexpected.take(key) {
            Some((key, message)) => self.receive_message(op, key, message),
            None if let Some(peer) = lost => self.fail_lost(op, peer),
            None => {
                let place = self.posted.post(key, op);
                if let Some(Op { role: Role::Receive { phase, .. }, .. }) = self.ops.get_mut(op) {
                    *phase = ReceivePhase::Posted(place);
                }
            }
        }
        Ok(op)
    }
}

impl Engine {
    fn enter(&mut self, op: Op) -> Result<Handle> {
        self.p2p.enter(op)
    }

    /// Starts a send.
    pub(crate) fn isend(
        &mut self,
        peer: Peer,
        key: Key,
        flags: u8,
        buffer: Buffer,
        keep: Keep,
    ) -> Result<Handle> {
        if flags & SYNC == 0 && matches!(keep, Keep::Holder) && self.try_eager(peer, key, flags, &buffer) {
            return self.enter(Op::finished(Status::EMPTY));
        }
        let role = Role::Send { peer, key, flags, phase: SendPhase::Start };
        let op = self.enter(Op { done: false, status: Status::EMPTY, error: None, keep, buffer, role })?;
        self.start_send(op, peer);
        Ok(op)
    }

    /// Starts a receive.
    #[inline]
    pub(crate) fn irecv(&mut self, pattern: Pattern, buffer: Buffer) -> Result<Handle> {
        self.p2p.irecv(pattern, buffer, Keep::Holder)
    }
}

/// What a receive asks for, and of whom it can come.
type Pattern = (Key, Source);

/// Where a send goes, as the user names it; shown in errors.
#[derive(Clone, Copy)]
struct Address {
    rank: i32,
    tag: i32,
}

impl Error {
    /// Adds where a message was to go.
    #[cold]
    fn sent_to(self, to: Address) -> Error {
        self.within(format_args!("to rank {} with tag {}", to.rank, to.tag))
    }

    /// Adds where a message was to come from.
    #[cold]
    fn wanted_from(self, from: Address) -> Error {
        let rank = if from.rank == ANY_SOURCE { "any rank".into() } else { format!("rank {}", from.rank) };
        let tag = if from.tag == ANY_TAG { "any tag".into() } else { format!("tag {}", from.tag) };
        self.within(format_args!("from {rank} with {tag}"))
    }
}

impl World {
    /// The peer and the envelope of a message to `to`; `None` for `MPI_PROC_NULL`.
    #[inline(always)]
    fn outgoing(&self, comm: &Comm, to: Address) -> Result<Option<(Peer, Key)>> {
        if to.tag as u32 > TAG_UB as u32 {
            fail!(ERR_TAG, "tag {} is not between 0 and {TAG_UB}", to.tag);
        }
        if to.rank == PROC_NULL {
            return Ok(None);
        }
        let group = comm.target_group();
        let Some(peer) = usize::try_from(to.rank).ok().and_then(|r| group.world_rank(r)) else {
            fail!(
                ERR_RANK,
                "rank {} is not in the group, which has ranks 0 to {}",
                to.rank,
                group.size() as i64 - 1
            )
        };
        Ok(Some((peer, Key { context: comm.context(), source: comm.rank() as u32, tag: to.tag as u32 })))
    }

    /// The pattern that a receive from `from` asks for; `None` for `MPI_PROC_NULL`.
    #[inline(always)]
    fn incoming(&self, comm: &Comm, from: Address) -> Result<Option<Pattern>> {
        let tag = match from.tag {
            ANY_TAG => ANY,
            tag if tag as u32 > TAG_UB as u32 => {
                fail!(ERR_TAG, "tag {tag} is neither between 0 and {TAG_UB} nor MPI_ANY_TAG")
            }
            tag => tag as u32,
        };
        let group = comm.target_group();
        let (source, of) = match from.rank {
            ANY_SOURCE => (ANY, Source::Any(group.clone())),
            PROC_NULL => return Ok(None),
            rank => match usize::try_from(rank).ok().and_then(|rank| group.world_rank(rank)) {
                Some(peer) => (rank as u32, Source::Peer(peer)),
                None => fail!(
                    ERR_RANK,
                    "rank {rank} is not in the group, which has ranks 0 to {}",
                    group.size() as i64 - 1
                ),
            },
        };
        Ok(Some((Key { context: comm.context(), source, tag }, of)))
    }

    /// Waits for an operation of ours and takes it out of the table.
    pub(crate) fn finish(&self, op: Handle) -> Result<Status> {
        self.wait_until(|engine| engine.p2p.ops.get(op).is_none_or(|op| op.done))?;
        let (status, error, _) = self.take_outcome(op);
        error.map_or(Ok(status), Err)
    }

    /// What a complete operation has to report, and whether its request stays; see [`P2p::take`].
    #[inline]
    pub(crate) fn take_outcome(&self, op: Handle) -> (Status, Option<Error>, bool) {
        let taken = self.engine.borrow_mut().p2p.take(op);
        match taken {
            Some(Taken::Gone(status, None)) => (status, None, false),
            Some(Taken::Gone(status, Some(error))) => (status, Some(self.of_comm(error)), false),
            Some(Taken::Stays(status, error)) => (status, error.map(|error| self.of_comm(error)), true),
            Some(Taken::Asks(functions)) => {
                let (status, error) = self.take_generalized(op, &functions);
                (status, error, false)
            }
            None => (Status::EMPTY, Some(Error::new(ErrorClass::ERR_REQUEST, "the request is gone")), false),
        }
    }

    /// Adds to an error which communicator it is about, for calls that are given a request alone.
    #[cold]
    fn of_comm(&self, mut error: Error) -> Error {
        let found = error.context.and_then(|context| {
            let comms = self.comms.borrow();
            let mut all = [&self.world, &self.own].into_iter().chain(comms.iter().map(|(_, comm)| comm));
            all.find(|comm| comm.context() == context || comm.collective_context() == context)
                .map(|comm| comm.handle())
        });
        error.comm = error.comm.or(found);
        error
    }

    #[inline(always)]
    fn resolve(&self, buf: &UserBuf) -> Result<Buffer> {
        if buf.is_in_place() {
            fail!(ERR_BUFFER, "MPI_IN_PLACE is not a buffer for point-to-point communication");
        }
        buf.resolve(&self.types.borrow())
    }

    /// As [`World::resolve`], for a buffer to receive into.
    #[inline(always)]
    fn resolve_target(&self, buf: &UserBuf) -> Result<Buffer> {
        let buffer = self.resolve(buf)?;
        match buffer.contiguous() {
            Some(_) => Ok(buffer),
            None => buffer.without_overlap(),
        }
    }

    /// Sends a message and returns when the buffer can be used again; in synchronous mode when the receive was matched
    /// too (MPI 5.0, sections 3.2.1 and 3.4). In buffered mode it never waits for the receiver.
    #[doc(alias = "MPI_Send", alias = "MPI_Bsend", alias = "MPI_Ssend", alias = "MPI_Rsend")]
    #[inline]
    pub fn send(&self, mode: SendMode, buf: UserBuf, dest: i32, tag: i32, comm: Handle) -> Result<()> {
        let to = Address { rank: dest, tag };
        let comm = self.comm(comm).map_err(|e| e.sent_to(to))?;
        self.send_checked(mode, &buf, to, &comm).map_err(|e| e.sent_to(to).on(comm.handle()))
    }

    #[inline(always)]
    fn send_checked(&self, mode: SendMode, buf: &UserBuf, to: Address, comm: &Comm) -> Result<()> {
        let Some((peer, key)) = self.outgoing(comm, to)? else { return Ok(()) };
        let buffer = self.resolve(buf)?;
        let flags = mode.flags();
        if mode == SendMode::Buffered {
            return self.send_buffered(peer, key, buffer, comm);
        }
        let op = {
            let mut engine = self.engine.borrow_mut();
            if flags & SYNC == 0 && engine.try_eager(peer, key, flags, &buffer) {
                return Ok(());
            }
            engine.isend(peer, key, flags, buffer, Keep::Holder)?
        };
        self.finish(op).map(|_| ())
    }

    /// Checks the arguments of a send, and returns what starts it. That keeps the datatype and the communicator, whose
    /// handles may be freed before it is started.
    pub(crate) fn prepare_send(
        &self,
        mode: SendMode,
        buf: &UserBuf,
        dest: i32,
        tag: i32,
        comm: Handle,
    ) -> Result<Start> {
        let to = Address { rank: dest, tag };
        let comm = self.comm(comm).map_err(|e| e.sent_to(to))?;
        let check = || match self.outgoing(&comm, to)? {
            Some((peer, key)) => Ok(Some((peer, key, self.resolve(buf)?))),
            None => Ok(None),
        };
        let target = check().map_err(|e: Error| e.sent_to(to).on(comm.handle()))?;
        Ok(Rc::new(move |world| {
            let start = || world.start_send(mode, target.clone(), &comm);
            start().map_err(|e| e.sent_to(to).on(comm.handle()))
        }))
    }

    /// As [`World::prepare_send`], for a receive.
    pub(crate) fn prepare_receive(
        &self,
        buf: &UserBuf,
        source: i32,
        tag: i32,
        comm: Handle,
    ) -> Result<Start> {
        let from = Address { rank: source, tag };
        let comm = self.comm(comm).map_err(|e| e.wanted_from(from))?;
        let check = || match self.incoming(&comm, from)? {
            Some(key) => Ok(Some((key, self.resolve_target(buf)?))),
            None => Ok(None),
        };
        let pattern = check().map_err(|e: Error| e.wanted_from(from).on(comm.handle()))?;
        Ok(Rc::new(move |world| {
            let start = || world.start_receive(pattern.clone());
            start().map_err(|e| e.wanted_from(from).on(comm.handle()))
        }))
    }

    /// Starts a send and returns its request (MPI 5.0, section 3.7.2).
    #[doc(alias = "MPI_Isend", alias = "MPI_Ibsend", alias = "MPI_Issend", alias = "MPI_Irsend")]
    #[inline]
    pub fn isend(&self, mode: SendMode, buf: UserBuf, dest: i32, tag: i32, comm: Handle) -> Result<Handle> {
        let to = Address { rank: dest, tag };
        let comm = self.comm(comm).map_err(|e| e.sent_to(to))?;
        let start = || {
            let target = match self.outgoing(&comm, to)? {
                Some((peer, key)) => Some((peer, key, self.resolve(&buf)?)),
                None => None,
            };
            self.start_send(mode, target, &comm)
        };
        start().map_err(|e| e.sent_to(to).on(comm.handle()))
    }

    /// Starts a send to a peer; `None` stands for `MPI_PROC_NULL`.
    #[inline(always)]
    fn start_send(&self, mode: SendMode, target: Option<(Peer, Key, Buffer)>, comm: &Comm) -> Result<Handle> {
        let Some((peer, key, buffer)) = target else {
            return self.engine.borrow_mut().enter(Op::finished(Status::PROC_NULL));
        };
        if mode == SendMode::Buffered {
            self.send_buffered(peer, key, buffer, comm)?;
            return self.engine.borrow_mut().enter(Op::finished(Status::EMPTY));
        }
        self.engine.borrow_mut().isend(peer, key, mode.flags(), buffer, Keep::Holder)
    }

    /// Sends from a copy in the attached buffer, unless the message can leave at once.
    fn send_buffered(&self, peer: Peer, key: Key, buffer: Buffer, comm: &Comm) -> Result<()> {
        let mut engine = self.engine.borrow_mut();
        // A communicator's own buffer, else that of its session, or of the process if it has none (section 3.6).
        let owners = [Some(comm.handle()), comm.session];
        let has_buffer = owners.iter().any(|&owner| engine.p2p.attachments.has(owner));
        if has_buffer && engine.try_eager(peer, key, 0, &buffer) {
            return Ok(());
        }
        let room = engine.p2p.attachments.reserve(owners, buffer.len());
        let room = match room {
            // What has left in the meantime may have made room.
            Err(_) if has_buffer => {
                engine.poll();
                engine.p2p.attachments.reserve(owners, buffer.len())?
            }
            room => room?,
        };
        let (keep, copy) = room.keep(&buffer).map_err(|(share, error)| {
            engine.p2p.attachments.give_back(share);
            error
        })?;
        engine.isend(peer, key, 0, copy, keep)?;
        Ok(())
    }

    /// Receives a message (MPI 5.0, section 3.2.4).
    #[doc(alias = "MPI_Recv")]
    #[inline]
    pub fn recv(&self, buf: UserBuf, source: i32, tag: i32, comm: Handle) -> Result<Status> {
        let from = Address { rank: source, tag };
        let comm = self.comm(comm).map_err(|e| e.wanted_from(from))?;
        let receive = || {
            let Some(key) = self.incoming(&comm, from)? else { return Ok(Status::PROC_NULL) };
            let buffer = self.resolve_target(&buf)?;
            let op = self.engine.borrow_mut().irecv(key, buffer)?;
            self.finish(op)
        };
        receive().map_err(|e| e.wanted_from(from).on(comm.handle()))
    }

    /// Starts a receive and returns its request (MPI 5.0, section 3.7.2).
    #[doc(alias = "MPI_Irecv")]
    #[inline]
    pub fn irecv(&self, buf: UserBuf, source: i32, tag: i32, comm: Handle) -> Result<Handle> {
        let from = Address { rank: source, tag };
        let comm = self.comm(comm).map_err(|e| e.wanted_from(from))?;
        let start = || {
            let pattern = match self.incoming(&comm, from)? {
                Some(key) => Some((key, self.resolve_target(&buf)?)),
                None => None,
            };
            self.start_receive(pattern)
        };
        start().map_err(|e| e.wanted_from(from).on(comm.handle()))
    }

    /// Starts a receive; `None` stands for one from `MPI_PROC_NULL`.
    #[inline(always)]
    fn start_receive(&self, pattern: Option<(Pattern, Buffer)>) -> Result<Handle> {
        let mut engine = self.engine.borrow_mut();
        match pattern {
            Some((key, buffer)) => engine.irecv(key, buffer),
            None => engine.enter(Op::finished(Status::PROC_NULL)),
        }
    }

    /// Sends one message and receives another one, in any order (MPI 5.0, section 3.9).
    #[doc(alias = "MPI_Sendrecv")]
    #[allow(clippy::too_many_arguments)]
    pub fn sendrecv(
        &self,
        sbuf: UserBuf,
        dest: i32,
        stag: i32,
        rbuf: UserBuf,
        source: i32,
        rtag: i32,
        comm: Handle,
    ) -> Result<Status> {
        let op = self.isendrecv(sbuf, dest, stag, rbuf, source, rtag, comm)?;
        self.finish(op)
    }

    /// As [`World::sendrecv`], with one buffer: the message received replaces the one sent.
    #[doc(alias = "MPI_Sendrecv_replace")]
    pub fn sendrecv_replace(
        &self,
        buf: UserBuf,
        dest: i32,
        stag: i32,
        source: i32,
        rtag: i32,
        comm: Handle,
    ) -> Result<Status> {
        let op = self.isendrecv_replace(buf, dest, stag, source, rtag, comm)?;
        self.finish(op)
    }

    /// As [`World::sendrecv`], with one request for both.
    #[doc(alias = "MPI_Isendrecv")]
    #[allow(clippy::too_many_arguments)]
    pub fn isendrecv(
        &self,
        sbuf: UserBuf,
        dest: i32,
        stag: i32,
        rbuf: UserBuf,
        source: i32,
        rtag: i32,
        comm: Handle,
    ) -> Result<Handle> {
        let to = Address { rank: dest, tag: stag };
        let from = Address { rank: source, tag: rtag };
        let comm = self.comm(comm).map_err(|e| e.sent_to(to).wanted_from(from))?;
        // A buffer that nothing is done with is not looked at.
        let send = if dest == PROC_NULL { Ok(Buffer::EMPTY) } else { self.resolve(&sbuf) };
        let receive = if source == PROC_NULL { Ok(Buffer::EMPTY) } else { self.resolve_target(&rbuf) };
        let send = send.map_err(|e| e.sent_to(to).on(comm.handle()))?;
        let receive = receive.map_err(|e| e.wanted_from(from).on(comm.handle()))?;
        self.exchange(&comm, (to, send, Vec::new()), (from, receive))
    }

    /// As [`World::sendrecv_replace`], with a request.
    #[doc(alias = "MPI_Isendrecv_replace")]
    pub fn isendrecv_replace(
        &self,
        buf: UserBuf,
        dest: i32,
        stag: i32,
        source: i32,
        rtag: i32,
        comm: Handle,
    ) -> Result<Handle> {
        let to = Address { rank: dest, tag: stag };
        let from = Address { rank: source, tag: rtag };
        let comm = self.comm(comm).map_err(|e| e.sent_to(to).wanted_from(from))?;
        let receive = self.resolve_target(&buf).map_err(|e| e.wanted_from(from).on(comm.handle()))?;
        let mut copy = receive.to_vec().map_err(|e| e.sent_to(to).on(comm.handle()))?;
        let send = Buffer::of_vec(&mut copy);
        self.exchange(&comm, (to, send, copy), (from, receive))
    }

    /// Starts both halves of a send-receive; all arguments are checked before anything is started.
    fn exchange(
        &self,
        comm: &Comm,
        send: (Address, Buffer, Vec<u8>),
        receive: (Address, Buffer),
    ) -> Result<Handle> {
        let (to, sbuf, copy) = send;
        let (from, rbuf) = receive;
        let target = self.outgoing(comm, to).map_err(|e| e.sent_to(to).on(comm.handle()))?;
        let pattern = self.incoming(comm, from).map_err(|e| e.wanted_from(from).on(comm.handle()))?;
        let mut engine = self.engine.borrow_mut();
        let receive = match pattern {
            Some(key) => engine.irecv(key, rbuf)?,
            None => engine.enter(Op::finished(Status::PROC_NULL))?,
        };
        let send = match target {
            Some((peer, key)) => engine.isend(peer, key, 0, sbuf, Keep::Holder)?,
            None => engine.enter(Op::finished(Status::EMPTY))?,
        };
        let role = Role::Pair(Box::new(Pair { send, receive, copy }));
        let pair = engine.enter(Op { done: false, role, ..Op::finished(Status::EMPTY) })?;
        let mut open = 0;
        for part in [send, receive] {
            if let Some(op) = engine.p2p.ops.get_mut(part).filter(|op| !op.done) {
                op.keep = Keep::Part(pair);
                open += 1;
            }
        }
        if open == 0 {
            engine.p2p.settle_pair(pair, send, receive);
        }
        Ok(pair)
    }

    /// Attaches a buffer for sends in buffered mode: for the process (`None`), a communicator or a session
    /// (MPI 5.0, section 3.6). The address `MPI_BUFFER_AUTOMATIC` asks for a buffer that the library manages.
    #[doc(alias = "MPI_Buffer_attach", alias = "MPI_Comm_attach_buffer")]
    pub fn buffer_attach(&self, owner: Option<Handle>, addr: *mut u8, size: i64) -> Result<()> {
        self.check_buffer_owner(owner)?;
        self.engine.borrow_mut().p2p.attachments.attach(owner, addr, size)
    }

    /// Detaches a buffer when all messages in it have left. Returns what was attached.
    #[doc(alias = "MPI_Buffer_detach", alias = "MPI_Comm_detach_buffer")]
    pub fn buffer_detach(&self, owner: Option<Handle>) -> Result<(*mut u8, i64)> {
        self.buffer_flush(owner)?;
        match self.engine.borrow_mut().p2p.attachments.detach(owner) {
            Some(attached) => Ok(attached),
            None => fail!(ERR_BUFFER, "no buffer is attached"),
        }
    }

    /// Returns when all messages in a buffer have left.
    #[doc(alias = "MPI_Buffer_flush", alias = "MPI_Comm_flush_buffer")]
    pub fn buffer_flush(&self, owner: Option<Handle>) -> Result<()> {
        self.check_buffer_owner(owner)?;
        self.wait_until(|engine| engine.p2p.attachments.drained(owner))
    }

    /// As [`World::buffer_flush`], with a request.
    #[doc(alias = "MPI_Buffer_iflush", alias = "MPI_Comm_iflush_buffer")]
    pub fn buffer_iflush(&self, owner: Option<Handle>) -> Result<Handle> {
        self.check_buffer_owner(owner)?;
        let mut engine = self.engine.borrow_mut();
        let mut op = Op::finished(Status::EMPTY);
        op.done = engine.p2p.attachments.drained(owner);
        let done = op.done;
        let op = engine.enter(op)?;
        if !done {
            engine.p2p.draining.push((op, owner));
        }
        Ok(op)
    }

    fn check_buffer_owner(&self, owner: Option<Handle>) -> Result<()> {
        match owner {
            Some(owner) if owner.kind() == Some(crate::Kind::Session) => self.check_session(owner),
            Some(owner) => self.comm(owner).map(|_| ()),
            None => Ok(()),
        }
    }
}

impl SendMode {
    fn flags(self) -> u8 {
        match self {
            SendMode::Standard | SendMode::Buffered => 0,
            SendMode::Synchronous => SYNC,
            SendMode::Ready => READY,
        }
    }
}

impl Room {
    /// Copies a message to its room. Returns what keeps the room, and the copy as a buffer; or the room, and why not.
    #[allow(unsafe_code)]
    fn keep(self, message: &Buffer) -> Result<(Keep, Buffer), (Share, Error)> {
        Ok(match self {
            Room::Piece { share, addr } => {
                // SAFETY: the piece has room for the message (`Attachments::reserve`); the user gave the attached
                // buffer to us until it is detached, which waits for the operation.
                let copy = unsafe {
                    message.pack_to(addr);
                    Buffer::raw(addr, message.len())
                };
                (Keep::Attached { share, heap: Vec::new() }, copy)
            }
            Room::Heap { share } => {
                let mut heap = message.to_vec().map_err(|error| (share, error))?;
                let copy = Buffer::of_vec(&mut heap);
                (Keep::Attached { share, heap }, copy)
            }
        })
    }
}
