//! Files of a bundle for code that deals in paths: `open(os.path.join(os.path.dirname(__file__), "x"))`.
//!
//! [`serve`] puts functions of our own in the place of these. For a path below the bundle's virtual
//! root they answer from the bundle; anything else goes to the function that was there before.
//!
//! | function | answers, for a path in the bundle |
//! |---|---|
//! | `open`, `io.open` | a stream for reading |
//! | `os.stat`, `os.lstat` | size, kind, and the times of the executable |
//! | `os.access` | everything may be read, nothing written |
//! | `os.listxattr` | none |
//! | `os.listdir`, `os.scandir` | what a directory holds |
//!
//! `os.path`, `pathlib`, `glob`, `shutil` and `os.walk` are Python code on top of them. C code that
//! opens files by itself sees nothing, nor do other processes.

mod locate;
mod open;
mod scan;
mod stat;

use std::{ffi::CStr, sync::Arc};

use pyo3::{
    exceptions::PyOSError,
    prelude::*,
    types::{PyCFunction, PyDict, PySet, PyTuple},
};

use crate::{mount::Mount, resources::BundlePath};
use locate::locate;

/// A function that is replaced.
struct Row {
    /// Where it stands; all places hold the same function.
    places: &'static [&'static str],
    name: &'static CStr,
    doc: &'static CStr,
    /// Its first parameter.
    path: &'static str,
    answer: Answer,
}

type Answer = for<'py> fn(&Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>>;

const ROWS: &[Row] = &[
    Row {
        places: &["io", "builtins"],
        name: c"open",
        doc: c"open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)\n--\n\nOpens a file, also of a bundle.",
        path: "file",
        answer: open::open,
    },
    Row {
        places: &["os"],
        name: c"stat",
        doc: c"stat(path, *, dir_fd=None, follow_symlinks=True)\n--\n\nos.stat, also for files of a bundle.",
        path: "path",
        answer: stat::stat,
    },
    Row {
        places: &["os"],
        name: c"lstat",
        doc: c"lstat(path, *, dir_fd=None)\n--\n\nos.lstat, also for files of a bundle.",
        path: "path",
        answer: stat::stat,
    },
    Row {
        places: &["os"],
        name: c"access",
        doc: c"access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)\n--\n\nos.access, also for files of a bundle.",
        path: "path",
        answer: stat::access,
    },
    Row {
        places: &["os"],
        name: c"listxattr",
        doc: c"listxattr(path=None, *, follow_symlinks=True)\n--\n\nos.listxattr, also for files of a bundle.",
        path: "path",
        answer: stat::listxattr,
    },
    Row {
        places: &["os"],
        name: c"listdir",
        doc: c"listdir(path=None)\n--\n\nos.listdir, also for directories of a bundle.",
        path: "path",
        answer: scan::listdir,
    },
    Row {
        places: &["os"],
        name: c"scandir",
        doc: c"scandir(path=None)\n--\n\nos.scandir, also for directories of a bundle.",
        path: "path",
        answer: scan::scandir,
    },
];

/// Modules that keep `open` under a name of their own, where they were imported before.
const KEEPERS: &[(&str, &str)] =
    &[("tokenize", "_builtin_open"), ("bz2", "_builtin_open"), ("lzma", "_builtin_open")];

/// Sets of functions by which code asks what the system can do (`shutil.rmtree` is safe against
/// races only if `os.stat` and `os.scandir` are in them).
const ABILITIES: &[&str] =
    &["supports_dir_fd", "supports_effective_ids", "supports_fd", "supports_follow_symlinks"];

/// One call for a path in the bundle.
struct Call<'a, 'py> {
    py: Python<'py>,
    target: BundlePath,
    /// The path as it was given.
    path: Bound<'py, PyAny>,
    args: &'a Bound<'py, PyTuple>,
    kwargs: Option<&'a Bound<'py, PyDict>>,
}

/// The `os.stat_result` of a file or directory of the bundle, `None` if nothing is there.
pub(crate) fn state<'py>(
    py: Python<'py>,
    path: &BundlePath,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    stat::of(py, path)
}

/// The `os.stat_result` of an empty file at this path.
pub(crate) fn state_of_absent<'py>(
    py: Python<'py>,
    path: &BundlePath,
) -> PyResult<Bound<'py, PyAny>> {
    stat::result(py, path, stat::FILE, 0)
}

/// Replaces the functions; a second bundle's stand before those of the first.
pub(crate) fn serve(py: Python<'_>, mount: &Arc<Mount>) -> PyResult<()> {
    let os = py.import("os")?;
    let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
    for row in ROWS {
        let name = &*row.name.to_string_lossy();
        // Not every system has every function.
        let Ok(original) = py.import(row.places[0])?.getattr(name) else { continue };
        let replacement = replacement(&original, row, mount)?;
        for place in row.places {
            py.import(*place)?.setattr(name, &replacement)?;
        }
        for (module, attribute) in KEEPERS {
            let Some(module) = modules.get_item(module)? else { continue };
            if module.getattr(*attribute).is_ok_and(|kept| kept.is(&original)) {
                module.setattr(*attribute, &replacement)?;
            }
        }
        for ability in ABILITIES {
            let able = os.getattr(*ability)?.cast_into::<PySet>()?;
            if able.contains(&original)? {
                able.add(&replacement)?;
            }
        }
    }
    Ok(())
}

fn replacement<'py>(
    original: &Bound<'py, PyAny>,
    row: &'static Row,
    mount: &Arc<Mount>,
) -> PyResult<Bound<'py, PyCFunction>> {
    let (before, mount) = (original.clone().unbind(), Arc::clone(mount));
    let function = move |args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>| {
        let py = args.py();
        let path = match args.get_item(0) {
            Ok(path) => Some(path),
            Err(_) => kwargs.map(|kwargs| kwargs.get_item(row.path)).transpose()?.flatten(),
        };
        let target = path.as_ref().and_then(|path| locate(&mount, path));
        match (path, target) {
            (Some(path), Some(target)) => {
                (row.answer)(&Call { py, target, path, args, kwargs }).map(Bound::unbind)
            }
            _ => before.bind(py).call(args, kwargs).map(Bound::unbind),
        }
    };
    PyCFunction::new_closure(original.py(), Some(row.name), Some(row.doc), function)
}

impl<'py> Call<'_, 'py> {
    /// The argument at this position, or of this name.
    fn argument(&self, position: usize, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.args.get_item(position) {
            Ok(argument) => Ok(Some(argument)),
            Err(_) => self.kwargs.map_or(Ok(None), |kwargs| kwargs.get_item(name)),
        }
    }

    /// An `OSError`, by its number's subclass, with the message that the system has for it.
    ///
    /// Without an import: `linecache` asks for files that aren't there while Python shuts down.
    fn error(&self, number: i32) -> PyErr {
        let text = std::io::Error::from_raw_os_error(number).to_string();
        // Rust appends the number.
        let message = text.split(" (os error ").next().unwrap_or_default().to_owned();
        PyOSError::new_err((number, message, self.path.clone().unbind()))
    }

    /// The error for a path at which nothing is.
    fn missing(&self) -> PyErr {
        let mut above = self.target.clone();
        while !above.is_root() {
            above = above.above();
            if above.is_file().unwrap_or(false) {
                return self.error(errno::NOT_A_DIRECTORY);
            }
        }
        self.error(errno::NOT_FOUND)
    }
}

/// Numbers of errors, the same on all systems that Python runs on.
mod errno {
    pub(super) use crate::resources::{IS_A_DIRECTORY, NOT_A_DIRECTORY, NOT_FOUND};

    /// `EROFS`.
    pub(super) const READ_ONLY: i32 = 30;
}
