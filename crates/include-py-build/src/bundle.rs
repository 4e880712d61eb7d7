//! The builder that build scripts use.
//!
//! `Bundle::new("app").source("python").stdlib().compile()`

mod one_file;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::backend::Verify;
use crate::cargo::{Cargo, Rpath};
use crate::develop::Mode;
use crate::engine;
use crate::error::{ErrorKind, Problem};
use crate::find::Root;
use crate::settings::{Mismatch, Settings};
use crate::{Backend, Environment, Error, Extension, Options, Output, Stdlib};

/// Describes a bundle, and builds it.
///
/// ```no_run
/// // in build.rs
/// include_py_build::Bundle::new("app").source("python").stdlib().compile();
/// ```
///
/// Everything is checked when the build starts, so that one run reports all problems. Relative
/// paths start at the directory of the package's `Cargo.toml`.
#[derive(Clone, Debug)]
#[must_use = "a bundle is built by `compile()`, `try_compile()` or `build()`"]
pub struct Bundle {
    pub(crate) settings: Settings,
    out_dir: Option<PathBuf>,
    rpath: Rpath,
    files: Files,
}

/// How many files the program shall consist of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Files {
    AsSaid,
    One,
}

impl Bundle {
    /// Creates an empty bundle. Its name is the one in `include_py!(APP = "app")`, and the last
    /// component of its modules' virtual directory.
    ///
    /// # Errors
    ///
    /// The build reports a name with characters other than ASCII letters, digits, `_` and `-`, or
    /// with a leading `-`.
    ///
    /// ```
    /// let bundle = include_py_build::Bundle::new("app");
    /// ```
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            settings: Settings::new(name.into()),
            out_dir: None,
            rpath: Rpath::Emitted,
            files: Files::AsSaid,
        }
    }

    /// Adds the modules and packages in a directory, as if it were an entry of `sys.path`: a source
    /// tree, or the result of `pip install --target`. Can be called several times.
    ///
    /// # Errors
    ///
    /// The build reports a directory that doesn't exist, a module with two sources, and links or
    /// files that can't be followed or read.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").source("vendor");
    /// ```
    pub fn source(mut self, dir: impl Into<PathBuf>) -> Self {
        self.settings.roots.push(Root::Source { dir: dir.into() });
        self
    }

    /// Adds what an installer has put into a directory: `pip install --target DIR`, or an
    /// environment's `site-packages`.
    ///
    /// It differs from [`source`](Self::source), since this code isn't yours to correct. A file
    /// that isn't valid Python is bundled as a file, with a warning; Python's own warnings aren't
    /// shown. Scripts, manual pages and the installers themselves (`pip`, `setuptools`,
    /// `pkg_resources`, `wheel`) are left out. `.pth` files have no effect.
    ///
    /// # Errors
    ///
    /// As for [`source`](Self::source).
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").site_packages("vendor");
    /// ```
    pub fn site_packages(mut self, dir: impl Into<PathBuf>) -> Self {
        self.settings.roots.push(Root::SitePackages { dir: dir.into() });
        self
    }

    /// Adds a package from its directory, or a module from its `.py` file, under the given import
    /// name, which can be dotted.
    ///
    /// # Errors
    ///
    /// As for [`source`](Self::source), and an invalid import name.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app")
    ///     .package("app", "src/python")
    ///     .package("app.vendor.tools", "../tools/tools.py");
    /// ```
    pub fn package(mut self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.settings.roots.push(Root::Package { name: name.into(), path: path.into() });
        self
    }

    /// Adds the standard library of the target's interpreter, except
    /// [`STDLIB_EXCLUDES`](crate::STDLIB_EXCLUDES).
    ///
    /// # Errors
    ///
    /// The build reports a module that is both in the standard library and in a source.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").stdlib();
    /// ```
    pub fn stdlib(self) -> Self {
        self.stdlib_with(Stdlib::new())
    }

    /// Adds a part of the standard library.
    ///
    /// # Errors
    ///
    /// As for [`stdlib`](Self::stdlib) and [`Stdlib::with`].
    ///
    /// ```
    /// # use include_py_build::{Bundle, Stdlib};
    /// let bundle = Bundle::new("app").stdlib_with(Stdlib::new().without("tkinter"));
    /// ```
    pub fn stdlib_with(mut self, stdlib: Stdlib) -> Self {
        self.settings.options.library = stdlib.own_options();
        self.settings.stdlib = Some(stdlib);
        self
    }

    /// Leaves files and directories out of the sources and packages, by a pattern as in
    /// `.gitignore`: `*.md` by name at any depth, `app/testdata` by path, `app/**/*.csv`, `build/`
    /// for directories only. The standard library has [`Stdlib::without`] instead.
    ///
    /// [`DEFAULT_EXCLUDES`](crate::DEFAULT_EXCLUDES) are left out already.
    ///
    /// # Errors
    ///
    /// The build reports an invalid pattern.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").exclude("tests").exclude("*.md");
    /// ```
    pub fn exclude(mut self, glob: impl Into<String>) -> Self {
        self.settings.excludes.push(glob.into());
        self
    }

    /// Bundles Python files as data, by a pattern as for [`exclude`](Self::exclude): a skeleton
    /// that the program copies, a template, a script for another Python. Matching files are neither
    /// compiled nor importable. If a directory matches, everything in it is data.
    ///
    /// Without this, a `.py` file is a module. It is also data if sources are bundled, or if no
    /// module imports from its directory and that is either a directory without `__init__.py` below
    /// a package, or has a name such as `templates` or `skeleton`. In that last case the file
    /// needn't be valid Python.
    ///
    /// # Errors
    ///
    /// The build reports an invalid pattern.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").resource("app/skeleton/").resource("*.tmpl.py");
    /// ```
    pub fn resource(mut self, glob: impl Into<String>) -> Self {
        self.settings.resources.push(glob.into());
        self
    }

    /// Leaves out only what [`exclude`](Self::exclude) names, whether it is called before or after.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").without_default_excludes().exclude("*.pyc");
    /// ```
    pub fn without_default_excludes(mut self) -> Self {
        self.settings.default_excludes = &[];
        self
    }

    /// Sets the optimisation level, as Python's `-O`: 0 for none, the default; 1 to remove `assert`
    /// and make `__debug__` false; 2 to also remove docstrings.
    ///
    /// # Errors
    ///
    /// The build reports another level.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").optimize(1);
    /// ```
    pub fn optimize(mut self, level: u8) -> Self {
        self.settings.optimize = level;
        let options = Options::new().with_assertions().with_docstrings();
        let options = if level >= 1 { options.without_assertions() } else { options };
        let options = if level >= 2 { options.without_docstrings() } else { options };
        self.options(options)
    }

    /// Sets the options of every module, unless more specific options differ.
    ///
    /// ```
    /// # use include_py_build::{Bundle, Options};
    /// let bundle = Bundle::new("app").source("python").options(Options::new().without_docstrings());
    /// ```
    pub fn options(mut self, options: Options) -> Self {
        let table = &mut self.settings.options;
        table.general = options.within(table.general);
        self
    }

    /// Sets the options of a module, or of a package with everything in it, by its dotted name.
    /// Options of an inner package take precedence over those of an outer one.
    ///
    /// # Errors
    ///
    /// The build reports a name that is no module's.
    ///
    /// ```
    /// # use include_py_build::{Bundle, Options};
    /// let bundle = Bundle::new("app")
    ///     .source("python")
    ///     .include_source(true)
    ///     .options_for("app.licence", Options::new().without_source());
    /// ```
    pub fn options_for(mut self, module: impl Into<String>, options: Options) -> Self {
        self.settings.options.named.push((module.into(), options));
        self
    }

    /// Whether the sources are bundled, compressed, for `inspect.getsource` and the lines in
    /// tracebacks. By default they are in Cargo's debug profile, and aren't in release.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").include_source(true);
    /// ```
    pub fn include_source(self, include: bool) -> Self {
        let options = Options::new();
        self.options(if include { options.with_source() } else { options.without_source() })
    }

    /// Selects what compiles. By default it is the compiler for the targets that it supports,
    /// unless an [`interpreter`](Self::interpreter) is named.
    ///
    /// # Errors
    ///
    /// The build reports a target that the compiler doesn't support.
    ///
    /// ```
    /// # use include_py_build::{Backend, Bundle};
    /// let bundle = Bundle::new("app").source("python").backend(Backend::Compiler);
    /// ```
    pub fn backend(mut self, backend: Backend) -> Self {
        self.settings.backend = Some(backend);
        self
    }

    /// Also compiles everything with the interpreter, and compares. This is for users who want
    /// proof, or suspect a bug in the compiler.
    ///
    /// # Errors
    ///
    /// The build reports the first difference in each module.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").verify_against_interpreter(true);
    /// ```
    pub fn verify_against_interpreter(mut self, verify: bool) -> Self {
        self.settings.verify = if verify { Verify::Yes } else { Verify::No };
        self
    }

    /// Sets the interpreter that compiles, by path or by a name to look for on `PATH`, instead of
    /// the one that PyO3 resolved. Cross builds need it, since PyO3's interpreter can't run there.
    ///
    /// # Errors
    ///
    /// The build reports an interpreter whose bytecode isn't the target's.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").interpreter("/usr/bin/python3.13");
    /// ```
    pub fn interpreter(mut self, interpreter: impl Into<PathBuf>) -> Self {
        self.settings.interpreter = Some(interpreter.into());
        self
    }

    /// Adds bytecode for another interpreter, given by its path or by a name to look for on `PATH`.
    /// When the bundle is opened, the magic number selects the bytecode.
    ///
    /// Use it for bundles that several programs open, and for extension modules that are built for
    /// several Pythons. The standard library can't be bundled then, since it belongs to one
    /// version.
    ///
    /// # Errors
    ///
    /// The build reports an interpreter that isn't a release of CPython 3.11 or later, and one that
    /// is given twice.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").also_for("python3.12").also_for("python3.13");
    /// ```
    pub fn also_for(mut self, interpreter: impl Into<PathBuf>) -> Self {
        self.settings.further.push(interpreter.into());
        self
    }

    /// Adds bytecode for these releases of CPython, such as `3.13.0`, or `3.13` for its newest
    /// known release. The compiler makes it, so none of them has to be installed. When the bundle
    /// is opened, the magic number selects the bytecode.
    ///
    /// In a build script, the Python that PyO3 resolved is always a target. Naming its version has
    /// an effect only if PyO3's configuration names no interpreter: then it selects the release.
    /// Elsewhere, and without [`Environment::python`], the first of these releases is the first
    /// target. Sources, other files and metadata are bundled once. The standard library can't be
    /// bundled for more than one target, since it belongs to one version.
    ///
    /// # Errors
    ///
    /// The build reports a name that isn't a release that the compiler supports, and two releases
    /// of one version, since they have the same magic number.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").targets(["3.12", "3.13", "3.14"]);
    /// ```
    pub fn targets<S: Into<String>>(mut self, releases: impl IntoIterator<Item = S>) -> Self {
        self.settings.targets.extend(releases.into_iter().map(Into::into));
        self
    }

    /// Lets a Python for which the bundle has no bytecode compile the sources when it imports them.
    /// Otherwise such a Python gets an error that names the versions. Sources are then included,
    /// unless options exclude them.
    ///
    /// # Errors
    ///
    /// The build reports a bundle with the standard library, since that belongs to one version.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").compile_on_mismatch();
    /// ```
    pub fn compile_on_mismatch(mut self) -> Self {
        self.settings.mismatch = Mismatch::CompileSource;
        self
    }

    /// In Cargo's debug profile, lets the program import the sources and packages from their
    /// original place instead of from the bundle, so that editing them needs no new build. In other
    /// profiles it does nothing. The standard library and what
    /// [`site_packages`](Self::site_packages) adds still come from the bundle.
    ///
    /// The environment variable `INCLUDE_PY_DEVELOP=0` disables it, for a build or for a run of a
    /// program that was built with it. Such a run uses what the last build bundled.
    ///
    /// # Errors
    ///
    /// The build reports a path that isn't UTF-8.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").stdlib().develop();
    /// ```
    pub fn develop(mut self) -> Self {
        self.settings.develop = Mode::Developed;
        self
    }

    /// Sets the output directory instead of Cargo's `OUT_DIR`. `include_py!` reads only from
    /// `OUT_DIR`, so this is for tools.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").out_dir("target/bundle");
    /// ```
    pub fn out_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(dir.into());
        self
    }

    /// Doesn't set a run path to the libpython that PyO3 found. Then the loader's own configuration
    /// or `LD_LIBRARY_PATH` decides.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").without_rpath();
    /// ```
    pub fn without_rpath(mut self) -> Self {
        self.rpath = Rpath::LeftOut;
        self
    }

    /// Builds the bundle into `OUT_DIR` and tells Cargo what it depends on. For build scripts:
    /// prints errors, and then ends the process with status 1.
    ///
    /// ```no_run
    /// # use include_py_build::Bundle;
    /// Bundle::new("app").source("python").compile();
    /// ```
    pub fn compile(&self) {
        if let Err(error) = self.try_compile() {
            eprintln!("error: {error}\n");
            std::process::exit(1);
        }
    }

    /// Builds the bundle into `OUT_DIR` and tells Cargo what it depends on.
    ///
    /// # Errors
    ///
    /// All problems that were found. Then nothing has been written or printed.
    ///
    /// ```no_run
    /// # use include_py_build::Bundle;
    /// let output = Bundle::new("app").source("python").try_compile()?;
    /// println!("cargo::warning={output}");
    /// # Ok::<(), include_py_build::Error>(())
    /// ```
    pub fn try_compile(&self) -> Result<Output, Error> {
        let cargo = Cargo::from_env()?;
        let mut bundle = self.clone();
        for root in &mut bundle.settings.roots {
            if let Root::Source { dir: path }
            | Root::SitePackages { dir: path }
            | Root::Package { path, .. } = root
            {
                *path = cargo.shorten(path);
            }
        }
        for path in bundle.settings.extensions.iter_mut().flat_map(Extension::sources_mut) {
            *path = cargo.shorten(path);
        }
        let dir = self.out_dir.as_ref().unwrap_or(&cargo.environment.out_dir);
        let place = (dir.clone(), self.settings.name.clone());
        check_unused(&place)?;
        let output = bundle.build(&cargo.environment)?;
        compiled().push(place);
        for line in cargo.lines(&output, self.rpath) {
            println!("{line}");
        }
        // Cargo shows it with `-vv`.
        println!("include-py-build: {output} in {:.2} s", output.elapsed().as_secs_f64());
        Ok(output)
    }

    /// Builds the bundle outside a build script: doesn't read Cargo's variables, and prints
    /// nothing.
    ///
    /// # Errors
    ///
    /// All problems that were found. Then nothing has been written.
    ///
    /// ```no_run
    /// # use include_py_build::{Bundle, Environment};
    /// let environment = Environment::new("target/bundle").python("python3.13");
    /// let output = Bundle::new("app").source("python").build(&environment)?;
    /// # Ok::<(), include_py_build::Error>(())
    /// ```
    pub fn build(&self, environment: &Environment) -> Result<Output, Error> {
        if self.files == Files::One {
            return self.parts_of_one_file().build(environment);
        }
        let mut environment = environment.clone();
        if let Some(dir) = &self.out_dir {
            environment.out_dir.clone_from(dir);
        }
        engine::build(&self.settings, &environment)
    }
}

/// The directories and names of the bundles that this build script has compiled.
fn compiled() -> MutexGuard<'static, Vec<(PathBuf, String)>> {
    static COMPILED: Mutex<Vec<(PathBuf, String)>> = Mutex::new(Vec::new());
    COMPILED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A second bundle with the same name would silently replace the first.
fn check_unused(place: &(PathBuf, String)) -> Result<(), Problem> {
    if !compiled().contains(place) {
        return Ok(());
    }
    Err(Problem::new(ErrorKind::Option, format!("there are two bundles named `{}`", place.1))
        .help("give each its own name in `Bundle::new`, or describe both as one bundle"))
}
