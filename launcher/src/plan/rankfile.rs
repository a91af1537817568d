//! Files that say for each rank where it runs, as Open MPI has them. Pure.
//!
//! ```text
//! rank 0=a slot=0-3         cores 0 to 3 of host a
//! rank 1=b slot=1:0,2       cores 0 and 2 of socket 1 of host b
//! rank 2=+n1 slot=0:*       socket 0 of the second host of the job
//! rank 3=b                  anywhere on host b
//! ```
//!
//! Cores and sockets are counted from 0 among those that may be used.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::bind::objects;
use crate::machine::Place;

/// Why such a file is not understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RankfileError {
    /// A line that is none.
    #[error("line {0}: {1:?} is not as in rank 0=host slot=0-3")]
    Line(usize, String),
    /// Slots that are none.
    #[error("line {0}: slot={1} is not as in 0-3,5 or, with sockets, 1:0-2 or 0:*")]
    Slots(usize, String),
    /// A rank that has a place already.
    #[error("line {0}: rank {1} has a place already")]
    Twice(usize, u32),
    /// A rank without one.
    #[error("it has no line for rank {0}")]
    Missing(u32),
    /// A host that is counted, and not there.
    #[error("+n{0}: the job has {1} host(s), counted from 0")]
    Host(usize, usize),
}

/// Where a rank runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// On which host.
    pub host: Where,
    /// On which processors of it.
    pub slots: Option<Slots>,
}

/// A host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// By its name.
    Name(String),
    /// By its place among the hosts of the job.
    Number(usize),
}

/// Processors of a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots(Vec<Item>);

/// Cores from and to, of a socket, of all sockets or of the host; `None` is all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Item {
    socket: Socket,
    cores: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Socket {
    Whole,
    Each,
    One(usize),
}

/// The places of all ranks, from 0 on.
pub fn parse(text: &str) -> Result<Vec<Seat>, RankfileError> {
    let mut seats = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (rank, seat) = seat(number, line)?;
        if seats.insert(rank, seat).is_some() {
            return Err(RankfileError::Twice(number, rank));
        }
    }
    match (0..).zip(seats.keys()).find(|(expected, rank)| expected != *rank) {
        Some((missing, _)) => Err(RankfileError::Missing(missing)),
        None if seats.is_empty() => Err(RankfileError::Missing(0)),
        None => Ok(seats.into_values().collect()),
    }
}

fn seat(number: usize, line: &str) -> Result<(u32, Seat), RankfileError> {
    let wrong = || RankfileError::Line(number, line.into());
    let rest = line.strip_prefix("rank").ok_or_else(wrong)?;
    let (rank, rest) = rest.split_once('=').ok_or_else(wrong)?;
    let rank = rank.trim().parse().map_err(|_| wrong())?;
    let rest = rest.trim();
    let (host, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let host = match host.strip_prefix("+n").or_else(|| host.strip_prefix("+N")) {
        Some(index) => Where::Number(index.parse().map_err(|_| wrong())?),
        None if host.is_empty() => return Err(wrong()),
        None => Where::Name(host.into()),
    };
    let rest = rest.trim();
    let slots = match rest.strip_prefix("slots").or_else(|| rest.strip_prefix("slot")) {
        None if rest.is_empty() => None,
        None => return Err(wrong()),
        Some(value) => {
            let value = value.trim().strip_prefix('=').ok_or_else(wrong)?.trim();
            Some(slots(value).ok_or_else(|| RankfileError::Slots(number, value.into()))?)
        }
    };
    Ok((rank, Seat { host, slots }))
}

fn slots(text: &str) -> Option<Slots> {
    let mut items = Vec::new();
    for group in text.split(';') {
        let (socket, cores) = match group.split_once(':') {
            None => (Socket::Whole, group),
            Some(("*", cores)) => (Socket::Each, cores),
            Some((socket, cores)) => (Socket::One(socket.trim().parse().ok()?), cores),
        };
        for range in cores.split(',').map(str::trim) {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            let cores = match range {
                "*" => None,
                _ => {
                    Some((from.trim().parse().ok()?, to.trim().parse().ok()?)).filter(|(from, to)| from <= to)
                }
            };
            if cores.is_none() && range != "*" {
                return None;
            }
            items.push(Item { socket, cores });
        }
    }
    Some(Slots(items))
}

impl Slots {
    /// The processors on a machine, or what of it there is not.
    pub fn processors(&self, machine: &[Place]) -> Result<Vec<usize>, String> {
        let sockets = objects(machine, |place| place.socket);
        let mut processors = Vec::new();
        for Item { socket, cores } in &self.0 {
            let parts: Vec<Vec<usize>> = match socket {
                Socket::Whole => vec![(0..machine.len()).collect()],
                Socket::Each => sockets.clone(),
                Socket::One(number) => {
                    let there = sockets.len();
                    let missing = || format!("socket {number}, of {there} that may be used, counted from 0");
                    vec![sockets.get(*number).cloned().ok_or_else(missing)?]
                }
            };
            for part in parts {
                let places: Vec<Place> = part.iter().map(|&index| machine[index]).collect();
                let all = objects(&places, |place| place.core);
                let (from, to) = cores.unwrap_or((0, all.len().saturating_sub(1)));
                let there = all.len();
                let missing = || format!("core {to}, of {there} that may be used, counted from 0");
                let chosen = all.get(from..to.saturating_add(1)).ok_or_else(missing)?;
                processors.extend(chosen.iter().flatten().map(|&index| places[index].cpu));
            }
        }
        processors.sort_unstable();
        processors.dedup();
        Ok(processors)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Two sockets of four cores with a thread each.
    fn machine() -> Vec<Place> {
        (0..8).map(|cpu| Place { cpu, core: cpu, socket: cpu / 4, numa: cpu / 4 }).collect()
    }

    fn on(text: &str) -> Result<Vec<usize>, String> {
        let seats = parse(&format!("rank 0=a slot={text}")).map_err(|error| error.to_string())?;
        seats[0].slots.as_ref().unwrap().processors(&machine())
    }

    #[test]
    fn ranks_are_put_where_the_file_says() {
        let seats =
            parse("# mine\nrank 1=+n1 slot=0:*\nrank 0 = a   # anywhere\n\nrank 2=b slot = 1\n").unwrap();
        assert_eq!(seats[0], Seat { host: Where::Name("a".into()), slots: None });
        assert_eq!((&seats[1].host, &seats[2].host), (&Where::Number(1), &Where::Name("b".into())));
        assert_eq!(on("0-2,5"), Ok(vec![0, 1, 2, 5]));
        assert_eq!(on("1:0-2"), Ok(vec![4, 5, 6]));
        assert_eq!(on("0:1,3"), Ok(vec![1, 3]));
        assert_eq!(on("*:0"), Ok(vec![0, 4]));
        assert_eq!(on("0:*;1:2"), Ok(vec![0, 1, 2, 3, 6]));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(wrong("rank 0=a\nrang 1=b"), "line 2: \"rang 1=b\" is not as in rank 0=host slot=0-3");
        assert_eq!(wrong("rank 0=a\nrank 0=b"), "line 2: rank 0 has a place already");
        assert_eq!(wrong("rank 0=a\nrank 2=b"), "it has no line for rank 1");
        assert_eq!(wrong(""), "it has no line for rank 0");
        assert!(wrong("rank 0=a slot=3-1").contains("slot=3-1 is not as in"));
        assert!(on("8").unwrap_err().contains("core 8, of 8"));
        assert!(on("2:0").unwrap_err().contains("socket 2, of 2"));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(rank [0-9]=[a+n0-9 ]{0,4}(slot=)?[0-9:*,;-]{0,8}\n?){0,4}") {
            for seat in parse(&text).unwrap_or_default() {
                let _ = seat.slots.map(|slots| slots.processors(&machine()));
            }
        }
    }
}
