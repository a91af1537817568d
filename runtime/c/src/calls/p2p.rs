//! Point-to-point communication (MPI 5.0, chapter 3), all but completion.

use rankwise_core::{Handle, Result, SendMode, Status, World};
use std::ffi::{c_int, c_void};

use crate::entry::argument::{In, Number, Out};
use crate::generated::constants::MPI_MESSAGE_NULL;

/// The sends of one mode: blocking, nonblocking and persistent.
macro_rules! sends {
    ($($mode:ident $send:ident $isend:ident $init:ident;)*) => {$(
        #[inline(always)]
        pub fn $send(
            world: &World,
            buf: In<c_void>,
            count: impl Number,
            datatype: Handle,
            dest: c_int,
            tag: c_int,
            comm: Handle,
        ) -> Result<()> {
            world.send(SendMode::$mode, buf.buffer(count, datatype), dest, tag, comm)
        }

        #[inline(always)]
        #[allow(clippy::too_many_arguments)]
        pub fn $isend(
            world: &World,
            buf: In<c_void>,
            count: impl Number,
            datatype: Handle,
            dest: c_int,
            tag: c_int,
            comm: Handle,
            request: Out<Handle>,
        ) -> Result<()> {
            request.check()?;
            request.set(world.isend(SendMode::$mode, buf.buffer(count, datatype), dest, tag, comm)?)
        }

        #[allow(clippy::too_many_arguments)]
        pub fn $init(
            world: &World,
            buf: In<c_void>,
            count: impl Number,
            datatype: Handle,
            dest: c_int,
            tag: c_int,
            comm: Handle,
            request: Out<Handle>,
        ) -> Result<()> {
            request.check()?;
            request.set(world.send_init(SendMode::$mode, buf.buffer(count, datatype), dest, tag, comm)?)
        }
    )*};
}

sends! {
    Standard send isend send_init;
    Buffered bsend ibsend bsend_init;
    Synchronous ssend issend ssend_init;
    Ready rsend irsend rsend_init;
}

/// `MPI_Recv`
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn recv(
    world: &World,
    buf: Out<c_void>,
    count: impl Number,
    datatype: Handle,
    source: c_int,
    tag: c_int,
    comm: Handle,
    status: Out<Status>,
) -> Result<()> {
    status.report(&world.recv(buf.buffer(count, datatype), source, tag, comm)?);
    Ok(())
}

/// `MPI_Irecv`
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn irecv(
    world: &World,
    buf: Out<c_void>,
    count: impl Number,
    datatype: Handle,
    source: c_int,
    tag: c_int,
    comm: Handle,
    request: Out<Handle>,
) -> Result<()> {
    request.check()?;
    request.set(world.irecv(buf.buffer(count, datatype), source, tag, comm)?)
}

/// `MPI_Recv_init`
#[allow(clippy::too_many_arguments)]
pub fn recv_init(
    world: &World,
    buf: Out<c_void>,
    count: impl Number,
    datatype: Handle,
    source: c_int,
    tag: c_int,
    comm: Handle,
    request: Out<Handle>,
) -> Result<()> {
    request.check()?;
    request.set(world.recv_init(buf.buffer(count, datatype), source, tag, comm)?)
}

/// `MPI_Sendrecv`
#[allow(clippy::too_many_arguments)]
pub fn sendrecv(
    world: &World,
    sendbuf: In<c_void>,
    sendcount: impl Number,
    sendtype: Handle,
    dest: c_int,
    sendtag: c_int,
    recvbuf: Out<c_void>,
    recvcount: impl Number,
    recvtype: Handle,
    source: c_int,
    recvtag: c_int,
    comm: Handle,
    status: Out<Status>,
) -> Result<()> {
    let (from, to) = (sendbuf.buffer(sendcount, sendtype), recvbuf.buffer(recvcount, recvtype));
    status.report(&world.sendrecv(from, dest, sendtag, to, source, recvtag, comm)?);
    Ok(())
}

/// `MPI_Isendrecv`
#[allow(clippy::too_many_arguments)]
pub fn isendrecv(
    world: &World,
    sendbuf: In<c_void>,
    sendcount: impl Number,
    sendtype: Handle,
    dest: c_int,
    sendtag: c_int,
    recvbuf: Out<c_void>,
    recvcount: impl Number,
    recvtype: Handle,
    source: c_int,
    recvtag: c_int,
    comm: Handle,
    request: Out<Handle>,
) -> Result<()> {
    let (from, to) = (sendbuf.buffer(sendcount, sendtype), recvbuf.buffer(recvcount, recvtype));
    request.check()?;
    request.set(world.isendrecv(from, dest, sendtag, to, source, recvtag, comm)?)
}

/// `MPI_Sendrecv_replace`
#[allow(clippy::too_many_arguments)]
pub fn sendrecv_replace(
    world: &World,
    buf: Out<c_void>,
    count: impl Number,
    datatype: Handle,
    dest: c_int,
    sendtag: c_int,
    source: c_int,
    recvtag: c_int,
    comm: Handle,
    status: Out<Status>,
) -> Result<()> {
    let buf = buf.buffer(count, datatype);
    status.report(&world.sendrecv_replace(buf, dest, sendtag, source, recvtag, comm)?);
    Ok(())
}

/// `MPI_Isendrecv_replace`
#[allow(clippy::too_many_arguments)]
pub fn isendrecv_replace(
    world: &World,
    buf: Out<c_void>,
    count: impl Number,
    datatype: Handle,
    dest: c_int,
    sendtag: c_int,
    source: c_int,
    recvtag: c_int,
    comm: Handle,
    request: Out<Handle>,
) -> Result<()> {
    let buf = buf.buffer(count, datatype);
    request.check()?;
    request.set(world.isendrecv_replace(buf, dest, sendtag, source, recvtag, comm)?)
}

/// `MPI_Probe`
pub fn probe(world: &World, source: c_int, tag: c_int, comm: Handle, status: Out<Status>) -> Result<()> {
    status.report(&world.probe(source, tag, comm)?);
    Ok(())
}

/// `MPI_Iprobe`
pub fn iprobe(
    world: &World,
    source: c_int,
    tag: c_int,
    comm: Handle,
    flag: Out<c_int>,
    status: Out<Status>,
) -> Result<()> {
    let found = world.iprobe(source, tag, comm)?;
    if let Some(found) = &found {
        status.report(found);
    }
    flag.flag(found.is_some())
}

/// `MPI_Mprobe`
pub fn mprobe(
    world: &World,
    source: c_int,
    tag: c_int,
    comm: Handle,
    message: Out<Handle>,
    status: Out<Status>,
) -> Result<()> {
    message.check()?;
    let (found, what) = world.mprobe(source, tag, comm)?;
    status.report(&what);
    message.set(found)
}

/// `MPI_Improbe`
pub fn improbe(
    world: &World,
    source: c_int,
    tag: c_int,
    comm: Handle,
    flag: Out<c_int>,
    message: Out<Handle>,
    status: Out<Status>,
) -> Result<()> {
    flag.check()?;
    message.check()?;
    let found = world.improbe(source, tag, comm)?;
    flag.flag(found.is_some())?;
    match found {
        Some((found, what)) => {
            status.report(&what);
            message.set(found)
        }
        None => message.set(MPI_MESSAGE_NULL),
    }
}

/// `MPI_Mrecv`
pub fn mrecv(
    world: &World,
    buf: Out<c_void>,
    count: impl Number,
    datatype: Handle,
    message: Out<Handle>,
    status: Out<Status>,
) -> Result<()> {
    message.update(|message| {
        let received = world.mrecv(buf.buffer(count, datatype), *message)?;
        *message = MPI_MESSAGE_NULL;
        status.report(&received);
        Ok(())
    })
}

/// `MPI_Imrecv`
pub fn imrecv(
    world: &World,
    buf: Out<c_void>,
    count: impl Number,
    datatype: Handle,
    message: Out<Handle>,
    request: Out<Handle>,
) -> Result<()> {
    request.check()?;
    message.update(|message| {
        let receive = world.imrecv(buf.buffer(count, datatype), *message)?;
        *message = MPI_MESSAGE_NULL;
        request.set(receive)
    })
}

/// `MPI_Buffer_attach`
pub fn buffer_attach(world: &World, buffer: Out<c_void>, size: impl Number) -> Result<()> {
    world.buffer_attach(None, buffer.address(), size.wide())
}

/// `MPI_Comm_attach_buffer`
pub fn comm_attach_buffer(world: &World, comm: Handle, buffer: Out<c_void>, size: impl Number) -> Result<()> {
    world.buffer_attach(Some(comm), buffer.address(), size.wide())
}

/// Detaches the buffer of `owner`.
pub fn detach(
    world: &World,
    owner: Option<Handle>,
    buffer: Out<c_void>,
    size: Out<impl Number>,
) -> Result<()> {
    let (address, length) = world.buffer_detach(owner)?;
    buffer.set_pointer(address)?;
    size.count(length)
}

/// `MPI_Buffer_detach`
pub fn buffer_detach(world: &World, buffer: Out<c_void>, size: Out<impl Number>) -> Result<()> {
    detach(world, None, buffer, size)
}

/// `MPI_Comm_detach_buffer`
pub fn comm_detach_buffer(
    world: &World,
    comm: Handle,
    buffer: Out<c_void>,
    size: Out<impl Number>,
) -> Result<()> {
    detach(world, Some(comm), buffer, size)
}

/// `MPI_Buffer_flush`
pub fn buffer_flush(world: &World) -> Result<()> {
    world.buffer_flush(None)
}

/// `MPI_Comm_flush_buffer`
pub fn comm_flush_buffer(world: &World, comm: Handle) -> Result<()> {
    world.buffer_flush(Some(comm))
}

/// `MPI_Buffer_iflush`
pub fn buffer_iflush(world: &World, request: Out<Handle>) -> Result<()> {
    request.check()?;
    request.set(world.buffer_iflush(None)?)
}

/// `MPI_Comm_iflush_buffer`
pub fn comm_iflush_buffer(world: &World, comm: Handle, request: Out<Handle>) -> Result<()> {
    request.check()?;
    request.set(world.buffer_iflush(Some(comm))?)
}
