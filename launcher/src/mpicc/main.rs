//! `mpicc`, and under the names `mpicxx` and `mpic++` the same for C++: the compiler, with what it needs to find MPI.
//!
//! MPI is looked for beside this program: `PREFIX/bin/mpicc` finds `PREFIX/include` and `PREFIX/lib`, wherever the
//! install was moved to.

#![forbid(unsafe_code)]

mod command;

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use command::{Answer, Language, Request};

fn main() -> ExitCode {
    let mut words = std::env::args_os();
    let name = words.next().unwrap_or_else(|| "mpicc".into());
    let name =
        Path::new(&name).file_name().map_or("mpicc".into(), |name| name.to_string_lossy().into_owned());
    let request = Request {
        language: Language::of(&name),
        words: words.collect(),
        prefix: prefix(),
        get: &|name: &str| std::env::var_os(name).filter(|value| !value.is_empty()),
    };
    match command::answer(&request) {
        Answer::Show(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Answer::Refuse(why) => {
            eprintln!("{name}: {why}");
            ExitCode::from(2)
        }
        Answer::Run(line) => run(&name, &line, request.language),
    }
}

/// Becomes the compiler, so that its exit code is ours.
fn run(name: &str, line: &[OsString], language: Language) -> ExitCode {
    let Some((compiler, arguments)) = line.split_first() else { return ExitCode::FAILURE };
    if arguments.iter().any(|word| word == "-v") {
        eprintln!("{name} for Rankwise {}", env!("CARGO_PKG_VERSION"));
    }
    let error = Command::new(compiler).args(arguments).exec();
    let variable = language.variables()[0];
    eprintln!(
        "{name}: cannot run {}: {error}; {variable} can name another compiler",
        compiler.to_string_lossy()
    );
    ExitCode::from(127)
}

/// Where Rankwise is installed: above the directory of this program, whatever link it was called by.
fn prefix() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors().nth(2).unwrap_or(Path::new("/usr")).to_path_buf()
}
