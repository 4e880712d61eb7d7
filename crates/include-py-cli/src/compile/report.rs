//! What is said of a file, in the words of `compileall` and `traceback`.
//!
//! ```text
//! ***   File "a.py", line 1
//!     x = = 1
//!         ^
//! SyntaxError: invalid syntax
//! ```

use std::fmt::Write as _;

use pyc_code::{Const, Minor};
use pyc_compiler::{ErrorKind, SyntaxError, Warning, WarningKind};

/// `repr()` of a string.
pub(super) fn quoted(text: &str) -> String {
    pyc_code::dis::repr(&Const::from(text), Minor::PY313).to_string()
}

/// What `traceback.format_exception_only` says of a source that is refused.
pub(super) fn refused(error: &SyntaxError) -> String {
    let mut text = String::new();
    let (location, kind) = (error.location(), name(error.kind()));
    if location.line > 0 {
        // Writing to a string doesn't fail.
        let _ = writeln!(text, "  File \"{}\", line {}", error.filename(), location.line);
        if let Some(line) = error.text() {
            let shown = line.trim_start_matches([' ', '\t', '\u{c}']);
            let _ = writeln!(text, "    {}", shown.trim_end());
            let skipped = line.len() - shown.len();
            let start =
                usize::try_from(location.column).ok().and_then(|at| at.checked_sub(skipped));
            if let Some(before) = start.and_then(|at| shown.get(..at)) {
                let end = usize::try_from(location.end_column).unwrap_or(0).saturating_sub(skipped);
                let end = if location.end_line == location.line { end } else { shown.len() };
                let width = shown.get(before.len()..end).map_or(1, |part| part.chars().count());
                let blanks = " ".repeat(before.chars().count());
                let _ = writeln!(text, "    {blanks}{}", "^".repeat(width.max(1)));
            }
        }
    }
    let _ = writeln!(text, "{kind}: {}", error.message());
    text
}

fn name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Indentation => "IndentationError",
        ErrorKind::Tab => "TabError",
        ErrorKind::Value => "ValueError",
        ErrorKind::Depth => "RecursionError",
        _ => "SyntaxError",
    }
}

/// What Python prints of a warning; deprecations are silent by default, as there.
pub(super) fn warned(file: &str, source: &str, warning: &Warning) -> Option<String> {
    let line = warning.location.line;
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    if warning.kind == WarningKind::Deprecation {
        return None;
    }
    let text = source.lines().nth(index).unwrap_or_default().trim();
    Some(format!("{file}:{line}: SyntaxWarning: {}\n  {text}", warning.message))
}
