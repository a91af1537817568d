//! Completing requests: wait, test and their forms for several (MPI 5.0, sections 3.7.3 to 3.7.5).
//!
//! A request that is complete is taken out of the table and its handle set to `MPI_REQUEST_NULL`. Null requests are
//! inactive, as are persistent ones that were not started: they are complete with an empty status, and the forms for
//! several pass over them.

use std::mem::MaybeUninit;

use super::{Op, ReceivePhase, Role, Status};
use crate::handle::Handle;
use crate::p2p::engine::Engine;
use crate::request::Keep;
use crate::world::World;
use crate::{Error, ErrorClass, Result, fail};

/// What [`World::testany`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestAny {
    /// No request is active.
    Inactive,
    /// None of the active requests is complete.
    Pending,
    /// The request with this index is complete.
    Done(usize, Status),
}

/// What the forms for several report when a request has failed.
#[cold]
fn in_status(first: Error) -> Error {
    let text = format!("a request failed: {}", first.message());
    let mut error = Error::new(ErrorClass::ERR_IN_STATUS, text);
    error.comm = first.comm;
    error
}

/// Where the forms for several put statuses, which the caller's program need not have set.
pub type Statuses<'a> = Option<&'a mut [MaybeUninit<Status>]>;

impl Engine {
    #[inline]
    fn is_done(&self, request: Handle) -> bool {
        request == Handle::REQUEST_NULL || self.p2p.ops.get(request).is_none_or(|op| op.done)
    }
}

impl World {
    /// Checks that a handle is a request, or null.
    #[inline]
    fn check_request(&self, request: Handle) -> Result<()> {
        if request != Handle::REQUEST_NULL && self.engine.borrow().p2p.ops.get(request).is_none() {
            fail!(ERR_REQUEST, "{:#x} is not a request, or one that is complete", request.0);
        }
        Ok(())
    }

    fn check_requests(&self, requests: &[Handle]) -> Result<()> {
        requests.iter().try_for_each(|&r| self.check_request(r))
    }

    /// Takes a complete request, and sets its handle to null unless it is persistent.
    fn take_request(&self, request: &mut Handle) -> (Status, Option<Error>) {
        if *request == Handle::REQUEST_NULL {
            return (Status::EMPTY, None);
        }
        let (status, error, stays) = self.take_outcome(*request);
        if !stays {
            *request = Handle::REQUEST_NULL;
        }
        (status, error)
    }

    /// Whether the forms for several look at a request: it is neither null nor persistent and not started.
    pub fn is_active(&self, request: Handle) -> bool {
        self.engine.borrow().is_active(request)
    }

    /// Waits for a request.
    #[doc(alias = "MPI_Wait")]
    #[inline]
    pub fn wait(&self, request: &mut Handle) -> Result<Status> {
        self.check_request(*request)?;
        let handle = *request;
        self.wait_until(|engine| engine.is_done(handle))?;
        let (status, error) = self.take_request(request);
        error.map_or(Ok(status), Err)
    }

    /// Whether a request is complete; if so, its status.
    #[doc(alias = "MPI_Test")]
    pub fn test(&self, request: &mut Handle) -> Result<Option<Status>> {
        self.check_request(*request)?;
        if !self.engine.borrow().is_done(*request) {
            self.poll_once()?;
            if !self.engine.borrow().is_done(*request) {
                return Ok(None);
            }
        }
        let (status, error) = self.take_request(request);
        error.map_or(Ok(Some(status)), Err)
    }

    /// Takes all requests, which are complete, and reports each.
    fn take_all(&self, requests: &mut [Handle], mut statuses: Statuses<'_>) -> Result<()> {
        let mut first: Option<Error> = None;
        for (i, request) in requests.iter_mut().enumerate() {
            let (mut status, error) = self.take_request(request);
            if let Some(error) = error {
                status.error = error.code;
                first.get_or_insert(error);
            }
            if let Some(statuses) = &mut statuses {
                statuses[i].write(status);
            }
        }
        match first {
            None => Ok(()),
            Some(error) => Err(in_status(error)),
        }
    }

    /// Waits for all requests.
    #[doc(alias = "MPI_Waitall")]
    pub fn waitall(&self, requests: &mut [Handle], statuses: Statuses<'_>) -> Result<()> {
        self.check_requests(requests)?;
        let mut from = 0;
        self.wait_until(|engine| {
            while from < requests.len() && engine.is_done(requests[from]) {
                from += 1;
            }
            from == requests.len()
        })?;
        self.take_all(requests, statuses)
    }

    /// Whether all requests are complete; if not, none is touched.
    #[doc(alias = "MPI_Testall")]
    pub fn testall(&self, requests: &mut [Handle], statuses: Statuses<'_>) -> Result<bool> {
        self.check_requests(requests)?;
        let all_done = || requests.iter().all(|&r| self.engine.borrow().is_done(r));
        if !all_done() {
            self.poll_once()?;
            if !all_done() {
                return Ok(false);
            }
        }
        self.take_all(requests, statuses).map(|()| true)
    }

    /// The index of a complete request, so searched for that none starves: on from the one found last in the same list.
    /// Between calls with other lists, which may come in a rhythm, chance decides where to begin.
    fn find_done(&self, engine: &Engine, requests: &[Handle]) -> Option<usize> {
        let n = requests.len();
        let list = requests.as_ptr().addr();
        let (last, next, random) = self.fairness.get();
        let start = if last == list { next % n.max(1) } else { random as usize % n.max(1) };
        let found = (start..n)
            .chain(0..start)
            .find(|&i| engine.is_active(requests[i]) && engine.is_done(requests[i]))?;
        // A linear congruence; its upper half is what is used.
        let random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223).rotate_left(16);
        self.fairness.set((list, found + 1, random));
        Some(found)
    }

    /// Whether a request is one that calls wait for: neither null nor persistent and not started.
    pub fn request_is_active(&self, request: Handle) -> bool {
        self.engine.borrow().is_active(request)
    }

    fn none_active(&self, requests: &[Handle]) -> bool {
        let engine = self.engine.borrow();
        !requests.iter().any(|&r| engine.is_active(r))
    }

    /// Waits for one of several requests; `None` if none is active.
    #[doc(alias = "MPI_Waitany")]
    pub fn waitany(&self, requests: &mut [Handle]) -> Result<Option<(usize, Status)>> {
        self.check_requests(requests)?;
        if self.none_active(requests) {
            return Ok(None);
        }
        let mut found = None;
        self.wait_until(|engine| {
            found = self.find_done(engine, requests);
            found.is_some()
        })?;
        let index = found.unwrap_or(0);
        let (status, error) = self.take_request(&mut requests[index]);
        error.map_or(Ok(Some((index, status))), |e| Err(e.at_index(index)))
    }

    /// As [`World::waitany`] without waiting.
    #[doc(alias = "MPI_Testany")]
    pub fn testany(&self, requests: &mut [Handle]) -> Result<TestAny> {
        self.check_requests(requests)?;
        if self.none_active(requests) {
            return Ok(TestAny::Inactive);
        }
        let look = || self.find_done(&self.engine.borrow(), requests);
        let mut found = look();
        if found.is_none() {
            self.poll_once()?;
            found = look();
        }
        let Some(index) = found else { return Ok(TestAny::Pending) };
        let (status, error) = self.take_request(&mut requests[index]);
        error.map_or(Ok(TestAny::Done(index, status)), |e| Err(e.at_index(index)))
    }

    /// Waits until at least one request is complete, and takes all that are. `None` if none is active.
    #[doc(alias = "MPI_Waitsome")]
    pub fn waitsome(
        &self,
        requests: &mut [Handle],
        indices: &mut Vec<usize>,
        statuses: &mut Vec<Status>,
    ) -> Result<Option<()>> {
        self.check_requests(requests)?;
        if self.none_active(requests) {
            return Ok(None);
        }
        self.wait_until(|engine| requests.iter().any(|&r| engine.is_active(r) && engine.is_done(r)))?;
        self.take_some(requests, indices, statuses).map(Some)
    }

    /// As [`World::waitsome`] without waiting; what is complete may be nothing.
    #[doc(alias = "MPI_Testsome")]
    pub fn testsome(
        &self,
        requests: &mut [Handle],
        indices: &mut Vec<usize>,
        statuses: &mut Vec<Status>,
    ) -> Result<Option<()>> {
        self.check_requests(requests)?;
        if self.none_active(requests) {
            return Ok(None);
        }
        self.poll_once()?;
        self.take_some(requests, indices, statuses).map(Some)
    }

    fn take_some(
        &self,
        requests: &mut [Handle],
        indices: &mut Vec<usize>,
        statuses: &mut Vec<Status>,
    ) -> Result<()> {
        let mut failed = None;
        for (i, request) in requests.iter_mut().enumerate() {
            let ready = |engine: &Engine| engine.is_active(*request) && engine.is_done(*request);
            if !ready(&self.engine.borrow()) {
                continue;
            }
            let (mut status, error) = self.take_request(request);
            if let Some(error) = error {
                status.error = error.code;
                failed.get_or_insert(error);
            }
            indices.push(i);
            statuses.push(status);
        }
        match failed {
            None => Ok(()),
            Some(error) => Err(in_status(error)),
        }
    }

    /// Gives a request up: what it does goes on, and nobody will ask for it (MPI 5.0, section 3.7.3).
    #[doc(alias = "MPI_Request_free")]
    pub fn request_free(&self, request: &mut Handle) -> Result<()> {
        if *request == Handle::REQUEST_NULL {
            fail!(ERR_REQUEST, "the request is MPI_REQUEST_NULL");
        }
        self.check_request(*request)?;
        let handle = std::mem::replace(request, Handle::REQUEST_NULL);
        if let Some((functions, done)) = self.generalized(handle) {
            return self.free_generalized(handle, &functions, done);
        }
        let p2p = &mut self.engine.borrow_mut().p2p;
        if p2p.free_persistent(handle) || p2p.free_partitioned(handle) {
            return Ok(());
        }
        match p2p.ops.get_mut(handle) {
            Some(op) if op.done => {
                p2p.ops.remove(handle);
            }
            Some(op) => op.keep = Keep::Nobody,
            None => {}
        }
        Ok(())
    }

    /// Asks for an operation to be cancelled (MPI 5.0, section 3.8.4). A receive that has not matched a message is, and
    /// a send whose message waits, here or there, for a receive; others complete as if this had not been called.
    #[doc(alias = "MPI_Cancel")]
    pub fn cancel(&self, request: Handle) -> Result<()> {
        if request == Handle::REQUEST_NULL {
            fail!(ERR_REQUEST, "the request is MPI_REQUEST_NULL");
        }
        self.check_request(request)?;
        if let Some((functions, done)) = self.generalized(request) {
            return Self::cancel_generalized(&functions, done);
        }
        let p2p = &mut self.engine.borrow_mut().p2p;
        let request = match p2p.ops.get(request) {
            Some(Op { role: Role::Persistent(persistent), done, .. }) => match persistent.active {
                Some(_) if *done => return Ok(()),
                Some(inner) => inner,
                None => fail!(ERR_REQUEST, "the request is persistent and not active"),
            },
            Some(Op { role: Role::Partitioned(_), .. }) => {
                fail!(ERR_REQUEST, "partitioned communication cannot be cancelled")
            }
            _ => request,
        };
        if let Some(op) = p2p.ops.get_mut(request)
            && let Role::Receive { phase: ReceivePhase::Posted(place), .. } = op.role
            // One that was cancelled before has left its place.
            && !op.done
        {
            op.status.set_cancelled(true);
            p2p.posted.remove(place);
            p2p.complete(request);
        } else {
            p2p.cancel_send(request);
        }
        // Another thread may sleep until this request is complete.
        self.waiter.rouse();
        Ok(())
    }

    /// The status of a request if it is complete; the request stays what it is (MPI 5.0, section 3.7.6).
    #[doc(alias = "MPI_Request_get_status")]
    pub fn request_get_status(&self, request: Handle) -> Result<Option<Status>> {
        self.check_request(request)?;
        if request == Handle::REQUEST_NULL {
            return Ok(Some(Status::EMPTY));
        }
        let done = || self.engine.borrow().p2p.ops.get(request).is_none_or(|op| op.done);
        if !done() {
            self.poll_once()?;
            if !done() {
                return Ok(None);
            }
        }
        if let Some((functions, _)) = self.generalized(request) {
            return Self::generalized_status(&functions).map(Some);
        }
        Ok(self.engine.borrow().p2p.ops.get(request).map(|op| op.status))
    }
}
