//! Standard input for the ranks of a node that do not simply inherit it.
//!
//! What has come is written to all of them before more is asked for: the slowest sets the pace, and nothing piles up.

use std::io;
use std::os::fd::OwnedFd;

use rankwise_os::pipe;
use rankwise_os::poller::Poller;

/// The ranks that want standard input.
#[derive(Default)]
pub struct Feed {
    targets: Vec<Option<Target>>,
    /// Whether something was pushed of which nobody has been told yet that it was taken.
    owing: bool,
}

struct Target {
    pipe: OwnedFd,
    /// What it has not taken yet.
    pending: Vec<u8>,
    key: u64,
}

impl Feed {
    /// Adds a rank, by the pipe that leads to it. Its writes must not wait; events for it come with `key`.
    pub fn add(&mut self, pipe: OwnedFd, key: u64) {
        self.targets.push(Some(Target { pipe, pending: Vec::new(), key }));
    }

    /// How many ranks were added.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Hands on what has come; nothing stands for the end.
    pub fn push(&mut self, bytes: &[u8], poller: &Poller) -> io::Result<()> {
        if bytes.is_empty() {
            // With the writers gone the ranks see the end, too.
            self.targets.clear();
            return Ok(());
        }
        self.owing = true;
        for index in 0..self.targets.len() {
            if let Some(target) = &mut self.targets[index] {
                target.pending.extend_from_slice(bytes);
            }
            if self.write_some(index)
                && let Some(target) = &self.targets[index]
            {
                poller.add_writer(&target.pipe, target.key)?;
            }
        }
        Ok(())
    }

    /// Goes on with the rank that was added as the `index`th, whose pipe has room again.
    pub fn go_on(&mut self, index: usize, poller: &Poller) {
        if !self.write_some(index)
            && let Some(Some(target)) = self.targets.get(index)
        {
            // It has been waited for, or else it would not be here.
            let _ = poller.remove(&target.pipe);
        }
    }

    /// Whether all that was pushed has been taken: `Some` once for each push, with whether anybody may want more.
    pub fn taken(&mut self) -> Option<bool> {
        let all = self.targets.iter().flatten().all(|target| target.pending.is_empty());
        (all && std::mem::take(&mut self.owing)).then(|| self.targets.iter().any(Option::is_some))
    }

    /// Writes what a rank takes; true if it must wait for more room.
    fn write_some(&mut self, index: usize) -> bool {
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
}
