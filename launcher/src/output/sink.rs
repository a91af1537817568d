//! Streams of ours that may be slow, closed, or full.
//!
//! The one thread behind each sink is the only one that waits for its files: the launcher itself stays awake for signals
//! whatever becomes of its output. A queue that has grown long makes the launcher stop reading from the ranks, so that
//! they wait as they would on a slow terminal.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use rankwise_os::poller::Waker;
use rankwise_os::{clock, pipe};

use super::{Arranger, Writer};
use crate::launch::plain;
use crate::pattern::{Filler, Pattern};

/// With more bytes than this waiting, the ranks wait too.
const FULL: usize = 256 << 10;

/// Output that could not be written.
#[derive(Debug)]
pub struct Loss {
    /// The name of the file.
    pub name: String,
    /// What was in the way.
    pub error: io::Error,
}

impl Loss {
    /// Whether nobody wanted the output: who read it has gone.
    pub fn is_unwanted(&self) -> bool {
        self.error.kind() == io::ErrorKind::BrokenPipe
    }

    /// The sentence for the user.
    pub fn text(&self) -> String {
        match self.is_unwanted() {
            true => format!("nobody reads {} any more; the job goes on (interrupt it to end it)", self.name),
            false => format!("output is lost: cannot write to {}: {}", self.name, plain(&self.error)),
        }
    }
}

#[derive(Default)]
struct Queue {
    /// What is to be written to which file.
    pieces: Vec<(usize, Vec<u8>)>,
    /// How many bytes there are in it.
    bytes: usize,
    /// How many bytes the thread has taken and not written yet.
    taken: usize,
    finished: bool,
    /// Files that are not written to any more.
    dead: Vec<usize>,
    /// Why, for those of which nobody has been told.
    losses: Vec<Loss>,
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    waker: Waker,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A file with its name.
pub type Named = (String, OwnedFd);

/// What the lines of ranks begin with.
#[derive(Clone, Debug, Default)]
pub struct Prefix {
    /// The beginning.
    pub pattern: Pattern,
    /// The host of each rank.
    pub hosts: Vec<String>,
}

/// Standard output of the launcher, or its standard error, or all files that it writes for the ranks.
pub struct Sink {
    shared: Arc<Shared>,
    prefix: Prefix,
    arrangers: Vec<Arranger>,
    files: Option<Vec<Named>>,
    thread: Option<JoinHandle<()>>,
}

impl Sink {
    /// Writes to `files` what is pushed.
    pub fn new(files: Vec<Named>, prefix: Prefix) -> io::Result<Sink> {
        let shared =
            Arc::new(Shared { queue: Mutex::default(), changed: Condvar::new(), waker: Waker::new()? });
        let arrangers = files.iter().map(|_| Arranger::default()).collect();
        Ok(Sink { shared, prefix, arrangers, files: Some(files), thread: None })
    }

    /// Becomes readable when the queue has become short, or output was lost.
    pub fn waker(&self) -> &Waker {
        &self.shared.waker
    }

    /// Shows `text` as said by `writer` in one of the files. Never waits.
    pub fn push(&mut self, file: usize, writer: Writer, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let Prefix { pattern, hosts } = &self.prefix;
        let host = |rank: u32| hosts.get(rank as usize).map_or("", String::as_str);
        let prefix = |rank| pattern.fill(Filler { rank, host: host(rank) }, clock::local_time);
        let wanted: Option<&dyn Fn(u32) -> String> = if pattern.is_empty() { None } else { Some(&prefix) };
        let bytes = self.arrangers[file].arrange(writer, text, wanted);
        // The thread starts with the first output: `mpirun true` needs none.
        if let Some(files) = self.files.take() {
            let shared = self.shared.clone();
            self.thread = Some(std::thread::spawn(move || write_all(&shared, files)));
        }
        let mut queue = self.shared.lock();
        if queue.dead.contains(&file) {
            return;
        }
        queue.bytes += bytes.len();
        match queue.pieces.last_mut() {
            Some((last, piece)) if *last == file => piece.extend_from_slice(&bytes),
            _ => queue.pieces.push((file, bytes)),
        }
        self.shared.changed.notify_one();
    }

    /// Whether so much is waiting that the ranks had better wait.
    pub fn is_full(&self) -> bool {
        let queue = self.shared.lock();
        queue.bytes + queue.taken > FULL
    }

    /// Whether all that was pushed has been written, or never can be.
    pub fn is_idle(&self) -> bool {
        let queue = self.shared.lock();
        queue.bytes + queue.taken == 0
    }

    /// What was lost since the last call.
    pub fn losses(&self) -> Vec<Loss> {
        std::mem::take(&mut self.shared.lock().losses)
    }

    /// Lets the thread end; what was lost since the last call of [`Sink::losses`].
    pub fn finish(mut self) -> Vec<Loss> {
        let mut queue = self.shared.lock();
        queue.finished = true;
        self.shared.changed.notify_one();
        drop(queue);
        // One that is stuck in a write is left behind: the process is about to end.
        if self.is_idle()
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
        self.losses()
    }
}

fn write_all(shared: &Shared, files: Vec<Named>) {
    loop {
        let mut queue = shared.lock();
        while queue.pieces.is_empty() {
            if queue.finished {
                return;
            }
            queue = shared.changed.wait(queue).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        let pieces = std::mem::take(&mut queue.pieces);
        queue.taken = std::mem::take(&mut queue.bytes);
        drop(queue);
        for (file, bytes) in pieces {
            if shared.lock().dead.contains(&file) {
                continue;
            }
            let (name, handle) = &files[file];
            if let Err(error) = write_waiting(handle.as_fd(), &bytes) {
                let mut queue = shared.lock();
                queue.dead.push(file);
                queue.losses.push(Loss { name: name.clone(), error });
            }
        }
        shared.lock().taken = 0;
        shared.waker.wake();
    }
}

/// Writes everything, also to a file that somebody has made non-blocking.
fn write_waiting(file: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match pipe::write(file, bytes) {
            Ok(n) => bytes = &bytes[n..],
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => pipe::wait_writable(file)?,
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait_for(sink: &Sink) {
        while !sink.is_idle() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_slow_reader_loses_nothing_and_a_gone_one_is_no_failure() {
        let (reader, writer) = pipe::create().unwrap();
        let mut sink = Sink::new(vec![("pipe".into(), writer)], Prefix::default()).unwrap();
        let text = b"0123456789abcde\n".repeat(64 << 10);
        sink.push(0, Writer::Rank(0), &text);
        assert!(sink.is_full());
        let mut got = Vec::new();
        let mut buffer = [0; 4096];
        while got.len() < text.len() {
            let n = pipe::read(&reader, &mut buffer).unwrap();
            got.extend_from_slice(&buffer[..n]);
        }
        assert!(got == text);
        drop(reader);
        sink.push(0, Writer::Rank(0), b"x\n");
        wait_for(&sink);
        assert!(sink.finish().iter().all(Loss::is_unwanted));
    }

    #[test]
    fn a_file_that_is_full_is_named_once_and_takes_nothing_from_the_others() {
        let (reader, writer) = pipe::create().unwrap();
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let files = vec![("full".to_string(), OwnedFd::from(full)), ("pipe".to_string(), writer)];
        let mut sink = Sink::new(files, Prefix::default()).unwrap();
        for _ in 0..3 {
            sink.push(0, Writer::Rank(0), b"lost\n");
            sink.push(1, Writer::Rank(1), b"kept\n");
            wait_for(&sink);
        }
        let losses = sink.finish();
        assert_eq!((losses.len(), losses[0].name.as_str()), (1, "full"));
        let mut buffer = [0; 64];
        assert_eq!(pipe::read(&reader, &mut buffer).unwrap(), 15);
    }
}
