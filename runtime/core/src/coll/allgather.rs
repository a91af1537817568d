//! Allgather and allgatherv (MPI 5.0, section 6.7).

use super::blocks::{Blocks, UserBlocks};
use super::schedule::{Schedule, Team};
use crate::Result;
use crate::buffer::{Buffer, UserBuf};
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;

/// Up to this many bytes in all, few rounds matter more than copies within a rank.
const SHORT: usize = 32 << 10;

/// Bruck: in round k a rank passes on all blocks that it has, to the rank 2^k before it. ceil(log2 n) rounds, m (n - 1)
/// bytes, and a copy of all blocks at the end (Bruck et al., 1997).
fn bruck(schedule: &mut Schedule, mine: &Buffer, len: usize, blocks: &Blocks<'_>) {
    let (rank, size) = (schedule.rank(), schedule.size());
    let held = schedule.scratch_buffer(size * len);
    schedule.copy(mine.clone(), held.slice(0, len));
    let mut have = 1;
    while have < size {
        let pass = have.min(size - have);
        schedule.receive((rank + have) % size, held.slice(have * len, pass * len));
        schedule.send((rank + size - have) % size, held.slice(0, pass * len));
        schedule.wait();
        have += pass;
    }
    for i in 0..size {
        schedule.copy(held.slice(i * len, len), blocks.block((rank + i) % size));
    }
}

/// Ring: each rank passes the block that it got last on to its neighbour. n - 1 rounds, m (n - 1) bytes, no copies.
fn ring(schedule: &mut Schedule, mine: Option<&Buffer>, blocks: &Blocks<'_>) {
    let (rank, size) = (schedule.rank(), schedule.size());
    if let Some(mine) = mine {
        schedule.copy(mine.clone(), blocks.block(rank));
    }
    for round in 0..size.saturating_sub(1) {
        schedule.receive((rank + size - 1) % size, blocks.block((rank + size - 1 - round) % size));
        schedule.send((rank + 1) % size, blocks.block((rank + size - round) % size));
        schedule.wait();
    }
}

impl World {
    /// Collects a block of each rank at all ranks. `sbuf` may be in place: the block is in `rbuf` already.
    #[doc(alias = "MPI_Allgather")]
    pub fn allgather(&self, sbuf: UserBuf, rbuf: UserBuf, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_allgather(sbuf, rbuf, comm))
    }

    /// As [`World::allgather`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Iallgather")]
    pub fn iallgather(&self, sbuf: UserBuf, rbuf: UserBuf, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_allgather(sbuf, rbuf, comm))
    }

    fn write_allgather(&self, sbuf: UserBuf, rbuf: UserBuf, comm: &Comm) -> Result<Schedule> {
        let size = comm.group().size();
        let blocks = self.even_blocks(rbuf, size)?;
        let mine = self.contribution(sbuf, true)?;
        let own = blocks.block(comm.rank());
        let len = own.len();
        let mut schedule = Schedule::new(Team::of(comm));
        if len * size <= SHORT {
            bruck(&mut schedule, mine.as_ref().unwrap_or(&own), len, &blocks);
        } else {
            ring(&mut schedule, mine.as_ref(), &blocks);
        }
        Ok(schedule)
    }

    /// As [`World::allgather`], each block with a length and a place of its own.
    #[doc(alias = "MPI_Allgatherv")]
    pub fn allgatherv(&self, sbuf: UserBuf, rbuf: UserBlocks<'_>, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_allgatherv(sbuf, rbuf, comm))
    }

    /// As [`World::allgatherv`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Iallgatherv")]
    pub fn iallgatherv(&self, sbuf: UserBuf, rbuf: UserBlocks<'_>, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_allgatherv(sbuf, rbuf, comm))
    }

    fn write_allgatherv(&self, sbuf: UserBuf, rbuf: UserBlocks<'_>, comm: &Comm) -> Result<Schedule> {
        let blocks = self.free_blocks(rbuf, comm.group().size())?;
        let mine = self.contribution(sbuf, true)?;
        let mut schedule = Schedule::new(Team::of(comm));
        ring(&mut schedule, mine.as_ref(), &blocks);
        Ok(schedule)
    }
}
