//! `cargo xtask test`: every test there is.

use std::process::Command;

use crate::Outcome;
use crate::shell::{cargo, root, run, target};
use crate::{install, setup};

pub fn run_tests() -> Outcome {
    setup::to_test()?;
    let prefix = target().join("test/rankwise");
    install::install(&prefix)?;
    run(cargo(&["test", "--workspace"]).env("RANKWISE_PREFIX", &prefix))?;
    run(&mut loom())?;
    run(Command::new(root().join("ci/ctests/run.sh")).arg(&prefix))
}

/// The ring under loom, which tries every order of its memory accesses.
fn loom() -> Command {
    let mut command = cargo(&["test", "--release", "-p", "rankwise-transport", "--lib", "ring::"]);
    command.env("RUSTFLAGS", "--cfg loom").env("CARGO_TARGET_DIR", target().join("loom"));
    command
}
