//! `cargo xtask conformance`: MPICH's test suite, from Debian's source package, over an install of ours.
//!
//! The driver is ci/conformance/mpich-suite. Failures that are known stand in ci/conformance/known.tsv with their
//! reasons; one that does not stand there, or one there that passes now, makes the command fail.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::Outcome;
use crate::shell::{at, root, run, target};
use crate::{install, setup};

#[derive(Args)]
pub struct Arguments {
    /// The suite's directories to run
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "basic,init,pt2pt,datatype,attr,info,group,errhan,part"
    )]
    dirs: Vec<String>,
    /// Leave out test lines that want more ranks
    #[arg(long)]
    np_limit: Option<u32>,
    /// Only test lines that match this regular expression
    #[arg(long)]
    tests: Option<String>,
    /// Seconds that one test may take
    #[arg(long, default_value_t = 180)]
    timeout: u32,
}

pub fn run_suite(arguments: &Arguments) -> Outcome {
    setup::to_conform()?;
    let folder = target().join("conformance");
    let prefix = folder.join("rankwise");
    install::install(&prefix)?;
    let results = folder.join("results.tsv");
    if results.exists() {
        at(&results, fs::remove_file(&results))?;
    }
    let mut command = Command::new("python3");
    command.arg(root().join("ci/conformance/mpich-suite")).arg(&prefix);
    command.arg("--dirs").arg(arguments.dirs.join(","));
    command.arg("--work").arg(folder.join("work")).arg("--write-baseline").arg(&results);
    command.arg("--removed").arg("--timeout").arg(arguments.timeout.to_string());
    if let Some(limit) = arguments.np_limit {
        command.arg("--max-np").arg(limit.to_string());
    }
    if let Some(tests) = &arguments.tests {
        command.arg("--tests").arg(tests);
    }
    // It ends with an error where a test fails; which of them may is decided below.
    if let Err(error) = run(&mut command)
        && !results.exists()
    {
        return Err(error);
    }
    judge(&results)
}

/// Compares what was seen with what is known.
fn judge(results: &Path) -> Outcome {
    let known_file = root().join("ci/conformance/known.tsv");
    let known = columns(&known_file)?;
    let seen = columns(results)?;
    let passed = seen.values().filter(|result| *result == "pass").count();
    let counted = seen.values().filter(|result| *result != "skip").count();
    println!("{passed} of {counted} test lines pass");
    let mut surprises = Vec::new();
    for (test, result) in &seen {
        match (result.as_str(), known.get(test)) {
            ("pass", Some(reason)) => {
                surprises.push(format!("passes, but is known to fail ({reason}): {test}"))
            }
            ("pass" | "skip", _) | (_, Some(_)) => {}
            (result, None) => surprises.push(format!("{result}: {test}")),
        }
    }
    if surprises.is_empty() {
        return Ok(());
    }
    Err(format!("not as {} has it:\n  {}", known_file.display(), surprises.join("\n  ")))
}

/// The first two columns of a table; lines that begin with # are comments.
fn columns(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = at(path, fs::read_to_string(path))?;
    let row = |line: &str| {
        let mut cells = line.split('\t');
        Some((cells.next()?.to_string(), cells.next()?.to_string()))
    };
    Ok(text.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect())
}
