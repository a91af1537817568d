//! A rank's side: finding the launcher, and talking to it.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process;
use std::time::Duration;

use rankwise_os::process::{exit_now, flush_streams};
use rankwise_os::{environment, single_copy, socket};
use thiserror::Error;

use crate::channel::{Channel, Received};
use crate::env::{self, Boot, Foreign};
use crate::message::{FromRank, Job, Reason, ToRank};
use crate::pmi::pmix::Pmix;
use crate::pmi::{
    self, Offer,
    connection::{Connection, Way},
};

/// What this process is.
#[derive(Debug)]
pub enum Started {
    /// A world of its own: nobody has launched it.
    Alone(Job),
    /// A rank of a job.
    Member(Client),
}

/// Why a process cannot tell what it is, or must not go on as what it seems to be.
#[derive(Debug, Error)]
pub enum StartError {
    /// Another MPI's launcher has started it as one of several.
    #[error(
        "this program uses Rankwise ({ours}), but was started by {launcher} ({theirs}; {evidence}): two MPI installs \
         are mixed, and each process would be a world of one. Start it with Rankwise's mpirun (srun \
         --mpi=pmi2 or --mpi=pmix would do, too), or, if worlds of one are what you want, set {}=1",
        env::SINGLETON
    )]
    Foreign {
        /// Who it was.
        launcher: &'static str,
        /// The variable that says so.
        evidence: String,
        /// The file of our library.
        ours: String,
        /// The program that has started this process.
        theirs: String,
    },
    /// A program between mpirun and this process has closed the way to mpirun.
    #[error(
        "this program was started under mpirun, but descriptor {number}, which leads to mpirun, was closed on the way \
         by the program that started it. Keep it open, or set {}=1 to run this program as a world of its own",
        env::SINGLETON
    )]
    Closed {
        /// The descriptor.
        number: i32,
    },
    /// Somebody else's launcher offers to tell this process who it is, and that does not work.
    #[error(
        "this program was started by a launcher that serves PMI ({evidence}), but cannot become a rank of its job: {error}. \
         Set {}=1 to run it as a world of its own",
        env::SINGLETON
    )]
    Pmi {
        /// The variable that says so, as `NAME=value`.
        evidence: String,
        /// What does not work.
        error: io::Error,
    },
    /// Somebody has changed our variable.
    #[error("the variable {}={value} is not one that mpirun sets; unset it", env::BOOT)]
    Nonsense {
        /// What stands there.
        value: String,
    },
    /// The launcher has gone, or does not understand.
    #[error("mpirun does not answer: {0}")]
    Launcher(#[from] io::Error),
    /// The launcher has said no.
    #[error("mpirun refuses this rank: {0}")]
    Refused(String),
    /// The launcher has said something else than it must.
    #[error("mpirun's answer lacks the memory that the ranks share")]
    NoSegment,
}

/// Finds out what this process is. To be called once.
///
/// The children that this process starts from now on do not see its way to the launcher: an MPI program among them is
/// a world of its own.
pub fn start() -> Result<Started, StartError> {
    let get = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    if get(env::SINGLETON).is_some_and(|value| value == "1") {
        return Ok(Started::Alone(Job::alone()));
    }
    let value = get(env::BOOT);
    match Boot::parse(value.as_deref()) {
        Boot::Socket { number, identity } => {
            let Some(socket) = socket::adopt(number, identity) else {
                // A rank that has copied its environment before MPI_Init (as Python does) hands down what it was. But
                // the rank itself has been marked.
                let from_rank =
                    environment::of_ancestors(env::BOOT).iter().any(|v| Boot::parse(Some(v)) == Boot::Taken);
                return if from_rank {
                    Ok(Started::Alone(Job::alone()))
                } else {
                    Err(StartError::Closed { number })
                };
            };
            environment::mark(env::BOOT, env::TAKEN);
            // The launcher serves programs of other MPIs as well. One that this rank starts is no rank.
            if let Some(number) = get(env::PMI_FD).and_then(|value| value.parse().ok()) {
                drop(socket::adopt_any(number));
                environment::hide(env::PMI_FD, env::HIDDEN);
            }
            Ok(Started::Member(Client::greet(Channel::new(socket))?))
        }
        // What a rank starts is its own world, whatever started the rank; unless that is another launcher, whose variable
        // is not hidden.
        Boot::Taken => match pmi::offered(get) {
            Some(Offer::Server(way)) => join(&way),
            _ => Ok(Started::Alone(Job::alone())),
        },
        Boot::Nonsense => Err(StartError::Nonsense { value: value.unwrap_or_default() }),
        Boot::Absent => match pmi::offered(get) {
            Some(Offer::Alone) => Ok(Started::Alone(Job::alone())),
            Some(Offer::Server(way)) => join(&way),
            Some(Offer::Pmix(name)) => join_pmix(&name, get),
            None => match env::foreign(get) {
                Some(foreign) => Err(mixed(foreign)),
                None => Ok(Started::Alone(Job::alone())),
            },
        },
    }
}

/// Becomes a rank of somebody else's launcher.
fn join(way: &Way) -> Result<Started, StartError> {
    let (variable, taken, value) = match way {
        Way::Descriptor { number, .. } => (env::PMI_FD, env::PMI_FD_TAKEN, number.to_string()),
        Way::Port(port, _) => (env::PMI_PORT, env::PMI_PORT_TAKEN, port.clone()),
    };
    let failed = |error| StartError::Pmi { evidence: format!("{variable}={value}"), error };
    let socket = match way {
        Way::Descriptor { number, .. } => match socket::adopt_any(*number) {
            Some(socket) => socket,
            // As with our own variable.
            None if !environment::of_ancestors(taken).is_empty() => {
                return Ok(Started::Alone(Job::alone()));
            }
            None => return Err(failed(io::Error::other("the descriptor was closed on the way"))),
        },
        Way::Port(port, _) => Connection::dial(port).map_err(failed)?,
    };
    environment::hide(variable, env::HIDDEN);
    let pmi::Member { space, job, segment } = pmi::join(socket, way).map_err(failed)?;
    Ok(Started::Member(Client { launcher: Launcher::Pmi(space), job, segment }))
}

/// Becomes a rank of a launcher that serves PMIx, if the library for that is there.
fn join_pmix(name: &str, get: impl Fn(&str) -> Option<String>) -> Result<Started, StartError> {
    // A rank may hand down what it was: it has copied its environment, or the program between it and us has.
    if environment::of_ancestors(env::PMIX_NAMESPACE_TAKEN).iter().any(|other| other == name) {
        return Ok(Started::Alone(Job::alone()));
    }
    let library = get(env::PMIX_LIBRARY).unwrap_or_else(|| "libpmix.so.2".into());
    let evidence = format!("{}={name}", env::PMIX_NAMESPACE);
    let joined = Pmix::connect(&library).and_then(|(space, facts)| {
        environment::hide(env::PMIX_NAMESPACE, env::HIDDEN);
        pmi::join_space(Box::new(space), facts)
    });
    match joined {
        Ok(member) if member.job.size == 1 => {
            let _ = member.space.finalize();
            Ok(Started::Alone(Job::alone()))
        }
        Ok(pmi::Member { space, job, segment }) => {
            Ok(Started::Member(Client { launcher: Launcher::Pmi(space), job, segment }))
        }
        Err(error) => match env::foreign(get) {
            Some(Foreign { launcher, .. }) => Err(mixed(Foreign {
                launcher,
                evidence: format!("{evidence}, and as a rank of PMIx: {error}"),
            })),
            None => Err(StartError::Pmi { evidence, error }),
        },
    }
}

/// Names the two installs that are mixed.
fn mixed(Foreign { launcher, evidence }: Foreign) -> StartError {
    let name = |file: Option<PathBuf>| {
        file.map_or_else(|| "a file that cannot be seen".into(), |f| f.display().to_string())
    };
    let parent = rankwise_os::process::parent_of(process::id());
    let theirs = name(parent.and_then(rankwise_os::process::executable_of));
    StartError::Foreign { launcher, evidence, ours: name(rankwise_os::process::own_file()), theirs }
}

/// Who has started a rank.
#[derive(Debug)]
enum Launcher {
    /// Ours.
    Own(Channel),
    /// One that serves PMI.
    Pmi(pmi::Shared),
}

/// A rank's connection to its launcher.
#[derive(Debug)]
pub struct Client {
    launcher: Launcher,
    job: Job,
    segment: OwnedFd,
}

impl Client {
    /// Says who we are, and hears which rank that is.
    pub fn greet(channel: Channel) -> Result<Client, StartError> {
        channel.send(&FromRank::Hello { pid: process::id() }, None)?;
        // The ranks of this node are children of the process at the other end, and copy from each other's memory.
        if let Ok(parent) = socket::maker(channel.as_fd()) {
            single_copy::allow(parent);
        }
        match channel.receive()? {
            Received::Message(ToRank::Welcome(job), Some(segment)) => {
                Ok(Client { launcher: Launcher::Own(channel), job: *job, segment })
            }
            Received::Message(ToRank::Welcome(_), None) => Err(StartError::NoSegment),
            Received::Message(ToRank::Refused(why), _) => Err(StartError::Refused(why)),
            Received::Message(ToRank::At(..), _) => {
                Err(StartError::Launcher(io::ErrorKind::InvalidData.into()))
            }
            Received::Nothing | Received::Gone => {
                Err(StartError::Launcher(io::ErrorKind::ConnectionReset.into()))
            }
        }
    }

    /// Who this rank is, and in what job.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The memory that the ranks of this node share: a file that was empty when the job began. Programs that this
    /// process starts do not see the descriptor.
    pub fn segment(&self) -> io::Result<OwnedFd> {
        self.segment.try_clone()
    }

    /// Says where this rank listens, and finds out where others do.
    pub fn directory(&self, listens: Vec<SocketAddr>) -> io::Result<Directory> {
        let launcher = match &self.launcher {
            Launcher::Own(channel) => {
                channel.send(&FromRank::Listens(listens), None)?;
                Launcher::Own(channel.try_clone()?)
            }
            Launcher::Pmi(space) => {
                space.publish(self.job.rank, &listens)?;
                Launcher::Pmi(space.clone())
            }
        };
        Ok(Directory { launcher, known: HashMap::new() })
    }

    /// Tells the launcher that this process may end from now on.
    pub fn finalized(&self) {
        // A launcher that has gone takes us along anyway.
        let _ = match &self.launcher {
            Launcher::Own(channel) => channel.send(&FromRank::Finalized, None),
            Launcher::Pmi(space) => space.finalize(),
        };
    }

    /// Tells the launcher to end the job, and waits to be ended.
    pub fn abort(&self, code: i32, mut reason: Reason) -> ! {
        // A text of any length must not stand in the way of the abort itself.
        reason.shorten(16 << 10);
        // What the program has printed before often tells why.
        flush_streams(Duration::from_secs(1));
        let exit_code = if code & 0xff == 0 { 1 } else { code };
        match &self.launcher {
            Launcher::Own(channel) => {
                if channel.send(&FromRank::Abort { code, reason }, None).is_ok() {
                    // Never an answer, only the end of this process or of the launcher.
                    let _ = channel.receive::<ToRank>();
                }
            }
            Launcher::Pmi(space) => {
                let Job { rank, host, .. } = &self.job;
                let sentence = reason.sentence(&format!("rank {rank} ({host}, pid {})", process::id()), code);
                // Other launchers say little or nothing of it.
                eprintln!("rankwise: {sentence}");
                space.abort(exit_code, &sentence);
            }
        }
        exit_now(exit_code);
    }
}

/// Where the ranks of a job listen, each asked for when it is first needed.
#[derive(Debug)]
pub struct Directory {
    launcher: Launcher,
    /// What is known, and for which ranks an answer is on its way.
    known: HashMap<u32, Option<Vec<SocketAddr>>>,
}

impl Directory {
    /// Where a rank listens; `None` if the launcher has not said so yet.
    pub fn find(&mut self, rank: u32) -> io::Result<Option<Vec<SocketAddr>>> {
        if let Some(Some(found)) = self.known.get(&rank) {
            return Ok(Some(found.clone()));
        }
        let channel = match &self.launcher {
            Launcher::Own(channel) => channel,
            Launcher::Pmi(space) => {
                let found = space.find(rank)?;
                self.known.insert(rank, Some(found.clone()));
                return Ok(Some(found));
            }
        };
        if self.known.insert(rank, None).is_none() {
            channel.send(&FromRank::Where(rank), None)?;
        }
        loop {
            match channel.try_receive::<ToRank>()? {
                Received::Message(ToRank::At(rank, at), _) => {
                    self.known.insert(rank, Some(at));
                }
                Received::Message(..) => return Err(io::ErrorKind::InvalidData.into()),
                Received::Nothing => return Ok(self.known.get(&rank).cloned().flatten()),
                Received::Gone => return Err(io::ErrorKind::ConnectionReset.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_answered_with_a_job_and_a_segment() {
        let (ours, theirs) = socket::pair().unwrap();
        let launcher = Channel::new(theirs);
        let segment = rankwise_os::segment::create("test").unwrap();
        let welcome = ToRank::Welcome(Box::new(Job { rank: 3, size: 4, ..Job::alone() }));
        launcher.send(&welcome, Some(segment.as_fd())).unwrap();
        let client = Client::greet(Channel::new(ours)).unwrap();
        assert_eq!((client.job().rank, client.job().size), (3, 4));
        let copy = client.segment().unwrap();
        assert_eq!(socket::identity(copy.as_fd()).unwrap(), socket::identity(segment.as_fd()).unwrap());
        client.finalized();
        let hello = launcher.try_receive::<FromRank>().unwrap();
        assert!(matches!(hello, Received::Message(FromRank::Hello { pid }, None) if pid == process::id()));
        let last = launcher.try_receive::<FromRank>().unwrap();
        assert!(matches!(last, Received::Message(FromRank::Finalized, None)));
        assert!(matches!(launcher.try_receive::<FromRank>().unwrap(), Received::Nothing));
        drop(client);
        assert!(matches!(launcher.try_receive::<FromRank>().unwrap(), Received::Gone));
    }

    #[test]
    fn a_directory_asks_once_and_remembers() {
        let (ours, theirs) = socket::pair().unwrap();
        let launcher = Channel::new(theirs);
        let segment = rankwise_os::segment::create("test").unwrap();
        launcher.send(&ToRank::Welcome(Box::new(Job::alone())), Some(segment.as_fd())).unwrap();
        let client = Client::greet(Channel::new(ours)).unwrap();
        let at: SocketAddr = "127.0.0.1:7".parse().unwrap();
        let mut directory = client.directory(vec![at]).unwrap();
        assert_eq!(directory.find(1).unwrap(), None);
        assert_eq!(directory.find(1).unwrap(), None);
        let heard = || match launcher.try_receive::<FromRank>().unwrap() {
            Received::Message(message, _) => Some(message),
            _ => None,
        };
        assert!(matches!(heard(), Some(FromRank::Hello { .. })));
        assert_eq!(heard(), Some(FromRank::Listens(vec![at])));
        assert_eq!(heard(), Some(FromRank::Where(1)));
        assert_eq!(heard(), None);
        launcher.send(&ToRank::At(1, vec![at]), None).unwrap();
        assert_eq!(directory.find(1).unwrap(), Some(vec![at]));
        assert_eq!(directory.find(1).unwrap(), Some(vec![at]));
    }

    #[test]
    fn a_refusal_and_a_dead_launcher_are_errors() {
        let (ours, theirs) = socket::pair().unwrap();
        Channel::new(theirs).send(&ToRank::Refused("no".into()), None).unwrap();
        let error = Client::greet(Channel::new(ours)).unwrap_err();
        assert!(error.to_string().contains("mpirun"), "{error}");
        let (ours, theirs) = socket::pair().unwrap();
        drop(theirs);
        let error = Client::greet(Channel::new(ours)).unwrap_err();
        assert!(error.to_string().contains("does not answer"), "{error}");
    }
}
