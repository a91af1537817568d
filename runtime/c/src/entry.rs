//! What happens around every call of a user.
//!
//! The macros below make entry points of the lines in `generated`. Each line makes two functions. `PMPI_X` does the
//! work; `MPI_X` is one jump to it, so that a tool may put its own `MPI_X` in front (by LD_PRELOAD or by the order of
//! linking) and call `PMPI_X` from there (MPI 5.0, section 15.2). Nothing inside the library calls an `MPI_X`.
//!
//! A send or a receive passes here with one load (is there a world?) and one branch (are there threads to keep apart?).

pub mod argument;
pub mod fault;
pub mod lock;

use rankwise_core::{Result, World};
use std::ffi::c_int;

use self::fault::Object;
use crate::generated::constants::MPI_SUCCESS;
use crate::global::{self, Objects};

/// The instruction that goes to another function for good.
#[cfg(target_arch = "x86_64")]
macro_rules! jump {
    () => {
        "jmp {}"
    };
}
#[cfg(target_arch = "aarch64")]
macro_rules! jump {
    () => {
        "b {}"
    };
}

/// The two functions of one entry.
macro_rules! export {
    ($mpi:ident $pmpi:ident ($($name:ident: $type:ty),*) -> $returns:ty $body:block) => {
        // Naked, so that it is one jump whatever the arguments, and passes on those of C's variadic MPI_Pcontrol.
        // SAFETY: the name is the standard's, and nothing else in a program may have it.
        #[unsafe(no_mangle)]
        // SAFETY: the body is one jump, which leaves stack and registers to the function that it goes to.
        #[unsafe(naked)]
        pub unsafe extern "C" fn $mpi($($name: $type),*) -> $returns {
            core::arch::naked_asm!(jump!(), sym $pmpi)
        }

        // SAFETY: as above.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $pmpi($($name: $type),*) -> $returns $body
    };
}

/// An argument as the bodies take it.
macro_rules! pass {
    ($name:ident) => {
        // SAFETY: the caller of an MPI function promises that its pointers are what the standard says of them.
        unsafe { crate::entry::argument::Pass::pass($name) }
    };
}

/// A function that needs a world: its body gets the world and the arguments.
macro_rules! entry {
    ($mpi:ident $pmpi:ident $object:ident$(($on:ident))? => $body:path; $($name:ident: $type:ty),*) => {
        export! { $mpi $pmpi ($($name: $type),*) -> c_int {
            let object = crate::entry::fault::Object::$object$(($on))?;
            crate::entry::call(stringify!($mpi), object, |world| $body(world, $(pass!($name)),*))
        } }
    };
}

/// A function that may be called at any time: its body gets the objects that are there at any time.
macro_rules! any_time {
    ($mpi:ident $pmpi:ident $object:ident$(($on:ident))? => $body:path; $($name:ident: $type:ty),*) => {
        export! { $mpi $pmpi ($($name: $type),*) -> c_int {
            let object = crate::entry::fault::Object::$object$(($on))?;
            crate::entry::any_time(stringify!($mpi), object, |objects| $body(objects, $(pass!($name)),*))
        } }
    };
}

/// A function that is handed to its body as it is.
macro_rules! bare {
    ($mpi:ident $pmpi:ident $returns:ty => $body:path; $($name:ident: $type:ty),*) => {
        export! { $mpi $pmpi ($($name: $type),*) -> $returns { $body($(pass!($name)),*) } }
    };
}

/// A function that is not built.
macro_rules! absent {
    ($mpi:ident $pmpi:ident $object:ident$(($on:ident))?; $($name:ident: $type:ty),*) => {
        export! { $mpi $pmpi ($($name: $type),*) -> c_int {
            let _ = ($($name,)*);
            let object = crate::entry::fault::Object::$object$(($on))?;
            crate::entry::fault::absent(stringify!($mpi), object)
        } }
    };
}

/// A function of the tool interface that is not built. Those return their codes to the caller and never call an error
/// handler (MPI 5.0, section 15.3).
macro_rules! absent_tool {
    ($mpi:ident $pmpi:ident; $($name:ident: $type:ty),*) => {
        export! { $mpi $pmpi ($($name: $type),*) -> c_int {
            let _ = ($($name,)*);
            crate::generated::constants::MPI_T_ERR_NOT_SUPPORTED
        } }
    };
}

/// Runs the body of a function that needs a world, and tells the error handler if it fails.
#[inline(always)]
pub fn call(name: &'static str, object: Object, body: impl FnOnce(&World) -> Result<()>) -> c_int {
    let Some(process) = global::process() else { return fault::no_world(name, object) };
    let _turn = process.turn();
    match body(&process.world) {
        Ok(()) => MPI_SUCCESS,
        Err(error) => fault::raise(Some(process), name, object, &error),
    }
}

/// Runs the body of a function that may be called at any time, and tells the error handler if it fails.
pub fn any_time(name: &'static str, object: Object, body: impl FnOnce(&Objects<'_>) -> Result<()>) -> c_int {
    match global::with_objects(body) {
        Ok(()) => MPI_SUCCESS,
        Err(error) => fault::raise(global::process(), name, object, &error),
    }
}
