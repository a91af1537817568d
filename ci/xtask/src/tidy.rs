//! `cargo xtask tidy`: the rules of the house that no compiler checks.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::shell::{at, root};

/// Where unsafe code may stand: a folder (with a slash at its end) or a file.
const UNSAFE: &[&str] = &[
    "runtime/os/",
    "runtime/transport/src/ring.rs",
    "runtime/transport/src/ring/",
    "runtime/transport/src/shm.rs",
    "runtime/transport/src/slot.rs",
    "runtime/transport/src/shm/",
    "runtime/transport/src/frame.rs",
    "runtime/transport/src/strided.rs",
    "runtime/transport/src/lib.rs",
    "runtime/transport/src/loopback.rs",
    "runtime/transport/src/joined.rs",
    "runtime/transport/src/tcp.rs",
    "runtime/transport/src/tcp/link/tests.rs",
    "runtime/transport/tests/",
    "runtime/core/src/buffer.rs",
    "runtime/core/src/coll/blocks.rs",
    "runtime/core/src/coll/elements.rs",
    "runtime/core/src/datatype/pack.rs",
    "runtime/core/src/datatype/tests.rs",
    "runtime/core/src/p2p.rs",
    "runtime/core/src/p2p/arrive.rs",
    "runtime/core/src/p2p/engine.rs",
    "runtime/core/src/op.rs",
    "runtime/core/src/op/kernels.rs",
    "runtime/c/",
    "runtime/testkit/",
    "ci/",
];

/// What each crate of ours may depend on among ours. Cargo refuses circles; this refuses shortcuts.
const LAYERS: &[(&str, &[&str])] = &[
    ("rankwise-os", &[]),
    ("rankwise-boot", &["rankwise-os"]),
    ("rankwise-transport", &["rankwise-os"]),
    ("rankwise-core", &["rankwise-boot", "rankwise-transport"]),
    ("rankwise-c", &["rankwise-boot", "rankwise-core", "rankwise-os"]),
    ("rankwise-launcher", &["rankwise-boot", "rankwise-os"]),
    ("rankwise-testkit", &["rankwise-core", "rankwise-os", "rankwise-transport"]),
    ("xtask", &[]),
];

/// A file with more lines is two ideas.
const LONGEST: usize = 800;

/// Every file of the workspace that ends with `ending`.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) -> Outcome {
    for entry in at(folder, fs::read_dir(folder))? {
        let path = at(folder, entry)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            files(&path, ending, found)?;
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    Ok(())
}

/// A line without what follows `//`, and without strings: enough to find keywords.
fn code(line: &str) -> String {
    let mut out = String::new();
    let (mut quoted, mut before) = (false, ' ');
    for (i, c) in line.char_indices() {
        if c == '"' && before != '\\' && before != '\'' {
            quoted = !quoted;
        } else if !quoted {
            if line[i..].starts_with("//") {
                break;
            }
            out.push(c);
        }
        before = c;
    }
    out
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !joined(line[..at].chars().next_back()) && !joined(line[at + word.len()..].chars().next())
    })
}

/// The rules for one source file.
fn check_source(name: &str, text: &str, complaints: &mut Vec<String>) {
    let generated = name.contains("/generated/");
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() > LONGEST && !generated {
        complaints.push(format!("{name}: {} lines, more than {LONGEST}: two ideas in one file", lines.len()));
    }
    if !text.trim_start().starts_with("//") {
        let tests = name.ends_with("/tests.rs") || name.contains("/tests/");
        if !tests && !generated {
            complaints.push(format!("{name}: begins without a line that says what it is for"));
        }
    }
    let allowed = UNSAFE
        .iter()
        .any(|place| if place.ends_with('/') { name.starts_with(place) } else { name == *place });
    for (i, line) in lines.iter().enumerate() {
        let line = code(line);
        if !has_word(&line, "unsafe") {
            continue;
        }
        if !allowed {
            complaints.push(format!("{name}:{}: unsafe code, but the file is not in xtask's list", i + 1));
        }
        let block = line.contains("unsafe {") || line.trim_start().starts_with("unsafe impl");
        if block && !generated && !has_reason(&lines, i) {
            complaints.push(format!("{name}:{}: unsafe without a line `// SAFETY: why`", i + 1));
        }
    }
    for (i, line) in lines.iter().enumerate() {
        for word in ["TODO", "FIXME", "XXX"] {
            if !name.ends_with("tidy.rs") && has_word(line, word) {
                complaints.push(format!("{name}:{}: {word}: do it, or write an issue", i + 1));
            }
        }
    }
}

/// Whether the line, or the comment above its statement, says why it is sound.
fn has_reason(lines: &[&str], at: usize) -> bool {
    let statement = |i: &usize| {
        let line = lines[*i].trim();
        // The statement goes on from the line before, or a comment stands here.
        line.starts_with("//")
            || line.starts_with('#')
            || !(line.ends_with(';') || line.ends_with('}') || line.is_empty())
    };
    lines[at].contains("SAFETY")
        || (0..at).rev().take(12).take_while(statement).any(|i| lines[i].contains("SAFETY"))
}

/// The rules for one manifest.
fn check_manifest(name: &str, text: &str, complaints: &mut Vec<String>) {
    let package = text.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let Some(package) = package else { return };
    let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == package) else {
        return complaints
            .push(format!("{name}: the crate {package} has no place in xtask's list of layers"));
    };
    let normal = text.split("[dev-dependencies]").next().unwrap_or_default();
    for line in normal.lines().filter(|line| line.starts_with("rankwise-")) {
        let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
        if !allowed.contains(&dependency) {
            complaints.push(format!("{name}: {package} must not import {dependency}"));
        }
    }
}

/// The code map names every folder that holds sources.
fn check_map(map: &str, sources: &[String], complaints: &mut Vec<String>) {
    for name in sources {
        let Some((crate_root, file)) = name.split_once("/src/") else { continue };
        let top = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if !matches!(top, "lib" | "main" | "tests") && !map.contains(top) {
            complaints.push(format!("runtime/ARCHITECTURE.md does not mention `{top}` of {crate_root}"));
        }
    }
}

pub fn run() -> Outcome {
    let root = root();
    let mut complaints = Vec::new();
    let relative = |path: &Path| path.strip_prefix(&root).unwrap_or(path).to_string_lossy().into_owned();
    let mut sources = Vec::new();
    files(&root, ".rs", &mut sources)?;
    for path in &sources {
        check_source(&relative(path), &at(path, fs::read_to_string(path))?, &mut complaints);
    }
    let mut manifests = Vec::new();
    files(&root, "Cargo.toml", &mut manifests)?;
    for path in &manifests {
        check_manifest(&relative(path), &at(path, fs::read_to_string(path))?, &mut complaints);
    }
    let map = root.join("runtime/ARCHITECTURE.md");
    let names: Vec<String> = sources.iter().map(|path| relative(path)).collect();
    check_map(&at(&map, fs::read_to_string(&map))?, &names, &mut complaints);
    complaints.sort();
    complaints.dedup();
    if complaints.is_empty() {
        println!("{} files are tidy", sources.len());
        return Ok(());
    }
    Err(format!("{} things to mend:\n  {}", complaints.len(), complaints.join("\n  ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(name: &str, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        check_source(name, text, &mut found);
        found
    }

    #[test]
    fn unsafe_code_needs_a_place_and_a_reason() {
        let bare = "//! A file.\nfn f() {\n    unsafe { g() }\n}\n";
        assert_eq!(complaints("runtime/os/src/x.rs", bare).len(), 1);
        assert_eq!(complaints("runtime/core/src/x.rs", bare).len(), 2);
        let good = "//! A file.\nfn f() {\n    // SAFETY: because.\n    unsafe { g() }\n}\n";
        assert!(complaints("runtime/os/src/x.rs", good).is_empty());
        let words = "//! A file about unsafe code.\nfn f() { g(\"unsafe {\"); not_unsafe(); }\n";
        assert!(complaints("runtime/core/src/x.rs", words).is_empty());
    }

    #[test]
    fn long_files_and_files_without_a_purpose_are_named() {
        let long = format!("//! A file.\n{}", "fn f() {}\n".repeat(LONGEST));
        assert_eq!(complaints("runtime/os/src/x.rs", &long).len(), 1);
        assert_eq!(complaints("runtime/os/src/x.rs", "fn f() {}\n").len(), 1);
    }

    #[test]
    fn a_layer_imports_downwards_only() {
        let mut found = Vec::new();
        let manifest =
            "[package]\nname = \"rankwise-transport\"\n[dependencies]\nrankwise-core.workspace = true\n";
        check_manifest("Cargo.toml", manifest, &mut found);
        assert_eq!(found.len(), 1);
    }
}
