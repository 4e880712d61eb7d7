//! Comprehensions whose code stands in their parent's (PEP 709).
//!
//! ```text
//! def f(xs): return [x for x in xs]       f: xs parameter, x local      no function for the comprehension
//! ```
//!
//! Their names become the parent's, and their nested blocks too.

use super::analysis::Analysis;
use super::{Resolution, ScopeId, ScopeKind, Uses};
use crate::name::Name;
use crate::target::Feature;

impl Analysis<'_> {
    /// All but generator expressions are, if they aren't in an annotation scope of a class.
    pub(super) fn is_inlined(&self, child: ScopeId, parent: ScopeId) -> bool {
        let child = &self.scopes[child.index()];
        let parent = &self.scopes[parent.index()];
        child.comprehension.is_some() && !child.facts.generator && !parent.facts.can_see_class_scope
    }

    /// Gives the parent the names of a comprehension whose analysis is done (`inline_comprehension`, 3.13).
    ///
    /// What the comprehension misses is from `child_free` on, what it and children before it miss from `parent_free` on.
    pub(super) fn inline(
        &mut self,
        child: ScopeId,
        parent: ScopeId,
        parent_free: usize,
        child_free: usize,
    ) {
        self.new_set();
        let implicit: &[Name] = if self.target.has(Feature::ClassdictGlobalInComprehension) {
            &[Name::CLASS, Name::CLASSDICT]
        } else {
            &[Name::CLASS]
        };
        let in_class = self.scopes[parent.index()].kind == ScopeKind::Class;
        for at in 0..self.scopes[child.index()].symbols().len() {
            let (name, mut symbol) = self.scopes[child.index()].symbols()[at];
            // Its only parameter is the outermost iterator.
            if symbol.uses.intersects(Uses::PARAMETER) {
                continue;
            }
            if symbol.resolution == Some(Resolution::Cell) {
                symbol.uses |= Uses::COMPREHENSION_CELL;
            }
            // These are never free in a class: they would be those of the class around.
            if symbol.resolution == Some(Resolution::Free) && in_class && implicit.contains(&name) {
                symbol.resolution = Some(Resolution::GlobalImplicit);
                self.put(name);
            }
            let known = self.scopes[parent.index()].symbols.find(name);
            let Some(known) = known else {
                *self.scopes[parent.index()].symbols.entry(name) = symbol;
                continue;
            };
            // A free variable of the comprehension that the parent binds is simply the parent's local, unless a block
            // in the comprehension needs it too.
            let uses = self.scopes[parent.index()].symbols()[known].1.uses;
            if uses.intersects(Uses::BOUND) && !in_class && !self.is_free_in_children(child, name) {
                self.put(name);
            }
            if symbol.uses.intersects(Uses::COMPREHENSION_CELL) {
                let entries = self.scopes[parent.index()].symbols.entries_mut();
                entries[known].1.uses |= Uses::COMPREHENSION_CELL;
            }
        }
        let mut kept = child_free;
        for at in child_free..self.free.len() {
            let name = self.free[at];
            if !self.is_put(name) {
                self.free[kept] = name;
                kept += 1;
            }
        }
        self.free.truncate(kept);
        // CPython's set at this point holds what the children before this one miss, too.
        let misses = self.free[parent_free..].iter().any(|&name| !self.is_put(name));
        let child = &mut self.scopes[child.index()];
        child.facts.free = misses;
        child.facts.inlined = true;
        if in_class {
            for &name in implicit {
                let symbol = child.symbols.get(name);
                if symbol.is_some_and(|symbol| symbol.resolution == Some(Resolution::Free)) {
                    child.symbols.remove(name);
                }
            }
        }
    }

    fn is_free_in_children(&self, scope: ScopeId, name: Name) -> bool {
        self.scopes[scope.index()].children.iter().any(|child| {
            let symbol = self.scopes[child.index()].symbol(name);
            symbol.is_some_and(|symbol| symbol.resolution == Some(Resolution::Free))
        })
    }

    /// The children, with those of inlined comprehensions in the comprehensions' place.
    pub(super) fn spliced(&self, children: &[ScopeId]) -> Vec<ScopeId> {
        let mut all = Vec::with_capacity(children.len());
        for &child in children {
            let scope = &self.scopes[child.index()];
            if scope.facts.inlined {
                all.extend_from_slice(&scope.children);
            } else {
                all.push(child);
            }
        }
        all
    }
}
