//! The engine of point-to-point messages: operations, queues, and the answers to frames.
//!
//! [`P2p`] is all state and never touches the transport while it is being polled; what has to be sent in answer goes to
//! the outbox. [`Engine`] owns both and moves them on.

use std::collections::{BTreeMap, VecDeque};
use std::io;

use rankwise_transport::{CopyId, Frame, Limits, Peer, Token, Transport};

use super::buffered::Attachments;
use super::matching::{Key, Posted, Unexpected};
use super::partitioned::Unmatched;
use super::protocol::{self, Kind as FrameKind, NO_ENVELOPE, SYNC, TOKEN};
use crate::error::ErrorClass;
use crate::handle::{Handle, Kind, Table};
use crate::request::{Keep, Op, Role, SendPhase};

/// A message that arrived before its receive.
#[derive(Default)]
pub(crate) struct Message {
    pub(crate) peer: Peer,
    pub(crate) total: usize,
    /// The bytes that have come.
    pub(crate) data: Vec<u8>,
    /// The sending operation, if it waits for us.
    pub(crate) op: u64,
    pub(crate) content: Content,
    pub(crate) sync: bool,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// `data` holds all of it.
    #[default]
    Whole,
    /// The rest is on its way as MORE.
    Streaming,
    /// It waits at its sender.
    AtSender(Option<Token>),
}

/// Where the MORE frames of a peer go.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Nowhere,
    Op(Handle),
    Message(u32),
}

/// Something to send when there is room.
pub(super) enum Out {
    Control { header: [u64; 2], words: [u64; 5], len: usize },
    Send(Handle),
}

/// A receive that has matched a message at its sender.
pub(super) struct Rendezvous {
    pub(super) receive: Handle,
    pub(super) peer: Peer,
    pub(super) send: u64,
    pub(super) total: usize,
    pub(super) token: Option<Token>,
}

/// The state of all messages of this rank.
pub(crate) struct P2p {
    pub(crate) ops: Table<Op>,
    pub(crate) posted: Posted<Handle>,
    pub(crate) unexpected: Unexpected<u32>,
    pub(super) messages: Vec<Message>,
    pub(super) free_messages: Vec<u32>,
    /// Memory for the bytes of the next messages.
    pub(super) spare: Vec<Vec<u8>>,
    /// Messages taken by a matched probe.
    pub(crate) probed: Table<(Key, u32)>,
    pub(crate) attachments: Attachments,
    pub(super) unmatched: Unmatched,
    pub(super) streams: Vec<Stream>,
    pub(super) outbox: Vec<VecDeque<Out>>,
    /// Peers whose outbox is not empty.
    pub(super) busy: Vec<Peer>,
    /// Peers that were given up, and why.
    pub(super) lost: BTreeMap<Peer, String>,
    pub(super) rendezvous: Vec<Rendezvous>,
    pub(super) exposures: Vec<(CopyId, Handle)>,
    pub(super) pulls: Vec<(CopyId, Handle)>,
    /// Exposures that their receivers cannot use.
    pub(super) withdrawn: Vec<CopyId>,
    /// Operations that are complete when all messages in the attached buffer of an owner have left
    /// (`MPI_Buffer_iflush`).
    pub(crate) draining: Vec<(Handle, Option<Handle>)>,
    /// What a user should know though no call failed.
    pub(crate) warnings: Vec<String>,
}

/// Messages, and the way to the peers.
pub(crate) struct Engine {
    pub(crate) transport: Box<dyn Transport>,
    /// What the transport can do, by peer.
    limits: Box<[Limits]>,
    pub(crate) p2p: P2p,
}

/// What became of an attempt to move a send on.
enum Sent {
    /// All that can leave now has left.
    Away,
    /// There is no room.
    Stuck,
}

impl Engine {
    pub(crate) fn new(transport: Box<dyn Transport>) -> Engine {
        let peers = transport.peers();
        let p2p = P2p {
            ops: Table::new(Kind::Request),
            posted: Posted::new(),
            unexpected: Unexpected::new(),
            messages: Vec::new(),
            free_messages: Vec::new(),
            spare: Vec::new(),
            probed: Table::new(Kind::Message),
            attachments: Attachments::default(),
            unmatched: Unmatched::new(),
            streams: vec![Stream::Nowhere; peers],
            outbox: (0..peers).map(|_| VecDeque::new()).collect(),
            busy: Vec::new(),
            lost: BTreeMap::new(),
            rendezvous: Vec::new(),
            exposures: Vec::new(),
            pulls: Vec::new(),
            withdrawn: Vec::new(),
            draining: Vec::new(),
            warnings: Vec::new(),
        };
        let limits = (0..peers).map(|peer| transport.limits(peer)).collect();
        Engine { transport, limits, p2p }
    }

    /// Takes what has arrived and sends what there is room for. Says whether anything happened.
    #[inline]
    pub(crate) fn poll(&mut self) -> bool {
        let mut busy = self.transport.poll(&mut self.p2p);
        if !self.p2p.busy.is_empty() || !self.p2p.rendezvous.is_empty() {
            busy |= self.flush();
        }
        if !self.p2p.draining.is_empty() {
            busy |= self.p2p.end_drained();
        }
        busy
    }

    /// Whether frames still have to leave this rank.
    pub(crate) fn has_frames(&self) -> bool {
        !self.p2p.busy.is_empty() || !self.p2p.rendezvous.is_empty()
    }

    /// Whether anything still has to leave this rank.
    pub(crate) fn has_output(&self) -> bool {
        self.has_frames() || !self.p2p.exposures.is_empty()
    }

    /// Gives the sends up that are not complete: nobody will receive them. Says how many there were.
    pub(crate) fn give_up_sends(&mut self) -> usize {
        for (copy, _) in self.p2p.exposures.drain(..) {
            self.transport.withdraw(copy);
        }
        let open = |op: &Op| !op.done && matches!(op.role, Role::Send { .. });
        let sends: Vec<Handle> = self.p2p.ops.iter().filter(|(_, op)| open(op)).map(|(h, _)| h).collect();
        for &send in &sends {
            self.p2p.complete(send);
        }
        sends.len()
    }

    /// Sends a whole message in one frame if that can be done at once.
    #[inline]
    pub(crate) fn try_eager(
        &mut self,
        peer: Peer,
        key: Key,
        flags: u8,
        buffer: &crate::buffer::Buffer,
    ) -> bool {
        if buffer.len() > self.limits[peer].frame || !self.p2p.outbox[peer].is_empty() {
            return false;
        }
        let header = protocol::header(FrameKind::Eager, flags, key);
        let transport = &mut self.transport;
        // An error shows again, and is reported, when the message goes the long way.
        buffer
            .body(0, buffer.len(), |body| transport.try_send(peer, Frame { header, words: &[], body }))
            .unwrap_or(false)
    }

    /// Queues a send that has been entered into the table of operations, and begins with it.
    pub(crate) fn start_send(&mut self, op: Handle, peer: Peer) {
        self.p2p.push(peer, Out::Send(op));
        if self.p2p.outbox[peer].len() == 1 {
            self.flush();
        }
    }

    /// Sends from the outboxes until they are empty or there is no room.
    fn flush(&mut self) -> bool {
        let mut any = false;
        for copy in self.p2p.withdrawn.drain(..) {
            self.transport.withdraw(copy);
        }
        for i in 0..self.p2p.rendezvous.len() {
            self.begin_transfer(i);
            any = true;
        }
        self.p2p.rendezvous.clear();
        let mut i = 0;
        while i < self.p2p.busy.len() {
            let peer = self.p2p.busy[i];
            while let Some(out) = self.p2p.outbox[peer].front() {
                let sent = match *out {
                    Out::Control { header, ref words, len } => {
                        match self.transport.try_send(peer, Frame::control(header, &words[..len])) {
                            Ok(true) => Sent::Away,
                            Ok(false) => Sent::Stuck,
                            // What it would answer to has failed already.
                            Err(_) if self.p2p.is_lost(peer) => Sent::Away,
                            Err(error) => {
                                self.p2p.warnings.push(format!("cannot reach rank {peer}: {error}"));
                                Sent::Away
                            }
                        }
                    }
                    Out::Send(op) => self.advance_send(op, &mut any),
                };
                match sent {
                    Sent::Away => self.p2p.outbox[peer].pop_front(),
                    Sent::Stuck => break,
                };
                any = true;
            }
            if self.p2p.outbox[peer].is_empty() {
                self.p2p.busy.swap_remove(i);
            } else {
                i += 1;
            }
        }
        any
    }

    /// Moves one send on as far as there is room.
    fn advance_send(&mut self, handle: Handle, any: &mut bool) -> Sent {
        loop {
            match self.send_next(handle) {
                Ok(Some(Sent::Away)) => return Sent::Away,
                Ok(Some(Sent::Stuck)) => return Sent::Stuck,
                Ok(None) => *any = true,
                Err(error) => {
                    if let Some(op) = self.p2p.ops.get_mut(handle) {
                        let context = match op.role {
                            Role::Send { key, .. } => Some(key.context),
                            _ => None,
                        };
                        op.fail(
                            context,
                            ErrorClass::ERR_OTHER,
                            format!("the message could not be sent: {error}"),
                        );
                    }
                    self.p2p.complete(handle);
                    return Sent::Away;
                }
            }
        }
    }

    /// Sends the next frame of a send. `None`: it has left, and there may be another one.
    fn send_next(&mut self, handle: Handle) -> io::Result<Option<Sent>> {
        let Engine { transport, p2p, limits } = self;
        let Some(op) = p2p.ops.get_mut(handle) else { return Ok(Some(Sent::Away)) };
        let Role::Send { peer, key, flags, phase } = op.role else { return Ok(Some(Sent::Away)) };
        let limits = limits[peer];
        let total = op.buffer.len();
        let id = handle.0 as u64;
        // What goes out now: kind, flags, words, the part of the message, and the phase after it.
        let (kind, flags, words, from, part, after) = match phase {
            SendPhase::Start if total + 8 <= limits.frame => {
                let words = ([id, 0], (flags & SYNC != 0) as usize);
                (FrameKind::Eager, flags, words, 0, total, SendPhase::Stream(total))
            }
            SendPhase::Start => {
                // Beyond `direct` a copy is worth its frames; without one, a short message is still pushed.
                let exposed = match total > limits.direct {
                    true => op.buffer.body(0, total, |body| transport.expose(peer, &body)),
                    false => None,
                };
                if exposed.is_some() || total > limits.eager {
                    return Self::offer(transport.as_mut(), p2p, handle, exposed);
                }
                let part = total.min(limits.frame - 16);
                (FrameKind::First, flags, ([total as u64, id], 2), 0, part, SendPhase::Stream(part))
            }
            SendPhase::Stream(from) if from < total => {
                let part = (total - from).min(limits.frame);
                (FrameKind::More, 0, ([0; 2], 0), from, part, SendPhase::Stream(from + part))
            }
            SendPhase::Data(receive, from) if from < total => {
                let part = (total - from).min(limits.frame - 16);
                let words = ([receive, from as u64], 2);
                (FrameKind::Data, 0, words, from, part, SendPhase::Data(receive, from + part))
            }
            SendPhase::Stream(_) if flags & SYNC != 0 => {
                op.role = Role::Send { peer, key, flags, phase: SendPhase::AwaitAck };
                return Ok(Some(Sent::Away));
            }
            SendPhase::Stream(_) | SendPhase::Data(..) => {
                p2p.complete(handle);
                return Ok(Some(Sent::Away));
            }
            SendPhase::Offered(_) | SendPhase::AwaitAck => return Ok(Some(Sent::Away)),
        };
        let header = protocol::header(kind, flags, key);
        let words = &words.0[..words.1];
        if !op.buffer.body(from, part, |body| transport.try_send(peer, Frame { header, words, body }))? {
            return Ok(Some(Sent::Stuck));
        }
        if let Role::Send { phase, .. } = &mut op.role {
            *phase = after;
        }
        Ok(None)
    }

    /// Tells the receiver of a message that waits here.
    fn offer(
        transport: &mut dyn Transport,
        p2p: &mut P2p,
        handle: Handle,
        exposed: Option<(CopyId, Token)>,
    ) -> io::Result<Option<Sent>> {
        let Some(op) = p2p.ops.get_mut(handle) else { return Ok(Some(Sent::Away)) };
        let Role::Send { peer, key, flags, ref mut phase } = op.role else { return Ok(Some(Sent::Away)) };
        let token = exposed.map_or([0; 3], |(_, token)| token.0);
        let words = [op.buffer.len() as u64, handle.0 as u64, token[0], token[1], token[2]];
        let flags = if exposed.is_some() { flags | TOKEN } else { flags };
        let header = protocol::header(FrameKind::Rts, flags, key);
        match transport.try_send(peer, Frame::control(header, &words)) {
            Ok(true) => {
                *phase = SendPhase::Offered(exposed.map(|e| e.0));
                if let Some((copy, _)) = exposed {
                    p2p.exposures.push((copy, handle));
                }
                Ok(Some(Sent::Away))
            }
            not_sent => {
                if let Some((copy, _)) = exposed {
                    transport.withdraw(copy);
                }
                not_sent.map(|_| Some(Sent::Stuck))
            }
        }
    }

    /// Starts a direct copy for a matched receive, or asks for the message as frames.
    #[allow(unsafe_code)]
    fn begin_transfer(&mut self, i: usize) {
        let Rendezvous { receive, peer, send, total, token } = self.p2p.rendezvous[i];
        let Some(op) = self.p2p.ops.get(receive) else { return };
        let length = total.min(op.buffer.len());
        if let (Some(token), Some(to)) = (token, op.buffer.place()) {
            // SAFETY: the receive's buffer is valid for writes until it is complete (the contract of `UserBuf::new`),
            // which `pulled` makes it.
            if let Some(copy) = unsafe { self.transport.pull(peer, token, to, length) } {
                self.p2p.pulls.push((copy, receive));
                return;
            }
        }
        self.p2p.control(peer, FrameKind::Cts, &[send, receive.0 as u64]);
    }
}

impl P2p {
    pub(super) fn push(&mut self, peer: Peer, out: Out) {
        if self.outbox[peer].is_empty() {
            self.busy.push(peer);
        }
        self.outbox[peer].push_back(out);
    }

    pub(super) fn control(&mut self, peer: Peer, kind: FrameKind, words: &[u64]) {
        self.push_control(peer, protocol::header(kind, 0, NO_ENVELOPE), words);
    }

    pub(super) fn push_control(&mut self, peer: Peer, header: [u64; 2], words: &[u64]) {
        let mut all = [0; 5];
        all[..words.len()].copy_from_slice(words);
        self.push(peer, Out::Control { header, words: all, len: words.len() });
    }

    /// Completes the operations that wait for an attached buffer to be empty.
    fn end_drained(&mut self) -> bool {
        let drained: Vec<_> =
            self.draining.extract_if(.., |(_, owner)| self.attachments.drained(*owner)).collect();
        for (op, _) in &drained {
            self.complete(*op);
        }
        !drained.is_empty()
    }

    /// A part of an operation is complete: the whole may be.
    fn part_done(&mut self, whole: Handle) {
        let done = |h| self.ops.get(h).is_none_or(|op: &Op| op.done);
        match self.ops.get(whole).map(|op| &op.role) {
            Some(Role::Persistent(persistent)) => {
                if let Some(inner) = persistent.active {
                    self.settle_persistent(whole, inner);
                }
            }
            Some(Role::Pair(pair)) if done(pair.send) && done(pair.receive) => {
                let (send, receive) = (pair.send, pair.receive);
                self.settle_pair(whole, send, receive);
            }
            _ => {}
        }
    }

    /// Both parts of a send-receive are complete: it reports what they do.
    pub(super) fn settle_pair(&mut self, pair: Handle, send: Handle, receive: Handle) {
        let sent = self.ops.remove(send);
        let received = self.ops.remove(receive);
        if let (Some(op), Some(received)) = (self.ops.get_mut(pair), received) {
            op.status = received.status;
            op.error = received.error.or(sent.and_then(|s| s.error));
        }
        self.complete(pair);
    }

    /// Marks an operation as complete, and forgets it if nobody waits for it.
    pub(crate) fn complete(&mut self, handle: Handle) {
        let Some(op) = self.ops.get_mut(handle) else { return };
        op.done = true;
        match op.keep {
            Keep::Holder => {}
            Keep::Part(whole) => self.part_done(whole),
            Keep::Message { of, index } => self.message_done(handle, of, index),
            Keep::Attached { share, .. } => {
                self.attachments.give_back(share);
                self.forget(handle);
            }
            Keep::Nobody => self.forget(handle),
        }
    }

    /// Drops an operation that nobody will ask for; what went wrong with it can only be told as a warning.
    fn forget(&mut self, handle: Handle) {
        if let Some(Op { error: Some(error), .. }) = self.ops.remove(handle) {
            self.warnings.push(format!("an operation whose request was freed has failed: {error}"));
        }
    }
}
