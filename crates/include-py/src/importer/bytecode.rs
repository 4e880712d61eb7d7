//! The bundle's bytecode as the `.pyc` files that importlib's loaders look for.
//!
//! `SourceFileLoader("x", "<root>/pkg/x.py")` asks for `<root>/pkg/__pycache__/x.cpython-313.pyc`.

use include_py_bundle::Module;
use pyo3::{intern, prelude::*, types::PyBytes};

use super::{files, store::module_at};
use crate::mount::{Code, Mount};

/// A `.pyc` file's flags: it has a hash of the source in the next eight bytes, which nobody looks at.
const UNCHECKED: u32 = 0b01;

/// The module of which this path in the bundle would be the `.pyc` file
/// (`_bootstrap_external.py: cache_from_source`, 3.13).
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

/// Whether the loader does with source what every loader does: another one made its own code of it.
pub(super) fn may_be_taken(loader: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = loader.py();
    let name = intern!(py, "source_to_code");
    let Some(own) = loader.get_type().getattr_opt(name)? else { return Ok(true) };
    let external = py.import(intern!(py, "_frozen_importlib_external"))?;
    Ok(own.is(&external.getattr(intern!(py, files::DONE))?))
}

/// A `.pyc` file: header and code, of the kind that isn't compared with the source (PEP 552).
pub(super) fn pyc<'py>(
    py: Python<'py>,
    mount: &Mount,
    module: &Module<'_>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    let Code::Bytecode(payload) = mount.code(py, module)? else { return Ok(None) };
    let external = py.import(intern!(py, "_frozen_importlib_external"))?;
    let magic: Vec<u8> = external.getattr(intern!(py, "MAGIC_NUMBER"))?.extract()?;
    let parts = [&magic[..], &UNCHECKED.to_le_bytes(), &[0; 8], payload];
    Ok(Some(PyBytes::new(py, &parts.concat())))
}
