//! Kinds of memory that buffers may lie in (MPI 5.0, section 11.4.3).
//!
//! A list of kinds is `kind[:restrictor...]`, parted by commas. Ordinary memory and all that MPI allocates are always
//! supported. Whoever asks for kinds gets those that are supported, beside these two.

/// What is supported whatever was asked for.
const ALWAYS: [&str; 2] = ["system", "mpi"];

/// How memory of the kind `mpi` can be got.
const RESTRICTORS: [&str; 3] = ["alloc_mem", "win_allocate", "win_allocate_shared"];

fn is_supported(kind: &str) -> bool {
    match kind.split_once(':') {
        None => ALWAYS.contains(&kind),
        Some(("mpi", restrictors)) => restrictors.split(':').all(|r| RESTRICTORS.contains(&r)),
        Some(_) => false,
    }
}

fn kinds(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|kind| !kind.is_empty())
}

/// The kinds that somebody gets who asks for these.
pub(crate) fn granted(wanted: Option<&str>) -> String {
    let mut granted: Vec<&str> = ALWAYS.to_vec();
    for kind in kinds(wanted.unwrap_or_default()).filter(|kind| is_supported(kind)) {
        if !granted.contains(&kind) {
            granted.push(kind);
        }
    }
    granted.join(",")
}

/// Whether a program can promise to use no other kinds than these: all of them are supported.
pub(crate) fn can_assert(list: &str) -> bool {
    kinds(list).next().is_some() && kinds(list).all(is_supported)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_supported_is_granted() {
        assert_eq!(granted(None), "system,mpi");
        assert_eq!(granted(Some("mpi, cuda:device,mpi:alloc_mem")), "system,mpi,mpi:alloc_mem");
        assert_eq!(
            granted(Some("mpi:win_allocate:alloc_mem,mpi:shmem,system:x,")),
            "system,mpi,mpi:win_allocate:alloc_mem"
        );
        assert!(can_assert("system,mpi:alloc_mem") && can_assert("mpi"));
        assert!(!can_assert("system,cuda") && !can_assert("") && !can_assert("mpi:"));
    }
}
