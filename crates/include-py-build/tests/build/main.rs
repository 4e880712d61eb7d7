//! Builds bundles with the interpreters of this machine, without Cargo.
//!
//! `python3` has to be there; 3.11 to 3.13 of pyenv are used, too, where they are installed.

mod bytes;
#[cfg(unix)]
mod compiler;
mod errors;
mod incremental;
mod interrupted;
mod lenient;
mod library;
mod options;
mod project;
mod targets;
mod warnings;
mod workers;
