//! What an interpreter reports about itself when it starts.
//!
//! `ready, cpython, 51183856, 3571, 4, 3.13.0 (main…), /usr/bin/python3.13, /usr, …` in the order
//! of `hello` in `worker.py`.

use std::path::PathBuf;

use super::super::Python;
use super::frame::{number, text};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Greeting {
    /// `cpython`
    pub(super) implementation: String,
    /// `sys.version`, which contains the date and compiler of the build.
    pub(super) version: String,
    pub(super) python: Python,
}

impl Greeting {
    /// Parses the fields. The error is the end of a sentence about the worker.
    pub(super) fn from_fields(fields: &[Vec<u8>]) -> Result<Self, String> {
        let [ready, implementation, hexversion, magic, marshal, version, rest @ ..] = fields else {
            return Err("sent an invalid greeting".to_owned());
        };
        let [executable, home, stdlib_dir, extension_dir, missing] = rest else {
            return Err("sent an invalid greeting".to_owned());
        };
        if ready != b"ready" {
            return Err("sent an invalid greeting".to_owned());
        }
        let path = |field: &[u8]| (!field.is_empty()).then(|| PathBuf::from(text(field)));
        let python = Python {
            hexversion: number(hexversion).unwrap_or_default(),
            magic: number(magic).unwrap_or_default(),
            marshal_version: number(marshal).unwrap_or_default(),
            executable: path(executable),
            home: path(home),
            stdlib_dir: path(stdlib_dir),
            extension_dir: path(extension_dir),
        };
        // An interpreter that is too old for an option is refused because of its version, which is
        // the better message.
        if missing.is_empty() || python.minor() < (3, 11) {
            Ok(Self { implementation: text(implementation), version: text(version), python })
        } else {
            Err(format!("ignored options it was started with: {}", text(missing)))
        }
    }

    /// The greeting of CPython 3.13.0, for tests.
    #[cfg(test)]
    pub(super) fn example() -> Self {
        Self {
            implementation: "cpython".to_owned(),
            version: "3.13.0 (main) [GCC]".to_owned(),
            python: Python::example(),
        }
    }
}
