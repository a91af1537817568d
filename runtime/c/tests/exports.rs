//! What the library shows to the outside: the functions of MPI 5.0 under both their names, those that MPI-3.0 removed, and
//! nothing else.

mod common;

use std::collections::BTreeSet;
use std::process::Command;

fn tool(name: &str, flags: &[&str]) -> String {
    let output = common::run(Command::new(name).args(flags).arg(common::library()));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_function_is_exported_under_both_names_and_nothing_else_is() {
    let list = tool("nm", &["--dynamic", "--defined-only"]);
    let exported: BTreeSet<String> = list.lines().map(|l| l.split(' ').next_back().unwrap().into()).collect();
    let functions = common::functions();
    assert_eq!(functions.len(), 664);
    let removed = common::removed();
    assert!(!removed.is_empty() && removed.iter().all(|f| !functions.contains(f)));
    let expected: BTreeSet<String> =
        functions.iter().chain(&removed).flat_map(|f| [f.clone(), format!("P{f}")]).collect();
    assert_eq!(exported, expected);
}

#[test]
fn the_library_has_the_name_of_the_standard_and_needs_only_the_system() {
    let dynamic = tool("readelf", &["--dynamic", "--wide"]);
    let named = |tag: &str| -> Vec<&str> {
        let lines = dynamic.lines().filter(|l| l.contains(tag));
        lines.map(|l| l.split(['[', ']']).nth(1).unwrap()).collect()
    };
    assert_eq!(named("(SONAME)"), ["libmpi_abi.so.1"]);
    for needed in named("(NEEDED)") {
        let name = needed.split(".so").next().unwrap();
        assert!(["libc", "libm", "libgcc_s"].contains(&name) || name.starts_with("ld-linux"), "{needed}");
    }
}
