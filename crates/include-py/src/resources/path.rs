//! A path inside a bundle (`importlib.resources.abc.Traversable`, and what
//! `importlib.metadata.PathDistribution` asks of a path besides).
//!
//! Like a `pathlib.Path` it need not exist; unlike one it isn't `os.PathLike`, since nothing could
//! open it: `importlib.resources.as_file` makes a temporary file of it.

use std::{borrow::Cow, sync::Arc};

use include_py_bundle::Node;
use pyo3::{
    exceptions::{PyOSError, PyValueError},
    intern,
    prelude::*,
    types::{PyBytes, PyDict, PyString, PyTuple},
};

use super::{IS_A_DIRECTORY, NOT_A_DIRECTORY, NOT_FOUND};
use crate::mount::Mount;

/// A file or directory of the bundle, or a name where there could be one.
#[pyclass(frozen, eq, hash, module = "include_py", name = "BundlePath")]
#[derive(Clone, Debug)]
pub(crate) struct BundlePath {
    mount: Arc<Mount>,
    inner: String,
}

impl BundlePath {
    pub(crate) fn new(mount: &Arc<Mount>, inner: &str) -> Self {
        Self { mount: Arc::clone(mount), inner: inner.to_owned() }
    }

    pub(crate) fn name(&self) -> &str {
        self.inner.rsplit_once('/').map_or(&self.inner, |(_, name)| name)
    }

    pub(crate) fn mount(&self) -> &Mount {
        &self.mount
    }

    /// The path inside the bundle.
    pub(crate) fn inner(&self) -> &str {
        &self.inner
    }

    /// The path below this one; `.` stays and `..` climbs, as far as the bundle's root.
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
        match self.node()? {
            Some(Node::Directory(directory)) => directory
                .children()
                .map(|child| {
                    let child = child.map_err(|error| self.os_error(NOT_FOUND, &error))?;
                    Ok(Self::new(&self.mount, child.path()))
                })
                .collect(),
            Some(Node::File(_)) => Err(self.os_error(NOT_A_DIRECTORY, &"not a directory")),
            None => Err(self.missing()),
        }
    }

    /// An `io.BytesIO` of the file.
    pub(crate) fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let data = PyBytes::new(py, &self.data()?);
        py.import(intern!(py, "io"))?.call_method1(intern!(py, "BytesIO"), (data,))
    }

    /// The file's bytes.
    pub(crate) fn bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.data()?))
    }

    pub(crate) fn is_root(&self) -> bool {
        self.inner.is_empty()
    }

    /// The directory that holds it; the root is its own.
    pub(crate) fn above(&self) -> Self {
        self.child("..")
    }

    pub(crate) fn is_directory(&self) -> PyResult<bool> {
        Ok(matches!(self.node()?, Some(Node::Directory(_))))
    }

    /// In bytes, 0 for a directory; `None` if nothing is there.
    pub(crate) fn size(&self) -> PyResult<Option<usize>> {
        Ok(self.node()?.map(|node| match node {
            Node::File(file) => file.size(),
            Node::Directory(_) => 0,
        }))
    }

    fn node(&self) -> PyResult<Option<Node<'_>>> {
        self.mount.node(&self.inner)
    }

    fn data(&self) -> PyResult<Cow<'_, [u8]>> {
        match self.node()? {
            Some(Node::File(file)) => {
                file.content().map_err(|error| self.os_error(NOT_FOUND, &error))
            }
            Some(Node::Directory(_)) => Err(self.os_error(IS_A_DIRECTORY, &"is a directory")),
            None => Err(self.missing()),
        }
    }

    fn missing(&self) -> PyErr {
        self.os_error(NOT_FOUND, &"no such file or directory in the bundle")
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

    /// The last component without its last suffix.
    #[getter]
    fn stem(&self) -> &str {
        let name = self.name();
        name.rfind('.').filter(|&dot| dot > 0).map_or(name, |dot| &name[..dot])
    }

    /// The last suffix with its dot, or the empty string.
    #[getter]
    fn suffix(&self) -> &str {
        let name = self.name();
        name.rfind('.').filter(|&dot| dot > 0).map_or("", |dot| &name[dot..])
    }

    /// All suffixes of the last component.
    #[getter]
    fn suffixes(&self) -> Vec<&str> {
        let name = self.name().trim_start_matches('.');
        name.match_indices('.')
            .map(|(start, _)| {
                let rest = &name[start + 1..];
                &name[start..=start + rest.find('.').unwrap_or(rest.len())]
            })
            .collect()
    }

    /// The directory that holds it; the root is its own parent.
    #[getter]
    fn parent(&self) -> Self {
        self.above()
    }

    /// Whether there is a file or directory.
    fn exists(&self) -> PyResult<bool> {
        Ok(self.node()?.is_some())
    }

    /// Whether it is a file.
    pub(crate) fn is_file(&self) -> PyResult<bool> {
        Ok(matches!(self.node()?, Some(Node::File(_))))
    }

    /// Whether it is a directory.
    fn is_dir(&self) -> PyResult<bool> {
        self.is_directory()
    }

    /// An iterator over what a directory holds, sorted.
    fn iterdir<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.children()?.into_pyobject(py)?.try_iter()?.into_any())
    }

    /// The path below this one; each argument may have several components.
    #[pyo3(signature = (*descendants))]
    fn joinpath(&self, descendants: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let mut path = self.clone();
        for descendant in descendants {
            path = path.__truediv__(&descendant)?;
        }
        Ok(path)
    }

    fn __truediv__(&self, descendant: &Bound<'_, PyAny>) -> PyResult<Self> {
        // `str()`: importlib.metadata joins `PackagePath`s as well.
        Ok(self.child(descendant.str()?.to_str()?))
    }

    /// Itself: there are no links in a bundle, and no path has `..` in it.
    #[pyo3(signature = (strict=false))]
    fn resolve(&self, strict: bool) -> PyResult<Self> {
        if strict && self.node()?.is_none() {
            return Err(self.missing());
        }
        Ok(self.clone())
    }

    /// The way from a directory of the same bundle to here, as a `pathlib.PurePosixPath`.
    #[pyo3(signature = (other, **kwargs))]
    fn relative_to<'py>(
        &self,
        py: Python<'py>,
        other: &Bound<'py, PyAny>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let path = py.import(intern!(py, "pathlib"))?.getattr(intern!(py, "PurePosixPath"))?;
        let start = match other.cast::<Self>() {
            Ok(other) if other.get().mount.root() == self.mount.root() => {
                format!("/{}", other.get().inner)
            }
            _ => {
                let (this, other) = (self.mount.outer(&self.inner), other.str()?);
                return Err(PyValueError::new_err(format!(
                    "{this:?} isn't in the same bundle as {:?}",
                    other.to_str()?
                )));
            }
        };
        let here = path.call1((format!("/{}", self.inner),))?;
        here.call_method("relative_to", (start,), kwargs)
    }

    /// The file's bytes.
    fn read_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.data()?))
    }

    /// The file's text, UTF-8 unless another encoding is named, with universal newlines.
    #[pyo3(signature = (encoding=None, errors=None))]
    fn read_text<'py>(
        &self,
        py: Python<'py>,
        encoding: Option<&str>,
        errors: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let kwargs = PyDict::new(py);
        kwargs.set_item("encoding", encoding)?;
        kwargs.set_item("errors", errors)?;
        self.open(py, "r", &PyTuple::empty(py), Some(&kwargs))?.call_method0(intern!(py, "read"))
    }

    /// A stream of the file: text for mode `r`, bytes for `rb`; other arguments go to
    /// `io.TextIOWrapper`.
    #[pyo3(signature = (mode="r", *args, **kwargs))]
    fn open<'py>(
        &self,
        py: Python<'py>,
        mode: &str,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match mode {
            "rb" | "br" => self.stream(py),
            "r" | "rt" | "tr" => {
                let arguments = PyDict::new(py);
                if let Some(kwargs) = kwargs {
                    arguments.update(kwargs.as_mapping())?;
                }
                let unnamed = args.is_empty()
                    && arguments.get_item("encoding")?.is_none_or(|encoding| encoding.is_none());
                if unnamed {
                    arguments.set_item("encoding", "utf-8")?;
                }
                let mut positional = vec![self.stream(py)?];
                positional.extend(args.iter());
                py.import(intern!(py, "io"))?
                    .getattr(intern!(py, "TextIOWrapper"))?
                    .call(PyTuple::new(py, positional)?, Some(&arguments))
            }
            _ => Err(PyValueError::new_err(format!(
                "invalid mode {mode:?}: files of a bundle can only be read, with `r` or `rb`"
            ))),
        }
    }

    fn __str__(&self) -> String {
        self.mount.outer(&self.inner)
    }

    fn __repr__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyString>> {
        let path = slf.str()?;
        PyString::from_fmt(slf.py(), format_args!("BundlePath({})", path.repr()?))
    }
}
