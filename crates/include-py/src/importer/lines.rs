//! Source lines for code that knows only a file's name: `linecache`.
//!
//! `traceback` passes a frame's globals to `linecache`, which finds the loader and the source in
//! them. Warnings, `tracemalloc` and a `__main__` that `runpy` has run don't pass them, and
//! `linecache` gives up if it can't open a file. [`Lines`] replaces its `updatecache`, which fills
//! its cache, and reads the bundles' files.

use pyo3::{
    intern,
    prelude::*,
    types::{PyList, PyString},
};

use super::entry::Hook;

/// `linecache.updatecache`, also for files of bundles.
#[pyclass(frozen, module = "include_py", name = "BundleLines")]
#[derive(Debug)]
struct Lines {
    original: Py<PyAny>,
}

/// Makes `linecache`, which has just been imported, read the bundles' files.
pub(super) fn complete(linecache: &Bound<'_, PyAny>) -> PyResult<()> {
    let update = intern!(linecache.py(), "updatecache");
    let original = linecache.getattr(update)?;
    if original.is_instance_of::<Lines>() {
        return Ok(());
    }
    let lines = Lines { original: original.unbind() };
    linecache.setattr(update, Bound::new(linecache.py(), lines)?)
}

/// The text of a file in a bundle that has a path hook.
pub(super) fn text<'py>(name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (py, Ok(path)) = (name.py(), name.to_str()) else { return Ok(None) };
    let hooks = py.import(intern!(py, "sys"))?.getattr(intern!(py, "path_hooks"))?;
    for hook in hooks.cast_into::<PyList>()? {
        let Ok(hook) = hook.cast_into::<Hook>() else { continue };
        if let Some(text) = hook.get().text(py, path)? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

#[pymethods]
impl Lines {
    /// Fills the cache for a file and returns its lines.
    #[pyo3(signature = (filename, module_globals=None))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        filename: &Bound<'py, PyAny>,
        module_globals: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let original = || self.original.bind(py).call1((filename, module_globals));
        let Ok(name) = filename.cast::<PyString>() else { return original() };
        // `linecache` has no lines either for a file that can't be decoded.
        if let Some(text) = text(name).unwrap_or(None) {
            return keep(name, &text, name);
        }
        let lines = original()?;
        if lines.len()? > 0 {
            return Ok(lines);
        }
        match below_path(name).unwrap_or(None) {
            Some((text, path)) => keep(name, &text, &path),
            None => Ok(lines),
        }
    }

    fn __getattr__<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.original.bind(name.py()).getattr(name)
    }
}

/// Stores the lines of a file in `linecache.cache`, and returns them.
fn keep<'py>(
    name: &Bound<'py, PyString>,
    text: &Bound<'py, PyAny>,
    path: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = name.py();
    let lines = lines(text)?;
    let cache = py.import(intern!(py, "linecache"))?.getattr(intern!(py, "cache"))?;
    // Without a time, `linecache` doesn't check for changes.
    cache.set_item(name, (text.len()?, py.None(), &lines, path))?;
    Ok(lines.into_any())
}

/// The text and path of a bundle's file with a relative name, such as `package/module.py`, which
/// `linecache` searches for on `sys.path`.
fn below_path<'py>(
    name: &Bound<'py, PyString>,
) -> PyResult<Option<(Bound<'py, PyAny>, Bound<'py, PyString>)>> {
    let (py, relative) = (name.py(), name.to_str()?);
    if relative.is_empty() || relative.starts_with(['<', '/']) {
        return Ok(None);
    }
    for directory in py.import(intern!(py, "sys"))?.getattr(intern!(py, "path"))?.try_iter()? {
        let Ok(directory) = directory?.cast_into::<PyString>() else { continue };
        let path = PyString::new(py, &format!("{}/{relative}", directory.to_str()?));
        if let Some(text) = text(&path)? {
            return Ok(Some((text, path)));
        }
    }
    Ok(None)
}

/// The lines as those of a file: only `\n` ends a line, and the last line gets one, too.
fn lines<'py>(text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let py = text.py();
    let stream = py.import(intern!(py, "_io"))?.call_method1(intern!(py, "StringIO"), (text,))?;
    let lines = stream.call_method0(intern!(py, "readlines"))?.cast_into::<PyList>()?;
    if let Some(last) = lines.len().checked_sub(1) {
        let line: String = lines.get_item(last)?.extract()?;
        if !line.ends_with('\n') {
            lines.set_item(last, line + "\n")?;
        }
    }
    Ok(lines)
}
