//! Start and end (MPI 5.0, section 11.2).

use rankwise_core::{Handle, Reason, Result, World};
use std::ffi::{c_char, c_int};

use crate::entry::argument::Out;
use crate::entry::fault::{self, Object};
use crate::generated::constants::*;
use crate::global::{self, Objects, Phase};

/// The arguments of MPI_Init are the program's; nothing of ours is among them.
type Argv = Out<*mut *mut c_char>;

fn outcome(name: &'static str, outcome: Result<()>) -> c_int {
    match outcome {
        Ok(()) => MPI_SUCCESS,
        Err(error) => fault::raise(global::process(), name, Object::Process, &error),
    }
}

/// `MPI_Init`
pub fn init(_argc: Out<c_int>, _argv: Argv) -> c_int {
    outcome("MPI_Init", global::begin(MPI_THREAD_SINGLE).map(|_| ()))
}

/// `MPI_Init_thread`: every level is to be had.
pub fn init_thread(_argc: Out<c_int>, _argv: Argv, required: c_int, provided: Out<c_int>) -> c_int {
    let levels = [MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED, MPI_THREAD_MULTIPLE];
    let granted = levels.into_iter().find(|&level| level >= required).unwrap_or(MPI_THREAD_MULTIPLE);
    outcome("MPI_Init_thread", global::begin(granted).and_then(|process| provided.set(process.provided())))
}

/// `MPI_Initialized`
pub fn initialized(_: &Objects<'_>, flag: Out<c_int>) -> Result<()> {
    flag.flag(global::phase() != Phase::Before)
}

/// `MPI_Finalized`
pub fn finalized(_: &Objects<'_>, flag: Out<c_int>) -> Result<()> {
    flag.flag(global::phase() == Phase::After)
}

/// `MPI_Finalize`
pub fn finalize() -> c_int {
    match global::process() {
        Some(process) => outcome("MPI_Finalize", global::finish(process)),
        None => fault::no_world("MPI_Finalize", Object::Process),
    }
}

/// `MPI_Query_thread`
pub fn query_thread(_: &World, provided: Out<c_int>) -> Result<()> {
    provided.set(global::process().map_or(MPI_THREAD_SINGLE, |p| p.provided()))
}

/// `MPI_Is_thread_main`
pub fn is_thread_main(_: &World, flag: Out<c_int>) -> Result<()> {
    flag.flag(global::process().is_some_and(|p| p.main_thread == std::thread::current().id()))
}

/// `MPI_Abort`: ends the whole job, whatever the communicator: MPI 5.0 allows that (section 11.4).
pub fn abort(world: &World, comm: Handle, code: c_int) -> Result<()> {
    // What is no communicator does not keep a program from ending.
    let name = world.comm(comm).map_or(String::new(), |comm| comm.display_name());
    global::abort(global::process(), code, Reason::Called(name))
}
