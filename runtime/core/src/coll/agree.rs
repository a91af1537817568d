//! Small values that all ranks of a team tell each other, for the library's own use.

use super::schedule::{Schedule, Team};
use crate::Result;
use crate::world::World;

impl World {
    /// Every rank's `mine`, by rank. Bruck's algorithm: ceil(log2 n) rounds, n - 1 values in all (Bruck et al.,
    /// "Efficient algorithms for all-to-all communications in multiport message-passing systems", 1997).
    pub(crate) fn tell_all<const N: usize>(&self, team: Team, mine: [u64; N]) -> Result<Vec<[u64; N]>> {
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
        self.run(&mut schedule)?;
        let bytes = schedule.into_scratch();
        let value = |from: usize| {
            let block = &bytes[(from + size - rank) % size * width..][..width];
            let mut words = [0; N];
            for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
                *word = u64::from_ne_bytes(*bytes);
            }
            words
        };
        Ok((0..size).map(value).collect())
    }
}
