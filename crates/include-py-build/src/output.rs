//! The result of a build.
//!
//! `812 modules, 3 compiled, 809 reused, 14 files, 11482960 bytes`

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::SystemLibrary;
use crate::cargo::Watched;
use crate::report::Time;

/// The result of a build, with statistics.
///
/// ```no_run
/// # use include_py_build::Bundle;
/// let output = Bundle::new("app").source("python").try_compile()?;
/// println!("cargo::warning={output}");
/// # Ok::<(), include_py_build::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Output {
    pub(crate) counts: Counts,
    pub(crate) bytes: usize,
    pub(crate) bundle: PathBuf,
    pub(crate) rust: PathBuf,
    pub(crate) keys: PathBuf,
    pub(crate) warnings: Vec<String>,
    pub(crate) watched: Vec<Watched>,
    /// Directories in which the linker finds what the expression names.
    pub(crate) library_dirs: Vec<PathBuf>,
    pub(crate) time: Time,
    /// Lines for Cargo that link libpython into the program.
    pub(crate) link: Vec<String>,
    pub(crate) system_libraries: Vec<SystemLibrary>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) modules: usize,
    pub(crate) compiled: usize,
    pub(crate) reused: usize,
    pub(crate) files: usize,
}

/// ```no_run
/// # use include_py_build::{Bundle, Environment};
/// let output = Bundle::new("app").source("python").build(&Environment::new("out"))?;
/// assert!(output.compiled() + output.reused() <= output.modules());
/// assert_eq!(output.bundle(), std::path::Path::new("out/app.bundle"));
/// assert_eq!(output.rust(), std::path::Path::new("out/app.rs"));
/// assert_eq!(output.keys(), std::path::Path::new("out/app.keys"));
/// # Ok::<(), include_py_build::Error>(())
/// ```
impl Output {
    /// The number of modules in the bundle, including namespace packages.
    #[must_use]
    pub fn modules(&self) -> usize {
        self.counts.modules
    }

    /// The number of modules that this build compiled.
    #[must_use]
    pub fn compiled(&self) -> usize {
        self.counts.compiled
    }

    /// The number of modules that were reused from the previous build.
    #[must_use]
    pub fn reused(&self) -> usize {
        self.counts.reused
    }

    /// The number of files in the bundle that aren't modules.
    #[must_use]
    pub fn files(&self) -> usize {
        self.counts.files
    }

    /// The size of the bundle in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The path of the bundle.
    #[must_use]
    pub fn bundle(&self) -> &Path {
        &self.bundle
    }

    /// The path of the Rust expression that `include_py!` includes.
    #[must_use]
    pub fn rust(&self) -> &Path {
        &self.rust
    }

    /// The path of the file that lets the next build reuse modules.
    #[must_use]
    pub fn keys(&self) -> &Path {
        &self.keys
    }

    /// The system libraries that machine code in the bundle needs, sorted by name, if any may be
    /// bundled ([`Bundle::system_libraries`](crate::Bundle::system_libraries)).
    pub fn system_libraries(&self) -> impl Iterator<Item = &SystemLibrary> {
        self.system_libraries.iter()
    }

    /// The path of a JSON file with the information of this type: `app.json`.
    ///
    /// ```no_run
    /// # use include_py_build::{Bundle, Environment};
    /// let output = Bundle::new("app").source("python").build(&Environment::new("out"))?;
    /// assert_eq!(output.report(), std::path::Path::new("out/app.json"));
    /// # Ok::<(), include_py_build::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> PathBuf {
        self.bundle.with_extension("json")
    }

    /// How long the build took.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.time.elapsed
    }

    /// The warnings, one line each: Python's `SyntaxWarning`s with their positions, and omitted
    /// files.
    pub fn warnings(&self) -> impl Iterator<Item = &str> {
        self.warnings.iter().map(String::as_str)
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { modules, compiled, reused, files } = self.counts;
        write!(
            f,
            "{modules} modules, {compiled} compiled, {reused} reused, {files} files, {} bytes",
            self.bytes
        )
    }
}
