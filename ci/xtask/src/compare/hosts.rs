//! Two hosts for programs that are to be measured between them, and the same without any MPI.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Outcome;
use crate::cluster;
use crate::shell::{root, run};

/// A cluster of two hosts that is there for as long as this is.
pub struct Hosts;

/// Nobody else's cluster has this name.
const NAME: &str = "compare";

/// Where `sockets` listens.
const PORT: &str = "7001";

impl Hosts {
    /// Boots them.
    pub fn up() -> Result<Hosts, String> {
        let mut command = cluster::command();
        command.env("CLUSTER_NAME", NAME).args(["up", "2", "--while", &std::process::id().to_string()]);
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

/// Whether a program of benches/micro is for two hosts.
pub fn wants_hosts(suite: &str) -> bool {
    suite == "net"
}

/// Refuses what cannot be compared between hosts.
pub fn check(suites: &[String]) -> Outcome {
    match suites.iter().any(|suite| suite == "sockets") {
        true => Err("`sockets` is measured along with `net`".into()),
        false => Ok(()),
    }
}
