//! Sockets between processes of this machine: those that keep the borders of messages and can carry open files, and plain
//! streams.

use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::socket::{
    AddressFamily, Backlog, ControlMessage, ControlMessageOwned, MsgFlags, SockFlag, SockType, UnixAddr,
    UnixCredentials, accept4, bind, connect, getsockopt, listen, recvmsg, sendmsg, socket, socketpair,
    sockopt::PeerCredentials,
};
use nix::sys::stat::fstat;

/// Two sockets that are connected with each other. Neither is seen by programs that are started later, unless the
/// starter hands it down.
#[doc(alias = "socketpair")]
pub fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)?)
}

/// As [`pair`], but what is written is a stream of bytes without borders.
pub fn stream_pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::Unix, SockType::Stream, None, SockFlag::SOCK_CLOEXEC)?)
}

/// Sends some of `bytes` along a stream, as many as there is room for; with `wait` unset `WouldBlock` if there is none. A
/// peer that has gone is an error, never a signal.
pub fn send_some(socket: BorrowedFd<'_>, bytes: &[u8], wait: bool) -> io::Result<usize> {
    let mut flags = MsgFlags::MSG_NOSIGNAL;
    flags.set(MsgFlags::MSG_DONTWAIT, !wait);
    loop {
        match nix::sys::socket::send(socket.as_raw_fd(), bytes, flags) {
            Err(Errno::EINTR) => {}
            result => return Ok(result?),
        }
    }
}

/// A place where processes of this machine, or rather of its network namespace, can call this one. It has a name, but no
/// file: nothing is left of it, however this process ends.
#[doc(alias = "abstract")]
pub fn gate(name: &[u8]) -> io::Result<OwnedFd> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let gate = socket(AddressFamily::Unix, SockType::SeqPacket, flags, None)?;
    bind(gate.as_raw_fd(), &UnixAddr::new_abstract(name)?)?;
    listen(&gate, Backlog::MAXCONN)?;
    Ok(gate)
}

/// The next caller at a gate; `None` if there is none now, or if it was another user's process.
pub fn admit(gate: BorrowedFd<'_>) -> io::Result<Option<OwnedFd>> {
    match accept4(gate.as_raw_fd(), SockFlag::SOCK_CLOEXEC) {
        Ok(raw) => {
            // SAFETY: the kernel has just made this descriptor for us, and nobody else knows its number.
            let caller = unsafe { OwnedFd::from_raw_fd(raw) };
            Ok(is_ours(&caller)?.then_some(caller))
        }
        Err(Errno::EAGAIN | Errno::EINTR | Errno::ECONNABORTED) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// Calls at a gate. One that is another user's is refused (`PermissionDenied`).
pub fn call(name: &[u8]) -> io::Result<OwnedFd> {
    let caller = socket(AddressFamily::Unix, SockType::SeqPacket, SockFlag::SOCK_CLOEXEC, None)?;
    let address = UnixAddr::new_abstract(name)?;
    loop {
        match connect(caller.as_raw_fd(), &address) {
            Err(Errno::EINTR) => {}
            result => break result?,
        }
    }
    if is_ours(&caller)? { Ok(caller) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// Whether the process at the other end belongs to our user.
#[doc(alias = "SO_PEERCRED")]
fn is_ours(socket: &OwnedFd) -> io::Result<bool> {
    let credentials: UnixCredentials = getsockopt(socket, PeerCredentials)?;
    Ok(credentials.uid() == nix::unistd::geteuid().as_raw())
}

/// Sends one message, with an open file if there is one. With `wait` unset it returns `WouldBlock` rather than wait.
/// A peer that has gone is an error, never a signal.
pub fn send(
    socket: BorrowedFd<'_>,
    message: &[u8],
    file: Option<BorrowedFd<'_>>,
    wait: bool,
) -> io::Result<()> {
    let raw: Vec<RawFd> = file.iter().map(AsRawFd::as_raw_fd).collect();
    let rights = [ControlMessage::ScmRights(&raw)];
    let control = if raw.is_empty() { &[][..] } else { &rights[..] };
    let mut flags = MsgFlags::MSG_NOSIGNAL;
    flags.set(MsgFlags::MSG_DONTWAIT, !wait);
    loop {
        match sendmsg::<()>(socket.as_raw_fd(), &[IoSlice::new(message)], control, flags, None) {
            Err(Errno::EINTR) => {}
            Ok(_) => return Ok(()),
            Err(e) => return Err(e.into()),
        }
    }
}

/// Takes one message into `buffer` and returns its length, and the open file that came with it. A length of 0 means
/// that the peer has gone. With `wait` unset it returns `WouldBlock` rather than wait. A message longer than `buffer`
/// is an error.
pub fn receive(
    socket: BorrowedFd<'_>,
    buffer: &mut [u8],
    wait: bool,
) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut control = cmsg_space!([RawFd; 1]);
    let mut flags = MsgFlags::MSG_CMSG_CLOEXEC;
    flags.set(MsgFlags::MSG_DONTWAIT, !wait);
    let mut parts = [IoSliceMut::new(buffer)];
    let message = loop {
        match recvmsg::<()>(socket.as_raw_fd(), &mut parts, Some(&mut control), flags) {
            // The peer has gone without reading all that we had sent to it. That is told once, and before what it had sent.
            Err(Errno::EINTR | Errno::ECONNRESET) => {}
            result => break result?,
        }
    };
    let mut file = None;
    for part in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(raw) = part {
            for raw in raw {
                // SAFETY: the kernel has just made this descriptor for us, and nobody else knows its number.
                file = Some(unsafe { OwnedFd::from_raw_fd(raw) });
            }
        }
    }
    if message.flags.intersects(MsgFlags::MSG_TRUNC | MsgFlags::MSG_CTRUNC) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a message is longer than any that is allowed",
        ));
    }
    Ok((message.bytes, file))
}

/// The process that has made the other end of a pair of sockets.
#[doc(alias = "SO_PEERCRED")]
pub fn maker(socket: BorrowedFd<'_>) -> io::Result<u32> {
    Ok(getsockopt(&socket, PeerCredentials)?.pid() as u32)
}

/// What tells this socket from every other one on this machine, as long as it is open.
pub fn identity(socket: BorrowedFd<'_>) -> io::Result<u64> {
    Ok(fstat(socket)?.st_ino)
}

/// A descriptor of our own for the socket that this process was started with at `number`, if that is still the one
/// with this identity. Programs that we start from now on do not see it.
pub fn adopt(number: RawFd, identity: u64) -> Option<OwnedFd> {
    inherited(number, Some(identity))
}

/// As [`adopt`], for the socket at `number`, whichever it is.
pub fn adopt_any(number: RawFd) -> Option<OwnedFd> {
    inherited(number, None)
}

fn inherited(number: RawFd, identity: Option<u64>) -> Option<OwnedFd> {
    if number < 0 {
        return None;
    }
    // SAFETY: the borrow ends in this function, in which nothing closes the descriptor. Should it not be open at all,
    // then every call on it reports that.
    let inherited = unsafe { BorrowedFd::borrow_raw(number) };
    let status = fstat(inherited).ok()?;
    let is_other = identity.is_some_and(|identity| identity != status.st_ino);
    if status.st_mode & libc::S_IFMT != libc::S_IFSOCK || is_other {
        return None;
    }
    fcntl(inherited, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).ok()?;
    inherited.try_clone_to_owned().ok()
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn messages_keep_their_borders_and_carry_files() {
        let (a, b) = pair().unwrap();
        let file = crate::segment::create("test").unwrap();
        send(a.as_fd(), b"one", None, true).unwrap();
        send(a.as_fd(), b"three", Some(file.as_fd()), true).unwrap();
        let mut buffer = [0; 16];
        let (length, none) = receive(b.as_fd(), &mut buffer, true).unwrap();
        assert_eq!((&buffer[..length], none.is_none()), (&b"one"[..], true));
        let (length, copy) = receive(b.as_fd(), &mut buffer, true).unwrap();
        assert_eq!(&buffer[..length], b"three");
        assert_eq!(identity(copy.unwrap().as_fd()).unwrap(), identity(file.as_fd()).unwrap());
        assert_eq!(receive(b.as_fd(), &mut buffer, false).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        send(a.as_fd(), &[1; 17], None, true).unwrap();
        assert_eq!(receive(b.as_fd(), &mut buffer, true).unwrap_err().kind(), io::ErrorKind::InvalidData);
        drop(a);
        assert_eq!(receive(b.as_fd(), &mut buffer, true).unwrap().0, 0);
    }

    #[test]
    fn who_has_gone_without_reading_is_heard_to_the_end() {
        let (a, b) = pair().unwrap();
        send(b.as_fd(), b"unread", None, true).unwrap();
        send(a.as_fd(), b"last words", None, true).unwrap();
        drop(a);
        let mut buffer = [0; 16];
        assert_eq!(receive(b.as_fd(), &mut buffer, true).unwrap().0, 10);
        assert_eq!(receive(b.as_fd(), &mut buffer, true).unwrap().0, 0);
    }

    #[test]
    fn a_gate_admits_callers_and_leaves_nothing() {
        let name = format!("rankwise-test-{}", std::process::id());
        assert_eq!(call(name.as_bytes()).unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        let gate = gate(name.as_bytes()).unwrap();
        assert!(admit(gate.as_fd()).unwrap().is_none());
        let caller = call(name.as_bytes()).unwrap();
        let called = admit(gate.as_fd()).unwrap().unwrap();
        send(caller.as_fd(), b"hello", None, true).unwrap();
        let mut buffer = [0; 16];
        assert_eq!(receive(called.as_fd(), &mut buffer, true).unwrap().0, 5);
        drop(gate);
        assert!(call(name.as_bytes()).is_err());
    }

    #[test]
    fn only_the_very_socket_is_adopted() {
        let (a, b) = pair().unwrap();
        let own = identity(a.as_fd()).unwrap();
        assert!(adopt(a.as_raw_fd(), own).is_some());
        assert!(adopt(b.as_raw_fd(), own).is_none());
        assert!(adopt(-1, own).is_none());
        assert!(adopt(0, own).is_none());
        assert!(adopt_any(b.as_raw_fd()).is_some());
        let file = crate::segment::create("test").unwrap();
        assert!(adopt_any(file.as_raw_fd()).is_none());
    }
}
