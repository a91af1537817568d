use proptest::prelude::*;

use super::*;
use crate::order::{BindTo, MapBy};

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
    let error = parse(["a.out".into()], |_| Some("soon".into())).unwrap_err().to_string();
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
