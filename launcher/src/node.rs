//! The ranks on this node: the hands of a launcher or of an agent.
//!
//! It starts them, reads what they write and hears what they say, and learns how they end. What any of that means is for
//! the job's supervisor ([`crate::supervise`]), which is told of it in events and gives orders in commands.

mod feed;
mod start;

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rankwise_boot::Channel;
use rankwise_boot::channel::Received;
use rankwise_boot::message::{FromRank, Job, ToRank};
use rankwise_os::poller::Poller;
use rankwise_os::process::{self, End, Starter};
use rankwise_os::signal::{self, Signal};
use rankwise_os::{pipe, segment, socket};

use self::feed::Feed;
use crate::wire::{Assignment, Command, Event, Exit, Stream};

/// Keys that each rank has: its channel, its output, its errors, its input, its way to the server of PMI.
const KEYS: u64 = 5;

/// What a rank that speaks PMI begins with when it ends the job.
const ABORT: &[u8] = b"cmd=abort";

/// A stream of a rank.
struct Output {
    reader: OwnedFd,
    sink: u8,
    /// Whether it is not listened to, because its sink is slow.
    held: bool,
}

/// A rank.
struct Member {
    job: Job,
    pid: u32,
    alive: bool,
    channel: Option<Channel>,
    /// What programs of other MPIs use instead.
    pmi: Option<OwnedFd>,
    outputs: [Option<Output>; 2],
    /// How many of its programs were told who they are.
    welcomed: usize,
}

/// The ranks on this node.
pub struct Node {
    members: Vec<Member>,
    alive: usize,
    /// Whether ranks were started, and their end has not been told yet.
    busy: bool,
    /// The memory of all those that greet for the n-th time, with the number of those who have it.
    segments: Vec<(Option<OwnedFd>, usize)>,
    feed: Feed,
    held: Vec<u8>,
    first_key: u64,
    events: Vec<Event>,
}

impl Node {
    /// None yet; the keys of those to come begin with `first_key`.
    pub fn new(first_key: u64) -> Node {
        Node {
            members: Vec::new(),
            alive: 0,
            busy: false,
            segments: Vec::new(),
            feed: Feed::default(),
            held: Vec::new(),
            first_key,
            events: Vec::new(),
        }
    }

    /// What has happened since the last call.
    pub fn events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Whether something has happened since then.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Starts ranks. To be called once.
    pub fn start(&mut self, assignment: Assignment, starter: &mut Starter, poller: &Poller) {
        self.busy = true;
        if let Err((message, code)) = start::start(self, &assignment, starter, poller) {
            self.events.push(Event::NotStarted(message, code));
        }
    }

    /// Takes in a rank that has been started, and listens to it.
    fn add(&mut self, member: Member, place: String, poller: &Poller) -> io::Result<()> {
        let key = self.first_key + self.members.len() as u64 * KEYS;
        self.alive += 1;
        self.events.push(Event::Started { rank: member.job.rank, pid: member.pid, place });
        self.members.push(member);
        let member = &self.members[self.members.len() - 1];
        if let Some(channel) = &member.channel {
            poller.add_reader(channel, key)?;
        }
        if let Some(pmi) = &member.pmi {
            poller.add_reader(pmi, key + 4)?;
        }
        for (output, key) in member.outputs.iter().zip(key + 1..) {
            if let Some(output) = output {
                poller.add_reader(&output.reader, key)?;
            }
        }
        Ok(())
    }

    fn find(&mut self, rank: u32) -> Option<usize> {
        self.members.binary_search_by_key(&rank, |member| member.job.rank).ok()
    }

    /// Does what the supervisor wants.
    pub fn obey(&mut self, command: Command, poller: &Poller) -> io::Result<()> {
        match command {
            Command::Welcome(rank) => {
                if let Some(index) = self.find(rank) {
                    self.welcome(index);
                }
            }
            Command::Tell(rank, message) => {
                let found = self.find(rank);
                if let Some(channel) = found.and_then(|index| self.members[index].channel.as_ref()) {
                    // A rank that does not take its answer has ended, and that is found elsewhere.
                    let _ = channel.try_send(&message, None);
                }
            }
            Command::Answer(rank, bytes) => {
                if let Some(index) = self.find(rank) {
                    self.answer(index, &bytes, poller);
                }
            }
            Command::Signal(number) => {
                if let Some(signal) = signal::from_number(number) {
                    self.signal(signal);
                }
            }
            Command::Hold(sink, true) if !self.held.contains(&sink) => {
                self.held.push(sink);
                self.listen(sink, false, poller)?;
            }
            Command::Hold(sink, false) => {
                self.held.retain(|&other| other != sink);
                self.listen(sink, true, poller)?;
            }
            Command::Input(bytes) => {
                self.feed.push(&bytes, poller)?;
                self.fed();
            }
            Command::Examine(_)
            | Command::Call(_)
            | Command::Hold(..)
            | Command::Alive
            | Command::Settle(_)
            | Command::Adopt(..)
            | Command::Start(_) => {}
        }
        Ok(())
    }

    /// Sends a signal to all ranks that have not ended, and to what they have started.
    pub fn signal(&self, signal: Signal) {
        for member in self.members.iter().filter(|member| member.alive) {
            // The only reason to refuse is a rank that has become another user's.
            let _ = signal::send_group(member.pid, signal);
        }
    }

    /// Deals with an event that the poller has reported under one of our keys.
    pub fn handle(&mut self, key: u64, poller: &Poller) {
        let (index, what) = (((key - self.first_key) / KEYS) as usize, (key - self.first_key) % KEYS);
        match what {
            0 => self.hear(index, poller),
            1 => drop(self.read(index, Stream::Out, poller)),
            2 => drop(self.read(index, Stream::Err, poller)),
            4 => self.hear_pmi(index, poller),
            _ => {
                self.feed.go_on(index, poller);
                self.fed();
            }
        }
    }

    fn fed(&mut self) {
        self.events.extend(self.feed.taken().map(Event::Fed));
    }

    /// Takes note of a process that has ended. False if it is none of the ranks.
    pub fn ended(&mut self, pid: u32, end: End, poller: &Poller) -> bool {
        let Some(index) = self.members.iter().position(|member| member.alive && member.pid == pid) else {
            return false;
        };
        self.hear(index, poller);
        self.hear_pmi(index, poller);
        self.read_all(index, Stream::Out, poller);
        self.read_all(index, Stream::Err, poller);
        self.members[index].alive = false;
        self.alive -= 1;
        self.events.push(Event::Ended(self.members[index].job.rank, Exit::from(end)));
        true
    }

    /// When all ranks have ended: ends what they have left behind, and says so when there is nothing more to come. To be
    /// called again and again; `others` are children of this process that have nothing to do with ranks, and those of them
    /// that were found to have ended come back.
    pub fn settle(&mut self, others: &[u32], poller: &Poller) -> Vec<(u32, End)> {
        if !self.busy || self.alive > 0 {
            return Vec::new();
        }
        // When what ranks have started has gone, all that it wrote is in the pipes.
        let ended = process::end_descendants_but(others);
        for index in 0..self.members.len() {
            for stream in [Stream::Out, Stream::Err] {
                self.read_all(index, stream, poller);
                if self.members[index].outputs[stream as usize].as_ref().is_some_and(|output| !output.held) {
                    self.close(index, stream, poller);
                }
            }
        }
        if self.members.iter().flat_map(|member| &member.outputs).flatten().next().is_none() {
            self.busy = false;
            self.events.push(Event::Done);
        }
        ended
    }

    /// Listens to what a rank says.
    fn hear(&mut self, index: usize, poller: &Poller) {
        loop {
            let Some(channel) = &self.members[index].channel else { return };
            let rank = self.members[index].job.rank;
            match channel.try_receive::<FromRank>() {
                Ok(Received::Nothing) => return,
                Ok(Received::Message(message, _)) => {
                    if matches!(message, FromRank::Abort { .. }) {
                        // What it has written before often tells why.
                        self.read_all(index, Stream::Out, poller);
                        self.read_all(index, Stream::Err, poller);
                    }
                    self.events.push(Event::Said(rank, message));
                }
                Ok(Received::Gone) => return self.hang_up(index, poller),
                Err(e) => {
                    self.hang_up(index, poller);
                    return self.events.push(Event::Misunderstood(rank, e.to_string()));
                }
            }
        }
    }

    fn hang_up(&mut self, index: usize, poller: &Poller) {
        if let Some(channel) = self.members[index].channel.take() {
            // Closing it is enough where nobody else has it; where somebody has, this is what counts.
            let _ = poller.remove(&channel);
        }
    }

    /// Reads what a rank has for the server of PMI.
    fn hear_pmi(&mut self, index: usize, poller: &Poller) {
        let mut buffer = [0; 4096];
        loop {
            let member = &self.members[index];
            let Some(pmi) = &member.pmi else { return };
            match pipe::read(pmi, &mut buffer) {
                Ok(count) if count > 0 => {
                    let (rank, bytes) = (member.job.rank, buffer[..count].to_vec());
                    if bytes.windows(ABORT.len()).any(|window| window == ABORT) {
                        self.read_all(index, Stream::Out, poller);
                        self.read_all(index, Stream::Err, poller);
                    }
                    self.events.push(Event::Asked(rank, bytes));
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return,
                _ => return self.hang_up_pmi(index, poller),
            }
        }
    }

    fn answer(&mut self, index: usize, mut bytes: &[u8], poller: &Poller) {
        while let Some(pmi) = self.members[index].pmi.as_ref().filter(|_| !bytes.is_empty()) {
            match socket::send_some(pmi.as_fd(), bytes, false) {
                Ok(count) if count == bytes.len() => return,
                Ok(count) => bytes = &bytes[count..],
                // It has gone, or asks without ever reading an answer.
                Err(_) => break,
            }
        }
        self.hang_up_pmi(index, poller);
    }

    fn hang_up_pmi(&mut self, index: usize, poller: &Poller) {
        if let Some(pmi) = self.members[index].pmi.take() {
            // As with the channel.
            let _ = poller.remove(&pmi);
        }
    }

    /// Tells a rank who it is, and gives it the segment.
    fn welcome(&mut self, index: usize) {
        let size = self.members[index].job.local_size as usize;
        let member = &mut self.members[index];
        let Some(channel) = &member.channel else { return };
        let welcome = ToRank::Welcome(Box::new(member.job.clone()));
        // A rank that does not take its answer has ended, and that is found elsewhere.
        let _ = segment_of(&mut self.segments, member.welcomed, size)
            .and_then(|segment| channel.try_send(&welcome, Some(segment.as_fd())));
        member.welcomed += 1;
    }

    /// Reads what is there, within reason: what writes without end must not keep us.
    fn read_all(&mut self, index: usize, stream: Stream, poller: &Poller) {
        for _ in 0..64 {
            if !self.read(index, stream, poller) {
                return;
            }
        }
    }

    /// Reads once; false when there is nothing to be had now.
    fn read(&mut self, index: usize, stream: Stream, poller: &Poller) -> bool {
        let member = &mut self.members[index];
        let Some(output) = member.outputs[stream as usize].as_ref().filter(|output| !output.held) else {
            return false;
        };
        let mut buffer = [0; 64 << 10];
        match pipe::read(&output.reader, &mut buffer) {
            Ok(n) if n > 0 => {
                self.events.push(Event::Wrote(member.job.rank, stream, buffer[..n].to_vec()));
                true
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => false,
            _ => {
                self.close(index, stream, poller);
                false
            }
        }
    }

    /// Forgets a stream.
    fn close(&mut self, index: usize, stream: Stream, poller: &Poller) {
        let member = &mut self.members[index];
        let Some(output) = member.outputs[stream as usize].take() else { return };
        if !output.held {
            // As with the channel.
            let _ = poller.remove(&output.reader);
        }
        self.events.push(Event::Closed(member.job.rank, stream));
    }

    /// Listens to the streams that are shown in a sink, or does not.
    fn listen(&mut self, sink: u8, wanted: bool, poller: &Poller) -> io::Result<()> {
        for (member, first) in self.members.iter_mut().zip((self.first_key..).step_by(KEYS as usize)) {
            for (output, key) in member.outputs.iter_mut().zip(first + 1..) {
                if let Some(output) = output.as_mut().filter(|o| o.sink == sink && o.held == wanted) {
                    output.held = !wanted;
                    match wanted {
                        true => poller.add_reader(&output.reader, key)?,
                        false => poller.remove(&output.reader)?,
                    }
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
