//! What becomes of an error (MPI 5.0, section 9.3): the error handler of the right object hears of it.

use rankwise_core::errhandler::Errhandler;
use rankwise_core::{Error, ErrorClass, Handle, Reason};
use std::ffi::c_int;

use crate::generated::constants::*;
use crate::global::{self, Phase, Process};

/// The object that a call is about.
#[derive(Clone, Copy)]
pub enum Object {
    /// A communicator.
    Comm(Handle),
    /// A file.
    File(Handle),
    /// A session.
    Session(Handle),
    /// None: the handler of `MPI_COMM_SELF` hears of an error, unless the program has set that of `MPI_COMM_WORLD` alone.
    Process,
}

/// Tells the error handler of a call's object of an error. Returns, if that lets the program go on, the error code.
#[cold]
#[inline(never)]
pub fn raise(process: Option<&Process>, name: &str, object: Object, error: &Error) -> c_int {
    let Some(process) = process else { end(None, name, object, error) };
    let (on, handler) = handler(process, object, error);
    raise_by(handler, Some(process), name, (on, object), error)
}

/// As [`raise`], for a call that was given the error handler: that hears of the error of `on`, which is an `object`.
#[cold]
pub fn raise_by(
    handler: Errhandler,
    process: Option<&Process>,
    name: &str,
    (on, object): (Handle, Object),
    error: &Error,
) -> c_int {
    match handler {
        Errhandler::Return => {}
        Errhandler::User(function) => function(on, error.code),
        Errhandler::Fatal | Errhandler::Abort => end(process, name, object, error),
    }
    error.code
}

/// Who hears of an error, and what object it is told of.
fn handler(process: &Process, object: Object, error: &Error) -> (Handle, Errhandler) {
    let world = &process.world;
    let (on, found) = match (error.comm, object) {
        (Some(comm), _) | (None, Object::Comm(comm)) => (comm, world.comm_errhandler(comm)),
        (None, Object::File(file)) => (file, world.file_errhandler(file)),
        (None, Object::Session(session)) => (session, world.session_errhandler(session)),
        (None, Object::Process) => {
            let (comm, handler) = world.orphan_errhandler();
            (comm, Ok(handler))
        }
    };
    // What is no object has no handler; another one stands in.
    let (on, handler) = match found {
        Ok(handler) => (on, handler),
        Err(_) => match object {
            Object::File(_) => {
                let handler = world.file_errhandler(MPI_FILE_NULL);
                (MPI_FILE_NULL, handler.unwrap_or(MPI_ERRORS_RETURN))
            }
            _ => world.orphan_errhandler(),
        },
    };
    let handler = world.errhandlers.borrow().get(handler);
    (on, handler.unwrap_or(Errhandler::Fatal))
}

/// The outcome of a function that is not built, be there a world or not.
#[cold]
#[inline(never)]
pub fn absent(name: &str, object: Object) -> c_int {
    let process = global::process();
    let _turn = process.map(Process::turn);
    let cause = "Rankwise does not have this function yet";
    raise(process, name, object, &Error::new(ErrorClass::ERR_UNSUPPORTED_OPERATION, cause))
}

/// The outcome of a call that needs a world where there is none.
#[cold]
#[inline(never)]
pub fn no_world(name: &str, object: Object) -> c_int {
    let when = match global::phase() {
        Phase::Before => "before MPI_Init or MPI_Init_thread was",
        _ => "after MPI_Finalize was",
    };
    let cause = format!("it was called {when}; MPI 5.0, section 11.4, lists what may be called then");
    raise(None, name, object, &Error::new(ErrorClass::ERR_OTHER, cause))
}

/// Ends the job because of an error.
fn end(process: Option<&Process>, name: &str, object: Object, error: &Error) -> ! {
    let on = match (process, error.comm, object) {
        (Some(p), Some(comm), _) | (Some(p), None, Object::Comm(comm)) => match p.world.comm(comm) {
            Ok(comm) => format!(" on {}", comm.display_name()),
            Err(_) => String::new(),
        },
        _ => String::new(),
    };
    let mut text = format!("{name} failed{on}: {error}");
    if let Some(advice) = advice(name, error.class.0) {
        text += &format!("\n  {advice}");
    }
    if process.is_some() {
        text += "\n  The error handler is MPI_ERRORS_ARE_FATAL, so the job ends here.";
    }
    global::abort(process, error.code, Reason::Failed(text))
}

/// Ends the job because a program called a fatal error handler itself.
pub fn called(on: &str, code: c_int, text: &str) -> ! {
    let why = format!("the error handler of {on} was called with error {code} ({text})");
    global::abort(global::process(), code, Reason::Failed(why))
}

/// What a person can do about an error of a class.
fn advice(name: &str, class: c_int) -> Option<&'static str> {
    Some(match class {
        MPI_ERR_RANK => {
            "Ranks count from 0 to MPI_Comm_size - 1; MPI_PROC_NULL stands for a peer that is not there."
        }
        MPI_ERR_ROOT => {
            "The root is a rank of the communicator, and the same one in the calls of all its ranks."
        }
        MPI_ERR_TAG => "Tags count from 0 to MPI_TAG_UB; MPI_ANY_TAG is for receives and probes alone.",
        MPI_ERR_COUNT => {
            "Counts begin at 0; for more than an int holds there is the call whose name ends in _c."
        }
        MPI_ERR_TYPE => {
            "Valid are predefined datatypes, and made ones from MPI_Type_commit to MPI_Type_free."
        }
        MPI_ERR_COMM => {
            "A communicator is valid from the call that makes it to MPI_Comm_free; mind copies of its handle."
        }
        MPI_ERR_TRUNCATE => {
            "Receive with a larger count, or ask for the length with MPI_Probe and MPI_Get_count first."
        }
        MPI_ERR_NO_MEM => {
            "A limit is likely to be too low: of the address space (ulimit -v), or of a container's memory."
        }
        MPI_ERR_OP => {
            "Each predefined operator is for some types only (MPI 5.0, section 6.9.2); others need MPI_Op_create."
        }
        MPI_ERR_REQUEST => {
            "A request is valid from the call that returns it until it is complete or freed; mind copies of its handle."
        }
        MPI_ERR_ARG => "The text above names the argument; the call's description says what it may be.",
        MPI_ERR_IN_STATUS => {
            "With MPI_ERRORS_RETURN and an array of statuses, the MPI_ERROR field of each tells what befell its request."
        }
        MPI_ERR_UNSUPPORTED_OPERATION => "runtime/COVERAGE.md lists what is built.",
        MPI_ERR_BUFFER if !name.to_lowercase().contains("bsend") => {
            "Null is a buffer for a count of 0 only, and MPI_IN_PLACE where the call's description allows it."
        }
        MPI_ERR_BUFFER => {
            "If it is a buffered send, MPI_Buffer_attach gives it room (MPI_BUFFER_AUTOMATIC: any amount)."
        }
        _ => return None,
    })
}
