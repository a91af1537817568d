//! Whether a type has some byte twice, which a type to receive with must not (MPI 5.0, section 5.1.11).
//!
//! The answer is found at the first use and kept. Where parts lie apart it follows from their spans; where they are
//! interleaved all blocks are laid out and sorted, unless there are very many: then the type passes for a good one, as
//! only what is certain is reported.

use super::Datatype;
use super::flatten::{Map, Node, Piece, Shape};

/// How many blocks are laid out at most, and how many comparisons are made.
const LIMIT: u64 = 1 << 20;

/// As a number of elements: never.
const NEVER: u64 = u64::MAX;

impl Datatype {
    /// Whether some byte belongs twice to `count` elements, one after the other.
    pub(crate) fn overlaps(&self, count: u64) -> bool {
        count
            >= *self.overlap.get_or_init(|| {
                let node = &self.map.node;
                if overlaps(node) { 1 } else { repetition(node, self.extent()) }
            })
    }
}

fn overlaps(node: &Node) -> bool {
    match &node.shape {
        Shape::Block => false,
        Shape::Strided { count, stride, inner } => overlaps(inner) || *count >= repetition(inner, *stride),
        Shape::Scattered { inner, .. } => {
            overlaps(inner) || blocks(node).is_some_and(|blocks| !apart(blocks))
        }
        Shape::Pieces(pieces) => {
            !apart(pieces.iter().map(|piece| (piece.place, piece.place + piece.bytes as i64)).collect())
        }
        Shape::Sequence { parts, .. } => {
            if parts.iter().any(|part| overlaps(&part.node)) {
                return true;
            }
            !apart(parts.iter().map(Map::span).collect()) && blocks(node).is_some_and(|blocks| !apart(blocks))
        }
    }
}

/// How many times a node without overlap can be repeated at a stride until the last one overlaps with another.
fn repetition(node: &Node, stride: i64) -> u64 {
    let (low, high) = node.span();
    let (stride, width) = (stride.unsigned_abs(), (high - low) as u64);
    if node.bytes() == 0 || stride >= width {
        return NEVER;
    }
    if stride == 0 || node.bytes() == width {
        return 2;
    }
    let Some(mut all) = blocks(node) else { return NEVER };
    all.sort_unstable();
    let shifts = (width - 1) / stride;
    if shifts.saturating_mul(all.len() as u64) > LIMIT {
        return NEVER;
    }
    let meets = |shift: &u64| touches(&all, (shift * stride) as i64);
    (1..=shifts).find(meets).map_or(NEVER, |shift| shift + 1)
}

/// Whether pieces, sorted and apart, meet the same pieces moved up by `shift`.
fn touches(pieces: &[(i64, i64)], shift: i64) -> bool {
    let mut next = 0;
    pieces.iter().any(|&(low, high)| {
        while next < pieces.len() && pieces[next].1 <= low + shift {
            next += 1;
        }
        next < pieces.len() && pieces[next].0 < high + shift
    })
}

fn apart(mut pieces: Vec<(i64, i64)>) -> bool {
    pieces.sort_unstable();
    pieces.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

/// The beginning and the end of every block of memory, in packed order; `None` if there are too many.
pub(super) fn blocks(node: &Node) -> Option<Vec<(i64, i64)>> {
    let count = pieces(node).filter(|&count| count <= LIMIT)?;
    let mut all = Vec::with_capacity(count as usize);
    lay_out(node, 0, &mut all);
    Some(all)
}

fn pieces(node: &Node) -> Option<u64> {
    match &node.shape {
        Shape::Block => Some(1),
        Shape::Strided { count, inner, .. } => pieces(inner)?.checked_mul(*count),
        Shape::Scattered { places, inner } => pieces(inner)?.checked_mul(places.len() as u64),
        Shape::Pieces(pieces) => Some(pieces.len() as u64),
        Shape::Sequence { parts, .. } => {
            parts.iter().try_fold(0u64, |sum, part| sum.checked_add(pieces(&part.node)?))
        }
    }
}

fn lay_out(node: &Node, at: i64, all: &mut Vec<(i64, i64)>) {
    match &node.shape {
        Shape::Block => all.push((at, at + node.bytes() as i64)),
        Shape::Strided { count, stride, inner } => {
            (0..*count as i64).for_each(|i| lay_out(inner, at + i * stride, all));
        }
        Shape::Scattered { places, inner } => places.iter().for_each(|place| lay_out(inner, at + place, all)),
        Shape::Pieces(pieces) => {
            let block = |p: &Piece| (at + p.place, at + p.place + p.bytes as i64);
            all.extend(pieces.iter().map(block));
        }
        Shape::Sequence { parts, .. } => parts.iter().for_each(|p| lay_out(&p.node, at + p.offset, all)),
    }
}
