//! The type map: where the data of an element lies, in as few and as regular pieces as can be found.
//!
//! A map is a small tree: blocks, repetitions at one distance or at given places, sequences. Constructors merge what
//! touches, so that a vector of vectors of a contiguous type is two loops around one block, however it was built, and
//! blocks without a pattern cost a word or two each.

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
    /// The same at each of these places.
    Scattered { places: Box<[i64]>, inner: Rc<Node> },
    /// Blocks of different lengths.
    Pieces(Box<[Piece]>),
    /// Different maps, and where in the packed bytes each of them ends.
    Sequence { parts: Vec<Map>, ends: Vec<u64> },
}

/// A block of a [`Shape::Pieces`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) place: i64,
    /// Where in the packed bytes it begins.
    pub(super) begin: u64,
    pub(super) bytes: u64,
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

    pub(super) fn is_block(&self) -> bool {
        matches!(self.shape, Shape::Block)
    }

    /// The length and the distance of the blocks that `times` of these are, `extent` bytes apart, if they are nothing but
    /// blocks of one length at one distance.
    #[inline]
    pub(super) fn as_strided(&self, times: u64, extent: i64) -> Option<(u64, i64)> {
        match &self.shape {
            Shape::Block if self.bytes > 0 => Some((self.bytes, extent)),
            Shape::Strided { count, stride, inner }
                if inner.is_block() && (times == 1 || *count as i64 * stride == extent) =>
            {
                Some((inner.bytes, *stride))
            }
            _ => None,
        }
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

    /// Blocks at these places, of so many bytes each, one after the other.
    pub(super) fn blocks(blocks: impl Iterator<Item = (i64, u64)>) -> Map {
        let mut merged: Vec<(i64, u64)> = Vec::with_capacity(blocks.size_hint().0);
        for (place, bytes) in blocks.filter(|b| b.1 > 0) {
            match merged.last_mut() {
                Some(last) if last.0 + last.1 as i64 == place => last.1 += bytes,
                _ => merged.push((place, bytes)),
            }
        }
        let Some(&(first, bytes)) = merged.first() else { return Map::new(0, Node::block(0)) };
        if merged.iter().all(|b| b.1 == bytes) {
            return Map::placed(merged.iter().map(|b| b.0).collect(), &Node::block(bytes));
        }
        let mut begin = 0;
        let piece = |&(place, bytes): &(i64, u64)| {
            begin += bytes;
            Piece { place: place - first, begin: begin - bytes, bytes }
        };
        let pieces: Box<[Piece]> = merged.iter().map(piece).collect();
        let low = pieces.iter().map(|p| p.place).min().unwrap_or(0);
        let high = pieces.iter().map(|p| p.place + p.bytes as i64).max().unwrap_or(0);
        let node = Node { bytes: begin, span: (low, high), shape: Shape::Pieces(pieces) };
        Map::new(first, Rc::new(node))
    }

    /// The same at each of these places, of which there is at least one.
    fn placed(mut places: Vec<i64>, inner: &Rc<Node>) -> Map {
        let first = places[0];
        let stride = places.get(1).map_or(0, |second| second - first);
        if places.windows(2).all(|pair| pair[1] - pair[0] == stride) {
            return Map::new(first, Node::strided(places.len() as u64, stride, inner));
        }
        places.iter_mut().for_each(|place| *place -= first);
        let low = places.iter().min().copied().unwrap_or(0) + inner.span.0;
        let high = places.iter().max().copied().unwrap_or(0) + inner.span.1;
        let node = Node {
            bytes: places.len() as u64 * inner.bytes,
            span: (low, high),
            shape: Shape::Scattered { places: places.into(), inner: inner.clone() },
        };
        Map::new(first, Rc::new(node))
    }

    /// Several maps one after the other.
    pub(super) fn sequence(maps: Vec<Map>) -> Map {
        if maps.iter().all(|map| map.node.is_block()) {
            return Map::blocks(maps.iter().map(|map| (map.offset, map.node.bytes)));
        }
        let mut parts: Vec<Map> = Vec::with_capacity(maps.len());
        for map in maps.into_iter().filter(|m| m.node.bytes > 0) {
            match parts.last_mut() {
                Some(last) if last.node.is_block() && map.node.is_block() && last.span().1 == map.offset => {
                    last.node = Node::block(last.node.bytes + map.node.bytes);
                }
                _ => parts.push(map),
            }
        }
        let first = parts[0].offset;
        if parts.windows(2).all(|pair| Rc::ptr_eq(&pair[0].node, &pair[1].node)) {
            return Map::placed(parts.iter().map(|p| p.offset).collect(), &parts[0].node);
        }
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
}
