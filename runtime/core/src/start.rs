//! From a process to a rank: the world that the launcher, or nobody, has meant for it.

use std::time::Duration;
use std::{fmt, io};

use rankwise_boot::{Client, Started, address, door, env, message::Job};
use rankwise_transport::Transport;
use rankwise_transport::joined::Joined;
use rankwise_transport::shm::Shm;
use rankwise_transport::tcp::{Secret, Settings, Tcp};

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
    let tcp = tcp(client, network.secret.0)?;
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

/// How long a peer that cannot be reached is called, unless the user says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// A rank that talks over the network.
fn tcp(client: &Client, secret: Secret) -> Result<Tcp> {
    let job = client.job();
    let failed = |e: &dyn fmt::Display| {
        Error::new(ErrorClass::ERR_OTHER, format!("the ranks cannot talk over the network: {e}"))
    };
    let interfaces = rankwise_boot::interfaces().map_err(|e| failed(&e))?;
    let alone = job.placement.is_single();
    let door = door::open(&job.host, &interfaces, alone, job.local_rank as usize, env::value)
        .map_err(|e| Error::new(ErrorClass::ERR_OTHER, e.to_string()))?;
    let mut directory = client.directory(door.addresses).map_err(|e| failed(&e))?;
    let addresses = Box::new(move |peer| {
        let mut found = directory.find(peer as u32)?;
        found.iter_mut().for_each(|found| address::nearest_first(found, &interfaces));
        Ok(found)
    });
    let settings = Settings { secret, patience: patience()?, crowded: job.crowded };
    Tcp::new(door.listener, job.rank as usize, job.size as usize, addresses, settings).map_err(|e| failed(&e))
}

/// For how long a peer that cannot be reached is called.
fn patience() -> Result<Duration> {
    let Some(text) = env::value(env::NET_PATIENCE) else { return Ok(PATIENCE) };
    let seconds = text.trim().parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|time| !time.is_zero()).ok_or_else(|| {
        let why = format!("{}={text}: that is no number of seconds", env::NET_PATIENCE);
        Error::new(ErrorClass::ERR_OTHER, why)
    })
}

fn not_mapped(error: io::Error) -> Error {
    let class = match error.kind() {
        io::ErrorKind::OutOfMemory => ErrorClass::ERR_NO_MEM,
        _ => ErrorClass::ERR_OTHER,
    };
    Error::new(class, format!("the memory that ranks share cannot be mapped: {error}"))
}
