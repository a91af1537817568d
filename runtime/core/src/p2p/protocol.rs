//! What two ranks say to each other to pass messages.
//!
//! A frame's header holds its kind, flags, and the envelope of the message (MPI 5.0, section 3.2.3): context, source,
//! tag. Up to five words of payload follow, then bytes of the message.
//!
//! ```text
//! EAGER  [op if SYNC]          bytes     a whole message
//! FIRST  [total, op]           bytes     the beginning of a message that its sender streams ...
//! MORE                         bytes     ... and the rest, without another message of the sender in between
//! RTS    [total, op, token]              a message that waits at the sender; `token` tells where, if it can be copied
//! CTS    [op, receiving op]              the receiver wants that message as frames:
//! DATA   [receiving op, at]    bytes     a part of it
//! ACK    [op]                            the message, sent in synchronous mode, was matched
//! CANCEL [op]                            the sender wants a message back that waits for a receive
//! GIVEN  [op]                            it was still waiting, and is forgotten
//! ```
//! PINIT and PMATCH belong to partitioned communication (`partitioned`).
//!
//! **A send** of up to one frame goes as EAGER; of up to `Limits::direct` bytes (or `Limits::eager`, where memory cannot
//! be copied directly) as FIRST and MORE; beyond that as RTS. It is complete when its last byte has left, when the copy
//! is done, and in synchronous mode not before an ACK; a direct copy and a CTS say as much as an ACK.
//!
//! **A send that is cancelled** is taken back where it is if nothing of it has left. If its RTS, or in synchronous mode all
//! of it, has, CANCEL asks for it: either GIVEN comes, or the message was matched and the send ends as always.
//!
//! **A receive** that matches RTS with a token starts a direct copy. If it has none, or if the copy cannot be made from
//! here, or if its buffer is not in one piece, it answers with CTS.

use super::matching::Key;

/// The kind of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    Eager = 1,
    First = 2,
    More = 3,
    Rts = 4,
    Cts = 5,
    Data = 6,
    Ack = 7,
    Pinit = 8,
    Pmatch = 9,
    Cancel = 10,
    Given = 11,
}

/// The sender waits for an ACK.
pub const SYNC: u8 = 1;
/// The sender relies on a receive being posted (`MPI_Rsend`).
pub const READY: u8 = 2;
/// The token of RTS is valid.
pub const TOKEN: u8 = 4;

/// Makes a header.
#[inline]
pub fn header(kind: Kind, flags: u8, key: Key) -> [u64; 2] {
    [
        kind as u64 | (flags as u64) << 8 | (key.context as u64) << 32,
        key.source as u64 | (key.tag as u64) << 32,
    ]
}

/// Takes a header apart. `None`: no rank of ours sent this.
#[inline]
pub fn parse(header: [u64; 2]) -> Option<(Kind, u8, Key)> {
    const KINDS: [Kind; 11] = [
        Kind::Eager,
        Kind::First,
        Kind::More,
        Kind::Rts,
        Kind::Cts,
        Kind::Data,
        Kind::Ack,
        Kind::Pinit,
        Kind::Pmatch,
        Kind::Cancel,
        Kind::Given,
    ];
    let kind = *KINDS.get((header[0] as u8 as usize).wrapping_sub(1))?;
    let key =
        Key { context: (header[0] >> 32) as u32, source: header[1] as u32, tag: (header[1] >> 32) as u32 };
    Some((kind, (header[0] >> 8) as u8, key))
}

/// An envelope for frames that belong to an operation, not to a message.
pub const NO_ENVELOPE: Key = Key { context: 0, source: 0, tag: 0 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_keep_what_they_hold() {
        let key = Key { context: 0xdead_beef, source: 77, tag: 0x7fff_ffff };
        let all = (1..=11).map(|kind| parse([kind, 0]).unwrap().0);
        for kind in all {
            assert_eq!(parse(header(kind, SYNC | TOKEN, key)), Some((kind, SYNC | TOKEN, key)));
        }
        assert_eq!(parse([0, 0]), None);
        assert_eq!(parse([12, 0]), None);
        assert_eq!(parse([u64::MAX, 0]), None);
    }
}
