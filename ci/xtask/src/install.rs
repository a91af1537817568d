//! `cargo xtask install`: a tree that holds all that users need, and that can be moved.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::shell::{at, cargo, root, run, target};
use crate::{Outcome, setup};

#[derive(Args)]
pub struct Arguments {
    /// Where the tree goes: DIR/bin, DIR/lib, DIR/include, DIR/share
    #[arg(long, value_name = "DIR")]
    prefix: PathBuf,
}

pub fn run_install(arguments: &Arguments) -> Outcome {
    setup::to_build()?;
    let here = at(Path::new("."), std::env::current_dir())?;
    let prefix = here.join(&arguments.prefix);
    install(&prefix)?;
    println!("installed in {}", prefix.display());
    Ok(())
}

/// Builds everything in release and puts it under `prefix`.
pub fn install(prefix: &Path) -> Outcome {
    run(&mut cargo(&["build", "--release", "-p", "rankwise-c", "-p", "rankwise-launcher"]))?;
    let built = target().join("release");

    let bin = folder(prefix, "bin")?;
    place(&built.join("mpirun"), &bin.join("mpirun"))?;
    link("mpirun", &bin.join("mpiexec"))?;
    place(&built.join("mpicc"), &bin.join("mpicc"))?;
    link("mpicc", &bin.join("mpicxx"))?;
    link("mpicc", &bin.join("mpic++"))?;

    let lib = folder(prefix, "lib")?;
    place(&built.join("libmpi_abi.so"), &lib.join("libmpi_abi.so.1"))?;
    link("libmpi_abi.so.1", &lib.join("libmpi_abi.so"))?;
    let pc = folder(prefix, "lib/pkgconfig")?.join("mpi.pc");
    write(&pc, &pkg_config())?;
    place(&root().join("include/mpi.h"), &folder(prefix, "include")?.join("mpi.h"))?;

    document(prefix, &bin.join("mpirun"))?;
    let pages = folder(prefix, "share/man/man1")?;
    place(&root().join("launcher/src/mpicc/mpicc.1"), &pages.join("mpicc.1"))?;
    link("mpicc.1", &pages.join("mpicxx.1"))?;
    link("mpicc.1", &pages.join("mpic++.1"))?;
    let licences = folder(prefix, "share/doc/rankwise")?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE", "README.md"] {
        place(&root().join(name), &licences.join(name))?;
    }
    Ok(())
}

/// The man pages and completions, which `mpirun` makes of its own table of flags.
fn document(prefix: &Path, mpirun: &Path) -> Outcome {
    let pages: [(&str, &str, &[&str]); 4] = [
        ("man", "share/man/man1", &["mpirun.1", "mpiexec.1"]),
        ("bash", "share/bash-completion/completions", &["mpirun", "mpiexec"]),
        ("zsh", "share/zsh/site-functions", &["_mpirun"]),
        ("fish", "share/fish/vendor_completions.d", &["mpirun.fish"]),
    ];
    for (kind, place, names) in pages {
        let output = at(mpirun, Command::new(mpirun).args(["--generate", kind]).output())?;
        if !output.status.success() || output.stdout.is_empty() {
            return Err(format!("`{} --generate {kind}` ended with {}", mpirun.display(), output.status));
        }
        let place = folder(prefix, place)?;
        let first = place.join(names[0]);
        clear(&first)?;
        at(&first, fs::write(&first, &output.stdout))?;
        for name in &names[1..] {
            link(names[0], &place.join(name))?;
        }
    }
    Ok(())
}

/// What pkg-config tells about the library; the tree's place is found from that of the file.
fn pkg_config() -> String {
    format!(
        "prefix=${{pcfiledir}}/../..\n\
         includedir=${{prefix}}/include\n\
         libdir=${{prefix}}/lib\n\
         \n\
         Name: mpi\n\
         Description: Rankwise, an MPI 5.0 message-passing runtime\n\
         Version: {}\n\
         Cflags: -I${{includedir}}\n\
         Libs: -L${{libdir}} -Wl,-rpath,${{libdir}} -lmpi_abi\n",
        env!("CARGO_PKG_VERSION")
    )
}

fn folder(prefix: &Path, name: &str) -> Result<PathBuf, String> {
    let folder = prefix.join(name);
    at(&folder, fs::create_dir_all(&folder))?;
    Ok(folder)
}

/// Removes what stands at `path`: a program that runs from there goes on with the old file.
fn clear(path: &Path) -> Outcome {
    match fs::symlink_metadata(path) {
        Ok(_) => at(path, fs::remove_file(path)),
        Err(_) => Ok(()),
    }
}

fn place(from: &Path, to: &Path) -> Outcome {
    clear(to)?;
    at(from, fs::copy(from, to)).map(|_| ())
}

fn link(to: &str, path: &Path) -> Outcome {
    clear(path)?;
    at(path, symlink(to, path))
}

fn write(path: &Path, text: &str) -> Outcome {
    clear(path)?;
    at(path, fs::write(path, text))
}
