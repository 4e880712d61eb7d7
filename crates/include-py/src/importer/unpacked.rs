//! Modules of the bundle that are imported from real files: importlib's `PathFinder` finds them in
//! the directory to which they were unpacked.
//!
//! | module | searched for in |
//! |---|---|
//! | `certifi` | `~/.cache/include-py/1c19…` |
//! | `app.assets` | `~/.cache/include-py/1c19…/app` |

use include_py_bundle::Module;
use pyo3::{intern, prelude::*, types::PyList};

use super::{Importlib, finder::container, names::tail, spec};
use crate::{mount::Mount, unpack};

/// The spec of an unpacked module, which can be imported under another name than the bundle's.
pub(super) fn spec<'py>(
    py: Python<'py>,
    importlib: &Importlib,
    mount: &Mount,
    fullname: &str,
    module: &Module<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let within = match tail(fullname) {
        // `__init__` is the package's own file as a second module.
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
        // It was checked just before, so it has been removed since.
        let message = format!(
            "module `{fullname}` was unpacked, but isn't there any more: start the program again"
        );
        return Err(mount.import_error(py, fullname, message));
    }
    Ok(found)
}

/// The directory of an unpacked namespace package; `None` if it isn't unpacked.
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

/// Prevents importlib from writing `.pyc` files beside the unpacked ones. It would do so because
/// the unpacked ones are for one optimisation level, and the interpreter has another one or is told
/// not to trust them.
fn keep_to_what_is_there(py: Python<'_>, mount: &Mount) -> PyResult<()> {
    let sys = py.import(intern!(py, "sys"))?;
    let level: u8 = sys.getattr("flags")?.getattr("optimize")?.extract()?;
    let checked = py.import("_imp")?.getattr("check_hash_based_pycs")?.eq("always")?;
    if checked || mount.optimization() != Some(level) {
        sys.setattr("dont_write_bytecode", true)?;
    }
    Ok(())
}
