//! Allreduce (MPI 5.0, section 6.9.6), and the two algorithms on powers of two that others share.
//!
//! All ranks get the same bits: two partners combine the same operands in the same order.

use super::elements::Elements;
use super::schedule::{Schedule, Team};
use crate::Result;
use crate::buffer::UserBuf;
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;

/// From this many bytes on the work is divided among the ranks.
const LONG: usize = 16 << 10;

/// Makes the number of ranks a power of two: of each of the first pairs of ranks the odd one works for both.
pub(super) struct Fold {
    /// How many ranks work: a power of two.
    pub(super) workers: usize,
    /// How many pairs there are.
    pairs: usize,
    rank: usize,
}

impl Fold {
    pub(super) fn of(schedule: &Schedule) -> Fold {
        let size = schedule.size();
        let workers = 1 << size.ilog2();
        Fold { workers, pairs: size - workers, rank: schedule.rank() }
    }

    /// The number of this rank among the workers, if it is one.
    pub(super) fn worker(&self) -> Option<usize> {
        match self.rank {
            rank if rank >= 2 * self.pairs => Some(rank - self.pairs),
            rank if rank % 2 == 1 => Some(rank / 2),
            _ => None,
        }
    }

    /// The rank of a worker.
    pub(super) fn rank_of(&self, worker: usize) -> usize {
        if worker < self.pairs { 2 * worker + 1 } else { worker + self.pairs }
    }

    /// The first of the ranks that worker `worker` works for; the next worker's first is the end.
    pub(super) fn first_of(&self, worker: usize) -> usize {
        if worker < self.pairs { 2 * worker } else { worker + self.pairs }
    }

    /// The other one of this rank's pair, if it is in one.
    pub(super) fn partner(&self) -> Option<usize> {
        (self.rank < 2 * self.pairs).then_some(self.rank ^ 1)
    }

    /// The ranks that do not work give their elements, which are at `have`, to their partners, who combine them with
    /// theirs; `spare` has room for as many.
    pub(super) fn gather(&self, schedule: &mut Schedule, all: &Elements, have: *mut u8, spare: *mut u8) {
        match (self.partner(), self.worker()) {
            (Some(partner), None) => schedule.send(partner, all.at(have)),
            (Some(partner), Some(_)) => {
                schedule.receive(partner, all.at(spare));
                schedule.wait();
                all.reduce(schedule, spare, have);
            }
            _ => {}
        }
    }
}

/// Recursive doubling: in round k a rank exchanges what it has with the rank 2^k away and combines the two, in the order
/// of the ranks. log2 n rounds (two more unless n is a power of two), m log2 n bytes.
fn doubling(schedule: &mut Schedule, all: &Elements, rbuf: *mut u8) {
    let fold = Fold::of(schedule);
    let (mut have, mut other) = (rbuf, all.scratch(schedule));
    fold.gather(schedule, all, have, other);
    if let Some(worker) = fold.worker() {
        let mut bit = 1;
        while bit < fold.workers {
            let peer = fold.rank_of(worker ^ bit);
            schedule.receive(peer, all.at(other));
            schedule.send(peer, all.at(have));
            schedule.wait();
            if worker & bit != 0 {
                all.reduce(schedule, other, have);
            } else {
                all.reduce(schedule, have, other);
                std::mem::swap(&mut have, &mut other);
            }
            bit *= 2;
        }
        if have != rbuf {
            schedule.copy(all.at(have), all.at(rbuf));
        }
    }
    spread(schedule, &fold, all, rbuf);
}

/// The workers give the result to the ranks that they worked for.
fn spread(schedule: &mut Schedule, fold: &Fold, all: &Elements, rbuf: *mut u8) {
    match (fold.partner(), fold.worker()) {
        (Some(partner), Some(_)) => schedule.send(partner, all.at(rbuf)),
        (Some(partner), None) => {
            schedule.wait();
            schedule.receive(partner, all.at(rbuf));
        }
        _ => {}
    }
}

/// Recursive halving: in each round a worker exchanges one half of its elements with the worker half as far away as
/// before and combines the other half. At the end it has the result from `starts[worker]` to `starts[worker + 1]`, in
/// `have`. log2 n rounds, m bytes. The operator must be commutative.
pub(super) fn halving(
    schedule: &mut Schedule,
    fold: &Fold,
    all: &Elements,
    starts: &[i64],
    have: *mut u8,
    spare: *mut u8,
) {
    let Some(worker) = fold.worker() else { return };
    let part = |addr, (from, to): (usize, usize)| all.part(addr, starts[from], starts[to] - starts[from]);
    let (mut low, mut high) = (0, fold.workers);
    while high - low > 1 {
        let middle = (low + high) / 2;
        let peer = fold.rank_of(worker ^ (middle - low));
        let (keep, give) = match worker < middle {
            true => ((low, middle), (middle, high)),
            false => ((middle, high), (low, middle)),
        };
        schedule.receive(peer, part(spare, keep));
        schedule.send(peer, part(have, give));
        schedule.wait();
        let kept = all.resized(starts[keep.1] - starts[keep.0]);
        kept.reduce(schedule, all.element(spare, starts[keep.0]), all.element(have, starts[keep.0]));
        (low, high) = keep;
    }
}

/// Rabenseifner: recursive halving, then recursive doubling of the finished parts. 2 log2 n rounds, 2 m bytes
/// (Rabenseifner, "Optimization of collective reduction operations", 2004). The operator must be commutative.
fn rabenseifner(schedule: &mut Schedule, all: &Elements, rbuf: *mut u8) {
    let fold = Fold::of(schedule);
    let spare = all.scratch(schedule);
    fold.gather(schedule, all, rbuf, spare);
    let workers = fold.workers as i128;
    let starts: Vec<i64> = (0..=workers).map(|i| (all.count as i128 * i / workers) as i64).collect();
    halving(schedule, &fold, all, &starts, rbuf, spare);
    if let Some(worker) = fold.worker() {
        let part = |from: usize, bit: usize| all.part(rbuf, starts[from], starts[from + bit] - starts[from]);
        let mut bit = 1;
        while bit < fold.workers {
            let peer = worker ^ bit;
            schedule.receive(fold.rank_of(peer), part(peer & !(bit - 1), bit));
            schedule.send(fold.rank_of(peer), part(worker & !(bit - 1), bit));
            schedule.wait();
            bit *= 2;
        }
    }
    spread(schedule, &fold, all, rbuf);
}

impl World {
    /// Combines the elements of all ranks at all ranks. `sbuf` may be in place: its elements are in `rbuf`.
    #[doc(alias = "MPI_Allreduce")]
    pub fn allreduce(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_allreduce(sbuf, rbuf, op, comm))
    }

    /// As [`World::allreduce`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Iallreduce")]
    pub fn iallreduce(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_allreduce(sbuf, rbuf, op, comm))
    }

    fn write_allreduce(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: &Comm) -> Result<Schedule> {
        let (all, mine, into) = self.operands(sbuf, rbuf, op)?;
        let mut schedule = Schedule::new(Team::of(comm));
        if mine != into {
            schedule.copy(all.at(mine), all.at(into));
        }
        if all.len() >= LONG && all.commutative() && all.count as usize >= comm.group().size() {
            rabenseifner(&mut schedule, &all, into);
        } else {
            doubling(&mut schedule, &all, into);
        }
        Ok(schedule)
    }
}

#[cfg(test)]
mod tests {
    use super::Fold;

    #[test]
    fn every_rank_has_one_worker() {
        for size in 1..40usize {
            let workers = 1 << size.ilog2();
            let fold = |rank| Fold { workers, pairs: size - workers, rank };
            let mut next = 0;
            for rank in 0..size {
                if let Some(worker) = fold(rank).worker() {
                    assert_eq!(fold(rank).rank_of(worker), rank);
                    assert_eq!(fold(rank).first_of(worker), next);
                    next = rank + 1;
                }
            }
            assert_eq!(next, size);
        }
    }
}
