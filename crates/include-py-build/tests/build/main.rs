//! Builds bundles with the interpreters of this machine, without Cargo.
//!
//! `python3` is required. pyenv's 3.11 to 3.13 are used, too, if they are installed.

#[cfg(feature = "archives")]
mod archives;
mod bytes;
#[cfg(unix)]
mod compiler;
mod errors;
mod incremental;
mod interrupted;
mod lenient;
mod library;
mod long;
mod options;
mod project;
mod targets;
mod twice;
mod unchanged;
mod warnings;
mod workers;
