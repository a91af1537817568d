//! Which hosts a command line names, how many ranks of each program there are, and where each of them runs.

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::ArgsError;
use crate::hosts::{self, Host};
use crate::order::{Program, RankBy};
use crate::plan::map::{self, Wish};

/// The hosts that the flags of the whole job name, if any.
pub fn of_job(global: &ArgMatches) -> Result<Vec<Host>, ArgsError> {
    let Some(path) = global.get_one::<PathBuf>("hostfile") else { return Ok(Vec::new()) };
    read(path)
}

fn read(path: &Path) -> Result<Vec<Host>, ArgsError> {
    let text = std::fs::read_to_string(path).map_err(|e| ArgsError::Unreadable(path.into(), e))?;
    hosts::file(&text).map_err(|e| ArgsError::HostFile(path.into(), e))
}

/// The hosts that the flags of one program name, if any.
pub fn of_program(local: &ArgMatches) -> Result<Option<Vec<Host>>, ArgsError> {
    let lists = local.get_many::<String>("hosts").into_iter().flatten();
    let mut all = Vec::new();
    for list in lists {
        all.extend(hosts::list(list).map_err(|e| ArgsError::Hosts(list.clone(), e))?);
    }
    Ok(if all.is_empty() { None } else { Some(hosts::merged(all)) })
}

/// A program that may not know yet how many ranks it has, and the hosts that were named for it.
pub struct Section {
    /// The program.
    pub program: Program,
    /// How many ranks were asked for.
    pub count: Option<u32>,
    /// How many of them on each host.
    pub per_host: Option<u32>,
    /// Where.
    pub hosts: Option<Vec<Host>>,
}

/// Where everything runs.
pub struct Placed {
    /// The programs with the numbers of their ranks.
    pub programs: Vec<Program>,
    /// All hosts.
    pub hosts: Vec<Host>,
    /// The host of each rank.
    pub nodes: Vec<u32>,
}

/// Finds a host for each rank. `job` are the hosts of the whole job: a program that names some of them runs on these, with
/// the slots that they have there unless it says so itself.
pub fn place(
    sections: Vec<Section>,
    job: Vec<Host>,
    wish: Wish,
    nowhere_else: bool,
) -> Result<Placed, ArgsError> {
    let mut all = job.clone();
    for named in sections.iter().filter_map(|section| section.hosts.as_ref()).flatten() {
        match all.iter().find(|host| host.name == named.name) {
            None if job.is_empty() || !nowhere_else => all.push(named.clone()),
            None => return Err(ArgsError::NotAllocated(named.name.clone())),
            Some(_) => {}
        }
    }
    // What stands in a command line is said for this one run, and counts more than what stands in a file.
    for named in sections.iter().filter_map(|section| section.hosts.as_ref()).flatten() {
        let said = all.iter_mut().find(|host| host.name == named.name && job.is_empty());
        said.into_iter().for_each(|host| host.slots = host.slots.max(named.slots));
    }
    let per_host = sections.iter().find_map(|section| section.per_host);
    if let (Some(slots), false) = (per_host, all.is_empty()) {
        all.iter_mut().for_each(|host| host.slots = slots);
    }
    let index = |name: &str| all.iter().position(|host| host.name == name).map(|index| index as u32);
    let (mut programs, mut counts) = (Vec::new(), Vec::new());
    for Section { mut program, count, per_host, hosts } in sections {
        let allowed: Vec<u32> = match &hosts {
            Some(hosts) => hosts.iter().filter_map(|host| index(&host.name)).collect(),
            None => (0..all.len() as u32).collect(),
        };
        let slots = || allowed.iter().map(|&host| u64::from(all[host as usize].slots)).sum::<u64>();
        let count = match (count, all.is_empty()) {
            (Some(count), _) => u64::from(count),
            (None, false) => slots(),
            (None, true) => u64::from(per_host.unwrap_or(1)),
        };
        program.count = u32::try_from(count).unwrap_or(u32::MAX);
        counts.push((program.count, allowed));
        programs.push(program);
    }
    let total: u64 = counts.iter().map(|(count, _)| u64::from(*count)).sum();
    if total > i32::MAX as u64 {
        return Err(ArgsError::TooMany(total));
    }
    let nodes = match all.is_empty() {
        true => vec![0; total as usize],
        false => map::plan(&all, &counts, wish)?,
    };
    Ok(Placed { programs, hosts: all, nodes })
}

/// `N` of `ppr:N:node`, which says as much as `-ppn N`.
pub fn per_resource(global: &ArgMatches) -> Option<u32> {
    let text = global.get_raw("map-by")?.next_back()?.to_string_lossy().to_lowercase();
    let mut parts = text.split(':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("ppr"), Some(number), Some("node")) => number.parse().ok().filter(|&n| n > 0),
        _ => None,
    }
}

/// What is wanted of the plan.
pub fn wish(global: &ArgMatches) -> Wish {
    Wish {
        // So many on each node is no round over the nodes.
        map_by: global.get_one("map-by").copied().filter(|_| per_resource(global).is_none()),
        rank_by: global.get_one::<RankBy>("rank-by").copied(),
    }
}
