//! What a launcher and those who start ranks for it say to each other: to the node that it is on itself in plain calls, to
//! agents on other nodes through the pipes of a remote shell.
//!
//! ```text
//! launcher                                agent
//!  | <------------ MARK, Ready ------------ |   behind whatever the remote shell's start-up files print
//!  | -- Settle ---------------------------> |   how long it waits for a word
//!  | -- Adopt ----------------------------> |   the hosts that this agent starts agents on
//!  | -- Start ----------------------------> |   what its node runs
//!  | <-------- Started | NotStarted ------- |   for each rank, and what ranks write, say, and how they end
//!  | -- Welcome, Tell, Signal, Hold ... --> |
//!  | <--------------- Done ---------------- |   all has ended there, and all that was written has been sent
//! ```
//!
//! Either side is silent for [`PAUSE`] at most, and given up after a time that is a setting.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use rankwise_boot::Placement;
use rankwise_boot::codec::{self, CodecError};
use rankwise_boot::message::{FromRank, Network, ToRank};
use rankwise_os::process::End;
use serde::{Deserialize, Serialize};

use crate::examination::Finding;
use crate::order::{BindTo, MapBy, Program, StdinTo, Windows};
use crate::plan::rankfile::Slots;
use crate::remote::Branch;
use crate::remote::shell::Settings;

/// How long either side is silent.
pub const PAUSE: Duration = Duration::from_secs(1);

/// What an agent begins with.
pub const MARK: &[u8] = b"\n\0rankwise agent\0\n";

/// A node among those of the job.
pub type Node = u32;

/// What a rank writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// To a node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// After so many seconds without a word the launcher has gone.
    Settle(u32),
    /// Start agents on these hosts.
    Adopt(Vec<Branch>, Settings),
    /// Start these ranks.
    Start(Box<Assignment>),
    /// Tell a rank who it is.
    Welcome(u32),
    /// Tell a rank this.
    Tell(u32, ToRank),
    /// Tell a rank that speaks PMI this, or hang up if it is nothing.
    Answer(u32, Vec<u8>),
    /// Send a signal to all ranks.
    Signal(i32),
    /// Do not read what ranks write to this sink, or do so again.
    Hold(u8, bool),
    /// Standard input for the ranks that read it; nothing at its end.
    Input(Vec<u8>),
    /// Nothing: the launcher is there.
    Alive,
    /// Look whether ranks would find all that they need, and open a door as one would that finds these variables.
    Examine(Vec<(String, String)>),
    /// Call others at their doors, each given by its name.
    Call(Vec<(String, Vec<SocketAddr>)>),
}

/// From a node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Event {
    /// An agent is there.
    Ready,
    /// A rank runs.
    Started {
        /// Which one.
        rank: u32,
        /// Its process.
        pid: u32,
        /// What it is bound to, for people.
        place: String,
    },
    /// This, and what comes after it, was not started; why, and what to exit with.
    NotStarted(String, i32),
    /// A rank has said this.
    Said(u32, FromRank),
    /// A rank has written this to the server of PMI.
    Asked(u32, Vec<u8>),
    /// A rank has said something that is none of our messages.
    Misunderstood(u32, String),
    /// A rank has written this.
    Wrote(u32, Stream, Vec<u8>),
    /// A rank will write no more.
    Closed(u32, Stream),
    /// A rank has ended.
    Ended(u32, Exit),
    /// The ranks have taken what came from standard input; whether any of them may want more.
    Fed(bool),
    /// All has ended on the node.
    Done,
    /// The node is out of reach, and its agent ends all that it has started; why.
    Lost(String),
    /// Nothing: the agent is there.
    Alive,
    /// What was found, and where the door is.
    Examined(Vec<Finding>, Vec<SocketAddr>),
    /// What came of calling others.
    Called(Vec<Finding>),
}

/// How a process has ended, for the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exit {
    /// It exited with this code.
    Code(i32),
    /// This signal killed it.
    Signal(i32),
}

impl From<End> for Exit {
    fn from(end: End) -> Exit {
        match end {
            End::Code(code) => Exit::Code(code),
            End::Signal(number) => Exit::Signal(number),
        }
    }
}

impl From<Exit> for End {
    fn from(exit: Exit) -> End {
        match exit {
            Exit::Code(code) => End::Code(code),
            Exit::Signal(number) => End::Signal(number),
        }
    }
}

/// What one node is to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Assignment {
    /// Its number.
    pub node: Node,
    /// Which rank of the job runs on which node.
    pub placement: Placement,
    /// The programs of the job.
    pub programs: Vec<Program>,
    /// What the ranks of this node run, as an index of `programs`, and which sinks their output and errors go to.
    pub ranks: Vec<(u32, [u8; 2])>,
    /// How many ranks there is room for, if that is known.
    pub universe: Option<u32>,
    /// What ranks need to talk over the network.
    pub network: Option<Network>,
    /// What a rank is bound to.
    pub bind_to: Option<BindTo>,
    /// What ranks are spread over.
    pub map_by: Option<MapBy>,
    /// How many consecutive ranks at a time.
    pub run: u32,
    /// How many cores each rank has.
    pub width: u32,
    /// Which processors each rank of this node has, if a file tells; none if there is no such file.
    pub slots: Vec<Option<Slots>>,
    /// Who gets standard input.
    pub stdin: StdinTo,
    /// Ranks that have windows.
    pub xterm: Option<Windows>,
    /// What MPI_COMM_WORLD does with errors at first.
    pub initial_errhandler: Option<String>,
    /// The kinds of memory that programs ask for.
    pub memory_kinds: Option<String>,
    /// For another node than the launcher's: what ranks find around them.
    pub surroundings: Option<Surroundings>,
}

/// What a program finds around it where the launcher runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Surroundings {
    /// The environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The directory.
    pub directory: PathBuf,
}

/// No message is longer. (The longest carry an environment, of which a system allows some megabytes.)
const LONGEST: usize = 64 << 20;

/// The bytes of a message to or from a node.
pub fn encode<M: Serialize>(node: Node, message: &M) -> Result<Vec<u8>, CodecError> {
    codec::encode_up_to(&(node, message), LONGEST)
}

/// Makes messages of the bytes that a pipe brings.
#[derive(Default)]
pub struct Reader {
    bytes: Vec<u8>,
    /// Where the bytes begin that are not taken yet.
    at: usize,
}

impl Reader {
    /// Takes what was read.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..std::mem::take(&mut self.at));
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message, if it is there as a whole.
    pub fn next<M: serde::de::DeserializeOwned>(&mut self) -> Result<Option<(Node, M)>, CodecError> {
        let bytes = &self.bytes[self.at..];
        let Some(length) = codec::length(bytes, LONGEST)?.filter(|&length| length <= bytes.len()) else {
            return Ok(None);
        };
        let message = codec::decode(&bytes[..length])?;
        self.at += length;
        Ok(Some(message))
    }

    /// Drops what stands before [`MARK`], and it as well. False as long as it has not come.
    pub fn skip_to_mark(&mut self) -> bool {
        match self.bytes.windows(MARK.len()).position(|window| window == MARK) {
            Some(at) => {
                self.at = at + MARK.len();
                true
            }
            None => {
                let keep = MARK.len().min(self.bytes.len());
                self.bytes.drain(..self.bytes.len() - keep);
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However a pipe cuts them, messages come back whole and in order, behind what a shell has printed before.
        #[test]
        fn messages_survive_a_pipe(texts in prop::collection::vec(".{0,40}", 1..8), chatter in "[a-z\n]{0,60}", cut in 1usize..50) {
            let mut bytes = chatter.into_bytes();
            bytes.extend_from_slice(MARK);
            for (node, text) in (0..).zip(&texts) {
                bytes.extend(encode(node, &Event::Lost(text.clone())).unwrap());
            }
            let mut reader = Reader::default();
            let mut marked = false;
            let mut got = Vec::new();
            for piece in bytes.chunks(cut) {
                reader.push(piece);
                marked = marked || reader.skip_to_mark();
                while marked && let Some((node, event)) = reader.next::<Event>().unwrap() {
                    let Event::Lost(text) = event else { panic!() };
                    prop_assert_eq!(node as usize, got.len());
                    got.push(text);
                }
            }
            prop_assert_eq!(got, texts);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::default();
            reader.push(&bytes);
            while let Ok(Some(_)) = reader.next::<Command>() {}
        }
    }
}
