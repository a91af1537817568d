//! Hosts for programs that are to be measured between them, and the same without any MPI.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Outcome;
use crate::cluster;
use crate::shell::{root, run};

/// A cluster of hosts that is there for as long as this is.
pub struct Hosts;

/// Nobody else's cluster has this name.
const NAME: &str = "compare";

/// Where `sockets` listens.
const PORT: &str = "7001";

impl Hosts {
    /// Boots so many of them.
    pub fn up(count: usize) -> Result<Hosts, String> {
        let (count, own) = (count.to_string(), std::process::id().to_string());
        let mut command = cluster::command();
        command.env("CLUSTER_NAME", NAME).args(["up", &count, "--while", &own]);
        run(&mut command)?;
        Ok(Hosts)
    }

    /// A command on a host.
    pub fn on(&self, host: &str) -> Command {
        let mut command = cluster::command();
        command.env("CLUSTER_NAME", NAME).args(["exec", host]);
        command
    }

    /// Runs `sockets` between the two, each side on a processor of its own, and returns what it printed.
    pub fn sockets(&self, program: &Path) -> Result<String, String> {
        let side = |host: &str, cpu: &str, rest: &[&str]| -> Result<Child, String> {
            let mut command = self.on(host);
            command.args(["taskset", "-c", cpu]).arg(program).args(rest).stdout(Stdio::piped());
            command.spawn().map_err(|error| format!("{}: {error}", program.display()))
        };
        let mut one = side("h1", "1", &[PORT])?;
        let output = side("h0", "0", &["h1", PORT])?.wait_with_output();
        let ended = one.wait();
        let output = output.map_err(|error| error.to_string())?;
        match ended {
            Ok(status) if status.success() && output.status.success() => {
                Ok(String::from_utf8_lossy(&output.stdout).into_owned())
            }
            _ => Err("`sockets` has failed".into()),
        }
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        // What stays ends with this process.
        let _ = cluster::command().env("CLUSTER_NAME", NAME).arg("down").status();
    }
}

/// Compiles `sockets`, which needs no MPI.
pub fn compile_sockets(folder: &Path) -> Result<PathBuf, String> {
    let program = folder.join("sockets");
    let source = root().join("benches/micro/sockets.c");
    run(Command::new("cc").arg("-O2").arg("-o").arg(&program).arg(source))?;
    Ok(program)
}

/// How many hosts a program of benches/micro is for, if for several.
pub fn wanted(suite: &str) -> Option<usize> {
    match suite {
        "net" => Some(2),
        "scale" => Some(16),
        _ => None,
    }
}

/// The jobs that `scale` is run as: hosts, and ranks on each.
pub const SCALES: [(u32, u32); 3] = [(8, 8), (16, 16), (16, 32)];

/// Refuses what cannot be compared between hosts.
pub fn check(suites: &[String]) -> Outcome {
    match suites.iter().any(|suite| suite == "sockets") {
        true => Err("`sockets` is measured along with `net`".into()),
        false => Ok(()),
    }
}
