//! Expressions: operators by precedence, and the expressions around them.
//!
//! `a + b * c` is `operators(SUM)`, which reads `a`, then `+`, then `operators(TERM)` for `b * c`.

use super::parser::Parser;
use super::token::{Token, power};
use super::{Doubt, Result};
use crate::fold::{self, Folding};
use crate::location::Position;
use crate::tree::{
    BinaryOp, BoolOp, CompareOp, Comparison, Context, ExprId, ExprKind, Lambda, List, UnaryOp,
};

impl Parser<'_, '_, '_> {
    /// `a if b else c`, a lambda, or an expression of higher precedence (`python.gram:
    /// expression`).
    pub(super) fn expression(&mut self) -> Result<ExprId> {
        match self.token() {
            // A fast path: many expressions are single names.
            Token::Name if self.lexer.precedes_end() => return self.load_name(),
            Token::Lambda => return self.deeper(Self::lambda),
            _ => {}
        }
        let start = self.here();
        let body = self.operators(power::OR)?;
        if !self.at(Token::If) {
            return Ok(body);
        }
        self.advance()?;
        let test = self.operators(power::OR)?;
        self.expect(Token::Else)?;
        let orelse = self.deeper(Self::expression)?;
        Ok(self.push_since(ExprKind::Conditional { test, body, orelse }, start))
    }

    fn lambda(&mut self) -> Result<ExprId> {
        let start = self.here();
        self.advance()?;
        // Directly in a replacement field, the colon begins the format spec.
        if self.lexer.cursor.brackets == self.lexer.cursor.field {
            return Err(Doubt);
        }
        let parameters = self.parameters(Token::Colon)?;
        self.expect(Token::Colon)?;
        let block = self.tree.new_block();
        let body = self.expression()?;
        let lambda = self.tree.push_lambda(Lambda { parameters, body, block });
        Ok(self.push_since(ExprKind::Lambda(lambda), start))
    }

    /// An expression, or `name := value` (`named_expression`).
    pub(super) fn named(&mut self) -> Result<ExprId> {
        let (start, is_name) = (self.here(), self.at(Token::Name));
        let target = self.expression()?;
        if !self.at(Token::ColonEqual) {
            return Ok(target);
        }
        // `__debug__` has been folded to a constant. Code generation refuses to bind it.
        if !is_name || self.tree.as_name(target).is_none() && !self.is_debug_name(target) {
            return Err(Doubt);
        }
        self.bind(target, Context::Store)?;
        self.advance()?;
        let value = self.expression()?;
        Ok(self.push_since(ExprKind::Named { target, value }, start))
    }

    /// An element of a display (`star_named_expression`).
    pub(super) fn starred_or_named(&mut self) -> Result<ExprId> {
        if self.at(Token::Star) { self.starred() } else { self.named() }
    }

    /// `*` and an operand of `|` precedence.
    pub(super) fn starred(&mut self) -> Result<ExprId> {
        let start = self.here();
        self.expect(Token::Star)?;
        let value = self.operators(power::BIT_OR)?;
        Ok(self.push_since(ExprKind::Starred { value, context: Context::Load }, start))
    }

    /// One expression, or a tuple without parentheses (`star_expressions`).
    pub(super) fn expressions(&mut self) -> Result<ExprId> {
        let (start, starred) = (self.here(), self.at(Token::Star));
        let first = if starred { self.starred()? } else { self.expression()? };
        // The grammar accepts a single starred expression; code generation refuses it.
        if self.at(Token::Comma) { self.tuple_from(start, first) } else { Ok(first) }
    }

    /// The same without stars (`python.gram: expressions`).
    pub(super) fn plain_expressions(&mut self) -> Result<ExprId> {
        let start = self.here();
        let first = self.expression()?;
        if self.at(Token::Comma) { self.plain_tuple(first, start) } else { Ok(first) }
    }

    /// The rest of a tuple without parentheses and stars. The token is the comma.
    pub(super) fn plain_tuple(&mut self, first: ExprId, start: Position) -> Result<ExprId> {
        let mark = self.mark::<ExprId>();
        self.put(first);
        while self.accept(Token::Comma)? && self.token().begins_expression() {
            let element = self.expression()?;
            self.put(element);
        }
        Ok(self.tuple_of(mark, start))
    }

    /// The rest of a tuple without parentheses. The token is the comma.
    fn tuple_from(&mut self, start: Position, first: ExprId) -> Result<ExprId> {
        let mark = self.mark::<ExprId>();
        self.put(first);
        while self.accept(Token::Comma)? {
            if !self.token().begins_expression() {
                break;
            }
            let element = if self.at(Token::Star) { self.starred()? } else { self.expression()? };
            self.put(element);
        }
        Ok(self.tuple_of(mark, start))
    }

    /// The tuple of the expressions since the mark, folded if possible.
    pub(super) fn tuple_of(&mut self, mark: usize, start: Position) -> ExprId {
        use crate::tree::Item as _;
        let at = self.since(start);
        if self.folds() {
            let elements = &ExprId::all(&self.scratch)[mark..];
            if let Some(folded) = fold::tuple(&mut self.tree, self.context, elements, at) {
                self.folded.keep_tuple(folded, elements);
                self.drop_list::<ExprId>(mark);
                return folded;
            }
        }
        let elements = self.take_list(mark);
        self.push(ExprKind::Tuple { elements, context: Context::Load }, at)
    }

    /// The right side of `=` (`annotated_rhs`).
    pub(super) fn value(&mut self) -> Result<ExprId> {
        if self.at(Token::Yield) { self.r#yield() } else { self.expressions() }
    }

    pub(super) fn r#yield(&mut self) -> Result<ExprId> {
        let start = self.here();
        self.expect(Token::Yield)?;
        let kind = if self.accept(Token::From)? {
            ExprKind::YieldFrom { value: self.expression()? }
        } else if self.token().begins_expression() {
            ExprKind::Yield { value: Some(self.expressions()?) }
        } else {
            ExprKind::Yield { value: None }
        };
        Ok(self.push_since(kind, start))
    }

    /// An annotation, which isn't folded under `from __future__ import annotations`.
    pub(super) fn annotation(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<ExprId>,
    ) -> Result<ExprId> {
        let folding: Folding = std::mem::replace(&mut self.folding, self.annotation_folding);
        let outcome = parse(self);
        self.folding = folding;
        outcome
    }

    /// An expression of operators with precedence `least` or higher.
    pub(super) fn operators(&mut self, least: u8) -> Result<ExprId> {
        self.deeper(|this| {
            // Chains that were read before, such as those of a left operand, are beside this one,
            // not in it. Only the longest counts.
            let siblings = std::mem::take(&mut this.links);
            let start = this.here();
            let mut left = this.operand(least)?;
            loop {
                let power = this.token().power();
                if power < least || power == power::NONE {
                    break;
                }
                left = this.operator(power, left, start)?;
                this.links += 1;
            }
            this.links = this.links.max(siblings);
            Ok(left)
        })
    }

    /// An operator between `left`, which begins at `start`, and the following operand.
    fn operator(&mut self, power: u8, left: ExprId, start: Position) -> Result<ExprId> {
        match power {
            power::OR | power::AND => {
                let token = self.token();
                let mark = self.mark::<ExprId>();
                self.put(left);
                while self.accept(token)? {
                    let value = self.operators(power + 1)?;
                    self.put(value);
                }
                let values = self.take_list(mark);
                let op = if power == power::OR { BoolOp::Or } else { BoolOp::And };
                Ok(self.push_since(ExprKind::BoolOp { op, values }, start))
            }
            power::COMPARE => self.comparisons(left, start),
            _ => {
                let op = self.token().binary().ok_or(Doubt)?;
                self.advance()?;
                // `**` is right-associative, and `2 ** -1` is allowed.
                let least = if power == power::POWER { power::FACTOR } else { power + 1 };
                let right = self.operators(least)?;
                Ok(self.binary(left, op, right, start))
            }
        }
    }

    /// `left op right`, folded if possible.
    pub(super) fn binary(
        &mut self,
        left: ExprId,
        op: BinaryOp,
        right: ExprId,
        start: Position,
    ) -> ExprId {
        let at = self.since(start);
        if self.folds() {
            if let Some(folded) = fold::binary(&mut self.tree, self.context, left, op, right, at) {
                return folded;
            }
        } else if op == BinaryOp::Remainder && self.prepares() {
            if let Some(joined) = fold::formatting(&mut self.tree, self.context, left, right, at) {
                return joined;
            }
        }
        self.push(ExprKind::Binary { left, op, right }, at)
    }

    /// `op operand`, folded if possible.
    pub(super) fn unary(&mut self, op: UnaryOp, operand: ExprId, start: Position) -> ExprId {
        let at = self.since(start);
        if self.folds() {
            if let Some(folded) = fold::unary(&mut self.tree, self.context, op, operand, at) {
                return folded;
            }
        }
        self.push(ExprKind::Unary { op, operand }, at)
    }

    fn comparisons(&mut self, left: ExprId, start: Position) -> Result<ExprId> {
        let mark = self.mark::<Comparison>();
        while self.token().power() == power::COMPARE {
            let op = self.comparison()?;
            let right = self.operators(power::BIT_OR)?;
            self.put(Comparison { op, right });
        }
        let rest: List<Comparison> = self.take_list(mark);
        if self.folds() {
            if let Some(&Comparison { op: CompareOp::In | CompareOp::NotIn, right }) =
                self.tree[rest].last()
            {
                fold::iterable(&mut self.tree, self.context, right);
            }
        }
        Ok(self.push_since(ExprKind::Compare { left, rest }, start))
    }

    /// The operator of a comparison, which may be two tokens.
    fn comparison(&mut self) -> Result<CompareOp> {
        let (token, start) = (self.token(), self.lexer.cursor.start);
        self.advance()?;
        Ok(match token {
            Token::EqualEqual => CompareOp::Equal,
            Token::NotEqual
                if self.lexer.text.as_bytes()[start as usize] == self.unequal.first() =>
            {
                CompareOp::NotEqual
            }
            Token::Less => CompareOp::Less,
            Token::LessEqual => CompareOp::LessEqual,
            Token::Greater => CompareOp::Greater,
            Token::GreaterEqual => CompareOp::GreaterEqual,
            Token::In => CompareOp::In,
            Token::Is if self.accept(Token::Not)? => CompareOp::IsNot,
            Token::Is => CompareOp::Is,
            Token::Not => {
                self.expect(Token::In)?;
                CompareOp::NotIn
            }
            _ => return Err(Doubt),
        })
    }

    /// An operand of operators with precedence `least` or higher.
    #[inline(always)]
    fn operand(&mut self, least: u8) -> Result<ExprId> {
        let (op, power) = match self.token() {
            Token::Not if least <= power::NOT => (UnaryOp::Not, power::NOT),
            Token::Minus => (UnaryOp::Minus, power::FACTOR),
            Token::Plus => (UnaryOp::Plus, power::FACTOR),
            Token::Tilde => (UnaryOp::Invert, power::FACTOR),
            Token::Await => {
                let start = self.here();
                self.advance()?;
                let value = self.primary()?;
                return Ok(self.push_since(ExprKind::Await { value }, start));
            }
            _ => return self.primary(),
        };
        let start = self.here();
        self.advance()?;
        let operand = self.operators(power)?;
        Ok(self.unary(op, operand, start))
    }

    /// An atom, followed by attributes, calls and subscripts.
    pub(super) fn primary(&mut self) -> Result<ExprId> {
        let start = self.here();
        let mut value = self.atom()?;
        loop {
            value = match self.token() {
                Token::Dot => {
                    self.advance()?;
                    let name = self.name()?;
                    let kind = ExprKind::Attribute { value, name, context: Context::Load };
                    self.push_since(kind, start)
                }
                Token::LeftParenthesis => self.call(value, start)?,
                Token::LeftBracket => self.subscript(value, start)?,
                _ => return Ok(value),
            };
            self.links += 1;
        }
    }
}
