//! `runtime/COVERAGE.md`: which functions are built.

use super::table::{Function, Table};
use std::fmt::Write;

/// Makes the page.
pub fn make(table: &Table) -> String {
    let mut text = String::from(
        "# Coverage of the C interface\n\nMade by `cargo xtask codegen` from `runtime/c/api`; do not edit. \
         A function that is not built returns\n`MPI_ERR_UNSUPPORTED_OPERATION` under its own name.\n\n\
         | chapter | built | of |\n| --- | ---: | ---: |\n",
    );
    for chapter in &table.chapters {
        row(&mut text, chapter.title.trim_end_matches('.'), chapter.functions.iter());
    }
    row(&mut text, "**all**", table.functions());
    for chapter in &table.chapters {
        write!(text, "\n## {}\n\n", chapter.title.trim_end_matches('.')).expect("a string grows");
        text += "| function | section | built |\n| --- | --- | --- |\n";
        for f in &chapter.functions {
            let built = if f.target.is_some() { "yes" } else { "no" };
            writeln!(text, "| {} | {} | {built} |", f.name, f.section).expect("a string grows");
        }
    }
    let removed = &table.removed.chapter;
    write!(text, "\n## {}\n\n", removed.title.trim_end_matches('.')).expect("a string grows");
    text += "Not counted above.\n\n| function | use instead |\n| --- | --- |\n";
    for f in &removed.functions {
        let instead = f.instead.as_deref().unwrap_or_default();
        writeln!(text, "| {} | {instead} |", f.name).expect("a string grows");
    }
    text
}

fn row<'a>(text: &mut String, name: &str, functions: impl Iterator<Item = &'a Function>) {
    let (mut built, mut all) = (0, 0);
    for function in functions {
        all += 1;
        built += usize::from(function.target.is_some());
    }
    writeln!(text, "| {name} | {built} | {all} |").expect("a string grows");
}
