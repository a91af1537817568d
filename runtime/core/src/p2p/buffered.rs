//! Buffers that a program attaches for sends in buffered mode (MPI 5.0, section 3.6).
//!
//! There is one buffer for the process, one for each communicator and one for each session at most. Its bytes are
//! handed out first fit; a piece is as long as the packed message and [`OVERHEAD`] more, as a program computes it.
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
    /// Messages of an automatic buffer that have not left.
    automatic: usize,
}

/// All attached buffers of this rank.
#[derive(Default)]
pub(crate) struct Attachments {
    list: Vec<Option<Attachment>>,
}

/// Where a buffered message is kept.
pub(crate) enum Room {
    /// In the attached buffer `buffer`, at this offset and address.
    Piece { buffer: u32, offset: usize, addr: *mut u8 },
    /// On the heap.
    Heap { buffer: u32 },
}

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
        let attachment = Attachment { owner, addr, size, used: BTreeMap::new(), automatic: 0 };
        match self.list.iter_mut().find(|a| a.is_none()) {
            Some(free) => *free = Some(attachment),
            None => self.list.push(Some(attachment)),
        }
        Ok(())
    }

    /// Whether all messages in the buffer of `owner` have left. An owner without a buffer has nothing to wait for.
    pub(crate) fn drained(&self, owner: Option<Handle>) -> bool {
        self.find(owner)
            .and_then(|i| self.list[i].as_ref())
            .is_none_or(|a| a.used.is_empty() && a.automatic == 0)
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
            attachment.automatic += 1;
            return Ok(Room::Heap { buffer });
        }
        // Pieces begin at multiples of 8 bytes; the overhead covers what that wastes.
        let need = (len + OVERHEAD - 8).next_multiple_of(8);
        let size = attachment.size as usize;
        let mut at = 0;
        for (&offset, &used) in &attachment.used {
            if offset - at >= need {
                break;
            }
            at = offset + used;
        }
        if size.saturating_sub(at) < need {
            let used: usize = attachment.used.values().sum();
            fail!(
                ERR_BUFFER,
                "the attached buffer of {size} bytes has no room for a message of {len} bytes and {OVERHEAD} bytes of \
                 overhead: {used} bytes hold messages that have not left yet"
            );
        }
        attachment.used.insert(at, need);
        Ok(Room::Piece { buffer, offset: at, addr: attachment.addr.wrapping_add(at) })
    }

    /// Gives a piece back whose message has left; for an automatic buffer the offset says nothing.
    pub(crate) fn give_back(&mut self, buffer: u32, offset: usize) {
        if let Some(Some(attachment)) = self.list.get_mut(buffer as usize)
            && attachment.used.remove(&offset).is_none()
        {
            attachment.automatic -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_as_the_standard_computes_it() {
        let mut all = Attachments::default();
        let memory = 0x1000 as *mut u8;
        let two_messages = 2 * (100 + OVERHEAD);
        all.attach(None, memory, two_messages as i64).unwrap();
        assert!(all.attach(None, memory, 10).is_err());
        let piece = |room: Result<Room>| match room.unwrap() {
            Room::Piece { buffer, offset, .. } => (buffer, offset),
            Room::Heap { .. } => panic!("not an automatic buffer"),
        };
        let owners = [Some(Handle(0x101)), None];
        let a = piece(all.reserve(owners, 100));
        let b = piece(all.reserve(owners, 100));
        assert!(all.reserve(owners, 100).is_err());
        all.give_back(a.0, a.1);
        assert_eq!(piece(all.reserve(owners, 100)), a);
        assert!(!all.drained(None));
        all.give_back(a.0, a.1);
        all.give_back(b.0, b.1);
        assert!(all.drained(None));
        assert_eq!(all.detach(None), Some((memory, two_messages as i64)));
        assert!(all.reserve(owners, 0).is_err());
    }

    #[test]
    fn an_automatic_buffer_has_room_for_all() {
        let mut all = Attachments::default();
        all.attach(None, AUTOMATIC as *mut u8, 0).unwrap();
        let Ok(Room::Heap { buffer }) = all.reserve([None, None], 1 << 40) else { panic!("not automatic") };
        assert!(!all.drained(None));
        all.give_back(buffer, 0);
        assert!(all.drained(None));
    }
}
