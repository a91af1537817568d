//! Waiting for many files at once.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::signal::{SigSet, SigmaskHow, pthread_sigmask};

/// Which files are ready, each known by a number that its owner chose.
pub struct Poller {
    epoll: Arc<Epoll>,
    ready: Vec<EpollEvent>,
}

impl Poller {
    /// An empty set.
    #[doc(alias = "epoll_create1")]
    pub fn new() -> io::Result<Poller> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        Ok(Poller { epoll: Arc::new(epoll), ready: vec![EpollEvent::empty(); 64] })
    }

    /// A handle that another thread may wait with.
    pub fn handle(&self) -> Handle {
        Handle { epoll: self.epoll.clone() }
    }

    /// Reports `key` whenever `file` can be read or has ended, for as long as that is so. A regular file cannot be
    /// added (`PermissionDenied`): it is always ready.
    pub fn add_reader(&self, file: &impl AsFd, key: u64) -> io::Result<()> {
        Ok(self.epoll.add(file, EpollEvent::new(EpollFlags::EPOLLIN, key))?)
    }

    /// Reports `key` whenever `file` takes bytes or can no longer be written.
    pub fn add_writer(&self, file: &impl AsFd, key: u64) -> io::Result<()> {
        Ok(self.epoll.add(file, EpollEvent::new(EpollFlags::EPOLLOUT, key))?)
    }

    /// Reports `key` whenever `file` can be read or has ended, and if `write` is set whenever it can be written too.
    pub fn add(&self, file: &impl AsFd, key: u64, write: bool) -> io::Result<()> {
        Ok(self.epoll.add(file, EpollEvent::new(both(write), key))?)
    }

    /// Changes whether a file that [`Poller::add`] has added is looked at for writing.
    pub fn change(&self, file: &impl AsFd, key: u64, write: bool) -> io::Result<()> {
        Ok(self.epoll.modify(file, &mut EpollEvent::new(both(write), key))?)
    }

    /// Forgets a file. Must come before the file is closed where another process has it open too.
    pub fn remove(&self, file: &impl AsFd) -> io::Result<()> {
        Ok(self.epoll.delete(file)?)
    }

    /// The keys of the files that are ready, after waiting at most for `limit` (for ever if it is `None`).
    #[doc(alias = "epoll_wait")]
    pub fn wait(&mut self, limit: Option<Duration>) -> io::Result<Vec<u64>> {
        match self.epoll.wait(&mut self.ready, timeout(limit)) {
            Ok(count) => Ok(self.ready[..count].iter().map(EpollEvent::data).collect()),
            Err(Errno::EINTR) => Ok(Vec::new()),
            Err(e) => Err(e.into()),
        }
    }
}

/// Another way to a poller's files, only to wait for them.
#[derive(Clone)]
pub struct Handle {
    epoll: Arc<Epoll>,
}

impl Handle {
    /// Waits until a file is ready, at most for `limit`; which one is for others to find out.
    pub fn sleep(&self, limit: Duration) {
        // Whatever ends this early lets the caller look for itself.
        let _ = self.epoll.wait(&mut [EpollEvent::empty()], timeout(Some(limit)));
    }
}

/// A thread that watches a poller for somebody who sleeps elsewhere: each time it is armed, it calls `alarm` once, as soon
/// as a file is ready. It costs nothing while nothing is ready.
pub struct Lookout {
    watched: Handle,
    /// Holds the watched poller itself, which is ready when one of its files is.
    outer: Arc<Epoll>,
    end: Waker,
    thread: Option<JoinHandle<()>>,
}

const END: u64 = 1;

impl Lookout {
    /// A lookout that is not armed.
    pub fn new(watched: Handle, alarm: impl Fn() + Send + 'static) -> io::Result<Lookout> {
        let outer = Arc::new(Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?);
        let end = Waker::new()?;
        outer.add(&watched.epoll.0, EpollEvent::new(EpollFlags::EPOLLONESHOT, 0))?;
        outer.add(&end, EpollEvent::new(EpollFlags::EPOLLIN, END))?;
        let epoll = outer.clone();
        let watch = move || {
            loop {
                let mut ready = [EpollEvent::empty()];
                match epoll.wait(&mut ready, EpollTimeout::NONE) {
                    Ok(1) if ready[0].data() == END => return,
                    Ok(1) => alarm(),
                    Ok(_) | Err(Errno::EINTR) => {}
                    // Not before its own files are gone.
                    Err(_) => return,
                }
            }
        };
        // A program's signals are for its own threads; a new thread inherits the mask.
        let mut before = SigSet::empty();
        pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), Some(&mut before))?;
        let thread = std::thread::Builder::new().name("rankwise".into()).stack_size(64 << 10).spawn(watch);
        pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&before), None)?;
        Ok(Lookout { watched, outer, end, thread: Some(thread?) })
    }

    /// From now on the first file that is ready, or is so already, raises an alarm.
    pub fn arm(&self) {
        let mut event = EpollEvent::new(EpollFlags::EPOLLIN | EpollFlags::EPOLLONESHOT, 0);
        // It is there from the beginning to the end.
        let _ = self.outer.modify(&self.watched.epoll.0, &mut event);
    }
}

impl Drop for Lookout {
    fn drop(&mut self) {
        self.end.wake();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn both(write: bool) -> EpollFlags {
    if write { EpollFlags::EPOLLIN | EpollFlags::EPOLLOUT } else { EpollFlags::EPOLLIN }
}

/// Rounded up: a wait that ends just before the moment it was meant for would spin until then.
fn timeout(limit: Option<Duration>) -> EpollTimeout {
    match limit {
        Some(limit) => {
            let milliseconds = limit.as_nanos().div_ceil(1_000_000).min(i32::MAX as u128) as i32;
            EpollTimeout::try_from(milliseconds).unwrap_or(EpollTimeout::ZERO)
        }
        None => EpollTimeout::NONE,
    }
}

/// Makes a poller that another thread waits in return.
pub struct Waker {
    event: EventFd,
}

impl Waker {
    /// One that nobody has rung yet.
    #[doc(alias = "eventfd")]
    pub fn new() -> io::Result<Waker> {
        Ok(Waker { event: EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)? })
    }

    /// Makes it readable.
    pub fn wake(&self) {
        // Only a counter that is full already refuses, and that one is readable.
        let _ = self.event.write(1);
    }

    /// Makes it unreadable again.
    pub fn rest(&self) {
        let _ = self.event.read();
    }
}

impl AsFd for Waker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.event.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ready_one_is_reported_until_it_is_removed() {
        let mut poller = Poller::new().unwrap();
        let (a, into_a) = crate::pipe::create().unwrap();
        let (b, _into_b) = crate::pipe::create().unwrap();
        poller.add_reader(&a, 1).unwrap();
        poller.add_reader(&b, 2).unwrap();
        assert!(poller.wait(Some(Duration::ZERO)).unwrap().is_empty());
        crate::pipe::write(&into_a, b"x").unwrap();
        assert_eq!(poller.wait(None).unwrap(), [1]);
        poller.remove(&a).unwrap();
        assert!(poller.wait(Some(Duration::ZERO)).unwrap().is_empty());
        poller.add_writer(&into_a, 3).unwrap();
        assert_eq!(poller.wait(None).unwrap(), [3]);
    }

    #[test]
    fn a_waker_is_heard_until_it_rests() {
        let mut poller = Poller::new().unwrap();
        let waker = Waker::new().unwrap();
        poller.add_reader(&waker, 9).unwrap();
        waker.wake();
        waker.wake();
        assert_eq!(poller.wait(None).unwrap(), [9]);
        waker.rest();
        assert!(poller.wait(Some(Duration::ZERO)).unwrap().is_empty());
    }

    #[test]
    fn a_lookout_raises_one_alarm_each_time_it_is_armed() {
        let poller = Poller::new().unwrap();
        let waker = Waker::new().unwrap();
        poller.add_reader(&waker, 0).unwrap();
        let (tell, heard) = std::sync::mpsc::channel();
        let lookout = Lookout::new(poller.handle(), move || tell.send(()).unwrap()).unwrap();
        let limit = Duration::from_secs(300);
        // Ready before it is armed, and after.
        waker.wake();
        lookout.arm();
        heard.recv_timeout(limit).unwrap();
        waker.rest();
        lookout.arm();
        waker.wake();
        heard.recv_timeout(limit).unwrap();
        drop(lookout);
        assert_eq!(heard.try_iter().count(), 0);
    }
}
