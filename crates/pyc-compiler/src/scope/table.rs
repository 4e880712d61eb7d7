//! The names of one block, in the order in which they came, found fast.
//!
//! ```text
//! up to 8 names    entries: [(a, …), (b, …)]                 one look over them
//! more             entries: [(a, …), …, (z, …)]   slots: [0, 3, 0, 1, …]   open addressing, 1 + place, 0 is free
//! ```
//!
//! Most blocks have a handful of names, some modules and classes thousands.

use super::Symbol;
use crate::name::{Name, count};

/// An ordered map from names to symbols.
#[derive(Debug, Default)]
pub(super) struct Table {
    entries: Vec<(Name, Symbol)>,
    /// Empty while the entries are few; else a power of two, at most half full.
    slots: Vec<u32>,
}

/// Up to so many names are looked through one by one: they fill a cache line.
const FEW: usize = 8;

impl Table {
    #[inline]
    pub(super) fn get(&self, name: Name) -> Option<Symbol> {
        self.find(name).map(|at| self.entries[at].1)
    }

    /// The place of a name among the entries.
    #[inline]
    pub(super) fn find(&self, name: Name) -> Option<usize> {
        if self.slots.is_empty() {
            self.entries.iter().position(|(one, _)| *one == name)
        } else {
            self.probe(name).ok()
        }
    }

    /// The symbol of a name; an empty new one at the end if there is none.
    pub(super) fn entry(&mut self, name: Name) -> &mut Symbol {
        let at = self.find(name).unwrap_or_else(|| self.push(name));
        &mut self.entries[at].1
    }

    /// In the order in which the names came.
    pub(super) fn entries(&self) -> &[(Name, Symbol)] {
        &self.entries
    }

    pub(super) fn entries_mut(&mut self) -> &mut [(Name, Symbol)] {
        &mut self.entries
    }

    /// Forgets a name. Slow: everything behind it moves up.
    pub(super) fn remove(&mut self, name: Name) {
        self.entries.retain(|(one, _)| *one != name);
        if !self.slots.is_empty() {
            self.index();
        }
    }

    fn push(&mut self, name: Name) -> usize {
        let at = self.entries.len();
        self.entries.push((name, Symbol::default()));
        if at + 1 > FEW {
            if (at + 1) * 2 > self.slots.len() {
                self.index();
            } else if let Err(slot) = self.probe(name) {
                self.slots[slot] = count(at + 1);
            }
        }
        at
    }

    /// Builds the slots anew, with room for twice the entries.
    fn index(&mut self) {
        let size = (self.entries.len() * 4).next_power_of_two();
        self.slots.clear();
        self.slots.resize(size, 0);
        for at in 0..self.entries.len() {
            if let Err(slot) = self.probe(self.entries[at].0) {
                self.slots[slot] = count(at + 1);
            }
        }
    }

    /// The place of the name among the entries, or the slot where it would be noted.
    #[inline]
    fn probe(&self, name: Name) -> Result<usize, usize> {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing: indices of names that came one after another spread well.
        let spread = (name.index() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let mut slot = usize::try_from(spread).unwrap_or_default() & mask;
        loop {
            match self.slots[slot].checked_sub(1) {
                None => return Err(slot),
                Some(at) if self.entries[at as usize].0 == name => return Ok(at as usize),
                Some(_) => slot = (slot + 1) & mask,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Names;
    use crate::scope::Uses;

    #[test]
    fn few_and_many_names_are_found() {
        let mut names = Names::new();
        let all: Vec<_> =
            (0..1000).map(|number| names.intern(format!("n{number}").as_bytes())).collect();
        for size in [0, 1, FEW, FEW + 1, 40, 999] {
            let mut table = Table::default();
            for &name in &all[..size] {
                table.entry(name).uses |= Uses::USE;
                table.entry(name).uses |= Uses::LOCAL;
            }
            assert_eq!(table.entries().len(), size);
            for (at, &name) in all.iter().enumerate() {
                assert_eq!(table.find(name), (at < size).then_some(at), "{at} of {size}");
            }
            if let Some(&first) = all[..size].first() {
                table.remove(first);
                assert_eq!(table.find(first), None);
                assert_eq!(table.find(all[size - 1]), (size - 1).checked_sub(1));
            }
        }
    }
}
