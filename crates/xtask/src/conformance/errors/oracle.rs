//! The interpreter that is asked what it says of a source.
//!
//! One process answers all questions; if a source brings it to its end, the next one starts another.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::report::Report;
use crate::pythons::Python;

const SCRIPT: &str = include_str!("oracle.py");

/// No file has this name, so that the interpreter takes text lines from what it was given.
pub(super) const FILE_NAME: &str = "<wrong>";

pub(super) struct Oracle {
    python: PathBuf,
    process: Option<Process>,
}

struct Process {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    pub(super) fn new(python: &Python) -> Self {
        Self { python: python.path().to_owned(), process: None }
    }

    /// What `compile()` raises; `None` if it gives code.
    pub(super) fn ask(&mut self, source: &[u8]) -> Result<Option<Report>, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", self.python.display());
        let process = match &mut self.process {
            Some(process) => process,
            none => none.insert(Process::start(&self.python).map_err(|error| failed(&error))?),
        };
        match process.ask(source) {
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

impl Process {
    fn start(python: &Path) -> std::io::Result<Self> {
        let mut child = Command::new(python)
            .args(["-I", "-S", "-c", SCRIPT, FILE_NAME])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let pipe = || std::io::Error::other("no pipe to the interpreter");
        let requests = child.stdin.take().ok_or_else(pipe)?;
        let answers = BufReader::new(child.stdout.take().ok_or_else(pipe)?);
        Ok(Self { child, requests, answers })
    }

    fn ask(&mut self, source: &[u8]) -> std::io::Result<String> {
        let mut request = u32::try_from(source.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
        request.extend(source);
        self.requests.write_all(&request)?;
        self.requests.flush()?;
        let mut line = String::new();
        match self.answers.read_line(&mut line)? {
            0 => Err(std::io::Error::other("no answer")),
            _ => Ok(line),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It waits for requests and has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
