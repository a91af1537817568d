//! Many ranks' output on one stream: whole lines, and nothing lost.
//!
//! Lines of different ranks never mix. A line that its writer leaves unfinished (a prompt, say) is shown once the
//! writer pauses; should another rank have something to say before it is finished, then it is cut off with an end of
//! line of its own.

pub mod sink;
pub mod wish;

use std::time::{Duration, Instant};

pub use sink::Sink;

/// For how long a writer must be silent before its unfinished line is shown.
pub const PAUSE: Duration = Duration::from_millis(75);

/// A line longer than this is shown in pieces.
const LONGEST: usize = 1 << 20;

/// What one rank has written to one stream, and has not been shown yet.
#[derive(Default)]
pub struct Lines {
    held: Vec<u8>,
    last_write: Option<Instant>,
}

impl Lines {
    /// Takes what was read, and gives out what may be shown now: whole lines, all in one piece.
    pub fn take(&mut self, bytes: &[u8], now: Instant) -> Vec<u8> {
        let whole = match bytes.iter().rposition(|&b| b == b'\n') {
            Some(end) => end + 1,
            None if self.held.len() + bytes.len() > LONGEST => bytes.len(),
            None => 0,
        };
        let mut out = Vec::new();
        if whole > 0 {
            out = std::mem::take(&mut self.held);
            out.extend_from_slice(&bytes[..whole]);
        }
        self.held.extend_from_slice(&bytes[whole..]);
        self.last_write = (!self.held.is_empty()).then_some(now);
        out
    }

    /// When the unfinished line is due, if there is one.
    pub fn due(&self) -> Option<Instant> {
        self.last_write.map(|at| at + PAUSE)
    }

    /// The unfinished line.
    pub fn rest(&mut self) -> Vec<u8> {
        self.last_write = None;
        std::mem::take(&mut self.held)
    }
}

/// Puts what several writers say one below the other.
#[derive(Default)]
pub struct Arranger {
    /// Whose line is unfinished.
    open: Option<Writer>,
}

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// This rank.
    Rank(u32),
    /// The launcher itself.
    Launcher,
}

impl Arranger {
    /// The bytes to show so that `text` by `writer` stands on lines of its own. With a `prefix` each line of a rank
    /// begins with what that makes of the rank.
    pub fn arrange(
        &mut self,
        writer: Writer,
        text: &[u8],
        prefix: Option<&dyn Fn(u32) -> String>,
    ) -> Vec<u8> {
        if text.is_empty() {
            return Vec::new();
        }
        let mut out = Vec::with_capacity(text.len() + 16);
        let mut continues = self.open == Some(writer);
        if self.open.is_some() && !continues {
            out.push(b'\n');
        }
        match (writer, prefix) {
            (Writer::Rank(rank), Some(prefix)) => {
                let prefix = prefix(rank);
                for line in text.split_inclusive(|&b| b == b'\n') {
                    if !std::mem::take(&mut continues) {
                        out.extend_from_slice(prefix.as_bytes());
                    }
                    out.extend_from_slice(line);
                }
            }
            _ => out.extend_from_slice(text),
        }
        self.open = (text.last() != Some(&b'\n')).then_some(writer);
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tag(rank: u32) -> String {
        format!("[{rank}] ")
    }

    #[test]
    fn whole_lines_come_at_once_and_the_rest_when_it_is_due() {
        let mut lines = Lines::default();
        let now = Instant::now();
        assert_eq!(lines.take(b"ab", now), b"");
        assert_eq!(lines.due(), Some(now + PAUSE));
        assert_eq!(lines.take(b"c\nd\ne", now), b"abc\nd\n");
        assert_eq!(lines.rest(), b"e");
        assert_eq!(lines.due(), None);
    }

    #[test]
    fn an_unfinished_line_is_cut_off_only_by_somebody_else() {
        let mut arranger = Arranger::default();
        assert_eq!(arranger.arrange(Writer::Rank(0), b"name: ", None), b"name: ");
        assert_eq!(arranger.arrange(Writer::Rank(0), b"x\n", None), b"x\n");
        assert_eq!(arranger.arrange(Writer::Rank(0), b"name: ", None), b"name: ");
        assert_eq!(arranger.arrange(Writer::Rank(1), b"hello\n", None), b"\nhello\n");
        let mut arranger = Arranger::default();
        assert_eq!(arranger.arrange(Writer::Rank(0), b"a\nb", Some(&tag)), b"[0] a\n[0] b");
        assert_eq!(arranger.arrange(Writer::Rank(0), b"c\n", Some(&tag)), b"c\n");
        assert_eq!(arranger.arrange(Writer::Launcher, b"mpirun: x\n", Some(&tag)), b"mpirun: x\n");
    }

    proptest! {
        /// Whatever the pieces, each writer's bytes come out in order and each shown line is one writer's.
        #[test]
        fn nothing_is_lost_or_mixed(pieces in proptest::collection::vec((0u32..3, "[ab\n]{0,6}"), 0..40)) {
            let mut arranger = Arranger::default();
            let mut lines: [Lines; 3] = Default::default();
            let now = Instant::now();
            let mut shown = Vec::new();
            let mut said: [String; 3] = Default::default();
            for (rank, piece) in &pieces {
                said[*rank as usize].push_str(piece);
                let whole = lines[*rank as usize].take(piece.as_bytes(), now);
                shown.extend(arranger.arrange(Writer::Rank(*rank), &whole, Some(&tag)));
            }
            for (rank, lines) in (0..).zip(&mut lines) {
                shown.extend(arranger.arrange(Writer::Rank(rank), &lines.rest(), Some(&tag)));
            }
            let shown = String::from_utf8(shown).unwrap();
            for (rank, said) in said.iter().enumerate() {
                let tag = tag(rank as u32);
                let back: Vec<_> = shown.lines().filter_map(|line| line.strip_prefix(&tag)).collect();
                prop_assert_eq!(back, said.lines().collect::<Vec<_>>());
            }
        }
    }
}
