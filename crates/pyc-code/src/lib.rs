//! CPython's binary formats, 3.8 to 3.15: code objects, marshal, `.pyc` files, line tables and
//! instructions.
//!
//! ```
//! use pyc_code::{Minor, marshal};
//! # let stream = &pyc_code::marshal::write(&Default::default(), Minor::PY313)?;
//! let code = marshal::read(stream, Minor::PY313)?;
//! println!("{} has {} constants", code.name, code.consts.len());
//! let reproducible: Vec<u8> = pyc_code::canonical(stream, Minor::PY313)?;
//! # Ok::<(), pyc_code::Error>(())
//! ```
//!
//! Everything is a pure function of bytes: no I/O, no Python, no `unsafe`. Any input gives a value
//! or an [`Error`]. Memory and time are near linear in its length, and nested input can't overflow
//! the call stack.
#![forbid(unsafe_code)]
#![expect(
    clippy::inline_always,
    reason = "build scripts aren't optimised, and without it each of these functions is a call"
)]

mod code;
mod constant;
pub mod diff;
pub mod dis;
mod error;
mod int;
#[doc(hidden)]
pub mod laws;
pub mod marshal;
pub mod op;
pub mod pyc;
mod siphash;
pub mod tables;
mod text;
mod version;

pub use code::{CodeFlags, CodeObject, Local, LocalKind, Locals};
pub use constant::{Const, Float};
pub use error::{Error, ErrorKind};
pub use int::{Int, Sign};
pub use marshal::canonical;
pub use text::Text;
pub use version::{Layout, LineFormat, Minor, SourceHash, Version};
