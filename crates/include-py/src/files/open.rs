//! `open` for a file of a bundle, and the `open` method of a path in one.
//!
//! As for files, `open(path, "rb")` returns an `io.BufferedReader` and `open(path)` an
//! `io.TextIOWrapper`. The raw stream is a [`BundleFile`].

use std::ffi::CStr;

use pyo3::{
    exceptions::{PyRuntimeWarning, PyTypeError, PyValueError},
    intern,
    prelude::*,
    types::PyDict,
};

use super::{Call, errno, missing, stream::BundleFile};
use crate::resources::BundlePath;

/// The arguments of `open`.
pub(crate) struct Opening<'py> {
    mode: String,
    /// `buffering`, `encoding`, `errors` and `newline`, if given.
    options: [Option<Bound<'py, PyAny>>; 4],
}

/// CPython's warning for `open(path, "rb", 1)`.
const LINE_BUFFERED_BYTES: &CStr = c"line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";

/// The names of the parameters from `buffering` on.
const OPTIONS: [&str; 4] = ["buffering", "encoding", "errors", "newline"];

pub(super) fn open<'py>(call: &Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    // A custom opener usually calls `os.open`, which is served.
    if call.argument(7, "opener")?.is_some_and(|opener| !opener.is_none()) {
        return call.pass_on();
    }
    let closefd = call.argument(6, "closefd")?;
    if !closefd.map_or(Ok(true), |closefd| closefd.is_truthy())? {
        return Err(PyValueError::new_err("Cannot use closefd=False with file name"));
    }
    let mut options = [const { None }; 4];
    for (position, (option, name)) in options.iter_mut().zip(OPTIONS).enumerate() {
        *option = call.argument(position + 2, name)?;
    }
    let opening = Opening::new(call.argument(1, "mode")?.as_ref(), options)?;
    if let Some(number) = opening.refusal(&call.target)? {
        return Err(call.target.noted(call.py, call.error(number)));
    }
    opening.open(call.py, &call.target, &call.plain()?)
}

impl<'py> Opening<'py> {
    /// Checks the arguments. `open` also checks them before the path (_iomodule.c: `_io_open_impl`,
    /// 3.13).
    pub(crate) fn new(
        mode: Option<&Bound<'py, PyAny>>,
        options: [Option<Bound<'py, PyAny>>; 4],
    ) -> PyResult<Self> {
        let mode: String = match mode {
            Some(mode) => mode.extract().map_err(|_| {
                let kind =
                    mode.get_type().name().map_or_else(|_| "?".into(), |name| name.to_string());
                PyTypeError::new_err(format!("open() argument 'mode' must be str, not {kind}"))
            })?,
            None => "r".to_owned(),
        };
        let value_error = |message: &str| Err(PyValueError::new_err(message.to_owned()));
        let twice = mode.chars().enumerate().any(|(place, flag)| mode[..place].contains(flag));
        if twice || !mode.chars().all(|flag| "rwaxbt+".contains(flag)) {
            return Err(PyValueError::new_err(format!("invalid mode: '{mode}'")));
        }
        let binary = mode.contains('b');
        if binary && mode.contains('t') {
            return value_error("can't have text and binary mode at once");
        }
        let kinds = mode.matches(['r', 'w', 'a', 'x']).count();
        if kinds > 1 {
            return value_error("must have exactly one of create/read/write/append mode");
        }
        if binary {
            for (option, what) in options[1..].iter().zip(["encoding", "errors", "newline"]) {
                if option.as_ref().is_some_and(|option| !option.is_none()) {
                    let article = if what == "newline" { "a" } else { "an" };
                    return value_error(&format!(
                        "binary mode doesn't take {article} {what} argument"
                    ));
                }
            }
        }
        let opening = Self { mode, options };
        if kinds == 0 {
            // CPython's `FileIO` raises this error.
            return value_error(
                "Must have exactly one of create/read/write/append mode and at most one plus",
            );
        }
        if !binary && opening.buffering()? == 0 {
            return value_error("can't have unbuffered text I/O");
        }
        if binary && opening.buffering()? == 1 {
            if let Some(buffering) = &opening.options[0] {
                let (py, text) = (buffering.py(), LINE_BUFFERED_BYTES);
                PyErr::warn(py, &py.get_type::<PyRuntimeWarning>(), text, 1)?;
            }
        }
        Ok(opening)
    }

    /// The same with this encoding, if text is requested without an encoding.
    pub(crate) fn or_encoding(mut self, py: Python<'py>, encoding: &str) -> PyResult<Self> {
        let named = self.options[1].as_ref().is_some_and(|encoding| !encoding.is_none());
        if !named && !self.mode.contains('b') {
            self.options[1] = Some(encoding.into_pyobject(py)?.into_any());
        }
        Ok(self)
    }

    /// The error number of a read-only file system for this request; `None` if it succeeds.
    pub(crate) fn refusal(&self, path: &BundlePath) -> PyResult<Option<i32>> {
        let reads = self.mode.contains('r') && !self.mode.contains('+');
        let creates = self.mode.contains(['w', 'a', 'x']);
        Ok(match path.size()? {
            Some(_) if self.mode.contains('x') => Some(errno::EXISTS),
            Some(_) if path.is_directory()? => Some(errno::IS_A_DIRECTORY),
            Some(_) if reads => None,
            None if !creates || !path.above().is_directory()? => Some(missing(path)),
            _ => Some(errno::READ_ONLY),
        })
    }

    /// The stream of a file that has no [`refusal`](Self::refusal).
    pub(crate) fn open(
        self,
        py: Python<'py>,
        path: &BundlePath,
        name: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // `_io` instead of `io`, which doesn't exist yet when zipimport searches an archive in the
        // bundle for it (3.14).
        let io = py.import(intern!(py, "_io"))?;
        let raw = Bound::new(py, BundleFile::new(path, path.bytes(py)?, name))?;
        let buffering = self.buffering()?;
        if buffering == 0 {
            let class = py.import(intern!(py, "io"))?.getattr(intern!(py, "RawIOBase"))?;
            class.call_method1(intern!(py, "register"), (raw.get_type(),))?;
            return Ok(raw.into_any());
        }
        let class = io.getattr(intern!(py, "BufferedReader"))?;
        let binary =
            if buffering > 1 { class.call1((raw, buffering))? } else { class.call1((raw,))? };
        if self.mode.contains('b') {
            return Ok(binary);
        }
        let arguments = PyDict::new(py);
        for (name, option) in OPTIONS.into_iter().zip(self.options).skip(1) {
            arguments.set_item(name, option)?;
        }
        arguments.set_item("line_buffering", buffering == 1)?;
        let text = io.getattr(intern!(py, "TextIOWrapper"))?.call((binary,), Some(&arguments))?;
        text.setattr(intern!(py, "mode"), self.mode)?;
        Ok(text)
    }

    fn buffering(&self) -> PyResult<isize> {
        self.options[0].as_ref().map_or(Ok(-1), PyAnyMethods::extract)
    }
}
