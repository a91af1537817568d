//! The table of all flags. Parser, help, man page and completions are made from it.
//!
//! Users come from MPICH, Intel MPI and Open MPI, and each of them finds the spellings of theirs: long names with one
//! dash or two, and those that mean nothing here are taken and do nothing.

pub mod foreign;
pub mod values;

use std::ffi::OsString;

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use crate::order::{BindTo, MapBy, RankBy, Transport};
use crate::output::wish;
use crate::pattern::Pattern;
use foreign::{IGNORED, REFUSED, RENAMED, WRAPPED};
use values::Qualified;

const RANKS: &str = "What to run";
const PLACES: &str = "Where ranks run";
const STREAMS: &str = "Input and output";
const JOB: &str = "The job";

/// Flags that hold for the program that they stand before, rather than for the whole job.
pub const LOCAL: [&str; 7] = ["np", "export", "env", "wdir", "path", "ppn", "hosts"];

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
                .alias("set-env")
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
            value("gwdir", "DIR", RANKS, "As -wdir, for all programs that have none of their own")
                .hide(true)
                .value_parser(value_parser!(std::path::PathBuf)),
        )
        .arg(
            value("gpath", "DIRS", RANKS, "As -path, for all programs that have none of their own")
                .hide(true)
                .value_parser(value_parser!(OsString)),
        )
        .arg(
            value("configfile", "FILE", RANKS, "Read the programs and their flags here, one in each line")
                .alias("app")
                .value_hint(ValueHint::FilePath),
        )
        .arg(
            value(
                "usize",
                "N",
                RANKS,
                "MPI_UNIVERSE_SIZE: a number, SYSTEM, or INFINITE for none [default: SYSTEM]",
            )
            .value_parser(values::universe),
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
        .arg(value(
            "memory-alloc-kinds",
            "KINDS",
            RANKS,
            "The kinds of memory that buffers will lie in, as MPI_INFO_ENV has them",
        ))
        .arg(
            value(
                "transport",
                "HOW",
                JOB,
                "How ranks on a node talk: shm, or tcp as between nodes, to try that out [default: shm]",
            )
            .value_parser(clap::builder::EnumValueParser::<Transport>::new()),
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
            value(
                "hosts",
                "LIST",
                PLACES,
                "The hosts of the program, as in a:2,b:4 with numbers of ranks, or n[01-16]",
            )
            .short('H')
            .aliases(["host", "hosts-group"])
            .action(ArgAction::Append),
        )
        .arg(
            value(
                "hostfile",
                "FILE",
                PLACES,
                "A file with a host in each line: a, a:2, or a slots=2 max_slots=4",
            )
            .short('f')
            .aliases(["machinefile", "machine", "default-hostfile"])
            .value_parser(value_parser!(std::path::PathBuf))
            .value_hint(ValueHint::FilePath),
        )
        .arg(
            value("cpus-per-rank", "N", PLACES, "Cores that each rank has, also as --map-by slot:PE=N")
                .alias("cpus-per-proc"),
        )
        .arg(
            value("rankfile", "FILE", PLACES, "A file with a line for each rank, rank 0=host slot=0-3")
                .alias("rf")
                .value_parser(value_parser!(std::path::PathBuf))
                .value_hint(ValueHint::FilePath),
        )
        .arg(
            value("ppn", "N", PLACES, "Ranks on each host; without -n, on each of them")
                .short('N')
                .aliases(["perhost", "npernode", "grr", "map-by-ppr"])
                .value_parser(value_parser!(u32).range(1..)),
        )
        .arg(
            value(
                "rank-by",
                "WHAT",
                PLACES,
                "How ranks are numbered: slot, one host after the other, or node, in turn",
            )
            .value_parser(ValueParser::new(Qualified::<RankBy>::default())),
        )
        .arg(
            value("launcher-exec", "COMMAND", PLACES, "What starts agents on other hosts [default: ssh]")
                .alias("bootstrap-exec"),
        )
        .arg(
            value(
                "launcher",
                "NAME",
                PLACES,
                "How agents are started: ssh, rsh, slurm, sge, lsf, pbs, or fork, which starts all of them here \
                 [default: what the scheduler has, or ssh]",
            )
            .alias("bootstrap")
            .value_parser(values::launcher),
        )
        .arg(
            value("launcher-exec-args", "WORDS", PLACES, "More words for what starts agents")
                .alias("bootstrap-exec-args")
                .hide(true),
        )
        .arg(
            value("iface", "LIST", JOB, "The network interfaces that ranks use, by name or as in 10.0.0.0/8")
        )
        .arg(
            flag("nolocal", PLACES, "Run no ranks on the host that mpirun itself runs on")
                .alias("skip-launch-node"),
        )
        .arg(
            value(
                "launch-agent",
                "FILE",
                PLACES,
                "This mpirun's program on other hosts [default: its path here]",
            )
            .value_parser(value_parser!(std::path::PathBuf)),
        )
        .arg(
            value(
                "fanout",
                "N",
                PLACES,
                "How many agents mpirun, and each agent, starts itself [default: 32]",
            )
            .alias("branch-count")
            .value_parser(value_parser!(u32).range(1..)),
        )
        .arg(
            value(
                "host-timeout",
                "SECONDS",
                PLACES,
                "A host that is silent for so long is lost [default: 8]",
            )
            .value_parser(value_parser!(u32).range(1..)),
        )
        .arg(
            flag("tag-output", STREAMS, "Begin each line with the rank that wrote it")
                .short('l')
                .alias("prepend-rank"),
        )
        .arg(
            value(
                "prepend-pattern",
                "TEXT",
                STREAMS,
                "Begin each line with TEXT; %r is the rank, %h the host",
            )
            .value_parser(Pattern::parse),
        )
        .arg(
            value(
                "output",
                "WHERE",
                STREAMS,
                "Write each rank's output to files of its own, WHERE/rank.N.out and .err; or a list of tag, \
                 timestamp, merge, dir=DIR, and file=NAME for NAME.N.out and .err",
            )
            .aliases(["output-directory", "output-filename"])
            .value_parser(wish::parse)
            .action(ArgAction::Append)
            .value_hint(ValueHint::DirPath),
        )
        .arg(
            value("outfile-pattern", "FILE", STREAMS, "Write output to FILE; %r is the rank, %h the host")
                .value_parser(Pattern::parse)
                .value_hint(ValueHint::FilePath),
        )
        .arg(
            value("errfile-pattern", "FILE", STREAMS, "The same for standard error")
                .value_parser(Pattern::parse)
                .value_hint(ValueHint::FilePath),
        )
        .arg(flag(
            "merge-stderr-to-stdout",
            STREAMS,
            "Show what ranks write to standard error on standard output",
        ))
        .arg(
            value("stdin", "RANK", STREAMS, "Who gets standard input: a rank, all, or none [default: 0]")
                .short('s')
                .value_parser(values::stdin_to),
        )
        .arg(
            value("timeout", "SECONDS", JOB, "End the job after this time, and exit with 124")
                .value_parser(values::seconds),
        )
        .arg(
            value(
                "xterm",
                "RANKS",
                STREAMS,
                "Run ranks, as in 0,2-3 or all, in windows; with ! at the end these stay",
            )
            .value_parser(values::windows),
        )
        .arg(flag("print-all-exitcodes", JOB, "Say at the end what each rank has exited with"))
        .arg(
            value(
                "report-pid",
                "FILE",
                JOB,
                "Write mpirun's process to FILE; - is standard output, + standard error",
            )
            .value_parser(values::pid_to),
        )
        .arg(flag("verbose", JOB, "Say who runs where").short('v').aliases([
            "report-bindings",
            "display-map",
            "display-allocation",
            "print-rank-map",
        ]))
        .arg(
            value("display", "LIST", JOB, "Who runs where, in Open MPI's words: map, bind, allocation")
                .hide(true)
                .value_parser(values::display),
        )
        .arg(flag(
            "doctor",
            JOB,
            "Look whether the hosts that are named, or this one, are fit for jobs, and what to mend",
        ))
        .arg(flag("info", JOB, "Show how this mpirun was built"))
        .arg(flag("version", JOB, "Show the version").short('V').action(ArgAction::Version))
        .arg(flag("help", JOB, "Show this help").short('h').action(ArgAction::HelpShort))
        .arg(
            value("generate", "WHAT", JOB, "Print the man page, or the completions for a shell")
                .hide(true)
                .value_parser(["man", "bash", "elvish", "fish", "powershell", "zsh"]),
        );
    let hidden = |names: &[&'static str], values: usize| {
        let arg = Arg::new(names[0]).long(names[0]).aliases(&names[1..]).hide(true);
        match values {
            0 => arg.action(ArgAction::SetTrue),
            _ => arg.num_args(values).allow_hyphen_values(true).action(ArgAction::Append),
        }
    };
    let command = command.args(IGNORED.iter().map(|&(names, values)| hidden(names, values)));
    let command = command.args(REFUSED.iter().map(|&(names, values, _)| hidden(names, values)));
    let command = command.args(WRAPPED.iter().map(|&(name, ..)| hidden(&[name], 1)));
    command.args(RENAMED.iter().map(|&(name, ..)| hidden(&[name], 0)))
}

const AFTER: &str = "\
Flags may be written with one dash or two, and in MPICH's or Open MPI's way; harmless ones of theirs that mean nothing \
here are taken silently, and those that mpirun does not do are named with the reason.

Exit code: that of the first rank that fails; 128 and the signal for one that was killed; what MPI_Abort was called \
with, but 1 where that is 0 (MPICH and Open MPI exit with 0 then, as if all were well); 124 after a timeout; 127 or 126 \
where there is no such program, or it does not run; 1 where output was lost, on a full disk for example; 2 for a wrong \
command line.

Files of command lines (-configfile, which is --app too) have one program with its flags in each line. # begins a \
comment, a backslash at the end of a line joins the next one to it, and quotes are those of a shell.

Hosts: ranks fill the slots of one host after the other, and go round again when there are more. mpirun starts an \
agent on each further host by ssh, which must not ask for a password; RANKWISE_RSH names another command than ssh, in \
which %h stands for the host. --launcher fork pretends hosts: all agents run here, whatever their names are.

Schedulers: in an allocation of Slurm, Grid Engine, LSF, PBS, Torque, Cobalt or OAR its hosts are the job's, and without \
-n there is a rank for each slot: for each task that was asked for, or else each processor. --host chooses among them; a host \
file may name others. Agents are started by srun, qrsh -inherit or blaunch where these are installed, else by ssh. \
HYDRA_HOST_FILE, I_MPI_HYDRA_HOST_FILE and Open MPI's orte_default_hostfile name a host file, as in Kubernetes' MPI \
operator. One of several tasks of an srun is for itself. Flux gives no variable with its hosts: use --host.

Places: --map-by ppr:N:socket (numa, core, node) puts N ranks on each socket of each host; --map-by slot:PE=N gives each \
rank N cores; with --map-by seq each line of \
the host file is for one rank. In a rankfile slot=0-3 are cores of the host, slot=1:0-2 cores of a socket, slot=1:* all of it.

Open MPI's parameters (--mca, OMPI_MCA_...) that mean something here: plm, plm_rsh_agent, plm_rsh_args, \
plm_rsh_no_tree_spawn, orte_default_hostfile, btl_tcp_if_include and _exclude (those of oob too), btl_tcp_port_min_v4 and \
_range_v4, btl where only tcp is left, hwloc_base_binding_policy, rmaps_base_mapping_policy. All others are ignored.

Environment: MPIEXEC_TIMEOUT is a default for --timeout, RANKWISE_RSH for --launcher-exec. Ranks have RANKWISE_RANK, RANKWISE_SIZE, \
RANKWISE_LOCAL_RANK and RANKWISE_LOCAL_SIZE.

Examples:
  mpirun -n 4 ./a.out
  mpirun -n 64 --hostfile hosts --map-by node ./a.out
  sbatch -N 4 --ntasks-per-node=8 --wrap 'mpirun ./a.out'
  mpirun -n 1 ./manager : -n 8 -wdir /tmp ./worker --fast
  mpirun -n 2 -x OMP_NUM_THREADS=4 --bind-to socket ./a.out";

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sound() {
        super::command().debug_assert();
    }
}
