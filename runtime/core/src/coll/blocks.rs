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
    datatype: Handle,
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
        UserBlocks { addr, counts, displacements, datatype }
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
    datatype: Rc<Datatype>,
    layout: Layout<'a>,
}

enum Layout<'a> {
    Even(i64),
    Free(Counts<'a>, Counts<'a>),
}

impl Blocks<'_> {
    /// The block of rank `i`.
    pub(crate) fn block(&self, i: usize) -> Buffer {
        let (count, displacement) = match self.layout {
            Layout::Even(count) => (count, i as i64 * count),
            Layout::Free(counts, displacements) => (counts.get(i), displacements.get(i)),
        };
        let addr = self.addr.wrapping_offset(displacement as isize * self.datatype.extent() as isize);
        // SAFETY: the caller of the collective promised (`UserBuf::new`) that all blocks are valid.
        unsafe { Buffer::typed(addr, count as u64, self.datatype.clone()) }
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
        Ok(Blocks { addr: buf.addr(), datatype, layout: Layout::Even(buf.count()) })
    }

    /// The blocks of `n` ranks.
    pub(super) fn free_blocks<'a>(&self, blocks: UserBlocks<'a>, n: usize) -> Result<Blocks<'a>> {
        let UserBlocks { addr, counts, displacements, datatype } = blocks;
        let datatype = self.committed(datatype)?;
        if counts.len() < n || displacements.len() < n {
            fail!(ERR_ARG, "there must be a count and a displacement for each of {n} ranks");
        }
        let mut any = false;
        for i in 0..n {
            if counts.get(i) < 0 {
                fail!(ERR_COUNT, "the count for rank {i} is {}, less than 0", counts.get(i));
            }
            any |= counts.get(i) > 0 && datatype.size() > 0;
        }
        if any && addr.is_null() && datatype.is_contiguous() {
            fail!(ERR_BUFFER, "the buffer is null, but there is something to be transferred");
        }
        Ok(Blocks { addr, datatype, layout: Layout::Free(counts, displacements) })
    }
}
