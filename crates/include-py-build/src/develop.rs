//! The source trees that a debug build writes down, so that the program can import from them.
//!
//! `Bundle::new("app").source("python").develop()` writes into `app.rs`:
//!
//! ```text
//! develop: Some(&::include_py::__private::Develop {
//!     trees: &[("", "/src/app/python")],
//!     names: &["app"],
//! }),
//! ```

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::{ErrorKind, Problem};
use crate::find::{Library, Module, Root};

/// Whether the builder enables it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Bundled,
    /// In debug builds, from the source trees.
    Developed,
}

/// The source trees of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Develop {
    /// The import name, empty for a directory of packages, and the absolute path.
    pub(crate) trees: Vec<(String, String)>,
    /// The top-level names that they contain.
    pub(crate) names: BTreeSet<String>,
}

impl Develop {
    /// The trees of all sources of the program itself.
    pub(crate) fn of(roots: &[Root], modules: &[Module], problems: &mut Vec<Problem>) -> Self {
        let mut trees = Vec::new();
        for root in roots {
            let (name, path) = match root {
                Root::Source { dir } => ("", dir),
                Root::Package { name, path } => (name.as_str(), path),
                Root::SitePackages { .. } | Root::Stdlib { .. } | Root::Extensions { .. } => {
                    continue;
                }
            };
            match absolute(path) {
                Some(absolute) => trees.push((name.to_owned(), absolute)),
                None => problems.push(not_utf8(path)),
            }
        }
        let own = modules.iter().filter(|module| module.origin.library == Library::Own);
        let own = own.filter(|module| !module.is_aside());
        let names = own.filter_map(|module| module.name.split('.').next()).map(str::to_owned);
        Self { trees, names: names.collect() }
    }
}

fn absolute(path: &Path) -> Option<String> {
    std::path::absolute(path).ok()?.to_str().map(str::to_owned)
}

fn not_utf8(path: &Path) -> Problem {
    let text = format!("the path of `{}` can't be written in Rust: it isn't UTF-8", path.display());
    Problem::new(ErrorKind::Source, text).help("rename it, or build without `Bundle::develop`")
}
