//! `cargo xtask test`: every test there is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::shell::{at, cargo, root, run, target};
use crate::{install, setup};

/// How long one run of a C program may take; so much that only a hang can reach it.
const LIMIT: Duration = Duration::from_secs(300);

pub fn run_tests() -> Outcome {
    setup::to_test()?;
    let prefix = target().join("test/rankwise");
    install::install(&prefix)?;
    run(cargo(&["test", "--workspace"]).env("RANKWISE_PREFIX", &prefix))?;
    run(&mut loom())?;
    c_programs(&prefix)
}

/// The ring under loom, which tries every order of its memory accesses.
fn loom() -> Command {
    let mut command = cargo(&["test", "--release", "-p", "rankwise-transport", "--lib", "ring::"]);
    command.env("RUSTFLAGS", "--cfg loom").env("CARGO_TARGET_DIR", target().join("loom"));
    command
}

/// One program of ci/ctests, and with how many ranks it is run.
struct Program {
    source: PathBuf,
    name: String,
    ranks: Vec<u32>,
}

/// Programs say on their first line with how many ranks they want to be run: `/* ranks: 1 2 4 */`. Others are compiled
/// by tests of their own.
fn programs() -> Result<Vec<Program>, String> {
    let folder = root().join("ci/ctests");
    let mut programs = Vec::new();
    for entry in at(&folder, fs::read_dir(&folder))? {
        let source = at(&folder, entry)?.path();
        if source.extension().is_none_or(|ending| ending != "c") {
            continue;
        }
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = at(&source, fs::read_to_string(&source))?;
        let Some(ranks) = text.lines().next().and_then(|line| line.strip_prefix("/* ranks: ")) else {
            continue;
        };
        let ranks = ranks.split_whitespace().map_while(|word| word.parse().ok()).collect();
        programs.push(Program { source, name, ranks });
    }
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(programs)
}

/// Compiles each C program with our mpicc and runs it with our mpirun.
fn c_programs(prefix: &Path) -> Outcome {
    let folder = target().join("test/programs");
    at(&folder, fs::create_dir_all(&folder))?;
    let mut failed = Vec::new();
    let programs = programs()?;
    for Program { source, name, ranks } in &programs {
        let program = folder.join(name);
        let mut compiler = Command::new(prefix.join("bin/mpicc"));
        compiler.args(["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-o"]);
        run(compiler.arg(&program).arg(source).args(["-lm", "-lpthread"]))?;
        for ranks in ranks {
            let begun = Instant::now();
            let mut command = Command::new(prefix.join("bin/mpirun"));
            command.args(["-n", &ranks.to_string(), "--timeout", &LIMIT.as_secs().to_string()]).arg(&program);
            let output = at(&program, command.stdin(Stdio::null()).output())?;
            let verdict = if output.status.success() { "ok" } else { "FAILED" };
            println!("{name} on {ranks} ranks ... {verdict} ({:.1} s)", begun.elapsed().as_secs_f64());
            if !output.status.success() {
                print!("{}", String::from_utf8_lossy(&output.stdout));
                print!("{}", String::from_utf8_lossy(&output.stderr));
                failed.push(format!("{name} on {ranks} ranks: {}", output.status));
            }
        }
    }
    if !failed.is_empty() {
        return Err(format!("C programs failed:\n  {}", failed.join("\n  ")));
    }
    println!("{} C programs pass", programs.len());
    Ok(())
}
