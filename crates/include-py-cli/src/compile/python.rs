//! What an interpreter says of itself, for `--python`: its release and its `sys.path`.
//!
//! `python3.13` gives `3.13.0` and `["", "/usr/lib/python313.zip", "/usr/lib/python3.13", …]`.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::list::path;
use crate::error::Error;

/// Prints both, with zero bytes between.
const QUESTION: &str = "import os, sys; sys.stdout.buffer.write(b'\\0'.join([b'%d.%d.%d' % \
                        sys.version_info[:3], *map(os.fsencode, sys.path)]))";

#[derive(Debug)]
pub(super) struct Interpreter {
    pub(super) release: String,
    /// Its `sys.path`.
    pub(super) path: Vec<PathBuf>,
}

impl Interpreter {
    /// Starts an interpreter, and asks it.
    pub(super) fn ask(executable: &OsStr) -> Result<Self, Error> {
        let shown = executable.to_string_lossy();
        let mut command = Command::new(executable);
        command.args(["-c", QUESTION]).stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = command
            .output()
            .map_err(|error| Error::usage(&format!("can't start `--python {shown}`: {error}")))?;
        let mut parts = output.stdout.split(|&byte| byte == 0);
        let release = parts.next().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
        if !output.status.success() || release.is_empty() {
            let message = format!(
                "`--python {shown}` isn't a working Python interpreter ({})",
                output.status
            );
            return Err(Error::usage(&message));
        }
        Ok(Self { release, path: parts.map(path).collect() })
    }
}
