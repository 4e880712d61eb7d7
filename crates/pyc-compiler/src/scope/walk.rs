//! The walk over the tree: what each block does with each name.
//!
//! ```text
//! x = y       module: y is used, x is bound … in the order of the tree, which is not always that of evaluation
//! ```
//!
//! As the first pass of `symtable.c`, 3.13. Nothing is decided here but what a look at one statement decides; errors are
//! found in CPython's order.

mod comprehension;
mod declaration;
mod expression;
mod function;
mod pattern;
mod statement;
mod type_param;

use super::table::{EntryId, Table};
use super::{Facts, Scope, ScopeId, ScopeKind, Symbol, Uses, mangle};
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::future::Future;
use crate::location::Location;
use crate::name::{Name, Names, count};
use crate::target::Target;
use crate::tree::{BlockId, MOST_LEVELS, Root, Tree};

/// What the walk gives to the analysis.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) scopes: Vec<Scope>,
    /// All blocks are closed.
    pub(super) symbols: Table,
    pub(super) by_block: Vec<Option<ScopeId>>,
    /// The type parameters of each generic class, which alone are mangled around it.
    pub(super) mangled: Vec<Vec<Name>>,
    pub(super) declarations: Vec<Declaration>,
}

/// `global` or `nonlocal` of one name: where the analysis complains of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declaration {
    pub(super) scope: ScopeId,
    pub(super) name: Name,
    pub(super) location: Location,
}

/// Walks over the whole tree.
pub(super) fn walk(tree: &Tree, future: Future, context: &mut Context<'_>) -> Result<Walked> {
    let names = &mut context.names;
    let walked = Walked {
        scopes: Vec::with_capacity(tree.blocks()),
        symbols: Table::for_names(names.len()),
        by_block: vec![None; tree.blocks()],
        mangled: Vec::new(),
        declarations: Vec::new(),
    };
    let target = context.options.target();
    let mut walk =
        Walk { tree, names, target, future, walked, frames: Vec::new(), private: None, level: 0 };
    let opening = Opening {
        kind: ScopeKind::Module,
        block: Some(BlockId::ROOT),
        name: Name::TOP,
        location: Location::new(0, 0, 0, 0),
    };
    walk.in_block(opening, |this| match tree.root {
        Root::Module(body) | Root::Interactive(body) => this.body(body),
        Root::Expression(id) => this.expression(id),
    })?;
    Ok(walk.walked)
}

#[cold]
fn too_deep(at: Location) -> Fault {
    Fault::new(ErrorKind::Depth, at, "maximum recursion depth exceeded during compilation")
}

struct Walk<'a> {
    tree: &'a Tree,
    names: &'a mut Names,
    target: &'a Target,
    future: Future,
    walked: Walked,
    /// The blocks around, innermost last.
    frames: Vec<Frame>,
    /// The class whose name mangles names here.
    private: Option<Name>,
    /// In how many statements and expressions the walk is.
    level: u32,
}

/// What the walk keeps of a block while it is in it.
#[derive(Clone, Copy, Debug)]
struct Frame {
    scope: ScopeId,
    place: Place,
    /// In how many iterables of comprehensions, those of the blocks around included.
    iterables: u32,
    /// Which names are mangled, by the place in [`Walked::mangled`].
    mangled: Option<u32>,
    /// What a type variable's block computes: `a TypeVar bound`, …
    purpose: &'static str,
}

/// Where in its block the walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Anywhere,
    /// In the target of a comprehension's `for`.
    IterationTarget,
}

/// What a block needs to begin.
#[derive(Clone, Copy, Debug)]
struct Opening {
    kind: ScopeKind,
    /// None for an annotation's, which no code is made of.
    block: Option<BlockId>,
    name: Name,
    location: Location,
}

impl Walk<'_> {
    /// Walks in a block of its own (`symtable_enter_block`, `symtable_exit_block`).
    fn in_block(
        &mut self,
        opening: Opening,
        body: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let Opening { kind, block, name, location } = opening;
        let id = ScopeId(count(self.walked.scopes.len()));
        let mut scope = Scope::new(kind, name, location);
        let mut frame =
            Frame { scope: id, place: Place::Anywhere, iterables: 0, mangled: None, purpose: "" };
        if let Some(&outer) = self.frames.last() {
            let parent = self.scope();
            scope.facts.nested = parent.facts.nested || parent.is_function_like();
            frame.iterables = outer.iterables;
            // In a class everything is mangled.
            frame.mangled = outer.mangled.filter(|_| kind != ScopeKind::Class);
            if kind != ScopeKind::Annotation {
                let before = parent.children.replace((id, id));
                if let Some((first, last)) = before {
                    parent.children = Some((first, id));
                    self.walked.scopes[last.index()].sibling = Some(id);
                }
            }
        }
        scope.mangled = frame.mangled;
        self.walked.scopes.push(scope);
        if let Some(block) = block {
            self.walked.by_block[block.index()] = Some(id);
        }
        self.frames.push(frame);
        body(self)?;
        self.frames.pop();
        self.walked.symbols.close(self.walked.scopes[id.index()].symbols);
        Ok(())
    }

    /// Walks over a node (`symtable.c: ENTER_RECURSIVE`, 3.13).
    #[inline]
    fn one_deeper(
        &mut self,
        at: Location,
        walk: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        self.level += 1;
        if self.level > MOST_LEVELS {
            return Err(too_deep(at));
        }
        let outcome = walk(self);
        self.level -= 1;
        outcome
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the root's block is around all others")
    }

    /// The innermost block.
    fn scope(&mut self) -> &mut Scope {
        let id = self.frame().scope;
        &mut self.walked.scopes[id.index()]
    }

    fn facts(&mut self) -> &mut Facts {
        &mut self.scope().facts
    }

    /// What the innermost block has done with a name so far.
    fn uses(&mut self, name: Name) -> Uses {
        let name = self.mangle(name);
        let scope = self.frame().scope;
        self.symbol(scope, name).uses
    }

    /// What an open block has done with a (mangled) name so far.
    fn symbol(&self, scope: ScopeId, name: Name) -> Symbol {
        let symbols = &self.walked.symbols;
        symbols.find(scope, name).map(|id| symbols.get(id).1).unwrap_or_default()
    }

    /// The name as the innermost block has it.
    #[inline]
    fn mangle(&mut self, name: Name) -> Name {
        if self.names.is_private(name) { self.mangle_private(name) } else { name }
    }

    #[cold]
    fn mangle_private(&mut self, name: Name) -> Name {
        let mangled = self.frame().mangled;
        self.mangle_in(mangled, name)
    }

    fn mangle_in(&mut self, mangled: Option<u32>, name: Name) -> Name {
        match mangled {
            Some(at) if !self.walked.mangled[at as usize].contains(&name) => name,
            _ => mangle(self.private, name, self.names),
        }
    }

    /// Notes what the innermost block does with a name (`symtable_add_def`).
    #[inline]
    fn note(&mut self, name: Name, uses: Uses, at: Location) -> Result<()> {
        let &mut Frame { scope, place, .. } = self.frame();
        let id = self.note_in(scope, name, uses, at)?;
        match place {
            Place::Anywhere => Ok(()),
            Place::IterationTarget => self.note_iteration(id, name, at),
        }
    }

    fn note_iteration(&mut self, id: EntryId, name: Name, at: Location) -> Result<()> {
        let symbol = self.walked.symbols.symbol_mut(id);
        if symbol.uses.intersects(Uses::GLOBAL | Uses::NONLOCAL) {
            let before = "comprehension inner loop cannot rebind assignment expression target";
            return self.error(at, before, name, "");
        }
        symbol.uses |= Uses::COMPREHENSION_ITERATION;
        Ok(())
    }

    /// Notes what an open block does with a name (`symtable_add_def_helper`).
    #[inline]
    fn note_in(&mut self, scope: ScopeId, name: Name, uses: Uses, at: Location) -> Result<EntryId> {
        let mangled = self.mangle(name);
        let id = self.entry(scope, mangled);
        let symbol = self.walked.symbols.symbol_mut(id);
        if uses.intersects(Uses::PARAMETER) && symbol.uses.intersects(Uses::PARAMETER) {
            return self.error(at, "duplicate argument", name, "in function definition");
        }
        if uses.intersects(Uses::TYPE_PARAM) && symbol.uses.intersects(Uses::TYPE_PARAM) {
            return self.error(at, "duplicate type parameter", name, "");
        }
        symbol.uses |= uses;
        if uses.intersects(Uses::GLOBAL) {
            let global = self.entry(ScopeId::ROOT, mangled);
            self.walked.symbols.symbol_mut(global).uses |= uses;
        }
        Ok(id)
    }

    /// The entry of a (mangled) name in an open block; an empty new one if there is none.
    #[inline]
    fn entry(&mut self, scope: ScopeId, name: Name) -> EntryId {
        let Walked { scopes, symbols, .. } = &mut self.walked;
        match symbols.find(scope, name) {
            Some(id) => id,
            None => symbols.push(scope, &mut scopes[scope.index()].symbols, name),
        }
    }

    /// A `SyntaxError` that says `before 'name' after`.
    #[cold]
    fn error<T>(&self, at: Location, before: &str, name: Name, after: &str) -> Result<T> {
        let name = self.names.text(name);
        let space = if after.is_empty() { "" } else { " " };
        Err(Fault::syntax(at, format!("{before} '{name}'{space}{after}")))
    }
}
