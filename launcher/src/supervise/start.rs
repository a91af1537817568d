//! Starting the ranks of a job: what each of them is given.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use rankwise_boot::Channel;
use rankwise_boot::env::{self, Boot};
use rankwise_boot::message::{Job, Request};
use rankwise_os::poller::Poller;
use rankwise_os::process::{self, Starter};
use rankwise_os::{environment, pipe, socket, topology};

use super::rank::{Output, Rank, Ranks};
use crate::launch::{self, Prepared, lossy, plain};
use crate::machine;
use crate::order::{BindTo, Order, Program, StdinTo};
use crate::plan::{plan, ranges};
use crate::report::Cause;

/// What came of starting a job.
#[derive(Default)]
pub struct Outcome {
    /// What the user wants to know of it.
    pub notes: Vec<String>,
    /// The pipes that bring standard input to all ranks, if that is wished.
    pub inputs: Vec<OwnedFd>,
    /// Why not all ranks were started.
    pub failure: Option<Cause>,
}

/// Starts all ranks of a job, or those before the first one that cannot be started.
pub fn start(order: &Order, starter: Starter, ranks: &mut Ranks, poller: &Poller) -> Outcome {
    let mut outcome = Outcome::default();
    let result = Start::new(order, starter).and_then(|mut start| start.all(ranks, poller, &mut outcome));
    outcome.failure = result.err();
    outcome
}

struct Start<'a> {
    order: &'a Order,
    starter: Starter,
    null: File,
    host: String,
    universe: u32,
    crowded: bool,
}

impl<'a> Start<'a> {
    fn new(order: &'a Order, starter: Starter) -> Result<Start<'a>, Cause> {
        if let Some(dir) = &order.options.output {
            fs::create_dir_all(dir)
                .map_err(|e| fault(&format!("cannot make directory {}", dir.display()), &e))?;
        }
        let null = File::options().read(true).write(true).open("/dev/null");
        Ok(Start {
            order,
            starter,
            null: null.map_err(|e| fault("cannot open /dev/null", &e))?,
            host: environment::host_name(),
            universe: order.size().max(topology::allowed_cpus().len() as u32),
            crowded: order.size() as usize > topology::usable_cpus(),
        })
    }

    fn all(&mut self, ranks: &mut Ranks, poller: &Poller, outcome: &mut Outcome) -> Result<(), Cause> {
        let order = self.order;
        let prepared: Vec<Prepared> = order.programs.iter().map(Prepared::new).collect::<Result<_, _>>()?;
        let plan = places_of_ranks(order);
        let apps = order.programs.iter().zip(&prepared).enumerate();
        let each = apps.flat_map(|(appnum, app)| (0..app.0.count).map(move |_| (appnum, app)));
        for (rank, (appnum, (program, prepared))) in (0..).zip(each) {
            let cpus = plan.get(rank as usize).and_then(Option::as_deref);
            let (started, bound) =
                self.one(self.job(rank, appnum, program), program, prepared, cpus, outcome)?;
            if order.options.verbose {
                outcome.notes.push(format!("{} is {}", started.describe(), place(cpus, bound)));
            }
            ranks.add(started, poller).map_err(|e| fault(&format!("cannot listen to rank {rank}"), &e))?;
        }
        Ok(())
    }

    fn job(&self, rank: u32, appnum: usize, program: &Program) -> Job {
        let size = self.order.size();
        let wdir = program.wdir.clone().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        Job {
            rank,
            size,
            local_rank: rank,
            local_size: size,
            host: self.host.clone(),
            appnum: Some(appnum as i32),
            universe_size: Some(self.universe as i32),
            crowded: self.crowded,
            request: Some(Request {
                command: lossy(&program.command),
                arguments: program.arguments.iter().map(lossy).collect(),
                maxprocs: program.count,
                wdir: wdir.to_string_lossy().into_owned(),
                initial_errhandler: self.order.options.initial_errhandler.clone(),
            }),
        }
    }

    /// Starts one rank; also tells whether it is bound to its processors.
    fn one(
        &mut self,
        job: Job,
        program: &Program,
        prepared: &Prepared,
        processors: Option<&[usize]>,
        outcome: &mut Outcome,
    ) -> Result<(Rank, bool), Cause> {
        let rank = job.rank;
        let fault = |e: io::Error| fault(&format!("cannot start rank {rank} of {}", job.size), &e);
        let (ours, theirs) = socket::pair().map_err(fault)?;
        let (out, stdout) = self.output(rank, "out").map_err(fault)?;
        let (err, stderr) = self.output(rank, "err").map_err(fault)?;
        let stdin = self.input(rank, outcome).map_err(fault)?;
        let identity = socket::identity(theirs.as_fd()).map_err(fault)?;
        let environment = prepared.environment_with(&[
            (env::BOOT, Boot::value(theirs.as_raw_fd(), identity)),
            (env::RANK, job.rank.to_string()),
            (env::SIZE, job.size.to_string()),
            (env::LOCAL_RANK, job.local_rank.to_string()),
            (env::LOCAL_SIZE, job.local_size.to_string()),
        ]);
        let started = self.starter.start(&process::Program {
            path: &prepared.path,
            arguments: &prepared.arguments,
            environment: &environment,
            directory: prepared.directory.as_deref(),
            stdio: [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()],
            inherited: Some(theirs.as_fd()),
            processors,
        });
        let started = started.map_err(|(step, e)| launch::explain(program, step, &e))?;
        let rank = Rank::new(lossy(&program.command), started.pid, job, Channel::new(ours), [out, err]);
        Ok((rank, started.bound))
    }

    /// What a rank writes to, and our end of it if there is one.
    fn output(&self, rank: u32, kind: &str) -> io::Result<(Option<Output>, OwnedFd)> {
        match &self.order.options.output {
            Some(dir) => Ok((None, output_file(dir, rank, kind)?)),
            None => {
                let (reader, writer) = pipe::create()?;
                Ok((Some(Output::new(reader)?), writer))
            }
        }
    }

    /// What a rank reads.
    fn input(&self, rank: u32, outcome: &mut Outcome) -> io::Result<OwnedFd> {
        match self.order.options.stdin {
            // Who reads our own input takes no more of it than it needs, and leaves the rest to whoever comes after us.
            StdinTo::Rank(reader) if reader == rank => io::stdin().as_fd().try_clone_to_owned(),
            StdinTo::All => {
                let (reader, writer) = pipe::create()?;
                pipe::set_nonblocking(&writer)?;
                outcome.inputs.push(writer);
                Ok(reader)
            }
            _ => self.null.as_fd().try_clone_to_owned(),
        }
    }
}

fn fault(what: &str, error: &io::Error) -> Cause {
    Cause::NotStarted { message: format!("{what}: {}", plain(error)), code: 1 }
}

fn output_file(dir: &Path, rank: u32, kind: &str) -> io::Result<OwnedFd> {
    let path = dir.join(format!("rank.{rank}.{kind}"));
    let named = |e: io::Error| io::Error::new(e.kind(), format!("{}: {}", path.display(), plain(&e)));
    Ok(File::create(&path).map_err(named)?.into())
}

/// The processors of each rank. Looking at the machine takes a while, so that is left out where the answer is known.
fn places_of_ranks(order: &Order) -> Vec<Option<Vec<usize>>> {
    let (bind, map, size) = (order.options.bind_to, order.options.map_by, order.size() as usize);
    let wished = bind.is_some() || map.is_some();
    let free = !wished && (size == 1 || size > topology::allowed_cpus().len());
    if free || bind == Some(BindTo::None) { Vec::new() } else { plan(&machine::places(), size, bind, map) }
}

fn place(cpus: Option<&[usize]>, bound: bool) -> String {
    match cpus.map(ranges) {
        Some(cpus) if bound => format!("bound to processors {cpus}"),
        Some(cpus) => format!("to be bound to processors {cpus}, which the system refuses"),
        None => "not bound".to_string(),
    }
}
