//! Making and freeing communicators (MPI 5.0, sections 7.4.2 and 7.4.3).

use std::rc::Rc;

use super::{Comm, mark};
use crate::attribute::Attributes;
use crate::coll::schedule::Team;
use crate::group::{Group, UNDEFINED};
use crate::handle::{Handle, Kind};
use crate::p2p::TAG_UB;
use crate::world::World;
use crate::{Result, fail};

/// The ranks of a group that wish for `color`, ordered by key and then by rank. A wish is a color and, above it, a key.
fn members(group: &Group, wishes: &[u64], color: i32) -> Group {
    let wished = wishes.iter().enumerate().filter(|(_, wish)| **wish as u32 as i32 == color);
    let mut members: Vec<(i32, usize)> = wished.map(|(rank, wish)| ((wish >> 32) as i32, rank)).collect();
    members.sort_unstable();
    Group::of(members.into_iter().filter_map(|(_, rank)| group.world_rank(rank)).map(|r| r as u32).collect())
}

impl World {
    /// Makes a communicator for `group`, of which this process is a member, with a context that all have agreed on.
    pub(crate) fn enter_comm(
        &self,
        parent: &Comm,
        group: Rc<Group>,
        remote: Option<Rc<Group>>,
        context: u64,
        attributes: Attributes,
    ) -> Result<Handle> {
        let comm = self.prepare_comm(parent, group, remote, attributes)?;
        Ok(self.settle_comm(comm, context))
    }

    /// A communicator that lacks a context. It has a handle, behind which nothing is found yet.
    pub(super) fn prepare_comm(
        &self,
        parent: &Comm,
        group: Rc<Group>,
        remote: Option<Rc<Group>>,
        attributes: Attributes,
    ) -> Result<Comm> {
        let Some(rank) = group.rank_of(self.rank()) else {
            fail!(ERR_INTERN, "this process is not a member of the communicator that it makes");
        };
        let Some(handle) = self.comms.borrow_mut().reserve() else {
            attributes.forget_all(&self.keyvals);
            fail!(ERR_NO_MEM, "too many communicators: 262,144 exist");
        };
        let errhandler = parent.errhandler.get();
        self.errhandlers.borrow_mut().retain(errhandler);
        let session = group.session.or(parent.session);
        let comm = Comm { attributes, remote, session, ..Comm::new(0, group, rank, "", errhandler) };
        comm.handle.set(handle);
        Ok(comm)
    }

    /// Gives a communicator its context: it can be used from now on.
    pub(super) fn settle_comm(&self, comm: Comm, context: u64) -> Handle {
        let handle = comm.handle();
        self.comms.borrow_mut().settle(handle, Some(Rc::new(Comm { context: context as u32, ..comm })));
        handle
    }

    /// Drops a communicator that gets no context.
    pub(super) fn give_up_comm(&self, comm: &Comm) {
        self.comms.borrow_mut().settle(comm.handle(), None);
        self.errhandlers.borrow_mut().release(comm.errhandler.get());
        comm.attributes.forget_all(&self.keyvals);
    }

    /// A communicator of one group, for operations that are not built for intercommunicators.
    pub(crate) fn intracomm(&self, comm: Handle) -> Result<Rc<Comm>> {
        let comm = self.comm(comm)?;
        if comm.is_inter() {
            fail!(ERR_UNSUPPORTED_OPERATION, "{} is an intercommunicator", comm.display_name());
        }
        Ok(comm)
    }

    /// A communicator for each color, its ranks ordered by key and then by old rank. Collective; `MPI_UNDEFINED` as
    /// color gives `MPI_COMM_NULL`. Each side of an intercommunicator is split.
    #[doc(alias = "MPI_Comm_split")]
    pub fn comm_split(&self, comm: Handle, color: i32, key: i32) -> Result<Handle> {
        let comm = self.comm(comm)?;
        if color < 0 && color != UNDEFINED {
            fail!(ERR_ARG, "the color is {color}, less than 0 and not MPI_UNDEFINED");
        }
        let wish = color as u32 as u64 | (key as u32 as u64) << 32;
        let [next, threads] = self.context_wish();
        let told = self.tell_all(Team::of(&comm), [wish, next, threads])?;
        let wishes: Vec<u64> = told.iter().map(|t| t[0]).collect();
        let wished = told.iter().map(|t| [t[1], t[2]]);
        let (remote, context) = match &comm.remote {
            None => (None, self.take_wished(comm.mark(), wished, || Team::of(&comm))?),
            Some(remote) => {
                let (context, theirs) = self.agree_with_remote(&comm, &wishes)?;
                (Some(Rc::new(members(remote, &theirs, color))), context)
            }
        };
        // Of an intercommunicator, a color that only one side has makes none.
        if color == UNDEFINED || remote.as_ref().is_some_and(|remote| remote.size() == 0) {
            return Ok(Handle::COMM_NULL);
        }
        let group = Rc::new(members(&comm.group, &wishes, color));
        self.enter_comm(&comm, group, remote, context, Attributes::default())
    }

    /// A communicator for the ranks of each node, ordered by key: those that can share memory.
    #[doc(alias = "MPI_Comm_split_type")]
    pub fn comm_split_by_node(&self, comm: Handle, key: i32) -> Result<Handle> {
        self.comm_split(comm, self.job().node, key)
    }

    /// A communicator for the members of `group`; others get `MPI_COMM_NULL`. Collective over all of `comm`.
    #[doc(alias = "MPI_Comm_create")]
    pub fn comm_create(&self, comm: Handle, group: Handle) -> Result<Handle> {
        let comm = self.comm(comm)?;
        let group = self.subgroup(&comm, group)?;
        let (remote, context) = match comm.is_inter() {
            false => (None, self.agree_on_context(comm.mark(), || Team::of(&comm))?),
            true => {
                let ranks: Vec<u64> = group.world_ranks().into_iter().map(u64::from).collect();
                let (context, theirs) = self.agree_with_remote(&comm, &ranks)?;
                let remote = Group::of(theirs.iter().map(|&r| r as u32).collect());
                (Some(Rc::new(remote)), context)
            }
        };
        // Of an intercommunicator, a group that is empty on one side makes none.
        if group.rank_of(self.rank()).is_none() || remote.as_ref().is_some_and(|remote| remote.size() == 0) {
            return Ok(Handle::COMM_NULL);
        }
        self.enter_comm(&comm, group, remote, context, Attributes::default())
    }

    /// As [`World::comm_create`], collective over the members of `group` only. `tag` tells calls apart that are under
    /// way at the same time.
    #[doc(alias = "MPI_Comm_create_group")]
    pub fn comm_create_group(&self, comm: Handle, group: Handle, tag: i32) -> Result<Handle> {
        let comm = self.intracomm(comm)?;
        let group = self.subgroup(&comm, group)?;
        if !(0..=TAG_UB).contains(&tag) {
            fail!(ERR_TAG, "tag {tag} is not between 0 and {TAG_UB}");
        }
        let Some(rank) = group.rank_of(self.rank()) else { return Ok(Handle::COMM_NULL) };
        // Bit 31 of a tag tells group-wise agreement from collective operations, so that any user's tag can be used.
        let team = Team::subset(&comm, group.clone(), rank, tag as u32);
        let mark = mark(comm.collective_context(), tag as u32, &group);
        let context = self.agree_on_context(mark, || team.clone())?;
        self.enter_comm(&comm, group, None, context, Attributes::default())
    }

    /// The group behind a handle, which must be a part of the communicator's.
    fn subgroup(&self, comm: &Comm, group: Handle) -> Result<Rc<Group>> {
        let group = self.group(group)?;
        if let Some(&rank) = group.world_ranks().iter().find(|&&r| comm.group.rank_of(r as usize).is_none()) {
            fail!(ERR_GROUP, "process {rank} of the group is not in {}", comm.display_name());
        }
        Ok(group)
    }

    /// Frees a communicator and sets the handle to `MPI_COMM_NULL`. Operations under way on it go on. Collective.
    #[doc(alias = "MPI_Comm_free")]
    pub fn comm_free(&self, comm: &mut Handle) -> Result<()> {
        let freed = self.comm(*comm)?;
        if comm.is_predefined() {
            fail!(ERR_COMM, "{} cannot be freed", freed.display_name());
        }
        freed.attributes.delete_all(&self.keyvals, Kind::Comm, *comm)?;
        self.comms.borrow_mut().remove(*comm);
        self.errhandlers.borrow_mut().release(freed.errhandler.get());
        *comm = Handle::COMM_NULL;
        Ok(())
    }

    /// Gives a communicator another error handler.
    #[doc(alias = "MPI_Comm_set_errhandler")]
    pub fn comm_set_errhandler(&self, comm: Handle, errhandler: Handle) -> Result<()> {
        let comm = self.comm(comm)?;
        let mut errhandlers = self.errhandlers.borrow_mut();
        errhandlers.check(errhandler, Kind::Comm)?;
        errhandlers.retain(errhandler);
        errhandlers.release(comm.errhandler.replace(errhandler));
        comm.chosen_errhandler.set(true);
        Ok(())
    }
}
