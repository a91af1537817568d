//! What the users of MPICH, Intel MPI and Open MPI write, and find here as they know it.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use common::{Outcome, Running, mpirun, run};

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

fn run_in(dir: &Path, arguments: &[&str]) -> Outcome {
    let mut command = mpirun(arguments);
    command.current_dir(dir);
    Running::start(command).finish()
}

#[test]
fn programs_may_stand_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let text = "# one program in each line\n\
                -n 1 -env A 1 sh -c 'echo \"$A $B $RANKWISE_RANK\"' # the first\n\n\
                -n 2 sh -c \\\n  'echo \"$A $B $RANKWISE_RANK\"'\n";
    fs::write(dir.path().join("jobs"), text).unwrap();
    for flag in ["-configfile", "--configfile", "--app", "-app"] {
        let outcome = run_in(dir.path(), &["-genv", "B", "b", flag, "jobs", "-l"]);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        assert_eq!(sorted(&outcome.out), ["[0] 1 b 0", "[1]  b 1", "[2]  b 2"]);
    }
    // What stands before the file holds for each line that does not say otherwise; other programs may follow.
    let words = ["-n", "3", "-env", "A", "0", "-configfile", "jobs", ":", "sh", "-c", "echo $A last"];
    let outcome = run_in(dir.path(), &words);
    assert_eq!(sorted(&outcome.out), ["0  1", "0  2", "1  0", "last"]);
}

#[test]
fn a_file_of_programs_that_is_wrong_is_explained() {
    let dir = tempfile::tempdir().unwrap();
    for (text, words, why) in [
        ("-n 1 'a b\n", &[][..], "jobs: the quote in line 1 is left open"),
        ("# nothing\n", &[], "jobs names no program"),
        ("-n 2\n", &[], "there is no program to run"),
        ("--tga-output true\n", &[], "there is no flag --tga-output"),
        ("-configfile jobs\n", &[], "jobs names another file"),
        ("true\n", &["echo"], "echo stands beside a file of command lines, jobs"),
    ] {
        fs::write(dir.path().join("jobs"), text).unwrap();
        let outcome = run_in(dir.path(), &[&["-configfile", "jobs"], words].concat());
        assert_eq!((outcome.code, outcome.err.lines().count()), (2, 1), "{}", outcome.err);
        assert!(outcome.err.contains(why), "{}", outcome.err);
    }
    let outcome = run_in(dir.path(), &["--app", "nothing"]);
    assert_eq!(outcome.err, "mpirun: cannot read nothing: No such file or directory\n");
}

#[test]
fn lines_begin_as_the_user_wants() {
    let host = rankwise_os::environment::host_name();
    let begun = |flags: &[&str]| {
        let outcome = run(&[flags, &["-n", "1", "echo", "x"]].concat());
        assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
        outcome.out
    };
    assert_eq!(begun(&["-prepend-pattern", "%h %r %g.%p %%> "]), format!("{host} 0 0.0 %> x\n"));
    assert_eq!(begun(&["--output", "tag"]), "[0] x\n");
    assert_eq!(begun(&["--output=tag-detailed"]), format!("[0 {host}] x\n"));
    assert_eq!(begun(&["-ordered-output"]), "x\n");
    for flags in
        [&["--timestamp-output", "-l"][..], &["--output", "tag,timestamp"], &["-prepend-timestamp", "-l"]]
    {
        let line = begun(flags);
        let time = line.strip_prefix('[').and_then(|rest| rest.strip_suffix("] [0] x\n")).unwrap_or_default();
        let digits = |&(at, c): &(usize, char)| [4, 7, 10, 13, 16].contains(&at) || c.is_ascii_digit();
        assert_eq!(time.char_indices().filter(digits).count(), 19, "{line}");
    }
    let outcome = run(&["-prepend-pattern", "%x", "true"]);
    assert!(outcome.code == 2 && outcome.err.contains("%x is none of"), "{}", outcome.err);
}

#[test]
fn files_are_named_as_the_user_wants() {
    let dir = tempfile::tempdir().unwrap();
    let script = "echo out $RANKWISE_RANK; echo err $RANKWISE_RANK >&2";
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    let job = |flags: &[&str]| run_in(dir.path(), &[flags, &["-n", "2", "sh", "-c", script]].concat());
    let outcome = job(&["-outfile-pattern", "a/%r.%g.%p", "-errfile-pattern", "b"]);
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "", ""));
    assert_eq!([read("a/0.0.0"), read("a/1.0.0")], ["out 0\n", "out 1\n"]);
    // One file for both: whole lines of either.
    assert_eq!(sorted(&read("b")), ["err 0", "err 1"]);
    assert_eq!(sorted(&job(&["-outfile-pattern", "b"]).err), ["err 0", "err 1"]);
    assert_eq!(sorted(&read("b")), ["out 0", "out 1"]);
    assert_eq!(job(&["--output", "dir=c:nocopy,tag"]).code, 0);
    assert_eq!([read("c/rank.0.out"), read("c/rank.1.err")], ["out 0\n", "err 1\n"]);
    assert_eq!(job(&["--output", "file=d,tag"]).out, "");
    assert_eq!([read("d.0.out"), read("d.1.err")], ["[0] out 0\n", "[1] err 1\n"]);
    assert_eq!(job(&["--output", "merge", "--output", "e"]).err, "");
    assert_eq!(read("e/rank.0.out"), "out 0\nerr 0\n");
    assert!(!dir.path().join("e/rank.0.err").exists());
}

#[test]
fn the_exit_codes_of_all_ranks_can_be_said() {
    let outcome = run(&["-n", "4", "-print-all-exitcodes", "true"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, "mpirun: exit codes: 0 of ranks 0-3\n"));
    let script = "test $RANKWISE_RANK = 1 && exit 7; exec sleep 1000000";
    let outcome = run(&["-n", "3", "-print-all-exitcodes", "sh", "-c", script]);
    let last = outcome.err.lines().last().unwrap();
    assert_eq!(
        last, "mpirun: exit codes: SIGTERM (asked to end) of ranks 0,2; 7 of rank 1",
        "{}",
        outcome.err
    );
}

#[test]
fn the_process_to_signal_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    for (to, file) in [("-", "out"), ("+", "err"), ("pid", "pid")] {
        let mut command = mpirun(&["--report-pid", to, "true"]);
        command.current_dir(dir.path());
        let running = Running::start(command);
        let pid = format!("{}\n", running.pid());
        let outcome = running.finish();
        let said = match file {
            "out" => outcome.out,
            "err" => outcome.err,
            file => fs::read_to_string(dir.path().join(file)).unwrap(),
        };
        assert_eq!((outcome.code, said), (0, pid));
    }
    let outcome = run(&["--report-pid", "/no/such/file", "echo", "x"]);
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    assert!(outcome.err.contains("cannot write /no/such/file"), "{}", outcome.err);
}

#[test]
fn a_display_of_where_ranks_run_is_what_verbose_says() {
    let outcome = run(&["--display", "map,bind", "-n", "2", "--bind-to", "none", "true"]);
    assert!(sorted(&outcome.err)[0].starts_with("mpirun: rank 0 of 2 ("), "{}", outcome.err);
    let outcome = run(&["--display", "mpa", "true"]);
    assert!(outcome.code == 2 && outcome.err.contains("mpa is none of map"), "{}", outcome.err);
}

#[test]
fn the_build_is_described() {
    let outcome = run(&["-info"]);
    assert_eq!(outcome.code, 0);
    assert!(outcome.out.contains(env!("CARGO_PKG_VERSION")) && outcome.out.contains("libmpi_abi.so.1"));
}

#[test]
fn ranks_may_have_windows() {
    let dir = tempfile::tempdir().unwrap();
    // Without a screen to draw on: it does what xterm does with its words.
    let xterm = dir.path().join("xterm");
    fs::write(
        &xterm,
        "#!/bin/sh\necho \"window $*\" >&2\nwhile test \"$1\" != -e; do shift; done; shift; exec \"$@\"\n",
    )
    .unwrap();
    fs::set_permissions(&xterm, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", dir.path().display(), std::env::var("PATH").unwrap());
    let job = |ranks: &str, path: &str, display: &str| {
        let mut command = mpirun(&["-n", "3", "--xterm", ranks, "sh", "-c", "echo $RANKWISE_RANK"]);
        command.env("PATH", path).env("DISPLAY", display);
        Running::start(command).finish()
    };
    let outcome = job("0,2!", &path, ":7");
    assert_eq!((outcome.code, sorted(&outcome.out)), (0, vec!["0", "1", "2"]), "{}", outcome.err);
    let said = sorted(&outcome.err);
    assert_eq!(said.len(), 2, "{}", outcome.err);
    assert!(
        said[0].starts_with("window -T rank 0 -hold -e /") && said[0].ends_with("sh -c echo $RANKWISE_RANK")
    );
    assert!(said[1].starts_with("window -T rank 2 "), "{}", said[1]);
    assert_eq!(sorted(&job("all", &path, ":7").err).len(), 3);
    // What is missing is said before anything starts.
    let outcome = job("0", &path, "");
    assert_eq!((outcome.code, outcome.out.as_str()), (126, ""));
    assert!(outcome.err.contains("DISPLAY is not set"), "{}", outcome.err);
    fs::remove_file(&xterm).unwrap();
    let shell = dir.path().join("sh");
    std::os::unix::fs::symlink("/bin/sh", shell).unwrap();
    let outcome = job("1", dir.path().to_str().unwrap(), ":7");
    assert_eq!((outcome.code, outcome.out.as_str()), (127, ""));
    assert!(outcome.err.contains("there is no program xterm in PATH"), "{}", outcome.err);
    let outcome = job("3", &path, ":7");
    assert!(outcome.code == 2 && outcome.err.contains("--xterm 3: the job has 3 rank(s)"), "{}", outcome.err);
}

#[test]
fn what_mpirun_does_not_do_is_refused_with_the_reason() {
    for (flags, why) in [
        (&["-gdb"][..], "start the debugger as the program"),
        (&["--cpu-list", "f"], "--bind-to and --map-by"),
        (&["-disable-auto-cleanup"], "a job whose rank has failed is ended"),
        (&["-aps"], "start the tool as the program"),
        (&["--get-stack-traces"], "stacks"),
        (&["-umask", "077"], "umask"),
    ] {
        let outcome = run(&[flags, &["-n", "2", "echo", "x"]].concat());
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""));
        let begin = format!("mpirun: {} is not done here: ", flags[0]);
        assert!(outcome.err.starts_with(&begin) && outcome.err.contains(why), "{}", outcome.err);
    }
}

#[test]
fn habits_that_mean_nothing_here_do_no_harm() {
    let flags = "-envnone --report-child-jobs-separately --leave-session-attached -disable-x -rr -silent-abort \
                 --abort-on-non-zero-status -membind local -order-nodes ascending --personality ompi --bycore \
                 --bind-to-none -genvuser -usize 12 --tmpdir /tmp -soft 1:2";
    let mut arguments: Vec<&str> = flags.split_whitespace().collect();
    arguments.extend(["-gwdir", "/", "-n", "2", "pwd"]);
    let outcome = run(&arguments);
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "/\n/\n", ""));
}
