//! `importlib.metadata` for bundled distributions.
//!
//! Path hooks are never asked for distributions, only finders on `sys.meta_path` are, with a
//! context that says which name and which entries of the path are meant.

use std::sync::Arc;

use include_py_bundle::normalize;
use pyo3::{intern, prelude::*, types::PyList};

use crate::{mount::Mount, resources::BundlePath};

/// An iterator over `importlib.metadata.PathDistribution`s.
pub(super) fn find<'py>(
    py: Python<'py>,
    mount: &Arc<Mount>,
    context: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let found = PyList::empty(py);
    if includes_root(mount, context)? {
        let wanted = wanted_name(context)?;
        let class = py.import("importlib.metadata")?.getattr("PathDistribution")?;
        for distribution in mount.bundle().distributions() {
            let distribution =
                distribution.map_err(|error| mount.damaged(py, "importlib.metadata", error))?;
            if wanted.as_deref().is_none_or(|wanted| wanted == distribution.name()) {
                let path = BundlePath::new(mount, distribution.directory());
                found.append(class.call1((path,))?)?;
            }
        }
    }
    Ok(found.try_iter()?.into_any())
}

/// Whether the context's path, by default `sys.path`, has the virtual root on it.
fn includes_root(mount: &Mount, context: Option<&Bound<'_, PyAny>>) -> PyResult<bool> {
    let Some(context) = context else { return Ok(true) };
    for entry in context.getattr(intern!(context.py(), "path"))?.try_iter()? {
        let entry = entry?.str()?;
        if entry.to_str().is_ok_and(|entry| mount.locate(entry).as_deref() == Some("")) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn wanted_name(context: Option<&Bound<'_, PyAny>>) -> PyResult<Option<String>> {
    let Some(context) = context else { return Ok(None) };
    let name: Option<String> = context.getattr(intern!(context.py(), "name"))?.extract()?;
    Ok(name.map(|name| normalize(&name)))
}
