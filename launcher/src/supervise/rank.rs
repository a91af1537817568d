//! The ranks of a job, as their supervisor sees them.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Instant;

use rankwise_boot::channel::{Channel, Received};
use rankwise_boot::message::{FromRank, Job, ToRank};
use rankwise_os::poller::Poller;
use rankwise_os::process::End;
use rankwise_os::signal::{self, Signal};
use rankwise_os::{pipe, segment};

use crate::output::Lines;
use crate::report::{Cause, Name, Stage};

/// What a rank writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// What came of listening to a rank.
pub enum Heard {
    /// It has said nothing.
    Nothing,
    /// It has said something, and may have more to say.
    Something,
    /// It has said that the job is to end.
    Cause(Cause),
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
pub struct Output {
    reader: OwnedFd,
    place: Place,
    lines: Lines,
    paused: bool,
}

impl Output {
    /// What comes out of this pipe.
    pub fn new(reader: OwnedFd, place: Place) -> io::Result<Output> {
        pipe::set_nonblocking(&reader)?;
        Ok(Output { reader, place, lines: Lines::default(), paused: false })
    }
}

/// A rank.
pub struct Rank {
    name: Name,
    job: Job,
    alive: bool,
    /// How it has ended.
    end: Option<End>,
    phase: Phase,
    /// How many programs have called MPI_Init under this rank.
    greetings: usize,
    channel: Option<Channel>,
    /// Where each of those programs listens, if it does.
    listens: Vec<Option<Vec<SocketAddr>>>,
    outputs: [Option<Output>; 2],
}

impl Rank {
    /// One that runs in process `pid`, with what it may ask for, our end of its channel, and its output and errors.
    pub fn new(program: String, pid: u32, job: Job, channel: Channel, outputs: [Output; 2]) -> Rank {
        let name = Name { rank: job.rank, host: job.host.clone(), pid, program };
        let (channel, outputs) = (Some(channel), outputs.map(Some));
        let listens = Vec::new();
        Rank {
            name,
            job,
            alive: true,
            end: None,
            phase: Phase::Outside,
            greetings: 0,
            channel,
            listens,
            outputs,
        }
    }

    /// Which rank this is, and where.
    pub fn describe(&self) -> String {
        let Name { rank, host, pid, program } = &self.name;
        format!("rank {rank} of {} ({host}, pid {pid}, {program})", self.job.size)
    }
}

/// The ranks of a job.
#[derive(Default)]
pub struct Ranks {
    ranks: Vec<Rank>,
    alive: usize,
    /// The memory of all those that greet for the n-th time, with the number of those who have it.
    segments: Vec<(Option<OwnedFd>, usize)>,
    /// Questions where a rank listens that are not answered yet: who asks, whom for, as which of its programs.
    questions: Vec<(usize, usize, usize)>,
    first_key: u64,
}

/// Keys that each rank has: its channel, its output, its errors.
const KEYS: u64 = 3;

impl Ranks {
    /// None yet; the keys of those to come begin with `first_key`.
    pub fn new(first_key: u64) -> Ranks {
        Ranks { first_key, ..Ranks::default() }
    }

    /// Takes in a rank that has been started, and listens to it.
    pub fn add(&mut self, rank: Rank, poller: &Poller) -> io::Result<()> {
        let key = self.first_key + self.ranks.len() as u64 * KEYS;
        self.alive += 1;
        self.ranks.push(rank);
        let rank = &self.ranks[self.ranks.len() - 1];
        if let Some(channel) = &rank.channel {
            poller.add_reader(channel, key)?;
        }
        for (output, key) in rank.outputs.iter().zip(key + 1..) {
            if let Some(output) = output {
                poller.add_reader(&output.reader, key)?;
            }
        }
        Ok(())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ranks.len()
    }

    /// How many have not ended.
    pub fn alive(&self) -> usize {
        self.alive
    }

    /// The rank, and the stream of it, that a key (counted from the first one) stands for.
    pub fn source(key: u64) -> (usize, Option<Stream>) {
        let stream = [None, Some(Stream::Out), Some(Stream::Err)][(key % KEYS) as usize];
        ((key / KEYS) as usize, stream)
    }

    /// The rank with this process.
    pub fn find(&self, pid: u32) -> Option<usize> {
        self.ranks.iter().position(|rank| rank.alive && rank.name.pid == pid)
    }

    /// Sends a signal to all ranks that have not ended, and to what they have started.
    pub fn signal_all(&self, signal: Signal) {
        for rank in self.ranks.iter().filter(|rank| rank.alive) {
            // The only reason to refuse is a rank that has become another user's.
            let _ = signal::send_group(rank.name.pid, signal);
        }
    }

    /// Listens to a rank once.
    pub fn hear(&mut self, index: usize, poller: &Poller) -> Heard {
        let Some(channel) = &self.ranks[index].channel else { return Heard::Nothing };
        match channel.try_receive::<FromRank>() {
            Ok(Received::Nothing) => Heard::Nothing,
            Ok(Received::Message(FromRank::Hello { .. }, _)) => self.welcome(index),
            Ok(Received::Message(FromRank::Listens(at), _)) => {
                let rank = &mut self.ranks[index];
                rank.listens.resize(rank.greetings, None);
                if let Some(last) = rank.listens.last_mut() {
                    *last = Some(at);
                }
                self.answer();
                Heard::Something
            }
            Ok(Received::Message(FromRank::Where(peer), _)) => {
                self.questions.push((index, peer as usize, self.ranks[index].greetings));
                self.answer();
                Heard::Something
            }
            Ok(Received::Message(FromRank::Finalized, _)) => {
                self.ranks[index].phase = Phase::After;
                Heard::Something
            }
            Ok(Received::Message(FromRank::Abort { code, reason }, _)) => {
                Heard::Cause(Cause::Aborted { name: self.ranks[index].name.clone(), code, reason })
            }
            Ok(Received::Gone) => {
                self.hang_up(index, poller);
                Heard::Nothing
            }
            Err(e) => {
                self.hang_up(index, poller);
                Heard::Cause(Cause::Misunderstood {
                    name: self.ranks[index].name.clone(),
                    error: e.to_string(),
                })
            }
        }
    }

    /// Answers the questions that can be answered.
    fn answer(&mut self) {
        let ranks = &self.ranks;
        self.questions.retain(|&(asker, peer, program)| {
            let listens = ranks.get(peer).and_then(|rank| rank.listens.get(program.checked_sub(1)?));
            let Some(Some(at)) = listens else { return true };
            // A rank that does not take its answer has ended, and that is found elsewhere.
            let answer = ToRank::At(peer as u32, at.clone());
            let _ = ranks[asker].channel.as_ref().map(|channel| channel.try_send(&answer, None));
            false
        });
    }

    fn hang_up(&mut self, index: usize, poller: &Poller) {
        if let Some(channel) = self.ranks[index].channel.take() {
            // Closing it is enough where nobody else has it; where somebody has, this is what counts.
            let _ = poller.remove(&channel);
        }
    }

    /// Tells a rank who it is, and gives it the segment.
    fn welcome(&mut self, index: usize) -> Heard {
        let size = self.ranks.len().max(self.ranks[index].job.size as usize);
        let rank = &mut self.ranks[index];
        let Some(channel) = &rank.channel else { return Heard::Nothing };
        let answered = if rank.phase == Phase::Within {
            let why = "another process of this rank has called MPI_Init, and not MPI_Finalize".to_string();
            channel.try_send(&ToRank::Refused(why), None)
        } else {
            let generation = rank.greetings;
            let welcome = ToRank::Welcome(Box::new(rank.job.clone()));
            segment_of(&mut self.segments, generation, size)
                .and_then(|segment| channel.try_send(&welcome, Some(segment.as_fd())))
        };
        // A rank that does not take its answer has ended, and that is found elsewhere.
        if answered.is_ok() && rank.phase != Phase::Within {
            rank.phase = Phase::Within;
            rank.greetings += 1;
        }
        let greetings = rank.greetings;
        // It waits for all others; one of them may have ended without a word before.
        match self.ranks.iter().find(|other| !other.alive && other.greetings < greetings) {
            Some(other) => {
                let (name, end) = (other.name.clone(), End::Code(0));
                Heard::Cause(Cause::Ended { name, end, stage: Stage::Missing })
            }
            None => Heard::Something,
        }
    }

    /// Takes note of a rank's end. If that is a failure: its cause, and whether it came when nobody needed the rank any
    /// more. `asked` is the signal to end that the user has sent.
    pub fn ended(&mut self, index: usize, end: End, asked: Option<Signal>) -> Option<(Cause, bool)> {
        self.alive -= 1;
        let most = self.ranks.iter().map(|rank| rank.greetings).max().unwrap_or(0);
        let rank = &mut self.ranks[index];
        rank.alive = false;
        rank.end = Some(end);
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

    /// How each rank has ended, if it has.
    pub fn ends(&self) -> impl Iterator<Item = Option<End>> {
        self.ranks.iter().map(|rank| rank.end)
    }

    /// Where a stream is shown, if there may be more to come from it.
    pub fn place(&self, index: usize, stream: Stream) -> Option<Place> {
        self.output(index, stream).map(|output| output.place)
    }

    fn output(&self, index: usize, stream: Stream) -> Option<&Output> {
        self.ranks[index].outputs[stream as usize].as_ref()
    }

    /// How many streams are open.
    pub fn open_streams(&self) -> usize {
        self.ranks.iter().flat_map(|rank| &rank.outputs).flatten().count()
    }

    /// Where to read a stream.
    pub fn reader(&self, index: usize, stream: Stream) -> Option<BorrowedFd<'_>> {
        self.output(index, stream).map(|output| output.reader.as_fd())
    }

    /// What a stream has brought.
    pub fn lines(&mut self, index: usize, stream: Stream) -> Option<&mut Lines> {
        self.ranks[index].outputs[stream as usize].as_mut().map(|output| &mut output.lines)
    }

    /// When the next unfinished line is due.
    pub fn next_due(&self) -> Option<Instant> {
        self.ranks
            .iter()
            .flat_map(|rank| &rank.outputs)
            .flatten()
            .filter_map(|output| output.lines.due())
            .min()
    }

    /// The streams whose unfinished lines are due.
    pub fn due(&self, now: Instant) -> Vec<(usize, Stream)> {
        let streams = [Stream::Out, Stream::Err];
        let all = (0..self.ranks.len()).flat_map(|index| streams.map(|stream| (index, stream)));
        let is_due = |&(index, stream): &(usize, Stream)| {
            self.output(index, stream).and_then(|output| output.lines.due()).is_some_and(|at| at <= now)
        };
        all.filter(is_due).collect()
    }

    /// Forgets a stream.
    pub fn close(&mut self, index: usize, stream: Stream, poller: &Poller) {
        if let Some(output) = self.ranks[index].outputs[stream as usize].take()
            && !output.paused
        {
            // As with the channel.
            let _ = poller.remove(&output.reader);
        }
    }

    /// Stops listening to the streams that are shown in a sink.
    pub fn pause(&mut self, poller: &Poller, sink: usize) -> io::Result<()> {
        self.for_each_of(sink, |output, _| {
            if !output.paused {
                output.paused = true;
                poller.remove(&output.reader)?;
            }
            Ok(())
        })
    }

    /// Listens to them again.
    pub fn resume(&mut self, poller: &Poller, sink: usize) -> io::Result<()> {
        self.for_each_of(sink, |output, key| {
            if output.paused {
                output.paused = false;
                poller.add_reader(&output.reader, key)?;
            }
            Ok(())
        })
    }

    fn for_each_of(
        &mut self,
        sink: usize,
        mut act: impl FnMut(&mut Output, u64) -> io::Result<()>,
    ) -> io::Result<()> {
        for (rank, first) in self.ranks.iter_mut().zip((self.first_key..).step_by(KEYS as usize)) {
            for (output, key) in rank.outputs.iter_mut().zip(first + 1..) {
                if let Some(output) = output.as_mut().filter(|output| output.place.sink == sink) {
                    act(output, key)?;
                }
            }
        }
        Ok(())
    }
}

/// The memory of those who greet for the n-th time. It is handed out `size` times, and then only theirs.
fn segment_of(
    segments: &mut Vec<(Option<OwnedFd>, usize)>,
    generation: usize,
    size: usize,
) -> io::Result<OwnedFd> {
    if segments.len() <= generation {
        segments.push((Some(segment::create("rankwise")?), 0));
    }
    let (file, handed) = &mut segments[generation];
    *handed += 1;
    let copy = match file {
        Some(file) => file.try_clone()?,
        None => return Err(io::ErrorKind::NotFound.into()),
    };
    if *handed == size {
        *file = None;
    }
    Ok(copy)
}
