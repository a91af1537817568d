//! Agents on other hosts: started through a remote shell, spoken to through its pipes.
//!
//! The pipes end when either side does, whatever it dies of, and what goes through them is the remote shell's to protect: no
//! port is opened, and no secret stands in an argument or a variable. Agents start further agents, so that a job on many
//! hosts is up in a few rounds; what they say passes through those above them.

pub mod shell;

use std::collections::BTreeSet;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use rankwise_os::pipe;
use rankwise_os::poller::Poller;
use rankwise_os::process::{End, Program, Starter};
use rankwise_os::signal::{self, Signal};
use serde::{Deserialize, Serialize};

use self::shell::Settings;
use crate::launch::plain;
use crate::wire::{self, Command, Event, Node, PAUSE, Reader};

/// Keys that each link has: what comes from the agent, what the remote shell complains of, what goes to the agent.
const KEYS: u64 = 3;

/// For how long a remote shell that fails rests before it is tried again.
const REST: Duration = Duration::from_millis(400);

/// A host with an agent, and those whose agents that one starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The host's number among the nodes.
    pub node: Node,
    /// Its name, for the remote shell.
    pub host: String,
    /// What hangs below it.
    pub below: Vec<Branch>,
}

impl Branch {
    fn collect(&self, nodes: &mut BTreeSet<Node>) {
        nodes.insert(self.node);
        self.below.iter().for_each(|branch| branch.collect(nodes));
    }
}

/// Arranges hosts in a tree in which nobody starts more than `fanout` agents.
pub fn tree(hosts: &[(Node, String)], fanout: usize) -> Vec<Branch> {
    let groups = fanout.max(1).min(hosts.len());
    let border = |group: usize| group * hosts.len() / groups;
    let group = |index: usize| {
        let (first, rest) = hosts[border(index)..border(index + 1)].split_first()?;
        Some(Branch { node: first.0, host: first.1.clone(), below: tree(rest, fanout) })
    };
    (0..groups).filter_map(group).collect()
}

/// The remote shell of a link.
struct Shell {
    pid: u32,
    input: OwnedFd,
    output: Option<OwnedFd>,
    errors: Option<OwnedFd>,
}

/// The way to an agent.
struct Link {
    branch: Branch,
    /// The nodes that are reached by it, and have something to say yet.
    open: BTreeSet<Node>,
    shell: Option<Shell>,
    reader: Reader,
    marked: bool,
    /// The agent has said that it is there; nothing is written before.
    ready: bool,
    /// What is to be written.
    queue: Vec<u8>,
    writing: bool,
    /// What the remote shell has complained of.
    complaints: Vec<u8>,
    /// When the agent was last heard of, and when it last heard from us.
    heard: Instant,
    told: Instant,
    attempts: u32,
    /// When the next attempt is due.
    again: Option<Instant>,
}

/// The agents that this process has started, and all that hang below them.
pub struct Links {
    links: Vec<Link>,
    settings: Settings,
    first_key: u64,
    events: Vec<(Node, Event)>,
}

impl Links {
    /// None yet; the keys of those to come begin with `first_key`.
    pub fn new(first_key: u64) -> Links {
        Links { links: Vec::new(), settings: Settings::default(), first_key, events: Vec::new() }
    }

    /// What has happened since the last call.
    pub fn events(&mut self) -> Vec<(Node, Event)> {
        std::mem::take(&mut self.events)
    }

    /// Whether something has happened since then.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Starts agents. To be called once.
    pub fn adopt(
        &mut self,
        branches: Vec<Branch>,
        settings: Settings,
        starter: &mut Starter,
        poller: &Poller,
    ) {
        self.settings = settings;
        for branch in branches {
            let mut open = BTreeSet::new();
            branch.collect(&mut open);
            let mut link = Link {
                open,
                shell: None,
                reader: Reader::default(),
                marked: false,
                ready: false,
                queue: Vec::new(),
                writing: false,
                complaints: Vec::new(),
                heard: Instant::now(),
                told: Instant::now(),
                attempts: 0,
                again: None,
                branch,
            };
            link.queue.extend(encoded(link.branch.node, &Command::Settle(self.settings.patience)));
            if !link.branch.below.is_empty() {
                let adopt = Command::Adopt(link.branch.below.clone(), self.settings.clone());
                link.queue.extend(encoded(link.branch.node, &adopt));
            }
            self.links.push(link);
            self.try_start(self.links.len() - 1, starter, poller);
        }
    }

    /// Sends a command to a node, if it is one of those below us.
    pub fn send(&mut self, node: Node, command: &Command, poller: &Poller) {
        if let Some(index) = self.links.iter().position(|link| link.open.contains(&node)) {
            self.links[index].queue.extend(encoded(node, command));
            self.flush(index, poller);
        }
    }

    /// The processes of the remote shells.
    pub fn shells(&self) -> Vec<u32> {
        self.links.iter().filter_map(|link| link.shell.as_ref().map(|shell| shell.pid)).collect()
    }

    /// Deals with an event that the poller has reported under one of our keys.
    pub fn handle(&mut self, key: u64, poller: &Poller) {
        let (index, what) = (((key - self.first_key) / KEYS) as usize, (key - self.first_key) % KEYS);
        match what {
            0 => self.read(index, poller),
            1 => drop(self.read_complaints(index, poller)),
            _ => self.flush(index, poller),
        }
    }

    /// Takes note of a process that has ended. False if it is none of the remote shells.
    pub fn ended(&mut self, pid: u32, end: End, poller: &Poller) -> bool {
        let is_it = |link: &Link| link.shell.as_ref().is_some_and(|shell| shell.pid == pid);
        let Some(index) = self.links.iter().position(is_it) else { return false };
        // What is still in the pipes comes first.
        self.read(index, poller);
        while self.read_complaints(index, poller) {}
        self.forget_shell(index, poller);
        let link = &mut self.links[index];
        if link.open.is_empty() {
            return true;
        }
        let complaints = String::from_utf8_lossy(&link.complaints).into_owned();
        let hopeless = shell::is_hopeless(end, &complaints, &self.settings);
        if !link.ready && !hopeless && link.attempts < self.settings.attempts {
            link.again = Some(Instant::now() + REST * link.attempts);
            return true;
        }
        let why = match link.ready {
            true => shell::broken(end, &complaints),
            false => shell::refused(end, &complaints, &self.settings),
        };
        self.lost(index, why, poller);
        true
    }

    /// Does what is due, and says when something will be.
    pub fn tick(&mut self, starter: &mut Starter, poller: &Poller) -> Option<Instant> {
        let now = Instant::now();
        let mut next: Option<Instant> = None;
        for index in 0..self.links.len() {
            let link = &mut self.links[index];
            if link.open.is_empty() {
                continue;
            }
            if let Some(at) = link.again {
                if at <= now {
                    link.again = None;
                    self.try_start(index, starter, poller);
                } else {
                    next = Some(next.map_or(at, |next| next.min(at)));
                    continue;
                }
            }
            let link = &mut self.links[index];
            // A login takes its time; an agent that is there does not.
            let silence = self.settings.patience() * if link.ready { 1 } else { 3 };
            if now.duration_since(link.heard) >= silence {
                let why = format!("has not been heard of for {} s", silence.as_secs());
                let said = String::from_utf8_lossy(&link.complaints).trim().to_string();
                let why = if said.is_empty() { why } else { format!("{why}: {said}") };
                self.lost(index, why, poller);
                continue;
            }
            if link.ready && now.duration_since(link.told) >= PAUSE {
                let node = link.branch.node;
                link.queue.extend(encoded(node, &Command::Alive));
                self.flush(index, poller);
            }
            let link = &self.links[index];
            let due =
                (link.heard + silence).min(if link.ready { link.told + PAUSE } else { link.heard + silence });
            next = Some(next.map_or(due, |next| next.min(due)));
        }
        next
    }

    /// Lets all agents go. They end by themselves.
    pub fn close(&mut self, poller: &Poller) {
        for index in 0..self.links.len() {
            self.links[index].open.clear();
            self.forget_shell(index, poller);
        }
    }

    fn try_start(&mut self, index: usize, starter: &mut Starter, poller: &Poller) {
        if let Err(error) = self.start(index, starter, poller) {
            let why = format!("{} cannot be started: {}", self.settings.shell.name(), plain(&error));
            self.lost(index, why, poller);
        }
    }

    /// Starts the remote shell of a link.
    fn start(&mut self, index: usize, starter: &mut Starter, poller: &Poller) -> io::Result<()> {
        let link = &mut self.links[index];
        link.attempts += 1;
        link.heard = Instant::now();
        link.complaints.clear();
        (link.reader, link.marked) = (Reader::default(), false);
        let words = self.settings.words(&link.branch.host)?;
        let environment = shell::environment(&self.settings.shell);
        let [(their_input, input), (output, their_output), (errors, their_errors)] =
            [pipe::create()?, pipe::create()?, pipe::create()?];
        for file in [&input, &output, &errors] {
            pipe::set_nonblocking(file)?;
        }
        let started = starter.start(&Program {
            path: &words[0],
            arguments: &words,
            environment: &environment,
            directory: None,
            stdio: [their_input.as_fd(), their_output.as_fd(), their_errors.as_fd()],
            inherited: &[],
            processors: None,
        });
        let started = started.map_err(|(_, error)| error)?;
        let key = self.first_key + index as u64 * KEYS;
        poller.add_reader(&output, key)?;
        poller.add_reader(&errors, key + 1)?;
        link.writing = false;
        link.shell = Some(Shell { pid: started.pid, input, output: Some(output), errors: Some(errors) });
        Ok(())
    }

    /// Reads what an agent says.
    fn read(&mut self, index: usize, poller: &Poller) {
        let mut buffer = [0; 64 << 10];
        // Not without end: others have something to say as well.
        for _ in 0..16 {
            let link = &mut self.links[index];
            let Some(output) = link.shell.as_ref().and_then(|shell| shell.output.as_ref()) else { return };
            match pipe::read(output, &mut buffer) {
                Ok(n) if n > 0 => {
                    link.heard = Instant::now();
                    link.reader.push(&buffer[..n]);
                    link.marked = link.marked || link.reader.skip_to_mark();
                    if !link.marked {
                        continue;
                    }
                    if let Err(error) = self.take(index, poller) {
                        return self.lost(
                            index,
                            format!("has an agent that is not of this Rankwise: {error}"),
                            poller,
                        );
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return,
                // The end of the shell itself tells more.
                _ => {
                    let output = link.shell.as_mut().and_then(|shell| shell.output.take());
                    return output.iter().for_each(|output| drop(poller.remove(output)));
                }
            }
        }
    }

    fn take(&mut self, index: usize, poller: &Poller) -> Result<(), rankwise_boot::codec::CodecError> {
        loop {
            let link = &mut self.links[index];
            let Some((node, event)) = link.reader.next::<Event>()? else { return Ok(()) };
            match event {
                Event::Alive => {}
                Event::Ready => {
                    link.ready = true;
                    link.complaints.clear();
                    self.flush(index, poller);
                }
                // What a node says that has nothing to say is nobody's.
                event if link.open.contains(&node) => {
                    if matches!(event, Event::Done | Event::Lost(_)) {
                        link.open.remove(&node);
                    }
                    self.events.push((node, event));
                }
                _ => {}
            }
        }
    }

    /// Reads once what the remote shell complains of; false when there is nothing to be had now.
    fn read_complaints(&mut self, index: usize, poller: &Poller) -> bool {
        let link = &mut self.links[index];
        let Some(errors) = link.shell.as_ref().and_then(|shell| shell.errors.as_ref()) else { return false };
        let mut buffer = [0; 4096];
        match pipe::read(errors, &mut buffer) {
            Ok(n) if n > 0 => {
                // What stands at the end tells why something has ended.
                link.complaints.extend_from_slice(&buffer[..n]);
                let excess = link.complaints.len().saturating_sub(4096);
                link.complaints.drain(..excess);
                true
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => false,
            _ => {
                let errors = link.shell.as_mut().and_then(|shell| shell.errors.take());
                errors.iter().for_each(|errors| drop(poller.remove(errors)));
                false
            }
        }
    }

    /// Writes what an agent takes.
    fn flush(&mut self, index: usize, poller: &Poller) {
        let key = self.first_key + index as u64 * KEYS + 2;
        let link = &mut self.links[index];
        let Some(shell) = link.shell.as_ref().filter(|_| link.ready) else { return };
        let mut wait = false;
        while !link.queue.is_empty() {
            match pipe::write(&shell.input, &link.queue) {
                Ok(n) => {
                    link.queue.drain(..n);
                    link.told = Instant::now();
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    wait = true;
                    break;
                }
                // The end of the shell tells why.
                Err(_) => {
                    link.queue.clear();
                    break;
                }
            }
        }
        if wait != link.writing {
            link.writing = wait;
            // What cannot be waited for is found out by the silence of the other side.
            let _ = if wait { poller.add_writer(&shell.input, key) } else { poller.remove(&shell.input) };
        }
    }

    /// Gives up a link.
    fn lost(&mut self, index: usize, why: String, poller: &Poller) {
        let open = std::mem::take(&mut self.links[index].open);
        let first = self.links[index].branch.node;
        let host = self.links[index].branch.host.clone();
        for node in open {
            let why = match node == first {
                true => why.clone(),
                false => format!("is reached by way of {host}, which {why}"),
            };
            self.events.push((node, Event::Lost(why)));
        }
        self.forget_shell(index, poller);
    }

    fn forget_shell(&mut self, index: usize, poller: &Poller) {
        let link = &mut self.links[index];
        let Some(shell) = link.shell.take() else { return };
        for file in shell.output.iter().chain(&shell.errors) {
            let _ = poller.remove(file);
        }
        if link.writing {
            let _ = poller.remove(&shell.input);
        }
        link.writing = false;
        // It has had its chance to say something; its agent sees the end of its input.
        let _ = signal::send_group(shell.pid, Signal::SIGTERM);
    }
}

/// A command can be too long only for want of memory to make it in.
fn encoded(node: Node, command: &Command) -> Vec<u8> {
    wire::encode(node, command).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(branches: &[Branch], fanout: usize, seen: &mut Vec<Node>) -> usize {
        assert!(branches.len() <= fanout);
        let mut depth = 0;
        for branch in branches {
            seen.push(branch.node);
            depth = depth.max(1 + check(&branch.below, fanout, seen));
        }
        depth
    }

    proptest! {
        #[test]
        fn every_host_hangs_in_the_tree_once(count in 0usize..300, fanout in 1usize..40) {
            let hosts: Vec<(Node, String)> = (0..count as u32).map(|node| (node, format!("h{node}"))).collect();
            let mut seen = Vec::new();
            let depth = check(&tree(&hosts, fanout), fanout, &mut seen);
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..count as u32).collect::<Vec<_>>());
            if fanout > 1 {
                prop_assert!(depth <= 1 + (count as f64).log(fanout as f64).ceil().max(0.0) as usize);
            }
        }
    }
}
