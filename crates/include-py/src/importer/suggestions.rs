//! `Did you mean: 'dump'?` in tracebacks that the `traceback` module prints, up to 3.11.
//!
//! There, only C code computes suggestions (`pythonrun.c: print_exception_suggestions`) and prints
//! them after the exception. So the C code prints once more, and its last line is taken.

use std::{
    sync::{Mutex, PoisonError},
    thread::{self, ThreadId},
};

use pyo3::{
    exceptions::{PyAttributeError, PyNameError},
    prelude::*,
    types::{PyString, PyTuple},
};

use super::printers::SUGGESTED_IN_C;

/// A `sys.stderr` that keeps what one thread writes, and passes on what other threads write.
#[pyclass(frozen, module = "include_py", name = "BundleCapture")]
#[derive(Debug)]
struct Capture {
    thread: ThreadId,
    text: Mutex<String>,
    stderr: Py<PyAny>,
}

#[pymethods]
impl Capture {
    fn write<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        if self.thread != thread::current().id() {
            return self.stderr.bind(text.py()).call_method1("write", (text,));
        }
        let added = text.to_str()?;
        self.text.lock().unwrap_or_else(PoisonError::into_inner).push_str(added);
        Ok(text.len()?.into_pyobject(text.py())?.into_any())
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.stderr.bind(py).getattr(name)
    }
}

/// The text of an exception if it has a suggestion. `hook` prints it with C code when it is called
/// with `args`.
pub(crate) fn text(
    value: &Bound<'_, PyAny>,
    trace: &Bound<'_, PyAny>,
    hook: &Bound<'_, PyAny>,
    args: &Bound<'_, PyTuple>,
) -> PyResult<Option<String>> {
    let py = hook.py();
    if !SUGGESTED_IN_C {
        return Ok(None);
    }
    if !value.is_instance_of::<PyAttributeError>() && !value.is_instance_of::<PyNameError>() {
        return Ok(None);
    }
    let lines = (value.get_type(), value, trace);
    let lines = py.import("traceback")?.call_method1("format_exception", lines)?;
    let lines: Vec<String> = lines.extract()?;
    let sys = py.import("sys")?;
    let stderr = sys.getattr("stderr")?;
    let (thread, text) = (thread::current().id(), Mutex::default());
    let capture = Bound::new(py, Capture { thread, text, stderr: stderr.clone().unbind() })?;
    sys.setattr("stderr", &capture)?;
    let shown = hook.call1(args);
    sys.setattr("stderr", stderr)?;
    shown?;
    let shown = capture.get().text.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (Some((last, before)), Some(printed)) = (lines.split_last(), shown.lines().last()) else {
        return Ok(None);
    };
    let rest = printed.strip_prefix(last.trim_end_matches('\n'));
    let suggests = rest.is_some_and(|rest| rest.starts_with(". Did you mean: "));
    Ok(suggests.then(|| format!("{}{printed}\n", before.concat())))
}
