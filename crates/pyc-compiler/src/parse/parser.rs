//! The parser's state, and functions that all its rules use.
//!
//! `self.expect(Token::Colon)?` consumes a colon. `self.since(start)` is the location from `start`
//! to the last token read.

use unicode_normalization::UnicodeNormalization as _;

use super::accepted::{Blocks, Depth, Refusal};
use super::assignment::FoldedTargets;
use super::field::Spread;
use super::lexer::Lexer;
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

/// The maximum nesting depth of rules. CPython, which counts every rule, never gets deeper
/// (`pegen.c: MAXSTACK`, 3.13).
const MOST_LEVELS: u32 = 6000;

/// The depth for which the stack of any thread is certainly large enough.
const MOST_ANYWHERE: u32 = 60;

/// The maximum stack for [`MOST_LEVELS`], even in debug builds.
const STACK: usize = MOST_LEVELS as usize * 16 * 1024;

/// At this depth CPython's parser can't reach its own limit: one of our rules is at most forty of
/// its rules.
const SURELY_SHALLOW: u32 = 100;

/// The maximum depth of nodes from one level to the next: a node, a tuple, a starred or named
/// expression, and a conditional one.
const NODES_OF_LEVEL: u32 = 4;

/// The result of parsing.
pub(super) struct Parsed {
    pub(super) tree: Result<Tree>,
    pub(super) warnings: Warnings,
    /// Where it stopped, and what it had read.
    pub(super) at: Position,
    pub(super) refusal: Refusal,
}

impl Parsed {
    /// Parses a text, on a larger stack if necessary.
    pub(super) fn of(
        text: &str,
        context: &mut Context<'_>,
        folding: Folding,
    ) -> error::Result<Self> {
        match Self::up_to(MOST_ANYWHERE, text, context, folding) {
            Some(parsed) => Ok(parsed),
            None => stack::with(STACK, || {
                let parsed = Self::up_to(MOST_LEVELS, text, context, folding);
                parsed.ok_or_else(|| {
                    Fault::internal(Location::NONE, "the maximum depth isn't accepted as one")
                })
            }),
        }
    }

    /// The same with a limit to the nesting depth. `None` if that limit was reached and is lower
    /// than CPython's.
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
            refusal: Refusal {
                stop: parser.lexer.cursor.start,
                accepted: std::mem::take(&mut parser.blocks).list(),
                unequal: parser.unequal,
                depth: parser.depth(),
            },
        })
    }
}

/// Parsing in progress.
pub(super) struct Parser<'s, 'c, 'o> {
    pub(super) lexer: Lexer<'s>,
    pub(super) tree: Tree,
    pub(super) context: &'c mut Context<'o>,
    /// Whether constants are folded in what is parsed now.
    pub(super) folding: Folding,
    /// Whether constants are folded in annotations. They aren't under `from __future__ import
    /// annotations`.
    pub(super) annotation_folding: Folding,
    /// How `!=` is written from here on.
    pub(super) unequal: Unequal,
    /// Bytes of a text being built.
    pub(super) bytes: Vec<u8>,
    /// Parts of f-strings whose locations are set at the end of the f-string, in releases that do
    /// this.
    pub(super) spread: Spread,
    /// Items of incomplete lists.
    pub(super) scratch: Lists,
    /// Folded constants that may turn out to be targets.
    pub(super) folded: FoldedTargets,
    level: u32,
    /// The maximum depth on this stack, and whether it was exceeded.
    most: u32,
    overflowed: bool,
    deepest: u32,
    /// The number of links of the statement's longest chain, including chains nested in it.
    pub(super) links: u32,
    longest: u32,
    /// The blocks around the token.
    pub(super) blocks: Blocks,
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
            blocks: Blocks::default(),
        }
    }

    #[inline(always)]
    pub(super) fn token(&self) -> Token {
        self.lexer.cursor.token
    }

    #[inline(always)]
    pub(super) fn at(&self, token: Token) -> bool {
        self.token() == token
    }

    #[inline(always)]
    pub(super) fn advance(&mut self) -> Result<()> {
        self.lexer.advance()
    }

    /// Consumes the token if it is `token`.
    #[inline]
    pub(super) fn accept(&mut self, token: Token) -> Result<bool> {
        let is_there = self.at(token);
        if is_there {
            self.advance()?;
        }
        Ok(is_there)
    }

    /// Consumes `token`.
    #[inline(always)]
    pub(super) fn expect(&mut self, token: Token) -> Result<()> {
        if self.at(token) { self.advance() } else { Err(Doubt) }
    }

    /// The start of the token.
    #[inline(always)]
    pub(super) fn here(&self) -> Position {
        self.lexer.cursor.begin
    }

    /// The location from `start` to the end of the last token that isn't layout.
    #[inline(always)]
    pub(super) fn since(&self, start: Position) -> Location {
        start.to(self.lexer.cursor.end)
    }

    /// The token's name.
    #[inline]
    pub(super) fn name(&mut self) -> Result<Name> {
        if !self.at(Token::Name) {
            return Err(Doubt);
        }
        let source = self.lexer.source();
        let name = if self.lexer.cursor.foreign {
            self.normalized(source)?
        } else {
            self.context.names.intern_here(source)
        };
        self.advance()?;
        Ok(name)
    }

    /// The normalised name: compatible characters are equal (PEP 3131).
    #[cold]
    fn normalized(&mut self, source: &[u8]) -> Result<Name> {
        let source = std::str::from_utf8(source).map_err(|_| Doubt)?;
        let facts = &self.context.facts;
        if !source.chars().all(|character| unicode::is_known_in_names(character, facts)) {
            return Err(Doubt);
        }
        let normalized: String = source.nfkc().collect();
        // The feature is only asked for where it matters, so that releases share a parse.
        let is_constant = matches!(&*normalized, "False" | "None" | "True");
        if is_constant && facts.has(Feature::ConstantsInNormalForm) {
            return Err(Doubt);
        }
        Ok(self.context.names.intern(normalized.as_bytes()))
    }

    /// Whether the token is this name, which is a keyword in some places.
    pub(super) fn at_word(&self, word: &[u8]) -> bool {
        self.at(Token::Name) && self.lexer.source() == word
    }

    #[inline(always)]
    pub(super) fn push(&mut self, kind: ExprKind, location: Location) -> ExprId {
        self.tree.push_expr(Expr { kind, location })
    }

    /// Adds a node from `start` to the last token that was read.
    #[inline(always)]
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

    /// Whether the tree is prepared for the compiler, with or without folded constants.
    pub(super) fn prepares(&self) -> bool {
        self.folding != Folding::Left
    }

    /// The start of a list that is built item by item.
    #[inline(always)]
    pub(super) fn mark<T: Item>(&self) -> usize {
        T::all(&self.scratch).len()
    }

    /// Adds an item to the list that began at a mark.
    #[inline(always)]
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

    /// Discards the items since the mark.
    pub(super) fn drop_list<T: Item>(&mut self, mark: usize) {
        T::all_mut(&mut self.scratch).truncate(mark);
    }

    /// Calls `parse` one level deeper.
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

    /// The nesting depth of rules; 1 for a simple statement of the module.
    pub(super) fn level(&self) -> u32 {
        self.level
    }

    /// How deep CPython's parser gets.
    fn depth(&self) -> Depth {
        let is_shallow = !self.overflowed && self.deepest <= SURELY_SHALLOW;
        if is_shallow { Depth::Shallow } else { Depth::Unknown }
    }

    /// Ends the chains of a statement.
    pub(super) fn end_chains(&mut self) {
        self.longest = self.longest.max(std::mem::take(&mut self.links));
    }

    /// Updates the tree's maximum depth.
    pub(super) fn measure_depth(&mut self) {
        self.tree.deepen((self.deepest * NODES_OF_LEVEL).saturating_add(self.longest));
    }

    /// Parses with `attempt`, and goes back to where it began if that fails.
    ///
    /// Only allowed where statements begin, when no list of expressions is open: incomplete lists
    /// aren't removed.
    pub(super) fn attempt<T>(&mut self, attempt: impl FnOnce(&mut Self) -> Result<T>) -> Option<T> {
        let (place, level, bytes) = (self.lexer.cursor, self.level, self.bytes.len());
        let warnings = self.lexer.warnings.len();
        attempt(self).ok().or_else(|| {
            self.lexer.cursor = place;
            self.level = level;
            self.bytes.truncate(bytes);
            self.lexer.warnings.truncate(warnings);
            None
        })
    }
}
