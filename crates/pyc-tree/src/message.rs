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
            let name = file.rsplit('/').next().unwrap_or(file);
            format!(" ({name}, line {})", span.line)
        });
        return format!("Sorry: {class}: {message}{position}");
    }
    let shown = match error.kind() {
        // The source couldn't be decoded, so no line is shown (`pegen_errors.c:
        // _Pypegen_raise_decode_problem`, `raise_tokenizer_init_error`, 3.13).
        ErrorKind::Encoding if error.span().is_none() => format!("  File \"{file}\", line 0\n"),
        _ => excerpt(file, error.text(), error.span()),
    };
    format!("{shown}{class}: {message}\n")
}

/// The same for a source that was refused because of a warning.
pub(crate) fn refused_for(
    file: &str,
    SourceWarning { warning, line, .. }: &SourceWarning,
) -> String {
    let shown = excerpt(file, Some(line), warning.span);
    format!("{shown}SyntaxError: {}\n", warning.message)
}

/// The location of an error: the file, the line, and a marker below the faulty part.
fn excerpt(file: &str, line: Option<&str>, span: Option<Span>) -> String {
    let mut text = String::new();
    let Some(span) = span else { return text };
    // Writing to a string doesn't fail.
    let _ = writeln!(text, "  File \"{file}\", line {}", span.line);
    let Some(line) = line else { return text };
    let shown = line.trim_start_matches([' ', '\t', '\u{c}']);
    let _ = writeln!(text, "    {}", shown.trim_end());
    let skipped = line.len() - shown.len();
    let start = span.column.and_then(|at| at.checked_sub(skipped));
    if let Some(before) = start.and_then(|at| shown.get(..at)) {
        let end = span.end_column.unwrap_or(0).saturating_sub(skipped);
        let end = if span.end_line == span.line { end } else { shown.len() };
        let width = shown.get(before.len()..end).map_or(1, |part| part.chars().count());
        let blanks = " ".repeat(before.chars().count());
        let _ = writeln!(text, "    {blanks}{}", "^".repeat(width.max(1)));
    }
    text
}

/// The text for a system error: `PermissionError: [Errno 13] Permission denied: 'a.py'`.
pub(crate) fn failed(path: &[u8], error: &io::Error) -> String {
    let text = error.to_string();
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
