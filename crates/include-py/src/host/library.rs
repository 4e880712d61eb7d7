//! Where the standard library comes from, and what a bundled one needs once the importer stands.
//!
//! `Bundle::new("app").stdlib()` in the build script is what makes it [`Library::Bundled`].

use pyo3::{prelude::*, types::PyDict};

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

/// Gives CPython's own frozen modules, which were imported before the library had a place, what they get
/// where it has one (`_bootstrap.py: FrozenImporter._fix_up_module`, 3.11 to 3.13): a file name, in the
/// module and in its spec. Code that imports importlib anew checks that they agree.
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

/// Makes up for what had to happen without the importer or without `site`.
///
/// `early` are the modules that CPython may have imported by itself.
pub(super) fn complete(py: Python<'_>, finder: &Bound<'_, Finder>, early: &[&str]) -> PyResult<()> {
    finder.get().place_library(py)?;
    importer::adopt(py, finder, early)?;
    // `getpath.py` found none on disk. importlib places frozen modules by it, and `site` and others
    // look for files there.
    let sys = py.import("sys")?;
    sys.setattr("_stdlib_dir", finder.get().mount().root())?;
    // CPython takes a colon in its home for two directories (`getpath.py`, 3.11 to 3.13).
    for (name, whole) in [("prefix", "base_prefix"), ("exec_prefix", "base_exec_prefix")] {
        sys.setattr(name, sys.getattr(whole)?)?;
    }
    place_frozen_modules(&sys)?;
    Ok(())
}

/// Adds the names that `site` puts into builtins: `exit`, `quit`, `copyright`, `help`.
pub(super) fn add_site_builtins(py: Python<'_>) -> PyResult<()> {
    let Ok(site) = py.import("site") else {
        // Left out of the bundle on purpose; the interpreter works without.
        return Ok(());
    };
    for function in ["setquit", "setcopyright", "sethelper"] {
        site.call_method0(function)?;
    }
    Ok(())
}

/// Adds the `site-packages` of the installation that the program was built against, if it is there;
/// with a bundled library CPython looks nowhere itself.
pub(super) fn add_site_packages(py: Python<'_>, apps: &[&'static App]) -> PyResult<()> {
    let Some(home) = apps.iter().find_map(|app| app.home()) else { return Ok(()) };
    py.import("site")?.call_method1("addsitepackages", (py.None(), [home]))?;
    Ok(())
}
