//! The changes to the environment that are safe while other threads read it.

use std::ffi::CString;
use std::sync::atomic::{AtomicU8, Ordering};

/// Overwrites the first byte of a variable's value where it stands, so that this process and the children that it
/// starts from now on see the mark. False where the variable is not set, or empty.
///
/// Unlike setting a variable this moves and frees nothing: a thread that reads the value at the same time sees the old
/// byte or the new one.
pub fn mark(name: &str, byte: u8) -> bool {
    overwrite(name, byte, 0)
}

/// Overwrites the first byte of a variable's name where it stands: as [`mark`], but the variable is hidden from those who
/// look for it. It has the name with that byte then.
pub fn hide(name: &str, byte: u8) -> bool {
    // An equals sign stands between name and value.
    !name.is_empty() && overwrite(name, byte, name.len() + 1)
}

/// Overwrites the byte so many bytes before a variable's value, but within the variable.
fn overwrite(name: &str, byte: u8, before: usize) -> bool {
    let Ok(name) = CString::new(name) else { return false };
    if byte == 0 || before > name.as_bytes().len() + 1 {
        return false;
    }
    // SAFETY: the name ends in a zero byte. The pointer that comes back is null or a string in this process's
    // environment, which glibc and musl keep for as long as the process lives.
    let value = unsafe { libc::getenv(name.as_ptr()) };
    if value.is_null() {
        return false;
    }
    // SAFETY: the value has at least its final zero byte; name and equals sign stand before it, and no more than these is
    // gone back. It is writable memory (the process's stack or heap), and a byte is always aligned. Only an atomic access
    // is made, so a reader beside us sees one byte or the other.
    let first = unsafe { AtomicU8::from_ptr(value.sub(before).cast()) };
    if first.load(Ordering::Relaxed) == 0 {
        return false;
    }
    first.store(byte, Ordering::Relaxed);
    true
}

/// The values that a variable has in the processes that have led to this one, its parent first, as far as they may be
/// looked at. They are what stands there now: a [`mark`] shows, a variable that was set later does not.
pub fn of_ancestors(name: &str) -> Vec<String> {
    let start = format!("{name}=");
    let mut values = Vec::new();
    let mut pid = std::process::id();
    while let Some(parent) = crate::process::parent_of(pid).filter(|&parent| parent > 0) {
        let all = std::fs::read(format!("/proc/{parent}/environ")).unwrap_or_default();
        let found = all.split(|&b| b == 0).find_map(|entry| entry.strip_prefix(start.as_bytes()));
        values.extend(found.map(|value| String::from_utf8_lossy(value).into_owned()));
        pid = parent;
    }
    values
}

/// The name of this machine; `localhost` where it has none.
pub fn host_name() -> String {
    nix::unistd::gethostname()
        .ok()
        .and_then(|name| name.into_string().ok())
        .unwrap_or_else(|| "localhost".into())
}

/// What tells the machine, or rather the network namespace, that this process is in from all others.
pub fn machine() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_else(|_| host_name());
    let network = std::fs::read_link("/proc/self/ns/net").unwrap_or_default();
    let network: String = network.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    format!("{}.{network}", boot.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_not_set_is_not_marked() {
        assert!(!mark("RANKWISE_NO_SUCH_VARIABLE", b'-'));
        assert!(!hide("RANKWISE_NO_SUCH_VARIABLE", b'-') && !hide("", b'-'));
        assert!(!mark("a\0b", b'-'));
        assert!(of_ancestors("RANKWISE_NO_SUCH_VARIABLE").is_empty());
        assert!(!host_name().is_empty());
        assert_eq!(machine(), machine());
    }
}
