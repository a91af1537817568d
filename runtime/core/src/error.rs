//! Errors: a class of the standard, and a sentence that names the cause.
//!
//! Everything in this crate returns [`Result`]. An [`Error`] is made where the cause is first seen, with all that is
//! known there (communicator, peer, tag, count); the faces add the name of the call and hand it to an error handler
//! (MPI 5.0, section 9.3) or to the Rust caller.

pub mod codes;

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::handle::Handle;

/// An error class or an error code in the numbering of the standard ABI (MPI 5.0, section 9.4 and annex A).
///
/// Classes that users add (`MPI_Add_error_class`) lie above [`ErrorClass::LASTCODE`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ErrorClass(pub i32);

macro_rules! classes {
    ($($name:ident = $value:literal, $text:literal;)*) => {
        #[allow(missing_docs)]
        impl ErrorClass {
            $(pub const $name: ErrorClass = ErrorClass($value);)*
        }

        /// Every class with its C name and its text.
        const CLASSES: &[(ErrorClass, &str, &str)] = &[
            $((ErrorClass::$name, concat!("MPI_", stringify!($name)), $text),)*
        ];
    };
}

classes! {
    SUCCESS = 0, "no error";
    ERR_BUFFER = 1, "invalid buffer pointer, or no room in the attached buffer";
    ERR_COUNT = 2, "invalid count";
    ERR_TYPE = 3, "invalid datatype";
    ERR_TAG = 4, "invalid tag";
    ERR_COMM = 5, "invalid communicator";
    ERR_RANK = 6, "invalid rank";
    ERR_REQUEST = 7, "invalid request";
    ERR_ROOT = 8, "invalid root";
    ERR_GROUP = 9, "invalid group";
    ERR_OP = 10, "invalid operator";
    ERR_TOPOLOGY = 11, "invalid topology";
    ERR_DIMS = 12, "invalid dimensions";
    ERR_ARG = 13, "invalid argument";
    ERR_UNKNOWN = 14, "unknown error";
    ERR_TRUNCATE = 15, "message longer than the receive buffer";
    ERR_OTHER = 16, "error not in another class";
    ERR_INTERN = 17, "internal error of the MPI library";
    ERR_PENDING = 18, "request neither failed nor complete";
    ERR_IN_STATUS = 19, "the error is in the status";
    ERR_ACCESS = 20, "permission denied";
    ERR_AMODE = 21, "invalid file access mode";
    ERR_ASSERT = 22, "invalid assertion";
    ERR_BAD_FILE = 23, "invalid file name";
    ERR_BASE = 24, "invalid base address";
    ERR_CONVERSION = 25, "error in a data conversion function";
    ERR_DISP = 26, "invalid displacement";
    ERR_DUP_DATAREP = 27, "data representation already defined";
    ERR_FILE_EXISTS = 28, "file exists";
    ERR_FILE_IN_USE = 29, "file in use";
    ERR_FILE = 30, "invalid file handle";
    ERR_INFO_KEY = 31, "info key too long";
    ERR_INFO_NOKEY = 32, "no such info key";
    ERR_INFO_VALUE = 33, "info value too long";
    ERR_INFO = 34, "invalid info object";
    ERR_IO = 35, "input or output error";
    ERR_KEYVAL = 36, "invalid attribute key";
    ERR_LOCKTYPE = 37, "invalid lock type";
    ERR_NAME = 38, "service name not published";
    ERR_NO_MEM = 39, "out of memory";
    ERR_NOT_SAME = 40, "collective argument differs between processes";
    ERR_NO_SPACE = 41, "not enough space";
    ERR_NO_SUCH_FILE = 42, "no such file";
    ERR_PORT = 43, "invalid port name";
    ERR_QUOTA = 44, "quota exceeded";
    ERR_READ_ONLY = 45, "read-only file or file system";
    ERR_RMA_ATTACH = 46, "memory cannot be attached";
    ERR_RMA_CONFLICT = 47, "conflicting accesses to a window";
    ERR_RMA_RANGE = 48, "target memory is not part of the window";
    ERR_RMA_SHARED = 49, "memory cannot be shared";
    ERR_RMA_SYNC = 50, "wrong synchronization of a window";
    ERR_SERVICE = 51, "invalid service name";
    ERR_SIZE = 52, "invalid size";
    ERR_SPAWN = 53, "error in spawning processes";
    ERR_UNSUPPORTED_DATAREP = 54, "unsupported data representation";
    ERR_UNSUPPORTED_OPERATION = 55, "unsupported operation";
    ERR_WIN = 56, "invalid window";
    ERR_RMA_FLAVOR = 57, "wrong window flavor";
    ERR_PROC_ABORTED = 58, "a peer process aborted";
    ERR_VALUE_TOO_LARGE = 59, "value too large for its type";
    ERR_SESSION = 60, "invalid session";
    ERR_ERRHANDLER = 61, "invalid error handler";
    ERR_ABI = 62, "ABI mismatch";
}

impl ErrorClass {
    /// The largest error code that the library itself uses (`MPI_ERR_LASTCODE`).
    pub const LASTCODE: ErrorClass = ErrorClass(16383);

    /// The C name of a class of the standard, `MPI_ERR_COMM` for example.
    pub fn name(self) -> Option<&'static str> {
        CLASSES.iter().find(|c| c.0 == self).map(|c| c.1)
    }

    /// What a class of the standard means, in a few words.
    pub fn text(self) -> Option<&'static str> {
        CLASSES.iter().find(|c| c.0 == self).map(|c| c.2)
    }
}

/// What went wrong. One word wide, so that results stay small where nothing does.
#[derive(Clone, Debug)]
pub struct Error(Box<Report>);

/// The class of an error, and a sentence with the exact cause.
#[derive(Clone, Debug)]
pub struct Report {
    /// The class that `MPI_Error_class` reports.
    pub class: ErrorClass,
    /// The code that the call returns; the class itself unless a user's callback returned a code of its own.
    pub code: i32,
    /// Which request of a list it was, where a call completes one of several.
    pub index: Option<usize>,
    /// The communicator of the operation that failed. The message leaves its name to whoever shows it: the call that
    /// reports the error may be one that is given a request alone.
    pub comm: Option<Handle>,
    /// The context of that operation, until somebody who knows the communicators sees the error.
    pub(crate) context: Option<u32>,
    message: Box<str>,
}

impl Deref for Error {
    type Target = Report;
    fn deref(&self) -> &Report {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Report {
        &mut self.0
    }
}

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `class`; `message` says what exactly was wrong.
    #[cold]
    pub fn new(class: ErrorClass, message: impl Into<String>) -> Error {
        let message = message.into().into_boxed_str();
        Error(Box::new(Report { class, code: class.0, index: None, comm: None, context: None, message }))
    }

    /// A callback of the user has returned `code`, an error class or an error code of its own; the call returns it too.
    #[cold]
    pub(crate) fn of_callback(code: i32, message: String) -> Error {
        let class = ErrorClass(code);
        let class = if class.name().is_some() { class } else { ErrorClass::ERR_OTHER };
        let mut error = Error::new(class, message);
        error.code = code;
        error
    }

    /// Adds where it happened: "..., in a receive from rank 3".
    #[cold]
    pub fn within(mut self, place: fmt::Arguments<'_>) -> Error {
        self.message = format!("{} ({place})", self.message).into_boxed_str();
        self
    }

    /// Adds the communicator of the operation that failed.
    #[cold]
    pub(crate) fn on(mut self, comm: Handle) -> Error {
        self.comm = Some(comm);
        self
    }

    /// Adds the context of the operation that failed.
    #[cold]
    pub(crate) fn in_context(mut self, context: Option<u32>) -> Error {
        self.context = context.or(self.context);
        self
    }

    /// Adds which of several requests it was.
    #[cold]
    pub fn at_index(self, index: usize) -> Error {
        let mut error = self.within(format_args!("request {index} of the list"));
        error.index = Some(index);
        error
    }

    /// The cause, without the name of the class.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class.name() {
            Some(name) => write!(f, "{name}: {}", self.message),
            None => write!(f, "error {}: {}", self.code, self.message),
        }
    }
}

impl std::error::Error for Error {}

/// Leaves the function with an [`Error`] of the named class: `fail!(ERR_RANK, "rank {r} is not in a group of {n}")`.
#[macro_export]
macro_rules! fail {
    ($class:ident, $($text:tt)+) => {
        return Err($crate::error::Error::new($crate::error::ErrorClass::$class, format!($($text)+)))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_dense_and_named_once() {
        for (i, (class, name, text)) in CLASSES.iter().enumerate() {
            assert_eq!(class.0 as usize, i, "{name}");
            assert!(!text.is_empty());
        }
        assert_eq!(ErrorClass::ERR_ABI.name(), Some("MPI_ERR_ABI"));
        assert_eq!(ErrorClass(4711).name(), None);
    }

    #[test]
    fn an_error_names_class_and_cause() {
        let e = Error::new(ErrorClass::ERR_RANK, "rank 7 is not in a group of 4");
        assert_eq!(e.to_string(), "MPI_ERR_RANK: rank 7 is not in a group of 4");
    }
}
