//! Compiles Python sources into a bundle in `build.rs`. The crate `include-py` imports the modules
//! from memory.
//!
//! ```no_run
//! // in build.rs
//! include_py_build::Bundle::new("app").source("python").stdlib().compile();
//! ```
//!
//! The package needs `include-py` among its dependencies. The build script of `include-py` tells
//! this crate for which interpreter PyO3 links, so that the bytecode has the right version.
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
//! └── app.objects/    the objects of the extension modules
//! ```
//!
//! # Environment variables
//!
//! `INCLUDE_PY_DEVELOP=0` makes debug builds ignore [`Bundle::develop`]. `INCLUDE_PY_HASH=1` makes
//! builds [hash](Environment::hash_contents) every file. `INCLUDE_PY_COMMAND` names the command
//! `include-py` that [may compile](Environment::command), instead of the first one on `PATH`; `0`
//! disables it. Cargo sets the others: `OUT_DIR`, `NUM_JOBS`, `CARGO_MAKEFLAGS` with its jobserver,
//! `PROFILE`, `CARGO_MANIFEST_DIR`, `CARGO_CFG_UNIX`, `CARGO_CFG_TARGET_OS`,
//! `CARGO_CFG_TARGET_ARCH`, `CARGO_CFG_TARGET_FEATURE`, and `DEP_INCLUDE_PY_…` through
//! `include-py`. To choose another interpreter, set `PYO3_PYTHON`. Interpreters run without any
//! `PYTHON…` variables.
//!
//! # Reproducible builds
//!
//! The same sources, options and interpreter give the same bytes. They don't depend on the
//! directory, the date, the number of workers or earlier builds.

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
