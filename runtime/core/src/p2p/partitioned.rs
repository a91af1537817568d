//! Partitioned communication: a message whose parts are ready at different times (MPI 5.0, section 4.2).
//!
//! A sender and a receiver each cut the same bytes into partitions, not necessarily alike. The sender's partitions are
//! what is sent: each is a message of its own that goes the way of all messages, and leaves as soon as it is ready.
//!
//! ```text
//! PINIT  [sending op, partitions, total]   to the receiver, at MPI_Psend_init, under the envelope of the communicator
//! PMATCH [sending op, receiving op]        the answer, when the receiver has matched it
//! ```
//!
//! **Matching** happens once for each pair of requests, in the order in which these were made. PINIT waits in queues of
//! its own, `wanted` and `offers`, so no other receive or message can come between. The receiver's request then names a
//! channel: messages with its number as their context and the index of the sender's partition as their tag. Numbers of
//! channels have bit 31 set, those of communicators do not.
//!
//! **A round** begins with MPI_Start on each side. The receiver posts a receive for every partition of the sender, or
//! does so when it is matched. The sender sends a partition at MPI_Pready, or when it is matched; nothing keeps it from
//! being a round ahead, as its messages then wait for their receives like others. Rounds cannot mix: messages of one
//! partition do not overtake each other. A partition of the receiver has arrived when every message that it shares a
//! byte with has.
//!
//! **A request that is given up** stays, unseen, until it is matched and not active: its place in the order of matching
//! must not go to another one.

use rankwise_transport::Peer;

use super::Address;
use super::bits::Bits;
use super::engine::{Engine, Out, P2p};
use super::matching::{Key, Posted, Unexpected};
use super::protocol::{self, Kind as FrameKind};
use crate::buffer::{Buffer, UserBuf};
use crate::comm::Comm;
use crate::error::{Error, ErrorClass};
use crate::handle::{Handle, Kind};
use crate::request::{ANY_SOURCE, ANY_TAG, Keep, Op, Role, SendPhase, Source, Status};
use crate::world::World;
use crate::{Result, fail};

/// The bit that tells channels from communicators in the context of a message.
pub(crate) const CHANNEL: u32 = 1 << 31;

/// Requests that wait to be matched.
pub(super) struct Unmatched {
    wanted: Posted<Handle>,
    offers: Unexpected<Offer>,
}

impl Unmatched {
    pub(super) fn new() -> Unmatched {
        Unmatched { wanted: Posted::new(), offers: Unexpected::new() }
    }
}

/// What PINIT says.
#[derive(Clone, Copy)]
pub(crate) struct Offer {
    peer: Peer,
    send: u64,
    partitions: usize,
    total: usize,
}

/// What a partitioned request is made of. Its buffer is that of all partitions.
pub(crate) struct Partitioned {
    /// The communicator's, for errors.
    context: u32,
    partitions: usize,
    pub(crate) active: bool,
    /// Whether MPI_Startall has met it in its list.
    pub(crate) chosen: bool,
    side: Side,
}

enum Side {
    Send {
        /// `None`: `MPI_PROC_NULL`.
        peer: Option<Peer>,
        /// Where partition 0 goes; known when the request is matched.
        channel: Option<Key>,
        ready: Bits,
        /// How many are ready, and how many of these have not left.
        marked: usize,
        open: usize,
    },
    Receive {
        /// Of whom, and with which tag; `None`: `MPI_PROC_NULL`.
        key: Option<Key>,
        peer: Option<Peer>,
        matched: Option<Offer>,
        /// How many messages of this round have not come.
        open: usize,
        /// Which have come.
        arrived: Bits,
    },
}

/// A receive has an operation for each of the sender's partitions: no more can be under way.
const MOST: usize = Kind::Request.capacity();

impl Offer {
    /// The messages that share bytes with the bytes `from..to`.
    fn messages(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        match self.total.checked_div(self.partitions) {
            Some(each) if each > 0 && from < to => from / each..to.div_ceil(each).min(self.partitions),
            _ => 0..0,
        }
    }
}

impl Partitioned {
    /// The peer that an active request waits for to be matched.
    pub(super) fn waits_for(&self) -> Option<Peer> {
        let peer = match &self.side {
            Side::Send { peer, .. } | Side::Receive { peer, .. } => *peer,
        };
        peer.filter(|_| self.active && !self.is_matched())
    }

    fn is_matched(&self) -> bool {
        match &self.side {
            Side::Send { peer, channel, .. } => peer.is_none() || channel.is_some(),
            Side::Receive { key, matched, .. } => key.is_none() || matched.is_some(),
        }
    }
}

impl P2p {
    fn partitioned(&mut self, request: Handle) -> Option<(&mut Partitioned, &Buffer)> {
        match self.ops.get_mut(request) {
            Some(Op { role: Role::Partitioned(partitioned), buffer, .. }) => Some((partitioned, buffer)),
            _ => None,
        }
    }

    /// A PINIT has arrived.
    pub(super) fn offered(&mut self, peer: Peer, key: Key, [send, partitions, total]: [u64; 3]) {
        let offer = Offer { peer, send, partitions: partitions as usize, total: total as usize };
        match self.unmatched.wanted.claim(key) {
            Some(request) => self.pair(request, offer),
            None => self.unmatched.offers.add(key, offer),
        }
    }

    /// A receive has met its send.
    fn pair(&mut self, request: Handle, offer: Offer) {
        self.control(offer.peer, FrameKind::Pmatch, &[offer.send, request.0 as u64]);
        let Some((partitioned, _)) = self.partitioned(request) else { return };
        let active = partitioned.active;
        if let Side::Receive { matched, .. } = &mut partitioned.side {
            *matched = Some(offer);
        }
        match active {
            true => self.post_messages(request),
            false => self.forget_given_up(request),
        }
    }

    /// A PMATCH has arrived: what is ready can leave.
    pub(super) fn paired(&mut self, from: Peer, [send, receive]: [u64; 2]) {
        let request = Handle(send as usize);
        let Some((partitioned, _)) = self.partitioned(request) else { return };
        let partitions = partitioned.partitions;
        let Side::Send { peer: Some(peer), channel, .. } = &mut partitioned.side else { return };
        if *peer != from {
            return;
        }
        *channel = Some(Key { context: CHANNEL | receive as u32, source: 0, tag: 0 });
        for index in 0..partitions {
            if self.is_ready(request, index)
                && let Some((peer, key, buffer)) = self.partition(request, index)
            {
                match self.enter_message(request, index, peer, key, buffer) {
                    Ok(op) => self.push(peer, Out::Send(op)),
                    Err(error) => self.message_over(request, index, Some(error)),
                }
            }
        }
        self.forget_given_up(request);
    }

    /// Whether a partition was marked in this round.
    fn is_ready(&mut self, request: Handle, index: usize) -> bool {
        let Some((Partitioned { side: Side::Send { ready, .. }, .. }, _)) = self.partitioned(request) else {
            return false;
        };
        ready.get(index)
    }

    /// Where the message of a partition goes, and what it is.
    fn partition(&mut self, request: Handle, index: usize) -> Option<(Peer, Key, Buffer)> {
        let (partitioned, buffer) = self.partitioned(request)?;
        let Side::Send { peer: Some(peer), channel: Some(channel), .. } = partitioned.side else {
            return None;
        };
        let each = buffer.len() / partitioned.partitions;
        Some((peer, Key { tag: index as u32, ..channel }, buffer.slice(index * each, each)))
    }

    fn enter_message(
        &mut self,
        of: Handle,
        index: usize,
        peer: Peer,
        key: Key,
        buffer: Buffer,
    ) -> Result<Handle> {
        let role = Role::Send { peer, key, flags: 0, phase: SendPhase::Start };
        let keep = Keep::Message { of, index: index as u32 };
        self.enter(Op { done: false, keep, buffer, role, ..Op::finished(Status::EMPTY) })
    }

    /// Posts the receives of a round.
    fn post_messages(&mut self, request: Handle) {
        let Some((partitioned, buffer)) = self.partitioned(request) else { return };
        let buffer = buffer.clone();
        let Side::Receive { matched: Some(offer), open, arrived, .. } = &mut partitioned.side else { return };
        let count = offer.partitions;
        *open = count;
        if let Err(error) = arrived.reset(count) {
            // Nothing is received in this round.
            *open = 0;
            return self.fail_round(request, error);
        }
        let each = offer.total.checked_div(count).unwrap_or(0);
        let source = Source::Peer(offer.peer);
        let piece = |index: usize| {
            let from = (index * each).min(buffer.len());
            (from, (from + each).min(buffer.len()))
        };
        if count == 0 {
            return self.received(request);
        }
        for index in 0..count {
            let key = Key { context: CHANNEL | request.0 as u32, source: 0, tag: index as u32 };
            let (from, to) = piece(index);
            let keep = Keep::Message { of: request, index: index as u32 };
            let pattern = (key, source.clone());
            if let Err(error) = self.irecv(pattern, buffer.slice(from, to - from), keep) {
                self.message_over(request, index, Some(error));
            }
        }
    }

    /// A message of a partitioned operation is complete.
    pub(super) fn message_done(&mut self, message: Handle, of: Handle, index: u32) {
        let error = self.ops.remove(message).and_then(|op| op.error);
        self.message_over(of, index as usize, error);
    }

    fn message_over(&mut self, request: Handle, index: usize, error: Option<Error>) {
        let Some(op) = self.ops.get_mut(request) else { return };
        let Role::Partitioned(partitioned) = &mut op.role else { return };
        if let Some(error) = error {
            let error = op.error.get_or_insert(error);
            error.context = Some(partitioned.context);
            op.status.error = error.code;
        }
        match &mut partitioned.side {
            Side::Send { open, .. } => {
                *open -= 1;
                self.sent(request);
            }
            Side::Receive { matched: Some(_), open, arrived, .. } => {
                arrived.set(index);
                *open -= 1;
                if *open == 0 {
                    self.received(request);
                }
            }
            Side::Receive { .. } => {}
        }
    }

    /// Ends a round that has failed as a whole.
    fn fail_round(&mut self, request: Handle, error: Error) {
        let Some(op) = self.ops.get_mut(request) else { return };
        let Role::Partitioned(partitioned) = &op.role else { return };
        op.status.error = error.code;
        op.error = Some(error.in_context(Some(partitioned.context)));
        self.complete(request);
    }

    /// Completes a send whose last partition has left.
    fn sent(&mut self, request: Handle) {
        let Some((partitioned, _)) = self.partitioned(request) else { return };
        if let Side::Send { marked, open: 0, .. } = partitioned.side
            && marked == partitioned.partitions
        {
            self.complete(request);
        }
    }

    /// Completes a receive all of whose messages have come.
    fn received(&mut self, request: Handle) {
        let Some(op) = self.ops.get_mut(request) else { return };
        let Role::Partitioned(partitioned) = &op.role else { return };
        if let Side::Receive { key: Some(key), matched: Some(offer), .. } = &partitioned.side {
            let (total, room) = (offer.total, op.buffer.len());
            let failed = op.status.error;
            op.status = Status::new(key.source as i32, key.tag as i32, total.min(room) as u64);
            op.status.error = failed;
            if total > room {
                let text = format!(
                    "the partitions that rank {} sends with tag {} have {total} bytes, and those that are received into \
                     {room}",
                    key.source, key.tag
                );
                let context = Some(partitioned.context);
                op.fail(context, ErrorClass::ERR_TRUNCATE, text);
            }
        }
        self.complete(request);
    }

    /// Drops a request that was given up, unless it is needed for matching or has something under way.
    fn forget_given_up(&mut self, request: Handle) {
        if let Some(Op { role: Role::Partitioned(partitioned), keep: Keep::Nobody, .. }) =
            self.ops.get(request)
            && partitioned.is_matched()
            && !partitioned.active
        {
            self.ops.remove(request);
        }
    }

    /// Gives a request up if it is a partitioned one.
    pub(crate) fn free_partitioned(&mut self, request: Handle) -> bool {
        let Some(op) = self.ops.get_mut(request) else { return false };
        let Role::Partitioned(partitioned) = &mut op.role else { return false };
        op.keep = Keep::Nobody;
        partitioned.active &= !op.done;
        self.forget_given_up(request);
        true
    }
}

impl Engine {
    /// A partition of an active send is ready. `None`: it was before.
    fn partition_ready(&mut self, request: Handle, index: usize) -> Option<()> {
        let (partitioned, _) = self.p2p.partitioned(request)?;
        let Side::Send { peer, ready, marked, open, .. } = &mut partitioned.side else { return None };
        if ready.set(index) {
            return None;
        }
        *marked += 1;
        if peer.is_none() {
            self.p2p.sent(request);
            return Some(());
        }
        *open += 1;
        if let Some((peer, key, buffer)) = self.p2p.partition(request, index) {
            if self.try_eager(peer, key, 0, &buffer) {
                self.p2p.message_over(request, index, None);
            } else {
                match self.p2p.enter_message(request, index, peer, key, buffer) {
                    Ok(op) => self.start_send(op, peer),
                    Err(error) => self.p2p.message_over(request, index, Some(error)),
                }
            }
        }
        Some(())
    }
}

impl World {
    /// The buffer of all partitions.
    fn all_partitions(&self, buf: UserBuf, partitions: i32) -> Result<Buffer> {
        if partitions < 0 {
            fail!(ERR_ARG, "the number of partitions is {partitions}, less than 0");
        }
        let Some(count) = buf.count().checked_mul(partitions as i64) else {
            fail!(
                ERR_COUNT,
                "{partitions} partitions of {} elements are more than memory can hold",
                buf.count()
            )
        };
        // The sign of a count that is wrong, where there are no partitions.
        self.resolve(&buf.with_count(if buf.count() < 0 { buf.count() } else { count }))
    }

    fn enter_partitioned(&self, comm: &Comm, buffer: Buffer, partitions: i32, side: Side) -> Result<Handle> {
        let partitions = partitions as usize;
        let partitioned =
            Partitioned { context: comm.context(), partitions, active: false, chosen: false, side };
        let role = Role::Partitioned(Box::new(partitioned));
        self.engine.borrow_mut().p2p.enter(Op { buffer, role, ..Op::finished(Status::EMPTY) })
    }

    /// Describes a send of `partitions` times what `buf` says, one after the other. It is started like other persistent
    /// requests; then each partition is sent when it is marked as ready.
    #[doc(alias = "MPI_Psend_init")]
    pub fn psend_init(
        &self,
        buf: UserBuf,
        partitions: i32,
        dest: i32,
        tag: i32,
        comm: Handle,
    ) -> Result<Handle> {
        let to = Address { rank: dest, tag };
        let comm = self.comm(comm).map_err(|e| e.sent_to(to))?;
        let init = || {
            let buffer = self.all_partitions(buf, partitions)?;
            let total = buffer.len() as u64;
            let target = self.outgoing(&comm, to)?;
            if target.is_some() && partitions as usize > MOST {
                fail!(ERR_NO_MEM, "{partitions} partitions are more messages than can be under way: {MOST}");
            }
            let mut ready = Bits::default();
            ready.reset(partitions as usize)?;
            let side =
                Side::Send { peer: target.map(|(peer, _)| peer), channel: None, ready, marked: 0, open: 0 };
            let request = self.enter_partitioned(&comm, buffer, partitions, side)?;
            if let Some((peer, key)) = target {
                let header = protocol::header(FrameKind::Pinit, 0, key);
                let words = [request.0 as u64, partitions as u64, total];
                let mut engine = self.engine.borrow_mut();
                engine.p2p.push_control(peer, header, &words);
                engine.poll();
            }
            Ok(request)
        };
        init().map_err(|e: Error| e.sent_to(to).on(comm.handle()))
    }

    /// Describes a receive into `partitions` times what `buf` says. Neither source nor tag can be wildcards.
    #[doc(alias = "MPI_Precv_init")]
    pub fn precv_init(
        &self,
        buf: UserBuf,
        partitions: i32,
        source: i32,
        tag: i32,
        comm: Handle,
    ) -> Result<Handle> {
        let from = Address { rank: source, tag };
        let comm = self.comm(comm).map_err(|e| e.wanted_from(from))?;
        let init = || {
            if source == ANY_SOURCE {
                fail!(ERR_RANK, "a partitioned receive names its source: MPI_ANY_SOURCE is none");
            }
            if tag == ANY_TAG {
                fail!(ERR_TAG, "a partitioned receive names its tag: MPI_ANY_TAG is none");
            }
            let buffer = self.all_partitions(buf, partitions)?.without_overlap()?;
            let key = self.incoming(&comm, from)?.map(|(key, _)| key);
            let peer = key.and_then(|key| comm.target_group().world_rank(key.source as usize));
            let side = Side::Receive { key, peer, matched: None, open: 0, arrived: Bits::default() };
            let request = self.enter_partitioned(&comm, buffer, partitions, side)?;
            if let Some(key) = key {
                let p2p = &mut self.engine.borrow_mut().p2p;
                match p2p.unmatched.offers.take(key) {
                    Some((_, offer)) => p2p.pair(request, offer),
                    None => {
                        p2p.unmatched.wanted.post(key, request);
                    }
                }
            }
            Ok(request)
        };
        init().map_err(|e: Error| e.wanted_from(from).on(comm.handle()))
    }

    /// Starts a request if it is a partitioned one.
    pub(crate) fn start_partitioned(&self, request: Handle) -> Result<bool> {
        let p2p = &mut self.engine.borrow_mut().p2p;
        let Some(op) = p2p.ops.get_mut(request) else { return Ok(false) };
        let Role::Partitioned(partitioned) = &mut op.role else { return Ok(false) };
        if let Side::Send { ready, .. } = &mut partitioned.side {
            ready.reset(partitioned.partitions)?;
        }
        partitioned.active = true;
        op.done = false;
        match &mut partitioned.side {
            Side::Send { marked, open, .. } => {
                (*marked, *open) = (0, 0);
                p2p.sent(request);
            }
            Side::Receive { key: None, .. } => {
                op.status = Status::PROC_NULL;
                p2p.complete(request);
            }
            Side::Receive { .. } => p2p.post_messages(request),
        }
        p2p.fail_unmatched(request);
        Ok(true)
    }

    /// The number of partitions of an active send.
    fn active_send(&self, request: Handle) -> Result<(usize, bool)> {
        if request == Handle::REQUEST_NULL {
            fail!(ERR_REQUEST, "the request is MPI_REQUEST_NULL");
        }
        match self.engine.borrow_mut().p2p.partitioned(request) {
            Some((p, _)) if matches!(p.side, Side::Send { .. }) => match p.active {
                true => Ok((p.partitions, p.is_matched())),
                false => fail!(ERR_REQUEST, "the partitioned send is not active: call MPI_Start first"),
            },
            _ => fail!(ERR_REQUEST, "{:#x} is not a request of MPI_Psend_init", request.0),
        }
    }

    /// Says that partitions of an active send hold their data, and sends them. All are checked before one is sent, but
    /// for one that is named twice.
    #[doc(alias = "MPI_Pready", alias = "MPI_Pready_range", alias = "MPI_Pready_list")]
    pub fn pready(&self, request: Handle, indices: impl Iterator<Item = i32> + Clone) -> Result<()> {
        let (partitions, matched) = self.active_send(request)?;
        for index in indices.clone() {
            if usize::try_from(index).ok().is_none_or(|index| index >= partitions) {
                fail!(ERR_ARG, "partition {index} is not one of the {partitions} of the send");
            }
        }
        if !matched {
            // The receiver may have answered.
            self.progress()?;
        }
        let mut engine = self.engine.borrow_mut();
        for index in indices {
            if engine.partition_ready(request, index as usize).is_none() {
                fail!(ERR_ARG, "partition {index} was marked as ready before");
            }
        }
        if engine.p2p.ops.get(request).is_none_or(|op| op.done) {
            // Another thread may sleep until this request is complete.
            self.waiter.rouse();
        }
        Ok(())
    }

    /// Whether a partition of a receive has arrived. That is so if the receive is not active.
    #[doc(alias = "MPI_Parrived")]
    pub fn parrived(&self, request: Handle, index: i32) -> Result<bool> {
        if request == Handle::REQUEST_NULL {
            fail!(ERR_REQUEST, "the request is MPI_REQUEST_NULL");
        }
        let look = || {
            let p2p = &mut self.engine.borrow_mut().p2p;
            let done = p2p.ops.get(request).is_some_and(|op| op.done);
            let Some((
                Partitioned { partitions, active, side: Side::Receive { matched, arrived, .. }, .. },
                buffer,
            )) = p2p.partitioned(request)
            else {
                fail!(ERR_REQUEST, "{:#x} is not a request of MPI_Precv_init", request.0)
            };
            let Some(index) = usize::try_from(index).ok().filter(|index| *index < *partitions) else {
                fail!(ERR_ARG, "partition {index} is not one of the {partitions} of the receive")
            };
            if !*active || done {
                return Ok(true);
            }
            let Some(offer) = matched else { return Ok(false) };
            let mine = buffer.len() / *partitions;
            let messages = offer.messages(index * mine, (index + 1) * mine);
            // What no message fills has arrived when the whole has.
            Ok(!messages.is_empty() && arrived.all(messages.start, messages.end))
        };
        if look()? {
            return Ok(true);
        }
        self.poll_once()?;
        look()
    }
}
