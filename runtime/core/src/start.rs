//! From a process to a rank: the world that the launcher, or nobody, has meant for it.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use rankwise_boot::{Client, Started, message::Job};
use rankwise_transport::Transport;
use rankwise_transport::joined::Joined;
use rankwise_transport::shm::Shm;
use rankwise_transport::tcp::{Secret, Settings, Tcp, listen};

use crate::world::{JobInfo, World};
use crate::{Error, ErrorClass, Handle, Result};

/// Finds out what this process is: a rank of a job that `mpirun` has started, or a world of one.
///
/// To be called once in a process.
pub fn connect() -> Result<Started> {
    rankwise_boot::start().map_err(|error| Error::new(ErrorClass::ERR_OTHER, error.to_string()))
}

/// Makes the world of a process. `warn` is as for [`World::new`].
pub fn start(started: &Started, warn: Box<dyn Fn(&str)>) -> Result<World> {
    let (job, transport): (&Job, Result<Box<dyn Transport>>) = match started {
        Started::Alone(job) => (job, Shm::alone().map(boxed).map_err(not_mapped)),
        Started::Member(client) => (client.job(), way_to_peers(client)),
    };
    let transport = transport?;
    let request = job.request.as_ref();
    let errhandler = request.and_then(|request| request.initial_errhandler.as_deref());
    let info = JobInfo {
        host: job.host.clone(),
        node: job.placement.node(job.rank).unwrap_or(0) as i32,
        appnum: job.appnum,
        universe_size: job.universe_size,
        errhandler: errhandler.and_then(Handle::errhandler_named),
        memory_kinds: request.and_then(|request| request.memory_kinds.clone()),
    };
    Ok(World::new(transport, job.rank as usize, info, warn))
}

fn boxed(transport: impl Transport + 'static) -> Box<dyn Transport> {
    Box::new(transport)
}

/// What leads to the other ranks of a job: memory on a node, the network between nodes.
fn way_to_peers(client: &Client) -> Result<Box<dyn Transport>> {
    let job = client.job();
    let Some(network) = &job.network else { return node(client).map(boxed).map_err(not_mapped) };
    let tcp = tcp(client, network.secret.0).map_err(no_network)?;
    // Who is alone on its node needs no memory to share.
    let ranks = job.placement.node(job.rank).map(|node| job.placement.ranks(node)).unwrap_or_default();
    if network.within_nodes || ranks.len() < 2 {
        return Ok(boxed(tcp));
    }
    let shm = node(client).map_err(not_mapped)?;
    Ok(boxed(Joined::new(shm, tcp, ranks.into_iter().map(|rank| rank as usize).collect())))
}

/// The memory that the ranks of this node share.
fn node(client: &Client) -> io::Result<Shm> {
    let job = client.job();
    Shm::attach(client.segment()?, job.local_rank as usize, job.local_size as usize, job.crowded)
}

/// How long a peer that cannot be reached is called.
const PATIENCE: Duration = Duration::from_secs(10);

/// A rank that talks over the network, to ranks on the same host: others cannot call it.
fn tcp(client: &Client, secret: Secret) -> io::Result<Tcp> {
    let listener = listen((Ipv4Addr::LOCALHOST, 0).into())?;
    let mut directory = client.directory(vec![listener.local_addr()?])?;
    let addresses = Box::new(move |peer| directory.find(peer as u32));
    let job = client.job();
    let settings = Settings { secret, patience: PATIENCE, crowded: job.crowded };
    Tcp::new(listener, job.rank as usize, job.size as usize, addresses, settings)
}

fn no_network(error: io::Error) -> Error {
    Error::new(ErrorClass::ERR_OTHER, format!("the ranks cannot talk over the network: {error}"))
}

fn not_mapped(error: io::Error) -> Error {
    let class = match error.kind() {
        io::ErrorKind::OutOfMemory => ErrorClass::ERR_NO_MEM,
        _ => ErrorClass::ERR_OTHER,
    };
    Error::new(class, format!("the memory that ranks share cannot be mapped: {error}"))
}
