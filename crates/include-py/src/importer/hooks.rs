//! Path hooks of other packages, and when they are called for directories of a bundle.
//!
//! | `sys.path_hooks`, with the bundle's `B`, `zipimporter` and the standard one for directories `F` | called |
//! |---|---|
//! | `B`, `zipimporter`, `F` | none |
//! | `x`, `B`, `zipimporter`, `F` | `x`, by `PathFinder` |
//! | `B`, `zipimporter`, `x`, `F` | `x`, by `B`, since for directories of files `x` also precedes `F` |
//!
//! The bundle's hook replaces the standard one for bundles, but can't be at its place:
//! `zipimporter` would open the executable first. beartype puts its hook directly before the
//! standard one.

use std::cell::Cell;

use pyo3::{
    exceptions::PyImportError,
    intern,
    prelude::*,
    types::{PyDict, PyList},
};

use super::entry::Hook;

/// The qualified name of importlib's hook for directories (`_bootstrap_external.py:
/// FileFinder.path_hook`, 3.13).
const STANDARD: &str = "FileFinder.path_hook.<locals>.path_hook_for_FileFinder";

/// The hooks that Python has at its start.
#[derive(Debug)]
pub(super) struct Hooks {
    sys: Py<PyModule>,
    zipimporter: Option<Py<PyAny>>,
    /// The last one with this name, since others are inserted before it.
    standard: Option<Py<PyAny>>,
}

impl Hooks {
    pub(super) fn new(py: Python<'_>) -> PyResult<Self> {
        let sys = py.import("sys")?;
        let modules = sys.getattr("modules")?.cast_into::<PyDict>()?;
        let zipimporter = match modules.get_item("zipimport")? {
            Some(module) => Some(module.getattr("zipimporter")?.unbind()),
            None => None,
        };
        let mut standard = None;
        for hook in sys.getattr("path_hooks")?.try_iter()? {
            let hook = hook?;
            let name = hook.getattr_opt("__qualname__")?;
            if name.is_some_and(|name| name.eq(STANDARD).unwrap_or(false)) {
                standard = Some(hook.unbind());
            }
        }
        Ok(Self { sys: sys.unbind(), zipimporter, standard })
    }

    /// Whether another hook must be called for the bundle's directories.
    pub(super) fn has_other(&self, py: Python<'_>) -> PyResult<bool> {
        let Some(hooks) = self.list(py)? else { return Ok(false) };
        for hook in hooks.iter() {
            if self.is_standard(&hook) {
                return Ok(false);
            }
            if self.is_other(&hook) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Calls the hooks between a bundle's and the standard one for a directory; returns the finder
    /// of the first that accepts it.
    pub(super) fn ask<'py>(
        &self,
        own: &Bound<'py, Hook>,
        path: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        thread_local! {
            /// Prevents recursion, since hooks may call the hooks after them, or all of them.
            static ASKING: Cell<bool> = const { Cell::new(false) };
        }
        let py = own.py();
        let Some(hooks) = self.list(py)? else { return Ok(None) };
        let behind = hooks.iter().skip_while(|hook| !hook.is(own));
        let others: Vec<_> = behind
            .take_while(|hook| !self.is_standard(hook))
            .filter(|hook| self.is_other(hook))
            .collect();
        if others.is_empty() || ASKING.replace(true) {
            return Ok(None);
        }
        let mut answer = Ok(None);
        for hook in others {
            match hook.call1((path,)) {
                Ok(finder) => answer = Ok(Some(finder)),
                Err(error) if error.is_instance_of::<PyImportError>(py) => continue,
                Err(error) => answer = Err(error),
            }
            break;
        }
        ASKING.set(false);
        answer
    }

    fn list<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyList>>> {
        // If the program has replaced the list by another sequence, `PathFinder` handles it.
        Ok(self.sys.bind(py).getattr(intern!(py, "path_hooks"))?.cast_into().ok())
    }

    fn is_standard(&self, hook: &Bound<'_, PyAny>) -> bool {
        self.standard.as_ref().is_some_and(|standard| hook.is(standard))
    }

    fn is_other(&self, hook: &Bound<'_, PyAny>) -> bool {
        !hook.is_exact_instance_of::<Hook>()
            && !self.zipimporter.as_ref().is_some_and(|zipimporter| hook.is(zipimporter))
    }
}
