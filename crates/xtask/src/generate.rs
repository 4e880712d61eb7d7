//! Shared by the commands that generate files: writes a file, or checks that it is up to date.
//!
//! ```text
//! 3.13.18  crates/pyc-code/src/op/py313.rs        unchanged
//! ```

use std::fs;
use std::path::Path;

use testbed::Outcome;

/// A command that generates files.
pub(crate) struct Generator {
    /// The name on the command line.
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    /// Passes each file to [`Files::put`]; returns whether all were up to date, or could be
    /// written.
    pub(crate) run: fn(&Files<'_>) -> Result<bool, String>,
}

/// Whether files are written or only checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

/// The files of the workspace.
pub(crate) struct Files<'a> {
    command: &'static str,
    mode: Mode,
    root: &'a Path,
}

impl Generator {
    pub(crate) fn main(&self, arguments: &[&str], root: &Path) -> Outcome {
        let mode = match arguments {
            [] => Mode::Write,
            ["--check"] => Mode::Check,
            ["-h" | "--help"] => return Outcome::Help(self.help),
            _ => return Outcome::Misuse(format!("see `cargo xtask {} --help`", self.name)),
        };
        match (self.run)(&Files { command: self.name, mode, root }) {
            Ok(true) => Outcome::Good,
            Ok(false) => Outcome::Bad,
            Err(message) => Outcome::Failed(message),
        }
    }
}

impl Files<'_> {
    /// Compares `content` with the file, and writes it unless files are only checked; `who` is the
    /// source of the content.
    pub(crate) fn put(&self, file: &str, who: &str, content: &[u8]) -> Result<bool, String> {
        let path = self.root.join(file);
        let current = fs::read(&path).unwrap_or_default() == content;
        let state = match (current, self.mode) {
            (true, _) => "unchanged".to_owned(),
            (false, Mode::Write) => {
                fs::write(&path, content)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                "written".to_owned()
            }
            (false, Mode::Check) => format!("OUT OF DATE, run `cargo xtask {}`", self.command),
        };
        println!("{who:8} {file:40} {state}");
        Ok(current || self.mode == Mode::Write)
    }
}
