//! Libraries of a bundle for `ctypes` and `cffi`: their functions that load one take a path in a
//! bundle, too.
//!
//! | called | replaced |
//! |---|---|
//! | `ctypes.CDLL(path)` | `ctypes._dlopen` |
//! | `cffi.FFI().dlopen(path)` | `_cffi_backend.load_library` |
//! | `ffi.dlopen(path)` of a module that cffi has written | `_cffi_backend.FFI`, by a class derived from it |
//!
//! The path may be that of a copy, too, which `importlib.resources.as_file` has made: what the
//! library needs isn't beside the copy.

use std::{ffi::CStr, path::Path};

use pyo3::{
    exceptions::PyOSError,
    intern,
    prelude::*,
    types::{PyCFunction, PyDict, PyTuple},
};

use super::{files, method::method, mounts};
use crate::{
    native::{self, Flags},
    resources,
};

const DOC: &CStr = c"Opens a shared library, also of a bundle.";

/// Has `ctypes.CDLL` load libraries of bundles.
pub(super) fn complete_ctypes(module: &Bound<'_, PyAny>) -> PyResult<()> {
    let Some(original) = open_function(module, "_dlopen")? else { return Ok(()) };
    module.setattr("_dlopen", opener(original, 0)?)
}

/// Has `cffi`'s `FFI.dlopen` load libraries of bundles.
pub(super) fn complete_cffi(module: &Bound<'_, PyAny>) -> PyResult<()> {
    let Some(original) = open_function(module, "load_library")? else { return Ok(()) };
    module.setattr("load_library", opener(original, 0)?)?;
    let py = module.py();
    let Some(class) = module.getattr_opt("FFI")? else { return Ok(()) };
    let members = PyDict::new(py);
    members.set_item("__module__", class.getattr("__module__")?)?;
    members.set_item("__doc__", class.getattr("__doc__")?)?;
    members.set_item("__slots__", PyTuple::empty(py))?;
    members.set_item("dlopen", method(&opener(class.getattr("dlopen")?, 1)?)?)?;
    let bases = PyTuple::new(py, [&class])?;
    let derived = py.get_type::<pyo3::types::PyType>().call1(("FFI", bases, members))?;
    module.setattr("FFI", derived)
}

/// The module's function, unless it was replaced already.
fn open_function<'py>(
    module: &Bound<'py, PyAny>,
    attribute: &str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(original) = module.getattr_opt(attribute)? else { return Ok(None) };
    let doc = original.getattr_opt(intern!(module.py(), "__doc__"))?;
    let is_ours = doc.is_some_and(|doc| doc.eq(DOC.to_string_lossy()).unwrap_or(false));
    Ok((!is_ours).then_some(original))
}

/// The function in the place of one whose argument `at` is the path of a library, and the next one
/// its flags.
fn opener(original: Bound<'_, PyAny>, at: usize) -> PyResult<Bound<'_, PyCFunction>> {
    let py = original.py();
    let before = original.unbind();
    let function = move |args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>| {
        let before = before.bind(args.py());
        match library(args, at)? {
            Some(args) => before.call(args, kwargs).map(Bound::unbind),
            None => before.call(args, kwargs).map(Bound::unbind),
        }
    };
    PyCFunction::new_closure(py, Some(c"dlopen"), Some(DOC), function)
}

/// The arguments with the name by which the library is known; `None` for one that is in no bundle.
fn library<'py>(args: &Bound<'py, PyTuple>, at: usize) -> PyResult<Option<Bound<'py, PyTuple>>> {
    let py = args.py();
    let Ok(path) = args.get_item(at) else { return Ok(None) };
    let Some(text) = files::text_of(&path) else { return Ok(None) };
    let copied = || resources::original(text.to_str().ok()?);
    let refused = |fault: native::Fault| PyOSError::new_err(format!("{text}: {fault}"));
    let Some(place) = files::place(&text).or_else(copied) else {
        if let Some(place) = text.to_str().ok().and_then(|text| mounts::unpacked(Path::new(text))) {
            native::load_needs(py, place.mount(), place.inner()).map_err(refused)?;
        }
        return Ok(None);
    };
    let flags = args.get_item(at + 1).and_then(|flags| flags.extract()).unwrap_or_default();
    let name = native::load(py, place.mount(), place.inner(), Flags::new(flags));
    let Some(name) = name.map_err(refused)? else { return Ok(None) };
    let (before, rest) = (args.get_slice(0, at), args.get_slice(at + 1, args.len()));
    let name = PyTuple::new(py, [name.to_string_lossy()])?;
    Ok(Some(before.add(name)?.add(rest)?.cast_into()?))
}
