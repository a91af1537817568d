//! How an agent is started on a host, and what it means when that fails. Pure but for a look at PATH.

use std::ffi::{CString, OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rankwise_boot::env;
use rankwise_os::process::End;
use rankwise_os::signal;
use serde::{Deserialize, Serialize};

/// The word by which the launcher's program becomes an agent.
pub const AGENT: &str = "--agent";

/// A program that runs another one on a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// The program and its first arguments. `%h` in them is the host; if it is in none, the host comes behind them.
    pub words: Vec<String>,
    /// Whether what is to be run is one word that a shell takes apart, as it is for ssh.
    pub joined: bool,
    /// Variables that it must not see.
    pub unset: Vec<String>,
}

impl Shell {
    /// ssh, as the user has set it up, but never with a question.
    pub fn ssh(patience: Duration) -> Shell {
        let seconds = patience.as_secs().max(1);
        let words = ["ssh", "-x", "-oBatchMode=yes"].map(String::from).into_iter();
        let times = [
            format!("-oConnectTimeout={seconds}"),
            format!("-oServerAliveInterval={}", (seconds / 3).max(1)),
            "-oServerAliveCountMax=3".to_string(),
        ];
        Shell { words: words.chain(times).collect(), joined: true, unset: Vec::new() }
    }

    /// rsh.
    pub fn rsh() -> Shell {
        Shell { words: vec!["rsh".into()], joined: true, unset: Vec::new() }
    }

    /// One that runs everything on this host.
    pub fn here() -> Shell {
        let words = ["sh", "-c", "shift; exec \"$@\"", "sh", "%h"];
        Shell { words: words.map(String::from).into(), joined: false, unset: Vec::new() }
    }

    /// The one that the words name which a user has set.
    pub fn of(text: &str) -> Option<Shell> {
        let words: Vec<String> = text.split_whitespace().map(String::from).collect();
        (!words.is_empty()).then_some(Shell { words, joined: true, unset: Vec::new() })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        self.words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word))
    }
}

/// What everybody who starts agents must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What starts them.
    pub shell: Shell,
    /// The agent's program, on every host.
    pub agent: PathBuf,
    /// For how many seconds one that is not heard of is waited for.
    pub patience: u32,
    /// How often a remote shell that fails is tried.
    pub attempts: u32,
    /// A host that nobody knows, or that refuses, may only be late.
    pub may_be_late: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        let patience = 8;
        Settings {
            shell: Shell::ssh(Duration::from_secs(patience.into())),
            agent: std::env::current_exe().unwrap_or_else(|_| "mpirun".into()),
            patience,
            attempts: 3,
            may_be_late: false,
        }
    }
}

impl Settings {
    /// For how long an agent that is not heard of is waited for.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.patience.into())
    }

    /// The command that starts an agent on a host, the file to execute first.
    pub fn words(&self, host: &str) -> io::Result<Vec<CString>> {
        let mut words: Vec<OsString> = Vec::new();
        let mut placed = false;
        for word in &self.shell.words {
            placed |= word.contains("%h");
            words.push(word.replace("%h", host).into());
        }
        if !placed {
            words.push(host.into());
        }
        match self.shell.joined {
            true => {
                let mut line = OsString::from("exec ");
                line.push(quoted(self.agent.as_os_str()));
                line.push(" ");
                line.push(AGENT);
                words.push(line);
            }
            false => words.extend([self.agent.clone().into(), AGENT.into()]),
        }
        words[0] = find(&words[0])?.into();
        let c_string = |word: OsString| CString::new(word.as_bytes()).map_err(io::Error::from);
        words.into_iter().map(c_string).collect()
    }
}

/// A word that any shell takes for itself.
fn quoted(word: &OsStr) -> OsString {
    let mut out = b"'".to_vec();
    for &byte in word.as_bytes() {
        match byte {
            b'\'' => out.extend_from_slice(b"'\\''"),
            byte => out.push(byte),
        }
    }
    out.push(b'\'');
    std::os::unix::ffi::OsStringExt::from_vec(out)
}

/// The file of a program.
pub fn find(name: &OsStr) -> io::Result<PathBuf> {
    if name.as_bytes().contains(&b'/') {
        return Ok(name.into());
    }
    let path = std::env::var_os(env::PATH).unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join(Path::new(name))).find(|file| file.is_file());
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no such program in PATH"))
}

/// What a remote shell has in its environment: all of ours but what it must not see.
pub fn environment(shell: &Shell) -> Vec<CString> {
    let assignment = |(name, value): (OsString, OsString)| {
        CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).ok()
    };
    let unset = |name: &OsString| shell.unset.iter().any(|other| name == other.as_str());
    std::env::vars_os().filter(|(name, _)| !unset(name)).filter_map(assignment).collect()
}

/// What ssh exits with when it is itself what has failed.
const OWN_FAILURE: i32 = 255;

/// Whether another attempt would end as this one has.
pub fn is_hopeless(end: End, complaints: &str, settings: &Settings) -> bool {
    const SAID: [&str; 3] = ["Permission denied", "Host key verification failed", "Bad configuration"];
    const UNKNOWN: &str = "Could not resolve hostname";
    end != End::Code(OWN_FAILURE)
        || SAID.iter().any(|said| complaints.contains(said))
        || complaints.contains(UNKNOWN) && !settings.may_be_late
}

/// Why no agent came to be, as what is said of the host.
pub fn refused(end: End, complaints: &str, settings: &Settings) -> String {
    let name = settings.shell.name();
    let said = last_lines(complaints);
    let said = if said.is_empty() { String::new() } else { format!(": {said}") };
    let agent = settings.agent.display();
    match end {
        // The latter is what srun says.
        End::Code(code) if code == 127 || said.contains("execve(): ") && said.contains("No such file") => {
            format!(
                "has no program {agent} ({name} exited with code {code}){said}. Install Rankwise there under the same path, or \
             name the one that is there with --launch-agent"
            )
        }
        End::Code(126) => format!("does not run {agent} ({name} exited with code 126){said}"),
        End::Code(OWN_FAILURE) => format!("cannot be reached by {name}{said}"),
        End::Code(code) => {
            format!("was left by {name} with exit code {code} before {agent} had started{said}")
        }
        End::Signal(number) => {
            format!("was left by {name}, which {} has killed{said}", signal::describe(number))
        }
    }
}

/// Why the connection to an agent has ended, as what is said of the host.
pub fn broken(end: End, complaints: &str) -> String {
    let said = last_lines(complaints);
    let how = match end {
        End::Code(code) => format!("exit code {code}"),
        End::Signal(number) => signal::describe(number),
    };
    let said = if said.is_empty() { String::new() } else { format!(": {said}") };
    format!("has lost its agent, or the connection to it ({how}){said}")
}

/// The end of what was said, in one line.
fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(shell: Shell) -> Settings {
        Settings { shell, agent: "/opt/it's/mpirun".into(), ..Settings::default() }
    }

    fn words(shell: &str, joined: bool) -> Vec<String> {
        let shell = Shell { joined, ..Shell::of(shell).unwrap() };
        let words = settings(shell).words("h1").unwrap();
        words.into_iter().map(|word| word.into_string().unwrap()).collect()
    }

    #[test]
    fn the_host_stands_where_it_is_wanted() {
        let line = "exec '/opt/it'\\''s/mpirun' --agent";
        assert_eq!(words("/bin/rsh -l me", true), ["/bin/rsh", "-l", "me", "h1", line]);
        assert_eq!(
            words("/bin/srun -w %h -n1", false),
            ["/bin/srun", "-w", "h1", "-n1", "/opt/it's/mpirun", "--agent"]
        );
        assert!(settings(Shell::of("no-such-program-at-all").unwrap()).words("h").is_err());
        assert_eq!(Shell::of("  "), None);
    }

    #[test]
    fn a_failure_is_told_in_the_words_of_who_failed() {
        let settings = settings(Shell::ssh(Duration::from_secs(8)));
        let denied = "x: Permission denied (publickey).\n";
        assert!(is_hopeless(End::Code(255), denied, &settings));
        assert!(!is_hopeless(End::Code(255), "Connection reset by peer", &settings));
        let unknown = "ssh: Could not resolve hostname x";
        assert!(is_hopeless(End::Code(255), unknown, &settings));
        assert!(!is_hopeless(End::Code(255), unknown, &Settings { may_be_late: true, ..settings.clone() }));
        assert_eq!(
            refused(End::Code(255), denied, &settings),
            "cannot be reached by ssh: x: Permission denied (publickey)."
        );
        assert!(refused(End::Code(127), "", &settings).contains("--launch-agent"));
        let said = "slurmstepd-h1: error: execve(): /opt/it's/mpirun: No such file or directory";
        assert!(refused(End::Code(2), said, &settings).contains("--launch-agent"));
        assert!(broken(End::Signal(9), "").contains("SIGKILL"));
    }
}
