//! Constructors of derived datatypes (MPI 5.0, sections 5.1.2 to 5.1.7).

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use super::flatten::Map;
use super::recipe::{Combiner, Recipe};
use super::signature::Signature;
use super::{Bounds, Datatype, Types};
use crate::attribute::Attributes;
use crate::counts::Counts;
use crate::handle::Handle;
use crate::{Result, fail};

/// Sizes and displacements must stay below this, so that no sum of a few of them overflows.
pub(super) const LARGEST: i128 = 1 << 60;

/// Which dimension's elements lie side by side, by the value in the ABI.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The last one's.
    C = 0xC,
    /// The first one's.
    Fortran = 0xF,
}

/// `length` elements of `datatype`, one extent after the other, the first `displacement` bytes from the address.
struct Block<'a> {
    length: u64,
    displacement: i64,
    datatype: &'a Datatype,
}

impl Block<'_> {
    fn bounds(&self) -> Bounds {
        let last = (self.length as i64 - 1) * self.datatype.extent();
        let Bounds { lower, upper, lower_set, upper_set } = self.datatype.bounds;
        Bounds {
            lower: lower + self.displacement + last.min(0),
            upper: upper + self.displacement + last.max(0),
            lower_set,
            upper_set,
        }
    }

    fn map(&self) -> Map {
        self.datatype.map.repeated(self.length, self.datatype.extent()).moved(self.displacement)
    }

    /// Where its data lies and how much there is, if it is one piece.
    fn piece(&self) -> Option<(i64, u64)> {
        let Map { offset, node } = &self.datatype.map;
        let touching = self.length == 1 || self.datatype.extent() == node.bytes() as i64;
        (node.is_block() && touching).then(|| (self.displacement + offset, self.length * node.bytes()))
    }

    /// Whether all numbers stay in a range that 64 bits hold with room to spare.
    fn check(&self) -> Result<()> {
        let extent = self.datatype.extent().unsigned_abs().max(self.datatype.size()) as i128;
        let reach = self.length as i128 * extent + (self.displacement as i128).abs();
        if reach > LARGEST {
            fail!(ERR_ARG, "a datatype that reaches over {reach} bytes is too large");
        }
        Ok(())
    }
}

/// A lower or upper bound out of those of the parts: of those that were set if there are any, else of all.
fn bound(parts: impl Iterator<Item = (i64, bool)> + Clone, choose: fn(i64, i64) -> i64) -> (i64, bool) {
    let set = parts.clone().filter(|p| p.1).map(|p| p.0).reduce(choose);
    match set {
        Some(bound) => (bound, true),
        None => (parts.map(|p| p.0).reduce(choose).unwrap_or(0), false),
    }
}

/// Blocks one after the other. `padded`: the extent is rounded up as a C compiler does for a struct.
fn assemble(blocks: &[Block<'_>], padded: bool) -> Result<Datatype> {
    let blocks = || blocks.iter().filter(|b| b.length > 0);
    let mut total = 0i128;
    for block in blocks() {
        block.check()?;
        total += block.length as i128 * block.datatype.size() as i128;
    }
    if total > LARGEST {
        fail!(ERR_ARG, "a datatype with {total} bytes of data is too large");
    }
    let align = blocks().map(|b| b.datatype.align).max().unwrap_or(1);
    // What is but the marker of one bound (MPI_LB, MPI_UB) says nothing of the other.
    let data =
        |b: &&Block<'_>| b.datatype.size() > 0 || b.datatype.bounds.lower_set == b.datatype.bounds.upper_set;
    let lowers = blocks().filter(|b| data(b) || b.datatype.bounds.lower_set).map(Block::bounds);
    let uppers = blocks().filter(|b| data(b) || b.datatype.bounds.upper_set).map(Block::bounds);
    let (lower, lower_set) = bound(lowers.map(|b| (b.lower, b.lower_set)), i64::min);
    let (mut upper, upper_set) = bound(uppers.map(|b| (b.upper, b.upper_set)), i64::max);
    if padded && !upper_set {
        let extent = upper - lower;
        upper += (align - extent.rem_euclid(align)) % align;
    }
    Ok(Datatype {
        map: map(blocks()),
        signature: signature(blocks()),
        bounds: Bounds { lower, upper, lower_set, upper_set },
        align,
        committed: Cell::new(false),
        basic: None,
        permanent: false,
        overlap: OnceCell::new(),
        recipe: Recipe::named(),
        name: RefCell::default(),
        attributes: Attributes::default(),
    })
}

/// The type map of blocks one after the other. It holds a word for each at most where they are alike.
fn map<'a>(blocks: impl Iterator<Item = &'a Block<'a>> + Clone) -> Map {
    if blocks.clone().all(|block| block.piece().is_some()) {
        return Map::blocks(blocks.filter_map(Block::piece));
    }
    let mut last: Option<(&Block<'_>, Map)> = None;
    let mut next = |block: &'a Block<'a>| match &last {
        Some((alike, map))
            if alike.length == block.length && std::ptr::eq(alike.datatype, block.datatype) =>
        {
            map.moved(block.displacement - alike.displacement)
        }
        _ => last.insert((block, block.map())).1.clone(),
    };
    Map::sequence(blocks.map(&mut next).collect())
}

/// The type signature of blocks one after the other. Neighbours of one type are counted, not listed.
fn signature<'a>(blocks: impl Iterator<Item = &'a Block<'a>>) -> Rc<Signature> {
    let mut runs: Vec<(u64, &Rc<Signature>)> = Vec::new();
    for block in blocks {
        match runs.last_mut() {
            Some((length, signature)) if Rc::ptr_eq(signature, &block.datatype.signature) => {
                *length += block.length;
            }
            _ => runs.push((block.length, &block.datatype.signature)),
        }
    }
    Signature::sequence(runs.into_iter().map(|(length, of)| Signature::repeat(length, of)).collect())
}

fn length(what: &str, length: i64) -> Result<u64> {
    match u64::try_from(length) {
        Ok(length) => Ok(length),
        Err(_) => fail!(ERR_COUNT, "{what} is {length}, less than 0"),
    }
}

/// `count` times `unit` bytes.
fn bytes(count: i64, unit: i64) -> Result<i64> {
    match count.checked_mul(unit) {
        Some(bytes) => Ok(bytes),
        None => fail!(ERR_ARG, "{count} times {unit} bytes are too many"),
    }
}

/// `count` blocks of `blocklength` elements, their starts `stride` bytes apart.
fn strided(count: i64, blocklength: i64, stride: i64, datatype: &Datatype) -> Result<Datatype> {
    let count = length("the count", count)?;
    let length = length("the block length", blocklength)?;
    if count == 0 || length == 0 {
        return assemble(&[], false);
    }
    let mut all = assemble(&[Block { length, displacement: 0, datatype }], false)?;
    let reach = count as i128 * (stride as i128).abs().max(all.size() as i128);
    if reach > LARGEST {
        fail!(ERR_ARG, "a datatype that reaches over {reach} bytes is too large");
    }
    let last = (count as i64 - 1) * stride;
    all.map = all.map.repeated(count, stride);
    all.signature = Signature::repeat(count, &all.signature);
    all.bounds.lower += last.min(0);
    all.bounds.upper += last.max(0);
    Ok(all)
}

/// Blocks of these lengths, at these places in units of `unit` bytes.
fn indexed(
    lengths: impl Iterator<Item = i64>,
    displacements: Counts<'_>,
    unit: i64,
    datatype: &Datatype,
) -> Result<Datatype> {
    let block = |(blocklength, displacement)| {
        let length = length("a block length", blocklength)?;
        Ok(Block { length, displacement: bytes(displacement, unit)?, datatype })
    };
    let blocks: Vec<Block<'_>> = lengths.zip(displacements.iter()).map(block).collect::<Result<_>>()?;
    assemble(&blocks, false)
}

impl Types {
    /// `count` elements one after the other.
    #[doc(alias = "MPI_Type_contiguous")]
    pub fn contiguous(&mut self, count: i64, old: Handle) -> Result<Handle> {
        let datatype = self.get(old)?;
        let length = length("the count", count)?;
        let recipe = Recipe::new(Combiner::Contiguous, old, &datatype).counts(&[count]);
        self.keep(assemble(&[Block { length, displacement: 0, datatype: &datatype }], false)?, recipe)
    }

    /// `count` blocks of `blocklength` elements, their starts `stride` extents apart.
    #[doc(alias = "MPI_Type_vector")]
    pub fn vector(&mut self, count: i64, blocklength: i64, stride: i64, old: Handle) -> Result<Handle> {
        let datatype = self.get(old)?;
        let recipe = Recipe::new(Combiner::Vector, old, &datatype).counts(&[count, blocklength, stride]);
        self.keep(strided(count, blocklength, bytes(stride, datatype.extent())?, &datatype)?, recipe)
    }

    /// As [`Types::vector`], with the stride in bytes.
    #[doc(alias = "MPI_Type_create_hvector")]
    pub fn hvector(&mut self, count: i64, blocklength: i64, stride: i64, old: Handle) -> Result<Handle> {
        let datatype = self.get(old)?;
        let recipe =
            Recipe::new(Combiner::Hvector, old, &datatype).counts(&[count, blocklength]).addresses(&[stride]);
        self.keep(strided(count, blocklength, stride, &datatype)?, recipe)
    }

    /// Blocks of these lengths, each so many extents from the address.
    #[doc(alias = "MPI_Type_indexed")]
    pub fn indexed(&mut self, lengths: Counts<'_>, displacements: Counts<'_>, old: Handle) -> Result<Handle> {
        let datatype = self.get(old)?;
        let recipe = Recipe::new(Combiner::Indexed, old, &datatype).counts(&[lengths.len() as i64]);
        let recipe = recipe.array(lengths).array(displacements);
        self.keep(indexed(lengths.iter(), displacements, datatype.extent(), &datatype)?, recipe)
    }

    /// Blocks of these lengths, each so many bytes from the address.
    #[doc(alias = "MPI_Type_create_hindexed")]
    pub fn hindexed(
        &mut self,
        lengths: Counts<'_>,
        displacements: Counts<'_>,
        old: Handle,
    ) -> Result<Handle> {
        let datatype = self.get(old)?;
        let recipe = Recipe::new(Combiner::Hindexed, old, &datatype).counts(&[lengths.len() as i64]);
        let recipe = recipe.array(lengths).address_array(displacements);
        self.keep(indexed(lengths.iter(), displacements, 1, &datatype)?, recipe)
    }

    /// Blocks of one length, each so many extents from the address.
    #[doc(alias = "MPI_Type_create_indexed_block")]
    pub fn indexed_block(
        &mut self,
        blocklength: i64,
        displacements: Counts<'_>,
        old: Handle,
    ) -> Result<Handle> {
        let datatype = self.get(old)?;
        let recipe = Recipe::new(Combiner::IndexedBlock, old, &datatype);
        let recipe = recipe.counts(&[displacements.len() as i64, blocklength]).array(displacements);
        let lengths = std::iter::repeat(blocklength);
        self.keep(indexed(lengths, displacements, datatype.extent(), &datatype)?, recipe)
    }

    /// Blocks of one length, each so many bytes from the address.
    #[doc(alias = "MPI_Type_create_hindexed_block")]
    pub fn hindexed_block(
        &mut self,
        blocklength: i64,
        displacements: Counts<'_>,
        old: Handle,
    ) -> Result<Handle> {
        let datatype = self.get(old)?;
        let recipe = Recipe::new(Combiner::HindexedBlock, old, &datatype);
        let recipe = recipe.counts(&[displacements.len() as i64, blocklength]).address_array(displacements);
        self.keep(indexed(std::iter::repeat(blocklength), displacements, 1, &datatype)?, recipe)
    }

    /// Blocks of different types, each so many bytes from the address.
    #[doc(alias = "MPI_Type_create_struct")]
    pub fn structure(
        &mut self,
        lengths: Counts<'_>,
        displacements: Counts<'_>,
        olds: &[Handle],
    ) -> Result<Handle> {
        let handles = olds;
        let olds: Vec<Rc<Datatype>> = olds.iter().map(|&old| self.get(old)).collect::<Result<_>>()?;
        let block = |(i, old): (usize, &'_ Rc<Datatype>)| {
            Ok((length("a block length", lengths.get(i))?, displacements.get(i), old.clone()))
        };
        let parts: Vec<(u64, i64, Rc<Datatype>)> =
            olds.iter().enumerate().map(block).collect::<Result<_>>()?;
        let blocks: Vec<Block<'_>> = parts
            .iter()
            .map(|(length, displacement, datatype)| Block {
                length: *length,
                displacement: *displacement,
                datatype,
            })
            .collect();
        let recipe = Recipe::of_types(Combiner::Struct, handles, &olds).counts(&[olds.len() as i64]);
        let recipe = recipe.array(lengths).address_array(displacements);
        self.keep(assemble(&blocks, true)?, recipe)
    }

    /// The same data with another lower bound and extent, both in bytes.
    #[doc(alias = "MPI_Type_create_resized")]
    pub fn resized(&mut self, old: Handle, lb: i64, extent: i64) -> Result<Handle> {
        let datatype = self.get(old)?;
        if lb as i128 + extent as i128 != lb.wrapping_add(extent) as i128 {
            fail!(ERR_ARG, "a lower bound of {lb} and an extent of {extent} are too large");
        }
        let bounds = Bounds { lower: lb, upper: lb + extent, lower_set: true, upper_set: true };
        let recipe = Recipe::new(Combiner::Resized, old, &datatype).addresses(&[lb, extent]);
        self.keep(Datatype { bounds, committed: Cell::new(false), ..datatype.copy() }, recipe)
    }

    /// The same type again with these attributes, committed if the old one is.
    pub(crate) fn duplicate(&mut self, old: Handle, attributes: Attributes) -> Result<Handle> {
        let datatype = self.get(old)?;
        let recipe = Recipe::new(Combiner::Dup, old, &datatype);
        self.keep(Datatype { attributes, basic: datatype.basic, ..datatype.copy() }, recipe)
    }

    /// A block of an array: `subsizes` of `sizes` elements in each dimension, the first one at `starts`. The extent is
    /// that of the array.
    #[doc(alias = "MPI_Type_create_subarray")]
    pub fn subarray(
        &mut self,
        sizes: Counts<'_>,
        subsizes: Counts<'_>,
        starts: Counts<'_>,
        order: Order,
        old: Handle,
    ) -> Result<Handle> {
        let datatype = self.get(old)?;
        let dims = sizes.len();
        if dims == 0 || subsizes.len() != dims || starts.len() != dims {
            fail!(ERR_ARG, "a subarray has at least one dimension");
        }
        let (mut map, mut signature) = (datatype.map.clone(), datatype.signature.clone());
        let (mut stride, mut first) = (datatype.extent() as i128, 0i128);
        for i in 0..dims {
            // From the dimension whose elements lie side by side to that whose rows are farthest apart.
            let dim = if order == Order::C { dims - 1 - i } else { i };
            let (size, sub, start) = (sizes.get(dim), subsizes.get(dim), starts.get(dim));
            if sub < 1 || size < 1 || start < 0 || sub > size || start > size - sub {
                fail!(ERR_ARG, "dimension {dim}: {sub} elements from {start} on are not part of {size}");
            }
            map = map.repeated(sub as u64, stride as i64);
            signature = Signature::repeat(sub as u64, &signature);
            first += start as i128 * stride;
            stride *= size as i128;
            if stride.abs() > LARGEST {
                fail!(ERR_ARG, "an array of {stride} bytes is too large");
            }
        }
        let bounds = Bounds { lower: 0, upper: stride as i64, lower_set: true, upper_set: true };
        let map = map.moved(first as i64);
        let recipe = Recipe::new(Combiner::Subarray, old, &datatype).integers(&[dims as i32]);
        let recipe = recipe.array(sizes).array(subsizes).array(starts).integers(&[order as i32]);
        let committed = Cell::new(false);
        self.keep(Datatype { map, signature, bounds, committed, ..datatype.copy() }, recipe)
    }
}

impl Datatype {
    /// The same data, as a derived type.
    pub(super) fn copy(&self) -> Datatype {
        Datatype {
            map: self.map.clone(),
            signature: self.signature.clone(),
            bounds: self.bounds,
            align: self.align,
            committed: Cell::new(self.committed.get()),
            basic: None,
            permanent: false,
            overlap: OnceCell::new(),
            recipe: Recipe::named(),
            name: RefCell::default(),
            attributes: Attributes::default(),
        }
    }
}
