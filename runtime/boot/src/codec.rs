//! Messages as bytes: a version, the length of the rest, and the message in postcard's form.
//!
//! The length makes a message that was cut or glued visible, whatever carried it; the version lets a launcher and a
//! library of different installs say so instead of misreading each other.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// What this build speaks. To be raised with every change of a message.
pub const VERSION: u16 = 3;

/// No message is longer, header included.
pub const LONGEST: usize = 64 << 10;

const HEADER: usize = 6;

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodecError {
    /// It comes from another version of Rankwise.
    #[error("it speaks version {0} of the launcher's protocol, and this one speaks version {VERSION}")]
    Version(u16),
    /// It ends too early, or goes on after its end.
    #[error("a message of {0} bytes came as {1} bytes")]
    Length(usize, usize),
    /// It is not long enough for a header.
    #[error("{0} bytes are no message")]
    Header(usize),
    /// It has the right length, but is none of ours.
    #[error("a message that is none of Rankwise's")]
    Content,
    /// It is too long to be sent.
    #[error("a message of {0} bytes is longer than any that may be sent")]
    TooLong(usize),
}

/// The bytes of a message.
pub fn encode<M: Serialize>(message: &M) -> Result<Vec<u8>, CodecError> {
    encode_up_to(message, LONGEST)
}

/// The bytes of a message that may have up to `longest` of them, header included.
pub fn encode_up_to<M: Serialize>(message: &M, longest: usize) -> Result<Vec<u8>, CodecError> {
    let mut bytes = VERSION.to_le_bytes().to_vec();
    bytes.extend_from_slice(&[0; HEADER - 2]);
    let mut bytes = postcard::to_extend(message, bytes).map_err(|_| CodecError::Content)?;
    if bytes.len() > longest {
        return Err(CodecError::TooLong(bytes.len()));
    }
    let length = (bytes.len() - HEADER) as u32;
    bytes[2..HEADER].copy_from_slice(&length.to_le_bytes());
    Ok(bytes)
}

/// The length, header included, of the message that `bytes` begin with; `None` if there are too few of them to tell. One
/// that is longer than `longest` is an error.
pub fn length(bytes: &[u8], longest: usize) -> Result<Option<usize>, CodecError> {
    let Some((header, _)) = bytes.split_first_chunk::<HEADER>() else { return Ok(None) };
    let version = u16::from_le_bytes([header[0], header[1]]);
    if version != VERSION {
        return Err(CodecError::Version(version));
    }
    let length = u32::from_le_bytes([header[2], header[3], header[4], header[5]]) as usize + HEADER;
    if length > longest { Err(CodecError::TooLong(length)) } else { Ok(Some(length)) }
}

/// The message that these bytes are, no more and no less.
pub fn decode<M: DeserializeOwned>(bytes: &[u8]) -> Result<M, CodecError> {
    let Some(length) = length(bytes, usize::MAX)? else { return Err(CodecError::Header(bytes.len())) };
    let rest = &bytes[HEADER..];
    if length != bytes.len() {
        return Err(CodecError::Length(length - HEADER, rest.len()));
    }
    match postcard::take_from_bytes(rest) {
        Ok((message, [])) => Ok(message),
        _ => Err(CodecError::Content),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::message::{FromRank, Job, Reason, ToRank};

    fn any_message() -> impl Strategy<Value = FromRank> {
        prop_oneof![
            any::<u32>().prop_map(|pid| FromRank::Hello { pid }),
            Just(FromRank::Finalized),
            (any::<i32>(), ".*")
                .prop_map(|(code, text)| FromRank::Abort { code, reason: Reason::Called(text) }),
            (any::<i32>(), ".*")
                .prop_map(|(code, text)| FromRank::Abort { code, reason: Reason::Failed(text) }),
        ]
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(message in any_message()) {
            prop_assert_eq!(decode::<FromRank>(&encode(&message).unwrap()), Ok(message));
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode::<FromRank>(&bytes);
            let mut framed = VERSION.to_le_bytes().to_vec();
            framed.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            framed.extend_from_slice(&bytes);
            let _ = decode::<ToRank>(&framed);
        }

        #[test]
        fn a_cut_or_longer_message_is_refused(message in any_message(), cut in 1usize..64) {
            let bytes = encode(&message).unwrap();
            prop_assert!(decode::<FromRank>(&bytes[..bytes.len().saturating_sub(cut)]).is_err());
            let longer = [&bytes[..], &[0]].concat();
            prop_assert!(decode::<FromRank>(&longer).is_err());
        }
    }

    #[test]
    fn another_version_and_a_monster_are_named() {
        let mut bytes = encode(&ToRank::Welcome(Box::new(Job::alone()))).unwrap();
        bytes[0] = 99;
        assert_eq!(decode::<ToRank>(&bytes), Err(CodecError::Version(99)));
        let monster = FromRank::Abort { code: 1, reason: Reason::Failed("x".repeat(LONGEST)) };
        assert!(matches!(encode(&monster), Err(CodecError::TooLong(_))));
    }
}
