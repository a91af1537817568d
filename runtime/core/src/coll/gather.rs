//! Gather and gatherv (MPI 5.0, section 6.5).

use super::blocks::{Blocks, UserBlocks};
use super::check_root;
use super::schedule::{Schedule, Team};
use crate::Result;
use crate::buffer::{Buffer, UserBuf};
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;

/// Blocks longer than this go straight to the root, in bytes: passing them on would cost more than a message.
const DIRECT: usize = 4 << 10;

/// Every rank sends to the root. 1 round, n - 1 messages at the root, m n bytes.
pub(super) fn linear(
    schedule: &mut Schedule,
    root: usize,
    mine: Option<&Buffer>,
    blocks: Option<&Blocks<'_>>,
) {
    match blocks {
        Some(blocks) => {
            for rank in (0..schedule.size()).filter(|&r| r != root) {
                schedule.receive(rank, blocks.block(rank));
            }
            if let Some(mine) = mine {
                schedule.copy(mine.clone(), blocks.block(root));
            }
        }
        None => {
            if let Some(mine) = mine {
                schedule.send(root, mine.clone());
            }
        }
    }
}

/// How many ranks the subtree of `place` holds in a binomial tree of `size` ranks.
pub(super) fn subtree(place: usize, size: usize) -> usize {
    let bit = if place == 0 { size.next_power_of_two() } else { 1 << place.trailing_zeros() };
    bit.min(size - place)
}

/// Binomial tree: a rank collects the packed blocks of its subtree and passes them on in one message. ceil(log2 n)
/// rounds, m n bytes at the root.
fn binomial(
    schedule: &mut Schedule,
    root: usize,
    mine: Option<&Buffer>,
    len: usize,
    blocks: Option<&Blocks<'_>>,
) {
    let size = schedule.size();
    let place = (schedule.rank() + size - root) % size;
    let held = schedule.scratch_buffer(subtree(place, size) * len);
    if let Some(mine) = mine {
        schedule.copy(mine.clone(), held.slice(0, len));
    }
    let mut bit = 1;
    while bit < size && place & bit == 0 {
        if place + bit < size {
            let theirs = subtree(place + bit, size) * len;
            schedule.receive((place + bit + root) % size, held.slice(bit * len, theirs));
        }
        bit *= 2;
    }
    schedule.wait();
    if place != 0 {
        schedule.send((place - (1 << place.trailing_zeros()) + root) % size, held);
    } else if let Some(blocks) = blocks {
        for other in (0..size).filter(|&p| p > 0 || mine.is_some()) {
            schedule.copy(held.slice(other * len, len), blocks.block((other + root) % size));
        }
    }
}

impl World {
    /// Collects a block of each rank at the root. There `sbuf` may be in place: its block is in `rbuf` already.
    #[doc(alias = "MPI_Gather")]
    pub fn gather(&self, sbuf: UserBuf, rbuf: UserBuf, root: i32, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_gather(sbuf, rbuf, root, comm))
    }

    /// As [`World::gather`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Igather")]
    pub fn igather(&self, sbuf: UserBuf, rbuf: UserBuf, root: i32, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_gather(sbuf, rbuf, root, comm))
    }

    fn write_gather(&self, sbuf: UserBuf, rbuf: UserBuf, root: i32, comm: &Comm) -> Result<Schedule> {
        let root = check_root(comm, root)?;
        let size = comm.group().size();
        let blocks = match comm.rank() == root {
            true => Some(self.even_blocks(rbuf, size)?),
            false => None,
        };
        let mine = self.contribution(sbuf, blocks.is_some())?;
        let len = match (&mine, &blocks) {
            (_, Some(blocks)) => blocks.block(root).len(),
            (Some(mine), None) => mine.len(),
            (None, None) => 0,
        };
        let mut schedule = Schedule::new(Team::of(comm));
        if len > DIRECT || size < 4 {
            linear(&mut schedule, root, mine.as_ref(), blocks.as_ref());
        } else {
            binomial(&mut schedule, root, mine.as_ref(), len, blocks.as_ref());
        }
        Ok(schedule)
    }

    /// As [`World::gather`], each block with a length and a place of its own.
    #[doc(alias = "MPI_Gatherv")]
    pub fn gatherv(&self, sbuf: UserBuf, rbuf: UserBlocks<'_>, root: i32, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_gatherv(sbuf, rbuf, root, comm))
    }

    /// As [`World::gatherv`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Igatherv")]
    pub fn igatherv(&self, sbuf: UserBuf, rbuf: UserBlocks<'_>, root: i32, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_gatherv(sbuf, rbuf, root, comm))
    }

    fn write_gatherv(&self, sbuf: UserBuf, rbuf: UserBlocks<'_>, root: i32, comm: &Comm) -> Result<Schedule> {
        let root = check_root(comm, root)?;
        let blocks = match comm.rank() == root {
            true => Some(self.free_blocks(rbuf, comm.group().size())?),
            false => None,
        };
        let mine = self.contribution(sbuf, blocks.is_some())?;
        let mut schedule = Schedule::new(Team::of(comm));
        linear(&mut schedule, root, mine.as_ref(), blocks.as_ref());
        Ok(schedule)
    }

    /// What this rank contributes; nothing if it is in place, which only some ranks may say.
    pub(super) fn contribution(&self, buf: UserBuf, may_be_in_place: bool) -> Result<Option<Buffer>> {
        if buf.is_in_place() {
            if !may_be_in_place {
                crate::fail!(ERR_BUFFER, "MPI_IN_PLACE is not allowed for this buffer on this rank");
            }
            return Ok(None);
        }
        buf.resolve(&self.types.borrow()).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::subtree;

    #[test]
    fn subtrees_partition_the_ranks() {
        for size in 1..40usize {
            assert_eq!(subtree(0, size), size);
            for place in 0..size {
                let mut sum = 1;
                let mut bit = 1;
                while bit < size && place & bit == 0 {
                    if place + bit < size {
                        sum += subtree(place + bit, size);
                    }
                    bit *= 2;
                }
                assert_eq!(sum, subtree(place, size), "{place} of {size}");
            }
        }
    }
}
