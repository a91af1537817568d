//! `cargo xtask`: the project's own commands. Each subcommand is a module.

use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod codegen;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Rankwise's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make mpi.h, the entry points and the coverage page from the API table (runtime/c/api)
    Codegen(codegen::Arguments),
}

/// What a subcommand ends with: the text of an error is for a person.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments, &root()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("xtask: {text}");
            ExitCode::FAILURE
        }
    }
}

/// The top folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("ci/xtask lies two levels down")
        .to_path_buf()
}
