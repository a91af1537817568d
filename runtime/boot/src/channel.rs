//! A socket that carries messages.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rankwise_os::socket;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::{self, LONGEST};

/// One end of the connection between a launcher and a rank.
#[derive(Debug)]
pub struct Channel {
    socket: OwnedFd,
}

/// What came in.
#[derive(Debug)]
pub enum Received<M> {
    /// A message, and the open file that came with it.
    Message(M, Option<OwnedFd>),
    /// Nothing yet.
    Nothing,
    /// The other side has gone.
    Gone,
}

impl Channel {
    /// Speaks over a socket that keeps the borders of messages.
    pub fn new(socket: OwnedFd) -> Channel {
        Channel { socket }
    }

    /// The same socket once more.
    pub fn try_clone(&self) -> io::Result<Channel> {
        Ok(Channel { socket: self.socket.try_clone()? })
    }

    /// Sends a message, with an open file if need be, waiting until there is room for it.
    pub fn send<M: Serialize>(&self, message: &M, file: Option<BorrowedFd<'_>>) -> io::Result<()> {
        let bytes = codec::encode(message).map_err(invalid)?;
        socket::send(self.socket.as_fd(), &bytes, file, true)
    }

    /// Sends a message if there is room for it now; `WouldBlock` if not.
    pub fn try_send<M: Serialize>(&self, message: &M, file: Option<BorrowedFd<'_>>) -> io::Result<()> {
        let bytes = codec::encode(message).map_err(invalid)?;
        socket::send(self.socket.as_fd(), &bytes, file, false)
    }

    /// Waits for a message.
    pub fn receive<M: DeserializeOwned>(&self) -> io::Result<Received<M>> {
        self.take(true)
    }

    /// Takes a message if there is one.
    pub fn try_receive<M: DeserializeOwned>(&self) -> io::Result<Received<M>> {
        self.take(false)
    }

    fn take<M: DeserializeOwned>(&self, wait: bool) -> io::Result<Received<M>> {
        let mut buffer = vec![0; LONGEST];
        match socket::receive(self.socket.as_fd(), &mut buffer, wait) {
            Ok((0, _)) => Ok(Received::Gone),
            Ok((length, file)) => {
                Ok(Received::Message(codec::decode(&buffer[..length]).map_err(invalid)?, file))
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(Received::Nothing),
            Err(e) => Err(e),
        }
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn invalid(error: codec::CodecError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
