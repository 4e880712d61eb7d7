//! The bundle format of include-py: one file with an application's compiled Python modules,
//! resources and metadata, which is read in place.
//!
//! ```
//! use include_py_bundle::{Builder, Bundle, ModuleKind, NewModule, Target};
//!
//! let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
//! builder.module(NewModule {
//!     name: "hello".into(),
//!     path: "hello.py".into(),
//!     kind: ModuleKind::Module,
//!     code: vec![b"marshalled code".into()],
//!     source: None,
//! });
//! builder.file("templates/index.html", "<h1>hello</h1>".as_bytes());
//! let bytes = builder.finish()?;
//!
//! let bundle = Bundle::open(&bytes)?;
//! let hello = bundle.module("hello")?.expect("it was added");
//! assert_eq!(hello.code(0), Some(&b"marshalled code"[..]));
//! # Ok::<(), include_py_bundle::Error>(())
//! ```
//!
//! The crate does no I/O: it reads and writes bytes in memory. Invalid bytes never cause a panic.
//! `docs/reference/bundle-format.md` in the repository specifies the format.

#![forbid(unsafe_code)]

mod digest;
mod error;
mod index;
mod layout;
mod names;
mod packed;
mod read;
mod sha256;
mod target;
mod tree;
mod verify;
mod write;

pub use error::{Error, ErrorKind};
pub use layout::{FORMAT, MAGIC, SYSTEM_LIBRARIES, SYSTEM_LICENCES};
pub use names::{normalize, package_name, submodule_name};
pub use packed::{Packed, Payload};
pub use read::{
    Absent, Bundle, Directory, Distribution, Entry, EntryKind, File, Library, Module, Node,
    Unpacked,
};
pub use sha256::sha256;
pub use target::{ModuleKind, Target};
pub use tree::TreeHasher;
pub use write::{Builder, Image, NewLibrary, NewModule, Segment};
