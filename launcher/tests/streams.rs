//! What ranks read and write.

mod common;

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::process::Stdio;

use common::{Running, children, line, mpirun, run, wait_for};

#[test]
fn output_and_errors_are_kept_apart() {
    let outcome = run(&["-n", "2", "sh", "-c", "echo out; echo err >&2"]);
    assert_eq!((outcome.out.as_str(), outcome.err.as_str()), ("out\nout\n", "err\nerr\n"));
    let outcome = run(&["--merge-stderr-to-stdout", "sh", "-c", "echo out; echo err >&2"]);
    assert_eq!(outcome.err, "");
    assert!(outcome.out.contains("out\n") && outcome.out.contains("err\n"));
}

#[test]
fn lines_of_many_ranks_never_mix_and_none_is_lost() {
    let count = 2000;
    let script =
        format!("i=0; while test $i -lt {count}; do echo rank $RANKWISE_RANK line $i end; i=$((i+1)); done");
    let outcome = run(&["-n", "8", "sh", "-c", &script]);
    assert_eq!(outcome.code, 0);
    let mut next = [0; 8];
    for line in outcome.out.lines() {
        let ["rank", rank, "line", number, "end"] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("a torn line: {line:?}");
        };
        let rank: usize = rank.parse().unwrap();
        assert_eq!(number.parse::<usize>().unwrap(), next[rank], "{line}");
        next[rank] += 1;
    }
    assert_eq!(next, [count; 8]);
}

#[test]
fn a_reader_that_takes_its_time_loses_nothing() {
    let mut command = mpirun(&["-n", "4", "sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' 'x'; echo"]);
    let (mut reader, writer) = std::io::pipe().unwrap();
    command.stdout(OwnedFd::from(writer));
    let running = Running::start(command);
    // Nobody reads yet: the ranks must wait, rather than mpirun lose or hoard what they write.
    wait_for("the ranks", || children(running.pid()).iter().any(|&pid| !children(pid).is_empty()));
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text.len(), 4 * 1_000_001);
    assert!(text.lines().all(|line| line.len() == 1_000_000));
    assert_eq!(running.finish().code, 0);
}

#[test]
fn interrupting_works_while_nobody_reads() {
    use rankwise_os::signal::{self, Signal};
    let mut command = mpirun(&["-n", "2", "yes"]);
    let (reader, writer) = std::io::pipe().unwrap();
    command.stdout(OwnedFd::from(writer));
    let running = Running::start(command);
    wait_for("the ranks", || children(running.pid()).iter().any(|&pid| children(pid).len() == 2));
    signal::send(running.pid(), Signal::SIGINT).unwrap();
    let supervisor = children(running.pid())[0];
    wait_for("the ranks to end", || children(supervisor).is_empty());
    // What they have written still waits for a reader; whoever has none interrupts again.
    signal::send(running.pid(), Signal::SIGINT).unwrap();
    assert_eq!(running.finish().code, 130);
    drop(reader);
}

#[test]
fn a_reader_that_goes_ends_nothing() {
    let mut command = mpirun(&["-n", "2", "sh", "-c", "head -c 3000000 /dev/zero; echo done >&2"]);
    let (reader, writer) = std::io::pipe().unwrap();
    command.stdout(OwnedFd::from(writer));
    drop(reader);
    let outcome = Running::start(command).finish();
    assert_eq!(outcome.code, 0);
    let mut lines: Vec<&str> = outcome.err.lines().collect();
    lines.sort();
    let said = "mpirun: nobody reads standard output any more; the job goes on (interrupt it to end it)";
    assert_eq!(lines, ["done", "done", said]);
}

#[test]
fn a_full_disk_is_no_success() {
    let mut command = mpirun(&["echo", "x"]);
    command.stdout(File::options().write(true).open("/dev/full").unwrap());
    let outcome = Running::start(command).finish();
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("No space left"), "{}", outcome.err);
}

/// The job goes on where its output cannot be written; that this is so is said once, and is no success.
fn expect_loss(outcome: &common::Outcome, name: &str) {
    assert_eq!(outcome.code, 1, "{}", outcome.err);
    let loss = format!("mpirun: output is lost: cannot write to {name}: No space left on device");
    let said: Vec<&str> = outcome.err.lines().filter(|line| line.starts_with("mpirun:")).collect();
    assert_eq!(said, [loss], "{}", outcome.err);
}

/// Two megabytes of lines, and then a file that says that all of them were written.
const MUCH: &str = "i=0; while test $i -lt 200; do head -c 10000 /dev/zero | tr '\\0' x; echo; i=$((i+1)); done; \
                    : > done.$RANKWISE_RANK";

#[test]
fn files_on_a_full_disk_are_named_once_and_the_job_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = mpirun(&["-n", "2", "-outfile-pattern", "/dev/full", "sh", "-c", MUCH]);
    command.current_dir(dir.path());
    expect_loss(&Running::start(command).finish(), "/dev/full");
    assert!((0..2).all(|rank| dir.path().join(format!("done.{rank}")).exists()));
}

#[test]
fn a_disk_that_fills_while_ranks_write_is_named_once_and_the_job_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mount = "mkdir logs && mount -t tmpfs -o size=64k none logs && exec \"$@\"";
    let mut command = std::process::Command::new("unshare");
    command.args(["-m", "sh", "-c", mount, "sh", "true"]).current_dir(dir.path());
    if !command.output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: `unshare -m` with a mount is not permitted here");
        return;
    }
    std::fs::remove_dir(dir.path().join("logs")).unwrap();
    // Rank 1 says little, which does not get lost.
    let script = format!("if test $RANKWISE_RANK = 1; then echo a word; : > done.1; else {MUCH}; fi");
    let mut command = std::process::Command::new("unshare");
    command.args(["-m", "sh", "-c", mount, "sh", env!("CARGO_BIN_EXE_mpirun"), "-n", "2"]);
    command.args(["--output", "logs", "sh", "-c", &script]).current_dir(dir.path());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    expect_loss(&Running::start(command).finish(), "logs/rank.0.out");
    assert!((0..2).all(|rank| dir.path().join(format!("done.{rank}")).exists()));
}

#[test]
fn a_rank_may_close_its_output() {
    let outcome = run(&["-n", "2", "sh", "-c", "exec >&- 2>&-; sleep 0.01; exit 0"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
}

#[test]
fn a_prompt_is_seen_before_its_line_is_finished() {
    let mut command = mpirun(&[
        "-n",
        "2",
        "sh",
        "-c",
        "test $RANKWISE_RANK = 1 || { printf 'name? '; read x; echo hello $x; }",
    ]);
    command.stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut prompt = [0; 6];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut prompt).unwrap();
    assert_eq!(&prompt, b"name? ");
    child.stdin.take().unwrap().write_all(b"bob\n").unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "hello bob\n");
    assert!(child.wait().unwrap().success());
}

#[test]
fn output_comes_while_the_job_runs() {
    let mut command = mpirun(&["sh", "-c", "echo first; read x; echo $x"]);
    command.stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    assert_eq!(line(&mut out), "first");
    child.stdin.take().unwrap().write_all(b"second\n").unwrap();
    assert_eq!(line(&mut out), "second");
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_last_line_needs_no_end() {
    assert_eq!(run(&["printf", "no end"]).out, "no end");
}

#[test]
fn lines_can_be_tagged() {
    for flag in ["-l", "--tag-output", "-prepend-rank"] {
        let outcome = run(&["-n", "2", flag, "sh", "-c", "printf 'a\\nb\\n'"]);
        let mut lines: Vec<&str> = outcome.out.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["[0] a", "[0] b", "[1] a", "[1] b"]);
    }
}

#[test]
fn output_can_go_to_files() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("new/logs");
    let script = "echo out $RANKWISE_RANK; echo err $RANKWISE_RANK >&2";
    let outcome = run(&["-n", "2", "--output", target.to_str().unwrap(), "sh", "-c", script]);
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "", ""));
    for rank in 0..2 {
        for kind in ["out", "err"] {
            let text = std::fs::read_to_string(target.join(format!("rank.{rank}.{kind}"))).unwrap();
            assert_eq!(text, format!("{kind} {rank}\n"));
        }
    }
    let outcome = run(&["--output", "/dev/null/x", "true"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("/dev/null/x"), "{}", outcome.err);
}

fn with_input(arguments: &[&str], input: &'static [u8]) -> String {
    let mut command = mpirun(arguments);
    command.stdin(Stdio::piped());
    let mut running = Running::start(command);
    let mut stdin = running.child.stdin.take().unwrap();
    // A rank may end without reading.
    let writer = std::thread::spawn(move || drop(stdin.write_all(input)));
    let outcome = running.finish();
    writer.join().unwrap();
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let mut lines: Vec<String> = outcome.out.lines().map(String::from).collect();
    lines.sort_unstable();
    lines.join(" ")
}

#[test]
fn input_goes_to_the_ranks_that_it_is_meant_for() {
    assert_eq!(with_input(&["-n", "3", "-l", "cat"], b"x\n"), "[0] x");
    assert_eq!(with_input(&["-n", "3", "-l", "--stdin", "2", "cat"], b"x\n"), "[2] x");
    assert_eq!(with_input(&["-n", "3", "-l", "--stdin", "all", "cat"], b"x\n"), "[0] x [1] x [2] x");
    assert_eq!(with_input(&["-n", "3", "-l", "--stdin", "none", "cat"], b"x\n"), "");
    assert_eq!(with_input(&["-n", "2", "--stdin", "all", "true"], &[b'x'; 1 << 20]), "");
}

#[test]
fn much_input_reaches_every_rank() {
    static INPUT: [u8; 3_000_000] = [b'y'; 3_000_000];
    assert_eq!(with_input(&["-n", "3", "--stdin", "all", "wc", "-c"], &INPUT), "3000000 3000000 3000000");
    assert_eq!(with_input(&["-n", "3", "wc", "-c"], &INPUT), "0 0 3000000");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("input");
    std::fs::write(&path, &INPUT[..]).unwrap();
    let mut command = mpirun(&["-n", "2", "--stdin", "all", "wc", "-c"]);
    command.stdin(File::open(&path).unwrap());
    assert_eq!(Running::start(command).finish().out, "3000000\n3000000\n");
}

#[test]
fn input_that_no_rank_reads_is_left_to_those_who_come_after() {
    use std::io::Seek;
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"for somebody else\n").unwrap();
    file.rewind().unwrap();
    let mut command = mpirun(&["-n", "2", "true"]);
    command.stdin(file.try_clone().unwrap());
    assert_eq!(Running::start(command).finish().code, 0);
    let mut rest = String::new();
    file.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "for somebody else\n");
}
