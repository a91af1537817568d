//! All that a launcher, or an agent, does itself or has done: the ranks on its own node, and the agents below it.

use std::io;
use std::time::{Duration, Instant};

use rankwise_os::poller::Poller;
use rankwise_os::process::{self, End, Reaped, Starter};
use rankwise_os::signal::{Signal, Signals};

use crate::examination::{self, Examination};
use crate::node;
use crate::remote::shell::Settings;
use crate::remote::{Branch, Links};
use crate::wire::{Command, Event, Node};

/// Keys below this one are for whoever owns the hands.
const CHILDREN: u64 = 1 << 16;
const FIRST_RANK: u64 = 1 << 32;
const FIRST_LINK: u64 = 1 << 48;

/// The hands of a launcher or an agent.
pub struct Hands {
    /// What everybody waits for.
    pub poller: Poller,
    signals: Signals,
    starter: Starter,
    /// Which node this is; none that the job runs on has `None`.
    pub own: Option<Node>,
    node: node::Node,
    links: Links,
    /// When the links want to be looked at.
    due: Option<Instant>,
    examination: Examination,
    /// What was found out here.
    events: Vec<Event>,
}

impl Hands {
    /// Idle ones.
    pub fn new(starter: Starter) -> io::Result<Hands> {
        let signals = Signals::take(&[Signal::SIGCHLD])?;
        process::adopt_orphans()?;
        let poller = Poller::new()?;
        poller.add_reader(&signals, CHILDREN)?;
        let (node, links) = (node::Node::new(FIRST_RANK), Links::new(FIRST_LINK));
        let (examination, events) = (Examination::default(), Vec::new());
        Ok(Hands { poller, signals, starter, own: None, node, links, due: None, examination, events })
    }

    /// Sends a command to a node: does it, or has it done.
    pub fn send(&mut self, node: Node, command: Command) -> io::Result<()> {
        if self.own != Some(node) {
            self.links.send(node, &command, &self.poller);
            return Ok(());
        }
        match command {
            Command::Start(assignment) => {
                self.node.start(*assignment, &mut self.starter, &self.poller);
                Ok(())
            }
            Command::Adopt(branches, settings) => {
                self.adopt(branches, settings);
                Ok(())
            }
            Command::Examine(variables) => {
                let (findings, door) = self.examination.examine(&mut self.starter, &variables);
                self.events.push(Event::Examined(findings, door));
                Ok(())
            }
            Command::Call(others) => {
                self.events.push(Event::Called(examination::call(others)));
                Ok(())
            }
            command => self.node.obey(command, &self.poller),
        }
    }

    /// Starts agents.
    pub fn adopt(&mut self, branches: Vec<Branch>, settings: Settings) {
        self.links.adopt(branches, settings, &mut self.starter, &self.poller);
        self.due = Some(Instant::now());
    }

    /// Waits until something happens, at most until `until`, and deals with it. Returns the keys that are the owner's.
    pub fn wait(&mut self, until: Option<Instant>) -> io::Result<Vec<u64>> {
        self.settle();
        let until = [until, self.due].into_iter().flatten().min();
        let limit = match self.node.has_events() || self.links.has_events() || !self.events.is_empty() {
            true => Some(Duration::ZERO),
            false => until.map(|at| at.saturating_duration_since(Instant::now())),
        };
        let mut children = false;
        let mut theirs = Vec::new();
        for key in self.poller.wait(limit)? {
            match key {
                CHILDREN => children = true,
                key if key >= FIRST_LINK => self.links.handle(key, &self.poller),
                key if key >= FIRST_RANK => self.node.handle(key, &self.poller),
                key => theirs.push(key),
            }
        }
        if children {
            while self.signals.next().is_some() {}
            while let Reaped::Child(pid, end) = process::reap() {
                self.ended(pid, end);
            }
        }
        self.settle();
        if self.due.is_some() {
            self.due = self.links.tick(&mut self.starter, &self.poller);
        }
        Ok(theirs)
    }

    /// What is to be done when the ranks on this node have ended.
    fn settle(&mut self) {
        for (pid, end) in self.node.settle(&self.links.shells(), &self.poller) {
            self.ended(pid, end);
        }
    }

    fn ended(&mut self, pid: u32, end: End) {
        // Others are orphans that the ranks have left to us.
        if !self.node.ended(pid, end, &self.poller) {
            self.links.ended(pid, end, &self.poller);
        }
    }

    /// What has happened since the last call, in the order in which it did on each node.
    pub fn events(&mut self) -> Vec<(Node, Event)> {
        let own = self.own.unwrap_or(Node::MAX);
        let ours = self.node.events().into_iter().chain(std::mem::take(&mut self.events));
        let mut events: Vec<(Node, Event)> = ours.map(|event| (own, event)).collect();
        events.extend(self.links.events());
        events
    }

    /// Ends all that is left, at once: ranks, and by the end of their input all agents.
    pub fn end_all(&mut self) {
        self.node.signal(Signal::SIGKILL);
        self.links.close(&self.poller);
        process::end_descendants();
    }
}
