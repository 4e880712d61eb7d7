//! Shared by tests, conformance, benchmarks and xtask: the interpreters of this machine, and their
//! use.
//!
//! ```text
//! pythons ─▶ ~/.pyenv/versions/3.13.0/bin/python, …
//! command_line ─▶ options and words of a command line
//! library ─▶ the sources of an interpreter's standard library
//! script  ─▶ an interpreter that answers requests
//! project ─▶ a Cargo project outside the workspace
//! skipped ─▶ what tests can't check on this machine
//! ```

#![forbid(unsafe_code)]

pub mod command_line;
pub mod library;
pub mod project;
pub mod pythons;
pub mod script;

mod outcome;
mod skipped;
mod webassembly;

pub use outcome::Outcome;
pub use skipped::not_covered;

use std::path::Path;
use std::process::Command;

/// The Cargo that runs this program.
#[must_use]
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The workspace's directory; `cargo xtask` works from any directory below it.
#[must_use]
pub fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest)
}
