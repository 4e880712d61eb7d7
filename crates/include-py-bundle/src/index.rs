//! The hash table of module names: open addressing, with a power of two of slots.
//!
//! ```text
//! slot      0 1 2 3 4 5 6 7      a slot holds the hash of a name and a module's index + 1, or 0
//!          │0│2│0│1│3│0│0│0│     3 modules need 8 slots: at most half of them are used
//! ```
//!
//! Probing visits adjacent slots, eight per cache line, and compares the hashes stored in them. So
//! a lookup reads the row and the name of a single module, even if several names have the same
//! first slot.
//!
//! FNV-1a needs no table and no seed, and is easy to implement in any language.

/// 32-bit FNV-1a.
pub(crate) fn hash(name: &[u8]) -> u32 {
    name.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Number of slots for this number of modules: a power of two, at least 1.
pub(crate) const fn slots(modules: usize) -> usize {
    modules.saturating_mul(2).next_power_of_two()
}

/// The slots in which a name with this hash can be, in probing order. Each is visited once, so that
/// probing a full table ends, too.
///
/// `slots` must be a power of two.
pub(crate) fn probe(hash: u32, slots: usize) -> impl Iterator<Item = usize> + use<> {
    let mask = slots.wrapping_sub(1);
    let first = hash as usize & mask;
    (0..slots).map(move |step| first.wrapping_add(step) & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_has_the_vectors_of_the_specification() {
        let vectors = [
            ("", 0x811c_9dc5),
            ("a", 0xe40c_292c),
            ("foobar", 0xbf9c_f968),
            ("encodings.utf_8", 0x7f28_0e21),
            ("modul\u{e9}", 0x81af_3806),
        ];
        for (name, expected) in vectors {
            assert_eq!(hash(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn at_most_half_of_the_slots_are_taken() {
        assert_eq!([0, 1, 2, 3, 4, 5].map(slots), [1, 2, 4, 8, 8, 16]);
    }

    #[test]
    fn probing_visits_every_slot_once() {
        let mut visited: Vec<_> = probe(hash(b"a"), 8).collect();
        assert_eq!(visited[..3], [4, 5, 6]);
        visited.sort_unstable();
        assert_eq!(visited, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(probe(hash(b"a"), 1).collect::<Vec<_>>(), [0]);
    }
}
