//! Zip files and wheels in a bundle: imports from them, and their resources and metadata.
//!
//! `sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib.zip"))` creates a
//! `zipimport.zipimporter`, which reads archives through functions of importlib that [see bundled
//! files](super::files). `importlib.resources` and `importlib.metadata` read an archive's other
//! files with `zipfile`, which uses `open` and `io.open`. So `zipfile` gets its own versions of
//! these two.

use pyo3::{
    intern,
    prelude::*,
    types::{PyCFunction, PyDict, PyString, PyTuple},
};

use super::mounts;
use crate::resources::BundlePath;

/// Lets `zipfile`, which has just been imported, open the bundles' files for reading.
pub(super) fn complete(zipfile: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = zipfile.py();
    let name = intern!(py, "open");
    if zipfile.hasattr(name)? {
        return Ok(());
    }
    let open = PyCFunction::new_closure(py, Some(c"open"), None, open)?;
    // `zipfile` gets its own copy of `io`, which differs only in `open`.
    let io = py.import("io")?;
    let own = PyModule::new(py, "io")?;
    own.dict().update(io.dict().as_mapping())?;
    own.setattr(name, &open)?;
    zipfile.setattr(intern!(py, "io"), own)?;
    zipfile.setattr(name, open)
}

/// Lets `tokenize.open`, which `trace` and other tools read sources with, open the bundles' files.
pub(super) fn complete_tokenize(tokenize: &Bound<'_, PyAny>) -> PyResult<()> {
    let open = PyCFunction::new_closure(tokenize.py(), Some(c"open"), None, open)?;
    tokenize.setattr(intern!(tokenize.py(), "_builtin_open"), open)
}

/// Opens a bundle's file, or calls the current `io.open`.
fn open(args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<Py<PyAny>> {
    let py = args.py();
    if let Some(place) = bundled(args)? {
        return place.stream(py).map(Bound::unbind);
    }
    py.import("io")?.getattr(intern!(py, "open"))?.call(args, kwargs).map(Bound::unbind)
}

/// The bundle's file, if one is to be read as bytes.
fn bundled(args: &Bound<'_, PyTuple>) -> PyResult<Option<BundlePath>> {
    let (Ok(path), Ok(mode)) = (args.get_item(0), args.get_item(1)) else { return Ok(None) };
    let place = match path.cast::<PyString>() {
        Ok(path) if mode.eq("rb")? => path.to_str().ok().and_then(mounts::locate),
        _ => None,
    };
    match place {
        Some(place) if place.is_file()? => Ok(Some(place)),
        _ => Ok(None),
    }
}
