//! The value of `PMI_process_mapping`: which rank runs on which node.
//!
//! It is `(vector,B,...)`, where B is `(FIRST,NODES,EACH)`: EACH ranks on each of NODES nodes from FIRST on; or a number, the
//! node of one rank; or `[B,...]xTIMES`. If it has fewer ranks than the job it begins again.

use crate::placement::Placement;

enum Block {
    Nodes { first: u32, nodes: u32, each: u32 },
    Repeated(Vec<Block>, u32),
}

/// The longest value that servers and clients take.
const LONGEST: usize = 1024;
/// How deep brackets may be nested.
const DEEPEST: u32 = 8;

/// The placement of `size` ranks that a value describes, if it does.
pub fn decode(value: &str, size: u32) -> Option<Placement> {
    let text: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let list = text.strip_prefix("(vector,")?.strip_suffix(')')?;
    let mut reader = Reader { rest: list, depth: 0 };
    let blocks = reader.list()?;
    if !reader.rest.is_empty() {
        return None;
    }
    let mut nodes = Vec::new();
    while nodes.len() < size as usize {
        // Every block has a rank at least.
        expand(&blocks, size as usize, &mut nodes);
    }
    Some(Placement::of(nodes))
}

fn expand(blocks: &[Block], size: usize, all: &mut Vec<u32>) {
    for block in blocks {
        match block {
            Block::Nodes { first, nodes, each } => {
                let nodes = (0..*nodes).map(|node| first.saturating_add(node));
                let ranks = nodes.flat_map(|node| std::iter::repeat_n(node, *each as usize));
                all.extend(ranks.take(size - all.len()));
            }
            Block::Repeated(blocks, times) => {
                for _ in 0..*times {
                    expand(blocks, size, all);
                    if all.len() == size {
                        return;
                    }
                }
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

impl Reader<'_> {
    fn list(&mut self) -> Option<Vec<Block>> {
        let mut blocks = vec![self.block()?];
        while self.skip(",").is_some() {
            blocks.push(self.block()?);
        }
        Some(blocks)
    }

    fn block(&mut self) -> Option<Block> {
        if self.skip("[").is_some() {
            self.depth += 1;
            if self.depth > DEEPEST {
                return None;
            }
            let blocks = self.list()?;
            self.skip("]x")?;
            self.depth -= 1;
            return Some(Block::Repeated(blocks, self.number().filter(|&times| times > 0)?));
        }
        if self.skip("(").is_none() {
            return Some(Block::Nodes { first: self.number()?, nodes: 1, each: 1 });
        }
        let first = self.number()?;
        self.skip(",")?;
        let nodes = self.number()?;
        self.skip(",")?;
        let each = self.number()?;
        self.skip(")")?;
        (nodes > 0 && each > 0).then_some(Block::Nodes { first, nodes, each })
    }

    fn skip(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn number(&mut self) -> Option<u32> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().ok()
    }
}

/// The value for a placement; `None` if it would be longer than clients take. Nodes are numbered as they come.
pub fn encode(placement: &Placement) -> Option<String> {
    let mut known: std::collections::HashMap<u32, u32> = std::collections::HashMap::new();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for node in placement.nodes() {
        let next = known.len() as u32;
        let node = *known.entry(node).or_insert(next);
        match runs.last_mut() {
            Some((last, each)) if *last == node => *each += 1,
            _ => runs.push((node, 1)),
        }
    }
    let mut blocks: Vec<(u32, u32, u32)> = Vec::new();
    for (node, each) in runs {
        match blocks.last_mut() {
            Some((first, nodes, other)) if *other == each && *first + *nodes == node => *nodes += 1,
            _ => blocks.push((node, 1, each)),
        }
    }
    let blocks: Vec<String> =
        blocks.iter().map(|(first, nodes, each)| format!("({first},{nodes},{each})")).collect();
    let value = format!("(vector,{})", blocks.join(","));
    (!blocks.is_empty() && value.len() < LONGEST).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nodes(value: &str, size: u32) -> Option<Vec<u32>> {
        decode(value, size).map(|placement| placement.nodes().collect())
    }

    #[test]
    fn values_of_several_servers_are_understood() {
        assert_eq!(nodes("(vector,(0,1,4))", 4), Some(vec![0; 4]));
        assert_eq!(nodes("(vector,(0,1,3),(1,1,2))", 5), Some(vec![0, 0, 0, 1, 1]));
        assert_eq!(nodes("(vector,(0,1,2),(1,3,1))", 5), Some(vec![0, 0, 1, 2, 3]));
        assert_eq!(nodes("(vector,[(0,2,1)]x2,0)", 5), Some(vec![0, 1, 0, 1, 0]));
        assert_eq!(nodes("(vector, (0,2,1))", 5), Some(vec![0, 1, 0, 1, 0]));
        assert_eq!(nodes("(vector,(0,1,8))", 3), Some(vec![0; 3]));
        for nonsense in [
            "",
            "(vector)",
            "(vector,)",
            "(vector,(0,1))",
            "(vector,(0,0,1))",
            "(vector,[(0,1,1)]x0)",
            "(vector,(0,1,1)",
            "(vector,99999999999)",
        ] {
            assert_eq!(nodes(nonsense, 4), None, "{nonsense}");
        }
        assert_eq!(nodes(&format!("(vector,{}", "[".repeat(100_000)), 4), None);
        assert_eq!(
            nodes("(vector,[[(0,4294967295,4294967295)]x4294967295]x4294967295)", 3),
            Some(vec![0; 3])
        );
    }

    #[test]
    fn a_regular_placement_is_short() {
        let placement = Placement::of((0..4096).map(|rank| rank / 64));
        assert_eq!(encode(&placement).as_deref(), Some("(vector,(0,64,64))"));
        assert_eq!(encode(&Placement::of([5, 5, 7, 5])).as_deref(), Some("(vector,(0,1,2),(1,1,1),(0,1,1))"));
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(nodes in prop::collection::vec(0u32..4, 1..40)) {
            let value = encode(&Placement::of(nodes.iter().copied())).unwrap();
            let placement = decode(&value, nodes.len() as u32).unwrap();
            let again: Vec<u32> = placement.nodes().collect();
            prop_assert_eq!(again.len(), nodes.len());
            for (i, a) in again.iter().enumerate() {
                for (j, b) in again.iter().enumerate() {
                    prop_assert_eq!(a == b, nodes[i] == nodes[j]);
                }
            }
        }

        #[test]
        fn any_text_is_survived(list in "[(),0-9x\\[\\]]{0,40}", size in 1u32..50) {
            if let Some(placement) = decode(&format!("(vector,{list})"), size) {
                prop_assert_eq!(placement.size(), u64::from(size));
            }
        }
    }
}
