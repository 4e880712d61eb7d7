//! A bundle at its virtual root.
//!
//! `/opt/bin/tool` with a bundle `app` has the root `/opt/bin/tool/app`. This path can't exist on
//! disk, since its parent is a file, so it isn't confused with a real one.

mod current_directory;
mod locate;
mod sourceless;

use std::{
    borrow::Cow,
    env,
    path::{MAIN_SEPARATOR, MAIN_SEPARATOR_STR, Path},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use include_py_bundle::{Bundle, File, Module, ModuleKind, Node};
use pyo3::{PyErr, PyResult, Python, exceptions::PyImportError, prelude::*};

pub(crate) use current_directory::{current_directory, set_current_directory};
pub(crate) use sourceless::Compiled;

use crate::{
    Error,
    content::Content,
    fit::{self, Fit},
    native::NativeModules,
    unpack::{self, Unpack},
};

/// The file names in code objects: `co_filename`, which tracebacks, warnings and debuggers show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileNames {
    /// The path in the bundle, `app/cli.py`: it is the same on every machine, so tracebacks don't
    /// reveal where the program is. It differs from `__file__`, which has effects on code that
    /// compares the two: `inspect.getmodule(frame)` finds nothing, `importlib.resources.files()`
    /// without argument finds another package, and a file with this name in the current directory
    /// is taken for the source.
    Built,
    /// The virtual path, `/opt/bin/tool/app/app/cli.py`, which equals the module's `__file__`, as
    /// for modules from files.
    #[default]
    Virtual,
}

/// An opened bundle, the target that fits this process, and the virtual root.
#[derive(Debug)]
pub(crate) struct Mount {
    content: Arc<Content>,
    fit: Fit,
    root: String,
    file_names: FileNames,
    /// `None` if no part of the bundle is unpacked.
    unpack: Option<Unpack>,
    /// The directory for machine code that is loaded from files.
    libraries: Unpack,
    /// Whether all machine code is loaded from files.
    from_cache: AtomicBool,
}

/// The source of a module's code object.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Code<'a> {
    /// Marshalled bytecode for the running interpreter.
    Bytecode(&'a [u8]),
    /// Source code, since the bundle has no bytecode for the interpreter.
    Source(File<'a>),
}

impl Mount {
    /// Mounts the bundle at `root`; it must fit the running interpreter.
    pub(crate) fn new(
        py: Python<'_>,
        content: Arc<Content>,
        root: String,
        file_names: FileNames,
    ) -> Result<Self, Error> {
        let fit = fit::for_interpreter(py, &content.bundle())?;
        let unpacked = !content.bundle().unpacked().is_empty();
        let unpack = unpacked.then(Unpack::default);
        let (libraries, from_cache) = (Unpack::default(), AtomicBool::new(false));
        Ok(Self { content, fit, root, file_names, unpack, libraries, from_cache })
    }

    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    pub(crate) fn file_names(&self) -> FileNames {
        self.file_names
    }

    pub(crate) fn bundle(&self) -> Bundle<'_> {
        self.content.bundle()
    }

    pub(crate) fn content(&self) -> &Content {
        &self.content
    }

    /// The module with this full name.
    pub(crate) fn module(&self, py: Python<'_>, name: &str) -> PyResult<Option<Module<'_>>> {
        self.bundle().module(name).map_err(|error| self.damaged(py, name, error))
    }

    /// The file or directory at a path inside the bundle; the root is the empty path.
    pub(crate) fn node(&self, path: &str) -> PyResult<Option<Node<'_>>> {
        let bundle = self.bundle();
        bundle.node(path).map_err(|error| Error::damaged(bundle.name(), error).into())
    }

    /// The source of the module's code object.
    pub(crate) fn code<'a>(&self, py: Python<'_>, module: &Module<'a>) -> PyResult<Code<'a>> {
        let (name, bundle) = (module.name(), self.bundle().name());
        let code = match self.fit {
            Fit::Bytecode(target) => module.code(target).map(Code::Bytecode),
            Fit::Source => module.source().map(Code::Source),
        };
        code.ok_or_else(|| {
            let message = if module.kind() == ModuleKind::Namespace {
                format!("namespace package `{name}` has no code")
            } else if module.kind().is_native() {
                format!("module `{name}` is machine code and has no code object")
            } else {
                format!(
                    "module `{name}` in bundle `{bundle}` has neither bytecode for {} nor source: \
                     build the bundle with `Bundle::also_for` that interpreter, or with its source",
                    fit::running()
                )
            };
            self.import_error(py, name, message)
        })
    }

    /// Whether the module, file or directory at this path in the bundle is imported from real
    /// files.
    pub(crate) fn is_unpacked(&self, inner: &str) -> PyResult<bool> {
        if self.unpack.is_none() {
            return Ok(false);
        }
        let bundle = self.bundle();
        bundle.unpacked().holds(inner).map_err(|error| Error::damaged(bundle.name(), error).into())
    }

    /// The real directory that corresponds to the bundle's root and contains everything that is
    /// unpacked; `module` is the name for error messages.
    pub(crate) fn unpack(&self, py: Python<'_>, module: &str) -> PyResult<&Path> {
        let bundle = self.bundle();
        let target = match self.fit {
            Fit::Bytecode(target) => Some(target),
            Fit::Source => None,
        };
        let unpack = self.unpack.as_ref().ok_or("nothing of it is to be");
        let directory = unpack.map_err(ToString::to_string).and_then(|unpack| {
            unpack.directory(py, &bundle, target).map_err(|fault| fault.to_string())
        });
        directory.map_err(|why| {
            let name = bundle.name();
            let message = format!("module `{module}` of bundle `{name}` can't be unpacked: {why}");
            self.import_error(py, module, message)
        })
    }

    /// The directory with the bundle's machine code, which is written and checked if necessary.
    pub(crate) fn unpack_libraries(&self, py: Python<'_>) -> Result<&Path, unpack::Fault> {
        self.libraries.libraries(py, &self.bundle())
    }

    /// The place from which the bundle's machine code is loaded.
    pub(crate) fn native_modules(&self) -> NativeModules {
        if self.from_cache.load(Ordering::Relaxed) {
            NativeModules::Cache
        } else {
            NativeModules::Memory
        }
    }

    /// Sets the place from which the bundle's machine code is loaded, unless it is already loaded.
    pub(crate) fn load_native_modules_from(&self, place: NativeModules) {
        self.from_cache.store(place == NativeModules::Cache, Ordering::Relaxed);
    }

    /// The optimisation level of the bytecode, if there is bytecode for this interpreter.
    pub(crate) fn optimization(&self) -> Option<u8> {
        match self.fit {
            Fit::Bytecode(target) => Some(self.bundle().targets().nth(target)?.optimize()),
            Fit::Source => None,
        }
    }

    /// The result of [`unpack`](Self::unpack), if something has been unpacked already.
    pub(crate) fn unpacked(&self) -> Option<&Path> {
        self.unpack.as_ref()?.done()
    }

    /// The virtual path of a path inside the bundle.
    pub(crate) fn outer(&self, inner: &str) -> String {
        below(&self.root, inner)
    }

    /// The path inside the bundle of a virtual path in the spelling of [`outer`](Self::outer);
    /// `None` for any other path. [`locate`](Self::locate) accepts every spelling.
    pub(crate) fn inner<'p>(&self, path: &'p str) -> Option<Cow<'p, str>> {
        let rest = path.strip_prefix(self.root.as_str())?;
        let Some(rest) = rest.strip_prefix(MAIN_SEPARATOR) else {
            return rest.is_empty().then_some(Cow::Borrowed(""));
        };
        let rest = rest.trim_end_matches(MAIN_SEPARATOR);
        Some(if MAIN_SEPARATOR == '/' {
            Cow::Borrowed(rest)
        } else {
            Cow::Owned(rest.replace(MAIN_SEPARATOR, "/"))
        })
    }

    /// An `ImportError` with its `name` set, as importlib raises it.
    pub(crate) fn import_error(&self, py: Python<'_>, module: &str, message: String) -> PyErr {
        let error = PyImportError::new_err(message);
        // Failing to annotate an error must not hide it.
        let _ = error.value(py).setattr("name", module);
        let _ = error.value(py).setattr("path", &self.root);
        error
    }

    /// The error for a module whose entry or payload can't be read.
    pub(crate) fn damaged(
        &self,
        py: Python<'_>,
        module: &str,
        reason: impl std::fmt::Display,
    ) -> PyErr {
        let message =
            format!("module `{module}` in bundle `{}` is damaged: {reason}", self.bundle().name());
        self.import_error(py, module, message)
    }
}

/// The virtual root of the bundle `name`.
///
/// It is an identifier and isn't opened, so bytes of the executable's path that can't be decoded
/// are replaced.
pub(crate) fn root(name: &str) -> String {
    match executable().or_else(|| env::args_os().next().map(Into::into)) {
        Some(path) => format!("{}{MAIN_SEPARATOR}{name}", path.to_string_lossy()),
        None => format!("{MAIN_SEPARATOR}{name}"),
    }
}

#[cfg(unix)]
fn executable() -> Option<std::path::PathBuf> {
    crate::process::Process::current().executable().map(Into::into)
}

#[cfg(not(unix))]
fn executable() -> Option<std::path::PathBuf> {
    env::current_exe().ok()
}

/// A path inside a bundle, below a root.
pub(crate) fn below(root: &str, inner: &str) -> String {
    if inner.is_empty() {
        return root.to_owned();
    }
    let mut path = String::with_capacity(root.len() + 1 + inner.len());
    path.push_str(root);
    path.push(MAIN_SEPARATOR);
    path.push_str(&native(inner));
    path
}

/// A path inside the bundle with the system's separators.
fn native(inner: &str) -> Cow<'_, str> {
    if MAIN_SEPARATOR == '/' {
        Cow::Borrowed(inner)
    } else {
        Cow::Owned(inner.replace('/', MAIN_SEPARATOR_STR))
    }
}
