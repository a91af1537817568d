//! `cargo xtask`: the project's own commands. Each subcommand is a module.

use clap::{Parser, Subcommand};
use std::process::ExitCode;

mod cluster;
mod codegen;
mod compare;
mod conformance;
mod demo;
mod install;
mod setup;
mod shell;
mod test;
mod tidy;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Rankwise's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build everything, compile and run an example
    Demo,
    /// Install what is missing, run every test
    Test,
    /// Build everything in release and put it into a folder that can be moved
    Install(install::Arguments),
    /// Make mpi.h, the entry points and the coverage page from the API table (runtime/c/api)
    Codegen(codegen::Arguments),
    /// Check the rules of the house: where unsafe may stand, who imports whom, how long files are
    Tidy,
    /// Run the programs of benches/micro over this MPI and others (from PyPI), in turn
    Compare(compare::Arguments),
    /// Run MPICH's test suite over an install of ours
    Conformance(conformance::Arguments),
    /// Hosts on one machine, with sshd, Slurm or Grid Engine, and faults of hosts and network (ci/cluster)
    Cluster(cluster::Arguments),
}

/// What a subcommand ends with: the text of an error is for a person.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Demo => demo::run_demo(),
        Command::Test => test::run_tests(),
        Command::Install(arguments) => install::run_install(&arguments),
        Command::Codegen(arguments) => codegen::run(&arguments, &shell::root()),
        Command::Tidy => tidy::run(),
        Command::Compare(arguments) => compare::run_comparison(&arguments),
        Command::Conformance(arguments) => conformance::run_suite(&arguments),
        Command::Cluster(arguments) => cluster::run_cluster(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("xtask: {text}");
            ExitCode::FAILURE
        }
    }
}
