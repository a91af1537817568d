//! Slurm: hosts in SLURM_JOB_NODELIST, slots in SLURM_TASKS_PER_NODE, or else in SLURM_JOB_CPUS_PER_NODE.
//!
//! Traps: an sbatch script has SLURM_PROCID as tasks have, but no SLURM_STEP_ID. With `salloc -N2 --exclusive` there is no
//! SLURM_NTASKS. In a task of a step SLURM_TASKS_PER_NODE is about the step, all else about the job.

use super::{Allocation, AllocationError, Scheduler, Surroundings, host};
use crate::hosts::{self, Host, HostError};

const NODES: &str = "SLURM_JOB_NODELIST";
const TASKS: &str = "SLURM_TASKS_PER_NODE";
const CPUS: &str = "SLURM_JOB_CPUS_PER_NODE";

/// What is behind the names of variables that are about one group of a heterogeneous job.
const GROUPS: [&str; 2] = ["_HET_GROUP_", "_PACK_GROUP_"];

/// What Slurm says.
pub fn find(around: &Surroundings) -> Result<Option<Allocation>, AllocationError> {
    if around.variable("SLURM_JOB_ID").is_none() && around.variable("SLURM_JOBID").is_none() {
        return Ok(None);
    }
    // One of several tasks that srun has started: the others may well be mpiruns too, and all of them cannot have all hosts.
    let number = |name: &str| around.variable(name).and_then(|value| value.trim().parse::<u32>().ok());
    let is_task = around.variable("SLURM_STEP_ID").is_some() && around.variable("SLURM_PROCID").is_some();
    if is_task && number("SLURM_STEP_NUM_TASKS").is_some_and(|tasks| tasks > 1) {
        return Ok(None);
    }
    for group in GROUPS {
        if around.variable(&format!("{NODES}{group}0")).is_none() {
            continue;
        }
        let (mut hosts, mut index) = (Vec::new(), 0);
        while let Some(more) = part(around, &format!("{group}{index}"), is_task)? {
            hosts.extend(more);
            index += 1;
        }
        let scheduler = if index > 1 { Scheduler::SlurmGroups } else { Scheduler::Slurm };
        let variable = format!("{NODES}{group}0");
        return Ok(Some(Allocation { scheduler, variable, hosts: hosts::merged(hosts) }));
    }
    // Old versions know it by this name only.
    let found = match part(around, "", is_task)? {
        None => part_named(around, "SLURM_NODELIST", "", is_task)?,
        found => found,
    };
    let allocation = |hosts| Allocation {
        scheduler: Scheduler::Slurm,
        variable: NODES.into(),
        hosts: hosts::merged(hosts),
    };
    Ok(found.map(allocation))
}

fn part(around: &Surroundings, suffix: &str, is_task: bool) -> Result<Option<Vec<Host>>, AllocationError> {
    part_named(around, &format!("{NODES}{suffix}"), suffix, is_task)
}

/// The hosts of a job, or of one group of it.
fn part_named(
    around: &Surroundings,
    nodes: &str,
    suffix: &str,
    is_task: bool,
) -> Result<Option<Vec<Host>>, AllocationError> {
    let Some(list) = around.variable(nodes) else { return Ok(None) };
    let wrong = |name: &str, value: &str, why: String| AllocationError::Value {
        name: name.into(),
        value: value.into(),
        why,
    };
    let names = names(&list).map_err(|error| wrong(nodes, &list, error.to_string()))?;
    let counted = |name: &str| {
        let name = format!("{name}{suffix}");
        let Some(value) = around.variable(&name) else { return Ok(None) };
        let counts = counts(&value).map_err(|why| wrong(&name, &value, why))?;
        let why = || format!("it is about {} host(s), but {nodes} names {}", counts.len(), names.len());
        if counts.len() == names.len() { Ok(Some(counts)) } else { Err(wrong(&name, &value, why())) }
    };
    let tasks = if is_task { None } else { counted(TASKS)? };
    let slots = match tasks {
        Some(tasks) => tasks,
        None => {
            let each = around.variable("SLURM_CPUS_PER_TASK").and_then(|value| value.trim().parse().ok());
            let each: u32 = each.filter(|&each| each > 0).unwrap_or(1);
            let missing = || AllocationError::Missing { name: nodes.into(), missing: CPUS };
            let cpus = counted(CPUS)?.ok_or_else(missing)?;
            cpus.into_iter().map(|cpus| (cpus / each).max(1)).collect()
        }
    };
    Ok(Some(names.iter().zip(slots).map(|(name, slots)| host(name, slots)).collect()))
}

fn names(list: &str) -> Result<Vec<String>, HostError> {
    let mut names = Vec::new();
    for item in hosts::items(list) {
        names.extend(hosts::expand(item)?);
    }
    if names.is_empty() { Err(HostError::Empty) } else { Ok(names) }
}

/// Numbers as Slurm abbreviates them: `8(x2),4` are 8, 8 and 4.
fn counts(text: &str) -> Result<Vec<u32>, String> {
    let wrong = |item: &str| format!("{item:?} is no number as in 8 or 8(x2)");
    let mut all = Vec::new();
    for item in text.trim().split(',') {
        let (number, times) = match item.split_once("(x") {
            Some((number, rest)) => (number, rest.strip_suffix(')').ok_or_else(|| wrong(item))?),
            None => (item, "1"),
        };
        let number = hosts::number(number).map_err(|_| wrong(item))?;
        let times = hosts::number(times).map_err(|_| wrong(item))? as usize;
        if all.len() + times > hosts::MOST {
            return Err(format!("{item:?} is more hosts than there can be"));
        }
        all.extend(std::iter::repeat_n(number, times));
    }
    Ok(all)
}
