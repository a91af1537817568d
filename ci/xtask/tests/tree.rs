//! The installed tree: moved to another place, with the tools that people use, and with tools between it and a program.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{clean, root, run, succeed, tool, tree};

/// A copy of the tree at another place, with room for what is made there.
struct Moved {
    dir: tempfile::TempDir,
}

impl Moved {
    fn new() -> Moved {
        let dir = tempfile::Builder::new().prefix("another place").tempdir().unwrap();
        succeed(Command::new("cp").arg("-a").arg(tree()).arg(dir.path().join("tree")));
        Moved { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A command of the copy, run where files may be made.
    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.path("tree/bin").join(name));
        clean(&mut command).current_dir(self.dir.path());
        command
    }

    /// A shell with the copy's programs first in its path.
    fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("sh");
        let path = std::env::var("PATH").unwrap();
        clean(&mut command).args(["-ec", script]).current_dir(self.dir.path());
        command.env("PATH", format!("{}:{path}", self.path("tree/bin").display()));
        command.env("PKG_CONFIG_PATH", self.path("tree/lib/pkgconfig"));
        command
    }

    /// Copies `who.c`, also as C++.
    fn source(&self) {
        let source = root().join("ci/ctests/faults/who.c");
        for name in ["who.c", "who.cc"] {
            fs::copy(&source, self.path(name)).unwrap();
        }
    }
}

/// Whether this is what `who` on two ranks says.
fn is_right(out: &str) -> bool {
    let mut lines: Vec<&str> = out.lines().collect();
    lines.sort_unstable();
    lines == ["rank 0 of 2", "rank 1 of 2"]
}

#[test]
fn a_moved_tree_compiles_and_runs() {
    let moved = Moved::new();
    moved.source();
    for (compiler, source) in [("mpicc", "who.c"), ("mpicxx", "who.cc"), ("mpic++", "who.cc")] {
        succeed(moved.tool(compiler).args([source, "-o", "who"]));
        for launcher in ["mpirun", "mpiexec"] {
            let out = succeed(moved.tool(launcher).args(["-n", "2", "./who"]));
            assert!(is_right(&out), "{out}");
        }
        let libraries = succeed(Command::new("ldd").env_remove("LD_LIBRARY_PATH").arg(moved.path("who")));
        let used = libraries.lines().find(|line| line.contains("libmpi_abi.so.1")).unwrap_or_default();
        assert!(used.contains("another place"), "{libraries}");
    }
}

#[test]
fn pkg_config_finds_a_moved_tree() {
    let moved = Moved::new();
    moved.source();
    let script = "eval \"cc who.c -o who $(pkg-config mpi --cflags --libs)\"; mpirun -n 2 ./who";
    let out = succeed(&mut moved.shell(script));
    assert!(is_right(&out), "{out}");
    let said = succeed(&mut moved.shell("pkg-config mpi --cflags --libs"));
    assert!(said.contains("-lmpi_abi") && said.contains("tree/"), "{said}");
}

#[test]
fn cmake_finds_the_tree_that_is_first_in_the_path() {
    let moved = Moved::new();
    moved.source();
    fs::write(
        moved.path("CMakeLists.txt"),
        "cmake_minimum_required(VERSION 3.16)\n\
         project(who C CXX)\n\
         find_package(MPI REQUIRED COMPONENTS C CXX)\n\
         add_executable(in_c who.c)\n\
         target_link_libraries(in_c MPI::MPI_C)\n\
         add_executable(in_cxx who.cc)\n\
         target_link_libraries(in_cxx MPI::MPI_CXX)\n\
         file(WRITE ${CMAKE_BINARY_DIR}/launcher \"${MPIEXEC_EXECUTABLE}\")\n",
    )
    .unwrap();
    succeed(&mut moved.shell("cmake -S . -B build && cmake --build build"));
    let launcher = fs::read_to_string(moved.path("build/launcher")).unwrap();
    assert!(Path::new(&launcher).starts_with(moved.path("tree")), "{launcher}");
    for name in ["in_c", "in_cxx"] {
        let out = succeed(&mut moved.shell(&format!("mpiexec -n 2 build/{name}")));
        assert!(is_right(&out), "{out}");
    }
}

#[test]
fn mpicc_shows_what_it_does_in_the_ways_that_people_know() {
    let moved = Moved::new();
    moved.source();
    let show = |words: &[&str]| succeed(moved.tool("mpicc").args(words)).trim_end().to_string();
    for flag in ["-show", "-showme"] {
        let shown = show(&[flag, "who.c", "-o", "shown"]);
        succeed(&mut moved.shell(&format!("rm -f shown; {shown}; mpirun -n 1 ./shown")));
    }
    let (compile, link) = (show(&["-showme:compile"]), show(&["-showme:link"]));
    assert!(compile.contains("-I") && !compile.contains("-lmpi_abi"), "{compile}");
    assert!(link.contains("-lmpi_abi") && !link.contains("-I"), "{link}");
    succeed(
        &mut moved
            .shell(&format!("cc -c {compile} who.c && cc who.o -o apart {link} && mpirun -n 1 ./apart")),
    );
    assert!(show(&["-compile_info"]).contains("-I"));
    assert!(show(&["-link_info"]).contains("-lmpi_abi"));
    let other = succeed(moved.tool("mpicc").arg("-show").env("MPICC_CC", "another-cc"));
    assert!(other.starts_with("another-cc "), "{other}");
    let other = succeed(moved.tool("mpicxx").arg("-show").env("MPICXX_CXX", "another-cxx"));
    assert!(other.starts_with("another-cxx "), "{other}");
}

#[test]
fn the_manual_and_the_completions_are_there() {
    let page = fs::read_to_string(tree().join("share/man/man1/mpirun.1")).unwrap();
    assert!(page.contains(".TH mpirun 1") && page.contains("bind"), "{page}");
    for name in [
        "share/man/man1/mpiexec.1",
        "share/man/man1/mpicxx.1",
        "share/bash-completion/completions/mpirun",
        "share/bash-completion/completions/mpiexec",
        "share/zsh/site-functions/_mpirun",
        "share/fish/vendor_completions.d/mpirun.fish",
    ] {
        assert!(fs::read_to_string(tree().join(name)).unwrap().contains("mpirun"), "{name}");
    }
    let script = "complete -p mpirun && complete -p mpiexec";
    let bash = tree().join("share/bash-completion/completions/mpirun");
    let known = Command::new("bash").args(["-c", &format!(". '{}' && {script}", bash.display())]).output();
    let known = known.unwrap();
    assert!(known.status.success(), "{}", String::from_utf8_lossy(&known.stderr));
}

#[test]
fn the_library_needs_the_c_library_and_no_other() {
    let library = tree().join("lib/libmpi_abi.so.1");
    let dynamic = succeed(Command::new("readelf").arg("-dW").arg(&library).env("LC_ALL", "C"));
    let names = |kind: &str| -> Vec<String> {
        let lines = dynamic.lines().filter(|line| line.contains(kind));
        lines.map(|line| line.split(['[', ']']).nth(1).unwrap().to_string()).collect()
    };
    assert_eq!(names("(SONAME)"), ["libmpi_abi.so.1"]);
    for name in names("(NEEDED)") {
        let known = ["libc.so", "libm.so", "libgcc_s.so", "ld-linux"];
        assert!(known.iter().any(|known| name.starts_with(known)), "{name}");
    }
    for path in ["(RPATH)", "(RUNPATH)"] {
        assert!(names(path).is_empty(), "{dynamic}");
    }
    assert_eq!(fs::read_link(tree().join("lib/libmpi_abi.so")).unwrap(), Path::new("libmpi_abi.so.1"));
}

#[test]
fn tools_see_the_calls_of_every_rank() {
    let moved = Moved::new();
    for name in ["tool.c", "profiled.c"] {
        fs::copy(root().join("ci/ctests").join(name), moved.path(name)).unwrap();
    }
    succeed(moved.tool("mpicc").args(["-shared", "-fPIC", "tool.c", "-o", "libtool.so"]));
    succeed(moved.tool("mpicc").args(["profiled.c", "-o", "plain"]));
    let linked = ["profiled.c", "-o", "linked", "-Wl,--no-as-needed", "-L.", "-Wl,-rpath,$ORIGIN", "-ltool"];
    succeed(moved.tool("mpicc").args(linked));
    for words in [vec!["-x", "LD_PRELOAD=./libtool.so", "./plain"], vec!["./linked"]] {
        let mut command = moved.tool("mpirun");
        let out = succeed(command.args(["-n", "2"]).args(words));
        assert_eq!(out, "tool: 2 sends, 1 barriers\n".repeat(2));
    }
    assert_eq!(succeed(moved.tool("mpirun").args(["-n", "2", "./plain"])), "");
}

#[test]
fn a_job_of_the_tree_as_it_was_installed_runs() {
    let mut command = Command::new(tool("mpiexec"));
    command.args(["-n", "2", &common::program("who")]);
    let ended = run(command);
    ended.expect_success();
    assert!(is_right(&ended.out), "{}", ended.out);
}
