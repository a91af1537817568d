//! Whether ranks would find on this host all that they need: what `mpirun --doctor` asks of every host.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rankwise_boot::door;
use rankwise_boot::env;
use rankwise_os::process::{self, End, Program, Reaped, Starter};
use rankwise_os::{environment, segment, single_copy, topology};
use serde::{Deserialize, Serialize};

use crate::launch::plain;

/// The word by which the launcher's program becomes a probe: a process that is bound as a rank would be, and reads the
/// memory of another one.
pub const PROBE: &str = "--probe";

/// What a probe reads.
static WORD: u64 = 0x5261_6e6b_7769_7365;

/// How long a call to another host may take.
const CALL: Duration = Duration::from_millis(1500);

/// With fewer files than this a process of a large job has not enough.
const FEW_FILES: u64 = 1024;

/// How good something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    /// As it should be.
    Good,
    /// Jobs run, and not as well as they could.
    Poor,
    /// Jobs do not run.
    Bad,
}

/// Something that was found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How good it is.
    pub grade: Grade,
    /// What it is, for people.
    pub what: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Finding {
    fn good(what: impl Into<String>) -> Finding {
        Finding { grade: Grade::Good, what: what.into(), remedy: None }
    }

    /// Something to mend.
    pub fn flaw(grade: Grade, what: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { grade, what: what.into(), remedy: Some(remedy.into()) }
    }
}

/// An examination under way: its door stays open for the calls of others.
#[derive(Default)]
pub struct Examination {
    door: Option<TcpListener>,
}

impl Examination {
    /// Looks at all that concerns this host alone, and opens a door as a rank with these `variables` would.
    pub fn examine(
        &mut self,
        starter: &mut Starter,
        variables: &[(String, String)],
    ) -> (Vec<Finding>, Vec<SocketAddr>) {
        let mut findings = vec![Finding::good(format!(
            "Rankwise {} on {} ({})",
            env!("CARGO_PKG_VERSION"),
            environment::host_name(),
            std::env::consts::ARCH
        ))];
        findings.push(processors());
        findings.push(memory());
        findings.extend(copies_and_binding(starter));
        findings.extend(files());
        let interfaces = rankwise_boot::interfaces().unwrap_or_default();
        let get = |name: &str| variables.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        let opened = door::open(&environment::host_name(), &interfaces, false, 0, get);
        let addresses = match opened {
            Ok(door) => {
                self.door = Some(door.listener);
                let names: Vec<String> = door.addresses.iter().map(|at| named(at, &interfaces)).collect();
                findings.push(Finding::good(format!("ranks are called at {}", names.join(", "))));
                door.addresses
            }
            Err(error) => {
                let remedy = "correct the variable, or unset it";
                findings.push(Finding::flaw(Grade::Bad, format!("ranks cannot be called: {error}"), remedy));
                Vec::new()
            }
        };
        (findings, addresses)
    }
}

fn named(at: &SocketAddr, interfaces: &[rankwise_os::interface::Interface]) -> String {
    let name = interfaces.iter().find(|i| i.address == at.ip()).map_or("?", |i| i.name.as_str());
    format!("{} ({name})", at.ip())
}

fn processors() -> Finding {
    let (allowed, usable) = (topology::allowed_cpus().len(), topology::usable_cpus());
    let all = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let all = all.lines().filter(|line| line.starts_with("processor")).count().max(allowed);
    match (allowed < all, usable < allowed) {
        (_, true) => Finding::flaw(
            Grade::Poor,
            format!("{allowed} processors, of which a control group grants the time of {usable}"),
            format!("start {usable} ranks there, or raise the quota (docker --cpus, cpu.max)"),
        ),
        (true, _) => Finding::good(format!("{allowed} of {all} processors may be used")),
        _ => Finding::good(format!("{allowed} processors")),
    }
}

/// The memory that ranks of a node share.
fn memory() -> Finding {
    let made = segment::create("rankwise-doctor").and_then(|file| {
        segment::set_length(file.as_fd(), 1 << 20)?;
        segment::Window::map(&file, 0, 1 << 20).map(drop)
    });
    match made {
        Ok(()) => Finding::good("ranks on it can share memory"),
        Err(error) => Finding::flaw(
            Grade::Bad,
            format!("ranks on it cannot share memory: {}", plain(&error)),
            "allow memfd_create and mmap (a seccomp profile may forbid them), or start ranks with --transport tcp",
        ),
    }
}

/// What takes a second process: whether one can read another's memory, and whether it can be bound.
fn copies_and_binding(starter: &mut Starter) -> Vec<Finding> {
    let cpus = topology::allowed_cpus();
    let (code, bound) = match run_probe(starter, cpus.first().copied()) {
        Ok(result) => result,
        Err(error) => {
            let what = format!("a program cannot be started: {}", plain(&error));
            return vec![Finding::flaw(Grade::Bad, what, "look at the limit on processes (ulimit -u)")];
        }
    };
    let copy = match code {
        0 => Finding::good("ranks copy large messages straight from each other's memory"),
        code => Finding::flaw(
            Grade::Poor,
            format!(
                "processes may not read each other's memory ({}): large messages are copied twice",
                plain(&io::Error::from_raw_os_error(code))
            ),
            "allow process_vm_readv: docker --cap-add SYS_PTRACE, or a seccomp profile that has it; \
             sysctl kernel.yama.ptrace_scope of at most 1",
        ),
    };
    let binding = match bound {
        true => Finding::good("ranks can be bound to processors"),
        false => Finding::flaw(
            Grade::Poor,
            "ranks cannot be bound to processors",
            "allow sched_setaffinity (a seccomp profile may forbid it)",
        ),
    };
    vec![copy, binding]
}

/// Runs this program as a probe; what it exits with, and whether it was bound.
fn run_probe(starter: &mut Starter, cpu: Option<usize>) -> io::Result<(i32, bool)> {
    let word = |text: String| CString::new(text).map_err(io::Error::from);
    let path = std::env::current_exe()?;
    let path = word(path.to_string_lossy().into_owned())?;
    // As the library does it for its ranks, whose launcher is this process.
    single_copy::allow(std::process::id());
    let arguments = [
        path.clone(),
        word(PROBE.into())?,
        word(std::process::id().to_string())?,
        word((&raw const WORD as u64).to_string())?,
    ];
    let null = File::options().read(true).write(true).open("/dev/null")?;
    let started = starter
        .start(&Program {
            path: &path,
            arguments: &arguments,
            environment: &[],
            directory: None,
            stdio: [null.as_fd(), null.as_fd(), null.as_fd()],
            inherited: &[],
            processors: if cpu.is_some() { Some(cpu.as_slice()) } else { None },
        })
        .map_err(|(_, error)| error)?;
    match process::wait_for(started.pid) {
        Reaped::Child(_, End::Code(code)) => Ok((code, started.bound)),
        _ => Err(io::Error::other("the probe was killed")),
    }
}

/// What a probe does: `PID ADDRESS`. It exits with the number of the error, if there is one.
pub fn probe(mut words: impl Iterator<Item = String>) -> ExitCode {
    let (pid, address) = (words.next(), words.next());
    let numbers = pid.and_then(|pid| pid.parse().ok()).zip(address.and_then(|a| a.parse().ok()));
    let Some((pid, address)) = numbers else { return ExitCode::from(22) };
    match single_copy::probe(pid, address) {
        Ok(word) if word == WORD => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(5),
        Err(error) => ExitCode::from(error.raw_os_error().map_or(5, |code| code as u8)),
    }
}

fn files() -> Option<Finding> {
    let limit = process::most_files().ok()?;
    (limit < FEW_FILES).then(|| {
        Finding::flaw(
            Grade::Poor,
            format!("a process may open {limit} files: too few for large jobs"),
            "raise the limit (ulimit -Hn, /etc/security/limits.conf)",
        )
    })
}

/// Calls other hosts, each at its addresses until one answers.
pub fn call(others: Vec<(String, Vec<SocketAddr>)>) -> Vec<Finding> {
    std::thread::scope(|scope| {
        let calls: Vec<_> =
            others.iter().map(|(name, addresses)| scope.spawn(move || call_one(name, addresses))).collect();
        calls.into_iter().filter_map(|call| call.join().ok()).collect()
    })
}

fn call_one(name: &str, addresses: &[SocketAddr]) -> Finding {
    let mut failures = Vec::new();
    for address in addresses {
        let start = Instant::now();
        match TcpStream::connect_timeout(address, CALL) {
            Ok(_) => {
                let time = start.elapsed().as_secs_f64() * 1e3;
                let what = format!("reaches {name} at {} in {time:.1} ms", address.ip());
                return match failures.is_empty() {
                    true => Finding::good(what),
                    false => Finding::flaw(
                        Grade::Poor,
                        format!("{what}, but not at {}", failures.join(", ")),
                        format!("{} names the interfaces or networks to use", env::NET_IF),
                    ),
                };
            }
            Err(error) => failures.push(format!("{address} ({})", plain(&error))),
        }
    }
    Finding::flaw(
        Grade::Bad,
        format!("does not reach {name} at {}", failures.join(", ")),
        format!(
            "open the ports in the firewall ({}=LOW-HIGH limits them), or name the network with {}",
            env::NET_PORTS,
            env::NET_IF
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_that_is_open_is_reached_and_a_closed_one_is_named() {
        let open = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let all = vec![
            ("a".to_string(), vec![open.local_addr().unwrap()]),
            ("b".to_string(), vec![closed]),
            ("c".to_string(), vec![closed, open.local_addr().unwrap()]),
        ];
        let grades: Vec<Grade> = call(all).iter().map(|finding| finding.grade).collect();
        assert_eq!(grades, [Grade::Good, Grade::Bad, Grade::Poor]);
    }
}
