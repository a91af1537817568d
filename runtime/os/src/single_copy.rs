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

/// Lets process `pid` and its descendants copy from and to this one where only ancestors may otherwise (Yama).
#[doc(alias = "PR_SET_PTRACER")]
pub fn allow(pid: u32) {
    // SAFETY: the call takes numbers. Where there is no Yama it does not know this one, and nothing needs to be allowed.
    unsafe { libc::prctl(libc::PR_SET_PTRACER, libc::c_ulong::from(pid), 0, 0, 0) };
}

/// Reads a word of another process, to see whether that is allowed.
pub fn probe(pid: u32, address: u64) -> io::Result<u64> {
    let mut word = 0u64;
    // SAFETY: `word` is ours alone, and as long as what is read.
    unsafe { read(pid, (&raw mut word).cast(), address, size_of::<u64>()) }?;
    Ok(word)
}

/// `process_vm_readv` or `process_vm_writev`.
type Call = unsafe extern "C" fn(
    libc::pid_t,
    *const libc::iovec,
    libc::c_ulong,
    *const libc::iovec,
    libc::c_ulong,
    libc::c_ulong,
) -> libc::ssize_t;

/// Moves all of the range, however many calls that takes.
///
/// # Safety
/// `local` must be valid for what `call` does to it: reads or writes of `length` bytes.
unsafe fn transfer(
    call: Call,
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

/// Reads pieces of the memory of process `pid` to pieces of ours, of the same length in all; at most [`PIECES`] each.
///
/// # Safety
/// The local pieces must be valid for writes, and nothing else may refer to them meanwhile.
pub unsafe fn read_pieces(pid: u32, local: &[Piece], remote: &[Piece]) -> io::Result<()> {
    // SAFETY: passed on.
    unsafe { transfer_pieces(libc::process_vm_readv, read_piece, pid, local, remote) }
}

/// Writes pieces of our memory to pieces of that of process `pid`, of the same length in all; at most [`PIECES`] each.
///
/// # Safety
/// The local pieces must be valid for reads, and process `pid` must expect the write.
pub unsafe fn write_pieces(pid: u32, local: &[Piece], remote: &[Piece]) -> io::Result<()> {
    // SAFETY: passed on.
    unsafe { transfer_pieces(libc::process_vm_writev, write_piece, pid, local, remote) }
}

unsafe fn read_piece(pid: u32, local: u64, remote: u64, length: usize) -> io::Result<()> {
    // SAFETY: passed on.
    unsafe { read(pid, local as *mut u8, remote, length) }
}

unsafe fn write_piece(pid: u32, local: u64, remote: u64, length: usize) -> io::Result<()> {
    // SAFETY: passed on.
    unsafe { write(pid, local as *const u8, remote, length) }
}

/// Moves all pieces in one call, or one by one if the kernel stops on the way: it then says why, if there is a reason.
///
/// # Safety
/// The local pieces must be valid for what `call` and `one` do to them.
unsafe fn transfer_pieces(
    call: Call,
    one: unsafe fn(u32, u64, u64, usize) -> io::Result<()>,
    pid: u32,
    local: &[Piece],
    remote: &[Piece],
) -> io::Result<()> {
    let ((here, length), (there, _)) = (vector(local), vector(remote));
    let counts = (local.len().min(PIECES) as libc::c_ulong, remote.len().min(PIECES) as libc::c_ulong);
    // SAFETY: both vectors have as many valid entries as is said. Our own contract covers the local pieces; the kernel
    // checks the remote ones.
    let n = unsafe { call(pid as libc::pid_t, here.as_ptr(), counts.0, there.as_ptr(), counts.1, 0) };
    if n == length as isize {
        return Ok(());
    }
    let (mut local, mut remote) = (local.iter().copied(), remote.iter().copied());
    let (mut here, mut there) = ((0, 0), (0, 0));
    loop {
        if here.1 == 0 {
            let Some(next) = local.next() else { return Ok(()) };
            here = next;
        }
        if there.1 == 0 {
            let Some(next) = remote.next() else { return Ok(()) };
            there = next;
        }
        let length = here.1.min(there.1);
        // SAFETY: passed on, for what both pieces have.
        unsafe { one(pid, here.0, there.0, length)? };
        here = (here.0 + length as u64, here.1 - length);
        there = (there.0 + length as u64, there.1 - length);
    }
}
