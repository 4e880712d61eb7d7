//! Errors and warnings formatted for a terminal.
//!
//! ```text
//! error: invalid syntax
//!   --> src/app.py:1:5
//!    |
//!  1 | x = = 1
//!    |     ^
//! ```

use pyc_compiler::Span;
use pyc_tree::{FileReport, Outcome, SourceWarning};

use crate::colour::Colour;

/// The warnings and the error of a file.
pub(super) fn text(report: &FileReport, colour: Colour) -> String {
    let name = report.name();
    let mut text: String =
        report.warnings().iter().map(|found| warned(name, found, colour)).collect();
    text += &match report.outcome() {
        Outcome::Refused(error) => {
            let class = error.kind().exception_name();
            let class = if class == "SyntaxError" { String::new() } else { format!("{class}: ") };
            let message = format!("{class}{}", error.message());
            let title = title(&colour.red("error"), &message, colour);
            title + &place(name, error.span(), error.text(), colour)
        }
        Outcome::RefusedForWarning(SourceWarning { warning, line, .. }) => {
            let title = title(&colour.red("error"), &warning.message, colour);
            title + &place(name, warning.span, Some(line), colour)
        }
        _ => match report.error_text() {
            Some(error) => title(&colour.red("error"), error.trim_end(), colour),
            None => String::new(),
        },
    };
    text
}

fn warned(
    name: &str,
    SourceWarning { warning, line, .. }: &SourceWarning,
    colour: Colour,
) -> String {
    let title = title(&colour.yellow("warning"), &warning.message, colour);
    title + &place(name, warning.span, Some(line), colour)
}

fn title(kind: &str, message: &str, colour: Colour) -> String {
    format!("{kind}{}\n", colour.bold(&format!(": {message}")))
}

/// The location: the file, the line, and a marker below the faulty part.
fn place(name: &str, span: Option<Span>, line: Option<&str>, colour: Colour) -> String {
    let arrow = colour.blue("-->");
    let Some(span) = span else { return format!("  {arrow} {name}\n\n") };
    let number = span.line.to_string();
    let gap = " ".repeat(number.len());
    let column = span.column.filter(|at| line.is_some_and(|line| line.is_char_boundary(*at)));
    let (Some(line), Some(at)) = (line, column) else {
        let line = line.map_or(String::new(), |line| {
            let bar = colour.blue(&format!("{number} |"));
            format!(" {bar} {}\n", expanded(line.trim_end()))
        });
        return format!("{gap} {arrow} {name}:{number}\n{line}\n");
    };
    let end = match span.end_column {
        Some(end) if span.end_line == span.line && line.is_char_boundary(end) => end.max(at),
        _ => line.trim_end().len().max(at),
    };
    let before = " ".repeat(expanded(&line[..at]).chars().count());
    let marks = "^".repeat(expanded(&line[at..end]).chars().count().max(1));
    let shown = expanded(line.trim_end());
    let column = line[..at].chars().count() + 1;
    let (bar, numbered) = (colour.blue(&format!("{gap} |")), colour.blue(&format!("{number} |")));
    format!(
        "{gap} {arrow} {name}:{number}:{column}\n {bar}\n {numbered} {shown}\n {bar} {before}{}\n\n",
        colour.red(&marks)
    )
}

/// Replaces tabs and control characters by spaces, so that the marker is aligned.
fn expanded(text: &str) -> String {
    text.replace('\t', "    ").replace(|character: char| character.is_control(), " ")
}
