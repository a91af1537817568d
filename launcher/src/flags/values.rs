//! The values of flags: from text to what it means.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, ValueEnum};

use crate::allocation::Scheduler;
use crate::order::{PidTo, StdinTo, Universe, Windows};

/// A value that may have more behind a colon, as in `core:overload-allowed` or `ppr:2:socket`; only the object counts.
#[derive(Clone)]
pub struct Qualified<T>(std::marker::PhantomData<fn() -> T>);

impl<T> Default for Qualified<T> {
    fn default() -> Qualified<T> {
        Qualified(std::marker::PhantomData)
    }
}

impl<T: ValueEnum + Clone + Send + Sync + 'static> TypedValueParser for Qualified<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<T, clap::Error> {
        let text = value.to_string_lossy().to_lowercase();
        let mut parts = text.split(':');
        let object = match parts.next() {
            Some("ppr") => parts.nth(1).unwrap_or("ppr"),
            first => first.unwrap_or(""),
        };
        clap::builder::EnumValueParser::<T>::new().parse_ref(command, arg, object.as_ref())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(T::value_variants().iter().filter_map(|value| value.to_possible_value())))
    }
}

/// Who gets standard input.
pub fn stdin_to(text: &str) -> Result<StdinTo, String> {
    match text {
        "all" => Ok(StdinTo::All),
        "none" => Ok(StdinTo::None),
        rank => {
            rank.parse().map(StdinTo::Rank).map_err(|_| "neither a rank nor 'all' nor 'none'".to_string())
        }
    }
}

/// A time in seconds.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.trim().parse().map_err(|_| "not a number of seconds".to_string())?;
    Duration::try_from_secs_f64(number)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "not a time to wait".to_string())
}

/// How many ranks there is room for.
pub fn universe(text: &str) -> Result<Universe, String> {
    match text.to_ascii_uppercase().as_str() {
        "SYSTEM" => Ok(Universe::System),
        "INFINITE" => Ok(Universe::Infinite),
        number => match number.parse() {
            Ok(number @ 1..=0x7fff_ffff) => Ok(Universe::Ranks(number)),
            _ => Err("neither a number of ranks nor SYSTEM nor INFINITE".to_string()),
        },
    }
}

/// Where the number of a process is written.
pub fn pid_to(text: &str) -> Result<PidTo, String> {
    Ok(match text {
        "-" => PidTo::Out,
        "+" => PidTo::Err,
        path => PidTo::File(PathBuf::from(path)),
    })
}

/// Ranks that have windows: `0,2-3`, or `all`; with a `!` at the end the windows stay.
pub fn windows(text: &str) -> Result<Windows, String> {
    let list = text.strip_suffix('!').unwrap_or(text);
    let hold = list.len() < text.len();
    if ["all", "-1"].contains(&list) {
        return Ok(Windows { ranks: Vec::new(), hold });
    }
    let range = |item: &str| {
        let (from, to) = item.split_once('-').unwrap_or((item, item));
        match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) if from <= to => Ok((from, to)),
            _ => Err(format!("{item:?} is neither a rank nor a range of ranks nor 'all'")),
        }
    };
    Ok(Windows { ranks: list.split(',').map(range).collect::<Result<_, _>>()?, hold })
}

/// What starts agents on other hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Launcher {
    /// ssh.
    Ssh,
    /// rsh.
    Rsh,
    /// None: they are started here, whatever their host, to try what several hosts would do.
    Fork,
    /// What this scheduler has for it.
    Of(Scheduler),
}

/// What starts agents, by the names that MPICH and Open MPI have for it.
pub fn launcher(text: &str) -> Result<Launcher, String> {
    Ok(match text.to_ascii_lowercase().as_str() {
        // These have nothing of their own that standard input goes through.
        "ssh" | "pbs" | "pbsdsh" | "tm" | "cobalt" => Launcher::Ssh,
        "rsh" => Launcher::Rsh,
        "fork" => Launcher::Fork,
        "slurm" | "srun" => Launcher::Of(Scheduler::Slurm),
        "sge" | "qrsh" | "gridengine" => Launcher::Of(Scheduler::Sge),
        "lsf" | "blaunch" => Launcher::Of(Scheduler::Lsf),
        _ => return Err("none of ssh, rsh, slurm, sge, lsf, pbs, fork".into()),
    })
}

/// What Open MPI's users want to see of where ranks run; all of it is what `--verbose` says.
pub fn display(text: &str) -> Result<(), String> {
    const KNOWN: [&str; 6] = ["map", "map-devel", "bind", "bindings", "allocation", "proctable"];
    // What follows a colon is about the form.
    let items = text.split(':').next().unwrap_or_default().split(',');
    for item in items {
        if !KNOWN.contains(&item.to_ascii_lowercase().as_str()) {
            return Err(format!("{item} is none of {}", KNOWN.join(", ")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_for_ranks_and_ranges() {
        assert_eq!(windows("0,2-3").unwrap(), Windows { ranks: vec![(0, 0), (2, 3)], hold: false });
        assert!(windows("1!").unwrap().hold && windows("all").unwrap().has(7));
        assert!(!windows("0,2-3").unwrap().has(1));
        assert!(windows("3-2").is_err() && windows("").is_err() && windows("0,x").is_err());
    }

    #[test]
    fn the_universe_has_a_size_or_none() {
        assert_eq!(universe("12"), Ok(Universe::Ranks(12)));
        assert_eq!(
            [universe("system"), universe("INFINITE")],
            [Ok(Universe::System), Ok(Universe::Infinite)]
        );
        assert!(universe("0").is_err() && universe("3000000000").is_err());
    }
}
