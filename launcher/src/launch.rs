//! Starting the ranks: which file to execute, with which environment, and what to say when that fails.

use std::ffi::{CString, OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rankwise_boot::env;
use rankwise_os::process::Step;

use crate::order::Program;

/// Why a program was not started, for people, and what to exit with: 127 where there is no such program, 126 where it does
/// not run.
type Failure = (String, i32);

/// An environment.
type Variables = [(OsString, OsString)];

/// A program that is ready to be executed, any number of times.
#[derive(Debug)]
pub struct Prepared {
    /// The file.
    pub path: CString,
    /// The arguments, the name first.
    pub arguments: Vec<CString>,
    /// The directory, if it is not ours.
    pub directory: Option<CString>,
    /// What all of its ranks have in their environment.
    environment: Vec<CString>,
}

impl Prepared {
    /// Finds the program, or says why it cannot be started. `around` is the environment that it is to run in.
    pub fn new(program: &Program, around: &Variables) -> Result<Prepared, Failure> {
        if let Some(wdir) = &program.wdir
            && let Err(e) = fs::read_dir(wdir)
            && e.kind() != io::ErrorKind::PermissionDenied
        {
            return Err(not_started(
                &program.command,
                &format!("its directory {}: {}", wdir.display(), plain(&e)),
                126,
            ));
        }
        let path = locate(program, around).ok_or_else(|| {
            let place = if program.command.as_bytes().contains(&b'/') { "" } else { " in PATH" };
            not_started(&program.command, &format!("there is no such program{place}"), 127)
        })?;
        let words = [&program.command].into_iter().chain(&program.arguments);
        Ok(Prepared {
            path: c_string(path.as_os_str()),
            arguments: words.map(|word| c_string(word)).collect(),
            directory: program.wdir.as_ref().map(|wdir| c_string(wdir.as_os_str())),
            environment: environment(around, &program.environment),
        })
    }

    /// The environment with what this rank alone has in it.
    pub fn environment_with(&self, own: &[(&str, String)]) -> Vec<CString> {
        let own = own.iter().map(|(name, value)| assignment(OsStr::new(name), OsStr::new(value)));
        self.environment.iter().cloned().chain(own).collect()
    }
}

/// What a variable says.
fn variable<'a>(around: &'a Variables, name: &str) -> Option<&'a OsString> {
    around.iter().find(|(other, _)| other == name).map(|(_, value)| value)
}

/// Whether a variable is about the host that it is set on, the login there or the place in a scheduler's allocation, so that
/// it would be wrong on another one.
fn is_of_host(name: &OsStr) -> bool {
    const NAMES: [&str; 15] = [
        "_",
        "DISPLAY",
        "HOST",
        "HOSTNAME",
        "MAIL",
        "OLDPWD",
        "PWD",
        "SHLVL",
        "SSH_CLIENT",
        "SSH_CONNECTION",
        "SSH_TTY",
        "TERM_SESSION_ID",
        "XAUTHORITY",
        "XDG_RUNTIME_DIR",
        "XDG_SESSION_ID",
    ];
    const BEGINNINGS: [&str; 5] = ["DBUS_", "PMI_", "PMIX_", "SLURMD_", "SSH_AUTH_"];
    NAMES.iter().any(|other| name == *other)
        || BEGINNINGS.iter().any(|begin| name.as_bytes().starts_with(begin.as_bytes()))
}

/// The environment for the ranks on another host: what the launcher has, and of what is about the host that one's own.
pub fn carried(
    theirs: &Variables,
    own: impl Iterator<Item = (OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    let theirs = theirs.iter().filter(|(name, _)| !is_of_host(name)).cloned();
    theirs.chain(own.filter(|(name, _)| is_of_host(name))).collect()
}

/// The environment of a program: what is around it, changed as the user wants it, and without what only we may say.
fn environment(around: &Variables, changes: &Variables) -> Vec<CString> {
    const RESERVED: [&str; 12] = [
        env::BOOT,
        env::RANK,
        env::SIZE,
        env::LOCAL_RANK,
        env::LOCAL_SIZE,
        env::PMI_FD,
        env::PMI_PORT,
        env::PMI_ID,
        env::PMI_RANK,
        env::PMI_SIZE,
        env::HYDRA_LOCAL_RANK,
        env::HYDRA_LOCAL_SIZE,
    ];
    let mut all: Vec<(OsString, OsString)> = around.to_vec();
    for (name, value) in changes {
        match all.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => old.clone_from(value),
            None => all.push((name.clone(), value.clone())),
        }
    }
    all.retain(|(name, _)| RESERVED.iter().all(|reserved| name != reserved));
    all.iter().map(|(name, value)| assignment(name, value)).collect()
}

fn assignment(name: &OsStr, value: &OsStr) -> CString {
    c_string(OsStr::from_bytes(&[name.as_bytes(), b"=", value.as_bytes()].concat()))
}

/// The words come from our own arguments and environment, where a zero byte ends them.
fn c_string(word: &OsStr) -> CString {
    let bytes = word.as_bytes();
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    CString::new(&bytes[..end]).unwrap_or_default()
}

/// The file that a program's name stands for, as a shell would find it; and, as users of other launchers expect, one in
/// the program's directory if PATH has none.
fn locate(program: &Program, around: &Variables) -> Option<PathBuf> {
    let command = Path::new(&program.command);
    let wdir = program.wdir.clone().unwrap_or_default();
    if program.command.as_bytes().contains(&b'/') {
        // The program starts in its directory, so a relative name holds from there.
        return wdir.join(command).exists().then(|| command.to_path_buf());
    }
    let search = program.path.clone().or_else(|| variable(around, env::PATH).cloned()).unwrap_or_default();
    let candidates: Vec<PathBuf> = std::env::split_paths(&search).map(|dir| dir.join(command)).collect();
    let runs = |path: &&PathBuf| {
        fs::metadata(wdir.join(path)).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
    };
    let here = Path::new(".").join(command);
    if let Some(path) = candidates.iter().find(runs).or(Some(&here).filter(runs)) {
        return Some(path.clone());
    }
    // One that exists and does not run is what was meant: the attempt will tell what is wrong with it.
    candidates.into_iter().chain([here]).find(|path| wdir.join(path).is_file())
}

/// What to say about a program that the system did not start.
pub fn explain(program: &Program, around: &Variables, step: Step, error: &io::Error) -> Failure {
    let command = &program.command;
    match step {
        Step::Process => {
            not_started(command, &format!("no further process can be made: {}", plain(error)), 126)
        }
        Step::Files => not_started(command, &format!("its standard files: {}", plain(error)), 126),
        Step::Directory => {
            let wdir = program.wdir.clone().unwrap_or_default();
            not_started(command, &format!("its directory {}: {}", wdir.display(), plain(error)), 126)
        }
        Step::Execute => {
            let wdir = program.wdir.clone().unwrap_or_default();
            let path = locate(program, around).map_or_else(|| PathBuf::from(command), |path| wdir.join(path));
            not_started(command, &why_not(&path, error), 126)
        }
    }
}

/// The program of a rank that runs in a window of its own.
pub fn in_window(program: &Program, prepared: &Prepared, rank: u32, hold: bool) -> Program {
    let mut arguments: Vec<OsString> = vec!["-T".into(), format!("rank {rank}").into()];
    arguments.extend(hold.then(|| "-hold".into()));
    arguments.extend(["-e".into(), OsStr::from_bytes(prepared.path.as_bytes()).into()]);
    arguments.extend(program.arguments.iter().cloned());
    Program { command: "xterm".into(), arguments, path: None, ..program.clone() }
}

/// What to say where there can be no window.
pub fn no_window(host: &str, why: &str, code: i32) -> Failure {
    (format!("cannot start ranks in windows (--xterm) on {host}: {why}"), code)
}

fn not_started(command: &OsStr, why: &str, code: i32) -> Failure {
    let host = rankwise_os::environment::host_name();
    (format!("cannot start {} on {host}: {why}", command.to_string_lossy()), code)
}

/// Why a file that exists is not executed.
fn why_not(path: &Path, error: &io::Error) -> String {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return "it is a directory".into(),
        Ok(metadata) if metadata.permissions().mode() & 0o111 == 0 => {
            return "it is not executable (chmod +x would make it so)".into();
        }
        _ => {}
    }
    let mut head = [0; 256];
    let head = match fs::File::open(path).and_then(|mut file| file.read(&mut head)) {
        Ok(length) => &head[..length],
        Err(_) => &[],
    };
    match error.kind() {
        io::ErrorKind::NotFound => match interpreter(head) {
            Some(name) => format!("its interpreter {name} does not exist"),
            None => "the dynamic loader that it names does not exist (is it made for another system?)".into(),
        },
        io::ErrorKind::PermissionDenied => match interpreter(head) {
            Some(name) => format!("no permission to execute it, or its interpreter {name}"),
            None => {
                "no permission to execute it (a directory on the way may be closed, or mounted noexec)".into()
            }
        },
        // ENOEXEC and its relatives have no kind of their own.
        _ if head.is_empty() => format!("it is empty, or cannot be read: {}", plain(error)),
        _ if head.starts_with(b"\x7fELF") => match machine(head) {
            Some(name) if name != std::env::consts::ARCH => {
                format!("it is made for {name}, and this machine is {}", std::env::consts::ARCH)
            }
            _ => format!("it is a damaged program file, or one for another system: {}", plain(error)),
        },
        _ if !head.starts_with(b"#!") && error.raw_os_error() == Some(8) => {
            "it is neither a program of this machine nor a script that begins with #!".into()
        }
        _ => plain(error),
    }
}

/// What a script's first line names.
fn interpreter(head: &[u8]) -> Option<String> {
    let line = head.strip_prefix(b"#!")?.split(|&b| b == b'\n').next()?;
    Some(String::from_utf8_lossy(line).split_whitespace().next()?.to_string())
}

/// The machine that an ELF file is made for, by Rust's name of it.
fn machine(head: &[u8]) -> Option<String> {
    let two = |at: usize| Some([*head.get(at)?, *head.get(at + 1)?]);
    let number = if *head.get(5)? == 2 { u16::from_be_bytes(two(18)?) } else { u16::from_le_bytes(two(18)?) };
    Some(match number {
        3 => "x86".into(),
        20 | 21 => "powerpc64".into(),
        22 => "s390x".into(),
        40 => "arm".into(),
        62 => "x86_64".into(),
        183 => "aarch64".into(),
        243 => "riscv64".into(),
        258 => "loongarch64".into(),
        other => format!("a machine with the number {other}"),
    })
}

/// An error without the number that Rust adds to it.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_string()
}

/// A word of the command line as text, for what is said about it.
pub fn lossy(word: &OsString) -> String {
    String::from_utf8_lossy(&word.clone().into_vec()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &[u8], mode: u32| {
            let path = dir.path().join(name);
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        };
        let noexec = io::Error::from_raw_os_error(8);
        let absent = io::Error::from(io::ErrorKind::NotFound);
        let mut elf = b"\x7fELF\x02\x01\x01".to_vec();
        elf.resize(64, 0);
        elf[18] = 183;
        if cfg!(target_arch = "x86_64") {
            assert!(why_not(&file("arm", &elf, 0o755), &noexec).contains("made for aarch64"));
        }
        assert!(why_not(&file("text", b"hello", 0o755), &noexec).contains("#!"));
        assert!(why_not(&file("empty", b"", 0o755), &noexec).contains("empty"));
        assert!(
            why_not(&file("script", b"#! /no/sh -x\n", 0o755), &absent).contains("/no/sh does not exist")
        );
        assert!(why_not(&file("plain", b"#!/bin/sh\n", 0o644), &noexec).contains("chmod"));
        assert!(why_not(dir.path(), &noexec).contains("directory"));
    }

    #[test]
    fn the_environment_is_ours_with_the_changes_and_without_a_rank_of_another_job() {
        let pair = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
        let ours = [pair("A", "1"), pair("B", "2"), pair(env::BOOT, "3:4"), pair(env::RANK, "7")];
        let all = environment(&ours, &[pair("B", "x"), pair("C", "y")]);
        assert_eq!(all, [c"A=1".into(), c"B=x".into(), CString::from(c"C=y")]);
    }

    #[test]
    fn what_is_about_a_host_stays_on_it() {
        let pair = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
        let theirs =
            [pair("A", "1"), pair("HOSTNAME", "here"), pair("SSH_AUTH_SOCK", "/tmp/x"), pair("PATH", "/p")];
        let own = [pair("A", "0"), pair("HOSTNAME", "there"), pair("PATH", "/q")];
        let all = carried(&theirs, own.into_iter());
        assert_eq!(all, [pair("A", "1"), pair("PATH", "/p"), pair("HOSTNAME", "there")]);
    }
}
