//! Hosts as users write them: in a list, or in a file. Pure.

use thiserror::Error;

/// A host that ranks may run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name, as the remote shell takes it: a name or an address, perhaps with `user@` in front.
    pub name: String,
    /// How many ranks it is meant for.
    pub slots: u32,
    /// How many it takes at most.
    pub max_slots: Option<u32>,
    /// Somebody has said how many, rather than nothing.
    pub counted: bool,
}

impl Host {
    /// Whether this is its name. A name with a domain is also known without it.
    pub fn is_called(&self, name: &str) -> bool {
        let first = |long: &str, short: &str| {
            long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.') && !short.is_empty())
        };
        self.name == name || first(&self.name, name) || first(name, &self.name)
    }
}

/// Why hosts are not understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HostError {
    /// A number that is none, or 0.
    #[error("{0:?} is not a number of ranks")]
    Slots(String),
    /// Brackets that do not match, or do not hold numbers.
    #[error("the brackets in {0:?} do not hold numbers and ranges, as in n[01-03,7]")]
    Brackets(String),
    /// More hosts than anybody has.
    #[error("{0:?} stands for more than {MOST} hosts")]
    TooMany(String),
    /// Something in a line that no host file has.
    #[error("{0:?} is none of slots=N, max_slots=N")]
    Word(String),
    /// Something beside a host that should be alone in its line.
    #[error("{0:?} stands beside a host")]
    Beside(String),
    /// No host at all.
    #[error("there is no host in it")]
    Empty,
    /// In this line, counted from 1.
    #[error("line {0}: {1}")]
    Line(usize, Box<HostError>),
}

/// No list stands for more hosts.
pub const MOST: usize = 1 << 20;

/// Hosts in one word: `a`, `a:2,b:4`, `n[01-03,7],gpu-[1-2]x:4`, `[::1]:2`; one that is named again comes again.
pub fn list(text: &str) -> Result<Vec<Host>, HostError> {
    let mut hosts = Vec::new();
    for item in items(text) {
        let (names, slots) = name_and_slots(item)?;
        hosts.extend(expand(names)?.into_iter().map(|name| Host {
            name,
            slots: slots.unwrap_or(1),
            max_slots: None,
            counted: slots.is_some(),
        }));
    }
    if hosts.is_empty() { Err(HostError::Empty) } else { Ok(hosts) }
}

/// Hosts in a file whose lines `line` understands, in their order; one that stands there again comes again. `#` begins a comment.
pub fn lines(
    text: &str,
    line: impl Fn(&str) -> Result<Vec<Host>, HostError>,
) -> Result<Vec<Host>, HostError> {
    let mut hosts = Vec::new();
    for (number, text) in (1..).zip(text.lines()) {
        let text = text.split('#').next().unwrap_or_default();
        hosts.extend(line(text).map_err(|e| HostError::Line(number, Box::new(e)))?);
    }
    if hosts.is_empty() { Err(HostError::Empty) } else { Ok(hosts) }
}

/// The hosts of one line of a host file: `host`, `host:N`, `host slots=N max_slots=M`.
pub fn line(line: &str) -> Result<Vec<Host>, HostError> {
    // `slots = 4` is written as well.
    let line = line.replace(" =", "=").replace("= ", "=");
    let mut words = line.split_whitespace();
    let Some(first) = words.next() else { return Ok(Vec::new()) };
    let (names, mut slots) = name_and_slots(first)?;
    let (mut most, mut user) = (None, None);
    for word in words {
        match word.split_once('=') {
            Some(("slots" | "cpu" | "count", number)) => slots = Some(self::number(number)?),
            Some(("max_slots" | "max-slots" | "max", number)) => most = Some(self::number(number)?),
            Some(("user" | "username" | "user_name", name)) => user = Some(name.to_string()),
            // MPICH's: what they say is for its own transports and binding.
            Some(("ifname" | "binding" | "port", _)) => {}
            _ => return Err(HostError::Word(word.into())),
        }
    }
    let counted = slots.or(most).is_some();
    let slots = slots.or(most).unwrap_or(1);
    let named = |name: String| match &user {
        Some(user) if !name.contains('@') => format!("{user}@{name}"),
        _ => name,
    };
    let host = |name| Host { name: named(name), slots, max_slots: most, counted };
    Ok(expand(names)?.into_iter().map(host).collect())
}

/// The hosts, each once, with all its slots.
pub fn merged(hosts: Vec<Host>) -> Vec<Host> {
    let mut merged: Vec<Host> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for host in hosts {
        match places.get(&host.name) {
            Some(&place) => {
                let other: &mut Host = &mut merged[place];
                other.slots = other.slots.saturating_add(host.slots);
                other.counted |= host.counted;
                other.max_slots = other.max_slots.zip(host.max_slots).map(|(a, b)| a.saturating_add(b));
            }
            None => {
                places.insert(host.name.clone(), merged.len());
                merged.push(host);
            }
        }
    }
    merged
}

/// The parts of a list, at the commas that stand in no brackets.
pub fn items(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0i32;
    let cut = move |c: char| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth <= 0
    };
    text.split(cut).map(str::trim).filter(|item| !item.is_empty())
}

/// What stands before and behind the last colon, if that parts a number of slots from a host.
fn name_and_slots(item: &str) -> Result<(&str, Option<u32>), HostError> {
    // An IPv6 address has colons of its own; in brackets it may have slots behind it.
    if let Some((address, rest)) = item.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        && address.contains(':')
    {
        return match rest.strip_prefix(':') {
            Some(slots) => Ok((address, Some(number(slots)?))),
            None => Ok((address, None)),
        };
    }
    match item.rsplit_once(':') {
        Some((name, slots)) if !name.contains(':') => Ok((name, Some(number(slots)?))),
        _ => Ok((item, None)),
    }
}

/// A number of ranks.
pub fn number(text: &str) -> Result<u32, HostError> {
    match text.parse() {
        Ok(number @ 1..=0x7fff_ffff) => Ok(number),
        _ => Err(HostError::Slots(text.into())),
    }
}

/// The names that one with brackets stands for: `n[01-03,7]x` is n01x, n02x, n03x and n7x. Several pairs of brackets stand
/// for all combinations.
pub fn expand(text: &str) -> Result<Vec<String>, HostError> {
    let wrong = || HostError::Brackets(text.into());
    let Some((before, rest)) = text.split_once('[') else {
        return if text.contains(']') { Err(wrong()) } else { Ok(vec![text.into()]) };
    };
    let (inside, after) = rest.split_once(']').ok_or_else(wrong)?;
    let after = expand(after).map_err(|e| if matches!(e, HostError::TooMany(_)) { e } else { wrong() })?;
    let mut names = Vec::new();
    for range in inside.split(',') {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(from) || !digits(to) {
            return Err(wrong());
        }
        let (first, last): (u64, u64) =
            (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
        if first > last {
            return Err(wrong());
        }
        if (last - first + 1).saturating_mul(after.len() as u64) + names.len() as u64 > MOST as u64 {
            return Err(HostError::TooMany(text.into()));
        }
        for number in first..=last {
            names.extend(
                after.iter().map(|rest| format!("{before}{number:0width$}{rest}", width = from.len())),
            );
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(text: &str) -> Result<Vec<Host>, HostError> {
        super::list(text).map(merged)
    }

    fn file(text: &str) -> Result<Vec<Host>, HostError> {
        lines(text, line).map(merged)
    }

    fn shown(hosts: Result<Vec<Host>, HostError>) -> Vec<String> {
        let most = |host: &Host| host.max_slots.map_or(String::new(), |most| format!("<{most}"));
        hosts.unwrap().iter().map(|host| format!("{}:{}{}", host.name, host.slots, most(host))).collect()
    }

    #[test]
    fn lists_are_understood() {
        assert_eq!(shown(list("a:2,b:4")), ["a:2", "b:4"]);
        assert_eq!(shown(list("a, b ,a")), ["a:2", "b:1"]);
        assert_eq!(
            shown(list("n[01-03,7],gpu-[1-2]x:2")),
            ["n01:1", "n02:1", "n03:1", "n7:1", "gpu-1x:2", "gpu-2x:2"]
        );
        assert_eq!(shown(list("r[0-1]n[0-1]")), ["r0n0:1", "r0n1:1", "r1n0:1", "r1n1:1"]);
        assert_eq!(shown(list("[::1]:2,fe80::7,127.0.0.1:3")), ["::1:2", "fe80::7:1", "127.0.0.1:3"]);
        assert_eq!(list("a:x"), Err(HostError::Slots("x".into())));
        assert_eq!(list("a:0"), Err(HostError::Slots("0".into())));
        assert_eq!(list(" , "), Err(HostError::Empty));
        for wrong in ["n[1", "n1]", "n[a-b]", "n[3-1]", "n[]", "n[1-]", "n[[1]]"] {
            assert!(list(wrong).is_err(), "{wrong}");
        }
        assert!(matches!(list("n[0-9999999]"), Err(HostError::TooMany(_))));
    }

    #[test]
    fn files_of_every_launcher_are_understood() {
        let text = "# mine\na slots=4 max_slots=8\nb:2   # two\n\nme@c\n d slots = 3\nb\ne:2 ifname=ib0\nf max-slots=2\n";
        assert_eq!(shown(file(text)), ["a:4<8", "b:3", "me@c:1", "d:3", "e:2", "f:2<2"]);
        assert_eq!(shown(file("g user=you slots=2\n")), ["you@g:2"]);
        let error = file("a\nb slots=two\n").unwrap_err();
        assert_eq!(error.to_string(), "line 2: \"two\" is not a number of ranks");
        assert!(file("a sluts=3").unwrap_err().to_string().contains("slots=N"));
        assert_eq!(file("# nothing\n"), Err(HostError::Empty));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[a-c0-9\\[\\],:=# \n@.-]{0,40}") {
            let _ = (list(&text), file(&text));
        }

        #[test]
        fn a_range_keeps_its_width(first in 0u64..200, count in 1u64..30, width in 1usize..5) {
            let names = expand(&format!("n[{first:0width$}-{:0width$}]", first + count - 1)).unwrap();
            prop_assert_eq!(names.len() as u64, count);
            for (number, name) in (first..).zip(&names) {
                prop_assert_eq!(name, &format!("n{number:0width$}"));
            }
        }
    }
}
