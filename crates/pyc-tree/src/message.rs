//! Python's texts for errors and warnings, as printed by `traceback`, `warnings` and `OSError`.
//!
//! ```text
//! ***   File "a.py", line 1
//!     x = = 1
//!         ^
//! SyntaxError: invalid syntax
//! ```

use std::fmt::Write as _;
use std::io;

use pyc_code::{Const, Minor};
use pyc_compiler::{ErrorKind, Span, SyntaxError, WarningKind};

use crate::report::SourceWarning;
use crate::text::file_name_text;

/// `repr()` of a name.
pub(crate) fn quoted(name: &[u8]) -> String {
    pyc_code::dis::repr(&Const::Str(file_name_text(name)), Minor::PY313).to_string()
}

/// The text for a refused source: for a `SyntaxError` as `traceback.format_exception_only` formats
/// it, for other errors one line (`py_compile.py: PyCompileError`, 3.13).
pub(crate) fn refused(file: &str, error: &SyntaxError) -> String {
    let (class, message) = (error.kind().exception_name(), error.message());
    if class != "SyntaxError" {
        let position = error.span().map_or(String::new(), |span| {
            // `str()` of the error has only the last component (`exceptions.c: SyntaxError_str`).
            let name = file.rsplit('/').next().unwrap_or(file);
            format!(" ({name}, line {})", span.line)
        });
        return format!("Sorry: {class}: {message}{position}");
    }
    let shown = match error.kind() {
        // The source couldn't be decoded, so no line is shown (`pegen_errors.c:
        // _Pypegen_raise_decode_problem`, `raise_tokenizer_init_error`, 3.13).
        ErrorKind::Encoding if error.span().is_none() => format!("  File \"{file}\", line 0\n"),
        _ => {
            let columns = Columns { start: error.offset(), end: error.end_offset() };
            excerpt(file, error.text(), error.span(), columns)
        }
    };
    format!("{shown}{class}: {message}\n")
}

/// The same for a source that was refused because of a warning.
pub(crate) fn refused_for(
    file: &str,
    SourceWarning { warning, line, .. }: &SourceWarning,
) -> String {
    let column = |at: usize| line.char_indices().take_while(|(index, _)| *index < at).count() + 1;
    let start = warning.span.and_then(|span| span.column).map(column);
    let end = warning.span.and_then(|span| span.end_column).map(column);
    let shown = excerpt(file, Some(line), warning.span, Columns { start, end });
    format!("{shown}SyntaxError: {}\n", warning.message)
}

/// Columns of an error's start and end in characters from 1, as in `SyntaxError`.
#[derive(Clone, Copy)]
struct Columns {
    start: Option<usize>,
    end: Option<usize>,
}

/// The location of an error: the file, the line, and a marker below the faulty part
/// (`traceback.py: _format_syntax_error`, 3.13).
fn excerpt(file: &str, line: Option<&str>, span: Option<Span>, columns: Columns) -> String {
    let mut text = String::new();
    let Some(span) = span else { return text };
    // Writing to a string doesn't fail.
    let _ = writeln!(text, "  File \"{file}\", line {}", span.line);
    let Some(line) = line else { return text };
    // Tabs stay, so that the marker below is aligned.
    let shown = line.trim_start_matches([' ', '\u{c}']);
    let _ = writeln!(text, "    {shown}");
    let length = line.chars().count();
    // In CPython the line has a line end, which an error can also be at.
    let last = length + 1;
    let start = columns.start.unwrap_or(0).min(last);
    let end = match columns.end {
        _ if span.end_line != span.line => last,
        None | Some(0) => start,
        Some(end) => end.min(last),
    };
    let width = end.saturating_sub(start).max(1);
    let stripped = length - shown.chars().count();
    if let Some(before) = start.checked_sub(1 + stripped) {
        let blanks: String =
            shown.chars().take(before).map(|c| if is_space(c) { c } else { ' ' }).collect();
        let _ = writeln!(text, "    {blanks}{}", "^".repeat(width));
    }
    text
}

/// Python's `str.isspace`.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

/// The text for a system error: `PermissionError: [Errno 13] Permission denied: 'a.py'`.
pub(crate) fn failed(path: &[u8], error: &io::Error) -> String {
    let text = error.to_string();
    // Our own error, with the wording of `py_compile.py: compile`: see `file.rs: write`.
    if error.raw_os_error().is_none() && error.kind() == io::ErrorKind::AlreadyExists {
        return format!("FileExistsError: {} {text}", String::from_utf8_lossy(path));
    }
    let path = quoted(path);
    let Some(number) = error.raw_os_error() else { return format!("OSError: {text}: {path}") };
    // Rust appends the number to the system's message.
    let text = text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text);
    format!("{}: [Errno {number}] {text}: {path}", class(error.kind()))
}

/// The subclass of `OSError` for an error (PEP 3151).
fn class(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "FileNotFoundError",
        io::ErrorKind::PermissionDenied => "PermissionError",
        io::ErrorKind::AlreadyExists => "FileExistsError",
        io::ErrorKind::IsADirectory => "IsADirectoryError",
        io::ErrorKind::NotADirectory => "NotADirectoryError",
        io::ErrorKind::WouldBlock => "BlockingIOError",
        io::ErrorKind::Interrupted => "InterruptedError",
        io::ErrorKind::TimedOut => "TimeoutError",
        io::ErrorKind::BrokenPipe => "BrokenPipeError",
        _ => "OSError",
    }
}

/// Appends the text that Python prints for a warning.
pub(crate) fn warned(
    output: &mut String,
    file: &str,
    SourceWarning { warning, line, .. }: &SourceWarning,
) {
    let category = match warning.kind {
        WarningKind::Deprecation => "DeprecationWarning",
        _ => "SyntaxWarning",
    };
    let (at, message) = (warning.span.map_or(0, |span| span.line), &warning.message);
    let _ = writeln!(output, "{file}:{at}: {category}: {message}\n  {}", line.trim());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected texts are those of `compileall` of 3.13.0.
    #[test]
    fn lines_and_markers_are_those_of_traceback() {
        for (source, shown) in [
            ("x = = 1\n", "x = = 1\n        ^\n"),
            ("if x:\n\ty = = 1   \n", "\ty = = 1   \n    \t    ^\n"),
            ("if x:\n  \ty = a\tb c  \n", "\ty = a\tb c  \n    \t     \t^\n"),
            ("é = 'é' 1\n", "é = 'é' 1\n            ^\n"),
            ("x = 1 +\n", "x = 1 +\n           ^\n"),
            ("x = (1,\n  2\n", "x = (1,\n        ^\n"),
            ("f(a b\n  c)\n", "f(a b\n      ^^^\n"),
            (
                "def f():\n  é = lambda: (yield) + 1; global é\n",
                "é = lambda: (yield) + 1; global é\n                              ^^^^^^^\n",
            ),
        ] {
            let target = pyc_compiler::Target::newest(Minor::PY313).unwrap();
            let options = pyc_compiler::Options::new(target, "a.py");
            let error = pyc_compiler::compile(source.as_bytes(), &options).unwrap_err();
            let text = refused("a.py", &error);
            let expected = format!("    {shown}SyntaxError: {}\n", error.message());
            assert_eq!(text.split_once('\n').unwrap().1, expected, "{source:?}");
        }
    }
}
