//! Every environment variable that Rankwise reads, and what the surroundings look like in them. (The launcher reads those of
//! schedulers, which tell it of hosts, in its `allocation`, and Open MPI's parameters in its `args/mca`.)

use std::os::fd::RawFd;

/// A variable that Rankwise reads or sets.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Who is meant to set it.
    pub setter: Setter,
    /// What it is for, for people.
    pub purpose: &'static str,
}

const fn user(name: &'static str, purpose: &'static str) -> Variable {
    Variable { name, setter: Setter::User, purpose }
}

const fn launcher(name: &'static str, purpose: &'static str) -> Variable {
    Variable { name, setter: Setter::Launcher, purpose }
}

const fn others(name: &'static str, purpose: &'static str) -> Variable {
    Variable { name, setter: Setter::Foreign, purpose }
}

/// Who sets a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setter {
    /// The user.
    User,
    /// Our launcher, for the ranks.
    Launcher,
    /// Somebody else's launcher.
    Foreign,
}

/// Which descriptor leads to the launcher, as `NUMBER:IDENTITY`.
pub const BOOT: &str = "RANKWISE_BOOT";
/// The rank, for scripts.
pub const RANK: &str = "RANKWISE_RANK";
/// The number of ranks, for scripts.
pub const SIZE: &str = "RANKWISE_SIZE";
/// The rank on its node, for scripts.
pub const LOCAL_RANK: &str = "RANKWISE_LOCAL_RANK";
/// The number of ranks on the node, for scripts.
pub const LOCAL_SIZE: &str = "RANKWISE_LOCAL_SIZE";
/// Set to 1: be a world of one, whatever the surroundings say.
pub const SINGLETON: &str = "RANKWISE_SINGLETON";
/// Seconds after which mpirun ends the job.
pub const TIMEOUT: &str = "MPIEXEC_TIMEOUT";

/// PMI: the descriptor that leads to the server of whoever has started this process.
pub const PMI_FD: &str = "PMI_FD";
/// PMI: the address of the server, where there is no descriptor.
pub const PMI_PORT: &str = "PMI_PORT";
/// PMI: as who to call there.
pub const PMI_ID: &str = "PMI_ID";
/// PMIx: the name of the job.
pub const PMIX_NAMESPACE: &str = "PMIX_NAMESPACE";
/// PMIx: the rank.
pub const PMIX_RANK: &str = "PMIX_RANK";
/// The library of PMIx, if it is not where the system looks.
pub const PMIX_LIBRARY: &str = "RANKWISE_PMIX";
/// Set to 2: speak PMI-2 at once, and not where the server refuses PMI-1.
pub const PMI_VERSION: &str = "RANKWISE_PMI_VERSION";
/// PMI: the rank.
pub const PMI_RANK: &str = "PMI_RANK";
/// PMI-2: the job.
pub const PMI_JOBID: &str = "PMI_JOBID";
/// PMI: the number of ranks.
pub const PMI_SIZE: &str = "PMI_SIZE";
/// What MPICH's programs take for their rank on the node.
pub const HYDRA_LOCAL_RANK: &str = "MPI_LOCALRANKID";
/// What MPICH's programs take for the number of ranks on the node.
pub const HYDRA_LOCAL_SIZE: &str = "MPI_LOCALNRANKS";

/// The command by which mpirun starts agents on other hosts.
pub const REMOTE_SHELL: &str = "RANKWISE_RSH";

/// The network interfaces that ranks use between nodes: names and networks, or with a `^` those that they do not.
pub const NET_IF: &str = "RANKWISE_NET_IF";
/// The ports that ranks listen on, as `LOW-HIGH`.
pub const NET_PORTS: &str = "RANKWISE_NET_PORTS";
/// Seconds after which a peer that cannot be reached is lost.
pub const NET_PATIENCE: &str = "RANKWISE_NET_PATIENCE";

/// hwloc's variables that show the launcher another machine than this one.
pub const OTHER_MACHINE: [&str; 2] = ["HWLOC_SYNTHETIC", "HWLOC_XMLFILE"];

/// What names the C compiler for mpicc, the first one that is set: ours, MPICH's, Open MPI's.
pub const C_COMPILER: [&str; 3] = ["MPICC_CC", "MPICH_CC", "OMPI_CC"];
/// What names the C++ compiler for mpicxx.
pub const CXX_COMPILER: [&str; 3] = ["MPICXX_CXX", "MPICH_CXX", "OMPI_CXX"];
/// Where mpirun looks for programs.
pub const PATH: &str = "PATH";

/// Which screen mpirun's `--xterm` opens its windows on.
pub const DISPLAY: &str = "DISPLAY";

/// All of them.
pub const TABLE: &[Variable] = &[
    launcher(BOOT, "the descriptor that leads to the launcher"),
    launcher(RANK, "the rank in MPI_COMM_WORLD"),
    launcher(SIZE, "the size of MPI_COMM_WORLD"),
    launcher(LOCAL_RANK, "the rank among those on its node"),
    launcher(LOCAL_SIZE, "the number of ranks on the node"),
    user(SINGLETON, "1: a program started without mpirun is a world of one"),
    user(TIMEOUT, "seconds after which mpirun ends the job"),
    user(REMOTE_SHELL, "what starts agents on other hosts, if not ssh"),
    user(NET_IF, "the interfaces or networks that ranks use between nodes"),
    user(NET_PORTS, "the range of ports that ranks listen on"),
    user(NET_PATIENCE, "seconds after which an unreachable rank is lost"),
    user(PATH, "where mpirun looks for programs"),
    user(DISPLAY, "the screen of mpirun's --xterm"),
    user(C_COMPILER[0], "the C compiler of mpicc"),
    user(C_COMPILER[1], "the C compiler of mpicc"),
    user(C_COMPILER[2], "the C compiler of mpicc"),
    user(CXX_COMPILER[0], "the C++ compiler of mpicxx"),
    user(CXX_COMPILER[1], "the C++ compiler of mpicxx"),
    user(CXX_COMPILER[2], "the C++ compiler of mpicxx"),
    others(PMI_FD, "PMI: the descriptor that leads to a server"),
    others(PMI_PORT, "PMI: the address of a server"),
    others(PMI_FD_TAKEN, "PMI: the same, for children of a rank"),
    others(PMI_PORT_TAKEN, "PMI: the same, for children of a rank"),
    others(PMI_ID, "PMI: as who to call there"),
    user(PMI_VERSION, "2: speak PMI-2 with a launcher that understands PMI-1 as well"),
    others(PMI_RANK, "PMI: the rank"),
    others(PMI_JOBID, "PMI-2: the job"),
    others(PMI_SIZE, "PMI: the number of ranks"),
    launcher(HYDRA_LOCAL_RANK, "for MPICH's programs: the rank on the node"),
    launcher(HYDRA_LOCAL_SIZE, "for MPICH's programs: the ranks on the node"),
    others(PMIX_NAMESPACE, "PMIx: the job"),
    others(PMIX_NAMESPACE_TAKEN, "PMIx: the same, for children of a rank"),
    others(PMIX_RANK, "PMIx: the rank"),
    user(PMIX_LIBRARY, "the library of PMIx, if it is not libpmix.so.2 where the system looks"),
    others("OMPI_COMM_WORLD_SIZE", "Open MPI's mpirun: the size"),
    others("SLURM_STEP_ID", "srun: a task of a step"),
    others("SLURM_PROCID", "srun: the rank"),
    others("SLURM_NTASKS", "srun: the number of ranks"),
    others("SLURM_STEP_NUM_TASKS", "srun: the number of ranks of the step"),
];

/// What a variable says; one that is empty says nothing.
pub fn value(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// What [`BOOT`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boot {
    /// It is not set: nobody of ours has started this process.
    Absent,
    /// This descriptor, if it still is the socket with this identity.
    Socket {
        /// The number of the descriptor.
        number: RawFd,
        /// What tells the socket from others.
        identity: u64,
    },
    /// A rank has used it, and this process is that rank's child.
    Taken,
    /// It is not of our making.
    Nonsense,
}

/// The first letter of the names of variables that a rank has used. (Shells hand on what may be a name of theirs.)
pub const HIDDEN: u8 = b'_';
/// The name that [`PMI_FD`] has once a rank has used it: the rank's children must not take the server for theirs.
pub const PMI_FD_TAKEN: &str = "_MI_FD";
/// The same for [`PMIX_NAMESPACE`].
pub const PMIX_NAMESPACE_TAKEN: &str = "_MIX_NAMESPACE";
/// The same for [`PMI_PORT`].
pub const PMI_PORT_TAKEN: &str = "_MI_PORT";

/// What stands in [`BOOT`] once a rank has used it.
pub const TAKEN: u8 = b'-';

impl Boot {
    /// Reads the value of [`BOOT`].
    pub fn parse(value: Option<&str>) -> Boot {
        let Some(value) = value else { return Boot::Absent };
        if value.is_empty() {
            return Boot::Absent;
        }
        if value.as_bytes()[0] == TAKEN {
            return Boot::Taken;
        }
        match value.split_once(':').map(|(n, i)| (n.parse(), i.parse())) {
            Some((Ok(number), Ok(identity))) if number >= 0 => Boot::Socket { number, identity },
            _ => Boot::Nonsense,
        }
    }

    /// The value that says: this descriptor, this identity.
    pub fn value(number: RawFd, identity: u64) -> String {
        format!("{number}:{identity}")
    }
}

/// A launcher that is not ours has started this process as one of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Who that is likely to be.
    pub launcher: &'static str,
    /// The variable that says so, as `NAME=value`.
    pub evidence: String,
}

/// Looks for a foreign launcher in the variables that `get` gives.
pub fn foreign(get: impl Fn(&str) -> Option<String>) -> Option<Foreign> {
    let number = |name: &str| get(name).and_then(|value| value.trim().parse::<u64>().ok());
    let several = |name: &str| number(name).filter(|&n| n > 1).map(|n| format!("{name}={n}"));
    if let Some(evidence) = several("OMPI_COMM_WORLD_SIZE") {
        return Some(Foreign { launcher: "Open MPI's mpirun", evidence });
    }
    // An sbatch script and what it starts directly have SLURM_PROCID=0 and SLURM_NTASKS too, but no step.
    let step = get("SLURM_STEP_ID").is_some() && get("SLURM_PROCID").is_some();
    let tasks = several("SLURM_STEP_NUM_TASKS").or_else(|| several("SLURM_NTASKS"));
    if step && let Some(evidence) = tasks {
        return Some(Foreign { launcher: "Slurm's srun", evidence });
    }
    if let Some(evidence) = several(PMI_SIZE) {
        return Some(Foreign { launcher: "the mpiexec of MPICH or of a relative of it", evidence });
    }
    // PMIx gives no size before one has connected to its server.
    get(PMIX_RANK).map(|rank| Foreign {
        launcher: "a PMIx launcher (Open MPI's mpirun or prterun)",
        evidence: format!("PMIX_RANK={rank}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(variables: &[(&str, &str)]) -> Option<String> {
        let get = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string());
        foreign(get).map(|f| f.evidence)
    }

    #[test]
    fn every_variable_stands_in_the_table_once() {
        let mut names: Vec<&str> = TABLE.iter().map(|variable| variable.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        foreign(|name| {
            assert!(names.contains(&name), "{name}");
            Some("0".into())
        });
    }

    #[test]
    fn one_of_many_is_told_from_one_of_one() {
        assert_eq!(look(&[]), None);
        assert_eq!(look(&[("PMI_SIZE", "1")]), None);
        assert_eq!(look(&[("PMI_SIZE", "4")]).unwrap(), "PMI_SIZE=4");
        assert_eq!(look(&[("PMIX_RANK", "0")]).unwrap(), "PMIX_RANK=0");
        assert_eq!(
            look(&[("OMPI_COMM_WORLD_SIZE", "2"), ("PMIX_RANK", "0")]).unwrap(),
            "OMPI_COMM_WORLD_SIZE=2"
        );
    }

    #[test]
    fn a_batch_script_is_no_task_of_a_step() {
        let script = [("SLURM_PROCID", "0"), ("SLURM_NTASKS", "8")];
        assert_eq!(look(&script), None);
        let task = [("SLURM_PROCID", "0"), ("SLURM_NTASKS", "8"), ("SLURM_STEP_ID", "0")];
        assert_eq!(look(&task).unwrap(), "SLURM_NTASKS=8");
        let single = [("SLURM_PROCID", "0"), ("SLURM_NTASKS", "1"), ("SLURM_STEP_ID", "0")];
        assert_eq!(look(&single), None);
    }

    #[test]
    fn the_boot_variable_is_read_as_it_is_written() {
        assert_eq!(Boot::parse(None), Boot::Absent);
        assert_eq!(Boot::parse(Some("")), Boot::Absent);
        assert_eq!(Boot::parse(Some(&Boot::value(3, 77))), Boot::Socket { number: 3, identity: 77 });
        assert_eq!(Boot::parse(Some("-:77")), Boot::Taken);
        assert_eq!(Boot::parse(Some("3:x")), Boot::Nonsense);
        assert_eq!(Boot::parse(Some("elephant")), Boot::Nonsense);
    }
}
