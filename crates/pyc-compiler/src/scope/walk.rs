//! The walk over the tree: notes what each block does with each name.
//!
//! ```text
//! x = y       module: y is used, x is bound … in the order of the tree, which is not always that of evaluation
//! ```
//!
//! This is the first pass of `symtable.c`, 3.13. It decides only what one statement alone decides.
//! It finds errors in CPython's order.

mod annotation;
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
use crate::error::{ErrorKind, Fault, Result, Warning};
use crate::future::Future;
use crate::location::Location;
use crate::name::{Name, Names, count};
use crate::target::{Feature, Target};
use crate::tree::{MOST_LEVELS, Root, ScopeBlockId, Tree};

/// What the walk hands to the analysis.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) scopes: Vec<Scope>,
    /// All blocks are closed.
    pub(super) symbols: Table,
    pub(super) by_block: Vec<Option<ScopeId>>,
    /// The type parameters of each generic class: around the class only they are mangled.
    pub(super) mangled: Vec<Vec<Name>>,
    pub(super) declarations: Vec<Declaration>,
}

/// `global` or `nonlocal` for one name: errors of the analysis point here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declaration {
    pub(super) scope: ScopeId,
    pub(super) name: Name,
    pub(super) location: Location,
}

/// Walks over the whole tree.
pub(super) fn walk(tree: &Tree, future: Future, context: &mut Context<'_>) -> Result<Walked> {
    let Context { names, warnings, options, .. } = context;
    let walked = Walked {
        scopes: Vec::with_capacity(tree.blocks()),
        symbols: Table::for_names(names.len()),
        by_block: vec![None; tree.blocks()],
        mangled: Vec::new(),
        declarations: Vec::new(),
    };
    let mut walk = Walk {
        tree,
        names,
        warnings,
        target: options.target(),
        future,
        walked,
        frames: Vec::new(),
        private: None,
        level: 0,
    };
    let opening = Opening {
        kind: ScopeKind::Module,
        block: Some(ScopeBlockId::ROOT),
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
    warnings: &'a mut Vec<Warning>,
    target: &'a Target,
    future: Future,
    walked: Walked,
    /// The open blocks, innermost last.
    frames: Vec<Frame>,
    /// The class by whose name private names are mangled here.
    private: Option<Name>,
    /// The number of statements and expressions around the current node.
    level: u32,
}

/// The walk's state of one open block.
#[derive(Clone, Copy, Debug)]
struct Frame {
    scope: ScopeId,
    part: Part,
    /// The number of enclosing iterables of comprehensions, including those of enclosing blocks.
    iterables: u32,
    /// The number of enclosing `try` statements.
    tries: u32,
    /// Which names are mangled: an index into [`Walked::mangled`]. `None` if all are.
    mangled: Option<u32>,
    /// What a type variable's block computes, for messages: `a TypeVar bound`, …
    purpose: &'static str,
    /// Whether the statement may not be reached (`ste_in_conditional_block`).
    conditional: bool,
    /// Whether the statement is in `finally` and in no loop or function inside that.
    in_finally: bool,
    /// Whether the annotation is never evaluated, so that its names don't count
    /// (`ste_in_unevaluated_annotation`).
    unevaluated: bool,
}

/// Which part of its block the walk is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Other,
    /// In the target of a comprehension's `for`.
    IterationTarget,
}

/// Whether a body is that of a `finally`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finally {
    Inside,
    Outside,
}

/// What is needed to open a block.
#[derive(Clone, Copy, Debug)]
struct Opening {
    kind: ScopeKind,
    /// `None` for a block of annotations for which no code is generated.
    block: Option<ScopeBlockId>,
    name: Name,
    location: Location,
}

impl Frame {
    fn new(scope: ScopeId) -> Self {
        let part = Part::Other;
        Self {
            scope,
            part,
            iterables: 0,
            tries: 0,
            mangled: None,
            purpose: "",
            conditional: false,
            in_finally: false,
            unevaluated: false,
        }
    }
}

impl Walk<'_> {
    /// Walks in a new block (`symtable_enter_block`, `symtable_exit_block`).
    fn in_block(
        &mut self,
        opening: Opening,
        body: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let Opening { kind, block, name, location } = opening;
        let id = ScopeId(count(self.walked.scopes.len()));
        let mut scope = Scope::new(kind, name, location);
        let mut frame = Frame::new(id);
        let is_child = kind != ScopeKind::Annotation || self.evaluates_annotations();
        if let Some(&outer) = self.frames.last() {
            let parent = self.scope();
            scope.facts.nested = parent.facts.nested || parent.is_function_like();
            frame.iterables = outer.iterables;
            // In a class all names are mangled.
            frame.mangled = outer.mangled.filter(|_| kind != ScopeKind::Class);
            if is_child {
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
        self.in_frame(frame, |this| {
            this.note_format(kind, location)?;
            body(this)
        })
    }

    /// Walks with this block as the innermost.
    fn in_frame(&mut self, frame: Frame, body: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.frames.push(frame);
        body(self)?;
        self.frames.pop();
        self.walked.symbols.close(self.walked.scopes[frame.scope.index()].symbols);
        Ok(())
    }

    /// Walks over statements that may not be reached.
    fn in_conditional(&mut self, body: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let before = std::mem::replace(&mut self.frame().conditional, true);
        body(self)?;
        self.frame().conditional = before;
        Ok(())
    }

    /// Walks over a node, one level deeper (`symtable.c: ENTER_RECURSIVE`, 3.13).
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

    /// Walks over the body of a `finally`, or over that of a loop, in which a `break` doesn't leave
    /// the `finally` around the loop.
    fn in_finally(
        &mut self,
        is_in: Finally,
        body: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let before = std::mem::replace(&mut self.frame().in_finally, is_in == Finally::Inside);
        body(self)?;
        self.frame().in_finally = before;
        Ok(())
    }

    /// Warns about a statement that leaves a `finally` (`ast_preprocess.c:
    /// control_flow_in_finally_warning`, 3.14).
    #[inline]
    #[expect(clippy::unnecessary_wraps, reason = "reads as what other statements do")]
    fn warn_in_finally(&mut self, word: &str, at: Location) -> Result<()> {
        if self.frame().in_finally && self.target.has(Feature::LeavingFinallyWarned) {
            self.warnings.push(Warning::syntax(at, format!("'{word}' in a 'finally' block")));
        }
        Ok(())
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the root's block is around all others")
    }

    fn scope(&mut self) -> &mut Scope {
        let id = self.frame().scope;
        &mut self.walked.scopes[id.index()]
    }

    fn facts(&mut self) -> &mut Facts {
        &mut self.scope().facts
    }

    /// Whether the innermost block is that of an `async def` (`IS_ASYNC_DEF`).
    fn is_in_coroutine(&mut self) -> bool {
        let scope = self.scope();
        scope.kind == ScopeKind::Function && scope.facts.coroutine
    }

    /// Refuses `async for` and `async with` outside of a coroutine, unless the code generator does
    /// so later (`symtable.c: symtable_raise_if_not_coroutine`, 3.14).
    fn check_coroutine(&mut self, message: &str, at: Location) -> Result<()> {
        if self.facts().coroutine || !self.target.has(Feature::CoroutinesCheckedInTables) {
            return Ok(());
        }
        Err(Fault::syntax(at, message))
    }

    /// How the innermost block has used a name so far.
    fn uses(&mut self, name: Name) -> Uses {
        let name = self.mangle(name);
        let scope = self.frame().scope;
        self.symbol(scope, name).uses
    }

    /// How an open block has used a (mangled) name so far.
    fn symbol(&self, scope: ScopeId, name: Name) -> Symbol {
        let symbols = &self.walked.symbols;
        symbols.find(scope, name).map(|id| symbols.get(id).1).unwrap_or_default()
    }

    /// Mangles the name as the innermost block requires.
    #[inline(always)]
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

    /// Notes how the innermost block uses a name (`symtable_add_def`).
    #[inline(never)]
    fn note(&mut self, name: Name, uses: Uses, at: Location) -> Result<()> {
        self.note_here(name, uses, at)
    }

    /// [`Self::note`] for the call that notes most names.
    #[inline(always)]
    fn note_here(&mut self, name: Name, uses: Uses, at: Location) -> Result<()> {
        if name == Name::DEBUG && uses.intersects(Uses::BOUND) {
            self.forbid_debug("cannot assign to __debug__", at)?;
        }
        let &mut Frame { scope, part, .. } = self.frame();
        let id = self.note_in(scope, name, uses, at)?;
        match part {
            Part::Other => Ok(()),
            Part::IterationTarget => self.note_iteration(id, name, at),
        }
    }

    /// Refuses to bind or delete a name or attribute `__debug__`, unless the code generator does so
    /// later (`symtable.c: check_name`, 3.14).
    #[cold]
    fn forbid_debug(&self, message: &'static str, at: Location) -> Result<()> {
        if self.target.has(Feature::DebugCheckedInTables) {
            return Err(Fault::syntax(at, message));
        }
        Ok(())
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

    /// Notes how an open block uses a name (`symtable_add_def_helper`).
    #[inline(always)]
    fn note_in(&mut self, scope: ScopeId, name: Name, uses: Uses, at: Location) -> Result<EntryId> {
        let mangled = self.mangle(name);
        let id = self.entry(scope, mangled);
        let symbol = self.walked.symbols.symbol_mut(id);
        if uses.intersects(Uses::PARAMETER) && symbol.uses.intersects(Uses::PARAMETER) {
            let is_parameter = self.target.has(Feature::DuplicateParameter);
            let before = if is_parameter { "duplicate parameter" } else { "duplicate argument" };
            return self.error(at, before, name, "in function definition");
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

    /// The entry of a (mangled) name in an open block. Creates an empty one if there is none.
    #[inline]
    fn entry(&mut self, scope: ScopeId, name: Name) -> EntryId {
        let Walked { scopes, symbols, .. } = &mut self.walked;
        match symbols.find(scope, name) {
            Some(id) => id,
            None => symbols.push(scope, &mut scopes[scope.index()].symbols, name),
        }
    }

    /// A `SyntaxError` with the message `before 'name' after`.
    #[cold]
    fn error<T>(&self, at: Location, before: &str, name: Name, after: &str) -> Result<T> {
        let name = self.names.text(name);
        let space = if after.is_empty() { "" } else { " " };
        Err(Fault::syntax(at, format!("{before} '{name}'{space}{after}")))
    }
}
