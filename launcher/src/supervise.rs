//! The process that starts the ranks, and is the parent of everything that they leave behind.
//!
//! One loop waits for all there is: ranks that end, what they write and say, what the front hands on, and the clock. The
//! first failure decides what the job has died of: it is reported, the other ranks are asked to end, and killed if they
//! do not; what they do meanwhile is no further failure.

mod broadcast;
mod rank;
mod start;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rankwise_os::poller::Poller;
use rankwise_os::process::{self, Reaped, Starter};
use rankwise_os::signal::{self, Signal, Signals};
use rankwise_os::{environment, pipe, socket};

use crate::order::Order;
use crate::output::sink::{Loss, Named, Prefix};
use crate::output::{Lines, Sink, Writer};
use crate::report::{self, Cause};
use broadcast::Broadcast;
use rank::{Heard, Place, Ranks, Stream};

/// How long ranks that were asked to end have for that.
const GRACE: Duration = Duration::from_secs(2);

const CHILDREN: u64 = 0;
const FRONT: u64 = 1;
const STDOUT_ROOM: u64 = 2;
const STDERR_ROOM: u64 = 3;
const FILES_ROOM: u64 = 4;
const STDIN: u64 = 5;
/// Keys from here on belong to the pipes that bring standard input to all ranks.
const FIRST_INPUT_KEY: u64 = 1 << 40;
/// Keys from here on belong to ranks.
const FIRST_RANK_KEY: u64 = 16;

/// The sinks: standard output, standard error, and all files for the ranks' output.
const STDOUT: usize = 0;
const STDERR: usize = 1;
const FILES: usize = 2;

/// Runs a job to its end, and returns what mpirun exits with.
pub fn run(order: Order, starter: Starter, front: OwnedFd) -> io::Result<i32> {
    let signals = Signals::take(&[Signal::SIGCHLD])?;
    process::adopt_orphans()?;
    let mut poller = Poller::new()?;
    poller.add_reader(&signals, CHILDREN)?;
    poller.add_reader(&front, FRONT)?;
    let started = Instant::now();
    let mut ranks = Ranks::new(FIRST_RANK_KEY);
    let outcome = start::start(&order, starter, &mut ranks, &poller);
    let prefix = Prefix { pattern: order.options.prefix, host: environment::host_name() };
    let sink = |files: Vec<Named>, key| {
        let sink = Sink::new(files, prefix.clone())?;
        poller.add_reader(sink.waker(), key).map(|()| sink)
    };
    let own = |name: &str, file: BorrowedFd<'_>| {
        io::Result::Ok(vec![(name.to_string(), file.try_clone_to_owned()?)])
    };
    let sinks = [
        sink(own("standard output", io::stdout().as_fd())?, STDOUT_ROOM)?,
        sink(own("standard error", io::stderr().as_fd())?, STDERR_ROOM)?,
        sink(outcome.files, FILES_ROOM)?,
    ];
    let timeout = order.options.timeout;
    let mut supervisor = Supervisor {
        ranks,
        input: Broadcast::new(outcome.inputs, STDIN, FIRST_INPUT_KEY)?,
        poller: &mut poller,
        signals,
        front,
        sinks,
        verdict: None,
        late: None,
        kill_at: None,
        asked: None,
        interrupts: 0,
        paused: [false; 3],
        lost: false,
        unwanted: false,
        exit_codes: order.options.exit_codes,
    };
    outcome.notes.iter().for_each(|note| supervisor.say(note));
    if let Some(cause) = outcome.failure {
        supervisor.fail(cause);
    }
    supervisor.serve(timeout.map(|limit| (started + limit, limit)))?;
    Ok(supervisor.close())
}

struct Supervisor<'a> {
    ranks: Ranks,
    poller: &'a mut Poller,
    signals: Signals,
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
    paused: [bool; 3],
    /// Whether output was lost, and whether somebody has stopped reading it.
    lost: bool,
    unwanted: bool,
    /// Whether to say what each rank has exited with.
    exit_codes: bool,
    input: Broadcast,
}

impl Supervisor<'_> {
    fn serve(&mut self, mut deadline: Option<(Instant, Duration)>) -> io::Result<()> {
        while self.ranks.alive() > 0 {
            let now = Instant::now();
            if let Some((at, limit)) = deadline
                && at <= now
            {
                deadline = None;
                self.fail(Cause::TimedOut(limit));
            }
            if self.kill_at.is_some_and(|at| at <= now) {
                self.kill_at = None;
                self.ranks.signal_all(Signal::SIGKILL);
            }
            self.show_unfinished_lines(now);
            let next = [deadline.map(|(at, _)| at), self.kill_at, self.ranks.next_due()];
            self.handle(next.into_iter().flatten().min())?;
        }
        // Whatever the ranks have started and left behind. When it has gone all that it wrote is in the pipes.
        process::end_descendants();
        loop {
            for rank in 0..self.ranks.len() {
                for stream in [Stream::Out, Stream::Err] {
                    self.read_all(rank, stream);
                    if self.ranks.place(rank, stream).is_some_and(|place| !self.sinks[place.sink].is_full()) {
                        self.finish_stream(rank, stream);
                    }
                }
            }
            if self.ranks.open_streams() == 0 {
                break;
            }
            self.handle(None)?;
        }
        if self.exit_codes && self.ranks.len() > 0 {
            self.say(&report::exit_codes(self.ranks.ends()));
        }
        while !self.sinks.iter().all(Sink::is_idle) {
            self.handle(None)?;
        }
        Ok(())
    }

    /// Waits for events, and deals with them.
    fn handle(&mut self, until: Option<Instant>) -> io::Result<()> {
        self.input.settle(self.poller)?;
        let limit = match self.input.is_ready() {
            true => Some(Duration::ZERO),
            false => until.map(|at| at.saturating_duration_since(Instant::now())),
        };
        let keys = self.poller.wait(limit)?;
        let mut children = false;
        for key in keys {
            match key {
                CHILDREN => children = true,
                FRONT => self.hear_front()?,
                STDOUT_ROOM | STDERR_ROOM | FILES_ROOM => {
                    let sink = (key - STDOUT_ROOM) as usize;
                    self.sinks[sink].waker().rest();
                    let losses = self.sinks[sink].losses();
                    self.note(losses);
                    self.resume_readers()?;
                }
                STDIN => self.input.read(self.poller)?,
                key if key >= FIRST_INPUT_KEY => {
                    self.input.write((key - FIRST_INPUT_KEY) as usize, self.poller)
                }
                key => match Ranks::source(key - FIRST_RANK_KEY) {
                    (rank, None) => self.hear_rank(rank),
                    (rank, Some(stream)) => self.read_some(rank, stream)?,
                },
            }
        }
        if self.input.is_ready() {
            self.input.read(self.poller)?;
        }
        if children {
            self.reap();
        }
        Ok(())
    }

    /// Takes note of all ranks that have ended, and finds among them the one that the others have died of.
    fn reap(&mut self) {
        while self.signals.next().is_some() {}
        let mut causes = Vec::new();
        while let Reaped::Child(pid, end) = process::reap() {
            // Others are orphans that the ranks have left to us.
            let Some(rank) = self.ranks.find(pid) else { continue };
            self.hear_rank(rank);
            self.read_all(rank, Stream::Out);
            self.read_all(rank, Stream::Err);
            if let Some((cause, late)) = self.ranks.ended(rank, end, self.asked) {
                match late {
                    true => {
                        if self.late.is_none() && self.verdict.is_none() {
                            self.say(&cause.text());
                            self.late = Some(cause);
                        }
                    }
                    false => causes.push(cause),
                }
            }
        }
        // The first of the weightiest: they are in the order in which the system has reported them.
        if let Some(cause) = causes.into_iter().rev().max_by_key(Cause::weight) {
            self.fail(cause);
        }
    }

    /// The job has failed: says why, and ends it.
    fn fail(&mut self, cause: Cause) {
        if self.verdict.is_some() {
            return;
        }
        self.say(&cause.text());
        self.verdict = Some(cause);
        self.ranks.signal_all(Signal::SIGTERM);
        self.ranks.signal_all(Signal::SIGCONT);
        self.kill_at = Some(Instant::now() + GRACE);
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
                    self.ranks.signal_all(Signal::SIGKILL);
                    process::end_descendants();
                    process::exit_now(1);
                }
                Ok(_) => {
                    if let Some(signal) = signal::from_number(i32::from(message[0])) {
                        self.pass_on(signal);
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(e) => return Err(e),
            }
        }
    }

    fn pass_on(&mut self, signal: Signal) {
        match signal {
            Signal::SIGINT | Signal::SIGTERM | Signal::SIGHUP | Signal::SIGQUIT => {
                self.interrupts += 1;
                if self.interrupts > 1 || self.ranks.alive() == 0 {
                    if self.verdict.is_none() {
                        // Not by a sink: nobody waits for those any more.
                        eprintln!("mpirun: the job was killed, because it was interrupted twice");
                    }
                    self.ranks.signal_all(Signal::SIGKILL);
                    process::end_descendants();
                    process::exit_now(128 + signal as i32);
                }
                self.asked = Some(signal);
                self.ranks.signal_all(signal);
                // A stopped rank learns of it only when it goes on.
                self.ranks.signal_all(Signal::SIGCONT);
            }
            _ => self.ranks.signal_all(signal),
        }
    }

    /// What a rank says.
    fn hear_rank(&mut self, rank: usize) {
        loop {
            match self.ranks.hear(rank, self.poller) {
                Heard::Nothing => return,
                Heard::Something => {}
                Heard::Cause(cause) => {
                    self.read_all(rank, Stream::Err);
                    self.fail(cause);
                }
            }
        }
    }

    /// Reads once from a rank's stream, unless our own is too slow for more.
    fn read_some(&mut self, rank: usize, stream: Stream) -> io::Result<()> {
        let Some(Place { sink, .. }) = self.ranks.place(rank, stream) else { return Ok(()) };
        if self.sinks[sink].is_full() {
            self.paused[sink] = true;
            return self.ranks.pause(self.poller, sink);
        }
        self.read_once(rank, stream);
        Ok(())
    }

    /// Reads what is there, as far as our own stream takes it.
    fn read_all(&mut self, rank: usize, stream: Stream) {
        while self.ranks.place(rank, stream).is_some_and(|place| !self.sinks[place.sink].is_full())
            && self.read_once(rank, stream)
        {}
    }

    /// Reads once; false when there is nothing to be had.
    fn read_once(&mut self, rank: usize, stream: Stream) -> bool {
        let mut buffer = [0; 64 << 10];
        let Some(reader) = self.ranks.reader(rank, stream) else { return false };
        match pipe::read(reader, &mut buffer) {
            Ok(0) => {
                self.finish_stream(rank, stream);
                false
            }
            Ok(n) => {
                let lines = self.ranks.lines(rank, stream);
                let whole = lines.map(|lines| lines.take(&buffer[..n], Instant::now())).unwrap_or_default();
                self.show(rank, stream, &whole);
                true
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => false,
            Err(_) => {
                self.finish_stream(rank, stream);
                false
            }
        }
    }

    /// Shows the rest of what a rank has written, and forgets the stream.
    fn finish_stream(&mut self, rank: usize, stream: Stream) {
        self.show_rest(rank, stream);
        self.ranks.close(rank, stream, self.poller);
    }

    fn show_unfinished_lines(&mut self, now: Instant) {
        for (rank, stream) in self.ranks.due(now) {
            self.show_rest(rank, stream);
        }
    }

    fn show_rest(&mut self, rank: usize, stream: Stream) {
        let rest = self.ranks.lines(rank, stream).map(Lines::rest).unwrap_or_default();
        self.show(rank, stream, &rest);
    }

    fn show(&mut self, rank: usize, stream: Stream, text: &[u8]) {
        if let Some(Place { sink, file }) = self.ranks.place(rank, stream) {
            self.sinks[sink].push(file, Writer::Rank(rank as u32), text);
        }
    }

    fn resume_readers(&mut self) -> io::Result<()> {
        for sink in [STDOUT, STDERR, FILES] {
            if self.paused[sink] && !self.sinks[sink].is_full() {
                self.paused[sink] = false;
                self.ranks.resume(self.poller, sink)?;
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
