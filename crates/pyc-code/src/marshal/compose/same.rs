//! Finds repeated byte tables and tuples, which the caller has not numbered.
//!
//! The names `("x",)` of one code object can be a constant of another, and two functions can have
//! the same bytecode.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::stream::{Object, Stream};

/// The result of a lookup.
pub(super) enum Found {
    /// The value is already in the stream.
    Written(Object),
    /// The value is new; it becomes the next object.
    Next(Object),
}

/// The distinct `bytes` objects in a stream.
#[derive(Debug, Default)]
pub(super) struct SameBytes {
    known: HashTable<Known>,
    hasher: DefaultHashBuilder,
}

/// The distinct tuples in a stream, except those that contain code.
#[derive(Debug, Default)]
pub(super) struct SameTuples {
    known: HashTable<(Known, usize)>,
    hasher: DefaultHashBuilder,
    /// The keys of all items, each tuple's contiguous.
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

    /// The object with this content.
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

    /// The tuple whose items have these keys. An item without a key is equal to no other.
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
