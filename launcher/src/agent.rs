//! The launcher's hands on another host: `mpirun --agent`, started through a remote shell.
//!
//! It is told by its standard input what to do, and tells on its standard output what has come of it. When its input ends,
//! or nothing comes for too long, whoever has started it has gone, and it ends all that it has started in turn.

use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use rankwise_os::process::{self, Starter};
use rankwise_os::{pipe, socket};

use crate::hands::Hands;
use crate::wire::{self, Command, Event, MARK, Node, PAUSE, Reader};

const GUARD: u64 = 0;
const COMMANDS: u64 = 1;
const ROOM: u64 = 2;

/// With more bytes than this waiting to be sent, ranks have to wait with what they write.
const FULL: usize = 1 << 20;

/// How long is waited for the first word, in which the real limit stands.
const FIRST_WORD: Duration = Duration::from_secs(60);

/// What is sent under this node's number before it knows it.
const UNKNOWN: Node = Node::MAX;

/// Serves until the end. `guard` leads to the process that looks after this one.
pub fn run(starter: Starter, guard: OwnedFd) -> io::Result<i32> {
    let (commands, reports) =
        (io::stdin().as_fd().try_clone_to_owned()?, io::stdout().as_fd().try_clone_to_owned()?);
    // The remote shell has made these for us; but a socket may stand for both, and then both are changed anyway.
    pipe::set_nonblocking(&commands)?;
    pipe::set_nonblocking(&reports)?;
    let hands = Hands::new(starter)?;
    hands.poller.add_reader(&guard, GUARD)?;
    hands.poller.add_reader(&commands, COMMANDS)?;
    let mut agent = Agent {
        hands,
        guard,
        commands,
        reports,
        reader: Reader::default(),
        queue: MARK.to_vec(),
        writing: false,
        held: false,
        told: Instant::now(),
        heard: Instant::now(),
        patience: FIRST_WORD,
        sinks: Vec::new(),
    };
    agent.report(UNKNOWN, &Event::Ready);
    let served = agent.serve();
    agent.hands.end_all();
    served.map(|()| 0)
}

struct Agent {
    hands: Hands,
    guard: OwnedFd,
    commands: OwnedFd,
    reports: OwnedFd,
    reader: Reader,
    /// What is to be sent.
    queue: Vec<u8>,
    writing: bool,
    /// Whether ranks wait because what they have written cannot be sent fast enough.
    held: bool,
    told: Instant,
    heard: Instant,
    /// How long the launcher may be silent.
    patience: Duration,
    /// The sinks that ranks here write to, and whether the launcher wants them held.
    sinks: Vec<(u8, bool)>,
}

impl Agent {
    /// Returns when there is nobody any more to serve.
    fn serve(&mut self) -> io::Result<()> {
        loop {
            self.flush()?;
            self.throttle()?;
            let now = Instant::now();
            if now.duration_since(self.heard) >= self.patience {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "the launcher is silent"));
            }
            if now.duration_since(self.told) >= PAUSE {
                self.report(self.hands.own.unwrap_or(UNKNOWN), &Event::Alive);
                continue;
            }
            let due = (self.told + PAUSE).min(self.heard + self.patience);
            for key in self.hands.wait(Some(due))? {
                match key {
                    GUARD => {
                        let mut message = [0; 8];
                        // A signal to end, or the end of the one who looks after us.
                        if !matches!(
                            socket::receive(self.guard.as_fd(), &mut message, false),
                            Err(e) if e.kind() == io::ErrorKind::WouldBlock
                        ) {
                            return Ok(());
                        }
                    }
                    COMMANDS if !self.listen()? => return Ok(()),
                    _ => {}
                }
            }
            for (node, event) in self.hands.events() {
                self.report(node, &event);
            }
        }
    }

    /// Reads commands, and obeys. False at the end.
    fn listen(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 64 << 10];
        match pipe::read(&self.commands, &mut buffer) {
            Ok(0) => return Ok(false),
            Ok(n) => {
                self.heard = Instant::now();
                self.reader.push(&buffer[..n]);
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(true),
            Err(e) => return Err(e),
        }
        while let Some((node, command)) = self.reader.next::<Command>().map_err(io::Error::other)? {
            let own = *self.hands.own.get_or_insert(node);
            match command {
                Command::Settle(patience) if node == own => {
                    self.patience = Duration::from_secs(patience.into())
                }
                Command::Hold(sink, held) if node == own => {
                    self.sinks.retain(|&(other, _)| other != sink);
                    self.sinks.push((sink, held));
                    self.hands.send(own, Command::Hold(sink, held || self.held))?;
                }
                command => {
                    if let Command::Start(assignment) = &command
                        && node == own
                    {
                        let all = assignment.ranks.iter().flat_map(|(_, sinks)| sinks);
                        self.sinks.extend(all.map(|&sink| (sink, false)));
                        self.sinks.sort_unstable();
                        self.sinks.dedup();
                    }
                    self.hands.send(node, command)?;
                }
            }
        }
        Ok(true)
    }

    fn report(&mut self, node: Node, event: &Event) {
        // An event is never too long: ranks' output comes in pieces, and so do their words.
        self.queue.extend(wire::encode(node, event).unwrap_or_default());
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut wait = false;
        let mut written = 0;
        while written < self.queue.len() {
            match pipe::write(&self.reports, &self.queue[written..]) {
                Ok(n) => {
                    written += n;
                    self.told = Instant::now();
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    wait = true;
                    break;
                }
                Err(e) => return Err(e),
            }
        }
        self.queue.drain(..written);
        if wait != self.writing {
            self.writing = wait;
            match wait {
                true => self.hands.poller.add_writer(&self.reports, ROOM)?,
                false => self.hands.poller.remove(&self.reports)?,
            }
        }
        Ok(())
    }

    /// Lets ranks wait when more is to be sent than the launcher takes.
    fn throttle(&mut self) -> io::Result<()> {
        let full = self.queue.len() > FULL;
        if let (true, Some(own)) = (full != self.held, self.hands.own) {
            self.held = full;
            for (sink, held) in self.sinks.clone() {
                self.hands.send(own, Command::Hold(sink, held || full))?;
            }
        }
        Ok(())
    }
}

/// Says on standard error why an agent has ended before its time: the remote shell brings it to the launcher.
pub fn explain(error: &io::Error) {
    let _ = writeln!(io::stderr(), "mpirun --agent: {error}");
    process::flush_streams(Duration::from_secs(1));
}
