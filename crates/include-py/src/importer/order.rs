//! When it is a bundle's turn to have a top-level module: where its root stands on `sys.path`.
//!
//! | `sys.path`, with the bundle's root `R` and the extension modules' directory `X` | turn |
//! |---|---|
//! | `R`, `X` | first: nothing is asked before |
//! | `/plugins`, `R`, `X` | after `/plugins` |
//! | `R`, `/plugins`, `X` | first; for the standard library's modules after `/plugins` |
//! | `X` | never; for the standard library's modules first |
//!
//! A script's directory and the standard library's are two entries, which a bundle's root is both
//! of. The library's place is that of the second, directly before the extension modules'.

use std::sync::OnceLock;

use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyList, PyString},
};

use crate::mount::Mount;

/// The entries of `sys.path` that stand for a bundle.
#[derive(Debug)]
pub(super) struct Order {
    /// `sys.__dict__`
    sys: Py<PyDict>,
    /// The very object on `sys.path`, unless somebody replaced it by an equal one.
    root: Py<PyString>,
    /// The entry before which the standard library has its place, if the bundle holds that.
    extensions: OnceLock<Py<PyAny>>,
}

/// Whether the bundle may have a module.
#[derive(Debug)]
pub(super) enum Turn<'py> {
    First,
    /// Unless one of these entries has it.
    After(Bound<'py, PyList>),
    Never,
}

impl Order {
    pub(super) fn new(py: Python<'_>, mount: &Mount) -> PyResult<Self> {
        let sys = py.import("sys")?.dict().unbind();
        let root = PyString::new(py, mount.root()).unbind();
        let mut order = Self { sys, root, extensions: OnceLock::new() };
        // The host has put it there before there was an importer.
        if let Some(path) = order.path(py)? {
            let present = path.iter().find(|entry| order.is_root(entry));
            if let Some(present) = present.and_then(|entry| entry.cast_into().ok()) {
                order.root = present.unbind();
            }
        }
        Ok(order)
    }

    /// The root, to be put on `sys.path`.
    pub(super) fn root<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        self.root.bind(py)
    }

    /// From now on the standard library's modules have their place after what is put between the
    /// root and the entry that follows it now.
    pub(super) fn place_library(&self, py: Python<'_>) -> PyResult<()> {
        let Some(path) = self.path(py)? else { return Ok(()) };
        let follows = path.iter().skip_while(|entry| !self.is_root(entry)).nth(1);
        if let Some(entry) = follows {
            let _ = self.extensions.set(entry.unbind());
        }
        Ok(())
    }

    /// Whose turn it is for the top-level module `name`, which the bundle has.
    pub(super) fn turn<'py>(
        &self,
        py: Python<'py>,
        mount: &Mount,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Turn<'py>> {
        let Some(path) = self.path(py)? else { return Ok(Turn::First) };
        if self.is_untouched(&path) {
            return Ok(Turn::First);
        }
        let is_root = |entry: &Bound<'py, PyAny>| {
            self.is_root(entry)
                || entry.cast::<PyString>().is_ok_and(|entry| {
                    entry.to_str().is_ok_and(|entry| mount.locate(entry).as_deref() == Some(""))
                })
        };
        let place = match self.library_place(&path, name)? {
            Some(place) => place,
            None => match path.iter().position(|entry| is_root(&entry)) {
                Some(place) => place,
                None => return Ok(Turn::Never),
            },
        };
        let before: Vec<_> = path.iter().take(place).filter(|entry| !is_root(entry)).collect();
        if before.is_empty() {
            return Ok(Turn::First);
        }
        Ok(Turn::After(PyList::new(py, before)?))
    }

    /// `sys.path`; `None` if it isn't a list, with which importlib would fail before.
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyList>>> {
        let path = self.sys.bind(py).get_item(intern!(py, "path"))?;
        Ok(path.and_then(|path| path.cast_into().ok()))
    }

    /// Whether the root is first, and nothing was put between it and the extension modules: what
    /// costs nothing.
    fn is_untouched(&self, path: &Bound<'_, PyList>) -> bool {
        let py = path.py();
        path.get_item(0).is_ok_and(|entry| entry.is(&self.root))
            && self
                .extensions
                .get()
                .is_none_or(|entry| path.get_item(1).is_ok_and(|next| next.is(entry.bind(py))))
    }

    fn is_root(&self, entry: &Bound<'_, PyAny>) -> bool {
        entry.is(&self.root) || entry.eq(&self.root).unwrap_or(false)
    }

    /// Where the standard library would stand, if `name` is one of its modules: at the end, if
    /// nothing marks its place any more.
    fn library_place(
        &self,
        path: &Bound<'_, PyList>,
        name: &Bound<'_, PyString>,
    ) -> PyResult<Option<usize>> {
        let py = path.py();
        let Some(extensions) = self.extensions.get() else { return Ok(None) };
        let names = self.sys.bind(py).get_item(intern!(py, "stdlib_module_names"))?;
        if !names.is_some_and(|names| names.contains(name).unwrap_or(false)) {
            return Ok(None);
        }
        let place = path.iter().position(|entry| entry.eq(extensions).unwrap_or(false));
        Ok(Some(place.unwrap_or(path.len())))
    }
}
