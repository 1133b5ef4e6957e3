//! The Merkle tree of RFC 6962 over a list that only grows, kept as the roots of its whole subtrees: adding a leaf costs a few
//! hashes, however long the list is.

use sha2::{Digest, Sha256};

/// A node of the tree.
pub type Node = [u8; 32];

/// Hash of a leaf: the prefix keeps leaves and inner nodes apart.
pub fn leaf(data: &str) -> Node {
    Sha256::new_with_prefix([0]).chain_update(data.as_bytes()).finalize().into()
}

fn inner(left: &Node, right: &Node) -> Node {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The edge of a growing tree: how many leaves it has, and its whole subtrees, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    roots: Vec<Node>,
}

impl Edge {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Node) {
        let mut node = leaf;
        // Each trailing one of the old size is a whole subtree that is as large as the new node.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                node = inner(&left, &node);
            }
        }
        self.roots.push(node);
        self.size += 1;
    }

    /// The root over all leaves.
    pub fn root(&self) -> Node {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else { return Sha256::digest(b"").into() };
        roots.fold(*last, |right, left| inner(left, &right))
    }

    /// The edge as it is stored beside a checkpoint.
    pub fn spell(&self) -> String {
        let roots: Vec<String> = self.roots.iter().map(hex::encode).collect();
        roots.join(" ")
    }

    /// A stored edge of a tree of this size. `None` where it cannot be one.
    pub fn read(size: u64, text: &str) -> Option<Edge> {
        let roots: Vec<Node> = text
            .split_whitespace()
            .map(|word| hex::decode(word).ok().and_then(|bytes| bytes.try_into().ok()))
            .collect::<Option<_>>()?;
        (roots.len() == size.count_ones() as usize).then_some(Edge { size, roots })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree's definition, word for word, without any cleverness.
    fn plainly(leaves: &[Node]) -> Node {
        match leaves {
            [] => Sha256::digest(b"").into(),
            [one] => *one,
            many => {
                let half = many.len().next_power_of_two() / 2;
                inner(&plainly(&many[..half]), &plainly(&many[half..]))
            }
        }
    }

    #[test]
    fn the_edge_gives_the_root_of_the_definition() {
        let mut edge = Edge::default();
        let mut leaves = vec![];
        assert_eq!(
            hex::encode(edge.root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(hex::encode(leaf("")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        for n in 0..70 {
            leaves.push(leaf(&format!("leaf {n}")));
            edge.push(leaves[n]);
            assert_eq!(edge.root(), plainly(&leaves), "{n}");
            assert_eq!(Edge::read(edge.size(), &edge.spell()), Some(edge.clone()));
        }
        assert_eq!(Edge::read(edge.size() + 1, &edge.spell()), None);
        // An inner node is not a leaf with the same bytes.
        assert_ne!(inner(&leaves[0], &leaves[1]), plainly(&[leaf("leaf 0leaf 1")]));
    }
}
