//! The frames between this rank and one peer, whatever connections carry them.
//!
//! A connection is a stream of records. A record is a frame, or nothing but an acknowledgement or a question for one:
//!
//! ```text
//! length of the payload (4 bytes) | kind (4) | acknowledged (8) | header (16) | payload
//! ```
//!
//! Frames are counted, on either side, from the first one that was ever sent; the number is not on the wire, because a
//! connection keeps the order. `acknowledged` is how many frames the sender of the record has received. Frames are kept
//! until they are acknowledged, which a third kind of record asks for; a fourth says farewell: the connection will end, and
//! is not to be made again. When a connection breaks, both sides tell each other in the next one's handshake how many
//! frames they have, and each goes on behind that: none is lost, and none comes twice.
//!
//! Nothing here reads, writes or knows the time.

use std::collections::VecDeque;
use std::io::IoSlice;

use crate::frame::{Frame, Payload};

/// The bytes of a record before its payload.
pub const RECORD: usize = 32;

/// Records are gathered in blocks of this length, in bytes; a record is never parted.
const BLOCK: usize = 64 << 10;

/// So many bytes may wait for an acknowledgement; beyond that there is no room.
const WINDOW: usize = 4 << 20;

/// What has come is acknowledged at the latest after so many frames, or bytes; earlier only along with a frame.
const FRAMES_UNTOLD: u64 = 256;
const BYTES_UNTOLD: usize = WINDOW / 8;

/// How many parts are offered for one write.
const PARTS: usize = 16;

const FRAME: u32 = 0;
const ACKNOWLEDGEMENT: u32 = 1;
const QUESTION: u32 = 2;
const FAREWELL: u32 = 3;

/// Records in one piece of memory.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    /// How many frames have been sent before this block ends.
    frames: u64,
}

/// What the peer says cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Nonsense {
    /// It acknowledges what was never sent, or what it had acknowledged.
    #[error("it acknowledges {0} frames of {1}")]
    Acknowledged(u64, u64),
    /// A record that is none.
    #[error("a record is of kind {0} and has {1} bytes")]
    Record(u32, usize),
}

/// Both directions of the way to a peer.
#[derive(Default)]
pub struct Link {
    blocks: VecDeque<Block>,
    /// How many bytes of the blocks this connection has taken.
    written: usize,
    /// How many bytes the blocks have.
    held: usize,
    /// How many frames there were in all, and how many the peer has acknowledged.
    sent: u64,
    acknowledged: u64,
    /// How many frames have come, and how many the peer was told of.
    received: u64,
    told: u64,
    bytes_untold: usize,
    /// So many frames of this connection had come over the one before when the peer was told of less.
    twice: u64,
    /// The peer has said farewell.
    farewell: bool,
    spare: Vec<Vec<u8>>,
}

impl Link {
    /// Takes a frame over. False if there is no room.
    pub fn push(&mut self, frame: &Frame<'_, '_>) -> bool {
        if self.held > 0 && self.held + RECORD + frame.len() > WINDOW {
            return false;
        }
        self.sent += 1;
        self.record(FRAME, frame);
        true
    }

    fn record(&mut self, kind: u32, frame: &Frame<'_, '_>) {
        let (length, received) = (frame.len(), self.received);
        let all = RECORD + length;
        if self.blocks.back().is_none_or(|block| block.bytes.len() + all > BLOCK) {
            let mut bytes = self.spare.pop().unwrap_or_default();
            bytes.reserve(all.max(BLOCK));
            self.blocks.push_back(Block { bytes, frames: 0 });
        }
        let Some(block) = self.blocks.back_mut() else { return };
        let bytes = &mut block.bytes;
        bytes.extend_from_slice(&(length as u32).to_le_bytes());
        bytes.extend_from_slice(&kind.to_le_bytes());
        bytes.extend_from_slice(&received.to_le_bytes());
        frame.header.iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        frame.append_to(bytes);
        block.frames = self.sent;
        self.held += all;
        self.told = received;
        self.bytes_untold = 0;
    }

    /// Lets the peer know of all that has come.
    pub fn tell(&mut self) {
        self.record(ACKNOWLEDGEMENT, &Frame::control([0; 2], &[]));
    }

    /// Asks the peer to acknowledge all that has come to it.
    pub fn ask(&mut self) {
        self.record(QUESTION, &Frame::control([0; 2], &[]));
    }

    /// Tells the peer that this rank sends nothing more and will end its connections.
    pub fn bid_farewell(&mut self) {
        self.record(FAREWELL, &Frame::control([0; 2], &[]));
    }

    /// Whether the peer has done so.
    pub fn is_over(&self) -> bool {
        self.farewell
    }

    /// Whether there is something to write.
    pub fn has_output(&self) -> bool {
        self.written < self.held
    }

    /// Whether the peer has acknowledged everything.
    pub fn is_settled(&self) -> bool {
        self.acknowledged == self.sent
    }

    /// How many frames have come: what the peer is told in a handshake.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Hands what is to be written, or the beginning of it, to `write`, which returns how many bytes were taken.
    pub fn write<E>(&mut self, write: impl FnOnce(&[IoSlice<'_>]) -> Result<usize, E>) -> Result<(), E> {
        let mut parts = [IoSlice::new(&[]); PARTS];
        let mut count = 0;
        let mut skip = self.written;
        for block in &self.blocks {
            if skip < block.bytes.len() && count < PARTS {
                parts[count] = IoSlice::new(&block.bytes[skip..]);
                count += 1;
            }
            skip = skip.saturating_sub(block.bytes.len());
        }
        self.written += write(&parts[..count])?;
        self.drop_settled();
        Ok(())
    }

    /// A new connection stands. The peer has `received` frames over those before, and was told that we have `told`; more
    /// may have come since.
    pub fn resume(&mut self, received: u64, told: u64) -> Result<(), Nonsense> {
        self.twice = self.received.saturating_sub(told);
        self.acknowledge(received)?;
        // The blocks of which the peer has all frames are as good as written.
        let whole = |block: &&Block| block.frames <= received;
        self.written = self.blocks.iter().take_while(whole).map(|block| block.bytes.len()).sum();
        self.drop_settled();
        // Of the first one that is left it may have some.
        if let Some(block) = self.blocks.front() {
            let there = frames(&block.bytes).count() as u64;
            let has = (there + received).saturating_sub(block.frames) as usize;
            self.written = has.checked_sub(1).and_then(|last| frames(&block.bytes).nth(last)).unwrap_or(0);
        }
        Ok(())
    }

    fn acknowledge(&mut self, received: u64) -> Result<(), Nonsense> {
        if received > self.sent {
            return Err(Nonsense::Acknowledged(received, self.sent));
        }
        // What was written before a frame that has overtaken nothing may be older than what is known.
        self.acknowledged = self.acknowledged.max(received);
        Ok(())
    }

    /// Drops the blocks that are written and acknowledged.
    fn drop_settled(&mut self) {
        while let Some(block) = self.blocks.front() {
            let length = block.bytes.len();
            if self.written < length || block.frames > self.acknowledged {
                return;
            }
            self.written -= length;
            self.held -= length;
            if let Some(Block { mut bytes, .. }) = self.blocks.pop_front()
                && self.spare.len() < 4
                && bytes.capacity() <= 2 * BLOCK
            {
                bytes.clear();
                self.spare.push(bytes);
            }
        }
    }

    /// Takes the whole records at the beginning of `bytes`, handing frames on, and returns how many bytes they had.
    /// `longest`: no payload is longer.
    pub fn take(
        &mut self,
        bytes: &[u8],
        longest: usize,
        mut frame: impl FnMut([u64; 2], Payload<'_>),
    ) -> Result<usize, Nonsense> {
        let (mut at, mut asked) = (0, false);
        while let Some((kind, length)) = record_at(&bytes[at..]) {
            if kind > FAREWELL || length > longest || (kind != FRAME && length > 0) {
                return Err(Nonsense::Record(kind, length));
            }
            let Some(record) = bytes.get(at..at + RECORD + length) else { break };
            self.acknowledge(word(record, 8))?;
            if kind == FRAME && self.twice > 0 {
                self.twice -= 1;
            } else if kind == QUESTION {
                asked = true;
            } else if kind == FAREWELL {
                self.farewell = true;
            } else if kind == FRAME {
                self.received += 1;
                self.bytes_untold += length;
                frame([word(record, 16), word(record, 24)], Payload::from(&record[RECORD..]));
            }
            at += RECORD + length;
        }
        if at > 0 {
            self.drop_settled();
        }
        if asked || self.received - self.told >= FRAMES_UNTOLD || self.bytes_untold >= BYTES_UNTOLD {
            self.tell();
        }
        Ok(at)
    }
}

fn word(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().rev().fold(0, |n, &b| n << 8 | b as u64)
}

/// Kind and payload length of the record that begins here, once the bytes before its payload are there.
fn record_at(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = word(bytes.get(..RECORD)?, 0);
    Some(((first >> 32) as u32, first as u32 as usize))
}

/// Where each frame among whole records ends.
fn frames(records: &[u8]) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (kind, length) = record_at(&records[at..])?;
        at += RECORD + length;
        Some((kind, at))
    })
    .filter_map(|(kind, end)| (kind == FRAME).then_some(end))
}

#[cfg(test)]
mod tests;
