//! Clears the program's modules, so that their values are freed and destructors run.
//!
//! This follows `pylifecycle.c: finalize_modules`, 3.13, except that modules in C are kept: native
//! code may have pointers into them (such as `datetime`'s C API) and can run until the process
//! ends.

use pyo3::{
    ffi,
    prelude::*,
    types::{PyDict, PyModule, PyString, PyWeakrefMethods, PyWeakrefReference},
};

/// Attributes of `sys` that can contain values of the program.
const SPECIAL: [&str; 11] = [
    "path",
    "argv",
    "ps1",
    "ps2",
    "last_exc",
    "last_type",
    "last_value",
    "last_traceback",
    "path_hooks",
    "path_importer_cache",
    "meta_path",
];

/// Attributes of `sys` whose original values are kept as `__…__`.
const REPLACEABLE: [&str; 7] =
    ["stdin", "stdout", "stderr", "excepthook", "displayhook", "unraisablehook", "breakpointhook"];

/// Frees the modules' values; `builtins` is the original content of that module.
pub(super) fn take_apart(sys: &Bound<'_, PyModule>, builtins: &Bound<'_, PyDict>) -> PyResult<()> {
    let py = sys.py();
    let gc = py.import("gc")?;
    let sys = sys.dict();
    let present_builtins = py.import("builtins")?.dict();
    // Callbacks can't rely on anything any more.
    gc.getattr("callbacks")?.call_method0("clear")?;
    gc.call_method0("collect")?;

    if present_builtins.contains("_")? {
        present_builtins.set_item("_", py.None())?;
    }
    for name in SPECIAL {
        if sys.contains(name)? {
            sys.set_item(name, py.None())?;
        }
    }
    for name in REPLACEABLE {
        if let Some(first) = sys.get_item(format!("__{name}__"))? {
            sys.set_item(name, first)?;
        }
    }

    let modules = match sys.get_item("modules")? {
        Some(modules) => modules.cast_into::<PyDict>()?,
        None => return Ok(()),
    };
    let alive = remove(&modules)?;
    modules.clear();
    restore(&present_builtins, builtins)?;
    gc.call_method0("collect")?;
    // In reverse order of imports, because later modules use earlier ones.
    for module in alive.iter().rev().filter_map(PyWeakrefMethods::upgrade) {
        let dict = module.cast_into::<PyModule>()?.dict();
        if !dict.is(&sys) && !dict.is(&present_builtins) {
            clear(&dict)?;
        }
    }
    gc.call_method0("collect")?;
    Ok(())
}

/// Removes all modules from `sys.modules` in the order of their imports. Returns weak references to
/// those in Python code, some of which stay alive.
fn remove<'py>(modules: &Bound<'py, PyDict>) -> PyResult<Vec<Bound<'py, PyWeakrefReference>>> {
    let py = modules.py();
    let mut references = Vec::new();
    for name in modules.keys() {
        let Some(Ok(module)) = modules.get_item(&name)?.map(Bound::cast_into::<PyModule>) else {
            continue;
        };
        if stays(&name, &module) {
            std::mem::forget(module);
        } else {
            references.push(PyWeakrefReference::new(&module)?);
            // This can be the last reference to the module.
            drop(module);
        }
        modules.set_item(&name, py.None())?;
    }
    Ok(references)
}

/// Whether a module is kept: modules in C, and the modules that imports need. Without the latter,
/// an import that comes too late would raise a `TypeError` instead of the gate's error.
fn stays(name: &Bound<'_, PyAny>, module: &Bound<'_, PyModule>) -> bool {
    let importlib = ["_frozen_importlib", "_frozen_importlib_external"];
    importlib.iter().any(|one| name.eq(one).unwrap_or(false))
        // SAFETY: a module; the thread is attached.
        || unsafe { !ffi::PyModule_GetDef(module.as_ptr()).is_null() }
}

/// Resets `dict` to the content of `first`.
fn restore(dict: &Bound<'_, PyDict>, first: &Bound<'_, PyDict>) -> PyResult<()> {
    for name in dict.keys() {
        if !first.contains(&name)? {
            dict.del_item(&name)?;
        }
    }
    dict.update(first.as_mapping())
}

/// Frees a module's values: first those whose name starts with one underscore, then the others,
/// whose destructors may use them (`moduleobject.c: _PyModule_ClearDict`, 3.13).
fn clear(dict: &Bound<'_, PyDict>) -> PyResult<()> {
    let py = dict.py();
    let private = |name: &str| name.starts_with('_') && !name.starts_with("__");
    for pass in [Pass::Private, Pass::Rest] {
        for name in dict.keys() {
            let Ok(name) = name.cast_into::<PyString>() else { continue };
            let text = name.to_string_lossy();
            let wanted = match pass {
                Pass::Private => private(&text),
                Pass::Rest => text != "__builtins__",
            };
            if wanted {
                dict.set_item(&name, py.None())?;
            }
        }
    }
    Ok(())
}

/// Which names of a module are set to `None`.
#[derive(Clone, Copy)]
enum Pass {
    Private,
    Rest,
}
