//! `compile --json`: a line for each file.
//!
//! `{"file":"src/a.py","outcome":"compiled","files":["src/__pycache__/a.cpython-313.pyc"],"warnings":[],"error":null}`

use pyc_compiler::{SyntaxError, WarningKind};
use pyc_tree::{Event, FileReport, Outcome, SourceWarning};

use crate::json::{self, array, number, object, optional, string};

/// The line for an event, including the line end; `None` for events that don't concern a file or
/// directory.
pub(super) fn line(event: &Event) -> Option<String> {
    let value = match event {
        Event::File(report) => file(report)?,
        Event::Unlistable(path, error) => object([
            ("directory", json::path(path)),
            ("outcome", string("failed")),
            ("error", fault("OSError", &error.to_string())),
        ]),
        _ => return None,
    };
    Some(value + "\n")
}

fn file(report: &FileReport) -> Option<String> {
    let (outcome, error) = match report.outcome() {
        Outcome::Compiled => ("compiled", None),
        Outcome::UpToDate => ("up-to-date", None),
        Outcome::Due => ("due", None),
        Outcome::Removed => ("removed", None),
        Outcome::Refused(error) => ("refused", Some(refused(error))),
        Outcome::RefusedForWarning(found) => ("refused", Some(warning(found))),
        Outcome::Failed(path, error) => (
            "failed",
            Some(object([
                ("type", string("OSError")),
                ("message", string(&error.to_string())),
                ("path", json::path(path)),
            ])),
        ),
        Outcome::Unnameable(error) => ("failed", Some(fault("SystemError", &error.to_string()))),
        _ => return None,
    };
    Some(object([
        ("file", json::path(report.source())),
        ("name", string(report.name())),
        ("outcome", string(outcome)),
        ("files", array(report.files().iter().map(|file| json::path(file)))),
        ("warnings", array(report.warnings().iter().map(warning))),
        ("error", optional(error)),
    ]))
}

/// The attributes of a `SyntaxError` as in Python.
fn refused(error: &SyntaxError) -> String {
    let span = error.span();
    object([
        ("type", string(error.kind().exception_name())),
        ("message", string(error.message())),
        ("lineno", optional(span.map(|span| span.line))),
        ("offset", optional(span.and(error.offset()))),
        ("end_lineno", optional(span.map(|span| span.end_line))),
        ("end_offset", optional(span.and(error.end_offset()))),
        ("text", optional(error.text().map(string))),
    ])
}

fn warning(SourceWarning { warning, line, .. }: &SourceWarning) -> String {
    let category = match warning.kind {
        WarningKind::Deprecation => "DeprecationWarning",
        _ => "SyntaxWarning",
    };
    object([
        ("type", string(category)),
        ("message", string(&warning.message)),
        ("lineno", optional(warning.span.map(|span| number(span.line)))),
        ("text", string(line)),
    ])
}

fn fault(class: &str, message: &str) -> String {
    object([("type", string(class)), ("message", string(message))])
}
