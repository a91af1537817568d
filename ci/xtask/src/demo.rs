//! `cargo xtask demo`: from a fresh checkout to a program that runs.

use std::fs;
use std::process::Command;

use crate::Outcome;
use crate::shell::{at, root, run, target};
use crate::{install, setup};

/// Builds everything, compiles examples/heat.c with our mpicc, runs it on four ranks and says where its picture is.
pub fn run_demo() -> Outcome {
    setup::to_build()?;
    let folder = target().join("demo");
    let prefix = folder.join("rankwise");
    install::install(&prefix)?;
    let (program, picture) = (folder.join("heat"), folder.join("heat.png"));
    if picture.exists() {
        at(&picture, fs::remove_file(&picture))?;
    }
    let source = root().join("examples/heat.c");
    run(Command::new(prefix.join("bin/mpicc")).args(["-O2", "-o"]).arg(&program).arg(&source).arg("-lm"))?;
    run(Command::new(prefix.join("bin/mpirun")).args(["-n", "4"]).arg(&program).arg(&picture))?;
    let size = at(&picture, fs::metadata(&picture))?.len();
    println!("\nThe field as the four ranks computed it: {} ({size} bytes)", picture.display());
    println!("Run your own programs with {0}/mpicc and {0}/mpirun.", prefix.join("bin").display());
    Ok(())
}
