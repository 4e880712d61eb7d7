//! Makes importlib's own classes for files work on paths in a bundle.
//!
//! | replaced | effect for a path in a bundle |
//! |---|---|
//! | `FileLoader.get_data` | `SourceFileLoader(name, path)` and its subclasses can read the source |
//! | `FileLoader.get_resource_reader` | their modules have resources |
//! | `_path_stat` | they get its size and time; `FileFinder.path_hook` accepts directories |
//! | `FileFinder._fill_cache` | such a finder finds modules in them |
//! | `io.open_code` | `runpy.run_path` works |
//!
//! Import hooks use these classes, and so does `spec_from_file_location`. For other paths the
//! replacements call the original functions. Other code isn't affected: `open` and `os` are
//! unchanged unless [files are served](crate::files).
//!
//! If a loader looks for a `.pyc` file, it gets one that is made from the bundle's bytecode.

use std::{ffi::CStr, path::Path};

use include_py_bundle::{ModuleKind, package_name};
use pyo3::{
    exceptions::{PyFileNotFoundError, PyOSError},
    intern,
    prelude::*,
    types::{PyBytes, PyCFunction, PyDict, PySet, PyString, PyTuple},
};

use super::{bytecode, class, method::method, mounts, native, spec, store};
use crate::{
    files,
    resources::{BundlePath, IS_A_DIRECTORY, NOT_FOUND, Reader},
};

/// The attribute of `_frozen_importlib_external` that marks it as extended. It holds importlib's
/// own `SourceLoader.source_to_code`.
pub(super) const DONE: &str = "_include_py";

/// A function or method that is replaced.
struct Row {
    name: &'static CStr,
    doc: &'static CStr,
    answer: Answer,
}

/// The answer for a path in a bundle; `None` if the original function has to answer.
type Answer = for<'py> fn(&Bound<'py, PyTuple>) -> PyResult<Option<Bound<'py, PyAny>>>;

const GET_DATA: Row = Row {
    name: c"get_data",
    doc: c"get_data(self, path)\n--\n\nThe bytes of a file, also of a bundle.",
    answer: get_data,
};
const GET_RESOURCE_READER: Row = Row { name: c"get_resource_reader", doc: c"get_resource_reader(self, name)\n--\n\nThe reader of the module's resources, also in a bundle.", answer: get_resource_reader };
const PATH_STAT: Row = Row {
    name: c"_path_stat",
    doc: c"_path_stat(path)\n--\n\nos.stat, also for files of a bundle.",
    answer: path_stat,
};
const FILL_CACHE: Row = Row {
    name: c"_fill_cache",
    doc: c"_fill_cache(self)\n--\n\nNotes what is in the directory, also in one of a bundle.",
    answer: fill_cache,
};
const OPEN_CODE: Row = Row {
    name: c"open_code",
    doc: c"open_code(path)\n--\n\nOpens a file with code, also of a bundle.",
    answer: open_code,
};

/// Replaces the functions and methods, once per interpreter.
pub(super) fn extend(external: &Bound<'_, PyModule>) -> PyResult<()> {
    if external.hasattr(DONE)? {
        return Ok(());
    }
    let py = external.py();
    for (class, row) in [
        ("FileLoader", &GET_DATA),
        ("FileLoader", &GET_RESOURCE_READER),
        ("FileFinder", &FILL_CACHE),
    ] {
        let class = external.getattr(class)?;
        let name = &*row.name.to_string_lossy();
        // Names outside CPython's public interface can be missing in the next version.
        let Some(original) = class.getattr_opt(name)? else { continue };
        class.setattr(name, method(&replacement(&original, row)?)?)?;
    }
    native::extend(external)?;
    if let Some(original) = external.getattr_opt("_path_stat")? {
        external.setattr("_path_stat", replacement(&original, &PATH_STAT)?)?;
    }
    let inner = py.import("_io")?;
    let open_code = replacement(&inner.getattr("open_code")?, &OPEN_CODE)?;
    inner.setattr("open_code", &open_code)?;
    // From 3.14 on, CPython starts without `io`, which takes the function from `_io` when it is
    // imported.
    let modules = py.import("sys")?.getattr("modules")?;
    if let Ok(io) = modules.get_item("io") {
        io.setattr("open_code", open_code)?;
    }
    external.setattr(DONE, external.getattr("SourceLoader")?.getattr("source_to_code")?)
}

fn replacement<'py>(
    original: &Bound<'py, PyAny>,
    row: &'static Row,
) -> PyResult<Bound<'py, PyCFunction>> {
    let before = original.clone().unbind();
    let function = move |args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>| match (row
        .answer)(
        args,
    )? {
        Some(answer) => Ok(answer.unbind()),
        None => before.bind(args.py()).call(args, kwargs).map(Bound::unbind),
    };
    PyCFunction::new_closure(original.py(), Some(row.name), Some(row.doc), function)
}

/// `FileLoader.get_data(self, path)`.
fn get_data<'py>(args: &Bound<'py, PyTuple>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = args.py();
    let (Ok(loader), Ok(path)) = (args.get_item(0), args.get_item(1)) else { return Ok(None) };
    let Some(text) = text_of(&path) else { return Ok(None) };
    let Some(place) = place_for(&loader, &text)? else { return Ok(None) };
    if place.is_file()? {
        return place.bytes(py).map(|bytes| Some(bytes.into_any()));
    }
    let mount = place.mount();
    if let Some(module) = bytecode::of_cache_path(py, mount, place.inner())? {
        if bytecode::may_be_taken(&loader, &module)? {
            if let Some(file) = mount.compiled(&module) {
                return Ok(Some(PyBytes::new(py, &file.bytes()).into_any()));
            }
        }
    }
    if Path::new(text.to_str()?).is_file() {
        // A volume can also be at the path of a directory.
        return Ok(None);
    }
    let message = if store::module_at(py, mount, place.inner())?.is_some() {
        format!(
            "the source isn't in bundle `{}`, which was built without: `Bundle::include_source(true)` \
             adds it",
            mount.bundle().name()
        )
    } else {
        "No such file or directory".to_owned()
    };
    Err(PyFileNotFoundError::new_err((NOT_FOUND, message, path.unbind())))
}

/// `FileLoader.get_resource_reader(self, name)`.
fn get_resource_reader<'py>(args: &Bound<'py, PyTuple>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = args.py();
    let (Ok(loader), Ok(name)) = (args.get_item(0), args.get_item(1)) else { return Ok(None) };
    let Some(path) = text_of(&loader.getattr(intern!(py, "path"))?) else { return Ok(None) };
    let Some(place) = place_for(&loader, &path)? else { return Ok(None) };
    // importlib's own method rejects the names of other modules.
    if !name.is_none() && loader.getattr(intern!(py, "name"))?.ne(&name)? {
        return Ok(None);
    }
    let directory = Bound::new(py, place.above())?;
    Ok(Some(Bound::new(py, Reader::new(directory.into_any().unbind()))?.into_any()))
}

/// `_path_stat(path)`.
fn path_stat<'py>(args: &Bound<'py, PyTuple>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = args.py();
    let Some(place) = args.get_item(0).ok().and_then(|path| place(&text_of(&path)?)) else {
        return Ok(None);
    };
    if let Some(result) = files::state(py, &place)? {
        return Ok(Some(result));
    }
    match store::module_at(py, place.mount(), place.inner())? {
        Some(_) => files::state_of_absent(py, &place).map(Some),
        None => Ok(None),
    }
}

/// `FileFinder._fill_cache(self)`: stores the names in the finder's directory.
fn fill_cache<'py>(args: &Bound<'py, PyTuple>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = args.py();
    let Ok(finder) = args.get_item(0) else { return Ok(None) };
    let path = finder.getattr(intern!(py, "path"))?;
    let Some(directory) = text_of(&path).and_then(|path| place(&path)) else { return Ok(None) };
    if !directory.is_directory()? {
        return Ok(None);
    }
    let (names, relaxed) = (PySet::empty(py)?, PySet::empty(py)?);
    for name in names_in(py, &directory)? {
        names.add(&name)?;
        relaxed.add(name.to_lowercase())?;
    }
    finder.setattr(intern!(py, "_path_cache"), names)?;
    finder.setattr(intern!(py, "_relaxed_path_cache"), relaxed)?;
    Ok(Some(py.None().into_bound(py)))
}

/// `io.open_code(path)`. For a module without source the stream contains its bytecode, which
/// `runpy` accepts from any file.
fn open_code<'py>(args: &Bound<'py, PyTuple>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = args.py();
    let Some(text) = args.get_item(0).ok().and_then(|path| text_of(&path)) else { return Ok(None) };
    let Some(place) = place(&text) else { return Ok(None) };
    if place.is_file()? {
        return place.stream(py).map(Some);
    }
    if let Some(module) = store::module_at(py, place.mount(), place.inner())? {
        if let Some(file) = place.mount().compiled(&module) {
            let bytes = PyBytes::new(py, &file.bytes());
            return py.import("_io")?.call_method1("BytesIO", (bytes,)).map(Some);
        }
    }
    if Path::new(text.to_str()?).exists() {
        // A volume can also be at the path of a directory.
        return Ok(None);
    }
    let number = if place.is_directory()? { IS_A_DIRECTORY } else { files::missing(&place) };
    Err(PyOSError::new_err((number, files::message(number), text.unbind())))
}

/// The location in a bundle of a path that a loader uses. A bundle's loader knows its bundle,
/// whether or not that is installed, and accepts paths relative to the root, as `zipimport` does.
pub(super) fn place_for(
    loader: &Bound<'_, PyAny>,
    path: &Bound<'_, PyString>,
) -> PyResult<Option<BundlePath>> {
    let Some(store) = class::store(loader)? else { return Ok(place(path)) };
    let mount = store.get().mount();
    let path = path.to_str()?;
    Ok(match mount.locate(path) {
        Some(inner) => Some(BundlePath::new(mount, &inner)),
        None if Path::new(path).is_absolute() => mounts::locate(path),
        None => Some(BundlePath::new(mount, "").child(path)),
    })
}

/// The location of a path in an installed bundle.
pub(super) fn place(path: &Bound<'_, PyString>) -> Option<BundlePath> {
    mounts::locate(path.to_str().ok()?)
}

/// The files and directories, including the files of modules whose source isn't in the bundle.
fn names_in(py: Python<'_>, directory: &BundlePath) -> PyResult<Vec<String>> {
    let mut names: Vec<String> =
        directory.children()?.iter().map(|child| child.name().to_owned()).collect();
    let (mount, package) = (directory.mount(), package_name(directory.inner()));
    if mount.module(py, &package)?.is_some_and(|module| module.kind() == ModuleKind::Package) {
        names.push("__init__.py".to_owned());
    }
    for module in mount.bundle().submodules(&package) {
        let module = module.map_err(|error| mount.damaged(py, &package, error))?;
        let path = match module.kind() {
            kind if kind.is_regular_package() => spec::directory(module.path()),
            _ => module.path(),
        };
        names.push(path.rsplit('/').next().unwrap_or(path).to_owned());
    }
    Ok(names)
}

/// The text of a `str`, or of an `os.PathLike` that returns one; `None` for other objects.
pub(super) fn text_of<'py>(path: &Bound<'py, PyAny>) -> Option<Bound<'py, PyString>> {
    let text = match path.cast::<PyString>() {
        Ok(text) => text.clone(),
        Err(_) => path
            .call_method0(intern!(path.py(), "__fspath__"))
            .ok()?
            .cast_into::<PyString>()
            .ok()?,
    };
    // A text that isn't valid UTF-8 is no path in a bundle.
    text.to_str().is_ok().then_some(text)
}
