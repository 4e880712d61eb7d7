//! What can't be assigned to, or deleted (`pegen.h: RAISE_SYNTAX_ERROR_INVALID_TARGET`, 3.13).
//!
//! `f() = 1` is `cannot assign to function call here. Maybe you meant '==' instead of '='?`

use ruff_python_ast::Expr;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{ParseErrorType, parse_expression_range};
use ruff_text_size::{Ranged, TextRange};

use super::Text;

impl Text<'_> {
    /// The words for an invalid target at `range`.
    pub(super) fn target(self, error: &ParseErrorType, range: TextRange) -> Option<String> {
        let parsed = parse_expression_range(self.text, range).ok();
        let expr = parsed.as_ref().map(ruff_python_parser::Parsed::expr);
        let name = expr.map(name)?;
        Some(match error {
            ParseErrorType::InvalidNamedAssignmentTarget => {
                format!("cannot use assignment expressions with {name}")
            }
            ParseErrorType::InvalidDeleteTarget => format!("cannot delete {name}"),
            ParseErrorType::InvalidAugmentedAssignmentTarget => {
                format!("'{name}' is an illegal expression for augmented assignment")
            }
            ParseErrorType::InvalidAnnotatedAssignmentTarget => {
                "illegal target for annotation".to_owned()
            }
            _ if name == "yield expression" => {
                "assignment to yield expression not possible".to_owned()
            }
            _ if expr.is_some_and(may_be_compared) && self.is_first(range) => {
                format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?")
            }
            _ => format!("cannot assign to {name}"),
        })
    }

    /// Whether the only `=` of a statement stands behind the target that begins it.
    fn is_first(self, range: TextRange) -> bool {
        let at = self.tokens.partition_point(|token| token.start() < range.start());
        let begins = self.tokens[..at].last().is_none_or(|token| {
            matches!(
                token.kind(),
                TokenKind::Newline
                    | TokenKind::Semi
                    | TokenKind::Colon
                    | TokenKind::Indent
                    | TokenKind::Dedent
                    | TokenKind::NonLogicalNewline
                    | TokenKind::Comment
            )
        });
        let behind = self.tokens.partition_point(|token| token.start() < range.end());
        let rest = self.tokens[behind..].iter();
        let rest = rest.take_while(|token| token.kind() != TokenKind::Newline);
        let mut kinds = rest.map(Token::kind);
        begins
            && kinds.next() == Some(TokenKind::Equal)
            && !kinds.any(|kind| kind == TokenKind::Equal)
    }
}

/// What binds as tightly as `|`, and isn't a display that could be a target (`python.gram: invalid_named_expression`).
fn may_be_compared(expr: &Expr) -> bool {
    !matches!(
        expr,
        Expr::List(_)
            | Expr::Tuple(_)
            | Expr::Generator(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::Lambda(_)
            | Expr::If(_)
            | Expr::Compare(_)
            | Expr::BoolOp(_)
            | Expr::Starred(_)
            | Expr::Named(_)
    ) && !matches!(expr, Expr::UnaryOp(unary) if unary.op == ruff_python_ast::UnaryOp::Not)
}

/// CPython's name for a kind of expression (`action_helpers.c: _PyPegen_get_expr_name`, 3.13).
fn name(expr: &Expr) -> &'static str {
    match expr {
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) | Expr::Slice(_) => "subscript",
        Expr::Starred(_) => "starred",
        Expr::Name(_) => "name",
        Expr::List(_) => "list",
        Expr::Tuple(_) => "tuple",
        Expr::Lambda(_) => "lambda",
        Expr::Call(_) => "function call",
        Expr::Generator(_) => "generator expression",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::Await(_) => "await expression",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::FString(_) | Expr::TString(_) => "f-string expression",
        Expr::NoneLiteral(_) => "None",
        Expr::BooleanLiteral(truth) if truth.value => "True",
        Expr::BooleanLiteral(_) => "False",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => "literal",
        Expr::Compare(_) => "comparison",
        Expr::If(_) => "conditional expression",
        Expr::Named(_) => "named expression",
        Expr::BoolOp(_) | Expr::BinOp(_) | Expr::UnaryOp(_) | Expr::IpyEscapeCommand(_) => {
            "expression"
        }
    }
}
