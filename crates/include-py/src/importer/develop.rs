//! Development: imports modules from the source trees from which a bundle was built.
//!
//! | module | found |
//! |---|---|
//! | `app`, in a directory given to `Bundle::source` | by `PathFinder` in these directories, which are on `sys.path` as well |
//! | `vendor.tools`, given to `Bundle::package` | at the given path |
//! | `vendor`, if it is only the parent of such a package | as a namespace package |
//! | `app.part` | by the usual finders on `app.__path__`, which has real directories |
//!
//! Modules of the standard library and of installed packages are still imported from the bundle.

use std::env;

use pyo3::{
    exceptions::{PyImportError, PyModuleNotFoundError},
    intern,
    prelude::*,
    types::{PyDict, PyList, PyString},
};

use super::Finder;
use crate::app::Develop;

/// If it is set to `0`, the program imports from the bundle.
const VARIABLE: &str = "INCLUDE_PY_DEVELOP";

/// Adds a finder for the source trees before the bundle's own.
pub(crate) fn develop(
    py: Python<'_>,
    develop: &'static Develop,
    bundle: &'static str,
    finder: &Bound<'_, Finder>,
) -> PyResult<()> {
    if env::var_os(VARIABLE).is_some_and(|value| value == "0") {
        return Ok(());
    }
    let sys = py.import("sys")?;
    let meta_path = sys.getattr("meta_path")?.cast_into::<PyList>()?;
    let same = |other: &Bound<'_, TreeFinder>| std::ptr::eq(other.get().develop, develop);
    if meta_path.iter().any(|entry| entry.cast::<TreeFinder>().is_ok_and(same)) {
        return Ok(());
    }
    let exists = py.import("os")?.getattr("path")?.getattr("exists")?;
    for (_, path) in develop.trees {
        if !exists.call1((path,))?.extract::<bool>()? {
            return Err(PyImportError::new_err(format!(
                "`{path}` isn't there, from which bundle `{bundle}` was to import: it was built with \
                 `Bundle::develop`; build it without for other machines, or set `{VARIABLE}=0`"
            )));
        }
    }
    let position = meta_path.iter().position(|entry| entry.is(finder)).unwrap_or(0);
    meta_path.insert(position, Bound::new(py, TreeFinder { develop, bundle })?)?;
    let path = sys.getattr("path")?.cast_into::<PyList>()?;
    for directory in directories(develop).rev() {
        path.insert(0, directory)?;
    }
    Ok(())
}

fn directories(develop: &Develop) -> impl DoubleEndedIterator<Item = &'static str> + use<> {
    develop.trees.iter().filter(|(name, _)| name.is_empty()).map(|(_, path)| *path)
}

/// Finds modules in the source trees.
#[pyclass(frozen, module = "include_py", name = "SourceTreeFinder")]
#[derive(Debug)]
struct TreeFinder {
    develop: &'static Develop,
    bundle: &'static str,
}

#[pymethods]
impl TreeFinder {
    /// The spec of a module whose source is in one of the trees.
    #[pyo3(signature = (fullname, path=None, target=None))]
    fn find_spec<'py>(
        &self,
        py: Python<'py>,
        fullname: &Bound<'py, PyString>,
        path: Option<&Bound<'py, PyAny>>,
        target: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let _ = target;
        let Ok(name) = fullname.to_str() else { return Ok(None) };
        for (package, place) in self.develop.trees {
            if *package == name {
                return at(py, name, place).map(Some);
            }
        }
        if path.is_none() {
            let directories = PyList::new(py, directories(self.develop))?;
            let found = external(py, "PathFinder")?
                .call_method1(intern!(py, "find_spec"), (fullname, directories))?;
            if !found.is_none() {
                return Ok(Some(found));
            }
        }
        let implied = |(package, _): &(&str, &str)| {
            package.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
        };
        if self.develop.trees.iter().any(implied) {
            // Its other portions: installed packages can also be part of it.
            let found = external(py, "PathFinder")?
                .call_method1(intern!(py, "find_spec"), (fullname, path))?;
            return if found.is_none() {
                namespace(py, name, None).map(Some)
            } else {
                Ok(Some(found))
            };
        }
        if path.is_none() && self.develop.names.contains(&name) {
            // The bundle still contains it as of the last build.
            let error = PyModuleNotFoundError::new_err(format!(
                "No module named '{name}' (there was one when bundle `{}` was built; set \
                 `{VARIABLE}=0` to import what was bundled)",
                self.bundle
            ));
            error.value(py).setattr("name", fullname)?;
            return Err(error);
        }
        Ok(None)
    }

    /// The distributions whose metadata is in one of the trees.
    #[pyo3(signature = (context=None))]
    fn find_distributions<'py>(
        &self,
        py: Python<'py>,
        context: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let metadata = py.import("importlib.metadata")?;
        let arguments = PyDict::new(py);
        arguments.set_item("path", PyList::new(py, directories(self.develop))?)?;
        if let Some(context) = context {
            arguments.set_item("name", context.getattr("name")?)?;
        }
        let class = metadata.getattr("DistributionFinder")?.getattr("Context")?;
        let context = class.call((), Some(&arguments))?;
        let finder = metadata.getattr("MetadataPathFinder")?;
        finder.call_method1("find_distributions", (context,))
    }

    /// The finders that do the work have caches; importlib calls them itself.
    #[expect(clippy::unused_self, reason = "importlib calls it on the finder")]
    fn invalidate_caches(&self) {}

    fn __repr__(&self) -> String {
        format!("<include_py.SourceTreeFinder for bundle {:?}>", self.bundle)
    }
}

/// The spec of the package or module at a path, which can have another name.
fn at<'py>(py: Python<'py>, name: &str, path: &str) -> PyResult<Bound<'py, PyAny>> {
    let files = py.import(intern!(py, "os"))?.getattr(intern!(py, "path"))?;
    let make = external(py, "spec_from_file_location")?;
    if files.call_method1(intern!(py, "isfile"), (path,))?.extract()? {
        return make.call1((name, path));
    }
    let init = files.call_method1(intern!(py, "join"), (path, "__init__.py"))?;
    if !files.call_method1(intern!(py, "isfile"), (&init,))?.extract::<bool>()? {
        return namespace(py, name, Some(path));
    }
    let arguments = PyDict::new(py);
    arguments.set_item("submodule_search_locations", [path])?;
    make.call((name, init), Some(&arguments))
}

/// The spec of a namespace package; importlib sets its loader.
fn namespace<'py>(py: Python<'py>, name: &str, path: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
    let arguments = PyDict::new(py);
    arguments.set_item("is_package", true)?;
    let class = py.import("_frozen_importlib")?.getattr("ModuleSpec")?;
    let spec = class.call((name, py.None()), Some(&arguments))?;
    if let Some(path) = path {
        spec.getattr("submodule_search_locations")?.call_method1("append", (path,))?;
    }
    Ok(spec)
}

fn external<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "_frozen_importlib_external"))?.getattr(name)
}
