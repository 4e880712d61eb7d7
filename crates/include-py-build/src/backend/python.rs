//! Describes the Python to compile for: its numbers, and where its files are.
//!
//! `3.13.0, magic 3571, /usr/bin/python3.13, library in /usr/lib/python3.13` comes from an
//! interpreter (`interpreter/greeting.rs`) or from an installation's files (`installation.rs`).

use std::path::PathBuf;

use include_py_bundle::Target;
use pyc_code::Version;

use crate::error::{ErrorKind, Problem};

/// A CPython, installed or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Python {
    /// `sys.hexversion`
    pub(crate) hexversion: u32,
    /// The magic number at the start of its `.pyc` files.
    pub(crate) magic: u16,
    pub(crate) marshal_version: u8,
    pub(crate) executable: Option<PathBuf>,
    /// `sys.base_prefix`, the value for `PYTHONHOME`.
    pub(crate) home: Option<PathBuf>,
    pub(crate) stdlib_dir: Option<PathBuf>,
    /// The directory of the standard library's extension modules.
    pub(crate) extension_dir: Option<PathBuf>,
}

impl Python {
    /// What is known of a final release that isn't installed.
    pub(super) fn of_release(version: Version) -> Self {
        let minor = version.minor();
        Self {
            hexversion: 0x0300_00f0
                | u32::from(minor.number()) << 16
                | u32::from(version.micro()) << 8,
            magic: minor.magic(),
            marshal_version: minor.marshal_version(),
            executable: None,
            home: None,
            stdlib_dir: None,
            extension_dir: None,
        }
    }

    /// `(3, 13)`
    pub(crate) fn minor(&self) -> (u8, u8) {
        let [major, minor, ..] = self.hexversion.to_be_bytes();
        (major, minor)
    }

    /// The 2 of 3.13.2.
    pub(crate) fn micro(&self) -> u8 {
        self.hexversion.to_be_bytes()[2]
    }

    /// The target in the bundle.
    pub(crate) fn target(&self, optimize: u8) -> Target {
        Target::new(self.magic, self.hexversion, self.marshal_version, optimize)
    }

    /// The problem that its standard library can't be located.
    pub(crate) fn without_stdlib(&self) -> Problem {
        let text = match self.executable.as_ref().and_then(|path| path.to_str()) {
            None => "it isn't known where the standard library is".to_owned(),
            Some(executable) => {
                format!("it isn't known where the standard library of `{executable}` is")
            }
        };
        Problem::new(ErrorKind::Interpreter, text)
            .help("add the library's directory with `Bundle::source`, or use another interpreter")
    }

    /// CPython 3.13.0, for tests.
    #[cfg(test)]
    pub(crate) fn example() -> Self {
        Self {
            hexversion: 0x030d_00f0,
            magic: 3571,
            marshal_version: 4,
            executable: Some(PathBuf::from("/bin/python3.13")),
            home: None,
            stdlib_dir: None,
            extension_dir: None,
        }
    }
}
