//! The type map: where the data of an element lies, in as few and as regular pieces as can be found.
//!
//! A map is a small tree: blocks, repetitions at a stride, sequences. Constructors merge what touches, so that a vector
//! of vectors of a contiguous type is two loops around one block, however it was built.

use std::rc::Rc;

/// Where data lies, relative to an address.
#[derive(Clone, Debug)]
pub(super) struct Map {
    pub(super) offset: i64,
    pub(super) node: Rc<Node>,
}

/// Data, relative to the place where it begins.
#[derive(Debug)]
pub(super) struct Node {
    bytes: u64,
    /// The first byte and the end of the last, relative to the beginning of the first in packed order.
    span: (i64, i64),
    pub(super) shape: Shape,
}

#[derive(Debug)]
pub(super) enum Shape {
    /// So many bytes in one piece.
    Block,
    /// The same `count` times, each `stride` bytes after the last.
    Strided { count: u64, stride: i64, inner: Rc<Node> },
    /// Different maps, and where in the packed bytes each of them ends.
    Sequence { parts: Vec<Map>, ends: Vec<u64> },
}

impl Node {
    /// One piece of memory.
    pub(super) fn block(bytes: u64) -> Rc<Node> {
        Rc::new(Node { bytes, span: (0, bytes as i64), shape: Shape::Block })
    }

    /// How many bytes of data.
    #[inline]
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The first byte and the end of the last.
    pub(super) fn span(&self) -> (i64, i64) {
        self.span
    }

    fn is_block(&self) -> bool {
        matches!(self.shape, Shape::Block)
    }

    /// `count` times the same, `stride` bytes apart.
    pub(super) fn strided(count: u64, stride: i64, inner: &Rc<Node>) -> Rc<Node> {
        if count == 0 || inner.bytes == 0 {
            return Node::block(0);
        }
        if count == 1 {
            return inner.clone();
        }
        match &inner.shape {
            Shape::Block if stride == inner.bytes as i64 => return Node::block(count * inner.bytes),
            Shape::Strided { count: inner_count, stride: inner_stride, inner: innermost }
                if *inner_count as i64 * inner_stride == stride =>
            {
                return Node::strided(count * inner_count, *inner_stride, innermost);
            }
            _ => {}
        }
        let last = (count - 1) as i64 * stride;
        let span = (inner.span.0 + last.min(0), inner.span.1 + last.max(0));
        Rc::new(Node {
            bytes: count * inner.bytes,
            span,
            shape: Shape::Strided { count, stride, inner: inner.clone() },
        })
    }
}

impl Map {
    pub(super) fn new(offset: i64, node: Rc<Node>) -> Map {
        // Where nothing lies does not matter: all empty maps are the same.
        if node.bytes == 0 { Map { offset: 0, node: Node::block(0) } } else { Map { offset, node } }
    }

    /// The same data, elsewhere.
    pub(super) fn moved(&self, by: i64) -> Map {
        Map::new(self.offset + by, self.node.clone())
    }

    /// `count` times the same, `stride` bytes apart.
    pub(super) fn repeated(&self, count: u64, stride: i64) -> Map {
        Map::new(self.offset, Node::strided(count, stride, &self.node))
    }

    /// The first byte of data and the end of the last, relative to the address.
    pub(super) fn span(&self) -> (i64, i64) {
        (self.offset + self.node.span.0, self.offset + self.node.span.1)
    }

    /// Whether all data is one piece that begins at the address.
    #[inline]
    pub(super) fn is_block(&self) -> bool {
        self.offset == 0 && self.node.is_block()
    }

    /// Several maps one after the other.
    pub(super) fn sequence(maps: Vec<Map>) -> Map {
        let mut parts: Vec<Map> = Vec::with_capacity(maps.len());
        for map in maps.into_iter().filter(|m| m.node.bytes > 0) {
            match parts.last_mut() {
                Some(last) if last.node.is_block() && map.node.is_block() && last.span().1 == map.offset => {
                    last.node = Node::block(last.node.bytes + map.node.bytes);
                }
                _ => parts.push(map),
            }
        }
        if let Some(regular) = Map::regular(&parts) {
            return regular;
        }
        let first = parts[0].offset;
        for part in &mut parts {
            part.offset -= first;
        }
        let ends: Vec<u64> = parts
            .iter()
            .scan(0, |end, part| {
                *end += part.node.bytes;
                Some(*end)
            })
            .collect();
        let low = parts.iter().map(|p| p.span().0).min().unwrap_or(0);
        let high = parts.iter().map(|p| p.span().1).max().unwrap_or(0);
        let bytes = ends.last().copied().unwrap_or(0);
        let node = Node { bytes, span: (low, high), shape: Shape::Sequence { parts, ends } };
        Map { offset: first, node: Rc::new(node) }
    }

    /// A sequence that is a repetition after all: blocks of one length at one distance.
    fn regular(parts: &[Map]) -> Option<Map> {
        let [first, rest @ ..] = parts else { return Some(Map::new(0, Node::block(0))) };
        let Some(second) = rest.first() else { return Some(first.clone()) };
        let stride = second.offset - first.offset;
        let same = |pair: &[Map]| {
            pair[1].offset - pair[0].offset == stride
                && pair[1].node.is_block()
                && pair[0].node.is_block()
                && pair[1].node.bytes == pair[0].node.bytes
        };
        parts.windows(2).all(same).then(|| first.repeated(parts.len() as u64, stride))
    }
}
