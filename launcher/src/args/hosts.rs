//! Which hosts a command line names, how many ranks of each program there are, and where each of them runs.

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::ArgsError;
use super::mca::Mca;
use crate::allocation::{self, Allocation};
use crate::here::is_here;
use crate::hosts::{self, Host};
use crate::machine;
use crate::order::{MapBy, Program};
use crate::plan::bind;
use crate::plan::map::{self, MapError, Wish};
use crate::plan::rankfile::{self, RankfileError, Seat, Slots, Where};

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
    hosts::lines(&text, hosts::line).map_err(|e| ArgsError::HostFile(path.into(), e))
}

/// The hosts that the flags of one program name, if any.
pub fn of_program(local: &ArgMatches) -> Result<Option<Vec<Host>>, ArgsError> {
    let lists = local.get_many::<String>("hosts").into_iter().flatten();
    let mut all = Vec::new();
    for list in lists {
        all.extend(hosts::list(list).map_err(|e| ArgsError::Hosts(list.clone(), e))?);
    }
    Ok(if all.is_empty() { None } else { Some(all) })
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
    /// Where, as it was written, each host as often as it was.
    pub lines: Vec<Host>,
}

/// Where everything runs.
pub struct Placed {
    /// The programs with the numbers of their ranks.
    pub programs: Vec<Program>,
    /// All hosts.
    pub hosts: Vec<Host>,
    /// The host of each rank.
    pub nodes: Vec<u32>,
    /// The processors of each rank, where a file tells.
    pub slots: Vec<Option<Slots>>,
}

/// Finds a host for each rank. `job` are the hosts of the whole job: a program that names some of them runs on these, with
/// the slots that they have there unless it says so itself. In an allocation there are no others; `within` is the variable that
/// tells of it.
pub fn place(
    mut sections: Vec<Section>,
    mut job: Vec<Host>,
    wish: Wish,
    within: Option<&str>,
    elsewhere: bool,
    seats: Option<&(PathBuf, Vec<Seat>)>,
) -> Result<Placed, ArgsError> {
    if elsewhere {
        job.retain(|host| !is_here(&host.name));
        if job.is_empty() {
            return Err(ArgsError::Nowhere);
        }
    }
    let mut all = hosts::merged(job.clone());
    // A host that a program names twice has the slots of both.
    for section in &mut sections {
        section.lines = section.hosts.take().unwrap_or_default();
        section.hosts = Some(hosts::merged(section.lines.clone())).filter(|hosts| !hosts.is_empty());
    }
    let of_seats = seats.iter().flat_map(|(_, seats)| seats).filter_map(|seat| match &seat.host {
        Where::Name(name) => Some(Host { name: name.clone(), slots: 1, max_slots: None, counted: false }),
        Where::Number(_) => None,
    });
    let of_seats: Vec<Host> = of_seats.collect();
    let named = || sections.iter().filter_map(|section| section.hosts.as_ref()).flatten();
    for named in named().chain(&of_seats) {
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
    let in_order = wish.map_by == Some(MapBy::Seq);
    let (mut sequence, mut from_job) = (Vec::new(), job.iter().filter_map(|host| index(&host.name)));
    let only = sections.len() == 1;
    for Section { mut program, count, per_host, hosts, lines } in sections {
        let allowed: Vec<u32> = match &hosts {
            Some(hosts) => hosts.iter().filter_map(|host| index(&host.name)).collect(),
            None => (0..all.len() as u32).collect(),
        };
        let slots = || allowed.iter().map(|&host| u64::from(all[host as usize].slots)).sum::<u64>();
        let count = match (count, all.is_empty()) {
            (Some(count), _) => u64::from(count),
            (None, _) if only && let Some((_, seats)) = seats => seats.len() as u64,
            (None, false) if in_order && !lines.is_empty() => lines.len() as u64,
            (None, false) if in_order => from_job.clone().count() as u64,
            (None, false) => slots(),
            (None, true) => u64::from(per_host.unwrap_or(1)),
        };
        program.count = u32::try_from(count).unwrap_or(u32::MAX);
        if in_order && !all.is_empty() {
            let own = lines.iter().filter_map(|host| index(&host.name));
            let before = sequence.len();
            match lines.is_empty() {
                true => sequence.extend(from_job.by_ref().take(program.count as usize)),
                false => sequence.extend(own.take(program.count as usize)),
            }
            let there = (sequence.len() - before) as u64;
            if there < count {
                return Err(MapError::Sequence { ranks: count, there }.into());
            }
        }
        counts.push((program.count, allowed));
        programs.push(program);
    }
    let total: u64 = counts.iter().map(|(count, _)| u64::from(*count)).sum();
    if total > i32::MAX as u64 {
        return Err(ArgsError::TooMany(total));
    }
    let nodes = match (all.is_empty(), seats) {
        (_, Some((path, seats))) => seated(&all, path, seats, total)?,
        (true, None) => vec![0; total as usize],
        (false, None) if in_order => sequence,
        (false, None) => map::plan(&all, &counts, wish)?,
    };
    let slots = seats.iter().flat_map(|(_, seats)| seats).map(|seat| seat.slots.clone());
    Ok(Placed { programs, hosts: all, slots: slots.take(nodes.len()).collect(), nodes })
}

/// So many ranks on each of something, as in `ppr:2:socket`.
#[derive(Clone, Copy, Debug)]
pub struct PerResource {
    /// How many on each host. All hosts are taken to be like this one.
    pub on_host: u32,
    /// How many on each object that ranks are spread over.
    pub on_object: u32,
}

/// What `ppr:N:OBJECT` says, if the flags have that. With `node` it is as much as `-ppn N`.
pub fn per_resource(global: &ArgMatches) -> Result<Option<PerResource>, ArgsError> {
    let raw = global.get_raw("map-by").and_then(|mut values| values.next_back());
    let Some(text) = raw.map(|text| text.to_string_lossy().to_lowercase()) else { return Ok(None) };
    let Some(rest) = text.strip_prefix("ppr:") else { return Ok(None) };
    let wrong = || ArgsError::PerResource(text.clone());
    let on_object: u32 =
        rest.split(':').next().and_then(|n| n.parse().ok()).filter(|&n| n > 0).ok_or_else(wrong)?;
    let objects = match global.get_one::<MapBy>("map-by") {
        Some(MapBy::Node) => 1,
        Some(MapBy::Slot | MapBy::Seq) | None => return Err(wrong()),
        Some(&object) => bind::count(&machine::places(), object).max(1),
    };
    let run = if objects == 1 && global.get_one("map-by") == Some(&MapBy::Node) { 1 } else { on_object };
    Ok(Some(PerResource { on_host: on_object.saturating_mul(objects as u32), on_object: run }))
}

/// How many cores each rank is to have: `--map-by socket:PE=4`, `--bind-to core:4`, or a flag of its own.
pub fn width(global: &ArgMatches) -> Result<u32, ArgsError> {
    let number = |flag, text: &str| match text.parse() {
        Ok(number @ 1..=0x7fff_ffff) => Ok(number),
        _ => Err(ArgsError::Width(flag, text.into())),
    };
    let raw =
        |id| global.get_raw(id).and_then(|mut values| values.next_back()).map(|text| text.to_string_lossy());
    if let Some(text) = global.get_one::<String>("cpus-per-rank") {
        return number("--cpus-per-rank", text);
    }
    if let Some(text) = raw("map-by") {
        let text = text.to_lowercase();
        if let Some(value) = text.split([':', ',']).find_map(|part| part.strip_prefix("pe=")) {
            return number("--map-by", value);
        }
    }
    let text = raw("bind-to").unwrap_or_default().to_lowercase();
    match text.strip_prefix("core:").filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(value) => number("--bind-to", value),
        None => Ok(1),
    }
}

/// The places for ranks that a file tells, if the flags name one; also that file.
pub fn seats(global: &ArgMatches) -> Result<Option<(PathBuf, Vec<Seat>)>, ArgsError> {
    let Some(path) = global.get_one::<PathBuf>("rankfile") else { return Ok(None) };
    let text = std::fs::read_to_string(path).map_err(|e| ArgsError::Unreadable(path.into(), e))?;
    let seats = rankfile::parse(&text).map_err(|e| ArgsError::Rankfile(path.into(), e))?;
    Ok(Some((path.clone(), seats)))
}

/// The host of each rank, where a file tells.
fn seated(all: &[Host], path: &Path, seats: &[Seat], total: u64) -> Result<Vec<u32>, ArgsError> {
    let wrong = |error| ArgsError::Rankfile(path.into(), error);
    if total > seats.len() as u64 {
        return Err(wrong(RankfileError::Missing(seats.len() as u32)));
    }
    let host = |seat: &Seat| match &seat.host {
        Where::Number(number) if *number < all.len() => Ok(*number as u32),
        Where::Number(number) => Err(wrong(RankfileError::Host(*number, all.len()))),
        // It is one of them: those that the file names were added.
        Where::Name(name) => Ok(all.iter().position(|host| host.is_called(name)).unwrap_or(0) as u32),
    };
    seats[..total as usize].iter().map(host).collect()
}
