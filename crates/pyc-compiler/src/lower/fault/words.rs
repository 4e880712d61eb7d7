//! CPython's words for errors of the grammar (`python.gram: invalid_*`, 3.13).
//!
//! | ruff | CPython |
//! |---|---|
//! | Positional argument cannot follow keyword argument | positional argument follows keyword argument |

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{
    InterpolatedStringErrorType, ParseErrorType, UnsupportedSyntaxError, UnsupportedSyntaxErrorKind,
};
use ruff_text_size::{Ranged, TextRange};

use super::{Complaint, Text, lower_case};

impl Text<'_> {
    /// The words for an error of the grammar, if CPython has any.
    pub(super) fn words(self, error: &ParseErrorType, range: TextRange) -> Option<String> {
        let words = match error {
            ParseErrorType::PositionalAfterKeywordArgument => {
                "positional argument follows keyword argument"
            }
            ParseErrorType::PositionalAfterKeywordUnpacking => {
                "positional argument follows keyword argument unpacking"
            }
            ParseErrorType::InvalidArgumentUnpackingOrder => {
                "iterable argument unpacking follows keyword argument unpacking"
            }
            ParseErrorType::IterableUnpackingInComprehension => {
                "iterable unpacking cannot be used in comprehension"
            }
            ParseErrorType::UnparenthesizedGeneratorExpression => {
                "Generator expression must be parenthesized"
            }
            ParseErrorType::NonDefaultParamAfterDefaultParam => {
                "parameter without a default follows parameter with a default"
            }
            ParseErrorType::ParamAfterVarKeywordParam => {
                "arguments cannot follow var-keyword argument"
            }
            ParseErrorType::VarParameterWithDefault if self.is_keywords(range) => {
                "var-keyword argument cannot have default value"
            }
            ParseErrorType::VarParameterWithDefault => {
                "var-positional argument cannot have default value"
            }
            ParseErrorType::ExpectedKeywordParam => "named arguments must follow bare *",
            ParseErrorType::EmptyImportNames => "Expected one or more names after 'import'",
            ParseErrorType::EmptyTypeParams => "Type parameter list cannot be empty",
            ParseErrorType::InvalidStarredExpressionUsage => "cannot use starred expression here",
            ParseErrorType::InvalidMatchPatternTarget => "cannot use '_' as a target",
            ParseErrorType::ExpectedRealNumber => "real number required in complex literal",
            ParseErrorType::ExpectedImaginaryNumber => {
                "imaginary number required in complex literal"
            }
            ParseErrorType::FStringError(error) => return self.joined(error, range),
            ParseErrorType::SimpleStatementsOnSameLine => return self.same_line(range),
            ParseErrorType::ExpectedToken { expected, found } => {
                return expected_token(*expected, *found);
            }
            ParseErrorType::OtherError(words) => return other(words),
            _ => return None,
        };
        Some(words.to_owned())
    }

    /// Syntax that the target is too old for.
    pub(super) fn unsupported(self, error: &UnsupportedSyntaxError) -> Complaint {
        let words = match error.kind {
            UnsupportedSyntaxErrorKind::UnpackingInComprehension(_) => {
                let unpacked = &self.text[error.range];
                let what = if unpacked.starts_with("**") { "dict" } else { "iterable" };
                let within = if what == "dict" { "dict " } else { "" };
                format!("{what} unpacking cannot be used in {within}comprehension")
            }
            UnsupportedSyntaxErrorKind::UnparenthesizedExceptionTypes => {
                "multiple exception types must be parenthesized".to_owned()
            }
            _ => lower_case(&error.to_string()),
        };
        Complaint::syntax(error.range, words)
    }

    /// Whether the default at `range` is that of `**kwargs`.
    fn is_keywords(self, range: TextRange) -> bool {
        let at = self.tokens.partition_point(|token| token.start() < range.start());
        let mut stars = self.tokens[..at].iter().rev().map(Token::kind);
        stars.find(|kind| matches!(kind, TokenKind::Star | TokenKind::DoubleStar))
            == Some(TokenKind::DoubleStar)
    }

    fn joined(self, error: &InterpolatedStringErrorType, range: TextRange) -> Option<String> {
        let words = match error {
            InterpolatedStringErrorType::SingleRbrace => "single '}' is not allowed",
            InterpolatedStringErrorType::UnclosedLbrace => "expecting '}'",
            InterpolatedStringErrorType::LambdaWithoutParentheses => {
                "lambda expressions are not allowed without parentheses"
            }
            InterpolatedStringErrorType::NewlineInFormatSpec => {
                "newlines are not allowed in format specifiers for single quoted f-strings"
            }
            InterpolatedStringErrorType::InvalidConversionFlag => match &self.text[range] {
                flag if flag.starts_with(|first: char| first.is_alphabetic()) => {
                    return Some(format!(
                        "f-string: invalid conversion character '{flag}': expected 's', 'r', or 'a'"
                    ));
                }
                "}" | ":" => "missing conversion character",
                _ => "invalid conversion character",
            },
            InterpolatedStringErrorType::UnterminatedString => {
                return Some(self.unterminated("f-string", "", range));
            }
            InterpolatedStringErrorType::UnterminatedTripleQuotedString => {
                return Some(self.unterminated("f-string", "triple-quoted ", range));
            }
            InterpolatedStringErrorType::ConversionFlagNotImmediatelyAfterExclamation => {
                return None;
            }
        };
        Some(format!("f-string: {words}"))
    }

    /// Two statements with nothing between: a number that ends in letters, or Python 2.
    fn same_line(self, range: TextRange) -> Option<String> {
        let at = self.tokens.partition_point(|token| token.start() < range.start());
        let before = self.tokens[..at].iter().rev().find(|token| !token.kind().is_trivia())?;
        match before.kind() {
            TokenKind::Int | TokenKind::Float | TokenKind::Complex
                if before.end() == range.start() =>
            {
                let kind = super::super::limits::number_kind(&self.text[before.range()]);
                Some(format!("invalid {kind} literal"))
            }
            TokenKind::Name => match &self.text[before.range()] {
                name @ ("print" | "exec") => Some(format!(
                    "Missing parentheses in call to '{name}'. Did you mean {name}(...)?"
                )),
                _ => None,
            },
            _ => None,
        }
    }
}

fn expected_token(expected: TokenKind, found: TokenKind) -> Option<String> {
    match (expected, found) {
        (TokenKind::Colon | TokenKind::Rpar | TokenKind::Rsqb, TokenKind::Equal) => {
            Some("invalid syntax. Maybe you meant '==' or ':=' instead of '='?".to_owned())
        }
        (TokenKind::Colon, _) => Some("expected ':'".to_owned()),
        (TokenKind::Lpar, _) => Some("expected '('".to_owned()),
        (TokenKind::Else, _) => Some("expected 'else' after 'if' expression".to_owned()),
        _ => None,
    }
}

/// Where ruff itself has only words.
fn other(words: &str) -> Option<String> {
    let known = match words {
        "Expected `except` or `finally` after `try` block" => {
            "expected 'except' or 'finally' block"
        }
        "Bytes literal cannot be mixed with non-bytes literals" => {
            "cannot mix bytes and nonbytes literals"
        }
        "Only one '*' parameter allowed" | "Only one '*' separator allowed" => {
            "* argument may appear only once"
        }
        "Only one '/' separator allowed" => "/ may appear only once",
        "'/' parameter must appear before '*' parameter" => "/ must be ahead of *",
        "Positional patterns cannot follow keyword patterns" => {
            "positional patterns follow keyword patterns"
        }
        "Trailing comma not allowed" => {
            "trailing comma not allowed without surrounding parentheses"
        }
        "Only single target (not tuple) can be annotated" => {
            "only single target (not tuple) can be annotated"
        }
        "Only single target (not list) can be annotated" => {
            "only single target (not list) can be annotated"
        }
        "Cannot have both 'except' and 'except*' on the same 'try'" => {
            "cannot have both 'except' and 'except*' on the same 'try'"
        }
        _ => return None,
    };
    Some(known.to_owned())
}
