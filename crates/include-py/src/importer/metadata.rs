//! `importlib.metadata` for bundled distributions.
//!
//! importlib never asks path hooks for distributions. It asks finders on `sys.meta_path`, with a
//! context that contains a name and entries of the path.

use std::{borrow::Cow, sync::Arc};

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
    let wanted = wanted_name(context)?;
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    let mut directories = Vec::new();
    for entry in entries(mount, context)? {
        if entry.is_empty() {
            for distribution in mount.bundle().distributions() {
                let distribution =
                    distribution.map_err(|error| mount.damaged(py, "importlib.metadata", error))?;
                if is_wanted(distribution.name()) {
                    directories.push(BundlePath::new(mount, distribution.directory()));
                }
            }
        } else {
            let entry = BundlePath::new(mount, &entry);
            let children = if entry.is_directory()? { entry.children()? } else { Vec::new() };
            directories.extend(children.into_iter().filter(|child| {
                let name = match entry.name().strip_suffix(".egg") {
                    Some(stem) if child.name().eq_ignore_ascii_case("EGG-INFO") => {
                        Some(first(stem))
                    }
                    _ => distribution_name(child.name()),
                };
                name.is_some_and(|name| is_wanted(&name))
            }));
        }
    }
    if !directories.is_empty() {
        let class = py.import("importlib.metadata")?.getattr("PathDistribution")?;
        for directory in directories {
            found.append(class.call1((real(py, mount, directory)?,))?)?;
        }
    }
    Ok(found.try_iter()?.into_any())
}

/// The directory itself. If it has been unpacked, this is the real directory, which is beside the
/// files that it describes. A mere query for a version doesn't unpack anything.
fn real<'py>(py: Python<'py>, mount: &Mount, directory: BundlePath) -> PyResult<Bound<'py, PyAny>> {
    match mount.unpacked() {
        Some(unpacked) if mount.is_unpacked(directory.inner())? => {
            let class = py.import("pathlib")?.getattr("Path")?;
            class.call1((unpacked.join(directory.inner()),))
        }
        _ => Ok(Bound::new(py, directory)?.into_any()),
    }
}

/// The directories of the bundle on the context's path, which is `sys.path` by default.
fn entries(mount: &Mount, context: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    let Some(context) = context else { return Ok(vec![String::new()]) };
    let mut entries = Vec::new();
    for entry in context.getattr(intern!(context.py(), "path"))?.try_iter()? {
        let entry = entry?.str()?;
        entries
            .extend(entry.to_str().ok().and_then(|entry| mount.locate(entry)).map(Cow::into_owned));
    }
    Ok(entries)
}

/// The normalised name of the distribution whose metadata directory this is, as importlib reads it
/// (`importlib/metadata/__init__.py: Lookup`, 3.13).
fn distribution_name(directory: &str) -> Option<String> {
    let (stem, suffix) = directory.rsplit_once('.')?;
    matches!(suffix, "dist-info" | "egg-info").then(|| first(stem))
}

/// The normalised name of `name-version-tags`.
fn first(stem: &str) -> String {
    normalize(stem.split('-').next().unwrap_or(stem))
}

fn wanted_name(context: Option<&Bound<'_, PyAny>>) -> PyResult<Option<String>> {
    let Some(context) = context else { return Ok(None) };
    let name: Option<String> = context.getattr(intern!(context.py(), "name"))?.extract()?;
    Ok(name.map(|name| normalize(&name)))
}
