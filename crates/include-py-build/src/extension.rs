//! Extension modules in C or C++ that are compiled here and linked into the binary.
//!
//! | file | what it does |
//! |---|---|
//! | `builder.rs` | the methods of `Bundle` |
//! | `check.rs` | checks before anything is compiled: names, sources, conflicts with Python modules |
//! | `headers.rs` | finds `Python.h` |
//! | `object.rs` | compiles a source to an object, unless the previous one is still valid |
//! | `naming.c` | the function that CPython calls; it calls the module's own function |
//! | `link.rs` | combines a module's objects to an archive that exports only its function |

mod builder;
mod check;
mod headers;
mod link;
mod object;

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::backend::Python;
use crate::cargo::Watched;
use crate::ctools::Tools;
use crate::environment::Machine;
use crate::error::{ErrorKind, Problem};
use crate::find::File;
use crate::{Environment, Error};
pub(crate) use check::check;

/// An extension module in C or C++, Cython's output included, for [`Bundle::extension_with`].
///
/// It corresponds to `setuptools.Extension`. By default the profile decides: it is optimised as
/// Rust code is, has `assert` only in unoptimised builds, and debug information in debug builds.
///
/// ```
/// use include_py_build::{Bundle, Extension};
///
/// let fast = Extension::new("app._fast", ["src/fast.c", "src/table.c"])
///     .include_dir("include")
///     .define("TABLE_SIZE", "512")
///     .define("NO_THREADS", None)
///     .flag("-O3")
///     .library("z");
/// let bundle = Bundle::new("app").source("python").extension_with(fast);
/// ```
///
/// [`Bundle::extension_with`]: crate::Bundle::extension_with
#[derive(Clone, Debug)]
#[must_use = "give it to `Bundle::extension_with`"]
pub struct Extension {
    name: String,
    sources: Vec<PathBuf>,
    include_dirs: Vec<PathBuf>,
    defines: Vec<(String, Option<String>)>,
    flags: Vec<String>,
    libraries: Vec<String>,
    library_dirs: Vec<PathBuf>,
}

impl Extension {
    /// Creates the module with this dotted name from these files: `.c`, `.cc`, `.cpp`, `.cxx`,
    /// `.s`, `.S`.
    ///
    /// One of them defines the function that CPython calls to create the module, `PyInit__fast` for
    /// `app._fast`. Relative paths start at the directory of the package's `Cargo.toml`.
    pub fn new<S>(name: impl Into<String>, sources: S) -> Self
    where
        S: IntoIterator,
        S::Item: Into<PathBuf>,
    {
        Self {
            name: name.into(),
            sources: sources.into_iter().map(Into::into).collect(),
            include_dirs: Vec::new(),
            defines: Vec::new(),
            flags: Vec::new(),
            libraries: Vec::new(),
            library_dirs: Vec::new(),
        }
    }

    /// Adds a directory in which the compiler looks for headers. Python's own are found without
    /// this.
    pub fn include_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.include_dirs.push(dir.into());
        self
    }

    /// Defines a macro, with a value, or without one if it is `None`.
    pub fn define<'v>(
        mut self,
        name: impl Into<String>,
        value: impl Into<Option<&'v str>>,
    ) -> Self {
        self.defines.push((name.into(), value.into().map(str::to_owned)));
        self
    }

    /// Adds an option for the compiler, after all others.
    pub fn flag(mut self, flag: impl Into<String>) -> Self {
        self.flags.push(flag.into());
        self
    }

    /// Links a library: `z` for `libz`.
    pub fn library(mut self, name: impl Into<String>) -> Self {
        self.libraries.push(name.into());
        self
    }

    /// Adds a directory in which the linker looks for libraries.
    pub fn library_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.library_dirs.push(dir.into());
        self
    }

    /// `_fast` of `app._fast`
    fn leaf(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }

    pub(crate) fn sources_mut(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.sources.iter_mut()
    }

    fn is_cpp(&self) -> bool {
        self.sources
            .iter()
            .any(|source| object::Language::of(source) == Some(object::Language::Cpp))
    }
}

/// What is linked for a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Linked {
    /// `app._fast`
    pub(crate) name: String,
    /// The archive's path and its name for the linker.
    pub(crate) archive: PathBuf,
    pub(crate) library: String,
    /// The function that creates the module.
    pub(crate) function: String,
    /// Shared libraries that it needs.
    pub(crate) libraries: Vec<String>,
    pub(crate) library_dirs: Vec<PathBuf>,
}

/// The compiled modules of a bundle.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    pub(crate) modules: Vec<Linked>,
    pub(crate) watched: Vec<Watched>,
    pub(crate) warnings: Vec<String>,
}

/// A digest of several fields. It includes their lengths, so that different lists of fields differ.
#[derive(Debug, Default)]
struct Fields(Sha256);

impl Fields {
    fn add(&mut self, field: &[u8]) {
        self.0.update((field.len() as u64).to_le_bytes());
        self.0.update(field);
    }

    fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// Removes the extension modules' sources, which can be beside Python modules, from the files to
/// bundle as data.
pub(crate) fn leave_out_sources(extensions: &[Extension], files: &mut Vec<File>) {
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    let sources: Vec<_> =
        extensions.iter().flat_map(|one| &one.sources).filter_map(|path| same(path)).collect();
    let names: Vec<_> = sources.iter().filter_map(|path| path.file_name()).collect();
    files.retain(|file| {
        let suspect = file.source.file_name().is_some_and(|name| names.contains(&name));
        !suspect || same(&file.source).is_none_or(|path| !sources.contains(&path))
    });
}

/// Compiles the extension modules of the bundle `bundle` for this Python.
pub(crate) fn compile(
    extensions: &[Extension],
    bundle: &str,
    python: &Python,
    environment: &Environment,
) -> Result<Compiled, Error> {
    let mut compiled = Compiled::default();
    let out_dir = environment.out_dir();
    let prefix = link::prefix(bundle);
    let mut problems = Vec::new();
    if !extensions.is_empty() {
        let Some(machine) = &environment.machine else { return Err(outside().into()) };
        if machine.target.contains("msvc") {
            return Err(msvc(machine).into());
        }
        let tools = Tools::new(machine, out_dir);
        compiled.watched = tools.watched();
        for extension in extensions {
            match one(extension, bundle, python, tools, environment) {
                Ok((linked, mut units)) => {
                    compiled.watched.append(&mut units.watched);
                    compiled.warnings.append(&mut units.warnings);
                    compiled.modules.push(linked);
                }
                Err(problem) => problems.extend(problem),
            }
        }
    }
    if let Some(error) = Error::new(problems) {
        return Err(error);
    }
    let archives: Vec<_> = compiled.modules.iter().map(|module| &*module.archive).collect();
    Tools::remove_archives(out_dir, &prefix, &archives);
    Ok(compiled)
}

fn one(
    extension: &Extension,
    bundle: &str,
    python: &Python,
    tools: Tools<'_>,
    environment: &Environment,
) -> Result<(Linked, object::Units), Vec<Problem>> {
    let headers = headers::find(extension, python, tools.machine()).map_err(|one| vec![one])?;
    let function = link::function(extension, bundle, tools.machine()).map_err(|one| vec![one])?;
    let unit = object::Unit { extension, headers: headers.as_deref(), function: &function };
    let units = object::compile(&unit, bundle, tools, &environment.workers())?;
    let linked = link::link(extension, bundle, function, &units, tools).map_err(|one| vec![one])?;
    Ok((linked, units))
}

fn outside() -> Problem {
    Problem::new(
        ErrorKind::Environment,
        "extension modules can't be compiled outside a build script",
    )
    .note("Cargo says there for which machine, and links them")
    .help("call `Bundle::compile` or `Bundle::try_compile` in `build.rs`")
}

fn msvc(machine: &Machine) -> Problem {
    Problem::new(
        ErrorKind::Environment,
        format!("extension modules can't be compiled for `{}`", machine.target),
    )
    .note("only compilers that take GCC's options are supported")
    .help("build for another target, or write the module in Rust, for `Host::module`")
}
