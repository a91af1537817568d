//! The transport between nodes: a connection for each pair of ranks that talk, made at the first frame.
//!
//! A peer's addresses are asked for when it is first needed and tried one after the other, round after round, with longer
//! and longer pauses. Both sides may call each other at once; then the call of the lower rank counts. A connection that
//! breaks is made again by both sides, unless the other one had said farewell. Only when that fails for
//! [`Settings::patience`] is the peer lost.
//!
//! ```text
//!           try_send                handshake                    broken
//! Away ----------------> Calling ----------------> Connected ----------------> Calling
//!                         |    ^                       |
//!                         v    |                       | broken after a farewell: Away
//!                        Pausing -- patience over --> Lost
//!
//! A caller that has proved who it is makes it Connected from every state but Lost.
//! ```
//!
//! `link` keeps the frames, `handshake` and `dial` bring connections about.

mod dial;
mod handshake;
mod link;

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rankwise_os::poller::{Poller, Waker};
use rankwise_os::tcp;

use self::dial::{CALLERS, Context, Handshake, Made, Outcome};
use self::link::{Link, RECORD};
use crate::frame::{Body, Frame, Payload};
use crate::{CopyId, Limits, Peer, Place, Sink, Token, Transport, Waiter};

pub use self::handshake::Secret;
pub use rankwise_os::tcp::listen;

/// See [`Limits`].
const FRAME: usize = 64 << 10;
const EAGER: usize = 256 << 10;

/// How much is read at a time, in bytes.
const READ: usize = 256 << 10;
/// How many bytes of one peer are read before the next one has its turn.
const TURN: usize = 1 << 20;
/// Frames of a rank to itself that may be on their way.
const OWN: usize = 64;
/// The first pause between two rounds of calls, and the longest.
const PAUSE: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));

/// Tells where a peer listens; `None` if that is not known yet.
pub type Addresses = Box<dyn FnMut(Peer) -> io::Result<Option<Vec<SocketAddr>>>>;

/// What a rank must know to take part.
pub struct Settings {
    /// What only ranks of this job know.
    pub secret: Secret,
    /// How long a peer that cannot be reached is called before it is given up.
    pub patience: Duration,
    /// Whether there are more ranks than processors for them.
    pub crowded: bool,
}

/// The way to a peer.
#[derive(Default)]
enum Way {
    /// There is none, and none is needed.
    #[default]
    Away,
    /// We call this address; these come next.
    Calling(Box<Handshake>, SocketAddr, Vec<SocketAddr>),
    /// We call again at that moment.
    Pausing(Instant),
    /// The stream, and whether it is looked at for writing.
    Connected(TcpStream, bool),
    /// It was given up.
    Lost(io::ErrorKind, String),
}

#[derive(Default)]
struct State {
    link: Link,
    way: Way,
    /// When the present attempt to reach the peer began, the next pause, and what went wrong last.
    since: Option<Instant>,
    pause: Duration,
    error: Option<String>,
    /// Bytes that have come and are not yet whole records: the first `filled` of them.
    inbox: Vec<u8>,
    filled: usize,
}

/// One rank's side of the TCP transport.
pub struct Tcp {
    settings: Settings,
    me: Peer,
    listener: TcpListener,
    addresses: Addresses,
    peers: Vec<State>,
    /// Calls of others, by the number in their key.
    callers: VecDeque<(u64, Handshake)>,
    next_caller: u64,
    /// Peers to which there is no connection though one is needed.
    unreached: Vec<Peer>,
    own: VecDeque<([u64; 2], Vec<u8>)>,
    /// Peers that were given up, and nobody was told.
    lost: Vec<Peer>,
    watch: Rc<Watch>,
    poller: Poller,
    closed: bool,
}

/// Keys of the poller: peers by number, then these.
const LISTENER: u64 = 1 << 32;
const WAKER: u64 = LISTENER + 1;
const CALLER: u64 = 1 << 33;

impl Tcp {
    /// Joins a job of `ranks` ranks as rank `me`, which others can call through `listener`.
    pub fn new(
        listener: TcpListener,
        me: Peer,
        ranks: usize,
        addresses: Addresses,
        settings: Settings,
    ) -> io::Result<Tcp> {
        assert!(me < ranks);
        let poller = Poller::new()?;
        let waker = Waker::new()?;
        poller.add(&listener, LISTENER, false)?;
        poller.add(&waker, WAKER, false)?;
        let watch = Rc::new(Watch {
            poller: poller.handle(),
            waker,
            crowded: settings.crowded,
            restless: AtomicBool::new(false),
            sleepers: Cell::new(0),
        });
        Ok(Tcp {
            settings,
            me,
            listener,
            addresses,
            peers: (0..ranks).map(|_| State::default()).collect(),
            callers: VecDeque::new(),
            next_caller: 0,
            unreached: Vec::new(),
            own: VecDeque::new(),
            lost: Vec::new(),
            watch,
            poller,
            closed: false,
        })
    }

    /// Where this rank listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Breaks the connection to a peer, as a failing network would. False if there is none.
    pub fn cut(&mut self, peer: Peer) -> bool {
        match &self.peers[peer].way {
            Way::Connected(stream, _) => stream.shutdown(Shutdown::Both).is_ok(),
            _ => false,
        }
    }

    /// How this rank sleeps.
    pub(crate) fn watch(&self) -> Rc<Watch> {
        self.watch.clone()
    }

    /// Lends what handshakes must know.
    fn with_context<R>(&self, f: impl FnOnce(&Context<'_>) -> R) -> R {
        f(&Context {
            secret: &self.settings.secret,
            me: self.me,
            ranks: self.peers.len(),
            received: &|peer| self.peers[peer].link.received(),
            welcome: &|peer| match self.peers[peer].way {
                Way::Calling(..) => peer < self.me,
                Way::Lost(..) => false,
                _ => true,
            },
        })
    }

    /// A connection to `peer` is needed.
    fn call(&mut self, peer: Peer) {
        if matches!(self.peers[peer].way, Way::Away) {
            let state = &mut self.peers[peer];
            state.way = Way::Pausing(Instant::now());
            state.since = Some(Instant::now());
            state.pause = PAUSE.0;
            state.error = None;
            self.unreached.push(peer);
            self.attend(peer);
        }
    }

    /// Moves on with a peer that is not reached yet.
    fn attend(&mut self, peer: Peer) {
        let addresses = match &self.peers[peer].way {
            Way::Pausing(until) if *until <= Instant::now() => match (self.addresses)(peer) {
                Ok(Some(addresses)) => addresses,
                Ok(None) => return self.pause(peer, None),
                Err(error) => return self.pause(peer, Some(error)),
            },
            Way::Calling(..) => return self.go_on(peer),
            _ => return,
        };
        self.try_addresses(peer, addresses, None);
    }

    fn try_addresses(&mut self, peer: Peer, mut rest: Vec<SocketAddr>, mut error: Option<io::Error>) {
        while !rest.is_empty() {
            let address = rest.remove(0);
            let call = tcp::dial(address)
                .and_then(|stream| self.with_context(|context| Handshake::to(stream, peer, context)))
                .and_then(|call| self.poller.add(call.stream(), peer as u64, true).map(|()| call));
            match call {
                Ok(call) => {
                    self.peers[peer].way = Way::Calling(Box::new(call), address, rest);
                    return self.go_on(peer);
                }
                Err(e) => error = Some(at(address, e)),
            }
        }
        self.pause(peer, error);
    }

    /// Goes on with our call to a peer.
    fn go_on(&mut self, peer: Peer) {
        let Way::Calling(mut call, address, rest) = std::mem::take(&mut self.peers[peer].way) else {
            return;
        };
        match self.with_context(|context| call.advance(peer, context)) {
            Outcome::Pending => {
                let _ = self.poller.change(call.stream(), peer as u64, call.wants_to_write());
                self.peers[peer].way = Way::Calling(call, address, rest);
            }
            Outcome::Made(made) => self.connected(call.into_stream(), made),
            Outcome::Broken(error) => self.try_addresses(peer, rest, Some(at(address, error))),
        }
    }

    /// Waits before the next round of calls, or gives the peer up.
    fn pause(&mut self, peer: Peer, error: Option<io::Error>) {
        let patience = self.settings.patience;
        let state = &mut self.peers[peer];
        let kind = error.as_ref().map_or(io::ErrorKind::TimedOut, io::Error::kind);
        state.error = error.map(|e| e.to_string()).or(state.error.take());
        // At the end a peer that does not listen any more has all that it needs.
        let over = self.closed && kind == io::ErrorKind::ConnectionRefused;
        if over || state.since.is_some_and(|since| since.elapsed() >= patience) {
            let why = state.error.clone().unwrap_or_else(|| "nobody says where it listens".into());
            state.way = Way::Lost(kind, why);
            self.lost.push(peer);
            return self.unreached.retain(|&p| p != peer);
        }
        state.way = Way::Pausing(Instant::now() + state.pause);
        state.pause = (state.pause * 2).min(PAUSE.1);
    }

    /// A connection stands.
    fn connected(&mut self, stream: TcpStream, made: Made) {
        let Made { peer, theirs, told } = made;
        let state = &mut self.peers[peer];
        state.filled = 0;
        if state.link.resume(theirs, told).is_err() || self.poller.change(&stream, peer as u64, true).is_err()
        {
            // Dropped, and with it the connection; the other side will notice.
            return self.broken(peer);
        }
        // Where the system does not know such limits, a silent network is noticed later.
        let _ = tcp::break_after(&stream, self.settings.patience);
        // What was there before is dropped, and with it closed.
        state.way = Way::Connected(stream, true);
        state.since = None;
        self.unreached.retain(|&p| p != peer);
        self.write(peer);
    }

    /// The connection to a peer has broken.
    fn broken(&mut self, peer: Peer) {
        let state = &mut self.peers[peer];
        state.way = Way::Away;
        state.filled = 0;
        // Even who has nothing to say must notice it if the peer is not there any more.
        if !state.link.is_settled() || !(self.closed || state.link.is_over()) {
            self.call(peer);
        }
    }

    /// Writes what there is room for.
    fn write(&mut self, peer: Peer) {
        let state = &mut self.peers[peer];
        let Way::Connected(stream, watched) = &mut state.way else { return };
        while state.link.has_output() {
            match state.link.write(|parts| tcp::send(stream, parts)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return self.broken(peer),
            }
        }
        let watch = state.link.has_output();
        if watch != *watched {
            *watched = watch;
            let _ = self.poller.change(stream, peer as u64, watch);
        }
    }

    /// Reads what has come, and hands whole frames on. Says whether there was anything.
    fn read(&mut self, peer: Peer, sink: &mut dyn Sink) -> bool {
        let state = &mut self.peers[peer];
        let Way::Connected(stream, _) = &mut state.way else { return false };
        state.inbox.resize(READ + FRAME + RECORD, 0);
        let mut total = 0;
        while total < TURN {
            let room = &mut state.inbox[state.filled..];
            let read = match stream.read(room) {
                Ok(0) => return self.ended(peer, total),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return self.ended(peer, total),
            };
            let all = read == room.len();
            total += read;
            state.filled += read;
            let bytes = &state.inbox[..state.filled];
            let Ok(taken) =
                state.link.take(bytes, FRAME, |header, payload| sink.frame(peer, header, payload))
            else {
                return self.ended(peer, total);
            };
            state.inbox.copy_within(taken..state.filled, 0);
            state.filled -= taken;
            if !all {
                break;
            }
        }
        if state.link.has_output() {
            self.write(peer);
        }
        total > 0
    }

    fn ended(&mut self, peer: Peer, read: usize) -> bool {
        self.broken(peer);
        read > 0
    }

    /// Takes the calls of others.
    fn accept(&mut self) {
        while let Ok(Some(stream)) = tcp::accept(&self.listener) {
            let key = self.next_caller;
            self.next_caller += 1;
            if self.poller.add(&stream, CALLER | key, false).is_ok() {
                self.callers.push_back((key, Handshake::of_caller(stream)));
            }
            if self.callers.len() > CALLERS {
                self.callers.pop_front();
            }
        }
    }

    /// Goes on with a call of another; with all if `key` is `None`, to find those that take too long.
    fn hear(&mut self, key: Option<u64>) {
        let mut i = 0;
        while i < self.callers.len() {
            if key.is_some_and(|key| key != self.callers[i].0) {
                i += 1;
                continue;
            }
            let Some((number, mut caller)) = self.callers.remove(i) else { return };
            match self.with_context(|context| caller.advance(self.me, context)) {
                Outcome::Pending => {
                    let _ = self.poller.change(caller.stream(), CALLER | number, caller.wants_to_write());
                    self.callers.insert(i, (number, caller));
                    i += 1;
                }
                Outcome::Made(made) => self.connected(caller.into_stream(), made),
                Outcome::Broken(_) => {}
            }
        }
    }
}

impl Transport for Tcp {
    fn peers(&self) -> usize {
        self.peers.len()
    }

    fn limits(&self, _peer: Peer) -> Limits {
        Limits { frame: FRAME, direct: usize::MAX, eager: EAGER }
    }

    fn try_send(&mut self, peer: Peer, frame: Frame<'_, '_>) -> io::Result<bool> {
        if peer == self.me {
            if self.own.len() == OWN {
                return Ok(false);
            }
            let mut bytes = Vec::new();
            frame.append_to(&mut bytes);
            self.own.push_back((frame.header, bytes));
            self.watch.rouse();
            return Ok(true);
        }
        let state = &mut self.peers[peer];
        if let Way::Lost(kind, why) = &state.way {
            return Err(io::Error::new(*kind, why.clone()));
        }
        // What waits already leaves first, and along with this.
        let waits = state.link.has_output();
        if !state.link.push(&frame) {
            return Ok(false);
        }
        match state.way {
            Way::Connected(..) if !waits => self.write(peer),
            Way::Away => self.call(peer),
            _ => {}
        }
        Ok(true)
    }

    fn poll(&mut self, sink: &mut dyn Sink) -> bool {
        let mut busy = !self.own.is_empty();
        while let Some((header, bytes)) = self.own.pop_front() {
            sink.frame(self.me, header, Payload::from(&bytes[..]));
        }
        for key in self.poller.wait(Some(Duration::ZERO)).unwrap_or_default() {
            match key {
                LISTENER => self.accept(),
                WAKER => self.watch.waker.rest(),
                key if key & CALLER != 0 => self.hear(Some(key & !CALLER)),
                peer => {
                    let peer = peer as Peer;
                    busy |= self.read(peer, sink);
                    self.write(peer);
                    self.attend(peer);
                }
            }
        }
        if !self.unreached.is_empty() {
            for peer in self.unreached.clone() {
                self.attend(peer);
            }
            self.hear(None);
        }
        for peer in std::mem::take(&mut self.lost) {
            if let Way::Lost(kind, why) = &self.peers[peer].way {
                sink.lost(peer, &io::Error::new(*kind, why.clone()));
                busy = true;
            }
        }
        self.watch.restless.store(!self.unreached.is_empty(), Ordering::Relaxed);
        busy
    }

    fn expose(&mut self, _peer: Peer, _body: &Body<'_>) -> Option<(CopyId, Token)> {
        None
    }

    fn withdraw(&mut self, _copy: CopyId) {}

    #[allow(unsafe_code)]
    unsafe fn pull(&mut self, _peer: Peer, _token: Token, _to: Place, _length: usize) -> Option<CopyId> {
        None
    }

    fn allocate(&mut self, _length: usize) -> Option<*mut u8> {
        None
    }

    fn free(&mut self, _memory: *mut u8) -> bool {
        false
    }

    fn close(&mut self) {
        self.closed = true;
        // Whoever has heard of all its frames can do without this rank; and this one without a peer that has all of ours.
        for state in &mut self.peers {
            if matches!(state.way, Way::Connected(..)) {
                state.link.tell();
                state.link.bid_farewell();
            }
            if !state.link.is_settled() {
                state.link.ask();
            }
        }
        let until = Instant::now() + self.settings.patience;
        let open = |state: &State| {
            !matches!(state.way, Way::Away | Way::Lost(..))
                && (state.link.has_output() || !state.link.is_settled())
        };
        while Instant::now() < until {
            (0..self.peers.len()).for_each(|peer| self.write(peer));
            self.poll(&mut Nobody);
            if !self.peers.iter().any(open) {
                return;
            }
            self.watch.poller.sleep(NAP);
        }
    }

    fn waiter(&self) -> Rc<dyn Waiter> {
        self.watch.clone()
    }
}

/// Takes what comes after the end.
struct Nobody;

impl Sink for Nobody {
    fn frame(&mut self, _peer: Peer, _header: [u64; 2], _payload: Payload<'_>) {}
    fn exposed(&mut self, _copy: CopyId, _result: io::Result<()>) {}
    fn pulled(&mut self, _copy: CopyId, _result: io::Result<()>) {}
    fn lost(&mut self, _peer: Peer, _why: &io::Error) {}
}

/// An error with the address that it is about.
fn at(address: SocketAddr, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{address}: {error}"))
}

/// How a rank sleeps until a connection has something for it.
pub(crate) struct Watch {
    poller: rankwise_os::poller::Handle,
    waker: Waker,
    crowded: bool,
    /// Whether there is something to do at a certain time, which no file tells. A sleeping thread reads it, too.
    restless: AtomicBool,
    /// How many threads of this rank sleep or are about to.
    sleepers: Cell<u32>,
}

/// A restless sleeper looks at least so often.
const NAP: Duration = Duration::from_millis(20);

impl Watch {
    /// What there is to watch for.
    pub(crate) fn poller(&self) -> rankwise_os::poller::Handle {
        self.poller.clone()
    }

    /// How long a rank may sleep that wants to do so for `limit`.
    pub(crate) fn nap(&self, limit: Duration) -> Duration {
        if self.restless.load(Ordering::Relaxed) { limit.min(NAP) } else { limit }
    }
}

impl Waiter for Watch {
    fn crowded(&self) -> bool {
        self.crowded
    }

    fn give_way(&self) {
        std::thread::yield_now();
    }

    fn prepare(&self) -> u32 {
        self.sleepers.set(self.sleepers.get() + 1);
        0
    }

    fn sleep(&self, _prepared: u32, limit: Duration) {
        self.poller.sleep(self.nap(limit));
    }

    fn finish(&self) {
        self.sleepers.set(self.sleepers.get() - 1);
    }

    fn rouse(&self) {
        if self.sleepers.get() > 0 {
            self.waker.wake();
        }
    }
}
