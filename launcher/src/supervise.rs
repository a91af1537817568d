//! What a job means: one loop takes in what happens on its nodes, what the front hands on, and the clock.
//!
//! The first failure decides what the job has died of: it is reported, the other ranks are asked to end, and killed if
//! they do not; what they do meanwhile is no further failure. What is done to processes is done by [`crate::hands`].

mod begin;
mod input;
mod pmi;
mod ranks;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rankwise_os::process::{self, Starter};
use rankwise_os::signal::{self, Signal};
use rankwise_os::socket;

use self::begin::{Beginning, begin};
use self::input::Input;
use self::pmi::Server;
use self::ranks::{Place, Ranks};
use crate::hands::Hands;
use crate::order::Order;
use crate::output::sink::{Loss, Named, Prefix};
use crate::output::{Lines, Sink, Writer};
use crate::remote;
use crate::report::{self, Cause};
use crate::wire::{Command, Event, Node, Stream};

/// How long ranks that were asked to end have for that.
const GRACE: Duration = Duration::from_secs(2);

const FRONT: u64 = 1;
const STDOUT_ROOM: u64 = 2;
const STDERR_ROOM: u64 = 3;
const FILES_ROOM: u64 = 4;
const STDIN: u64 = 5;

/// The sinks: standard output, standard error, and all files for the ranks' output.
const STDOUT: usize = 0;
const STDERR: usize = 1;
const FILES: usize = 2;

/// Runs a job to its end, and returns what mpirun exits with.
pub fn run(order: Order, starter: Starter, front: OwnedFd) -> io::Result<i32> {
    let mut hands = Hands::new(starter)?;
    hands.poller.add_reader(&front, FRONT)?;
    let started = Instant::now();
    let (beginning, failure) = match begin(&order) {
        Ok(beginning) => (beginning, None),
        Err(cause) => (Beginning::default(), Some(cause)),
    };
    let Beginning { ranks, hosts, assignments, own, others, readers, files, pmi } = beginning;
    let prefix = Prefix { pattern: order.options.prefix.clone(), hosts };
    let sink = |files: Vec<Named>, key| {
        let sink = Sink::new(files, prefix.clone())?;
        hands.poller.add_reader(sink.waker(), key).map(|()| sink)
    };
    let file = |name: &str, file: BorrowedFd<'_>| {
        io::Result::Ok(vec![(name.to_string(), file.try_clone_to_owned()?)])
    };
    let sinks = [
        sink(file("standard output", io::stdout().as_fd())?, STDOUT_ROOM)?,
        sink(file("standard error", io::stderr().as_fd())?, STDERR_ROOM)?,
        sink(files, FILES_ROOM)?,
    ];
    let nodes: Vec<Node> = assignments.iter().map(|assignment| assignment.node).collect();
    hands.own = own;
    if !others.is_empty() {
        let options = &order.options;
        hands.adopt(remote::tree(&others, options.fanout), options.remote.clone());
    }
    // Agents take a while to come; those who are far begin first.
    let (mine, theirs): (Vec<_>, Vec<_>) = assignments.into_iter().partition(|a| Some(a.node) == own);
    for assignment in theirs.into_iter().chain(mine) {
        hands.send(assignment.node, Command::Start(Box::new(assignment)))?;
    }
    let mut supervisor = Supervisor {
        ranks,
        nodes,
        names: others,
        input: Input::new(readers, STDIN)?,
        pmi,
        hands,
        front,
        sinks,
        verdict: None,
        late: None,
        kill_at: None,
        asked: None,
        interrupts: 0,
        held: [false; 3],
        lost: false,
        unwanted: false,
        exit_codes: order.options.exit_codes,
        verbose: order.options.verbose,
    };
    if let Some(cause) = failure {
        supervisor.fail(cause)?;
    }
    let timeout = order.options.timeout;
    supervisor.serve(timeout.map(|limit| (started + limit, limit)))?;
    Ok(supervisor.close())
}

struct Supervisor {
    ranks: Ranks,
    /// What programs of other MPIs tell each other.
    pmi: Server,
    /// The nodes that have something to say yet.
    nodes: Vec<Node>,
    /// The names of all but this one.
    names: Vec<(Node, String)>,
    hands: Hands,
    front: OwnedFd,
    sinks: [Sink; 3],
    /// What the job has died of.
    verdict: Option<Cause>,
    /// A rank that failed when nobody needed it any more: reported, but no reason to end the others.
    late: Option<Cause>,
    /// When ranks that were asked to end are killed.
    kill_at: Option<Instant>,
    /// The last signal to end that the user has sent.
    asked: Option<Signal>,
    interrupts: u32,
    /// Whether ranks wait because a sink is slow.
    held: [bool; 3],
    /// Whether output was lost, and whether somebody has stopped reading it.
    lost: bool,
    unwanted: bool,
    /// Whether to say what each rank has exited with.
    exit_codes: bool,
    /// Whether to say where each rank runs.
    verbose: bool,
    input: Input,
}

impl Supervisor {
    fn serve(&mut self, mut deadline: Option<(Instant, Duration)>) -> io::Result<()> {
        while !self.nodes.is_empty() {
            let now = Instant::now();
            if let Some((at, limit)) = deadline
                && at <= now
            {
                deadline = None;
                self.fail(Cause::TimedOut(limit))?;
            }
            if self.kill_at.is_some_and(|at| at <= now) {
                self.kill_at = None;
                self.signal(Signal::SIGKILL)?;
            }
            for (rank, stream) in self.ranks.due(now) {
                self.show_rest(rank, stream);
            }
            let next = [deadline.map(|(at, _)| at), self.kill_at, self.ranks.next_due()];
            self.handle(next.into_iter().flatten().min())?;
        }
        if self.exit_codes && self.ranks.any_started() {
            self.say(&report::exit_codes(self.ranks.ends()));
        }
        while !self.sinks.iter().all(Sink::is_idle) {
            self.handle(None)?;
        }
        Ok(())
    }

    /// Waits for events, and deals with them.
    fn handle(&mut self, until: Option<Instant>) -> io::Result<()> {
        self.input.settle(&self.hands.poller)?;
        let until = if self.input.is_ready() { Some(Instant::now()) } else { until };
        let keys = self.hands.wait(until)?;
        let events = self.hands.events();
        self.take_all(events)?;
        for key in keys {
            match key {
                FRONT => self.hear_front()?,
                STDOUT_ROOM | STDERR_ROOM | FILES_ROOM => {
                    let sink = (key - STDOUT_ROOM) as usize;
                    self.sinks[sink].waker().rest();
                    let losses = self.sinks[sink].losses();
                    self.note(losses);
                }
                _ => self.read_input()?,
            }
        }
        if self.input.is_ready() {
            self.read_input()?;
        }
        self.hold_or_let_go()
    }

    fn read_input(&mut self) -> io::Result<()> {
        if let Some((bytes, readers)) = self.input.read(&self.hands.poller)? {
            for node in readers {
                self.hands.send(node, Command::Input(bytes.clone()))?;
            }
        }
        Ok(())
    }

    /// Takes note of what has happened, and finds among the ends of ranks the one that the others have died of.
    fn take_all(&mut self, events: Vec<(Node, Event)>) -> io::Result<()> {
        let mut causes = Vec::new();
        for (node, event) in events {
            self.take(node, event, &mut causes)?;
        }
        // The first of the weightiest: they are in the order in which the system has reported them.
        if let Some(cause) = causes.into_iter().rev().max_by_key(Cause::weight) {
            self.fail(cause)?;
        }
        Ok(())
    }

    fn take(&mut self, node: Node, event: Event, causes: &mut Vec<Cause>) -> io::Result<()> {
        let about = match event {
            Event::Started { rank, .. } | Event::Said(rank, _) | Event::Misunderstood(rank, _) => Some(rank),
            Event::Asked(rank, _) => Some(rank),
            Event::Wrote(rank, ..) | Event::Closed(rank, _) | Event::Ended(rank, _) => Some(rank),
            _ => None,
        };
        if about.is_some_and(|rank| !self.ranks.is_on(rank, node)) {
            return Ok(());
        }
        match event {
            Event::Started { rank, pid, place } => {
                let who = self.ranks.started(rank, pid);
                if self.verbose {
                    self.say(&format!("{who} is {place}"));
                }
            }
            Event::NotStarted(message, code) => self.fail(Cause::NotStarted { message, code })?,
            Event::Said(rank, message) => {
                let heard = self.ranks.hear(rank, message);
                for (node, command) in heard.replies {
                    self.hands.send(node, command)?;
                }
                if let Some(cause) = heard.cause {
                    self.fail(cause)?;
                }
            }
            Event::Asked(rank, bytes) => {
                let outcome = self.pmi.hear(rank, &bytes);
                for (rank, bytes) in outcome.replies {
                    self.hands.send(self.ranks.node(rank), Command::Answer(rank, bytes))?;
                }
                for note in outcome.notes {
                    if let Some(cause) = self.ranks.note(rank, note) {
                        self.fail(cause)?;
                    }
                }
            }
            Event::Misunderstood(rank, error) => self.fail(self.ranks.misunderstood(rank, error))?,
            Event::Wrote(rank, stream, bytes) => {
                let lines = self.ranks.lines(rank, stream);
                let whole = lines.map(|lines| lines.take(&bytes, Instant::now())).unwrap_or_default();
                self.show(rank, stream, &whole);
            }
            Event::Closed(rank, stream) => {
                self.show_rest(rank, stream);
                self.ranks.close(rank, stream);
            }
            Event::Ended(rank, end) => match self.ranks.ended(rank, end.into(), self.asked) {
                Some((cause, true)) if self.late.is_none() && self.verdict.is_none() => {
                    self.say(&cause.text());
                    self.late = Some(cause);
                }
                Some((_, true)) => {}
                Some((cause, false)) => causes.push(cause),
                None => {}
            },
            Event::Fed(more) => self.input.taken(node, more),
            Event::Done => self.done(node),
            Event::Lost(why) => {
                for rank in self.ranks.lost(node) {
                    for stream in [Stream::Out, Stream::Err] {
                        self.show_rest(rank, stream);
                        self.ranks.close(rank, stream);
                    }
                }
                self.done(node);
                let name = self.names.iter().find(|(other, _)| *other == node);
                let host = name.map(|(_, name)| name.clone()).unwrap_or_default();
                self.fail(Cause::HostLost { host, why })?;
            }
            Event::Ready | Event::Alive | Event::Examined(..) | Event::Called(_) => {}
        }
        Ok(())
    }

    fn done(&mut self, node: Node) {
        self.nodes.retain(|&other| other != node);
        self.input.taken(node, false);
    }

    fn signal(&mut self, signal: Signal) -> io::Result<()> {
        for node in self.nodes.clone() {
            self.hands.send(node, Command::Signal(signal as i32))?;
        }
        Ok(())
    }

    /// The job has failed: says why, and ends it.
    fn fail(&mut self, cause: Cause) -> io::Result<()> {
        if self.verdict.is_some() {
            return Ok(());
        }
        self.say(&cause.text());
        self.verdict = Some(cause);
        self.kill_at = Some(Instant::now() + GRACE);
        self.signal(Signal::SIGTERM)?;
        self.signal(Signal::SIGCONT)
    }

    fn say(&mut self, text: &str) {
        self.sinks[STDERR].push(0, Writer::Launcher, format!("mpirun: {text}\n").as_bytes());
    }

    /// Says once that output is lost, and once that nobody reads it. The job goes on: what it computes is worth more than
    /// what it says.
    fn note(&mut self, losses: Vec<Loss>) {
        for loss in losses {
            let said = if loss.is_unwanted() { &mut self.unwanted } else { &mut self.lost };
            if !std::mem::replace(said, true) {
                self.say(&loss.text());
            }
        }
    }

    /// What the front hands on: a signal in each message, or its end.
    fn hear_front(&mut self) -> io::Result<()> {
        loop {
            let mut message = [0; 8];
            match socket::receive(self.front.as_fd(), &mut message, false) {
                Ok((0, _)) => {
                    // The front has been killed, and nobody is there any more to tell about anything.
                    self.hands.end_all();
                    process::exit_now(1);
                }
                Ok(_) => {
                    if let Some(signal) = signal::from_number(i32::from(message[0])) {
                        self.pass_on(signal)?;
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(e) => return Err(e),
            }
        }
    }

    fn pass_on(&mut self, signal: Signal) -> io::Result<()> {
        match signal {
            Signal::SIGINT | Signal::SIGTERM | Signal::SIGHUP | Signal::SIGQUIT => {
                self.interrupts += 1;
                if self.interrupts > 1 || self.ranks.alive() == 0 {
                    if self.verdict.is_none() {
                        // Not by a sink: nobody waits for those any more.
                        eprintln!("mpirun: the job was killed, because it was interrupted twice");
                    }
                    self.hands.end_all();
                    process::exit_now(128 + signal as i32);
                }
                self.asked = Some(signal);
                self.signal(signal)?;
                // A stopped rank learns of it only when it goes on.
                self.signal(Signal::SIGCONT)
            }
            _ => self.signal(signal),
        }
    }

    fn show_rest(&mut self, rank: u32, stream: Stream) {
        let rest = self.ranks.lines(rank, stream).map(Lines::rest).unwrap_or_default();
        self.show(rank, stream, &rest);
    }

    fn show(&mut self, rank: u32, stream: Stream, text: &[u8]) {
        if let Some(Place { sink, file }) = self.ranks.place(rank, stream) {
            self.sinks[sink].push(file, Writer::Rank(rank), text);
        }
    }

    /// Lets ranks wait for sinks that are slow, and no longer than these are.
    fn hold_or_let_go(&mut self) -> io::Result<()> {
        for sink in [STDOUT, STDERR, FILES] {
            let full = self.sinks[sink].is_full();
            if full != self.held[sink] {
                self.held[sink] = full;
                for node in self.nodes.clone() {
                    self.hands.send(node, Command::Hold(sink as u8, full))?;
                }
            }
        }
        Ok(())
    }

    /// Ends the writers; the code to exit with.
    fn close(self) -> i32 {
        let code = self.verdict.or(self.late).map_or(0, |cause| cause.exit_code());
        let losses = self.sinks.into_iter().flat_map(Sink::finish);
        let losses: Vec<Loss> = losses.filter(|loss| !loss.is_unwanted()).collect();
        if let (Some(loss), false) = (losses.first(), self.lost) {
            eprintln!("mpirun: {}", loss.text());
        }
        if code == 0 && (self.lost || !losses.is_empty()) { 1 } else { code }
    }
}
