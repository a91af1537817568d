//! The table of all flags. Parser, help, man page and completions are made from it.
//!
//! Users come from MPICH, Intel MPI and Open MPI, and each of them finds the spellings of theirs: long names with one
//! dash or two, and those that mean nothing here are taken and do nothing.

use std::ffi::OsString;

use clap::builder::{PossibleValue, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, Command, ValueEnum, ValueHint, value_parser};

use crate::order::{BindTo, MapBy, StdinTo};

const RANKS: &str = "What to run";
const PLACES: &str = "Where ranks run";
const STREAMS: &str = "Input and output";
const JOB: &str = "The job";

/// Flags that hold for the program that they stand before, rather than for the whole job.
pub const LOCAL: [&str; 6] = ["np", "export", "env", "wdir", "path", "ppn"];

/// Other launchers' flags that mean nothing here, with the number of their values.
const IGNORED: [(&[&str], usize); 25] = [
    (&["oversubscribe", "overcommit"], 0),
    (&["nooversubscribe", "nolocal"], 0),
    (&["allow-run-as-root"], 0),
    (&["genvall", "envall"], 0),
    (&["envlist"], 1),
    (&["genvlist"], 1),
    (&["quiet", "q"], 0),
    (&["use-hwthread-cpus"], 0),
    (&["disable-hostname-propagation"], 0),
    (&["noprefix"], 0),
    (&["prefix"], 1),
    (&["mca", "omca"], 2),
    (&["gmca", "gomca"], 2),
    (&["pmca", "pmixmca"], 2),
    (&["gpmixmca"], 2),
    (&["prtemca"], 2),
    (&["am", "tune"], 1),
    (&["iface"], 1),
    (&["launcher", "bootstrap"], 1),
    (&["launcher-exec", "bootstrap-exec"], 1),
    (&["rmk"], 1),
    (&["demux"], 1),
    (&["topolib"], 1),
    (&["rank-by"], 1),
    (&["localhost"], 1),
];

/// The command with all its flags.
pub fn command() -> Command {
    let flag = |id: &'static str, heading: &'static str, help: &'static str| {
        Arg::new(id).long(id).help_heading(heading).help(help).action(ArgAction::SetTrue)
    };
    let value = |id: &'static str, name: &'static str, heading: &'static str, help: &'static str| {
        Arg::new(id)
            .long(id)
            .value_name(name)
            .help_heading(heading)
            .help(help)
            .num_args(1)
            .allow_hyphen_values(true)
            .action(ArgAction::Set)
    };
    let command = Command::new("mpirun")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Run a program as the ranks of an MPI job")
        .override_usage("mpirun [FLAGS] PROGRAM [ARGUMENTS] [: [FLAGS] PROGRAM [ARGUMENTS]]...")
        .after_help(AFTER)
        .args_override_self(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(
            Arg::new("program")
                .value_name("PROGRAM")
                .value_hint(ValueHint::CommandWithArguments)
                .num_args(0..)
                .trailing_var_arg(true)
                .help("What to run, with its arguments; those of several programs are parted by ':'"),
        )
        .arg(
            value("np", "N", RANKS, "Run N ranks of the program [default: 1]")
                .short('n')
                .short_alias('c')
                .alias("n")
                .value_parser(value_parser!(u32).range(1..)),
        )
        .arg(
            value("export", "NAME[=VALUE]", RANKS, "Set a variable in the program's environment")
                .short('x')
                .value_parser(value_parser!(OsString))
                .action(ArgAction::Append),
        )
        .arg(
            value("env", "NAME", RANKS, "The same, as two words")
                .value_names(["NAME", "VALUE"])
                .num_args(2)
                .value_parser(value_parser!(OsString))
                .action(ArgAction::Append),
        )
        .arg(
            value("genv", "NAME", RANKS, "The same, for all programs")
                .value_names(["NAME", "VALUE"])
                .num_args(2)
                .value_parser(value_parser!(OsString))
                .action(ArgAction::Append),
        )
        .arg(
            value("wdir", "DIR", RANKS, "Start the program in this directory")
                .aliases(["wd", "workdir", "cwd"])
                .value_parser(value_parser!(std::path::PathBuf))
                .value_hint(ValueHint::DirPath),
        )
        .arg(
            value("path", "DIRS", RANKS, "Look for the program here, not in PATH")
                .value_parser(value_parser!(OsString)),
        )
        .arg(
            value(
                "initial-errhandler",
                "NAME",
                RANKS,
                "What MPI_COMM_WORLD does with errors until the program says",
            )
            .value_parser(["mpi_errors_are_fatal", "mpi_errors_abort", "mpi_errors_return"]),
        )
        .arg(
            value(
                "bind-to",
                "WHAT",
                PLACES,
                "What a rank may not leave [default: its share of the cores, if there \
            are as many as ranks]",
            )
            .alias("binding")
            .value_parser(ValueParser::new(Qualified::<BindTo>::default())),
        )
        .arg(
            value("map-by", "WHAT", PLACES, "What consecutive ranks are spread over [default: slot]")
                .value_parser(ValueParser::new(Qualified::<MapBy>::default())),
        )
        .arg(
            value("hosts", "LIST", PLACES, "The hosts to run on; this version runs on its own host only")
                .short('H')
                .alias("host"),
        )
        .arg(
            value("hostfile", "FILE", PLACES, "A file with a host in each line")
                .short('f')
                .aliases(["machinefile", "machine", "default-hostfile"])
                .value_hint(ValueHint::FilePath),
        )
        .arg(
            value("ppn", "N", PLACES, "Ranks on each host; counts as -n where that is not given")
                .short('N')
                .aliases(["perhost", "npernode", "map-by-ppr"])
                .value_parser(value_parser!(u32).range(1..)),
        )
        .arg(
            flag("tag-output", STREAMS, "Begin each line with the rank that wrote it")
                .short('l')
                .alias("prepend-rank"),
        )
        .arg(
            value(
                "output",
                "DIR",
                STREAMS,
                "Write each rank's output to files of its own, DIR/rank.N.out and .err",
            )
            .aliases(["output-directory", "output-filename"])
            .value_parser(value_parser!(std::path::PathBuf))
            .value_hint(ValueHint::DirPath),
        )
        .arg(flag(
            "merge-stderr-to-stdout",
            STREAMS,
            "Show what ranks write to standard error on standard output",
        ))
        .arg(
            value("stdin", "RANK", STREAMS, "Who gets standard input: a rank, all, or none [default: 0]")
                .short('s')
                .value_parser(stdin_to),
        )
        .arg(
            value("timeout", "SECONDS", JOB, "End the job after this time, and exit with 124")
                .value_parser(seconds),
        )
        .arg(flag("verbose", JOB, "Say who runs where").short('v').aliases([
            "report-bindings",
            "display-map",
            "display-allocation",
            "print-rank-map",
        ]))
        .arg(flag("version", JOB, "Show the version").short('V').action(ArgAction::Version))
        .arg(flag("help", JOB, "Show this help").short('h').action(ArgAction::HelpShort))
        .arg(
            value("generate", "WHAT", JOB, "Print the man page, or the completions for a shell")
                .hide(true)
                .value_parser(["man", "bash", "elvish", "fish", "powershell", "zsh"]),
        );
    IGNORED.iter().fold(command, |command, &(names, values)| {
        let arg = Arg::new(names[0]).long(names[0]).aliases(&names[1..]).hide(true);
        command.arg(match values {
            0 => arg.action(ArgAction::SetTrue),
            _ => arg.num_args(values).allow_hyphen_values(true).action(ArgAction::Append),
        })
    })
}

const AFTER: &str = "\
Flags may be written with one dash or two, and in MPICH's or Open MPI's way; harmless ones of theirs that mean nothing \
here are taken silently.

Exit code: that of the first rank that fails; 128 and the signal for one that was killed; what MPI_Abort was called \
with; 124 after a timeout; 127 or 126 where there is no such program, or it does not run; 2 for a wrong command line.

Environment: MPIEXEC_TIMEOUT is a default for --timeout. Ranks have RANKWISE_RANK, RANKWISE_SIZE, \
RANKWISE_LOCAL_RANK and RANKWISE_LOCAL_SIZE.

Examples:
  mpirun -n 4 ./a.out
  mpirun -n 1 ./manager : -n 8 -wdir /tmp ./worker --fast
  mpirun -n 2 -x OMP_NUM_THREADS=4 --bind-to socket ./a.out";

/// A value that may have more behind a colon, as in `core:overload-allowed` or `ppr:2:socket`; only the object counts.
#[derive(Clone)]
struct Qualified<T>(std::marker::PhantomData<fn() -> T>);

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

fn stdin_to(text: &str) -> Result<StdinTo, String> {
    match text {
        "all" => Ok(StdinTo::All),
        "none" => Ok(StdinTo::None),
        rank => {
            rank.parse().map(StdinTo::Rank).map_err(|_| "neither a rank nor 'all' nor 'none'".to_string())
        }
    }
}

/// A time in seconds.
pub fn seconds(text: &str) -> Result<std::time::Duration, String> {
    let number: f64 = text.trim().parse().map_err(|_| "not a number of seconds".to_string())?;
    std::time::Duration::try_from_secs_f64(number)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "not a time to wait".to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sound() {
        super::command().debug_assert();
    }
}
