//! What happens when something arrives: messages find their receives, answers find their sends.
//!
//! All of this runs while the transport is polled, and therefore sends nothing itself: answers go to the outbox.

use std::io;

use rankwise_transport::{CopyId, Payload, Peer, Sink, Token};

use super::engine::{Content, Message, Out, P2p, Rendezvous, Stream};
use super::matching::Key;
use super::protocol::{self, Kind as FrameKind, READY, SYNC, TOKEN};
use crate::error::ErrorClass;
use crate::handle::Handle;
use crate::request::{Keep, Op, ReceivePhase, Role, SendPhase, Source, Status};

/// The first frame of a message.
#[derive(Clone, Copy)]
struct Arrival {
    peer: Peer,
    key: Key,
    flags: u8,
    total: usize,
    /// The sender's operation, where it waits for an answer.
    op: u64,
    content: Content,
}

impl Op {
    #[cold]
    fn truncated(&mut self, key: Key, total: usize) {
        let room = self.buffer.len();
        let text = format!(
            "a message of {total} bytes from rank {} with tag {} was received into a buffer of {room} bytes",
            key.source, key.tag
        );
        self.fail(Some(key.context), ErrorClass::ERR_TRUNCATE, text);
    }

    #[cold]
    fn mismatched(&mut self, key: Key, total: usize) {
        let text = format!(
            "a message of {total} bytes from rank {} with tag {} ends within an element of the datatype that it is \
             received with: the types of send and receive do not match (MPI 5.0, section 3.3.1)",
            key.source, key.tag
        );
        self.fail(Some(key.context), ErrorClass::ERR_TYPE, text);
    }
}

impl P2p {
    /// Enters a receive that has just matched a message of `total` bytes from `key`.
    #[inline]
    fn matched(&mut self, handle: Handle, peer: Peer, key: Key, total: usize) {
        let Some(op) = self.ops.get_mut(handle) else { return };
        op.status = Status::new(key.source as i32, key.tag as i32, total.min(op.buffer.len()) as u64);
        if let Role::Receive { phase, source } = &mut op.role {
            *phase = ReceivePhase::Matched { received: 0, total };
            *source = Source::Peer(peer);
        }
        if total > op.buffer.len() {
            op.truncated(key, total);
        } else if op.buffer.cuts_element(total) {
            op.mismatched(key, total);
        }
    }

    /// Takes the next bytes of a matched message; completes the receive with the last.
    #[inline]
    fn deliver(&mut self, handle: Handle, at: Option<usize>, payload: &Payload<'_>) -> bool {
        let Some(op) = self.ops.get_mut(handle) else { return true };
        let Role::Receive { phase: ReceivePhase::Matched { ref mut received, total }, .. } = op.role else {
            return true;
        };
        op.buffer.write(at.unwrap_or(*received), payload);
        *received += payload.len();
        let all = *received >= total;
        if all {
            self.complete(handle);
        }
        all
    }

    /// As [`P2p::deliver`] for a message that comes in one frame.
    #[inline]
    fn deliver_whole(&mut self, handle: Handle, payload: &Payload<'_>) {
        let Some(op) = self.ops.get_mut(handle) else { return };
        op.buffer.write(0, payload);
        match op.keep {
            Keep::Holder => op.done = true,
            _ => self.complete(handle),
        }
    }

    fn message(&mut self) -> u32 {
        self.free_messages.pop().unwrap_or_else(|| {
            self.messages.push(Message::default());
            self.messages.len() as u32 - 1
        })
    }

    /// The message behind an entry of the unexpected queue.
    pub(crate) fn message_at(&self, id: u32) -> &Message {
        &self.messages[id as usize]
    }

    /// Takes back what a message was kept in. A little of its memory is held ready for the next ones; after a flood
    /// the rest must not stay.
    fn free_message(&mut self, id: u32, mut data: Vec<u8>) {
        const PIECES: usize = 64;
        const BYTES: usize = 16 << 10;
        if self.spare.len() < PIECES && (1..=BYTES).contains(&data.capacity()) {
            data.clear();
            self.spare.push(data);
        }
        self.free_messages.push(id);
    }

    /// Gives the message `id`, which was unexpected, to the receive `handle`.
    pub(crate) fn receive_message(&mut self, handle: Handle, key: Key, id: u32) {
        let message = &mut self.messages[id as usize];
        let (peer, total, send, content) = (message.peer, message.total, message.op, message.content);
        let sync = message.sync && !matches!(content, Content::AtSender(_));
        let data = std::mem::take(&mut message.data);
        self.matched(handle, peer, key, total);
        match content {
            // The rest will not come.
            Content::AtSender(_) | Content::Streaming if self.is_lost(peer) => self.fail_lost(handle, peer),
            Content::AtSender(token) => {
                self.rendezvous.push(Rendezvous { receive: handle, peer, send, total, token });
            }
            Content::Whole | Content::Streaming => {
                if let Some(op) = self.ops.get_mut(handle) {
                    op.buffer.write_bytes(0, &data);
                    if let Role::Receive { phase: ReceivePhase::Matched { received, .. }, .. } = &mut op.role
                    {
                        *received = data.len();
                    }
                }
                if content == Content::Whole {
                    self.complete(handle);
                } else {
                    self.streams[peer] = Stream::Op(handle);
                }
            }
        }
        if sync {
            self.control(peer, FrameKind::Ack, &[send]);
        }
        self.free_message(id, data);
    }

    /// A message has arrived, whole or its beginning or the offer of it.
    #[inline]
    fn arrive(&mut self, arrival: Arrival, payload: Payload<'_>) {
        let Arrival { peer, key, flags, total, op, content } = arrival;
        let Some(handle) = self.posted.claim(key) else {
            return self.keep_message(arrival, payload);
        };
        self.matched(handle, peer, key, total);
        match content {
            Content::AtSender(token) => {
                self.rendezvous.push(Rendezvous { receive: handle, peer, send: op, total, token });
                return;
            }
            Content::Whole => self.deliver_whole(handle, &payload),
            Content::Streaming => {
                let all = self.deliver(handle, None, &payload);
                self.streams[peer] = if all { Stream::Nowhere } else { Stream::Op(handle) };
            }
        }
        if flags & SYNC != 0 {
            self.control(peer, FrameKind::Ack, &[op]);
        }
    }

    fn keep_message(&mut self, arrival: Arrival, payload: Payload<'_>) {
        let Arrival { peer, key, flags, total, op, content } = arrival;
        if flags & READY != 0 {
            self.warnings.push(format!(
                "a message that rank {} sent in ready mode with tag {} arrived before its receive was posted \
                 (the program is wrong: MPI 5.0, section 3.4); it is kept until it is received",
                key.source, key.tag
            ));
        }
        let id = self.message();
        let data = if payload.is_empty() { Vec::new() } else { self.spare.pop().unwrap_or_default() };
        let message = &mut self.messages[id as usize];
        message.peer = peer;
        message.total = total;
        message.op = op;
        message.content = content;
        message.sync = flags & SYNC != 0;
        message.data = data;
        message.append(&payload);
        if content == Content::Streaming {
            self.streams[peer] = Stream::Message(id);
        }
        self.unexpected.add(key, id);
    }

    /// More bytes of the message that `peer` is streaming.
    fn more(&mut self, peer: Peer, payload: &Payload<'_>) {
        match self.streams[peer] {
            Stream::Nowhere => {}
            Stream::Op(handle) => {
                if self.deliver(handle, None, payload) {
                    self.streams[peer] = Stream::Nowhere;
                }
            }
            Stream::Message(id) => {
                let message = &mut self.messages[id as usize];
                message.append(payload);
                if message.data.len() >= message.total {
                    message.content = Content::Whole;
                    self.streams[peer] = Stream::Nowhere;
                }
            }
        }
    }

    /// The receiver of one of our messages has spoken.
    fn answered(&mut self, peer: Peer, kind: FrameKind, op: u64, receive: u64) {
        let handle = Handle(op as usize);
        let Some(found) = self.ops.get_mut(handle) else { return };
        let Role::Send { peer: to, flags, ref mut phase, .. } = found.role else { return };
        if to != peer {
            return;
        }
        match (kind, *phase) {
            (FrameKind::Cts, SendPhase::Offered(copy)) => {
                *phase = SendPhase::Data(receive, 0);
                if let Some(copy) = copy {
                    self.exposures.retain(|e| e.0 != copy);
                    self.withdrawn.push(copy);
                }
                self.push(peer, Out::Send(handle));
            }
            (FrameKind::Ack, SendPhase::AwaitAck) => self.complete(handle),
            // Matched while its end is still waiting for room: the end completes it.
            (FrameKind::Ack, _) => {
                if let Role::Send { flags: f, .. } = &mut found.role {
                    *f = flags & !SYNC;
                }
            }
            _ => {}
        }
    }

    /// Forgets a message of `peer` that waits for a receive, if it still does.
    fn give_back(&mut self, peer: Peer, send: u64) {
        let messages = &self.messages;
        let is_it = |id: u32| {
            let message = &messages[id as usize];
            message.peer == peer && message.op == send && (message.sync || message.content != Content::Whole)
        };
        if let Some((_, id)) = self.unexpected.take_where(is_it) {
            let data = std::mem::take(&mut self.messages[id as usize].data);
            self.free_message(id, data);
            self.control(peer, FrameKind::Given, &[send]);
        }
    }

    /// A message that we wanted back is forgotten by its receiver.
    fn given(&mut self, peer: Peer, send: u64) {
        let handle = Handle(send as usize);
        let Some(op) = self.ops.get_mut(handle) else { return };
        let Role::Send { peer: to, phase, .. } = op.role else { return };
        if to != peer || op.done {
            return;
        }
        if let SendPhase::Offered(Some(copy)) = phase {
            self.exposures.retain(|e| e.0 != copy);
            self.withdrawn.push(copy);
        }
        op.status.set_cancelled(true);
        self.complete(handle);
    }

    /// Takes a send back that was started and is not complete, if that can still be done.
    pub(crate) fn cancel_send(&mut self, handle: Handle) {
        let Some(op) = self.ops.get_mut(handle).filter(|op| !op.done) else { return };
        let Role::Send { peer, phase, .. } = op.role else { return };
        match phase {
            SendPhase::Start => {
                // What the outbox finds there is no send any more.
                op.role = Role::Other;
                op.status.set_cancelled(true);
                self.complete(handle);
            }
            SendPhase::Offered(_) | SendPhase::AwaitAck => {
                self.control(peer, FrameKind::Cancel, &[handle.0 as u64]);
            }
            // It is on its way, which does not depend on a receive.
            SendPhase::Stream(_) | SendPhase::Data(..) => {}
        }
    }

    fn copied(list: &mut Vec<(CopyId, Handle)>, copy: CopyId) -> Option<Handle> {
        let i = list.iter().position(|e| e.0 == copy)?;
        Some(list.swap_remove(i).1)
    }

    fn copy_done(&mut self, handle: Option<Handle>, result: io::Result<()>) {
        let Some(handle) = handle else { return };
        if let (Err(error), Some(op)) = (result, self.ops.get_mut(handle)) {
            op.fail(
                None,
                ErrorClass::ERR_OTHER,
                format!("the copy between the two processes failed: {error}"),
            );
        }
        self.complete(handle);
    }
}

impl Message {
    #[allow(unsafe_code)]
    fn append(&mut self, payload: &Payload<'_>) {
        let len = payload.len();
        self.data.reserve(len);
        // SAFETY: there is room for `len` bytes after the present ones, and all of them are written.
        unsafe {
            payload.copy_to(self.data.as_mut_ptr().add(self.data.len()), len);
            self.data.set_len(self.data.len() + len);
        }
    }
}

impl Sink for P2p {
    #[inline]
    fn frame(&mut self, peer: Peer, header: [u64; 2], payload: Payload<'_>) {
        let Some((kind, flags, key)) = protocol::parse(header) else { return };
        match kind {
            FrameKind::Eager if flags & SYNC == 0 => {
                let total = payload.len();
                self.arrive(Arrival { peer, key, flags, total, op: 0, content: Content::Whole }, payload);
            }
            FrameKind::Eager => {
                let Some(([op], rest)) = payload.split_words() else { return };
                let total = rest.len();
                self.arrive(Arrival { peer, key, flags, total, op, content: Content::Whole }, rest);
            }
            FrameKind::First => {
                let Some(([total, op], rest)) = payload.split_words() else { return };
                let total = total as usize;
                self.arrive(Arrival { peer, key, flags, total, op, content: Content::Streaming }, rest);
            }
            FrameKind::More => self.more(peer, &payload),
            FrameKind::Rts => {
                let Some(([total, op, a, b, c], rest)) = payload.split_words() else { return };
                let token = (flags & TOKEN != 0).then_some(Token([a, b, c]));
                let (total, content) = (total as usize, Content::AtSender(token));
                self.arrive(Arrival { peer, key, flags, total, op, content }, rest);
            }
            FrameKind::Cts => {
                let Some(([op, receive], _)) = payload.split_words() else { return };
                self.answered(peer, kind, op, receive);
            }
            FrameKind::Data => {
                let Some(([op, at], rest)) = payload.split_words() else { return };
                self.deliver(Handle(op as usize), Some(at as usize), &rest);
            }
            FrameKind::Cancel => {
                let Some(([op], _)) = payload.split_words() else { return };
                self.give_back(peer, op);
            }
            FrameKind::Given => {
                let Some(([op], _)) = payload.split_words() else { return };
                self.given(peer, op);
            }
            FrameKind::Ack => {
                let Some(([op], _)) = payload.split_words() else { return };
                self.answered(peer, kind, op, 0);
            }
            FrameKind::Pinit => {
                let Some((words, _)) = payload.split_words() else { return };
                self.offered(peer, key, words);
            }
            FrameKind::Pmatch => {
                let Some((words, _)) = payload.split_words() else { return };
                self.paired(peer, words);
            }
        }
    }

    fn exposed(&mut self, copy: CopyId, result: io::Result<()>) {
        let op = Self::copied(&mut self.exposures, copy);
        self.copy_done(op, result);
    }

    fn pulled(&mut self, copy: CopyId, result: io::Result<()>) {
        let op = Self::copied(&mut self.pulls, copy);
        self.copy_done(op, result);
    }

    fn lost(&mut self, peer: Peer, why: &io::Error) {
        self.give_up(peer, why);
    }
}
