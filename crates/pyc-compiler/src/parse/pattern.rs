//! The cases of `match`.
//!
//! `case {"x": x, **rest} | C(a, b=_) if g:` has an or-pattern of a mapping and a class, and a
//! guard.

use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::constant::ConstId;
use crate::fold::{self, Folding};
use crate::location::Position;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{
    BinaryOp, Case, Context, ExprId, ExprKind, List, Pattern, PatternId, PatternKind, UnaryOp,
};

impl Parser<'_, '_, '_> {
    /// The subject of `match` (`python.gram: subject_expr`).
    pub(super) fn subject(&mut self) -> Result<ExprId> {
        let start = self.here();
        let first = self.starred_or_named()?;
        if !self.at(Token::Comma) {
            return if self.is_starred(first) { Err(Doubt) } else { Ok(first) };
        }
        let mark = self.mark::<ExprId>();
        self.put(first);
        while self.accept(Token::Comma)? && !self.at(Token::Colon) {
            let element = self.starred_or_named()?;
            self.put(element);
        }
        Ok(self.tuple_of(mark, start))
    }

    pub(super) fn case(&mut self) -> Result<Case> {
        self.advance()?;
        let pattern = self.open_pattern()?;
        let guard = if self.accept(Token::If)? { Some(self.named()?) } else { None };
        Ok(Case { pattern, guard, body: self.block()? })
    }

    /// A pattern, or a sequence without brackets.
    fn open_pattern(&mut self) -> Result<PatternId> {
        let start = self.here();
        let starred = self.at(Token::Star);
        let first = self.starred_pattern()?;
        if !self.at(Token::Comma) {
            return if starred { Err(Doubt) } else { Ok(first) };
        }
        let mark = self.mark::<PatternId>();
        self.put(first);
        while self.accept(Token::Comma)? {
            if matches!(self.token(), Token::Colon | Token::If) {
                break;
            }
            let pattern = self.starred_pattern()?;
            self.put(pattern);
        }
        let patterns = self.take_list(mark);
        Ok(self.push_pattern(PatternKind::Sequence(patterns), start))
    }

    fn push_pattern(&mut self, kind: PatternKind, start: Position) -> PatternId {
        let location = self.since(start);
        self.tree.push_pattern(Pattern { kind, location })
    }

    /// An element of a sequence.
    fn starred_pattern(&mut self) -> Result<PatternId> {
        let start = self.here();
        if !self.accept(Token::Star)? {
            return self.pattern();
        }
        let kind = PatternKind::Star(self.capture()?);
        Ok(self.push_pattern(kind, start))
    }

    /// The name to bind; `None` for `_`.
    fn capture(&mut self) -> Result<Option<Name>> {
        let is_wildcard = self.at_word(b"_");
        let name = self.name()?;
        Ok((!is_wildcard).then_some(name))
    }

    /// `pattern as name`, or an or-pattern.
    fn pattern(&mut self) -> Result<PatternId> {
        self.deeper(|this| {
            let start = this.here();
            let pattern = this.or_pattern()?;
            if !this.accept(Token::As)? {
                return Ok(pattern);
            }
            let name = Some(this.capture()?.ok_or(Doubt)?);
            Ok(this.push_pattern(PatternKind::As { pattern: Some(pattern), name }, start))
        })
    }

    fn or_pattern(&mut self) -> Result<PatternId> {
        let start = self.here();
        let first = self.closed_pattern()?;
        if !self.at(Token::Bar) {
            return Ok(first);
        }
        let mark = self.mark::<PatternId>();
        self.put(first);
        while self.accept(Token::Bar)? {
            let pattern = self.closed_pattern()?;
            self.put(pattern);
        }
        let patterns = self.take_list(mark);
        Ok(self.push_pattern(PatternKind::Or(patterns), start))
    }

    fn closed_pattern(&mut self) -> Result<PatternId> {
        let start = self.here();
        let kind = match self.token() {
            Token::LeftBracket => {
                self.advance()?;
                PatternKind::Sequence(self.patterns(Token::RightBracket)?)
            }
            Token::LeftParenthesis => return self.group_pattern(),
            Token::LeftBrace => self.mapping_pattern()?,
            Token::Name => return self.name_pattern(),
            singleton @ (Token::None | Token::True | Token::False) => {
                self.advance()?;
                PatternKind::Singleton(match singleton {
                    Token::None => ConstId::NONE,
                    Token::True => ConstId::TRUE,
                    _ => ConstId::FALSE,
                })
            }
            _ => PatternKind::Value(self.literal()?),
        };
        Ok(self.push_pattern(kind, start))
    }

    /// Strings and numbers, including `-1` and `1 + 2j` (`literal_expr`).
    fn literal(&mut self) -> Result<ExprId> {
        // F-strings are accepted here and refused later, as in CPython (`compile.c:
        // compiler_pattern_value`, 3.13).
        if matches!(self.token(), Token::String | Token::Joined | Token::Template) {
            return self.atom();
        }
        // These numbers are folded here even for releases that fold others later
        // (`ast_preprocess.c: fold_pattern_match_value`).
        let prepared = if self.prepares() { Folding::Done } else { Folding::Left };
        let folding = std::mem::replace(&mut self.folding, prepared);
        let number = self.signed_number();
        self.folding = folding;
        number
    }

    /// A number with a sign, or a complex number.
    fn signed_number(&mut self) -> Result<ExprId> {
        let start = self.here();
        let positive = self.at(Token::Plus)
            && self.context.facts.has(Feature::PositiveNumbersInPatterns)
            && self.accept(Token::Plus)?;
        let negative = !positive && self.accept(Token::Minus)?;
        let (mut left, is_imaginary) = self.number_literal()?;
        if negative {
            left = self.unary(UnaryOp::Minus, left, start);
        } else if positive {
            left = self.unary(UnaryOp::Plus, left, start);
        }
        let Some(op @ (BinaryOp::Add | BinaryOp::Subtract)) = self.token().binary() else {
            return Ok(left);
        };
        self.advance()?;
        match self.number_literal()? {
            (right, true) if !is_imaginary => Ok(self.binary(left, op, right, start)),
            _ => Err(Doubt),
        }
    }

    /// A number, and whether it is imaginary.
    fn number_literal(&mut self) -> Result<(ExprId, bool)> {
        if !self.at(Token::Number) {
            return Err(Doubt);
        }
        let is_imaginary = matches!(self.lexer.source(), [.., b'j' | b'J']);
        Ok((self.atom()?, is_imaginary))
    }

    fn group_pattern(&mut self) -> Result<PatternId> {
        let start = self.here();
        self.advance()?;
        let mark = self.mark::<PatternId>();
        if !self.at(Token::RightParenthesis) {
            let starred = self.at(Token::Star);
            let first = self.starred_pattern()?;
            if !starred && self.accept(Token::RightParenthesis)? {
                return Ok(first);
            }
            self.put(first);
            if !self.accept(Token::Comma)? {
                return Err(Doubt);
            }
        }
        self.rest_of_patterns(Token::RightParenthesis)?;
        let patterns = self.take_list(mark);
        Ok(self.push_pattern(PatternKind::Sequence(patterns), start))
    }

    fn patterns(&mut self, end: Token) -> Result<List<PatternId>> {
        let mark = self.mark::<PatternId>();
        self.rest_of_patterns(end)?;
        Ok(self.take_list(mark))
    }

    /// Patterns, separated by commas, up to `end`.
    fn rest_of_patterns(&mut self, end: Token) -> Result<()> {
        while !self.at(end) {
            let pattern = self.starred_pattern()?;
            self.put(pattern);
            if !self.accept(Token::Comma)? {
                break;
            }
        }
        self.expect(end)
    }

    fn mapping_pattern(&mut self) -> Result<PatternKind> {
        self.advance()?;
        let (keys, patterns) = (self.mark::<ExprId>(), self.mark::<PatternId>());
        let mut rest = None;
        while !self.at(Token::RightBrace) {
            if self.accept(Token::DoubleStar)? {
                rest = Some(self.capture()?.ok_or(Doubt)?);
                self.accept(Token::Comma)?;
                break;
            }
            let key = self.key()?;
            self.put(key);
            self.expect(Token::Colon)?;
            let pattern = self.pattern()?;
            self.put(pattern);
            if !self.accept(Token::Comma)? {
                break;
            }
        }
        self.expect(Token::RightBrace)?;
        let (keys, patterns) = (self.take_list(keys), self.take_list(patterns));
        Ok(PatternKind::Mapping { keys, patterns, rest })
    }

    fn key(&mut self) -> Result<ExprId> {
        let value = match self.token() {
            Token::Name => {
                let value = self.dotted()?;
                return if self.tree.as_name(value).is_some() { Err(Doubt) } else { Ok(value) };
            }
            Token::None => ConstId::NONE,
            Token::True => ConstId::TRUE,
            Token::False => ConstId::FALSE,
            _ => return self.literal(),
        };
        let at = self.lexer.location();
        self.advance()?;
        Ok(self.constant(value, at))
    }

    /// A capture, a wildcard, the value of a dotted name, or a class.
    fn name_pattern(&mut self) -> Result<PatternId> {
        let start = self.here();
        if self.at_word(b"_") {
            // Once the rule for wildcards has matched, no other rule is tried: `_.a` and `_()` are
            // refused.
            self.advance()?;
            return Ok(self.push_pattern(PatternKind::As { pattern: None, name: None }, start));
        }
        let value = self.dotted()?;
        let name = self.tree.as_name(value);
        let kind = if self.at(Token::LeftParenthesis) {
            self.class_pattern(value)?
        } else if name.is_none() {
            PatternKind::Value(value)
        } else {
            PatternKind::As { pattern: None, name }
        };
        Ok(self.push_pattern(kind, start))
    }

    /// A name and its attributes.
    fn dotted(&mut self) -> Result<ExprId> {
        let (start, at) = (self.here(), self.lexer.location());
        let name = self.name()?;
        let context = Context::Load;
        let is_read = matches!(self.token(), Token::Dot | Token::LeftParenthesis);
        let folded = if is_read && self.prepares() { fold::name(self.context, name) } else { None };
        let mut value = match folded {
            Some(value) => self.constant(value, at),
            None => self.push(ExprKind::Name { name, context }, at),
        };
        let first = value;
        while self.accept(Token::Dot)? {
            let name = self.name()?;
            value = self.push_since(ExprKind::Attribute { value, name, context }, start);
        }
        let is_class = self.at(Token::LeftParenthesis);
        let facts = &self.context.facts;
        if folded.is_some() && !is_class && facts.has(Feature::DebugReadInPatterns) {
            self.tree.replace(first, ExprKind::Name { name, context });
        }
        Ok(value)
    }

    fn class_pattern(&mut self, class: ExprId) -> Result<PatternKind> {
        self.advance()?;
        let (patterns, names) = (self.mark::<PatternId>(), self.mark::<Name>());
        let mut positional = None;
        while !self.at(Token::RightParenthesis) {
            if self.at(Token::Name) && self.lexer.precedes_equal() {
                if positional.is_none() {
                    positional = Some(self.take_list::<PatternId>(patterns));
                }
                let name = self.name()?;
                self.put(name);
                self.advance()?;
            } else if positional.is_some() {
                return Err(Doubt);
            }
            let pattern = self.pattern()?;
            self.put(pattern);
            if !self.accept(Token::Comma)? {
                break;
            }
        }
        self.expect(Token::RightParenthesis)?;
        let last = self.take_list::<PatternId>(patterns);
        let (patterns, keyword_patterns) = match positional {
            Some(positional) => (positional, last),
            None => (last, List::EMPTY),
        };
        let keyword_names = self.take_list(names);
        Ok(PatternKind::Class { class, patterns, keyword_names, keyword_patterns })
    }
}
