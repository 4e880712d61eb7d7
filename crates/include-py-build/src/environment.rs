//! What a build depends on besides the builder's own settings, as a value.
//!
//! In a build script it comes from Cargo; anywhere else,
//! `Environment::new("out").python("python3.13")`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::develop::Mode;
use crate::link::Platform;
use crate::native::System;
use crate::parallel::{Tokens, Workers};
use crate::record::Trust;

/// The output directory, interpreter and other settings that
/// [`Bundle::try_compile`](crate::Bundle::try_compile) gets from Cargo; for builds outside a build
/// script.
///
/// ```no_run
/// use include_py_build::{Bundle, Environment};
///
/// let environment = Environment::new("target/bundle").python("python3.13");
/// let output = Bundle::new("app").source("python").build(&environment)?;
/// println!("{} modules in {}", output.modules(), output.bundle().display());
/// # Ok::<(), include_py_build::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Environment {
    pub(crate) out_dir: PathBuf,
    /// The interpreter that PyO3 resolved.
    pub(crate) python: Option<PathBuf>,
    /// The target's version, `(3, 13)`.
    pub(crate) version: Option<(u8, u8)>,
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Tokens of Cargo's jobserver, if there is one.
    pub(crate) tokens: Option<Arc<Tokens>>,
    /// The command `include-py`.
    pub(crate) command: Option<PathBuf>,
    /// The system that the program runs on.
    pub(crate) system: System,
    pub(crate) sources: Sources,
    /// The mode that `Bundle::develop` selects.
    pub(crate) develop: Mode,
    pub(crate) trust: Trust,
    /// `None` outside a build script: the machine that the output is linked for is unknown there.
    pub(crate) machine: Option<Box<Machine>>,
    /// The platform that the program is linked for; `None` outside a build script, where nothing is
    /// linked.
    pub(crate) platform: Option<Platform>,
    /// The `Cargo.toml` of the package being built.
    pub(crate) manifest: Option<PathBuf>,
    pub(crate) libpython: Resolved,
}

/// The target and options for C, according to Cargo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Machine {
    /// `x86_64-unknown-linux-gnu`
    pub(crate) target: String,
    /// The machine that runs the build.
    pub(crate) host: String,
    /// `CARGO_CFG_TARGET_OS`
    pub(crate) os: String,
    pub(crate) opt_level: String,
    /// Whether to generate debug information.
    pub(crate) debug: bool,
    /// Name and version of the package being built.
    pub(crate) package: String,
}

/// Operating systems whose object files are ELF.
const ELF: &[&str] =
    &["linux", "android", "freebsd", "netbsd", "openbsd", "dragonfly", "illumos", "solaris"];

impl Machine {
    pub(crate) fn is_elf(&self) -> bool {
        ELF.contains(&&*self.os)
    }

    #[cfg(test)]
    pub(crate) fn example() -> Self {
        Self {
            target: "x86_64-unknown-linux-gnu".to_owned(),
            host: "x86_64-unknown-linux-gnu".to_owned(),
            os: "linux".to_owned(),
            opt_level: "0".to_owned(),
            debug: false,
            package: "app 0.1.0".to_owned(),
        }
    }
}

/// The libpython that PyO3 resolved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolved {
    /// `python3.13`
    pub(crate) name: Option<String>,
    /// The library's directory.
    pub(crate) dir: Option<PathBuf>,
}

/// Whether sources are bundled with the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sources {
    Included,
    LeftOut,
}

impl Environment {
    /// Builds into `out_dir`, which is created if necessary: for the first `python3` on `PATH`,
    /// without sources, with as many workers as there are cores.
    ///
    /// ```
    /// let environment = include_py_build::Environment::new("target/bundle");
    /// ```
    #[must_use]
    pub fn new(out_dir: impl Into<PathBuf>) -> Self {
        Self {
            out_dir: out_dir.into(),
            python: None,
            version: None,
            jobs: None,
            tokens: None,
            command: None,
            system: System::own(),
            sources: Sources::LeftOut,
            develop: Mode::Bundled,
            machine: None,
            platform: None,
            manifest: None,
            libpython: Resolved::default(),
            trust: Trust::Stamps,
        }
    }

    /// The interpreter that the bundle is for, by path or by a name to look for on `PATH`.
    ///
    /// ```
    /// # use include_py_build::Environment;
    /// let environment = Environment::new("target/bundle").python("/usr/bin/python3.13");
    /// ```
    #[must_use]
    pub fn python(mut self, interpreter: impl Into<PathBuf>) -> Self {
        self.python = Some(interpreter.into());
        self
    }

    /// The version of CPython that the bundle is for. An interpreter of another version is an
    /// error. Without [`python`](Self::python), `python3.13` is searched for on `PATH`.
    ///
    /// ```
    /// # use include_py_build::Environment;
    /// let environment = Environment::new("target/bundle").python_version(3, 13);
    /// ```
    #[must_use]
    pub fn python_version(mut self, major: u8, minor: u8) -> Self {
        self.version = Some((major, minor));
        self
    }

    /// Maximum number of interpreters that run at once; there are never more than cores.
    ///
    /// ```
    /// # use include_py_build::Environment;
    /// let environment = Environment::new("target/bundle").jobs(std::num::NonZeroUsize::MIN);
    /// ```
    #[must_use]
    pub fn jobs(mut self, jobs: NonZeroUsize) -> Self {
        self.jobs = Some(jobs);
        self
    }

    /// The command `include-py` of exactly this version. It compiles if this crate isn't optimised
    /// and there is much to compile. The bundle is the same with and without it.
    ///
    /// In a build script it is the first one on `PATH`, or the one that `INCLUDE_PY_COMMAND` names.
    ///
    /// ```
    /// # use include_py_build::Environment;
    /// let environment = Environment::new("target/bundle").command("/usr/local/bin/include-py");
    /// ```
    #[must_use]
    pub fn command(mut self, command: impl Into<PathBuf>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Builds as in Cargo's debug profile: bundles the sources unless
    /// [`Bundle::include_source`](crate::Bundle::include_source) says otherwise, and respects
    /// [`Bundle::develop`](crate::Bundle::develop).
    ///
    /// ```
    /// # use include_py_build::Environment;
    /// let environment = Environment::new("target/bundle").debug();
    /// ```
    #[must_use]
    pub fn debug(mut self) -> Self {
        self.sources = Sources::Included;
        self.develop = Mode::Developed;
        self
    }

    /// Reads and hashes every file again. Otherwise a file whose size, times and inode are as the
    /// previous build recorded them is assumed to be unchanged.
    ///
    /// In a build script, `INCLUDE_PY_HASH=1` has this effect. It is for file systems whose clocks
    /// or inodes aren't reliable.
    ///
    /// ```
    /// # use include_py_build::Environment;
    /// let environment = Environment::new("target/bundle").hash_contents();
    /// ```
    #[must_use]
    pub fn hash_contents(mut self) -> Self {
        self.trust = Trust::Contents;
        self
    }

    /// Where the output goes.
    ///
    /// ```
    /// let environment = include_py_build::Environment::new("target/bundle");
    /// assert_eq!(environment.out_dir(), std::path::Path::new("target/bundle"));
    /// ```
    #[must_use]
    pub fn out_dir(&self) -> &Path {
        &self.out_dir
    }

    /// The workers that may run.
    pub(crate) fn workers(&self) -> Workers {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Workers::new(self.jobs.map_or(cores, |jobs| jobs.min(cores)), self.tokens.clone())
    }
}
