//! What a user of the binary sees: output, files, exit statuses.
//!
//! `weblog(&["report", SAMPLE]).success()` runs the binary and returns its standard output.

#![forbid(unsafe_code)]

mod isolation;
mod origin;
mod report;
mod status;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample/access.log");
const ROTATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample/access.log.1.gz");

/// Runs the binary to its end.
fn weblog<A: AsRef<OsStr>>(arguments: &[A]) -> Run {
    Run::of(command().args(arguments))
}

/// The binary, ready to be started with further arguments.
fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-app"));
    // Help texts are as wide as `COLUMNS`.
    command.env("COLUMNS", "80").env_remove("LD_LIBRARY_PATH");
    command
}

/// An empty directory for the test with this name.
fn scratch(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// The exit status of the binary and its output.
#[derive(Debug)]
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }

    /// The standard output of a run that must succeed with nothing on standard error.
    fn success(self) -> String {
        assert!(self.status == Some(0) && self.stderr.is_empty(), "{self:#?}");
        self.stdout
    }

    /// The standard error of a run that must fail with `status` and print nothing.
    fn failure(self, status: i32) -> String {
        assert!(self.status == Some(status) && self.stdout.is_empty(), "{self:#?}");
        self.stderr
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Asserts that `text` contains each of `parts`. Shows the whole text if it doesn't.
#[track_caller]
fn assert_holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}
