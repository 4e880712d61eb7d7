//! Inlined comprehensions: their variables are in the enclosing unit, but invisible to its code
//! (PEP 709).
//!
//! ```text
//! x = 1; [x for x in y]     LOAD_FAST_AND_CLEAR x; SWAP 2; SETUP_FINALLY cleanup
//!                           the comprehension, in which `x` is a fast local
//!                           POP_BLOCK; SWAP 2; STORE_FAST_MAYBE_NULL x
//! ```

use super::super::super::Generator;
use super::super::super::block::Block;
use super::super::super::meaning::Mark;
use crate::error::Result;
use crate::instruction::{Label, Op};
use crate::location::Location;
use crate::name::{Name, count};
use crate::scope::{Resolution, ScopeId, ScopeKind, Symbol, Uses};
use crate::target::Feature;

/// The state before the comprehension, to return to, and the label of its end.
#[derive(Clone, Copy, Debug)]
struct Isolation {
    meanings: Mark,
    overridden: usize,
    set_aside: usize,
    exits: Option<Exits>,
}

/// Where a comprehension that saved locals continues, after an exception and otherwise.
#[derive(Clone, Copy, Debug)]
struct Exits {
    cleanup: Label,
    end: Label,
}

impl Generator<'_, '_> {
    /// Runs `body` with the variables of `scope` isolated. The outermost iterator is on the stack.
    pub(super) fn isolated(
        &mut self,
        at: Location,
        scope: ScopeId,
        body: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let isolation = self.isolate(at, scope);
        let counts = self.has(Feature::InlinedComprehensionBlock);
        if counts && isolation.exits.is_some() {
            self.in_block(at, Block::InlinedComprehension, body)?;
        } else {
            body(self)?;
        }
        self.rejoin(at, isolation);
        Ok(())
    }

    /// `compile.c: push_inlined_comprehension_state`, 3.13.
    fn isolate(&mut self, at: Location, scope: ScopeId) -> Isolation {
        let scopes = self.scopes;
        let in_class =
            self.scope().kind == ScopeKind::Class && self.frame.inlined_comprehensions == 0;
        self.frame.inlined_comprehensions += 1;
        let mut isolation = Isolation {
            meanings: self.meanings.mark(),
            overridden: self.frame.overridden.len(),
            set_aside: self.frame.set_aside.len(),
            exits: None,
        };
        let reads = self.has(Feature::ReadNamesInComprehension);
        let sets_all_aside = in_class && self.has(Feature::ClassNamesSetAside);
        for (name, symbol) in scopes.symbols(scope) {
            let outside = self.symbol(name).and_then(|symbol| symbol.resolution);
            let is_isolated = sets_all_aside || is_bound(symbol);
            let has_meaning = if reads {
                in_class || differs(symbol.resolution, outside)
            } else {
                is_isolated && is_other_place(symbol.resolution, outside)
            };
            if has_meaning {
                self.meanings.set(name, symbol);
                self.frame.overridden.push(name);
            }
            if is_isolated {
                self.set_aside(at, name, symbol.resolution, outside);
            }
        }
        let set_aside = self.frame.set_aside.len() - isolation.set_aside;
        if set_aside > 0 {
            // Swaps the iterator back to the top. This changes the order of the others, but the
            // same swap later restores it.
            self.emit(Op::SWAP, count(set_aside) + 1, at);
            let exits = Exits { cleanup: self.label(), end: self.label() };
            self.emit_jump(Op::SETUP_FINALLY, exits.cleanup, at);
            isolation.exits = Some(exits);
        }
        isolation
    }

    /// Saves an outer variable on the stack, so that the comprehension can use the same name.
    fn set_aside(
        &mut self,
        at: Location,
        name: Name,
        inside: Option<Resolution>,
        outside: Option<Resolution>,
    ) {
        let newly_hidden = !self.scope().is_function_like() && self.hide(name);
        let unit = &mut self.frame.unit;
        let local = unit.locals.number(name);
        let cell = (inside == Some(Resolution::Cell)).then(|| match outside {
            Some(Resolution::Free) => unit.free_number(name),
            _ => unit.cells.number(name),
        });
        // For a cell, the cell itself is saved.
        self.emit(Op::LOAD_FAST_AND_CLEAR, local, at);
        if let Some(cell) = cell {
            self.emit(Op::MAKE_CELL, cell, at);
        }
        self.frame.set_aside.push((name, newly_hidden));
    }

    /// Makes the name a fast local from now on. Returns whether it wasn't one already.
    fn hide(&mut self, name: Name) -> bool {
        let hidden = &mut self.frame.unit.hidden;
        if let Some((_, is_hidden)) = hidden.iter_mut().find(|(one, _)| *one == name) {
            !std::mem::replace(is_hidden, true)
        } else {
            hidden.push((name, true));
            true
        }
    }

    /// `compile.c: pop_inlined_comprehension_state`, 3.13.
    fn rejoin(&mut self, at: Location, isolation: Isolation) {
        self.frame.inlined_comprehensions -= 1;
        self.meanings.back_to(isolation.meanings);
        self.frame.overridden.truncate(isolation.overridden);
        let Some(Exits { cleanup, end }) = isolation.exits else { return };
        self.emit(Op::POP_BLOCK, 0, Location::NONE);
        self.emit_inner_jump(end, Location::NONE);
        self.place(cleanup);
        // Below the exception is the unfinished collection.
        self.emit(Op::SWAP, 2, Location::NONE);
        self.emit(Op::POP_TOP, 0, Location::NONE);
        self.restore(at, isolation.set_aside);
        self.emit(Op::RERAISE, 0, Location::NONE);
        self.place(end);
        self.restore(at, isolation.set_aside);
        for at in isolation.set_aside..self.frame.set_aside.len() {
            let (name, newly_hidden) = self.frame.set_aside[at];
            if newly_hidden {
                self.reveal(name);
            }
        }
        self.frame.set_aside.truncate(isolation.set_aside);
    }

    /// Restores the variables saved since `from`; they are below the value on top of the stack.
    fn restore(&mut self, at: Location, from: usize) {
        let to = self.frame.set_aside.len();
        self.emit(Op::SWAP, count(to - from) + 1, at);
        for index in (from..to).rev() {
            let (name, _) = self.frame.set_aside[index];
            let local = self.frame.unit.locals.number(name);
            self.emit(Op::STORE_FAST_MAYBE_NULL, local, at);
        }
    }

    /// Undoes [`Self::hide`]. The name stays in the list, since it affects the kinds of locals.
    fn reveal(&mut self, name: Name) {
        let hidden = &mut self.frame.unit.hidden;
        if let Some((_, is_hidden)) = hidden.iter_mut().find(|(one, _)| *one == name) {
            *is_hidden = false;
        }
    }
}

/// Whether a name needs a different resolution inside. A name that is free inside, or a cell inside
/// and free outside, is the same variable for both.
fn differs(inside: Option<Resolution>, outside: Option<Resolution>) -> bool {
    inside != Some(Resolution::Free) && is_other_place(inside, outside)
}

/// Whether a variable is stored elsewhere inside. A variable that is free outside isn't.
fn is_other_place(inside: Option<Resolution>, outside: Option<Resolution>) -> bool {
    inside != outside && !(inside == Some(Resolution::Cell) && outside == Some(Resolution::Free))
}

/// Whether the comprehension itself binds the name. A `:=` binds a variable outside of it.
fn is_bound(symbol: Symbol) -> bool {
    symbol.uses.intersects(Uses::LOCAL) && !symbol.uses.intersects(Uses::NONLOCAL)
}
