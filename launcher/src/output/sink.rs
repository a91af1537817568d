//! A stream of ours that may be slow, or closed.
//!
//! The one thread behind each stream is the only one that waits for it: the launcher itself stays awake for signals
//! whatever becomes of its output. A queue that has grown long makes the launcher stop reading from the ranks, so that
//! they wait as they would on a slow terminal.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use rankwise_os::pipe;
use rankwise_os::poller::Waker;

use super::{Arranger, Writer};

/// With more bytes than this waiting, the ranks wait too.
const FULL: usize = 256 << 10;

#[derive(Default)]
struct Queue {
    bytes: Vec<u8>,
    /// How many bytes the thread has taken and not written yet.
    taken: usize,
    finished: bool,
    failure: Option<io::Error>,
}

impl Queue {
    fn waiting(&self) -> usize {
        self.bytes.len() + self.taken
    }
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

/// Standard output or standard error of the launcher.
pub struct Sink {
    shared: Arc<Shared>,
    arranger: Arranger,
    file: Option<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl Sink {
    /// Shows on `file` what is pushed.
    pub fn new(file: OwnedFd, tagged: bool) -> io::Result<Sink> {
        let shared =
            Arc::new(Shared { queue: Mutex::default(), changed: Condvar::new(), waker: Waker::new()? });
        Ok(Sink { shared, arranger: Arranger::new(tagged), file: Some(file), thread: None })
    }

    /// Becomes readable when the queue has become short.
    pub fn waker(&self) -> &Waker {
        &self.shared.waker
    }

    /// Shows `text` as said by `writer`. Never waits.
    pub fn push(&mut self, writer: Writer, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let bytes = self.arranger.arrange(writer, text);
        // The thread starts with the first output: `mpirun true` needs none.
        if let Some(file) = self.file.take() {
            let shared = self.shared.clone();
            self.thread = Some(std::thread::spawn(move || write_all(&shared, file)));
        }
        let mut queue = self.shared.lock();
        if queue.failure.is_none() {
            queue.bytes.extend_from_slice(&bytes);
            self.shared.changed.notify_one();
        }
    }

    /// Whether so much is waiting that the ranks had better wait.
    pub fn is_full(&self) -> bool {
        self.shared.lock().waiting() > FULL
    }

    /// Whether all that was pushed has been written, or never can be.
    pub fn is_idle(&self) -> bool {
        let queue = self.shared.lock();
        queue.failure.is_some() || queue.waiting() == 0
    }

    /// Lets the thread end, and tells whether output was lost other than by a reader who did not want it.
    pub fn finish(mut self) -> Option<io::Error> {
        let mut queue = self.shared.lock();
        queue.finished = true;
        self.shared.changed.notify_one();
        let failure = queue.failure.take();
        let idle = failure.is_some() || queue.waiting() == 0;
        drop(queue);
        // One that is stuck in a write is left behind: the process is about to end.
        if idle && let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        failure.filter(|e| e.kind() != io::ErrorKind::BrokenPipe)
    }
}

fn write_all(shared: &Shared, file: OwnedFd) {
    loop {
        let mut queue = shared.lock();
        while queue.bytes.is_empty() {
            if queue.finished {
                return;
            }
            queue = shared.changed.wait(queue).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        let bytes = std::mem::take(&mut queue.bytes);
        queue.taken = bytes.len();
        drop(queue);
        let result = write_waiting(file.as_fd(), &bytes);
        let mut queue = shared.lock();
        queue.taken = 0;
        if let Err(e) = result {
            queue.failure = Some(e);
            queue.bytes = Vec::new();
        }
        let failed = queue.failure.is_some();
        drop(queue);
        shared.waker.wake();
        if failed {
            return;
        }
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

    #[test]
    fn a_slow_reader_loses_nothing_and_a_gone_one_is_no_failure() {
        let (reader, writer) = pipe::create().unwrap();
        let mut sink = Sink::new(writer, false).unwrap();
        let text = b"0123456789abcde\n".repeat(64 << 10);
        sink.push(Writer::Rank(0), &text);
        assert!(sink.is_full());
        let mut got = Vec::new();
        let mut buffer = [0; 4096];
        while got.len() < text.len() {
            let n = pipe::read(&reader, &mut buffer).unwrap();
            got.extend_from_slice(&buffer[..n]);
        }
        assert!(got == text);
        drop(reader);
        sink.push(Writer::Rank(0), b"x\n");
        while !sink.is_idle() {
            std::thread::yield_now();
        }
        assert!(sink.finish().is_none());
    }
}
