//! User memory: the only place where messages and the bytes of a program meet.
//!
//! A [`UserBuf`] is what a caller passes: an address, a count, a datatype. Resolved against the table of datatypes it
//! becomes a [`Buffer`], which can be read from and written to at any offset of its packed form. The memory is never seen
//! through a reference, only through raw pointers: the user's program, other threads and (for memory that is shared)
//! other processes may touch it.

#![allow(unsafe_code)]

use std::rc::Rc;

use rankwise_transport::frame::{self, Fill};
use rankwise_transport::strided::Strided;
use rankwise_transport::{Body, Payload, Place};

use crate::datatype::{Datatype, Types, pack};
use crate::{Handle, Result, fail};

/// A message buffer as the user names it (MPI 5.0, section 3.2.2): where, how many, of what.
#[derive(Clone, Copy, Debug)]
pub struct UserBuf {
    addr: *mut u8,
    count: i64,
    datatype: Handle,
}

/// How many bytes `count` elements have, if that is a length that memory can have: half of the address space at most, so
/// that a header or an overhead can be added to it.
#[inline(always)]
fn memory_of(count: i64, size: u64) -> Option<usize> {
    let len = isize::try_from(count as u128 * size as u128).ok()?;
    Some(len.unsigned_abs())
}

/// The address that stands for "in place" (`MPI_IN_PLACE` of the standard ABI).
pub const IN_PLACE: usize = 1;

impl UserBuf {
    /// `count` elements of `datatype` at `addr`.
    ///
    /// # Safety
    /// The memory that count and datatype describe, relative to `addr`, must be valid until the operation that gets the
    /// buffer is complete: for reads if it is sent from, for writes if it is received into, and then untouched by
    /// others. `MPI_IN_PLACE` and a null address with nothing to transfer are valid too.
    pub const unsafe fn new(addr: *mut u8, count: i64, datatype: Handle) -> UserBuf {
        UserBuf { addr, count, datatype }
    }

    /// The address.
    pub fn addr(&self) -> *mut u8 {
        self.addr
    }

    /// How many elements.
    pub fn count(&self) -> i64 {
        self.count
    }

    /// The same with another count.
    pub(crate) fn with_count(self, count: i64) -> UserBuf {
        UserBuf { count, ..self }
    }

    /// Of which type.
    pub fn datatype(&self) -> Handle {
        self.datatype
    }

    /// Whether this is `MPI_IN_PLACE`.
    pub fn is_in_place(&self) -> bool {
        self.addr.addr() == IN_PLACE
    }

    /// Checks count, datatype and address.
    #[inline(always)]
    pub(crate) fn resolve(&self, types: &Types) -> Result<Buffer> {
        if self.count < 0 {
            fail!(ERR_COUNT, "the count is {}, less than 0", self.count);
        }
        if let Some(size) = types.contiguous_size(self.datatype) {
            let Some(len) = memory_of(self.count, size) else {
                fail!(ERR_COUNT, "{} elements of {size} bytes do not fit into memory", self.count)
            };
            if self.addr.is_null() && len > 0 {
                fail!(ERR_BUFFER, "the buffer is null, but {len} bytes are to be transferred");
            }
            return Ok(Buffer { addr: self.addr, len, shape: Shape::Contiguous });
        }
        self.resolve_derived(types)
    }

    fn resolve_derived(&self, types: &Types) -> Result<Buffer> {
        let datatype = types.get(self.datatype)?;
        if !datatype.committed() {
            fail!(
                ERR_TYPE,
                "the datatype is not committed: call MPI_Type_commit before it is used in communication"
            );
        }
        let Some(len) = memory_of(self.count, datatype.size()) else {
            fail!(ERR_COUNT, "{} elements of {} bytes do not fit into memory", self.count, datatype.size())
        };
        // A null address is MPI_BOTTOM for a type that may hold absolute addresses.
        if datatype.is_contiguous() && self.addr.is_null() && len > 0 {
            fail!(ERR_BUFFER, "the buffer is null, but {len} bytes are to be transferred");
        }
        Ok(Buffer::shaped(self.addr, self.count as u64, datatype, len))
    }
}

#[derive(Clone)]
enum Shape {
    Contiguous,
    /// The address is that of the first block; from the packed byte `skip` on.
    Strided {
        blocks: Strided,
        skip: usize,
    },
    /// From the packed byte `skip` on.
    Typed {
        datatype: Rc<Datatype>,
        count: u64,
        skip: u64,
    },
}

/// A checked buffer, seen as its `len` packed bytes.
#[derive(Clone)]
pub struct Buffer {
    addr: *mut u8,
    len: usize,
    shape: Shape,
}

impl Buffer {
    /// No bytes.
    pub const EMPTY: Buffer = Buffer { addr: std::ptr::null_mut(), len: 0, shape: Shape::Contiguous };

    /// `len` bytes of the library's own memory.
    ///
    /// # Safety
    /// As for [`UserBuf::new`].
    pub(crate) unsafe fn raw(addr: *mut u8, len: usize) -> Buffer {
        Buffer { addr, len, shape: Shape::Contiguous }
    }

    /// The bytes of `bytes`, whose memory must be kept, and neither moved nor changed in length, while the buffer is
    /// used: the owners of such buffers keep the two together.
    pub(crate) fn of_vec(bytes: &mut Vec<u8>) -> Buffer {
        Buffer { addr: bytes.as_mut_ptr(), len: bytes.len(), shape: Shape::Contiguous }
    }

    /// `count` instances of `datatype` at `addr`.
    ///
    /// # Safety
    /// As for [`UserBuf::new`].
    pub(crate) unsafe fn typed(addr: *mut u8, count: u64, datatype: Rc<Datatype>) -> Buffer {
        let len = (count * datatype.size()) as usize;
        Buffer::shaped(addr, count, datatype, len)
    }

    /// `count` elements, which have `len` bytes of data, in the simplest form.
    fn shaped(addr: *mut u8, count: u64, datatype: Rc<Datatype>, len: usize) -> Buffer {
        if datatype.is_contiguous() {
            return Buffer { addr, len, shape: Shape::Contiguous };
        }
        match datatype.strided(count) {
            Some((offset, blocks)) => Buffer {
                addr: addr.wrapping_offset(offset as isize),
                len,
                shape: Shape::Strided { blocks, skip: 0 },
            },
            None => Buffer { addr, len, shape: Shape::Typed { datatype, count, skip: 0 } },
        }
    }

    /// How many bytes the buffer has when packed.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a message of `bytes` bytes ends within an element of a basic type. Asked of types whose bytes do not lie in
    /// one row alone: of others the bytes can be kept as they are, as programs expect that send bytes.
    #[inline]
    pub(crate) fn cuts_element(&self, bytes: usize) -> bool {
        match &self.shape {
            Shape::Typed { datatype, .. } => {
                bytes < self.len && datatype.basic_elements(bytes as u64).is_none()
            }
            _ => false,
        }
    }

    /// The `len` packed bytes from `from` on.
    pub(crate) fn slice(&self, from: usize, len: usize) -> Buffer {
        assert!(from + len <= self.len);
        match &self.shape {
            Shape::Contiguous => Buffer { addr: self.addr.wrapping_add(from), len, shape: Shape::Contiguous },
            Shape::Strided { blocks, skip } => {
                // Whole blocks are left behind, so that what begins with a block is known to.
                let (blocks, skip) = (*blocks, skip + from);
                let before = (skip / blocks.block) as isize * blocks.stride;
                let (addr, skip) = (self.addr.wrapping_offset(before), skip % blocks.block);
                Buffer { addr, len, shape: Shape::Strided { blocks, skip } }
            }
            Shape::Typed { datatype, count, skip } => {
                let (datatype, skip) = (datatype.clone(), skip + from as u64);
                Buffer { addr: self.addr, len, shape: Shape::Typed { datatype, count: *count, skip } }
            }
        }
    }

    /// The address, if the bytes lie in one piece.
    #[inline]
    pub fn contiguous(&self) -> Option<*mut u8> {
        matches!(self.shape, Shape::Contiguous).then_some(self.addr)
    }

    /// The same buffer, unless it has some byte twice: nothing can be received into such a one (MPI 5.0, section 5.1.11).
    pub(crate) fn without_overlap(self) -> Result<Buffer> {
        let overlaps = match &self.shape {
            Shape::Contiguous => false,
            Shape::Strided { blocks: Strided { block, stride }, .. } => {
                stride.unsigned_abs() < *block && self.len > *block
            }
            Shape::Typed { datatype, count, .. } => datatype.overlaps(*count),
        };
        if overlaps {
            fail!(ERR_TYPE, "the elements have some byte twice: nothing can be received into them");
        }
        Ok(self)
    }

    /// Where the bytes lie, if that can be told in a few words.
    pub(crate) fn place(&self) -> Option<Place> {
        match self.shape {
            Shape::Contiguous => Some(Place { address: self.addr, blocks: None }),
            Shape::Strided { blocks, skip: 0 } => Some(Place { address: self.addr, blocks: Some(blocks) }),
            Shape::Strided { .. } | Shape::Typed { .. } => None,
        }
    }

    /// Runs `f` with the `len` packed bytes from `from` on, as a transport takes them.
    #[inline]
    pub(crate) fn body<R>(&self, from: usize, len: usize, f: impl FnOnce(Body<'_>) -> R) -> R {
        assert!(from + len <= self.len);
        match &self.shape {
            // SAFETY: the buffer's memory is valid for reads by the contract of `UserBuf::new`.
            Shape::Contiguous => f(unsafe { Body::bytes(self.addr.wrapping_add(from), len) }),
            Shape::Strided { blocks, skip } => {
                // SAFETY: as above.
                f(unsafe { Body::strided(self.addr, *blocks, skip + from, len) })
            }
            Shape::Typed { .. } => f(Body::fill(&Part { buffer: self, from }, len)),
        }
    }

    /// Writes `payload` to the packed bytes from `at` on, as many as fit. Returns how many did.
    #[inline]
    pub(crate) fn write(&self, at: usize, payload: &Payload<'_>) -> usize {
        let len = payload.len().min(self.len.saturating_sub(at));
        if len == 0 {
            return 0;
        }
        match &self.shape {
            // SAFETY: `at + len` is inside the buffer, which is valid for writes by the contract of `UserBuf::new`.
            Shape::Contiguous => unsafe { payload.copy_to(self.addr.wrapping_add(at), len) },
            // SAFETY: as above; the payload has at least `len` bytes.
            Shape::Strided { blocks, skip } => unsafe {
                blocks.scatter(self.addr, skip + at, payload.as_ptr(), len)
            },
            // SAFETY: as above; the payload has at least `len` bytes.
            Shape::Typed { datatype, count, skip } => unsafe {
                pack::unpack(datatype, self.addr, *count, skip + at as u64, payload.as_ptr(), len)
            },
        }
        len
    }

    /// Copies the packed bytes out, all of them.
    pub(crate) fn to_vec(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(self.len).is_err() {
            fail!(ERR_NO_MEM, "there is no memory for a copy of a message of {} bytes", self.len);
        }
        // SAFETY: there is room for as many bytes, and all of them are written.
        unsafe {
            self.pack_to(bytes.as_mut_ptr());
            bytes.set_len(self.len);
        }
        Ok(bytes)
    }

    /// Copies packed bytes from `from` on to `out`.
    pub(crate) fn read(&self, from: usize, out: &mut [u8]) {
        // SAFETY: `out` has the length that is asked for.
        self.body(from, out.len(), |body| unsafe { body.write(out.as_mut_ptr()) });
    }

    /// Copies the packed bytes, all of them, to `out`.
    ///
    /// # Safety
    /// `out` must be valid for writes of [`Buffer::len`] bytes.
    pub(crate) unsafe fn pack_to(&self, out: *mut u8) {
        // SAFETY: passed on.
        self.body(0, self.len, |body| unsafe { body.write(out) });
    }

    /// Writes `bytes` to the packed bytes from `at` on, as many as fit.
    pub(crate) fn write_bytes(&self, at: usize, bytes: &[u8]) -> usize {
        // SAFETY: the slice lives during the call.
        self.write(at, &unsafe { Payload::new(bytes.as_ptr(), bytes.len()) })
    }

    /// Copies as many packed bytes of `from` as fit into `self`.
    pub(crate) fn copy_from(&self, from: &Buffer) {
        let len = self.len.min(from.len);
        if len == 0 {
            return;
        }
        match (from.contiguous(), self.contiguous()) {
            // SAFETY: both are valid for `len` bytes by contract; the same memory on both sides is allowed by `copy`.
            (Some(source), Some(target)) => unsafe { std::ptr::copy(source, target, len) },
            (Some(source), None) => {
                // SAFETY: `source` is valid for reads of `len` bytes.
                let payload = unsafe { Payload::new(source, len) };
                self.write(0, &payload);
            }
            // SAFETY: `target` is valid for writes of `len` bytes.
            (None, Some(target)) => from.body(0, len, |body| unsafe { body.write(target) }),
            (None, None) => {
                let mut piece = [0; 4096];
                let mut at = 0;
                while at < len {
                    let n = piece.len().min(len - at);
                    from.read(at, &mut piece[..n]);
                    self.write_bytes(at, &piece[..n]);
                    at += n;
                }
            }
        }
    }
}

/// The packed bytes of a buffer from some offset on.
struct Part<'a> {
    buffer: &'a Buffer,
    from: usize,
}

impl Fill for Part<'_> {
    unsafe fn fill(&self, from: usize, out: *mut u8, length: usize) {
        let from = self.from + from;
        match &self.buffer.shape {
            // SAFETY: the range was checked in `body`; `out` is valid by this function's contract.
            Shape::Contiguous => unsafe { frame::copy(self.buffer.addr.wrapping_add(from), out, length) },
            // SAFETY: as above.
            Shape::Strided { blocks, skip } => unsafe {
                blocks.gather(self.buffer.addr, skip + from, out, length)
            },
            // SAFETY: as above.
            Shape::Typed { datatype, count, skip } => unsafe {
                pack::pack(datatype, self.buffer.addr, *count, skip + from as u64, out, length)
            },
        }
    }
}
