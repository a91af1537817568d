//! Intercommunicators: two groups that talk to each other (MPI 5.0, section 7.6).
//!
//! Both groups use one context for messages from one to the other. Agreement within a group goes over the context of
//! collective operations, agreement between the groups over their leaders.

use std::rc::Rc;

use super::Comm;
use super::context::{join, judge};
use crate::attribute::Attributes;
use crate::coll::schedule::Team;
use crate::group::Group;
use crate::handle::Handle;
use crate::world::World;
use crate::{Result, fail};

/// Where the two leaders of two groups meet.
struct Meeting {
    /// The rank of this group's leader in it.
    leader: usize,
    /// The communicator over which the leaders talk, and the rank of the other one there; known to the leader alone.
    bridge: Option<(Rc<Comm>, usize)>,
    tag: u32,
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    bytes.as_chunks().0.iter().map(|word| u64::from_ne_bytes(*word))
}

fn bytes(words: impl IntoIterator<Item = u64>) -> Vec<u8> {
    words.into_iter().flat_map(u64::to_ne_bytes).collect()
}

impl World {
    /// Tells the other group what the leader of this one says, and all of this one what the other's leader says. Every
    /// process of `local` takes part.
    fn tell_across(&self, local: &Comm, meeting: &Meeting, mine: &[u64]) -> Result<Vec<u64>> {
        let theirs = match &meeting.bridge {
            Some((bridge, other)) => {
                let Some(other) = bridge.target_group().world_rank(*other) else {
                    fail!(ERR_RANK, "the remote leader, rank {other}, is not in {}", bridge.display_name())
                };
                if other == self.rank() {
                    fail!(ERR_RANK, "the leader of the remote group is the one of the local group");
                }
                let two = [self.rank().min(other), self.rank().max(other)];
                let place = usize::from(two[1] == self.rank());
                let group = Rc::new(Group::of(two.iter().map(|&r| r as u32).collect()));
                let team = Team::subset(bridge, group, place, meeting.tag);
                self.swap(&team, &bytes(mine.iter().copied()))?
            }
            None => Vec::new(),
        };
        let told = self.tell_from(&Team::of(local), meeting.leader, &theirs)?;
        Ok(words(&told).collect())
    }

    /// Connects the group of `local` with that of the other processes that call this, through their leaders, which are
    /// both in `peer`. `peer` and `remote_leader` matter at the leader alone. Collective over both groups.
    #[doc(alias = "MPI_Intercomm_create")]
    pub fn intercomm_create(
        &self,
        local: Handle,
        local_leader: i32,
        peer: Handle,
        remote_leader: i32,
        tag: i32,
    ) -> Result<Handle> {
        let local = self.comm(local)?;
        if local.is_inter() {
            fail!(ERR_COMM, "{} is an intercommunicator", local.display_name());
        }
        let leader = match usize::try_from(local_leader) {
            Ok(leader) if leader < local.group.size() => leader,
            _ => fail!(ERR_RANK, "the local leader, rank {local_leader}, is not in {}", local.display_name()),
        };
        let bridge = match local.rank == leader {
            true => {
                let bridge = self.comm(peer)?;
                let other = usize::try_from(remote_leader).ok().filter(|&r| r < bridge.target_group().size());
                let Some(other) = other else {
                    fail!(
                        ERR_RANK,
                        "the remote leader, rank {remote_leader}, is not in {}",
                        bridge.display_name()
                    )
                };
                Some((bridge, other))
            }
            false => None,
        };
        let meeting = Meeting { leader, bridge, tag: tag as u32 };
        let mine: Vec<u64> = local.group.world_ranks().iter().map(|&r| r as u64).collect();
        let (context, theirs) = self.agree_across(&local, &meeting, &mine)?;
        let remote: Vec<u32> = theirs.iter().map(|&r| r as u32).collect();
        if remote.iter().any(|&r| local.group.rank_of(r as usize).is_some()) {
            fail!(ERR_COMM, "a process is in both groups of an intercommunicator");
        }
        let remote = Some(Rc::new(Group::of(remote)));
        self.enter_comm(&local, local.group.clone(), remote, context, Attributes::default())
    }

    /// Where the leaders of an intercommunicator's groups, rank 0 of each, meet.
    fn meeting(comm: &Rc<Comm>) -> Meeting {
        let bridge = (comm.rank == 0).then(|| (comm.clone(), 0));
        Meeting { leader: 0, bridge, tag: 0 }
    }

    /// A context that no process of both groups has had, and what the other group's leader says beside it.
    fn agree_across(&self, local: &Comm, meeting: &Meeting, mine: &[u64]) -> Result<(u64, Vec<u64>)> {
        let both = |mine: [u64; 2], fold: fn([u64; 2], [u64; 2]) -> [u64; 2], more: &[u64]| {
            let told = self.tell_all(Team::of(local), mine)?.into_iter().reduce(fold).unwrap_or_default();
            let theirs = self.tell_across(local, meeting, &[&told[..], more].concat())?;
            Ok((fold(told, [theirs[0], theirs[1]]), theirs[2..].to_vec()))
        };
        // Both groups must see the search at the same place among others: of their two marks they use the lower.
        let own = local.mark();
        let (wish, told) = both(self.context_wish(), join, &[&own.map(u64::from)[..], mine].concat())?;
        let (mark, theirs) = told
            .split_first_chunk()
            .map_or((own, &[][..]), |(mark, rest)| (mark.map(|word| word as u32), rest));
        let ask = |mine| both(mine, judge, &[]).map(|(verdict, _)| verdict);
        Ok((self.take_context(own.min(mark), wish, ask)?, theirs.to_vec()))
    }

    /// As above, for the groups of an intercommunicator.
    pub(super) fn agree_with_remote(&self, comm: &Rc<Comm>, mine: &[u64]) -> Result<(u64, Vec<u64>)> {
        self.agree_across(comm, &Self::meeting(comm), mine)
    }

    /// A communicator of both groups; the processes that say `high` come last. Collective over both groups.
    #[doc(alias = "MPI_Intercomm_merge")]
    pub fn intercomm_merge(&self, comm: Handle, high: bool) -> Result<Handle> {
        let comm = self.comm(comm)?;
        let Some(remote) = &comm.remote else {
            fail!(ERR_COMM, "{} is not an intercommunicator", comm.display_name());
        };
        let (context, theirs) = self.agree_with_remote(&comm, &[high as u64])?;
        let mine = comm.group.world_ranks();
        let other = remote.world_ranks();
        // Groups that say the same are ordered by their first process.
        let first = match high as u64 == theirs[0] {
            true => mine.first() < other.first(),
            false => !high,
        };
        let (low, high) = if first { (mine, other) } else { (other, mine) };
        let all = low.iter().chain(high.iter()).copied().collect();
        self.enter_comm(&comm, Rc::new(Group::of(all)), None, context, Attributes::default())
    }

    /// A handle on the remote group of an intercommunicator.
    #[doc(alias = "MPI_Comm_remote_group")]
    pub fn comm_remote_group(&self, comm: Handle) -> Result<Handle> {
        let comm = self.comm(comm)?;
        match &comm.remote {
            Some(remote) => self.new_group(remote.clone()),
            None => {
                fail!(ERR_COMM, "{} has no remote group: it is not an intercommunicator", comm.display_name())
            }
        }
    }
}
