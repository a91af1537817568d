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
