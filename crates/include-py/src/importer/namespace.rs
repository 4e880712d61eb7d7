//! PEP 420 namespace packages that are in a bundle, wholly or in part.
//!
//! | part | created by |
//! |---|---|
//! | the spec, with the portions of every entry of the path | importlib's `PathFinder` |
//! | the loader | importlib's `NamespaceLoader`, by which other code recognises namespace packages |
//! | its resource reader | [`Portions`], since importlib's own reads only real directories |

use std::sync::Arc;

use pyo3::{
    intern,
    prelude::*,
    types::{PyList, PyString},
};

use super::{Importlib, entry::Entry, mounts, unpacked};
use crate::{
    mount::Mount,
    resources::{BundlePath, Reader},
};

/// The spec of a namespace package with a portion in the bundle's directory `directory`. If a
/// regular package elsewhere on the path takes precedence, its spec is returned.
pub(super) fn spec<'py>(
    py: Python<'py>,
    importlib: &Importlib,
    mount: &Arc<Mount>,
    name: &str,
    path: Option<&Bound<'py, PyAny>>,
    directory: &str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let found = importlib.find_on_path(py, name, path)?;
    let spec = if found.is_none() {
        // The virtual root was removed from `sys.path`.
        let portion = unpacked::portion(py, mount, name, directory)?;
        let portion = portion.unwrap_or_else(|| mount.outer(directory));
        importlib.module_spec(&PyString::new(py, name), None, None, Some(&portion))?
    } else {
        found
    };
    if spec.getattr(intern!(py, "loader"))?.is_none() {
        let locations = spec.getattr(intern!(py, "submodule_search_locations"))?;
        let loader = importlib.namespace_loader(&locations)?;
        let portions = Portions { mount: Arc::clone(mount), locations: locations.unbind() };
        let portions = Bound::new(py, portions)?;
        // Set only on the loader of this namespace package.
        for method in [intern!(py, "get_resource_reader"), intern!(py, "exec_module")] {
            loader.setattr(method, portions.getattr(method)?)?;
        }
        spec.setattr(intern!(py, "loader"), loader)?;
    }
    Ok(Some(spec))
}

/// The two methods in which a namespace package's loader differs from importlib's.
#[pyclass(frozen, module = "include_py", name = "BundlePortions")]
#[derive(Debug)]
pub(crate) struct Portions {
    mount: Arc<Mount>,
    /// The package's `__path__`, which importlib recalculates when the path above it changes.
    locations: Py<PyAny>,
}

#[pymethods]
impl Portions {
    /// Sets `__file__` to `None`, as importlib does for a spec without loader; there is no code.
    #[expect(clippy::unused_self, reason = "importlib calls it on the loader")]
    fn exec_module(&self, module: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = module.py();
        module.setattr(intern!(py, "__file__"), py.None())
    }

    /// For `pickle`, which pickles the loader's methods.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let make = py.import("include_py")?.getattr("portions")?;
        Ok((make, (self.locations.bind(py),)).into_pyobject(py)?.into_any())
    }

    /// The reader for `importlib.resources.files(fullname)`: all portions, in the path's order.
    fn get_resource_reader(&self, py: Python<'_>, fullname: &str) -> PyResult<Reader> {
        let _ = fullname;
        let portions = PyList::empty(py);
        for location in self.locations.bind(py).try_iter()? {
            if let Some(portion) = self.portion(&location?.cast_into::<PyString>()?)? {
                portions.append(portion)?;
            }
        }
        let files = match portions.len() {
            1 => portions.get_item(0)?,
            _ => joined(&portions)?,
        };
        Ok(Reader::new(files.unbind()))
    }
}

impl Portions {
    /// The same for a `__path__`; `None` if no part of it is in an installed bundle.
    pub(super) fn of(locations: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        for location in locations.try_iter()? {
            let location = location?.cast_into::<PyString>()?;
            if let Some(mount) = mounts::mount_of(location.to_str()?) {
                return Ok(Some(Self { mount, locations: locations.clone().unbind() }));
            }
        }
        Ok(None)
    }

    /// A directory in this bundle, in another one or on disk; other locations have no resources.
    fn portion<'py>(&self, location: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = location.py();
        let inside = if let Some(inner) = self.mount.locate(location.to_str()?) {
            Some(BundlePath::new(&self.mount, &inner))
        } else {
            let importer = py.import("pkgutil")?.call_method1("get_importer", (location,))?;
            importer.cast::<Entry>().ok().map(|entry| entry.get().path())
        };
        if let Some(path) = inside {
            return Ok(Some(Bound::new(py, path)?.into_any()));
        }
        let path = py.import("pathlib")?.call_method1("Path", (location,))?;
        Ok(path.call_method0("is_dir")?.is_truthy()?.then_some(path))
    }
}

/// The union of several directories (`importlib.readers.MultiplexedPath`).
fn joined<'py>(portions: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyAny>> {
    let class = portions.py().import("importlib.readers")?.getattr("MultiplexedPath")?;
    class.call1(portions.to_tuple()).or_else(|error| {
        // In 3.11 the constructor converts each item to a `pathlib.Path`; the methods don't need
        // that.
        if portions.is_empty() || !class.hasattr("iterdir")? {
            return Err(error);
        }
        let path = class.call_method1("__new__", (&class,))?;
        path.setattr("_paths", portions)?;
        Ok(path)
    })
}
