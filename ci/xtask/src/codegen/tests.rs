//! The table against the facts of the standard (`ci/facts`), which were taken down apart from it.

use super::ctype::Param;
use super::table::{Table, Type, Value};
use super::*;
use std::collections::BTreeMap;

fn table() -> Table {
    Table::read(&crate::shell::root().join("runtime/c/api")).unwrap()
}

fn facts(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(crate::shell::root().join("ci/facts").join(name)).unwrap();
    text.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').map(String::from).collect()).collect()
}

#[test]
fn every_function_stands_in_the_table_as_in_the_standard() {
    let facts: BTreeMap<String, (String, String)> = facts("mpi-5.0-functions.tsv")
        .into_iter()
        .map(|f| (f[0].clone(), (f[1].clone(), f[2].clone())))
        .collect();
    let table = table();
    let ours: BTreeMap<String, (String, String)> = table
        .functions()
        .map(|f| {
            let params: Vec<String> = f.params.iter().map(Param::c).collect();
            let params = if params.is_empty() { "void".into() } else { params.join(", ") };
            (f.name.clone(), (f.returns.clone(), params))
        })
        .collect();
    assert_eq!(facts.len(), 664);
    assert_eq!(ours, facts);
}

#[test]
fn every_constant_has_its_value() {
    let table = table();
    let ours: Vec<(String, String, String)> = table
        .constants
        .iter()
        .flatten()
        .map(|c| match &c.value {
            Value::Alias(other) => (c.name.clone(), String::new(), other.clone()),
            Value::Number { ctype, text, .. } => (c.name.clone(), ctype.clone(), text.clone()),
        })
        .collect();
    let facts: Vec<(String, String, String)> = facts("mpi-5.0-abi-constants.tsv")
        .into_iter()
        .map(|f| {
            let (name, ctype, value) = (f[0].clone(), f[1].clone(), f[2].clone());
            match value.strip_prefix("((").and_then(|v| v.strip_suffix(")0)")) {
                Some(cast) => (name, cast.into(), "0".into()),
                None if ctype.is_empty() && !value.starts_with("MPI_") => (name, "number".into(), value),
                None => (name, ctype, value),
            }
        })
        .collect();
    assert_eq!(ours, facts);
}

#[test]
fn every_type_has_its_shape() {
    let header = header::make(&table()).replace('\n', "").replace("    ", " ").replace("( ", "(");
    for fact in facts("mpi-5.0-types.tsv") {
        // The one misprint among the facts, a parameter's name.
        let shape = fact[0].replace("MPI_Comm omm", "MPI_Comm comm").replace("* ", " *");
        let shape = if shape.contains('(') { fact[0].replace("omm omm", "omm comm") } else { shape };
        assert!(header.contains(&shape), "{shape}");
    }
    let status = table().types.into_iter().find_map(|t| match t {
        Type::Struct { name, members } if name == "MPI_Status" => Some(members),
        _ => None,
    });
    let members: Vec<String> = status.unwrap().iter().map(Param::c).collect();
    assert_eq!(members, ["int MPI_SOURCE", "int MPI_TAG", "int MPI_ERROR", "int MPI_internal[5]"]);
}

#[test]
fn removed_names_stand_apart_and_name_what_replaced_them() {
    let table = table();
    let standard: Vec<&str> = table.functions().map(|f| f.name.as_str()).collect();
    for function in &table.removed.chapter.functions {
        assert!(function.target.is_some(), "{} is not built", function.name);
        let instead = function.instead.as_deref().unwrap();
        assert!(standard.contains(&instead) && !standard.contains(&function.name.as_str()), "{instead}");
    }
    // The standard's own handles lie below this.
    let constants: Vec<&str> = table.constants.iter().flatten().map(|c| c.name.as_str()).collect();
    for (constant, instead) in &table.removed.constants {
        assert!(standard.contains(&instead.as_str()) || constants.contains(&instead.as_str()), "{instead}");
        assert!(matches!(&constant.value, Value::Number { number, .. } if *number >= 0x400));
    }
    let header = header::make(&table);
    let (before, after) = header.split_once("#ifndef RANKWISE_WITHOUT_REMOVED_NAMES").unwrap();
    assert!(!before.contains("MPI_Type_struct") && after.contains("MPI_Type_struct"));
}

#[test]
fn what_is_checked_in_is_what_the_table_makes() {
    assert_eq!(stale(&crate::shell::root(), &make(&table())).unwrap(), Vec::<PathBuf>::new());
}

#[test]
fn wrapped_lists_keep_every_item_and_the_width() {
    let items: Vec<String> = (0..40).map(|i| format!("item{i}")).collect();
    let text = wrap(&items, "    ", 60);
    assert!(text.lines().all(|l| l.starts_with("    ") && l.len() <= 60));
    assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), items.join(", "));
}
