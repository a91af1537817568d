//! What a message of PMI says, whichever version it is of: words, each with a value.

use std::fmt::Display;
use std::str::FromStr;

/// The words of a message in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<(String, String)>);

impl Words {
    /// A message with this command.
    pub fn of(command: &str) -> Words {
        Words::default().with("cmd", command)
    }

    /// The same with one word more.
    pub fn with(mut self, key: &str, value: impl Display) -> Words {
        self.0.push((key.to_string(), value.to_string()));
        self
    }

    /// Adds a word.
    pub fn push(&mut self, key: String, value: String) {
        self.0.push((key, value));
    }

    /// Lengthens the value of the last word.
    pub fn lengthen(&mut self, more: &str) {
        if let Some((_, value)) = self.0.last_mut() {
            value.push_str(more);
        }
    }

    /// The value of a word.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }

    /// The value of a word that is a number.
    pub fn number<T: FromStr>(&self, key: &str) -> Option<T> {
        self.get(key)?.trim().parse().ok()
    }

    /// The command; empty if there is none.
    pub fn command(&self) -> &str {
        self.get("cmd").or_else(|| self.get("mcmd")).unwrap_or_default()
    }

    /// Whether an answer says that all went well. Some servers leave that out where it did.
    pub fn is_success(&self) -> bool {
        self.get("rc").is_none_or(|rc| rc.trim().parse() == Ok(0))
    }

    /// All words.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
