//! The raw stream of a bundled file; the counterpart of `io.FileIO`.
//!
//! It reads from memory until its descriptor is requested. From then on it reads through the
//! descriptor, so that both share one position.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::{
    buffer::PyBuffer,
    exceptions::{PyOSError, PyTypeError, PyValueError},
    intern,
    prelude::*,
    types::PyBytes,
};

use super::{descriptor, errno};
use crate::resources::BundlePath;

/// A bundled file that is open for reading.
#[pyclass(frozen, dict, weakref, module = "include_py", name = "BundleFile")]
pub(crate) struct BundleFile {
    path: BundlePath,
    /// The path as it was passed.
    name: Py<PyAny>,
    state: Mutex<State>,
}

enum State {
    Memory {
        data: Py<PyBytes>,
        position: usize,
    },
    /// An `io.FileIO` of the descriptor.
    Descriptor(Py<PyAny>),
    Closed,
}

/// How an open stream reads.
enum Reading<'py> {
    Memory(Bound<'py, PyBytes>, usize),
    Descriptor(Bound<'py, PyAny>),
}

impl BundleFile {
    pub(super) fn new(
        path: &BundlePath,
        data: Bound<'_, PyBytes>,
        name: &Bound<'_, PyAny>,
    ) -> Self {
        let state = Mutex::new(State::Memory { data: data.unbind(), position: 0 });
        Self { path: path.clone(), name: name.clone().unbind(), state }
    }

    /// The lock is never held while Python code can run, because that code may use this stream in
    /// this thread or another one.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reading<'py>(&self, py: Python<'py>) -> PyResult<Reading<'py>> {
        match &*self.state() {
            State::Memory { data, position } => {
                Ok(Reading::Memory(data.clone_ref(py).into_bound(py), *position))
            }
            State::Descriptor(file) => Ok(Reading::Descriptor(file.clone_ref(py).into_bound(py))),
            State::Closed => Err(closed()),
        }
    }

    fn check(&self) -> PyResult<()> {
        if self.closed() { Err(closed()) } else { Ok(()) }
    }

    /// Advances by at most this many bytes and returns them. `Err` is the stream to which the call
    /// must be passed.
    fn take<'py>(
        &self,
        py: Python<'py>,
        size: Option<usize>,
    ) -> PyResult<Result<Bound<'py, PyBytes>, Bound<'py, PyAny>>> {
        match &mut *self.state() {
            State::Memory { data, position } => {
                let data = data.bind(py);
                let length = data.as_bytes().len();
                let start = (*position).min(length);
                let end = size.map_or(length, |size| start.saturating_add(size).min(length));
                *position = (*position).max(end);
                if start == 0 && end == length {
                    return Ok(Ok(data.clone()));
                }
                Ok(Ok(PyBytes::new(py, &data.as_bytes()[start..end])))
            }
            State::Descriptor(file) => Ok(Err(file.bind(py).clone())),
            State::Closed => Err(closed()),
        }
    }
}

#[pymethods]
impl BundleFile {
    /// The path as it was passed.
    #[getter]
    fn name(&self, py: Python<'_>) -> Py<PyAny> {
        self.name.clone_ref(py)
    }

    /// Always `rb`.
    #[getter]
    #[expect(clippy::unused_self, reason = "a property of every stream")]
    fn mode(&self) -> &'static str {
        "rb"
    }

    #[getter]
    #[expect(clippy::unused_self, reason = "a property of every stream")]
    fn closefd(&self) -> bool {
        true
    }

    #[getter]
    fn closed(&self) -> bool {
        matches!(*self.state(), State::Closed)
    }

    fn readable(&self) -> PyResult<bool> {
        self.check().map(|()| true)
    }

    fn seekable(&self) -> PyResult<bool> {
        self.check().map(|()| true)
    }

    fn writable(&self) -> PyResult<bool> {
        self.check().map(|()| false)
    }

    fn isatty(&self) -> PyResult<bool> {
        self.check().map(|()| false)
    }

    /// Does nothing, except for raising an error on a closed stream.
    fn flush(&self) -> PyResult<()> {
        match self.check() {
            // `IOBase`'s message has a full stop.
            Err(_) => Err(PyValueError::new_err("I/O operation on closed file.")),
            Ok(()) => Ok(()),
        }
    }

    #[pyo3(signature = (size=-1, /))]
    fn read<'py>(&self, py: Python<'py>, size: Option<isize>) -> PyResult<Bound<'py, PyAny>> {
        let size = size.and_then(|size| usize::try_from(size).ok());
        match self.take(py, size)? {
            Ok(bytes) => Ok(bytes.into_any()),
            Err(file) => file.call_method1(intern!(py, "read"), (size,)),
        }
    }

    fn readall<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.read(py, None)
    }

    fn readinto<'py>(&self, buffer: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = buffer.py();
        let view = PyBuffer::<u8>::get(buffer)?;
        match self.take(py, Some(view.len_bytes()))? {
            Ok(bytes) => {
                let bytes = bytes.as_bytes();
                if view.readonly() || !view.is_c_contiguous() {
                    let message = "readinto() argument must be read-write bytes-like object";
                    return Err(PyTypeError::new_err(message));
                }
                // SAFETY: the buffer is contiguous, may be written, has room for at least as many
                // bytes as were taken, and is held by `view`. The bytes are immutable and thus not
                // in it.
                unsafe {
                    let target = view.buf_ptr().cast::<u8>();
                    std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len());
                }
                Ok(bytes.len().into_pyobject(py)?.into_any())
            }
            Err(file) => file.call_method1(intern!(py, "readinto"), (buffer,)),
        }
    }

    #[pyo3(signature = (size=-1, /))]
    fn readline<'py>(&self, py: Python<'py>, size: Option<isize>) -> PyResult<Bound<'py, PyAny>> {
        let (data, position) = match self.reading(py)? {
            Reading::Memory(data, position) => (data, position),
            Reading::Descriptor(file) => {
                return file.call_method1(intern!(py, "readline"), (size,));
            }
        };
        let rest = data.as_bytes().get(position..).unwrap_or_default();
        let line = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
        let size = size.and_then(|size| usize::try_from(size).ok());
        let length = size.map_or(line, |size| size.min(line));
        self.read(py, length.try_into().ok())
    }

    #[pyo3(signature = (hint=-1, /))]
    fn readlines<'py>(
        &self,
        py: Python<'py>,
        hint: Option<isize>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let most = hint.and_then(|hint| usize::try_from(hint).ok()).filter(|&most| most > 0);
        let (mut lines, mut size) = (Vec::new(), 0);
        while most.is_none_or(|most| size < most) {
            let line = self.readline(py, None)?;
            match line.len()? {
                0 => break,
                length => size += length,
            }
            lines.push(line);
        }
        Ok(lines)
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let line = self.readline(py, None)?;
        Ok(if line.is_empty()? { None } else { Some(line) })
    }

    #[pyo3(signature = (offset, whence=0, /))]
    fn seek<'py>(&self, py: Python<'py>, offset: i64, whence: i32) -> PyResult<Bound<'py, PyAny>> {
        let file = match &mut *self.state() {
            State::Memory { data, position } => {
                let from = match whence {
                    0 => Ok(0),
                    1 => i64::try_from(*position),
                    2 => i64::try_from(data.bind(py).as_bytes().len()),
                    _ => return Err(system_error(errno::INVALID)),
                };
                let to = from.ok().and_then(|from| from.checked_add(offset));
                let Some(to) = to.and_then(|to| usize::try_from(to).ok()) else {
                    return Err(system_error(errno::INVALID));
                };
                *position = to;
                return Ok(to.into_pyobject(py)?.into_any());
            }
            State::Descriptor(file) => file.bind(py).clone(),
            State::Closed => return Err(closed()),
        };
        file.call_method1(intern!(py, "seek"), (offset, whence))
    }

    fn tell<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.seek(py, 0, 1)
    }

    #[pyo3(signature = (size=None, /))]
    fn truncate(&self, py: Python<'_>, size: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let _ = size;
        self.check()?;
        Err(unsupported(py, "File not open for writing"))
    }

    fn write(&self, data: &Bound<'_, PyAny>) -> PyResult<()> {
        self.check()?;
        Err(unsupported(data.py(), "File not open for writing"))
    }

    /// A descriptor of a sealed copy; it is closed with the stream.
    fn fileno<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (data, position) = match self.reading(py)? {
            Reading::Memory(data, position) => (data, position),
            Reading::Descriptor(file) => return file.call_method0(intern!(py, "fileno")),
        };
        let number = descriptor::of_file(py, &self.path, data.as_bytes())?;
        let file = py.import(intern!(py, "_io"))?.getattr(intern!(py, "FileIO"))?;
        let file = file.call1((number, "rb"))?;
        file.call_method1(intern!(py, "seek"), (position,))?;
        file.setattr(intern!(py, "name"), &self.name)?;
        let file = match &mut *self.state() {
            // Another thread was faster and its descriptor may be in use. `FileIO` closes ours when
            // it is dropped.
            State::Descriptor(first) => first.clone_ref(py).into_bound(py),
            State::Closed => return Err(closed()),
            state @ State::Memory { .. } => {
                *state = State::Descriptor(file.clone().unbind());
                file
            }
        };
        file.call_method0(intern!(py, "fileno"))
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let before = std::mem::replace(&mut *self.state(), State::Closed);
        if let State::Descriptor(file) = before {
            file.bind(py).call_method0(intern!(py, "close"))?;
        }
        Ok(())
    }

    fn __enter__(slf: Py<Self>) -> PyResult<Py<Self>> {
        slf.get().flush()?;
        Ok(slf)
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyAny>) -> PyResult<()> {
        self.close(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        if self.closed() {
            return Ok("<include_py.BundleFile [closed]>".to_owned());
        }
        Ok(format!("<include_py.BundleFile name={} mode='rb'>", self.name.bind(py).repr()?))
    }
}

fn closed() -> PyErr {
    PyValueError::new_err("I/O operation on closed file")
}

fn system_error(number: i32) -> PyErr {
    PyOSError::new_err((number, errno::text(number)))
}

/// `io.UnsupportedOperation`.
fn unsupported(py: Python<'_>, message: &str) -> PyErr {
    match py.import("_io").and_then(|io| io.getattr("UnsupportedOperation")?.call1((message,))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}
