//! How agents are started on hosts that a scheduler has given: by its own means where it has some that a pipe goes through,
//! so that it knows of all that runs and ends it with the job; by ssh elsewhere.
//!
//! (PBS's `pbs_tmrsh` and `pbsdsh` start programs as well, but with no standard input.)

use super::Scheduler;
use crate::remote::shell::{self, Shell};

/// What srun would take as options from its environment, and what is there for the job is not meant for agents: how many
/// processors a task has, or how what it writes is to be changed.
const MISLEADING: [&str; 30] = [
    "SLURM_CPUS_PER_TASK",
    "SRUN_CPUS_PER_TASK",
    "SLURM_THREADS_PER_CORE",
    "SLURM_CORE_SPEC",
    "SLURM_EXACT",
    "SLURM_EXCLUSIVE",
    "SLURM_HINT",
    "SLURM_DISTRIBUTION",
    "SLURM_DIST_PLANESIZE",
    "SLURM_NTASKS_PER_NODE",
    "SLURM_NTASKS_PER_CORE",
    "SLURM_NTASKS_PER_SOCKET",
    "SLURM_NTASKS_PER_GPU",
    "SLURM_NTASKS_PER_TRES",
    "SLURM_TRES_PER_TASK",
    "SLURM_GPUS_PER_TASK",
    "SLURM_GPUS_PER_SOCKET",
    "SLURM_GPU_BIND",
    "SLURM_CPU_BIND",
    "SLURM_MEM_BIND",
    "SLURM_HOSTFILE",
    "SLURM_LABELIO",
    "SLURM_MULTI_PROG",
    "SLURM_STDINMODE",
    "SLURM_STDOUTMODE",
    "SLURM_STDERRMODE",
    "SLURM_UNBUFFEREDIO",
    "SLURM_EXPORT_ENV",
    "SLURM_PROLOG",
    "SLURM_TASK_PROLOG",
];

/// srun, as a remote shell: a step of one task, which has all that the job has on the host, beside whatever else runs there.
///
/// Unbuffered, or srun would keep all that stands behind the last line's end.
const SRUN: [&str; 12] = [
    "srun",
    "--quiet",
    "--overlap",
    "--nodes=1",
    "--ntasks=1",
    "--nodelist=%h",
    "--mpi=none",
    "--cpu-bind=none",
    "--unbuffered",
    "--kill-on-bad-exit=1",
    "--chdir=/",
    "--",
];

impl Scheduler {
    /// What starts agents in such an allocation, if the scheduler has something for that and it is there.
    pub fn shell(self, get: &dyn Fn(&str) -> Option<String>) -> Option<Shell> {
        let within = |directory: Option<String>, name: &str| match directory {
            Some(directory) => format!("{directory}/{name}"),
            None => name.to_string(),
        };
        let words: Vec<String> = match self {
            Scheduler::Slurm => SRUN.map(String::from).into(),
            Scheduler::Sge => {
                let root = get("SGE_ROOT").zip(get("ARC").or_else(|| get("SGE_ARCH")));
                let qrsh = within(root.map(|(root, arch)| format!("{root}/bin/{arch}")), "qrsh");
                vec![qrsh, "-inherit".into(), "%h".into()]
            }
            Scheduler::Lsf => vec![within(get("LSF_BINDIR"), "blaunch"), "%h".into()],
            _ => return None,
        };
        let unset = if self == Scheduler::Slurm { MISLEADING.map(String::from).into() } else { Vec::new() };
        Some(Shell { words, joined: false, unset }).filter(available)
    }

    /// Whether an agent on any host of the allocation can start further ones. (Grid Engine lets it where each host is also one
    /// that jobs are submitted from, which they need not be.)
    pub fn has_trees(self) -> bool {
        !matches!(self, Scheduler::Sge | Scheduler::Lsf)
    }
}

/// Whether a remote shell is installed here.
fn available(shell: &Shell) -> bool {
    shell.words.first().is_some_and(|word| shell::find(word.as_ref()).is_ok_and(|file| file.is_file()))
}
