//! From a process to a rank: the world that the launcher, or nobody, has meant for it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::time::Duration;
use std::{fmt, io};

use rankwise_boot::{Client, Started, env, message::Job};
use rankwise_transport::Transport;
use rankwise_transport::joined::Joined;
use rankwise_transport::shm::Shm;
use rankwise_transport::tcp::address::{self, Choice};
use rankwise_transport::tcp::{Interface, Secret, Settings, Tcp, interfaces, listen};

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

/// How long a peer that cannot be reached is called, in seconds, unless the user says otherwise.
const PATIENCE: f64 = 10.0;

/// A rank that talks over the network.
fn tcp(client: &Client, secret: Secret) -> Result<Tcp> {
    let job = client.job();
    let interfaces = interfaces().map_err(no_network)?;
    let (listener, addresses) = door(job, &interfaces)?;
    let mut directory = client.directory(addresses).map_err(no_network)?;
    let addresses = Box::new(move |peer| {
        let mut found = directory.find(peer as u32)?;
        found.iter_mut().for_each(|found| address::nearest_first(found, &interfaces));
        Ok(found)
    });
    let patience = wish(env::NET_PATIENCE, |text| {
        let seconds = text.trim().parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        seconds.filter(|time| !time.is_zero()).ok_or("that is no number of seconds")
    })?;
    let patience = patience.unwrap_or(Duration::from_secs_f64(PATIENCE));
    let settings = Settings { secret, patience, crowded: job.crowded };
    Tcp::new(listener, job.rank as usize, job.size as usize, addresses, settings).map_err(no_network)
}

/// Where a rank listens, and the addresses by which others reach it there.
fn door(job: &Job, interfaces: &[Interface]) -> Result<(TcpListener, Vec<SocketAddr>)> {
    let choice: Option<Choice> = wish(env::NET_IF, str::parse)?;
    let chosen = match (&choice, job.placement.is_single()) {
        // All others are on this host.
        (None, true) => vec![Ipv4Addr::LOCALHOST.into()],
        (choice, _) => {
            let chosen = address::chosen(interfaces, choice.as_ref(), &job.host);
            chosen.map_err(|e| unmet(env::NET_IF, &env::value(env::NET_IF).unwrap_or_default(), &e))?
        }
    };
    // A single address is listened at alone; where there are several, who comes by another one proves nothing by that.
    let places: Vec<IpAddr> = match chosen[..] {
        [one] => vec![one],
        _ => vec![Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()],
    };
    let ports = wish(env::NET_PORTS, address::ports)?;
    // Neighbours begin at different ports, so that they do not all try the same ones.
    let count = ports.as_ref().map_or(1, |ports| ports.len());
    let port = |turn: usize| {
        ports.as_ref().map_or(0, |ports| ports.start() + ((job.local_rank as usize + turn) % count) as u16)
    };
    let mut error = None;
    for turn in 0..count {
        for &place in &places {
            match listen((place, port(turn)).into()).and_then(|door| Ok((door.local_addr()?.port(), door))) {
                Ok((port, door)) => {
                    let usable = chosen.iter().filter(|address| place.is_ipv6() || address.is_ipv4());
                    return Ok((door, usable.map(|&address| (address, port).into()).collect()));
                }
                Err(e) => error = Some(e),
            }
        }
    }
    let error = error.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into());
    Err(match env::value(env::NET_PORTS) {
        Some(text) => {
            unmet(env::NET_PORTS, &text, &format!("none of these ports of {} is free: {error}", job.host))
        }
        None => no_network(error),
    })
}

/// What the user wants, in a variable.
fn wish<T, E: fmt::Display>(
    name: &str,
    read: impl FnOnce(&str) -> std::result::Result<T, E>,
) -> Result<Option<T>> {
    env::value(name).map(|text| read(&text).map_err(|e| unmet(name, &text, &e))).transpose()
}

fn unmet(name: &str, text: &str, why: &dyn fmt::Display) -> Error {
    Error::new(ErrorClass::ERR_OTHER, format!("{name}={text}: {why}"))
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
