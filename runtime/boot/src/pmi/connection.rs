//! A rank's connection to a server of PMI-1 or PMI-2.

use std::fs::File;
use std::io::{self, Read};
use std::net::TcpStream;
use std::os::fd::{AsFd, OwnedFd};

use rankwise_os::socket;

use super::words::Words;
use super::{Facts, Space, wire1, wire2};

/// The connection.
pub struct Connection {
    socket: File,
    /// What has come and was not looked at.
    bytes: Vec<u8>,
    version: Version,
}

/// Which protocol is spoken, and what its calls need.
enum Version {
    One {
        space: String,
    },
    Two {
        job: String,
    },
    /// Nothing more is said.
    Closed,
}

/// How a rank finds its server, and what it knows of itself before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By a descriptor that it has inherited.
    Descriptor {
        /// Its number.
        number: i32,
        /// The rank, and the number of ranks.
        who: Option<(u32, u32)>,
        /// Whether PMI-2 is spoken at once, rather than where the server refuses PMI-1.
        second: bool,
        /// The job, as servers of PMI-2 want to hear it again.
        job: Option<String>,
    },
    /// By calling this address, as the one of this number.
    Port(String, String),
}

impl Connection {
    /// Says who we are over a socket that is connected with a server, and hears what there is to know.
    pub fn greet(socket: OwnedFd, way: &Way) -> io::Result<(Connection, Facts)> {
        let mut connection = Connection {
            socket: socket.into(),
            bytes: Vec::new(),
            version: Version::One { space: String::new() },
        };
        let who = match way {
            Way::Descriptor { who, .. } => *who,
            Way::Port(_, id) => Some(connection.introduce(id)?),
        };
        let facts = match way {
            Way::Descriptor { second: true, job, .. } => connection.begin_with_two(who, job.as_deref())?,
            Way::Descriptor { job, .. } => connection.begin(who, job.as_deref())?,
            Way::Port(..) => connection.begin(who, None)?,
        };
        Ok((connection, facts))
    }

    /// Calls a server at its port.
    pub fn dial(port: &str) -> io::Result<OwnedFd> {
        let stream = TcpStream::connect(port)?;
        stream.set_nodelay(true)?;
        Ok(stream.into())
    }

    /// On a port, rank and size come in lines of their own.
    fn introduce(&mut self, id: &str) -> io::Result<(u32, u32)> {
        let words = Words::of("initack").with("pmiid", id);
        self.ask(&words)?;
        let (mut rank, mut size) = (None, None);
        for _ in 0..3 {
            let told = self.hear()?;
            rank = told.number("rank").or(rank);
            size = told.number("size").or(size);
        }
        rank.zip(size).ok_or_else(|| unexpected(&words, &Words::default()))
    }

    fn begin(&mut self, who: Option<(u32, u32)>, job: Option<&str>) -> io::Result<Facts> {
        let words = Words::of("init").with("pmi_version", 1).with("pmi_subversion", 1);
        let answer = self.ask(&words)?;
        match answer.is_success() {
            true => self.begin_with_one(who),
            false if answer.get("pmi_version") == Some("2") => self.begin_with_two(who, job),
            false => Err(unexpected(&words, &answer)),
        }
    }

    fn begin_with_one(&mut self, who: Option<(u32, u32)>) -> io::Result<Facts> {
        let (rank, size) = who.ok_or_else(|| invalid("PMI_RANK and PMI_SIZE are not set".into()))?;
        let longest =
            self.call(&Words::of("get_maxes"))?.number("vallen_max").unwrap_or(wire2::LONGEST_VALUE);
        let name = self.call(&Words::of("get_my_kvsname"))?;
        let space =
            name.get("kvsname").ok_or_else(|| unexpected(&Words::of("get_my_kvsname"), &name))?.to_string();
        self.version = Version::One { space };
        let universe = self.ask(&Words::of("get_universe_size"))?.number("size");
        let appnum = self.ask(&Words::of("get_appnum"))?.number("appnum");
        let mapping = self.get(0, super::MAPPING)?;
        Ok(Facts { rank, size, appnum, universe, mapping, longest })
    }

    fn begin_with_two(&mut self, who: Option<(u32, u32)>, job: Option<&str>) -> io::Result<Facts> {
        let words = Words::of("init").with("pmi_version", 2).with("pmi_subversion", 0);
        // The last line before frames.
        let answer = self.ask(&words)?;
        if !answer.is_success() {
            return Err(unexpected(&words, &answer));
        }
        self.version = Version::Two { job: String::new() };
        let mut full = Words::of("fullinit");
        if let Some(job) = job {
            full = full.with("pmijobid", job);
        }
        if let Some((rank, _)) = who {
            full = full.with("pmirank", rank);
        }
        let answer = self.call(&full.with("threaded", "FALSE"))?;
        let own = answer.number("rank").zip(answer.number("size"));
        let (rank, size) = own.or(who).ok_or_else(|| unexpected(&Words::of("fullinit"), &answer))?;
        let job = self.call(&Words::of("job-getid"))?.get("jobid").unwrap_or_default().to_string();
        self.version = Version::Two { job };
        let universe = self.attribute("universeSize")?.and_then(|value| value.trim().parse().ok());
        let mapping = self.attribute(super::MAPPING)?;
        let longest = wire2::LONGEST_VALUE;
        Ok(Facts { rank, size, appnum: answer.number("appnum"), universe, mapping, longest })
    }

    fn attribute(&mut self, key: &str) -> io::Result<Option<String>> {
        Ok(found(&self.ask(&Words::of("info-getjobattr").with("key", key))?))
    }

    /// Says something; the answer must be that it is done.
    fn call(&mut self, words: &Words) -> io::Result<Words> {
        let answer = self.ask(words)?;
        if answer.is_success() { Ok(answer) } else { Err(unexpected(words, &answer)) }
    }

    fn ask(&mut self, words: &Words) -> io::Result<Words> {
        self.say(words)?;
        self.hear()
    }

    fn say(&mut self, words: &Words) -> io::Result<()> {
        let bytes = match self.version {
            Version::One { .. } => wire1::encode(words),
            Version::Two { .. } => wire2::encode(words),
            Version::Closed => return Err(invalid("PMI was finalized".into())),
        };
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            rest = &rest[socket::send_some(self.socket.as_fd(), rest, true)?..];
        }
        Ok(())
    }

    fn hear(&mut self) -> io::Result<Words> {
        loop {
            let words = match self.version {
                Version::Two { .. } => wire2::take(&mut self.bytes).map_err(|e| invalid(e.to_string()))?,
                _ => wire1::take(&mut self.bytes)
                    .map_err(|e| invalid(e.to_string()))?
                    .map(|line| wire1::decode(&line)),
            };
            if let Some(words) = words {
                return Ok(words);
            }
            let mut more = [0; 4096];
            match self.socket.read(&mut more) {
                Ok(0) => return Err(io::Error::new(io::ErrorKind::ConnectionReset, "it has hung up")),
                Ok(count) => self.bytes.extend_from_slice(&more[..count]),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

impl Space for Connection {
    fn put(&mut self, key: &str, value: &str) -> io::Result<()> {
        let words = match &self.version {
            Version::One { space } => Words::of("put").with("kvsname", space),
            _ => Words::of("kvs-put"),
        };
        self.call(&words.with("key", key).with("value", value)).map(|_| ())
    }

    fn fence(&mut self) -> io::Result<()> {
        let words = match self.version {
            Version::One { .. } => Words::of("barrier_in"),
            _ => Words::of("kvs-fence"),
        };
        self.call(&words).map(|_| ())
    }

    fn get(&mut self, _rank: u32, key: &str) -> io::Result<Option<String>> {
        match &self.version {
            Version::One { space } => {
                let words = Words::of("get").with("kvsname", space).with("key", key);
                let answer = self.ask(&words)?;
                Ok(answer.get("value").filter(|_| answer.is_success()).map(String::from))
            }
            Version::Two { job } => {
                let words = Words::of("kvs-get").with("jobid", job).with("srcid", -1).with("key", key);
                Ok(found(&self.ask(&words)?))
            }
            Version::Closed => Err(invalid("PMI was finalized".into())),
        }
    }

    fn abort(&mut self, code: i32, message: &str) {
        let words = match self.version {
            Version::One { .. } => Words::of("abort").with("exitcode", code).with("message", message),
            _ => Words::of("abort").with("isworld", "TRUE").with("msg", message),
        };
        // There is no answer but the end of this process.
        let _ = self.say(&words);
    }

    fn finalize(&mut self) -> io::Result<()> {
        if matches!(self.version, Version::Closed) {
            return Ok(());
        }
        let answer = self.call(&Words::of("finalize"));
        self.version = Version::Closed;
        answer.map(|_| ())
    }
}

fn found(answer: &Words) -> Option<String> {
    let found = answer.get("found").is_none_or(|found| found.eq_ignore_ascii_case("true"));
    answer.get("value").filter(|_| found && answer.is_success()).map(String::from)
}

fn unexpected(words: &Words, answer: &Words) -> io::Error {
    let answer: Vec<String> = answer.iter().map(|(key, value)| format!("{key}={value}")).collect();
    invalid(format!("{} is answered with \"{}\"", words.command(), answer.join(" ")))
}

fn invalid(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}
