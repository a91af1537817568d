//! The compiler wrappers, in an install made up for the purpose.

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output};

struct Install {
    dir: tempfile::TempDir,
}

impl Install {
    /// A prefix with a library that has one function in it.
    fn new() -> Install {
        let dir = tempfile::Builder::new().prefix("rank wise").tempdir().unwrap();
        let install = Install { dir };
        for name in ["bin", "lib", "include"] {
            fs::create_dir(install.path(name)).unwrap();
        }
        fs::copy(env!("CARGO_BIN_EXE_mpicc"), install.path("bin/mpicc")).unwrap();
        symlink("mpicc", install.path("bin/mpicxx")).unwrap();
        fs::write(
            install.path("include/mpi.h"),
            "#ifdef __cplusplus\nextern \"C\"\n#endif\nint MPI_Answer(void);\n",
        )
        .unwrap();
        fs::write(install.path("lib.c"), "int MPI_Answer(void) { return 42; }\n").unwrap();
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-Wl,-soname,libmpi_abi.so", "-o"])
            .args([install.path("lib/libmpi_abi.so"), install.path("lib.c")])
            .status();
        assert!(made.unwrap().success());
        install
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The exit code of a program that was made. Cargo sets a path on which the real library lies.
    fn run(&self, program: &str) -> Option<i32> {
        Command::new(self.path(program)).env_remove("LD_LIBRARY_PATH").status().unwrap().code()
    }

    fn wrap(&self, name: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.path("bin").join(name));
        command.args(arguments).current_dir(self.dir.path());
        for name in ["MPICC_CC", "MPICH_CC", "OMPI_CC", "MPICXX_CXX", "MPICH_CXX", "OMPI_CXX"] {
            command.env_remove(name);
        }
        command.output().unwrap()
    }
}

#[test]
fn programs_are_compiled_linked_and_find_the_library() {
    let install = Install::new();
    let main = "#include <mpi.h>\nint main(void) { return MPI_Answer(); }\n";
    fs::write(install.path("a.c"), main).unwrap();
    fs::write(
        install.path("a.cc"),
        "#include <vector>\n#include <mpi.h>\nint main() { return MPI_Answer(); }\n",
    )
    .unwrap();
    for (wrapper, source) in [("mpicc", "a.c"), ("mpicxx", "a.cc")] {
        let made = install.wrap(wrapper, &[source, "-o", "a"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        assert_eq!(install.run("a"), Some(42));
        assert!(install.wrap(wrapper, &["-c", source, "-o", "a.o"]).status.success());
        assert!(install.wrap(wrapper, &["a.o", "-o", "b"]).status.success());
        assert_eq!(install.run("b"), Some(42));
    }
}

#[test]
fn the_compilers_exit_code_is_kept() {
    let install = Install::new();
    fs::write(install.path("bad.c"), "this is no C\n").unwrap();
    assert_eq!(install.wrap("mpicc", &["-c", "bad.c"]).status.code(), Some(1));
    assert_eq!(install.wrap("mpicc", &["--version"]).status.code(), Some(0));
    assert_eq!(install.wrap("mpicc", &["-cc=/no/such/compiler", "bad.c"]).status.code(), Some(127));
}

#[test]
fn what_is_shown_is_what_would_be_run() {
    let install = Install::new();
    let shown = String::from_utf8(install.wrap("mpicc", &["-show", "a.c"]).stdout).unwrap();
    fs::write(install.path("a.c"), "#include <mpi.h>\nint main(void) { return MPI_Answer(); }\n").unwrap();
    let made = Command::new("sh").args(["-c", &shown]).current_dir(install.dir.path()).status().unwrap();
    assert!(made.success(), "{shown}");
    assert_eq!(install.run("a.out"), Some(42));
}
