//! Signals as messages that are read, their names, and sending them.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, sigaction, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::Pid;

pub use nix::sys::signal::Signal;

/// Signals that no longer interrupt this process but wait to be read.
pub struct Signals {
    queue: SignalFd,
}

impl Signals {
    /// Takes these signals out of the usual delivery. Call it before other threads are started: they inherit that.
    /// Signals that this process was started to ignore (as `nohup` does with `SIGHUP`) stay ignored.
    #[doc(alias = "signalfd")]
    pub fn take(signals: &[Signal]) -> io::Result<Signals> {
        let set: SigSet = signals.iter().copied().filter(|&signal| !is_ignored(signal)).collect();
        sigprocmask(SigmaskHow::SIG_BLOCK, Some(&set), None)?;
        let queue = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
        Ok(Signals { queue })
    }

    /// The next one that has come in, if any.
    pub fn next(&self) -> Option<Signal> {
        loop {
            match self.queue.read_signal() {
                Ok(Some(info)) => return Signal::try_from(info.ssi_signo as i32).ok(),
                Err(Errno::EINTR) => {}
                _ => return None,
            }
        }
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.queue.as_fd()
    }
}

/// Whether this process ignores a signal. (One that is blocked as well would still be queued, and read.)
fn is_ignored(signal: Signal) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: with no new action the call only fills in the old one, for which there is room; a zeroed one is valid too.
    let action = unsafe {
        libc::sigaction(signal as i32, std::ptr::null(), action.as_mut_ptr());
        action.assume_init()
    };
    action.sa_sigaction == libc::SIG_IGN
}

/// Makes this process ignore a signal.
pub fn ignore(signal: Signal) -> io::Result<()> {
    let action = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    // SAFETY: ignoring a signal installs no handler, so there is no code that could run at a bad moment.
    unsafe { sigaction(signal, &action) }?;
    Ok(())
}

/// Does to this process what `signal` does to one that has made no arrangements: it ends or stops. Returns when the
/// signal stopped it and it was continued.
pub fn suffer(signal: Signal) -> io::Result<()> {
    let action = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    // SAFETY: the default action installs no handler, so there is no code that could run at a bad moment.
    let before = unsafe { sigaction(signal, &action) }?;
    let set = SigSet::from(signal);
    nix::sys::signal::raise(signal)?;
    sigprocmask(SigmaskHow::SIG_UNBLOCK, Some(&set), None)?;
    sigprocmask(SigmaskHow::SIG_BLOCK, Some(&set), None)?;
    // SAFETY: what is put back is what stood there before.
    unsafe { sigaction(signal, &before) }?;
    Ok(())
}

/// Sends a signal to one process. One that has gone is no error.
pub fn send(pid: u32, signal: Signal) -> io::Result<()> {
    gone_is_fine(nix::sys::signal::kill(Pid::from_raw(pid as i32), signal))
}

/// Sends a signal to all processes of a group. A group that has gone is no error.
pub fn send_group(group: u32, signal: Signal) -> io::Result<()> {
    gone_is_fine(nix::sys::signal::killpg(Pid::from_raw(group as i32), signal))
}

fn gone_is_fine(result: nix::Result<()>) -> io::Result<()> {
    match result {
        Ok(()) | Err(Errno::ESRCH) => Ok(()),
        Err(e) => Err(e.into()),
    }
}

/// The signal with this number, if it has a name (the real-time ones have none).
pub fn from_number(number: i32) -> Option<Signal> {
    Signal::try_from(number).ok()
}

/// A signal as people call it: `SIGSEGV (invalid memory access)`.
pub fn describe(number: i32) -> String {
    let Some(signal) = from_number(number) else { return format!("signal {number}") };
    let meaning = match signal {
        Signal::SIGSEGV => "invalid memory access",
        Signal::SIGBUS => "memory that cannot be had",
        Signal::SIGABRT => "abort",
        Signal::SIGFPE => "arithmetic error",
        Signal::SIGILL => "illegal instruction",
        Signal::SIGTERM => "asked to end",
        Signal::SIGINT => "interrupted",
        Signal::SIGHUP => "terminal closed",
        Signal::SIGPIPE => "written to a closed pipe",
        Signal::SIGXCPU => "processor time limit",
        Signal::SIGXFSZ => "file size limit",
        _ => return signal.as_str().to_string(),
    };
    format!("{} ({meaning})", signal.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_names() {
        assert_eq!(describe(11), "SIGSEGV (invalid memory access)");
        assert_eq!(describe(64), "signal 64");
        assert_eq!(from_number(15), Some(Signal::SIGTERM));
    }

    #[test]
    fn a_taken_signal_is_read() {
        let signals = Signals::take(&[Signal::SIGWINCH]).unwrap();
        assert_eq!(signals.next(), None);
        nix::sys::signal::raise(Signal::SIGWINCH).unwrap();
        assert_eq!(signals.next(), Some(Signal::SIGWINCH));
    }
}
