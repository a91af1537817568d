//! Starting the ranks of a node: what each of them is given.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rankwise_boot::Channel;
use rankwise_boot::env::{self, Boot};
use rankwise_boot::message::{Job, Request};
use rankwise_os::poller::Poller;
use rankwise_os::process::{self, Starter};
use rankwise_os::{environment, pipe, socket, topology};

use super::{KEYS, Member, Node, Output};
use crate::launch::{self, Prepared, lossy, plain};
use crate::machine;
use crate::order::{BindTo, Program, StdinTo};
use crate::plan::bind::{Wish, plan, ranges};
use crate::plan::rankfile::Slots;
use crate::wire::Assignment;

/// Why not all ranks were started, for people, and what to exit with.
pub type Failure = (String, i32);

/// Starts all ranks of a node, or those before the first one that cannot be started.
pub fn start(
    node: &mut Node,
    assignment: &Assignment,
    starter: &mut Starter,
    poller: &Poller,
) -> Result<(), Failure> {
    let environment = match &assignment.surroundings {
        Some(theirs) => launch::carried(&theirs.environment, std::env::vars_os()),
        None => std::env::vars_os().collect(),
    };
    let directory = assignment.surroundings.as_ref().map(|theirs| &theirs.directory);
    if let Some(directory) = directory {
        // A program that says where it starts can do without it.
        let needed = assignment.programs.iter().any(|p| !p.wdir.as_ref().is_some_and(|w| w.is_absolute()));
        if let Err(e) = std::env::set_current_dir(directory)
            && needed
        {
            let what = format!(
                "ranks start in the directory of mpirun, {}, but there is none on {} ({}): -wdir names another one",
                directory.display(),
                environment::host_name(),
                plain(&e)
            );
            return Err((what, 126));
        }
    }
    let null = File::options().read(true).write(true).open("/dev/null");
    let start = Start {
        assignment,
        environment,
        members: assignment.placement.ranks(assignment.node),
        null: null.map_err(|e| fault("cannot open /dev/null", &e))?,
        host: environment::host_name(),
    };
    start.all(node, starter, poller)
}

struct Start<'a> {
    assignment: &'a Assignment,
    environment: Vec<(OsString, OsString)>,
    /// The ranks of this node.
    members: Vec<u32>,
    null: File,
    host: String,
}

impl Start<'_> {
    fn all(&self, node: &mut Node, starter: &mut Starter, poller: &Poller) -> Result<(), Failure> {
        let programs = &self.assignment.programs;
        let prepare = |program| Prepared::new(program, &self.environment);
        // Only those that run here must be there.
        let mut prepared: Vec<Option<Prepared>> = Vec::new();
        for (program, index) in programs.iter().zip(0..) {
            let wanted = self.assignment.ranks.iter().any(|&(own, _)| own == index);
            prepared.push(if wanted { Some(prepare(program)?) } else { None });
        }
        let windows = self.windows(&prepared)?;
        let places = places_of_ranks(self.assignment, &self.members, &self.host)?;
        for (local, (&rank, &(appnum, sinks))) in self.members.iter().zip(&self.assignment.ranks).enumerate()
        {
            let appnum = appnum as usize;
            let cpus = places.get(local).and_then(Option::as_deref);
            let (Some(program), Some(Some(own))) = (programs.get(appnum), prepared.get(appnum)) else {
                return Err((format!("rank {rank} is to run program {appnum}, which is none of the job"), 1));
            };
            let job = self.job(rank, local as u32, appnum, program);
            let (program, own) = match windows.get(&rank) {
                Some((program, own)) => (program, own),
                None => (program, own),
            };
            let (member, bound) = self.one(node, job, (program, own), (cpus, sinks), starter)?;
            node.add(member, place(cpus, bound), poller)
                .map_err(|e| fault(&format!("cannot listen to rank {rank}"), &e))?;
        }
        Ok(())
    }

    /// What ranks run that have a window of their own.
    fn windows(&self, prepared: &[Option<Prepared>]) -> Result<HashMap<u32, (Program, Prepared)>, Failure> {
        let Some(wish) = &self.assignment.xterm else { return Ok(HashMap::new()) };
        let each = self.members.iter().zip(&self.assignment.ranks);
        let windows = each.filter(|&(&rank, _)| wish.has(rank)).filter_map(|(&rank, &(appnum, _))| {
            let program = self.assignment.programs.get(appnum as usize)?;
            let prepared = prepared.get(appnum as usize)?.as_ref()?;
            Some(self.window(rank, program, prepared, wish.hold).map(|window| (rank, window)))
        });
        windows.collect()
    }

    fn window(
        &self,
        rank: u32,
        program: &Program,
        prepared: &Prepared,
        hold: bool,
    ) -> Result<(Program, Prepared), Failure> {
        let window = launch::in_window(program, prepared, rank, hold);
        let prepared = Prepared::new(&window, &self.environment)
            .map_err(|_| launch::no_window(&self.host, "there is no program xterm in PATH", 127))?;
        let display = self.environment.iter().chain(&program.environment);
        if !display.into_iter().any(|(name, value)| name == env::DISPLAY && !value.is_empty()) {
            return Err(launch::no_window(&self.host, "DISPLAY is not set", 126));
        }
        Ok((window, prepared))
    }

    fn job(&self, rank: u32, local_rank: u32, appnum: usize, program: &Program) -> Job {
        let assignment = self.assignment;
        let wdir = program.wdir.clone().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let wdir = match wdir.is_absolute() {
            true => wdir,
            false => std::env::current_dir().unwrap_or_default().join(&wdir),
        };
        Job {
            rank,
            size: assignment.placement.size() as u32,
            placement: assignment.placement.clone(),
            local_rank,
            local_size: self.members.len() as u32,
            host: self.host.clone(),
            appnum: Some(appnum as i32),
            universe_size: assignment.universe.map(|number| number as i32),
            crowded: self.members.len() > topology::usable_cpus(),
            request: Some(Request {
                command: lossy(&program.command),
                arguments: program.arguments.iter().map(lossy).collect(),
                maxprocs: program.count,
                wdir: wdir.to_string_lossy().into_owned(),
                initial_errhandler: assignment.initial_errhandler.clone(),
                memory_kinds: assignment.memory_kinds.clone(),
            }),
            network: assignment.network.clone(),
        }
    }

    /// Starts one rank; also tells whether it is bound to its processors.
    fn one(
        &self,
        node: &mut Node,
        job: Job,
        (program, prepared): (&Program, &Prepared),
        (processors, sinks): (Option<&[usize]>, [u8; 2]),
        starter: &mut Starter,
    ) -> Result<(Member, bool), Failure> {
        let rank = job.rank;
        let fault = |e: io::Error| fault(&format!("cannot start rank {rank} of {}", job.size), &e);
        let (ours, theirs) = socket::pair().map_err(fault)?;
        let (out, stdout) = output(sinks[0], node).map_err(fault)?;
        let (err, stderr) = output(sinks[1], node).map_err(fault)?;
        let stdin = self.input(rank, node).map_err(fault)?;
        // Programs of other MPIs see it beside ours, and each takes what it knows.
        let (pmi, their_pmi) = socket::stream_pair().map_err(fault)?;
        pipe::set_nonblocking(&pmi).map_err(fault)?;
        let identity = socket::identity(theirs.as_fd()).map_err(fault)?;
        let environment = prepared.environment_with(&[
            (env::BOOT, Boot::value(theirs.as_raw_fd(), identity)),
            (env::RANK, job.rank.to_string()),
            (env::SIZE, job.size.to_string()),
            (env::LOCAL_RANK, job.local_rank.to_string()),
            (env::LOCAL_SIZE, job.local_size.to_string()),
            (env::PMI_FD, their_pmi.as_raw_fd().to_string()),
            (env::PMI_RANK, job.rank.to_string()),
            (env::PMI_SIZE, job.size.to_string()),
            (env::HYDRA_LOCAL_RANK, job.local_rank.to_string()),
            (env::HYDRA_LOCAL_SIZE, job.local_size.to_string()),
        ]);
        let started = starter.start(&process::Program {
            path: &prepared.path,
            arguments: &prepared.arguments,
            environment: &environment,
            directory: prepared.directory.as_deref(),
            stdio: [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()],
            inherited: &[theirs.as_fd(), their_pmi.as_fd()],
            processors,
        });
        let started = started.map_err(|(step, e)| launch::explain(program, &self.environment, step, &e))?;
        let member = Member {
            job,
            pid: started.pid,
            alive: true,
            channel: Some(Channel::new(ours)),
            pmi: Some(pmi),
            outputs: [out, err].map(Some),
            welcomed: 0,
        };
        Ok((member, started.bound))
    }

    /// What a rank reads.
    fn input(&self, rank: u32, node: &mut Node) -> io::Result<OwnedFd> {
        match self.assignment.stdin {
            // Who reads our own input takes no more of it than it needs, and leaves the rest to whoever comes after us.
            StdinTo::Rank(reader) if reader == rank && self.assignment.surroundings.is_none() => {
                io::stdin().as_fd().try_clone_to_owned()
            }
            StdinTo::Rank(reader) if reader != rank => self.null.as_fd().try_clone_to_owned(),
            StdinTo::None => self.null.as_fd().try_clone_to_owned(),
            StdinTo::All | StdinTo::Rank(_) => {
                let (reader, writer) = pipe::create()?;
                pipe::set_nonblocking(&writer)?;
                let key = node.first_key + node.feed.len() as u64 * KEYS + 3;
                node.feed.add(writer, key);
                Ok(reader)
            }
        }
    }
}

fn fault(what: &str, error: &io::Error) -> Failure {
    (format!("{what}: {}", plain(error)), 1)
}

/// What a rank writes to, and our end of it.
fn output(sink: u8, node: &Node) -> io::Result<(Output, OwnedFd)> {
    let (reader, writer) = pipe::create()?;
    pipe::set_nonblocking(&reader)?;
    debug_assert!(!node.held.contains(&sink), "a sink is held before anything was written to it");
    Ok((Output { reader, sink, held: false }, writer))
}

/// The processors of each rank. Looking at the machine takes a while, so that is left out where the answer is known.
fn places_of_ranks(
    assignment: &Assignment,
    members: &[u32],
    host: &str,
) -> Result<Vec<Option<Vec<usize>>>, Failure> {
    let (bind, map, size) = (assignment.bind_to, assignment.map_by, members.len());
    if !assignment.slots.is_empty() {
        let machine = machine::places();
        let place = |(rank, slots): (&u32, &Option<Slots>)| {
            let Some(slots) = slots else { return Ok(None) };
            let missing =
                |what| (format!("rank {rank} cannot be bound as the rankfile says: {host} has no {what}"), 1);
            slots.processors(&machine).map(Some).map_err(missing)
        };
        return members.iter().zip(&assignment.slots).map(place).collect();
    }
    let (run, width) = (assignment.run as usize, assignment.width as usize);
    let wished = bind.is_some() || map.is_some() || width > 1;
    let free = !wished && (size == 1 || size > topology::allowed_cpus().len());
    Ok(match free || bind == Some(BindTo::None) {
        true => Vec::new(),
        false => plan(&machine::places(), size, Wish { bind, map, run, width }),
    })
}

fn place(cpus: Option<&[usize]>, bound: bool) -> String {
    match cpus.map(ranges) {
        Some(cpus) if bound => format!("bound to processors {cpus}"),
        Some(cpus) => format!("to be bound to processors {cpus}, which the system refuses"),
        None => "not bound".to_string(),
    }
}
