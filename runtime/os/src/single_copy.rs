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

/// A piece of memory: its address, here or in another process, and its length in bytes.
pub type Piece = (u64, usize);

/// As many pieces as one call moves.
pub const PIECES: usize = 64;

type Pieces = [libc::iovec; PIECES];

fn vector(pieces: &[Piece]) -> (Pieces, usize) {
    let mut vector: Pieces = [libc::iovec { iov_base: std::ptr::null_mut(), iov_len: 0 }; PIECES];
    for (entry, &(address, length)) in vector.iter_mut().zip(pieces) {
        *entry = libc::iovec { iov_base: address as *mut _, iov_len: length };
    }
    (vector, pieces.iter().map(|piece| piece.1).sum())
}

/// Reads at most [`PIECES`] pieces of the memory of process `pid`, one after the other, to `local`.
///
/// # Safety
/// `local` must be valid for writes of all their bytes, and nothing else may refer to these meanwhile.
pub unsafe fn read_pieces(pid: u32, local: *mut u8, remote: &[Piece]) -> io::Result<()> {
    let (there, length) = vector(remote);
    let here = libc::iovec { iov_base: local.cast(), iov_len: length };
    // SAFETY: the vectors have as many valid entries as is said. Our own contract covers the local range; the kernel checks
    // the remote ones.
    let n = unsafe {
        let count = remote.len().min(PIECES) as libc::c_ulong;
        libc::process_vm_readv(pid as libc::pid_t, &here, 1, there.as_ptr(), count, 0)
    };
    if n == length as isize {
        return Ok(());
    }
    // The kernel stopped on the way, and may say why if it is asked piece by piece.
    let mut local = local;
    for &(address, length) in remote {
        // SAFETY: passed on.
        unsafe { read(pid, local, address, length)? };
        local = local.wrapping_add(length);
    }
    Ok(())
}

/// Writes at most [`PIECES`] pieces of this process's memory, one after the other, to address `remote` of process `pid`.
///
/// # Safety
/// All pieces must be valid for reads, and process `pid` must expect the write.
pub unsafe fn write_pieces(pid: u32, local: &[Piece], remote: u64) -> io::Result<()> {
    let (here, length) = vector(local);
    let there = libc::iovec { iov_base: remote as *mut _, iov_len: length };
    // SAFETY: as in `read_pieces`, the other way round.
    let n = unsafe {
        let count = local.len().min(PIECES) as libc::c_ulong;
        libc::process_vm_writev(pid as libc::pid_t, here.as_ptr(), count, &there, 1, 0)
    };
    if n == length as isize {
        return Ok(());
    }
    let mut remote = remote;
    for &(address, length) in local {
        // SAFETY: passed on.
        unsafe { write(pid, address as *const u8, remote, length)? };
        remote += length as u64;
    }
    Ok(())
}
