//! Asks the interpreter for its error for a source.
//!
//! One process answers all requests. If a source makes it crash, the next request starts another
//! one.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use testbed::pythons::Python;
use testbed::script::Script;

use super::report::Report;

const SCRIPT: &str = include_str!("oracle.py");

/// No file has this name, so the interpreter takes the lines of errors from the source that it was
/// given.
pub(super) const FILE_NAME: &str = "<wrong>";

pub(super) struct Oracle {
    python: PathBuf,
    process: Option<Script>,
}

impl Oracle {
    pub(super) fn new(python: &Python) -> Self {
        Self { python: python.path().to_owned(), process: None }
    }

    /// The exception that `compile()` raises; `None` if it returns code.
    pub(super) fn ask(&mut self, source: &[u8]) -> Result<Option<Report>, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", self.python.display());
        let process = match &mut self.process {
            Some(process) => process,
            none => none.insert(start(&self.python)?),
        };
        match ask(process, source) {
            Ok(line) => Report::theirs(&line).map_err(|error| failed(&error)),
            Err(error) => {
                self.process = None;
                println!(
                    "the interpreter ended ({error}) at {:?}",
                    String::from_utf8_lossy(source)
                );
                Ok(None)
            }
        }
    }
}

fn start(python: &Path) -> Result<Script, String> {
    let options = ["-I", "-S", "-c", SCRIPT, FILE_NAME];
    Script::start_as(Command::new(python).args(options).stderr(Stdio::null()))
}

fn ask(script: &mut Script, source: &[u8]) -> std::io::Result<String> {
    script.write_part(source)?;
    script.flush()?;
    let mut line = String::new();
    match script.read_line(&mut line)? {
        0 => Err(std::io::Error::other("no answer")),
        _ => Ok(line),
    }
}
