//! Modules of the bundle that are imported from real files: found by importlib's `PathFinder`,
//! where they were unpacked.
//!
//! | the bundle's module | is looked for in |
//! |---|---|
//! | `certifi` | `~/.cache/include-py/1c19…` |
//! | `app.assets` | `~/.cache/include-py/1c19…/app` |

use include_py_bundle::Module;
use pyo3::{intern, prelude::*, types::PyList};

use super::{Importlib, finder::container, names::tail, spec};
use crate::{mount::Mount, unpack};

/// The spec of a module that is unpacked, which may be imported under another name than the
/// bundle's.
pub(super) fn spec<'py>(
    py: Python<'py>,
    importlib: &Importlib,
    mount: &Mount,
    fullname: &str,
    module: &Module<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let within = match tail(fullname) {
        // The package's own file, under a second name.
        "__init__" => module.path(),
        _ => container(module.path(), module.kind()),
    };
    let directory = spec::directory(within);
    let place = unpack::place(mount.unpack(py, fullname)?, directory);
    keep_to_what_is_there(py, mount)?;
    let found = importlib.find_on_path(
        py,
        fullname,
        Some(PyList::new(py, [place.as_os_str()])?.as_any()),
    )?;
    if found.is_none() {
        // It was checked a moment ago, so it has been removed.
        let message = format!(
            "module `{fullname}` was unpacked, but isn't there any more: start the program again"
        );
        return Err(mount.import_error(py, fullname, message));
    }
    Ok(found)
}

/// The directory of a namespace package that is unpacked; `None` for one that isn't.
pub(super) fn portion(
    py: Python<'_>,
    mount: &Mount,
    name: &str,
    directory: &str,
) -> PyResult<Option<String>> {
    if !mount.is_unpacked(directory)? {
        return Ok(None);
    }
    let place = mount.unpack(py, name)?.join(directory);
    Ok(Some(place.to_string_lossy().into_owned()))
}

/// Has importlib write no `.pyc` files beside the unpacked ones, where it would: these are for one
/// optimisation level, and the interpreter has another or is told not to believe them.
fn keep_to_what_is_there(py: Python<'_>, mount: &Mount) -> PyResult<()> {
    let sys = py.import(intern!(py, "sys"))?;
    let level: u8 = sys.getattr("flags")?.getattr("optimize")?.extract()?;
    let checked = py.import("_imp")?.getattr("check_hash_based_pycs")?.eq("always")?;
    if checked || mount.optimization() != Some(level) {
        sys.setattr("dont_write_bytecode", true)?;
    }
    Ok(())
}
