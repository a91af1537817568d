//! Buffers that a program attaches for sends in buffered mode (MPI 5.0, section 3.6).
//!
//! There is one buffer for the process, one for each communicator and one for each session at most. A message takes as
//! much of it as it has packed bytes, and [`OVERHEAD`] more, as a program computes it: whatever has left in whatever
//! order, a message is taken if the free bytes are as many as it needs. The standard asks for less, for what a circular
//! buffer would hold. Pieces are handed out first fit; where the free bytes lie in several parts of which none is long
//! enough, the message is kept on the heap, and the bytes it needs count as taken all the same.
//! An automatic buffer (`MPI_BUFFER_AUTOMATIC`) takes its memory from the heap, a message at a time.

use std::collections::BTreeMap;

use crate::handle::Handle;
use crate::{Result, fail};

/// What a message in an attached buffer needs beyond its packed bytes (`MPI_BSEND_OVERHEAD`), in bytes.
pub const OVERHEAD: usize = 512;

/// The address that asks for an automatic buffer (`MPI_BUFFER_AUTOMATIC` of the standard ABI).
pub const AUTOMATIC: usize = 2;

struct Attachment {
    owner: Option<Handle>,
    addr: *mut u8,
    size: i64,
    /// Pieces in use: offset and length.
    used: BTreeMap<usize, usize>,
    /// Messages that have not left, wherever they are kept.
    messages: usize,
    /// How many bytes they take.
    taken: usize,
}

/// All attached buffers of this rank.
#[derive(Default)]
pub(crate) struct Attachments {
    list: Vec<Option<Attachment>>,
}

/// Room in an attached buffer that a message has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    buffer: u32,
    /// How many bytes it is.
    need: usize,
    /// Where it begins; `None`: the message is on the heap.
    offset: Option<usize>,
}

/// Where a buffered message is kept.
pub(crate) enum Room {
    /// In the attached buffer, at this address.
    Piece { share: Share, addr: *mut u8 },
    /// On the heap.
    Heap { share: Share },
}

/// Pieces of the attached buffer are used from multiples of so many bytes on.
const ALIGNMENT: usize = 64;

impl Attachments {
    fn find(&self, owner: Option<Handle>) -> Option<usize> {
        self.list.iter().position(|a| a.as_ref().is_some_and(|a| a.owner == owner))
    }

    /// Attaches a buffer for `owner`, a communicator or a session, or for the process.
    pub(crate) fn attach(&mut self, owner: Option<Handle>, addr: *mut u8, size: i64) -> Result<()> {
        if self.find(owner).is_some() {
            fail!(ERR_BUFFER, "a buffer is attached already; detach it first");
        }
        if addr.addr() != AUTOMATIC {
            if size < 0 {
                fail!(ERR_ARG, "the size of the buffer is {size}, less than 0");
            }
            if addr.is_null() && size > 0 {
                fail!(ERR_BUFFER, "the buffer of {size} bytes is null");
            }
        }
        let attachment = Attachment { owner, addr, size, used: BTreeMap::new(), messages: 0, taken: 0 };
        match self.list.iter_mut().find(|a| a.is_none()) {
            Some(free) => *free = Some(attachment),
            None => self.list.push(Some(attachment)),
        }
        Ok(())
    }

    /// Whether all messages in the buffer of `owner` have left. An owner without a buffer has nothing to wait for.
    pub(crate) fn drained(&self, owner: Option<Handle>) -> bool {
        self.find(owner).and_then(|i| self.list[i].as_ref()).is_none_or(|a| a.messages == 0)
    }

    /// Detaches the buffer of `owner`, which must be [`drained`](Self::drained). Returns what was attached.
    pub(crate) fn detach(&mut self, owner: Option<Handle>) -> Option<(*mut u8, i64)> {
        let i = self.find(owner)?;
        self.list[i].take().map(|a| (a.addr, a.size))
    }

    /// Who has a buffer.
    pub(crate) fn owners(&self) -> Vec<Option<Handle>> {
        self.list.iter().flatten().map(|a| a.owner).collect()
    }

    /// Whether `owner` has a buffer.
    pub(crate) fn has(&self, owner: Option<Handle>) -> bool {
        self.find(owner).is_some()
    }

    /// Room for a message of `len` bytes in the first of the buffers of `owners` that exists.
    pub(crate) fn reserve(&mut self, owners: [Option<Handle>; 2], len: usize) -> Result<Room> {
        let Some(i) = owners.iter().find_map(|&owner| self.find(owner)) else {
            fail!(ERR_BUFFER, "no buffer is attached for buffered sends (MPI_Buffer_attach)");
        };
        let Some(attachment) = &mut self.list[i] else {
            fail!(ERR_INTERN, "the attached buffer is gone");
        };
        let buffer = i as u32;
        if attachment.addr.addr() == AUTOMATIC {
            attachment.messages += 1;
            return Ok(Room::Heap { share: Share { buffer, need: 0, offset: None } });
        }
        // The overhead covers what the alignment wastes.
        let need = len + OVERHEAD;
        let size = attachment.size as usize;
        if size - attachment.taken < need {
            fail!(
                ERR_BUFFER,
                "the attached buffer of {size} bytes has no room for a message of {len} bytes and {OVERHEAD} bytes of \
                 overhead: {} bytes hold messages that have not left yet",
                attachment.taken
            );
        }
        attachment.messages += 1;
        attachment.taken += need;
        let mut at = 0;
        for (&offset, &used) in &attachment.used {
            if offset - at >= need {
                break;
            }
            at = offset + used;
        }
        if size - at < need {
            return Ok(Room::Heap { share: Share { buffer, need, offset: None } });
        }
        attachment.used.insert(at, need);
        let addr = attachment.addr.wrapping_add(at);
        let addr = addr.wrapping_add(addr.align_offset(ALIGNMENT));
        Ok(Room::Piece { share: Share { buffer, need, offset: Some(at) }, addr })
    }

    /// Gives room back whose message has left.
    pub(crate) fn give_back(&mut self, share: Share) {
        if let Some(Some(attachment)) = self.list.get_mut(share.buffer as usize) {
            attachment.messages -= 1;
            attachment.taken -= share.need;
            if let Some(offset) = share.offset {
                attachment.used.remove(&offset);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn room_is_as_the_standard_computes_it() {
        let mut all = Attachments::default();
        let memory = 0x1000 as *mut u8;
        let two_messages = 2 * (100 + OVERHEAD);
        all.attach(None, memory, two_messages as i64).unwrap();
        assert!(all.attach(None, memory, 10).is_err());
        let piece = |room: Result<Room>| match room.unwrap() {
            Room::Piece { share, .. } => share,
            Room::Heap { .. } => panic!("there is room in the buffer"),
        };
        let owners = [Some(Handle(0x101)), None];
        let a = piece(all.reserve(owners, 100));
        let b = piece(all.reserve(owners, 100));
        assert!(all.reserve(owners, 0).is_err());
        all.give_back(a);
        assert!(all.reserve(owners, 101).is_err());
        assert_eq!(piece(all.reserve(owners, 100)), a);
        assert!(!all.drained(None));
        all.give_back(a);
        all.give_back(b);
        assert!(all.drained(None));
        assert_eq!(all.detach(None), Some((memory, two_messages as i64)));
        assert!(all.reserve(owners, 0).is_err());
    }

    #[test]
    fn an_automatic_buffer_has_room_for_all() {
        let mut all = Attachments::default();
        all.attach(None, AUTOMATIC as *mut u8, 0).unwrap();
        let Ok(Room::Heap { share }) = all.reserve([None, None], 1 << 40) else { panic!("not automatic") };
        assert!(!all.drained(None));
        all.give_back(share);
        assert!(all.drained(None));
    }

    proptest! {
        /// Free bytes suffice, whatever has left in whatever order; pieces lie inside the buffer and apart.
        #[test]
        fn what_adds_up_fits(
            size in 0usize..8000,
            steps in prop::collection::vec(prop_oneof![(0usize..2000).prop_map(Ok), any::<usize>().prop_map(Err)], 0..200),
        ) {
            let mut all = Attachments::default();
            // At an address that is not aligned.
            let base = 0x10_0007;
            all.attach(None, base as *mut u8, size as i64).unwrap();
            let mut open: Vec<(Share, usize, std::ops::Range<usize>)> = Vec::new();
            for step in steps {
                match step {
                    Ok(len) => {
                        let taken: usize = open.iter().map(|(_, len, _)| len + OVERHEAD).sum();
                        let room = all.reserve([None, None], len);
                        prop_assert_eq!(room.is_ok(), taken + len + OVERHEAD <= size);
                        match room {
                            Ok(Room::Piece { share, addr }) => {
                                let piece = addr.addr()..addr.addr() + len;
                                prop_assert!(base <= piece.start && piece.end <= base + size);
                                let apart = |other: &std::ops::Range<usize>| {
                                    other.end <= piece.start || piece.end <= other.start
                                };
                                prop_assert!(open.iter().all(|(_, _, other)| apart(other)));
                                open.push((share, len, piece));
                            }
                            Ok(Room::Heap { share }) => open.push((share, len, 0..0)),
                            Err(_) => {}
                        }
                    }
                    Err(i) if !open.is_empty() => all.give_back(open.swap_remove(i % open.len()).0),
                    Err(_) => {}
                }
                prop_assert_eq!(all.drained(None), open.is_empty());
            }
        }
    }
}
