//! Datatypes (MPI 5.0, chapter 5): where in memory the data of one element lies, and of which basic types it is.

pub mod construct;
pub mod darray;
mod external32;
mod flatten;
mod overlap;
pub(crate) mod pack;
mod packing;
pub mod predefined;
pub mod recipe;
mod signature;
mod unnamed;

#[cfg(test)]
mod tests;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rankwise_transport::strided::Strided;

use self::flatten::Map;
use self::predefined::{Basic, PREDEFINED};
use self::recipe::Recipe;
use self::signature::Signature;
use crate::attribute::Attributes;
use crate::comm::MAX_NAME;
use crate::handle::{Handle, Kind, Table};
use crate::{Result, fail};

/// A datatype.
#[derive(Debug)]
pub struct Datatype {
    /// Where the data lies, relative to the address of an element.
    map: Map,
    /// Which basic types it is made of, in order.
    signature: Rc<Signature>,
    bounds: Bounds,
    /// What the start of an element should be a multiple of, in bytes.
    align: i64,
    committed: Cell<bool>,
    /// The predefined type that this is, if it is one.
    basic: Option<Basic>,
    /// Whether it is predefined, with or without a name, and cannot be freed.
    permanent: bool,
    /// How many elements one after the other have some byte twice.
    overlap: OnceCell<u64>,
    recipe: Recipe,
    name: RefCell<Vec<u8>>,
    pub(crate) attributes: Attributes,
}

/// Where an element begins and ends, in bytes from its address; `set` says that a user fixed the bound, which then
/// outweighs those of the elements beside it (MPI 5.0, section 5.1.6).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bounds {
    lower: i64,
    upper: i64,
    lower_set: bool,
    upper_set: bool,
}

impl Datatype {
    /// How many bytes of data an element has.
    #[doc(alias = "MPI_Type_size")]
    #[inline]
    pub fn size(&self) -> u64 {
        self.map.node.bytes()
    }

    /// The distance from one element to the next, in bytes.
    #[doc(alias = "MPI_Type_get_extent")]
    #[inline]
    pub fn extent(&self) -> i64 {
        self.bounds.upper - self.bounds.lower
    }

    /// The lower bound, in bytes.
    pub fn lb(&self) -> i64 {
        self.bounds.lower
    }

    /// The place of the first byte of data, in bytes.
    #[doc(alias = "MPI_Type_get_true_extent")]
    pub fn true_lb(&self) -> i64 {
        self.map.span().0
    }

    /// The distance from the first byte of data to the end of the last.
    pub fn true_extent(&self) -> i64 {
        let (low, high) = self.map.span();
        high - low
    }

    /// How it was made.
    #[doc(alias = "MPI_Type_get_envelope")]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Its name, empty if it has none.
    #[doc(alias = "MPI_Type_get_name")]
    pub fn name(&self) -> Vec<u8> {
        self.name.borrow().clone()
    }

    /// Names it; what is beyond 127 bytes is cut off.
    #[doc(alias = "MPI_Type_set_name")]
    pub fn set_name(&self, name: &[u8]) {
        *self.name.borrow_mut() = name[..name.len().min(MAX_NAME)].to_vec();
    }

    /// Whether it may be used in communication.
    pub fn committed(&self) -> bool {
        self.committed.get()
    }

    /// Whether any number of elements is one piece of memory that begins at the address of the first.
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        self.map.is_block() && self.extent() == self.size() as i64
    }

    /// How `count` elements lie if all their data is in blocks of one length at one distance: the place of the first block,
    /// in bytes from the address, and the blocks.
    #[inline]
    pub(crate) fn strided(&self, count: u64) -> Option<(i64, Strided)> {
        let Map { offset, node } = &self.map;
        let (block, stride) = node.as_strided(count, self.extent())?;
        Some((*offset, Strided { block: block as usize, stride: stride as isize }))
    }

    /// The predefined type that this is, if it is one.
    pub(crate) fn basic(&self) -> Option<&Basic> {
        self.basic.as_ref()
    }

    /// Whether it is predefined, with or without a name.
    pub(crate) fn is_permanent(&self) -> bool {
        self.permanent
    }

    /// How many whole elements `bytes` bytes of data are, and `None` if they are not a whole number of them.
    #[doc(alias = "MPI_Get_count")]
    pub fn whole_elements(&self, bytes: u64) -> Option<u64> {
        match self.size() {
            0 => (bytes == 0).then_some(0),
            size => bytes.is_multiple_of(size).then(|| bytes / size),
        }
    }

    /// How many elements of basic types `bytes` bytes of data are, and `None` if the last one is cut.
    #[doc(alias = "MPI_Get_elements")]
    pub fn basic_elements(&self, bytes: u64) -> Option<u64> {
        match self.size() {
            0 => (bytes == 0).then_some(0),
            size => {
                let rest = self.signature.elements_in(bytes % size)?;
                Some(bytes / size * self.signature.elements() + rest)
            }
        }
    }

    /// How many bytes of data the first `elements` elements of basic types have, of any number of whole elements.
    #[doc(alias = "MPI_Status_set_elements")]
    pub fn bytes_of_basic(&self, elements: u64) -> Option<u64> {
        let each = self.signature.elements();
        if each == 0 {
            return (elements == 0).then_some(0);
        }
        (elements / each).checked_mul(self.size())?.checked_add(self.signature.bytes_of(elements % each)?)
    }

    fn predefined(basic: &Basic) -> Datatype {
        let (map, signature) = basic.layout();
        let upper = basic.extent();
        Datatype {
            map,
            signature,
            bounds: Bounds { lower: 0, upper, lower_set: false, upper_set: false },
            align: basic.align(),
            committed: Cell::new(true),
            basic: Some(*basic),
            permanent: true,
            overlap: OnceCell::new(),
            recipe: Recipe::named(),
            name: RefCell::new(basic.name.into()),
            attributes: Attributes::default(),
        }
    }
}

/// Marks predefined handles that [`Types::contiguous_size`] does not know.
const NOT_CONTIGUOUS: u8 = u8::MAX;
const FIRST: usize = Handle::DATATYPE_NULL.0;
const RANGE: usize = 0x100;

/// All datatypes of a world.
pub struct Types {
    /// The predefined ones, by handle from [`FIRST`] on.
    predefined: Vec<Option<Rc<Datatype>>>,
    /// Their sizes, where they are contiguous.
    sizes: [u8; RANGE],
    derived: Table<Rc<Datatype>>,
    /// Types whose handles may have been freed, while what keeps them is being started.
    pub(crate) lent: Rc<[(Handle, Rc<Datatype>)]>,
    /// Those of the derived ones that count as predefined.
    unnamed: BTreeMap<unnamed::Key, Handle>,
    /// `MPI_LB` and `MPI_UB`.
    markers: [Rc<Datatype>; 2],
}

impl Handle {
    /// `MPI_DATATYPE_NULL`.
    pub const DATATYPE_NULL: Handle = Handle(0x200);
}

impl Default for Types {
    fn default() -> Types {
        Types::new()
    }
}

impl Types {
    /// The predefined types.
    pub fn new() -> Types {
        let mut types = Types {
            predefined: vec![None; RANGE],
            sizes: [NOT_CONTIGUOUS; RANGE],
            derived: Table::new(Kind::Datatype),
            lent: Rc::default(),
            unnamed: BTreeMap::new(),
            markers: [unnamed::marker(Handle::LB, "MPI_LB"), unnamed::marker(Handle::UB, "MPI_UB")],
        };
        for basic in PREDEFINED {
            let datatype = Datatype::predefined(basic);
            let index = basic.handle.0 - FIRST;
            if datatype.is_contiguous() {
                types.sizes[index] = datatype.size() as u8;
            }
            types.predefined[index] = Some(Rc::new(datatype));
        }
        types
    }

    /// The size of an element, if the handle is of a predefined type without gaps.
    #[inline]
    pub fn contiguous_size(&self, datatype: Handle) -> Option<u64> {
        match self.sizes.get(datatype.0.wrapping_sub(FIRST)) {
            Some(&size) if size != NOT_CONTIGUOUS => Some(size as u64),
            _ => None,
        }
    }

    /// The type behind a handle.
    pub fn get(&self, datatype: Handle) -> Result<Rc<Datatype>> {
        let found = match self.predefined.get(datatype.0.wrapping_sub(FIRST)) {
            Some(predefined) => predefined.as_ref(),
            None => self.derived.get(datatype),
        };
        match found {
            Some(found) => Ok(found.clone()),
            None if let Some((_, lent)) = self.lent.iter().find(|(handle, _)| *handle == datatype) => {
                Ok(lent.clone())
            }
            None if datatype == Handle::LB => Ok(self.markers[0].clone()),
            None if datatype == Handle::UB => Ok(self.markers[1].clone()),
            None if datatype == Handle::DATATYPE_NULL => fail!(ERR_TYPE, "the datatype is MPI_DATATYPE_NULL"),
            None => fail!(ERR_TYPE, "{:#x} is not a datatype, or one that was freed", datatype.0),
        }
    }

    /// Allows a type in communication.
    #[doc(alias = "MPI_Type_commit")]
    pub fn commit(&mut self, datatype: Handle) -> Result<()> {
        self.get(datatype)?.committed.set(true);
        Ok(())
    }

    /// Forgets a type and sets the handle to `MPI_DATATYPE_NULL`.
    pub(crate) fn free(&mut self, datatype: &mut Handle) -> Result<()> {
        if self.get(*datatype)?.permanent {
            fail!(ERR_TYPE, "a predefined datatype cannot be freed");
        }
        self.derived.remove(*datatype);
        *datatype = Handle::DATATYPE_NULL;
        Ok(())
    }

    fn keep(&mut self, datatype: Datatype, recipe: Recipe) -> Result<Handle> {
        self.enter(Rc::new(Datatype { recipe, ..datatype }))
    }

    fn enter(&mut self, datatype: Rc<Datatype>) -> Result<Handle> {
        match self.derived.insert(datatype) {
            Ok(handle) => Ok(handle),
            Err(_) => fail!(ERR_NO_MEM, "there are too many datatypes"),
        }
    }
}
