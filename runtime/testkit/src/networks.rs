//! Ranks that are connected, all of them in this thread.

use std::time::Duration;

use rankwise_transport::Transport;
use rankwise_transport::loopback::{Loopback, Settings};
use rankwise_transport::shm::Shm;
use rankwise_transport::tcp::{Addresses, Settings as TcpSettings, Tcp};

/// The transports of all ranks of a network, by rank.
pub type Network = Vec<Box<dyn Transport>>;

/// Queues in this thread.
pub fn loopback(ranks: usize, settings: Settings) -> Network {
    Loopback::network(ranks, settings).into_iter().map(|t| Box::new(t) as Box<dyn Transport>).collect()
}

/// The ranks of one node, through shared memory.
pub fn shm(ranks: usize) -> Network {
    let segment = rankwise_os::segment::create("test").expect("memory can be shared");
    let attach = |me| {
        let segment = segment.try_clone().expect("a descriptor can be copied");
        let shm = Shm::attach(segment, me, ranks, false).expect("memory can be mapped");
        Box::new(shm) as Box<dyn Transport>
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
