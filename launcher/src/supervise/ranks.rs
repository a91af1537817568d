//! The ranks of a job, wherever they run, as their supervisor sees them.

use std::net::SocketAddr;
use std::time::Instant;

use rankwise_boot::message::{FromRank, Reason, ToRank};
use rankwise_os::process::End;
use rankwise_os::signal::Signal;

use super::pmi::Note;
use crate::output::Lines;
use crate::report::{Cause, Name, Stage};
use crate::wire::{Command, Node, Stream};

/// What came of what a rank has said.
#[derive(Default)]
pub struct Heard {
    /// What to tell which node.
    pub replies: Vec<(Node, Command)>,
    /// Why the job is to end, if it is.
    pub cause: Option<Cause>,
}

/// How far a rank is with MPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It has not called MPI_Init, and may never do so.
    Outside,
    /// It has called MPI_Init.
    Within,
    /// It has called MPI_Finalize.
    After,
}

/// Where what a rank writes is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The sink.
    pub sink: usize,
    /// The file in it.
    pub file: usize,
}

/// A stream of a rank that is shown on one of ours.
struct Output {
    place: Place,
    lines: Lines,
}

/// Whether a rank runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// Its node has not said that it was started.
    Awaited,
    Running,
    /// How it has ended; `None` if nobody can tell.
    Ended(Option<End>),
}

/// A rank.
struct Rank {
    name: Name,
    node: Node,
    life: Life,
    phase: Phase,
    /// How many programs have called MPI_Init under this rank.
    greetings: usize,
    /// Where each of those programs listens, if it does.
    listens: Vec<Option<Vec<SocketAddr>>>,
    outputs: [Option<Output>; 2],
}

/// The ranks of a job.
#[derive(Default)]
pub struct Ranks {
    ranks: Vec<Rank>,
    alive: usize,
    /// Questions where a rank listens that are not answered yet: who asks, whom for, as which of its programs.
    questions: Vec<(usize, usize, usize)>,
}

impl Ranks {
    /// Those that are to be started: the node, the name of its host, the program and the places of output of each.
    pub fn new(all: impl Iterator<Item = (Node, String, String, [Place; 2])>) -> Ranks {
        let rank = |(rank, (node, host, program, places)): (u32, (Node, String, String, [Place; 2]))| Rank {
            name: Name { rank, host, pid: 0, program },
            node,
            life: Life::Awaited,
            phase: Phase::Outside,
            greetings: 0,
            listens: Vec::new(),
            outputs: places.map(|place| Some(Output { place, lines: Lines::default() })),
        };
        Ranks { ranks: (0..).zip(all).map(rank).collect(), alive: 0, questions: Vec::new() }
    }

    /// The node of a rank.
    pub fn node(&self, rank: u32) -> Node {
        self.ranks[rank as usize].node
    }

    /// Whether a rank's node may speak of it.
    pub fn is_on(&self, rank: u32, node: Node) -> bool {
        self.ranks.get(rank as usize).is_some_and(|rank| rank.node == node)
    }

    /// A rank runs; who and where it is.
    pub fn started(&mut self, rank: u32, pid: u32) -> String {
        self.alive += 1;
        let size = self.ranks.len();
        let own = &mut self.ranks[rank as usize];
        own.life = Life::Running;
        own.name.pid = pid;
        let Name { host, program, .. } = &own.name;
        format!("rank {rank} of {size} ({host}, pid {pid}, {program})")
    }

    /// How many run.
    pub fn alive(&self) -> usize {
        self.alive
    }

    /// What a rank has said.
    pub fn hear(&mut self, index: u32, message: FromRank) -> Heard {
        let rank = &mut self.ranks[index as usize];
        match message {
            FromRank::Hello { .. } => self.greet(index),
            FromRank::Listens(at) => {
                rank.listens.resize(rank.greetings, None);
                if let Some(last) = rank.listens.last_mut() {
                    *last = Some(at);
                }
                self.answer()
            }
            FromRank::Where(peer) => {
                let program = rank.greetings;
                self.questions.push((index as usize, peer as usize, program));
                self.answer()
            }
            FromRank::Finalized => {
                rank.phase = Phase::After;
                Heard::default()
            }
            FromRank::Abort { code, reason } => Heard {
                cause: Some(Cause::Aborted { name: rank.name.clone(), code, reason }),
                ..Heard::default()
            },
        }
    }

    /// A rank has said something that is none of our messages.
    pub fn misunderstood(&self, rank: u32, error: String) -> Cause {
        Cause::Misunderstood { name: self.ranks[rank as usize].name.clone(), error }
    }

    /// Answers the questions that can be answered.
    fn answer(&mut self) -> Heard {
        let ranks = &self.ranks;
        let mut replies = Vec::new();
        self.questions.retain(|&(asker, peer, program)| {
            let listens = ranks.get(peer).and_then(|rank| rank.listens.get(program.checked_sub(1)?));
            let Some(Some(at)) = listens else { return true };
            let answer = ToRank::At(peer as u32, at.clone());
            replies.push((ranks[asker].node, Command::Tell(asker as u32, answer)));
            false
        });
        Heard { replies, cause: None }
    }

    /// A rank has called MPI_Init.
    fn greet(&mut self, index: u32) -> Heard {
        let rank = &mut self.ranks[index as usize];
        if rank.phase == Phase::Within {
            let why = "another process of this rank has called MPI_Init, and not MPI_Finalize".to_string();
            let reply = Command::Tell(index, ToRank::Refused(why));
            return Heard { replies: vec![(rank.node, reply)], cause: None };
        }
        let node = rank.node;
        Heard { replies: vec![(node, Command::Welcome(index))], cause: self.began(index) }
    }

    /// What a rank has said to the server of PMI, for the job.
    pub fn note(&mut self, index: u32, note: Note) -> Option<Cause> {
        let rank = &mut self.ranks[index as usize];
        match note {
            Note::Began => self.began(index),
            Note::Finalized => {
                rank.phase = Phase::After;
                None
            }
            Note::Aborted(code, why) => {
                // Some programs say no more than a word.
                let said = why.contains(' ');
                let reason = if said { Reason::Failed(why) } else { Reason::Called(String::new()) };
                Some(Cause::Aborted { name: rank.name.clone(), code, reason })
            }
        }
    }

    /// A program has begun with MPI.
    fn began(&mut self, index: u32) -> Option<Cause> {
        let rank = &mut self.ranks[index as usize];
        rank.phase = Phase::Within;
        rank.greetings += 1;
        let greetings = rank.greetings;
        // It waits for all others; one of them may have ended without a word before.
        let missing = |other: &&Rank| matches!(other.life, Life::Ended(_)) && other.greetings < greetings;
        self.ranks.iter().find(missing).map(|other| {
            let (name, end) = (other.name.clone(), End::Code(0));
            Cause::Ended { name, end, stage: Stage::Missing }
        })
    }

    /// Takes note of a rank's end. If that is a failure: its cause, and whether it came when nobody needed the rank any
    /// more. `asked` is the signal to end that the user has sent.
    pub fn ended(&mut self, index: u32, end: End, asked: Option<Signal>) -> Option<(Cause, bool)> {
        self.alive -= 1;
        let most = self.ranks.iter().map(|rank| rank.greetings).max().unwrap_or(0);
        let rank = &mut self.ranks[index as usize];
        rank.life = Life::Ended(Some(end));
        let stage = match rank.phase {
            Phase::Within => Stage::Within,
            Phase::Outside | Phase::After if rank.greetings < most => Stage::Missing,
            Phase::Outside | Phase::After => Stage::Outside,
        };
        if end == End::Code(0) && stage == Stage::Outside {
            return None;
        }
        let asked = asked.map(|signal| signal as i32);
        let cause = match end {
            End::Signal(number) if asked == Some(number) => Cause::Signalled(number),
            End::Code(code) if asked.map(|number| 128 + number) == Some(code) => Cause::Signalled(code - 128),
            _ => Cause::Ended { name: rank.name.clone(), end, stage },
        };
        Some((cause, rank.phase == Phase::After && stage == Stage::Outside))
    }

    /// A node is out of reach: forgets its ranks, and returns them.
    pub fn lost(&mut self, node: Node) -> Vec<u32> {
        let mut lost = Vec::new();
        for rank in self.ranks.iter_mut().filter(|rank| rank.node == node) {
            self.alive -= usize::from(rank.life == Life::Running);
            if !matches!(rank.life, Life::Ended(_)) {
                rank.life = Life::Ended(None);
            }
            lost.push(rank.name.rank);
        }
        lost
    }

    /// How each rank has ended, if that is known.
    pub fn ends(&self) -> impl Iterator<Item = Option<End>> {
        let end = |rank: &Rank| if let Life::Ended(end) = rank.life { end } else { None };
        self.ranks.iter().map(end)
    }

    /// Whether any was started.
    pub fn any_started(&self) -> bool {
        self.ranks.iter().any(|rank| rank.life != Life::Awaited)
    }

    /// Where a stream is shown, if there may be more to come from it.
    pub fn place(&self, rank: u32, stream: Stream) -> Option<Place> {
        self.ranks[rank as usize].outputs[stream as usize].as_ref().map(|output| output.place)
    }

    /// What a stream has brought.
    pub fn lines(&mut self, rank: u32, stream: Stream) -> Option<&mut Lines> {
        self.ranks[rank as usize].outputs[stream as usize].as_mut().map(|output| &mut output.lines)
    }

    /// When the next unfinished line is due.
    pub fn next_due(&self) -> Option<Instant> {
        self.outputs().filter_map(|(_, _, output)| output.lines.due()).min()
    }

    /// The streams whose unfinished lines are due.
    pub fn due(&self, now: Instant) -> Vec<(u32, Stream)> {
        let due = self.outputs().filter(|(_, _, output)| output.lines.due().is_some_and(|at| at <= now));
        due.map(|(rank, stream, _)| (rank, stream)).collect()
    }

    fn outputs(&self) -> impl Iterator<Item = (u32, Stream, &Output)> {
        self.ranks.iter().flat_map(|rank| {
            let streams = [Stream::Out, Stream::Err].into_iter().zip(&rank.outputs);
            streams.filter_map(|(stream, output)| Some((rank.name.rank, stream, output.as_ref()?)))
        })
    }

    /// Forgets a stream.
    pub fn close(&mut self, rank: u32, stream: Stream) {
        self.ranks[rank as usize].outputs[stream as usize] = None;
    }
}
