//! The walk over ruff's tree: its state, and what every kind of node uses.
//!
//! `self.list(&call.args, Self::expr)` lowers each argument and stores the list; `self.span(range)` is a node's place.

use ruff_python_ast::Mod;
use ruff_python_ast::token::Token;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::cursor::Cursor;
use super::warnings::Warnings;
use crate::constant::ConstId;
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::fold::Folding;
use crate::location::{Location, Position};
use crate::name::Name;
use crate::options::Mode;
use crate::tree::{Expr, ExprId, ExprKind, Item, List, Lists, Root, StrPrefix, Tree};

/// The tree's deepest level (`Py_C_RECURSION_LIMIT`, 3.13, less what CPython's own calls take of it).
const MOST_LEVELS: u32 = 9_998;

/// How often the stack's size is looked at, in levels, and how much of it those may take.
const PROBED_LEVELS: u32 = 16;
const RED_ZONE: usize = 256 * 1024;
const STACK: usize = 2 * 1024 * 1024;

/// Lowering in progress.
pub(super) struct Lowering<'s, 'c, 'o> {
    pub(super) text: &'s str,
    pub(super) tokens: &'s [Token],
    pub(super) tree: Tree,
    pub(super) context: &'c mut Context<'o>,
    /// Whether what is lowered now is folded.
    pub(super) folding: Folding,
    /// `from __future__ import annotations`
    pub(super) annotations: Annotations,
    pub(super) cursor: Cursor,
    pub(super) warnings: Warnings,
    /// Bytes of a text that is put together.
    pub(super) bytes: Vec<u8>,
    /// Items of lists that aren't complete.
    pub(super) scratch: Lists,
    level: u32,
}

/// What annotations are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Annotations {
    Expressions,
    /// Strings, under the future statement: not folded.
    Strings,
}

impl<'s, 'c, 'o> Lowering<'s, 'c, 'o> {
    pub(super) fn new(
        text: &'s str,
        tokens: &'s [Token],
        warnings: Warnings,
        context: &'c mut Context<'o>,
        folding: Folding,
    ) -> Self {
        Self {
            text,
            tokens,
            warnings,
            tree: Tree::for_source(text.len(), Tree::default()),
            context,
            folding,
            annotations: Annotations::Expressions,
            cursor: Cursor::new(text),
            bytes: Vec::new(),
            scratch: Lists::default(),
            level: 0,
        }
    }

    /// Lowers everything.
    pub(super) fn root(mut self, root: &Mod) -> Result<Tree> {
        self.tree.root = match root {
            Mod::Module(module) => {
                self.annotations = super::statement::annotations(&module.body);
                if self.context.options.get_mode() == Mode::Interactive {
                    Root::Interactive(self.interactive(&module.body)?)
                } else {
                    Root::Module(self.documented(&module.body)?)
                }
            }
            Mod::Expression(expression) => Root::Expression(self.expr(&expression.body)?),
        };
        self.warnings.hand_over(self.context);
        Ok(self.tree)
    }

    /// Lowers each item, and stores the list.
    pub(super) fn list<N, T: Item>(
        &mut self,
        nodes: impl IntoIterator<Item = N>,
        mut lower: impl FnMut(&mut Self, N) -> Result<T>,
    ) -> Result<List<T>> {
        let mark = T::all(&self.scratch).len();
        for node in nodes {
            let item = lower(self, node)?;
            T::all_mut(&mut self.scratch).push(item);
        }
        Ok(self.take_list(mark))
    }

    /// Adds to the list that began at a [`Self::mark`].
    pub(super) fn put<T: Item>(&mut self, item: T) {
        T::all_mut(&mut self.scratch).push(item);
    }

    /// Where a list begins that is put together item by item.
    pub(super) fn mark<T: Item>(&self) -> usize {
        T::all(&self.scratch).len()
    }

    /// Forgets the items since the mark.
    pub(super) fn drop_list<T: Item>(&mut self, mark: usize) {
        T::all_mut(&mut self.scratch).truncate(mark);
    }

    /// Stores the list of items since the mark.
    pub(super) fn take_list<T: Item>(&mut self, mark: usize) -> List<T> {
        let items = T::all_mut(&mut self.scratch);
        let list = self.tree.push_list(&items[mark..]);
        items.truncate(mark);
        list
    }

    /// One level deeper: refuses what is too deep, and takes care that the stack suffices.
    pub(super) fn deeper<T>(
        &mut self,
        at: TextSize,
        lower: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if self.level >= MOST_LEVELS {
            let position = self.cursor.position(at);
            return Err(Fault::new(
                ErrorKind::Depth,
                position.to(position),
                "too many nested expressions or statements, split the code",
            ));
        }
        self.level += 1;
        self.tree.deepen(self.level);
        let outcome = if self.level % PROBED_LEVELS == 0 {
            stacker::maybe_grow(RED_ZONE, STACK, || lower(self))
        } else {
            lower(self)
        };
        self.level -= 1;
        outcome
    }

    /// A node's place: of what is on one line or nearly so.
    pub(super) fn span(&mut self, range: TextRange) -> Location {
        self.cursor.location(range)
    }

    /// From a start that was asked for before the node's parts, to where the node ends.
    pub(super) fn until(&mut self, start: Position, end: TextSize) -> Location {
        start.to(self.cursor.position(end))
    }

    pub(super) fn start(&mut self, node: &impl Ranged) -> Position {
        self.cursor.position(node.start())
    }

    pub(super) fn name(&mut self, text: &str) -> Name {
        self.context.names.intern(text.as_bytes())
    }

    pub(super) fn push(&mut self, kind: ExprKind, location: Location) -> ExprId {
        self.tree.push_expr(Expr { kind, location })
    }

    pub(super) fn constant(&mut self, value: ConstId, at: Location) -> ExprId {
        self.push(ExprKind::Constant { value, prefix: StrPrefix::None }, at)
    }

    /// Lowers with or without folding.
    pub(super) fn annotation(&mut self, node: &ruff_python_ast::Expr) -> Result<ExprId> {
        let folding = self.folding;
        if self.annotations == Annotations::Strings {
            self.folding = Folding::Left;
        }
        let outcome = self.expr(node);
        self.folding = folding;
        outcome
    }

    /// A `SyntaxError` about `range`.
    pub(super) fn error<T>(&mut self, range: TextRange, message: impl Into<String>) -> Result<T> {
        Err(Fault::syntax(self.span(range), message))
    }

    /// The source of a range.
    pub(super) fn source(&self, range: TextRange) -> &'s str {
        &self.text[range]
    }
}
