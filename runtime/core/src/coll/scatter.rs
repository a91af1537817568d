//! Scatter and scatterv (MPI 5.0, section 6.6).

use super::blocks::{Blocks, UserBlocks};
use super::check_root;
use super::gather::subtree;
use super::schedule::{Schedule, Team};
use crate::Result;
use crate::buffer::{Buffer, UserBuf};
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;

/// As for gather: longer blocks come straight from the root, in bytes.
const DIRECT: usize = 4 << 10;

/// The root sends to every rank. 1 round, n - 1 messages and m n bytes at the root.
pub(super) fn linear(
    schedule: &mut Schedule,
    root: usize,
    blocks: Option<&Blocks<'_>>,
    mine: Option<&Buffer>,
) {
    match blocks {
        Some(blocks) => {
            for rank in (0..schedule.size()).filter(|&r| r != root) {
                schedule.send(rank, blocks.block(rank));
            }
            if let Some(mine) = mine {
                schedule.copy(blocks.block(root), mine.clone());
            }
        }
        None => {
            if let Some(mine) = mine {
                schedule.receive(root, mine.clone());
            }
        }
    }
}

/// Binomial tree: a rank gets the packed blocks of its subtree in one message and passes parts on. ceil(log2 n) rounds,
/// m n bytes at the root.
fn binomial(
    schedule: &mut Schedule,
    root: usize,
    blocks: Option<&Blocks<'_>>,
    mine: Option<&Buffer>,
    len: usize,
) {
    let size = schedule.size();
    let place = (schedule.rank() + size - root) % size;
    let held = schedule.scratch_buffer(subtree(place, size) * len);
    if let Some(blocks) = blocks {
        for other in 0..size {
            schedule.copy(blocks.block((other + root) % size), held.slice(other * len, len));
        }
    } else {
        schedule.receive((place - (1 << place.trailing_zeros()) + root) % size, held.clone());
        schedule.wait();
    }
    let mut bit = if place == 0 { size.next_power_of_two() } else { 1 << place.trailing_zeros() };
    while bit > 1 {
        bit /= 2;
        if place + bit < size {
            let theirs = subtree(place + bit, size) * len;
            schedule.send((place + bit + root) % size, held.slice(bit * len, theirs));
        }
    }
    if let Some(mine) = mine {
        schedule.copy(held.slice(0, len), mine.clone());
    }
}

impl World {
    /// Gives each rank its block of the root's buffer. At the root `rbuf` may be in place: its block stays where it is.
    #[doc(alias = "MPI_Scatter")]
    pub fn scatter(&self, sbuf: UserBuf, rbuf: UserBuf, root: i32, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_scatter(sbuf, rbuf, root, comm))
    }

    /// As [`World::scatter`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Iscatter")]
    pub fn iscatter(&self, sbuf: UserBuf, rbuf: UserBuf, root: i32, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_scatter(sbuf, rbuf, root, comm))
    }

    fn write_scatter(&self, sbuf: UserBuf, rbuf: UserBuf, root: i32, comm: &Comm) -> Result<Schedule> {
        let root = check_root(comm, root)?;
        let size = comm.group().size();
        let blocks = match comm.rank() == root {
            true => Some(self.even_blocks(sbuf, size)?),
            false => None,
        };
        let mine = self.contribution(rbuf, blocks.is_some())?;
        let len = match (&mine, &blocks) {
            (_, Some(blocks)) => blocks.block(root).len(),
            (Some(mine), None) => mine.len(),
            (None, None) => 0,
        };
        let mut schedule = Schedule::new(Team::of(comm));
        if len > DIRECT || size < 4 {
            linear(&mut schedule, root, blocks.as_ref(), mine.as_ref());
        } else {
            binomial(&mut schedule, root, blocks.as_ref(), mine.as_ref(), len);
        }
        Ok(schedule)
    }

    /// As [`World::scatter`], each block with a length and a place of its own.
    #[doc(alias = "MPI_Scatterv")]
    pub fn scatterv(&self, sbuf: UserBlocks<'_>, rbuf: UserBuf, root: i32, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_scatterv(sbuf, rbuf, root, comm))
    }

    /// As [`World::scatterv`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Iscatterv")]
    pub fn iscatterv(&self, sbuf: UserBlocks<'_>, rbuf: UserBuf, root: i32, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_scatterv(sbuf, rbuf, root, comm))
    }

    fn write_scatterv(
        &self,
        sbuf: UserBlocks<'_>,
        rbuf: UserBuf,
        root: i32,
        comm: &Comm,
    ) -> Result<Schedule> {
        let root = check_root(comm, root)?;
        let blocks = match comm.rank() == root {
            true => Some(self.free_blocks(sbuf, comm.group().size())?),
            false => None,
        };
        let mine = self.contribution(rbuf, blocks.is_some())?;
        let mut schedule = Schedule::new(Team::of(comm));
        linear(&mut schedule, root, blocks.as_ref(), mine.as_ref());
        Ok(schedule)
    }
}
