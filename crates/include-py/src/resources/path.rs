//! A path inside a bundle (`importlib.resources.abc.Traversable`, and what a `pathlib.Path` has
//! besides).
//!
//! For modules from files, `importlib.resources.files` returns a `pathlib.Path`, so this class
//! behaves like one: the path needn't exist, it can be compared and sorted with paths, and
//! `os.fspath` returns the virtual path. That path can be opened if [files are
//! served](crate::files). Otherwise it fails like `open(__file__)`, and
//! `importlib.resources.as_file` makes a temporary file.

use std::{borrow::Cow, sync::Arc};

use include_py_bundle::{Directory, File, Node};
use pyo3::{
    basic::CompareOp,
    exceptions::{PyAttributeError, PyOSError},
    intern,
    prelude::*,
    types::{PyBytes, PyDict, PyString, PyTuple},
};

use super::{
    IS_A_DIRECTORY, NOT_A_DIRECTORY, NOT_FOUND, glob,
    pathlib::{self, is_path},
    walk::Walk,
};
use crate::{
    files::{self, Opening},
    mount::{Compiled, Mount},
};

/// A path of the bundle, which needn't exist.
#[pyclass(frozen, module = "include_py", name = "BundlePath")]
#[derive(Clone, Debug)]
pub(crate) struct BundlePath {
    mount: Arc<Mount>,
    inner: String,
}

/// The entry at a path.
enum Entry<'a> {
    File(File<'a>),
    /// A module whose source isn't in the bundle.
    Compiled(Compiled<'a>),
    Directory(Directory<'a>),
}

impl BundlePath {
    pub(crate) fn new(mount: &Arc<Mount>, inner: &str) -> Self {
        Self { mount: Arc::clone(mount), inner: inner.to_owned() }
    }

    pub(crate) fn name(&self) -> &str {
        self.inner.rsplit_once('/').map_or(&self.inner, |(_, name)| name)
    }

    pub(crate) fn mount(&self) -> &Arc<Mount> {
        &self.mount
    }

    /// The virtual path.
    pub(crate) fn outer(&self) -> String {
        self.mount.outer(&self.inner)
    }

    /// The path inside the bundle.
    pub(crate) fn inner(&self) -> &str {
        &self.inner
    }

    /// The path below this one. `.` has no effect, and `..` goes up, at most to the bundle's root.
    pub(crate) fn child(&self, path: &str) -> Self {
        let mut inner = self.inner.clone();
        for component in path.split('/') {
            match component {
                "" | "." => {}
                ".." => inner.truncate(inner.rfind('/').unwrap_or(0)),
                name => {
                    if !inner.is_empty() {
                        inner.push('/');
                    }
                    inner.push_str(name);
                }
            }
        }
        Self { mount: Arc::clone(&self.mount), inner }
    }

    pub(crate) fn children(&self) -> PyResult<Vec<Self>> {
        let directory = match self.entry()? {
            Some(Entry::Directory(directory)) => directory,
            Some(_) => return Err(self.os_error(NOT_A_DIRECTORY, &"Not a directory")),
            None => return Err(self.missing()),
        };
        let mut paths = Vec::new();
        for child in directory.children() {
            paths.push(child.map_err(|error| self.os_error(NOT_FOUND, &error))?.path().to_owned());
        }
        let compiled = self.mount.sourceless_in(&self.inner)?;
        if !compiled.is_empty() {
            paths.extend(compiled);
            paths.sort_unstable();
            // A file can have the name of a compiled module.
            paths.dedup();
        }
        Ok(paths.into_iter().map(|inner| Self { mount: Arc::clone(&self.mount), inner }).collect())
    }

    /// A binary stream of the file, as `open` returns it if files are served.
    pub(crate) fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mode = intern!(py, "rb").as_any();
        let opening = Opening::new(Some(mode), [const { None }; 4])?;
        opening.open(py, self, &self.outer().into_pyobject(py)?.into_any())
    }

    /// The file's bytes.
    pub(crate) fn bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.data()?))
    }

    pub(crate) fn is_root(&self) -> bool {
        self.inner.is_empty()
    }

    /// The parent directory; the root is its own parent.
    pub(crate) fn above(&self) -> Self {
        self.child("..")
    }

    pub(crate) fn is_file(&self) -> PyResult<bool> {
        Ok(matches!(self.entry()?, Some(Entry::File(_) | Entry::Compiled(_))))
    }

    pub(crate) fn is_directory(&self) -> PyResult<bool> {
        Ok(matches!(self.entry()?, Some(Entry::Directory(_))))
    }

    /// The size in bytes, 0 for a directory; `None` if the path doesn't exist.
    pub(crate) fn size(&self) -> PyResult<Option<usize>> {
        Ok(self.entry()?.map(|entry| match entry {
            Entry::File(file) => file.size(),
            Entry::Compiled(file) => file.size(),
            Entry::Directory(_) => 0,
        }))
    }

    fn entry(&self) -> PyResult<Option<Entry<'_>>> {
        Ok(match self.mount.node(&self.inner)? {
            Some(Node::File(file)) => Some(Entry::File(file)),
            Some(Node::Directory(directory)) => Some(Entry::Directory(directory)),
            _ => self.mount.sourceless(&self.inner)?.map(Entry::Compiled),
        })
    }

    fn data(&self) -> PyResult<Cow<'_, [u8]>> {
        match self.entry()? {
            Some(Entry::File(file)) => {
                file.content().map_err(|error| self.os_error(NOT_FOUND, &error))
            }
            Some(Entry::Compiled(file)) => Ok(Cow::Owned(file.bytes())),
            Some(Entry::Directory(_)) => Err(self.os_error(IS_A_DIRECTORY, &"Is a directory")),
            None => Err(self.missing()),
        }
    }

    fn missing(&self) -> PyErr {
        let number = files::missing(self);
        let error = self.os_error(number, &files::message(number));
        Python::attach(|py| self.noted(py, error))
    }

    /// Adds to the error what to do if the path is that of a module's source, which the build has
    /// left out.
    pub(crate) fn noted(&self, py: Python<'_>, error: PyErr) -> PyErr {
        match self.left_out() {
            Ok(Some(note)) => {
                match error.value(py).call_method1(intern!(py, "add_note"), (note,)) {
                    Ok(_) => error,
                    Err(other) => other,
                }
            }
            Ok(None) => error,
            Err(other) => other,
        }
    }

    fn left_out(&self) -> PyResult<Option<String>> {
        let Some(stem) = self.inner.strip_suffix(".py") else { return Ok(None) };
        if self.mount.sourceless(&format!("{stem}.pyc"))?.is_none() {
            return Ok(None);
        }
        let (bundle, inner) = (self.mount.bundle().name(), &self.inner);
        let package = inner.rsplit_once('/').map_or(stem, |(package, _)| package);
        Ok(Some(format!(
            "bundle `{bundle}` has `{inner}` without its source; to keep it, call \
             `.options_for(\"{}\", Options::new().with_source())` in the build script",
            package.replace('/', ".")
        )))
    }

    fn os_error(&self, errno: i32, message: &dyn std::fmt::Display) -> PyErr {
        PyOSError::new_err((errno, message.to_string(), self.mount.outer(&self.inner)))
    }
}

impl PartialEq for BundlePath {
    fn eq(&self, other: &Self) -> bool {
        self.inner == other.inner && self.mount.root() == other.mount.root()
    }
}

impl std::hash::Hash for BundlePath {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.mount.root().hash(state);
        self.inner.hash(state);
    }
}

#[pymethods]
impl BundlePath {
    /// The last component.
    #[getter(name)]
    fn get_name(&self) -> &str {
        self.name()
    }

    /// The parent directory; the root is its own parent.
    #[getter]
    fn parent(&self) -> Self {
        self.above()
    }

    /// The parent directories up to the root.
    #[getter]
    fn parents<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let mut parents = Vec::new();
        let mut path = self.clone();
        while !path.is_root() {
            path = path.above();
            parents.push(path.clone());
        }
        PyTuple::new(py, parents)
    }

    /// Whether the path exists.
    #[pyo3(signature = (*, follow_symlinks=true))]
    fn exists(&self, follow_symlinks: bool) -> PyResult<bool> {
        let _ = follow_symlinks;
        Ok(self.entry()?.is_some())
    }

    #[pyo3(name = "is_file", signature = (*, follow_symlinks=true))]
    fn get_is_file(&self, follow_symlinks: bool) -> PyResult<bool> {
        let _ = follow_symlinks;
        self.is_file()
    }

    #[pyo3(signature = (*, follow_symlinks=true))]
    fn is_dir(&self, follow_symlinks: bool) -> PyResult<bool> {
        let _ = follow_symlinks;
        self.is_directory()
    }

    /// The `os.stat_result`, as if files were served.
    #[pyo3(signature = (*, follow_symlinks=true))]
    fn stat<'py>(&self, py: Python<'py>, follow_symlinks: bool) -> PyResult<Bound<'py, PyAny>> {
        let _ = follow_symlinks;
        files::state(py, self)?.ok_or_else(|| self.missing())
    }

    fn lstat<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.stat(py, false)
    }

    /// An iterator over the entries of a directory, sorted.
    fn iterdir<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.children()?.into_pyobject(py)?.try_iter()?.into_any())
    }

    /// An iterator over the entries below that match the pattern.
    #[pyo3(signature = (pattern, **options))]
    fn glob<'py>(
        &self,
        pattern: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        glob::glob(self, pattern, glob::From::Here, options)
    }

    /// The same at any depth.
    #[pyo3(signature = (pattern, **options))]
    fn rglob<'py>(
        &self,
        pattern: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        glob::glob(self, pattern, glob::From::AnyDepth, options)
    }

    /// An iterator over all directories, each with the names of its subdirectories and files.
    #[pyo3(signature = (top_down=true, on_error=None, follow_symlinks=false))]
    fn walk(
        &self,
        top_down: bool,
        on_error: Option<Bound<'_, PyAny>>,
        follow_symlinks: bool,
    ) -> PyResult<Walk> {
        let _ = follow_symlinks;
        if let (Some(on_error), false) = (on_error, self.is_directory()?) {
            let number = if self.is_file()? { NOT_A_DIRECTORY } else { NOT_FOUND };
            on_error
                .call1((self.os_error(number, &files::message(number)).value(on_error.py()),))?;
        }
        Ok(if top_down { Walk::from_top(self) } else { Walk::from_bottom(self)? })
    }

    /// A path below this one; each argument can have several components.
    #[pyo3(signature = (*descendants))]
    fn joinpath<'py>(
        &self,
        py: Python<'py>,
        descendants: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut path = Bound::new(py, self.clone())?.into_any();
        for descendant in descendants {
            path = path.div(descendant)?;
        }
        Ok(path)
    }

    fn __truediv__<'py>(&self, descendant: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = descendant.py();
        let text = if descendant.is_instance_of::<PyString>() || is_path(descendant)? {
            // `str()`, because importlib.metadata also joins `PackagePath`s.
            descendant.str()?
        } else {
            let fspath = py.import(intern!(py, "os"))?.getattr(intern!(py, "fspath"))?;
            match fspath.call1((descendant,)).map(Bound::cast_into::<PyString>) {
                Ok(Ok(text)) => text,
                _ => return Ok(py.NotImplemented().into_bound(py)),
            }
        };
        let text = text.to_str()?;
        if std::path::Path::new(text).is_absolute() {
            return pathlib::back(self, pathlib::path(py, text)?);
        }
        Ok(Bound::new(py, self.child(text))?.into_any())
    }

    /// Itself, since joining with an absolute path gives that path.
    fn __rtruediv__<'py>(slf: Bound<'py, Self>, above: &Bound<'py, PyAny>) -> Bound<'py, PyAny> {
        if above.is_instance_of::<PyString>() || is_path(above).unwrap_or(false) {
            slf.into_any()
        } else {
            above.py().NotImplemented().into_bound(above.py())
        }
    }

    /// Itself: a bundle has no links, and no path contains `..`.
    #[pyo3(signature = (strict=false))]
    fn resolve(&self, strict: bool) -> PyResult<Self> {
        if strict && self.entry()?.is_none() {
            return Err(self.missing());
        }
        Ok(self.clone())
    }

    fn absolute(&self) -> Self {
        self.clone()
    }

    fn expanduser(&self) -> Self {
        self.clone()
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn with_name<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        pathlib::made(self, "with_name", args, kwargs)
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn with_stem<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        pathlib::made(self, "with_stem", args, kwargs)
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn with_suffix<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        pathlib::made(self, "with_suffix", args, kwargs)
    }

    /// Whether the other is the same path.
    fn samefile(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = other.py();
        let os = py.import(intern!(py, "os"))?;
        let here = self.stat(py, true)?;
        // This works even if files aren't served.
        let inside = match os.call_method1(intern!(py, "fspath"), (other,))?.extract::<String>() {
            Ok(text) => self.mount.locate(&text).map(|inner| Self::new(&self.mount, &inner)),
            Err(_) => None,
        };
        let there = match inside {
            Some(path) => path.stat(py, true)?,
            None => os.call_method1(intern!(py, "stat"), (other,))?,
        };
        let path = py.import(intern!(py, "os.path"))?;
        path.call_method1(intern!(py, "samestat"), (here, there))?.extract()
    }

    /// The file's bytes.
    fn read_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.bytes(py)
    }

    /// The file's text with universal newlines; UTF-8 unless another encoding is given.
    #[pyo3(signature = (encoding=None, errors=None, newline=None))]
    fn read_text<'py>(
        &self,
        py: Python<'py>,
        encoding: Option<Bound<'py, PyAny>>,
        errors: Option<Bound<'py, PyAny>>,
        newline: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.open(py, None, None, encoding, errors, newline)?.call_method0(intern!(py, "read"))
    }

    /// A stream of the file, as `pathlib.Path.open` returns it; text is UTF-8 unless another
    /// encoding is given.
    #[pyo3(signature = (mode=None, buffering=None, encoding=None, errors=None, newline=None))]
    fn open<'py>(
        &self,
        py: Python<'py>,
        mode: Option<&Bound<'py, PyAny>>,
        buffering: Option<Bound<'py, PyAny>>,
        encoding: Option<Bound<'py, PyAny>>,
        errors: Option<Bound<'py, PyAny>>,
        newline: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = [buffering, encoding, errors, newline];
        let opening = Opening::new(mode, options)?.or_encoding(py, "utf-8")?;
        if let Some(number) = opening.refusal(self)? {
            return Err(self.os_error(number, &files::message(number)));
        }
        opening.open(py, self, &self.outer().into_pyobject(py)?.into_any())
    }

    fn __str__(&self) -> String {
        self.outer()
    }

    fn __fspath__(&self) -> String {
        self.outer()
    }

    fn __bytes__(&self) -> Cow<'_, [u8]> {
        self.outer().into_bytes().into()
    }

    fn __repr__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyString>> {
        let path = slf.str()?;
        PyString::from_fmt(slf.py(), format_args!("BundlePath({})", path.repr()?))
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        pathlib::of(py, self)?.hash()
    }

    fn __richcmp__<'py>(
        &self,
        other: &Bound<'py, PyAny>,
        order: CompareOp,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = other.py();
        let there = match other.cast::<Self>() {
            Ok(other) => pathlib::of(py, other.get())?,
            Err(_) if is_path(other)? => other.clone(),
            Err(_) => return Ok(py.NotImplemented().into_bound(py)),
        };
        pathlib::of(py, self)?.rich_compare(there, order)
    }

    /// All other attributes are those of a `pathlib.Path` with the same text.
    fn __getattr__<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        // From 3.14 on, `Path.relative_to(other)` uses `_tail` of `other`, since it accepts any
        // object with `with_segments` as a path.
        if name.to_str()?.starts_with('_') && name.to_str()? != "_tail" {
            let message = format!("'BundlePath' object has no attribute '{}'", name.to_str()?);
            return Err(PyAttributeError::new_err(message));
        }
        pathlib::of(name.py(), self)?.getattr(name)
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    /// Unpickles to the same path, or to a `pathlib.Path` if the bundle isn't installed there.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.import("include_py")?.getattr("path")?, (self.outer(),)))
    }
}
