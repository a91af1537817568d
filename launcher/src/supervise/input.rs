//! Standard input on its way to the nodes whose ranks read it.
//!
//! A piece is read when all of them have taken the one before.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rankwise_os::pipe;
use rankwise_os::poller::Poller;

use crate::wire::Node;

/// Where standard input goes.
#[derive(Default)]
pub struct Input {
    source: Option<OwnedFd>,
    key: u64,
    /// Whether the source is one that cannot be waited for, because it is always ready: a regular file.
    always_ready: bool,
    listening: bool,
    /// The nodes that want it, and whether they have not taken the last piece yet.
    readers: Vec<(Node, bool)>,
}

impl Input {
    /// From our standard input, whose events come with `key`, to these nodes.
    pub fn new(readers: Vec<Node>, key: u64) -> io::Result<Input> {
        let source = match readers.is_empty() {
            true => None,
            false => Some(io::stdin().as_fd().try_clone_to_owned()?),
        };
        let readers = readers.into_iter().map(|node| (node, false)).collect();
        Ok(Input { source, key, readers, ..Input::default() })
    }

    /// Whether there is something to do without waiting for anything.
    pub fn is_ready(&self) -> bool {
        self.always_ready && self.wants_more()
    }

    fn wants_more(&self) -> bool {
        self.source.is_some() && self.readers.iter().all(|&(_, busy)| !busy)
    }

    /// Reads once: the next piece (nothing at the end), and who is to get it.
    pub fn read(&mut self, poller: &Poller) -> io::Result<Option<(Vec<u8>, Vec<Node>)>> {
        let Some(source) = self.source.as_ref().filter(|_| self.wants_more()) else { return Ok(None) };
        let mut buffer = vec![0; 64 << 10];
        let count = match pipe::read(source, &mut buffer) {
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            count => count.unwrap_or(0),
        };
        buffer.truncate(count);
        self.readers.iter_mut().for_each(|(_, busy)| *busy = true);
        let readers = self.readers.iter().map(|&(node, _)| node).collect();
        if count == 0 {
            self.end(poller)?;
        }
        Ok(Some((buffer, readers)))
    }

    /// A node has taken the last piece, and may want `more` or not.
    pub fn taken(&mut self, node: Node, more: bool) {
        match more {
            true => self.readers.iter_mut().filter(|(other, _)| *other == node).for_each(|r| r.1 = false),
            false => self.readers.retain(|&(other, _)| other != node),
        }
    }

    /// Listens to the source exactly when more is wanted. To be called before waiting.
    pub fn settle(&mut self, poller: &Poller) -> io::Result<()> {
        match self.readers.is_empty() {
            true => self.end(poller),
            false => self.listen(poller, self.wants_more()),
        }
    }

    fn end(&mut self, poller: &Poller) -> io::Result<()> {
        self.listen(poller, false)?;
        self.source = None;
        Ok(())
    }

    fn listen(&mut self, poller: &Poller, wanted: bool) -> io::Result<()> {
        let Some(source) = &self.source else { return Ok(()) };
        if self.always_ready || wanted == self.listening {
            return Ok(());
        }
        match wanted {
            true => match poller.add_reader(source, self.key) {
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
}
