//! Presents the bundle's bytecode as the `.pyc` files that importlib's loaders look for.
//!
//! `SourceFileLoader("x", "<root>/pkg/x.py")` asks for `<root>/pkg/__pycache__/x.cpython-313.pyc`.

use include_py_bundle::Module;
use pyo3::{intern, prelude::*};

use super::{files, store::module_at};
use crate::mount::Mount;

/// The module whose `.pyc` file would have this path in the bundle (`_bootstrap_external.py:
/// cache_from_source`, 3.13).
pub(super) fn of_cache_path<'a>(
    py: Python<'_>,
    mount: &'a Mount,
    path: &str,
) -> PyResult<Option<Module<'a>>> {
    let Some((directory, name)) = path.rsplit_once('/') else { return Ok(None) };
    let directory = match directory.strip_suffix("__pycache__") {
        Some(above) if above.is_empty() || above.ends_with('/') => above,
        _ => return Ok(None),
    };
    let sys = py.import(intern!(py, "sys"))?;
    let tag = sys.getattr("implementation")?.getattr("cache_tag")?;
    let optimize: u8 = sys.getattr("flags")?.getattr("optimize")?.extract()?;
    let ending = match optimize {
        0 => format!(".{tag}.pyc"),
        level => format!(".{tag}.opt-{level}.pyc"),
    };
    match name.strip_suffix(&ending) {
        Some(stem) => module_at(py, mount, &format!("{directory}{stem}.py")),
        None => Ok(None),
    }
}

/// Whether the bundle's bytecode may be used: not if the loader compiles sources in its own way, or
/// returns another text than the one that was compiled when the bundle was built.
pub(super) fn may_be_taken(loader: &Bound<'_, PyAny>, module: &Module<'_>) -> PyResult<bool> {
    let py = loader.py();
    let external = py.import(intern!(py, "_frozen_importlib_external"))?;
    let class = loader.get_type();
    let compile = class.getattr_opt(intern!(py, "source_to_code"))?;
    if compile.is_some_and(|own| external.getattr(files::DONE).is_ok_and(|usual| !own.is(&usual))) {
        return Ok(false);
    }
    let read = intern!(py, "get_data");
    let usual = external.getattr(intern!(py, "FileLoader"))?.getattr(read)?;
    Ok(module.source().is_none() || class.getattr_opt(read)?.is_none_or(|own| own.is(&usual)))
}
