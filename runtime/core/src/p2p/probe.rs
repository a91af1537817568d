//! Looking at messages before they are received (MPI 5.0, section 3.8).

use super::matching::Key;
use super::{Address, Pattern};
use crate::buffer::UserBuf;
use crate::handle::Handle;
use crate::request::{Keep, Op, PROC_NULL, ReceivePhase, Role, Source, Status};
use crate::world::World;
use crate::{Result, fail};

impl Handle {
    /// `MPI_MESSAGE_NULL`.
    pub const MESSAGE_NULL: Handle = Handle(0x128);
    /// `MPI_MESSAGE_NO_PROC`.
    pub const MESSAGE_NO_PROC: Handle = Handle(0x129);
}

impl World {
    fn pattern(&self, source: i32, tag: i32, comm: Handle) -> Result<Option<Pattern>> {
        let from = Address { rank: source, tag };
        let comm = self.comm(comm).map_err(|e| e.wanted_from(from))?;
        self.incoming(&comm, from).map_err(|e| e.wanted_from(from).on(comm.handle()))
    }

    fn find(&self, key: Key) -> Option<Status> {
        let p2p = &mut self.engine.borrow_mut().p2p;
        let (key, id) = p2p.unexpected.find(key)?;
        Some(Status::new(key.source as i32, key.tag as i32, p2p.message_at(id).total as u64))
    }

    /// Waits for a message that a receive with these arguments would take, and says what it is.
    #[doc(alias = "MPI_Probe")]
    pub fn probe(&self, source: i32, tag: i32, comm: Handle) -> Result<Status> {
        let Some(pattern) = self.pattern(source, tag, comm)? else { return Ok(Status::PROC_NULL) };
        self.wait_until(|engine| engine.p2p.is_foreseen(&pattern))?;
        match self.find(pattern.0) {
            Some(status) => Ok(status),
            None => Err(self.never_comes(&pattern, comm)),
        }
    }

    /// As [`World::probe`] without waiting; `None` if there is no such message yet.
    #[doc(alias = "MPI_Iprobe")]
    pub fn iprobe(&self, source: i32, tag: i32, comm: Handle) -> Result<Option<Status>> {
        let Some(pattern) = self.pattern(source, tag, comm)? else { return Ok(Some(Status::PROC_NULL)) };
        if let Some(status) = self.find(pattern.0) {
            return Ok(Some(status));
        }
        self.poll_once()?;
        match self.find(pattern.0) {
            None if self.engine.borrow_mut().p2p.is_foreseen(&pattern) => {
                Err(self.never_comes(&pattern, comm))
            }
            found => Ok(found),
        }
    }

    fn claim(&self, key: Key) -> Result<Option<(Handle, Status)>> {
        let p2p = &mut self.engine.borrow_mut().p2p;
        let Some((key, id)) = p2p.unexpected.take(key) else { return Ok(None) };
        let status = Status::new(key.source as i32, key.tag as i32, p2p.message_at(id).total as u64);
        match p2p.probed.insert((key, id)) {
            Ok(message) => Ok(Some((message, status))),
            Err(_) => fail!(ERR_NO_MEM, "too many messages are probed and not received"),
        }
    }

    /// As [`World::probe`], and takes the message out: only [`World::mrecv`] with the handle receives it.
    #[doc(alias = "MPI_Mprobe")]
    pub fn mprobe(&self, source: i32, tag: i32, comm: Handle) -> Result<(Handle, Status)> {
        let Some(pattern) = self.pattern(source, tag, comm)? else {
            return Ok((Handle::MESSAGE_NO_PROC, Status::PROC_NULL));
        };
        loop {
            self.wait_until(|engine| engine.p2p.is_foreseen(&pattern))?;
            if let Some(found) = self.claim(pattern.0)? {
                return Ok(found);
            }
            if self.engine.borrow().p2p.lost_of(&pattern.1).is_some() {
                return Err(self.never_comes(&pattern, comm));
            }
        }
    }

    /// As [`World::mprobe`] without waiting.
    #[doc(alias = "MPI_Improbe")]
    pub fn improbe(&self, source: i32, tag: i32, comm: Handle) -> Result<Option<(Handle, Status)>> {
        let Some(pattern) = self.pattern(source, tag, comm)? else {
            return Ok(Some((Handle::MESSAGE_NO_PROC, Status::PROC_NULL)));
        };
        if let Some(found) = self.claim(pattern.0)? {
            return Ok(Some(found));
        }
        self.poll_once()?;
        match self.claim(pattern.0)? {
            None if self.engine.borrow_mut().p2p.is_foreseen(&pattern) => {
                Err(self.never_comes(&pattern, comm))
            }
            found => Ok(found),
        }
    }

    /// Receives a message that a matched probe took out.
    #[doc(alias = "MPI_Mrecv")]
    pub fn mrecv(&self, buf: UserBuf, message: Handle) -> Result<Status> {
        let op = self.imrecv(buf, message)?;
        self.finish(op)
    }

    /// As [`World::mrecv`], with a request.
    #[doc(alias = "MPI_Imrecv")]
    pub fn imrecv(&self, buf: UserBuf, message: Handle) -> Result<Handle> {
        let buffer = self.resolve_target(&buf)?;
        let mut engine = self.engine.borrow_mut();
        if message == Handle::MESSAGE_NO_PROC {
            return engine.enter(Op::finished(Status::PROC_NULL));
        }
        let Some((key, id)) = engine.p2p.probed.remove(message) else {
            if message == Handle::MESSAGE_NULL {
                fail!(ERR_REQUEST, "the message is MPI_MESSAGE_NULL");
            }
            fail!(ERR_REQUEST, "{:#x} is not a message, or one that was received", message.0)
        };
        let phase = ReceivePhase::Matched { received: 0, total: 0 };
        let source = Source::Peer(engine.p2p.message_at(id).peer);
        let role = Role::Receive { phase, source };
        let op = Op { done: false, status: Status::EMPTY, error: None, keep: Keep::Holder, buffer, role };
        let op = engine.enter(op)?;
        engine.p2p.receive_message(op, key, id);
        Ok(op)
    }

    /// Whether a status is that of a message from `MPI_PROC_NULL`.
    pub fn is_from_nobody(status: &Status) -> bool {
        status.source == PROC_NULL
    }
}
