//! Error handlers: what happens when a call fails (MPI 5.0, section 9.3).
//!
//! This crate keeps them and counts who uses them; a face calls them.

use std::rc::Rc;

use crate::handle::{Handle, Kind, Table};
use crate::world::World;
use crate::{Result, fail};

impl Handle {
    /// `MPI_FILE_NULL`.
    pub const FILE_NULL: Handle = Handle(0x118);
    /// `MPI_ERRHANDLER_NULL`.
    pub const ERRHANDLER_NULL: Handle = Handle(0x140);
    /// `MPI_ERRORS_ARE_FATAL`.
    pub const ERRORS_ARE_FATAL: Handle = Handle(0x141);
    /// `MPI_ERRORS_ABORT`.
    pub const ERRORS_ABORT: Handle = Handle(0x142);
    /// `MPI_ERRORS_RETURN`.
    pub const ERRORS_RETURN: Handle = Handle(0x143);

    /// The predefined error handler of this name (the key `mpi_initial_errhandler`).
    pub fn errhandler_named(name: &str) -> Option<Handle> {
        match name {
            "mpi_errors_are_fatal" => Some(Handle::ERRORS_ARE_FATAL),
            "mpi_errors_abort" => Some(Handle::ERRORS_ABORT),
            "mpi_errors_return" => Some(Handle::ERRORS_RETURN),
            _ => None,
        }
    }
}

/// A user's handler: gets the object on which the call failed and the error code.
#[doc(alias = "MPI_Comm_errhandler_function")]
pub type UserHandler = Rc<dyn Fn(Handle, i32)>;

/// What happens when a call fails.
#[derive(Clone)]
pub enum Errhandler {
    /// All connected processes are ended.
    Fatal,
    /// The processes of the communicator are ended.
    Abort,
    /// The call returns the error code.
    Return,
    /// The user's function is called, then the call returns the error code.
    User(UserHandler),
}

struct Entry {
    handler: UserHandler,
    /// What kind of object it is for.
    of: Kind,
    uses: u32,
}

/// All error handlers of a world.
pub struct Errhandlers {
    table: Table<Entry>,
}

impl Default for Errhandlers {
    fn default() -> Errhandlers {
        Errhandlers::new()
    }
}

impl Errhandlers {
    /// The predefined ones.
    pub fn new() -> Errhandlers {
        Errhandlers { table: Table::new(Kind::Errhandler) }
    }

    /// A handler for objects of kind `of`.
    #[doc(alias = "MPI_Comm_create_errhandler")]
    #[doc(alias = "MPI_Session_create_errhandler")]
    pub fn create(&mut self, of: Kind, handler: UserHandler) -> Result<Handle> {
        match self.table.insert(Entry { handler, of, uses: 1 }) {
            Ok(handle) => Ok(handle),
            Err(_) => fail!(ERR_NO_MEM, "there are too many error handlers"),
        }
    }

    /// What a handle stands for.
    pub fn get(&self, errhandler: Handle) -> Result<Errhandler> {
        Ok(match errhandler {
            Handle::ERRORS_ARE_FATAL => Errhandler::Fatal,
            Handle::ERRORS_ABORT => Errhandler::Abort,
            Handle::ERRORS_RETURN => Errhandler::Return,
            Handle::ERRHANDLER_NULL => fail!(ERR_ERRHANDLER, "the error handler is MPI_ERRHANDLER_NULL"),
            _ => match self.table.get(errhandler) {
                Some(entry) => Errhandler::User(entry.handler.clone()),
                None => fail!(
                    ERR_ERRHANDLER,
                    "{:#x} is not an error handler, or one that was freed",
                    errhandler.0
                ),
            },
        })
    }

    /// Checks that a handler may be given to objects of kind `of`.
    pub fn check(&self, errhandler: Handle, of: Kind) -> Result<()> {
        self.get(errhandler)?;
        match self.table.get(errhandler) {
            Some(entry) if entry.of != of => {
                fail!(
                    ERR_ERRHANDLER,
                    "an error handler made for a {:?} cannot be given to a {of:?}",
                    entry.of
                )
            }
            _ => Ok(()),
        }
    }

    /// Notes one more user of a handler.
    pub fn retain(&mut self, errhandler: Handle) {
        if let Some(entry) = self.table.get_mut(errhandler) {
            entry.uses += 1;
        }
    }

    /// Notes one user less; the last one's going frees it.
    pub fn release(&mut self, errhandler: Handle) {
        if let Some(entry) = self.table.get_mut(errhandler) {
            entry.uses -= 1;
            if entry.uses == 0 {
                self.table.remove(errhandler);
            }
        }
    }

    /// Gives a handle back and sets it to `MPI_ERRHANDLER_NULL`; objects that have the handler keep it.
    #[doc(alias = "MPI_Errhandler_free")]
    pub fn free(&mut self, errhandler: &mut Handle) -> Result<()> {
        self.get(*errhandler)?;
        self.release(*errhandler);
        *errhandler = Handle::ERRHANDLER_NULL;
        Ok(())
    }
}

impl World {
    /// Only `MPI_FILE_NULL` is there: it stands for the handler that files get when they are opened.
    fn check_file(&self, file: Handle) -> Result<()> {
        if file != Handle::FILE_NULL {
            fail!(ERR_FILE, "{:#x} is not a file", file.0);
        }
        Ok(())
    }

    /// The error handler of a file; of `MPI_FILE_NULL`, the one that files get when they are opened.
    #[doc(alias = "MPI_File_get_errhandler")]
    pub fn file_errhandler(&self, file: Handle) -> Result<Handle> {
        self.check_file(file)?;
        Ok(self.file_errhandler.get())
    }

    /// Gives a file, or with `MPI_FILE_NULL` all that are opened later, another error handler.
    #[doc(alias = "MPI_File_set_errhandler")]
    pub fn file_set_errhandler(&self, file: Handle, errhandler: Handle) -> Result<()> {
        self.check_file(file)?;
        let mut errhandlers = self.errhandlers.borrow_mut();
        errhandlers.check(errhandler, Kind::File)?;
        errhandlers.retain(errhandler);
        errhandlers.release(self.file_errhandler.replace(errhandler));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_lives_as_long_as_somebody_has_it() {
        let mut handlers = Errhandlers::new();
        let mut mine = handlers.create(Kind::Comm, Rc::new(|_, _| {})).unwrap();
        let of_comm = mine;
        handlers.retain(of_comm);
        handlers.free(&mut mine).unwrap();
        assert_eq!(mine, Handle::ERRHANDLER_NULL);
        assert!(matches!(handlers.get(of_comm), Ok(Errhandler::User(_))));
        assert!(handlers.check(of_comm, Kind::Comm).is_ok());
        assert!(handlers.check(of_comm, Kind::Session).is_err());
        handlers.release(of_comm);
        assert!(handlers.get(of_comm).is_err());
    }

    #[test]
    fn predefined_handlers_are_always_there() {
        let mut handlers = Errhandlers::new();
        handlers.release(Handle::ERRORS_RETURN);
        assert!(matches!(handlers.get(Handle::ERRORS_RETURN), Ok(Errhandler::Return)));
        assert!(handlers.get(Handle::ERRHANDLER_NULL).is_err());
    }
}
