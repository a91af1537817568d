//! From the words of the command line to an [`Order`].
//!
//! The words are first brought to the form that clap understands: MPI users write long names with one dash, and what
//! follows the program's name belongs to the program, up to a colon.

mod file;
mod hosts;
mod mca;
mod remote;

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use rankwise_boot::env;
use thiserror::Error;

use self::mca::Mca;
use crate::allocation::AllocationError;
use crate::flags::values::seconds;
use crate::flags::{self, LOCAL, foreign};
use crate::hosts::{Host, HostError};
use crate::launch::plain;
use crate::order::{MapBy, Options, Order, Program, StdinTo};
use crate::output::wish::Wish;
use crate::pattern::Pattern;
use crate::plan::map::{self, MapError};
use crate::plan::rankfile::RankfileError;
use crate::remote::shell::Settings;

/// What the command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// A job.
    Job(Box<Order>),
    /// A look at hosts, whether they are fit for jobs.
    Doctor(Vec<Host>, Settings),
    /// The man page, the completions for a shell, or how this mpirun was built.
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
    /// A flag of another launcher that this one does not do.
    #[error("{flag} is not done here: {why}")]
    Refused {
        /// As it was written.
        flag: String,
        /// Why, or what to do instead.
        why: &'static str,
    },
    /// A file of command lines that cannot be read.
    #[error("cannot read {path}: {error}", path = .0.display(), error = plain(.1))]
    Unreadable(PathBuf, std::io::Error),
    /// A file of command lines with a quote that is left open.
    #[error("{path}: the quote in line {line} is left open", path = .0.display(), line = .1)]
    Unclosed(PathBuf, usize),
    /// A file of command lines without any.
    #[error("{path} names no program", path = .0.display())]
    Empty(PathBuf),
    /// A file of command lines, and more than that.
    #[error("{1} stands beside a file of command lines, {path}, which names the programs", path = .0.display())]
    Beside(PathBuf, String),
    /// A file of command lines that names another one.
    #[error("{path} names another file of command lines", path = .0.display())]
    Nested(PathBuf),
    /// A window for a rank that does not exist.
    #[error("--xterm {0}: the job has {1} rank(s), counted from 0")]
    WindowRank(u32, u32),
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
    /// A list of hosts that is not understood.
    #[error("--host {0}: {1}")]
    Hosts(String, HostError),
    /// A host file that is not understood.
    #[error("host file {path}: {error}", path = .0.display(), error = .1)]
    HostFile(PathBuf, HostError),
    /// What the scheduler says is not understood.
    #[error(transparent)]
    Allocation(#[from] AllocationError),
    /// A host that is none of those that the job has; the variable that tells which these are.
    #[error("{0} is none of the hosts of this allocation ({1}); a host file may name others")]
    NotAllocated(String, String),
    /// No host is left.
    #[error("--nolocal leaves no host: name others with --host or --hostfile")]
    Nowhere,
    /// What is to start agents is not there.
    #[error("--launcher: there is no program {0} in PATH")]
    NoLauncher(&'static str),
    /// A parameter of Open MPI's that is not understood.
    #[error("--mca {name} {value}: {why}")]
    Mca {
        /// Its name.
        name: String,
        /// What it says.
        value: String,
        /// What is wrong with that.
        why: String,
    },
    /// A file of places for ranks that is not understood.
    #[error("rankfile {path}: {error}", path = .0.display(), error = .1)]
    Rankfile(PathBuf, RankfileError),
    /// So many on each of something, and what that is cannot be said.
    #[error("--map-by {0}: it is not as in ppr:2:node, ppr:2:socket, ppr:1:numa or ppr:1:core")]
    PerResource(String),
    /// A number of cores that is none.
    #[error("{0}: {1:?} is not a number of cores")]
    Width(&'static str, String),
    /// Ranks that have no place.
    #[error(transparent)]
    Map(#[from] MapError),
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

/// A command line that is being read.
struct Line<'a> {
    spellings: &'a Spellings,
    global: Vec<OsString>,
    sections: Vec<Section>,
}

impl Line<'_> {
    /// Reads words, which may be a line of the file `within`.
    fn read(
        &mut self,
        words: impl IntoIterator<Item = OsString>,
        within: Option<&Path>,
    ) -> Result<(), ArgsError> {
        let mut words = words.into_iter().peekable();
        loop {
            let mut section = Section { local: vec!["mpirun".into()], program: Vec::new() };
            let mut file = None;
            while let Some(word) = words.next_if(|word| word.as_bytes().starts_with(b"-") && word.len() > 1) {
                if word == "--" {
                    break;
                }
                let (id, flag) = self.spellings.normal_form(word, &mut words)?;
                if id == "configfile" {
                    let name = flag[0].as_bytes()["--configfile=".len()..].to_vec();
                    file = Some(PathBuf::from(OsString::from_vec(name)));
                }
                let target = if LOCAL.contains(&id) { &mut section.local } else { &mut self.global };
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
            match (file, within) {
                (None, _) => self.sections.push(section),
                (Some(_), Some(outer)) => return Err(ArgsError::Nested(outer.into())),
                (Some(file), None) => self.read_file(&file, section)?,
            }
            if !ended_by_colon {
                return Ok(());
            }
        }
    }

    /// Reads a file of command lines, for which the flags of `section` hold as well.
    fn read_file(&mut self, path: &Path, section: Section) -> Result<(), ArgsError> {
        if let Some(word) = section.program.first() {
            return Err(ArgsError::Beside(path.into(), word.to_string_lossy().into_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(|e| ArgsError::Unreadable(path.into(), e))?;
        let lines = file::lines(&text).map_err(|e| ArgsError::Unclosed(path.into(), e.line))?;
        if lines.is_empty() {
            return Err(ArgsError::Empty(path.into()));
        }
        for line in lines {
            let begin = self.sections.len();
            self.read(line.into_iter().map(OsString::from), Some(path))?;
            for own in &mut self.sections[begin..] {
                own.local.splice(1..1, section.local[1..].iter().cloned());
            }
        }
        Ok(())
    }
}

/// Understands the words that follow mpirun's own name; `get` gives the variables of the environment.
pub fn parse(
    words: impl IntoIterator<Item = OsString>,
    get: impl Fn(&str) -> Option<String>,
) -> Result<Asked, ArgsError> {
    let mut line = Line { spellings: &Spellings::new(), global: vec!["mpirun".into()], sections: Vec::new() };
    line.read(words, None)?;
    let Line { global, sections, .. } = line;
    // Help and version come first: they need no program.
    let global = flags::command().try_get_matches_from(global)?;
    if let Some(what) = global.get_one::<String>("generate") {
        return Ok(Asked::Generate(what.clone()));
    }
    if global.get_flag("info") {
        return Ok(Asked::Generate("info".into()));
    }
    let mca = Mca::new(&global, &get);
    if global.get_flag("doctor") {
        let (job, allocation) = hosts::of_job(&global, &mca, &get)?;
        let mut all = job;
        for section in sections {
            let local = flags::command().try_get_matches_from(section.local)?;
            all.extend(hosts::of_program(&local)?.into_iter().flatten());
        }
        let all = crate::hosts::merged(all);
        let (settings, _) = remote::settings(&global, &mca, &get, allocation.as_ref(), &all)?;
        return Ok(Asked::Doctor(all, settings));
    }
    let variables = mca.variables(global.get_one("iface"))?;
    let per_resource = hosts::per_resource(&global)?;
    let mut programs = Vec::new();
    let several = sections.len() > 1;
    for (index, section) in sections.into_iter().enumerate() {
        let local = flags::command().try_get_matches_from(section.local)?;
        let mut words = section.program.into_iter();
        let place =
            if several { format!(" in section {} of the command line", index + 1) } else { String::new() };
        let command = words.next().ok_or(ArgsError::NoProgram(place))?;
        programs.push(hosts::Section {
            program: program(&local, &global, variables.clone(), command, words.collect())?,
            count: local.get_one("np").copied(),
            per_host: local.get_one("ppn").copied().or(per_resource.map(|per| per.on_host)),
            hosts: hosts::of_program(&local)?,
            lines: Vec::new(),
        });
    }
    let (job, allocation) = hosts::of_job(&global, &mca, &get)?;
    let within = allocation.as_ref().filter(|a| a.scheduler.is_strict() && a.hosts == job);
    let within = within.map(|allocation| allocation.variable.as_str());
    let mut options = options(&global, &mca, &get)?;
    // So many on each node is no round over the nodes.
    let map_by = options.map_by.filter(|&map_by| map_by != MapBy::Node || per_resource.is_none());
    options.run = per_resource.map_or(1, |per| per.on_object);
    let wish = map::Wish { map_by, rank_by: global.get_one("rank-by").copied() };
    let seats = hosts::seats(&global)?;
    let placed = hosts::place(programs, job, wish, within, global.get_flag("nolocal"), seats.as_ref())?;
    (options.remote, options.fanout) =
        remote::settings(&global, &mca, &get, allocation.as_ref(), &placed.hosts)?;
    let order = Order {
        programs: placed.programs,
        hosts: placed.hosts,
        nodes: placed.nodes,
        slots: placed.slots,
        options,
    };
    let windows = order.options.xterm.iter().flat_map(|windows| &windows.ranks);
    if let Some(&(_, last)) =
        windows.max_by_key(|&&(_, last)| last).filter(|&&(_, last)| last >= order.size())
    {
        return Err(ArgsError::WindowRank(last, order.size()));
    }
    match order.options.stdin {
        StdinTo::Rank(rank) if rank >= order.size() => Err(ArgsError::StdinRank(rank, order.size())),
        _ => Ok(Asked::Job(Box::new(order))),
    }
}

fn program(
    local: &ArgMatches,
    global: &ArgMatches,
    mut environment: Vec<(OsString, OsString)>,
    command: OsString,
    arguments: Vec<OsString>,
) -> Result<Program, ArgsError> {
    let pairs = |matches: &ArgMatches, id: &str| -> Vec<(OsString, OsString)> {
        let all = matches.get_occurrences::<OsString>(id).into_iter().flatten();
        all.map(|mut pair| (next(&mut pair), next(&mut pair))).collect()
    };
    environment.extend(pairs(global, "genv"));
    environment.extend(pairs(local, "env"));
    // A name alone exports what is in our own environment, and ranks have all of that.
    environment.extend(local.get_many::<OsString>("export").into_iter().flatten().filter_map(assignment));
    if let Some((name, _)) =
        environment.iter().find(|(name, _)| name.is_empty() || name.as_bytes().contains(&b'='))
    {
        return Err(ArgsError::VariableName(name.clone()));
    }
    Ok(Program {
        count: 1,
        command,
        arguments,
        environment,
        wdir: local.get_one::<PathBuf>("wdir").or_else(|| global.get_one("gwdir")).cloned(),
        path: local.get_one::<OsString>("path").or_else(|| global.get_one("gpath")).cloned(),
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

fn options(
    matches: &ArgMatches,
    mca: &Mca,
    get: &dyn Fn(&str) -> Option<String>,
) -> Result<Options, ArgsError> {
    let timeout = match (matches.get_one::<Duration>("timeout"), get(env::TIMEOUT)) {
        (Some(given), _) => Some(*given),
        (None, Some(text)) if !text.trim().is_empty() => {
            Some(seconds(&text).map_err(|why| ArgsError::Timeout(text, why))?)
        }
        _ => None,
    };
    let wishes = || matches.get_many::<Wish>("output").into_iter().flatten();
    let pattern = |id: &str| matches.get_one::<Pattern>(id).cloned();
    let tag = pattern("prepend-pattern").or_else(|| wishes().filter_map(|wish| wish.tag.clone()).next_back());
    let tag = tag.or_else(|| matches.get_flag("tag-output").then(|| Pattern::of_rank("[", "] ")));
    let time = wishes().any(|wish| wish.timed).then(Pattern::of_time);
    let [out, err] = match wishes().filter_map(|wish| wish.files.clone()).next_back() {
        Some(files) => files.map(Some),
        None => [None, None],
    };
    Ok(Options {
        bind_to: matches.get_one("bind-to").copied().map_or_else(|| mca.bind_to(), |wish| Ok(Some(wish)))?,
        run: 1,
        width: hosts::width(matches)?,
        map_by: matches.get_one("map-by").copied().map_or_else(|| mca.map_by(), |wish| Ok(Some(wish)))?,
        prefix: time.unwrap_or_default().then(tag.unwrap_or_default()),
        merged: matches.get_flag("merge-stderr-to-stdout") || wishes().any(|wish| wish.merged),
        files: [pattern("outfile-pattern").or(out), pattern("errfile-pattern").or(err)],
        timeout,
        stdin: matches.get_one("stdin").copied().unwrap_or_default(),
        verbose: matches.get_flag("verbose") || matches.contains_id("display"),
        exit_codes: matches.get_flag("print-all-exitcodes"),
        report_pid: matches.get_one("report-pid").cloned(),
        xterm: matches.get_one("xterm").cloned(),
        universe: matches.get_one("usize").copied().unwrap_or_default(),
        initial_errhandler: matches.get_one("initial-errhandler").cloned(),
        transport: matches.get_one("transport").copied().or_else(|| mca.transport()).unwrap_or_default(),
        memory_kinds: matches.get_one("memory-alloc-kinds").cloned(),
        remote: Settings::default(),
        fanout: usize::MAX,
    })
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
        if let Some(why) = foreign::refusal(id) {
            return Err(ArgsError::Refused { flag: text, why });
        }
        let flag = format!("--{id}");
        if *values == 0 {
            return match (attached, foreign::renamed(id)) {
                (Some(_), _) => Err(ArgsError::NoValue(text)),
                (None, Some((id, value))) => Ok((id, vec![format!("--{id}={value}").into()])),
                (None, None) => Ok((id, vec![flag.into()])),
            };
        }
        let mut out = Vec::with_capacity(values + 1);
        out.extend(attached.map(OsString::from_vec));
        out.extend(rest.take(values - out.len()));
        if out.len() < *values {
            return Err(ArgsError::Missing { flag: text, count: values - out.len() });
        }
        if let Some((id, before, behind)) = foreign::wrapped(id) {
            let parts = [b"--", id.as_bytes(), b"=", before.as_bytes(), out[0].as_bytes(), behind.as_bytes()];
            return Ok((id, vec![OsString::from_vec(parts.concat())]));
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
        let done = self.known.iter().filter(|(_, spelling)| foreign::refusal(&spelling.id).is_none());
        let best = done.map(|(name, _)| name).min_by_key(|name| (distance(name), name.len(), *name));
        match best {
            Some(letter) if letter.len() == 1 => format!("-{letter}"),
            Some(name) => format!("--{name}"),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
