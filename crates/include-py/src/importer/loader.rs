//! The methods in which a bundle's loader differs from importlib's `SourceFileLoader`.
//!
//! | method | in the bundle's loader |
//! |---|---|
//! | `exec_module`, `get_code` | use the bytecode in the bundle, unless a hook is active |
//! | `get_source` | returns `None` if the bundle has no source |
//! | `__reduce_ex__` | creates copies and pickles of the same class |
//!
//! The others are inherited. `get_data`, `path_stats` and `get_resource_reader` see the bundle
//! because [importlib's loaders for files](super::files) do.
//!
//! A hook is active if a subclass or the program has replaced one of the methods by which importlib
//! gets from a path to a code object. Then the bundle's bytecode is only used if the hook asks for
//! it.

use pyo3::{
    exceptions::{PyAttributeError, PyImportError},
    intern,
    prelude::*,
    types::{PyCFunction, PyDict, PyString},
    wrap_pyfunction,
};

use super::{class, completion, store::Store};

/// The functions that become methods of the class.
pub(super) fn functions(py: Python<'_>) -> PyResult<[Bound<'_, PyCFunction>; 5]> {
    Ok([
        wrap_pyfunction!(exec_module, py)?,
        wrap_pyfunction!(get_code, py)?,
        wrap_pyfunction!(get_source, py)?,
        wrap_pyfunction!(reduce, py)?,
        wrap_pyfunction!(repr, py)?,
    ])
}

/// Removes the `__cached__` that importlib derives from `__file__`: there is no such file.
pub(super) fn forget_cached(namespace: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = namespace.py();
    let namespace = namespace.cast::<PyDict>()?;
    let cached = intern!(py, "__cached__");
    if namespace.contains(cached)? { namespace.del_item(cached) } else { Ok(()) }
}

/// Runs the module's code in its namespace.
#[pyfunction]
#[pyo3(signature = (loader, module, /))]
fn exec_module(loader: &Bound<'_, PyAny>, module: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = module.py();
    let store = store(loader)?;
    let store = store.get();
    let import = store.collection().import(py);
    let importlib = store.importlib();
    let intact = store.is_intact(loader)?;
    if !intact {
        if let Some(replaced) = importlib.replaced_exec_module(py)? {
            return replaced.call1((loader, module)).map(drop);
        }
    }
    let namespace = module.getattr(intern!(py, "__dict__"))?;
    let bundled = if intact { bundled_code(store, loader)? } else { None };
    let code = if let Some((code, size)) = bundled {
        if let Some(import) = &import {
            import.has_code(size);
        }
        code
    } else {
        let name = module.getattr(intern!(py, "__name__"))?;
        let code = loader.call_method1(intern!(py, "get_code"), (&name,))?;
        if code.is_none() {
            let message = format!("cannot load module {} as there is no code", name.repr()?);
            return Err(PyImportError::new_err(message));
        }
        code
    };
    forget_cached(&namespace)?;
    importlib.exec(py, &code, &namespace)?;
    let name = loader.getattr(intern!(py, "name"))?;
    let name = name.cast::<PyString>().ok().and_then(|name| name.to_str().ok());
    name.and_then(completion::of).map_or(Ok(()), |complete| complete(module))
}

/// The module's code object (`importlib.abc.InspectLoader`).
#[pyfunction]
fn get_code<'py>(
    loader: &Bound<'py, PyAny>,
    fullname: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let store = store(loader)?;
    let store = store.get();
    check_name(loader, fullname)?;
    let intact = store.importlib().is_intact(loader)?;
    let bundled = if intact { bundled_code(store, loader)? } else { None };
    match bundled {
        Some((code, _)) => Ok(code),
        None => store.importlib().get_code(loader, fullname),
    }
}

/// The module's source text; `None` if the bundle has none.
#[pyfunction]
fn get_source<'py>(
    loader: &Bound<'py, PyAny>,
    fullname: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = loader.py();
    let store = store(loader)?;
    let store = store.get();
    check_name(loader, fullname)?;
    let (name, path) = (text(loader, intern!(py, "name"))?, text(loader, intern!(py, "path"))?);
    let module = store.module(py, name.to_str()?, path.to_str()?)?;
    if module.is_some_and(|module| module.source().is_none()) {
        return Ok(None);
    }
    store.importlib().get_source(loader, fullname).map(Some)
}

/// For `copy` and `pickle`: creates the same loader, wherever the bundle is.
#[pyfunction]
#[pyo3(name = "__reduce_ex__")]
fn reduce<'py>(
    loader: &Bound<'py, PyAny>,
    protocol: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = loader.py();
    if loader.get_type().getattr(intern!(py, "__module__"))?.ne("include_py")? {
        // An instance of a subclass, which is importable from its own module.
        let object = py.import(intern!(py, "builtins"))?.getattr(intern!(py, "object"))?;
        return object.call_method1(intern!(py, "__reduce_ex__"), (loader, protocol));
    }
    let make = py.import("include_py")?.getattr("loader")?;
    let (name, path) = (loader.getattr("name")?, loader.getattr("path")?);
    let state = loader.getattr(intern!(py, "__dict__"))?.cast_into::<PyDict>()?.copy()?;
    Ok((make, (name, path), state).into_pyobject(py)?.into_any())
}

#[pyfunction]
#[pyo3(name = "__repr__")]
fn repr(loader: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = loader.py();
    let name = loader.getattr_opt(intern!(py, "name"))?;
    let name =
        name.map_or_else(|| Ok("?".to_owned()), |name| Ok::<_, PyErr>(name.repr()?.to_string()))?;
    let store = store(loader)?;
    let bundle = store.get().mount().bundle().name().to_owned();
    // Without the path, as importlib's loaders, since a path can contain anything.
    Ok(format!("<include_py.BundleLoader of {name} in bundle {bundle:?}>"))
}

/// The code object in the bundle; `None` if the loader's path isn't in the bundle.
fn bundled_code<'py>(
    store: &Store,
    loader: &Bound<'py, PyAny>,
) -> PyResult<Option<(Bound<'py, PyAny>, usize)>> {
    let py = loader.py();
    let (name, path) = (text(loader, intern!(py, "name"))?, text(loader, intern!(py, "path"))?);
    let name = name.to_str()?;
    match store.module(py, name, path.to_str()?)? {
        Some(module) => {
            store.code(py, name, &path, &module).map(|(code, size)| Some((code.into_any(), size)))
        }
        None => Ok(None),
    }
}

/// Checks the name, since a loader is for one module (`_bootstrap_external.py: _check_name`, 3.13).
fn check_name(loader: &Bound<'_, PyAny>, fullname: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = loader.py();
    let name = loader.getattr(intern!(py, "name"))?;
    if fullname.is_none() || name.eq(fullname)? {
        return Ok(());
    }
    let error = PyImportError::new_err(format!("loader for {name} cannot handle {fullname}"));
    error.value(py).setattr(intern!(py, "name"), fullname)?;
    Err(error)
}

fn text<'py>(
    loader: &Bound<'py, PyAny>,
    attribute: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyString>> {
    Ok(loader.getattr(attribute)?.cast_into()?)
}

fn store<'py>(loader: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Store>> {
    class::store(loader)?.ok_or_else(|| {
        PyAttributeError::new_err("a loader of a bundle is needed, and this is another object")
    })
}
