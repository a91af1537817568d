//! Finding the receive for a message, and the message for a receive.
//!
//! The standard's rule (MPI 5.0, section 3.5): of the posted receives that a message fits, the one posted first gets it;
//! of the messages that a receive fits, the one that arrived first is taken. Both queues are hashed, so that neither
//! search grows with what is waiting.
//!
//! A **posted receive** waits under its own pattern (context, source or any, tag or any). A message fits at most four
//! patterns: each is looked up, and the receive with the lowest number wins. Kinds of pattern that no receive uses now
//! are not looked up, so that a program without wildcards pays for one look-up, and one that waits for a single message
//! for none.
//!
//! An **unexpected message** waits under its exact triple. A search with a wildcard uses an index of its kind, which is
//! made when such a search first happens and kept up from then on.

use std::hash::BuildHasherDefault;

use rustc_hash::FxHasher;

type Map<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<FxHasher>>;

/// What a message carries, and what a receive asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    pub context: u32,
    /// The sender's rank in the communicator, or [`ANY`].
    pub source: u32,
    /// The tag, or [`ANY`].
    pub tag: u32,
}

/// A wildcard in a [`Key`]. No rank and no tag has this value.
pub const ANY: u32 = u32::MAX;

const NONE: u32 = u32::MAX;
const KINDS: usize = 4;

impl Key {
    /// Which of its fields are wildcards: bit 0 the source, bit 1 the tag.
    fn kind(self) -> usize {
        (self.source == ANY) as usize | ((self.tag == ANY) as usize) << 1
    }

    /// The pattern of kind `kind` that this exact key fits.
    fn as_kind(self, kind: usize) -> Key {
        Key {
            context: self.context,
            source: if kind & 1 != 0 { ANY } else { self.source },
            tag: if kind & 2 != 0 { ANY } else { self.tag },
        }
    }
}

#[derive(Clone, Copy)]
struct List {
    head: u32,
    tail: u32,
}

#[derive(Clone, Copy)]
struct Link {
    previous: u32,
    next: u32,
}

const UNLINKED: Link = Link { previous: NONE, next: NONE };

struct Node<T> {
    key: Key,
    number: u64,
    /// One for each index: for posted receives only the one of their kind is in use.
    links: [Link; KINDS],
    value: Option<T>,
}

/// The nodes of a queue, and the lists that run through them.
struct Lists<T> {
    nodes: Vec<Node<T>>,
    free: Vec<u32>,
    indices: [Map<Key, List>; KINDS],
    next_number: u64,
}

impl<T> Lists<T> {
    fn new() -> Lists<T> {
        Lists { nodes: Vec::new(), free: Vec::new(), indices: Default::default(), next_number: 0 }
    }

    fn add(&mut self, key: Key, value: T) -> u32 {
        let node = Node { key, number: self.next_number, links: [UNLINKED; KINDS], value: Some(value) };
        self.next_number += 1;
        match self.free.pop() {
            Some(id) => {
                self.nodes[id as usize] = node;
                id
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() as u32 - 1
            }
        }
    }

    fn link(&mut self, kind: usize, key: Key, id: u32) {
        let list = self.indices[kind].entry(key).or_insert(List { head: NONE, tail: NONE });
        let last = list.tail;
        list.tail = id;
        if last == NONE {
            list.head = id;
        } else {
            self.nodes[last as usize].links[kind].next = id;
        }
        self.nodes[id as usize].links[kind] = Link { previous: last, next: NONE };
    }

    fn unlink(&mut self, kind: usize, key: Key, id: u32) {
        let Link { previous, next } = self.nodes[id as usize].links[kind];
        if previous == NONE && next == NONE {
            self.indices[kind].remove(&key);
            return;
        }
        if previous != NONE {
            self.nodes[previous as usize].links[kind].next = next;
        }
        if next != NONE {
            self.nodes[next as usize].links[kind].previous = previous;
        }
        if let Some(list) = self.indices[kind].get_mut(&key) {
            if previous == NONE {
                list.head = next;
            }
            if next == NONE {
                list.tail = previous;
            }
        }
    }

    fn head(&self, kind: usize, key: Key) -> Option<u32> {
        self.indices[kind].get(&key).map(|list| list.head)
    }

    fn take(&mut self, id: u32) -> Option<T> {
        self.free.push(id);
        self.nodes[id as usize].value.take()
    }

    fn len(&self) -> usize {
        self.nodes.len() - self.free.len()
    }
}

/// The receives that wait for a message.
pub struct Posted<T> {
    lists: Lists<T>,
    /// A receive that is the only one is not hashed: most programs that wait for a message wait for one.
    alone: Option<u32>,
    /// How many receives of each kind wait.
    waiting: [usize; KINDS],
}

/// Names a waiting receive, to take it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u32);

impl<T: Copy> Posted<T> {
    /// No receives.
    pub fn new() -> Posted<T> {
        Posted { lists: Lists::new(), alone: None, waiting: [0; KINDS] }
    }

    /// Adds a receive with the pattern `key`, behind all that are there.
    #[inline]
    pub fn post(&mut self, key: Key, value: T) -> Place {
        let none = self.lists.len() == 0;
        let id = self.lists.add(key, value);
        if none {
            self.alone = Some(id);
            return Place(id);
        }
        if let Some(first) = self.alone.take() {
            let key = self.lists.nodes[first as usize].key;
            self.hash(first, key);
        }
        self.hash(id, key);
        Place(id)
    }

    fn hash(&mut self, id: u32, key: Key) {
        self.lists.link(key.kind(), key, id);
        self.waiting[key.kind()] += 1;
    }

    /// Takes the receive that a message with the exact `key` goes to.
    #[inline]
    pub fn claim(&mut self, key: Key) -> Option<T> {
        if let Some(id) = self.alone {
            let pattern = self.lists.nodes[id as usize].key;
            let fits = pattern == key.as_kind(pattern.kind());
            return if fits { self.remove(Place(id)) } else { None };
        }
        self.claim_hashed(key)
    }

    fn claim_hashed(&mut self, key: Key) -> Option<T> {
        let mut first: Option<(u64, u32)> = None;
        for kind in 0..KINDS {
            if self.waiting[kind] == 0 {
                continue;
            }
            if let Some(id) = self.lists.head(kind, key.as_kind(kind)) {
                let number = self.lists.nodes[id as usize].number;
                if first.is_none_or(|(n, _)| number < n) {
                    first = Some((number, id));
                }
            }
        }
        self.remove(Place(first?.1))
    }

    /// Takes back the receive at `place`.
    #[inline]
    pub fn remove(&mut self, place: Place) -> Option<T> {
        if self.alone == Some(place.0) {
            self.alone = None;
            return self.lists.take(place.0);
        }
        let key = self.lists.nodes[place.0 as usize].key;
        let kind = key.kind();
        self.lists.unlink(kind, key, place.0);
        self.waiting[kind] -= 1;
        self.lists.take(place.0)
    }

    /// Every waiting receive, in the order of posting.
    pub fn iter(&self) -> impl Iterator<Item = (Key, T)> {
        let mut all: Vec<_> = self.lists.nodes.iter().filter(|n| n.value.is_some()).collect();
        all.sort_by_key(|n| n.number);
        all.into_iter().filter_map(|n| n.value.map(|v| (n.key, v)))
    }
}

/// The messages that wait for a receive.
pub struct Unexpected<T> {
    lists: Lists<T>,
    /// Which indices are kept up.
    indexed: [bool; KINDS],
}

impl<T: Copy> Unexpected<T> {
    /// No messages.
    pub fn new() -> Unexpected<T> {
        Unexpected { lists: Lists::new(), indexed: [true, false, false, false] }
    }

    /// How many messages wait.
    #[inline]
    pub fn len(&self) -> usize {
        self.lists.len()
    }

    /// Adds a message that has just arrived.
    pub fn add(&mut self, key: Key, value: T) {
        let id = self.lists.add(key, value);
        for kind in 0..KINDS {
            if self.indexed[kind] {
                self.lists.link(kind, key.as_kind(kind), id);
            }
        }
    }

    /// The first message that a receive with the pattern `key` fits, and its exact key.
    pub fn find(&mut self, key: Key) -> Option<(Key, T)> {
        let id = self.first(key)?;
        let node = &self.lists.nodes[id as usize];
        node.value.map(|value| (node.key, value))
    }

    /// As [`Unexpected::find`], and takes the message out.
    #[inline]
    pub fn take(&mut self, key: Key) -> Option<(Key, T)> {
        if self.len() == 0 {
            return None;
        }
        let id = self.first(key)?;
        self.remove(id)
    }

    /// Takes the message out of which this holds, whatever its key; looks at all of them.
    pub fn take_where(&mut self, wanted: impl Fn(T) -> bool) -> Option<(Key, T)> {
        let mut nodes = self.lists.nodes.iter();
        let id = nodes.position(|node| node.value.is_some_and(&wanted))?;
        self.remove(id as u32)
    }

    #[inline]
    fn remove(&mut self, id: u32) -> Option<(Key, T)> {
        let key = self.lists.nodes[id as usize].key;
        for kind in 0..KINDS {
            if self.indexed[kind] {
                self.lists.unlink(kind, key.as_kind(kind), id);
            }
        }
        self.lists.take(id).map(|value| (key, value))
    }

    fn first(&mut self, key: Key) -> Option<u32> {
        let kind = key.kind();
        if !self.indexed[kind] {
            self.make_index(kind);
        }
        self.lists.head(kind, key)
    }

    #[cold]
    fn make_index(&mut self, kind: usize) {
        let nodes = &self.lists.nodes;
        let mut waiting: Vec<u32> =
            (0..nodes.len() as u32).filter(|&i| nodes[i as usize].value.is_some()).collect();
        waiting.sort_by_key(|&i| nodes[i as usize].number);
        for id in waiting {
            let key = self.lists.nodes[id as usize].key.as_kind(kind);
            self.lists.link(kind, key, id);
        }
        self.indexed[kind] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fits(pattern: Key, key: Key) -> bool {
        pattern.context == key.context
            && (pattern.source == ANY || pattern.source == key.source)
            && (pattern.tag == ANY || pattern.tag == key.tag)
    }

    fn exact() -> impl Strategy<Value = Key> {
        (0u32..2, 0u32..3, 0u32..3).prop_map(|(context, source, tag)| Key { context, source, tag })
    }

    fn pattern() -> impl Strategy<Value = Key> {
        (exact(), 0usize..4).prop_map(|(key, kind)| key.as_kind(kind))
    }

    #[derive(Clone, Debug)]
    enum Step {
        Receive(Key),
        Message(Key),
        Cancel(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => pattern().prop_map(Step::Receive),
            4 => exact().prop_map(Step::Message),
            1 => any::<usize>().prop_map(Step::Cancel),
        ]
    }

    proptest! {
        /// Against two plain lists that are searched from the front.
        #[test]
        fn matches_as_two_lists_would(steps in prop::collection::vec(step(), 0..200)) {
            let (mut posted, mut unexpected) = (Posted::new(), Unexpected::new());
            let mut receives: Vec<(Key, usize, Place)> = Vec::new();
            let mut messages: Vec<(Key, usize)> = Vec::new();
            for (n, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Receive(key) => {
                        let expected = messages.iter().position(|m| fits(key, m.0)).map(|i| messages.remove(i));
                        prop_assert_eq!(unexpected.take(key), expected);
                        if expected.is_none() {
                            receives.push((key, n, posted.post(key, n)));
                        }
                    }
                    Step::Message(key) => {
                        let expected = receives.iter().position(|r| fits(r.0, key)).map(|i| receives.remove(i).1);
                        prop_assert_eq!(posted.claim(key), expected);
                        if expected.is_none() {
                            messages.push((key, n));
                            unexpected.add(key, n);
                        }
                    }
                    Step::Cancel(i) if !receives.is_empty() => {
                        let (_, n, place) = receives.remove(i % receives.len());
                        prop_assert_eq!(posted.remove(place), Some(n));
                    }
                    Step::Cancel(_) => {}
                }
                prop_assert_eq!(unexpected.len(), messages.len());
                prop_assert!(posted.iter().eq(receives.iter().map(|r| (r.0, r.1))));
            }
        }
    }
}
