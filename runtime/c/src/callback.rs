//! Functions of the user that the library calls.

#![allow(unsafe_code)]

use rankwise_core::attribute::{CopyFunction, DeleteFunction, Outcome};
use rankwise_core::errhandler::UserHandler;
use rankwise_core::op::UserFunction;
use rankwise_core::{Generalized, Handle, Result, Status, fail};
use std::ffi::{c_int, c_void};
use std::ptr::{from_mut, null_mut, with_exposed_provenance_mut};
use std::rc::Rc;

use crate::generated::constants::{MPI_COMM_DUP_FN, MPI_SUCCESS};
use crate::generated::types::*;
use crate::global;

/// A function of the user, which must not be null.
pub fn given<F>(function: Option<F>, what: &str) -> Result<F> {
    match function {
        Some(function) => Ok(function),
        None => fail!(ERR_ARG, "the {what} function is null"),
    }
}

/// An operator. C counts in `int` here, so a longer array is handed over in pieces.
pub fn operator(function: MPI_User_function) -> UserFunction {
    Rc::new(move |input, inout, count, datatype| {
        let extent = extent(datatype);
        let (mut datatype, mut from) = (datatype, 0);
        while from < count {
            let mut piece = (count - from).min(c_int::MAX as i64) as c_int;
            let offset = (from * extent) as isize;
            from += piece as i64;
            let (input, inout) = (input.wrapping_offset(offset), inout.wrapping_offset(offset));
            // SAFETY: the program gave this function as an operator; the arrays hold `count` elements.
            unsafe { function(input.cast_mut().cast(), inout.cast(), &mut piece, &mut datatype) };
        }
    })
}

/// An operator that counts in `MPI_Count`.
pub fn operator_c(function: MPI_User_function_c) -> UserFunction {
    Rc::new(move |input, inout, count, datatype| {
        let (mut count, mut datatype) = (count, datatype);
        // SAFETY: the program gave this function as an operator; the arrays hold `count` elements.
        unsafe { function(input.cast_mut().cast(), inout.cast(), &mut count, &mut datatype) };
    })
}

fn extent(datatype: Handle) -> i64 {
    let found = global::process().and_then(|p| p.world.types.borrow().get(datatype).ok());
    found.map_or(0, |datatype| datatype.extent())
}

/// An error handler. Those of communicators, windows, files and sessions have one shape, as handles do.
pub fn handler(function: MPI_Comm_errhandler_function) -> UserHandler {
    Rc::new(move |object, code| {
        let (mut object, mut code) = (object, code);
        // SAFETY: the program gave this function as an error handler for objects of this kind.
        unsafe { function(&mut object, &mut code) };
    })
}

/// What decides what a copy of an object gets. Those of communicators and datatypes have one shape, as handles do.
/// MPI_COMM_NULL_COPY_FN is null; MPI_COMM_DUP_FN is no function either, but a number that is known here.
pub fn copy(function: Option<MPI_Comm_copy_attr_function>, extra_state: *mut c_void) -> CopyFunction {
    let Some(function) = function else { return Rc::new(|_, _, _| Ok(None)) };
    if function as usize == MPI_COMM_DUP_FN {
        return Rc::new(|_, _, value| Ok(Some(value)));
    }
    Rc::new(move |object, keyval, value| {
        let (mut flag, mut new) = (0, null_mut::<c_void>());
        let old = with_exposed_provenance_mut(value);
        let place = from_mut(&mut new).cast();
        // SAFETY: the program gave this function for objects of this kind; the value's place holds a pointer.
        let code = unsafe { function(object, keyval, extra_state, old, place, &mut flag) };
        match code {
            MPI_SUCCESS => Ok((flag != 0).then(|| new.expose_provenance())),
            code => Err(code),
        }
    })
}

/// What is told that a value goes away. MPI_COMM_NULL_DELETE_FN is null.
pub fn delete(function: Option<MPI_Comm_delete_attr_function>, extra_state: *mut c_void) -> DeleteFunction {
    let Some(function) = function else { return Rc::new(|_, _, _| Ok(())) };
    Rc::new(move |object, keyval, value| {
        // SAFETY: the program gave this function for objects of this kind.
        match unsafe { function(object, keyval, with_exposed_provenance_mut(value), extra_state) } {
            MPI_SUCCESS => Ok(()),
            code => Err(code),
        }
    })
}

fn outcome(code: c_int) -> Outcome {
    if code == MPI_SUCCESS { Ok(()) } else { Err(code) }
}

/// The functions of a generalized request.
pub fn generalized(
    (query, free, cancel): (
        MPI_Grequest_query_function,
        MPI_Grequest_free_function,
        MPI_Grequest_cancel_function,
    ),
    extra_state: *mut c_void,
) -> Generalized {
    Generalized {
        // SAFETY: the program gave this function for the request, with this state.
        query: Box::new(move |status: &mut Status| outcome(unsafe { query(extra_state, status) })),
        // SAFETY: as above.
        free: Box::new(move || outcome(unsafe { free(extra_state) })),
        // SAFETY: as above.
        cancel: Box::new(move |complete| outcome(unsafe { cancel(extra_state, complete as c_int) })),
    }
}
