//! One test only: children are a thing of the whole process, and tests run beside each other.

use std::os::fd::AsFd;

use super::*;

fn strings(list: &[&str]) -> Vec<CString> {
    list.iter().map(|s| CString::new(*s).unwrap()).collect()
}

#[test]
fn programs_start_with_what_they_were_given_and_say_what_is_in_the_way() {
    let mut starter = Starter::new().unwrap();
    let (reader, writer) = crate::pipe::create().unwrap();
    let null = fs::File::open("/dev/null").unwrap();
    let stdio = [null.as_fd(), writer.as_fd(), null.as_fd()];
    let script = "echo $WORD $0; pwd; ps=$(cat /proc/self/stat); test -e /proc/self/fd/$1 && exit 5; exit 6";
    let number = writer.as_raw_fd().to_string();
    let mut program = Program {
        path: c"/bin/sh",
        arguments: &strings(&["sh", "-c", script, "name", &number]),
        environment: &strings(&["WORD=hello", "PATH=/bin:/usr/bin"]),
        directory: Some(c"/"),
        stdio,
        inherited: &[writer.as_fd()],
        processors: Some(&crate::topology::allowed_cpus()),
    };
    let started = starter.start(&program).unwrap();
    assert!(started.bound);
    assert!(children().contains(&started.pid));
    assert_eq!(parent_of(started.pid), Some(std::process::id()));
    let mut text = Vec::new();
    let mut buffer = [0; 64];
    while text.iter().filter(|&&b| b == b'\n').count() < 2 {
        let n = crate::pipe::read(&reader, &mut buffer).unwrap();
        text.extend_from_slice(&buffer[..n]);
    }
    assert_eq!(String::from_utf8(text).unwrap(), "hello name\n/\n");
    assert_eq!(wait_for_any(), Reaped::Child(started.pid, End::Code(5)));

    program.inherited = &[];
    program.arguments = &[];
    program.path = c"/no/such/program";
    let (step, error) = starter.start(&program).unwrap_err();
    assert_eq!((step, error.kind()), (Step::Execute, io::ErrorKind::NotFound));
    program.directory = Some(c"/no/such/directory");
    let (step, error) = starter.start(&program).unwrap_err();
    assert_eq!((step, error.kind()), (Step::Directory, io::ErrorKind::NotFound));
    assert_eq!(reap(), Reaped::Childless);

    let sleep = strings(&["sleep", "600"]);
    let sleeper = Program { path: c"/bin/sleep", arguments: &sleep, directory: None, ..program };
    let started = starter.start(&sleeper).unwrap();
    assert_eq!(reap(), Reaped::None);
    crate::signal::send_group(started.pid, crate::signal::Signal::SIGUSR1).unwrap();
    assert_eq!(wait_for_any(), Reaped::Child(started.pid, End::Signal(10)));
}
