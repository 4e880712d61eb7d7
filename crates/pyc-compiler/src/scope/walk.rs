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

use super::{Facts, Scope, ScopeId, ScopeKind, Uses, mangle};
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::future::Future;
use crate::location::Location;
use crate::name::{Name, Names, count};
use crate::target::Target;
use crate::tree::{BlockId, Root, Tree};

/// What the walk gives to the analysis.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) scopes: Vec<Scope>,
    pub(super) by_block: Vec<Option<ScopeId>>,
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
    let mut walk = Walk {
        tree,
        names: &mut context.names,
        target: context.options.target(),
        future,
        walked: Walked {
            scopes: Vec::new(),
            by_block: vec![None; tree.blocks()],
            declarations: Vec::new(),
        },
        frames: Vec::new(),
        private: None,
        mangled: Vec::new(),
    };
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
    let Walk { mut walked, mangled, .. } = walk;
    for Mangled { names, scopes } in mangled {
        for scope in scopes {
            walked.scopes[scope.index()].mangled_names = Some(names.clone());
        }
    }
    Ok(walked)
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
    mangled: Vec<Mangled>,
}

/// What the walk keeps of a block while it is in it.
#[derive(Clone, Copy, Debug)]
struct Frame {
    scope: ScopeId,
    place: Place,
    /// In how many iterables of comprehensions, those of the blocks around included.
    iterables: u32,
    /// Which names are mangled, by the place in [`Walk::mangled`].
    mangled: Option<usize>,
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

/// The type parameters of a generic class, which alone are mangled around it, and the scopes that share them.
#[derive(Debug)]
struct Mangled {
    names: Vec<Name>,
    scopes: Vec<ScopeId>,
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
                parent.children.push(id);
            }
        }
        if let Some(at) = frame.mangled {
            self.mangled[at].scopes.push(id);
        }
        self.walked.scopes.push(scope);
        if let Some(block) = block {
            self.walked.by_block[block.index()] = Some(id);
        }
        self.frames.push(frame);
        body(self)?;
        self.frames.pop();
        Ok(())
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
        self.scope().symbol(name).unwrap_or_default().uses
    }

    /// The name as the innermost block has it.
    fn mangle(&mut self, name: Name) -> Name {
        let Some(frame) = self.frames.last() else { return name };
        self.mangle_in(frame.mangled, name)
    }

    fn mangle_in(&mut self, mangled: Option<usize>, name: Name) -> Name {
        if self.private.is_none() {
            return name;
        }
        match mangled {
            Some(at) if !self.mangled[at].names.contains(&name) => name,
            _ => mangle(self.private, name, self.names),
        }
    }

    /// Notes what the innermost block does with a name (`symtable_add_def`).
    fn note(&mut self, name: Name, uses: Uses, at: Location) -> Result<()> {
        let frame = *self.frame();
        self.note_in(frame, name, uses, at)
    }

    /// Notes what the block of `frame`, which is around, does with a name (`symtable_add_def_helper`).
    fn note_in(&mut self, frame: Frame, name: Name, uses: Uses, at: Location) -> Result<()> {
        let mangled = self.mangle(name);
        let scope = &mut self.walked.scopes[frame.scope.index()];
        let symbol = scope.symbols.entry(mangled);
        let both = |flag| uses.intersects(flag) && symbol.uses.intersects(flag);
        if both(Uses::PARAMETER) {
            return self.error(at, "duplicate argument", name, "in function definition");
        }
        if both(Uses::TYPE_PARAM) {
            return self.error(at, "duplicate type parameter", name, "");
        }
        symbol.uses |= uses;
        if frame.place == Place::IterationTarget {
            if symbol.uses.intersects(Uses::GLOBAL | Uses::NONLOCAL) {
                let before = "comprehension inner loop cannot rebind assignment expression target";
                return self.error(at, before, name, "");
            }
            symbol.uses |= Uses::COMPREHENSION_ITERATION;
        }
        if uses.intersects(Uses::PARAMETER) {
            scope.parameters.push(mangled);
        } else if uses.intersects(Uses::GLOBAL) {
            self.walked.scopes[ScopeId::ROOT.index()].symbols.entry(mangled).uses |= uses;
        }
        Ok(())
    }

    /// A `SyntaxError` that says `before 'name' after`.
    fn error(&self, at: Location, before: &str, name: Name, after: &str) -> Result<()> {
        let name = self.names.text(name);
        let space = if after.is_empty() { "" } else { " " };
        Err(Fault::syntax(at, format!("{before} '{name}'{space}{after}")))
    }
}
