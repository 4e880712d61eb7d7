//! The position of a bundle among other finders of top-level modules, given by its root on
//! `sys.path`.
//!
//! | `sys.path`, with the bundle's root `R` and the extension modules' directory `X` | position |
//! |---|---|
//! | `R`, `X` | first: no other finder is asked before |
//! | `/plugins`, `R`, `X` | after `/plugins` |
//! | `R`, `/plugins`, `X` | first; for the standard library's modules after `/plugins` |
//! | `X` | never; for the standard library's modules first |
//!
//! Normally, a script's directory and the standard library are two entries. A bundle's root is both
//! at once. The standard library's position is that of the second entry, directly before the
//! extension modules'.

use std::sync::OnceLock;

use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyList, PyString},
};

use crate::mount::Mount;

/// The entries of `sys.path` that determine a bundle's position.
#[derive(Debug)]
pub(super) struct Order {
    /// `sys.__dict__`
    sys: Py<PyDict>,
    /// The root; the same object is on `sys.path`, unless it has been replaced by an equal one.
    root: Py<PyString>,
    /// The entry after the standard library, if the bundle contains that.
    extensions: OnceLock<Py<PyAny>>,
}

/// When the bundle may provide a module.
#[derive(Debug)]
pub(super) enum Turn<'py> {
    First,
    /// After these entries, if they don't have it.
    After(Bound<'py, PyList>),
    Never,
}

impl Order {
    pub(super) fn new(py: Python<'_>, mount: &Mount) -> PyResult<Self> {
        let sys = py.import("sys")?.dict().unbind();
        let root = PyString::new(py, mount.root()).unbind();
        let mut order = Self { sys, root, extensions: OnceLock::new() };
        // The host put it there before the importer existed.
        if let Some(path) = order.path(py)? {
            let present = path.iter().find(|entry| order.is_root(entry));
            if let Some(present) = present.and_then(|entry| entry.cast_into().ok()) {
                order.root = present.unbind();
            }
        }
        Ok(order)
    }

    /// The root, as an entry for `sys.path`.
    pub(super) fn root<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        self.root.bind(py)
    }

    /// Fixes the position of the standard library: it stays before the entry that follows the root
    /// now, even if others are inserted between them.
    pub(super) fn place_library(&self, py: Python<'_>) -> PyResult<()> {
        let Some(path) = self.path(py)? else { return Ok(()) };
        let follows = path.iter().skip_while(|entry| !self.is_root(entry)).nth(1);
        if let Some(entry) = follows {
            let _ = self.extensions.set(entry.unbind());
        }
        Ok(())
    }

    /// The bundle's turn for the top-level module `name`, which the bundle contains.
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

    /// `sys.path`; `None` if it isn't a list, in which case importlib would already have failed.
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyList>>> {
        let path = self.sys.bind(py).get_item(intern!(py, "path"))?;
        Ok(path.and_then(|path| path.cast_into().ok()))
    }

    /// Whether the root is first, and nothing was inserted between it and the extension modules.
    /// This is the common case, and the check is fast.
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

    /// The position of the standard library, if `name` is one of its modules. It is the end if the
    /// entry that marks it has been removed.
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
