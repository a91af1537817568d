//! Reduce (MPI 5.0, section 6.9.1), and the combination of two buffers by the caller alone (section 6.9.7).

use super::check_root;
use super::elements::Elements;
use super::schedule::{Schedule, Team};
use crate::buffer::UserBuf;
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;
use crate::{Result, fail};

/// Binomial tree: a rank combines what its subtrees send with its own and passes the result on. Ranks of a subtree lie
/// side by side, counted from `root`, and are combined in this order. ceil(log2 n) rounds, m bytes, m log2 n at the root.
///
/// `into`, where the root wants the result, may be `mine`.
pub(super) fn binomial(schedule: &mut Schedule, all: &Elements, root: usize, mine: *const u8, into: *mut u8) {
    let (rank, size) = (schedule.rank(), schedule.size());
    let place = (rank + size - root) % size;
    if place % 2 == 1 {
        return schedule.send((rank + size - 1) % size, all.at(mine.cast_mut()));
    }
    let mut have = if place == 0 { into } else { all.scratch(schedule) };
    if have.cast_const() != mine {
        schedule.copy(all.at(mine.cast_mut()), all.at(have));
    }
    let mut other = all.scratch(schedule);
    let mut bit = 1;
    while bit < size && place & bit == 0 {
        if place + bit < size {
            schedule.receive((rank + bit) % size, all.at(other));
            schedule.wait();
            all.reduce(schedule, have, other);
            std::mem::swap(&mut have, &mut other);
        }
        bit *= 2;
    }
    if place != 0 {
        schedule.send((rank + size - (1 << place.trailing_zeros())) % size, all.at(have));
    } else if have != into {
        schedule.copy(all.at(have), all.at(into));
    }
}

/// For operators that must be applied in the order of the ranks: the tree's root is rank 0, which sends the result on.
/// One round more than [`binomial`].
fn in_order(schedule: &mut Schedule, all: &Elements, root: usize, mine: *const u8, into: *mut u8) {
    if root == 0 {
        return binomial(schedule, all, 0, mine, into);
    }
    let rank = schedule.rank();
    let result = if rank == 0 { all.scratch(schedule) } else { std::ptr::null_mut() };
    binomial(schedule, all, 0, mine, result);
    if rank == 0 {
        schedule.send(root, all.at(result));
    } else if rank == root {
        // What was sent may lie where the result goes.
        schedule.wait();
        schedule.receive(0, all.at(into));
    }
}

impl World {
    /// Combines the elements of all ranks at the root. There `sbuf` may be in place: its elements are in `rbuf`.
    #[doc(alias = "MPI_Reduce")]
    pub fn reduce(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, root: i32, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_reduce(sbuf, rbuf, op, root, comm))
    }

    /// As [`World::reduce`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Ireduce")]
    pub fn ireduce(
        &self,
        sbuf: UserBuf,
        rbuf: UserBuf,
        op: Handle,
        root: i32,
        comm: Handle,
    ) -> Result<Handle> {
        self.start(comm, |comm| self.write_reduce(sbuf, rbuf, op, root, comm))
    }

    fn write_reduce(
        &self,
        sbuf: UserBuf,
        rbuf: UserBuf,
        op: Handle,
        root: i32,
        comm: &Comm,
    ) -> Result<Schedule> {
        let root = check_root(comm, root)?;
        let at_root = comm.rank() == root;
        let all = self.elements(sbuf.count(), sbuf.datatype(), op)?;
        if sbuf.is_in_place() && !at_root {
            fail!(ERR_BUFFER, "MPI_IN_PLACE is for the root's send buffer");
        }
        let mine = if sbuf.is_in_place() { rbuf.addr() } else { sbuf.addr() };
        let into = if at_root { rbuf.addr() } else { mine };
        all.check_buffers(mine, into)?;
        let mut schedule = Schedule::new(Team::of(comm));
        match all.commutative() {
            true => binomial(&mut schedule, &all, root, mine, into),
            false => in_order(&mut schedule, &all, root, mine, into),
        }
        Ok(schedule)
    }

    /// Combines two buffers: `inout` = `input` op `inout`, element by element.
    #[doc(alias = "MPI_Reduce_local")]
    pub fn reduce_local(&self, input: UserBuf, inout: UserBuf, op: Handle) -> Result<()> {
        let all = self.elements(input.count(), input.datatype(), op)?;
        if input.is_in_place() || inout.is_in_place() {
            fail!(ERR_BUFFER, "MPI_IN_PLACE is not allowed here");
        }
        all.check_buffers(input.addr(), inout.addr())?;
        all.apply(input.addr(), inout.addr())
    }
}
