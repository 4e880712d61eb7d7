//! A bundle that isn't linked into the binary: from a file or from memory.
//!
//! ```no_run
//! # fn plugins(py: pyo3::Python<'_>) -> pyo3::PyResult<()> {
//! let plugins = include_py::Volume::read("plugins.bundle")?;
//! plugins.install(py)?;
//! py.import("some_plugin")?;
//! plugins.uninstall(py)?;
//! # Ok(())
//! # }
//! ```

use std::{
    fs::{self, File},
    io,
    path::{self, Path},
    sync::Arc,
};

use include_py_bundle::Bundle;
use memmap2::Mmap;
use pyo3::prelude::*;

use crate::{
    Error,
    content::Content,
    importer,
    mount::{self, FileNames},
};

/// A verified bundle from outside the binary.
///
/// Its SHA-256 and its whole structure are checked before anything is read from it. This detects
/// damage, but doesn't show who made the bundle. Bytecode is as powerful as machine code, so open
/// only bundles that you would run as programs.
///
/// The bytes live as long as they are needed: by a `Volume`, or by Python objects that read from
/// the bundle (finders, loaders, resources). Dropping or [uninstalling](Self::uninstall) a `Volume`
/// is always safe.
#[derive(Clone, Debug)]
pub struct Volume {
    content: Arc<Content>,
    root: String,
    file_names: FileNames,
}

impl Volume {
    /// Uses a bundle that is already in memory. Its virtual root is the executable's path joined
    /// with the bundle's name, as for an [`App`](crate::App).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Damaged`](crate::ErrorKind::Damaged) if these aren't the bytes of a bundle.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let bytes = bytes.into();
        let name = Bundle::open(&bytes).map_or("(bytes)", |bundle| bundle.name()).to_owned();
        let content = Content::owned(bytes).map_err(|source| Error::damaged(&name, source))?;
        let root = mount::root(content.bundle().name());
        Ok(Self { content: Arc::new(content), root, file_names: FileNames::default() })
    }

    /// Reads a bundle from a file into memory. Its virtual root is the file's path, like a zip
    /// file's for `zipimport`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) if the file can't be read,
    /// [`Damaged`](crate::ErrorKind::Damaged) if it isn't an intact bundle.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| Error::file(path, source))?;
        Self::of_file(path, Content::owned(bytes))
    }

    /// Maps a bundle's file into memory. Unlike with [`read`](Self::read), only the used parts take
    /// memory, and processes that map the same file share it.
    ///
    /// # Safety
    ///
    /// The file must not be changed or truncated while the bundle is in use: the bytecode is
    /// verified only once, and CPython trusts it. Replacing the file by renaming another one is
    /// fine.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub unsafe fn map(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let map = || -> io::Result<Mmap> {
            // SAFETY: the caller guarantees that the file isn't changed.
            unsafe { Mmap::map(&File::open(path)?) }
        };
        Self::of_file(path, Content::mapped(map().map_err(|source| Error::file(path, source))?))
    }

    /// Sets the virtual root, which is the parent of `__file__` and `__path__` of the bundle's
    /// modules.
    ///
    /// It needn't exist. If it does, the bundle takes precedence.
    #[must_use]
    pub fn at(mut self, root: impl Into<String>) -> Self {
        self.root = root.into();
        self
    }

    /// Sets the file names in code objects.
    #[must_use]
    pub fn file_names(mut self, names: FileNames) -> Self {
        self.file_names = names;
        self
    }

    /// Makes the bundle's modules importable, as [`App::install`](crate::App::install) does.
    ///
    /// # Errors
    ///
    /// `ImportError` if the bundle was made for another version of Python, or another bundle has
    /// the same root.
    pub fn install(&self, py: Python<'_>) -> PyResult<()> {
        importer::install(py, &self.content, &self.root, self.file_names).map(drop)
    }

    /// Removes the bundle from the import system. Returns whether it was installed.
    ///
    /// Imported modules stay in `sys.modules` and keep working.
    pub fn uninstall(&self, py: Python<'_>) -> PyResult<bool> {
        importer::uninstall(py, &self.content, &self.root)
    }

    /// The path hook alone, for programs that manage `sys.path_hooks` and `sys.path` themselves: a
    /// callable that accepts the virtual root and the directories below it, and returns finders.
    ///
    /// # Errors
    ///
    /// As for [`install`](Self::install).
    pub fn path_hook<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        importer::path_hook(py, &self.content, &self.root, self.file_names)
    }

    /// The bundle, which can be read without Python.
    #[must_use]
    pub fn bundle(&self) -> Bundle<'_> {
        self.content.bundle()
    }

    /// The virtual root.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    fn of_file(
        path: &Path,
        content: Result<Content, include_py_bundle::Error>,
    ) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let content = content.map_err(|source| Error::damaged(&shown, source))?;
        let root = path::absolute(path).map_err(|source| Error::file(path, source))?;
        let root = root.to_string_lossy().into_owned();
        Ok(Self { content: Arc::new(content), root, file_names: FileNames::default() })
    }
}
