//! The hosts that a scheduler has given to this job, as its variables and files tell. Pure over what `get` says of a variable
//! and `read` of a file.
//!
//! | who | what is read |
//! |---|---|
//! | a host file that the surroundings name | HYDRA_HOST_FILE, I_MPI_HYDRA_HOST_FILE, Open MPI's orte_default_hostfile: the Kubernetes MPI operator |
//! | Slurm | SLURM_JOB_NODELIST and what goes with it ([`slurm`]) |
//! | LSF | LSB_AFFINITY_HOSTFILE, LSB_DJOB_HOSTFILE, LSB_MCPU_HOSTS or LSB_HOSTS ([`lsf`]) |
//! | Grid Engine | PE_HOSTFILE |
//! | PBS, Torque, Cobalt, OAR | a file with a line for each slot: PBS_NODEFILE, COBALT_NODEFILE, OAR_NODEFILE |
//!
//! What is there and not understood is an error that names the variable: a job that runs on one host of the many it was
//! given is noticed too late. (Flux tells in no variable which hosts a job has.)

mod lsf;
mod slurm;
mod start;

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::hosts::{self, Host, HostError};
use crate::launch::plain;

/// What Slurm calls the host that a program runs on.
pub const OWN_NAME: &str = "SLURMD_NODENAME";

/// The hosts of this job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Who has given them.
    pub scheduler: Scheduler,
    /// The variable that says so.
    pub variable: String,
    /// The hosts, each once.
    pub hosts: Vec<Host>,
}

impl Allocation {
    /// Whether it has a host, by its whole name or the first part of it.
    pub fn has(&self, name: &str) -> bool {
        self.hosts.iter().any(|host| host.is_called(name))
    }
}

/// Who gives hosts to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduler {
    /// A host file that the surroundings name.
    File,
    /// The same, in Kubernetes, where hosts may still be starting.
    Kubernetes,
    /// Slurm.
    Slurm,
    /// Slurm, and the hosts are of several kinds, each with a part of the job to itself.
    SlurmGroups,
    /// Grid Engine.
    Sge,
    /// LSF.
    Lsf,
    /// PBS and Torque.
    Pbs,
    /// Cobalt.
    Cobalt,
    /// OAR.
    Oar,
}

impl Scheduler {
    /// Whether the job has no business on any other host.
    pub fn is_strict(self) -> bool {
        !matches!(self, Scheduler::File | Scheduler::Kubernetes)
    }

    /// What it starts programs with.
    pub fn program(self) -> &'static str {
        match self {
            Scheduler::Slurm | Scheduler::SlurmGroups => "srun",
            Scheduler::Sge => "qrsh",
            Scheduler::Lsf => "blaunch",
            _ => "ssh",
        }
    }
}

/// Why it is not understood.
#[derive(Debug, Error)]
pub enum AllocationError {
    /// A variable does not say what it should.
    #[error("{name}={value}: {why}")]
    Value {
        /// Its name.
        name: String,
        /// What it says.
        value: String,
        /// What is wrong with that.
        why: String,
    },
    /// A variable that belongs to another one is missing.
    #[error("{name} is set, but {missing} is not")]
    Missing {
        /// The one that is there.
        name: String,
        /// The other one, or others.
        missing: &'static str,
    },
    /// A file that a variable names cannot be read.
    #[error("{name} names {path}: {error}", path = .path.display(), error = plain(.error))]
    Unreadable {
        /// The variable.
        name: String,
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file that a variable names does not hold what it should.
    #[error("{name} names {path}: {error}", path = .path.display())]
    File {
        /// The variable.
        name: String,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: HostError,
    },
}

/// What the surroundings say.
struct Surroundings<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    read: &'a dyn Fn(&Path) -> std::io::Result<String>,
}

impl Surroundings<'_> {
    /// What a variable says, if it says anything.
    fn variable(&self, name: &str) -> Option<String> {
        (self.get)(name).filter(|value| !value.trim().is_empty())
    }

    /// The hosts in the file that a variable names, if it is set.
    fn file(
        &self,
        name: &str,
        line: impl Fn(&str) -> Result<Vec<Host>, HostError>,
    ) -> Result<Option<Vec<Host>>, AllocationError> {
        let Some(path) = self.variable(name).map(PathBuf::from) else { return Ok(None) };
        let text = (self.read)(&path);
        let text = text.map_err(|error| AllocationError::Unreadable {
            name: name.into(),
            path: path.clone(),
            error,
        })?;
        let hosts = hosts::lines(&text, line).map(hosts::merged);
        hosts.map(Some).map_err(|error| AllocationError::File { name: name.into(), path, error })
    }
}

/// Variables that name a host file: MPICH's, Intel's, Open MPI's up to 4 and from 5 on.
const HOST_FILES: [&str; 5] = [
    "HYDRA_HOST_FILE",
    "I_MPI_HYDRA_HOST_FILE",
    "OMPI_MCA_orte_default_hostfile",
    "OMPI_MCA_prte_default_hostfile",
    "PRTE_MCA_prte_default_hostfile",
];

/// Looks for an allocation.
pub fn find(
    get: &dyn Fn(&str) -> Option<String>,
    read: &dyn Fn(&Path) -> std::io::Result<String>,
) -> Result<Option<Allocation>, AllocationError> {
    let around = Surroundings { get, read };
    for name in HOST_FILES {
        if let Some(hosts) = around.file(name, hosts::line)? {
            let operator = around.variable("K_MPI_JOB_ROLE").is_some();
            let scheduler = if operator { Scheduler::Kubernetes } else { Scheduler::File };
            return Ok(Some(Allocation { scheduler, variable: name.into(), hosts }));
        }
    }
    if let Some(found) = slurm::find(&around)? {
        return Ok(Some(found));
    }
    if let Some(found) = lsf::find(&around)? {
        return Ok(Some(found));
    }
    let files = [
        (Scheduler::Sge, "PE_HOSTFILE", "JOB_ID"),
        (Scheduler::Pbs, "PBS_NODEFILE", "PBS_JOBID"),
        (Scheduler::Cobalt, "COBALT_NODEFILE", "COBALT_JOBID"),
        (Scheduler::Oar, "OAR_NODEFILE", "OAR_JOB_ID"),
    ];
    for (scheduler, name, job) in files {
        // A nodefile alone may be left of a job that is over.
        if around.variable(job).is_none() {
            continue;
        }
        let line = if scheduler == Scheduler::Sge { line_of_grid_engine } else { line_of_slots };
        if let Some(hosts) = around.file(name, line)? {
            return Ok(Some(Allocation { scheduler, variable: name.into(), hosts }));
        }
    }
    Ok(None)
}

/// `h0 2 all.q@h0 UNDEFINED`: a host, and how many slots it has in a queue.
fn line_of_grid_engine(line: &str) -> Result<Vec<Host>, HostError> {
    let mut words = line.split_whitespace();
    let Some(name) = words.next() else { return Ok(Vec::new()) };
    let slots = hosts::number(words.next().unwrap_or_default())?;
    Ok(vec![host(name, slots)])
}

/// A host, which has one slot more for each such line.
fn line_of_slots(line: &str) -> Result<Vec<Host>, HostError> {
    let mut words = line.split_whitespace();
    let Some(name) = words.next() else { return Ok(Vec::new()) };
    match words.next() {
        None => Ok(vec![host(name, 1)]),
        Some(more) => Err(HostError::Beside(more.into())),
    }
}

fn host(name: &str, slots: u32) -> Host {
    Host { name: name.into(), slots, max_slots: None, counted: true }
}

#[cfg(test)]
mod tests;
