//! Puts a bundle into the interpreter: finder, path hook, entry on `sys.path`.

use std::{ptr, sync::Arc};

use pyo3::{
    prelude::*,
    types::{PyDict, PyList},
};

#[cfg(unix)]
use super::loader::forget_cached;
use super::{Importlib, entry::Hook, finder::Finder, loader::Loader};
use crate::{App, Error, mount::Mount};

/// Makes the bundle's modules importable, if they aren't yet, and returns what finds them.
pub(crate) fn install<'py>(py: Python<'py>, app: &App) -> PyResult<Bound<'py, Finder>> {
    let mount = Arc::new(Mount::new(py, app)?);
    let sys = py.import("sys")?;
    let meta_path = sys.getattr("meta_path")?.cast_into::<PyList>()?;
    if let Some(finder) = installed(&meta_path, &mount, app)? {
        return Ok(finder);
    }

    let importlib = Arc::new(Importlib::new(py)?);
    let loader = Py::new(py, Loader::new(Arc::clone(&importlib), Arc::clone(&mount)))?;
    let hook = Hook::new(Arc::clone(&importlib), Arc::clone(&mount), loader.clone_ref(py));
    let finder = Finder::new(Arc::clone(&importlib), Arc::clone(&mount), loader);
    let finder = Bound::new(py, finder)?;

    meta_path.insert(position(&meta_path, importlib.path_finder(py)), &finder)?;
    // First, or zipimport would open the executable to look for a zip at its end.
    sys.getattr("path_hooks")?.cast_into::<PyList>()?.insert(0, Py::new(py, hook)?)?;
    // Asked before the hook was there, importlib would remember that nobody serves the root.
    let importers = sys.getattr("path_importer_cache")?.cast_into::<PyDict>()?;
    importers.call_method1("pop", (mount.root(), py.None()))?;
    let path = sys.getattr("path")?.cast_into::<PyList>()?;
    if !path.contains(mount.root())? {
        path.insert(0, mount.root())?;
    }
    Ok(finder)
}

/// This very bundle's finder, if it is installed; another bundle at the same root is an error.
fn installed<'py>(
    meta_path: &Bound<'py, PyList>,
    mount: &Mount,
    app: &App,
) -> PyResult<Option<Bound<'py, Finder>>> {
    for entry in meta_path {
        let Ok(finder) = entry.cast_into::<Finder>() else { continue };
        let other = finder.get().mount();
        if other.root() == mount.root() {
            let same = ptr::eq(other.bundle().bytes(), mount.bundle().bytes());
            return if same { Ok(Some(finder)) } else { Err(Error::name_clash(app.name()).into()) };
        }
    }
    Ok(None)
}

/// Just before the finder for files, so that what is bundled wins over what lies about on disk, and
/// built-in modules over both.
fn position(meta_path: &Bound<'_, PyList>, path_finder: &Bound<'_, PyAny>) -> usize {
    meta_path.iter().position(|finder| finder.is(path_finder)).unwrap_or(meta_path.len())
}

/// Gives modules that were imported before the importer existed the spec, loader and paths that the
/// importer would have given them.
#[cfg(unix)]
pub(crate) fn adopt(py: Python<'_>, finder: &Bound<'_, Finder>, names: &[&str]) -> PyResult<()> {
    let init = py.import("_frozen_importlib")?.getattr("_init_module_attrs")?;
    let overwrite = PyDict::new(py);
    overwrite.set_item("override", true)?;
    let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
    for name in names {
        let Some(module) = modules.get_item(name)? else { continue };
        let spec = finder.call_method1("find_spec", (name,))?;
        if !spec.is_none() {
            init.call((spec, &module), Some(&overwrite))?;
            forget_cached(&module.getattr("__dict__")?)?;
        }
    }
    Ok(())
}
