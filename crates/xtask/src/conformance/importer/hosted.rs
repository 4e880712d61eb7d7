//! The strongest form: a binary with the whole library and its tests in it, running `python -m test`.
//!
//! ```text
//! version  modules  equal  tests  loaded from the bundle
//! ```

use std::path::{Path, PathBuf};

use super::shadow::target_dir;
use crate::project::{self, Project};
use crate::pythons::Python;

/// The whole library: what is usually left out, too.
pub(super) const BUILD: &str = r#"fn main() {
    let stdlib = include_py_build::STDLIB_EXCLUDES
        .iter()
        .fold(include_py_build::Stdlib::new(), |stdlib, name| stdlib.with(*name));
    include_py_build::Bundle::new("library")
        .source("hosted")
        .stdlib_with(stdlib)
        .include_source(true)
        .compile();
}
"#;

pub(super) const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(LIBRARY = "library");

fn main() -> std::process::ExitCode {
    include_py::Host::new(&LIBRARY)
        .serve_files()
        .file_names(include_py::FileNames::Virtual)
        .run(|py| py.import("command")?.call_method0("main").map(drop))
}
"#;
