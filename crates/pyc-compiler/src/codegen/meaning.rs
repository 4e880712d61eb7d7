//! How each name resolves in the unit being generated.
//!
//! ```text
//! x = 1                   the module: x is local
//! def f(): return x       in f x is global, and local again after it
//! ```
//!
//! The tables of all units share one array by name. Each change saves the previous meaning, which
//! [`Meanings::back_to`] restores.

use crate::name::Name;
use crate::scope::Symbol;

/// What names mean now, and what they meant before.
#[derive(Debug, Default)]
pub(super) struct Meanings {
    /// By name.
    latest: Vec<Meaning>,
    /// Earlier entries of `latest`, newest last.
    before: Vec<(Name, Meaning)>,
    /// The number of the current unit.
    unit: u32,
    /// The number of units so far.
    units: u32,
}

/// What a name means in one unit. In other units the entry is void. Units are numbered from 1.
#[derive(Clone, Copy, Debug, Default)]
struct Meaning {
    unit: u32,
    symbol: Symbol,
}

/// A state to which [`Meanings::back_to`] can return.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    unit: u32,
    before: usize,
}

impl Meanings {
    /// For a file with this many names.
    pub(super) fn for_names(names: usize) -> Self {
        Self { latest: vec![Meaning::default(); names], ..Self::default() }
    }

    /// What the name means in the current unit.
    #[inline(always)]
    pub(super) fn get(&self, name: Name) -> Option<Symbol> {
        // As in `Numbering::find`: without optimisation, other forms are calls.
        let (at, latest): (usize, &[Meaning]) = (name.index(), &self.latest);
        if at < latest.len() && latest[at].unit == self.unit {
            Some(latest[at].symbol)
        } else {
            None
        }
    }

    /// What the name meant in the unit that was the current one at `mark`.
    pub(super) fn get_before(&self, mark: Mark, name: Name) -> Option<Symbol> {
        let before = self.before[mark.before..].iter().find(|(one, _)| *one == name);
        let meaning = before.map(|(_, meaning)| meaning).or(self.latest.get(name.index()))?;
        (meaning.unit == mark.unit).then_some(meaning.symbol)
    }

    /// Sets what the name means in the current unit from now on.
    pub(super) fn set(&mut self, name: Name, symbol: Symbol) {
        let at = name.index();
        if at >= self.latest.len() {
            self.latest.resize((at + 1).next_power_of_two(), Meaning::default());
        }
        let meaning = Meaning { unit: self.unit, symbol };
        self.before.push((name, std::mem::replace(&mut self.latest[at], meaning)));
    }

    /// The current state, to return to it later.
    pub(super) fn mark(&self) -> Mark {
        Mark { unit: self.unit, before: self.before.len() }
    }

    /// Begins a unit, in which no name has a meaning yet. Returning to the mark ends it.
    pub(super) fn enter(&mut self) -> Mark {
        let mark = self.mark();
        self.units += 1;
        self.unit = self.units;
        mark
    }

    /// Restores the state at `mark`.
    pub(super) fn back_to(&mut self, mark: Mark) {
        for (name, meaning) in self.before.drain(mark.before..).rev() {
            self.latest[name.index()] = meaning;
        }
        self.unit = mark.unit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Resolution;

    #[test]
    fn meanings_are_restored() {
        let symbol = |resolution| Symbol { resolution: Some(resolution), ..Symbol::default() };
        let (local, free) = (symbol(Resolution::Local), symbol(Resolution::Free));
        let (x, y) = (Name::NAME, Name::DOC);
        let mut meanings = Meanings::default();
        meanings.enter();
        meanings.set(x, local);
        let outer = meanings.enter();
        assert_eq!(meanings.get(x), None);
        assert_eq!(meanings.get_before(outer, x), Some(local));
        meanings.set(x, free);
        meanings.set(y, local);
        assert_eq!([x, y].map(|name| meanings.get(name)), [Some(free), Some(local)]);
        assert_eq!([x, y].map(|name| meanings.get_before(outer, name)), [Some(local), None]);
        let inlined = meanings.mark();
        meanings.set(x, local);
        meanings.back_to(inlined);
        assert_eq!(meanings.get(x), Some(free));
        meanings.back_to(outer);
        assert_eq!([x, y].map(|name| meanings.get(name)), [Some(local), None]);
    }
}
