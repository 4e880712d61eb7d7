//! Finds what was written already among tables, which nobody has numbered, and among tuples.
//!
//! The names `("x",)` of a code object are the constant `("x",)` of another, and two functions may have one bytecode.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::stream::{Object, Stream};

/// An object of some value.
pub(super) enum Found {
    /// Stands in the stream.
    Written(Object),
    /// Is what comes next.
    Next(Object),
}

/// The `bytes` in a stream.
#[derive(Debug, Default)]
pub(super) struct SameBytes {
    known: HashTable<Known>,
    hasher: DefaultHashBuilder,
}

/// The tuples in a stream, as far as they hold no code.
#[derive(Debug, Default)]
pub(super) struct SameTuples {
    known: HashTable<(Known, usize)>,
    hasher: DefaultHashBuilder,
    /// The keys of all items, each tuple's in one piece.
    items: Vec<u32>,
}

#[derive(Debug)]
struct Known {
    hash: u64,
    len: usize,
    object: Object,
}

impl SameBytes {
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    /// The object that is these bytes.
    #[inline]
    pub(super) fn find(&mut self, bytes: &[u8], stream: &mut Stream) -> Found {
        let (hash, len) = (self.hasher.hash_one(bytes), bytes.len());
        let is_equal = |known: &Known| {
            known.hash == hash && known.len == len && stream.content(known.object)[..len] == *bytes
        };
        match self.known.entry(hash, is_equal, |known| known.hash) {
            Entry::Occupied(known) => Found::Written(known.get().object),
            Entry::Vacant(place) => {
                let object = stream.next();
                place.insert(Known { hash, len, object });
                Found::Next(object)
            }
        }
    }
}

impl SameTuples {
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.items.clear();
    }

    /// The tuple whose items have these keys. An item without a key equals no other.
    #[inline]
    pub(super) fn find(
        &mut self,
        keys: impl Iterator<Item = Option<u32>>,
        stream: &mut Stream,
    ) -> Found {
        let Self { known, hasher, items } = self;
        let start = items.len();
        for key in keys {
            let Some(key) = key else {
                items.truncate(start);
                return Found::Next(stream.next());
            };
            items.push(key);
        }
        let (hash, len) = (hasher.hash_one(&items[start..]), items.len() - start);
        let is_equal = |(known, at): &(Known, usize)| {
            known.hash == hash && known.len == len && items[*at..][..len] == items[start..]
        };
        match known.entry(hash, is_equal, |(known, _)| known.hash) {
            Entry::Occupied(known) => {
                items.truncate(start);
                Found::Written(known.get().0.object)
            }
            Entry::Vacant(place) => {
                let object = stream.next();
                place.insert((Known { hash, len, object }, start));
                Found::Next(object)
            }
        }
    }
}
