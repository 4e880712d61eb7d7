//! Decides whether output is coloured, and colours it.
//!
//! `NO_COLOR` turns colours off, `CLICOLOR_FORCE` turns them on. By default terminals have colours,
//! except with `TERM=dumb`.

use std::env;
use std::io::IsTerminal;

/// Whether a stream is a terminal that can move its cursor.
pub(crate) fn is_screen(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Shown,
    Plain,
}

impl Colour {
    /// The choice for text printed to `stream`.
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_forced =
            env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
        if is_set("NO_COLOR") || !is_forced && !is_screen(stream) {
            Self::Plain
        } else {
            Self::Shown
        }
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.with("1;31", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.with("1;33", text)
    }

    pub(crate) fn blue(self, text: &str) -> String {
        self.with("1;34", text)
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        match self {
            Self::Shown => format!("\x1b[{code}m{text}\x1b[0m"),
            Self::Plain => text.to_owned(),
        }
    }
}
