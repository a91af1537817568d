//! Sessions (MPI 5.0, section 11.3).

use rankwise_core::errhandler::Errhandler;
use rankwise_core::{Handle, Kind, MEMORY_ALLOC_KINDS, PROCESS_SETS, Result, World, fail};
use std::ffi::{c_char, c_int, c_void};

use super::errhandler;
use crate::entry::argument::{In, Number, Out};
use crate::entry::fault::{self, Object};
use crate::generated::constants::*;
use crate::global::{self, Objects};

/// The levels of thread support by the names that info objects have for them.
const LEVELS: [(&str, c_int); 4] = [
    ("MPI_THREAD_SINGLE", MPI_THREAD_SINGLE),
    ("MPI_THREAD_FUNNELED", MPI_THREAD_FUNNELED),
    ("MPI_THREAD_SERIALIZED", MPI_THREAD_SERIALIZED),
    ("MPI_THREAD_MULTIPLE", MPI_THREAD_MULTIPLE),
];

/// `MPI_Session_init`: if it fails, the error handler that it is given hears of it, be there a world or not.
pub fn init(info: Handle, errhandler: Handle, session: Out<Handle>) -> c_int {
    match open(info, errhandler, session) {
        Ok(()) => MPI_SUCCESS,
        Err(error) => {
            let handler = global::with_objects(|objects| objects.errhandlers.borrow().get(errhandler));
            let handler = handler.unwrap_or(Errhandler::Fatal);
            let on = (MPI_SESSION_NULL, Object::Session(MPI_SESSION_NULL));
            fault::raise_by(handler, global::process(), "MPI_Session_init", on, &error)
        }
    }
}

fn open(info: Handle, errhandler: Handle, session: Out<Handle>) -> Result<()> {
    // What the program got wrong is found before the world is entered, which others would then wait for.
    let (wanted, kinds) = global::with_objects(|objects: &Objects<'_>| {
        objects.errhandlers.borrow().check(errhandler, Kind::Session)?;
        match info {
            MPI_INFO_NULL => Ok((None, None)),
            info => {
                let infos = objects.infos.borrow();
                let text = |key| infos.value(info, key).map(|value| value.map(String::from));
                Ok((text("thread_level")?, text(MEMORY_ALLOC_KINDS)?))
            }
        }
    })?;
    let (_, level) = match wanted {
        None => LEVELS[0],
        Some(wanted) => match LEVELS.into_iter().find(|(name, _)| *name == wanted) {
            Some(level) => level,
            None => fail!(ERR_INFO_VALUE, "{wanted:?} is no value of thread_level"),
        },
    };
    session.update(|session| {
        let process = global::enter(level)?;
        let _turn = process.turn();
        // It gets more than it asked for if others have asked for that.
        let (name, _) =
            LEVELS.into_iter().find(|(_, l)| *l == level.max(process.supported())).unwrap_or(LEVELS[0]);
        *session = process.world.session_init(errhandler, name, kinds.as_deref())?;
        Ok(())
    })
}

/// `MPI_Session_finalize`
pub fn finalize(session: Out<Handle>) -> c_int {
    let Some(process) = global::process() else {
        return fault::no_world("MPI_Session_finalize", Object::Process);
    };
    let close = || {
        {
            let _turn = process.turn();
            session.update(|session| process.world.session_finalize(session))?;
        }
        global::retire(process)
    };
    match close() {
        Ok(()) => MPI_SUCCESS,
        Err(error) => fault::raise(Some(process), "MPI_Session_finalize", Object::Process, &error),
    }
}

/// `MPI_Session_get_num_psets`
pub fn get_num_psets(world: &World, session: Handle, _info: Handle, count: Out<c_int>) -> Result<()> {
    world.check_session(session)?;
    count.set(PROCESS_SETS.len() as c_int)
}

/// `MPI_Session_get_nth_pset`: without room for the name it tells how much the name needs.
pub fn get_nth_pset(
    world: &World,
    session: Handle,
    _info: Handle,
    n: c_int,
    length: Out<c_int>,
    name: Out<c_char>,
) -> Result<()> {
    world.check_session(session)?;
    let Some(set) = usize::try_from(n).ok().and_then(|n| PROCESS_SETS.get(n)) else {
        fail!(ERR_ARG, "there is no set of processes number {n}: there are {}", PROCESS_SETS.len())
    };
    length.update(|length| {
        if *length > 0 {
            name.text(set.as_bytes(), *length as usize)?;
        }
        *length = set.len() as c_int + 1;
        Ok(())
    })
}

fn report(world: &World, pairs: &[(&str, String)], info: Out<Handle>) -> Result<()> {
    let pairs = pairs.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    info.set(world.infos.borrow_mut().create_with(pairs)?)
}

/// `MPI_Session_get_info`
pub fn get_info(world: &World, session: Handle, info: Out<Handle>) -> Result<()> {
    let level = world.session_thread_level(session)?.to_string();
    report(
        world,
        &[("thread_level", level), (MEMORY_ALLOC_KINDS, world.session_memory_kinds(session)?)],
        info,
    )
}

/// `MPI_Session_get_pset_info`
pub fn get_pset_info(world: &World, session: Handle, name: In<c_char>, info: Out<Handle>) -> Result<()> {
    let size = world.process_set_size(session, &name.text("name")?)?;
    report(world, &[("mpi_size", size.to_string())], info)
}

/// `MPI_Group_from_session_pset`
pub fn group(world: &World, session: Handle, name: In<c_char>, group: Out<Handle>) -> Result<()> {
    group.set(world.group_from_session(session, &name.text("name")?)?)
}

/// `MPI_Comm_create_from_group`: if it fails, the error handler that it is given hears of it.
pub fn comm(group: Handle, tag: In<c_char>, info: Handle, errhandler: Handle, comm: Out<Handle>) -> c_int {
    const NAME: &str = "MPI_Comm_create_from_group";
    let Some(process) = global::process() else { return fault::no_world(NAME, Object::Process) };
    let _turn = process.turn();
    let world = &process.world;
    let make = || {
        comm.check()?;
        super::info::check(world, info)?;
        let made = world.comm_create_from_group(group, &tag.text("tag")?, errhandler)?;
        world.comm_set_info(made, info)?;
        comm.set(made)
    };
    match make() {
        Ok(()) => MPI_SUCCESS,
        Err(error) => {
            let handler = world.errhandlers.borrow().get(errhandler);
            let on = (MPI_COMM_NULL, Object::Process);
            fault::raise_by(handler.unwrap_or(Errhandler::Fatal), Some(process), NAME, on, &error)
        }
    }
}

/// `MPI_Session_get_errhandler`: the handle that it gives is one more to be freed.
pub fn get_errhandler(world: &World, session: Handle, errhandler: Out<Handle>) -> Result<()> {
    let found = world.session_errhandler(session)?;
    world.errhandlers.borrow_mut().retain(found);
    errhandler.set(found)
}

/// `MPI_Session_set_errhandler`
pub fn set_errhandler(world: &World, session: Handle, errhandler: Handle) -> Result<()> {
    world.session_set_errhandler(session, errhandler)
}

/// `MPI_Session_call_errhandler`
pub fn call_errhandler(world: &World, session: Handle, code: c_int) -> Result<()> {
    errhandler::call(world, world.session_errhandler(session)?, session, code, "a session")
}

/// `MPI_Session_attach_buffer`
pub fn attach_buffer(world: &World, session: Handle, buffer: Out<c_void>, size: impl Number) -> Result<()> {
    world.check_session(session)?;
    world.buffer_attach(Some(session), buffer.address(), size.wide())
}

/// `MPI_Session_detach_buffer`
pub fn detach_buffer(
    world: &World,
    session: Handle,
    buffer: Out<c_void>,
    size: Out<impl Number>,
) -> Result<()> {
    world.check_session(session)?;
    super::p2p::detach(world, Some(session), buffer, size)
}

/// `MPI_Session_flush_buffer`
pub fn flush_buffer(world: &World, session: Handle) -> Result<()> {
    world.check_session(session)?;
    world.buffer_flush(Some(session))
}

/// `MPI_Session_iflush_buffer`
pub fn iflush_buffer(world: &World, session: Handle, request: Out<Handle>) -> Result<()> {
    world.check_session(session)?;
    request.set(world.buffer_iflush(Some(session))?)
}
