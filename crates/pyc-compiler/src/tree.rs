//! The syntax tree: CPython's `ast`, flat, with CPython's positions.
//!
//! ```text
//! f(x)  ─▶  exprs: [Name f, Name x, Call { function: 0, arguments: 0..1 }]   expr_lists: [1]
//! ```
//!
//! Nodes are in vectors and refer to each other by index. Code with a `&Tree` copies nodes out of
//! it: `let ExprKind::Call { arguments, .. } = tree[id].kind` and `for &argument in
//! &tree[arguments]`.

mod expr;
mod function;
mod list;
mod pattern;
mod stmt;

pub(crate) use expr::{
    BinaryOp, BoolOp, CompareOp, Comparison, Comprehension, ComprehensionId, ComprehensionKind,
    Context, Conversion, DictItem, Expr, ExprId, ExprKind, Generator, Keyword, StrPrefix, UnaryOp,
};
pub(crate) use function::{
    Class, ClassId, Function, FunctionId, Lambda, LambdaId, Parameter, Parameters, ScopeBlockId,
    TypeAlias, TypeAliasId, TypeParam, TypeParamKind,
};
pub(crate) use list::{Item, List, Lists};
pub(crate) use pattern::{Case, Pattern, PatternId, PatternKind};
pub(crate) use stmt::{Alias, Body, Handler, Stmt, StmtId, StmtKind, WithItem};

use crate::location::Location;
use crate::name::Name;

/// Maximum number of levels of nodes (`Py_C_RECURSION_LIMIT`, 3.13, minus the levels of CPython's
/// own calls). The walk over the scopes refuses deeper trees, before any other stage sees them.
pub(crate) const MOST_LEVELS: u32 = 9_997;

/// One file's tree.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) root: Root,
    exprs: Vec<Expr>,
    stmts: Vec<Stmt>,
    patterns: Vec<Pattern>,
    functions: Vec<Function>,
    lambdas: Vec<Lambda>,
    classes: Vec<Class>,
    type_aliases: Vec<TypeAlias>,
    comprehensions: Vec<Comprehension>,
    lists: Lists,
    blocks: u32,
    depth: u32,
}

/// The kind of a whole file; its block is [`ScopeBlockId::ROOT`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Root {
    /// `exec`
    Module(Body),
    /// `single`
    Interactive(Body),
    /// `eval`
    Expression(ExprId),
}

impl Default for Root {
    fn default() -> Self {
        Self::Module(List::EMPTY)
    }
}

impl Tree {
    /// A tree with capacity for a typical source of this size in bytes, which avoids that vectors
    /// grow and are copied. It reuses the memory of another tree.
    pub(crate) fn for_source(bytes: usize, memory: Self) -> Self {
        let mut tree = memory.cleared();
        // Measured for 3.13's standard library: an expression for every 12 bytes, a statement for
        // every 45; half of both are in lists.
        tree.exprs.reserve(bytes / 12);
        tree.stmts.reserve(bytes / 45);
        tree.lists.reserve(bytes);
        tree
    }

    /// Creates a new block; each construct with its own symbol table has one.
    pub(crate) fn new_block(&mut self) -> ScopeBlockId {
        let block = ScopeBlockId::new(self.blocks);
        self.blocks += 1;
        block
    }

    /// The number of blocks; every [`ScopeBlockId`]'s index is less than this.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks as usize
    }

    /// The number of expressions.
    pub(crate) fn expressions(&self) -> usize {
        self.exprs.len()
    }

    /// The number of statements.
    pub(crate) fn statements(&self) -> usize {
        self.stmts.len()
    }

    /// Records that there are nodes at this level.
    pub(crate) fn deepen(&mut self, level: u32) {
        self.depth = self.depth.max(level);
    }

    /// Maximum nesting of statements and expressions, which recursive functions on the tree must
    /// support.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Changes an expression's location.
    pub(crate) fn relocate(&mut self, id: ExprId, location: Location) {
        self.exprs[id.index()].location = location;
    }

    /// Replaces an expression by another node, as folding does.
    pub(crate) fn replace(&mut self, id: ExprId, kind: ExprKind) {
        self.exprs[id.index()].kind = kind;
    }

    /// Replaces a statement by another one.
    pub(crate) fn replace_statement(&mut self, id: StmtId, kind: StmtKind) {
        self.stmts[id.index()].kind = kind;
    }

    /// The name, if the expression is a name.
    pub(crate) fn as_name(&self, id: ExprId) -> Option<Name> {
        match self[id].kind {
            ExprKind::Name { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// Defines `push` for each kind of node, and `tree[id]` for reading.
macro_rules! nodes {
    ($($push:ident: $id:ident => $field:ident, $node:ty;)*) => {
        impl Tree {
            $(pub(crate) fn $push(&mut self, node: $node) -> $id {
                let id = $id::new(crate::name::count(self.$field.len()));
                self.$field.push(node);
                id
            })*
        }

        impl Tree {
            /// Removes the content, and keeps the memory.
            fn cleared(mut self) -> Self {
                $(self.$field.clear();)*
                self.lists.clear();
                Self { root: Root::default(), blocks: 1, depth: 0, ..self }
            }
        }

        $(impl std::ops::Index<$id> for Tree {
            type Output = $node;

            #[inline(always)]
            fn index(&self, id: $id) -> &$node {
                let nodes: &[$node] = &self.$field;
                &nodes[id.index()]
            }
        })*
    };
}

nodes! {
    push_expr: ExprId => exprs, Expr;
    push_stmt: StmtId => stmts, Stmt;
    push_pattern: PatternId => patterns, Pattern;
    push_function: FunctionId => functions, Function;
    push_lambda: LambdaId => lambdas, Lambda;
    push_class: ClassId => classes, Class;
    push_type_alias: TypeAliasId => type_aliases, TypeAlias;
    push_comprehension: ComprehensionId => comprehensions, Comprehension;
}

/// A four-byte index; an `Option` of it has the same size.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct $name(std::num::NonZeroU32);

        impl $name {
            #[inline(always)]
            pub(crate) const fn new(index: u32) -> Self {
                match std::num::NonZeroU32::new(index.wrapping_add(1)) {
                    Some(number) => Self(number),
                    None => panic!("a source of less than 4 GiB has fewer nodes"),
                }
            }

            /// Consecutive from 0.
            pub(crate) const fn index(self) -> usize {
                (self.0.get() - 1) as usize
            }
        }
    };
}
use id;
