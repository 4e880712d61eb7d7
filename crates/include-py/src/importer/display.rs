//! Exceptions printed with the `traceback` module, which finds the lines of bundled modules, and
//! otherwise as CPython's C code prints them.
//!
//! | in C only | up to |
//! |---|---|
//! | `Did you mean: 'dump'?` after each exception (`pythonrun.c: print_exception_suggestions`) | 3.11 |
//! | the line of a syntax error without tabs at its start (`pythonrun.c: print_error_text`) | 3.12 |
//!
//! The C code prints an exception with the same attributes, and these texts are taken from that.

use std::{
    sync::{Mutex, PoisonError},
    thread::{self, ThreadId},
};

use pyo3::{
    exceptions::{PyAttributeError, PyNameError, PySyntaxError},
    prelude::*,
    types::{IntoPyDict, PyCFunction, PyString},
};

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

/// Whether only C code computes suggestions; later versions of `traceback` do.
const SUGGESTED_IN_C: bool = cfg!(not(Py_3_12));

/// Prints an exception to a file. For versions up to 3.12.
pub(super) fn print_exception(
    value: &Bound<'_, PyAny>,
    trace: &Bound<'_, PyAny>,
    file: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let py = file.py();
    // As `pythonrun.c: PyErr_Display` does it: names are suggested from the traceback's frame.
    if value.getattr("__traceback__")?.is_none() && !trace.is_none() {
        value.setattr("__traceback__", trace)?;
    }
    // As `traceback.print_exception` does it.
    let options = [("compact", true)].into_py_dict(py)?;
    let arguments = (value.get_type(), value, trace);
    let traceback = py.import("traceback")?;
    let shown = traceback.call_method("TracebackException", arguments, Some(&options))?;
    complete(&shown, value)?;
    shown.call_method("print", (), Some(&[("file", file)].into_py_dict(py)?)).map(drop)
}

/// Adds the texts to an exception that `traceback` is going to print, to its causes and contexts,
/// and to the exceptions of groups.
fn complete(shown: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
    let mut pending = vec![(shown.clone(), value.clone())];
    while let Some((shown, value)) = pending.pop() {
        if let Some(lines) = syntax_error(&value)? {
            let lines =
                PyCFunction::new_closure(shown.py(), None, None, move |_, _| lines.clone())?;
            shown.setattr("_format_syntax_error", lines)?;
        }
        if let Some(suggestion) = suggestion(&value)? {
            let text = shown.getattr("_str")?.str()?;
            shown.setattr("_str", format!("{}{suggestion}", text.to_str()?))?;
        }
        for attribute in ["__cause__", "__context__"] {
            let inner = shown.getattr(attribute)?;
            if !inner.is_none() {
                pending.push((inner, value.getattr(attribute)?));
            }
        }
        let members = shown.getattr("exceptions")?;
        if !members.is_none() {
            for pair in members.try_iter()?.zip(value.getattr("exceptions")?.try_iter()?) {
                pending.push((pair.0?, pair.1?));
            }
        }
    }
    Ok(())
}

/// What the C code prints of a syntax error, without its traceback, chain and notes.
fn syntax_error(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<String>>> {
    let kind = value.get_type();
    // Also `IndentationError` and `TabError`. Other classes may need arguments.
    if !kind.is_subclass_of::<PySyntaxError>()? || kind.module()? != "builtins" {
        return Ok(None);
    }
    let bare = kind.call0()?;
    for name in ["filename", "lineno", "offset", "end_lineno", "end_offset", "text", "msg"] {
        bare.setattr(name, value.getattr(name)?)?;
    }
    Ok(Some(printed(&bare)?.split_inclusive('\n').map(str::to_owned).collect()))
}

/// `. Did you mean: 'dump'?`
///
/// The C code prints an exception with the attributes from which it computes the suggestion
/// (`suggestions.c: _Py_Offer_Suggestions`, 3.11), and without text, chain and notes.
fn suggestion(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = value.py();
    if !SUGGESTED_IN_C {
        return Ok(None);
    }
    let attribute = value.get_type().is(py.get_type::<PyAttributeError>());
    if !attribute && !value.get_type().is(py.get_type::<PyNameError>()) {
        return Ok(None);
    }
    let name = value.getattr("name")?;
    let mut facts = vec![("name", name)];
    if attribute {
        facts.push(("obj", value.getattr("obj")?));
    }
    let bare = value.get_type().call((), Some(&facts.into_py_dict(py)?))?;
    let trace = value.getattr("__traceback__")?;
    bare.setattr("__traceback__", if attribute { py.None().into_bound(py) } else { last(trace)? })?;
    let printed = printed(&bare)?;
    // Names of attributes and variables don't contain this text.
    let Some(start) = printed.rfind(". Did you mean: '") else { return Ok(None) };
    Ok(Some(printed[start..].trim_end_matches('\n').to_owned()))
}

/// The last part of a traceback: the names that a `NameError` suggests are those of its frame.
fn last(trace: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    let mut last = trace;
    while !last.is_none() {
        let next = last.getattr("tb_next")?;
        if next.is_none() {
            break;
        }
        last = next;
    }
    Ok(last)
}

/// What CPython's own hook prints. It isn't given the traceback, so a [`Printer`] in its place
/// calls it.
///
/// [`Printer`]: super::printers
fn printed(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = value.py();
    let sys = py.import("sys")?;
    let stderr = sys.getattr("stderr")?;
    let (thread, text) = (thread::current().id(), Mutex::default());
    let capture = Bound::new(py, Capture { thread, text, stderr: stderr.clone().unbind() })?;
    sys.setattr("stderr", &capture)?;
    let shown = sys.call_method1("__excepthook__", (value.get_type(), value, py.None()));
    sys.setattr("stderr", stderr)?;
    shown?;
    let text = capture.get().text.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(text)
}
