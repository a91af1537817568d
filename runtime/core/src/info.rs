//! Info objects: ordered pairs of key and value, as hints to other calls (MPI 5.0, chapter 10).

pub(crate) mod memory;

use crate::handle::{Handle, Kind, Table};
use crate::{Result, fail};

/// The longest key, in bytes without a terminating zero (`MPI_MAX_INFO_KEY` counts that too).
pub const MAX_KEY: usize = 255;
/// The longest value.
pub const MAX_VALUE: usize = 1023;

impl Handle {
    /// `MPI_INFO_NULL`.
    pub const INFO_NULL: Handle = Handle(0x130);
    /// `MPI_INFO_ENV`: how this process was started.
    pub const INFO_ENV: Handle = Handle(0x131);
}

/// Keys with values, in the order in which they were set first.
#[derive(Clone, Debug, Default)]
pub struct Info {
    pairs: Vec<(String, String)>,
}

impl Info {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The key numbered `n`.
    pub fn key(&self, n: usize) -> Option<&str> {
        self.pairs.get(n).map(|(key, _)| key.as_str())
    }
}

/// All info objects of a world.
pub struct Infos {
    env: Info,
    table: Table<Info>,
}

impl Default for Infos {
    fn default() -> Infos {
        Infos::new()
    }
}

fn check_key(key: &str) -> Result<()> {
    if key.is_empty() || key.len() > MAX_KEY {
        fail!(ERR_INFO_KEY, "a key has 1 to {MAX_KEY} bytes, this one has {}", key.len());
    }
    Ok(())
}

impl Infos {
    /// No objects but an empty `MPI_INFO_ENV`.
    pub fn new() -> Infos {
        Infos { env: Info::default(), table: Table::new(Kind::Info) }
    }

    /// Says how this process was started.
    pub fn set_env(&mut self, pairs: Vec<(String, String)>) {
        self.env = Info { pairs };
    }

    /// The object behind a handle.
    pub fn get(&self, info: Handle) -> Result<&Info> {
        if info == Handle::INFO_ENV {
            return Ok(&self.env);
        }
        match self.table.get(info) {
            Some(found) => Ok(found),
            None if info == Handle::INFO_NULL => fail!(ERR_INFO, "the info object is MPI_INFO_NULL"),
            None => fail!(ERR_INFO, "{:#x} is not an info object, or one that was freed", info.0),
        }
    }

    fn get_mut(&mut self, info: Handle) -> Result<&mut Info> {
        self.get(info)?;
        match self.table.get_mut(info) {
            Some(found) => Ok(found),
            None => fail!(ERR_INFO, "MPI_INFO_ENV cannot be changed"),
        }
    }

    fn keep(&mut self, info: Info) -> Result<Handle> {
        match self.table.insert(info) {
            Ok(handle) => Ok(handle),
            Err(_) => fail!(ERR_NO_MEM, "there are too many info objects"),
        }
    }

    /// A new object without keys.
    #[doc(alias = "MPI_Info_create")]
    pub fn create(&mut self) -> Result<Handle> {
        self.keep(Info::default())
    }

    /// A new object with these pairs (`MPI_Info_create_env` and others that report something).
    pub fn create_with(&mut self, pairs: Vec<(String, String)>) -> Result<Handle> {
        self.keep(Info { pairs })
    }

    /// A copy.
    #[doc(alias = "MPI_Info_dup")]
    pub fn duplicate(&mut self, info: Handle) -> Result<Handle> {
        let copy = self.get(info)?.clone();
        self.keep(copy)
    }

    /// Sets a key's value.
    #[doc(alias = "MPI_Info_set")]
    pub fn set(&mut self, info: Handle, key: &str, value: &str) -> Result<()> {
        let info = self.get_mut(info)?;
        check_key(key)?;
        if value.len() > MAX_VALUE {
            fail!(ERR_INFO_VALUE, "a value has up to {MAX_VALUE} bytes, this one has {}", value.len());
        }
        match info.pairs.iter_mut().find(|(k, _)| k == key) {
            Some(pair) => pair.1 = value.into(),
            None => info.pairs.push((key.into(), value.into())),
        }
        Ok(())
    }

    /// Takes a key out.
    #[doc(alias = "MPI_Info_delete")]
    pub fn delete(&mut self, info: Handle, key: &str) -> Result<()> {
        let info = self.get_mut(info)?;
        check_key(key)?;
        match info.pairs.iter().position(|(k, _)| k == key) {
            Some(i) => info.pairs.remove(i),
            None => fail!(ERR_INFO_NOKEY, "there is no key {key:?}"),
        };
        Ok(())
    }

    /// The value of a key, if it is set.
    #[doc(alias = "MPI_Info_get_string")]
    pub fn value(&self, info: Handle, key: &str) -> Result<Option<&str>> {
        let info = self.get(info)?;
        check_key(key)?;
        Ok(info.get(key))
    }

    /// The key numbered `n`.
    #[doc(alias = "MPI_Info_get_nthkey")]
    pub fn nth_key(&self, info: Handle, n: i32) -> Result<&str> {
        let info = self.get(info)?;
        match usize::try_from(n).ok().and_then(|n| info.key(n)) {
            Some(key) => Ok(key),
            None => fail!(ERR_ARG, "there is no key number {n}: the object has {} keys", info.len()),
        }
    }

    /// Frees an object and sets the handle to `MPI_INFO_NULL`.
    #[doc(alias = "MPI_Info_free")]
    pub fn free(&mut self, info: &mut Handle) -> Result<()> {
        self.get_mut(*info)?;
        self.table.remove(*info);
        *info = Handle::INFO_NULL;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_values_change_in_place() {
        let mut infos = Infos::new();
        let mut info = infos.create().unwrap();
        for (key, value) in [("a", "1"), ("b", "2"), ("a", "3")] {
            infos.set(info, key, value).unwrap();
        }
        assert_eq!(infos.value(info, "a").unwrap(), Some("3"));
        assert_eq!(infos.nth_key(info, 1).unwrap(), "b");
        let copy = infos.duplicate(info).unwrap();
        infos.delete(info, "a").unwrap();
        assert_eq!(infos.value(info, "a").unwrap(), None);
        assert_eq!(infos.value(copy, "a").unwrap(), Some("3"));
        infos.free(&mut info).unwrap();
        assert_eq!(info, Handle::INFO_NULL);
    }

    #[test]
    fn each_mistake_has_its_class() {
        let mut infos = Infos::new();
        let info = infos.create().unwrap();
        let class = |result: Result<()>| result.unwrap_err().class.name();
        assert_eq!(class(infos.set(info, "", "v")), Some("MPI_ERR_INFO_KEY"));
        assert_eq!(class(infos.set(info, &"k".repeat(256), "v")), Some("MPI_ERR_INFO_KEY"));
        assert_eq!(class(infos.set(info, "k", &"v".repeat(1024))), Some("MPI_ERR_INFO_VALUE"));
        assert_eq!(class(infos.delete(info, "k")), Some("MPI_ERR_INFO_NOKEY"));
        assert_eq!(class(infos.set(Handle::INFO_NULL, "k", "v")), Some("MPI_ERR_INFO"));
        assert_eq!(class(infos.set(Handle::INFO_ENV, "k", "v")), Some("MPI_ERR_INFO"));
        assert_eq!(class(infos.nth_key(info, 0).map(|_| ())), Some("MPI_ERR_ARG"));
    }
}
