//! Text with places in it that each rank fills in: what its lines begin with, or which file they go to.

use std::fmt::Write;

/// A text with places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Rank,
    Host,
    /// What is the same for all ranks of one job on one node, and which others number: always 0.
    Zero,
    Time,
}

/// Who fills the places in.
#[derive(Clone, Copy, Debug)]
pub struct Filler<'a> {
    /// The rank.
    pub rank: u32,
    /// Its host.
    pub host: &'a str,
}

impl Pattern {
    /// Reads a pattern: `%r` is the rank, `%h` its host, `%g` its group of processes, `%p` its proxy, `%%` a `%`.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let mut parts = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            parts.push(match (c, if c == '%' { chars.next() } else { None }) {
                ('%', Some('r')) => Part::Rank,
                ('%', Some('h')) => Part::Host,
                ('%', Some('g' | 'p')) => Part::Zero,
                ('%', Some('%')) => Part::Text("%".into()),
                ('%', Some(other)) => return Err(format!("%{other} is none of %r, %h, %g, %p and %%")),
                ('%', None) => return Err("a % stands for itself as %%".into()),
                (c, _) => Part::Text(c.into()),
            });
        }
        Ok(Pattern(parts))
    }

    /// `before`, the rank, `after`.
    pub fn of_rank(before: &str, after: &str) -> Pattern {
        Pattern(vec![Part::Text(before.into()), Part::Rank, Part::Text(after.into())])
    }

    /// The rank and its host in brackets.
    pub fn of_rank_and_host() -> Pattern {
        Pattern(vec![
            Part::Text("[".into()),
            Part::Rank,
            Part::Text(" ".into()),
            Part::Host,
            Part::Text("] ".into()),
        ])
    }

    /// The time in brackets.
    pub fn of_time() -> Pattern {
        Pattern(vec![Part::Text("[".into()), Part::Time, Part::Text("] ".into())])
    }

    /// This one, and another one behind it.
    pub fn then(mut self, next: Pattern) -> Pattern {
        self.0.extend(next.0);
        self
    }

    /// Whether it makes no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text for `filler`; `time` is asked only where the pattern has a place for it.
    pub fn fill(&self, filler: Filler<'_>, time: impl FnOnce() -> String) -> String {
        let mut out = String::new();
        let mut time = Some(time);
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Host => out.push_str(filler.host),
                Part::Zero => out.push('0'),
                Part::Time => out.push_str(&time.take().map_or(String::new(), |time| time())),
                // Writing to a string does not fail.
                Part::Rank => drop(write!(out, "{}", filler.rank)),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_in() {
        let fill = |pattern: Pattern| pattern.fill(Filler { rank: 3, host: "vm" }, || "now".into());
        assert_eq!(fill(Pattern::parse("[%r of %h] 100%% %g.%p ").unwrap()), "[3 of vm] 100% 0.0 ");
        assert_eq!(fill(Pattern::of_time().then(Pattern::of_rank("[", "] "))), "[now] [3] ");
        assert_eq!(fill(Pattern::of_rank_and_host()), "[3 vm] ");
        assert_eq!(fill(Pattern::default()), "");
        assert!(Pattern::parse("%x").unwrap_err().contains("%x"));
        assert!(Pattern::parse("100%").is_err());
    }
}
