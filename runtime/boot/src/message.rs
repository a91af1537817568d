//! Everything that launcher and rank say to each other.
//!
//! ```text
//! rank                                   launcher
//!  | -- Hello ------------------------->  |   MPI_Init: the rank is one that others wait for from now on
//!  | <------- Welcome + the segment ----  |   or Refused
//!  | -- Listens ----------------------->  |   where others reach it, in a job whose ranks talk over the network
//!  | -- Where ------------------------->  |   asks where another rank listens ...
//!  | <------------------------------ At --  |   ... and hears it once that rank has said so
//!  | -- Finalized --------------------->  |   MPI_Finalize: from now on it may end
//!  | -- Abort ------------------------->  |   MPI_Abort, or an error that ends the job; the launcher kills the rank
//! ```
//!
//! A program that runs after the first one has ended, under the same rank, says `Hello` again; it gets the segment of
//! all those that do so for the second time.

use std::net::SocketAddr;
use std::{fmt, io};

use serde::{Deserialize, Serialize};

use crate::placement::Placement;

/// From a rank to its launcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromRank {
    /// The process `pid` is the rank whose socket this is.
    Hello {
        /// Its process, which may be a descendant of the one that the launcher has started.
        pid: u32,
    },
    /// Other ranks can call it at these addresses.
    Listens(Vec<SocketAddr>),
    /// It wants to call this rank.
    Where(u32),
    /// The rank needs nobody any more, and nobody needs it.
    Finalized,
    /// The whole job is to end.
    Abort {
        /// What the launcher exits with.
        code: i32,
        /// Why.
        reason: Reason,
    },
}

/// Why a rank ends its job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The program has called MPI_Abort on the communicator of this name; it is empty if that is no communicator.
    Called(String),
    /// This has failed, in words for people.
    Failed(String),
}

impl Reason {
    /// The sentence for the user that begins with `who` has ended the job, with what code.
    pub fn sentence(&self, who: &str, code: i32) -> String {
        match self {
            Reason::Called(name) if name.is_empty() => format!("{who} called MPI_Abort with code {code}"),
            Reason::Called(name) => format!("{who} called MPI_Abort with code {code} on {name}"),
            Reason::Failed(what) => format!("{who}: {}", what.trim_end()),
        }
    }

    /// Cuts the words off after `length` bytes or a little before.
    pub fn shorten(&mut self, length: usize) {
        let (Reason::Called(words) | Reason::Failed(words)) = self;
        let end = (0..=words.len().min(length)).rev().find(|&i| words.is_char_boundary(i)).unwrap_or(0);
        words.truncate(end);
    }
}

/// From a launcher to a rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToRank {
    /// Who the rank is. The descriptor of the node's segment comes with it.
    Welcome(Box<Job>),
    /// A rank listens at these addresses.
    At(u32, Vec<SocketAddr>),
    /// The launcher does not take this rank; why, for people.
    Refused(String),
}

/// What a rank is told about itself and its job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its rank in MPI_COMM_WORLD.
    pub rank: u32,
    /// How many ranks MPI_COMM_WORLD has.
    pub size: u32,
    /// Which of them runs on which node.
    pub placement: Placement,
    /// Its place among the ranks on its node.
    pub local_rank: u32,
    /// How many ranks its node has.
    pub local_size: u32,
    /// The name of its node.
    pub host: String,
    /// Which of the programs of the job it runs (MPI_APPNUM); a process that nobody launched has none.
    pub appnum: Option<i32>,
    /// How many ranks there is room for (MPI_UNIVERSE_SIZE), if that is known.
    pub universe_size: Option<i32>,
    /// Whether its node has more ranks than processors that they may use.
    pub crowded: bool,
    /// How it was asked for, if a launcher did so.
    pub request: Option<Request>,
    /// If ranks talk over the network: what they need for that.
    pub network: Option<Network>,
}

/// What ranks need to talk over the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// What only they know.
    pub secret: Secret,
    /// Whether those on one node do so too, rather than through memory.
    pub within_nodes: bool,
}

/// What only the ranks of a job know. It is not shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    /// One that nobody has had before.
    pub fn random() -> io::Result<Secret> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Secret(secret))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What the user asked the launcher for (MPI_INFO_ENV).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The program.
    pub command: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// How many ranks of this program were asked for.
    pub maxprocs: u32,
    /// The directory that it starts in.
    pub wdir: String,
    /// The error handler that `-initial-errhandler` names.
    pub initial_errhandler: Option<String>,
    /// The kinds of memory that `-memory-alloc-kinds` asks for.
    pub memory_kinds: Option<String>,
}

impl Job {
    /// The job of a process that nobody launched: a world of one.
    pub fn alone() -> Job {
        Job {
            rank: 0,
            size: 1,
            placement: Placement::single(1),
            local_rank: 0,
            local_size: 1,
            host: rankwise_os::environment::host_name(),
            appnum: None,
            universe_size: None,
            crowded: false,
            request: None,
            network: None,
        }
    }
}
