//! Scripts in a bundle: `[sys.executable, pip.__path__[0] + "/__pip-runner__.py"]`.
//!
//! A virtual path can't be opened, so the code is read from the bundle. A directory with a
//! `__main__.py` in a bundle is handled by the path hook, like a zip file.

use std::path::{Component, Path, PathBuf};

use include_py_bundle::{Bundle, Module, ModuleKind, Node};
use pyo3::{exceptions::PyOSError, prelude::*};

use crate::{App, Error, importer::Finder, mount};

/// A script in a bundle.
#[derive(Clone, Debug)]
pub(in crate::host) struct Script {
    app: &'static App,
    /// The requested path, and the path in the bundle.
    path: PathBuf,
    inner: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A module, even if its source isn't included, or any other file.
    File,
    Directory,
}

impl Script {
    /// The script at a virtual path of one of the bundles.
    pub(super) fn find(apps: &[&'static App], path: &Path) -> Option<Self> {
        let normal = normal(path)?;
        apps.iter().find_map(|app| {
            let inner = normal.strip_prefix(mount::root(app.name())).ok()?.to_str()?.to_owned();
            let bundle = app.bundle().ok()?;
            let kind = match bundle.node(&inner).ok()? {
                Some(Node::Directory(_)) => {
                    let main = if inner.is_empty() { String::new() } else { format!("{inner}/") };
                    module(&bundle, &format!("{main}__main__.py"))?;
                    Kind::Directory
                }
                Some(Node::File(_)) => Kind::File,
                _ => module(&bundle, &inner).map(|_| Kind::File)?,
            };
            Some(Self { app, path: path.to_owned(), inner, kind })
        })
    }

    /// Whether a virtual path leads to a directory of one of the bundles.
    pub(super) fn is_directory(apps: &[&'static App], path: &Path) -> bool {
        let Some(normal) = normal(path) else { return false };
        apps.iter().any(|app| {
            let inner = normal.strip_prefix(mount::root(app.name())).ok().and_then(Path::to_str);
            let bundle = app.bundle().ok();
            let node = inner.zip(bundle).and_then(|(inner, bundle)| bundle.node(inner).ok()?);
            matches!(node, Some(Node::Directory(_)))
        })
    }

    /// Whether it is a file.
    pub(in crate::host) fn is_file(&self) -> bool {
        self.kind == Kind::File
    }

    pub(in crate::host) fn app(&self) -> &'static App {
        self.app
    }

    /// The requested path.
    pub(in crate::host) fn path(&self) -> &Path {
        &self.path
    }

    /// Its directory, for `sys.path`.
    pub(in crate::host) fn directory(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// The code to run as `__main__`.
    pub(in crate::host) fn code<'py>(
        &self,
        finder: &Bound<'py, Finder>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bundle = self.app.bundle()?;
        match module(&bundle, &self.inner) {
            Some(module) => {
                let spec = finder.call_method1("find_spec", (module.name(),))?;
                spec.getattr("loader")?.call_method1("get_code", (module.name(),))
            }
            None => self.compile(finder.py(), &bundle),
        }
    }

    /// The code of a file that isn't a module, such as `__pip-runner__.py`.
    fn compile<'py>(
        &self,
        py: Python<'py>,
        bundle: &Bundle<'static>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let damaged = |error| Error::damaged(self.app.name(), error);
        let Some(Node::File(file)) = bundle.node(&self.inner).map_err(damaged)? else {
            return Err(PyOSError::new_err("no such file in the bundle"));
        };
        let source = file.content().map_err(damaged)?;
        let arguments = (source.as_ref(), self.path.as_os_str(), "exec", 0, true);
        py.import("builtins")?.call_method1("compile", arguments)
    }
}

/// The module whose source or `.pyc` file has this path in the bundle, even if it isn't included.
fn module<'a>(bundle: &Bundle<'a>, path: &str) -> Option<Module<'a>> {
    let source = path.strip_suffix('c').unwrap_or(path);
    let name = source.strip_suffix(".py")?;
    let name = name.strip_suffix("/__init__").unwrap_or(name).replace('/', ".");
    let module = bundle.module(&name).ok()??;
    let is_there = source == path || module.source().is_none();
    (module.kind() != ModuleKind::Namespace && module.path() == source && is_there)
        .then_some(module)
}

/// An absolute path without `.` and `..`; `None` for relative paths, because the current directory
/// isn't in a bundle.
fn normal(path: &Path) -> Option<PathBuf> {
    if !path.is_absolute() {
        return None;
    }
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    Some(normal)
}
