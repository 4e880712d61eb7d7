//! Where the standard library comes from, and what a bundled one needs once the importer stands.
//!
//! `Bundle::new("app").stdlib()` in the build script is what makes it [`Library::Bundled`].

use pyo3::prelude::*;

use super::frozen;
use crate::{
    App, Error,
    importer::{self, Finder},
};

/// The place of the standard library's pure-Python modules.
#[derive(Clone, Copy, Debug)]
pub(super) enum Library {
    /// A bundle.
    Bundled(&'static App),
    /// The interpreter's own directory.
    Installed,
}

impl Library {
    /// The first bundle with the one module that no interpreter starts without.
    pub(super) fn of(apps: &[&'static App]) -> Result<Self, Error> {
        for app in apps {
            let module = app.bundle()?.module("encodings");
            if module.map_err(|error| Error::damaged(app.name(), error))?.is_some() {
                return Ok(Self::Bundled(app));
            }
        }
        Ok(Self::Installed)
    }

    pub(super) fn is(self, app: &App) -> bool {
        matches!(self, Self::Bundled(library) if std::ptr::eq(library, app))
    }
}

/// Makes up for what had to happen without the importer or without `site`.
pub(super) fn complete(py: Python<'_>, finder: &Bound<'_, Finder>) -> PyResult<()> {
    importer::adopt(py, finder, &frozen::EARLY)?;
    // `getpath.py` found none on disk. importlib places frozen modules by it, and `site` and others
    // look for files there.
    py.import("sys")?.setattr("_stdlib_dir", finder.get().mount().root())?;
    let Ok(site) = py.import("site") else {
        // Left out of the bundle on purpose; the interpreter works without.
        return Ok(());
    };
    // The names that `site` puts into builtins: `exit`, `quit`, `copyright`, `help`.
    for function in ["setquit", "setcopyright", "sethelper"] {
        site.call_method0(function)?;
    }
    Ok(())
}
