//! `mpirun`, also called `mpiexec`: starts the ranks of a job, and is there until all that they were has gone.
//!
//! ```text
//! words -> args (flags: the one table) -> order -> front, the process that the user sees
//!                                                    |  signals and the terminal's input go down, an exit code comes up
//!                                                  supervise, what the job means: begin, ranks, report, output
//!                                                    |  commands go down, events come up (wire)
//!                                                  hands ----- remote, a shell for each further host
//!                                                    |           :
//!                                                  node        agent -> hands -> node, remote ...
//! ```

#![forbid(unsafe_code)]

mod agent;
mod allocation;
mod args;
mod doctor;
mod examination;
mod flags;
mod front;
mod hands;
mod here;
mod hosts;
mod launch;
mod machine;
mod node;
mod order;
mod output;
mod pattern;
mod plan;
mod remote;
mod report;
mod supervise;
mod wire;

use std::io::{self, Write};
use std::process::ExitCode;

use args::{ArgsError, Asked};
use clap_complete::Shell;

/// The exit code for a command line that is not understood.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|word| word == remote::shell::AGENT) {
        return front::run_agent().map_or(ExitCode::FAILURE, |code| ExitCode::from(code as u8));
    }
    if std::env::args_os().nth(1).is_some_and(|word| word == examination::PROBE) {
        return examination::probe(std::env::args().skip(2));
    }
    let asked = args::parse(std::env::args_os().skip(1), |name| std::env::var(name).ok());
    let result = match asked {
        Ok(Asked::Job(order)) => front::run(*order),
        Ok(Asked::Doctor(hosts, settings)) => doctor::run(hosts, settings),
        Ok(Asked::Generate(what)) => generate(&what).map(|()| 0),
        Err(ArgsError::Clap(e)) => {
            // clap writes help to standard output and mistakes to standard error. What nobody reads is no failure.
            let _ = e.print();
            return ExitCode::from(e.exit_code() as u8);
        }
        Err(e) => {
            eprintln!("mpirun: {e}");
            return ExitCode::from(USAGE);
        }
    };
    match result {
        Ok(code) => ExitCode::from(code as u8),
        Err(e) => {
            eprintln!("mpirun: {}", launch::plain(&e));
            ExitCode::FAILURE
        }
    }
}

/// How this mpirun was built, for people.
const INFO: &str = concat!(
    "Rankwise ",
    env!("CARGO_PKG_VERSION"),
    ", an MPI 5.0 runtime\n\
     Library:         libmpi_abi.so.1, the MPI 5.0 standard ABI\n\
     Hosts:           its own, and others by ssh, Slurm, Grid Engine, LSF\n\
     Transport:       shared memory on a node, TCP between nodes\n\
     Topology:        hwloc\n\
     Thread support:  MPI_THREAD_MULTIPLE\n"
);

/// Prints the man page, the completions for a shell, or how this mpirun was built.
fn generate(what: &str) -> io::Result<()> {
    if what == "info" {
        let machine = format!("Machine:         {}-{}\n", std::env::consts::ARCH, std::env::consts::OS);
        return io::stdout().write_all((INFO.to_string() + &machine).as_bytes());
    }
    let mut command = flags::command();
    let mut out = Vec::new();
    match what.parse::<Shell>() {
        Ok(shell) => {
            clap_complete::generate(shell, &mut command, "mpirun", &mut out);
            out = with_other_name(shell, &String::from_utf8_lossy(&out)).into_bytes();
        }
        Err(_) => clap_mangen::Man::new(command).render(&mut out)?,
    }
    io::stdout().write_all(&out)
}

/// Completions for `mpirun`, made good for `mpiexec` as well.
fn with_other_name(shell: Shell, completions: &str) -> String {
    match shell {
        Shell::Bash => format!("{completions}\ncomplete -F _mpirun -o bashdefault -o default mpiexec\n"),
        Shell::Fish => format!("{completions}complete -c mpiexec -w mpirun\n"),
        Shell::Zsh => completions.replacen("#compdef mpirun", "#compdef mpirun mpiexec", 1),
        _ => completions.to_string(),
    }
}
