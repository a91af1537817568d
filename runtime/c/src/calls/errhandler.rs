//! Error handlers, classes and codes (MPI 5.0, sections 9.3 to 9.5).

use rankwise_core::errhandler::Errhandler;
use rankwise_core::{Handle, Kind, Result, World};
use std::ffi::{c_char, c_int};

use crate::callback;
use crate::entry::argument::{In, Out};
use crate::entry::fault;
use crate::generated::constants::MPI_MAX_ERROR_STRING;
use crate::generated::types::MPI_Comm_errhandler_function;
use crate::global::Objects;

fn create(
    objects: &Objects<'_>,
    of: Kind,
    function: Option<MPI_Comm_errhandler_function>,
    errhandler: Out<Handle>,
) -> Result<()> {
    let function = callback::handler(callback::given(function, "error handler's")?);
    errhandler.set(objects.errhandlers.borrow_mut().create(of, function)?)
}

macro_rules! creations {
    ($($name:ident $of:ident $doc:literal;)*) => {$(
        #[doc = $doc]
        pub fn $name(
            objects: &Objects<'_>,
            function: Option<MPI_Comm_errhandler_function>,
            errhandler: Out<Handle>,
        ) -> Result<()> {
            create(objects, Kind::$of, function, errhandler)
        }
    )*};
}

creations! {
    comm_create Comm "`MPI_Comm_create_errhandler`";
    win_create Win "`MPI_Win_create_errhandler`";
    file_create File "`MPI_File_create_errhandler`";
    session_create Session "`MPI_Session_create_errhandler`";
}

/// `MPI_Errhandler_free`
pub fn free(objects: &Objects<'_>, errhandler: Out<Handle>) -> Result<()> {
    errhandler.update(|errhandler| objects.errhandlers.borrow_mut().free(errhandler))
}

/// `MPI_Comm_set_errhandler`
pub fn comm_set(world: &World, comm: Handle, errhandler: Handle) -> Result<()> {
    world.comm_set_errhandler(comm, errhandler)
}

/// `MPI_Comm_get_errhandler`: the handle that it gives is one more to be freed.
pub fn comm_get(world: &World, comm: Handle, errhandler: Out<Handle>) -> Result<()> {
    let found = world.comm_errhandler(comm)?;
    world.errhandlers.borrow_mut().retain(found);
    errhandler.set(found)
}

/// Does what an error handler does with the error `code` of `object`, which people know as `name`.
pub fn call(world: &World, handler: Handle, object: Handle, code: c_int, name: &str) -> Result<()> {
    let handler = world.errhandlers.borrow().get(handler)?;
    match handler {
        Errhandler::Return => {}
        Errhandler::User(function) => function(object, code),
        Errhandler::Fatal | Errhandler::Abort => {
            let text = world.error_codes.borrow().text(code).unwrap_or_default();
            fault::called(name, code, &text)
        }
    }
    Ok(())
}

/// `MPI_Comm_call_errhandler`
pub fn comm_call(world: &World, comm: Handle, code: c_int) -> Result<()> {
    call(world, world.comm_errhandler(comm)?, comm, code, &world.comm(comm)?.display_name())
}

/// `MPI_File_set_errhandler`
pub fn file_set(world: &World, file: Handle, errhandler: Handle) -> Result<()> {
    world.file_set_errhandler(file, errhandler)
}

/// `MPI_File_get_errhandler`: the handle that it gives is one more to be freed.
pub fn file_get(world: &World, file: Handle, errhandler: Out<Handle>) -> Result<()> {
    let found = world.file_errhandler(file)?;
    world.errhandlers.borrow_mut().retain(found);
    errhandler.set(found)
}

/// `MPI_File_call_errhandler`
pub fn file_call(world: &World, file: Handle, code: c_int) -> Result<()> {
    call(world, world.file_errhandler(file)?, file, code, "a file")
}

/// `MPI_Error_string`
pub fn string(objects: &Objects<'_>, code: c_int, string: Out<c_char>, length: Out<c_int>) -> Result<()> {
    let text = objects.error_codes.borrow().text(code)?;
    length.set(string.text(text.as_bytes(), MPI_MAX_ERROR_STRING as usize)?)
}

/// `MPI_Error_class`
pub fn class(objects: &Objects<'_>, code: c_int, class: Out<c_int>) -> Result<()> {
    class.set(objects.error_codes.borrow().class(code)?)
}

/// `MPI_Add_error_class`
pub fn add_class(objects: &Objects<'_>, class: Out<c_int>) -> Result<()> {
    class.set(objects.error_codes.borrow_mut().add_class())
}

/// `MPI_Add_error_code`
pub fn add_code(objects: &Objects<'_>, class: c_int, code: Out<c_int>) -> Result<()> {
    code.set(objects.error_codes.borrow_mut().add_code(class)?)
}

/// `MPI_Add_error_string`
pub fn add_string(objects: &Objects<'_>, code: c_int, string: In<c_char>) -> Result<()> {
    objects.error_codes.borrow_mut().set_text(code, &string.text("text")?)
}

/// `MPI_Remove_error_class`
pub fn remove_class(objects: &Objects<'_>, class: c_int) -> Result<()> {
    objects.error_codes.borrow_mut().remove_class(class)
}

/// `MPI_Remove_error_code`
pub fn remove_code(objects: &Objects<'_>, code: c_int) -> Result<()> {
    objects.error_codes.borrow_mut().remove_code(code)
}

/// `MPI_Remove_error_string`
pub fn remove_string(objects: &Objects<'_>, code: c_int) -> Result<()> {
    objects.error_codes.borrow_mut().remove_text(code)
}
