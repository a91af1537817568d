//! Copies between the memories of two processes, without a detour through shared memory.
//!
//! Whether they are allowed depends on user ids, on Yama, on user namespaces and on seccomp filters: whoever wants to
//! use them tries first.

use std::io;
use std::process;

/// The id of this process, as others must name it.
pub fn own_pid() -> u32 {
    process::id()
}

/// Moves all of the range, however many calls that takes.
///
/// # Safety
/// `local` must be valid for what `call` does to it: reads or writes of `length` bytes.
unsafe fn transfer(
    call: unsafe extern "C" fn(
        libc::pid_t,
        *const libc::iovec,
        libc::c_ulong,
        *const libc::iovec,
        libc::c_ulong,
        libc::c_ulong,
    ) -> libc::ssize_t,
    pid: u32,
    mut local: *mut u8,
    mut remote: u64,
    mut length: usize,
) -> io::Result<()> {
    while length > 0 {
        let here = libc::iovec { iov_base: local.cast(), iov_len: length };
        let there = libc::iovec { iov_base: remote as *mut _, iov_len: length };
        // SAFETY: both vectors have one valid entry. Our own contract covers the local range; the kernel checks the
        // remote one.
        let n = unsafe { call(pid as libc::pid_t, &here, 1, &there, 1, 0) };
        match n {
            n if n > 0 => {
                local = local.wrapping_add(n as usize);
                remote += n as u64;
                length -= n as usize;
            }
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => match io::Error::last_os_error() {
                e if e.kind() == io::ErrorKind::Interrupted => {}
                e => return Err(e),
            },
        }
    }
    Ok(())
}

/// Reads `length` bytes at address `remote` of process `pid` to `local`.
///
/// # Safety
/// `local` must be valid for writes of `length` bytes that nothing else refers to meanwhile.
#[doc(alias = "process_vm_readv")]
pub unsafe fn read(pid: u32, local: *mut u8, remote: u64, length: usize) -> io::Result<()> {
    // SAFETY: passed on: `local` is valid for writes.
    unsafe { transfer(libc::process_vm_readv, pid, local, remote, length) }
}

/// Writes `length` bytes from `local` to address `remote` of process `pid`.
///
/// # Safety
/// `local` must be valid for reads of `length` bytes, and process `pid` must expect the write.
#[doc(alias = "process_vm_writev")]
pub unsafe fn write(pid: u32, local: *const u8, remote: u64, length: usize) -> io::Result<()> {
    // SAFETY: passed on: `local` is valid for reads, and a write to the peer only reads it.
    unsafe { transfer(libc::process_vm_writev, pid, local.cast_mut(), remote, length) }
}
