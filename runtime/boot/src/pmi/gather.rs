//! How the ranks of a node come by the memory that they share, where no launcher of ours hands it down.
//!
//! The first of them makes a memory file, opens a gate, and publishes the gate's name and a password in the job's key-value
//! space. The others call there, say who they are and what processors they may use, and get the file. Whoever belongs to
//! another user or does not know the password is sent away. A gate is no file, so whatever dies nothing is left.

use std::collections::BTreeSet;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use rankwise_os::poller::Poller;
use rankwise_os::{pipe, segment, socket, topology};
use serde::{Deserialize, Serialize};

use crate::channel::{Channel, Received};
use crate::message::Secret;

/// How long the others are waited for, all of whom are in MPI_Init.
const PATIENCE: Duration = Duration::from_secs(120);

const GATE: u64 = u64::MAX;

/// From one of the others.
#[derive(Serialize, Deserialize)]
struct Hello {
    password: [u8; 32],
    local_rank: u32,
    processors: Vec<u32>,
}

/// To each of them, with the memory.
#[derive(Serialize, Deserialize)]
struct Welcome {
    crowded: bool,
}

/// What a node's ranks share.
#[derive(Debug)]
pub struct Shared {
    /// The memory.
    pub segment: OwnedFd,
    /// Whether there are more ranks than processors that they may use.
    pub crowded: bool,
}

/// The gate of a node's first rank.
pub struct Gate {
    gate: OwnedFd,
    password: Secret,
    name: String,
}

impl Gate {
    /// Opens one.
    pub fn open() -> io::Result<Gate> {
        let name = format!("rankwise-{}", hex(&Secret::random()?.0[..16]));
        Ok(Gate { gate: socket::gate(name.as_bytes())?, password: Secret::random()?, name })
    }

    /// What the others need.
    pub fn address(&self) -> String {
        format!("{}/{}", self.name, hex(&self.password.0))
    }

    /// Makes the memory and gives it to the `ranks` ranks of this node, without the first, which is this one.
    pub fn serve(self, ranks: u32) -> io::Result<Shared> {
        let segment = segment::create("rankwise")?;
        let mut poller = Poller::new()?;
        poller.add_reader(&self.gate, GATE)?;
        let end = Instant::now() + PATIENCE;
        let own = topology::allowed_cpus().into_iter().map(|cpu| cpu as u32);
        let mut processors: BTreeSet<u32> = own.collect();
        let mut callers: Vec<Option<Channel>> = Vec::new();
        let mut known: Vec<Option<Channel>> = (1..ranks).map(|_| None).collect();
        while known.iter().any(Option::is_none) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let missing: Vec<String> = (1..)
                    .zip(&known)
                    .filter(|(_, k)| k.is_none())
                    .map(|(rank, _)| rank.to_string())
                    .collect();
                let text = format!(
                    "local ranks {} have not come for the memory that ranks share",
                    missing.join(", ")
                );
                return Err(io::Error::new(io::ErrorKind::TimedOut, text));
            }
            for key in poller.wait(Some(left))? {
                if key == GATE {
                    if let Some(caller) = socket::admit(self.gate.as_fd())? {
                        poller.add_reader(&caller, callers.len() as u64)?;
                        callers.push(Some(Channel::new(caller)));
                    }
                    continue;
                }
                let Some(caller) = callers.get_mut(key as usize).and_then(Option::take) else { continue };
                poller.remove(&caller)?;
                // Whoever says something else is none of us.
                let Ok(Received::Message(hello, _)) = caller.try_receive::<Hello>() else { continue };
                let place = hello.local_rank.checked_sub(1).and_then(|index| known.get_mut(index as usize));
                if let Some(place) = place.filter(|_| hello.password == self.password.0) {
                    processors.extend(hello.processors);
                    *place = Some(caller);
                }
            }
        }
        // Each rank may be bound to a few of the processors that all of them have together.
        let crowded =
            ranks as usize > topology::quota().map_or(processors.len(), |quota| quota.min(processors.len()));
        for caller in known.iter().flatten() {
            // One that has gone is missed by whoever has started it.
            let _ = caller.send(&Welcome { crowded }, Some(segment.as_fd()));
        }
        Ok(Shared { segment, crowded })
    }
}

/// Gets the memory from the one whose gate has this address.
pub fn fetch(address: &str, local_rank: u32) -> io::Result<Shared> {
    let bad =
        || io::Error::new(io::ErrorKind::InvalidData, "the address of the memory that ranks share is none");
    let (name, password) = address.split_once('/').ok_or_else(bad)?;
    let password = unhex(password).ok_or_else(bad)?;
    let call = socket::call(name.as_bytes()).map_err(|error| {
        let text = format!(
            "the first rank of this node has memory for all of them, but does not answer ({error}): ranks in containers must \
             have a network in common"
        );
        io::Error::new(error.kind(), text)
    })?;
    let channel = Channel::new(call);
    let processors = topology::allowed_cpus().into_iter().map(|cpu| cpu as u32).collect();
    let hello = Hello { password, local_rank, processors };
    channel.send(&hello, None)?;
    let end = Instant::now() + PATIENCE;
    while !pipe::wait_readable(channel.as_fd(), 1000)? {
        if Instant::now() >= end {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the first rank of this node does not answer",
            ));
        }
    }
    match channel.receive()? {
        Received::Message(Welcome { crowded }, Some(segment)) => Ok(Shared { segment, crowded }),
        _ => Err(io::Error::new(
            io::ErrorKind::ConnectionReset,
            "the first rank of this node has refused this one",
        )),
    }
}

/// Bytes in letters that every server keeps as they are.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that [`hex`] has made letters of.
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let bytes: Vec<u8> =
        digits?.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect();
    if text.len() == 64 { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_node_get_the_same_memory_and_strangers_none() {
        let gate = Gate::open().unwrap();
        let address = gate.address();
        let (name, _) = address.split_once('/').unwrap();
        let wrong = format!("{name}/{}", hex(&[7; 32]));
        let stranger = std::thread::spawn(move || fetch(&wrong, 1).map(|_| ()).unwrap_err());
        let silent = socket::call(name.as_bytes()).unwrap();
        let others: Vec<_> = (1..4)
            .map(|rank| {
                let address = address.clone();
                std::thread::spawn(move || fetch(&address, rank).unwrap())
            })
            .collect();
        let own = gate.serve(4).unwrap();
        let identity = |shared: &Shared| socket::identity(shared.segment.as_fd()).unwrap();
        for other in others {
            let other = other.join().unwrap();
            assert_eq!((identity(&other), other.crowded), (identity(&own), own.crowded));
        }
        assert_eq!(stranger.join().unwrap().kind(), io::ErrorKind::ConnectionReset);
        drop(silent);
        assert!(fetch(&address, 1).unwrap_err().to_string().contains("does not answer"));
        assert!(fetch("x", 1).is_err() && fetch("x/y", 1).is_err());
    }

    #[test]
    fn letters_and_bytes() {
        assert_eq!(unhex(&hex(&[0xa5; 32])), Some([0xa5; 32]));
        assert_eq!(unhex("a5"), None);
        assert_eq!(unhex(&"g".repeat(64)), None);
    }
}
