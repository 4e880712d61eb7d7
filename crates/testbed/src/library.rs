//! The sources to compare, and their file names.
//!
//! `Lib/json/decoder.py` is compiled as `json/decoder.py`, so that nothing depends on the location
//! of the library.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::pythons::{self, Python};
use crate::webassembly;

/// Every `.py` file of the paths, or of the interpreter's standard library; only every `step`-th
/// one.
pub fn sources(
    python: &Python,
    paths: &[PathBuf],
    step: usize,
) -> Result<Vec<(String, PathBuf)>, String> {
    let library;
    let roots = if paths.is_empty() {
        library = [standard_library(python)?];
        &library[..]
    } else {
        paths
    };
    let mut found = Vec::new();
    for root in roots {
        let skip = |entry: &walkdir::DirEntry| {
            entry.depth() == 0
                || !["__pycache__", "site-packages"].iter().any(|name| *name == entry.file_name())
        };
        for entry in walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(skip)
        {
            let entry = entry.map_err(|error| error.to_string())?;
            if entry.file_type().is_file()
                && entry.path().extension().is_some_and(|end| end == "py")
            {
                found.push((name(entry.path(), root), entry.into_path()));
            }
        }
    }
    Ok(found.into_iter().step_by(step).collect())
}

/// The name relative to the root, with `/`; if the root is a file, its own name.
fn name(path: &Path, root: &Path) -> String {
    let below = path.strip_prefix(root).ok().filter(|below| !below.as_os_str().is_empty());
    let below = below.or_else(|| path.file_name().map(Path::new)).unwrap_or(path);
    below.to_string_lossy().replace('\\', "/")
}

/// The directory of the interpreter's standard library. WebAssembly has none; for it, that of the
/// newest interpreter of the same minor version.
pub fn standard_library(python: &Python) -> Result<PathBuf, String> {
    let native;
    let python = if webassembly::has(python.path()) {
        native = pythons::interpreter(&python.version().minor().to_string())?;
        &native
    } else {
        python
    };
    let question = "import os; print(os.path.dirname(os.__file__))";
    let output = Command::new(python.path())
        .args(["-c", question])
        .output()
        .map_err(|error| format!("{}: {error}", python.path().display()))?;
    let path = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    Ok(PathBuf::from(path.trim_end()))
}
