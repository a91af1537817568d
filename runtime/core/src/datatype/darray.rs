//! One process's part of an array that is distributed over a grid of processes (MPI 5.0, section 5.1.4).

use super::construct::{LARGEST, Order};
use super::flatten::Map;
use super::recipe::{Combiner, Recipe};
use super::signature::Signature;
use super::{Bounds, Datatype, Types};
use crate::counts::Counts;
use crate::handle::Handle;
use crate::{Result, fail};
use std::cell::Cell;

/// `MPI_DISTRIBUTE_NONE`.
pub const DISTRIBUTE_NONE: i32 = 16;
/// `MPI_DISTRIBUTE_BLOCK`.
pub const DISTRIBUTE_BLOCK: i32 = 17;
/// `MPI_DISTRIBUTE_CYCLIC`.
pub const DISTRIBUTE_CYCLIC: i32 = 18;
/// `MPI_DISTRIBUTE_DFLT_DARG`. In the ABI this is a number that could be a block's length: it is the default all the same.
pub const DISTRIBUTE_DFLT_DARG: i32 = 19;

/// How an array is distributed: for each dimension its size, the kind of distribution with its argument, and how many
/// processes share it.
pub struct Distribution<'a> {
    /// The sizes of the array.
    pub sizes: Counts<'a>,
    /// `MPI_DISTRIBUTE_BLOCK` and its kin.
    pub kinds: &'a [i32],
    /// The lengths of blocks, or `MPI_DISTRIBUTE_DFLT_DARG`.
    pub arguments: &'a [i32],
    /// The shape of the grid, in which ranks are numbered row by row.
    pub grid: &'a [i32],
}

/// One dimension: blocks of `block` elements are dealt out to `processes` in turn.
struct Dimension {
    size: i64,
    block: i64,
    processes: i64,
}

impl Distribution<'_> {
    /// Checks one dimension. Every kind of distribution is a cyclic one: with blocks so long that there is one round.
    fn dimension(&self, dim: usize) -> Result<Dimension> {
        let (size, argument, processes) = (self.sizes.get(dim), self.arguments[dim], self.grid[dim] as i64);
        if size < 1 {
            fail!(ERR_ARG, "dimension {dim} of the array has size {size}, less than 1");
        }
        if processes < 1 {
            fail!(ERR_ARG, "dimension {dim} of the process grid has size {processes}, less than 1");
        }
        let kind = self.kinds[dim];
        let default = match kind {
            DISTRIBUTE_NONE if processes != 1 => {
                fail!(ERR_ARG, "dimension {dim} is not distributed, but {processes} processes share it")
            }
            DISTRIBUTE_NONE => return Ok(Dimension { size, block: size, processes }),
            DISTRIBUTE_BLOCK => (size - 1) / processes + 1,
            DISTRIBUTE_CYCLIC => 1,
            _ => fail!(
                ERR_ARG,
                "dimension {dim}: {kind} is not MPI_DISTRIBUTE_NONE, MPI_DISTRIBUTE_BLOCK or MPI_DISTRIBUTE_CYCLIC"
            ),
        };
        let block = match argument {
            DISTRIBUTE_DFLT_DARG => default,
            length if length < 1 => {
                fail!(ERR_ARG, "dimension {dim}: a block of {length} elements is not possible")
            }
            length => length as i64,
        };
        if kind == DISTRIBUTE_BLOCK && (block as i128) * (processes as i128) < size as i128 {
            fail!(ERR_ARG, "dimension {dim}: {processes} blocks of {block} do not hold {size} elements");
        }
        Ok(Dimension { size, block, processes })
    }
}

impl Dimension {
    /// What process `at` owns: whole blocks, and how many elements of the array's last block if that is a part.
    fn share(&self, at: i64) -> (i64, i64) {
        let (whole, part) = (self.size / self.block, self.size % self.block);
        // Blocks at, at + processes, at + 2 processes, ... below `whole` are whole ones.
        let blocks = (whole - at + self.processes - 1).max(0) / self.processes;
        (blocks, if whole % self.processes == at { part } else { 0 })
    }

    /// The places of what process `at` owns, of elements that lie `stride` bytes apart. Two loops at most.
    fn map(&self, at: i64, element: &Map, stride: i64) -> Map {
        let (blocks, rest) = self.share(at);
        let round = self.block as i128 * self.processes as i128 * stride as i128;
        let mut parts = Vec::with_capacity(2);
        if blocks > 0 {
            // Where there is but one round, its length matters no more, and may be beyond any memory.
            let round = if blocks > 1 { round as i64 } else { 0 };
            let block = element.repeated(self.block as u64, stride);
            parts.push(block.repeated(blocks as u64, round).moved(at * self.block * stride));
        }
        if rest > 0 {
            parts.push(element.repeated(rest as u64, stride).moved((self.size - rest) * stride));
        }
        Map::sequence(parts)
    }

    /// How many elements process `at` owns.
    fn owned(&self, at: i64) -> u64 {
        let (blocks, rest) = self.share(at);
        (blocks * self.block + rest) as u64
    }
}

impl Types {
    /// The part of process `rank` of `processes` of an array. The extent is that of the array.
    #[doc(alias = "MPI_Type_create_darray")]
    pub fn darray(
        &mut self,
        processes: i32,
        rank: i32,
        distribution: &Distribution<'_>,
        order: Order,
        old: Handle,
    ) -> Result<Handle> {
        let datatype = self.get(old)?;
        let Distribution { sizes, kinds, arguments, grid } = *distribution;
        let dims = sizes.len();
        if dims == 0 || kinds.len() != dims || arguments.len() != dims || grid.len() != dims {
            fail!(ERR_ARG, "a distributed array has at least one dimension");
        }
        if rank < 0 || rank >= processes {
            fail!(ERR_ARG, "rank {rank} is not one of {processes} processes");
        }
        let all: Vec<Dimension> = (0..dims).map(|dim| distribution.dimension(dim)).collect::<Result<_>>()?;
        let places = all.iter().try_fold(1i64, |product, d| product.checked_mul(d.processes));
        if places != Some(processes as i64) {
            fail!(ERR_ARG, "a process grid of {grid:?} has not {processes} places");
        }
        let mut coordinates = vec![0; dims];
        let mut left = rank as i64;
        for (at, dimension) in coordinates.iter_mut().zip(&all).rev() {
            (*at, left) = (left % dimension.processes, left / dimension.processes);
        }
        let (mut map, mut owned, mut stride) = (datatype.map.clone(), 1u64, datatype.extent() as i128);
        for i in 0..dims {
            // From the dimension whose elements lie side by side to that whose rows are farthest apart.
            let dim = if order == Order::C { dims - 1 - i } else { i };
            let row = stride;
            stride *= all[dim].size as i128;
            if stride.abs() > LARGEST {
                fail!(ERR_ARG, "an array of {stride} bytes is too large");
            }
            map = all[dim].map(coordinates[dim], &map, row as i64);
            owned *= all[dim].owned(coordinates[dim]);
        }
        let recipe = Recipe::new(Combiner::Darray, old, &datatype).integers(&[processes, rank, dims as i32]);
        let recipe = recipe.array(sizes).integers(kinds).integers(arguments).integers(grid);
        let made = Datatype {
            map,
            signature: Signature::repeat(owned, &datatype.signature),
            bounds: Bounds { lower: 0, upper: stride as i64, lower_set: true, upper_set: true },
            committed: Cell::new(false),
            ..datatype.copy()
        };
        self.keep(made, recipe.integers(&[order as i32]))
    }
}

#[cfg(test)]
mod tests {
    use super::super::overlap;
    use super::*;
    use proptest::prelude::*;

    /// Which process owns element `index` of a dimension, as the standard's words have it.
    fn owner(kind: i32, argument: i32, size: i64, processes: i64, index: i64) -> i64 {
        let default = argument == DISTRIBUTE_DFLT_DARG;
        match kind {
            DISTRIBUTE_NONE => 0,
            DISTRIBUTE_BLOCK if default => index / ((size + processes - 1) / processes),
            DISTRIBUTE_BLOCK => index / argument as i64,
            _ => index / if default { 1 } else { argument as i64 } % processes,
        }
    }

    proptest! {
        #[test]
        fn every_element_is_its_owners_alone_and_in_order(
            shape in prop::collection::vec((1..9i64, 0..3, 1..5i32, 1..4i32, any::<bool>()), 1..4),
            fortran in any::<bool>(),
        ) {
            let dims = shape.len();
            let sizes: Vec<i64> = shape.iter().map(|s| s.0).collect();
            let kinds: Vec<i32> = shape.iter().map(|s| DISTRIBUTE_NONE + s.1).collect();
            let grid: Vec<i32> =
                shape.iter().map(|s| if s.1 == 0 { 1 } else { s.3 }).collect();
            let arguments: Vec<i32> = shape.iter().map(|&(size, kind, argument, share, default)| {
                let least = if kind == 1 { (size as i32 + share - 1) / share } else { 1 };
                if default { DISTRIBUTE_DFLT_DARG } else { argument.max(least) }
            }).collect();
            let processes: i32 = grid.iter().product();
            let order = if fortran { Order::Fortran } else { Order::C };
            let distribution = Distribution {
                sizes: Counts::I64(&sizes), kinds: &kinds, arguments: &arguments, grid: &grid,
            };
            let mut types = Types::new();
            // An element with a gap: a byte in three.
            let element = types.resized(Handle(0x247), 0, 3).unwrap();
            let elements: i64 = sizes.iter().product();
            for rank in 0..processes {
                let made = types.darray(processes, rank, &distribution, order, element).unwrap();
                let made = types.get(made).unwrap();
                let mut expected = Vec::new();
                for place in 0..elements {
                    let (mut left, mut of, mut mine) = (place, 1, 0);
                    let mut owners = vec![0; dims];
                    for i in 0..dims {
                        let dim = if fortran { i } else { dims - 1 - i };
                        let index = left % sizes[dim];
                        left /= sizes[dim];
                        owners[dim] = owner(kinds[dim], arguments[dim], sizes[dim], grid[dim] as i64, index);
                    }
                    for dim in (0..dims).rev() {
                        mine += owners[dim] * of;
                        of *= grid[dim] as i64;
                    }
                    if mine == rank as i64 {
                        expected.push(3 * place);
                    }
                }
                prop_assert_eq!(places(&made), expected);
                prop_assert_eq!((made.lb(), made.extent()), (0, 3 * elements));
                prop_assert_eq!(made.basic_elements(made.size()), Some(made.size()));
            }
        }
    }

    /// The places of all bytes, in packed order.
    fn places(datatype: &Datatype) -> Vec<i64> {
        if datatype.size() == 0 {
            return Vec::new();
        }
        let blocks = overlap::blocks(&datatype.map.node).unwrap();
        blocks.iter().flat_map(|&(low, high)| low..high).map(|at| at + datatype.map.offset).collect()
    }

    #[test]
    fn mistakes_are_named_and_large_arrays_stay_small() {
        let mut types = Types::new();
        let mut make = |processes, rank, size: i64, kind, argument, grid: i32| {
            let distribution = Distribution {
                sizes: Counts::I64(&[size, 4]),
                kinds: &[kind, DISTRIBUTE_NONE],
                arguments: &[argument, DISTRIBUTE_DFLT_DARG],
                grid: &[grid, 1],
            };
            types
                .darray(processes, rank, &distribution, Order::C, Handle(0x209))
                .map(|t| types.get(t).unwrap())
        };
        let (block, cyclic, default) = (DISTRIBUTE_BLOCK, DISTRIBUTE_CYCLIC, DISTRIBUTE_DFLT_DARG);
        for (wrong, words) in [
            (make(4, 4, 8, block, default, 4), "rank 4"),
            (make(4, 0, 0, block, default, 4), "size 0"),
            (make(4, 0, 8, 3, default, 4), "3 is not"),
            (make(4, 0, 8, block, 1, 4), "do not hold 8"),
            (make(4, 0, 8, cyclic, 0, 4), "block of 0"),
            (make(4, 0, 8, DISTRIBUTE_NONE, default, 4), "not distributed"),
            (make(4, 0, 8, cyclic, default, 3), "not 4 places"),
            (make(4, 0, 1 << 60, cyclic, default, 4), "too large"),
        ] {
            assert!(wrong.as_ref().is_err_and(|e| e.message().contains(words)), "{words}: {wrong:?}");
        }
        let large = make(3, 1, 3 << 40, cyclic, 5, 3).unwrap();
        assert!(large.size() > 1 << 43);
        assert!(format!("{:?}", large.map).len() < 2000);
    }
}
