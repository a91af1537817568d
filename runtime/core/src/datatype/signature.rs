//! The type signature: the basic types of an element, in the order in which they travel (MPI 5.0, section 5.1).

use std::rc::Rc;

/// A sequence of basic types, of which only the sizes are kept.
#[derive(Debug)]
pub(super) struct Signature {
    bytes: u64,
    elements: u64,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Basic,
    Repeat(Rc<Signature>),
    Sequence(Vec<Rc<Signature>>),
}

impl Signature {
    pub(super) fn basic(size: u64) -> Rc<Signature> {
        Rc::new(Signature { bytes: size, elements: 1, shape: Shape::Basic })
    }

    /// `count` times the same.
    pub(super) fn repeat(count: u64, of: &Rc<Signature>) -> Rc<Signature> {
        if count == 1 {
            return of.clone();
        }
        // What repeats something that repeats is kept flat.
        let unit = match &of.shape {
            Shape::Repeat(inner) => inner,
            _ => of,
        };
        let (bytes, elements) = (count * of.bytes, count * of.elements);
        Rc::new(Signature { bytes, elements, shape: Shape::Repeat(unit.clone()) })
    }

    /// One after the other.
    pub(super) fn sequence(parts: Vec<Rc<Signature>>) -> Rc<Signature> {
        if let [only] = &parts[..] {
            return only.clone();
        }
        let bytes = parts.iter().map(|p| p.bytes).sum();
        let elements = parts.iter().map(|p| p.elements).sum();
        Rc::new(Signature { bytes, elements, shape: Shape::Sequence(parts) })
    }

    /// How many basic elements there are.
    pub(super) fn elements(&self) -> u64 {
        self.elements
    }

    /// How many basic elements the first `bytes` bytes are, and `None` if the last one is cut.
    pub(super) fn elements_in(&self, bytes: u64) -> Option<u64> {
        if bytes == self.bytes {
            return Some(self.elements);
        }
        match &self.shape {
            Shape::Basic => (bytes == 0).then_some(0),
            Shape::Repeat(unit) => {
                if unit.bytes == 0 {
                    return None;
                }
                Some(bytes / unit.bytes * unit.elements + unit.elements_in(bytes % unit.bytes)?)
            }
            Shape::Sequence(parts) => {
                let (mut left, mut elements) = (bytes, 0);
                for part in parts {
                    if left <= part.bytes {
                        return Some(elements + part.elements_in(left)?);
                    }
                    left -= part.bytes;
                    elements += part.elements;
                }
                None
            }
        }
    }
}
