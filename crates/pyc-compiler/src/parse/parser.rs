//! The parser's state, and what all its rules use.
//!
//! `self.expect(Token::Colon)?` goes past a colon; `self.since(start)` is the place from `start` to
//! the last token read.

use unicode_normalization::UnicodeNormalization as _;

use super::field::Spread;
use super::lexer::Lexer;
use super::target::FoldedTargets;
use super::token::{Token, Unequal};
use super::warnings::Warnings;
use super::{Doubt, Result};
use crate::constant::ConstId;
use crate::context::Context;
use crate::error::{self, Fault};
use crate::fold::Folding;
use crate::location::{Location, Position};
use crate::name::Name;
use crate::stack;
use crate::target::Feature;
use crate::tree::{Expr, ExprId, ExprKind, Item, List, Lists, StrPrefix, Tree};
use crate::unicode;

/// How deep rules may be in each other: CPython, which counts every rule, stops there or before
/// (`pegen.c: MAXSTACK`, 3.13).
const MOST_LEVELS: u32 = 6000;

/// So deep the stack of any thread suffices for surely.
const MOST_ANYWHERE: u32 = 60;

/// What [`MOST_LEVELS`] may take of the stack, in debug builds too.
const STACK: usize = MOST_LEVELS as usize * 16 * 1024;

/// Up to this level, CPython's parser doesn't come near its own limit: one of our rules is at most
/// forty of its.
const SURELY_SHALLOW: u32 = 100;

/// How many nodes may be in each other from one level to the next: a node, a tuple, a starred or
/// named expression, and a conditional one.
const NODES_OF_LEVEL: u32 = 4;

/// What parsing gives.
pub(super) struct Parsed {
    pub(super) tree: Result<Tree>,
    pub(super) warnings: Warnings,
    /// Where it stopped, and where the module's statement begins that it was in.
    pub(super) at: Position,
    pub(super) statement: u32,
    /// How `!=` is written there.
    pub(super) unequal: Unequal,
    /// Whether CPython's parser may come to its limit.
    pub(super) may_be_too_deep: bool,
}

impl Parsed {
    /// Parses a text, if need be on a larger stack.
    pub(super) fn of(
        text: &str,
        context: &mut Context<'_>,
        folding: Folding,
    ) -> error::Result<Self> {
        match Self::up_to(MOST_ANYWHERE, text, context, folding) {
            Some(parsed) => Ok(parsed),
            None => stack::with(STACK, || {
                let parsed = Self::up_to(MOST_LEVELS, text, context, folding);
                parsed.ok_or_else(|| Fault::internal(Location::NONE, "a limit is none"))
            }),
        }
    }

    /// The same with a limit to how deep rules may be in each other; `None` if it was reached and
    /// is less than CPython's.
    fn up_to(most: u32, text: &str, context: &mut Context<'_>, folding: Folding) -> Option<Self> {
        let mut parser = Parser::new(text, context, folding);
        parser.most = most;
        let tree = parser.root();
        if parser.overflowed && most < MOST_LEVELS {
            return None;
        }
        Some(Self {
            tree,
            warnings: std::mem::take(&mut parser.lexer.warnings),
            at: parser.here(),
            statement: parser.statement,
            unequal: parser.unequal,
            may_be_too_deep: parser.overflowed || parser.deepest > SURELY_SHALLOW,
        })
    }
}

/// Parsing in progress.
pub(super) struct Parser<'s, 'c, 'o> {
    pub(super) lexer: Lexer<'s>,
    pub(super) tree: Tree,
    pub(super) context: &'c mut Context<'o>,
    /// Whether what is parsed now is folded.
    pub(super) folding: Folding,
    /// Whether annotations are, as they aren't under `from __future__ import annotations`.
    pub(super) annotation_folding: Folding,
    /// How `!=` is written from here on.
    pub(super) unequal: Unequal,
    /// Bytes of a text that is put together.
    pub(super) bytes: Vec<u8>,
    /// What of f-strings is to be located when they end, in releases in which that is so.
    pub(super) spread: Spread,
    /// Items of lists that aren't complete.
    pub(super) scratch: Lists,
    /// What was folded and may turn out to be a target.
    pub(super) folded: FoldedTargets,
    level: u32,
    /// How deep this stack lets rules be in each other, and whether that was too little.
    most: u32,
    overflowed: bool,
    deepest: u32,
    /// How many links the longest chain of the statement has, the chains in it added.
    pub(super) links: u32,
    longest: u32,
    /// Where the module's statement begins that is being read.
    pub(super) statement: u32,
}

impl<'s, 'c, 'o> Parser<'s, 'c, 'o> {
    pub(super) fn new(text: &'s str, context: &'c mut Context<'o>, folding: Folding) -> Self {
        let memory = std::mem::take(&mut context.tree);
        let in_graph = context.facts.has(Feature::FoldingInGraph);
        let folding = match folding {
            Folding::Done if in_graph => Folding::Prepared,
            folding => folding,
        };
        Self {
            lexer: Lexer::new(text, context.options.get_mode()),
            tree: Tree::for_source(text.len(), memory),
            context,
            folding,
            annotation_folding: folding,
            unequal: Unequal::default(),
            bytes: Vec::new(),
            spread: Spread::default(),
            scratch: Lists::default(),
            folded: FoldedTargets::default(),
            level: 0,
            most: MOST_ANYWHERE,
            overflowed: false,
            deepest: 0,
            links: 0,
            longest: 0,
            statement: 0,
        }
    }

    #[inline]
    pub(super) fn token(&self) -> Token {
        self.lexer.place.token
    }

    #[inline]
    pub(super) fn at(&self, token: Token) -> bool {
        self.token() == token
    }

    #[inline]
    pub(super) fn advance(&mut self) -> Result<()> {
        self.lexer.advance()
    }

    /// Goes past the token if it is `token`.
    #[inline]
    pub(super) fn accept(&mut self, token: Token) -> Result<bool> {
        let is_there = self.at(token);
        if is_there {
            self.advance()?;
        }
        Ok(is_there)
    }

    /// Goes past `token`.
    #[inline]
    pub(super) fn expect(&mut self, token: Token) -> Result<()> {
        if self.at(token) { self.advance() } else { Err(Doubt) }
    }

    /// Where the token begins.
    #[inline]
    pub(super) fn here(&self) -> Position {
        self.lexer.place.begin
    }

    /// From `start` to the end of the last token that was read and isn't layout.
    #[inline]
    pub(super) fn since(&self, start: Position) -> Location {
        start.to(self.lexer.place.end)
    }

    /// The name that the token is.
    #[inline]
    pub(super) fn name(&mut self) -> Result<Name> {
        if !self.at(Token::Name) {
            return Err(Doubt);
        }
        let source = self.lexer.source();
        let name = if self.lexer.place.foreign {
            self.normalized(source)?
        } else {
            self.context.names.intern(source)
        };
        self.advance()?;
        Ok(name)
    }

    /// The name that is written so: compatible characters are one (PEP 3131).
    #[cold]
    fn normalized(&mut self, source: &[u8]) -> Result<Name> {
        let source = std::str::from_utf8(source).map_err(|_| Doubt)?;
        let facts = &self.context.facts;
        if !source.chars().all(|character| unicode::is_known_in_names(character, facts)) {
            return Err(Doubt);
        }
        let normalized: String = source.nfkc().collect();
        Ok(self.context.names.intern(normalized.as_bytes()))
    }

    /// Whether the token is this name, which is a keyword in some places.
    pub(super) fn at_word(&self, word: &[u8]) -> bool {
        self.at(Token::Name) && self.lexer.source() == word
    }

    #[inline]
    pub(super) fn push(&mut self, kind: ExprKind, location: Location) -> ExprId {
        self.tree.push_expr(Expr { kind, location })
    }

    /// A node from `start` to the last token that was read.
    #[inline]
    pub(super) fn push_since(&mut self, kind: ExprKind, start: Position) -> ExprId {
        let at = self.since(start);
        self.push(kind, at)
    }

    pub(super) fn constant(&mut self, value: ConstId, at: Location) -> ExprId {
        self.push(ExprKind::Constant { value, prefix: StrPrefix::None }, at)
    }

    /// Whether constants are folded in the tree.
    pub(super) fn folds(&self) -> bool {
        self.folding == Folding::Done
    }

    /// Whether the tree is made ready for the compiler, with constants folded or without.
    pub(super) fn prepares(&self) -> bool {
        self.folding != Folding::Left
    }

    /// Where a list begins that is put together item by item.
    #[inline]
    pub(super) fn mark<T: Item>(&self) -> usize {
        T::all(&self.scratch).len()
    }

    /// Adds to the list that began at a mark.
    #[inline]
    pub(super) fn put<T: Item>(&mut self, item: T) {
        T::all_mut(&mut self.scratch).push(item);
    }

    /// Stores the list of items since the mark.
    #[inline]
    pub(super) fn take_list<T: Item>(&mut self, mark: usize) -> List<T> {
        let items = T::all_mut(&mut self.scratch);
        let list = self.tree.push_list(&items[mark..]);
        items.truncate(mark);
        list
    }

    /// Forgets the items since the mark.
    pub(super) fn drop_list<T: Item>(&mut self, mark: usize) {
        T::all_mut(&mut self.scratch).truncate(mark);
    }

    /// One level deeper.
    #[inline]
    pub(super) fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.level += 1;
        if self.level > self.deepest {
            if self.level > self.most {
                self.overflowed = true;
                return Err(Doubt);
            }
            self.deepest = self.level;
        }
        let outcome = parse(self);
        self.level -= 1;
        outcome
    }

    /// How deep rules are in each other; 1 for a simple statement of the module.
    pub(super) fn level(&self) -> u32 {
        self.level
    }

    /// A statement's chains end with it.
    pub(super) fn end_chains(&mut self) {
        self.longest = self.longest.max(std::mem::take(&mut self.links));
    }

    /// Notes how deep the tree is at most.
    pub(super) fn measure_depth(&mut self) {
        self.tree.deepen((self.deepest * NODES_OF_LEVEL).saturating_add(self.longest));
    }

    /// Parses with `attempt`, and goes back to where it began if there is doubt.
    ///
    /// Only where statements begin, when no list of expressions is open: what lists were left
    /// incomplete stay behind.
    pub(super) fn attempt<T>(&mut self, attempt: impl FnOnce(&mut Self) -> Result<T>) -> Option<T> {
        let (place, level, bytes) = (self.lexer.place, self.level, self.bytes.len());
        let warnings = self.lexer.warnings.len();
        attempt(self).ok().or_else(|| {
            self.lexer.place = place;
            self.level = level;
            self.bytes.truncate(bytes);
            self.lexer.warnings.truncate(warnings);
            None
        })
    }
}
