//! Tracebacks with source lines in hooks that CPython implements in C, which only reads files.
//!
//! | hook | printed by C code | output |
//! |---|---|---|
//! | `sys.excepthook` | up to 3.12 | `Traceback (most recent call last):` … |
//! | `threading.excepthook` | up to 3.12 | `Exception in thread Thread-1:` … |
//! | `sys.unraisablehook` | always | `Exception ignored in: <function D.__del__ at 0x…>` … |
//!
//! A [`Printer`] replaces each hook, and the copy that Python keeps of it. It prints with the
//! `traceback` module if a frame belongs to a module of a bundle, also one of a cause or of a
//! member of a group; otherwise it calls the original.

use std::collections::HashSet;

use pyo3::{
    exceptions::{PyBaseExceptionGroup, PySystemExit},
    intern,
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};

use super::{display, lines};

/// One of the hooks.
#[pyclass(frozen, module = "include_py", name = "BundlePrinter")]
#[derive(Debug)]
struct Printer {
    original: Py<PyAny>,
    hook: HookKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HookKind {
    Uncaught,
    Thread,
    Unraisable,
}

/// Whether CPython prints uncaught exceptions with C code, both of the main thread and of others.
const UNCAUGHT_IN_C: bool = cfg!(not(Py_3_13));

/// Replaces the hooks that this version of Python implements in C, once.
pub(super) fn install(py: Python<'_>) -> PyResult<()> {
    let sys = py.import("sys")?;
    replace(&sys, "unraisablehook", "__unraisablehook__", HookKind::Unraisable)?;
    if UNCAUGHT_IN_C {
        replace(&sys, "excepthook", "__excepthook__", HookKind::Uncaught)?;
        // `threading` takes its hook from there when it is imported.
        replace(&py.import("_thread")?, "_excepthook", "_excepthook", HookKind::Thread)?;
        let modules = sys.getattr("modules")?.cast_into::<PyDict>()?;
        if let Some(threading) = modules.get_item("threading")? {
            replace(threading.cast()?, "excepthook", "__excepthook__", HookKind::Thread)?;
        }
    }
    Ok(())
}

/// Replaces a hook's default, and the hook if it is the default.
fn replace(
    module: &Bound<'_, PyModule>,
    name: &str,
    default: &str,
    hook: HookKind,
) -> PyResult<()> {
    let original = module.getattr(default)?;
    if original.is_instance_of::<Printer>() {
        return Ok(());
    }
    let in_use = module.getattr(name)?.is(&original);
    let printer = Printer { original: original.unbind(), hook };
    let printer = Bound::new(module.py(), printer)?;
    module.setattr(default, &printer)?;
    if in_use {
        module.setattr(name, printer)?;
    }
    Ok(())
}

#[pymethods]
impl Printer {
    #[pyo3(signature = (*args))]
    fn __call__(&self, args: &Bound<'_, PyTuple>) -> PyResult<()> {
        // The modules can be gone while Python shuts down.
        let printed = match self.hook {
            HookKind::Uncaught => uncaught(args),
            HookKind::Thread => thread(args),
            HookKind::Unraisable => unraisable(args, self.original.bind(args.py())),
        };
        if !printed.unwrap_or(false) {
            self.original.bind(args.py()).call1(args)?;
        }
        Ok(())
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.original.bind(py).getattr(name)
    }
}

/// `excepthook(type, value, traceback)`.
fn uncaught(args: &Bound<'_, PyTuple>) -> PyResult<bool> {
    let py = args.py();
    let file = stderr(py)?;
    if args.len() != 3 || file.is_none() {
        return Ok(false);
    }
    let (value, trace) = (args.get_item(1)?, args.get_item(2)?);
    if !chain_mentions_bundle(&value, &trace)? {
        return Ok(false);
    }
    display::print_exception(&value, &trace, &file)?;
    Ok(true)
}

/// `excepthook(args)`, with the attributes `exc_type`, `exc_value`, `exc_traceback`, `thread`.
fn thread(args: &Bound<'_, PyTuple>) -> PyResult<bool> {
    let py = args.py();
    let report = args.get_item(0)?;
    let (kind, value) = (report.getattr("exc_type")?, report.getattr("exc_value")?);
    let trace = report.getattr("exc_traceback")?;
    let (file, thread) = (stderr(py)?, report.getattr("thread")?);
    let exits = kind.is(py.get_type::<PySystemExit>());
    if exits || file.is_none() || thread.is_none() || !chain_mentions_bundle(&value, &trace)? {
        return Ok(false);
    }
    let name = thread.getattr("name")?.str()?;
    let header = format!("Exception in thread {}:\n", name.to_str()?);
    file.call_method1(intern!(py, "write"), (header,))?;
    display::print_exception(&value, &trace, &file)?;
    file.call_method0(intern!(py, "flush"))?;
    Ok(true)
}

/// `unraisablehook(args)`: prints as `errors.c: write_unraisable_exc_file`, 3.11 to 3.15. The
/// original is called for the last line, with an exception that has no traceback and no object.
fn unraisable(args: &Bound<'_, PyTuple>, original: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = args.py();
    let report = args.get_item(0)?;
    let (trace, file) = (report.getattr("exc_traceback")?, stderr(py)?);
    if file.is_none() || !mentions_bundle(&trace)? {
        return Ok(false);
    }
    let (object, message) = (report.getattr("object")?, report.getattr("err_msg")?);
    let message = (!message.is_none()).then_some(message);
    let last = (report.getattr("exc_type")?, report.getattr("exc_value")?);
    let last = report.get_type().call1(((&last.0, &last.1, py.None(), py.None(), py.None()),))?;
    let header = match (object.is_none(), message) {
        (true, None) => String::new(),
        (true, Some(message)) => format!("{}:\n", message.str()?.to_str()?),
        (false, message) => {
            let message = message.map(|message| message.str()).transpose()?;
            let message =
                message.as_ref().map_or(Ok("Exception ignored in"), |one| one.to_str())?;
            let object = object.repr().and_then(|object| Ok(object.to_str()?.to_owned()));
            let object = object.unwrap_or_else(|_| "<object repr() failed>".to_owned());
            format!("{message}: {object}\n")
        }
    };
    let traceback = py.import("traceback")?;
    let text = traceback.call_method1("format_tb", (&trace,))?;
    let text = PyString::new(py, "").call_method1("join", (text,))?;
    let write = intern!(py, "write");
    file.call_method1(write, (header,))?;
    file.call_method1(write, ("Traceback (most recent call last):\n",))?;
    file.call_method1(write, (text,))?;
    original.call1((last,))?;
    Ok(true)
}

fn stderr(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    py.import(intern!(py, "sys"))?.getattr(intern!(py, "stderr"))
}

/// Whether a traceback, or that of one of the exceptions that are printed with it, has a frame that
/// belongs to a module of a bundle.
///
/// `trace` is that of `value`; [`display`] has exceptions printed without one.
fn chain_mentions_bundle(value: &Bound<'_, PyAny>, trace: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = value.py();
    let mut seen = HashSet::new();
    let mut pending = vec![(value.clone(), trace.clone())];
    while let Some((value, trace)) = pending.pop() {
        if !seen.insert(value.as_ptr()) {
            continue;
        }
        if mentions_bundle(&trace)? {
            return Ok(true);
        }
        let inner = [intern!(py, "__cause__"), intern!(py, "__context__")];
        let mut further =
            inner.map(|name| value.getattr(name)).into_iter().collect::<PyResult<Vec<_>>>()?;
        if value.is_instance(&py.get_type::<PyBaseExceptionGroup>())? {
            further.extend(value.getattr("exceptions")?.extract::<Vec<_>>()?);
        }
        for value in further.into_iter().filter(|value| !value.is_none()) {
            let trace = value.getattr("__traceback__")?;
            pending.push((value, trace));
        }
    }
    Ok(false)
}

/// Whether a traceback has a frame that belongs to a module of a bundle.
fn mentions_bundle(trace: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = trace.py();
    let mut next = trace.clone();
    while !next.is_none() {
        let frame = next.getattr(intern!(py, "tb_frame"))?;
        let code = frame.getattr(intern!(py, "f_code"))?;
        let name = code.getattr(intern!(py, "co_filename"))?;
        if lines::text(name.cast()?)?.is_some() || is_bundled(&frame)? {
            return Ok(true);
        }
        next = next.getattr(intern!(py, "tb_next"))?;
    }
    Ok(false)
}

/// Whether a frame's module has one of our loaders, which `traceback` asks for source lines even
/// if the file name in its code isn't a path.
fn is_bundled(frame: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = frame.py();
    let globals = frame.getattr(intern!(py, "f_globals"))?.cast_into::<PyDict>()?;
    let Some(loader) = globals.get_item(intern!(py, "__loader__"))? else { return Ok(false) };
    let module = loader.get_type().getattr(intern!(py, "__module__"))?;
    module.eq(intern!(py, "include_py"))
}
