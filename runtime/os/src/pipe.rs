//! Pipes, and reads and writes that do not wait.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// A pipe, as its read end and its write end. Neither is seen by programs that are started later.
#[doc(alias = "pipe2")]
pub fn create() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(nix::unistd::pipe2(OFlag::O_CLOEXEC)?)
}

/// From now on reads and writes here return `WouldBlock` where they would wait. This holds for every process that
/// shares the open file, so use it only on files that nobody else has.
pub fn set_nonblocking(file: &impl AsFd) -> io::Result<()> {
    let flags = OFlag::from_bits_truncate(fcntl(file, FcntlArg::F_GETFL)?);
    fcntl(file, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(())
}

/// Reads what is there: `Ok(0)` is the end of the file, `WouldBlock` means nothing yet.
pub fn read(file: impl AsFd, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match nix::unistd::read(file.as_fd(), buffer) {
            Err(Errno::EINTR) => {}
            result => return Ok(result?),
        }
    }
}

/// Writes some of `bytes`.
pub fn write(file: impl AsFd, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match nix::unistd::write(file.as_fd(), bytes) {
            Err(Errno::EINTR) => {}
            result => return Ok(result?),
        }
    }
}

/// Waits until `file` can be read or has ended, at most for `limit` milliseconds. False when the time has run out.
pub fn wait_readable(file: BorrowedFd<'_>, limit: u16) -> io::Result<bool> {
    use nix::poll::{PollFd, PollFlags, poll};
    match poll(&mut [PollFd::new(file, PollFlags::POLLIN)], limit) {
        Err(Errno::EINTR) => Ok(false),
        result => Ok(result? > 0),
    }
}

/// Waits until `file` takes bytes, or can no longer be written.
pub fn wait_writable(file: BorrowedFd<'_>) -> io::Result<()> {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    match poll(&mut [PollFd::new(file, PollFlags::POLLOUT)], PollTimeout::NONE) {
        Err(Errno::EINTR) => Ok(()),
        result => Ok(result.map(|_| ())?),
    }
}

/// Whether `file` is a terminal.
pub fn is_terminal(file: BorrowedFd<'_>) -> bool {
    nix::unistd::isatty(file).unwrap_or(false)
}

/// Whether this process may read from the terminal `file` now: whether its group is in the terminal's foreground.
pub fn is_foreground(file: BorrowedFd<'_>) -> bool {
    nix::unistd::tcgetpgrp(file).is_ok_and(|group| group == nix::unistd::getpgrp())
}

/// Puts `file` in the place of descriptor 0, 1 or 2.
pub fn replace_stdio(file: &impl AsFd, number: RawFd) -> io::Result<()> {
    assert!((0..3).contains(&number), "only standard input, output and error can be replaced");
    // SAFETY: dup2 takes two numbers. The old file at 0, 1 or 2 is owned by no `OwnedFd`: the standard library refers
    // to these three by number only.
    match unsafe { libc::dup2(file.as_fd().as_raw_fd(), number) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_pipe_would_block_and_a_closed_one_ends() {
        let (reader, writer) = create().unwrap();
        set_nonblocking(&reader).unwrap();
        let mut buffer = [0; 8];
        assert_eq!(read(&reader, &mut buffer).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        assert_eq!(write(&writer, b"abc").unwrap(), 3);
        assert!(wait_readable(reader.as_fd(), 1000).unwrap());
        assert_eq!(read(&reader, &mut buffer).unwrap(), 3);
        drop(writer);
        assert_eq!(read(&reader, &mut buffer).unwrap(), 0);
        assert!(!is_terminal(reader.as_fd()));
    }
}
