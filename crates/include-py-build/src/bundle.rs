//! The builder: what a build script says.
//!
//! `Bundle::new("app").source("python").stdlib().compile()`

mod one_file;

use std::path::PathBuf;

use crate::backend::Verify;
use crate::cargo::{Cargo, Rpath};
use crate::develop::Mode;
use crate::engine;
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
/// Everything is checked when the build starts, so that one run reports everything that is wrong.
/// Relative paths start at the directory of the package's `Cargo.toml`.
#[derive(Clone, Debug)]
#[must_use = "a bundle is built by `compile()`, `try_compile()` or `build()`"]
pub struct Bundle {
    pub(crate) settings: Settings,
    out_dir: Option<PathBuf>,
    rpath: Rpath,
    files: Files,
}

/// Of how many files the program is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Files {
    AsSaid,
    One,
}

impl Bundle {
    /// A bundle without content; its name is the one in `include_py!(APP = "app")`, and the last
    /// component of its modules' virtual directory.
    ///
    /// # Errors
    ///
    /// The build reports a name that is more than ASCII letters, digits, `_` and `-`, or begins
    /// with `-`.
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

    /// Adds the modules and packages in a directory, as if it were an entry of `sys.path`: source
    /// trees, and what `pip install --target` makes. Can be called several times.
    ///
    /// # Errors
    ///
    /// The build reports a directory that isn't there, a module that has two sources, and links or
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
    /// It differs from [`source`](Self::source) in what isn't yours to correct. A file that isn't
    /// valid Python is bundled as a file, with a warning; Python's own warnings aren't shown.
    /// Scripts, manual pages and the installers themselves (`pip`, `setuptools`, `pkg_resources`,
    /// `wheel`) are left out. `.pth` files have no effect.
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

    /// Adds a package from its directory, or a module from its `.py` file, under this import name,
    /// which can be dotted.
    ///
    /// # Errors
    ///
    /// As for [`source`](Self::source), and for a name that can't be imported.
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

    /// Adds the standard library of the target's interpreter, but for
    /// [`STDLIB_EXCLUDES`](crate::STDLIB_EXCLUDES).
    ///
    /// # Errors
    ///
    /// The build reports a module that is in the standard library and in a source, too.
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
    /// The build reports what isn't a pattern.
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
    /// that the program copies, a template, a script for another Python. What matches is neither
    /// compiled nor importable; a directory that matches is data with all that is in it.
    ///
    /// Without it a `.py` file is a module, and data as well only where sources are bundled, or
    /// where it lies below a package in a directory without `__init__.py`, or with a name such as
    /// `templates` or `skeleton`, that no module imports; then it stops no build if it isn't valid
    /// Python.
    ///
    /// # Errors
    ///
    /// The build reports what isn't a pattern.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").resource("app/skeleton/").resource("*.tmpl.py");
    /// ```
    pub fn resource(mut self, glob: impl Into<String>) -> Self {
        self.settings.resources.push(glob.into());
        self
    }

    /// Leaves out nothing but what is given to [`exclude`](Self::exclude), before or after.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").without_default_excludes().exclude("*.pyc");
    /// ```
    pub fn without_default_excludes(mut self) -> Self {
        self.settings.default_excludes = &[];
        self
    }

    /// The optimisation level, as Python's `-O`: 0 for none, the default; 1 without `assert` and
    /// with `__debug__` false; 2 without docstrings, too.
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

    /// What every module is bundled with, unless something nearer says otherwise.
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

    /// What a module, or a package with everything in it, is bundled with, by its dotted name. An
    /// inner package's options come before an outer one's.
    ///
    /// # Errors
    ///
    /// The build reports a name that no module has.
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

    /// Whether the sources go into the bundle, compressed, for `inspect.getsource` and the lines
    /// that tracebacks show. By default they do in Cargo's debug profile, and don't in release.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").include_source(true);
    /// ```
    pub fn include_source(self, include: bool) -> Self {
        let options = Options::new();
        self.options(if include { options.with_source() } else { options.without_source() })
    }

    /// What makes code. By default the compiler does for the targets that it supports, unless an
    /// [`interpreter`](Self::interpreter) is named.
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

    /// Lets the interpreter compile everything that the compiler compiles, and compares: for who
    /// wants proof, or suspects a fault in the compiler.
    ///
    /// # Errors
    ///
    /// The build reports the first difference of each module.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").verify_against_interpreter(true);
    /// ```
    pub fn verify_against_interpreter(mut self, verify: bool) -> Self {
        self.settings.verify = if verify { Verify::Yes } else { Verify::No };
        self
    }

    /// The interpreter that compiles, by path or by a name to look for on `PATH`, instead of the
    /// one that PyO3 resolved: for cross builds, where that one can't run.
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

    /// Adds bytecode for another interpreter, by path or by a name to look for on `PATH`. Which of
    /// them runs is decided by its magic number, when the bundle is opened.
    ///
    /// For bundles that several programs open, and for extension modules that are built for several
    /// Pythons. The standard library isn't bundled then: it belongs to one version.
    ///
    /// # Errors
    ///
    /// The build reports an interpreter that isn't a release of CPython 3.11 or later, or one
    /// twice.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").also_for("python3.12").also_for("python3.13");
    /// ```
    pub fn also_for(mut self, interpreter: impl Into<PathBuf>) -> Self {
        self.settings.further.push(interpreter.into());
        self
    }

    /// Adds bytecode for these releases of CPython, as `3.13.0`, or as `3.13` for the newest one
    /// that is known. The compiler makes it: none of them has to be installed. Which of it runs is
    /// decided by its magic number, when the bundle is opened.
    ///
    /// In a build script, the Python that PyO3 resolved is a target in any case; naming its version
    /// changes nothing, unless PyO3's configuration names no interpreter: then it is the release
    /// that is compiled for. Elsewhere, and without [`Environment::python`], the first of these
    /// releases is the first target. Sources, other files and metadata are in the bundle once. The
    /// standard library isn't bundled with more than one: it belongs to one version.
    ///
    /// # Errors
    ///
    /// The build reports what isn't a release that the compiler supports, and two releases of one
    /// version, since these have the same magic number.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").targets(["3.12", "3.13", "3.14"]);
    /// ```
    pub fn targets<S: Into<String>>(mut self, releases: impl IntoIterator<Item = S>) -> Self {
        self.settings.targets.extend(releases.into_iter().map(Into::into));
        self
    }

    /// Lets a Python for which the bundle holds no bytecode compile the sources when it imports
    /// them; otherwise it is an error that names the versions. Sources are included then, unless
    /// options leave them out.
    ///
    /// # Errors
    ///
    /// The build reports a bundle with the standard library, which belongs to one version.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").compile_on_mismatch();
    /// ```
    pub fn compile_on_mismatch(mut self) -> Self {
        self.settings.mismatch = Mismatch::CompileSource;
        self
    }

    /// In Cargo's debug profile, has the program import the sources and packages from where they
    /// are instead of from the bundle, so that editing them needs no new build. In other profiles
    /// it does nothing. The standard library and what [`site_packages`](Self::site_packages) adds
    /// come from the bundle all the same.
    ///
    /// The environment variable `INCLUDE_PY_DEVELOP=0` switches it off: for a build, and for a run
    /// of a program that was built with it, which then has what was bundled by the last build.
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

    /// Where the output goes instead of Cargo's `OUT_DIR`. `include_py!` reads from there only, so
    /// this is for tools.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").out_dir("target/bundle");
    /// ```
    pub fn out_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(dir.into());
        self
    }

    /// Doesn't make the program look for libpython where PyO3 has found it. Without the run path,
    /// the loader's own configuration decides, or `LD_LIBRARY_PATH`.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").without_rpath();
    /// ```
    pub fn without_rpath(mut self) -> Self {
        self.rpath = Rpath::LeftOut;
        self
    }

    /// Builds the bundle into `OUT_DIR` and tells Cargo what it depends on. For build scripts: an
    /// error is printed, and ends the process with status 1.
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
    /// All problems that were found; then nothing has been written, and nothing printed.
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
        let output = bundle.build(&cargo.environment)?;
        for line in cargo.lines(&output, self.rpath) {
            println!("{line}");
        }
        // Cargo shows it with `-vv`.
        println!("include-py-build: {output} in {:.2} s", output.elapsed().as_secs_f64());
        Ok(output)
    }

    /// Builds the bundle outside a build script: reads no variable of Cargo's and prints nothing.
    ///
    /// # Errors
    ///
    /// All problems that were found; then nothing has been written.
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
