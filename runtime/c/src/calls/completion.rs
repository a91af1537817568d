//! Start and completion of requests (MPI 5.0, sections 3.7.3 to 3.7.6, 3.8.4 and 3.9).

use rankwise_core::{Handle, Result, Status, TestAny, UNDEFINED, World, fail};
use std::ffi::{c_int, c_void};

use crate::callback;
use crate::entry::argument::{In, Out, length};
use crate::generated::types::{
    MPI_Grequest_cancel_function, MPI_Grequest_free_function, MPI_Grequest_query_function,
};

/// `MPI_Start`
pub fn start(world: &World, request: Out<Handle>) -> Result<()> {
    request.update(|request| world.request_start(*request))
}

/// `MPI_Startall`
pub fn startall(world: &World, count: c_int, requests: Out<Handle>) -> Result<()> {
    world.start_all(requests.array(count)?)
}

/// `MPI_Wait`
#[inline(always)]
pub fn wait(world: &World, request: Out<Handle>, status: Out<Status>) -> Result<()> {
    status.report(&request.update(|request| world.wait(request))?);
    Ok(())
}

/// `MPI_Test`
#[inline(always)]
pub fn test(world: &World, request: Out<Handle>, flag: Out<c_int>, status: Out<Status>) -> Result<()> {
    let outcome = request.update(|request| world.test(request));
    // A request that failed is complete.
    flag.flag(!matches!(outcome, Ok(None)))?;
    if let Some(done) = outcome? {
        status.report(&done);
    }
    Ok(())
}

/// `MPI_Waitall`
pub fn waitall(world: &World, count: c_int, requests: Out<Handle>, statuses: Out<Status>) -> Result<()> {
    let statuses = statuses.room(length(count)?);
    world.waitall(requests.array(count)?, statuses)
}

/// `MPI_Testall`
pub fn testall(
    world: &World,
    count: c_int,
    requests: Out<Handle>,
    flag: Out<c_int>,
    statuses: Out<Status>,
) -> Result<()> {
    let statuses = statuses.room(length(count)?);
    let outcome = world.testall(requests.array(count)?, statuses);
    flag.flag(!matches!(outcome, Ok(false)))?;
    outcome.map(|_| ())
}

/// `MPI_Waitany`
pub fn waitany(
    world: &World,
    count: c_int,
    requests: Out<Handle>,
    index: Out<c_int>,
    status: Out<Status>,
) -> Result<()> {
    match world.waitany(requests.array(count)?) {
        Ok(Some((i, done))) => {
            status.report(&done);
            index.set(i as c_int)
        }
        Ok(None) => {
            status.report(&Status::EMPTY);
            index.set(UNDEFINED)
        }
        Err(error) => {
            index.set(error.index.map_or(UNDEFINED, |i| i as c_int))?;
            Err(error)
        }
    }
}

/// `MPI_Testany`
pub fn testany(
    world: &World,
    count: c_int,
    requests: Out<Handle>,
    index: Out<c_int>,
    flag: Out<c_int>,
    status: Out<Status>,
) -> Result<()> {
    let (found, done, outcome) = match world.testany(requests.array(count)?) {
        Ok(TestAny::Pending) => (UNDEFINED, false, Ok(())),
        Ok(TestAny::Inactive) => {
            status.report(&Status::EMPTY);
            (UNDEFINED, true, Ok(()))
        }
        Ok(TestAny::Done(i, done)) => {
            status.report(&done);
            (i as c_int, true, Ok(()))
        }
        Err(error) => (error.index.map_or(UNDEFINED, |i| i as c_int), error.index.is_some(), Err(error)),
    };
    index.set(found)?;
    flag.flag(done)?;
    outcome
}

type Some_ = fn(&World, &mut [Handle], &mut Vec<usize>, &mut Vec<Status>) -> Result<Option<()>>;

fn some(
    world: &World,
    complete: Some_,
    incount: c_int,
    requests: Out<Handle>,
    outcount: Out<c_int>,
    indices: Out<c_int>,
    statuses: Out<Status>,
) -> Result<()> {
    let requests = requests.array(incount)?;
    let (mut found, mut reports) = (Vec::new(), Vec::new());
    let outcome = complete(world, requests, &mut found, &mut reports);
    if let Ok(None) = outcome {
        return outcount.set(UNDEFINED);
    }
    if let Some(room) = indices.room(found.len()) {
        room.iter_mut().zip(&found).for_each(|(place, &i)| {
            place.write(i as c_int);
        });
    }
    if let Some(room) = statuses.room(found.len()) {
        room.iter_mut().zip(&reports).for_each(|(place, &report)| {
            place.write(report);
        });
    }
    outcount.set(found.len() as c_int)?;
    outcome.map(|_| ())
}

/// `MPI_Waitsome`
pub fn waitsome(
    world: &World,
    incount: c_int,
    requests: Out<Handle>,
    outcount: Out<c_int>,
    indices: Out<c_int>,
    statuses: Out<Status>,
) -> Result<()> {
    some(world, World::waitsome, incount, requests, outcount, indices, statuses)
}

/// `MPI_Testsome`
pub fn testsome(
    world: &World,
    incount: c_int,
    requests: Out<Handle>,
    outcount: Out<c_int>,
    indices: Out<c_int>,
    statuses: Out<Status>,
) -> Result<()> {
    some(world, World::testsome, incount, requests, outcount, indices, statuses)
}

/// `MPI_Request_free`
pub fn request_free(world: &World, request: Out<Handle>) -> Result<()> {
    request.update(|request| world.request_free(request))
}

/// `MPI_Grequest_start`
pub fn grequest_start(
    world: &World,
    query: Option<MPI_Grequest_query_function>,
    free: Option<MPI_Grequest_free_function>,
    cancel: Option<MPI_Grequest_cancel_function>,
    extra_state: Out<c_void>,
    request: Out<Handle>,
) -> Result<()> {
    let functions = (
        callback::given(query, "query")?,
        callback::given(free, "free")?,
        callback::given(cancel, "cancel")?,
    );
    request.check()?;
    request.set(world.grequest_start(callback::generalized(functions, extra_state.address().cast()))?)
}

/// `MPI_Grequest_complete`
pub fn grequest_complete(world: &World, request: Handle) -> Result<()> {
    world.grequest_complete(request)
}

/// `MPI_Cancel`
pub fn cancel(world: &World, request: Out<Handle>) -> Result<()> {
    request.update(|request| world.cancel(*request))
}

/// `MPI_Test_cancelled`
pub fn test_cancelled(_: &World, status: In<Status>, flag: Out<c_int>) -> Result<()> {
    flag.flag(status.get()?.cancelled())
}

/// `MPI_Request_get_status`
pub fn request_get_status(
    world: &World,
    request: Handle,
    flag: Out<c_int>,
    status: Out<Status>,
) -> Result<()> {
    let found = world.request_get_status(request)?;
    if let Some(found) = &found {
        status.report(found);
    }
    flag.flag(found.is_some())
}

/// `MPI_Request_get_status_all`
pub fn request_get_status_all(
    world: &World,
    count: c_int,
    requests: In<Handle>,
    flag: Out<c_int>,
    statuses: Out<Status>,
) -> Result<()> {
    let requests = requests.array(count)?;
    let found: Option<Vec<Status>> =
        requests.iter().map(|&r| world.request_get_status(r)).collect::<Result<_>>()?;
    flag.flag(found.is_some())?;
    if let (Some(found), Some(room)) = (found, statuses.room(requests.len())) {
        room.iter_mut().zip(found).for_each(|(place, status)| {
            place.write(status);
        });
    }
    Ok(())
}

/// `MPI_Request_get_status_any`
pub fn request_get_status_any(
    world: &World,
    count: c_int,
    requests: In<Handle>,
    index: Out<c_int>,
    flag: Out<c_int>,
    status: Out<Status>,
) -> Result<()> {
    let requests = requests.array(count)?;
    let mut active = false;
    for (i, &request) in requests.iter().enumerate().filter(|(_, r)| world.request_is_active(**r)) {
        active = true;
        if let Some(found) = world.request_get_status(request)? {
            status.report(&found);
            index.set(i as c_int)?;
            return flag.flag(true);
        }
    }
    if !active {
        status.report(&Status::EMPTY);
    }
    index.set(UNDEFINED)?;
    flag.flag(!active)
}

/// `MPI_Request_get_status_some`
pub fn request_get_status_some(
    world: &World,
    incount: c_int,
    requests: In<Handle>,
    outcount: Out<c_int>,
    indices: Out<c_int>,
    statuses: Out<Status>,
) -> Result<()> {
    let requests = requests.array(incount)?;
    if !requests.iter().any(|&r| world.request_is_active(r)) {
        return outcount.set(UNDEFINED);
    }
    let (Some(indices), mut statuses) = (indices.room(requests.len()), statuses.room(requests.len())) else {
        fail!(ERR_ARG, "the array of indices is null")
    };
    let mut found = 0;
    for (i, &request) in requests.iter().enumerate().filter(|(_, r)| world.request_is_active(**r)) {
        if let Some(status) = world.request_get_status(request)? {
            indices[found].write(i as c_int);
            if let Some(statuses) = &mut statuses {
                statuses[found].write(status);
            }
            found += 1;
        }
    }
    outcount.set(found as c_int)
}
