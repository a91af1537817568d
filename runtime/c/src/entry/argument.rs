//! Arguments: what C passes, in forms that safe Rust can use.
//!
//! An entry point turns every argument with [`Pass::pass`], which is where the caller's promises are taken at their
//! word. What can be checked is checked here: no pointer that must lead somewhere is null.

#![allow(unsafe_code)]

use rankwise_core::{Counts, Handle, Result, Status, UNDEFINED, UserBlocks, UserBuf, fail};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::{MaybeUninit, offset_of};

/// What an entry point makes of an argument.
pub trait Pass {
    /// The form that a body takes.
    type As;

    /// Takes the argument.
    ///
    /// # Safety
    /// A pointer must be null, or a constant of MPI that stands for an address, or valid during the call (a message
    /// buffer: until the operation is complete) for what the standard says of this argument.
    unsafe fn pass(self) -> Self::As;
}

macro_rules! pass_as_they_are {
    ($($type:ty)*) => {$(
        impl Pass for $type {
            type As = $type;
            #[inline(always)]
            unsafe fn pass(self) -> $type { self }
        }
    )*};
}
pass_as_they_are!(c_int i64 isize Handle);

impl<F> Pass for Option<F> {
    type As = Option<F>;
    unsafe fn pass(self) -> Option<F> {
        self
    }
}

impl<T> Pass for *const T {
    type As = In<T>;
    #[inline(always)]
    unsafe fn pass(self) -> In<T> {
        In(self)
    }
}

impl<T> Pass for *mut T {
    type As = Out<T>;
    #[inline(always)]
    unsafe fn pass(self) -> Out<T> {
        Out(self)
    }
}

/// What a call reads: one `T`, several, or for `c_void` a message buffer.
pub struct In<T>(*const T);

/// What a call writes, and may read before. Its uses consume it, so that no two references to one place exist.
pub struct Out<T>(*mut T);

/// For calls whose arguments are used again and again. As before, one use at a time.
impl<T> Clone for In<T> {
    fn clone(&self) -> In<T> {
        In(self.0)
    }
}

/// As for [`In`].
impl<T> Clone for Out<T> {
    fn clone(&self) -> Out<T> {
        Out(self.0)
    }
}

/// The integers that MPI counts with: `int`, `MPI_Count`, `MPI_Aint`.
pub trait Number: Copy {
    /// Whether this is `MPI_Count`, the type of the functions that end in `_c`.
    const IS_COUNT: bool = false;
    /// As the widest of them.
    fn wide(self) -> i64;
    /// This value, if it fits.
    fn narrow(value: i64) -> Option<Self>;
    /// An array of them.
    fn counts(array: &[Self]) -> Counts<'_>;
}

impl Number for c_int {
    #[inline(always)]
    fn wide(self) -> i64 {
        self as i64
    }
    fn narrow(value: i64) -> Option<c_int> {
        value.try_into().ok()
    }
    fn counts(array: &[c_int]) -> Counts<'_> {
        Counts::I32(array)
    }
}

impl Number for i64 {
    const IS_COUNT: bool = true;
    #[inline(always)]
    fn wide(self) -> i64 {
        self
    }
    fn narrow(value: i64) -> Option<i64> {
        Some(value)
    }
    fn counts(array: &[i64]) -> Counts<'_> {
        Counts::I64(array)
    }
}

impl Number for isize {
    fn wide(self) -> i64 {
        self as i64
    }
    fn narrow(value: i64) -> Option<isize> {
        value.try_into().ok()
    }
    fn counts(array: &[isize]) -> Counts<'_> {
        const { assert!(size_of::<isize>() == size_of::<i64>(), "Rankwise is for machines of 64 bits") };
        // SAFETY: the same bytes; the types have the same size and alignment.
        Counts::I64(unsafe { std::slice::from_raw_parts(array.as_ptr().cast(), array.len()) })
    }
}

impl<T> In<T> {
    /// The first `n` of an array.
    pub fn slice<'a>(self, n: usize) -> Result<&'a [T]> {
        if n == 0 {
            return Ok(&[]);
        }
        if self.0.is_null() {
            fail!(ERR_ARG, "an array of {n} elements is null");
        }
        // SAFETY: the array is not null, and the caller promised its length.
        Ok(unsafe { std::slice::from_raw_parts(self.0, n) })
    }

    /// As [`In::slice`]; the length is an argument of the call.
    pub fn array<'a>(self, n: impl Number) -> Result<&'a [T]> {
        self.slice(length(n)?)
    }
}

impl<N: Number> In<N> {
    /// An array of `n` counts or displacements.
    pub fn counts<'a>(self, n: usize) -> Result<Counts<'a>>
    where
        N: 'a,
    {
        Ok(N::counts(self.slice(n)?))
    }
}

impl In<c_char> {
    /// A C string.
    pub fn text(self, what: &str) -> Result<String> {
        if self.0.is_null() {
            fail!(ERR_ARG, "the {what} is null");
        }
        // SAFETY: not null, and the caller promised that it is terminated.
        Ok(unsafe { CStr::from_ptr(self.0) }.to_string_lossy().into_owned())
    }
}

impl In<Status> {
    /// The status.
    pub fn get(self) -> Result<Status> {
        if self.0.is_null() {
            fail!(ERR_ARG, "the status is MPI_STATUS_IGNORE");
        }
        // SAFETY: not null, and the caller promised a status.
        Ok(unsafe { self.0.read() })
    }
}

impl In<c_void> {
    /// The address, as a number.
    pub fn address(&self) -> isize {
        self.0.addr() as isize
    }

    /// A message buffer to send from.
    #[inline(always)]
    pub fn buffer(self, count: impl Number, datatype: Handle) -> UserBuf {
        // SAFETY: the caller promised a buffer as the standard demands it.
        unsafe { UserBuf::new(self.0.cast_mut().cast(), count.wide(), datatype) }
    }

    /// Message buffers to send from, one for each rank.
    pub fn blocks<'a>(self, counts: Counts<'a>, displs: Counts<'a>, datatype: Handle) -> UserBlocks<'a> {
        // SAFETY: as for `buffer`.
        unsafe { UserBlocks::new(self.0.cast_mut().cast(), counts, displs, datatype) }
    }

    /// As [`In::blocks`], each with a type of its own and a displacement in bytes.
    pub fn typed_blocks<'a>(
        self,
        counts: Counts<'a>,
        displs: Counts<'a>,
        types: &'a [Handle],
    ) -> UserBlocks<'a> {
        // SAFETY: as for `buffer`.
        unsafe { UserBlocks::typed(self.0.cast_mut().cast(), counts, displs, types) }
    }
}

impl Out<c_void> {
    /// As [`Out::blocks`], each with a type of its own and a displacement in bytes.
    pub fn typed_blocks<'a>(
        self,
        counts: Counts<'a>,
        displs: Counts<'a>,
        types: &'a [Handle],
    ) -> UserBlocks<'a> {
        // SAFETY: as for `buffer`.
        unsafe { UserBlocks::typed(self.0.cast(), counts, displs, types) }
    }

    /// The address.
    pub fn address(&self) -> *mut u8 {
        self.0.cast()
    }

    /// A message buffer to receive into.
    #[inline(always)]
    pub fn buffer(self, count: impl Number, datatype: Handle) -> UserBuf {
        // SAFETY: the caller promised a buffer as the standard demands it.
        unsafe { UserBuf::new(self.0.cast(), count.wide(), datatype) }
    }

    /// Message buffers to receive into, one for each rank.
    pub fn blocks<'a>(self, counts: Counts<'a>, displs: Counts<'a>, datatype: Handle) -> UserBlocks<'a> {
        // SAFETY: as for `buffer`.
        unsafe { UserBlocks::new(self.0.cast(), counts, displs, datatype) }
    }

    /// `n` bytes, where the argument is no message buffer.
    pub fn bytes<'a>(self, n: usize) -> Result<&'a mut [u8]> {
        Out(self.0.cast::<u8>()).array(n as i64)
    }

    /// For arguments that are a `void *` because C lacks a better type: the place of a pointer.
    pub fn set_pointer(self, pointer: *mut u8) -> Result<()> {
        Out(self.0.cast::<*mut u8>()).set(pointer)
    }
}

impl<T> Out<T> {
    /// Fails if there is no place for the result, for calls that must not begin what they cannot end.
    pub fn check(&self) -> Result<()> {
        if self.0.is_null() {
            fail!(ERR_ARG, "the place for a result is null");
        }
        Ok(())
    }

    /// Writes.
    #[inline(always)]
    pub fn set(self, value: T) -> Result<()> {
        if self.0.is_null() {
            fail!(ERR_ARG, "the place for a result is null");
        }
        // SAFETY: not null, and the caller promised a place for a `T`.
        unsafe { self.0.write(value) };
        Ok(())
    }

    /// Reads, runs `f` on the value, and writes it back, also when `f` fails.
    #[inline(always)]
    pub fn update<R>(self, f: impl FnOnce(&mut T) -> Result<R>) -> Result<R>
    where
        T: Copy,
    {
        if self.0.is_null() {
            fail!(ERR_ARG, "the place of an argument that is changed is null");
        }
        // SAFETY: not null, and the caller promised a `T`.
        let mut value = unsafe { self.0.read() };
        let outcome = f(&mut value);
        // SAFETY: as above.
        unsafe { self.0.write(value) };
        outcome
    }

    /// An array that is changed in place.
    pub fn array<'a>(self, n: impl Number) -> Result<&'a mut [T]> {
        let n = length(n)?;
        if n == 0 {
            return Ok(&mut []);
        }
        if self.0.is_null() {
            fail!(ERR_ARG, "an array of {n} elements is null");
        }
        // SAFETY: not null, and the caller promised its length and that nobody else uses it during the call.
        Ok(unsafe { std::slice::from_raw_parts_mut(self.0, n) })
    }

    /// An array that is only written to; `None` if it is null.
    pub fn room<'a>(self, n: usize) -> Option<&'a mut [MaybeUninit<T>]> {
        if self.0.is_null() {
            return None;
        }
        // SAFETY: as in `array`; memory that is not set is a valid `MaybeUninit`.
        Some(unsafe { std::slice::from_raw_parts_mut(self.0.cast(), n) })
    }
}

impl<N: Number> Out<N> {
    /// Writes a count, or `MPI_UNDEFINED` if it does not fit.
    pub fn count(self, value: i64) -> Result<()> {
        match N::narrow(value).or(N::narrow(UNDEFINED as i64)) {
            Some(value) => self.set(value),
            None => fail!(ERR_INTERN, "MPI_UNDEFINED does not fit"),
        }
    }
}

impl Out<c_int> {
    /// Writes a flag.
    #[inline(always)]
    pub fn flag(self, value: bool) -> Result<()> {
        self.set(value as c_int)
    }
}

impl Out<Status> {
    /// Writes what a single completion reports, all but the error field (MPI 5.0, section 3.2.5), unless the status is
    /// ignored.
    #[inline(always)]
    pub fn report(self, status: &Status) {
        if self.0.is_null() {
            return;
        }
        const AFTER: usize = offset_of!(Status, error) + size_of::<c_int>();
        let from = std::ptr::from_ref(status);
        // SAFETY: the caller promised a place for a status; both copies stay within it.
        unsafe {
            (*self.0).source = status.source;
            (*self.0).tag = status.tag;
            let rest = size_of::<Status>() - AFTER;
            self.0.byte_add(AFTER).cast::<u8>().copy_from_nonoverlapping(from.byte_add(AFTER).cast(), rest);
        }
    }
}

impl Out<c_char> {
    /// Writes a C string that takes at most `room` bytes with its end, cut off if need be. Returns its length.
    pub fn text(self, text: &[u8], room: usize) -> Result<c_int> {
        if self.0.is_null() {
            fail!(ERR_ARG, "the place for a string is null");
        }
        let length = text.len().min(room - 1);
        // SAFETY: not null, and the caller promised `room` bytes.
        unsafe {
            self.0.cast::<u8>().copy_from_nonoverlapping(text.as_ptr(), length);
            self.0.add(length).write(0);
        }
        Ok(length as c_int)
    }
}

/// A count that must not be negative.
pub fn length(n: impl Number) -> Result<usize> {
    match usize::try_from(n.wide()) {
        Ok(n) => Ok(n),
        Err(_) => fail!(ERR_COUNT, "the count is {}, less than 0", n.wide()),
    }
}
