//! The process that the user has started.
//!
//! It is split in two. The *supervisor* ([`crate::supervise`]) starts the ranks and is the parent of all that becomes
//! of them; this one, the *front*, hands signals and the terminal's input on to it, and exits with its code. Each
//! outlives the other long enough to clean up: whichever of them is killed, the other one ends every process of the
//! job. That takes a process group apart for the supervisor, so that a signal to the user's group (`^C`, `kill -9 --
//! -PGID`) reaches the front only.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rankwise_os::poller::Poller;
use rankwise_os::process::{self, End, Half, Reaped, Starter};
use rankwise_os::signal::{self, Signal, Signals};
use rankwise_os::{pipe, socket};

use crate::launch::plain;
use crate::order::{Order, PidTo};
use crate::{agent, supervise};

/// What is handed on to the ranks.
const FORWARDED: [Signal; 9] = [
    Signal::SIGINT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGQUIT,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGTSTP,
    Signal::SIGCONT,
    Signal::SIGWINCH,
];

/// How often a job in the background looks whether its terminal is its own again.
const BACKGROUND: Duration = Duration::from_millis(500);

const SIGNALS: u64 = 0;
const TERMINAL: u64 = 1;
const RANKS: u64 = 2;

/// Runs a job, and returns what mpirun exits with.
pub fn run(order: Order) -> io::Result<i32> {
    if let Some(to) = &order.options.report_pid {
        report_pid(to)?;
    }
    let stdin = io::stdin();
    let terminal = if pipe::is_terminal(stdin.as_fd()) { Some(pipe::create()?) } else { None };
    split(terminal, |starter, front| {
        supervise::run(order, starter, front).unwrap_or_else(|e| {
            eprintln!("mpirun: {e}");
            1
        })
    })
}

/// Serves a launcher on another host, and returns what the agent exits with.
pub fn run_agent() -> io::Result<i32> {
    split(None, |starter, front| {
        agent::run(starter, front).unwrap_or_else(|e| {
            agent::explain(&e);
            1
        })
    })
}

/// Splits this process in two: the new one does the `work`, this one looks after it. `terminal` takes the place of the
/// terminal as the other one's input.
fn split(
    terminal: Option<(OwnedFd, OwnedFd)>,
    work: impl FnOnce(Starter, OwnedFd) -> i32,
) -> io::Result<i32> {
    let starter = Starter::new()?;
    let mut taken = FORWARDED.to_vec();
    taken.push(Signal::SIGCHLD);
    let signals = Signals::take(&taken)?;
    signal::ignore(Signal::SIGTTIN)?;
    signal::ignore(Signal::SIGTTOU)?;
    process::adopt_orphans()?;
    let (ours, theirs) = socket::pair()?;
    match process::split()? {
        Half::New => {
            drop((signals, ours));
            if let Some((reader, _)) = &terminal {
                pipe::replace_stdio(reader, 0)?;
            }
            drop(terminal);
            process::leave_group()?;
            let code = work(starter, theirs);
            // The front has the last word on everything that ends with a process.
            process::exit_now(code)
        }
        Half::Old(supervisor) => {
            drop((theirs, starter));
            let input = terminal.map(|(_, writer)| writer);
            Front { supervisor, channel: ours, signals, input, pending: Vec::new() }.serve()
        }
    }
}

/// Writes down the process that signals are to be sent to.
fn report_pid(to: &PidTo) -> io::Result<()> {
    let line = format!("{}\n", std::process::id());
    match to {
        PidTo::Out => io::stdout().write_all(line.as_bytes()),
        PidTo::Err => io::stderr().write_all(line.as_bytes()),
        PidTo::File(path) => std::fs::write(path, line)
            .map_err(|e| io::Error::new(e.kind(), format!("cannot write {}: {}", path.display(), plain(&e)))),
    }
}

struct Front {
    supervisor: u32,
    channel: OwnedFd,
    signals: Signals,
    /// Where the terminal's input goes.
    input: Option<OwnedFd>,
    /// What has been read from the terminal, and not been taken by the ranks.
    pending: Vec<u8>,
}

impl Front {
    fn serve(mut self) -> io::Result<i32> {
        let mut poller = Poller::new()?;
        poller.add_reader(&self.signals, SIGNALS)?;
        let stdin = io::stdin();
        if let Some(input) = &self.input {
            pipe::set_nonblocking(input)?;
        }
        let mut listening = false;
        loop {
            // In the background a terminal must not be read, and its readiness must not keep us awake.
            let wanted =
                self.input.is_some() && self.pending.is_empty() && pipe::is_foreground(stdin.as_fd());
            if wanted != listening {
                match wanted {
                    true => poller.add_reader(&stdin, TERMINAL)?,
                    false => poller.remove(&stdin)?,
                }
                listening = wanted;
            }
            let limit = (self.input.is_some() && !listening).then_some(BACKGROUND);
            for key in poller.wait(limit)? {
                match key {
                    TERMINAL => self.read_terminal(stdin.as_fd(), &poller)?,
                    RANKS => self.feed(Some(&poller)),
                    _ => {
                        if let Some(code) = self.handle_signals() {
                            return Ok(code);
                        }
                    }
                }
            }
        }
    }

    fn read_terminal(&mut self, terminal: BorrowedFd<'_>, poller: &Poller) -> io::Result<()> {
        let mut buffer = [0; 4096];
        match pipe::read(terminal, &mut buffer) {
            // The end of the input: the user's ^D, or a terminal that has gone.
            Ok(0) | Err(_) => self.input = None,
            Ok(n) => {
                self.pending.extend_from_slice(&buffer[..n]);
                self.feed(None);
                if let (Some(input), false) = (&self.input, self.pending.is_empty()) {
                    poller.add_writer(input, RANKS)?;
                }
            }
        }
        Ok(())
    }

    /// Passes on what was read; `waited` if it had to wait for room.
    fn feed(&mut self, waited: Option<&Poller>) {
        let Some(input) = &self.input else { return };
        match pipe::write(input, &self.pending) {
            Ok(n) => drop(self.pending.drain(..n)),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            // Nobody reads it any more.
            Err(_) => {
                self.pending.clear();
                self.input = None;
                return;
            }
        }
        if let (Some(poller), true) = (waited, self.pending.is_empty()) {
            // An input that cannot be removed was never added.
            let _ = poller.remove(input);
        }
    }

    /// Hands signals on; the code to exit with when the supervisor has ended.
    fn handle_signals(&mut self) -> Option<i32> {
        while let Some(signal) = self.signals.next() {
            match signal {
                Signal::SIGCHLD => {
                    if let Some(code) = self.look_after_supervisor() {
                        return Some(code);
                    }
                }
                Signal::SIGTSTP => {
                    self.tell(signal);
                    // Returns when the user's shell lets us go on, or at once where nobody could.
                    let _ = signal::suffer(signal);
                    self.tell(Signal::SIGCONT);
                }
                _ => self.tell(signal),
            }
        }
        None
    }

    fn tell(&self, signal: Signal) {
        // A supervisor that has gone is noticed as a child that has ended.
        let _ = socket::send(self.channel.as_fd(), &[signal as u8], None, false);
    }

    fn look_after_supervisor(&self) -> Option<i32> {
        loop {
            match process::reap() {
                Reaped::Child(pid, end) if pid == self.supervisor => {
                    return Some(match end {
                        End::Code(code) => code,
                        End::Signal(number) => {
                            process::end_descendants();
                            let how = signal::describe(number);
                            eprintln!(
                                "mpirun: its supervisor (pid {pid}) was killed by {how}; the job is ended"
                            );
                            128 + number
                        }
                    });
                }
                Reaped::Child(..) => {}
                Reaped::None => return None,
                Reaped::Childless => return Some(1),
            }
        }
    }
}
