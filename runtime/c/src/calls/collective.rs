//! Collective operations and operators (MPI 5.0, chapter 6).

use rankwise_core::{Counts, Handle, Result, UserBlocks, World};
use std::any::Any;
use std::ffi::{c_int, c_void};
use std::rc::Rc;

use crate::callback;
use crate::entry::argument::{In, Number, Out, length};
use crate::generated::constants::{MPI_DATATYPE_NULL, MPI_IN_PLACE, MPI_INFO_NULL};
use crate::generated::types::{MPI_User_function, MPI_User_function_c};

/// Counts that this rank need not give.
const NONE: Counts<'static> = Counts::I32(&[]);

/// An operation in its blocking, its nonblocking and its persistent form. All hand the same to core. The latter two have
/// a request as last argument; what a persistent one is given by address must stay (MPI 5.0, section 6.13).
macro_rules! collective {
    ($($name:ident $iname:ident $init:ident [$($number:ident)*] $world:ident $comm:ident ($($arg:ident: $type:ty),*) => $($pass:expr),*;)*) => {$(
        #[allow(clippy::too_many_arguments, missing_docs)]
        pub fn $name<$($number: Number),*>($world: &World, $($arg: $type),*) -> Result<()> {
            $world.$name($($pass),*)
        }

        #[allow(clippy::too_many_arguments, missing_docs)]
        pub fn $iname<$($number: Number),*>($world: &World, $($arg: $type,)* request: Out<Handle>) -> Result<()> {
            request.check()?;
            request.set($world.$iname($($pass),*)?)
        }

        #[allow(clippy::too_many_arguments, clippy::clone_on_copy, missing_docs)]
        pub fn $init<$($number: Number + 'static),*>(
            $world: &World, $($arg: $type,)* info: Handle, request: Out<Handle>,
        ) -> Result<()> {
            check_info($world, info)?;
            let used = handles($world, $comm, &[$(&$arg as &dyn Any),*]);
            let start = move |$world: &World| {
                $(let $arg = $arg.clone();)*
                $world.$iname($($pass),*)
            };
            request.check()?;
            request.set($world.collective_init($comm, &used, Rc::new(start))?)
        }
    )*};
}

collective! {
    barrier ibarrier barrier_init [] world comm (comm: Handle) => comm;

    bcast ibcast bcast_init [N] world comm (buffer: Out<c_void>, count: N, datatype: Handle, root: c_int, comm: Handle)
        => buffer.buffer(count, datatype), root, comm;

    gather igather gather_init [N] world comm (
        sendbuf: In<c_void>, sendcount: N, sendtype: Handle,
        recvbuf: Out<c_void>, recvcount: N, recvtype: Handle, root: c_int, comm: Handle
    ) => sendbuf.buffer(sendcount, sendtype), recvbuf.buffer(recvcount, recvtype), root, comm;

    gatherv igatherv gatherv_init [N D] world comm (
        sendbuf: In<c_void>, sendcount: N, sendtype: Handle,
        recvbuf: Out<c_void>, recvcounts: In<N>, displs: In<D>, recvtype: Handle, root: c_int, comm: Handle
    ) => sendbuf.buffer(sendcount, sendtype),
        match world.comm_rank(comm)? == root {
            true => to_all(world, recvbuf, recvcounts, displs, recvtype, comm)?,
            false => recvbuf.blocks(NONE, NONE, MPI_DATATYPE_NULL),
        },
        root, comm;

    scatter iscatter scatter_init [N] world comm (
        sendbuf: In<c_void>, sendcount: N, sendtype: Handle,
        recvbuf: Out<c_void>, recvcount: N, recvtype: Handle, root: c_int, comm: Handle
    ) => sendbuf.buffer(sendcount, sendtype), recvbuf.buffer(recvcount, recvtype), root, comm;

    scatterv iscatterv scatterv_init [N D] world comm (
        sendbuf: In<c_void>, sendcounts: In<N>, displs: In<D>, sendtype: Handle,
        recvbuf: Out<c_void>, recvcount: N, recvtype: Handle, root: c_int, comm: Handle
    ) => match world.comm_rank(comm)? == root {
            true => from_all(world, sendbuf, sendcounts, displs, sendtype, comm)?,
            false => sendbuf.blocks(NONE, NONE, MPI_DATATYPE_NULL),
        },
        recvbuf.buffer(recvcount, recvtype), root, comm;

    allgather iallgather allgather_init [N] world comm (
        sendbuf: In<c_void>, sendcount: N, sendtype: Handle,
        recvbuf: Out<c_void>, recvcount: N, recvtype: Handle, comm: Handle
    ) => sendbuf.buffer(sendcount, sendtype), recvbuf.buffer(recvcount, recvtype), comm;

    allgatherv iallgatherv allgatherv_init [N D] world comm (
        sendbuf: In<c_void>, sendcount: N, sendtype: Handle,
        recvbuf: Out<c_void>, recvcounts: In<N>, displs: In<D>, recvtype: Handle, comm: Handle
    ) => sendbuf.buffer(sendcount, sendtype),
        to_all(world, recvbuf, recvcounts, displs, recvtype, comm)?, comm;

    alltoall ialltoall alltoall_init [N] world comm (
        sendbuf: In<c_void>, sendcount: N, sendtype: Handle,
        recvbuf: Out<c_void>, recvcount: N, recvtype: Handle, comm: Handle
    ) => sendbuf.buffer(sendcount, sendtype), recvbuf.buffer(recvcount, recvtype), comm;

    alltoallv ialltoallv alltoallv_init [N D] world comm (
        sendbuf: In<c_void>, sendcounts: In<N>, sdispls: In<D>, sendtype: Handle,
        recvbuf: Out<c_void>, recvcounts: In<N>, rdispls: In<D>, recvtype: Handle, comm: Handle
    ) => from_all(world, sendbuf, sendcounts, sdispls, sendtype, comm)?,
        to_all(world, recvbuf, recvcounts, rdispls, recvtype, comm)?, comm;

    alltoallw ialltoallw alltoallw_init [N D] world comm (
        sendbuf: In<c_void>, sendcounts: In<N>, sdispls: In<D>, sendtypes: In<Handle>,
        recvbuf: Out<c_void>, recvcounts: In<N>, rdispls: In<D>, recvtypes: In<Handle>, comm: Handle
    ) => match sendbuf.address() as usize {
            MPI_IN_PLACE => sendbuf.blocks(NONE, NONE, MPI_DATATYPE_NULL),
            _ => {
                let n = world.comm_size(comm)? as usize;
                sendbuf.typed_blocks(sendcounts.counts(n)?, sdispls.counts(n)?, sendtypes.slice(n)?)
            }
        },
        {
            let n = world.comm_size(comm)? as usize;
            recvbuf.typed_blocks(recvcounts.counts(n)?, rdispls.counts(n)?, recvtypes.slice(n)?)
        }, comm;

    reduce ireduce reduce_init [N] world comm (
        sendbuf: In<c_void>, recvbuf: Out<c_void>, count: N, datatype: Handle, op: Handle, root: c_int, comm: Handle
    ) => sendbuf.buffer(count, datatype), recvbuf.buffer(count, datatype), op, root, comm;

    allreduce iallreduce allreduce_init [N] world comm (
        sendbuf: In<c_void>, recvbuf: Out<c_void>, count: N, datatype: Handle, op: Handle, comm: Handle
    ) => sendbuf.buffer(count, datatype), recvbuf.buffer(count, datatype), op, comm;

    scan iscan scan_init [N] world comm (
        sendbuf: In<c_void>, recvbuf: Out<c_void>, count: N, datatype: Handle, op: Handle, comm: Handle
    ) => sendbuf.buffer(count, datatype), recvbuf.buffer(count, datatype), op, comm;

    exscan iexscan exscan_init [N] world comm (
        sendbuf: In<c_void>, recvbuf: Out<c_void>, count: N, datatype: Handle, op: Handle, comm: Handle
    ) => sendbuf.buffer(count, datatype), recvbuf.buffer(count, datatype), op, comm;

    reduce_scatter_block ireduce_scatter_block reduce_scatter_block_init [N] world comm (
        sendbuf: In<c_void>, recvbuf: Out<c_void>, count: N, datatype: Handle, op: Handle, comm: Handle
    ) => sendbuf.buffer(count, datatype), recvbuf.buffer(count, datatype), op, comm;

    reduce_scatter ireduce_scatter reduce_scatter_init [N] world comm (
        sendbuf: In<c_void>, recvbuf: Out<c_void>, recvcounts: In<N>, datatype: Handle, op: Handle, comm: Handle
    ) => sendbuf.buffer(0, datatype), recvbuf.buffer(0, datatype),
        recvcounts.counts(world.comm_size(comm)? as usize)?, op, comm;
}

/// The handles among the arguments of a collective operation. Of arrays of types those that matter are looked at: those
/// of a buffer that is in place may be anything.
fn handles(world: &World, comm: Handle, arguments: &[&dyn Any]) -> Vec<Handle> {
    let (mut found, mut in_place) = (Vec::new(), false);
    for argument in arguments {
        if let Some(handle) = argument.downcast_ref::<Handle>() {
            found.push(*handle);
        } else if let Some(buffer) = argument.downcast_ref::<In<c_void>>() {
            in_place = buffer.address() as usize == MPI_IN_PLACE;
        } else if argument.is::<Out<c_void>>() {
            in_place = false;
        } else if let Some(types) = argument.downcast_ref::<In<Handle>>()
            && !in_place
            && let Ok(types) = world.comm_size(comm).and_then(|n| types.clone().array(n))
        {
            found.extend_from_slice(types);
        }
    }
    found
}

/// Checks an argument whose hints change nothing.
fn check_info(world: &World, info: Handle) -> Result<()> {
    if info != MPI_INFO_NULL {
        world.infos.borrow().get(info)?;
    }
    Ok(())
}

/// The blocks that go to each rank. In place, what describes them is not looked at: it may be null.
fn from_all<'a, N: Number + 'a, D: Number + 'a>(
    world: &World,
    sendbuf: In<c_void>,
    counts: In<N>,
    displs: In<D>,
    datatype: Handle,
    comm: Handle,
) -> Result<UserBlocks<'a>> {
    if sendbuf.address() as usize == MPI_IN_PLACE {
        return Ok(sendbuf.blocks(NONE, NONE, MPI_DATATYPE_NULL));
    }
    let n = world.comm_size(comm)? as usize;
    Ok(sendbuf.blocks(counts.counts(n)?, displs.counts(n)?, datatype))
}

/// The blocks that come from each rank.
fn to_all<'a, N: Number + 'a, D: Number + 'a>(
    world: &World,
    recvbuf: Out<c_void>,
    counts: In<N>,
    displs: In<D>,
    datatype: Handle,
    comm: Handle,
) -> Result<UserBlocks<'a>> {
    let n = world.comm_size(comm)? as usize;
    Ok(recvbuf.blocks(counts.counts(n)?, displs.counts(n)?, datatype))
}

/// `MPI_Reduce_local`
pub fn reduce_local<N: Number>(
    world: &World,
    inbuf: In<c_void>,
    inoutbuf: Out<c_void>,
    count: N,
    datatype: Handle,
    op: Handle,
) -> Result<()> {
    length(count)?;
    world.reduce_local(inbuf.buffer(count, datatype), inoutbuf.buffer(count, datatype), op)
}

/// `MPI_Op_create`
pub fn op_create(
    world: &World,
    function: Option<MPI_User_function>,
    commute: c_int,
    op: Out<Handle>,
) -> Result<()> {
    let function = callback::operator(callback::given(function, "operator's")?);
    op.check()?;
    op.set(world.ops.borrow_mut().create(commute != 0, function)?)
}

/// `MPI_Op_create_c`
pub fn op_create_c(
    world: &World,
    function: Option<MPI_User_function_c>,
    commute: c_int,
    op: Out<Handle>,
) -> Result<()> {
    let function = callback::operator_c(callback::given(function, "operator's")?);
    op.check()?;
    op.set(world.ops.borrow_mut().create(commute != 0, function)?)
}

/// `MPI_Op_free`
pub fn op_free(world: &World, op: Out<Handle>) -> Result<()> {
    op.update(|op| world.ops.borrow_mut().free(op))
}

/// `MPI_Op_commutative`
pub fn op_commutative(world: &World, op: Handle, commute: Out<c_int>) -> Result<()> {
    commute.flag(world.ops.borrow().get(op)?.commutative())
}
