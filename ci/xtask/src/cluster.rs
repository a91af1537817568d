//! `cargo xtask cluster`: hosts on one machine, to try what needs several. The work is done by ci/cluster/cluster.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use clap::Args;

use crate::Outcome;
use crate::shell::{root, target};

#[derive(Args)]
#[command(disable_help_flag = true)]
pub struct Arguments {
    /// up, down, exec, ssh, crash, ...: without any word, a list of what there is
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

/// Takes the place of this process, so that `exec HOST CMD` ends as CMD does.
pub fn run_cluster(arguments: &Arguments) -> Outcome {
    let mut command = command();
    command.args(&arguments.words);
    let error = command.exec();
    Err(format!("{}: {error}", command.get_program().display()))
}

/// The command that the words are for.
pub fn command() -> Command {
    let mut command = Command::new(root().join("ci/cluster/cluster"));
    // Cargo has put its builds of our library there, before the one that a program on a host is to use.
    if let Some(path) = env::var_os("LD_LIBRARY_PATH") {
        let others = env::split_paths(&path).filter(|directory| !directory.starts_with(target()));
        match env::join_paths(others) {
            Ok(others) if !others.is_empty() => command.env("LD_LIBRARY_PATH", others),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
    command
}
