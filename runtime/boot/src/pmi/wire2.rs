//! PMI-2 on the wire: a message is its length in six characters, and words `key=value;` behind it.
//!
//! A semicolon in a value is doubled; there are servers that cut values at it nevertheless.

use super::words::Words;

const HEADER: usize = 6;

/// The longest value that all servers take.
pub const LONGEST_VALUE: usize = 1024;

/// The bytes that say these words; nothing if they are too many.
pub fn encode(words: &Words) -> Vec<u8> {
    let escape = |text: &str| text.replace(';', ";;");
    let body: String =
        words.iter().map(|(key, value)| format!("{}={};", escape(key), escape(value))).collect();
    let header = format!("{:<HEADER$}", body.len());
    if header.len() > HEADER {
        return Vec::new();
    }
    (header + &body).into_bytes()
}

/// The words of a message without its length.
pub fn decode(body: &str) -> Words {
    let mut words = Words::default();
    let mut word = String::new();
    let mut letters = body.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ';' if letters.peek() == Some(&';') => {
                letters.next();
                word.push(';');
            }
            ';' => add(&mut words, &mut word),
            letter => word.push(letter),
        }
    }
    add(&mut words, &mut word);
    words
}

fn add(words: &mut Words, word: &mut String) {
    if let Some((key, value)) = std::mem::take(word).split_once('=') {
        words.push(key.to_string(), value.to_string());
    }
}

/// Takes a message out of what has come; `None` if it is not there as a whole.
pub fn take(bytes: &mut Vec<u8>) -> Result<Option<Words>, NoLength> {
    let Some((header, _)) = bytes.split_first_chunk::<HEADER>() else { return Ok(None) };
    let length = std::str::from_utf8(header).ok().and_then(|text| text.trim().parse::<usize>().ok());
    let length = length.ok_or(NoLength)?;
    if bytes.len() < HEADER + length {
        return Ok(None);
    }
    let message: Vec<u8> = bytes.drain(..HEADER + length).skip(HEADER).collect();
    Ok(Some(decode(&String::from_utf8_lossy(&message))))
}

/// What has come does not begin with a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message of PMI-2 does not begin with its length")]
pub struct NoLength;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn messages_look_as_slurm_has_them() {
        let words =
            Words::of("fullinit").with("pmijobid", "26.0").with("pmirank", 0).with("threaded", "FALSE");
        let bytes = encode(&words);
        assert_eq!(bytes, b"52    cmd=fullinit;pmijobid=26.0;pmirank=0;threaded=FALSE;");
        assert_eq!(take(&mut bytes.clone()), Ok(Some(words)));
        let answer = decode("cmd=kvs-get-response;found=FALSE;rc=0;");
        assert_eq!((answer.get("found"), answer.is_success()), (Some("FALSE"), true));
        assert_eq!(decode("cmd=x;value=a;;b=c").get("value"), Some("a;b=c"));
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(pairs in prop::collection::vec(("[a-z-]{1,8}", "[a-z;= $#\u{e4}]{0,20}"), 0..6)) {
            let words = pairs.iter().fold(Words::of("x"), |words, (key, value)| words.with(key, value));
            let mut bytes = encode(&words);
            prop_assert_eq!(take(&mut bytes), Ok(Some(words)));
            prop_assert!(bytes.is_empty());
        }

        #[test]
        fn any_bytes_are_survived(mut bytes in prop::collection::vec(any::<u8>(), 0..200), length in 0usize..300) {
            let _ = take(&mut bytes.clone());
            let mut framed = format!("{length:<6}").into_bytes();
            framed.append(&mut bytes);
            while let Ok(Some(_)) = take(&mut framed) {}
        }
    }
}
