//! The header compiles as C and as C++, without a warning.

mod common;

use std::process::Command;

#[test]
fn the_header_is_clean_in_every_language_it_serves() {
    for (compiler, language, standards) in
        [("cc", "c", ["c89", "c99", "c11"]), ("c++", "c++", ["c++11", "c++17", "c++20"])]
    {
        for standard in standards {
            common::run(
                Command::new(compiler)
                    .arg(format!("-std={standard}"))
                    .args(["-x", language, "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I"])
                    .arg(common::root().join("include"))
                    .arg(common::root().join("ci/ctests/header.c")),
            );
        }
    }
}

/// Every removed constant, in each place where a plain number could stand.
const REMOVED: &str = "
#include <mpi.h>
#if !defined(MPI_LB) || !defined(MPI_UB) || !defined(MPI_COMBINER_HVECTOR_INTEGER)
#error old programs ask whether they are there
#endif
MPI_Datatype bounds[] = {MPI_LB, MPI_UB};
int room[MPI_COMBINER_STRUCT_INTEGER - 1000];
int kind(int combiner);
int kind(int combiner)
{
    switch (combiner) {
        case MPI_COMBINER_HVECTOR_INTEGER: return 1;
        case MPI_COMBINER_HINDEXED_INTEGER: return 2;
        default: return 0;
    }
}
";

#[test]
fn removed_constants_are_as_good_as_numbers_and_a_compiler_says_what_to_use_instead() {
    let folder = tempfile::tempdir().unwrap();
    for (compiler, language, standard) in
        [("cc", "c", "c89"), ("cc", "c", "c99"), ("c++", "c++", "c++11"), ("c++", "c++", "c++20")]
    {
        let source = folder.path().join("removed.c");
        std::fs::write(&source, REMOVED).unwrap();
        let mut command = Command::new(compiler);
        command.arg(format!("-std={standard}")).args(["-x", language, "-pedantic", "-Wall", "-Wextra"]);
        command.args(["-Werror", "-Wno-error=deprecated-declarations", "-fsyntax-only", "-I"]);
        let output = command.arg(common::root().join("include")).arg(&source).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{standard}: {said}");
        for (name, instead) in [
            ("MPI_LB", "MPI_Type_create_resized"),
            ("MPI_UB", "MPI_Type_create_resized"),
            ("MPI_COMBINER_HVECTOR_INTEGER", "MPI_COMBINER_HVECTOR"),
            ("MPI_COMBINER_HINDEXED_INTEGER", "MPI_COMBINER_HINDEXED"),
            ("MPI_COMBINER_STRUCT_INTEGER", "MPI_COMBINER_STRUCT"),
        ] {
            let found = said.lines().any(|line| {
                line.contains("deprecated") && line.contains(name) && line.contains(&format!("use {instead}"))
            });
            assert!(found, "{standard}, {name}: {said}");
        }
    }
}
