//! Hints on communicators (MPI 5.0, section 7.4.4): what a program promises, or would like.
//!
//! None changes what a communicator does yet. Those of the standard are kept if their value is one that they can have,
//! and reported with their defaults; others are ignored, and not reported. A duplicate begins without hints, as the
//! standard has it since 4.0.

use std::cell::{Cell, RefCell};

use super::Comm;
use crate::Result;
use crate::handle::Handle;
use crate::info::{Info, memory};
use crate::world::World;

/// Promises that hold or do not.
const PROMISES: [&str; 5] = [
    "mpi_assert_no_any_tag",
    "mpi_assert_no_any_source",
    "mpi_assert_exact_length",
    "mpi_assert_allow_overtaking",
    "mpi_assert_strict_persistent_collective_ordering",
];

/// The promise to use only these kinds of memory.
const ASSERT_KINDS: &str = "mpi_assert_memory_alloc_kinds";

/// The hints of one communicator.
#[derive(Default)]
pub(super) struct Hints {
    promises: [Cell<bool>; PROMISES.len()],
    kinds: RefCell<Option<String>>,
}

impl Hints {
    pub(super) fn set(&self, info: &Info) {
        for (name, promise) in PROMISES.iter().zip(&self.promises) {
            match info.get(name) {
                Some("true") => promise.set(true),
                Some("false") => promise.set(false),
                _ => {}
            }
        }
        if let Some(kinds) = info.get(ASSERT_KINDS).filter(|kinds| memory::can_assert(kinds)) {
            *self.kinds.borrow_mut() = Some(kinds.into());
        }
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let promises = PROMISES.iter().zip(&self.promises);
        let mut pairs: Vec<(String, String)> =
            promises.map(|(name, promise)| (name.to_string(), promise.get().to_string())).collect();
        if let Some(kinds) = &*self.kinds.borrow() {
            pairs.push((ASSERT_KINDS.into(), kinds.clone()));
        }
        pairs
    }
}

impl World {
    /// Takes hints for a communicator over from an info object, or none from `MPI_INFO_NULL`.
    #[doc(alias = "MPI_Comm_set_info")]
    pub fn comm_set_info(&self, comm: Handle, info: Handle) -> Result<()> {
        let comm = self.comm(comm)?;
        if info != Handle::INFO_NULL {
            comm.hints.set(self.infos.borrow().get(info)?);
        }
        Ok(())
    }

    /// A new info object with the hints of a communicator that are in use, and the kinds of memory that it supports.
    #[doc(alias = "MPI_Comm_get_info")]
    pub fn comm_get_info(&self, comm: Handle) -> Result<Handle> {
        let comm = self.comm(comm)?;
        let mut pairs = comm.hints.pairs();
        pairs.push((KINDS.into(), self.kinds_of(&comm)));
        self.infos.borrow_mut().create_with(pairs)
    }

    fn kinds_of(&self, comm: &Comm) -> String {
        let of_session = comm.session.and_then(|session| self.session_memory_kinds(session).ok());
        of_session.unwrap_or_else(|| memory::granted(self.job().memory_kinds.as_deref()))
    }
}

/// The key under which the kinds of memory are asked for and told.
pub const KINDS: &str = "mpi_memory_alloc_kinds";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_that_are_known_and_make_sense_are_kept() {
        let hints = Hints::default();
        let mut infos = crate::info::Infos::new();
        let info = infos.create().unwrap();
        let mut set = |key: &str, value: &str| {
            infos.set(info, key, value).unwrap();
            hints.set(infos.get(info).unwrap());
            hints.pairs()
        };
        let has = |pairs: &[(String, String)], key: &str, value: &str| {
            pairs.contains(&(key.to_string(), value.to_string()))
        };
        assert!(has(&set("unknown", "x"), PROMISES[0], "false"));
        assert!(has(&set(PROMISES[0], "true"), PROMISES[0], "true"));
        assert!(has(&set(PROMISES[0], "perhaps"), PROMISES[0], "true"));
        assert_eq!(set(ASSERT_KINDS, "cuda").len(), PROMISES.len());
        assert!(has(&set(ASSERT_KINDS, "system"), ASSERT_KINDS, "system"));
    }
}
