//! Where the tests find the library under test, the header, and room for what they compile.

// Each test file uses its part of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The top folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// The library under test. Cargo does not build a cdylib for the tests beside it, so it is built here.
pub fn library() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let release: &[&str] = if cfg!(debug_assertions) { &[] } else { &["--release"] };
            run(Command::new(env!("CARGO"))
                .args(["build", "--quiet", "--package", "rankwise-c"])
                .args(release));
            std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("libmpi_abi.so")
        })
        .clone()
}

/// A folder that goes away with its value, with the library in it under both its names.
pub struct Bench {
    /// The folder.
    pub folder: tempfile::TempDir,
}

impl Bench {
    /// A new folder.
    pub fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        for name in ["libmpi_abi.so", "libmpi_abi.so.1"] {
            std::os::unix::fs::symlink(library(), folder.path().join(name)).unwrap();
        }
        Bench { folder }
    }

    /// The path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Compiles `source` (from ci/ctests) into `output`, with `flags` before the library.
    pub fn compile(&self, source: &str, output: &str, flags: &[&str]) -> PathBuf {
        let output = self.path(output);
        let source = root().join("ci/ctests").join(source);
        let compiler = if source.extension().is_some_and(|e| e == "cpp") { "c++" } else { "cc" };
        run(Command::new(compiler)
            .args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-I"])
            .arg(root().join("include"))
            .arg(source)
            .arg("-o")
            .arg(&output)
            .arg("-L")
            .arg(self.folder.path())
            .args(flags)
            .arg("-lmpi_abi"));
        output
    }

    /// A command that runs a compiled program with the library under test.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("LD_LIBRARY_PATH", self.folder.path());
        command
    }
}

/// Runs a command that must succeed.
pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// The names of the functions of MPI 5.0.
pub fn functions() -> Vec<String> {
    let facts = fs::read_to_string(root().join("ci/facts/mpi-5.0-functions.tsv")).unwrap();
    facts.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').next().unwrap().to_string()).collect()
}

/// The names of functions that MPI 5.0 does not have any more.
pub fn removed() -> Vec<String> {
    let table = fs::read_to_string(root().join("runtime/c/api/removed.api")).unwrap();
    table
        .lines()
        .filter(|l| l.starts_with("MPI_"))
        .filter_map(|l| Some(l.split(' ').next()?.into()))
        .collect()
}
