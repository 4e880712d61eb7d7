//! A Python extension module that creates bundles and opens them, for `cargo xtask conformance
//! importer`.
//!
//! ```python
//! import include_py_conformance as ours
//! data = ours.build("app", [("hello", "hello.py", "module", code, source)], {"a.txt": b"a"}, [])
//! volume = ours.Volume(data, "/virtual/root")
//! volume.install()
//! ```
//!
//! The Python code that runs CPython's tests with it is in `harness/`.

#![forbid(unsafe_code)]

use std::collections::HashMap;

use include_py_bundle::{Builder, ModuleKind, NewModule, Packed, Target};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyBytes};

/// The module's content.
#[pymodule(gil_used = false)]
mod include_py_conformance {
    #[pymodule_export]
    use super::{Volume, build};
}

/// Name, path, kind, marshalled code and source of a module.
type Module = (String, String, String, Option<Vec<u8>>, Option<Vec<u8>>);

/// The bytes of a bundle for the running interpreter.
#[pyfunction]
fn build<'py>(
    py: Python<'py>,
    name: &str,
    modules: Vec<Module>,
    files: HashMap<String, Vec<u8>>,
    distributions: HashMap<String, String>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut builder = Builder::new(name, &[target(py)?]);
    for (name, path, kind, code, source) in modules {
        let kind = match kind.as_str() {
            "module" => ModuleKind::Module,
            "package" => ModuleKind::Package,
            "namespace" => ModuleKind::Namespace,
            other => return Err(PyValueError::new_err(format!("no kind of module: {other:?}"))),
        };
        let code = code.into_iter().map(Into::into).collect();
        builder.module(NewModule { name, path, kind, code, source: source.map(Packed::plain) });
    }
    for (path, data) in files {
        builder.file(path, data);
    }
    for (name, directory) in distributions {
        builder.distribution(&name, &directory);
    }
    let bytes = builder.finish().map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(PyBytes::new(py, &bytes))
}

/// The running interpreter.
fn target(py: Python<'_>) -> PyResult<Target> {
    let magic: Vec<u8> = py.import("importlib.util")?.getattr("MAGIC_NUMBER")?.extract()?;
    let sys = py.import("sys")?;
    Ok(Target::new(
        u16::from_le_bytes([magic[0], magic[1]]),
        sys.getattr("hexversion")?.extract()?,
        py.import("marshal")?.getattr("version")?.extract()?,
        sys.getattr("flags")?.getattr("optimize")?.extract()?,
    ))
}

/// An opened bundle at a virtual root.
#[pyclass(frozen)]
struct Volume {
    volume: include_py::Volume,
}

#[pymethods]
impl Volume {
    #[new]
    fn new(data: Vec<u8>, root: String) -> PyResult<Self> {
        Ok(Self { volume: include_py::Volume::from_bytes(data)?.at(root) })
    }

    fn install(&self, py: Python<'_>) -> PyResult<()> {
        self.volume.install(py)
    }

    fn uninstall(&self, py: Python<'_>) -> PyResult<bool> {
        self.volume.uninstall(py)
    }

    fn path_hook<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.volume.path_hook(py)
    }
}
