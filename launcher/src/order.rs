//! What the user has asked for, once it is understood.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::hosts::Host;
use crate::pattern::Pattern;
use crate::plan::rankfile::Slots;
use crate::remote::shell::Settings;

/// A job: programs, and how to run them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The programs, in the order of their ranks.
    pub programs: Vec<Program>,
    /// The hosts that they run on; none for this one.
    pub hosts: Vec<Host>,
    /// The host of each rank, as an index of `hosts` (0 if there are none).
    pub nodes: Vec<u32>,
    /// The processors of each rank, where a file tells; none if there is no such file.
    pub slots: Vec<Option<Slots>>,
    /// What holds for all of them.
    pub options: Options,
}

/// One program of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// How many ranks run it.
    pub count: u32,
    /// What to run.
    pub command: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Variables that it gets.
    pub environment: Vec<(OsString, OsString)>,
    /// Where it starts, if not where mpirun was started.
    pub wdir: Option<PathBuf>,
    /// Where to look for it, if not in PATH.
    pub path: Option<OsString>,
}

/// What holds for the whole job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What a rank is bound to, if the user has said so.
    pub bind_to: Option<BindTo>,
    /// What ranks are spread over.
    pub map_by: Option<MapBy>,
    /// How many consecutive ranks are on one of those before the next are on another; 0 is as 1.
    pub run: u32,
    /// How many cores each rank has; 0 is as 1.
    pub width: u32,
    /// What each line of a rank begins with.
    pub prefix: Pattern,
    /// What ranks write to standard error goes where their output goes.
    pub merged: bool,
    /// The files for the ranks' output and errors, in place of our own streams.
    pub files: [Option<Pattern>; 2],
    /// After this time the job is ended.
    pub timeout: Option<Duration>,
    /// Who gets what mpirun reads.
    pub stdin: StdinTo,
    /// Say who runs where.
    pub verbose: bool,
    /// Say what each rank has exited with.
    pub exit_codes: bool,
    /// Who is to be told the process that the user sees.
    pub report_pid: Option<PidTo>,
    /// Ranks that run in a window of their own.
    pub xterm: Option<Windows>,
    /// How many ranks there is room for.
    pub universe: Universe,
    /// What MPI_COMM_WORLD does with errors at first.
    pub initial_errhandler: Option<String>,
    /// The kinds of memory that programs ask for.
    pub memory_kinds: Option<String>,
    /// How ranks talk.
    pub transport: Transport,
    /// How agents are started on other hosts.
    pub remote: Settings,
    /// How many of them one launcher or agent starts.
    pub fanout: usize,
}

/// How ranks on one node talk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Transport {
    /// Through memory that they share.
    #[default]
    Shm,
    /// As ranks on different nodes would, over TCP.
    Tcp,
}

/// Ranks that run in a window of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    /// The ranks, from and to; none for all of them.
    pub ranks: Vec<(u32, u32)>,
    /// The window stays when the rank has ended.
    pub hold: bool,
}

impl Windows {
    /// Whether a rank has a window.
    pub fn has(&self, rank: u32) -> bool {
        self.ranks.is_empty() || self.ranks.iter().any(|&(from, to)| (from..=to).contains(&rank))
    }
}

/// Where the number of a process is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PidTo {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
    /// A file.
    File(PathBuf),
}

/// How many ranks there is room for (MPI_UNIVERSE_SIZE).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Universe {
    /// As many as there are processors, and no fewer than the job has.
    #[default]
    System,
    /// Nobody knows.
    Infinite,
    /// So many.
    Ranks(u32),
}

/// What a rank may not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
pub enum BindTo {
    /// Nothing.
    None,
    /// A core.
    Core,
    /// A socket.
    #[value(alias = "package")]
    Socket,
    /// A NUMA node.
    Numa,
    /// One of the hardware threads of a core.
    #[value(alias = "hwt")]
    Hwthread,
}

/// What consecutive ranks are spread over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
pub enum MapBy {
    /// Nothing: they fill one core after the other.
    Slot,
    /// Cores.
    Core,
    /// Sockets.
    #[value(alias = "package")]
    Socket,
    /// NUMA nodes.
    Numa,
    /// Hardware threads.
    #[value(alias = "hwt")]
    Hwthread,
    /// Nodes.
    Node,
    /// The lines of the host file: each is for one rank.
    Seq,
}

/// How ranks are numbered, once it is settled how many of them each node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RankBy {
    /// All on one node, and then all on the next one.
    #[value(
        alias = "core",
        alias = "socket",
        alias = "package",
        alias = "numa",
        alias = "hwthread",
        alias = "fill"
    )]
    Slot,
    /// One on each node in turn.
    #[value(alias = "span")]
    Node,
}

/// Who gets what mpirun reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StdinTo {
    /// This rank.
    Rank(u32),
    /// Every rank.
    All,
    /// Nobody.
    None,
}

impl Default for StdinTo {
    fn default() -> StdinTo {
        StdinTo::Rank(0)
    }
}

impl Order {
    /// How many ranks the job has.
    pub fn size(&self) -> u32 {
        self.programs.iter().map(|program| program.count).sum()
    }
}
