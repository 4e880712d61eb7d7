//! PEP 420 namespace packages that lie, wholly or in part, in a bundle.
//!
//! `PathFinder` gathers the portions from every entry of the path, other bundles and directories on
//! disk included; the loader added here is what gives `importlib.resources` a reader, which
//! importlib's own can give only for real directories.

use std::sync::Arc;

use include_py_bundle::Module;
use pyo3::{intern, prelude::*};

use super::Importlib;
use crate::{mount::Mount, resources};

/// The spec of a namespace package, or of whatever regular package elsewhere on the path shadows it.
pub(super) fn spec<'py>(
    py: Python<'py>,
    importlib: &Importlib,
    mount: &Arc<Mount>,
    name: &str,
    path: Option<&Bound<'py, PyAny>>,
    module: &Module<'_>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let found = importlib.find_on_path(py, name, path)?;
    let spec = if found.is_none() {
        // The virtual root was taken off `sys.path`.
        importlib.module_spec(py, name, None, None, Some(&mount.outer(module.path())))?
    } else {
        found
    };
    if spec.getattr(intern!(py, "loader"))?.is_none() {
        let loader =
            NamespaceLoader { mount: Arc::clone(mount), directory: module.path().to_owned() };
        spec.setattr(intern!(py, "loader"), loader)?;
    }
    Ok(Some(spec))
}

/// The loader of a namespace package: nothing to run, but resources to read.
#[pyclass(frozen, module = "include_py", name = "BundleNamespaceLoader")]
#[derive(Debug)]
pub(crate) struct NamespaceLoader {
    mount: Arc<Mount>,
    directory: String,
}

#[pymethods]
#[expect(clippy::unused_self, reason = "importlib calls all of them on the loader")]
impl NamespaceLoader {
    /// Leaves the making of the module to importlib.
    fn create_module(&self, spec: &Bound<'_, PyAny>) -> Option<Py<PyAny>> {
        let _ = spec;
        None
    }

    /// A namespace package has no code.
    fn exec_module(&self, module: &Bound<'_, PyAny>) {
        let _ = module;
    }

    /// An empty module's code, as importlib's own namespace loader answers.
    fn get_code<'py>(&self, py: Python<'py>, fullname: &str) -> PyResult<Bound<'py, PyAny>> {
        let _ = fullname;
        let compile = py.import("builtins")?.getattr("compile")?;
        compile.call1(("", "<string>", "exec"))
    }

    /// An empty module's source.
    fn get_source(&self, fullname: &str) -> &'static str {
        let _ = fullname;
        ""
    }

    /// Always true.
    fn is_package(&self, fullname: &str) -> bool {
        let _ = fullname;
        true
    }

    /// The reader behind `importlib.resources.files(fullname)`: the bundle's portion.
    fn get_resource_reader(&self, fullname: &str) -> resources::Reader {
        let _ = fullname;
        resources::Reader::new(&self.mount, &self.directory)
    }

    fn __repr__(&self) -> String {
        format!("<include_py.BundleNamespaceLoader for {:?}>", self.mount.outer(&self.directory))
    }
}
