use std::collections::HashMap;
use std::io;

use proptest::prelude::*;

use super::*;

/// What is found where these variables are set, whose values that begin with a slash are files with the text behind a `:`.
fn look(variables: &[(&str, &str)]) -> Result<Option<Allocation>, AllocationError> {
    let map: HashMap<&str, &str> = variables.iter().copied().collect();
    let get =
        |name: &str| map.get(name).map(|value| value.split("<<").next().unwrap_or_default().to_string());
    let read = |path: &Path| {
        let text = map.values().find_map(|value| value.strip_prefix(path.to_str()?)?.strip_prefix("<<"));
        text.map(String::from).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    find(&get, &read)
}

fn shown(variables: &[(&str, &str)]) -> String {
    match look(variables) {
        Ok(None) => "none".into(),
        Ok(Some(Allocation { scheduler, hosts, .. })) => {
            let hosts: Vec<String> =
                hosts.iter().map(|host| format!("{}:{}", host.name, host.slots)).collect();
            format!("{scheduler:?} {}", hosts.join(","))
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn slurm_tells_hosts_and_slots() {
    let slurm = |more: &[(&str, &str)]| {
        let mut all = vec![("SLURM_JOB_ID", "7"), ("SLURM_JOB_NODELIST", "n[01-03,7]")];
        all.extend(more);
        shown(&all)
    };
    assert_eq!(slurm(&[("SLURM_TASKS_PER_NODE", "8(x2),4,1")]), "Slurm n01:8,n02:8,n03:4,n7:1");
    let cpus = ("SLURM_JOB_CPUS_PER_NODE", "16(x4)");
    assert_eq!(slurm(&[cpus]), "Slurm n01:16,n02:16,n03:16,n7:16");
    assert_eq!(slurm(&[cpus, ("SLURM_CPUS_PER_TASK", "5")]), "Slurm n01:3,n02:3,n03:3,n7:3");
    // A batch script looks like a task, but is in no step.
    let tasks = ("SLURM_TASKS_PER_NODE", "2(x4)");
    assert_eq!(slurm(&[cpus, tasks, ("SLURM_PROCID", "0")]), "Slurm n01:2,n02:2,n03:2,n7:2");
    // In a step of one task that variable is about the step; one task of several is for itself.
    let step = [cpus, ("SLURM_TASKS_PER_NODE", "1"), ("SLURM_PROCID", "0"), ("SLURM_STEP_ID", "0")];
    assert_eq!(
        slurm(&[&step[..], &[("SLURM_STEP_NUM_TASKS", "1")]].concat()),
        "Slurm n01:16,n02:16,n03:16,n7:16"
    );
    assert_eq!(slurm(&[&step[..], &[("SLURM_STEP_NUM_TASKS", "2")]].concat()), "none");
    assert_eq!(shown(&[("SLURM_JOB_NODELIST", "a"), ("SLURM_TASKS_PER_NODE", "1")]), "none");
    let old = [("SLURM_JOBID", "7"), ("SLURM_NODELIST", "a"), ("SLURM_TASKS_PER_NODE", "3")];
    assert_eq!(shown(&old), "Slurm a:3");
}

#[test]
fn groups_of_a_heterogeneous_job_are_one_allocation() {
    let groups = [
        ("SLURM_JOB_ID", "7"),
        ("SLURM_JOB_NODELIST", "a"),
        ("SLURM_TASKS_PER_NODE", "9"),
        ("SLURM_JOB_NODELIST_HET_GROUP_0", "a"),
        ("SLURM_TASKS_PER_NODE_HET_GROUP_0", "1"),
        ("SLURM_JOB_NODELIST_HET_GROUP_1", "b[1-2]"),
        ("SLURM_TASKS_PER_NODE_HET_GROUP_1", "4(x2)"),
    ];
    assert_eq!(shown(&groups), "SlurmGroups a:1,b1:4,b2:4");
    // Slurm 22.05 sets this one in steps of all jobs.
    let other = [&groups[..3], &[("SLURM_JOB_CPUS_PER_NODE_PACK_GROUP_0", "8")]].concat();
    assert_eq!(shown(&other), "Slurm a:9");
}

#[test]
fn what_slurm_gets_wrong_is_named() {
    let slurm = |nodes: &str, tasks: &str| {
        shown(&[("SLURM_JOB_ID", "7"), ("SLURM_JOB_NODELIST", nodes), ("SLURM_TASKS_PER_NODE", tasks)])
    };
    assert_eq!(
        slurm("n[1-3]", "8(x2)"),
        "SLURM_TASKS_PER_NODE=8(x2): it is about 2 host(s), but SLURM_JOB_NODELIST names 3"
    );
    assert_eq!(slurm("n1", "8(x"), "SLURM_TASKS_PER_NODE=8(x: \"8(x\" is no number as in 8 or 8(x2)");
    assert_eq!(
        slurm("n1", "1(x9999999)"),
        "SLURM_TASKS_PER_NODE=1(x9999999): \"1(x9999999)\" is more hosts than there can be"
    );
    assert!(slurm("n[1-", "1").starts_with("SLURM_JOB_NODELIST=n[1-: the brackets"));
    assert_eq!(
        shown(&[("SLURM_JOB_ID", "7"), ("SLURM_JOB_NODELIST", "a")]),
        "SLURM_JOB_NODELIST is set, but SLURM_JOB_CPUS_PER_NODE is not"
    );
}

#[test]
fn files_of_schedulers_are_read() {
    let sge = ("PE_HOSTFILE", "/pe<<h0 2 all.q@h0 UNDEFINED\nh1 4 all.q@h1 <NULL>\nh0 1 b.q@h0 UNDEFINED\n");
    assert_eq!(shown(&[("JOB_ID", "3"), sge]), "Sge h0:3,h1:4");
    assert_eq!(shown(&[sge]), "none");
    let pbs = ("PBS_NODEFILE", "/pbs<<a\nb\na\n");
    assert_eq!(shown(&[("PBS_JOBID", "3.x"), pbs]), "Pbs a:2,b:1");
    assert_eq!(shown(&[("COBALT_JOBID", "3"), ("COBALT_NODEFILE", "/c<<a\nb\n")]), "Cobalt a:1,b:1");
    assert_eq!(shown(&[("OAR_JOB_ID", "3"), ("OAR_NODEFILE", "/o<<a\na\n")]), "Oar a:2");
    let operator =
        ("OMPI_MCA_orte_default_hostfile", "/etc/mpi/hostfile<<w-0.w.ns.svc slots=2\nw-1.w.ns.svc slots=2\n");
    assert_eq!(shown(&[operator]), "File w-0.w.ns.svc:2,w-1.w.ns.svc:2");
    assert_eq!(
        shown(&[operator, ("K_MPI_JOB_ROLE", "launcher")]),
        "Kubernetes w-0.w.ns.svc:2,w-1.w.ns.svc:2"
    );
    assert_eq!(shown(&[("HYDRA_HOST_FILE", "/h<<w-0.w.ns.svc:3\n")]), "File w-0.w.ns.svc:3");

    assert_eq!(
        shown(&[("PBS_JOBID", "3"), ("PBS_NODEFILE", "/no")]),
        "PBS_NODEFILE names /no: entity not found"
    );
    assert_eq!(
        shown(&[("PBS_JOBID", "3"), ("PBS_NODEFILE", "/p<<a b\n")]),
        "PBS_NODEFILE names /p: line 1: \"b\" stands beside a host"
    );
    assert_eq!(
        shown(&[("JOB_ID", "3"), ("PE_HOSTFILE", "/p<<a 1\nb x\n")]),
        "PE_HOSTFILE names /p: line 2: \"x\" is not a number of ranks"
    );
    assert_eq!(
        shown(&[("HYDRA_HOST_FILE", "/p<<# none\n")]),
        "HYDRA_HOST_FILE names /p: there is no host in it"
    );
}

#[test]
fn lsf_tells_in_four_ways() {
    let lsf = |more: &[(&str, &str)]| shown(&[&[("LSB_JOBID", "3")], more].concat());
    let mcpu = ("LSB_MCPU_HOSTS", "hA 2 hB 4");
    assert_eq!(lsf(&[mcpu]), "Lsf hA:2,hB:4");
    assert_eq!(lsf(&[mcpu, ("LSB_AFFINITY_HOSTFILE", "/a<<hA 0,1\nhB 0,1\nhB 2,3\n")]), "Lsf hA:1,hB:2");
    assert_eq!(lsf(&[("LSB_DJOB_HOSTFILE", "/d<<hA\nhB\nhA\n")]), "Lsf hA:2,hB:1");
    assert_eq!(lsf(&[("LSB_HOSTS", "hA hA hB")]), "Lsf hA:2,hB:1");
    assert_eq!(lsf(&[]), "none");
    assert_eq!(
        lsf(&[("LSB_MCPU_HOSTS", "hA 2 hB")]),
        "LSB_MCPU_HOSTS=hA 2 hB: no number of slots follows hB"
    );
}

#[test]
fn a_scheduler_starts_agents_with_what_it_has() {
    let get = |name: &str| match name {
        "SGE_ROOT" => Some("/no/such".to_string()),
        "ARC" => Some("lx-amd64".to_string()),
        _ => None,
    };
    assert_eq!(Scheduler::Sge.shell(&get), None);
    assert_eq!(Scheduler::Pbs.shell(&get), None);
    assert_eq!(Scheduler::SlurmGroups.shell(&get), None);
}

proptest! {
    /// Whatever is set, it is understood or refused.
    #[test]
    fn anything_is_survived(
        nodes in "[a-c0-9\\[\\],()x:# \n-]{0,24}",
        counts in "[0-9(x),]{0,12}",
        text in "[a-c0-9\\[\\],:=# \n.-]{0,40}",
    ) {
        let file = format!("/f<<{text}");
        let _ = look(&[("SLURM_JOB_ID", "1"), ("SLURM_JOB_NODELIST", &nodes), ("SLURM_TASKS_PER_NODE", &counts)]);
        let _ = look(&[("LSB_JOBID", "1"), ("LSB_MCPU_HOSTS", &nodes)]);
        for (name, job) in [("PE_HOSTFILE", "JOB_ID"), ("PBS_NODEFILE", "PBS_JOBID"), ("HYDRA_HOST_FILE", "X")] {
            let _ = look(&[(job, "1"), (name, &file)]);
        }
    }

    /// Slots add up, however Slurm abbreviates them.
    #[test]
    fn abbreviations_lose_nothing(runs in prop::collection::vec((1u32..9, 1u32..4), 1..6), first in 0u32..50) {
        let total: u32 = runs.iter().map(|(_, times)| times).sum();
        let nodes = format!("n[{first}-{}]", first + total - 1);
        let text: Vec<String> = runs
            .iter()
            .map(|&(number, times)| if times == 1 { number.to_string() } else { format!("{number}(x{times})") })
            .collect();
        let tasks = text.join(",");
        let found = look(&[("SLURM_JOB_ID", "1"), ("SLURM_JOB_NODELIST", &nodes), ("SLURM_TASKS_PER_NODE", &tasks)]);
        let slots: Vec<u32> = found.unwrap().unwrap().hosts.iter().map(|host| host.slots).collect();
        let expected: Vec<u32> = runs.iter().flat_map(|&(n, times)| std::iter::repeat_n(n, times as usize)).collect();
        prop_assert_eq!(slots, expected);
    }
}
