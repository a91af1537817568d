//! A rank that somebody else's launcher has started: Slurm's srun, MPICH's and Intel's mpiexec, Flux, and others that serve
//! PMI or PMIx, the interface by which processes of a job learn who they are and tell each other where they are.
//!
//! All that a launcher of ours tells a rank is found out in the job's key-value space, which only its processes can read:
//! the first rank puts the secret of connections there, the first one of each node what leads to the node's memory
//! ([`gather`]), and each one that listens its addresses.

pub mod connection;
mod gather;
pub mod mapping;
pub mod pmix;
pub mod wire1;
pub mod wire2;
pub mod words;

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard};

use rankwise_os::{environment, segment};

use self::connection::{Connection, Way};
use self::gather::{Gate, hex, unhex};
use crate::env;
use crate::message::{Job, Network, Secret};
use crate::placement::Placement;

/// The key under which servers say which rank runs on which node.
pub const MAPPING: &str = "PMI_process_mapping";

/// What a server says at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The rank of this process.
    pub rank: u32,
    /// How many ranks there are.
    pub size: u32,
    /// Which of the job's programs it runs; negative if there is only one.
    pub appnum: Option<i32>,
    /// How many ranks there is room for; negative if nobody knows.
    pub universe: Option<i32>,
    /// Which rank runs on which node (see [`mapping`]).
    pub mapping: Option<String>,
    /// How long values may be.
    pub longest: usize,
}

/// A job's key-value space.
pub trait Space: Send {
    /// Says something to all ranks, who hear it after the next fence.
    fn put(&mut self, key: &str, value: &str) -> io::Result<()>;
    /// Waits until all ranks are here.
    fn fence(&mut self) -> io::Result<()>;
    /// What a rank has said.
    fn get(&mut self, rank: u32, key: &str) -> io::Result<Option<String>>;
    /// Asks for the end of the job.
    fn abort(&mut self, code: i32, message: &str);
    /// This process may end from now on; nothing can be said or asked any more.
    fn finalize(&mut self) -> io::Result<()>;
}

/// How the surroundings say that there is a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// There is one.
    Server(Way),
    /// There is one of PMIx, whose job has this name.
    Pmix(String),
    /// There was one for a rank, and this process is that rank's child; or this is the only rank.
    Alone,
}

/// Looks for a server in the variables that `get` gives.
pub fn offered(get: impl Fn(&str) -> Option<String>) -> Option<Offer> {
    let number = |name: &str| get(name).and_then(|value| value.trim().parse::<u32>().ok());
    let (descriptor, port) = (get(env::PMI_FD), get(env::PMI_PORT));
    if descriptor.is_none() && port.is_none() {
        if let (Some(name), Some(_)) = (get(env::PMIX_NAMESPACE), get(env::PMIX_RANK)) {
            return Some(Offer::Pmix(name));
        }
        let taken = [env::PMI_FD_TAKEN, env::PMI_PORT_TAKEN, env::PMIX_NAMESPACE_TAKEN];
        return taken.iter().any(|name| get(name).is_some()).then_some(Offer::Alone);
    }
    if number(env::PMI_SIZE) == Some(1) {
        return Some(Offer::Alone);
    }
    if let Some(number_of_it) = descriptor.and_then(|value| value.trim().parse().ok()) {
        let who = number(env::PMI_RANK).zip(number(env::PMI_SIZE));
        let second = number(env::PMI_VERSION) == Some(2);
        let job = get(env::PMI_JOBID);
        return Some(Offer::Server(Way::Descriptor { number: number_of_it, who, second, job }));
    }
    Some(Offer::Server(Way::Port(port?, get(env::PMI_ID)?)))
}

/// A rank of somebody else's launcher.
pub struct Member {
    /// Its way to the other ranks.
    pub space: Shared,
    /// Who it is.
    pub job: Job,
    /// The memory that the ranks of its node share.
    pub segment: OwnedFd,
}

/// Becomes a rank, over a socket that leads to the server.
pub fn join(socket: OwnedFd, way: &Way) -> io::Result<Member> {
    let (connection, facts) = Connection::greet(socket, way)?;
    join_space(Box::new(connection), facts)
}

/// Becomes a rank of a key-value space. All ranks of the job must be doing so.
pub fn join_space(mut space: Box<dyn Space>, facts: Facts) -> io::Result<Member> {
    let Facts { rank, size, .. } = facts;
    if rank >= size {
        return Err(invalid(format!("this is rank {rank} of {size}")));
    }
    let told = facts.mapping.as_ref().and_then(|value| mapping::decode(value, size));
    let placement = match told {
        Some(placement) => placement,
        None => exchange_places(&mut *space, &facts)?,
    };
    let node = placement.node(rank).unwrap_or(0);
    let ranks = placement.ranks(node);
    let local_size = ranks.len() as u32;
    let local_rank = ranks.iter().position(|&other| other == rank).unwrap_or(0) as u32;

    let gate = if local_size > 1 && local_rank == 0 { Some(Gate::open()?) } else { None };
    if let Some(gate) = &gate {
        space.put(&key("segment", rank), &gate.address())?;
    }
    let several = !placement.is_single();
    if several && rank == 0 {
        space.put(&key("secret", 0), &hex(&Secret::random()?.0))?;
    }
    space.fence()?;
    let network = match several {
        true => Some(Network { secret: secret(&mut *space)?, within_nodes: false }),
        false => None,
    };
    let memory = match (gate, ranks.first()) {
        (Some(gate), _) => gate.serve(local_size)?,
        (None, Some(&first)) if local_size > 1 => {
            let address = space.get(first, &key("segment", first))?;
            gather::fetch(&address.ok_or_else(|| silent(first))?, local_rank)?
        }
        _ => gather::Shared { segment: segment::create("rankwise")?, crowded: false },
    };
    let job = Job {
        rank,
        size,
        placement,
        local_rank,
        local_size,
        host: environment::host_name(),
        appnum: facts.appnum.filter(|&number| number >= 0),
        universe_size: facts.universe.filter(|&number| number > 0),
        crowded: memory.crowded,
        request: None,
        network,
    };
    let space = Shared { space: Arc::new(Mutex::new(space)), longest: facts.longest };
    Ok(Member { space, job, segment: memory.segment })
}

/// Without the server's help ranks find out by themselves who is on which node.
fn exchange_places(space: &mut dyn Space, facts: &Facts) -> io::Result<Placement> {
    space.put(&key("place", facts.rank), &environment::machine())?;
    space.fence()?;
    let mut known: Vec<String> = Vec::new();
    let mut nodes = Vec::new();
    for rank in 0..facts.size {
        let place = space.get(rank, &key("place", rank))?.ok_or_else(|| silent(rank))?;
        let node = known.iter().position(|other| *other == place).unwrap_or(known.len());
        if node == known.len() {
            known.push(place);
        }
        nodes.push(node as u32);
    }
    Ok(Placement::of(nodes))
}

fn secret(space: &mut dyn Space) -> io::Result<Secret> {
    let told = space.get(0, &key("secret", 0))?.ok_or_else(|| silent(0))?;
    unhex(&told).map(Secret).ok_or_else(|| invalid("the secret of the job is none".to_string()))
}

fn key(what: &str, rank: u32) -> String {
    format!("rankwise-{what}-{rank}")
}

fn silent(rank: u32) -> io::Error {
    invalid(format!("rank {rank} has not said what a rank of Rankwise says: is it a program of another MPI?"))
}

fn invalid(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// A key-value space that several parts of a process use.
#[derive(Clone)]
pub struct Shared {
    space: Arc<Mutex<Box<dyn Space>>>,
    longest: usize,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Box<dyn Space>> {
        self.space.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Says where this rank listens, and waits until all have done so.
    pub fn publish(&self, rank: u32, listens: &[SocketAddr]) -> io::Result<()> {
        let mut space = self.lock();
        space.put(&key("listens", rank), &addresses_as_text(listens, self.longest))?;
        space.fence()
    }

    /// Where a rank listens.
    pub fn find(&self, rank: u32) -> io::Result<Vec<SocketAddr>> {
        let told = self.lock().get(rank, &key("listens", rank))?.ok_or_else(|| silent(rank))?;
        Ok(told.split(',').filter_map(|address| address.parse().ok()).collect())
    }

    /// See [`Space::finalize`].
    pub fn finalize(&self) -> io::Result<()> {
        self.lock().finalize()
    }

    /// See [`Space::abort`]. Another thread may be waiting for an answer, which may never come: then nothing is said, and
    /// the launcher must find out by the end of this process.
    pub fn abort(&self, code: i32, message: &str) {
        if let Ok(mut space) = self.space.try_lock() {
            space.abort(code, message);
        }
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

/// As many addresses as a value has room for.
fn addresses_as_text(addresses: &[SocketAddr], longest: usize) -> String {
    let mut text = String::new();
    for address in addresses {
        let more = address.to_string();
        if text.len() + more.len() + 2 > longest {
            break;
        }
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&more);
    }
    text
}

#[cfg(test)]
mod tests;
