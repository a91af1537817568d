//! Packing messages by hand (MPI 5.0, sections 5.2 and 5.3).

use std::rc::Rc;

use super::external32;
use super::signature::Signature;
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

    /// Packs `from` into `into` (bytes) in the representation `datarep`, from `position` on, which moves on.
    #[doc(alias = "MPI_Pack_external")]
    pub fn pack_external(
        &self,
        datarep: &str,
        from: UserBuf,
        into: UserBuf,
        position: &mut i64,
    ) -> Result<()> {
        check_representation(datarep)?;
        let (data, room) = (self.packed(from)?, self.packed(into)?);
        let signature = self.external_signature(from.count(), from.datatype())?;
        let len = signature.external_bytes() as usize;
        let at = place(*position, into.count(), len, "into a buffer")?;
        external32::pack(&signature, &data, &room.slice(at, len));
        *position += len as i64;
        Ok(())
    }

    /// Unpacks into `into` from `from` (bytes) in the representation `datarep`, from `position` on, which moves on.
    #[doc(alias = "MPI_Unpack_external")]
    pub fn unpack_external(
        &self,
        datarep: &str,
        from: UserBuf,
        position: &mut i64,
        into: UserBuf,
    ) -> Result<()> {
        check_representation(datarep)?;
        let (bytes, data) = (self.packed(from)?, self.packed(into)?);
        let signature = self.external_signature(into.count(), into.datatype())?;
        let len = signature.external_bytes() as usize;
        let at = place(*position, from.count(), len, "in a message")?;
        external32::unpack(&signature, &bytes.slice(at, len), &data);
        *position += len as i64;
        Ok(())
    }

    /// How many bytes `count` elements take in the representation `datarep`.
    #[doc(alias = "MPI_Pack_external_size")]
    pub fn pack_external_size(&self, datarep: &str, count: i64, datatype: Handle) -> Result<i64> {
        check_representation(datarep)?;
        Ok(self.external_signature(count, datatype)?.external_bytes() as i64)
    }

    fn external_signature(&self, count: i64, datatype: Handle) -> Result<Rc<Signature>> {
        let datatype = self.types.borrow().get(datatype)?;
        let each = datatype.signature.external_bytes().max(datatype.size());
        match u64::try_from(count) {
            Ok(count) if count as u128 * each as u128 <= i64::MAX as u128 => {
                Ok(Signature::repeat(count, &datatype.signature))
            }
            _ => fail!(ERR_COUNT, "{count} elements of {each} bytes cannot be packed"),
        }
    }
}

/// Only one representation is portable (MPI 5.0, section 5.3).
fn check_representation(datarep: &str) -> Result<()> {
    match datarep {
        "external32" => Ok(()),
        other => fail!(ERR_UNSUPPORTED_DATAREP, "the representation is \"{other}\", not \"external32\""),
    }
}
