//! Which rank of a job runs on which node.

use serde::{Deserialize, Serialize};

/// The nodes of the ranks of MPI_COMM_WORLD, as runs of neighbouring ranks on one node: a job that fills one node after the
/// other needs one run a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// A node's number, and how many ranks come next on it.
    runs: Vec<(u32, u32)>,
}

impl Placement {
    /// All ranks on one node.
    pub fn single(size: u32) -> Placement {
        Placement { runs: vec![(0, size)] }
    }

    /// The node of each rank, in the order of ranks.
    pub fn of(nodes: impl IntoIterator<Item = u32>) -> Placement {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for node in nodes {
            match runs.last_mut() {
                Some((last, count)) if *last == node => *count += 1,
                _ => runs.push((node, 1)),
            }
        }
        Placement { runs }
    }

    /// How many ranks there are.
    pub fn size(&self) -> u64 {
        self.runs.iter().map(|&(_, count)| u64::from(count)).sum()
    }

    /// The node of a rank.
    pub fn node(&self, rank: u32) -> Option<u32> {
        let mut first = 0;
        for &(node, count) in &self.runs {
            if (first..first + u64::from(count)).contains(&u64::from(rank)) {
                return Some(node);
            }
            first += u64::from(count);
        }
        None
    }

    /// The ranks on a node, in order; each one's place in this list is its local rank.
    pub fn ranks(&self, node: u32) -> Vec<u32> {
        let mut all = Vec::new();
        let mut first = 0;
        for &(other, count) in &self.runs {
            if other == node {
                all.extend(first..first + count);
            }
            first += count;
        }
        all
    }

    /// The node of every rank, in the order of ranks.
    pub fn nodes(&self) -> impl Iterator<Item = u32> {
        self.runs.iter().flat_map(|&(node, count)| std::iter::repeat_n(node, count as usize))
    }

    /// Whether all ranks are on one node.
    pub fn is_single(&self) -> bool {
        self.runs.windows(2).all(|pair| pair[0].0 == pair[1].0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_rank_is_where_it_was_put(nodes in prop::collection::vec(0u32..4, 1..40)) {
            let placement = Placement::of(nodes.iter().copied());
            prop_assert_eq!(placement.size(), nodes.len() as u64);
            prop_assert_eq!(placement.nodes().collect::<Vec<_>>(), nodes.clone());
            for (rank, &node) in nodes.iter().enumerate() {
                prop_assert_eq!(placement.node(rank as u32), Some(node));
                prop_assert!(placement.ranks(node).contains(&(rank as u32)));
            }
            let all: usize = (0..4).map(|node| placement.ranks(node).len()).sum();
            prop_assert_eq!(all, nodes.len());
            prop_assert_eq!(placement.node(nodes.len() as u32), None);
            prop_assert_eq!(placement.is_single(), nodes.iter().all(|&node| node == nodes[0]));
        }
    }

    #[test]
    fn a_job_that_fills_its_nodes_needs_one_run_a_node() {
        let placement = Placement::of((0..512).map(|rank| rank / 32));
        assert_eq!(placement.runs.len(), 16);
        assert_eq!(placement.ranks(15), (480..512).collect::<Vec<_>>());
        assert!(Placement::single(4).is_single());
    }
}
