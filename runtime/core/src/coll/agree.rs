//! Small values that all ranks of a team tell each other, for the library's own use.

use super::bcast::binomial;
use super::schedule::{Schedule, Team};
use crate::Result;
use crate::world::World;

/// Tells all ranks `mine`; [`told`] reads what the others say. Bruck's algorithm: ceil(log2 n) rounds, n - 1 values in all
/// (Bruck et al., "Efficient algorithms for all-to-all communications in multiport message-passing systems", 1997).
pub(crate) fn telling<const N: usize>(team: Team, mine: [u64; N]) -> Schedule {
    let (rank, size) = (team.rank(), team.size());
    let width = N * 8;
    let mut schedule = Schedule::new(team);
    // Block i holds the value of rank + i.
    let all = schedule.scratch_buffer(size * width);
    for (i, word) in mine.iter().enumerate() {
        all.write_bytes(i * 8, &word.to_ne_bytes());
    }
    let mut have = 1;
    while have < size {
        let blocks = have.min(size - have);
        schedule.send((rank + size - have) % size, all.slice(0, blocks * width));
        schedule.receive((rank + have) % size, all.slice(have * width, blocks * width));
        schedule.wait();
        have += blocks;
    }
    schedule
}

/// What each rank has said, by rank, when [`telling`] is over.
pub(crate) fn told<const N: usize>(schedule: &Schedule) -> Vec<[u64; N]> {
    let (rank, size, width) = (schedule.rank(), schedule.size(), N * 8);
    let bytes = schedule.first_scratch();
    let value = |from: usize| {
        let block = &bytes[(from + size - rank) % size * width..][..width];
        let mut words = [0; N];
        for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
            *word = u64::from_ne_bytes(*bytes);
        }
        words
    };
    (0..size).map(value).collect()
}

impl World {
    /// Every rank's `mine`, by rank.
    pub(crate) fn tell_all<const N: usize>(&self, team: Team, mine: [u64; N]) -> Result<Vec<[u64; N]>> {
        let mut schedule = telling(team, mine);
        self.run(&mut schedule)?;
        Ok(told(&schedule))
    }

    /// What the rank `root` of the team says, told to all.
    pub(crate) fn tell_from(&self, team: &Team, root: usize, bytes: &[u8]) -> Result<Vec<u8>> {
        let send = |bytes: &[u8]| {
            let mut schedule = Schedule::new(team.clone());
            let data = schedule.scratch_buffer(bytes.len());
            data.write_bytes(0, bytes);
            binomial(&mut schedule, root, &data);
            self.run(&mut schedule)?;
            Ok::<_, crate::Error>(schedule.into_scratch())
        };
        let length = send(&(bytes.len() as u64).to_ne_bytes())?;
        let length = length.as_chunks().0.first().map_or(0, |bytes| u64::from_ne_bytes(*bytes)) as usize;
        let mut all = bytes.to_vec();
        all.resize(length, 0);
        send(&all)
    }

    /// What the other one of a team of two says.
    pub(crate) fn swap(&self, team: &Team, bytes: &[u8]) -> Result<Vec<u8>> {
        let other = 1 - team.rank();
        let send = |bytes: &[u8], length: usize| {
            let mut schedule = Schedule::new(team.clone());
            let theirs = schedule.scratch_buffer(length);
            let mine = schedule.scratch_buffer(bytes.len());
            mine.write_bytes(0, bytes);
            schedule.receive(other, theirs);
            schedule.send(other, mine);
            self.run(&mut schedule)?;
            Ok::<_, crate::Error>(schedule.into_scratch())
        };
        let length = send(&(bytes.len() as u64).to_ne_bytes(), 8)?;
        let length = length.as_chunks().0.first().map_or(0, |bytes| u64::from_ne_bytes(*bytes)) as usize;
        send(bytes, length)
    }
}
