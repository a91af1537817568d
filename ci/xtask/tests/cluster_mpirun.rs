//! mpirun on several hosts: by ssh, in allocations of Slurm and Grid Engine, and when hosts, agents or the network fail.

mod cluster;
mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use cluster::Cluster;
use cluster::jobs::{Ended, Job, SLEEP, mpirun};
use common::{program, tool};

/// Runs words on h0 to their end.
fn run(cluster: &Cluster, words: &[String]) -> Ended {
    Job::start(cluster, words).finish()
}

/// The lines that `traffic` prints when all was right.
fn all_right(size: usize) -> Vec<String> {
    let mut lines: Vec<String> = (0..size).map(|rank| format!("rank {rank} of {size}: all right")).collect();
    lines.sort_unstable();
    lines
}

const WHERE: &str = "echo $RANKWISE_RANK of $RANKWISE_SIZE on $(hostname)";

#[test]
fn ranks_on_hosts_that_ssh_reaches_are_one_job() {
    let Some(cluster) = Cluster::up(4) else { return };
    let ended = run(&cluster, &mpirun(&["--host", "h[0-3]:2", "sh", "-c", WHERE]));
    let on = |rank: usize| format!("{rank} of 8 on h{}", rank / 2);
    assert_eq!(ended.lines(), (0..8).map(on).collect::<Vec<_>>());
    let traffic = program("traffic");
    for hosts in ["h[0-1]:2", "h[0-3]:1", "h1:1,h3:1"] {
        let words = ["--host", hosts, &traffic, "100000", "3"];
        let size = if hosts.starts_with("h1") { 2 } else { 4 };
        assert_eq!(run(&cluster, &mpirun(&words)).lines(), all_right(size), "{hosts}");
        assert_eq!(
            run(&cluster, &mpirun(&[&["--fanout", "1"], &words[..]].concat())).lines(),
            all_right(size)
        );
    }
}

/// Fifty thousand lines, the same that the other side writes back.
const INPUT: &str = "seq 50000";

#[test]
fn an_allocation_of_slurm_gives_hosts() {
    let Some(cluster) = Cluster::up_with(3, &["--slurm"]) else { return };
    let within = |options: &str, script: &str| {
        let script = script.replace("mpirun", tool("mpirun").to_str().unwrap());
        let words = format!("salloc -Q {options} sh -c '{script}'");
        run(&cluster, &["sh".to_string(), "-c".into(), words])
    };
    let names = |count: usize| (0..count).map(|rank| format!("h{}", rank / 2)).collect::<Vec<_>>();
    // All slots; agents start agents; those ranks are in steps of the job, and may use all of its processors.
    assert_eq!(within("-N3 --ntasks-per-node=2", "mpirun hostname").lines(), names(6));
    assert_eq!(within("-N3 --ntasks-per-node=2 -c2", "mpirun --fanout 1 hostname").lines(), names(6));
    assert_eq!(
        within("-N3 --ntasks-per-node=2", "mpirun --host h1,h2:1 hostname").lines(),
        ["h1", "h1", "h2"]
    );
    let steps = within("-w h0,h1 --ntasks-per-node=2", "mpirun -n 1 --host h1 scontrol -o show step");
    assert!(steps.out.contains("NodeList=h1") && steps.out.contains("CPUs=2"), "{steps:?}");
    let whole = within("-w h0,h1 --exclusive", "mpirun -n 1 --host h1 scontrol -o show step");
    assert!(whole.out.contains("NodeList=h1") && whole.out.contains("CPUs=8"), "{whole:?}");
    // What goes through srun is not changed, even where the user has asked srun to.
    let copy = format!("{INPUT} | mpirun -n 1 --host h2 cat | cmp - <({INPUT})");
    let copy = format!("export SLURM_LABELIO=1; bash -c \"{copy}\" && echo same");
    assert_eq!(within("-N3", &copy).lines(), ["same"]);
    let ended = within("-w h0,h1 -n2", "mpirun --host h2 hostname");
    ended.expect(2, &["h2 is none of the hosts of this allocation (SLURM_JOB_NODELIST)"]);
    // An interactive step: its own variables are about one task, the job has more.
    assert_eq!(within("-w h0,h1 --ntasks-per-node=2", "srun -N1 -n1 mpirun hostname").lines(), names(4));
    // Each of several tasks is alone.
    assert_eq!(within("-w h0,h1 -n2", "srun mpirun hostname").lines(), ["h0", "h1"]);
    let program = program("traffic");
    assert_eq!(within("-w h0,h1 -n4", &format!("mpirun {program} 100000 2")).lines(), all_right(4));
    let batch = format!(
        "sbatch -Q --wait -w h0,h1 -n2 -o /run/rankwise-cluster/test/batch.out --wrap \"{} hostname\"",
        tool("mpirun").display()
    );
    let words = format!("{batch} && cat /run/rankwise-cluster/test/batch.out");
    assert_eq!(run(&cluster, &["sh".to_string(), "-c".into(), words]).lines(), ["h0", "h1"]);
    // Groups of different hosts are one job.
    assert_eq!(within("-w h0 -n1 : -w h2 -n2", "mpirun hostname").lines(), ["h0", "h2", "h2"]);
    // The host that mpirun runs on need not be among them.
    assert_eq!(within("-w h1,h2 -n2", "mpirun hostname").lines(), ["h1", "h2"]);
    let ended = within("-w h0,h1 -n2", "mpirun --launch-agent /no/such/program hostname");
    ended.expect(1, &["host h1 has no program /no/such/program", "srun"]);
}

#[test]
fn an_allocation_of_grid_engine_gives_hosts() {
    let Some(cluster) = Cluster::up_with(3, &["--sge"]) else { return };
    let within = |slots: &str, script: &str| {
        let script = script.replace("mpirun", tool("mpirun").to_str().unwrap());
        let words = ["qrsh", "-now", "no", "-b", "y", "-cwd", "-V", "-pe", "mpi", slots, &script];
        run(&cluster, &words.map(String::from))
    };
    let ended = within("6", "mpirun hostname");
    assert_eq!(ended.lines().len(), 6, "{ended:?}");
    for host in ["h0", "h1", "h2"] {
        assert!(ended.out.contains(host), "{ended:?}");
    }
    // One after the other, as often as the job likes.
    assert_eq!(within("6", "mpirun true && mpirun true && mpirun -N 1 hostname").lines(), ["h0", "h1", "h2"]);
    let program = program("traffic");
    assert_eq!(within("6", &format!("mpirun {program} 100000 2")).lines(), all_right(6));
    within("3", "mpirun --host h9 hostname").expect(2, &["h9 is none of the hosts", "PE_HOSTFILE"]);
}

#[test]
fn a_host_that_does_not_take_part_is_named() {
    let Some(cluster) = Cluster::up(3) else { return };
    let on = |hosts, more: &[&str]| mpirun(&[&["--host-timeout", "2", "--host", hosts], more].concat());
    let words = |more: &[&str]| on("h0,h1", more);
    // It lacks the program, or has another one.
    run(&cluster, &words(&["--launch-agent", "/no/such/mpirun", "hostname"]))
        .expect(1, &["host h1 has no program /no/such/mpirun", "--launch-agent"]);
    run(&cluster, &words(&["--launch-agent", "/bin/true", "hostname"]))
        .expect(1, &["host h1 was left by ssh with exit code 0"]);
    let other = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-agent");
    let script = "#!/bin/sh\nprintf '\\n\\000rankwise agent\\000\\n\\143\\000\\000\\000\\000\\000'\nexec cat >/dev/null\n";
    fs::write(&other, script).unwrap();
    fs::set_permissions(&other, fs::Permissions::from_mode(0o755)).unwrap();
    run(&cluster, &words(&["--launch-agent", other.to_str().unwrap(), "hostname"]))
        .expect(1, &["host h1 has an agent that is not of this Rankwise: it speaks version 99"]);
    // It is not known, or does not answer.
    run(&cluster, &mpirun(&["--host", "h0,h77", "hostname"]))
        .expect(1, &["host h77 cannot be reached by ssh", "resolve"]);
    cluster.fault(&["cut", "h2"]);
    run(&cluster, &on("h0,h1,h2", &["hostname"])).expect(1, &["host h2 "]);
    cluster.fault(&["mend", "h2"]);
    cluster.crash("h2");
    run(&cluster, &on("h0,h1,h2", &["hostname"])).expect(1, &["host h2 "]);
    cluster.boot();
    // It has no sshd.
    cluster.exec("h1", &["sh", "-c", "kill $(cat /run/sshd.pid)"]);
    run(&cluster, &words(&["hostname"])).expect(1, &["host h1 cannot be reached by ssh", "refused"]);
}

/// A job on three hosts of which each agent has started the next; its ranks wait for each other.
fn waiting<'a>(cluster: &'a Cluster, before: &[&str]) -> Job<'a> {
    let ends = program("ends");
    let flags = ["--host-timeout", "2", "--fanout", "1", "-n", "3", "--map-by", "node"];
    let mut words: Vec<String> = before.iter().map(|word| word.to_string()).collect();
    words.extend(mpirun(&[&flags, &["--host", "h0,h1,h2", &ends, "stay", "0", "barrier"][..]].concat()));
    let job = Job::start(cluster, &words);
    job.wait_until(&["h0", "h1", "h2"], 1, &format!("{ends} stay"));
    job
}

/// Everything that may happen to a job in its midst, after `before`, which starts it: it ends on all hosts, and says whose
/// fault that was.
fn check_faults(cluster: &Cluster, before: &[&str]) {
    let ends = program("ends");
    let agent = "mpirun --agent";
    for host in ["h1", "h2"] {
        let job = waiting(cluster, before);
        let victim = cluster.with(host, &format!("{ends} stay"))[0];
        cluster.kill(victim);
        job.finish().expect(137, &[&format!("({host}, pid "), "was killed by SIGKILL"]);
        for process in 0..2 {
            let job = waiting(cluster, before);
            // Not srun, nor Slurm's own process, which have the words of the agent as arguments.
            let is_agent =
                |line: &str| line.starts_with(tool("mpirun").to_str().unwrap()) && line.contains(agent);
            let all = cluster.processes(host).into_iter().filter(|(_, line)| is_agent(line));
            let all: Vec<u32> = all.map(|(pid, _)| pid).collect();
            cluster.kill(all[process]);
            job.finish().expect(1, &[&format!("host {host} has lost its agent")]);
        }
    }
    for process in 0..2 {
        let job = waiting(cluster, before);
        let all = cluster.processes("h0");
        let launcher =
            |line: &str| line.starts_with(tool("mpirun").to_str().unwrap()) && !line.contains(agent);
        let all: Vec<u32> = all.into_iter().filter(|(_, line)| launcher(line)).map(|(pid, _)| pid).collect();
        cluster.kill(all[process]);
        let ended = job.finish();
        // salloc itself succeeds when what it runs is killed.
        assert!(ended.code != Some(0) || !before.is_empty(), "{ended:?}");
    }
}

#[test]
fn whatever_ends_a_job_ends_it_everywhere() {
    let Some(cluster) = Cluster::up(3) else { return };
    check_faults(&cluster, &[]);
    // A host that is cut off ends what it has to do with the job itself.
    let job = waiting(&cluster, &[]);
    cluster.fault(&["cut", "h1"]);
    job.finish().expect(1, &["host h1 "]);
    cluster.fault(&["mend", "h1"]);
    let job = waiting(&cluster, &[]);
    cluster.fault(&["freeze", "h2"]);
    let thaw = std::thread::spawn(|| {
        std::thread::sleep(std::time::Duration::from_secs(6));
        common::succeed(&mut cluster::script(&["thaw", "h2"]));
    });
    job.finish().expect(1, &["host h2 "]);
    thaw.join().unwrap();
    let job = waiting(&cluster, &[]);
    cluster.crash("h2");
    job.finish().expect(1, &["host h2 "]);
}

#[test]
fn whatever_ends_a_job_in_an_allocation_ends_it_everywhere() {
    let Some(cluster) = Cluster::up_with(3, &["--slurm"]) else { return };
    let before = ["salloc", "-Q", "-N3", "-n3"];
    check_faults(&cluster, &before);
    let sleeping = ["--host-timeout", "2", "sleep", SLEEP];
    let words: Vec<String> = before.iter().map(|word| word.to_string()).chain(mpirun(&sleeping)).collect();
    let job = Job::start(&cluster, &words);
    job.wait_until(&["h0", "h1", "h2"], 1, &format!("sleep {SLEEP}"));
    cluster.crash("h2");
    job.finish().expect(1, &["host h2 "]);
}
