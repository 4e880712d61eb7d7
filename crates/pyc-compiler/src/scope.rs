//! Symbol tables: what each name of each block means.
//!
//! ```text
//! def f(a):          block f       a: parameter, cell
//!     return lambda: a    lambda   a: free
//! ```
//!
//! As in CPython's `symtable.c`, 3.13, there are two passes. A [walk] over the tree notes
//! what each block does with each name. Then the [analysis], from the outside in, decides where
//! each name lives and which comprehensions are inlined into the enclosing block.

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
use crate::tree::{ComprehensionKind, ScopeBlockId, Tree};
use table::{Chain, Table};

/// All symbol tables of a file.
#[derive(Debug)]
pub(crate) struct Scopes {
    all: Vec<Scope>,
    symbols: Table,
    /// By block; `None` for blocks that the walk never entered.
    by_block: Vec<Option<ScopeId>>,
    /// The type parameters of each generic class.
    mangled: Vec<Vec<Name>>,
}

/// A symbol table's number. They are numbered in the order in which their blocks begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ScopeId(u32);

/// The symbol table of one block (`pycore_symtable.h: _symtable_entry, 3.13`).
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    pub(crate) name: Name,
    pub(crate) location: Location,
    /// Names are mangled. Parameters are in the order of `co_varnames`.
    symbols: Chain,
    /// The first and the last block nested in this one. Inlined comprehensions are replaced by the
    /// blocks nested in them.
    children: Option<(ScopeId, ScopeId)>,
    /// The next block in the same enclosing block.
    sibling: Option<ScopeId>,
    pub(crate) comprehension: Option<ComprehensionKind>,
    /// The block in which the annotations of this block's names are evaluated.
    pub(crate) annotations: Option<ScopeId>,
    /// For a function: the block in which the annotations of its parameters and its return value
    /// are evaluated.
    pub(crate) signature: Option<ScopeId>,
    /// Around a generic class: the only names that are mangled, an index into [`Scopes::mangled`].
    /// `None` if all names are.
    mangled: Option<u32>,
    pub(crate) facts: Facts,
}

/// The kind of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Function,
    Class,
    Module,
    /// Annotations: of a function's parameters and return value, or of the names of a module or
    /// class. Under `from __future__ import annotations` they are never evaluated.
    Annotation,
    TypeAlias,
    TypeParameters,
    TypeVariable,
}

/// Properties of a block besides its names.
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
    /// A child has free variables, including names that resolve to globals.
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
    /// A class or module whose code records which of its annotations were reached.
    pub(crate) conditional_annotations: bool,
    /// A function's annotation block that has annotations.
    pub(crate) annotates: bool,
    /// A comprehension that is inlined into the enclosing block (PEP 709).
    pub(crate) inlined: bool,
    /// Sees the names that an enclosing class binds.
    pub(crate) can_see_class_scope: bool,
}

impl Scopes {
    /// Builds the symbol tables of a file (`symtable.c: _PySymtable_Build`, 3.13).
    pub(crate) fn build(tree: &Tree, future: Future, context: &mut Context<'_>) -> Result<Self> {
        let walked = walk::walk(tree, future, context)?;
        analysis::analyze(walked, &context.names, *context.options.target())
    }

    /// All names of a block and their symbols, in the order in which the walk met them.
    pub(crate) fn symbols(&self, scope: ScopeId) -> impl Iterator<Item = (Name, Symbol)> + '_ {
        self.symbols.symbols(self[scope].symbols)
    }

    /// The number of symbol tables.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The symbol table of `block`.
    pub(crate) fn of(&self, block: ScopeBlockId) -> Option<ScopeId> {
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
    /// The outermost block: the module's, or that of the expression in
    /// [`Mode::Expression`](crate::Mode).
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

    /// Whether names resolve as in a function: locals are fast, and enclosing classes are skipped
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
