//! Starts a Python interpreter that runs from the binary.
//!
//! `Host::new(&APP).args(["tool", "--help"]).run(|py| …)`; [`run`] is the short form.

mod builtin;
mod command;
mod config;
mod end;
mod exit;
mod faults;
mod frozen;
mod gate;
mod library;
mod life;
mod modules;
mod python;
mod status;
mod streams;

use std::{
    ffi::OsString,
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    process::ExitCode,
};

use pyo3::{ffi, prelude::*};

pub(crate) use self::life::require_python;
pub use self::{command::PythonCommandLine, python::run_python_command_line};
use self::{
    config::{Line, Started},
    library::Library,
};
use crate::{App, Error, ModuleInit, NativeModules, fit, mount::FileNames, process::Process};

/// Starts an interpreter, runs a closure with `app`'s modules importable, and shuts Python down.
///
/// The exit code is that of `python -m`: 0, the code of a `SystemExit`, or 1 after printing an
/// uncaught exception. `sys.argv` is the program's own. [`Host`] has more options.
///
/// ```ignore
/// use pyo3::prelude::*;
///
/// include_py::include_py!(APP = "app");
///
/// fn main() -> std::process::ExitCode {
///     include_py::run(&APP, |py| {
///         py.import("app.cli")?.call_method0("main")?;
///         Ok(())
///     })
/// }
/// ```
pub fn run<F>(app: &'static App, f: F) -> ExitCode
where
    F: FnOnce(Python<'_>) -> PyResult<()>,
{
    Host::new(app).run(f)
}

/// The builder that configures and starts Python.
///
/// The interpreter is isolated from the environment and the user's site directory
/// (`PyConfig_InitIsolatedConfig`) and runs in UTF-8 mode. If a bundle contains the standard
/// library, only its extension modules are used from disk; otherwise the installed standard library
/// is used.
#[derive(Debug)]
pub struct Host {
    apps: Vec<&'static App>,
    modules: Vec<(String, ModuleInit)>,
    args: Option<Vec<OsString>>,
    extension_dir: Option<PathBuf>,
    signal_handlers: SignalHandlers,
    files: Files,
    site_packages: SitePackages,
    collection: GarbageCollection,
    file_names: FileNames,
    native_modules: NativeModules,
    command_line: PythonCommandLine,
    start_depth: u32,
}

/// Whether the garbage collector examines the objects that modules define while they are imported
/// from a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GarbageCollection {
    /// Only if a module creates more objects than its code can define. Definitions are kept anyway,
    /// so examining them wastes time.
    #[default]
    Postponed,
    /// As at other times.
    Usual,
}

/// Whether `open` and similar functions see the bundles' files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Files {
    Served,
    Unserved,
}

/// Whether packages installed on the machine can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SitePackages {
    Used,
    Unused,
}

/// Who handles signals in a hosted interpreter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignalHandlers {
    /// Python, as in the `python` command: Ctrl-C raises `KeyboardInterrupt`.
    #[default]
    Python,
    /// The Rust program; Python installs no handlers.
    Program,
}

impl Host {
    /// A host for one bundle, with the program's own arguments as `sys.argv`.
    #[must_use]
    pub fn new(app: &'static App) -> Self {
        Self {
            apps: vec![app],
            modules: Vec::new(),
            args: None,
            extension_dir: app.extension_dir().map(PathBuf::from),
            signal_handlers: SignalHandlers::default(),
            files: Files::Unserved,
            site_packages: SitePackages::Unused,
            collection: GarbageCollection::default(),
            file_names: FileNames::default(),
            native_modules: NativeModules::default(),
            command_line: PythonCommandLine::default(),
            start_depth: command::DEPTH,
        }
    }

    /// Adds another bundle. If two contain the same module, the first one added takes precedence.
    #[must_use]
    pub fn bundle(mut self, app: &'static App) -> Self {
        self.apps.push(app);
        self.extension_dir = self.extension_dir.or_else(|| app.extension_dir().map(PathBuf::from));
        self
    }

    /// Adds a module written in Rust under a name that can be dotted. Python imports it as a
    /// built-in module, and `pkgutil` lists it in its package.
    ///
    /// If another module has this name, starting Python fails with
    /// [`ErrorKind::Module`](crate::ErrorKind::Module).
    ///
    /// ```no_run
    /// # fn program(APP: &'static include_py::App) -> std::process::ExitCode {
    /// #[pyo3::pymodule]
    /// mod native {
    ///     #[pyo3::pyfunction]
    ///     fn double(x: usize) -> usize {
    ///         x * 2
    ///     }
    /// }
    ///
    /// include_py::Host::new(&APP)
    ///     .module("app._native", include_py::pymodule!(native))
    ///     .run(|py| py.import("app").map(drop))
    /// # }
    /// ```
    #[must_use]
    pub fn module(mut self, name: impl Into<String>, init: ModuleInit) -> Self {
        self.modules.push((name.into(), init));
        self
    }

    /// Sets `sys.argv`, including the program's name.
    #[must_use]
    pub fn args<I>(mut self, args: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        self.args = Some(args.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the directory of the standard library's extension modules. By default it is the one at
    /// build time.
    #[must_use]
    pub fn extension_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.extension_dir = Some(path.into());
        self
    }

    /// Sets the file names in code objects: by default the virtual paths, as in `__file__`.
    #[must_use]
    pub fn file_names(mut self, names: FileNames) -> Self {
        self.file_names = names;
        self
    }

    /// Sets from where extension modules of the bundles and their libraries are loaded: by default
    /// from memory if the system allows it, otherwise from the user's cache.
    ///
    /// ```no_run
    /// # fn program(APP: &'static include_py::App) -> std::process::ExitCode {
    /// include_py::Host::new(&APP).native_modules(include_py::NativeModules::Cache).run(|py| Ok(()))
    /// # }
    /// ```
    #[must_use]
    pub fn native_modules(mut self, place: NativeModules) -> Self {
        self.native_modules = place;
        self
    }

    /// Sets who handles signals.
    #[must_use]
    pub fn signal_handlers(mut self, handlers: SignalHandlers) -> Self {
        self.signal_handlers = handlers;
        self
    }

    /// Lets code that uses file paths read the bundles' files, as [`App::serve_files`] does.
    #[must_use]
    pub fn serve_files(mut self) -> Self {
        self.files = Files::Served;
        self
    }

    /// Lets the program import packages from the `site-packages` of the Python that it was built
    /// against, if that exists on the machine. The bundles take precedence.
    ///
    /// By default they can't be imported, so that a package missing in the bundle is noticed by the
    /// developer and not by the user. `.pth` files and `sitecustomize` also have an effect only
    /// with this option.
    ///
    /// ```no_run
    /// # fn program(APP: &'static include_py::App) -> std::process::ExitCode {
    /// include_py::Host::new(&APP).use_site_packages().run(|py| py.import("numpy").map(drop))
    /// # }
    /// ```
    #[must_use]
    pub fn use_site_packages(mut self) -> Self {
        self.site_packages = SitePackages::Used;
        self
    }

    /// Sets whether the garbage collector examines the objects that modules define while they are
    /// imported.
    #[must_use]
    pub fn garbage_collection(mut self, collection: GarbageCollection) -> Self {
        self.collection = collection;
        self
    }

    /// Sets when the process's command line is interpreted as Python's, `-c CODE`, `-m MODULE` or
    /// `SCRIPT`, and run as by `python`, with the content of the bundles.
    ///
    /// Python code starts `sys.executable` to get another Python process, and this is the program.
    /// By default such a process runs as a Python. Otherwise it would run the application again,
    /// which could start itself without end. The closure isn't called in this case, and the process
    /// ends.
    #[must_use]
    pub fn python_command_line(mut self, command_line: PythonCommandLine) -> Self {
        self.command_line = command_line;
        self
    }

    /// Sets how deep the program may start itself other than with a Python command line: 3 by
    /// default.
    ///
    /// A process that is deeper ends with an error and exit status 2. A parent that ended isn't
    /// counted, unless it started the process within a minute of its own start.
    #[must_use]
    pub fn start_depth(mut self, most: u32) -> Self {
        self.start_depth = most;
        self
    }

    /// Starts the interpreter, which then lives as long as the process. Use it with
    /// [`Python::attach`].
    ///
    /// Call this on the program's main thread, on which Python then handles signals.
    ///
    /// If the process was started as a Python ([`python_command_line`](Self::python_command_line)),
    /// it runs as one and doesn't return.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Running`](crate::ErrorKind::Running) if Python is already running,
    /// [`Version`](crate::ErrorKind::Version) or [`Damaged`](crate::ErrorKind::Damaged) if a bundle
    /// can't be used, [`Start`](crate::ErrorKind::Start) if CPython fails to start.
    pub fn start(self) -> Result<(), Error> {
        let begun = life::Start::begin(self.apps[0].name())?;
        match self.command() {
            Ok(application) => self.bring_up(begun, &Line::Application(&application)).map(drop),
            Err(instead) => self.run_instead(begun, instead),
        }
    }

    /// Starts the interpreter, runs the closure, prints an uncaught exception, and shuts Python
    /// down as the `python` command does: joins threads, runs `atexit` functions, flushes streams
    /// and runs destructors.
    ///
    /// The result is the exit code of `python`. After an uncaught `KeyboardInterrupt` this doesn't
    /// return: the process ends with SIGINT, so that a shell also stops a loop around it. With
    /// [`SignalHandlers::Program`] it returns 130 instead.
    ///
    /// Python runs once in a process, and no Python code runs after this function has returned: a
    /// second call prints an error and returns 1, `App::install` is an error, and threads that
    /// attach get an exception from any Python function. If the closure panics, Python is shut down
    /// in the same way before the panic continues.
    pub fn run<F>(self, f: F) -> ExitCode
    where
        F: FnOnce(Python<'_>) -> PyResult<()>,
    {
        let handlers = self.signal_handlers;
        if let Err(error) = self.start() {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
        let (status, streams) = Python::attach(|py| {
            let status = panic::catch_unwind(AssertUnwindSafe(|| exit::status(py, f(py))));
            (status, end::end(py))
        });
        match status {
            Ok(status) => ExitCode::from(exit::code(status, streams, handlers)),
            Err(panic) => panic::resume_unwind(panic),
        }
    }

    /// Starts the interpreter and installs the bundles.
    fn bring_up(&self, mut begun: life::Start, line: &Line<'_>) -> Result<Started, Error> {
        for app in &self.apps {
            fit::for_library(&app.bundle()?)?;
        }
        let library = Library::of(&self.apps)?;
        builtin::register(self)?;
        begun.touches_python();
        if self.signal_handlers == SignalHandlers::Python {
            faults::let_sent_ones_end_the_process();
        }
        let started = config::initialize(self, library, line)?;
        let Started::Running { program, python, early, .. } = &started else {
            return Ok(started);
        };
        // Python is already running, but PyO3 must learn about it: a thread that attached too early
        // has panicked, and every later `attach` would panic, too (pyo3-0.30.1,
        // `wait_for_initialization`).
        Python::initialize();
        // SAFETY: `initialize` left this thread attached; from here on, `Python::attach` does it.
        unsafe { ffi::PyEval_SaveThread() };
        Python::attach(|py| {
            self.install(py, library, early)?;
            if let Some(python) = python {
                py.import("sys")?.getattr("orig_argv")?.call_method1("insert", (0, python))?;
            }
            Process::current().announce(py, program)
        })
        .map_err(|error| Error::start(None, error.to_string()))?;
        begun.done();
        Ok(started)
    }

    fn install(&self, py: Python<'_>, library: Library, early: &[&str]) -> PyResult<()> {
        end::prepare(py)?;
        streams::remove_closed(py)?;
        // PyO3 creates this class when it takes the first exception. If that is a `MemoryError`, it
        // would wait for itself forever (pyo3-0.30.1, `PyErr::take`).
        let _ = py.get_type::<pyo3::panic::PanicException>();
        if let Library::Installed = library {
            library::add_site_builtins(py)?;
        }
        for app in &self.apps {
            let finder = app.mount(py, self.file_names)?;
            finder.get().mount().load_native_modules_from(self.native_modules);
            if library.is(app) {
                library::complete(py, &finder, early)?;
                library::add_site_builtins(py)?;
                if self.site_packages == SitePackages::Used {
                    library::add_site_packages(py, &self.apps)?;
                }
            }
            if self.collection == GarbageCollection::Postponed {
                finder.get().postpone_collection(py)?;
            }
            if self.files == Files::Served {
                finder.get().serve_files(py)?;
            }
        }
        Ok(())
    }
}
