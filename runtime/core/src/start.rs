//! From a process to a rank: the world that the launcher, or nobody, has meant for it.

use std::io;

use rankwise_boot::{Started, message::Job};
use rankwise_transport::shm::Shm;

use crate::world::{JobInfo, World};
use crate::{Error, ErrorClass, Handle, Result};

/// Finds out what this process is: a rank of a job that `mpirun` has started, or a world of one.
///
/// To be called once in a process.
pub fn connect() -> Result<Started> {
    rankwise_boot::start().map_err(|error| Error::new(ErrorClass::ERR_OTHER, error.to_string()))
}

/// Makes the world of a process. `warn` is as for [`World::new`].
pub fn start(started: &Started, warn: Box<dyn Fn(&str)>) -> Result<World> {
    let (job, shm) = match started {
        Started::Alone(job) => (job, Shm::alone()),
        Started::Member(client) => {
            let Job { local_rank, local_size, crowded, .. } = *client.job();
            let shm = client
                .segment()
                .and_then(|segment| Shm::attach(segment, local_rank as usize, local_size as usize, crowded));
            (client.job(), shm)
        }
    };
    let shm = shm.map_err(not_mapped)?;
    // Jobs have one node.
    let request = job.request.as_ref();
    let errhandler = request.and_then(|request| request.initial_errhandler.as_deref());
    let info = JobInfo {
        host: job.host.clone(),
        node: 0,
        appnum: job.appnum,
        universe_size: job.universe_size,
        errhandler: errhandler.and_then(Handle::errhandler_named),
        memory_kinds: request.and_then(|request| request.memory_kinds.clone()),
    };
    Ok(World::new(Box::new(shm), job.rank as usize, info, warn))
}

fn not_mapped(error: io::Error) -> Error {
    let class = match error.kind() {
        io::ErrorKind::OutOfMemory => ErrorClass::ERR_NO_MEM,
        _ => ErrorClass::ERR_OTHER,
    };
    Error::new(class, format!("the memory that ranks share cannot be mapped: {error}"))
}
