//! Extension modules of a bundle: makes importlib's `ExtensionFileLoader` accept paths in a bundle.
//!
//! ```text
//! ExtensionFileLoader("pkg._fast", "/bin/tool/app/pkg/_fast.abi3.so").create_module(spec)
//!     spec.origin = "/proc/self/fd/././/5"          opened by the dynamic linker, remembered by CPython
//!     _imp.create_dynamic(spec)
//!     spec.origin = module.__file__ = "/bin/tool/app/pkg/_fast.abi3.so"
//! ```
//!
//! The class stays importlib's own, since code looks for it. Its `create_module` is replaced once
//! per interpreter, like the methods in [`files`](super::files).

use std::{ffi::CString, fmt, path::Path};

use include_py_bundle::{Absent, Module};
use pyo3::{
    exceptions::PyImportError,
    intern,
    prelude::*,
    types::{PyCFunction, PyDict, PyString, PyTuple},
};

use super::{Importlib, class, completion, files, method::method, mounts, spec, store::Store};
use crate::{
    mount::Mount,
    native::{self, Flags},
    resources::BundlePath,
};

/// Replaces `ExtensionFileLoader.create_module`.
pub(super) fn extend(external: &Bound<'_, PyModule>) -> PyResult<()> {
    let class = external.getattr("ExtensionFileLoader")?;
    let original = class.getattr("create_module")?.unbind();
    let function = move |args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>| {
        create_module(original.bind(args.py()), args, kwargs).map(Bound::unbind)
    };
    let function = PyCFunction::new_closure(
        external.py(),
        Some(c"create_module"),
        Some(c"create_module(self, spec)\n--\n\nCreates an extension module, also of a bundle."),
        function,
    )?;
    class.setattr("create_module", method(&function)?)
}

/// The spec of a module in machine code whose file has this virtual path.
pub(super) fn spec<'py>(
    importlib: &Importlib,
    fullname: &Bound<'py, PyString>,
    module: &Module<'_>,
    file: &str,
    store: &Bound<'py, Store>,
) -> PyResult<Bound<'py, PyAny>> {
    let name = fullname.to_str()?;
    let spec = spec_at(importlib, fullname, file, package(module, name, file))?;
    if !is_installed(store.get().mount()) {
        // No other code can find the bundle by the path.
        spec.getattr(intern!(store.py(), "loader"))?.setattr(class::STORE, store)?;
    }
    if let Some(complete) = completion::of(name) {
        completion::later(&spec, complete)?;
    }
    Ok(spec)
}

/// The spec of a module that was left out; importing it raises an error with the reason.
pub(super) fn absent<'py>(
    py: Python<'py>,
    importlib: &Importlib,
    mount: &Mount,
    absent: &Absent<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let name = PyString::new(py, absent.name());
    spec_at(importlib, &name, &mount.outer(absent.path()), None)
}

fn spec_at<'py>(
    importlib: &Importlib,
    name: &Bound<'py, PyString>,
    file: &str,
    search: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = name.py();
    let origin = PyString::new(py, file).into_any();
    let external = py.import(intern!(py, "_frozen_importlib_external"))?;
    let loader = external.getattr(intern!(py, "ExtensionFileLoader"))?.call1((name, &origin))?;
    let spec = importlib.module_spec(name, Some(&loader), Some(&origin), search)?;
    spec.setattr(intern!(py, "has_location"), true)?;
    Ok(spec)
}

/// The directory of a package.
fn package<'f>(module: &Module<'_>, name: &str, file: &'f str) -> Option<&'f str> {
    let is_package = module.kind().is_regular_package() && super::names::tail(name) != "__init__";
    is_package.then(|| spec::directory(file))
}

fn is_installed(mount: &Mount) -> bool {
    mounts::locate(mount.root()).is_some_and(|root| std::ptr::eq(&raw const **root.mount(), mount))
}

/// `ExtensionFileLoader.create_module(self, spec)`.
fn create_module<'py>(
    original: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = original.py();
    let before = || original.call(args, kwargs);
    let (Ok(loader), Ok(spec)) = (args.get_item(0), args.get_item(1)) else { return before() };
    let Some(path) = files::text_of(&loader.getattr(intern!(py, "path"))?) else { return before() };
    let fullname = loader.getattr(intern!(py, "name"))?;
    let fullname = fullname.cast::<PyString>()?.to_str()?;
    let Some(place) = files::place_for(&loader, &path)? else {
        if let Some(place) = mounts::unpacked(Path::new(path.to_str()?)) {
            native::load_needs(py, place.mount(), place.inner())
                .map_err(|fault| unloaded(py, fullname, &place, &fault))?;
        }
        return before();
    };
    let name = name(py, &place, fullname)?;
    let name = name.to_str().map_err(|error| PyImportError::new_err(error.to_string()))?;
    let attribute = intern!(py, "origin");
    let origin = spec.getattr(attribute)?;
    spec.setattr(attribute, name)?;
    let created = before();
    spec.setattr(attribute, &origin)?;
    let module = created.map_err(|error| renamed(py, error, name, &path))?;
    let file = intern!(py, "__file__");
    // Set by CPython (`import.c: import_run_extension`, 3.13) or by the module.
    if module.getattr_opt(file)?.is_some_and(|file| file.eq(name).unwrap_or(false)) {
        module.setattr(file, &path)?;
    }
    Ok(module)
}

/// The name by which the dynamic linker knows the module's file.
fn name(py: Python<'_>, place: &BundlePath, fullname: &str) -> PyResult<CString> {
    let (mount, inner) = (place.mount(), place.inner());
    let bundle = mount.bundle();
    for absent in bundle.absent_modules() {
        let absent = absent.map_err(|error| mount.damaged(py, fullname, error))?;
        if absent.path() == inner {
            let message = format!(
                "module `{fullname}` isn't in bundle `{}`: its file `{inner}` was left out when the \
                 bundle was built, since {}",
                bundle.name(),
                absent.reason()
            );
            return Err(error(py, fullname, &place.outer(), message));
        }
    }
    let flags = py.import(intern!(py, "sys"))?.call_method0(intern!(py, "getdlopenflags"));
    // Windows has no such flags.
    let flags = flags.and_then(|flags| flags.extract()).unwrap_or_default();
    let why = match native::load(py, mount, inner, Flags::new(flags)) {
        Ok(Some(name)) => return Ok(name),
        Ok(None) => "it isn't an extension module that was bundled".to_owned(),
        Err(fault) => with_remedy(fault.to_string()),
    };
    Err(unloaded(py, fullname, place, &why))
}

/// What the dynamic linker says, and what to do about a library that it doesn't find (glibc's
/// dl-load.c: `_dl_map_object`, 2.36).
fn with_remedy(said: String) -> String {
    let name = said.split_once(": cannot open shared object file: No such file");
    match name.and_then(|(name, _)| name.rsplit(' ').next()) {
        Some(name) if !name.contains('/') => format!(
            "{said}; `{name}` must be on this machine: `include-py inspect` lists what a program needs \
             from the system, and `Bundle::system_libraries` bundles what isn't part of glibc"
        ),
        _ => said,
    }
}

fn unloaded(py: Python<'_>, fullname: &str, place: &BundlePath, why: &dyn fmt::Display) -> PyErr {
    let (inner, bundle) = (place.inner(), place.mount().bundle());
    let bundle = bundle.name();
    let message =
        format!("module `{fullname}` can't be loaded from `{inner}` in bundle `{bundle}`: {why}");
    error(py, fullname, &place.outer(), message)
}

/// An `ImportError` as CPython raises it for a file.
fn error(py: Python<'_>, name: &str, path: &str, message: String) -> PyErr {
    let error = PyImportError::new_err(message);
    // Failing to annotate an error must not hide it.
    let _ = error.value(py).setattr("name", name);
    let _ = error.value(py).setattr("path", path);
    error
}

/// CPython's error, with the virtual path instead of the name in memory.
fn renamed(py: Python<'_>, error: PyErr, name: &str, path: &Bound<'_, PyString>) -> PyErr {
    let value = error.value(py);
    if error.is_instance_of::<PyImportError>(py)
        && value.getattr("path").is_ok_and(|path| path.eq(name).unwrap_or(false))
    {
        let _ = value.setattr("path", path);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::with_remedy;

    #[test]
    fn a_library_that_is_missing_is_named_with_the_remedy() {
        let said = "libz.so.1: cannot open shared object file: No such file or directory";
        let message = with_remedy(said.to_owned());
        assert!(message.starts_with(&format!("{said}; `libz.so.1` must be on")), "{message}");
        for other in [
            "/tmp/x.so: undefined symbol: a",
            "/tmp/x.so: cannot open shared object file: No such file",
        ] {
            assert_eq!(with_remedy(other.to_owned()), other);
        }
    }
}
