//! Starting the ranks of a job: what each of them is given.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use rankwise_boot::env::{self, Boot};
use rankwise_boot::message::{Job, Network, Request, Secret};
use rankwise_boot::{Channel, Placement};
use rankwise_os::poller::Poller;
use rankwise_os::process::{self, Starter};
use rankwise_os::{environment, pipe, socket, topology};

use super::rank::{Output, Place, Rank, Ranks};
use super::{FILES, STDERR, STDOUT};
use crate::launch::{self, Prepared, lossy, plain};
use crate::machine;
use crate::order::{BindTo, Options, Order, Program, StdinTo, Transport, Universe};
use crate::output::sink::Named;
use crate::pattern::Filler;
use crate::plan::{plan, ranges};
use crate::report::Cause;

/// What came of starting a job.
#[derive(Default)]
pub struct Outcome {
    /// What the user wants to know of it.
    pub notes: Vec<String>,
    /// The pipes that bring standard input to all ranks, if that is wished.
    pub inputs: Vec<OwnedFd>,
    /// The files that ranks' output goes to.
    pub files: Vec<Named>,
    /// Why not all ranks were started.
    pub failure: Option<Cause>,
}

/// Starts all ranks of a job, or those before the first one that cannot be started.
pub fn start(order: &Order, starter: Starter, ranks: &mut Ranks, poller: &Poller) -> Outcome {
    let mut outcome = Outcome::default();
    let result =
        Start::new(order, starter, &mut outcome).and_then(|mut start| start.all(ranks, poller, &mut outcome));
    outcome.failure = result.err();
    outcome
}

struct Start<'a> {
    order: &'a Order,
    starter: Starter,
    null: File,
    host: String,
    universe: Option<u32>,
    crowded: bool,
    /// What the ranks' network needs, if they use one.
    network: Option<Network>,
    /// Where the output and the errors of each rank go.
    places: Vec<[Place; 2]>,
}

impl<'a> Start<'a> {
    fn new(order: &'a Order, starter: Starter, outcome: &mut Outcome) -> Result<Start<'a>, Cause> {
        let host = environment::host_name();
        let mut opened = HashMap::new();
        let ranks = 0..order.size();
        let places = ranks.map(|rank| places_of_output(order, rank, &host, &mut opened, &mut outcome.files));
        let places = places.collect::<Result<_, _>>()?;
        let universe = match order.options.universe {
            Universe::System => Some(order.size().max(topology::allowed_cpus().len() as u32)),
            Universe::Infinite => None,
            Universe::Ranks(number) => Some(number),
        };
        let network = match order.options.transport {
            Transport::Shm => None,
            Transport::Tcp => {
                let secret = Secret::random().map_err(|e| fault("cannot make a secret for the job", &e))?;
                Some(Network { secret, within_nodes: true })
            }
        };
        let null = File::options().read(true).write(true).open("/dev/null");
        Ok(Start {
            order,
            starter,
            null: null.map_err(|e| fault("cannot open /dev/null", &e))?,
            host,
            universe,
            crowded: order.size() as usize > topology::usable_cpus(),
            network,
            places,
        })
    }

    fn all(&mut self, ranks: &mut Ranks, poller: &Poller, outcome: &mut Outcome) -> Result<(), Cause> {
        let order = self.order;
        let prepared: Vec<Prepared> = order.programs.iter().map(Prepared::new).collect::<Result<_, _>>()?;
        let windows = self.windows(&prepared)?;
        let plan = places_of_ranks(order);
        let apps = order.programs.iter().zip(&prepared).enumerate();
        let each = apps.flat_map(|(appnum, app)| (0..app.0.count).map(move |_| (appnum, app)));
        for (rank, (appnum, (program, prepared))) in (0..).zip(each) {
            let cpus = plan.get(rank as usize).and_then(Option::as_deref);
            let job = self.job(rank, appnum, program);
            let (program, prepared) = match windows.get(&rank) {
                Some((program, prepared)) => (program, prepared),
                None => (program, prepared),
            };
            let (started, bound) = self.one(job, program, prepared, cpus, outcome)?;
            if order.options.verbose {
                outcome.notes.push(format!("{} is {}", started.describe(), place(cpus, bound)));
            }
            ranks.add(started, poller).map_err(|e| fault(&format!("cannot listen to rank {rank}"), &e))?;
        }
        Ok(())
    }

    /// What ranks run that have a window of their own.
    fn windows(&self, prepared: &[Prepared]) -> Result<HashMap<u32, (Program, Prepared)>, Cause> {
        let Some(wish) = &self.order.options.xterm else { return Ok(HashMap::new()) };
        let programs = self.order.programs.iter().zip(prepared);
        let each = (0..).zip(programs.flat_map(|app| (0..app.0.count).map(move |_| app)));
        let windows = each.filter(|&(rank, _)| wish.has(rank)).map(|(rank, (program, prepared))| {
            let window = launch::in_window(program, prepared, rank, wish.hold);
            let prepared = Prepared::new(&window)
                .map_err(|_| launch::no_window(&self.host, "there is no program xterm in PATH", 127))?;
            if !program.environment.iter().any(|(name, _)| name == env::DISPLAY)
                && std::env::var_os(env::DISPLAY).is_none_or(|display| display.is_empty())
            {
                return Err(launch::no_window(&self.host, "DISPLAY is not set", 126));
            }
            Ok((rank, (window, prepared)))
        });
        windows.collect()
    }

    fn job(&self, rank: u32, appnum: usize, program: &Program) -> Job {
        let size = self.order.size();
        let wdir = program.wdir.clone().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        Job {
            rank,
            size,
            placement: Placement::single(size),
            local_rank: rank,
            local_size: size,
            host: self.host.clone(),
            appnum: Some(appnum as i32),
            universe_size: self.universe.map(|number| number as i32),
            crowded: self.crowded,
            request: Some(Request {
                command: lossy(&program.command),
                arguments: program.arguments.iter().map(lossy).collect(),
                maxprocs: program.count,
                wdir: wdir.to_string_lossy().into_owned(),
                initial_errhandler: self.order.options.initial_errhandler.clone(),
                memory_kinds: self.order.options.memory_kinds.clone(),
            }),
            network: self.network.clone(),
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
        let [out_place, err_place] = self.places[rank as usize];
        let (out, stdout) = output(out_place).map_err(fault)?;
        let (err, stderr) = output(err_place).map_err(fault)?;
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

/// What a rank writes to, and our end of it.
fn output(place: Place) -> io::Result<(Output, OwnedFd)> {
    let (reader, writer) = pipe::create()?;
    Ok((Output::new(reader, place)?, writer))
}

/// Where the output and the errors of a rank go. Files are opened here, each of them once, before anything is started.
fn places_of_output(
    order: &Order,
    rank: u32,
    host: &str,
    opened: &mut HashMap<String, usize>,
    files: &mut Vec<Named>,
) -> Result<[Place; 2], Cause> {
    let Options { files: patterns, merged, .. } = &order.options;
    let mut place = |own: usize| match &patterns[own] {
        None => Ok(Place { sink: own, file: 0 }),
        Some(pattern) => {
            let name = pattern.fill(Filler { rank, host }, String::new);
            let file = match opened.get(&name) {
                Some(&file) => file,
                None => {
                    files.push((name.clone(), create(&name)?));
                    opened.insert(name, files.len() - 1);
                    files.len() - 1
                }
            };
            Ok(Place { sink: FILES, file })
        }
    };
    let out = place(STDOUT)?;
    Ok([out, if *merged { out } else { place(STDERR)? }])
}

/// Makes a file, and the directory that it is in.
fn create(name: &str) -> Result<OwnedFd, Cause> {
    if let Some(dir) = Path::new(name).parent() {
        fs::create_dir_all(dir)
            .map_err(|e| fault(&format!("cannot make directory {}", dir.display()), &e))?;
    }
    let file = File::create(name).map_err(|e| fault(&format!("cannot make file {name}"), &e))?;
    Ok(file.into())
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
