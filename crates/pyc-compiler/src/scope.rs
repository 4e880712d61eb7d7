//! Symbol tables: what each name of each block means.
//!
//! ```text
//! def f(a):          block f       a: parameter, cell
//!     return lambda: a    lambda   a: free
//! ```
//!
//! As CPython's `symtable.c`, 3.13: one [walk](walk) over the tree notes what each block does with
//! each name, then an [analysis] from the outside in decides where each name lives, and which
//! comprehensions become part of their parents.

mod analysis;
mod inline;
mod mangle;
mod print;
mod symbol;
mod table;
mod walk;

#[cfg(test)]
mod tests;

pub(crate) use mangle::mangle;
pub(crate) use symbol::{Resolution, Symbol, Uses};

use crate::context::Context;
use crate::error::Result;
use crate::future::Future;
use crate::location::Location;
use crate::name::Name;
use crate::tree::{BlockId, ComprehensionKind, Tree};
use table::{Chain, Table};

/// All symbol tables of a file.
#[derive(Debug)]
pub(crate) struct Scopes {
    all: Vec<Scope>,
    symbols: Table,
    /// By block; none for blocks that the walk never entered.
    by_block: Vec<Option<ScopeId>>,
    /// The type parameters of each generic class.
    mangled: Vec<Vec<Name>>,
}

/// A symbol table. They are numbered in the order in which their blocks begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ScopeId(u32);

/// The symbol table of one block (`pycore_symtable.h: _symtable_entry, 3.13`).
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    pub(crate) name: Name,
    pub(crate) location: Location,
    /// Names are mangled; parameters come in the order of `co_varnames`.
    symbols: Chain,
    /// The first and the last block in this one. Those of inlined comprehensions stand in the place
    /// of the comprehensions.
    children: Option<(ScopeId, ScopeId)>,
    /// The next block in the one around.
    sibling: Option<ScopeId>,
    pub(crate) comprehension: Option<ComprehensionKind>,
    /// Where the annotations of the block's names are evaluated.
    pub(crate) annotations: Option<ScopeId>,
    /// Of a function, where those of its parameters and of what it returns are.
    pub(crate) signature: Option<ScopeId>,
    /// The only names that are mangled around a generic class, by the place in [`Scopes::mangled`];
    /// all, if none.
    mangled: Option<u32>,
    pub(crate) facts: Facts,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Function,
    Class,
    Module,
    /// Annotations: of a function's parameters and what it returns, or of the names of a module or
    /// class. Under `from __future__ import annotations` nobody evaluates them.
    Annotation,
    TypeAlias,
    TypeParameters,
    TypeVariable,
}

/// What a block does or has, beside its names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent fact of `_symtable_entry`"
)]
pub(crate) struct Facts {
    /// Inside a function.
    pub(crate) nested: bool,
    /// Has free variables.
    pub(crate) free: bool,
    /// A child has free variables, names of globals among them.
    pub(crate) child_free: bool,
    pub(crate) generator: bool,
    pub(crate) coroutine: bool,
    pub(crate) varargs: bool,
    pub(crate) varkeywords: bool,
    /// Has `return` with a value.
    pub(crate) returns_value: bool,
    /// A class whose methods use `__class__`.
    pub(crate) needs_class_closure: bool,
    /// A class whose annotation scopes use its namespace.
    pub(crate) needs_classdict: bool,
    /// A class or module that notes which of its annotations were reached.
    pub(crate) conditional_annotations: bool,
    /// Has annotations: of an annotations' block of a function.
    pub(crate) annotates: bool,
    /// A comprehension whose code stands in its parent's (PEP 709).
    pub(crate) inlined: bool,
    /// Sees the names that an enclosing class binds.
    pub(crate) can_see_class_scope: bool,
}

impl Scopes {
    /// Makes the symbol tables of a file (`symtable.c: _PySymtable_Build`, 3.13).
    pub(crate) fn build(tree: &Tree, future: Future, context: &mut Context<'_>) -> Result<Self> {
        let walked = walk::walk(tree, future, context)?;
        analysis::analyze(walked, &context.names, *context.options.target())
    }

    /// All names of a block with what they mean, in the order in which the walk met them.
    pub(crate) fn symbols(&self, scope: ScopeId) -> impl Iterator<Item = (Name, Symbol)> + '_ {
        self.symbols.symbols(self[scope].symbols)
    }

    /// How many symbol tables there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The symbol table of `block`.
    pub(crate) fn of(&self, block: BlockId) -> Option<ScopeId> {
        self.by_block.get(block.index()).copied().flatten()
    }
}

impl std::ops::Index<ScopeId> for Scopes {
    type Output = Scope;

    fn index(&self, id: ScopeId) -> &Scope {
        &self.all[id.index()]
    }
}

impl ScopeId {
    /// The outermost: the module's, or that of the expression that is the whole file.
    pub(crate) const ROOT: Self = Self(0);

    /// Dense from 0.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Scope {
    fn new(kind: ScopeKind, name: Name, location: Location) -> Self {
        Self {
            kind,
            name,
            location,
            symbols: Chain::default(),
            children: None,
            sibling: None,
            comprehension: None,
            annotations: None,
            signature: None,
            mangled: None,
            facts: Facts::default(),
        }
    }

    /// Names live as in a function: locals are fast, and classes around are passed over
    /// (`_PyST_IsFunctionLike`).
    pub(crate) fn is_function_like(&self) -> bool {
        self.kind.is_function_like()
    }
}

impl ScopeKind {
    fn is_function_like(self) -> bool {
        match self {
            Self::Function
            | Self::Annotation
            | Self::TypeVariable
            | Self::TypeAlias
            | Self::TypeParameters => true,
            Self::Class | Self::Module => false,
        }
    }
}
