//! Standard input for every rank.
//!
//! What is read is written to all ranks before more is read: the slowest sets the pace, and nothing piles up.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rankwise_os::pipe;
use rankwise_os::poller::Poller;

/// Where standard input goes.
pub struct Broadcast {
    source: Option<OwnedFd>,
    /// Whether the source is one that cannot be waited for, because it is always ready: a regular file.
    always_ready: bool,
    listening: bool,
    targets: Vec<Option<Target>>,
    source_key: u64,
}

struct Target {
    pipe: OwnedFd,
    /// What it has not taken yet.
    pending: Vec<u8>,
    key: u64,
}

impl Broadcast {
    /// From our standard input to these pipes, whose writes must not wait. Events come with `source_key`, and for the
    /// pipes with the keys from `first_key` on.
    pub fn new(pipes: Vec<OwnedFd>, source_key: u64, first_key: u64) -> io::Result<Broadcast> {
        let source = match pipes.is_empty() {
            true => None,
            false => Some(io::stdin().as_fd().try_clone_to_owned()?),
        };
        let target = |(pipe, key)| Some(Target { pipe, pending: Vec::new(), key });
        let targets = pipes.into_iter().zip(first_key..).map(target).collect();
        Ok(Broadcast { source, always_ready: false, listening: false, targets, source_key })
    }

    /// Whether there is something to do without waiting for anything.
    pub fn is_ready(&self) -> bool {
        self.always_ready && self.wants_more()
    }

    fn wants_more(&self) -> bool {
        self.source.is_some() && self.targets.iter().flatten().all(|target| target.pending.is_empty())
    }

    /// Reads once, and hands on. To be called when the source is ready.
    pub fn read(&mut self, poller: &Poller) -> io::Result<()> {
        let Some(source) = self.source.as_ref().filter(|_| self.wants_more()) else { return Ok(()) };
        let mut buffer = [0; 64 << 10];
        match pipe::read(source, &mut buffer) {
            Ok(n) if n > 0 => {
                for target in self.targets.iter_mut().flatten() {
                    target.pending.extend_from_slice(&buffer[..n]);
                }
                for index in 0..self.targets.len() {
                    if self.feed(index) {
                        self.wait_for_room(index, poller)?;
                    }
                }
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            // With the writers gone the ranks see the end, too.
            _ => {
                self.listen(poller, false)?;
                self.source = None;
                self.targets.clear();
            }
        }
        Ok(())
    }

    /// Goes on with a pipe that has room again.
    pub fn write(&mut self, index: usize, poller: &Poller) {
        if !self.feed(index)
            && let Some(Some(target)) = self.targets.get(index)
        {
            // It has been waited for, or else it would not be here.
            let _ = poller.remove(&target.pipe);
        }
    }

    /// Listens to the source exactly when more is wanted. To be called before waiting.
    pub fn settle(&mut self, poller: &Poller) -> io::Result<()> {
        if self.targets.iter().all(Option::is_none) {
            self.listen(poller, false)?;
            self.source = None;
        }
        self.listen(poller, self.wants_more())
    }

    fn listen(&mut self, poller: &Poller, wanted: bool) -> io::Result<()> {
        let Some(source) = &self.source else { return Ok(()) };
        if self.always_ready || wanted == self.listening {
            return Ok(());
        }
        match wanted {
            true => match poller.add_reader(source, self.source_key) {
                Err(e) if e.kind() == io::ErrorKind::PermissionDenied => self.always_ready = true,
                result => {
                    result?;
                    self.listening = true;
                }
            },
            false => {
                poller.remove(source)?;
                self.listening = false;
            }
        }
        Ok(())
    }

    /// Writes what a target takes; true if it must wait for more room.
    fn feed(&mut self, index: usize) -> bool {
        let Some(Some(target)) = self.targets.get_mut(index) else { return false };
        while !target.pending.is_empty() {
            match pipe::write(&target.pipe, &target.pending) {
                Ok(n) => drop(target.pending.drain(..n)),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return true,
                // The rank has ended, or does not want any.
                Err(_) => {
                    self.targets[index] = None;
                    return false;
                }
            }
        }
        false
    }

    fn wait_for_room(&self, index: usize, poller: &Poller) -> io::Result<()> {
        match &self.targets[index] {
            Some(target) => poller.add_writer(&target.pipe, target.key),
            None => Ok(()),
        }
    }
}
