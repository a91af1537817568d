//! `runtime/c/src/generated`: the types, the constants and the entry points, which are one macro call each. What the
//! macros make of a call stands in `runtime/c/src/entry.rs`.

use super::ctype::{Param, scalar};
use super::table::{Chapter, Function, Table, Type, Value};
use super::wrap;
use std::collections::BTreeSet;
use std::fmt::Write;

const MADE: &str = "Made by `cargo xtask codegen` from runtime/c/api; do not edit.";

/// Makes the files, each with its name.
pub fn make(table: &Table) -> Vec<(String, String)> {
    let callbacks = table.callbacks();
    let mut files = vec![
        ("mod.rs".into(), modules(table)),
        ("types.rs".into(), types(table, &callbacks)),
        ("constants.rs".into(), constants(table)),
    ];
    for chapter in table.chapters.iter().chain([&table.removed.chapter]) {
        files.push((format!("{}.rs", chapter.name), entries(chapter, &callbacks)));
    }
    files
}

fn modules(table: &Table) -> String {
    let mut text = format!("//! The C interface. {MADE}\n\npub mod constants;\npub mod types;\n\n");
    for chapter in table.chapters.iter().chain([&table.removed.chapter]) {
        writeln!(text, "mod {};", chapter.name).expect("a string grows");
    }
    text
}

fn types(table: &Table, callbacks: &BTreeSet<&str>) -> String {
    let mut text = format!("//! The types of the C interface. {MADE}\n\nuse rankwise_core::Handle;\n");
    text += "use std::ffi::{c_int, c_void};\n";
    for entry in &table.types {
        text += &match entry {
            Type::Heading(heading) => format!("\n// {heading}\n"),
            Type::Handle { name, .. } => format!("pub type {name} = Handle;\n"),
            Type::Alias(alias) => format!("pub type {} = {};\n", alias.name, scalar(&alias.target)),
            Type::Callback { name, returns, params } => {
                let params: Vec<String> = params.iter().map(|p| parameter(p, callbacks)).collect();
                let returns =
                    if returns == "void" { String::new() } else { format!(" -> {}", scalar(returns)) };
                format!("pub type {name} = unsafe extern \"C\" fn({}){returns};\n", params.join(", "))
            }
            // Core has the type, byte for byte: nothing is converted on the way.
            Type::Struct { name, .. } => {
                format!("pub use rankwise_core::{} as {name};\n", name.trim_start_matches("MPI_"))
            }
        };
    }
    text
}

fn constants(table: &Table) -> String {
    let mut text = format!("//! The constants of the C interface. {MADE}\n\nuse super::types::*;\n");
    text += "use rankwise_core::Handle;\nuse std::ffi::c_int;\n";
    let handles: BTreeSet<&str> = table
        .types
        .iter()
        .filter_map(|t| match t {
            Type::Handle { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let removed = table.removed.constants.iter().map(|(constant, _)| constant).collect();
    let groups = table.constants.iter().map(|group| group.iter().collect::<Vec<_>>());
    for group in groups.chain([removed]) {
        text.push('\n');
        for constant in group {
            let line = match &constant.value {
                Value::Alias(other) => {
                    let handle = other.starts_with("MPI_");
                    let ctype = if handle { "MPI_Datatype" } else { "c_int" };
                    format!("pub const {}: {ctype} = {other};", constant.name)
                }
                Value::Number { ctype, text, .. } if handles.contains(ctype.as_str()) => {
                    format!("pub const {}: {ctype} = Handle({text});", constant.name)
                }
                Value::Number { ctype, text, .. } if ctype == "MPI_Offset" => {
                    format!("pub const {}: {ctype} = {text};", constant.name)
                }
                // An address that means something: seen as a number, compared with what a caller passes.
                Value::Number { ctype, text, .. } if ctype.ends_with('*') => {
                    format!("pub const {}: usize = {text};", constant.name)
                }
                Value::Number { text, .. } => format!("pub const {}: c_int = {text};", constant.name),
            };
            text += &line;
            text.push('\n');
        }
    }
    text
}

fn entries(chapter: &Chapter, callbacks: &BTreeSet<&str>) -> String {
    let mut text = format!("//! {} {MADE}\n\n", chapter.title);
    text += "use super::types::*;\nuse crate::calls::*;\nuse std::ffi::{c_char, c_int, c_void};\n\n";
    for function in &chapter.functions {
        let params: Vec<String> =
            function.params.iter().filter(|p| p.named().is_some()).map(|p| parameter(p, callbacks)).collect();
        let name = &function.name;
        let target = function.target.as_deref();
        let head = match target {
            Some(target) if function.bare => {
                format!("bare! {{ {name} P{name} {} => {target};", scalar(&function.returns))
            }
            Some(target) if function.any_time => {
                format!("any_time! {{ {name} P{name} {} => {target};", object(function))
            }
            Some(target) => format!("entry! {{ {name} P{name} {} => {target};", object(function)),
            None if function.bare => panic!("{name} cannot say that it is not built: build it"),
            None if name.starts_with("MPI_T_") => format!("absent_tool! {{ {name} P{name};"),
            None => format!("absent! {{ {name} P{name} {};", object(function)),
        };
        let line = format!("{head} {} }}", params.join(", "));
        if params.is_empty() {
            writeln!(text, "{head} }}").expect("a string grows");
        } else if line.len() <= 110 {
            writeln!(text, "{line}").expect("a string grows");
        } else {
            writeln!(text, "{head}\n{} }}", wrap(&params, "    ", 108)).expect("a string grows");
        }
    }
    text
}

/// The object whose error handler hears of an error of this call (MPI 5.0, section 9.3).
fn object(function: &Function) -> String {
    let named = |ctype: &str| {
        function.params.iter().filter_map(Param::named).find(|d| d.is(ctype)).map(|d| d.rust_name())
    };
    for (ctype, kind) in [("MPI_Comm", "Comm"), ("MPI_File", "File"), ("MPI_Session", "Session")] {
        if let Some(name) = named(ctype) {
            return format!("{kind}({name})");
        }
    }
    "Process".into()
}

fn parameter(param: &Param, callbacks: &BTreeSet<&str>) -> String {
    match param {
        Param::Rest => "...".into(),
        Param::Named(d) => format!("{}: {}", d.rust_name(), d.rust(callbacks)),
    }
}
