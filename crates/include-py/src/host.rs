//! Starts a Python interpreter that lives off the binary.
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
use crate::{App, Error, ModuleInit, NativeModules, mount::FileNames, process::Process, target};

/// Runs a closure in a fresh interpreter with `app`'s modules importable, then shuts Python down.
///
/// The exit code is what `python -m` would give: 0, the code of a `SystemExit`, or 1 after an
/// uncaught exception's traceback on standard error. `sys.argv` is the program's own. For more
/// choice, see [`Host`].
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

/// How a program starts Python.
///
/// The interpreter is isolated from the environment and the user's site directory
/// (`PyConfig_InitIsolatedConfig`), in UTF-8 mode. If a bundle holds the standard library, nothing
/// of the one on disk is used but its extension modules; otherwise the interpreter's own is.
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

/// Whether the garbage collector looks at what modules define while they are imported from a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GarbageCollection {
    /// Only where a module makes more than its code can define: what it defines stays anyway, and
    /// looking at that takes time.
    #[default]
    Postponed,
    /// As often as at other times.
    Usual,
}

/// Whether `open` and its like see the bundles' files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Files {
    Served,
    Unserved,
}

/// Whether packages that are installed on the machine can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SitePackages {
    Used,
    Unused,
}

/// Who handles signals in a hosted interpreter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignalHandlers {
    /// Python, as when it runs alone: Ctrl-C raises `KeyboardInterrupt`.
    #[default]
    Python,
    /// The Rust program: Python installs none.
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

    /// Adds another bundle; where two have a module in common, the first one added wins.
    #[must_use]
    pub fn bundle(mut self, app: &'static App) -> Self {
        self.apps.push(app);
        self.extension_dir = self.extension_dir.or_else(|| app.extension_dir().map(PathBuf::from));
        self
    }

    /// Adds a module that is written in Rust, under a name that can be dotted: Python imports it as a built-in
    /// one, and `pkgutil` lists it in its package.
    ///
    /// A name that another module has is an error when Python is started,
    /// [`ErrorKind::Module`](crate::ErrorKind::Module).
    ///
    /// ```ignore
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
    /// ```
    #[must_use]
    pub fn module(mut self, name: impl Into<String>, init: ModuleInit) -> Self {
        self.modules.push((name.into(), init));
        self
    }

    /// Sets `sys.argv`, the program's name included.
    #[must_use]
    pub fn args<I>(mut self, args: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        self.args = Some(args.into_iter().map(Into::into).collect());
        self
    }

    /// Sets where the standard library's extension modules are, instead of where they were when
    /// the bundle was built.
    #[must_use]
    pub fn extension_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.extension_dir = Some(path.into());
        self
    }

    /// Sets which file names code objects have: by default the virtual paths, which are `__file__`.
    #[must_use]
    pub fn file_names(mut self, names: FileNames) -> Self {
        self.file_names = names;
        self
    }

    /// Sets where extension modules of the bundles, and the libraries that these need, are loaded from: by
    /// default memory, where the system allows that, and else the user's cache.
    ///
    /// ```ignore
    /// include_py::Host::new(&APP).native_modules(include_py::NativeModules::Cache).run(|py| Ok(()))
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

    /// Lets code that deals in paths read the bundles' files, as [`App::serve_files`] does.
    #[must_use]
    pub fn serve_files(mut self) -> Self {
        self.files = Files::Served;
        self
    }

    /// Lets the program import what is installed in the `site-packages` of the Python that it was
    /// built against, if that is on the machine: the bundles come first, the machine's packages last.
    ///
    /// Without it they can't be imported, so that what was forgotten in a bundle is missed at home and
    /// not at the user's. `.pth` files and `sitecustomize` have an effect only with it, too.
    ///
    /// ```ignore
    /// include_py::Host::new(&APP).use_site_packages().run(|py| py.import("numpy").map(drop))
    /// ```
    #[must_use]
    pub fn use_site_packages(mut self) -> Self {
        self.site_packages = SitePackages::Used;
        self
    }

    /// Sets whether the garbage collector looks at what modules define while they are imported.
    #[must_use]
    pub fn garbage_collection(mut self, collection: GarbageCollection) -> Self {
        self.collection = collection;
        self
    }

    /// Sets when the process's command line is taken for one of Python's, `-c CODE`, `-m MODULE` or
    /// `SCRIPT`, and run as `python` would, with what the bundles hold.
    ///
    /// Python code starts `sys.executable` where it wants another Python, and that is the program. By
    /// default such a process is a Python, since otherwise it would be the application once more, which
    /// may start itself again and again. The closure isn't called then, and the process ends.
    #[must_use]
    pub fn python_command_line(mut self, command_line: PythonCommandLine) -> Self {
        self.command_line = command_line;
        self
    }

    /// Sets how deep the program may start itself, where that isn't explained by a command line of
    /// Python's: 5 by default.
    ///
    /// A process that is deeper ends with an error and exit status 2. Only processes count that were
    /// started within a minute of their parent's own start.
    #[must_use]
    pub fn start_depth(mut self, most: u32) -> Self {
        self.start_depth = most;
        self
    }

    /// Starts the interpreter, which then lives as long as the process: use it with
    /// [`Python::attach`].
    ///
    /// Call it on the program's main thread, where Python then handles signals.
    ///
    /// If the process was started as a Python ([`python_command_line`](Self::python_command_line)), it
    /// runs as one and ends here.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Running`](crate::ErrorKind::Running) if Python runs already,
    /// [`Version`](crate::ErrorKind::Version) and [`Damaged`](crate::ErrorKind::Damaged) if a bundle
    /// doesn't fit, [`Start`](crate::ErrorKind::Start) if CPython refuses.
    pub fn start(self) -> Result<(), Error> {
        let begun = life::Start::begin(self.apps[0].name())?;
        match self.command() {
            Ok(application) => self.bring_up(begun, &Line::Application(&application)).map(drop),
            Err(instead) => self.run_instead(begun, instead),
        }
    }

    /// Starts the interpreter, runs the closure, prints an uncaught exception, and shuts Python
    /// down as the `python` command does: threads joined, `atexit` run, streams flushed, destructors
    /// run.
    ///
    /// The result is what `python` would exit with. After an uncaught `KeyboardInterrupt` it doesn't
    /// return: the process ends by the signal SIGINT, which is how a shell sees that its loop is to
    /// stop; only with [`SignalHandlers::Program`] it returns 130.
    ///
    /// Python runs once in a process. When this function returns, nothing of it can run any more:
    /// another call prints an error and gives 1, `App::install` is an error, and a thread that
    /// attaches gets an exception for whatever Python function it calls. If the closure panics,
    /// Python is shut down in the same way before the panic goes on.
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
            target::for_library(&app.bundle()?)?;
        }
        let library = Library::of(&self.apps)?;
        builtin::register(self)?;
        begun.touches_python();
        if self.signal_handlers == SignalHandlers::Python {
            faults::let_sent_ones_end_the_process();
        }
        let started = config::initialize(self, library, line)?;
        let Started::Running { program, early, .. } = &started else { return Ok(started) };
        // Has nothing to start, but makes PyO3 forget a thread that attached too early: that panicked,
        // and would have every later `attach` panic (pyo3-0.30.1, `wait_for_initialization`).
        Python::initialize();
        // SAFETY: `initialize` left this thread attached; from here on, `Python::attach` does it.
        unsafe { ffi::PyEval_SaveThread() };
        Python::attach(|py| {
            self.install(py, library, early)?;
            Process::current().announce(py, program)
        })
        .map_err(|error| Error::start(None, error.to_string()))?;
        begun.done();
        Ok(started)
    }

    fn install(&self, py: Python<'_>, library: Library, early: &[&str]) -> PyResult<()> {
        end::prepare(py)?;
        streams::remove_closed(py)?;
        // PyO3 makes this class when it takes the first exception. If that were a `MemoryError`, it would
        // wait for itself forever (pyo3-0.30.1, `PyErr::take`).
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
