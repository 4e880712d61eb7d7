//! What CPython's grammar refuses and ruff's parser takes.
//!
//! | source | ruff takes |
//! |---|---|
//! | `yield == x` | `yield` for an operand |
//! | `[*(a) or b]` | more than `|` binds, if it begins with a parenthesis |
//! | `x; match y: …` | a compound statement behind a semicolon, once `x; match` is let through |

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{self as ast, Expr, UnaryOp};
use ruff_text_size::{Ranged, TextSize};

use super::walk::Lowering;
use crate::error::Result;

impl Lowering<'_, '_, '_> {
    /// Refuses an operator or comma after a `yield` without a value.
    pub(super) fn check_yield(&mut self, node: &ast::ExprYield) -> Result<()> {
        if node.value.is_some() {
            return Ok(());
        }
        let after = self.tokens.partition_point(|token| token.start() < node.end());
        let next = self.tokens[after..].iter().find(|token| !token.kind().is_trivia());
        match next {
            Some(next) if !may_follow_yield(next.kind()) => {
                self.error(next.range(), "invalid syntax")
            }
            _ => Ok(()),
        }
    }

    /// Refuses `*a or b` where only `*(a or b)` is meant: behind stars outside of calls and subscripts, there is what `|`
    /// binds (`python.gram: star_expression, double_starred_kvpair`).
    pub(super) fn check_unpacked(&mut self, value: &Expr) -> Result<()> {
        let loose = match value {
            Expr::UnaryOp(unary) => unary.op == UnaryOp::Not,
            Expr::BoolOp(_)
            | Expr::Compare(_)
            | Expr::If(_)
            | Expr::Lambda(_)
            | Expr::Named(_)
            | Expr::Yield(_)
            | Expr::YieldFrom(_) => true,
            _ => false,
        };
        if !loose {
            return Ok(());
        }
        match self.token_before(value.start()).map(Token::kind) {
            Some(TokenKind::Star | TokenKind::DoubleStar) => {
                self.error(value.range(), "invalid syntax")
            }
            _ => Ok(()),
        }
    }

    /// Refuses a `match` statement behind a semicolon.
    pub(super) fn check_match(&mut self, node: &ast::StmtMatch) -> Result<()> {
        match self.token_before(node.start()).map(Token::kind) {
            Some(TokenKind::Semi) => self.error(node.range, "invalid syntax"),
            _ => Ok(()),
        }
    }

    fn token_before(&self, at: TextSize) -> Option<&Token> {
        let index = self.tokens.partition_point(|token| token.start() < at);
        self.tokens[..index].iter().rev().find(|token| !token.kind().is_trivia())
    }
}

/// `(yield)`, `yield; …`, `x = yield = …`, and the ends of f-strings' fields.
const fn may_follow_yield(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Rpar
            | TokenKind::Rbrace
            | TokenKind::Semi
            | TokenKind::Equal
            | TokenKind::Colon
            | TokenKind::Exclamation
            | TokenKind::Newline
            | TokenKind::Dedent
            | TokenKind::EndOfFile
    )
}
