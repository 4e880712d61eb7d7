//! The library's tools that look for source files: breakpoints of `pdb`, discovery of `unittest`.
//!
//! `unittest.TestLoader().discover("app.tests")` lists the package's directory, and
//! `break app.cli:7` asks whether the module's file exists. Both work without served files, too:
//! these modules get their own copy of `os`, in which a few functions know the bundles.

use pyo3::{
    intern,
    prelude::*,
    types::{PyCFunction, PyDict, PyTuple},
};

use super::{files::text_of, mounts};
use crate::resources::BundlePath;

/// A question about a path that doesn't exist on disk.
type Question = fn(&BundlePath) -> PyResult<bool>;

/// The functions of `os.path`.
const QUESTIONS: [(&str, Question); 3] = [
    ("exists", |path| Ok(path.size()?.is_some())),
    ("isfile", BundlePath::is_file),
    ("isdir", BundlePath::is_directory),
];

/// Lets a module that has just been imported find the bundles' directories and files.
pub(super) fn complete(module: &Bound<'_, PyAny>) -> PyResult<()> {
    let (py, name) = (module.py(), intern!(module.py(), "os"));
    let os = py.import(name)?;
    // Otherwise this has been done, or the module doesn't use `os` in this version of Python.
    if !module.getattr_opt(name)?.is_some_and(|used| used.is(&os)) {
        return Ok(());
    }
    let own = copy(&os)?;
    let path = copy(os.getattr("path")?.cast()?)?;
    for (name, question) in QUESTIONS {
        let answer = move |args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>| {
            ask(name, question, args, kwargs).map(Bound::unbind)
        };
        path.setattr(name, PyCFunction::new_closure(py, None, None, answer)?)?;
    }
    own.setattr("path", path)?;
    own.setattr("listdir", PyCFunction::new_closure(py, Some(c"listdir"), None, listdir)?)?;
    module.setattr(name, own)
}

fn copy<'py>(module: &Bound<'py, PyModule>) -> PyResult<Bound<'py, PyModule>> {
    let own = PyModule::new(module.py(), module.name()?.to_str()?)?;
    own.dict().update(module.dict().as_mapping())?;
    Ok(own)
}

/// The answer of the current function of `os.path`, or of the bundles if that is no.
fn ask<'py>(
    name: &str,
    question: Question,
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = args.py();
    let answer = py.import("os")?.getattr("path")?.getattr(name)?.call(args, kwargs)?;
    if answer.is_truthy()? {
        return Ok(answer);
    }
    match bundled(args) {
        Some(path) => Ok(question(&path)?.into_pyobject(py)?.to_owned().into_any()),
        None => Ok(answer),
    }
}

fn listdir(args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<Py<PyAny>> {
    let py = args.py();
    match bundled(args) {
        Some(path) if path.is_directory()? => {
            let names: Vec<String> =
                path.children()?.iter().map(|child| child.name().to_owned()).collect();
            Ok(names.into_pyobject(py)?.unbind())
        }
        _ => py.import("os")?.getattr("listdir")?.call(args, kwargs).map(Bound::unbind),
    }
}

/// The first argument, if it leads into a bundle.
fn bundled(args: &Bound<'_, PyTuple>) -> Option<BundlePath> {
    let path = text_of(&args.get_item(0).ok()?)?;
    mounts::locate(path.to_str().ok()?)
}
