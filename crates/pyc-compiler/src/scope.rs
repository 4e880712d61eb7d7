//! Symbol tables: what each name of each block means.
//!
//! ```text
//! def f(a):          block f       a: parameter, cell
//!     return lambda: a    lambda   a: free
//! ```
//!
//! As CPython's `symtable.c`: one walk over the tree notes what each block does with each name, then an analysis from
//! the outside in decides where each name lives.

mod symbol;

pub(crate) use symbol::{Resolution, Symbol, Uses};

use crate::location::Location;
use crate::name::Name;
use crate::tree::{BlockId, ComprehensionKind};

/// All symbol tables of a file.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    scopes: Vec<Scope>,
    /// By block; none for blocks that the walk never entered.
    by_block: Vec<Option<ScopeId>>,
}

/// A symbol table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ScopeId(u32);

/// The symbol table of one block (`pycore_symtable.h: _symtable_entry, 3.13`).
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    pub(crate) name: Name,
    pub(crate) location: Location,
    /// In the order in which the walk met the names; names are mangled.
    symbols: Vec<(Name, Symbol)>,
    /// Parameters, in the order of `co_varnames`.
    pub(crate) parameters: Vec<Name>,
    pub(crate) children: Vec<ScopeId>,
    pub(crate) comprehension: Option<ComprehensionKind>,
    /// Which names of a type-parameter block are mangled; all, if none.
    pub(crate) mangled_names: Option<Vec<Name>>,
    pub(crate) facts: Facts,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Function,
    Class,
    Module,
    /// An annotation under `from __future__ import annotations`, which nobody evaluates.
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
    /// A comprehension whose code stands in its parent's (PEP 709).
    pub(crate) inlined: bool,
    /// Sees the names that an enclosing class binds.
    pub(crate) can_see_class_scope: bool,
}

impl Scopes {
    /// The symbol table of `block`.
    pub(crate) fn of(&self, block: BlockId) -> Option<ScopeId> {
        self.by_block.get(block.index()).copied().flatten()
    }
}

impl std::ops::Index<ScopeId> for Scopes {
    type Output = Scope;

    fn index(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }
}

impl Scope {
    /// What the (mangled) name means here, if the block mentions it.
    pub(crate) fn symbol(&self, name: Name) -> Option<Symbol> {
        self.symbols.iter().find(|(one, _)| *one == name).map(|(_, symbol)| *symbol)
    }

    /// All names with what they mean, in the order in which the walk met them.
    pub(crate) fn symbols(&self) -> &[(Name, Symbol)] {
        &self.symbols
    }

    /// Names live as in a function: locals are fast, and classes around are passed over (`_PyST_IsFunctionLike`).
    pub(crate) fn is_function_like(&self) -> bool {
        match self.kind {
            ScopeKind::Function
            | ScopeKind::TypeVariable
            | ScopeKind::TypeAlias
            | ScopeKind::TypeParameters => true,
            ScopeKind::Class | ScopeKind::Module | ScopeKind::Annotation => false,
        }
    }
}

impl Scopes {
    pub(crate) fn build(
        _tree: &crate::tree::Tree,
        _future: crate::future::Future,
        _context: &mut crate::context::Context<'_>,
    ) -> crate::error::Result<Self> {
        Ok(Self::default())
    }
}

/// The name as the class `private` has it: `__x` in class `C` is `_C__x` (`symtable.c: _Py_Mangle`, 3.13).
pub(crate) fn mangle(private: Option<Name>, name: Name, _names: &mut crate::name::Names) -> Name {
    let _ = private;
    name
}

/// [`mangle`], but only what the scope says is to be mangled (`symtable.c: _Py_MaybeMangle`, 3.13).
pub(crate) fn maybe_mangle(
    private: Option<Name>,
    scope: Option<&Scope>,
    name: Name,
    names: &mut crate::name::Names,
) -> Name {
    match scope.and_then(|scope| scope.mangled_names.as_ref()) {
        Some(mangled) if !mangled.contains(&name) => name,
        _ => mangle(private, name, names),
    }
}
