//! Why a job has ended, and what of that is said.

use std::time::Duration;

use rankwise_boot::message::Reason;
use rankwise_os::process::End;
use rankwise_os::signal::{self, Signal};

use crate::plan::bind::ranges;

/// A rank as it is named in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its rank.
    pub rank: u32,
    /// Its host.
    pub host: String,
    /// Its process.
    pub pid: u32,
    /// Its program.
    pub program: String,
}

/// How far a rank was with MPI when it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It had called MPI_Init, and not MPI_Finalize.
    Within,
    /// It had not called MPI_Init, and others had.
    Missing,
    /// Nobody waited for it.
    Outside,
}

/// Why a job has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A rank called MPI_Abort, or an error of MPI ended it.
    Aborted {
        /// Who.
        name: Name,
        /// With what code.
        code: i32,
        /// And why.
        reason: Reason,
    },
    /// A rank has ended as no rank should.
    Ended {
        /// Who.
        name: Name,
        /// How.
        end: End,
        /// How far it was with MPI.
        stage: Stage,
    },
    /// A rank's connection brought something that is none of our messages.
    Misunderstood {
        /// Who.
        name: Name,
        /// What was wrong with it.
        error: String,
    },
    /// A host does not take part, or no longer.
    HostLost {
        /// Its name.
        host: String,
        /// What is said of it.
        why: String,
    },
    /// The user has sent this signal, and ranks have ended of it.
    Signalled(i32),
    /// The time for the job is over.
    TimedOut(Duration),
    /// A program could not be started.
    NotStarted {
        /// What was in the way.
        message: String,
        /// 127 where there is no such program, 126 where it does not run.
        code: i32,
    },
}

impl Cause {
    /// Among ends that are found at the same time, the one with the highest weight is likely to have caused the others.
    pub fn weight(&self) -> u32 {
        match self {
            Cause::Ended { end: End::Signal(s), .. } if *s != Signal::SIGTERM as i32 => 4,
            Cause::Aborted { .. } | Cause::Misunderstood { .. } => 3,
            Cause::Ended { end: End::Code(c), .. } if *c != 0 => 2,
            Cause::Ended { .. } => 1,
            _ => 5,
        }
    }

    /// What mpirun exits with.
    pub fn exit_code(&self) -> i32 {
        match self {
            // A shell sees the lowest eight bits only: an abort must not look like success, whatever its code.
            Cause::Aborted { code, .. } if code & 0xff == 0 => 1,
            Cause::Aborted { code, .. } => code & 0xff,
            Cause::Ended { end: End::Code(0), .. } | Cause::Misunderstood { .. } => 1,
            Cause::Ended { end: End::Code(code), .. } => *code,
            Cause::Ended { end: End::Signal(signal), .. } => 128 + signal,
            Cause::Signalled(signal) => 128 + signal,
            Cause::HostLost { .. } => 1,
            Cause::TimedOut(_) => 124,
            Cause::NotStarted { code, .. } => *code,
        }
    }

    /// The one line (or two) that the user reads.
    pub fn text(&self) -> String {
        match self {
            Cause::Aborted { name: Name { rank, host, pid, .. }, code, reason } => {
                reason.sentence(&format!("rank {rank} ({host}, pid {pid})"), *code)
            }
            Cause::Ended { name, end, stage } => {
                let Name { rank, host, pid, program } = name;
                let how = match end {
                    // A shell's way to say that what it ran was killed.
                    End::Code(code @ 129..=159) => {
                        let signal = signal::describe(code - 128);
                        format!("exited with code {code}, as shells do after {signal}")
                    }
                    End::Code(code) if *stage == Stage::Within => {
                        format!("exited with code {code} after MPI_Init without calling MPI_Finalize")
                    }
                    End::Code(0) if *stage == Stage::Missing => {
                        "exited with code 0 without calling MPI_Init, which other ranks have called"
                            .to_string()
                    }
                    End::Code(code) => format!("exited with code {code}"),
                    End::Signal(number) => format!("was killed by {}", signal::describe(*number)),
                };
                format!("rank {rank} ({host}, pid {pid}, {program}) {how}")
            }
            Cause::Misunderstood { name, error } => {
                let Name { rank, host, pid, program } = name;
                format!("rank {rank} ({host}, pid {pid}, {program}) is not of this Rankwise: {error}")
            }
            Cause::HostLost { host, why } => format!("host {host} {why}"),
            Cause::Signalled(number) => format!("the job was ended by {}", signal::describe(*number)),
            Cause::TimedOut(limit) => {
                format!(
                    "the job was ended because it ran longer than the {} s it was given",
                    limit.as_secs_f64()
                )
            }
            Cause::NotStarted { message, .. } => message.clone(),
        }
    }
}

/// What all ranks have exited with, those with the same code together.
pub fn exit_codes(ends: impl Iterator<Item = Option<End>>) -> String {
    let mut groups: Vec<(Option<End>, Vec<usize>)> = Vec::new();
    for (rank, end) in ends.enumerate() {
        match groups.iter_mut().find(|(other, _)| *other == end) {
            Some((_, ranks)) => ranks.push(rank),
            None => groups.push((end, vec![rank])),
        }
    }
    let said = groups.into_iter().map(|(end, ranks)| {
        let how = match end {
            Some(End::Code(code)) => code.to_string(),
            Some(End::Signal(number)) => signal::describe(number),
            None => "unknown".to_string(),
        };
        format!("{how} of rank{} {}", if ranks.len() == 1 { "" } else { "s" }, ranges(&ranks))
    });
    format!("exit codes: {}", said.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> Name {
        Name { rank: 2, host: "h".into(), pid: 7, program: "./a.out".into() }
    }

    #[test]
    fn causes_read_as_a_person_would_say_them() {
        let ended = |end, stage| Cause::Ended { name: name(), end, stage };
        let aborted = |reason| Cause::Aborted { name: name(), code: 7, reason }.text();
        let on = |name: &str| aborted(Reason::Called(name.into()));
        assert_eq!(on(""), "rank 2 (h, pid 7) called MPI_Abort with code 7");
        assert_eq!(on("MPI_COMM_WORLD"), "rank 2 (h, pid 7) called MPI_Abort with code 7 on MPI_COMM_WORLD");
        let failed = Reason::Failed("MPI_Send failed\n".into());
        assert_eq!(aborted(failed), "rank 2 (h, pid 7): MPI_Send failed");
        let text = ended(End::Signal(11), Stage::Within).text();
        assert_eq!(text, "rank 2 (h, pid 7, ./a.out) was killed by SIGSEGV (invalid memory access)");
        assert_eq!(
            ended(End::Code(3), Stage::Outside).text(),
            "rank 2 (h, pid 7, ./a.out) exited with code 3"
        );
        assert!(ended(End::Code(0), Stage::Within).text().ends_with("without calling MPI_Finalize"));
        assert!(ended(End::Code(139), Stage::Outside).text().contains("SIGSEGV"));
    }

    #[test]
    fn exit_codes_are_said_for_all_ranks() {
        let ends = [End::Code(0), End::Code(3), End::Code(0), End::Code(0)].map(Some);
        assert_eq!(exit_codes(ends.into_iter()), "exit codes: 0 of ranks 0,2-3; 3 of rank 1");
    }

    #[test]
    fn no_failure_looks_like_success() {
        let code =
            |code| Cause::Aborted { name: name(), code, reason: Reason::Called(String::new()) }.exit_code();
        assert_eq!([code(7), code(256), code(-1), code(0)], [7, 1, 255, 1]);
        let ended = |end| Cause::Ended { name: name(), end, stage: Stage::Within };
        assert_eq!(ended(End::Code(0)).exit_code(), 1);
        assert_eq!(ended(End::Signal(9)).exit_code(), 137);
        assert!(ended(End::Signal(11)).weight() > ended(End::Code(1)).weight());
    }
}
