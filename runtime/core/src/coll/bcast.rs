//! Broadcast (MPI 5.0, section 6.4).

use super::check_root;
use super::schedule::{Schedule, Team};
use crate::Result;
use crate::buffer::{Buffer, UserBuf};
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;

/// Binomial tree: a rank that has the message passes it on to those that differ from it in one bit, counted from the
/// root. ceil(log2 n) rounds, up to m log2 n bytes through the root.
pub(super) fn binomial(schedule: &mut Schedule, root: usize, data: &Buffer) {
    let size = schedule.size();
    let place = (schedule.rank() + size - root) % size;
    let mut bit = 1;
    while bit < size {
        if place & bit != 0 {
            schedule.receive((place - bit + root) % size, data.clone());
            schedule.wait();
            break;
        }
        bit *= 2;
    }
    bit /= 2;
    while bit > 0 {
        if place + bit < size {
            schedule.send((place + bit + root) % size, data.clone());
        }
        bit /= 2;
    }
}

impl World {
    /// Sends the root's message to all.
    #[doc(alias = "MPI_Bcast")]
    pub fn bcast(&self, buf: UserBuf, root: i32, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| self.write_bcast(buf, root, comm))
    }

    /// As [`World::bcast`]; the request completes when this rank's part is done.
    #[doc(alias = "MPI_Ibcast")]
    pub fn ibcast(&self, buf: UserBuf, root: i32, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| self.write_bcast(buf, root, comm))
    }

    fn write_bcast(&self, buf: UserBuf, root: i32, comm: &Comm) -> Result<Schedule> {
        let root = check_root(comm, root)?;
        let data = buf.resolve(&self.types.borrow())?;
        let mut schedule = Schedule::new(Team::of(comm));
        binomial(&mut schedule, root, &data);
        Ok(schedule)
    }
}
