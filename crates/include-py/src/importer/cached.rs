//! The path at which importlib looks for the `.pyc` file of a source: `spec.cached`.
//!
//! | `spec.origin` | `spec.cached` |
//! |---|---|
//! | `<root>/json/decoder.py` | `<root>/json/__pycache__/decoder.cpython-313.pyc` |
//!
//! importlib computes it for every module in Python code (`_bootstrap_external.py:
//! cache_from_source`, 3.13), which takes a tenth of the time of importing a tiny module. This
//! computes it faster.

use std::path::MAIN_SEPARATOR;

use pyo3::{intern, prelude::*, types::PyDict};

/// The values on which the path depends, besides the source's path.
#[derive(Debug)]
pub(super) struct Cached {
    /// `sys.__dict__`
    sys: Py<PyDict>,
    /// `sys.implementation.cache_tag`
    tag: Py<PyAny>,
    /// `.cpython-313.pyc`; `None` if nothing is cached.
    ending: Option<String>,
}

impl Cached {
    pub(super) fn new(py: Python<'_>) -> PyResult<Self> {
        let sys = py.import("sys")?;
        let tag = sys.getattr("implementation")?.getattr("cache_tag")?;
        let optimize: i32 = sys.getattr("flags")?.getattr("optimize")?.extract()?;
        let ending = tag.extract::<String>().ok().map(|tag| match optimize {
            0 => format!(".{tag}.pyc"),
            level => format!(".{tag}.opt-{level}.pyc"),
        });
        Ok(Self { sys: sys.dict().unbind(), tag: tag.unbind(), ending })
    }

    /// The path for this source; `None` if the program has changed one of the values, so that
    /// importlib must compute it.
    pub(super) fn path(&self, py: Python<'_>, source: &str) -> PyResult<Option<String>> {
        let sys = self.sys.bind(py);
        if sys.get_item(intern!(py, "pycache_prefix"))?.is_none_or(|prefix| !prefix.is_none()) {
            return Ok(None);
        }
        let Some(implementation) = sys.get_item(intern!(py, "implementation"))? else {
            return Ok(None);
        };
        if !implementation.getattr(intern!(py, "cache_tag"))?.is(&self.tag) {
            return Ok(None);
        }
        Ok(self.ending.as_deref().and_then(|ending| join(source, ending)))
    }
}

/// `<directory>/__pycache__/<stem><ending>`
fn join(source: &str, ending: &str) -> Option<String> {
    let (directory, file) = source.rsplit_once(MAIN_SEPARATOR)?;
    if directory.is_empty() || directory.ends_with(MAIN_SEPARATOR) {
        // importlib would remove one of the separators.
        return None;
    }
    let stem = file.strip_suffix(".py").filter(|stem| !stem.is_empty())?;
    let mut path = String::with_capacity(source.len() + "__pycache__/".len() + ending.len());
    path.push_str(directory);
    path.push(MAIN_SEPARATOR);
    path.push_str("__pycache__");
    path.push(MAIN_SEPARATOR);
    path.push_str(stem);
    path.push_str(ending);
    Some(path)
}
