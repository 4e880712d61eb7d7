//! Compiles Python sources into a bundle, from `build.rs`, for the crate `include-py` to import
//! from memory.
//!
//! ```no_run
//! // in build.rs
//! include_py_build::Bundle::new("app").source("python").stdlib().compile();
//! ```
//!
//! The package needs `include-py` among its dependencies: its build script tells this one which
//! interpreter PyO3 links against, so that the bytecode can't be another version's.
//!
//! The output is in `OUT_DIR`:
//!
//! ```text
//! $OUT_DIR/
//! ├── app.bundle   the bundle
//! ├── app.rs       the expression that `include_py!(APP = "app")` includes
//! ├── app.keys     what the next build can reuse of app.bundle
//! ├── libinclude_py_app_….a    the bundle for the linker, if it is large
//! ├── libinclude_py.app_….a    an extension module for the linker
//! └── app.objects/    what that was made of
//! ```
//!
//! # Environment variables
//!
//! `INCLUDE_PY_DEVELOP=0` has debug builds ignore [`Bundle::develop`]; `INCLUDE_PY_HASH=1` has
//! builds [hash](Environment::hash_contents) every file; `INCLUDE_PY_COMMAND` names the command
//! `include-py` that [may compile](Environment::command) in the place of the first one on `PATH`,
//! and is `0` for none. The others are set by Cargo: `OUT_DIR`, `NUM_JOBS`, `CARGO_MAKEFLAGS` with
//! its jobserver, `PROFILE`, `CARGO_MANIFEST_DIR`, `CARGO_CFG_UNIX`, `CARGO_CFG_TARGET_OS`,
//! `CARGO_CFG_TARGET_ARCH`, `CARGO_CFG_TARGET_FEATURE`, and `DEP_INCLUDE_PY_…` through
//! `include-py`. To choose another interpreter, set `PYO3_PYTHON`. Interpreters run without any of
//! the `PYTHON…` variables that are set.
//!
//! # Reproducible
//!
//! The same sources, options and interpreter give the same bytes, in another directory, on another
//! day, with more workers or after other builds.

#![forbid(unsafe_code)]

mod backend;
mod bundle;
mod cargo;
mod ctools;
mod develop;
mod embed;
mod engine;
mod environment;
mod error;
mod extension;
mod find;
mod fs;
mod link;
mod native;
mod options;
mod output;
mod parallel;
mod pattern;
mod patterns;
mod program;
mod record;
mod report;
mod rust;
mod settings;
mod source;
mod stdlib;
mod system;

pub use backend::Choice as Backend;
pub use bundle::Bundle;
pub use environment::Environment;
pub use error::{Error, ErrorKind};
pub use extension::Extension;
pub use options::Options;
pub use output::Output;
pub use pattern::DEFAULT_EXCLUDES;
pub use program::link;
pub use stdlib::{STDLIB_EXCLUDES, Stdlib};
pub use system::{SystemLibraries, SystemLibrary};
