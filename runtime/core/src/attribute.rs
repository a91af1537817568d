//! Attributes: values that users and libraries keep with an object (MPI 5.0, section 7.7).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::handle::{Handle, Kind, Table};
use crate::p2p::TAG_UB;
use crate::request::{ANY_SOURCE, PROC_NULL};
use crate::world::{JobInfo, World};
use crate::{Error, Result, fail};

/// What a user's callback says: nothing, or an error code of its own.
pub type Outcome = std::result::Result<(), i32>;

/// Decides what a copy of an object gets: gets the old object's handle, the keyval and the value, returns the copy's
/// value if it is to have one.
#[doc(alias = "MPI_Comm_copy_attr_function")]
pub type CopyFunction = Rc<dyn Fn(Handle, i32, usize) -> std::result::Result<Option<usize>, i32>>;

/// Is told that a value goes away: gets the object's handle, the keyval and the value.
#[doc(alias = "MPI_Comm_delete_attr_function")]
pub type DeleteFunction = Rc<dyn Fn(Handle, i32, usize) -> Outcome>;

struct Keyval {
    /// What kind of object it is for.
    of: Kind,
    copy: CopyFunction,
    delete: DeleteFunction,
    /// The user's handle and every attribute count as one.
    uses: u32,
    /// The user's handle is gone.
    freed: bool,
}

/// `MPI_KEYVAL_INVALID`.
pub const KEYVAL_INVALID: i32 = 0;

/// All keyvals of a world.
pub struct Keyvals {
    table: Table<Keyval>,
}

impl Default for Keyvals {
    fn default() -> Keyvals {
        Keyvals { table: Table::new(Kind::Keyval) }
    }
}

/// The attributes of one object, in the order in which they were set first.
#[derive(Debug, Default)]
pub struct Attributes {
    values: RefCell<Vec<(i32, usize)>>,
}

fn failed(code: i32, what: &str) -> Error {
    Error::of_callback(code, format!("the {what} callback of an attribute returned {code}"))
}

impl Keyvals {
    /// A keyval for objects of kind `of`.
    #[doc(alias = "MPI_Comm_create_keyval", alias = "MPI_Type_create_keyval")]
    pub fn create(&mut self, of: Kind, copy: CopyFunction, delete: DeleteFunction) -> Result<i32> {
        match self.table.insert(Keyval { of, copy, delete, uses: 1, freed: false }) {
            Ok(handle) => Ok(handle.0 as i32),
            Err(_) => fail!(ERR_NO_MEM, "there are too many keyvals"),
        }
    }

    fn get(&self, keyval: i32, of: Kind) -> Result<&Keyval> {
        match usize::try_from(keyval).ok().and_then(|value| self.table.get(Handle(value))) {
            Some(found) if found.of == of => Ok(found),
            Some(found) => {
                fail!(ERR_KEYVAL, "a keyval made for a {:?} cannot be used with a {of:?}", found.of)
            }
            None => fail!(ERR_KEYVAL, "{keyval:#x} is not a keyval, or one that was freed"),
        }
    }

    /// Gives a keyval up and sets it to `MPI_KEYVAL_INVALID`; attributes that have it stay. As long as there are some, it
    /// does no harm to give it up again.
    #[doc(alias = "MPI_Comm_free_keyval", alias = "MPI_Type_free_keyval")]
    pub fn free(&mut self, keyval: &mut i32, of: Kind) -> Result<()> {
        self.get(*keyval, of)?;
        let freed =
            self.table.get_mut(Handle(*keyval as usize)).map(|k| std::mem::replace(&mut k.freed, true));
        if freed == Some(false) {
            self.release(*keyval);
        }
        *keyval = KEYVAL_INVALID;
        Ok(())
    }

    fn retain(&mut self, keyval: i32) {
        if let Some(found) = self.table.get_mut(Handle(keyval as usize)) {
            found.uses += 1;
        }
    }

    fn release(&mut self, keyval: i32) {
        let handle = Handle(keyval as usize);
        if let Some(found) = self.table.get_mut(handle) {
            found.uses -= 1;
            if found.uses == 0 {
                self.table.remove(handle);
            }
        }
    }
}

/// The keyvals are behind a cell that is free while a callback runs: callbacks may use attributes themselves.
impl Attributes {
    /// Sets a value; one that stood there is deleted first.
    pub fn set(
        &self,
        keyvals: &RefCell<Keyvals>,
        of: Kind,
        object: Handle,
        keyval: i32,
        value: usize,
    ) -> Result<()> {
        keyvals.borrow().get(keyval, of)?;
        let old = self.value(keyval);
        if let Some(old) = old {
            let delete = keyvals.borrow().get(keyval, of)?.delete.clone();
            delete(object, keyval, old).map_err(|code| failed(code, "delete"))?;
        }
        let mut values = self.values.borrow_mut();
        match values.iter_mut().find(|(k, _)| *k == keyval) {
            Some(pair) => pair.1 = value,
            None => {
                values.push((keyval, value));
                keyvals.borrow_mut().retain(keyval);
            }
        }
        Ok(())
    }

    fn value(&self, keyval: i32) -> Option<usize> {
        self.values.borrow().iter().find(|(k, _)| *k == keyval).map(|(_, value)| *value)
    }

    /// A value, if there is one.
    pub fn get(&self, keyvals: &RefCell<Keyvals>, of: Kind, keyval: i32) -> Result<Option<usize>> {
        keyvals.borrow().get(keyval, of)?;
        Ok(self.value(keyval))
    }

    /// Takes a value away.
    pub fn delete(&self, keyvals: &RefCell<Keyvals>, of: Kind, object: Handle, keyval: i32) -> Result<()> {
        let delete = keyvals.borrow().get(keyval, of)?.delete.clone();
        let Some(value) = self.value(keyval) else {
            fail!(ERR_KEYVAL, "the object has no attribute with the keyval {keyval:#x}")
        };
        delete(object, keyval, value).map_err(|code| failed(code, "delete"))?;
        self.forget(keyvals, keyval);
        Ok(())
    }

    /// Drops a value, which a callback may have done itself by now.
    fn forget(&self, keyvals: &RefCell<Keyvals>, keyval: i32) {
        let mut values = self.values.borrow_mut();
        if let Some(i) = values.iter().position(|(k, _)| *k == keyval) {
            values.remove(i);
            keyvals.borrow_mut().release(keyval);
        }
    }

    /// Drops all values of an object that comes to nothing; no callback hears of it.
    pub(crate) fn forget_all(&self, keyvals: &RefCell<Keyvals>) {
        self.values.take().iter().for_each(|(keyval, _)| keyvals.borrow_mut().release(*keyval));
    }

    /// Takes all values away, the last one first (MPI 5.0, section 7.7.1).
    pub fn delete_all(&self, keyvals: &RefCell<Keyvals>, of: Kind, object: Handle) -> Result<()> {
        loop {
            let last = self.values.borrow().last().map(|(keyval, _)| *keyval);
            let Some(keyval) = last else { return Ok(()) };
            self.delete(keyvals, of, object, keyval)?;
        }
    }

    /// What a copy of the object `object` has. Where a callback fails there is no copy, and no delete callback hears of
    /// what the others gave.
    pub fn copy(&self, keyvals: &RefCell<Keyvals>, of: Kind, object: Handle) -> Result<Attributes> {
        let copy = Attributes::default();
        let values = self.values.borrow().clone();
        for (keyval, value) in values {
            let function = keyvals.borrow().get(keyval, of)?.copy.clone();
            match function(object, keyval, value) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    copy.values.borrow_mut().push((keyval, value));
                    keyvals.borrow_mut().retain(keyval);
                }
                Err(code) => {
                    copy.forget_all(keyvals);
                    return Err(failed(code, "copy"));
                }
            }
        }
        Ok(copy)
    }
}

/// The attributes that `MPI_COMM_WORLD` has from the start (MPI 5.0, section 9.1.2), by keyval from 501 on: the largest
/// tag, which ranks do I/O, the host's rank, whether clocks agree, the number of this program, the last error code, how
/// many ranks there could be. C programs get their addresses.
pub(crate) struct Environment {
    values: Box<[Cell<i32>; 7]>,
    known: [bool; 7],
}

const FIRST: i32 = 501;
const LASTUSEDCODE: usize = 5;

impl Environment {
    pub(crate) fn new(job: &JobInfo) -> Environment {
        let values = [
            Some(TAG_UB),
            Some(ANY_SOURCE),
            Some(PROC_NULL),
            // All ranks of a node read one clock.
            Some(1),
            job.appnum,
            Some(0),
            job.universe_size,
        ];
        let known = values.map(|value| value.is_some());
        Environment { values: Box::new(values.map(|value| Cell::new(value.unwrap_or(0)))), known }
    }

    /// The address of a value, if `keyval` is of a predefined attribute; `Some(None)` if there is no value.
    fn get(&self, keyval: i32, last_used: i32) -> Option<Option<usize>> {
        let index = usize::try_from(keyval - FIRST).ok().filter(|&i| i < self.values.len())?;
        self.values[LASTUSEDCODE].set(last_used);
        Some(self.known[index].then(|| self.values[index].as_ptr().addr()))
    }

    fn is_predefined(keyval: i32) -> bool {
        (FIRST..FIRST + 7).contains(&keyval)
    }
}

fn check_own(keyval: i32) -> Result<()> {
    if Environment::is_predefined(keyval) {
        fail!(ERR_KEYVAL, "a predefined attribute cannot be changed");
    }
    Ok(())
}

impl World {
    /// Keeps a value with a communicator.
    #[doc(alias = "MPI_Comm_set_attr")]
    pub fn comm_set_attr(&self, comm: Handle, keyval: i32, value: usize) -> Result<()> {
        let found = self.comm(comm)?;
        check_own(keyval)?;
        found.attributes.set(&self.keyvals, Kind::Comm, comm, keyval, value)
    }

    /// A value kept with a communicator; for a predefined keyval the address of an `i32`.
    #[doc(alias = "MPI_Comm_get_attr")]
    pub fn comm_get_attr(&self, comm: Handle, keyval: i32) -> Result<Option<usize>> {
        let comm = self.comm(comm)?;
        match self.environment.get(keyval, self.error_codes.borrow().last_used()) {
            Some(value) => Ok(value),
            None => comm.attributes.get(&self.keyvals, Kind::Comm, keyval),
        }
    }

    /// Takes a value away from a communicator.
    #[doc(alias = "MPI_Comm_delete_attr")]
    pub fn comm_delete_attr(&self, comm: Handle, keyval: i32) -> Result<()> {
        let found = self.comm(comm)?;
        check_own(keyval)?;
        found.attributes.delete(&self.keyvals, Kind::Comm, comm, keyval)
    }

    /// Keeps a value with a datatype.
    #[doc(alias = "MPI_Type_set_attr")]
    pub fn type_set_attr(&self, datatype: Handle, keyval: i32, value: usize) -> Result<()> {
        let found = self.types.borrow().get(datatype)?;
        found.attributes.set(&self.keyvals, Kind::Datatype, datatype, keyval, value)
    }

    /// A value kept with a datatype.
    #[doc(alias = "MPI_Type_get_attr")]
    pub fn type_get_attr(&self, datatype: Handle, keyval: i32) -> Result<Option<usize>> {
        let found = self.types.borrow().get(datatype)?;
        found.attributes.get(&self.keyvals, Kind::Datatype, keyval)
    }

    /// Takes a value away from a datatype.
    #[doc(alias = "MPI_Type_delete_attr")]
    pub fn type_delete_attr(&self, datatype: Handle, keyval: i32) -> Result<()> {
        let found = self.types.borrow().get(datatype)?;
        found.attributes.delete(&self.keyvals, Kind::Datatype, datatype, keyval)
    }

    /// A copy of a datatype, with what its attributes' callbacks give it; committed if the old one is.
    #[doc(alias = "MPI_Type_dup")]
    pub fn type_dup(&self, datatype: Handle) -> Result<Handle> {
        let found = self.types.borrow().get(datatype)?;
        let attributes = found.attributes.copy(&self.keyvals, Kind::Datatype, datatype)?;
        self.types.borrow_mut().duplicate(datatype, attributes)
    }

    /// Frees a datatype and sets the handle to `MPI_DATATYPE_NULL`. Types made from it, and communication under way with
    /// it, are not affected.
    #[doc(alias = "MPI_Type_free")]
    pub fn type_free(&self, datatype: &mut Handle) -> Result<()> {
        let found = self.types.borrow().get(*datatype)?;
        if !found.is_permanent() {
            found.attributes.delete_all(&self.keyvals, Kind::Datatype, *datatype)?;
        }
        self.types.borrow_mut().free(datatype)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECT: Handle = Handle(5);

    #[test]
    fn callbacks_see_every_copy_and_every_end() {
        let keyvals = RefCell::new(Keyvals::default());
        let deleted = Rc::new(Cell::new(0));
        let seen = deleted.clone();
        let delete = Rc::new(move |_, _, value| {
            seen.set(seen.get() * 100 + value);
            Ok(())
        });
        let copy = Rc::new(|_, _, value| Ok((value != 3).then_some(value + 1)));
        let mut key = keyvals.borrow_mut().create(Kind::Comm, copy.clone(), delete.clone()).unwrap();
        let other = keyvals.borrow_mut().create(Kind::Comm, copy, delete).unwrap();
        let attributes = Attributes::default();
        let set = |keyval, value| attributes.set(&keyvals, Kind::Comm, OBJECT, keyval, value).unwrap();
        set(key, 1);
        set(key, 2);
        assert_eq!(deleted.get(), 1);
        set(other, 3);
        let copy = attributes.copy(&keyvals, Kind::Comm, OBJECT).unwrap();
        assert_eq!(copy.get(&keyvals, Kind::Comm, key).unwrap(), Some(3));
        assert_eq!(copy.get(&keyvals, Kind::Comm, other).unwrap(), None);
        let kept = key;
        keyvals.borrow_mut().free(&mut key, Kind::Comm).unwrap();
        assert_eq!(key, KEYVAL_INVALID);
        assert_eq!(attributes.get(&keyvals, Kind::Comm, kept).unwrap(), Some(2));
        attributes.delete_all(&keyvals, Kind::Comm, OBJECT).unwrap();
        copy.delete_all(&keyvals, Kind::Comm, OBJECT).unwrap();
        assert_eq!(deleted.get(), 1_03_02_03);
        assert!(attributes.get(&keyvals, Kind::Comm, kept).is_err());
    }

    #[test]
    fn a_keyval_that_is_in_use_outlives_its_handle() {
        let keyvals = RefCell::new(Keyvals::default());
        let (copy, delete) = (Rc::new(|_, _, value| Ok(Some(value))), Rc::new(|_, _, _| Ok(())));
        let key = keyvals.borrow_mut().create(Kind::Comm, copy.clone(), delete.clone()).unwrap();
        let refuses = keyvals.borrow_mut().create(Kind::Comm, Rc::new(|_, _, _| Err(9)), delete).unwrap();
        let attributes = Attributes::default();
        attributes.set(&keyvals, Kind::Comm, OBJECT, key, 1).unwrap();
        attributes.set(&keyvals, Kind::Comm, OBJECT, refuses, 1).unwrap();
        for _ in 0..2 {
            keyvals.borrow_mut().free(&mut key.clone(), Kind::Comm).unwrap();
        }
        // A copy that fails holds nothing.
        assert!(attributes.copy(&keyvals, Kind::Comm, OBJECT).is_err());
        attributes.delete(&keyvals, Kind::Comm, OBJECT, key).unwrap();
        assert!(attributes.get(&keyvals, Kind::Comm, key).is_err());
        assert!(keyvals.borrow_mut().free(&mut key.clone(), Kind::Comm).is_err());
    }

    #[test]
    fn a_callback_can_refuse() {
        let keyvals = RefCell::new(Keyvals::default());
        let key = keyvals
            .borrow_mut()
            .create(Kind::Comm, Rc::new(|_, _, _| Err(77)), Rc::new(|_, _, _| Err(78)))
            .unwrap();
        let attributes = Attributes::default();
        attributes.set(&keyvals, Kind::Comm, OBJECT, key, 1).unwrap();
        assert_eq!(attributes.copy(&keyvals, Kind::Comm, OBJECT).err().map(|e| e.code), Some(77));
        assert_eq!(attributes.delete(&keyvals, Kind::Comm, OBJECT, key).unwrap_err().code, 78);
        assert_eq!(attributes.get(&keyvals, Kind::Comm, key).unwrap(), Some(1));
        assert!(attributes.get(&keyvals, Kind::Datatype, key).is_err());
    }
}
