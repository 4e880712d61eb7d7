//! The syntax tree: CPython's `ast`, flat, with CPython's positions.
//!
//! ```text
//! f(x)  ─▶  exprs: [Name f, Name x, Call { function: 0, arguments: 0..1 }]   expr_lists: [1]
//! ```
//!
//! Nodes stand in vectors and name each other by index. Whoever holds a `&Tree` copies nodes out of
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
    BlockId, Class, ClassId, Function, FunctionId, Lambda, LambdaId, Parameter, Parameters,
    TypeAlias, TypeAliasId, TypeParam, TypeParamKind,
};
pub(crate) use list::{Item, List, Lists};
pub(crate) use pattern::{Case, Pattern, PatternId, PatternKind};
pub(crate) use stmt::{Alias, Body, Handler, Stmt, StmtId, StmtKind, WithItem};

use crate::location::Location;
use crate::name::Name;

/// How many levels of nodes there may be at most (`Py_C_RECURSION_LIMIT`, 3.13, less what CPython's
/// own calls take of it). What is deeper, the walk over the scopes refuses, before any other stage
/// sees it.
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

/// What a file is as a whole; its block is [`BlockId::ROOT`].
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
    /// A tree with room for what a source of so many bytes usually has, so that vectors needn't
    /// grow and be copied; in the memory of another one.
    pub(crate) fn for_source(bytes: usize, memory: Self) -> Self {
        let mut tree = memory.cleared();
        // Measured over 3.13's standard library: an expression in 12 bytes, a statement in 45, half
        // of both in lists.
        tree.exprs.reserve(bytes / 12);
        tree.stmts.reserve(bytes / 45);
        tree.lists.reserve(bytes);
        tree
    }

    /// Names a new block: each construct with a symbol table of its own takes one.
    pub(crate) fn new_block(&mut self) -> BlockId {
        let block = BlockId::new(self.blocks);
        self.blocks += 1;
        block
    }

    /// How many blocks there are: every [`BlockId`]'s index is below it.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks as usize
    }

    /// How many expressions there are.
    pub(crate) fn expressions(&self) -> usize {
        self.exprs.len()
    }

    /// How many statements there are.
    pub(crate) fn statements(&self) -> usize {
        self.stmts.len()
    }

    /// Notes that there are nodes on this level.
    pub(crate) fn deepen(&mut self, level: u32) {
        self.depth = self.depth.max(level);
    }

    /// How deep statements and expressions are nested at most: what recursion over the tree has to
    /// expect.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Puts an expression to another place in the source.
    pub(crate) fn relocate(&mut self, id: ExprId, location: Location) {
        self.exprs[id.index()].location = location;
    }

    /// Puts another node in the place of an expression, as folding does.
    pub(crate) fn replace(&mut self, id: ExprId, kind: ExprKind) {
        self.exprs[id.index()].kind = kind;
    }

    /// Puts another statement in the place of one.
    pub(crate) fn replace_statement(&mut self, id: StmtId, kind: StmtKind) {
        self.stmts[id.index()].kind = kind;
    }

    /// The name if the expression is one.
    pub(crate) fn as_name(&self, id: ExprId) -> Option<Name> {
        match self[id].kind {
            ExprKind::Name { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// `push` for each kind of node, and `tree[id]` to read it.
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
            /// Without anything in it.
            fn cleared(mut self) -> Self {
                $(self.$field.clear();)*
                self.lists.clear();
                Self { root: Root::default(), blocks: 1, depth: 0, ..self }
            }
        }

        $(impl std::ops::Index<$id> for Tree {
            type Output = $node;

            #[inline]
            fn index(&self, id: $id) -> &$node {
                &self.$field[id.index()]
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

/// An index that fits in four bytes, `Option` included.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct $name(std::num::NonZeroU32);

        impl $name {
            pub(crate) const fn new(index: u32) -> Self {
                match std::num::NonZeroU32::new(index.wrapping_add(1)) {
                    Some(number) => Self(number),
                    None => panic!("a source of less than 4 GiB has fewer nodes"),
                }
            }

            /// Dense from 0.
            pub(crate) const fn index(self) -> usize {
                (self.0.get() - 1) as usize
            }
        }
    };
}
use id;
