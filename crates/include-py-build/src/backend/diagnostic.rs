//! An error or warning about a source, and how it is shown: as rustc shows an error in a Rust file.
//!
//! ```text
//! error: python/app/bad.py:3:9: invalid syntax
//!   |
//! 3 |     x = = 1
//!   |         ^
//! ```

use std::fmt;
use std::path::Path;

use crate::error::{ErrorKind, Problem};

/// Why a source isn't compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    pub(super) kind: Kind,
    pub(crate) message: String,
    pub(super) span: Option<Span>,
    /// The line of the error, possibly followed by further lines.
    pub(super) text: String,
}

/// The exception that CPython raises, or the reason why CPython raises none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Syntax,
    Indentation,
    Tab,
    Undecodable,
    /// A NUL in the source, or an integer literal with too many digits.
    Value,
    Recursion,
    Memory,
    /// The source contains something that the compiler doesn't support.
    Unsupported,
    /// The compiler failed an internal check.
    Internal,
    /// Another exception; the message begins with its name.
    Other,
}

/// A range in the source: lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// 0 if the error concerns the whole file.
    pub(super) line: usize,
    pub(super) column: Option<usize>,
    pub(super) end_line: Option<usize>,
    pub(super) end_column: Option<usize>,
}

/// A `SyntaxWarning`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Warning {
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Kind {
    /// The exception's name; `None` for [`Kind::Internal`] and [`Kind::Other`].
    fn exception(self) -> Option<&'static str> {
        Some(match self {
            Self::Syntax => "SyntaxError",
            Self::Indentation => "IndentationError",
            Self::Tab => "TabError",
            Self::Undecodable => "UnicodeDecodeError",
            Self::Value => "ValueError",
            Self::Recursion => "RecursionError",
            Self::Memory => "MemoryError",
            Self::Unsupported => "SystemError",
            Self::Internal | Self::Other => return None,
        })
    }

    /// The kind for `SyntaxError` or a subclass of it. Subclasses without a row are internal to
    /// CPython (`_IncompleteInputError`, 3.13).
    pub(super) fn of_syntax_error(name: &str) -> Self {
        match name {
            "IndentationError" => Self::Indentation,
            "TabError" => Self::Tab,
            _ => Self::Syntax,
        }
    }
}

impl Diagnostic {
    /// A diagnostic without a position.
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), span: None, text: String::new() }
    }

    /// A diagnostic for an exception other than `SyntaxError`.
    pub(super) fn of_exception(name: &str, message: String) -> Self {
        let known = [Kind::Undecodable, Kind::Value, Kind::Recursion, Kind::Memory];
        match known.into_iter().find(|kind| kind.exception() == Some(name)) {
            Some(kind) => Self::new(kind, message),
            None => Self::new(Kind::Other, format!("{name}: {message}")),
        }
    }

    /// Converts to a problem that stops the build; `path` is the source file.
    pub(crate) fn problem(&self, path: &Path) -> Problem {
        let path = path.display();
        let message = &self.message;
        let problem = |text: String| Problem::new(ErrorKind::Compile, text);
        match self.kind {
            Kind::Internal => problem(format!("{path}: {message}"))
                .help("until it is mended, have CPython compile: `.backend(Backend::Interpreter)`"),
            // ast.c and marshal.c limit the nesting depth, so no interpreter can compile the file.
            Kind::Recursion | Kind::Memory => {
                let name = self.kind.exception().unwrap_or_default();
                let message = if message.is_empty() { "out of memory" } else { message };
                problem(format!("{path}: {name}: {message}"))
                    .help("make the file's deepest expression less deep, or split the file")
            }
            // Before 3.12, this is always a NUL in the source.
            Kind::Value => problem(format!("{path}: {message}")).help(ENCODING),
            Kind::Other => problem(format!("{path}: {message}")),
            // These messages explain themselves: "unexpected indent", "inconsistent use of tabs".
            Kind::Syntax | Kind::Indentation | Kind::Tab => self.placed(&path, message),
            Kind::Undecodable | Kind::Unsupported => self.placed(&path, &self.to_string()),
        }
    }

    /// The problem with an excerpt of the line, if the position is known.
    fn placed(&self, path: &dyn fmt::Display, message: &str) -> Problem {
        // If a file can't be decoded, the line is 0 or missing.
        let Some(span) = self.span.filter(|span| span.line > 0) else {
            return Problem::new(ErrorKind::Compile, format!("{path}: {message}")).help(ENCODING);
        };
        let line = span.line;
        let text = self.text.trim_end_matches(['\n', '\r']);
        // A form feed doesn't move the caret. If the text has several lines, the error is in the
        // first.
        let text = text.split(['\n', '\x0c']).next().unwrap_or_default();
        // If a string can't be decoded, the column differs between versions, so it isn't shown. (An
        // error in an escape names the codec `unicodeescape` instead.)
        let undecodable = message.contains("'utf-8' codec can't decode");
        let Some(column) = span.column.filter(|&column| column > 0 && !undecodable) else {
            let problem = Problem::new(ErrorKind::Compile, format!("{path}:{line}: {message}"));
            return if undecodable || text.is_empty() { problem.help(ENCODING) } else { problem };
        };
        let heading = format!("{path}:{line}:{column}: {message}");
        if text.trim().is_empty() {
            return Problem::new(ErrorKind::Compile, heading);
        }
        let end = match (span.end_line, span.end_column) {
            (Some(end_line), _) if end_line > line => usize::MAX,
            (Some(end_line), Some(end)) if end_line == line => end,
            _ => column + 1,
        };
        let Excerpt { line: shown, indent, width } =
            excerpt(text, column - 1, end.max(column + 1) - 1);
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        let (space, carets) = (" ".repeat(indent), "^".repeat(width));
        Problem::new(
            ErrorKind::Compile,
            format!("{heading}\n{margin} |\n{number} | {shown}\n{margin} | {space}{carets}"),
        )
    }
}

/// `SyntaxError: invalid syntax`
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind.exception() {
            Some(name) => write!(f, "{name}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Columns that a tab takes, as in rustc's output.
const TAB: usize = 4;

/// Maximum width of an excerpt; a longer line is cut around the error.
const WIDTH: usize = 120;

const ENCODING: &str = "save the file as UTF-8 without NUL bytes, or declare its encoding in the \
                        first line: `# -*- coding: latin-1 -*-`";

/// The shown part of a line, and the position of the underline in columns.
#[derive(Debug, PartialEq, Eq)]
struct Excerpt {
    line: String,
    indent: usize,
    width: usize,
}

/// `from` and `to` count characters of `line`; `to` can be after its end.
fn excerpt(line: &str, from: usize, to: usize) -> Excerpt {
    let before: usize = line.chars().take(from).map(columns).sum();
    // Keeps more room before the error, since the cause is more often there.
    let skipped = before.saturating_sub(WIDTH * 3 / 4);
    let mut excerpt = Excerpt { line: String::new(), indent: 0, width: 0 };
    if skipped > 0 {
        excerpt.line.push('…');
        excerpt.indent = 1;
    }
    let mut column = 0;
    for (number, character) in line.chars().enumerate() {
        let wide = columns(character);
        column += wide;
        if column <= skipped {
            continue;
        }
        if column - skipped > WIDTH {
            excerpt.line.push('…');
            break;
        }
        match character {
            '\t' => excerpt.line.push_str(&" ".repeat(TAB)),
            // A control character would move the caret or the terminal's cursor.
            control if control.is_control() => excerpt.line.push('\u{fffd}'),
            other => excerpt.line.push(other),
        }
        if number < from {
            excerpt.indent += wide;
        } else if number < to {
            excerpt.width += wide;
        }
    }
    // The error can be at the end of the line, where the expression is incomplete.
    excerpt.width = excerpt.width.max(1);
    excerpt
}

/// The number of columns that a terminal uses for a character: East Asian Width (UAX #11) in
/// ranges.
fn columns(character: char) -> usize {
    match character {
        '\t' => TAB,
        // Combining marks, zero-width characters, variation selectors.
        '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, column: usize, end_column: usize) -> String {
        let end_column = Some(end_column);
        let span = Span { line: 12, column: Some(column), end_line: Some(12), end_column };
        let bad = Diagnostic::new(Kind::Syntax, "bad");
        let error = Diagnostic { span: Some(span), text: text.to_owned(), ..bad };
        error.problem(Path::new("a.py")).message().to_owned()
    }

    #[test]
    fn the_underline_is_below_the_error() {
        assert_eq!(shown("x = = 1\n", 5, 6), "a.py:12:5: bad\n   |\n12 | x = = 1\n   |     ^");
        assert_eq!(shown("if (a b):", 5, 8), "a.py:12:5: bad\n   |\n12 | if (a b):\n   |     ^^^");
        // No end, an end before the start, an end after the line.
        for end in [0, 3, 5, 6] {
            assert!(shown("x = = 1", 5, end).ends_with("|     ^"));
        }
        assert!(shown("x = = 1", 5, 99).ends_with("|     ^^^"));
        assert!(shown("f(", 3, 3).ends_with("|   ^"));
        assert!(shown("f(", 30, 31).ends_with("|   ^"));
    }

    #[test]
    fn internal_errors_of_the_compiler_are_reported_as_such() {
        let problem = Diagnostic::new(Kind::Internal, "internal compiler error");
        let problem = problem.problem(Path::new("a.py"));
        assert!(problem.message().starts_with("a.py: internal compiler error\n"));
        assert!(problem.message().contains("Backend::Interpreter"));
    }

    #[test]
    fn tabs_and_wide_characters_take_their_columns() {
        assert_eq!(
            shown("\tx\u{301} = '日本' $", 12, 13),
            "a.py:12:12: bad\n   |\n12 |     x\u{301} = '日本' $\n   |                ^"
        );
        assert_eq!(excerpt("日本", 1, 2), Excerpt { line: "日本".to_owned(), indent: 2, width: 2 });
        assert_eq!(excerpt("a\x1b[b", 2, 3).line, "a\u{fffd}[b");
    }

    #[test]
    fn a_long_line_is_cut_around_the_error() {
        let line = format!("{}$ {}", "a".repeat(500), "b".repeat(500));
        let Excerpt { line, indent, width } = excerpt(&line, 500, 501);
        let characters: Vec<char> = line.chars().collect();
        assert_eq!((characters[0], characters[indent], width), ('…', '$', 1));
        assert_eq!((*characters.last().unwrap(), characters.len()), ('…', WIDTH + 2));
    }

    #[test]
    fn errors_without_a_position_have_help() {
        let shown = |error: &Diagnostic| error.problem(Path::new("a.py")).message().to_owned();
        let help = "\n  = help: save the file as UTF-8 without NUL bytes, or declare its encoding \
                    in the first line: `# -*- coding: latin-1 -*-`";
        let text = "(unicode error) 'utf-8' codec can't decode byte 0xff";
        let mut error = Diagnostic::new(Kind::Syntax, text);
        assert_eq!(shown(&error), format!("a.py: {text}{help}"));
        error.span = Some(Span { line: 0, column: Some(0), end_line: None, end_column: None });
        assert_eq!(shown(&error), format!("a.py: {text}{help}"));
        let text = "source code string cannot contain null bytes";
        let error = Diagnostic::of_exception("ValueError", text.to_owned());
        assert_eq!(shown(&error), format!("a.py: {text}{help}"));
        let error = Diagnostic::of_exception("MemoryError", String::new());
        assert_eq!(
            shown(&error),
            "a.py: MemoryError: out of memory\n  = help: make the file's deepest expression less \
             deep, or split the file"
        );
        let error = Diagnostic::of_exception("OverflowError", "too large".to_owned());
        assert_eq!(shown(&error), "a.py: OverflowError: too large");
    }
}
