//! Barrier (MPI 5.0, sections 6.3 and 6.12.1).

use super::schedule::{Schedule, Team};
use crate::Result;
use crate::buffer::Buffer;
use crate::comm::Comm;
use crate::handle::Handle;
use crate::world::World;

/// Dissemination: in round k each rank tells the one 2^k after it that it, and all that it has heard of, are here.
/// ceil(log2 n) rounds of empty messages (Hensgen, Finkel, Manber, "Two algorithms for barrier synchronization", 1988).
fn dissemination(schedule: &mut Schedule) {
    let (rank, size) = (schedule.rank(), schedule.size());
    let mut distance = 1;
    while distance < size {
        schedule.receive((rank + size - distance) % size, Buffer::EMPTY);
        schedule.send((rank + distance) % size, Buffer::EMPTY);
        schedule.wait();
        distance *= 2;
    }
}

impl World {
    /// Returns when all ranks have called it.
    #[doc(alias = "MPI_Barrier")]
    pub fn barrier(&self, comm: Handle) -> Result<()> {
        self.carry_out(comm, |comm| Ok(write_barrier(comm)))
    }

    /// As [`World::barrier`]; the request completes when all ranks have called it.
    #[doc(alias = "MPI_Ibarrier")]
    pub fn ibarrier(&self, comm: Handle) -> Result<Handle> {
        self.start(comm, |comm| Ok(write_barrier(comm)))
    }
}

fn write_barrier(comm: &Comm) -> Schedule {
    let mut schedule = Schedule::new(Team::of(comm));
    dissemination(&mut schedule);
    schedule
}
