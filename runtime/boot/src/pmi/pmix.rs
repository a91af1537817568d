//! A job's key-value space that a server of PMIx keeps.

use std::io;

use rankwise_os::pmix::Client;

use super::{Facts, Space, wire2};

/// The connection, until it was finalized.
pub struct Pmix(Option<Client>);

impl Pmix {
    /// Connects by means of a library, and hears what there is to know.
    pub fn connect(library: &str) -> io::Result<(Pmix, Facts)> {
        let client = Client::connect(library).map_err(io::Error::other)?;
        let size = client
            .number(true, "pmix.job.size")
            .ok_or_else(|| io::Error::other("nobody knows the size of the job"))?;
        let number = |value: Option<u32>| value.and_then(|value| i32::try_from(value).ok());
        let facts = Facts {
            rank: client.rank(),
            size,
            appnum: number(client.number(false, "pmix.appnum")),
            universe: number(client.number(true, "pmix.univ.size")),
            // Ranks find out by themselves who is where: servers have several ways of saying it.
            mapping: None,
            longest: wire2::LONGEST_VALUE,
        };
        Ok((Pmix(Some(client)), facts))
    }

    fn client(&self) -> io::Result<&Client> {
        self.0.as_ref().ok_or_else(|| io::Error::other("PMIx was finalized"))
    }
}

impl Space for Pmix {
    fn put(&mut self, key: &str, value: &str) -> io::Result<()> {
        self.client()?.put(key, value).map_err(io::Error::other)
    }

    fn fence(&mut self) -> io::Result<()> {
        self.client()?.fence().map_err(io::Error::other)
    }

    fn get(&mut self, rank: u32, key: &str) -> io::Result<Option<String>> {
        Ok(self.client()?.get(rank, key))
    }

    fn abort(&mut self, code: i32, message: &str) {
        if let Some(client) = &self.0 {
            client.abort(code, message);
        }
    }

    fn finalize(&mut self) -> io::Result<()> {
        let Some(client) = self.0.take() else { return Ok(()) };
        // There are servers with which a question about a rank that has left is never answered.
        client.fence().and_then(|()| client.finalize()).map_err(io::Error::other)
    }
}
