//! Arrays of blocks, one for each rank.

#![allow(unsafe_code)]

use std::rc::Rc;

use crate::buffer::{Buffer, IN_PLACE};
use crate::counts::Counts;
use crate::datatype::Datatype;
use crate::handle::Handle;
use crate::world::World;
use crate::{Result, UserBuf, fail};

/// A buffer with a block for each rank, each with a length and a place of its own, as the user names it.
#[derive(Clone, Copy, Debug)]
pub struct UserBlocks<'a> {
    addr: *mut u8,
    counts: Counts<'a>,
    displacements: Counts<'a>,
    datatypes: Datatypes<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Datatypes<'a> {
    Same(Handle),
    Each(&'a [Handle]),
}

impl<'a> UserBlocks<'a> {
    /// For rank i, `counts[i]` elements of `datatype`, `displacements[i]` extents of it after `addr`.
    ///
    /// # Safety
    /// As for [`UserBuf::new`], for each of the blocks.
    pub const unsafe fn new(
        addr: *mut u8,
        counts: Counts<'a>,
        displacements: Counts<'a>,
        datatype: Handle,
    ) -> UserBlocks<'a> {
        UserBlocks { addr, counts, displacements, datatypes: Datatypes::Same(datatype) }
    }

    /// For rank i, `counts[i]` elements of `datatypes[i]`, `displacements[i]` bytes after `addr`.
    ///
    /// # Safety
    /// As for [`UserBuf::new`], for each of the blocks.
    pub const unsafe fn typed(
        addr: *mut u8,
        counts: Counts<'a>,
        displacements: Counts<'a>,
        datatypes: &'a [Handle],
    ) -> UserBlocks<'a> {
        UserBlocks { addr, counts, displacements, datatypes: Datatypes::Each(datatypes) }
    }

    /// Whether this is `MPI_IN_PLACE`.
    pub(super) fn is_in_place(&self) -> bool {
        self.addr.addr() == IN_PLACE
    }
}

/// A user's array of blocks, one for each rank: of equal length one after the other, or each where its displacement
/// says.
pub(crate) struct Blocks<'a> {
    addr: *mut u8,
    layout: Layout<'a>,
}

enum Layout<'a> {
    /// Blocks of so many elements.
    Even(i64, Rc<Datatype>),
    /// Counts, and displacements in extents.
    Free(Counts<'a>, Counts<'a>, Rc<Datatype>),
    /// Counts, displacements in bytes, and types.
    Typed(Counts<'a>, Counts<'a>, Vec<Rc<Datatype>>),
}

impl Blocks<'_> {
    /// The block of rank `i`.
    pub(crate) fn block(&self, i: usize) -> Buffer {
        let (count, displacement, datatype) = match &self.layout {
            Layout::Even(count, datatype) => (*count, i as i64 * count * datatype.extent(), datatype),
            Layout::Free(counts, starts, datatype) => {
                (counts.get(i), starts.get(i) * datatype.extent(), datatype)
            }
            Layout::Typed(counts, starts, datatypes) => (counts.get(i), starts.get(i), &datatypes[i]),
        };
        let addr = self.addr.wrapping_offset(displacement as isize);
        // SAFETY: the caller of the collective promised (`UserBuf::new`) that all blocks are valid.
        unsafe { Buffer::typed(addr, count as u64, datatype.clone()) }
    }
}

impl World {
    /// The `n` blocks of `buf.count()` elements each at a user's address.
    pub(super) fn even_blocks(&self, buf: UserBuf, n: usize) -> Result<Blocks<'static>> {
        if buf.count() < 0 {
            fail!(ERR_COUNT, "the count is {}, less than 0", buf.count());
        }
        let datatype = self.committed(buf.datatype())?;
        let bytes = buf.count() as u128 * datatype.size() as u128 * n as u128;
        if bytes > isize::MAX as u128 {
            fail!(ERR_COUNT, "{n} blocks of {} elements do not fit into memory", buf.count());
        }
        if buf.addr().is_null() && bytes > 0 && datatype.is_contiguous() {
            fail!(ERR_BUFFER, "the buffer is null, but {bytes} bytes are to be transferred");
        }
        Ok(Blocks { addr: buf.addr(), layout: Layout::Even(buf.count(), datatype) })
    }

    /// The blocks of `n` ranks.
    pub(super) fn free_blocks<'a>(&self, blocks: UserBlocks<'a>, n: usize) -> Result<Blocks<'a>> {
        let UserBlocks { addr, counts, displacements, datatypes } = blocks;
        if counts.len() < n || displacements.len() < n {
            fail!(ERR_ARG, "there must be a count and a displacement for each of {n} ranks");
        }
        if let Some(i) = (0..n).find(|&i| counts.get(i) < 0) {
            fail!(ERR_COUNT, "the count for rank {i} is {}, less than 0", counts.get(i));
        }
        let layout = match datatypes {
            Datatypes::Same(datatype) => {
                let datatype = self.committed(datatype)?;
                let any = datatype.size() > 0 && (0..n).any(|i| counts.get(i) > 0);
                if any && addr.is_null() && datatype.is_contiguous() {
                    fail!(ERR_BUFFER, "the buffer is null, but there is something to be transferred");
                }
                Layout::Free(counts, displacements, datatype)
            }
            // Displacements in bytes may be addresses, and `addr` then MPI_BOTTOM, which is null.
            Datatypes::Each(datatypes) if datatypes.len() < n => {
                fail!(ERR_ARG, "there must be a datatype for each of {n} ranks")
            }
            Datatypes::Each(datatypes) => {
                let datatypes = datatypes.iter().map(|&datatype| self.committed(datatype));
                Layout::Typed(counts, displacements, datatypes.collect::<Result<_>>()?)
            }
        };
        Ok(Blocks { addr, layout })
    }
}
