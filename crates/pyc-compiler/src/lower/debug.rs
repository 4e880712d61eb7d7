//! The text that `=` in a replacement field puts before the value.
//!
//! | source | 3.13.0 | 3.13.18 |
//! |---|---|---|
//! | `{x = }` | `x = ` | `x = ` |
//! | `{a != b=}` | `a ` | `a != b=` |
//! | `{x:{y}{z=}}` | `y` | `z=` |
//! | `{'#'=}` | `'` | `'#'=` |
//!
//! CPython's tokenizer keeps one text for an f-string, from a `{` to the first or last of `!`, `:` and `}` that it
//! minds. Releases before 3.13.6 mind some that they shouldn't, and pass over others; a [`Tracker`] does the same.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::target::{Feature, Target};

/// What the tokenizer knows of an f-string that it is in (`lexer.c: _PyLexer_update_fstring_expr`, 3.13.5).
#[derive(Clone, Copy, Debug)]
pub(super) struct Tracker {
    manner: Manner,
    start: TextSize,
    end: Option<TextSize>,
    /// A `=` was read, and the field isn't at its end.
    in_debug: bool,
    /// A `:` was read, and neither text nor a field's end after it.
    in_spec: bool,
}

/// When a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// With the first mark.
    First,
    /// With the last mark, but a `:` only if it is the first.
    Last,
    /// Where the field's expression ends.
    Exact,
}

/// How a replacement field comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Text,
    /// Its `{` is the first of the f-string or spec, or stands behind another field.
    Nothing,
}

impl Tracker {
    pub(super) fn new(target: &Target) -> Self {
        let manner = if target.has(Feature::RawFormatSpecs) {
            Manner::Exact
        } else if target.has(Feature::DebugTextPastNotEqual) {
            Manner::Last
        } else {
            Manner::First
        };
        Self { manner, start: 0.into(), end: None, in_debug: false, in_spec: false }
    }

    /// Whether every `!=` has to be told.
    pub(super) fn minds_marks(&self) -> bool {
        self.manner != Manner::Exact
    }

    /// A `{` below `specs` format specs, with the field's text behind it.
    pub(super) fn open(&mut self, before: Before, specs: u32, text: TextSize) {
        let exact = self.manner == Manner::Exact;
        if exact || before == Before::Text || self.minds(specs) {
            (self.start, self.end) = (text, None);
        }
        if before == Before::Text {
            self.in_spec = false;
        }
    }

    /// The `=`.
    pub(super) fn equal(&mut self) {
        self.in_debug = true;
    }

    /// A `!` of a comparison or a conversion.
    pub(super) fn exclamation(&mut self, specs: u32, at: TextSize) {
        if self.minds(specs) && (self.manner != Manner::First || self.end.is_none()) {
            self.end = Some(at);
        }
    }

    /// The `:` before a format spec.
    pub(super) fn colon(&mut self, specs: u32, at: TextSize) {
        if self.minds(specs) && self.end.is_none() {
            self.end = Some(at);
        }
        self.in_spec = true;
    }

    /// The `}`.
    pub(super) fn close(&mut self, specs: u32, at: TextSize) {
        self.exclamation(specs, at);
        (self.in_debug, self.in_spec) = (false, false);
    }

    /// The text, once its end was told.
    pub(super) fn range(&self) -> TextRange {
        TextRange::new(self.start, self.end.unwrap_or(self.start))
    }

    fn minds(&self, specs: u32) -> bool {
        self.manner == Manner::Exact || specs == 0 || specs == 1 && (self.in_debug || self.in_spec)
    }
}

/// Where `!=` stands in a field's expression, outside of brackets and f-strings.
pub(super) fn not_equals(
    tokens: &[Token],
    expression: TextRange,
) -> impl Iterator<Item = TextSize> + '_ {
    let first = tokens.partition_point(|token| token.start() < expression.start());
    let inside = tokens[first..].iter().take_while(move |token| token.start() < expression.end());
    let mut depth = 0;
    inside.filter_map(move |token| {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart => {
                depth += 1;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd => {
                depth -= 1;
            }
            TokenKind::NotEqual if depth == 0 => return Some(token.start()),
            _ => {}
        }
        None
    })
}

/// Appends the text without its comments (`lexer.c: set_fstring_expr`, 3.13).
pub(crate) fn without_comments(source: &str, target: &Target, into: &mut Vec<u8>) {
    if !target.has(Feature::RawFormatSpecs) {
        // From any `#` to the line's end nothing is kept, be it a comment or in a string.
        for line in source.split_inclusive('\n') {
            let (before, _) = line.split_once('#').unwrap_or((line, ""));
            into.extend_from_slice(before.as_bytes());
            if before.len() < line.len() && line.ends_with('\n') {
                into.push(b'\n');
            }
        }
        return;
    }
    // A triple quote opens, closes and opens a string again, or the other way round.
    let mut quote = None;
    let mut bytes = source.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                into.push(byte);
                into.extend(bytes.next());
                continue;
            }
            b'"' | b'\'' if quote.is_none() => quote = Some(byte),
            b'"' | b'\'' if quote == Some(byte) => quote = None,
            b'#' if quote.is_none() => {
                if bytes.any(|byte| byte == b'\n') {
                    into.push(b'\n');
                }
                continue;
            }
            _ => {}
        }
        into.push(byte);
    }
}
