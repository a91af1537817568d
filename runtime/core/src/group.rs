//! Groups: ordered sets of processes (MPI 5.0, section 7.3).
//!
//! A group is a list of ranks in the world. The group of all of them, in order, needs no list.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::handle::Handle;
use crate::world::World;
use crate::{Result, fail};

/// `MPI_UNDEFINED`.
pub const UNDEFINED: i32 = -32766;
/// `MPI_IDENT`.
pub const IDENT: i32 = 201;
/// `MPI_CONGRUENT`.
pub const CONGRUENT: i32 = 202;
/// `MPI_SIMILAR`.
pub const SIMILAR: i32 = 203;
/// `MPI_UNEQUAL`.
pub const UNEQUAL: i32 = 204;

const PROC_NULL: i32 = crate::request::PROC_NULL;

/// An ordered set of processes.
#[derive(Debug)]
pub struct Group {
    members: Members,
    /// The session that it, or the group that it was made from, came from.
    pub(crate) session: Option<Handle>,
}

#[derive(Debug)]
enum Members {
    /// Ranks 0 to n - 1 of the world.
    First(usize),
    /// These ranks of the world; the index finds a place by rank, made when first needed.
    List { world: Box<[u32]>, index: OnceCell<HashMap<u32, u32>> },
}

impl Group {
    /// The first `size` ranks of the world, in order.
    pub fn first(size: usize) -> Group {
        Group { members: Members::First(size), session: None }
    }

    /// These ranks of the world, in this order. They must differ.
    pub fn of(world: Vec<u32>) -> Group {
        if world.iter().enumerate().all(|(i, &r)| i == r as usize) {
            return Group::first(world.len());
        }
        let members = Members::List { world: world.into_boxed_slice(), index: OnceCell::new() };
        Group { members, session: None }
    }

    /// The same group, from a session.
    pub(crate) fn in_session(self, session: Option<Handle>) -> Group {
        Group { session, ..self }
    }

    /// How many members.
    #[inline]
    pub fn size(&self) -> usize {
        match &self.members {
            Members::First(size) => *size,
            Members::List { world, .. } => world.len(),
        }
    }

    /// The rank in the world of the member `rank`.
    #[inline]
    pub fn world_rank(&self, rank: usize) -> Option<usize> {
        match &self.members {
            Members::First(size) => (rank < *size).then_some(rank),
            Members::List { world, .. } => world.get(rank).map(|&r| r as usize),
        }
    }

    /// The place here of a rank of the world.
    pub fn rank_of(&self, world_rank: usize) -> Option<usize> {
        match &self.members {
            Members::First(size) => (world_rank < *size).then_some(world_rank),
            Members::List { world, index } => index
                .get_or_init(|| world.iter().enumerate().map(|(i, &r)| (r, i as u32)).collect())
                .get(&(world_rank as u32))
                .map(|&i| i as usize),
        }
    }

    /// The members' ranks in the world, in order.
    pub fn world_ranks(&self) -> Vec<u32> {
        match &self.members {
            Members::First(size) => (0..*size as u32).collect(),
            Members::List { world, .. } => world.to_vec(),
        }
    }

    /// IDENT, SIMILAR or UNEQUAL.
    pub(crate) fn compare(&self, other: &Group) -> i32 {
        let (a, b) = (self.world_ranks(), other.world_ranks());
        if a == b {
            return IDENT;
        }
        let sorted = |mut ranks: Vec<u32>| {
            ranks.sort_unstable();
            ranks
        };
        if sorted(a) == sorted(b) { SIMILAR } else { UNEQUAL }
    }
}

impl Handle {
    /// `MPI_GROUP_NULL`.
    pub const GROUP_NULL: Handle = Handle(0x108);
    /// `MPI_GROUP_EMPTY`.
    pub const GROUP_EMPTY: Handle = Handle(0x109);
}

/// Group functions. All are local (MPI 5.0, section 7.3).
impl World {
    /// The group behind a handle.
    pub fn group(&self, group: Handle) -> Result<Rc<Group>> {
        if group == Handle::GROUP_EMPTY {
            return Ok(Rc::new(Group::first(0)));
        }
        match self.groups.borrow().get(group) {
            Some(group) => Ok(group.clone()),
            None if group == Handle::GROUP_NULL => fail!(ERR_GROUP, "the group is MPI_GROUP_NULL"),
            None => fail!(ERR_GROUP, "{:#x} is not a group, or one that was freed", group.0),
        }
    }

    pub(crate) fn new_group(&self, group: Rc<Group>) -> Result<Handle> {
        if group.size() == 0 {
            return Ok(Handle::GROUP_EMPTY);
        }
        match self.groups.borrow_mut().insert(group) {
            Ok(handle) => Ok(handle),
            Err(_) => fail!(ERR_NO_MEM, "too many groups"),
        }
    }

    /// How many processes a group has.
    #[doc(alias = "MPI_Group_size")]
    pub fn group_size(&self, group: Handle) -> Result<i32> {
        Ok(self.group(group)?.size() as i32)
    }

    /// This process's rank in a group, or UNDEFINED.
    #[doc(alias = "MPI_Group_rank")]
    pub fn group_rank(&self, group: Handle) -> Result<i32> {
        Ok(self.group(group)?.rank_of(self.rank()).map_or(UNDEFINED, |r| r as i32))
    }

    /// For each of `ranks` in group `a` its rank in group `b`, or UNDEFINED; `MPI_PROC_NULL` stays what it is.
    #[doc(alias = "MPI_Group_translate_ranks")]
    pub fn group_translate_ranks(&self, a: Handle, ranks: &[i32], b: Handle) -> Result<Vec<i32>> {
        let (a, b) = (self.group(a)?, self.group(b)?);
        ranks
            .iter()
            .map(|&rank| {
                if rank == PROC_NULL {
                    return Ok(PROC_NULL);
                }
                match usize::try_from(rank).ok().and_then(|r| a.world_rank(r)) {
                    Some(world) => Ok(b.rank_of(world).map_or(UNDEFINED, |r| r as i32)),
                    None => fail!(ERR_RANK, "rank {rank} is not in a group of {}", a.size()),
                }
            })
            .collect()
    }

    /// IDENT, SIMILAR (same members in another order) or UNEQUAL.
    #[doc(alias = "MPI_Group_compare")]
    pub fn group_compare(&self, a: Handle, b: Handle) -> Result<i32> {
        Ok(self.group(a)?.compare(&*self.group(b)?))
    }

    /// All of `a`, then what of `b` is not in `a`.
    #[doc(alias = "MPI_Group_union")]
    pub fn group_union(&self, a: Handle, b: Handle) -> Result<Handle> {
        let (a, b) = (self.group(a)?, self.group(b)?);
        let mut ranks = a.world_ranks();
        ranks.extend(b.world_ranks().iter().filter(|&&r| a.rank_of(r as usize).is_none()));
        self.new_group(Rc::new(Group::of(ranks).in_session(a.session)))
    }

    /// What of `a` is in `b` too, in the order of `a`.
    #[doc(alias = "MPI_Group_intersection")]
    pub fn group_intersection(&self, a: Handle, b: Handle) -> Result<Handle> {
        self.group_filter(a, b, true)
    }

    /// What of `a` is not in `b`, in the order of `a`.
    #[doc(alias = "MPI_Group_difference")]
    pub fn group_difference(&self, a: Handle, b: Handle) -> Result<Handle> {
        self.group_filter(a, b, false)
    }

    fn group_filter(&self, a: Handle, b: Handle, common: bool) -> Result<Handle> {
        let (a, b) = (self.group(a)?, self.group(b)?);
        let mut ranks = a.world_ranks();
        ranks.retain(|&r| b.rank_of(r as usize).is_some() == common);
        self.new_group(Rc::new(Group::of(ranks).in_session(a.session)))
    }

    /// Checks that `ranks` are different ranks of `group`.
    fn distinct_members(group: &Group, ranks: &[i32]) -> Result<Vec<usize>> {
        let mut seen = vec![false; group.size()];
        let mut places = Vec::with_capacity(ranks.len());
        for &rank in ranks {
            let Some(place) = usize::try_from(rank).ok().filter(|&r| r < group.size()) else {
                fail!(ERR_RANK, "rank {rank} is not in a group of {}", group.size())
            };
            if std::mem::replace(&mut seen[place], true) {
                fail!(ERR_RANK, "rank {rank} is listed twice");
            }
            places.push(place);
        }
        Ok(places)
    }

    /// The listed ranks of a group, in the order of the list.
    #[doc(alias = "MPI_Group_incl")]
    pub fn group_incl(&self, group: Handle, ranks: &[i32]) -> Result<Handle> {
        let group = self.group(group)?;
        let places = Self::distinct_members(&group, ranks)?;
        let world = group.world_ranks();
        let ranks = places.into_iter().map(|p| world[p]).collect();
        self.new_group(Rc::new(Group::of(ranks).in_session(group.session)))
    }

    /// A group without the listed ranks.
    #[doc(alias = "MPI_Group_excl")]
    pub fn group_excl(&self, group: Handle, ranks: &[i32]) -> Result<Handle> {
        let group = self.group(group)?;
        let mut out = vec![false; group.size()];
        for place in Self::distinct_members(&group, ranks)? {
            out[place] = true;
        }
        let world = group.world_ranks();
        let kept = world.into_iter().zip(out).filter(|&(_, out)| !out).map(|(r, _)| r);
        self.new_group(Rc::new(Group::of(kept.collect()).in_session(group.session)))
    }

    /// The ranks that `ranges` (first, last, stride) describe.
    fn expand_ranges(ranges: &[[i32; 3]]) -> Result<Vec<i32>> {
        let mut ranks = Vec::new();
        for &[first, last, stride] in ranges {
            if stride == 0 {
                fail!(ERR_ARG, "the range ({first}, {last}, {stride}) has stride 0");
            }
            if (last as i64 - first as i64) / (stride as i64) < 0 {
                fail!(ERR_ARG, "the range ({first}, {last}, {stride}) leads away from its end");
            }
            let mut rank = first as i64;
            while if stride > 0 { rank <= last as i64 } else { rank >= last as i64 } {
                ranks.push(rank as i32);
                rank += stride as i64;
            }
        }
        Ok(ranks)
    }

    /// As [`World::group_incl`], for ranges (first, last, stride).
    #[doc(alias = "MPI_Group_range_incl")]
    pub fn group_range_incl(&self, group: Handle, ranges: &[[i32; 3]]) -> Result<Handle> {
        self.group_incl(group, &Self::expand_ranges(ranges)?)
    }

    /// As [`World::group_excl`], for ranges (first, last, stride).
    #[doc(alias = "MPI_Group_range_excl")]
    pub fn group_range_excl(&self, group: Handle, ranges: &[[i32; 3]]) -> Result<Handle> {
        self.group_excl(group, &Self::expand_ranges(ranges)?)
    }

    /// Frees the handle and sets it to `MPI_GROUP_NULL`. Communicators of the group are not affected.
    #[doc(alias = "MPI_Group_free")]
    pub fn group_free(&self, group: &mut Handle) -> Result<()> {
        if *group != Handle::GROUP_EMPTY {
            self.group(*group)?;
            self.groups.borrow_mut().remove(*group);
        }
        *group = Handle::GROUP_NULL;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_order_is_the_first_ranks() {
        assert!(matches!(Group::of(vec![0, 1, 2]).members, Members::First(3)));
        let group = Group::of(vec![3, 1]);
        assert_eq!((group.world_rank(0), group.world_rank(1), group.world_rank(2)), (Some(3), Some(1), None));
        assert_eq!((group.rank_of(1), group.rank_of(0)), (Some(1), None));
        assert_eq!(group.compare(&Group::of(vec![1, 3])), SIMILAR);
        assert_eq!(Group::first(2).compare(&Group::of(vec![0, 1])), IDENT);
        assert_eq!(Group::first(2).compare(&Group::first(3)), UNEQUAL);
    }

    #[test]
    fn ranges_go_both_ways_and_wrong_ones_are_seen() {
        assert_eq!(World::expand_ranges(&[[0, 6, 3], [5, 1, -2]]).unwrap(), [0, 3, 6, 5, 3, 1]);
        assert_eq!(World::expand_ranges(&[[4, 4, 1], [4, 4, -1]]).unwrap(), [4, 4]);
        assert!(World::expand_ranges(&[[0, 1, 0]]).is_err());
        assert!(World::expand_ranges(&[[0, 4, -1]]).is_err());
    }
}
