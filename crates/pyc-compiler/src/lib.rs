//! Compiles Python source to CPython bytecode, without Python: byte for byte the same as CPython's
//! own.
//!
//! ```
//! use pyc_compiler::{Options, Target, compile};
//! use pyc_code::Minor;
//!
//! let options = Options::new(Target::newest(Minor::PY313).unwrap(), "spam.py");
//! # let _ = || -> Result<(), pyc_compiler::SyntaxError> {
//! let code = compile(b"x = 1\n", &options)?;
//! assert_eq!(code.name, "<module>");
//! # Ok(()) };
//! ```
//!
//! The stages are in `pipeline.rs`: decode, parse, scopes, code generation, flow graph, assembly.
//! Everything is a pure function of its arguments: no I/O, no environment, no clock.
#![forbid(unsafe_code)]
#![expect(
    clippy::inline_always,
    reason = "build scripts aren't optimised, and without it each of these functions is a call"
)]

mod code;
mod codegen;
mod constant;
mod context;
mod error;
mod flow;
mod fold;
mod future;
mod instruction;
#[doc(hidden)]
pub mod laws;
mod levels;
mod location;
mod name;
mod numbering;
mod options;
mod parse;
mod pipeline;
mod scope;
mod source;
mod stack;
#[doc(hidden)]
pub mod stage;
mod target;
mod tree;
mod unicode;
mod unit;
mod unparse;

pub use error::{ErrorKind, SyntaxError, Warning, WarningKind};
pub use levels::{compile_at_levels, compile_each};
pub use location::Span;
pub use options::{Mode, Optimize, Options};
pub use pipeline::{Compilation, compile, compile_to_marshal, compile_with_warnings};
pub use source::decodes_exactly;
pub use target::{Target, UnknownRelease, UnsupportedVersion};
