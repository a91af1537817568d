//! Ranks that are connected, all of them in this thread.

use rankwise_transport::Transport;
use rankwise_transport::loopback::{Loopback, Settings};
use rankwise_transport::shm::Shm;

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
