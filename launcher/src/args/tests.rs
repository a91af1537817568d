use proptest::prelude::*;

use super::*;
use crate::order::{BindTo, MapBy, Transport};

fn read(line: &str) -> Result<Order, ArgsError> {
    match parse(line.split_whitespace().map(OsString::from), |_| None)? {
        Asked::Job(order) => Ok(*order),
        other => panic!("{line} asks for {other:?}"),
    }
}

fn pair(name: &str, value: &str) -> (OsString, OsString) {
    (name.into(), value.into())
}

#[test]
fn every_spelling_of_a_number_of_ranks_is_understood() {
    for flag in
        ["-n 4", "-np 4", "--np 4", "-c 4", "--n 4", "-n4", "-np=4", "--np=4", "-ppn 4", "-N 4", "-n 2 -n 4"]
    {
        assert_eq!(read(&format!("{flag} a.out")).unwrap().size(), 4, "{flag}");
    }
    assert_eq!(read("a.out").unwrap().size(), 1);
}

#[test]
fn what_follows_the_program_is_its_own() {
    let order = read("-n 2 a.out -n 3 --help -- x").unwrap();
    assert_eq!(order.size(), 2);
    assert_eq!(order.programs[0].arguments, ["-n", "3", "--help", "--", "x"]);
    let order = read("-n 2 -- -odd-name x").unwrap();
    assert_eq!(order.programs[0].command, "-odd-name");
}

#[test]
fn several_programs_have_flags_of_their_own_and_share_those_of_the_job() {
    let order = read("-genv G 1 -n 2 -wdir /tmp -env A b a.out x : -n 3 -x C=d=e -l b.out").unwrap();
    assert_eq!((order.size(), order.programs.len()), (5, 2));
    let [first, second] = &order.programs[..] else { panic!() };
    assert_eq!(first.environment, [pair("G", "1"), pair("A", "b")]);
    assert_eq!(first.wdir.as_deref(), Some(Path::new("/tmp")));
    assert_eq!(second.environment, [pair("G", "1"), pair("C", "d=e")]);
    assert_eq!(second.wdir, None);
    assert_eq!(order.options.prefix, Pattern::of_rank("[", "] "));
}

#[test]
fn users_of_other_launchers_feel_at_home() {
    let line = "-genvall -oversubscribe --allow-run-as-root --mca btl self,vader -quiet -hosts localhost:4,127.0.0.1 \
                --bind-to core:overload-allowed --map-by ppr:2:socket --report-bindings -prepend-rank -s all \
                -wd /tmp --use-hwthread-cpus -x HOME -np 2 ./a.out";
    let order = read(line).unwrap();
    assert_eq!((order.options.bind_to, order.options.map_by), (Some(BindTo::Core), Some(MapBy::Socket)));
    assert_eq!(order.options.stdin, StdinTo::All);
    assert!(!order.options.prefix.is_empty() && order.options.verbose);
    assert!(order.programs[0].environment.is_empty());
    assert_eq!(order.programs[0].command, "./a.out");
}

#[test]
fn mistakes_are_named() {
    let wrong = |line: &str| read(line).unwrap_err().to_string();
    assert_eq!(wrong("--bnd-to core a.out"), "there is no flag --bnd-to; the nearest one is --bind-to");
    assert_eq!(wrong("-wdri / a.out"), "there is no flag -wdri; the nearest one is --wdir");
    assert!(wrong("-n").contains("-n needs 1 more"));
    assert!(wrong("-env A").contains("needs 1 more"));
    assert!(wrong("-n 2").contains("no program"));
    assert!(wrong("-n 2 a.out :").contains("section 2"));
    assert!(wrong("-n x a.out").contains("invalid value 'x'"));
    assert!(wrong("-n 0 a.out").contains('0'));
    assert!(wrong("-l=3 a.out").contains("no value"));
    assert!(wrong("--bind-to moon a.out").contains("socket"));
    assert!(wrong("--stdin 2 -n 2 a.out").contains("counted from 0"));
    assert!(wrong("-hosts a:x a.out").contains("\"x\" is not a number of ranks"));
    assert!(wrong("-hosts , a.out").contains("no host"));
    assert!(wrong("-hostfile /no/such/file a.out").contains("/no/such/file"));
    assert!(wrong("-timeout 0 a.out").contains("not a time"));
    assert!(wrong("-env A=B x a.out").contains("A=B"));
}

#[test]
fn ranks_have_hosts() {
    let nodes = |line: &str| read(line).unwrap().nodes;
    assert_eq!(nodes("-host a:2,b:2 a.out"), [0, 0, 1, 1]);
    assert_eq!(nodes("-hosts a,b -n 4 a.out"), [0, 1, 0, 1]);
    assert_eq!(nodes("-H a,b -ppn 2 -n 4 a.out"), [0, 0, 1, 1]);
    assert_eq!(nodes("-H a,b -ppn 2 a.out"), [0, 0, 1, 1]);
    assert_eq!(nodes("-H a,b --map-by ppr:2:node a.out"), [0, 0, 1, 1]);
    assert_eq!(nodes("-H a:2,b:2 --map-by node a.out"), [0, 1, 0, 1]);
    assert_eq!(nodes("-H a:2,b:2 --map-by node --rank-by slot a.out"), [0, 0, 1, 1]);
    assert_eq!(nodes("-H a:2 -n 1 a.out : -H b:3 -n 3 b.out"), [0, 1, 1, 1]);
    assert_eq!(nodes("-H a:4,b:4 -n 2 a.out : -n 4 b.out"), [0, 0, 0, 0, 1, 1]);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("hosts");
    std::fs::write(&file, "a slots=2\nb slots=2 max_slots=2\n").unwrap();
    let file = file.display();
    assert_eq!(nodes(&format!("-f {file} a.out")), [0, 0, 1, 1]);
    assert_eq!(nodes(&format!("-machinefile {file} -host b a.out")), [1, 1]);
    assert_eq!(nodes(&format!("-hostfile {file} -n 6 a.out")), [0, 0, 1, 1, 0, 0]);
    let error = read(&format!("-hostfile {file} -host b -n 3 a.out")).unwrap_err().to_string();
    assert!(error.contains("3 ranks are more than the 2"), "{error}");
}

/// The order of a command line, with these variables set.
fn read_with(variables: &[(&str, &str)], line: &str) -> Result<Order, ArgsError> {
    let get =
        |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| value.to_string());
    match parse(line.split_whitespace().map(OsString::from), get)? {
        Asked::Job(order) => Ok(*order),
        other => panic!("{line} asks for {other:?}"),
    }
}

const SLURM: [(&str, &str); 3] =
    [("SLURM_JOB_ID", "7"), ("SLURM_JOB_NODELIST", "n[1-3]"), ("SLURM_TASKS_PER_NODE", "2(x3)")];

#[test]
fn an_allocation_gives_hosts() {
    let nodes = |line: &str| read_with(&SLURM, line).unwrap().nodes;
    assert_eq!(nodes("a.out"), [0, 0, 1, 1, 2, 2]);
    assert_eq!(nodes("-n 3 a.out"), [0, 0, 1]);
    assert_eq!(nodes("-n 3 --map-by node a.out"), [0, 1, 2]);
    assert_eq!(nodes("-ppn 1 a.out"), [0, 1, 2]);
    assert_eq!(nodes("--host n2 a.out"), [1, 1]);
    assert_eq!(nodes("--host n2.site:1,n3:2 a.out"), [1, 2, 2]);
    assert_eq!(nodes("--host n1 -n 1 a.out : -n 2 b.out"), [0, 0, 1]);
    let wrong = |line: &str| read_with(&SLURM, line).unwrap_err().to_string();
    let expected =
        "n4 is none of the hosts of this allocation (SLURM_JOB_NODELIST); a host file may name others";
    assert_eq!(wrong("--host n1,n4 a.out"), expected);
    let broken = [SLURM[0], SLURM[1], ("SLURM_TASKS_PER_NODE", "x")];
    assert!(read_with(&broken, "a.out").unwrap_err().to_string().starts_with("SLURM_TASKS_PER_NODE=x: "));
    // A host file counts more, and has its way even where the scheduler talks nonsense.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("hosts");
    std::fs::write(&file, "other slots=2\n").unwrap();
    let order = read_with(&broken, &format!("-f {} a.out", file.display())).unwrap();
    assert_eq!((order.hosts[0].name.as_str(), order.nodes.len()), ("other", 2));
    assert_eq!(order.options.remote.shell.name(), "ssh");
}

#[test]
fn what_starts_agents_may_be_chosen() {
    let shell =
        |variables: &[(&str, &str)], line: &str| read_with(variables, line).unwrap().options.remote.shell;
    let words = |line: &str| shell(&[], &format!("{line} --host a a.out")).words.join(" ");
    assert!(words("").starts_with("ssh -x -oBatchMode=yes"));
    assert!(words("--launcher ssh --host-timeout 3").contains("-oConnectTimeout=3"));
    assert_eq!(words("-launcher rsh -launcher-exec-args -k"), "rsh -k");
    assert_eq!(words("-bootstrap ssh -bootstrap-exec /bin/x"), "/bin/x");
    assert_eq!(words("--mca plm_rsh_agent /bin/x:/bin/y --mca plm_rsh_args -q"), "/bin/x -q");
    assert!(words("--launcher fork").contains("exec"));
    let variables = [(env::REMOTE_SHELL, "/bin/mine"), ("OMPI_MCA_plm_rsh_agent", "/bin/theirs")];
    assert_eq!(shell(&variables, "a.out").name(), "mine");
    assert_eq!(shell(&variables[1..], "a.out").name(), "theirs");
    assert_eq!(shell(&variables, "--launcher ssh a.out").name(), "ssh");
    let operator = [("HYDRA_HOST_FILE", "/dev/null"), ("K_MPI_JOB_ROLE", "launcher")];
    assert!(
        read_with(&operator, "a.out").unwrap_err().to_string().contains("HYDRA_HOST_FILE names /dev/null: ")
    );
    let wrong = read_with(&[], "--launcher pigeon a.out").unwrap_err().to_string();
    assert!(wrong.contains("none of ssh, rsh, slurm"), "{wrong}");
    let fanout = |line: &str| read_with(&[], line).unwrap().options.fanout;
    assert_eq!(fanout("a.out"), 32);
    assert_eq!(fanout("--mca plm_rsh_no_tree_spawn 1 a.out"), usize::MAX);
    assert_eq!(fanout("--mca plm_rsh_no_tree_spawn 1 --fanout 2 a.out"), 2);
}

#[test]
fn parameters_of_open_mpi_that_mean_something_do() {
    let variables = |variables: &[(&str, &str)], line: &str| {
        let order = read_with(variables, &format!("{line} a.out")).unwrap();
        order.programs[0].environment.clone()
    };
    let interfaces = |value: &str| vec![pair("RANKWISE_NET_IF", value)];
    assert_eq!(variables(&[], "--mca btl_tcp_if_include eth0,10.0.0.0/8"), interfaces("eth0,10.0.0.0/8"));
    assert_eq!(variables(&[], "-mca oob_tcp_if_exclude lo,docker0"), interfaces("^lo,docker0"));
    assert_eq!(variables(&[], "-iface ib0 -mca btl_tcp_if_include eth0"), interfaces("ib0"));
    let theirs = ("OMPI_MCA_btl_tcp_if_include", "eth1");
    assert_eq!(variables(&[theirs], ""), interfaces("eth1"));
    assert_eq!(variables(&[theirs, ("RANKWISE_NET_IF", "eth2")], ""), []);
    assert_eq!(variables(&[], "-x RANKWISE_NET_IF=a -iface b").last(), Some(&pair("RANKWISE_NET_IF", "a")));
    let ports = "--mca btl_tcp_port_min_v4 5000 --mca btl_tcp_port_range_v4 100";
    assert_eq!(variables(&[], ports), [pair("RANKWISE_NET_PORTS", "5000-5099")]);
    let transport = |line: &str| read(&format!("{line} a.out")).unwrap().options.transport;
    assert_eq!(transport("--mca btl self,tcp"), Transport::Tcp);
    assert_eq!(transport("--mca btl ^vader"), Transport::Tcp);
    for shared in ["", "--mca btl self,vader,tcp", "--mca btl ^openib", "--mca btl self,tcp --transport shm"]
    {
        assert_eq!(transport(shared), Transport::Shm, "{shared}");
    }
    let order =
        read("--mca hwloc_base_binding_policy core --mca rmaps_base_mapping_policy node:PE=1 a.out").unwrap();
    assert_eq!((order.options.bind_to, order.options.map_by), (Some(BindTo::Core), Some(MapBy::Node)));
    let wrong = |line: &str| read(&format!("{line} a.out")).unwrap_err().to_string();
    assert_eq!(wrong("--mca btl_tcp_port_min_v4 x"), "--mca btl_tcp_port_min_v4 x: it is no port");
    assert!(
        wrong("--mca hwloc_base_binding_policy moon").starts_with("--mca hwloc_base_binding_policy moon: ")
    );
}

#[test]
fn each_line_of_a_host_file_may_be_for_one_rank() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("hosts");
    std::fs::write(&file, "a slots=4\nb\na\nc\n").unwrap();
    let file = file.display();
    let nodes = |line: &str| read(line).map(|order| order.nodes).map_err(|error| error.to_string());
    assert_eq!(nodes(&format!("-f {file} --map-by seq a.out")), Ok(vec![0, 1, 0, 2]));
    assert_eq!(nodes(&format!("-f {file} --map-by seq -n 2 a.out : -n 1 b.out")), Ok(vec![0, 1, 0]));
    assert_eq!(nodes("-H a,b,a --map-by seq a.out"), Ok(vec![0, 1, 0]));
    assert!(
        nodes("-H a,b --map-by seq -n 3 a.out").unwrap_err().contains("3 ranks are more than the 2 hosts")
    );
}

#[test]
fn a_rankfile_says_where_each_rank_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ranks");
    std::fs::write(&file, "rank 0=b slot=0\nrank 1=a slot=0:*\nrank 2=+n0\n").unwrap();
    let file = file.display();
    let order = read(&format!("-rf {file} -H a,b a.out")).unwrap();
    assert_eq!((order.nodes, order.slots.len(), order.slots[2].is_none()), (vec![1, 0, 0], 3, true));
    let order = read(&format!("--rankfile {file} -n 2 a.out")).unwrap();
    assert_eq!((order.nodes, order.slots.len()), (vec![0, 1], 2));
    let wrong = |line: &str| read(line).unwrap_err().to_string();
    assert_eq!(
        wrong(&format!("-rf {file} -n 4 a.out")),
        format!("rankfile {file}: it has no line for rank 3")
    );
    let error = read_with(&SLURM, &format!("-rf {file} a.out")).unwrap_err().to_string();
    assert!(error.starts_with("b is none of the hosts of this allocation"), "{error}");
    std::fs::write(file.to_string(), "rank 0=+n7").unwrap();
    assert!(wrong(&format!("-rf {file} -H a,b a.out")).contains("+n7: the job has 2 host(s)"));
}

#[test]
fn a_rank_may_be_given_several_cores() {
    let width =
        |line: &str| read(&format!("{line} a.out")).map(|o| o.options.width).map_err(|e| e.to_string());
    for line in ["--map-by slot:PE=4", "--map-by ppr:1:socket:pe=4", "-bind-to core:4", "--cpus-per-proc 4"] {
        assert_eq!(width(line), Ok(4), "{line}");
    }
    assert_eq!(width("--bind-to core:overload-allowed"), Ok(1));
    assert_eq!(width("--map-by node:PE=x"), Err("--map-by: \"x\" is not a number of cores".into()));
}

#[test]
fn so_many_ranks_may_be_on_each_part_of_a_host() {
    let sockets = crate::plan::bind::count(&crate::machine::places(), MapBy::Socket) as u32;
    for line in ["--map-by ppr:2:socket a.out", "-npersocket 2 a.out"] {
        let order = read(line).unwrap();
        assert_eq!((order.size(), order.options.run), (2 * sockets, 2));
        assert_eq!(order.options.map_by, Some(MapBy::Socket));
    }
    assert_eq!(read("-H a,b --map-by ppr:1:socket a.out").unwrap().size(), 2 * sockets);
    assert_eq!(read("-H a,b --map-by ppr:3:node a.out").unwrap().nodes, [0, 0, 0, 1, 1, 1]);
    let error = read("--map-by ppr:x:socket a.out").unwrap_err().to_string();
    assert!(error.contains("ppr:x:socket: it is not as in"), "{error}");
}

#[test]
fn nolocal_leaves_this_host_out() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("hosts");
    std::fs::write(&file, "localhost slots=2\nno-such-host slots=2\n").unwrap();
    let order = read(&format!("--nolocal -f {} a.out", file.display())).unwrap();
    assert_eq!((order.hosts.len(), order.nodes.len()), (1, 2));
    assert!(read("--nolocal a.out").unwrap_err().to_string().contains("--nolocal leaves no host"));
}

#[test]
fn a_timeout_comes_from_the_flag_or_the_environment() {
    let with = |line: &str, value: &str| {
        let words = line.split_whitespace().map(OsString::from);
        match parse(words, |name| (name == env::TIMEOUT).then(|| value.to_string())) {
            Ok(Asked::Job(order)) => order.options.timeout.map(|time| time.as_secs_f64()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(with("a.out", "3"), Some(3.0));
    assert_eq!(with("--timeout 1.5 a.out", "3"), Some(1.5));
    assert_eq!(with("a.out", ""), None);
    let soon = |name: &str| (name == env::TIMEOUT).then(|| "soon".to_string());
    let error = parse(["a.out".into()], soon).unwrap_err().to_string();
    assert!(error.contains("MPIEXEC_TIMEOUT=soon"), "{error}");
}

#[test]
fn help_and_version_need_no_program() {
    for flag in ["--help", "-h", "-help"] {
        assert!(read(flag).unwrap_err().to_string().contains("--bind-to"), "{flag}");
    }
    assert!(read("--version").unwrap_err().to_string().contains(env!("CARGO_PKG_VERSION")));
}

proptest! {
    #[test]
    fn any_words_are_survived(words in proptest::collection::vec("[-=:a-z0-9]{0,8}", 0..12)) {
        let _ = parse(words.iter().map(OsString::from), |_| None);
    }

    #[test]
    fn any_bytes_are_survived(words in proptest::collection::vec(proptest::collection::vec(1u8.., 0..6), 0..8)) {
        let _ = parse(words.into_iter().map(OsString::from_vec), |_| None);
    }

    #[test]
    fn a_programs_arguments_are_kept(arguments in proptest::collection::vec("[-a-z=]{0,6}", 0..6)) {
        let words = ["-n", "3", "prog"].into_iter().map(OsString::from);
        let words = words.chain(arguments.iter().map(OsString::from));
        let Ok(Asked::Job(order)) = parse(words, |_| None) else { panic!() };
        prop_assert_eq!(&order.programs[0].arguments, &arguments.iter().map(OsString::from).collect::<Vec<_>>());
        prop_assert_eq!(order.size(), 3);
    }
}
