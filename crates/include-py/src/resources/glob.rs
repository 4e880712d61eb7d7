//! `pathlib.Path.glob` and `rglob` for a directory of a bundle.

use std::path::{MAIN_SEPARATOR, is_separator};

use pyo3::{
    exceptions::{PyNotImplementedError, PyValueError},
    intern,
    prelude::*,
    types::PyDict,
};

use super::BundlePath;

/// The depth at which the pattern matches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Here,
    AnyDepth,
}

/// An iterator over the entries below `path` that match the pattern.
pub(super) fn glob<'py>(
    path: &BundlePath,
    pattern: &Bound<'py, PyAny>,
    from: From,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = pattern.py();
    let text: String = py.import("os")?.call_method1("fspath", (pattern,))?.extract()?;
    if text.starts_with(is_separator) {
        return Err(PyNotImplementedError::new_err("Non-relative patterns are unsupported"));
    }
    let mut parts: Vec<&str> =
        text.split(is_separator).filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.is_empty() && from == From::Here {
        return Err(PyValueError::new_err(format!("Unacceptable pattern: {}", pattern.repr()?)));
    }
    if from == From::AnyDepth {
        parts.insert(0, "**");
    }
    let case_sensitive = match options.map(|options| options.get_item("case_sensitive")) {
        Some(Ok(Some(option))) if !option.is_none() => option.is_truthy()?,
        _ => MAIN_SEPARATOR == '/',
    };
    // Up to 3.12, `**` at the end matches only directories.
    let directories_alone =
        text.ends_with(is_separator) || parts.last() == Some(&"**") && py.version_info() < (3, 13);
    let mut found = Vec::new();
    let matcher = Matcher { py, case_sensitive };
    matcher.descend(path, &parts, &mut found)?;
    if directories_alone {
        found.retain(|path| path.is_directory().unwrap_or(false));
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|path| seen.insert(path.inner().to_owned()));
    Ok(found.into_pyobject(py)?.try_iter()?.into_any())
}

struct Matcher<'py> {
    py: Python<'py>,
    case_sensitive: bool,
}

impl Matcher<'_> {
    fn descend(
        &self,
        path: &BundlePath,
        parts: &[&str],
        found: &mut Vec<BundlePath>,
    ) -> PyResult<()> {
        let Some((&part, rest)) = parts.split_first() else {
            found.push(path.clone());
            return Ok(());
        };
        if !path.is_directory()? {
            // `**` also matches no component at all.
            if part == "**" && rest.is_empty() && path.is_file()? {
                found.push(path.clone());
            }
            return Ok(());
        }
        if part == "**" {
            self.descend(path, rest, found)?;
            for child in path.children()? {
                if child.is_directory()? || rest.is_empty() {
                    self.descend(&child, parts, found)?;
                }
            }
            return Ok(());
        }
        if part == ".." {
            return self.descend(&path.above(), rest, found);
        }
        for child in path.children()? {
            if self.matches(child.name(), part)? && (rest.is_empty() || child.is_directory()?) {
                self.descend(&child, rest, found)?;
            }
        }
        Ok(())
    }

    fn matches(&self, name: &str, pattern: &str) -> PyResult<bool> {
        let py = self.py;
        let function = py.import("fnmatch")?.getattr(intern!(py, "fnmatchcase"))?;
        if self.case_sensitive {
            return function.call1((name, pattern))?.extract();
        }
        function.call1((name.to_lowercase(), pattern.to_lowercase()))?.extract()
    }
}
