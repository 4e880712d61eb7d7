//! Imports modules that are linked into the program, if Python was started before they were known.
//!
//! It works as `_imp.create_builtin` and `_imp.exec_builtin` (`import.c`, 3.13) do for modules that
//! CPython knows.
//!
//! *Limit:* If a single-phase module is imported a second time, CPython creates a new object from a
//! copy of its initial state; here it is the same object.

use std::sync::Arc;

use pyo3::{
    exceptions::PyImportError,
    ffi,
    prelude::*,
    types::{PyDict, PyList, PyString},
};

use super::Importlib;
use crate::linked::{self, Linked};

/// Makes modules importable that CPython doesn't know.
pub(crate) fn offer(py: Python<'_>, modules: &[Linked]) -> PyResult<()> {
    let mut unknown = modules.iter().filter(|one| !linked::is_known(one.name)).peekable();
    if unknown.peek().is_none() {
        return Ok(());
    }
    let meta_path = py.import("sys")?.getattr("meta_path")?.cast_into::<PyList>()?;
    if !meta_path.iter().any(|finder| finder.is_instance_of::<Importer>()) {
        let importlib = Arc::new(Importlib::new(py)?);
        let importer = Importer { importlib, single: PyDict::new(py).unbind() };
        // First, as the finder for built-in modules.
        meta_path.insert(0, Bound::new(py, importer)?)?;
    }
    for one in unknown {
        linked::offer(one.name, one.init);
    }
    Ok(())
}

/// Finder and loader of these modules.
#[pyclass(frozen, module = "include_py", name = "LinkedImporter")]
struct Importer {
    importlib: Arc<Importlib>,
    /// Single-phase modules by name, since they can't be created twice.
    single: Py<PyDict>,
}

#[pymethods]
impl Importer {
    #[pyo3(signature = (fullname, path=None, target=None))]
    fn find_spec<'py>(
        slf: &Bound<'py, Self>,
        fullname: &Bound<'py, PyString>,
        path: Option<&Bound<'py, PyAny>>,
        target: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let _ = (path, target);
        if !fullname.to_str().is_ok_and(|name| linked::offered(name).is_some()) {
            return Ok(None);
        }
        let origin = PyString::new(slf.py(), "built-in").into_any();
        let importlib = &slf.get().importlib;
        importlib.module_spec(fullname, Some(slf.as_any()), Some(&origin), None).map(Some)
    }

    fn create_module<'py>(&self, spec: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = spec.py();
        let name = spec.getattr("name")?.cast_into::<PyString>()?;
        let single = self.single.bind(py);
        if let Some(module) = single.get_item(&name)? {
            return Ok(module);
        }
        let Some(init) = linked::offered(name.to_str()?) else {
            let message = format!("no module `{name}` is linked into the program");
            return Err(PyImportError::new_err(message));
        };
        // SAFETY: the thread is attached, and the function is what `ModuleInit` says.
        let made = unsafe { init.function()() };
        if made.is_null() {
            return Err(PyErr::fetch(py));
        }
        if let Some(error) = PyErr::take(py) {
            return Err(error);
        }
        // SAFETY: not null.
        if unsafe { ffi::PyObject_TypeCheck(made, &raw mut ffi::PyModuleDef_Type) } != 0 {
            // SAFETY: its type says that it is a definition, which is static and isn't owned by us.
            return unsafe {
                let module = ffi::PyModule_FromDefAndSpec(made.cast(), spec.as_ptr());
                Bound::from_owned_ptr_or_err(py, module)
            };
        }
        // SAFETY: a single-phase module, of which the function gives a reference.
        let module = unsafe { Bound::from_owned_ptr(py, made) };
        // SAFETY: any object may be asked; the error for one that isn't a module is taken below.
        let definition = unsafe { ffi::PyModule_GetDef(module.as_ptr()) };
        if let Some(error) = PyErr::take(py) {
            return Err(error);
        }
        if !definition.is_null() {
            // SAFETY: the module was made of this definition, which has no slots.
            let status = unsafe { ffi::PyState_AddModule(module.as_ptr(), definition) };
            if status != 0 {
                return Err(PyErr::fetch(py));
            }
        }
        single.set_item(name, &module)?;
        Ok(module)
    }

    #[expect(clippy::unused_self, reason = "importlib calls it on the loader")]
    fn exec_module(&self, module: &Bound<'_, PyAny>) -> PyResult<()> {
        let Ok(module) = module.cast::<PyModule>() else { return Ok(()) };
        // SAFETY: it is a module.
        let (definition, state) = unsafe {
            (ffi::PyModule_GetDef(module.as_ptr()), ffi::PyModule_GetState(module.as_ptr()))
        };
        if definition.is_null() || !state.is_null() {
            // Created without a definition, or executed already: a reload does nothing.
            return PyErr::take(module.py()).map_or(Ok(()), Err);
        }
        // SAFETY: the module was made of this definition.
        if unsafe { ffi::PyModule_ExecDef(module.as_ptr(), definition) } == 0 {
            Ok(())
        } else {
            Err(PyErr::fetch(module.py()))
        }
    }

    #[expect(clippy::unused_self, reason = "runpy and inspect call it on the loader")]
    fn is_package(&self, fullname: &Bound<'_, PyAny>) -> bool {
        let _ = fullname;
        false
    }

    #[expect(clippy::unused_self, reason = "runpy and inspect call it on the loader")]
    fn get_code(&self, fullname: &Bound<'_, PyAny>) {
        let _ = fullname;
    }

    #[expect(clippy::unused_self, reason = "runpy and inspect call it on the loader")]
    fn get_source(&self, fullname: &Bound<'_, PyAny>) {
        let _ = fullname;
    }
}
