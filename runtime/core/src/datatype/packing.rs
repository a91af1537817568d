//! Packing messages by hand (MPI 5.0, section 5.2).

use crate::buffer::{Buffer, UserBuf};
use crate::handle::Handle;
use crate::world::World;
use crate::{Result, fail};

/// Where in a packed message of `room` bytes `len` bytes fit from `position` on.
fn place(position: i64, room: i64, len: usize, what: &str) -> Result<usize> {
    match usize::try_from(position) {
        Ok(at) if at as i128 + len as i128 <= room as i128 => Ok(at),
        _ => fail!(ERR_ARG, "{len} bytes from position {position} on do not fit {what} of {room} bytes"),
    }
}

impl World {
    fn packed(&self, buf: UserBuf) -> Result<Buffer> {
        if buf.is_in_place() {
            fail!(ERR_BUFFER, "MPI_IN_PLACE is not a buffer to pack");
        }
        buf.resolve(&self.types.borrow())
    }

    /// Packs `from` into `into` (bytes), from `position` on, which moves on.
    #[doc(alias = "MPI_Pack")]
    pub fn pack(&self, from: UserBuf, into: UserBuf, position: &mut i64, comm: Handle) -> Result<()> {
        self.comm(comm)?;
        let from = self.packed(from)?;
        let room = self.packed(into)?;
        let at = place(*position, into.count(), from.len(), "into a buffer")?;
        room.slice(at, from.len()).copy_from(&from);
        *position += from.len() as i64;
        Ok(())
    }

    /// Unpacks into `into` from `from` (bytes), from `position` on, which moves on.
    #[doc(alias = "MPI_Unpack")]
    pub fn unpack(&self, from: UserBuf, position: &mut i64, into: UserBuf, comm: Handle) -> Result<()> {
        self.comm(comm)?;
        let bytes = self.packed(from)?;
        let into = self.packed(into)?;
        let at = place(*position, from.count(), into.len(), "in a message")?;
        into.copy_from(&bytes.slice(at, into.len()));
        *position += into.len() as i64;
        Ok(())
    }

    /// How many bytes `count` elements take when packed.
    #[doc(alias = "MPI_Pack_size")]
    pub fn pack_size(&self, count: i64, datatype: Handle, comm: Handle) -> Result<i64> {
        self.comm(comm)?;
        let size = self.types.borrow().get(datatype)?.size();
        match count.checked_mul(size as i64) {
            Some(bytes) if count >= 0 => Ok(bytes),
            _ => fail!(ERR_COUNT, "{count} elements of {size} bytes cannot be packed"),
        }
    }
}
