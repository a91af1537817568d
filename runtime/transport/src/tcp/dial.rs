//! Connections that are not made yet: sockets on their way through the handshake, on either side.
//!
//! Nobody is believed anything before the handshake is over. A caller has [`PATIENCE`] for it, and of callers there are at
//! most [`CALLERS`] at a time: of more, the oldest is dropped, so that neither many nor slow ones keep a rank out for long.

use std::io::{self, IoSlice, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rankwise_os::tcp;

use super::handshake::{self, ANSWER, Acceptor, CHALLENGE, Dialler, HELLO, Secret};
use crate::Peer;

/// How long a handshake may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// How many callers are heard at a time.
pub const CALLERS: usize = 256;

/// A socket that is to become a connection.
pub struct Handshake {
    stream: TcpStream,
    stage: Stage,
    since: Instant,
    /// What has come of the message that is expected.
    inbox: [u8; CHALLENGE],
    filled: usize,
    outbox: Vec<u8>,
}

enum Stage {
    /// Ours: the other side has not taken the call yet.
    Calling(Dialler),
    /// Ours: HELLO is away.
    Challenged(Dialler),
    /// Theirs: nothing is known.
    Heard,
    /// Theirs: claims to be this rank, and was told that so many of its frames have come.
    Claimed(Peer, Acceptor, u64),
    /// The last message is on its way.
    Leaving(Made),
}

/// What has become of a handshake.
pub enum Outcome {
    /// It goes on.
    Pending,
    /// The peer is who it should be.
    Made(Made),
    /// It will never stand; why.
    Broken(io::Error),
}

/// What a handshake has told.
#[derive(Clone, Copy)]
pub struct Made {
    pub peer: Peer,
    /// How many of our frames the peer has.
    pub theirs: u64,
    /// How many of its frames it was told that we have.
    pub told: u64,
}

/// What a handshake must know of the rest.
pub struct Context<'a> {
    pub secret: &'a Secret,
    pub me: Peer,
    pub ranks: usize,
    /// How many frames of a peer have come.
    pub received: &'a dyn Fn(Peer) -> u64,
    /// Whether a call of this peer is wanted. Where both call each other at once, that of the lower rank counts.
    pub welcome: &'a dyn Fn(Peer) -> bool,
}

fn nonce() -> io::Result<[u8; 32]> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(nonce)
}

fn stranger(error: handshake::Stranger) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, error)
}

impl Handshake {
    /// Of a socket that is being connected to `peer`.
    pub fn to(stream: TcpStream, peer: Peer, context: &Context<'_>) -> io::Result<Handshake> {
        let dialler = Dialler::new(*context.secret, context.me, peer, nonce()?);
        Ok(Handshake::new(stream, Stage::Calling(dialler)))
    }

    /// Of a caller.
    pub fn of_caller(stream: TcpStream) -> Handshake {
        Handshake::new(stream, Stage::Heard)
    }

    fn new(stream: TcpStream, stage: Stage) -> Handshake {
        let since = Instant::now();
        Handshake { stream, stage, since, inbox: [0; CHALLENGE], filled: 0, outbox: Vec::new() }
    }

    /// The socket.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// The connection, once it is made.
    pub fn into_stream(self) -> TcpStream {
        self.stream
    }

    /// Whether the socket is waited for until it can be written.
    pub fn wants_to_write(&self) -> bool {
        matches!(self.stage, Stage::Calling(_)) || !self.outbox.is_empty()
    }

    /// Moves on as far as that goes without waiting.
    pub fn advance(&mut self, peer: Peer, context: &Context<'_>) -> Outcome {
        match self.step(peer, context) {
            Ok(outcome) => outcome,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if self.since.elapsed() < PATIENCE {
                    return Outcome::Pending;
                }
                Outcome::Broken(io::Error::new(io::ErrorKind::TimedOut, "no answer to the handshake"))
            }
            Err(error) => Outcome::Broken(error),
        }
    }

    /// `peer`: whom we call, where we do.
    fn step(&mut self, peer: Peer, context: &Context<'_>) -> io::Result<Outcome> {
        loop {
            self.send()?;
            match std::mem::replace(&mut self.stage, Stage::Heard) {
                Stage::Calling(dialler) => {
                    if !tcp::is_connected(&self.stream)? {
                        self.stage = Stage::Calling(dialler);
                        return Err(io::ErrorKind::WouldBlock.into());
                    }
                    self.outbox.extend_from_slice(dialler.hello());
                    self.stage = Stage::Challenged(dialler);
                }
                Stage::Challenged(dialler) => match self.message::<CHALLENGE>() {
                    Ok(challenge) => {
                        let received = (context.received)(peer);
                        let (theirs, answer) = dialler.answer(&challenge, received).map_err(stranger)?;
                        self.outbox.extend_from_slice(&answer);
                        self.stage = Stage::Leaving(Made { peer, theirs, told: received });
                    }
                    Err(error) => {
                        self.stage = Stage::Challenged(dialler);
                        return Err(error);
                    }
                },
                Stage::Heard => {
                    let hello = self.message::<HELLO>()?;
                    let from = handshake::caller(&hello, context.me, context.ranks).map_err(stranger)?;
                    if !(context.welcome)(from) {
                        return Err(io::ErrorKind::ConnectionRefused.into());
                    }
                    let received = (context.received)(from);
                    let acceptor = Acceptor::new(*context.secret, hello, nonce()?, received);
                    self.outbox.extend_from_slice(acceptor.challenge());
                    self.stage = Stage::Claimed(from, acceptor, received);
                }
                Stage::Claimed(peer, acceptor, told) => match self.message::<ANSWER>() {
                    Ok(answer) => {
                        let theirs = acceptor.finish(&answer).map_err(stranger)?;
                        return Ok(Outcome::Made(Made { peer, theirs, told }));
                    }
                    Err(error) => {
                        self.stage = Stage::Claimed(peer, acceptor, told);
                        return Err(error);
                    }
                },
                Stage::Leaving(made) => return Ok(Outcome::Made(made)),
            }
        }
    }

    fn send(&mut self) -> io::Result<()> {
        while !self.outbox.is_empty() {
            let sent = tcp::send(&self.stream, &[IoSlice::new(&self.outbox)])?;
            self.outbox.drain(..sent);
        }
        Ok(())
    }

    /// The next message, which has `N` bytes, once all of them have come; not a byte beyond it is read.
    fn message<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        while self.filled < N {
            match (&self.stream).read(&mut self.inbox[self.filled..N]) {
                Ok(0) => return Err(io::ErrorKind::ConnectionReset.into()),
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.filled = 0;
        let mut message = [0; N];
        message.copy_from_slice(&self.inbox[..N]);
        Ok(message)
    }
}
