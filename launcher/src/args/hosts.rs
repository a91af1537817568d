//! Which hosts a command line names, how many ranks of each program there are, and where each of them runs.

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::ArgsError;
use super::mca::Mca;
use crate::allocation::{self, Allocation};
use crate::here::is_here;
use crate::hosts::{self, Host};
use crate::order::{MapBy, Program, RankBy};
use crate::plan::map::{self, Wish};

/// The hosts of the whole job: those of the host file that its flags name, or else of the allocation that it runs in. Also
/// that allocation.
pub fn of_job(
    global: &ArgMatches,
    mca: &Mca,
    get: &dyn Fn(&str) -> Option<String>,
) -> Result<(Vec<Host>, Option<Allocation>), ArgsError> {
    let found = allocation::find(get, &|path| std::fs::read_to_string(path));
    match global.get_one::<PathBuf>("hostfile").cloned().or_else(|| mca.host_file().map(PathBuf::from)) {
        // Who says where to run need not know what the scheduler says.
        Some(path) => Ok((read(&path)?, found.ok().flatten())),
        None => {
            let allocation = found?;
            Ok((allocation.as_ref().map(|a| a.hosts.clone()).unwrap_or_default(), allocation))
        }
    }
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
/// the slots that they have there unless it says so itself. In an allocation there are no others; `within` is the variable that
/// tells of it.
pub fn place(
    sections: Vec<Section>,
    mut job: Vec<Host>,
    wish: Wish,
    within: Option<&str>,
    elsewhere: bool,
) -> Result<Placed, ArgsError> {
    if elsewhere {
        job.retain(|host| !is_here(&host.name));
        if job.is_empty() {
            return Err(ArgsError::Nowhere);
        }
    }
    let mut all = job.clone();
    let named = || sections.iter().filter_map(|section| section.hosts.as_ref()).flatten();
    for named in named() {
        match (all.iter().any(|host| host.is_called(&named.name)), within) {
            (true, _) => {}
            (false, Some(variable)) if named.name != "localhost" => {
                return Err(ArgsError::NotAllocated(named.name.clone(), variable.into()));
            }
            (false, _) => all.push(named.clone()),
        }
    }
    // What stands in a command line is said for this one run, and counts more than what stands in a file.
    for host in &mut all {
        let said = named().filter(|named| host.is_called(&named.name) && (named.counted || job.is_empty()));
        host.slots = said.map(|named| named.slots).max().unwrap_or(host.slots);
    }
    let per_host = sections.iter().find_map(|section| section.per_host);
    if let (Some(slots), false) = (per_host, all.is_empty()) {
        all.iter_mut().for_each(|host| host.slots = slots);
    }
    let index = |name: &str| all.iter().position(|host| host.is_called(name)).map(|index| index as u32);
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

/// What is wanted of the plan, if `map_by` is what ranks are spread over.
pub fn wish(global: &ArgMatches, map_by: Option<MapBy>) -> Wish {
    Wish {
        // So many on each node is no round over the nodes.
        map_by: map_by.filter(|_| per_resource(global).is_none()),
        rank_by: global.get_one::<RankBy>("rank-by").copied(),
    }
}
