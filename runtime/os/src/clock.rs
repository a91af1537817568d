//! Time that only goes forward, and the time of day.

#![allow(unsafe_code)]

use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

static START: OnceLock<Instant> = OnceLock::new();

/// Seconds since the first call in this process.
pub fn seconds() -> f64 {
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// The resolution of [`seconds`], in seconds.
pub fn resolution() -> f64 {
    nix::time::clock_getres(nix::time::ClockId::CLOCK_MONOTONIC)
        .map(|t| t.tv_sec() as f64 + t.tv_nsec() as f64 * 1e-9)
        .unwrap_or(1e-9)
}

/// A count that grows all the time, about [`TICKS`] each microsecond, and is read in a few nanoseconds. For a rough
/// idea of how long ago something was, on this processor; nothing that is shown to anybody.
#[inline]
pub fn ticks() -> u64 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the counter can be read wherever the architecture has it, which this one does.
    unsafe {
        std::arch::x86_64::_rdtsc()
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        START.get_or_init(Instant::now).elapsed().as_nanos() as u64
    }
}

/// How many [`ticks`] there are in a microsecond, more or less.
pub const TICKS: u64 = if cfg!(target_arch = "x86_64") { 2500 } else { 1000 };

/// The time of day where the user is, as people write it: `2026-11-25 13:45:01`.
pub fn local_time() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs() as libc::time_t;
    // SAFETY: all of its fields are numbers or a pointer that nobody follows, for which zero is a value.
    let mut parts: libc::tm = unsafe { std::mem::zeroed() };
    // SAFETY: both point to what they are meant to be, and no other thread knows of them.
    unsafe { libc::localtime_r(&seconds, &mut parts) };
    let libc::tm { tm_year, tm_mon, tm_mday, tm_hour, tm_min, tm_sec, .. } = parts;
    let (year, month) = (tm_year + 1900, tm_mon + 1);
    format!("{year:04}-{month:02}-{tm_mday:02} {tm_hour:02}:{tm_min:02}:{tm_sec:02}")
}
