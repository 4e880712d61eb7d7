//! The location of the standard library, and the setup that a bundled one needs.
//!
//! `Bundle::new("app").stdlib()` in the build script is what makes it [`Library::Bundled`].

use pyo3::{prelude::*, types::PyDict};

use crate::{
    App, Error,
    importer::{self, Finder},
};

/// The location of the standard library's pure-Python modules.
#[derive(Clone, Copy, Debug)]
pub(super) enum Library {
    /// A bundle.
    Bundled(&'static App),
    /// The interpreter's own directory.
    Installed,
}

impl Library {
    /// The first bundle that contains the module without which no interpreter starts.
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

/// Gives CPython's frozen modules that were imported early the file name that they would have with
/// a library (`_bootstrap.py: FrozenImporter._fix_up_module`, 3.11 to 3.13), both in the module and
/// in its spec. Code that imports importlib again checks that they agree.
fn place_frozen_modules(sys: &Bound<'_, PyModule>) -> PyResult<()> {
    let importer = sys.py().import("_frozen_importlib")?.getattr("FrozenImporter")?;
    let modules = sys.getattr("modules")?.cast_into::<PyDict>()?;
    for (name, module) in modules.copy()? {
        let Ok(spec) = module.getattr("__spec__") else { continue };
        if spec.is_none() || !spec.getattr("loader")?.is(&importer) {
            continue;
        }
        let state = spec.getattr("loader_state")?;
        let Ok(original) = state.getattr("origname") else { continue };
        if original.is_none() || !state.getattr("filename")?.is_none() {
            continue;
        }
        let is_package = module.hasattr("__path__")?;
        let place = importer.call_method1("_resolve_filename", (original, name, is_package))?;
        let file = place.get_item(0)?;
        state.setattr("filename", &file)?;
        module.setattr("__file__", file)?;
    }
    Ok(())
}

/// Performs the setup that needs the importer or that `site` would perform.
///
/// `early` are the modules that CPython may already have imported.
pub(super) fn complete(py: Python<'_>, finder: &Bound<'_, Finder>, early: &[&str]) -> PyResult<()> {
    finder.get().place_library(py)?;
    importer::adopt(py, finder, early)?;
    // `getpath.py` found no library on disk. importlib uses this directory to locate frozen
    // modules, and `site` and others search for files in it.
    let sys = py.import("sys")?;
    sys.setattr("_stdlib_dir", finder.get().mount().root())?;
    // CPython would split its home at a colon (`getpath.py`, 3.11 to 3.13).
    for (name, whole) in [("prefix", "base_prefix"), ("exec_prefix", "base_exec_prefix")] {
        sys.setattr(name, sys.getattr(whole)?)?;
    }
    place_frozen_modules(&sys)?;
    Ok(())
}

/// Adds the names that `site` puts into builtins: `exit`, `quit`, `copyright`, `help`.
pub(super) fn add_site_builtins(py: Python<'_>) -> PyResult<()> {
    let Ok(site) = py.import("site") else {
        // `site` was deliberately omitted from the bundle; the interpreter works without it.
        return Ok(());
    };
    for function in ["setquit", "setcopyright", "sethelper"] {
        site.call_method0(function)?;
    }
    Ok(())
}

/// Adds the `site-packages` of the installation that the program was built against, if it exists.
/// With a bundled library, CPython doesn't search for it.
pub(super) fn add_site_packages(py: Python<'_>, apps: &[&'static App]) -> PyResult<()> {
    let Some(home) = apps.iter().find_map(|app| app.home()) else { return Ok(()) };
    py.import("site")?.call_method1("addsitepackages", (py.None(), [home]))?;
    Ok(())
}
