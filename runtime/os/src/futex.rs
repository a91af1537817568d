//! Sleeping on a word of shared memory, and waking those who sleep on it.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// Sleeps while `word` holds `expected`, at most for `limit`. Returns early on a wake-up or on a signal: the caller
/// looks at the word again. The word may lie in memory that several processes share.
#[doc(alias = "FUTEX_WAIT")]
pub fn wait(word: &AtomicU32, expected: u32, limit: Duration) {
    let limit = libc::timespec { tv_sec: limit.as_secs() as _, tv_nsec: limit.subsec_nanos() as _ };
    // SAFETY: the word outlives the call, and `limit` is a valid timespec on this stack.
    unsafe {
        libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, expected, &raw const limit);
    }
}

/// Wakes all who sleep on `word`, in this process and in others.
#[doc(alias = "FUTEX_WAKE")]
pub fn wake_all(word: &AtomicU32) {
    // SAFETY: FUTEX_WAKE only uses the address to find sleepers; it reads and writes nothing there.
    unsafe {
        libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, i32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering;

    #[test]
    fn a_changed_word_does_not_sleep_and_a_waker_ends_a_sleep() {
        let word = AtomicU32::new(1);
        wait(&word, 0, Duration::from_secs(600));
        std::thread::scope(|s| {
            s.spawn(|| {
                word.store(2, Ordering::Release);
                wake_all(&word);
            });
            while word.load(Ordering::Acquire) == 1 {
                wait(&word, 1, Duration::from_secs(600));
            }
        });
    }
}
