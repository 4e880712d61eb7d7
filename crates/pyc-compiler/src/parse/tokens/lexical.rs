//! Errors of the tokenizer. The message is built only when it is needed.
//!
//! `x = 'a` is [`What::Unterminated`], from which "unterminated string literal (detected at line
//! 1)" is built.

use std::fmt::{self, Write as _};

use crate::error::{ErrorKind, Fault};
use crate::location::Location;

/// An error of the tokenizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lexical {
    pub(super) what: What,
    pub(super) at: Location,
}

/// The kind of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Decimal,
    Hexadecimal,
    Octal,
    Binary,
    Imaginary,
}

/// The kind of string with replacement fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    /// An f-string
    F,
    /// A t-string
    T,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A string in single quotes that is unterminated in this line, and whether its last quote is
    /// escaped.
    Unterminated {
        line: i32,
        escaped: Escaped,
    },
    UnterminatedTriple {
        line: i32,
    },
    UnterminatedJoined {
        of: Letter,
        line: i32,
    },
    UnterminatedTripleJoined {
        of: Letter,
        line: i32,
    },
    Unmatched(u8),
    JoinedUnmatched(Letter, u8),
    /// A closing bracket doesn't match the open one. The line of the open bracket, if it is another
    /// line.
    Mismatched {
        closing: u8,
        opening: u8,
        line: Option<i32>,
    },
    NeverClosed(u8),
    TooManyBrackets,
    JoinedSingleBrace(Letter),
    JoinedOpen(Letter),
    /// The same, with the line of the brace that is open.
    JoinedOpenSince {
        of: Letter,
        line: i32,
    },
    JoinedTooDeep(Letter),
    TooManyJoined,
    /// The same for releases with t-strings.
    TooManyJoinedOrTemplates,
    NewlineInSpec(Letter),
    /// A string's prefix has incompatible letters; these are two of them.
    Prefixes(char, char),
    Invalid(char),
    NonPrintable(char),
    Number(Number),
    Digit(u8, Number),
    LeadingZeros,
    Continuation,
    UnexpectedEnd,
    /// An unindent to a level of indentation that doesn't exist.
    Dedent,
    Tabs,
    TooManyIndents,
    /// A name that isn't valid UTF-8, and the codec's message about it.
    Undecodable(String),
}

/// Whether a string has a quote that is escaped by a backslash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escaped {
    Quote,
    Nothing,
}

impl What {
    /// Whether the tokenizer raises it itself. For the others it returns a code, from which the
    /// parser makes an exception when it reaches the token (`pegen_errors.c:
    /// _Pypegen_tokenizer_error`, 3.13).
    pub(super) fn is_raised(&self) -> bool {
        !matches!(
            self,
            Self::NeverClosed(_)
                | Self::Continuation
                | Self::UnexpectedEnd
                | Self::Dedent
                | Self::Tabs
                | Self::TooManyIndents
        )
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Tabs => ErrorKind::Tab,
            Self::Dedent | Self::TooManyIndents => ErrorKind::Indentation,
            _ => ErrorKind::Syntax,
        }
    }

    /// CPython's message (`lexer.c`, `pegen_errors.c`, 3.13).
    fn words(&self) -> String {
        let fixed = match self {
            Self::Unterminated { line, escaped } => {
                let hint = match escaped {
                    Escaped::Quote => "; perhaps you escaped the end quote?",
                    Escaped::Nothing => "",
                };
                return format!("unterminated string literal (detected at line {line}){hint}");
            }
            Self::UnterminatedTriple { line } => {
                return format!(
                    "unterminated triple-quoted string literal (detected at line {line})"
                );
            }
            Self::UnterminatedJoined { of, line } => {
                return format!("unterminated {of}-string literal (detected at line {line})");
            }
            Self::UnterminatedTripleJoined { of, line } => {
                return format!(
                    "unterminated triple-quoted {of}-string literal (detected at line {line})"
                );
            }
            Self::Unmatched(byte) => return format!("unmatched '{}'", char::from(*byte)),
            Self::JoinedUnmatched(of, byte) => {
                return format!("{of}-string: unmatched '{}'", char::from(*byte));
            }
            Self::Mismatched { closing, opening, line } => {
                let (closing, opening) = (char::from(*closing), char::from(*opening));
                let place = line.map(|line| format!(" on line {line}")).unwrap_or_default();
                return format!(
                    "closing parenthesis '{closing}' does not match opening parenthesis '{opening}'{place}"
                );
            }
            Self::NeverClosed(byte) => return format!("'{}' was never closed", char::from(*byte)),
            Self::Invalid(character) => {
                let code = u32::from(*character);
                return format!("invalid character '{character}' (U+{code:04X})");
            }
            Self::NonPrintable(character) => {
                return format!("invalid non-printable character U+{:04X}", u32::from(*character));
            }
            Self::Number(number) => return format!("invalid {} literal", number.name()),
            Self::Digit(digit, number) => {
                let digit = char::from(*digit);
                return format!("invalid digit '{digit}' in {} literal", number.name());
            }
            Self::Undecodable(words) => return format!("(unicode error) {words}"),
            Self::TooManyBrackets => "too many nested parentheses",
            Self::JoinedSingleBrace(of) => {
                return format!("{of}-string: single '}}' is not allowed");
            }
            Self::JoinedOpen(of) => return format!("{of}-string: expecting '}}'"),
            Self::JoinedOpenSince { of, line } => {
                return format!("{of}-string: expecting '}}' to close '{{' on line {line}");
            }
            Self::JoinedTooDeep(of) => {
                return format!("{of}-string: expressions nested too deeply");
            }
            Self::NewlineInSpec(of) => {
                return format!(
                    "{of}-string: newlines are not allowed in format specifiers for single quoted {of}-strings"
                );
            }
            Self::Prefixes(one, other) => {
                return format!("'{one}' and '{other}' prefixes are incompatible");
            }
            Self::TooManyJoined => "too many nested f-strings",
            Self::TooManyJoinedOrTemplates => "too many nested f-strings or t-strings",
            Self::LeadingZeros => {
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"
            }
            Self::Continuation => "unexpected character after line continuation character",
            Self::UnexpectedEnd => "unexpected EOF while parsing",
            Self::Dedent => "unindent does not match any outer indentation level",
            Self::Tabs => "inconsistent use of tabs and spaces in indentation",
            Self::TooManyIndents => "too many levels of indentation",
        };
        fixed.to_owned()
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(match self {
            Self::F => 'f',
            Self::T => 't',
        })
    }
}

impl Lexical {
    /// The error if it is found after a parser's error. CPython doesn't convert an exception of the
    /// decoder then (`pegen_errors.c: _PyPegen_tokenize_full_source_to_check_for_errors`, 3.13).
    #[cold]
    pub(super) fn fault_after(&self) -> Fault {
        match &self.what {
            What::Undecodable(words) => {
                Fault::new(ErrorKind::Undecodable, Location::NONE, words.clone()).of_tokenizer()
            }
            _ => self.fault(),
        }
    }

    #[cold]
    pub(super) fn fault(&self) -> Fault {
        let fault = Fault::new(self.what.kind(), self.at, self.what.words());
        if self.is_raised() { fault.of_tokenizer() } else { fault }
    }

    /// Whether the tokenizer itself raises it. Names that aren't UTF-8 are reported by the parser.
    pub(super) fn is_raised(&self) -> bool {
        self.what.is_raised() && !matches!(self.what, What::Undecodable(_))
    }
}

impl Number {
    const fn name(self) -> &'static str {
        match self {
            Self::Decimal => "decimal",
            Self::Hexadecimal => "hexadecimal",
            Self::Octal => "octal",
            Self::Binary => "binary",
            Self::Imaginary => "imaginary",
        }
    }
}
