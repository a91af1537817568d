//! From an order to what each node is to do, and where what ranks write is shown.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rankwise_boot::Placement;
use rankwise_boot::message::{Network, Secret};
use rankwise_os::{environment, topology};

use super::pmi::Server;
use super::ranks::{Place, Ranks};
use super::{FILES, STDERR, STDOUT};
use crate::here::is_here;
use crate::launch::{lossy, plain};
use crate::order::{Options, Order, StdinTo, Transport, Universe};
use crate::output::sink::Named;
use crate::pattern::Filler;
use crate::report::Cause;
use crate::wire::{Assignment, Node, Surroundings};

/// A job that can begin.
#[derive(Default)]
pub struct Beginning {
    /// Its ranks, none of which runs yet.
    pub ranks: Ranks,
    /// The host of each rank.
    pub hosts: Vec<String>,
    /// What each node is to do.
    pub assignments: Vec<Assignment>,
    /// Which of the nodes this one is.
    pub own: Option<Node>,
    /// The names of the others.
    pub others: Vec<(Node, String)>,
    /// The nodes that standard input is sent to. (A rank on this one simply inherits it.)
    pub readers: Vec<Node>,
    /// The files that ranks' output goes to.
    pub files: Vec<Named>,
    /// What programs of other MPIs ask.
    pub pmi: Server,
}

/// Makes all ready for a job; nothing is started yet.
pub fn begin(order: &Order) -> Result<Beginning, Cause> {
    let names = node_names(order);
    let own = names.iter().position(|(_, local)| *local).map(|node| node as Node);
    let here = environment::host_name();
    let name = |node: Node| if Some(node) == own { here.clone() } else { names[node as usize].0.clone() };
    // All names of this host are one node.
    let node = |&host: &u32| if names[host as usize].1 { own.unwrap_or(host) } else { host };
    let nodes: Vec<Node> = order.nodes.iter().map(node).collect();
    let placement = Placement::of(nodes.iter().copied());
    let hosts: Vec<String> = nodes.iter().map(|&node| name(node)).collect();
    let (mut opened, mut files) = (HashMap::new(), Vec::new());
    let places: Vec<[Place; 2]> = (0..)
        .zip(&hosts)
        .map(|(rank, host)| places_of_output(&order.options, rank, host, &mut opened, &mut files))
        .collect::<Result<_, _>>()?;
    let each = order.programs.iter().zip(0..).flat_map(|(program, index)| {
        std::iter::repeat_n((lossy(&program.command), index), program.count as usize)
    });
    let programs: Vec<(String, u32)> = each.collect();
    let ranks = nodes.iter().zip(&hosts).zip(&programs).zip(&places);
    let ranks = Ranks::new(
        ranks.map(|(((&node, host), (program, _)), &places)| (node, host.clone(), program.clone(), places)),
    );
    let mut used = nodes.clone();
    used.sort_unstable();
    used.dedup();
    let network = network(order, used.len())?;
    let remote = used.iter().any(|&node| Some(node) != own);
    let surroundings = remote.then(|| Surroundings {
        environment: std::env::vars_os().collect(),
        directory: std::env::current_dir().unwrap_or_default(),
    });
    let assignment = |&node: &Node| {
        let ranks = placement.ranks(node).into_iter().map(|rank| rank as usize);
        let sinks = |rank: usize| places[rank].map(|place| place.sink as u8);
        Assignment {
            node,
            placement: placement.clone(),
            programs: order.programs.clone(),
            slots: match order.slots.is_empty() {
                true => Vec::new(),
                false => ranks.clone().map(|rank| order.slots[rank].clone()).collect(),
            },
            ranks: ranks.map(|rank| (programs[rank].1, sinks(rank))).collect(),
            universe: universe(order),
            network: network.clone(),
            bind_to: order.options.bind_to,
            map_by: order.options.map_by,
            run: order.options.run,
            width: order.options.width,
            stdin: order.options.stdin,
            xterm: order.options.xterm.clone(),
            initial_errhandler: order.options.initial_errhandler.clone(),
            memory_kinds: order.options.memory_kinds.clone(),
            surroundings: surroundings.clone().filter(|_| Some(node) != own),
        }
    };
    let readers = match order.options.stdin {
        StdinTo::All => used.clone(),
        StdinTo::Rank(rank) => {
            nodes.get(rank as usize).copied().filter(|&n| Some(n) != own).into_iter().collect()
        }
        StdinTo::None => Vec::new(),
    };
    let others = used.iter().filter(|&&node| Some(node) != own).map(|&node| (node, name(node))).collect();
    let assignments = used.iter().map(assignment).collect();
    let name = Secret::random().map_err(|e| fault("cannot make a name for the job", &e))?;
    let name: String = name.0[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let appnums = programs.iter().map(|&(_, appnum)| appnum);
    let pmi = Server::new(format!("rankwise_{name}"), &placement, appnums, universe(order));
    Ok(Beginning { ranks, hosts, assignments, own, others, readers, files, pmi })
}

/// The name of each host that an order names, and whether it is this one.
fn node_names(order: &Order) -> Vec<(String, bool)> {
    match order.hosts.is_empty() {
        true => vec![(environment::host_name(), true)],
        false => order.hosts.iter().map(|host| (host.name.clone(), is_here(&host.name))).collect(),
    }
}

fn universe(order: &Order) -> Option<u32> {
    let slots: u64 = match order.hosts.is_empty() {
        true => topology::allowed_cpus().len() as u64,
        false => order.hosts.iter().map(|host| u64::from(host.slots)).sum(),
    };
    match order.options.universe {
        Universe::System => Some(order.size().max(slots.min(i32::MAX as u64) as u32)),
        Universe::Infinite => None,
        Universe::Ranks(number) => Some(number),
    }
}

fn network(order: &Order, nodes: usize) -> Result<Option<Network>, Cause> {
    let within_nodes = order.options.transport == Transport::Tcp;
    if nodes < 2 && !within_nodes {
        return Ok(None);
    }
    let secret = Secret::random().map_err(|e| fault("cannot make a secret for the job", &e))?;
    Ok(Some(Network { secret, within_nodes }))
}

/// Where the output and the errors of a rank go. Files are opened here, each of them once, before anything is started.
fn places_of_output(
    options: &Options,
    rank: u32,
    host: &str,
    opened: &mut HashMap<String, usize>,
    files: &mut Vec<Named>,
) -> Result<[Place; 2], Cause> {
    let Options { files: patterns, merged, .. } = options;
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

fn fault(what: &str, error: &io::Error) -> Cause {
    Cause::NotStarted { message: format!("{what}: {}", plain(error)), code: 1 }
}
