//! Ranks that are connected, all of them in this thread.

#![allow(unsafe_code)]

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use rankwise_transport::joined::Joined;
use rankwise_transport::loopback::{Loopback, Settings};
use rankwise_transport::shm::Shm;
use rankwise_transport::tcp::{Addresses, Settings as TcpSettings, Tcp};
use rankwise_transport::{Body, CopyId, Frame, Limits, Payload, Peer, Place, Sink, Token, Transport, Waiter};

/// The transports of all ranks of a network, by rank.
pub type Network = Vec<Box<dyn Transport>>;

/// Queues in this thread.
pub fn loopback(ranks: usize, settings: Settings) -> Network {
    Loopback::network(ranks, settings).into_iter().map(|t| Box::new(t) as Box<dyn Transport>).collect()
}

/// The ranks of one node, through shared memory.
pub fn shm(ranks: usize) -> Network {
    shm_ranks(ranks).into_iter().map(|t| Box::new(t) as Box<dyn Transport>).collect()
}

fn shm_ranks(ranks: usize) -> Vec<Shm> {
    let segment = rankwise_os::segment::create("test").expect("memory can be shared");
    let attach = |me| {
        let segment = segment.try_clone().expect("a descriptor can be copied");
        Shm::attach(segment, me, ranks, false).expect("memory can be mapped")
    };
    (0..ranks).map(attach).collect()
}

/// Ranks that talk over TCP on this host.
pub fn tcp(ranks: usize) -> Network {
    tcp_ranks(ranks).into_iter().map(|t| Box::new(t) as Box<dyn Transport>).collect()
}

/// As [`tcp`], for tests that do more with them than the trait allows.
pub fn tcp_ranks(ranks: usize) -> Vec<Tcp> {
    let any = "127.0.0.1:0".parse().expect("an address");
    let listeners: Vec<_> =
        (0..ranks).map(|_| rankwise_os::tcp::listen(any).expect("a port is free")).collect();
    let at: Vec<_> = listeners.iter().map(|l| l.local_addr().expect("it has an address")).collect();
    let join = |(me, listener)| {
        let at = at.clone();
        let addresses: Addresses = Box::new(move |peer| Ok(Some(vec![at[peer]])));
        let settings =
            TcpSettings { secret: [42; 32], patience: Duration::from_secs(60), crowded: ranks > 1 };
        Tcp::new(listener, me, ranks, addresses, settings).expect("a poller can be made")
    };
    listeners.into_iter().enumerate().map(join).collect()
}

/// Ranks of `nodes` nodes, `each` on every one, dealt out in turn.
pub fn joined(nodes: usize, each: usize) -> Network {
    joined_ranks(nodes, each).into_iter().map(|t| Box::new(t) as Box<dyn Transport>).collect()
}

/// As [`joined`], for tests that do more with them than the trait allows.
pub fn joined_ranks(nodes: usize, each: usize) -> Vec<Joined> {
    let mut shm: Vec<_> = (0..nodes).map(|_| shm_ranks(each).into_iter()).collect();
    let join = |(rank, tcp): (usize, Tcp)| {
        let node = rank % nodes;
        let shm = shm[node].next().expect("each node has as many ranks");
        Joined::new(shm, tcp, (0..each).map(|number| number * nodes + node).collect())
    };
    tcp_ranks(nodes * each).into_iter().enumerate().map(join).collect()
}

/// A message that has reached a rank, whole or its beginning.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The rank it has reached.
    pub at: usize,
    /// The rank that has sent it.
    pub from: Peer,
    /// Its tag.
    pub tag: i32,
}

/// What has arrived anywhere, in order, and was not looked at yet.
pub type Arrivals = Rc<RefCell<Vec<Arrival>>>;

/// The same network, which tells of each message that arrives.
pub fn watched(network: Network) -> (Network, Arrivals) {
    let arrivals = Arrivals::default();
    let watch =
        |(me, inner)| Box::new(Watched { inner, me, arrivals: arrivals.clone() }) as Box<dyn Transport>;
    (network.into_iter().enumerate().map(watch).collect(), arrivals)
}

struct Watched {
    inner: Box<dyn Transport>,
    me: usize,
    arrivals: Arrivals,
}

struct WatchedSink<'a> {
    inner: &'a mut dyn Sink,
    me: usize,
    arrivals: &'a Arrivals,
}

impl Sink for WatchedSink<'_> {
    fn frame(&mut self, peer: Peer, header: [u64; 2], payload: Payload<'_>) {
        // EAGER, FIRST and RTS of `rankwise_core::p2p::protocol`: those with which a message begins.
        if matches!(header[0] as u8, 1 | 2 | 4) {
            let tag = (header[1] >> 32) as i32;
            self.arrivals.borrow_mut().push(Arrival { at: self.me, from: peer, tag });
        }
        self.inner.frame(peer, header, payload);
    }

    fn exposed(&mut self, copy: CopyId, result: io::Result<()>) {
        self.inner.exposed(copy, result);
    }

    fn pulled(&mut self, copy: CopyId, result: io::Result<()>) {
        self.inner.pulled(copy, result);
    }

    fn lost(&mut self, peer: Peer, why: &io::Error) {
        self.inner.lost(peer, why);
    }
}

/// The calls of a transport that a wrapper leaves to its `inner` one.
macro_rules! passed_on {
    () => {
        fn peers(&self) -> usize {
            self.inner.peers()
        }

        fn limits(&self, peer: Peer) -> Limits {
            self.inner.limits(peer)
        }

        fn expose(&mut self, peer: Peer, body: &Body<'_>) -> Option<(CopyId, Token)> {
            self.inner.expose(peer, body)
        }

        fn withdraw(&mut self, copy: CopyId) {
            self.inner.withdraw(copy);
        }

        unsafe fn pull(&mut self, peer: Peer, token: Token, to: Place, length: usize) -> Option<CopyId> {
            // SAFETY: passed on.
            unsafe { self.inner.pull(peer, token, to, length) }
        }

        fn allocate(&mut self, length: usize) -> Option<*mut u8> {
            self.inner.allocate(length)
        }

        fn free(&mut self, memory: *mut u8) -> bool {
            self.inner.free(memory)
        }

        fn waiter(&self) -> Rc<dyn Waiter> {
            self.inner.waiter()
        }
    };
}
pub(crate) use passed_on;

impl Transport for Watched {
    fn try_send(&mut self, peer: Peer, frame: Frame<'_, '_>) -> io::Result<bool> {
        self.inner.try_send(peer, frame)
    }

    fn poll(&mut self, sink: &mut dyn Sink) -> bool {
        self.inner.poll(&mut WatchedSink { inner: sink, me: self.me, arrivals: &self.arrivals })
    }

    passed_on!();
}
