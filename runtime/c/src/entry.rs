//! What happens around every call of a user: the macros that make entry points of the lines in `generated`.
//!
//! Each line makes two functions. `PMPI_X` does the work; `MPI_X` is one jump to it, so that a tool may put its own
//! `MPI_X` in front (by LD_PRELOAD or by the order of linking) and call `PMPI_X` from there (MPI 5.0, section 15.2).
//! Nothing inside the library calls an `MPI_X`.

/// The two functions of one entry.
macro_rules! export {
    ($mpi:ident $pmpi:ident ($($name:ident: $type:ty),*) -> $returns:ty $body:block) => {
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $mpi($($name: $type),*) -> $returns {
            // SAFETY: the caller's promises are passed on.
            unsafe { $pmpi($($name),*) }
        }

        // Not inlined: the work would stand in the library twice.
        #[unsafe(no_mangle)]
        #[inline(never)]
        pub unsafe extern "C" fn $pmpi($($name: $type),*) -> $returns $body
    };
}

/// A function that returns a value and cannot fail.
macro_rules! value {
    ($mpi:ident $pmpi:ident $returns:ty => $body:path; $($name:ident: $type:ty),*) => {
        export! { $mpi $pmpi ($($name: $type),*) -> $returns { $body($($name),*) } }
    };
}

/// A function that is not built.
macro_rules! absent {
    ($mpi:ident $pmpi:ident $object:expr; $($name:ident: $type:ty),*) => {
        export! { $mpi $pmpi ($($name: $type),*) -> c_int {
            let _ = ($($name,)*);
            crate::entry::absent(stringify!($mpi))
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

/// The outcome of a function that is not built.
#[cold]
pub fn absent(name: &'static str) -> std::ffi::c_int {
    eprintln!("rankwise: {name} is not built");
    std::process::exit(crate::generated::constants::MPI_ERR_UNSUPPORTED_OPERATION)
}
