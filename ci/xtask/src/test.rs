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
    run(&mut Command::new(root().join("ci/loom.sh")))?;
    run(Command::new(root().join("ci/ctests/run.sh")).arg(&prefix))
}
