//! An error of either side, in the interpreter's terms.
//!
//! Columns count characters from 1. `None` means unknown, which CPython represents by `None`, 0 or
//! -1.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyc_compiler::{ErrorKind, Options, SyntaxError, compile};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) class: String,
    pub(super) message: String,
    pub(super) line: Option<i64>,
    pub(super) column: Option<i64>,
    pub(super) end_line: Option<i64>,
    pub(super) end_column: Option<i64>,
    /// The line without its newline.
    pub(super) text: Option<String>,
}

impl Report {
    /// The error of our compiler; `None` if it accepts the source.
    pub(super) fn ours(source: &[u8], options: &Options) -> Option<Self> {
        let compiled = catch_unwind(AssertUnwindSafe(|| compile(source, options).map(drop)));
        match compiled {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(Self::of(&error)),
            Err(_) => Some(Self::panic()),
        }
    }

    fn of(error: &SyntaxError) -> Self {
        let class = match error.kind() {
            ErrorKind::Unsupported => "unsupported",
            kind => kind.exception_name(),
        };
        let span = error.span();
        let number = |line: usize| i64::try_from(line).ok();
        Self {
            class: class.to_owned(),
            message: error.message().to_owned(),
            line: span.and_then(|span| number(span.line)),
            column: column(error.offset()),
            end_line: span.and_then(|span| number(span.end_line)),
            end_column: column(error.end_offset()),
            text: error.text().map(str::to_owned),
        }
    }

    /// Where the error is: lines and columns of its start and end.
    pub(super) fn place(report: Option<&Self>) -> String {
        let shown = |number: &Option<i64>| match number {
            Some(number) => number.to_string(),
            None => "?".to_owned(),
        };
        let Some(Self { line, column, end_line, end_column, .. }) = report else {
            return "accepted".to_owned();
        };
        let [line, column, end_line, end_column] = [line, column, end_line, end_column].map(shown);
        format!("{line}:{column} to {end_line}:{end_column}")
    }

    fn panic() -> Self {
        Self {
            class: "panic".to_owned(),
            message: String::new(),
            line: None,
            column: None,
            end_line: None,
            end_column: None,
            text: None,
        }
    }

    /// The exception in an answer of `oracle.py`.
    pub(super) fn theirs(answer: &str) -> Result<Option<Self>, String> {
        let answer: serde_json::Value =
            serde_json::from_str(answer).map_err(|error| error.to_string())?;
        let Some(fields) = answer.as_array() else { return Ok(None) };
        let [class, message, line, column, end_line, end_column, text] = &fields[..] else {
            return Err(format!("not an answer: {answer}"));
        };
        let text_of = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let number = |value: &serde_json::Value| value.as_i64().and_then(known);
        Ok(Some(Self {
            class: text_of(class),
            message: text_of(message),
            line: number(line),
            column: number(column),
            end_line: number(end_line),
            end_column: number(end_column),
            text: text.as_str().map(|line| line.trim_end_matches(['\r', '\n']).to_owned()),
        }))
    }
}

fn known(number: i64) -> Option<i64> {
    Some(number).filter(|number| *number > 0)
}

fn column(column: Option<usize>) -> Option<i64> {
    column.and_then(|column| i64::try_from(column).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_from_answers() {
        let answer = r#"["TabError", "no", 2, 0, 2, -1, "\tx\n"]"#;
        let report = Report::theirs(answer).unwrap().unwrap();
        assert_eq!((report.line, report.column, report.end_column), (Some(2), None, None));
        assert_eq!(report.text.as_deref(), Some("\tx"));
        assert_eq!(Report::theirs("null").unwrap(), None);
    }
}
