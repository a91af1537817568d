//! Connections between nodes that never wait and raise no signal.

use std::io::{self, IoSlice};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockType, SockaddrStorage, connect, sendmsg, setsockopt, socket,
    sockopt,
};

/// Begins to connect; the socket can be written when that has ended, well or badly.
#[doc(alias = "connect")]
pub fn dial(to: SocketAddr) -> io::Result<TcpStream> {
    let family = if to.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let socket: OwnedFd = socket(family, SockType::Stream, flags, None)?;
    match connect(socket.as_raw_fd(), &SockaddrStorage::from(to)) {
        Ok(()) | Err(Errno::EINPROGRESS) => {}
        Err(e) => return Err(e.into()),
    }
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Whether a connection that [`dial`] began stands; `Ok(false)` if that is not decided.
pub fn is_connected(stream: &TcpStream) -> io::Result<bool> {
    if let Some(error) = stream.take_error()? {
        return Err(error);
    }
    match stream.peer_addr() {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::NotConnected => Ok(false),
        Err(e) => Err(e),
    }
}

/// From now on a connection breaks when the other side has not been heard of for about `limit`, though it should have been:
/// its host may have lost its power, or the network.
#[doc(alias("TCP_USER_TIMEOUT", "SO_KEEPALIVE"))]
pub fn break_after(stream: &TcpStream, limit: Duration) -> io::Result<()> {
    let third = (limit.as_secs() / 3).clamp(1, 32767) as u32;
    setsockopt(stream, sockopt::KeepAlive, &true)?;
    setsockopt(stream, sockopt::TcpKeepIdle, &third)?;
    setsockopt(stream, sockopt::TcpKeepInterval, &third)?;
    setsockopt(stream, sockopt::TcpKeepCount, &2)?;
    let milliseconds = limit.as_millis().clamp(1, i32::MAX as u128) as u32;
    Ok(setsockopt(stream, sockopt::TcpUserTimeout, &milliseconds)?)
}

/// Listens at an address, without ever waiting for a caller.
pub fn listen(at: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(at)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The next caller; `None` if there is none now.
#[doc(alias = "accept4")]
pub fn accept(listener: &TcpListener) -> io::Result<Option<TcpStream>> {
    let stream = match listener.accept() {
        Ok((stream, _)) => stream,
        // A caller that has gone again before it was answered is none.
        Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::ConnectionAborted) => {
            return Ok(None);
        }
        Err(e) => return Err(e),
    };
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    Ok(Some(stream))
}

/// Sends what there is room for; `WouldBlock` if there is none. A peer that has gone is an error, never a signal.
#[doc(alias = "sendmsg")]
pub fn send(stream: &TcpStream, parts: &[IoSlice<'_>]) -> io::Result<usize> {
    let flags = MsgFlags::MSG_NOSIGNAL | MsgFlags::MSG_DONTWAIT;
    loop {
        match sendmsg::<()>(stream.as_raw_fd(), parts, &[], flags, None) {
            Err(Errno::EINTR) => {}
            Ok(sent) => return Ok(sent),
            Err(e) => return Err(e.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn until<T>(mut look: impl FnMut() -> io::Result<Option<T>>) -> io::Result<T> {
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_connection_carries_parts_and_tells_of_its_end() {
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        assert!(accept(&listener).unwrap().is_none());
        let caller = dial(listener.local_addr().unwrap()).unwrap();
        until(|| Ok(is_connected(&caller)?.then_some(()))).unwrap();
        let mut called = until(|| accept(&listener)).unwrap();
        assert_eq!(send(&caller, &[IoSlice::new(b"ab"), IoSlice::new(b"cde")]).unwrap(), 5);
        let mut buffer = [0; 8];
        let read = until(|| match called.read(&mut buffer) {
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(None),
            result => result.map(Some),
        });
        assert_eq!(&buffer[..read.unwrap()], b"abcde");
        drop(called);
        let gone = until(|| match send(&caller, &[IoSlice::new(&[0; 100])]) {
            Ok(_) => Ok(None),
            Err(e) => Ok(Some(e)),
        });
        assert!(matches!(gone.unwrap().kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset));
    }

    #[test]
    fn nobody_listens_is_an_error() {
        let free = listen("127.0.0.1:0".parse().unwrap()).unwrap().local_addr().unwrap();
        let refused = dial(free).and_then(|caller| until(|| Ok(is_connected(&caller)?.then_some(()))));
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }
}
