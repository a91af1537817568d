//! From a process to a rank: the world that the launcher, or nobody, has meant for it.

use rankwise_boot::{Client, Started};
use rankwise_transport::shm::Shm;

use crate::world::{JobInfo, World};
use crate::{Error, ErrorClass, Result};

/// Finds out what this process is and makes its world: a rank of a job that `mpirun` has started, or a world of one.
/// The client, which only the former has, leads to the launcher. `warn` is as for [`World::new`].
///
/// To be called once in a process.
pub fn start(warn: Box<dyn Fn(&str)>) -> Result<(World, Option<Client>)> {
    let failed = |error: &dyn std::fmt::Display| Error::new(ErrorClass::ERR_OTHER, error.to_string());
    let started = rankwise_boot::start().map_err(|error| failed(&error))?;
    let (client, job) = match started {
        Started::Alone(job) => (None, job),
        Started::Member(client) => {
            let job = client.job().clone();
            (Some(client), job)
        }
    };
    let shm = match &client {
        None => Shm::alone(),
        Some(client) => client.segment().and_then(|segment| {
            Shm::attach(segment, job.local_rank as usize, job.local_size as usize, job.crowded)
        }),
    };
    let shm =
        shm.map_err(|error| failed(&format_args!("the memory that ranks share cannot be mapped: {error}")))?;
    // Jobs have one node.
    let info = JobInfo { host: job.host, node: 0, appnum: job.appnum, universe_size: job.universe_size };
    Ok((World::new(Box::new(shm), job.rank as usize, info, warn), client))
}
