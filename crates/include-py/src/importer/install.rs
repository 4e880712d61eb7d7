//! Adds a bundle to the interpreter (finder, path hook, entry of `sys.path`), and removes it.
//!
//! | list | position | reason |
//! |---|---|---|
//! | `sys.meta_path` | before `PathFinder` | the bundle takes precedence over files on disk, built-in modules over both |
//! | `sys.path_hooks` | first | `zipimport` would open the executable to look for a zip at its end |
//! | `sys.path` | first, but after other bundles | like a script's directory; bundles have the same order in both lists |

use std::sync::Arc;

use pyo3::{
    ffi,
    prelude::*,
    types::{PyDict, PyList, PyString, PyType},
};

#[cfg(unix)]
use super::loader::forget_cached;
use super::{
    Importlib, class, completion, entry::Hook, finder::Finder, mounts, order::Order, printers,
    store::Store,
};
use crate::{
    Error,
    content::Content,
    mount::{FileNames, Mount},
};

/// Makes the bundle's modules importable, unless they are already, and returns the finder.
pub(crate) fn install<'py>(
    py: Python<'py>,
    content: &Arc<Content>,
    root: &str,
    file_names: FileNames,
) -> PyResult<Bound<'py, Finder>> {
    let mount = mount(py, content, root, file_names)?;
    let lists = Lists::new(py)?;
    if let Some(finder) = lists.finder(&mount) {
        return if finder.get().mount().content().is(content) {
            Ok(finder)
        } else {
            Err(Error::name_clash(content.bundle().name()).into())
        };
    }

    let parts = Parts::new(py, mount)?;
    let hook = parts.hook(py);
    let (mount, path_finder) = (Arc::clone(&parts.mount), parts.importlib.path_finder(py).clone());
    let order = Order::new(py, &mount)?;
    let finder = Finder::new(parts.importlib, parts.mount, parts.class, parts.store, order);
    let finder = Bound::new(py, finder)?;
    mounts::add(&mount);

    let position = lists.meta_path.iter().position(|finder| finder.is(&path_finder));
    lists.meta_path.insert(position.unwrap_or(lists.meta_path.len()), &finder)?;
    lists.path_hooks.insert(0, Py::new(py, hook)?)?;
    lists.forget_importers(&mount)?;
    printers::install(py)?;
    let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
    completion::imported(&modules)?;
    if !lists.path.contains(mount.root())? {
        lists.path.insert(lists.after_bundles(), finder.get().root(py))?;
    }
    Ok(finder)
}

/// Undoes [`install`] for this bundle at this root. Returns whether it was installed.
pub(crate) fn uninstall(py: Python<'_>, content: &Arc<Content>, root: &str) -> PyResult<bool> {
    let mount = mount(py, content, root, FileNames::default())?;
    let lists = Lists::new(py)?;
    let Some(finder) = lists.finder(&mount).filter(|one| one.get().mount().content().is(content))
    else {
        return Ok(false);
    };
    lists.meta_path.call_method1("remove", (finder,))?;
    mounts::remove(root);
    for hook in lists.path_hooks.iter() {
        if hook.cast::<Hook>().is_ok_and(|hook| hook.get().mount().root() == root) {
            lists.path_hooks.call_method1("remove", (hook,))?;
        }
    }
    if lists.path.contains(root)? {
        lists.path.call_method1("remove", (root,))?;
    }
    lists.forget_importers(&mount)?;
    Ok(true)
}

/// The path hook of a bundle that isn't installed.
pub(crate) fn path_hook<'py>(
    py: Python<'py>,
    content: &Arc<Content>,
    root: &str,
    file_names: FileNames,
) -> PyResult<Bound<'py, PyAny>> {
    let hook = Parts::new(py, mount(py, content, root, file_names)?)?.hook(py);
    Ok(Bound::new(py, hook)?.into_any())
}

/// State that finder and hook share.
struct Parts {
    importlib: Arc<Importlib>,
    mount: Arc<Mount>,
    class: Py<PyType>,
    store: Py<Store>,
}

impl Parts {
    fn new(py: Python<'_>, mount: Arc<Mount>) -> PyResult<Self> {
        let importlib = Arc::new(Importlib::new(py)?);
        let store = Store::new(Arc::clone(&importlib), Arc::clone(&mount));
        let store = Bound::new(py, store)?;
        let class = class::make(&store)?.unbind();
        Ok(Self { importlib, mount, class, store: store.unbind() })
    }

    fn hook(&self, py: Python<'_>) -> Hook {
        let (importlib, mount) = (Arc::clone(&self.importlib), Arc::clone(&self.mount));
        Hook::new(importlib, mount, self.class.clone_ref(py), self.store.clone_ref(py))
    }
}

fn mount(
    py: Python<'_>,
    content: &Arc<Content>,
    root: &str,
    file_names: FileNames,
) -> PyResult<Arc<Mount>> {
    #[cfg(unix)]
    crate::host::require_python(content.bundle().name())?;
    // SAFETY: the thread is attached, so there is a current interpreter; there is always a main
    // one.
    let is_main = unsafe { ffi::PyInterpreterState_Get() == ffi::PyInterpreterState_Main() };
    if !is_main {
        return Err(Error::sub_interpreter(content.bundle().name()).into());
    }
    Ok(Arc::new(Mount::new(py, Arc::clone(content), root.to_owned(), file_names)?))
}

/// The lists in `sys` that make up the import system.
struct Lists<'py> {
    meta_path: Bound<'py, PyList>,
    path_hooks: Bound<'py, PyList>,
    path: Bound<'py, PyList>,
    importers: Bound<'py, PyDict>,
}

impl<'py> Lists<'py> {
    fn new(py: Python<'py>) -> PyResult<Self> {
        let sys = py.import("sys")?;
        let list = |name| Ok::<_, PyErr>(sys.getattr(name)?.cast_into::<PyList>()?);
        Ok(Self {
            meta_path: list("meta_path")?,
            path_hooks: list("path_hooks")?,
            path: list("path")?,
            importers: sys.getattr("path_importer_cache")?.cast_into()?,
        })
    }

    /// The finder of a bundle with the same root.
    fn finder(&self, mount: &Mount) -> Option<Bound<'py, Finder>> {
        let finders = self.meta_path.iter().filter_map(|entry| entry.cast_into::<Finder>().ok());
        finders.into_iter().find(|finder| finder.get().mount().root() == mount.root())
    }

    /// The position on `sys.path` after the installed bundles at its front.
    fn after_bundles(&self) -> usize {
        let finders: Vec<_> =
            self.meta_path.iter().filter_map(|entry| entry.cast_into::<Finder>().ok()).collect();
        let is_root = |entry: &Bound<'_, PyAny>| {
            finders.iter().any(|finder| entry.eq(finder.get().mount().root()).unwrap_or(false))
        };
        self.path.iter().take_while(is_root).count()
    }

    /// importlib caches the finder of each directory, and also that there is none.
    fn forget_importers(&self, mount: &Mount) -> PyResult<()> {
        for path in self.importers.keys() {
            let ours = path.cast::<PyString>().ok().and_then(|path| path.to_str().ok());
            if ours.and_then(|path| mount.locate(path)).is_some() {
                self.importers.call_method1("pop", (&path, path.py().None()))?;
            }
        }
        Ok(())
    }
}

/// Gives modules that were imported before the importer existed the spec, loader and paths that the
/// importer would have given them.
#[cfg(unix)]
pub(crate) fn adopt(py: Python<'_>, finder: &Bound<'_, Finder>, names: &[&str]) -> PyResult<()> {
    let init = py.import("_frozen_importlib")?.getattr("_init_module_attrs")?;
    let overwrite = PyDict::new(py);
    overwrite.set_item("override", true)?;
    let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
    for name in names {
        let Some(module) = modules.get_item(name)? else { continue };
        let spec = finder.call_method1("find_spec", (name,))?;
        if !spec.is_none() {
            init.call((spec, &module), Some(&overwrite))?;
            forget_cached(&module.getattr("__dict__")?)?;
        }
    }
    Ok(())
}
