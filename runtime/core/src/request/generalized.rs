//! Generalized requests: operations of the user's own behind a request of the library (MPI 5.0, section 13.2).
//!
//! Such a request is complete when the user says so. Three functions of the user belong to it, and no cell of the world
//! is borrowed while one of them runs:
//!
//! ```text
//! query   what the status says; whenever a complete request is waited for, tested, or asked for its status
//! free    once, at the end: after `query`, when a call takes the request; for a request that was given up before,
//!         in the later one of MPI_Request_free and MPI_Grequest_complete
//! cancel  whenever the request is to be cancelled; hears whether it is complete
//! ```
//!
//! The handle is valid until `free` has returned. A function that fails makes the call fail that has called it, with
//! the function's code; where both `query` and `free` fail, that of `free` counts, which came last.

use std::rc::Rc;

use super::{Keep, Op, Role, Status};
use crate::attribute::Outcome;
use crate::handle::Handle;
use crate::world::World;
use crate::{Error, Result, fail};

/// The user's functions of a generalized request. Each returns nothing, or an error code.
pub struct Generalized {
    /// Fills in the status.
    #[doc(alias = "MPI_Grequest_query_function")]
    pub query: Box<dyn Fn(&mut Status) -> Outcome>,
    /// Frees what the user has for the request.
    #[doc(alias = "MPI_Grequest_free_function")]
    pub free: Box<dyn Fn() -> Outcome>,
    /// Is asked to cancel; hears whether the request is complete.
    #[doc(alias = "MPI_Grequest_cancel_function")]
    pub cancel: Box<dyn Fn(bool) -> Outcome>,
}

fn failed(code: i32, what: &str) -> Error {
    Error::of_callback(code, format!("the {what} function of a generalized request returned {code}"))
}

impl Generalized {
    fn ask(&self) -> (Status, Result<()>) {
        let mut status = Status::EMPTY;
        let outcome = (self.query)(&mut status).map_err(|code| failed(code, "query"));
        // The error field is the library's: it is set where several requests are completed at a time.
        status.error = 0;
        (status, outcome)
    }

    fn release(&self) -> Result<()> {
        (self.free)().map_err(|code| failed(code, "free"))
    }
}

impl World {
    /// The functions of a request, and whether it is complete; `None` if it is not a generalized one.
    pub(super) fn generalized(&self, request: Handle) -> Option<(Rc<Generalized>, bool)> {
        match self.engine.borrow().p2p.ops.get(request) {
            Some(Op { role: Role::Generalized(functions), done, .. }) => Some((functions.clone(), *done)),
            _ => None,
        }
    }

    /// A request for an operation of the user's own. It is active until [`World::grequest_complete`].
    #[doc(alias = "MPI_Grequest_start")]
    pub fn grequest_start(&self, functions: Generalized) -> Result<Handle> {
        let role = Role::Generalized(Rc::new(functions));
        let op = Op { done: false, role, ..Op::finished(Status::EMPTY) };
        match self.engine.borrow_mut().p2p.ops.insert(op) {
            Ok(request) => Ok(request),
            Err(_) => fail!(ERR_NO_MEM, "too many requests exist"),
        }
    }

    /// Says that the operation is complete. Whoever waits for the request, in this thread or another one, goes on.
    #[doc(alias = "MPI_Grequest_complete")]
    pub fn grequest_complete(&self, request: Handle) -> Result<()> {
        let functions = match self.generalized(request) {
            Some((functions, false)) => functions,
            Some((_, true)) => fail!(ERR_REQUEST, "the generalized request is complete already"),
            None if request == Handle::REQUEST_NULL => fail!(ERR_REQUEST, "the request is MPI_REQUEST_NULL"),
            None => fail!(ERR_REQUEST, "{:#x} is not a generalized request", request.0),
        };
        let given_up = match self.engine.borrow_mut().p2p.ops.get_mut(request) {
            Some(op) => {
                op.done = true;
                matches!(op.keep, Keep::Nobody)
            }
            None => false,
        };
        if given_up {
            return self.end_generalized(request, &functions);
        }
        // Another thread may sleep until this request is complete.
        self.waiter.rouse();
        Ok(())
    }

    /// Frees a generalized request that is complete.
    pub(super) fn end_generalized(&self, request: Handle, functions: &Generalized) -> Result<()> {
        let outcome = functions.release();
        self.engine.borrow_mut().p2p.ops.discard(request);
        outcome
    }

    /// What a complete generalized request reports when a call takes it.
    #[cold]
    pub(crate) fn take_generalized(
        &self,
        request: Handle,
        functions: &Generalized,
    ) -> (Status, Option<Error>) {
        let (status, asked) = functions.ask();
        let freed = self.end_generalized(request, functions);
        (status, freed.err().or(asked.err()))
    }

    /// The status of a complete generalized request, which stays.
    pub(super) fn generalized_status(functions: &Generalized) -> Result<Status> {
        let (status, asked) = functions.ask();
        asked.map(|()| status)
    }

    /// Asks the user to cancel.
    pub(super) fn cancel_generalized(functions: &Generalized, complete: bool) -> Result<()> {
        (functions.cancel)(complete).map_err(|code| failed(code, "cancel"))
    }

    /// Gives a generalized request up: it is freed now if it is complete, else when it is.
    pub(super) fn free_generalized(
        &self,
        request: Handle,
        functions: &Generalized,
        done: bool,
    ) -> Result<()> {
        if done {
            return self.end_generalized(request, functions);
        }
        if let Some(op) = self.engine.borrow_mut().p2p.ops.get_mut(request) {
            op.keep = Keep::Nobody;
        }
        Ok(())
    }
}
