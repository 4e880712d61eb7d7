//! The output of `compileall` for a run.
//!
//! ```text
//! Listing 'src'...
//! Compiling 'src/app.py'...
//! ***   File "src/app.py", line 1
//!     x = = 1
//!         ^
//! SyntaxError: invalid syntax
//! ```

use std::fmt::Write as _;
use std::path::Path;

use crate::message;
use crate::report::{Event, FileReport, Outcome};

/// How much of a run is printed: `compileall`'s `quiet`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quiet {
    /// Everything is printed.
    #[default]
    No,
    /// Progress isn't printed, only errors are.
    Progress,
    /// Nothing is printed.
    All,
}

impl Event {
    /// What `compileall` of 3.13 prints for this event on standard output, with line ends; empty
    /// for most events.
    #[must_use]
    pub fn compileall_output(&self, quiet: Quiet) -> String {
        match self {
            Self::Directory(path) if quiet == Quiet::No => {
                format!("Listing {}...\n", quoted(path))
            }
            Self::Unlistable(path, _) if quiet < Quiet::All => {
                format!("Can't list {}\n", quoted(path))
            }
            Self::CurrentDirectory if quiet < Quiet::All => {
                "Skipping current directory\n".to_owned()
            }
            Self::File(report) => report.compileall_output(quiet),
            _ => String::new(),
        }
    }
}

impl FileReport {
    /// What `compileall` of 3.13 prints for this file on standard output, with line ends. For due
    /// and removed files, which `compileall` doesn't have, the text is our own.
    #[must_use]
    pub fn compileall_output(&self, quiet: Quiet) -> String {
        let mut output = String::new();
        // Up-to-date files, of which there may be many, are never printed.
        let is_silent = matches!(self.outcome(), Outcome::UpToDate) && self.unstripped().is_none();
        if quiet == Quiet::All || is_silent {
            return output;
        }
        let source = quoted(self.source());
        // Writing to a string can't fail.
        if let Some(prefix) = self.unstripped() {
            let prefix = quoted(Path::new(prefix));
            let _ = writeln!(
                output,
                "The stripdir path {prefix} is not a valid prefix for source path {source}; ignoring"
            );
        }
        if quiet == Quiet::No {
            let _ = match self.outcome() {
                Outcome::Skipped | Outcome::UpToDate => Ok(()),
                Outcome::Due => writeln!(output, "Would compile {source}"),
                Outcome::Removed => self
                    .files()
                    .iter()
                    .try_for_each(|file| writeln!(output, "Removing {}...", quoted(file))),
                _ => writeln!(output, "Compiling {source}..."),
            };
        }
        if let Some(error) = self.error_text() {
            let _ = match quiet {
                Quiet::No => writeln!(output, "*** {error}"),
                _ => writeln!(output, "*** Error compiling {source}...\n{error}"),
            };
        }
        output
    }

    /// The error as `traceback.format_exception_only` formats it, with line ends; `None` if the
    /// file didn't fail.
    #[must_use]
    pub fn error_text(&self) -> Option<String> {
        match self.outcome() {
            Outcome::Refused(error) => Some(message::refused(self.name(), error)),
            Outcome::RefusedForWarning(warning) => Some(message::refused_for(self.name(), warning)),
            Outcome::Failed(path, error) => {
                Some(message::failed(path.as_os_str().as_encoded_bytes(), error))
            }
            Outcome::Unnameable(error) => Some(format!("SystemError: {error}\n")),
            Outcome::Compiled
            | Outcome::UpToDate
            | Outcome::Skipped
            | Outcome::Due
            | Outcome::Removed => None,
        }
    }

    /// What Python prints on standard error for the file's warnings, with line ends.
    #[must_use]
    pub fn warning_text(&self) -> String {
        let mut text = String::new();
        for warning in self.warnings() {
            message::warned(&mut text, self.name(), warning);
        }
        text
    }
}

/// `repr()` of a path.
fn quoted(path: &Path) -> String {
    message::quoted(path.as_os_str().as_encoded_bytes())
}
