//! Reduce_scatter and reduce_scatter_block (MPI 5.0, section 6.10).

use super::allreduce::{Fold, halving};
use super::elements::Elements;
use super::reduce;
use super::schedule::{Schedule, Team};
use crate::buffer::UserBuf;
use crate::comm::Comm;
use crate::counts::Counts;
use crate::handle::Handle;
use crate::world::World;
use crate::{Result, fail};

/// Recursive halving, after which each worker has what belongs to the ranks that it works for. log2 n rounds (two more
/// unless n is a power of two), m bytes. The operator must be commutative.
fn by_halving(schedule: &mut Schedule, all: &Elements, starts: &[i64], mine: *mut u8, into: *mut u8) {
    let fold = Fold::of(schedule);
    let (have, spare) = (all.scratch(schedule), all.scratch(schedule));
    schedule.copy(all.at(mine), all.at(have));
    fold.gather(schedule, all, have, spare);
    let of_workers: Vec<i64> = (0..=fold.workers).map(|w| starts[fold.first_of(w)]).collect();
    halving(schedule, &fold, all, &of_workers, have, spare);
    let part = |addr, rank: usize| all.part(addr, starts[rank], starts[rank + 1] - starts[rank]);
    let rank = schedule.rank();
    let own = all.part(into, 0, starts[rank + 1] - starts[rank]);
    match (fold.partner(), fold.worker()) {
        (Some(partner), None) => schedule.receive(partner, own),
        (partner, _) => {
            if let Some(partner) = partner {
                schedule.send(partner, part(have, partner));
            }
            schedule.copy(part(have, rank), own);
        }
    }
}

/// Rank 0 combines everything in the order of the ranks and hands the parts out. log2 n + 1 rounds, m log2 n bytes at
/// rank 0.
fn in_order(schedule: &mut Schedule, all: &Elements, starts: &[i64], mine: *mut u8, into: *mut u8) {
    let (rank, size) = (schedule.rank(), schedule.size());
    let own = all.part(into, 0, starts[rank + 1] - starts[rank]);
    if rank > 0 {
        reduce::binomial(schedule, all, 0, mine, mine);
        // What was sent may lie where the result goes.
        schedule.wait();
        return schedule.receive(0, own);
    }
    let result = all.scratch(schedule);
    reduce::binomial(schedule, all, 0, mine, result);
    for to in 1..size {
        schedule.send(to, all.part(result, starts[to], starts[to + 1] - starts[to]));
    }
    schedule.copy(all.part(result, starts[0], starts[1]), own);
}

impl World {
    /// Combines the elements of all ranks and gives each rank as many of them as `rcounts` says. `sbuf` may be in
    /// place: all elements are in `rbuf`. The counts of `sbuf` and `rbuf` are not used.
    #[doc(alias = "MPI_Reduce_scatter")]
    pub fn reduce_scatter(
        &self,
        sbuf: UserBuf,
        rbuf: UserBuf,
        rcounts: Counts<'_>,
        op: Handle,
        comm: Handle,
    ) -> Result<()> {
        self.carry_out(comm, |comm| self.write_reduce_scatter(sbuf, rbuf, rcounts, op, comm))
    }

    /// As [`World::reduce_scatter`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Ireduce_scatter")]
    pub fn ireduce_scatter(
        &self,
        sbuf: UserBuf,
        rbuf: UserBuf,
        rcounts: Counts<'_>,
        op: Handle,
        comm: Handle,
    ) -> Result<Handle> {
        self.start(comm, |comm| self.write_reduce_scatter(sbuf, rbuf, rcounts, op, comm))
    }

    /// Combines the elements of all ranks and gives each rank `rbuf.count()` of them.
    #[doc(alias = "MPI_Reduce_scatter_block")]
    pub fn reduce_scatter_block(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_parts(sbuf, rbuf, |_| rbuf.count(), op, comm))
    }

    /// As [`World::reduce_scatter_block`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Ireduce_scatter_block")]
    pub fn ireduce_scatter_block(
        &self,
        sbuf: UserBuf,
        rbuf: UserBuf,
        op: Handle,
        comm: Handle,
    ) -> Result<Handle> {
        self.start(comm, |comm| self.write_parts(sbuf, rbuf, |_| rbuf.count(), op, comm))
    }

    fn write_reduce_scatter(
        &self,
        sbuf: UserBuf,
        rbuf: UserBuf,
        rcounts: Counts<'_>,
        op: Handle,
        comm: &Comm,
    ) -> Result<Schedule> {
        let size = comm.group().size();
        if rcounts.len() < size {
            fail!(ERR_ARG, "there must be a count for each of {size} ranks");
        }
        self.write_parts(sbuf, rbuf, |rank| rcounts.get(rank), op, comm)
    }

    fn write_parts(
        &self,
        sbuf: UserBuf,
        rbuf: UserBuf,
        count: impl Fn(usize) -> i64,
        op: Handle,
        comm: &Comm,
    ) -> Result<Schedule> {
        let mut starts = vec![0i64];
        for rank in 0..comm.group().size() {
            if count(rank) < 0 {
                fail!(ERR_COUNT, "the count for rank {rank} is {}, less than 0", count(rank));
            }
            match starts[rank].checked_add(count(rank)) {
                Some(end) => starts.push(end),
                None => fail!(ERR_COUNT, "the counts of all ranks together are too large"),
            }
        }
        let all = self.elements(starts[starts.len() - 1], rbuf.datatype(), op)?;
        let mine = if sbuf.is_in_place() { rbuf.addr() } else { sbuf.addr() };
        all.check_buffers(mine, mine)?;
        all.resized(count(comm.rank())).check_buffers(mine, rbuf.addr())?;
        let mut schedule = Schedule::new(Team::of(comm));
        match all.commutative() {
            true => by_halving(&mut schedule, &all, &starts, mine, rbuf.addr()),
            false => in_order(&mut schedule, &all, &starts, mine, rbuf.addr()),
        }
        Ok(schedule)
    }
}
