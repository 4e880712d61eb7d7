//! Finds repeated byte tables and tuples, which the caller has not numbered.
//!
//! The names `("x",)` of one code object can be a constant of another, and two functions can have
//! the same bytecode.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

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
    known: Table,
    hasher: DefaultHashBuilder,
}

/// The distinct tuples in a stream, except those that contain code.
#[derive(Debug, Default)]
pub(super) struct SameTuples {
    known: Table,
    hasher: DefaultHashBuilder,
    /// The keys of all items, each tuple's contiguous.
    items: Vec<u32>,
}

/// Objects by hash.
///
/// Without optimisation, as in build scripts, a look into a `HashTable` takes two thousand
/// instructions, and one into this table fifty.
#[derive(Debug, Default)]
struct Table {
    known: Vec<Known>,
    /// One more than an index in `known`; 0 is free. Their number is a power of two, and at least
    /// half of them are free. An object is in the place that its hash selects, or in the next free
    /// one.
    places: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    hash: u64,
    len: usize,
    /// Where a tuple's items start.
    items: usize,
    object: Object,
}

/// The places of an empty table.
const FEW: &[u32] = &[0; 64];

impl SameBytes {
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    /// The object with this content.
    #[inline]
    pub(super) fn find(&mut self, bytes: &[u8], stream: &mut Stream) -> Found {
        let (hash, len) = (self.hasher.hash_one(bytes), bytes.len());
        let is_equal =
            |known: Known| known.len == len && stream.content(known.object)[..len] == *bytes;
        if let Some(known) = self.known.find(hash, is_equal) {
            return Found::Written(known.object);
        }
        let object = stream.next();
        self.known.add(Known { hash, len, items: 0, object });
        Found::Next(object)
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
        let is_equal =
            |known: Known| known.len == len && items[known.items..][..len] == items[start..];
        if let Some(known) = known.find(hash, is_equal) {
            items.truncate(start);
            return Found::Written(known.object);
        }
        let object = stream.next();
        known.add(Known { hash, len, items: start, object });
        Found::Next(object)
    }
}

impl Table {
    fn clear(&mut self) {
        self.known.clear();
        self.places.clear();
        self.places.extend_from_slice(FEW);
    }

    /// The object with this hash that `is_equal` accepts.
    #[inline]
    fn find(&self, hash: u64, is_equal: impl Fn(Known) -> bool) -> Option<Known> {
        let (known, places): (&[Known], &[u32]) = (&self.known, &self.places);
        let mut at = hash as usize;
        while !places.is_empty() {
            let number = places[at & (places.len() - 1)] as usize;
            if number == 0 {
                break;
            }
            let known = known[number - 1];
            if known.hash == hash && is_equal(known) {
                return Some(known);
            }
            at = at.wrapping_add(1);
        }
        None
    }

    /// Adds an object that isn't in the table.
    fn add(&mut self, known: Known) {
        self.known.push(known);
        if 2 * self.known.len() > self.places.len() {
            self.grow();
        } else {
            self.put(self.known.len() - 1);
        }
    }

    #[cold]
    fn grow(&mut self) {
        let places = (4 * self.known.len()).next_power_of_two().max(FEW.len());
        self.places.clear();
        while self.places.len() < places {
            self.places.extend_from_slice(FEW);
        }
        for index in 0..self.known.len() {
            self.put(index);
        }
    }

    /// Puts the object with this index into its place.
    fn put(&mut self, index: usize) {
        let (known, places): (&[Known], &mut [u32]) = (&self.known, &mut self.places);
        let mask = places.len() - 1;
        let mut at = known[index].hash as usize;
        while places[at & mask] != 0 {
            at = at.wrapping_add(1);
        }
        places[at & mask] = index as u32 + 1;
    }
}
