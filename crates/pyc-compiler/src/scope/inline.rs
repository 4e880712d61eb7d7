//! Inlined comprehensions: their code is part of the enclosing block's (PEP 709).
//!
//! ```text
//! def f(xs): return [x for x in xs]       f: xs parameter, x local      no function for the comprehension
//! ```
//!
//! Their names and their nested blocks become the enclosing block's.

use super::analysis::Analysis;
use super::{Resolution, Scope, ScopeId, ScopeKind, Symbol, Uses};
use crate::name::Name;
use crate::target::Feature;

impl Analysis<'_> {
    /// Whether a comprehension is inlined: all are except generator expressions and those in an
    /// annotation scope of a class.
    pub(super) fn is_inlined(&self, child: ScopeId, parent: ScopeId) -> bool {
        let child = &self.scopes[child.index()];
        let parent = &self.scopes[parent.index()];
        self.target.has(Feature::InlinedComprehensions)
            && child.comprehension.is_some()
            && !child.facts.generator
            && !parent.facts.can_see_class_scope
    }

    /// Merges the names of a comprehension, whose analysis is done, into the enclosing block
    /// (`inline_comprehension`, 3.13).
    ///
    /// The names that are free in the comprehension start at `child_free`. The names that are free
    /// in it and in the children before it start at `parent_free`.
    pub(super) fn inline(
        &mut self,
        child: ScopeId,
        parent: ScopeId,
        parent_free: usize,
        child_free: usize,
    ) {
        self.start_set();
        let implicit: &[Name] = if self.target.has(Feature::ClassdictGlobalInComprehension) {
            if self.target.has(Feature::DeferredAnnotations) {
                &[Name::CLASS, Name::CLASSDICT, Name::CONDITIONAL_ANNOTATIONS]
            } else {
                &[Name::CLASS, Name::CLASSDICT]
            }
        } else if self.target.has(Feature::ClassGlobalInComprehension) {
            &[Name::CLASS]
        } else {
            &[]
        };
        let in_class = self.scopes[parent.index()].kind == ScopeKind::Class;
        let mut next = self.scopes[child.index()].symbols.first();
        while let Some(at) = next {
            let (name, mut symbol, after) = self.symbols.get(at);
            next = after;
            // The comprehension's only parameter is the outermost iterator.
            if symbol.uses.intersects(Uses::PARAMETER) {
                continue;
            }
            if symbol.resolution == Some(Resolution::Cell) {
                symbol.uses |= Uses::COMPREHENSION_CELL;
            }
            // In a class these are never free: they would be the enclosing class's.
            if symbol.resolution == Some(Resolution::Free) && in_class && implicit.contains(&name) {
                symbol.resolution = Some(Resolution::GlobalImplicit);
                let goes_on = self.target.has(Feature::ClassCellThroughComprehension)
                    && self.is_free_in_children(child, name);
                if !goes_on {
                    self.add_to_set(name);
                }
            }
            let Some(known) = self.symbols.find(parent, name) else {
                let names = &mut self.scopes[parent.index()].symbols;
                let new = self.symbols.push(parent, names, name);
                *self.symbols.symbol_mut(new) = symbol;
                continue;
            };
            // A free variable of the comprehension that the parent binds becomes a plain local of
            // the parent, unless a block inside the comprehension needs it, too.
            let (_, Symbol { uses, .. }, _) = self.symbols.get(known);
            if uses.intersects(Uses::BOUND) && !in_class && !self.is_free_in_children(child, name) {
                self.add_to_set(name);
            }
            if symbol.uses.intersects(Uses::COMPREHENSION_CELL) {
                self.symbols.symbol_mut(known).uses |= Uses::COMPREHENSION_CELL;
            }
        }
        let mut kept = child_free;
        for at in child_free..self.free.len() {
            let name = self.free[at];
            if !self.in_set(name) {
                self.free[kept] = name;
                kept += 1;
            }
        }
        self.free.truncate(kept);
        // Quirk: in CPython this set also holds the free names of the children before this one.
        let misses = self.free[parent_free..].iter().any(|&name| !self.in_set(name));
        let scope = &mut self.scopes[child.index()];
        scope.facts.free = misses;
        scope.facts.inlined = true;
        if in_class {
            for &name in implicit {
                if self.is_free_in(child, name) {
                    let names = &mut self.scopes[child.index()].symbols;
                    self.symbols.remove(names, name);
                }
            }
        }
    }

    fn is_free_in_children(&self, scope: ScopeId, name: Name) -> bool {
        let mut next = self.scopes[scope.index()].children.map(|(first, _)| first);
        while let Some(child) = next {
            if self.is_free_in(child, name) {
                return true;
            }
            next = self.scopes[child.index()].sibling;
        }
        false
    }

    /// Whether a name is free in a closed block.
    fn is_free_in(&self, scope: ScopeId, name: Name) -> bool {
        let mut symbols = self.symbols.symbols(self.scopes[scope.index()].symbols);
        symbols.any(|(one, symbol)| one == name && symbol.resolution == Some(Resolution::Free))
    }

    /// Replaces a comprehension by the blocks in it, after the block `before` in `parent`; returns
    /// the last of these blocks.
    pub(super) fn splice(
        &mut self,
        parent: ScopeId,
        before: Option<ScopeId>,
        comprehension: ScopeId,
    ) -> Option<ScopeId> {
        let Scope { children, sibling, .. } = self.scopes[comprehension.index()];
        let place = match children {
            Some((first, last)) => {
                self.scopes[last.index()].sibling = sibling;
                Some(first)
            }
            None => sibling,
        };
        let until = children.map(|(_, last)| last).or(before);
        if let Some(before) = before {
            self.scopes[before.index()].sibling = place;
        } else {
            let last = self.scopes[parent.index()].children.map(|(_, last)| last);
            self.scopes[parent.index()].children = place.zip(last);
        }
        // The comprehension was the parent's last child, so the last of its blocks is that now.
        if sibling.is_none() {
            let first = self.scopes[parent.index()].children.map(|(first, _)| first);
            self.scopes[parent.index()].children = first.zip(until);
        }
        until
    }
}
