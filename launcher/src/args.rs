//! From the words of the command line to an [`Order`].
//!
//! The words are first brought to the form that clap understands: MPI users write long names with one dash, and what
//! follows the program's name belongs to the program, up to a colon.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use rankwise_boot::env;
use thiserror::Error;

use crate::flags::{self, LOCAL};
use crate::order::{Options, Order, Program, StdinTo};

/// What the command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// A job.
    Job(Order),
    /// The man page, or the completions for a shell.
    Generate(String),
}

/// Why a command line is not understood.
#[derive(Debug, Error)]
pub enum ArgsError {
    /// A flag that nobody knows.
    #[error("there is no flag {flag}; the nearest one is {nearest}")]
    Unknown {
        /// As it was written.
        flag: String,
        /// A known one.
        nearest: String,
    },
    /// A flag at the end that needs more words.
    #[error("{flag} needs {count} more word(s)")]
    Missing {
        /// As it was written.
        flag: String,
        /// How many.
        count: usize,
    },
    /// A flag without values got one.
    #[error("{0} takes no value")]
    NoValue(String),
    /// No program.
    #[error("there is no program to run{0}; try mpirun --help")]
    NoProgram(String),
    /// A host that is not this one.
    #[error("{0} is another host, and this version of mpirun starts ranks on its own host only")]
    OtherHost(String),
    /// A host file that cannot be read.
    #[error("cannot read host file {path}: {error}", path = .0.display(), error = .1)]
    HostFile(PathBuf, std::io::Error),
    /// Standard input for a rank that does not exist.
    #[error("--stdin {0}: the job has {1} rank(s), counted from 0")]
    StdinRank(u32, u32),
    /// More ranks than MPI can count.
    #[error("{0} ranks are more than MPI can count")]
    TooMany(u64),
    /// A variable whose name cannot be one.
    #[error("{0:?} cannot be the name of a variable")]
    VariableName(OsString),
    /// MPIEXEC_TIMEOUT is no time.
    #[error("{name}={0}: {1}", name = env::TIMEOUT)]
    Timeout(String, String),
    /// What clap has found. Also how it asks to show help.
    #[error(transparent)]
    Clap(#[from] clap::Error),
}

/// One program's words, in the form that clap understands.
struct Section {
    local: Vec<OsString>,
    program: Vec<OsString>,
}

/// Understands the words that follow mpirun's own name; `get` gives the variables of the environment.
pub fn parse(
    words: impl IntoIterator<Item = OsString>,
    get: impl Fn(&str) -> Option<String>,
) -> Result<Asked, ArgsError> {
    let spellings = Spellings::new();
    let name = || OsString::from("mpirun");
    let mut words = words.into_iter().peekable();
    let mut global = vec![name()];
    let mut sections = Vec::new();
    loop {
        let mut section = Section { local: vec![name()], program: Vec::new() };
        while let Some(word) = words.next_if(|word| word.as_bytes().starts_with(b"-") && word.len() > 1) {
            if word == "--" {
                break;
            }
            let (id, flag) = spellings.normal_form(word, &mut words)?;
            let target = if LOCAL.contains(&id) { &mut section.local } else { &mut global };
            target.extend(flag);
        }
        let mut ended_by_colon = false;
        for word in words.by_ref() {
            ended_by_colon = word == ":";
            if ended_by_colon {
                break;
            }
            section.program.push(word);
        }
        sections.push(section);
        if !ended_by_colon {
            break;
        }
    }
    // Help and version come first: they need no program.
    let global = flags::command().try_get_matches_from(global)?;
    if let Some(what) = global.get_one::<String>("generate") {
        return Ok(Asked::Generate(what.clone()));
    }
    check_hosts(&global)?;
    let mut programs = Vec::new();
    let several = sections.len() > 1;
    for (index, section) in sections.into_iter().enumerate() {
        let local = flags::command().try_get_matches_from(section.local)?;
        let mut words = section.program.into_iter();
        let place =
            if several { format!(" in section {} of the command line", index + 1) } else { String::new() };
        let command = words.next().ok_or(ArgsError::NoProgram(place))?;
        programs.push(program(&local, &global, command, words.collect())?);
    }
    let order = Order { programs, options: options(&global, get)? };
    let total: u64 = order.programs.iter().map(|program| u64::from(program.count)).sum();
    if total > i32::MAX as u64 {
        return Err(ArgsError::TooMany(total));
    }
    match order.options.stdin {
        StdinTo::Rank(rank) if rank >= order.size() => Err(ArgsError::StdinRank(rank, order.size())),
        _ => Ok(Asked::Job(order)),
    }
}

fn program(
    local: &ArgMatches,
    global: &ArgMatches,
    command: OsString,
    arguments: Vec<OsString>,
) -> Result<Program, ArgsError> {
    let pairs = |matches: &ArgMatches, id: &str| -> Vec<(OsString, OsString)> {
        let all = matches.get_occurrences::<OsString>(id).into_iter().flatten();
        all.map(|mut pair| (next(&mut pair), next(&mut pair))).collect()
    };
    let mut environment = pairs(global, "genv");
    environment.extend(pairs(local, "env"));
    // A name alone exports what is in our own environment, and ranks have all of that.
    environment.extend(local.get_many::<OsString>("export").into_iter().flatten().filter_map(assignment));
    if let Some((name, _)) =
        environment.iter().find(|(name, _)| name.is_empty() || name.as_bytes().contains(&b'='))
    {
        return Err(ArgsError::VariableName(name.clone()));
    }
    let count = local.get_one::<u32>("np").or_else(|| local.get_one::<u32>("ppn"));
    Ok(Program {
        count: count.copied().unwrap_or(1),
        command,
        arguments,
        environment,
        wdir: local.get_one::<PathBuf>("wdir").cloned(),
        path: local.get_one::<OsString>("path").cloned(),
    })
}

fn next<'a>(words: &mut impl Iterator<Item = &'a OsString>) -> OsString {
    words.next().cloned().unwrap_or_default()
}

/// The two sides of `NAME=value`.
fn assignment(word: &OsString) -> Option<(OsString, OsString)> {
    let at = word.as_bytes().iter().position(|&b| b == b'=')?;
    let (name, value) = (&word.as_bytes()[..at], &word.as_bytes()[at + 1..]);
    Some((OsString::from_vec(name.to_vec()), OsString::from_vec(value.to_vec())))
}

fn options(matches: &ArgMatches, get: impl Fn(&str) -> Option<String>) -> Result<Options, ArgsError> {
    let timeout = match (matches.get_one::<Duration>("timeout"), get(env::TIMEOUT)) {
        (Some(given), _) => Some(*given),
        (None, Some(text)) if !text.trim().is_empty() => {
            Some(flags::seconds(&text).map_err(|why| ArgsError::Timeout(text, why))?)
        }
        _ => None,
    };
    Ok(Options {
        bind_to: matches.get_one("bind-to").copied(),
        map_by: matches.get_one("map-by").copied(),
        tagged: matches.get_flag("tag-output"),
        merged: matches.get_flag("merge-stderr-to-stdout"),
        output: matches.get_one("output").cloned(),
        timeout,
        stdin: matches.get_one("stdin").copied().unwrap_or_default(),
        verbose: matches.get_flag("verbose"),
        initial_errhandler: matches.get_one("initial-errhandler").cloned(),
    })
}

fn check_hosts(matches: &ArgMatches) -> Result<(), ArgsError> {
    let mut hosts: Vec<String> = Vec::new();
    if let Some(list) = matches.get_one::<String>("hosts") {
        hosts.extend(list.split(',').map(String::from));
    }
    if let Some(path) = matches.get_one::<String>("hostfile") {
        let text =
            std::fs::read_to_string(path).map_err(|e| ArgsError::HostFile(Path::new(path).into(), e))?;
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
        hosts.extend(lines.filter_map(|line| line.split_whitespace().next().map(String::from)));
    }
    let own = rankwise_os::environment::host_name();
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_string();
    for host in hosts.iter().map(|host| host.trim()).filter(|host| !host.is_empty()) {
        // What follows the colon is a number of slots; an IPv6 address has several.
        let name = if host.matches(':').count() == 1 { host.split(':').next().unwrap_or(host) } else { host };
        let local =
            ["localhost", "127.0.0.1", "::1"].contains(&name) || name == own || short(name) == short(&own);
        if !local {
            return Err(ArgsError::OtherHost(name.to_string()));
        }
    }
    Ok(())
}

/// All ways to write the flags.
struct Spellings {
    known: HashMap<String, Spelling>,
}

#[derive(Clone)]
struct Spelling {
    id: String,
    values: usize,
}

impl Spellings {
    fn new() -> Spellings {
        let command = flags::command();
        let mut known = HashMap::new();
        for arg in command.get_arguments().filter(|arg| arg.get_long().is_some()) {
            let values = match arg.get_action().takes_values() {
                true => arg.get_num_args().map_or(1, |range| range.max_values()),
                false => 0,
            };
            let id = arg.get_id().to_string();
            let long = arg.get_long_and_visible_aliases().unwrap_or_default();
            let hidden = arg.get_all_aliases().unwrap_or_default();
            let short = arg.get_short_and_visible_aliases().unwrap_or_default();
            let hidden_short = arg.get_all_short_aliases().unwrap_or_default();
            let names = long.into_iter().chain(hidden).map(String::from);
            let letters = short.into_iter().chain(hidden_short).map(String::from);
            known.extend(names.chain(letters).map(|name| (name, Spelling { id: id.clone(), values })));
        }
        Spellings { known }
    }

    /// A flag as clap understands it, with its values; the latter may be the following words.
    fn normal_form(
        &self,
        word: OsString,
        rest: &mut impl Iterator<Item = OsString>,
    ) -> Result<(&str, Vec<OsString>), ArgsError> {
        let text = String::from_utf8_lossy(word.as_bytes()).into_owned();
        let bare = text.trim_start_matches('-');
        let written = bare.split('=').next().unwrap_or(bare);
        // Bytes, not text: a value may be a path that is no UTF-8.
        let mut attached =
            word.as_bytes().iter().position(|&b| b == b'=').map(|at| word.as_bytes()[at + 1..].to_vec());
        let mut found = self.known.get(written);
        if found.is_none() && attached.is_none() {
            // `-n4`.
            let name = written.trim_end_matches(|c: char| c.is_ascii_digit());
            found = self.known.get(name).filter(|spelling| spelling.values == 1);
            attached = Some(written.as_bytes()[name.len()..].to_vec());
        }
        let Some(Spelling { id, values }) = found else {
            return Err(ArgsError::Unknown { nearest: self.nearest(written), flag: text });
        };
        let flag = format!("--{id}");
        if *values == 0 {
            return match attached {
                Some(_) => Err(ArgsError::NoValue(text)),
                None => Ok((id, vec![flag.into()])),
            };
        }
        let mut out = Vec::with_capacity(values + 1);
        out.extend(attached.map(OsString::from_vec));
        out.extend(rest.take(values - out.len()));
        if out.len() < *values {
            return Err(ArgsError::Missing { flag: text, count: values - out.len() });
        }
        if *values == 1 {
            let joined = [flag.as_bytes(), b"=", out[0].as_bytes()].concat();
            return Ok((id, vec![OsString::from_vec(joined)]));
        }
        out.insert(0, flag.into());
        Ok((id, out))
    }

    fn nearest(&self, written: &str) -> String {
        let distance = |name: &str| strsim::damerau_levenshtein(name, written);
        let best = self.known.keys().min_by_key(|name| (distance(name), name.len(), *name));
        match best {
            Some(letter) if letter.len() == 1 => format!("-{letter}"),
            Some(name) => format!("--{name}"),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
