//! Handles: what a user holds instead of an object.
//!
//! A [`Handle`] is the value of the standard ABI itself (MPI 5.0, section 20.3): the predefined ones are its constants,
//! all below 0x1000; the ones made at run time carry a kind, an index and a generation in 31 bits, so that they also fit
//! a Fortran integer. In memory a handle is as wide as a C pointer, because `MPI_Comm` and its kin are pointers there: an
//! array of the user's handles is read in place. A stale or foreign handle is therefore seen, and is an MPI error, never a crash.
//!
//! ```text
//! bit 30 = 1   a request:   bits 24..29 generation (6), bits 0..23 index (24)
//! bit 30 = 0   all others:  bits 26..29 kind (4, not 0), bits 18..25 generation (8), bits 0..17 index (18)
//! ```

/// The value of a handle in the standard ABI.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Handle(pub usize);

/// What a dynamic handle refers to. The discriminant is the kind's bit pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
#[allow(missing_docs)]
pub enum Kind {
    Comm = 1,
    Group = 2,
    Datatype = 3,
    Op = 4,
    Info = 5,
    Errhandler = 6,
    Message = 7,
    Session = 8,
    Keyval = 9,
    Win = 10,
    File = 11,
    Request = 16,
}

impl Handle {
    /// Handles below this value are constants of the ABI.
    pub const FIRST_DYNAMIC: usize = 0x1000;

    /// Whether this is a constant of the ABI.
    pub fn is_predefined(self) -> bool {
        self.0 < Self::FIRST_DYNAMIC
    }

    /// The kind of a dynamic handle.
    pub fn kind(self) -> Option<Kind> {
        const KINDS: [Kind; 11] = [
            Kind::Comm,
            Kind::Group,
            Kind::Datatype,
            Kind::Op,
            Kind::Info,
            Kind::Errhandler,
            Kind::Message,
            Kind::Session,
            Kind::Keyval,
            Kind::Win,
            Kind::File,
        ];
        match self.0 >> 26 {
            k @ 16..=31 if k & 16 != 0 => Some(Kind::Request),
            k @ 1..=11 => Some(KINDS[k - 1]),
            _ => None,
        }
    }
}

impl Kind {
    const fn index_bits(self) -> u32 {
        match self {
            Kind::Request => 24,
            _ => 18,
        }
    }

    /// How many objects of this kind there can be.
    pub(crate) const fn capacity(self) -> usize {
        1 << self.index_bits()
    }

    const fn generation_mask(self) -> u32 {
        match self {
            Kind::Request => 0x3f,
            _ => 0xff,
        }
    }

    fn handle(self, index: u32, generation: u32) -> Handle {
        let prefix = match self {
            Kind::Request => 1 << 30,
            kind => (kind as u32) << 26,
        };
        Handle((prefix | (generation & self.generation_mask()) << self.index_bits() | index) as usize)
    }

    fn parts(self, handle: Handle) -> Option<(usize, u32)> {
        if handle.kind() != Some(self) {
            return None;
        }
        let index = handle.0 & ((1 << self.index_bits()) - 1);
        Some((index, (handle.0 >> self.index_bits()) as u32 & self.generation_mask()))
    }
}

struct Slot<T> {
    generation: u32,
    value: Option<T>,
}

/// The objects of one kind, found by handle. Freed places are used again under a new generation.
pub struct Table<T> {
    kind: Kind,
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

impl<T> Table<T> {
    /// An empty table for handles of `kind`.
    pub fn new(kind: Kind) -> Table<T> {
        Table { kind, slots: Vec::new(), free: Vec::new() }
    }

    /// Keeps `value` and returns its handle, or gives it back when all indices of the kind are taken.
    pub fn insert(&mut self, value: T) -> Result<Handle, T> {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.value = Some(value);
            return Ok(self.kind.handle(index, slot.generation));
        }
        let index = self.slots.len() as u32;
        if index >> self.kind.index_bits() != 0 {
            return Err(value);
        }
        // Index 0 of kind 0 cannot occur, so every handle made here lies above FIRST_DYNAMIC.
        self.slots.push(Slot { generation: 0, value: Some(value) });
        Ok(self.kind.handle(index, 0))
    }

    /// The object behind `handle`, if the handle is one that this table gave out and has not taken back.
    #[inline]
    pub fn get(&self, handle: Handle) -> Option<&T> {
        let (index, generation) = self.kind.parts(handle)?;
        let slot = self.slots.get(index)?;
        if slot.generation & self.kind.generation_mask() != generation {
            return None;
        }
        slot.value.as_ref()
    }

    /// As [`Table::get`], to change the object.
    #[inline]
    pub fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let (index, generation) = self.kind.parts(handle)?;
        let mask = self.kind.generation_mask();
        let slot = self.slots.get_mut(index)?;
        if slot.generation & mask != generation {
            return None;
        }
        slot.value.as_mut()
    }

    /// Takes the object out; its handle is stale from now on.
    #[inline]
    pub fn remove(&mut self, handle: Handle) -> Option<T> {
        let (index, generation) = self.kind.parts(handle)?;
        let mask = self.kind.generation_mask();
        let slot = self.slots.get_mut(index)?;
        if slot.generation & mask != generation {
            return None;
        }
        let value = slot.value.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(index as u32);
        Some(value)
    }

    /// Forgets the object; its handle is stale from now on. Cheaper than [`Table::remove`] where the object is large.
    #[inline]
    pub fn discard(&mut self, handle: Handle) {
        let Some((index, generation)) = self.kind.parts(handle) else { return };
        let mask = self.kind.generation_mask();
        let Some(slot) = self.slots.get_mut(index) else { return };
        if slot.generation & mask == generation && slot.value.is_some() {
            slot.value = None;
            slot.generation = slot.generation.wrapping_add(1);
            self.free.push(index as u32);
        }
    }

    /// Gives out a handle for what is still to be made: until [`Table::settle`] nothing is found behind it.
    pub fn reserve(&mut self) -> Option<Handle> {
        let index = match self.free.pop() {
            Some(index) => index,
            None if self.slots.len() >> self.kind.index_bits() != 0 => return None,
            None => {
                self.slots.push(Slot { generation: 0, value: None });
                self.slots.len() as u32 - 1
            }
        };
        Some(self.kind.handle(index, self.slots[index as usize].generation))
    }

    /// The place of a handle that was reserved and not settled.
    fn reserved(&self, handle: Handle) -> Option<usize> {
        let (index, generation) = self.kind.parts(handle)?;
        let slot = self.slots.get(index)?;
        let current = slot.generation & self.kind.generation_mask() == generation;
        (current && slot.value.is_none() && !self.free.contains(&(index as u32))).then_some(index)
    }

    /// Whether a handle was reserved and not settled.
    pub fn is_reserved(&self, handle: Handle) -> bool {
        self.reserved(handle).is_some()
    }

    /// Keeps `value` under a handle that was reserved, or takes the handle back if there is none.
    pub fn settle(&mut self, handle: Handle, value: Option<T>) {
        let Some(index) = self.reserved(handle) else { return };
        let slot = &mut self.slots[index];
        slot.value = value;
        if slot.value.is_none() {
            slot.generation = slot.generation.wrapping_add(1);
            self.free.push(index as u32);
        }
    }

    /// How many objects are kept.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every object with its handle.
    pub fn iter(&self) -> impl Iterator<Item = (Handle, &T)> {
        self.slots.iter().enumerate().filter_map(|(i, slot)| {
            slot.value.as_ref().map(|value| (self.kind.handle(i as u32, slot.generation), value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freed_handle_is_stale_though_its_place_is_used_again() {
        for kind in [Kind::Comm, Kind::File, Kind::Request] {
            let mut table = Table::new(kind);
            let a = table.insert('a').unwrap();
            assert!(a.0 >= Handle::FIRST_DYNAMIC && a.0 < 1 << 31);
            assert_eq!(a.kind(), Some(kind));
            assert_eq!(table.remove(a), Some('a'));
            let b = table.insert('b').unwrap();
            assert_ne!(a, b);
            assert_eq!((table.get(a), table.get(b)), (None, Some(&'b')));
            assert_eq!(table.remove(a), None);
            assert_eq!(table.len(), 1);
        }
    }

    #[test]
    fn a_reserved_handle_leads_nowhere_until_it_is_settled() {
        let mut table = Table::new(Kind::Comm);
        let a = table.reserve().unwrap();
        let b = table.insert('b').unwrap();
        assert!(table.is_reserved(a) && !table.is_reserved(b) && a != b);
        assert_eq!(table.remove(a), None);
        assert_eq!((table.get(a), table.iter().count()), (None, 1));
        table.settle(a, Some('a'));
        assert_eq!((table.get(a), table.is_reserved(a), table.len()), (Some(&'a'), false, 2));
        // What is settled is not settled again.
        table.settle(a, None);
        assert_eq!(table.remove(a), Some('a'));
        assert!(!table.is_reserved(a));
        let c = table.reserve().unwrap();
        assert_ne!(a, c);
        table.settle(c, None);
        assert_eq!((table.get(c), table.is_reserved(c), table.len()), (None, false, 1));
    }

    #[test]
    fn handles_of_other_kinds_and_constants_are_not_found() {
        let mut comms = Table::new(Kind::Comm);
        let mut groups = Table::new(Kind::Group);
        let comm = comms.insert(1).unwrap();
        groups.insert(2).unwrap();
        assert_eq!(groups.get(comm), None);
        for constant in [0, 1, 0x101, 0xfff] {
            assert_eq!(comms.get(Handle(constant)), None);
            assert_eq!(Handle(constant).kind(), None);
        }
    }
}
