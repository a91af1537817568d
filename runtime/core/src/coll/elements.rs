//! The elements of a reduction.

#![allow(unsafe_code)]

use std::rc::Rc;

use super::schedule::{Reduction, Schedule};
use crate::buffer::{Buffer, IN_PLACE};
use crate::handle::Handle;
use crate::world::World;
use crate::{Result, UserBuf, fail};

/// Elements that a reduction works on, and where copies of them can be kept.
#[derive(Clone)]
pub(crate) struct Elements {
    how: Rc<Reduction>,
    pub(super) count: i64,
}

impl Elements {
    /// Memory for these elements. The address returned is that of the first element's origin.
    pub(super) fn scratch(&self, schedule: &mut Schedule) -> *mut u8 {
        let datatype = &self.how.datatype;
        let last = (self.count - 1).max(0) * datatype.extent();
        let low = datatype.true_lb() + last.min(0);
        let high = datatype.true_lb() + datatype.true_extent() + last.max(0);
        schedule.scratch((high - low) as usize).wrapping_offset(-low as isize)
    }

    /// The elements at `addr` as a buffer.
    pub(super) fn at(&self, addr: *mut u8) -> Buffer {
        self.part(addr, 0, self.count)
    }

    /// `count` of the elements at `addr`, from the one numbered `from`.
    pub(super) fn part(&self, addr: *mut u8, from: i64, count: i64) -> Buffer {
        // SAFETY: `addr` is a user's buffer of this reduction or memory of `scratch`; both hold all elements.
        unsafe { Buffer::typed(self.element(addr, from), count as u64, self.how.datatype.clone()) }
    }

    /// The address of element `i`.
    pub(super) fn element(&self, addr: *mut u8, i: i64) -> *mut u8 {
        addr.wrapping_offset(i as isize * self.how.datatype.extent() as isize)
    }

    /// The same reduction on `count` elements.
    pub(super) fn resized(&self, count: i64) -> Elements {
        Elements { how: self.how.clone(), count }
    }

    /// Bytes of data.
    pub(super) fn len(&self) -> usize {
        self.count as usize * self.how.datatype.size() as usize
    }

    pub(super) fn commutative(&self) -> bool {
        self.how.op.commutative()
    }

    /// Checks the user's buffers, which may be null only if there is nothing to combine.
    pub(super) fn check_buffers(&self, from: *const u8, into: *const u8) -> Result<()> {
        if self.len() > 0 && (from.is_null() || into.is_null()) {
            fail!(ERR_BUFFER, "a buffer is null, but {} bytes are to be combined", self.len());
        }
        if into.addr() == IN_PLACE {
            fail!(ERR_BUFFER, "MPI_IN_PLACE is not allowed for this buffer on this rank");
        }
        Ok(())
    }

    /// Combines at once: `into` = `with` op `into` for all elements.
    pub(super) fn apply(&self, with: *const u8, into: *mut u8) -> Result<()> {
        self.how.op.apply(&self.how.datatype, self.how.handle, with, into, self.count)
    }

    /// Adds to the schedule: `into` = `with` op `into` for all elements.
    pub(super) fn reduce(&self, schedule: &mut Schedule, with: *const u8, into: *mut u8) {
        schedule.reduce(with, into, self.count, &self.how);
    }
}

impl World {
    /// Checks the arguments of a reduction of `count` elements.
    pub(super) fn elements(&self, count: i64, datatype: Handle, op: Handle) -> Result<Elements> {
        if count < 0 {
            fail!(ERR_COUNT, "the count is {count}, less than 0");
        }
        let handle = datatype;
        let datatype = self.committed(datatype)?;
        let op = self.ops.borrow().get(op)?;
        op.check(&datatype)?;
        Ok(Elements { how: Rc::new(Reduction { op, datatype, handle }), count })
    }

    /// The operands of a reduction in which every rank has a result: where this rank's elements are, and where the
    /// result goes. `sbuf` may be in place.
    pub(super) fn operands(
        &self,
        sbuf: UserBuf,
        rbuf: UserBuf,
        op: Handle,
    ) -> Result<(Elements, *mut u8, *mut u8)> {
        let all = self.elements(rbuf.count(), rbuf.datatype(), op)?;
        let into = rbuf.addr();
        let mine = if sbuf.is_in_place() { into } else { sbuf.addr() };
        all.check_buffers(mine, into)?;
        Ok((all, mine, into))
    }
}
