//! Scan and exscan (MPI 5.0, section 6.11).

use super::elements::Elements;
use super::schedule::{Schedule, Team};
use crate::Result;
use crate::buffer::UserBuf;
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;

/// In round k a rank sends what it has to the rank 2^k after it, for the ranks from `first` on. ceil(log2 n) rounds,
/// m log2 n bytes (Hillis and Steele, "Data parallel algorithms", 1986).
fn prefixes(schedule: &mut Schedule, all: &Elements, first: usize, have: *mut u8) {
    let (rank, size) = (schedule.rank(), schedule.size());
    if rank < first {
        return;
    }
    let before = all.scratch(schedule);
    let mut distance = 1;
    while distance < size - first {
        if rank + distance < size {
            schedule.send(rank + distance, all.at(have));
        }
        if rank >= first + distance {
            schedule.receive(rank - distance, all.at(before));
        }
        schedule.wait();
        if rank >= first + distance {
            all.reduce(schedule, before, have);
        }
        distance *= 2;
    }
}

/// As [`prefixes`], with one round before that moves every rank's elements to the next rank.
fn prefixes_before(schedule: &mut Schedule, all: &Elements, mine: *mut u8, into: *mut u8) {
    let (rank, size) = (schedule.rank(), schedule.size());
    let copy = all.scratch(schedule);
    schedule.copy(all.at(mine), all.at(copy));
    if rank + 1 < size {
        schedule.send(rank + 1, all.at(copy));
    }
    if rank > 0 {
        schedule.receive(rank - 1, all.at(into));
    }
    schedule.wait();
    prefixes(schedule, all, 1, into);
}

impl World {
    /// Combines the elements of the ranks up to this one. `sbuf` may be in place: its elements are in `rbuf`.
    #[doc(alias = "MPI_Scan")]
    pub fn scan(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_scan(sbuf, rbuf, op, comm))
    }

    /// As [`World::scan`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Iscan")]
    pub fn iscan(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_scan(sbuf, rbuf, op, comm))
    }

    fn write_scan(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: &Comm) -> Result<Schedule> {
        let (all, mine, into) = self.operands(sbuf, rbuf, op)?;
        let mut schedule = Schedule::new(Team::of(comm));
        if mine != into {
            schedule.copy(all.at(mine), all.at(into));
        }
        prefixes(&mut schedule, &all, 0, into);
        Ok(schedule)
    }

    /// Combines the elements of the ranks before this one; leaves the buffer of rank 0 as it is. `sbuf` may be in
    /// place.
    #[doc(alias = "MPI_Exscan")]
    pub fn exscan(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_exscan(sbuf, rbuf, op, comm))
    }

    /// As [`World::exscan`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Iexscan")]
    pub fn iexscan(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_exscan(sbuf, rbuf, op, comm))
    }

    fn write_exscan(&self, sbuf: UserBuf, rbuf: UserBuf, op: Handle, comm: &Comm) -> Result<Schedule> {
        let (all, mine, into) = self.operands(sbuf, rbuf, op)?;
        let mut schedule = Schedule::new(Team::of(comm));
        prefixes_before(&mut schedule, &all, mine, into);
        Ok(schedule)
    }
}
