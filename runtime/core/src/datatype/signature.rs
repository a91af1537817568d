//! The type signature: the basic types of an element, in the order in which they travel (MPI 5.0, section 5.1).

use std::rc::Rc;

use super::predefined::Scalar;

/// A basic element: a number, or the two of a complex one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Element {
    pub(super) scalar: Scalar,
    pub(super) numbers: u8,
    /// How many bytes each number has in the external32 representation.
    pub(super) external: u8,
}

impl Element {
    /// How many bytes it has in memory.
    pub(super) fn bytes(self) -> u64 {
        self.scalar.size() * self.numbers as u64
    }

    /// How many bytes it has in the external32 representation.
    pub(super) fn external_bytes(self) -> u64 {
        self.external as u64 * self.numbers as u64
    }
}

/// A sequence of basic elements.
#[derive(Debug)]
pub(super) struct Signature {
    bytes: u64,
    external_bytes: u64,
    elements: u64,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Basic(Element),
    Repeat(u64, Rc<Signature>),
    Sequence(Vec<Rc<Signature>>),
}

impl Signature {
    pub(super) fn basic(element: Element) -> Rc<Signature> {
        let (bytes, external_bytes) = (element.bytes(), element.external_bytes());
        Rc::new(Signature { bytes, external_bytes, elements: 1, shape: Shape::Basic(element) })
    }

    /// What is repeated, and how often.
    fn unit(self: &Rc<Signature>) -> (u64, &Rc<Signature>) {
        match &self.shape {
            Shape::Repeat(times, unit) => (*times, unit),
            _ => (1, self),
        }
    }

    /// `count` times the same. What repeats something that repeats is kept flat.
    pub(super) fn repeat(count: u64, of: &Rc<Signature>) -> Rc<Signature> {
        if count == 1 {
            return of.clone();
        }
        let (times, unit) = of.unit();
        Rc::new(Signature {
            bytes: count * of.bytes,
            external_bytes: count * of.external_bytes,
            elements: count * of.elements,
            shape: Shape::Repeat(count * times, unit.clone()),
        })
    }

    /// One after the other. Neighbours that repeat the same become one, so that an indexed type has one part.
    pub(super) fn sequence(parts: Vec<Rc<Signature>>) -> Rc<Signature> {
        let mut merged: Vec<(u64, Rc<Signature>)> = Vec::new();
        for part in parts.iter().filter(|part| part.elements > 0) {
            let (times, unit) = part.unit();
            match merged.last_mut() {
                Some((count, last)) if last.is_same(unit) => *count += times,
                _ => merged.push((times, unit.clone())),
            }
        }
        let mut parts: Vec<_> = merged.iter().map(|(count, unit)| Signature::repeat(*count, unit)).collect();
        if parts.len() == 1 {
            return parts.swap_remove(0);
        }
        Rc::new(Signature {
            bytes: parts.iter().map(|p| p.bytes).sum(),
            external_bytes: parts.iter().map(|p| p.external_bytes).sum(),
            elements: parts.iter().map(|p| p.elements).sum(),
            shape: Shape::Sequence(parts),
        })
    }

    fn is_same(self: &Rc<Signature>, other: &Rc<Signature>) -> bool {
        match (&self.shape, &other.shape) {
            (Shape::Basic(a), Shape::Basic(b)) => a == b,
            _ => Rc::ptr_eq(self, other),
        }
    }

    /// How many basic elements there are.
    pub(super) fn elements(&self) -> u64 {
        self.elements
    }

    /// How many bytes they have in the external32 representation.
    pub(super) fn external_bytes(&self) -> u64 {
        self.external_bytes
    }

    /// Calls `f` with each run of equal elements and its length, in order.
    pub(super) fn runs(&self, f: &mut impl FnMut(Element, u64)) {
        match &self.shape {
            Shape::Basic(element) => f(*element, 1),
            Shape::Repeat(times, unit) => match unit.shape {
                Shape::Basic(element) => f(element, *times),
                _ if unit.elements == 0 => {}
                _ => (0..*times).for_each(|_| unit.runs(f)),
            },
            Shape::Sequence(parts) => parts.iter().for_each(|part| part.runs(f)),
        }
    }

    /// How many basic elements the first `bytes` bytes are, and `None` if the last one is cut.
    pub(super) fn elements_in(&self, bytes: u64) -> Option<u64> {
        self.count_to(bytes, |part| part.bytes, |part| part.elements)
    }

    /// How many bytes the first `elements` basic elements have; `None` if there are not so many.
    pub(super) fn bytes_of(&self, elements: u64) -> Option<u64> {
        self.count_to(elements, |part| part.elements, |part| part.bytes)
    }

    /// The part of the sequence that `limit` measures by `by`, measured by `of`; `None` if it ends within an element.
    fn count_to(&self, limit: u64, by: fn(&Signature) -> u64, of: fn(&Signature) -> u64) -> Option<u64> {
        if limit == by(self) {
            return Some(of(self));
        }
        match &self.shape {
            Shape::Basic(_) => (limit == 0).then_some(0),
            Shape::Repeat(_, unit) => {
                let (whole, rest) = (limit.checked_div(by(unit))?, limit % by(unit));
                Some(whole * of(unit) + unit.count_to(rest, by, of)?)
            }
            Shape::Sequence(parts) => {
                let (mut left, mut sum) = (limit, 0);
                for part in parts {
                    if left <= by(part) {
                        return Some(sum + part.count_to(left, by, of)?);
                    }
                    left -= by(part);
                    sum += of(part);
                }
                None
            }
        }
    }
}
