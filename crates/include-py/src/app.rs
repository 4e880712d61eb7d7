//! A bundle that was linked into the binary.
//!
//! `include_py!(APP = "app")` makes one; `APP.install(py)` makes its modules importable.

use std::sync::Arc;

use include_py_bundle::Bundle;
use pyo3::prelude::*;

use crate::{
    Error,
    content::Content,
    importer,
    linked::Linked,
    mount::{self, FileNames},
};

/// A bundle in the binary's read-only memory, declared by [`include_py!`](crate::include_py).
#[derive(Debug)]
pub struct App {
    generated: Generated,
}

/// What `include-py-build` writes into `$OUT_DIR/<name>.rs`.
#[derive(Debug)]
pub struct Generated {
    /// The version of `include-py-build` that wrote the bundle.
    pub version: &'static str,
    /// The bundle's name, as given to `Bundle::new`.
    pub name: &'static str,
    /// The bundle.
    pub bundle: &'static [u8],
    /// The prefix of the interpreter's installation; for bundles without the standard library.
    pub home: Option<&'static str>,
    /// The directory of the standard library's extension modules; for bundles with the rest of the
    /// standard library.
    pub extension_dir: Option<&'static str>,
    /// The source trees from which a debug build imports.
    pub develop: Option<&'static Develop>,
    /// The extension modules that are linked with the bundle.
    pub extensions: &'static [Linked],
    /// A symbol that the program has if its build script has told the linker about libpython. The
    /// linker rejects other programs, and the dynamic linker rejects shared libraries.
    pub in_program: Option<&'static u8>,
}

/// The source trees that a bundle was built from.
#[derive(Debug)]
pub struct Develop {
    /// The import name, empty for a directory of packages, and the path.
    pub trees: &'static [(&'static str, &'static str)],
    /// The top-level names that came from them.
    pub names: &'static [&'static str],
}

/// Creates an [`App`] at compile time.
///
/// # Panics
///
/// At compile time, if another version of `include-py-build` has generated the code.
#[must_use]
pub const fn app(generated: Generated) -> App {
    assert!(
        equal(generated.version, env!("CARGO_PKG_VERSION")),
        "`include-py` and `include-py-build` must have the same version: make them equal in \
         Cargo.toml"
    );
    App { generated }
}

impl App {
    /// Makes the bundle's modules importable in the running interpreter.
    ///
    /// Installs a finder on `sys.meta_path` (before the one for files), a path hook, and the
    /// virtual root on `sys.path`. Installing the same bundle again changes nothing.
    ///
    /// # Errors
    ///
    /// `ImportError` if the bundle is damaged, was made for another version of Python, or another
    /// bundle of that name is installed.
    pub fn install(&self, py: Python<'_>) -> PyResult<()> {
        self.mount(py, FileNames::default())?;
        #[cfg(unix)]
        crate::process::installed(py)?;
        Ok(())
    }

    /// Lets code that uses file paths read the bundle's files: installs the bundle if necessary,
    /// and replaces `open` and the functions of `os` that take paths.
    ///
    /// `open(os.path.join(os.path.dirname(__file__), "data.json"))` then works for bundled code,
    /// and so do `os.path`, `pathlib`, `glob`, `os.walk` and `shutil` below the virtual root. The
    /// guide's page about files lists the limits. Without this call, such code gets
    /// `NotADirectoryError`, as it does in a zip file.
    ///
    /// # Errors
    ///
    /// As for [`install`](Self::install).
    pub fn serve_files(&self, py: Python<'_>) -> PyResult<()> {
        self.mount(py, FileNames::default())?.get().serve_files(py)
    }

    /// The bundle's name, as given to `Bundle::new` in the build script.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.generated.name
    }

    /// The bundle itself, which can be read without Python.
    pub fn bundle(&self) -> Result<Bundle<'static>, Error> {
        Bundle::open(self.generated.bundle).map_err(|source| Error::damaged(self.name(), source))
    }

    /// Installs the bundle at its virtual root.
    pub(crate) fn mount<'py>(
        &self,
        py: Python<'py>,
        file_names: FileNames,
    ) -> PyResult<Bound<'py, importer::Finder>> {
        // Otherwise link-time optimisation could remove the reference.
        std::hint::black_box(self.generated.in_program);
        let content = Content::linked(self.generated.bundle)
            .map_err(|source| Error::damaged(self.name(), source))?;
        let finder =
            importer::install(py, &Arc::new(content), &mount::root(self.name()), file_names)?;
        importer::offer(py, self.generated.extensions)?;
        if let Some(develop) = self.generated.develop {
            importer::develop(py, develop, self.name(), &finder)?;
        }
        Ok(finder)
    }

    #[cfg(unix)]
    pub(crate) fn linked(&self) -> &'static [Linked] {
        self.generated.extensions
    }

    #[cfg(unix)]
    pub(crate) fn home(&self) -> Option<&'static str> {
        self.generated.home
    }

    #[cfg(unix)]
    pub(crate) fn extension_dir(&self) -> Option<&'static str> {
        self.generated.extension_dir
    }
}

/// `a == b` for strings in constants, where `==` isn't available.
const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
