//! What `compileall` prints of a run.
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

use crate::report::{Event, FileReport, Outcome};
use crate::words;

/// How much of a run is told, as `compileall`'s `quiet` says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quiet {
    /// Everything is.
    #[default]
    No,
    /// Errors are.
    Progress,
    /// Nothing is.
    All,
}

impl Event {
    /// What `compileall` of 3.13 prints of this event on standard output, with line ends; nothing, for most.
    #[must_use]
    pub fn narrated(&self, quiet: Quiet) -> String {
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
            Self::File(report) => report.narrated(quiet),
            _ => String::new(),
        }
    }
}

impl FileReport {
    /// What `compileall` of 3.13 prints of this file on standard output, with line ends. Files that are due or removed
    /// are told of in words of our own.
    #[must_use]
    pub fn narrated(&self, quiet: Quiet) -> String {
        let mut output = String::new();
        if quiet == Quiet::All {
            return output;
        }
        let source = quoted(self.source());
        // Writing to a string doesn't fail.
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

    /// The error as `traceback.format_exception_only` gives it, with line ends; `None` if the file is no failure.
    #[must_use]
    pub fn error_text(&self) -> Option<String> {
        match self.outcome() {
            Outcome::Refused(error) => Some(words::refused(self.name(), error)),
            Outcome::RefusedForWarning(warning) => Some(words::refused_for(self.name(), warning)),
            Outcome::Failed(path, error) => {
                Some(words::failed(path.as_os_str().as_encoded_bytes(), error))
            }
            Outcome::Unnameable(error) => Some(format!("SystemError: {error}\n")),
            Outcome::Compiled
            | Outcome::UpToDate
            | Outcome::Skipped
            | Outcome::Due
            | Outcome::Removed => None,
        }
    }

    /// What Python prints of the file's warnings on standard error, with line ends.
    #[must_use]
    pub fn warning_text(&self) -> String {
        let mut text = String::new();
        for warning in self.warnings() {
            words::warned(&mut text, self.name(), warning);
        }
        text
    }
}

/// `repr()` of a path.
fn quoted(path: &Path) -> String {
    words::quoted(path.as_os_str().as_encoded_bytes())
}
