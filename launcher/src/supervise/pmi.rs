//! The job's key-value space, for programs of other MPIs: a server of PMI-1 and PMI-2.
//!
//! Nodes carry bytes between ranks and this server, which knows nothing of sockets. A rank's next program begins with a new
//! space, which is that of all those that do so for the same time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rankwise_boot::Placement;
use rankwise_boot::pmi::words::Words;
use rankwise_boot::pmi::{MAPPING, mapping, wire1, wire2};

/// What keys, values and names of spaces may have, in bytes.
const KEY: usize = 64;
const VALUE: usize = 1024;
const NAME: usize = 256;

/// What a rank has said that concerns the job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// It has called MPI_Init.
    Began,
    /// It has called MPI_Finalize.
    Finalized,
    /// The job is to end with this code; why.
    Aborted(i32, String),
}

/// What comes of what a rank has said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What which rank hears; nothing at all means that the server hangs up.
    pub replies: Vec<(u32, Vec<u8>)>,
    /// What concerns the job.
    pub notes: Vec<Note>,
}

/// How a rank's messages look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Version {
    #[default]
    One,
    Two,
    /// It has said what is no message.
    Closed,
}

/// A rank.
#[derive(Default)]
struct Session {
    bytes: Vec<u8>,
    version: Version,
    /// How many of its programs have begun, and whether the last one has not ended.
    begun: usize,
    within: bool,
    appnum: u32,
    node: u32,
}

/// What the ranks' programs of one turn tell each other.
#[derive(Default)]
struct Space {
    values: HashMap<String, String>,
    /// What holds for a node alone.
    of_nodes: HashMap<(u32, String), String>,
    /// Who waits for such a value: the rank, its thread, and the key.
    waiting: Vec<(u32, Option<String>, String)>,
    /// Who has come to the fence, with its thread.
    fence: Vec<(u32, Option<String>)>,
}

/// The server.
#[derive(Default)]
pub struct Server {
    name: String,
    sessions: Vec<Session>,
    spaces: Vec<Space>,
    names: HashMap<String, String>,
    mapping: Option<String>,
    universe: Option<u32>,
}

impl Server {
    /// For ranks that are placed so, and run the programs of these numbers. The name must be one that no other job has had:
    /// programs call files by it, which may stay behind.
    pub fn new(
        name: String,
        placement: &Placement,
        appnums: impl Iterator<Item = u32>,
        universe: Option<u32>,
    ) -> Server {
        let session = |(node, appnum)| Session { node, appnum, ..Session::default() };
        Server {
            name,
            sessions: placement.nodes().zip(appnums).map(session).collect(),
            spaces: Vec::new(),
            names: HashMap::new(),
            mapping: mapping::encode(placement),
            universe,
        }
    }

    /// Takes what a rank has written.
    pub fn hear(&mut self, rank: u32, bytes: &[u8]) -> Outcome {
        let mut outcome = Outcome::default();
        let Some(session) = self.sessions.get_mut(rank as usize) else { return outcome };
        session.bytes.extend_from_slice(bytes);
        loop {
            let session = &mut self.sessions[rank as usize];
            let taken = match session.version {
                Version::One => match wire1::take(&mut session.bytes) {
                    Ok(line) => Ok(line.map(|line| words_of(&line))),
                    Err(_) => Err(()),
                },
                Version::Two => match wire2::take(&mut session.bytes) {
                    // A rank cannot make us keep more than that.
                    Ok(None) if session.bytes.len() > wire1::LONGEST => Err(()),
                    taken => taken.map_err(|_| ()),
                },
                Version::Closed => return outcome,
            };
            match taken {
                Ok(Some(words)) => self.answer(rank, &words, &mut outcome),
                Ok(None) => return outcome,
                Err(()) => {
                    session.version = Version::Closed;
                    outcome.replies.push((rank, Vec::new()));
                }
            }
        }
    }

    fn answer(&mut self, rank: u32, words: &Words, outcome: &mut Outcome) {
        if words.get("cmd").is_none() {
            // One of several lines that are a message together; its last one is answered.
            return;
        }
        let session = &mut self.sessions[rank as usize];
        if let ("init", Version::One) = (words.command(), session.version) {
            return self.init(rank, words, outcome);
        }
        if !session.within {
            // It has no space to ask about.
            let reply = refusal(session.version, words, "init was not called");
            return outcome.replies.push((rank, encode(session.version, &reply)));
        }
        match session.version {
            Version::One => self.answer_one(rank, words, outcome),
            Version::Two => self.answer_two(rank, words, outcome),
            Version::Closed => {}
        }
    }

    fn init(&mut self, rank: u32, words: &Words, outcome: &mut Outcome) {
        let (session, spaces) = (&mut self.sessions[rank as usize], &mut self.spaces);
        let second = words.number("pmi_version") == Some(2);
        let reply = |rc: i32| {
            let reply =
                Words::of("response_to_init").with("rc", rc).with("pmi_version", if second { 2 } else { 1 });
            wire1::encode(&reply.with("pmi_subversion", if second { 0 } else { 1 }))
        };
        if session.within {
            return outcome.replies.push((rank, reply(-1)));
        }
        session.begun += 1;
        session.within = true;
        if spaces.len() < session.begun {
            let mut space = Space::default();
            space.values.extend(self.mapping.clone().map(|value| (MAPPING.to_string(), value)));
            spaces.push(space);
        }
        outcome.replies.push((rank, reply(0)));
        outcome.notes.push(Note::Began);
        if second {
            session.version = Version::Two;
        }
    }

    /// The name of the space that a rank uses.
    fn name(&self, rank: u32) -> String {
        format!("{}_{}", self.name, self.sessions[rank as usize].begun)
    }

    fn space(&mut self, rank: u32) -> &mut Space {
        &mut self.spaces[self.sessions[rank as usize].begun - 1]
    }

    fn answer_one(&mut self, rank: u32, words: &Words, outcome: &mut Outcome) {
        let result = |command: &str, done: bool| Words::of(command).with("rc", if done { 0 } else { -1 });
        let key = |name: &str| words.get(name).unwrap_or_default().to_string();
        let reply = match words.command() {
            "get_maxes" => {
                let reply = result("maxes", true).with("kvsname_max", NAME).with("keylen_max", KEY);
                reply.with("vallen_max", VALUE)
            }
            "get_my_kvsname" => result("my_kvsname", true).with("kvsname", self.name(rank)),
            "get_appnum" => result("appnum", true).with("appnum", self.sessions[rank as usize].appnum),
            "get_universe_size" => match self.universe {
                Some(size) => result("universe_size", true).with("size", size),
                None => result("universe_size", true).with("size", -1),
            },
            "put" => {
                let done = words.get("key").is_some() && words.get("value").is_some();
                if done {
                    self.space(rank).values.insert(key("key"), key("value"));
                }
                result("put_result", done)
            }
            "get" => match self.space(rank).values.get(&key("key")) {
                Some(value) => result("get_result", true).with("value", value),
                None => result("get_result", false).with("msg", "key_not_found").with("value", "unknown"),
            },
            "barrier_in" => return self.fence(rank, None, outcome),
            "finalize" => {
                self.finalize(rank, outcome);
                result("finalize_ack", true)
            }
            "abort" => {
                let code = words.number("exitcode").unwrap_or(1);
                return outcome.notes.push(Note::Aborted(code, key("message")));
            }
            "publish_name" => {
                let done = self.publish(key("service"), key("port"));
                result("publish_result", done).with("info", if done { "ok" } else { "the_name_is_taken" })
            }
            "lookup_name" => match self.names.get(&key("service")) {
                Some(port) => result("lookup_result", true).with("info", "ok").with("port", port),
                None => result("lookup_result", false).with("info", "there_is_no_such_name"),
            },
            "unpublish_name" => {
                let done = self.names.remove(&key("service")).is_some();
                result("unpublish_result", done)
                    .with("info", if done { "ok" } else { "there_is_no_such_name" })
            }
            _ => refusal(Version::One, words, "it_is_not_served"),
        };
        outcome.replies.push((rank, wire1::encode(&reply)));
    }

    fn answer_two(&mut self, rank: u32, words: &Words, outcome: &mut Outcome) {
        let thread = words.get("thrid").map(String::from);
        let key = words.get("key").unwrap_or_default().to_string();
        let reply = reply_two(words.command(), thread.as_deref());
        let found = |value: Option<&str>| match value {
            Some(value) => {
                reply_two(words.command(), thread.as_deref()).with("found", "TRUE").with("value", value)
            }
            None => reply_two(words.command(), thread.as_deref()).with("found", "FALSE"),
        };
        let reply = match words.command() {
            "fullinit" => {
                let own = &self.sessions[rank as usize];
                let reply = reply.with("pmi-version", 2).with("pmi-subversion", 0).with("rank", rank);
                let reply = reply.with("size", self.sessions.len()).with("appnum", own.appnum);
                reply.with("debugged", "FALSE").with("pmiverbose", "FALSE")
            }
            "job-getid" => reply.with("jobid", self.name(rank)),
            "info-getjobattr" => match key.as_str() {
                MAPPING => found(self.mapping.as_deref()),
                "universeSize" => found(self.universe.map(|size| size.to_string()).as_deref()),
                "hasNameServ" => found(Some("TRUE")),
                _ => found(None),
            },
            "kvs-put" => {
                let value = words.get("value").unwrap_or_default().to_string();
                self.space(rank).values.insert(key, value);
                reply
            }
            "kvs-get" => found(self.space(rank).values.get(&key).map(String::as_str)),
            "kvs-fence" => return self.fence(rank, thread, outcome),
            "info-putnodeattr" => {
                self.put_node_value(rank, key, words.get("value").unwrap_or_default(), outcome);
                reply
            }
            "info-getnodeattr" => {
                let node = self.sessions[rank as usize].node;
                let waits = words.get("wait").is_some_and(|wait| wait.eq_ignore_ascii_case("true"));
                let space = self.space(rank);
                let value = space.of_nodes.get(&(node, key.clone()));
                if value.is_none() && waits {
                    return space.waiting.push((rank, thread, key));
                }
                found(value.map(String::as_str))
            }
            "finalize" => {
                self.finalize(rank, outcome);
                // A next program may speak something else.
                self.sessions[rank as usize].version = Version::One;
                reply
            }
            "abort" => {
                let why = words.get("msg").unwrap_or_default().to_string();
                return outcome.notes.push(Note::Aborted(1, why));
            }
            "name-publish" => {
                let name = words.get("name").unwrap_or_default().to_string();
                match self.publish(name, words.get("port").unwrap_or_default().to_string()) {
                    true => reply,
                    false => refusal(Version::Two, words, "the name is taken"),
                }
            }
            "name-lookup" => match self.names.get(words.get("name").unwrap_or_default()) {
                Some(port) => found(Some(port)).with("port", port),
                None => found(None).with("port", ""),
            },
            "name-unpublish" => match self.names.remove(words.get("name").unwrap_or_default()) {
                Some(_) => reply,
                None => refusal(Version::Two, words, "there is no such name"),
            },
            _ => refusal(Version::Two, words, "it is not served"),
        };
        outcome.replies.push((rank, wire2::encode(&reply)));
    }

    fn publish(&mut self, name: String, port: String) -> bool {
        match self.names.entry(name) {
            Entry::Vacant(place) => {
                place.insert(port);
                true
            }
            Entry::Occupied(_) => false,
        }
    }

    fn finalize(&mut self, rank: u32, outcome: &mut Outcome) {
        let session = &mut self.sessions[rank as usize];
        session.within = false;
        outcome.notes.push(Note::Finalized);
    }

    /// A rank has come to the fence; when all are there they go on.
    fn fence(&mut self, rank: u32, thread: Option<String>, outcome: &mut Outcome) {
        let size = self.sessions.len();
        let space = self.space(rank);
        if space.fence.iter().all(|(other, _)| *other != rank) {
            space.fence.push((rank, thread));
        }
        if space.fence.len() < size {
            return;
        }
        for (rank, thread) in std::mem::take(&mut space.fence) {
            let reply = match self.sessions[rank as usize].version {
                Version::Two => wire2::encode(&reply_two("kvs-fence", thread.as_deref())),
                _ => wire1::encode(&Words::of("barrier_out").with("rc", 0)),
            };
            outcome.replies.push((rank, reply));
        }
    }

    fn put_node_value(&mut self, rank: u32, key: String, value: &str, outcome: &mut Outcome) {
        let node = self.sessions[rank as usize].node;
        let nodes: Vec<u32> = self.sessions.iter().map(|session| session.node).collect();
        let space = self.space(rank);
        space.of_nodes.insert((node, key.clone()), value.to_string());
        space.waiting.retain(|(waiting, thread, wanted)| {
            if *wanted != key || nodes[*waiting as usize] != node {
                return true;
            }
            let reply =
                reply_two("info-getnodeattr", thread.as_deref()).with("found", "TRUE").with("value", value);
            outcome.replies.push((*waiting, wire2::encode(&reply)));
            false
        });
    }
}

/// The words of a line. The end of one that asks for further processes stands for the whole.
fn words_of(line: &str) -> Words {
    if line.trim_end() == "endcmd" { Words::of("spawn") } else { wire1::decode(line) }
}

fn reply_two(command: &str, thread: Option<&str>) -> Words {
    let reply = Words::of(&format!("{command}-response"));
    let reply = match thread {
        Some(thread) => reply.with("thrid", thread),
        None => reply,
    };
    reply.with("rc", 0)
}

/// What a rank hears that wants what is not to be had.
fn refusal(version: Version, words: &Words, why: &str) -> Words {
    match version {
        Version::Two => {
            let reply = Words::of(&format!("{}-response", words.command()));
            let reply =
                words.get("thrid").into_iter().fold(reply, |reply, thread| reply.with("thrid", thread));
            reply.with("rc", -1).with("errmsg", why)
        }
        _ => Words::of(&format!("{}_result", words.command()))
            .with("rc", -1)
            .with("msg", why.replace(' ', "_")),
    }
}

fn encode(version: Version, words: &Words) -> Vec<u8> {
    if version == Version::Two { wire2::encode(words) } else { wire1::encode(words) }
}

#[cfg(test)]
mod tests;
