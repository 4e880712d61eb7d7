//! Native functions as methods of classes that are made at run time.
//!
//! `Loader.exec_module` must be bound to a loader when it is looked up on one. Functions that are written
//! in Python do that by themselves; native ones don't (`methodobject.c: PyCFunction_Type`, 3.13), so a
//! [`Method`] stands in the class and binds them.

use pyo3::{
    prelude::*,
    types::{PyCFunction, PyType},
};

/// A descriptor that binds a native function to the instance that it is looked up on.
#[pyclass(frozen, module = "include_py", name = "method")]
#[derive(Debug)]
pub(super) struct Method {
    function: Py<PyCFunction>,
    /// `types.MethodType`.
    bound: Py<PyType>,
}

impl Method {
    /// The function as a method; `bound` is `types.MethodType`.
    pub(super) fn new(function: Bound<'_, PyCFunction>, bound: &Bound<'_, PyType>) -> Self {
        Self { function: function.unbind(), bound: bound.clone().unbind() }
    }
}

#[pymethods]
impl Method {
    /// The function bound to the instance; the function itself where it is looked up on the class.
    fn __get__<'py>(
        &self,
        py: Python<'py>,
        instance: Option<&Bound<'py, PyAny>>,
        owner: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _ = owner;
        match instance {
            Some(instance) => self.bound.bind(py).call1((&self.function, instance)),
            None => Ok(self.function.bind(py).clone().into_any()),
        }
    }

    #[getter(__doc__)]
    fn doc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.function.bind(py).getattr("__doc__")
    }
}
