//! Arguments of calls and classes.
//!
//! `f(a, *b, c=d, **e)` has the arguments `a, *b` and the keywords `c=d, **e`.

use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::location::Position;
use crate::tree::{ComprehensionKind, Context, ExprId, ExprKind, Keyword, List};

/// The arguments so far, which decide whether a positional one may follow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Positional,
    Keyword,
    Mapping,
}

/// Whether the only argument may be a generator expression without its own parentheses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BareGenerator {
    Accepted,
    Refused,
}

impl Parser<'_, '_, '_> {
    /// A call of `function`, which begins at `start`. The token is the opening parenthesis.
    pub(super) fn call(&mut self, function: ExprId, start: Position) -> Result<ExprId> {
        let (arguments, keywords) = self.arguments(BareGenerator::Accepted)?;
        Ok(self.push_since(ExprKind::Call { function, arguments, keywords }, start))
    }

    /// All arguments in parentheses.
    pub(super) fn arguments(
        &mut self,
        generator: BareGenerator,
    ) -> Result<(List<ExprId>, List<Keyword>)> {
        let may_generate = generator == BareGenerator::Accepted;
        let open = self.here();
        self.advance()?;
        let (positional, named) = (self.mark::<ExprId>(), self.mark::<Keyword>());
        let mut seen = Seen::Positional;
        while !self.at(Token::RightParenthesis) {
            match self.token() {
                // `*b` may follow `a=1`, but not `**a` (`python.gram: kwargs`).
                Token::Star if seen < Seen::Mapping => {
                    let argument = self.unpacked_argument()?;
                    if matches!(self.token(), Token::For | Token::Async) {
                        let alone = seen == Seen::Positional && self.mark::<ExprId>() == positional;
                        if !(may_generate && alone) {
                            return Err(Doubt);
                        }
                        let argument = self.lone_generator(argument, open)?;
                        return Ok((self.tree.push_list(&[argument]), List::EMPTY));
                    }
                    self.put(argument);
                }
                Token::DoubleStar => {
                    seen = Seen::Mapping;
                    let start = self.here();
                    self.advance()?;
                    let value = self.expression()?;
                    let location = self.since(start);
                    self.put(Keyword { name: None, value, location });
                }
                Token::Name if self.lexer.precedes_equal() => {
                    seen = seen.max(Seen::Keyword);
                    let start = self.here();
                    let name = Some(self.name()?);
                    self.advance()?;
                    let value = self.expression()?;
                    let location = self.since(start);
                    self.put(Keyword { name, value, location });
                }
                _ if seen == Seen::Positional => {
                    let argument = self.named()?;
                    if matches!(self.token(), Token::For | Token::Async) {
                        let alone = self.mark::<ExprId>() == positional;
                        if !(may_generate && alone) {
                            return Err(Doubt);
                        }
                        let argument = self.lone_generator(argument, open)?;
                        return Ok((self.tree.push_list(&[argument]), List::EMPTY));
                    }
                    self.put(argument);
                }
                _ => return Err(Doubt),
            }
            if !self.accept(Token::Comma)? {
                break;
            }
        }
        self.expect(Token::RightParenthesis)?;
        Ok((self.take_list(positional), self.take_list(named)))
    }

    /// A generator expression that is the only argument. Its location is as if the call's
    /// parentheses were its own (`python.gram: genexp`).
    fn lone_generator(&mut self, element: ExprId, open: Position) -> Result<ExprId> {
        let kind = self.comprehension(ComprehensionKind::Generator, element, None)?;
        self.expect(Token::RightParenthesis)?;
        Ok(self.push_since(kind, open))
    }

    /// In an argument, `*a or b` is `*(a or b)` (`starred_expression`).
    pub(super) fn unpacked_argument(&mut self) -> Result<ExprId> {
        let start = self.here();
        self.expect(Token::Star)?;
        let value = self.expression()?;
        Ok(self.push_since(ExprKind::Starred { value, context: Context::Load }, start))
    }
}
