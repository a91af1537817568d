//! LSF: a file with a line for each task (LSB_AFFINITY_HOSTFILE), or for each slot (LSB_DJOB_HOSTFILE), or a list in a
//! variable, `hA 2 hB 4` (LSB_MCPU_HOSTS) or `hA hA hB` (LSB_HOSTS).

use super::{Allocation, AllocationError, Scheduler, Surroundings, host, line_of_slots};
use crate::hosts::{self, Host};

/// What LSF says.
pub fn find(around: &Surroundings) -> Result<Option<Allocation>, AllocationError> {
    if around.variable("LSB_JOBID").is_none() {
        return Ok(None);
    }
    let found = |name: &str, hosts| {
        Ok(Some(Allocation { scheduler: Scheduler::Lsf, variable: name.into(), hosts: hosts::merged(hosts) }))
    };
    // Behind the host stand the processors that are the task's.
    let name = "LSB_AFFINITY_HOSTFILE";
    let first = |line: &str| line_of_slots(line.split_whitespace().next().unwrap_or_default());
    if let Some(hosts) = around.file(name, first)? {
        return found(name, hosts);
    }
    let name = "LSB_MCPU_HOSTS";
    if let Some(value) = around.variable(name) {
        let hosts = pairs(&value).map_err(|why| AllocationError::Value { name: name.into(), value, why })?;
        return found(name, hosts);
    }
    let name = "LSB_DJOB_HOSTFILE";
    if let Some(hosts) = around.file(name, line_of_slots)? {
        return found(name, hosts);
    }
    let name = "LSB_HOSTS";
    match around.variable(name) {
        Some(value) => found(name, value.split_whitespace().map(|name| host(name, 1)).collect()),
        None => Ok(None),
    }
}

/// `hA 2 hB 4`.
fn pairs(text: &str) -> Result<Vec<Host>, String> {
    let mut words = text.split_whitespace();
    let mut hosts = Vec::new();
    while let Some(name) = words.next() {
        let number = words.next().ok_or_else(|| format!("no number of slots follows {name}"))?;
        hosts.push(host(name, hosts::number(number).map_err(|error| error.to_string())?));
    }
    Ok(hosts)
}
