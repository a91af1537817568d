//! PMI-1 on the wire: a message is a line of words `key=value`.
//!
//! Servers order the words as they like, leave out `rc` where it is 0 and add words of their own; values may hold `=`.

use super::words::Words;

/// No line is longer.
pub const LONGEST: usize = 64 << 10;

/// Messages in which the value of one word goes to the end of the line, if another one stands before it: a value there may
/// hold anything.
const TO_THE_END: [(&str, &str, &str); 3] =
    [("put", "value", "key"), ("publish_name", "port", "service"), ("abort", "message", "exitcode")];

/// The line, with its end, that says these words.
pub fn encode(words: &Words) -> Vec<u8> {
    let words: Vec<String> = words.iter().map(|(key, value)| format!("{key}={value}")).collect();
    // An end of line in a value would be one of the message.
    let mut line = words.join(" ").replace(['\n', '\0'], " ");
    line.push('\n');
    line.into_bytes()
}

/// The words of a line.
pub fn decode(line: &str) -> Words {
    let mut words = Words::default();
    let mut rest = line.trim_end_matches(['\n', '\r', '\0']);
    while !rest.is_empty() {
        let (word, next) = rest.split_once(' ').unwrap_or((rest, ""));
        match word.split_once('=') {
            Some((key, _)) if goes_to_the_end(&words, key) => {
                words.push(key.to_string(), rest[key.len() + 1..].to_string());
                return words;
            }
            Some((key, value)) => words.push(key.to_string(), value.to_string()),
            // A value may have spaces in it.
            None if !word.is_empty() => words.lengthen(&format!(" {word}")),
            None => {}
        }
        rest = next;
    }
    words
}

fn goes_to_the_end(before: &Words, key: &str) -> bool {
    let fits = |(command, value, other): &(&str, &str, &str)| {
        before.command() == *command && key == *value && before.get(other).is_some()
    };
    TO_THE_END.iter().any(fits)
}

/// Takes a line out of what has come; `None` if it is not there as a whole, an error if it is too long for one.
pub fn take(bytes: &mut Vec<u8>) -> Result<Option<String>, TooLong> {
    match bytes.iter().position(|&byte| byte == b'\n') {
        Some(end) if end < LONGEST => {
            let line: Vec<u8> = bytes.drain(..=end).collect();
            Ok(Some(String::from_utf8_lossy(&line[..end]).into_owned()))
        }
        None if bytes.len() < LONGEST => Ok(None),
        _ => Err(TooLong),
    }
}

/// What has come is longer than any message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message of PMI that is longer than any that is allowed")]
pub struct TooLong;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn answers_of_several_servers_are_understood() {
        let answer = decode("cmd=get_result rc=0 msg=success value=a=b$c#d");
        assert_eq!((answer.command(), answer.get("value")), ("get_result", Some("a=b$c#d")));
        assert!(answer.is_success());
        let answer = decode("value=x  cmd=get_result\r\n");
        assert_eq!(
            (answer.command(), answer.get("value"), answer.is_success()),
            ("get_result", Some("x"), true)
        );
        for missing in ["cmd=get_result rc=-1 msg=key_not_found value=unknown", "rc=1 cmd=get_result", "rc=x"]
        {
            assert!(!decode(missing).is_success(), "{missing}");
        }
        assert_eq!(decode("cmd=barrier_out tag=0").command(), "barrier_out");
        let answer = decode("cmd=x msg=no such key rc=1");
        assert_eq!((answer.get("msg"), answer.is_success()), (Some("no such key"), false));
        assert_eq!(decode("mcmd=spawn").command(), "spawn");
    }

    #[test]
    fn the_last_value_of_some_messages_may_hold_anything() {
        let put = decode("cmd=put kvsname=kvs_0 key=k value=a rc=1 b=c  d ");
        assert_eq!(put.get("value"), Some("a rc=1 b=c  d "));
        let other = decode("value=x cmd=put key=k");
        assert_eq!((other.get("key"), other.get("value")), (Some("k"), Some("x")));
        assert_eq!(decode("cmd=abort exitcode=3 message=x = y").get("message"), Some("x = y"));
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(pairs in prop::collection::vec(("[a-z_]{1,8}", "[!-~]{0,20}"), 0..6)) {
            let words = pairs.iter().fold(Words::of("get"), |words, (key, value)| words.with(key, value));
            let line = String::from_utf8(encode(&words)).unwrap();
            prop_assert_eq!(decode(&line), words);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b' '), Just(b'='), any::<u8>()], 0..200), cut in 1usize..20) {
            let (mut whole, mut pieces) = (bytes.clone(), Vec::new());
            let mut lines = Vec::new();
            for piece in bytes.chunks(cut) {
                pieces.extend_from_slice(piece);
                while let Some(line) = take(&mut pieces).unwrap() {
                    let _ = decode(&line);
                    lines.push(line);
                }
            }
            let at_once: Vec<String> = std::iter::from_fn(|| take(&mut whole).unwrap()).collect();
            prop_assert_eq!(lines, at_once);
        }

        #[test]
        fn any_text_is_survived(text in ".{0,80}") {
            let words = decode(&text);
            let again = decode(&String::from_utf8(encode(&words)).unwrap());
            prop_assert!(again.iter().count() <= text.len());
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        assert_eq!(take(&mut vec![b'x'; LONGEST]), Err(TooLong));
    }
}
