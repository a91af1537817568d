//! Alltoall and alltoallv (MPI 5.0, section 6.8).

use super::blocks::{Blocks, UserBlocks};
use super::schedule::{Schedule, Team};
use crate::Result;
use crate::buffer::UserBuf;
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;

/// Up to this many bytes a block, and from this many ranks on, few rounds matter more than bytes.
const SHORT: usize = 256;
const MANY: usize = 8;

/// All messages at once, each rank beginning with another peer. 1 round, n - 1 messages, m (n - 1) bytes.
fn spread(schedule: &mut Schedule, from: &Blocks<'_>, to: &Blocks<'_>) {
    let (rank, size) = (schedule.rank(), schedule.size());
    for i in 1..size {
        let peer = (rank + size - i) % size;
        schedule.receive(peer, to.block(peer));
    }
    for i in 1..size {
        let peer = (rank + i) % size;
        schedule.send(peer, from.block(peer));
    }
    schedule.copy(from.block(rank), to.block(rank));
}

/// Bruck: blocks travel by the bits of their distance, those of one bit together. ceil(log2 n) rounds, m n / 2 log2 n
/// bytes (Bruck et al., 1997).
fn bruck(schedule: &mut Schedule, from: &Blocks<'_>, to: &Blocks<'_>, len: usize) {
    let (rank, size) = (schedule.rank(), schedule.size());
    let held = schedule.scratch_buffer(size * len);
    let out = schedule.scratch_buffer(size.div_ceil(2) * len);
    let arrived = schedule.scratch_buffer(size.div_ceil(2) * len);
    // Place i holds what still has to travel the distance i.
    for i in 0..size {
        schedule.copy(from.block((rank + i) % size), held.slice(i * len, len));
    }
    let mut bit = 1;
    while bit < size {
        let moving: Vec<usize> = (0..size).filter(|i| i & bit != 0).collect();
        for (slot, &i) in moving.iter().enumerate() {
            schedule.copy(held.slice(i * len, len), out.slice(slot * len, len));
        }
        schedule.receive((rank + size - bit) % size, arrived.slice(0, moving.len() * len));
        schedule.send((rank + bit) % size, out.slice(0, moving.len() * len));
        schedule.wait();
        for (slot, &i) in moving.iter().enumerate() {
            schedule.copy(arrived.slice(slot * len, len), held.slice(i * len, len));
        }
        bit *= 2;
    }
    // What has travelled the distance i came from the rank i before this one.
    for i in 0..size {
        schedule.copy(held.slice(i * len, len), to.block((rank + size - i) % size));
    }
}

/// In place: blocks are exchanged pair by pair, each pair through a copy. n rounds, m (n - 1) bytes.
fn in_place(schedule: &mut Schedule, blocks: &Blocks<'_>) {
    let (rank, size) = (schedule.rank(), schedule.size());
    for sum in 0..size {
        // In each round the ranks pair up so that the two of a pair add up to `sum`.
        let peer = (sum + size - rank) % size;
        if peer == rank {
            continue;
        }
        let block = blocks.block(peer);
        let copy = schedule.scratch_buffer(block.len());
        schedule.copy(block.clone(), copy.clone());
        schedule.receive(peer, block);
        schedule.send(peer, copy);
        schedule.wait();
    }
}

impl World {
    /// Each rank sends a block to each. `sbuf` may be in place: blocks are taken from and put into `rbuf`.
    #[doc(alias = "MPI_Alltoall")]
    pub fn alltoall(&self, sbuf: UserBuf, rbuf: UserBuf, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_alltoall(sbuf, rbuf, comm))
    }

    /// As [`World::alltoall`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Ialltoall")]
    pub fn ialltoall(&self, sbuf: UserBuf, rbuf: UserBuf, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_alltoall(sbuf, rbuf, comm))
    }

    fn write_alltoall(&self, sbuf: UserBuf, rbuf: UserBuf, comm: &Comm) -> Result<Schedule> {
        let size = comm.group().size();
        let to = self.even_blocks(rbuf, size)?;
        let mut schedule = Schedule::new(Team::of(comm));
        if sbuf.is_in_place() {
            in_place(&mut schedule, &to);
        } else {
            let from = self.even_blocks(sbuf, size)?;
            let len = to.block(0).len();
            if len <= SHORT && size >= MANY && from.block(0).len() == len {
                bruck(&mut schedule, &from, &to, len);
            } else {
                spread(&mut schedule, &from, &to);
            }
        }
        Ok(schedule)
    }

    /// As [`World::alltoall`], each block with a length and a place of its own.
    #[doc(alias = "MPI_Alltoallv")]
    pub fn alltoallv(&self, sbuf: UserBlocks<'_>, rbuf: UserBlocks<'_>, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_alltoallv(sbuf, rbuf, comm))
    }

    /// As [`World::alltoallv`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Ialltoallv")]
    pub fn ialltoallv(&self, sbuf: UserBlocks<'_>, rbuf: UserBlocks<'_>, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_alltoallv(sbuf, rbuf, comm))
    }

    /// As [`World::alltoallv`]; the blocks may have types of their own ([`UserBlocks::typed`]).
    #[doc(alias = "MPI_Alltoallw")]
    pub fn alltoallw(&self, sbuf: UserBlocks<'_>, rbuf: UserBlocks<'_>, comm: Handle) -> Result<()> {
        self.alltoallv(sbuf, rbuf, comm)
    }

    /// As [`World::alltoallw`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Ialltoallw")]
    pub fn ialltoallw(&self, sbuf: UserBlocks<'_>, rbuf: UserBlocks<'_>, comm: Handle) -> Result<Handle> {
        self.ialltoallv(sbuf, rbuf, comm)
    }

    fn write_alltoallv(&self, sbuf: UserBlocks<'_>, rbuf: UserBlocks<'_>, comm: &Comm) -> Result<Schedule> {
        let size = comm.group().size();
        let to = self.free_blocks(rbuf, size)?;
        let mut schedule = Schedule::new(Team::of(comm));
        if sbuf.is_in_place() {
            in_place(&mut schedule, &to);
        } else {
            let from = self.free_blocks(sbuf, size)?;
            spread(&mut schedule, &from, &to);
        }
        Ok(schedule)
    }
}
