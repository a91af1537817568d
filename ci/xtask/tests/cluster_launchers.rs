//! What starts ranks on several hosts: Slurm, Grid Engine, PMI-1 and PMIx, as the programs of ci/cluster/probes see them; and
//! our programs under these, and these programs under our mpirun.

mod cluster;
mod common;

use std::path::Path;
use std::process::Command;

use cluster::Cluster;
use common::{program, root, succeed, tool};

fn probe(name: &str) -> String {
    root().join("ci/cluster/probes").join(name).display().to_string()
}

/// The lines, whatever order they came in.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// Each rank has said who it is, and knows the cards of all.
fn assert_ranks(out: &str, cards: &str) {
    let size = cards.split(' ').count();
    let lines = sorted(out);
    assert_eq!(lines.len(), size, "{out}");
    for (rank, line) in lines.iter().enumerate() {
        assert!(line.starts_with(&format!("rank {rank} of {size}, cards {cards}, ")), "{out}");
    }
}

#[test]
fn the_pmi1_server_starts_ranks_by_ssh_and_here() {
    let Some(cluster) = Cluster::up(2) else { return };
    let (server, client) = (probe("pmi1-server.py"), probe("pmi1-client.py"));
    let out = cluster.exec("h0", &["python3", &server, "h0,h1", "2", "python3", &client]);
    assert_ranks(&out, "h0=0 h0=1 h1=2 h1=3");
    let out = cluster.exec("h1", &["python3", &server, "--fd", "h1", "2", "python3", &client]);
    assert_ranks(&out, "h1=0 h1=1");
    let fails = ["python3", &server, "h0,h1", "1", "sh", "-c", "exit 5"];
    assert_eq!(cluster.command("h0", &fails).status().unwrap().code(), Some(5));
}

#[test]
fn slurm_starts_ranks_on_all_hosts() {
    let Some(cluster) = Cluster::up_with(2, &["--slurm"]) else { return };
    assert_eq!(sorted(&cluster.exec("h0", &["srun", "-N2", "hostname"])), ["h0", "h1"]);

    let client = probe("pmi1-client.py");
    let out = cluster.exec("h1", &["srun", "-N2", "-n3", "--mpi=pmi2", "python3", &client]);
    assert_ranks(&out, "h0=0 h0=1 h1=2");

    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pmix-client");
    let mut cc = Command::new("cc");
    cc.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&program).arg(probe("pmix-client.c"));
    succeed(cc.arg("-ldl"));
    let out = cluster.exec("h0", &["srun", "-N2", "-n3", "--mpi=pmix", program.to_str().unwrap()]);
    let place = |rank: u32, local: &str, neighbour: u32| {
        format!("rank {rank} of 3, on its node {local}, nodes h0,h1, neighbour has card-of-{neighbour}")
    };
    let ranks = [
        place(0, "0 of 2, node 0, peers 0,1", 1),
        place(1, "1 of 2, node 0, peers 0,1", 2),
        place(2, "0 of 1, node 1, peers 2", 0),
    ];
    assert_eq!(sorted(&out), ranks);
}

#[test]
fn our_programs_are_ranks_of_launchers_that_serve_pmi() {
    let Some(cluster) = Cluster::up_with(2, &["--slurm"]) else { return };
    let (who, traffic) = (program("who"), program("traffic"));
    let all = ["rank 0 of 3", "rank 1 of 3", "rank 2 of 3"];
    // PMI-1, PMI-2 and PMIx of Slurm.
    for (mpi, version) in [("pmi2", "1"), ("pmi2", "2"), ("pmix", "1")] {
        let srun = |words: &[&str]| {
            let mpi = format!("--mpi={mpi}");
            let mut command = cluster.command("h0", &[&["srun", "-N2", "-n3", &mpi], words].concat());
            succeed(command.env("RANKWISE_PMI_VERSION", version))
        };
        assert_eq!(sorted(&srun(&[&who])), all, "{mpi}, {version}");
        srun(&[&traffic, "100000", "3"]);
    }
    // A server on a port.
    let server = probe("pmi1-server.py");
    let out = cluster.exec("h0", &["python3", &server, "h0,h1", "2", &who]);
    assert_eq!(sorted(&out), ["rank 0 of 4", "rank 1 of 4", "rank 2 of 4", "rank 3 of 4"]);
    cluster.exec("h0", &["python3", &server, "h0,h1", "2", &traffic, "100000", "3"]);
    // Without a server each would be a world of one.
    let output = cluster.command("h0", &["srun", "-n2", "--mpi=none", &who]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("--mpi=pmi2"), "{said}");
}

#[test]
fn mpirun_serves_pmi1_on_several_hosts() {
    let Some(cluster) = Cluster::up(2) else { return };
    let mpirun = tool("mpirun").display().to_string();
    let client = probe("pmi1-client.py");
    let out = cluster.exec("h0", &[&mpirun, "--host", "h0:1,h1:2", "python3", &client]);
    assert_ranks(&out, "h0=0 h1=1 h1=2");
    assert!(out.contains("mapping (vector,(0,1,1),(1,1,2))"), "{out}");
}

#[test]
fn grid_engine_starts_commands_on_all_hosts() {
    let Some(cluster) = Cluster::up_with(2, &["--sge"]) else { return };
    let job = "for host in h0 h1; do $SGE_ROOT/bin/$ARC/qrsh -inherit -V $host hostname; done
        cut -d ' ' -f 1,2 $PE_HOSTFILE";
    let qrsh = ["qrsh", "-now", "no", "-b", "y", "-cwd", "-V", "-pe", "mpi", "2", job];
    assert_eq!(sorted(&cluster.exec("h0", &qrsh)), ["h0", "h0 1", "h1", "h1 1"]);
}
