//! The names of all blocks, in one vector. Those of one block form a linked list, in the order in
//! which they were added.
//!
//! ```text
//! x = 1                    entries   0 x    1 f    2 y    3 x
//! def f(y): return y + x   module    0 ──▶  1
//!                          f                       2 ──▶  3       x's latest: 3, which covers 0 until `f` is closed
//! ```
//!
//! While a block is open, finding one of its names takes one array access.

use std::num::NonZeroU32;

use super::{ScopeId, Symbol};
use crate::name::{Name, count};

/// The names of the blocks of a file.
#[derive(Debug, Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    /// By name: its entry in the innermost open block that has it.
    latest: Vec<Option<EntryId>>,
}

/// A name in a block.
#[derive(Clone, Copy, Debug)]
struct Entry {
    name: Name,
    symbol: Symbol,
    scope: ScopeId,
    /// The next name of the block.
    next: Option<EntryId>,
    /// While the block is open: the entry of the same name in the next enclosing open block that
    /// has it.
    covers: Option<EntryId>,
}

/// The index of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntryId(NonZeroU32);

/// The names of one block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chain {
    ends: Option<(EntryId, EntryId)>,
}

impl Table {
    /// With room for the names of a file.
    pub(super) fn for_names(names: usize) -> Self {
        Self { entries: Vec::with_capacity(names * 2), latest: vec![None; names] }
    }

    /// The entry of a name in an open block.
    #[inline]
    pub(super) fn find(&self, scope: ScopeId, name: Name) -> Option<EntryId> {
        let latest: &[Option<EntryId>] = &self.latest;
        let entries: &[Entry] = &self.entries;
        let mut at = if name.index() < latest.len() { latest[name.index()] } else { None };
        while let Some(id) = at {
            let entry = &entries[id.index()];
            if entry.scope == scope {
                break;
            }
            at = entry.covers;
        }
        at
    }

    /// Adds a name to an open block that doesn't have it.
    pub(super) fn push(&mut self, scope: ScopeId, chain: &mut Chain, name: Name) -> EntryId {
        let id = EntryId::new(self.entries.len());
        let entry = Entry { name, symbol: Symbol::default(), scope, next: None, covers: None };
        self.entries.push(entry);
        chain.ends = match chain.ends {
            None => Some((id, id)),
            Some((first, last)) => {
                self.entries[last.index()].next = Some(id);
                Some((first, id))
            }
        };
        self.cover(id, name, scope);
        id
    }

    /// Opens a closed block again; the enclosing blocks must be open.
    pub(super) fn open(&mut self, chain: Chain) {
        let mut at = chain.first();
        while let Some(id) = at {
            let Entry { name, scope, next, .. } = self.entries[id.index()];
            self.cover(id, name, scope);
            at = next;
        }
    }

    /// Closes the innermost open block.
    pub(super) fn close(&mut self, chain: Chain) {
        let mut at = chain.first();
        while let Some(id) = at {
            let Entry { name, covers, next, .. } = self.entries[id.index()];
            self.latest[name.index()] = covers;
            at = next;
        }
    }

    /// Inserts an entry into its name's list of open blocks: before the entries of enclosing
    /// blocks, after those of nested ones.
    #[inline]
    fn cover(&mut self, id: EntryId, name: Name, scope: ScopeId) {
        let at = name.index();
        if at >= self.latest.len() {
            self.latest.resize((at + 1).next_power_of_two(), None);
        }
        let latest = self.latest[at];
        // Outer blocks have smaller numbers than the blocks nested in them.
        match latest {
            Some(inner) if self.entries[inner.index()].scope > scope => {
                self.cover_after(inner, id, scope);
            }
            _ => {
                self.entries[id.index()].covers = latest;
                self.latest[at] = Some(id);
            }
        }
    }

    fn cover_after(&mut self, mut inner: EntryId, id: EntryId, scope: ScopeId) {
        let is_inside = |one: &EntryId| self.entries[one.index()].scope > scope;
        while let Some(covered) = self.entries[inner.index()].covers.filter(is_inside) {
            inner = covered;
        }
        self.entries[id.index()].covers = self.entries[inner.index()].covers;
        self.entries[inner.index()].covers = Some(id);
    }

    /// The names of a block and their symbols, in the order in which they were added.
    pub(super) fn symbols(&self, chain: Chain) -> impl Iterator<Item = (Name, Symbol)> + '_ {
        let mut at = chain.first();
        std::iter::from_fn(move || {
            let Entry { name, symbol, next, .. } = self.entries[at?.index()];
            at = next;
            Some((name, symbol))
        })
    }

    /// The name of an entry, its symbol, and the next entry of its block.
    #[inline(always)]
    pub(super) fn get(&self, id: EntryId) -> (Name, Symbol, Option<EntryId>) {
        let Entry { name, symbol, next, .. } = self.entries[id.index()];
        (name, symbol, next)
    }

    #[inline(always)]
    pub(super) fn symbol_mut(&mut self, id: EntryId) -> &mut Symbol {
        &mut self.entries[id.index()].symbol
    }

    /// Removes a name from a closed block.
    pub(super) fn remove(&mut self, chain: &mut Chain, name: Name) {
        let (mut before, mut at) = (None, chain.first());
        while let Some(id) = at {
            let next = self.entries[id.index()].next;
            if self.entries[id.index()].name != name {
                (before, at) = (at, next);
                continue;
            }
            if let Some(before) = before {
                self.entries[EntryId::index(before)].next = next;
            }
            let first = before.and(chain.first()).or(next);
            let last = if next.is_none() { before } else { chain.last() };
            chain.ends = first.zip(last);
            return;
        }
    }
}

impl Chain {
    pub(super) fn first(self) -> Option<EntryId> {
        self.ends.map(|(first, _)| first)
    }

    pub(super) fn last(self) -> Option<EntryId> {
        self.ends.map(|(_, last)| last)
    }
}

impl EntryId {
    fn new(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(count(index)))
    }

    fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTER: ScopeId = ScopeId(0);
    const INNER: ScopeId = ScopeId(1);

    fn names(table: &Table, chain: Chain) -> Vec<Name> {
        table.symbols(chain).map(|(name, _)| name).collect()
    }

    #[test]
    fn inner_names_cover_outer_ones() {
        let (x, y, z) = (Name::NAME, Name::DOC, Name::SELF);
        let mut table = Table::default();
        let (mut outer, mut inner) = (Chain::default(), Chain::default());
        let outer_x = table.push(OUTER, &mut outer, x);
        let inner_x = table.push(INNER, &mut inner, x);
        let inner_y = table.push(INNER, &mut inner, y);
        // An enclosing block can get a name while a nested one is open, e.g. by `global`.
        let outer_y = table.push(OUTER, &mut outer, y);
        let find = |table: &Table| {
            [(INNER, x), (INNER, y), (INNER, z), (OUTER, x), (OUTER, y)]
                .map(|(scope, name)| table.find(scope, name))
        };
        let open = [Some(inner_x), Some(inner_y), None, Some(outer_x), Some(outer_y)];
        assert_eq!(find(&table), open);
        table.close(inner);
        let closed = [None, None, None, Some(outer_x), Some(outer_y)];
        assert_eq!(find(&table), closed);
        table.open(inner);
        assert_eq!(find(&table), open);
        assert_eq!(names(&table, outer), [x, y]);
        assert_eq!(names(&table, inner), [x, y]);
    }

    #[test]
    fn names_can_be_removed() {
        let all = [Name::NAME, Name::DOC, Name::SELF];
        for gone in all {
            let mut table = Table::default();
            let mut chain = Chain::default();
            for name in all {
                table.push(OUTER, &mut chain, name);
            }
            table.close(chain);
            table.remove(&mut chain, gone);
            table.remove(&mut chain, Name::TOP);
            let mut left = all.to_vec();
            left.retain(|&name| name != gone);
            assert_eq!(names(&table, chain), left);
            table.push(OUTER, &mut chain, Name::TOP);
            assert_eq!(names(&table, chain).len(), 3);
            for name in left {
                table.remove(&mut chain, name);
            }
            assert_eq!(names(&table, chain), [Name::TOP]);
        }
    }
}
