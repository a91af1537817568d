//! Functions of the user that the library calls.

#![allow(unsafe_code)]

use rankwise_core::errhandler::UserHandler;
use rankwise_core::op::UserFunction;
use rankwise_core::{Handle, Result, fail};
use std::ffi::c_int;
use std::rc::Rc;

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
