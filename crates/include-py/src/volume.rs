//! A bundle that isn't linked into the binary: from a file, or from bytes.
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

/// A bundle from outside the binary, verified.
///
/// Its SHA-256 and its whole structure are checked before anything is taken from it. That finds
/// damage; it doesn't tell who made the bundle, and bytecode is as powerful as machine code, so
/// open only bundles that you would run as programs.
///
/// The bytes live as long as something needs them: a `Volume`, or any of Python's objects that read
/// from the bundle (finders, loaders, resources). Dropping the `Volume` or
/// [uninstalling](Self::uninstall) it leaves nothing dangling.
#[derive(Clone, Debug)]
pub struct Volume {
    content: Arc<Content>,
    root: String,
    file_names: FileNames,
}

impl Volume {
    /// Takes a bundle that is in memory already. Its virtual root is the executable's path joined
    /// with the bundle's name, as it is for an [`App`](crate::App).
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

    /// Reads a bundle from a file into memory. Its virtual root is the file's path, as a zip file's
    /// path is for `zipimport`.
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

    /// Maps a bundle's file into memory: as [`read`](Self::read), but only what is used of it takes
    /// memory, and processes that map the same file share that.
    ///
    /// # Safety
    ///
    /// The file must not be changed or truncated as long as the bundle is in use: the bytecode has
    /// been verified once, and CPython trusts it. Replacing the file by renaming another one over
    /// it is fine.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub unsafe fn map(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let map = || -> io::Result<Mmap> {
            // SAFETY: nobody changes the file, as our caller promises.
            unsafe { Mmap::map(&File::open(path)?) }
        };
        Self::of_file(path, Content::mapped(map().map_err(|source| Error::file(path, source))?))
    }

    /// Moves the virtual root, below which `__file__` and `__path__` of the bundle's modules lie.
    ///
    /// It need not exist; if it does, the bundle is found in its stead.
    #[must_use]
    pub fn at(mut self, root: impl Into<String>) -> Self {
        self.root = root.into();
        self
    }

    /// Sets which file names code objects have.
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

    /// Takes the bundle out of the import system again, and says whether it was in.
    ///
    /// What was imported stays in `sys.modules` and keeps working.
    pub fn uninstall(&self, py: Python<'_>) -> PyResult<bool> {
        importer::uninstall(py, &self.content, &self.root)
    }

    /// The path hook alone, for programs that order `sys.path_hooks` and `sys.path` themselves: a
    /// callable that takes the virtual root and the directories below it, and returns finders.
    ///
    /// # Errors
    ///
    /// As for [`install`](Self::install).
    pub fn path_hook<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        importer::path_hook(py, &self.content, &self.root, self.file_names)
    }

    /// The bundle itself, to be read without Python.
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
