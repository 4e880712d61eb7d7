//! Errors and warnings about a source.
//!
//! ```text
//! m.py:2:5: 'return' outside function
//!     return 1
//!     ^^^^^^^^
//! ```

use std::fmt;

use crate::location::{Location, Span};

/// An error for a source that CPython would refuse, too.
///
/// `Display` shows the position and the message. [`SyntaxError::span`] and the other methods give
/// the parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    message: String,
    filename: String,
    span: Option<Span>,
    text: Option<String>,
    unit: ColumnUnit,
    warnings: Vec<Warning>,
}

/// What the columns of CPython's exception count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnUnit {
    Characters,
    Bytes,
}

/// The exception that CPython would raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `SyntaxError` about bytes that are invalid in the source's encoding, or an unknown encoding.
    Encoding,
    /// `UnicodeDecodeError`: an f-string with bytes that aren't UTF-8, or a format spec with an
    /// invalid escape.
    Undecodable,
    /// `ValueError`: a source with null bytes, an integer literal with too many digits
    Value,
    /// `RecursionError`: nested deeper than the compiler can handle
    Depth,
    /// `MemoryError`: nested deeper than CPython's parser can handle
    Memory,
    /// The target, the combination of options, or the source isn't supported.
    Unsupported,
    /// The compiler contradicts itself, so the source may be valid. Please report it.
    Internal,
}

impl ErrorKind {
    /// The exception's name in Python, e.g. `SyntaxError`; `SystemError` where CPython wouldn't
    /// raise any.
    ///
    /// ```
    /// assert_eq!(pyc_compiler::ErrorKind::Tab.exception_name(), "TabError");
    /// ```
    #[must_use]
    pub fn exception_name(self) -> &'static str {
        match self {
            Self::Syntax | Self::Encoding => "SyntaxError",
            Self::Indentation => "IndentationError",
            Self::Tab => "TabError",
            Self::Value => "ValueError",
            Self::Undecodable => "UnicodeDecodeError",
            Self::Depth => "RecursionError",
            Self::Memory => "MemoryError",
            Self::Unsupported | Self::Internal => "SystemError",
        }
    }
}

/// A warning that CPython would give: a `SyntaxWarning` or `DeprecationWarning`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// CPython's message.
    pub message: String,
    /// The category.
    pub kind: WarningKind,
    /// The position; `None` if it has none.
    pub span: Option<Span>,
}

impl Warning {
    pub(crate) fn syntax(location: Location, message: impl Into<String>) -> Self {
        Self { message: message.into(), kind: WarningKind::Syntax, span: Span::of(location) }
    }
}

/// A warning's category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WarningKind {
    /// `SyntaxWarning`
    Syntax,
    /// `DeprecationWarning`
    Deprecation,
}

/// An error on its way up, before the file's name and the source line are added.
///
/// It is one pointer wide, so that results that carry it fit into registers.
#[derive(Clone, Debug)]
pub(crate) struct Fault(Box<Parts>);

/// The parts of a [`Fault`].
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    pub(crate) location: Location,
    pub(crate) found_by: FoundBy,
    /// The text to show, if it isn't the source's line.
    pub(crate) text: Option<Box<[u8]>>,
}

/// The part of CPython that finds an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FoundBy {
    Tokenizer,
    Parser,
    /// The symbol table and the compiler.
    Compiler,
}

impl std::ops::Deref for Fault {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

pub(crate) type Result<T, E = Fault> = std::result::Result<T, E>;

impl Fault {
    pub(crate) fn syntax(location: Location, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Syntax, location, message)
    }

    /// Two parts of the compiler contradict each other. `what` describes the contradiction.
    #[cold]
    pub(crate) fn internal(location: Location, what: &str) -> Self {
        let message = format!("internal compiler error ({what}), please report this source");
        Self::new(ErrorKind::Internal, location, message)
    }

    pub(crate) fn new(kind: ErrorKind, location: Location, message: impl Into<String>) -> Self {
        let found_by = FoundBy::Compiler;
        Self(Box::new(Parts { kind, message: message.into(), location, found_by, text: None }))
    }

    /// The same error at another location.
    pub(crate) fn at(mut self, location: Location) -> Self {
        self.0.location = location;
        self
    }

    /// The same error, shown with a text that isn't the source's line.
    pub(crate) fn with_text(mut self, text: Box<[u8]>) -> Self {
        self.0.text = Some(text);
        self
    }

    /// The same error, found by the tokenizer.
    pub(crate) fn of_tokenizer(mut self) -> Self {
        self.0.found_by = FoundBy::Tokenizer;
        self
    }

    /// The same error, found by the parser unless it is the tokenizer's.
    pub(crate) fn of_parser(mut self) -> Self {
        if self.0.found_by == FoundBy::Compiler {
            self.0.found_by = FoundBy::Parser;
        }
        self
    }

    /// Adds the file's name and the source line that it is about.
    pub(crate) fn in_file(self, filename: &str, text: Option<&str>) -> SyntaxError {
        let Parts { kind, message, location, .. } = *self.0;
        SyntaxError(Box::new(Inner {
            kind,
            message,
            filename: filename.to_owned(),
            span: Span::of(location),
            text: text.map(|line| line.trim_end_matches(['\r', '\n']).to_owned()),
            unit: ColumnUnit::Characters,
            warnings: Vec::new(),
        }))
    }
}

impl SyntaxError {
    /// The exception that CPython would raise.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message without the position; CPython's own wherever possible.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The name that was given for the source.
    #[must_use]
    pub fn filename(&self) -> &str {
        &self.0.filename
    }

    /// The position; `None` if the error is about the file as a whole.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.0.span
    }

    /// The warnings that CPython would have given before it found the error.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.0.warnings
    }

    /// The same error, preceded by these warnings.
    pub(crate) fn after(mut self, warnings: Vec<Warning>) -> Self {
        self.0.warnings = warnings;
        self
    }

    /// The same error, with its columns in this unit.
    pub(crate) fn with_columns_in(mut self, unit: ColumnUnit) -> Self {
        self.0.unit = unit;
        self
    }

    /// The source line, without its line ending.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// The column from 1, as Python's `SyntaxError.offset`. `None` if it has none. It counts
    /// characters, or bytes where CPython does: in errors that aren't the parser's, such as
    /// `'return' outside function`.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        let column = self.span()?.column?;
        if self.0.unit == ColumnUnit::Bytes {
            return Some(column + 1);
        }
        Some(characters(self.text().unwrap_or_default(), column))
    }

    /// The column of the end, as Python's `SyntaxError.end_offset`.
    #[must_use]
    pub fn end_offset(&self) -> Option<usize> {
        let (text, span) = (self.text().unwrap_or_default(), self.span()?);
        let end = span.end_column?;
        if self.0.unit == ColumnUnit::Bytes {
            return Some(end + 1);
        }
        // Quirk: CPython converts the end's column by the text of the first line, even if the end
        // is in another (`pegen.c: _PyPegen_byte_offset_to_character_offset`, 3.13).
        let is_elsewhere = span.end_line != span.line;
        Some(characters(text, if is_elsewhere { end.min(text.len()) } else { end }))
    }
}

/// Converts a column in bytes from 0 to one in characters from 1. In the middle of a character, it
/// is the column of that (`pegen.c: _PyPegen_byte_offset_to_character_offset`, 3.13).
fn characters(line: &str, column: usize) -> usize {
    let count = line.char_indices().take_while(|(at, _)| *at <= column).count();
    // A column may be after the line's end.
    if column < line.len() { count } else { count + 1 + column - line.len() }
}

/// File, line, column (from 1) and message, then the source line with carets below the faulty part.
impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { message, filename, span, text, .. } = &*self.0;
        write!(f, "{filename}:")?;
        if let Some(span) = span {
            write!(f, "{}:", span.line)?;
            if let Some(column) = span.column {
                write!(f, "{}:", column + 1)?;
            }
        }
        write!(f, " {message}")?;
        let (Some(text), Some(span)) = (text, span) else { return Ok(()) };
        let Some(column) = span.column else { return Ok(()) };
        let end = match span.end_column {
            Some(end) if span.end_line == span.line => end,
            Some(_) => text.len(),
            None => column,
        };
        write!(f, "\n    {text}\n    ")?;
        // Tabs are kept, so that the carets are aligned with what they point at.
        let before = text.char_indices().take_while(|(at, _)| *at < column);
        for (_, character) in before {
            write!(f, "{}", if character == '\t' { '\t' } else { ' ' })?;
        }
        let under = text.char_indices().filter(|(at, _)| (column..end).contains(at)).count();
        write!(f, "{}", "^".repeat(under.max(1)))
    }
}

impl std::error::Error for SyntaxError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_below_the_fault() {
        let fault = Fault::syntax(Location::new(2, 2, 1, 7), "'return' outside function");
        assert_eq!(
            fault.in_file("m.py", Some("\treturn\n")).to_string(),
            "m.py:2:2: 'return' outside function\n    \treturn\n    \t^^^^^^"
        );
        let whole = Fault::new(ErrorKind::Value, Location::NONE, "no").in_file("m.py", None);
        assert_eq!(whole.to_string(), "m.py: no");
    }

    #[test]
    fn internal_errors_ask_for_a_report() {
        let error = Fault::internal(Location::NONE, "no end").in_file("m.py", None);
        assert_eq!(
            (error.kind(), error.kind().exception_name()),
            (ErrorKind::Internal, "SystemError")
        );
        assert!(error.message().contains("please report"), "{error}");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(characters("é = 1", 3), 3);
        assert_eq!(characters("é = 1", 1), 1);
        assert_eq!(characters("x", 5), 6);
    }
}
