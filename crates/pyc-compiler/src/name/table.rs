//! A hash table of texts, whose keys consist of the texts' ends, which for most are the whole text.
//!
//! The key of `spam` is (`spam`, `spam`, 4), that of `encoding` is (`encoding`, `encoding`, 8),
//! that of `encodings` is (`encoding`, `ncodings`, 9). For texts longer than 16 bytes, the first
//! part is a hash of the whole text.

#![allow(clippy::cast_possible_truncation, reason = "a part of a hash is one, too")]

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use super::{Name, count};

/// Names by their texts.
pub(super) struct Table {
    /// A power of two of slots, at least half of which are free. The hash selects a text's slot; if
    /// that is occupied, the text is in the next free one.
    slots: Vec<Option<Name>>,
    /// The keys by name. They are not in the slots, because most slots are free and a key is large:
    /// a lookup would miss the cache more often.
    keys: Vec<Key>,
    /// Random, so that sources can't be constructed to cause collisions.
    seed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    first: u64,
    last: u64,
    len: usize,
}

/// Maximum length of texts that are equal if their keys are.
const SHORT: usize = 16;

/// An odd constant with as many ones as zeros in random order (the fraction of the golden ratio).
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The initial number: for the names that the compiler itself uses, and as many more.
const FEW_SLOTS: usize = 128;

impl Default for Table {
    fn default() -> Self {
        Self {
            slots: vec![None; FEW_SLOTS],
            keys: Vec::new(),
            seed: DefaultHashBuilder::default().hash_one(0),
        }
    }
}

impl Key {
    #[inline(always)]
    const fn is(self, other: Self) -> bool {
        self.first == other.first && self.last == other.last && self.len == other.len
    }
}

impl Table {
    /// Clears the table, and keeps the memory.
    pub(super) fn clear(&mut self) {
        // After a large file, small ones needn't clear the whole table.
        self.slots.truncate(FEW_SLOTS);
        self.slots.fill(None);
        self.keys.clear();
    }

    /// Reserves memory for this number of additional texts.
    pub(super) fn reserve(&mut self, texts: usize) {
        let slots = (2 * (self.keys.len() + texts)).next_power_of_two();
        if slots > self.slots.len() {
            self.resize(slots);
        }
    }

    #[inline(always)]
    pub(super) fn key(&self, text: &[u8]) -> Key {
        let len = text.len();
        if len >= 8 {
            let first = if len <= SHORT { eight(text) } else { self.hash_long(text) };
            Key { first, last: eight(&text[len - 8..]), len }
        } else if len >= 4 {
            Key { first: four(text), last: four(&text[len - 4..]), len }
        } else {
            let (mut first, mut at) = (0, 0);
            while at < len {
                first = first << 8 | u64::from(text[at]);
                at += 1;
            }
            Key { first, last: 0, len }
        }
    }

    /// The name with this key; `is` checks whether a name has the text.
    #[inline(always)]
    pub(super) fn find(&self, key: Key, is: impl Fn(Name) -> bool) -> Option<Name> {
        let (slots, keys): (&[Option<Name>], &[Key]) = (&self.slots, &self.keys);
        let mut at = self.hash(key);
        loop {
            let name = slots[at & (slots.len() - 1)]?;
            if keys[name.index()].is(key) && (key.len <= SHORT || is(name)) {
                return Some(name);
            }
            at += 1;
        }
    }

    /// Adds the text of a new name, which isn't in the table.
    pub(super) fn add(&mut self, key: Key, name: Name) {
        debug_assert_eq!(name.index(), self.keys.len(), "names are added in order");
        self.reserve(1);
        self.keys.push(key);
        self.put(key, name);
    }

    fn put(&mut self, key: Key, name: Name) {
        let mask = self.slots.len() - 1;
        let mut at = self.hash(key);
        while self.slots[at & mask].is_some() {
            at += 1;
        }
        self.slots[at & mask] = Some(name);
    }

    #[cold]
    fn resize(&mut self, slots: usize) {
        self.slots.clear();
        self.slots.resize(slots, None);
        for at in 0..self.keys.len() {
            self.put(self.keys[at], Name::at(count(at)));
        }
    }

    #[inline(always)]
    fn hash(&self, key: Key) -> usize {
        let Key { first, last, len } = key;
        fold(first ^ self.seed, last ^ MIX.wrapping_mul(len as u64)) as usize
    }

    /// The hash of a text longer than [`SHORT`].
    #[inline(never)]
    fn hash_long(&self, text: &[u8]) -> u64 {
        let (mut hash, mut at) = (self.seed, 0);
        while at + SHORT <= text.len() {
            let part = &text[at..];
            hash = fold(hash ^ eight(part), eight(&part[8..]) ^ MIX);
            at += SHORT;
        }
        // The rest is part of the last sixteen bytes.
        let last = &text[text.len() - SHORT..];
        fold(hash ^ eight(last), eight(&last[8..]) ^ MIX)
    }
}

/// The first eight bytes as a number.
#[inline(always)]
fn eight(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&text[..8]);
    u64::from_le_bytes(bytes)
}

/// The first four bytes as a number.
#[inline(always)]
fn four(text: &[u8]) -> u64 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&text[..4]);
    u32::from_le_bytes(bytes).into()
}

/// Combines both halves of the product.
#[inline(always)]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    low(product) ^ low(product >> 64)
}

/// The lower half.
#[inline(always)]
fn low(number: u128) -> u64 {
    number as u64
}
