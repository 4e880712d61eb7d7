//! `importlib.resources` over a bundle.
//!
//! `files("app").joinpath("templates", "report.html").read_text()`.

mod as_file;
mod glob;
mod path;
mod pathlib;
mod reader;
mod walk;

pub(crate) use as_file::original;
pub(crate) use path::BundlePath;
pub(crate) use reader::Reader;

/// `errno.ENOENT`: Python makes a `FileNotFoundError` of it.
pub(crate) const NOT_FOUND: i32 = 2;
/// `errno.EISDIR`: Python makes an `IsADirectoryError` of it.
pub(crate) const IS_A_DIRECTORY: i32 = 21;
/// `errno.ENOTDIR`: Python makes a `NotADirectoryError` of it.
pub(crate) const NOT_A_DIRECTORY: i32 = 20;
