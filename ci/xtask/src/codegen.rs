//! `cargo xtask codegen`: everything that says the C interface twice is made from one table, `runtime/c/api`.
//!
//! ```text
//! runtime/c/api/*.api -> include/mpi.h                 what a C program sees
//!                        runtime/c/src/generated/*.rs  what the library exports
//!                        runtime/COVERAGE.md           what is built
//! ```
//!
//! The products are checked in, so that a build needs no generator; `--check` says whether they are fresh.

use crate::Outcome;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

mod coverage;
mod ctype;
mod header;
mod rust;
mod table;

use table::Table;

/// The arguments of `cargo xtask codegen`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Change nothing; fail when a checked-in file differs from what the table makes
    #[arg(long)]
    check: bool,
}

/// Where the Rust products lie; nothing else may lie there.
const GENERATED: &str = "runtime/c/src/generated";

/// Products by their path from the top of the workspace.
type Products = BTreeMap<PathBuf, String>;

/// Makes or checks the products.
pub fn run(arguments: &Arguments, root: &Path) -> Outcome {
    let table = Table::read(&root.join("runtime/c/api"))?;
    let products = make(&table);
    let stale = stale(root, &products)?;
    if arguments.check {
        return match stale.as_slice() {
            [] => Ok(()),
            files => Err(format!("not what the table makes (run `cargo xtask codegen`): {}", list(files))),
        };
    }
    for file in &stale {
        let path = root.join(file);
        let outcome = match products.get(file) {
            Some(text) => fs::create_dir_all(path.parent().expect("a product lies in a folder"))
                .and_then(|()| fs::write(&path, text)),
            None => fs::remove_file(&path),
        };
        outcome.map_err(|e| format!("{}: {e}", path.display()))?;
        println!("{} {}", if products.contains_key(file) { "made" } else { "removed" }, file.display());
    }
    Ok(())
}

fn make(table: &Table) -> Products {
    let mut products = Products::new();
    products.insert("include/mpi.h".into(), header::make(table));
    products.insert("runtime/COVERAGE.md".into(), coverage::make(table));
    for (file, text) in rust::make(table) {
        products.insert(Path::new(GENERATED).join(file), text);
    }
    products
}

/// The files that differ from the products, or are in their folder and should not be.
fn stale(root: &Path, products: &Products) -> Result<Vec<PathBuf>, String> {
    let mut stale: Vec<PathBuf> = products
        .iter()
        .filter(|(file, text)| fs::read_to_string(root.join(file)).ok().as_ref() != Some(text))
        .map(|(file, _)| file.clone())
        .collect();
    if let Ok(folder) = fs::read_dir(root.join(GENERATED)) {
        for entry in folder {
            let file = Path::new(GENERATED).join(entry.map_err(|e| format!("{GENERATED}: {e}"))?.file_name());
            if !products.contains_key(&file) {
                stale.push(file);
            }
        }
    }
    Ok(stale)
}

fn list(files: &[PathBuf]) -> String {
    files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Joins `items` with commas into lines of at most `width` characters, each after `indent`.
fn wrap(items: &[String], indent: &str, width: usize) -> String {
    let mut text = String::new();
    let mut line = indent.to_string();
    for (i, item) in items.iter().enumerate() {
        let comma = if i + 1 < items.len() { "," } else { "" };
        if line.len() > indent.len() && line.len() + 1 + item.len() + comma.len() > width {
            text += &line;
            text.push('\n');
            line = indent.to_string();
        }
        if line.len() > indent.len() {
            line.push(' ');
        }
        line += item;
        line += comma;
    }
    text + &line
}

#[cfg(test)]
mod tests;
