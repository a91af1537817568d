//! Copies of communicators, made at once or bit by bit (MPI 5.0, section 7.4.2).

use super::Comm;
use super::context::Search;
use super::hints::Hints;
use crate::Result;
use crate::coll::schedule::{Collective, Team};
use crate::error::Error;
use crate::handle::{Handle, Kind};
use crate::world::World;

impl World {
    /// A copy of a communicator with a context of its own. Collective.
    #[doc(alias = "MPI_Comm_dup")]
    pub fn comm_dup(&self, comm: Handle) -> Result<Handle> {
        let parent = self.comm(comm)?;
        // Who has no copy, as a callback refuses it, must not keep the others waiting.
        let copy = self.prepare_copy(&parent, comm);
        let context = match parent.is_inter() {
            false => self.agree_on_context(parent.mark(), || Team::of(&parent)),
            true => self.agree_with_remote(&parent, &[]).map(|(context, _)| context),
        };
        let copy = copy?;
        match context {
            Ok(context) => Ok(self.settle_comm(copy, context)),
            Err(error) => {
                self.give_up_comm(&copy);
                Err(error)
            }
        }
    }

    /// Starts to copy a communicator, as it is now, and gives the copy hints. Returns the copy, which can be used when the
    /// request, which comes second, is complete. Collective.
    #[doc(alias = "MPI_Comm_idup", alias = "MPI_Comm_idup_with_info")]
    pub fn comm_idup(&self, comm: Handle, info: Handle) -> Result<(Handle, Handle)> {
        let parent = self.comm(comm)?;
        let hints = Hints::default();
        if info != Handle::INFO_NULL {
            hints.set(self.infos.borrow().get(info)?);
        }
        let mut request = self.collective_request()?;
        let (copy, refused) = match self.prepare_copy(&parent, comm) {
            Ok(copy) => (Some(Comm { hints, ..copy }), None),
            Err(error) => (None, Some(error)),
        };
        let handle = copy.as_ref().map_or(Handle::COMM_NULL, Comm::handle);
        let search = Search::begin(self, &parent);
        self.begin_collective(request, Duplicate { search, copy, failed: None });
        match refused {
            None => Ok((handle, request)),
            // As above: this process takes part, and gets nothing.
            Some(error) => {
                self.request_free(&mut request)?;
                Err(error)
            }
        }
    }

    /// The copy of a communicator, without a context.
    fn prepare_copy(&self, parent: &Comm, handle: Handle) -> Result<Comm> {
        let attributes = parent.attributes.copy(&self.keyvals, Kind::Comm, handle)?;
        self.prepare_comm(parent, parent.group.clone(), parent.remote.clone(), attributes)
    }
}

/// A communicator that is being copied.
struct Duplicate {
    search: Search,
    /// What waits for a context; `None` if this process gets no copy.
    copy: Option<Comm>,
    failed: Option<Error>,
}

impl Collective for Duplicate {
    fn advance(&mut self, world: &World) -> bool {
        let Some(found) = self.search.advance(world) else { return false };
        self.search.end(world);
        match (found, self.copy.take()) {
            (Ok(context), Some(copy)) => {
                world.settle_comm(copy, context);
            }
            (Ok(_), None) => {}
            (Err(error), copy) => {
                copy.iter().for_each(|copy| world.give_up_comm(copy));
                self.failed = Some(error.in_context(Some(self.search.context())));
            }
        }
        true
    }

    fn outcome(&mut self) -> Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}
