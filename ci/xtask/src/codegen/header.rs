//! `include/mpi.h`: what a C or C++ program sees.

use super::ctype::Param;
use super::table::{Constant, Function, Removed, Table, Type, Value};
use super::wrap;
use std::fmt::Write;

const HEAD: &str = "\
/* The C interface of MPI 5.0, by the standard ABI. Made by `cargo xtask codegen` from runtime/c/api; do not edit. */

#ifndef MPI_H_INCLUDED
#define MPI_H_INCLUDED

#include <stdint.h>

#ifdef __cplusplus
extern \"C\" {
#endif
";

const REMOVED: &str = "\
#ifndef RANKWISE_WITHOUT_REMOVED_NAMES
#ifdef __GNUC__
#define RANKWISE_USE_INSTEAD(name) __attribute__((deprecated(\"use \" name)))
#else
#define RANKWISE_USE_INSTEAD(name)
#endif
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 6 && !defined(__EDG__))
#define RANKWISE_USE_VALUE_INSTEAD(name) RANKWISE_USE_INSTEAD(name)
#else
#define RANKWISE_USE_VALUE_INSTEAD(name)
#endif
";

const FOOT: &str = "
#ifdef __cplusplus
}
#endif

#endif
";

/// Makes the header.
pub fn make(table: &Table) -> String {
    let mut text = String::from(HEAD);
    for entry in &table.types {
        text += &ctype(entry);
    }
    for group in &table.constants {
        text.push('\n');
        let width = group.iter().map(|c| c.name.len()).max().unwrap_or(0);
        for constant in group {
            writeln!(text, "#define {:width$} {}", constant.name, value(constant)).expect("a string grows");
        }
    }
    for prefix in ["", "P"] {
        for chapter in &table.chapters {
            let note = if prefix.is_empty() { "" } else { " (profiling names)" };
            writeln!(text, "\n/* {}{note} */", chapter.title.trim_end_matches('.')).expect("a string grows");
            for function in &chapter.functions {
                text += &prototype(prefix, function);
            }
        }
    }
    text + &removed(&table.removed) + FOOT
}

/// What the standard does not have any more. It stands apart, and a compiler says what to use instead.
fn removed(removed: &Removed) -> String {
    let mut text = format!("\n/* {} */\n", removed.chapter.title.trim_end_matches('.'));
    text += REMOVED;
    for (entry, instead) in &removed.types {
        text += &advised(&ctype(entry), instead);
    }
    text += &values(&removed.constants);
    for function in &removed.chapter.functions {
        for prefix in ["", "P"] {
            let instead = function.instead.as_deref().unwrap_or_default();
            text += &advised(&prototype(prefix, function), &format!("{prefix}{instead}"));
        }
    }
    text + "#endif\n"
}

/// Constants as macros, which programs may ask for, of enumerators, which can carry advice.
fn values(constants: &[(Constant, String)]) -> String {
    let (mut enumerators, mut macros) = (Vec::new(), String::new());
    for (constant, instead) in constants {
        let name = &constant.name;
        if let Value::Number { ctype, text, .. } = &constant.value {
            enumerators.push(format!(
                "    RANKWISE_{name}\n        RANKWISE_USE_VALUE_INSTEAD(\"{instead}\") = {text}"
            ));
            writeln!(macros, "#define {name} (({ctype})(RANKWISE_{name}))").expect("a string grows");
        }
    }
    format!("enum {{\n{}\n}};\n{macros}", enumerators.join(",\n"))
}

/// A declaration with the advice to use another name.
fn advised(declaration: &str, instead: &str) -> String {
    let declaration = declaration.trim_end().trim_end_matches(';');
    format!("{declaration}\n    RANKWISE_USE_INSTEAD(\"{instead}\");\n")
}

fn ctype(entry: &Type) -> String {
    match entry {
        Type::Heading(heading) => format!("\n/* {} */\n", heading.trim_end_matches('.')),
        Type::Handle { tag, name } => format!("typedef struct {tag} *{name};\n"),
        Type::Alias(alias) => format!("typedef {} {};\n", alias.target, alias.name),
        Type::Callback { name, returns, params } => {
            statement(&format!("typedef {returns} ({name})("), &list(params))
        }
        Type::Struct { name, members } => {
            let members: String = members.iter().map(|m| format!("    {};\n", m.c())).collect();
            format!("typedef struct {name} {{\n{members}}} {name};\n")
        }
    }
}

fn value(constant: &Constant) -> String {
    match &constant.value {
        Value::Alias(other) => other.clone(),
        Value::Number { ctype, text, number } => match ctype.as_str() {
            "int" | "number" if *number < 0 => format!("({text})"),
            "int" | "number" => text.clone(),
            ctype => format!("(({ctype})({text}))").replace("(0)", "0"),
        },
    }
}

fn prototype(prefix: &str, function: &Function) -> String {
    statement(&format!("{} {prefix}{}(", function.returns, function.name), &list(&function.params))
}

fn list(params: &[Param]) -> Vec<String> {
    match params {
        [] => vec!["void".into()],
        params => params.iter().map(Param::c).collect(),
    }
}

/// `head`, the parameters and the end, on one line if that is short enough.
fn statement(head: &str, params: &[String]) -> String {
    let line = format!("{head}{});\n", params.join(", "));
    if line.len() <= 110 { line } else { format!("{head}\n{});\n", wrap(params, "    ", 106)) }
}
