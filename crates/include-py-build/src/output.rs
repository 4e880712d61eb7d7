//! What a build has made.
//!
//! `812 modules, 3 compiled, 809 reused, 14 files, 11482960 bytes`

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::SystemLibrary;
use crate::cargo::Watched;
use crate::report::Time;

/// What a build has made, and from how much.
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
    /// Where the linker finds what the expression names.
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
    /// How many modules are in the bundle, namespace packages included.
    #[must_use]
    pub fn modules(&self) -> usize {
        self.counts.modules
    }

    /// How many modules were compiled by this build.
    #[must_use]
    pub fn compiled(&self) -> usize {
        self.counts.compiled
    }

    /// How many modules were taken over from the previous build.
    #[must_use]
    pub fn reused(&self) -> usize {
        self.counts.reused
    }

    /// How many files are in the bundle that aren't modules.
    #[must_use]
    pub fn files(&self) -> usize {
        self.counts.files
    }

    /// The size of the bundle.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The file with the bundle.
    #[must_use]
    pub fn bundle(&self) -> &Path {
        &self.bundle
    }

    /// The file with the Rust expression that `include_py!` includes.
    #[must_use]
    pub fn rust(&self) -> &Path {
        &self.rust
    }

    /// The file that lets the next build reuse modules.
    #[must_use]
    pub fn keys(&self) -> &Path {
        &self.keys
    }

    /// The libraries of the system that machine code in the bundle needs, sorted by name, if any
    /// may be bundled ([`Bundle::system_libraries`](crate::Bundle::system_libraries)).
    pub fn system_libraries(&self) -> impl Iterator<Item = &SystemLibrary> {
        self.system_libraries.iter()
    }

    /// The JSON file that says of this build what this type does: `app.json`.
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

    /// What the user should know, a line each: Python's own `SyntaxWarning`s with their places, and
    /// what was left out.
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
