//! Packages that declare that they are in several directories.
//!
//! ```python
//! __path__ = __import__("pkgutil").extend_path(__path__, __name__)
//! __import__("pkg_resources").declare_namespace(__name__)
//! ```
//!
//! `import` runs `__init__.py` of the first directory. If that contains such a line, modules are
//! found in all directories; the first directory has precedence.

use include_py_bundle::ModuleKind;

use super::Module;

/// Whether `second`, found in a later root, belongs to the package `first`.
pub(super) fn is_one(first: &Module, second: &Module) -> bool {
    match (first.kind, second.kind) {
        (ModuleKind::Package, ModuleKind::Package | ModuleKind::Namespace) => says_so(first),
        (ModuleKind::Namespace, ModuleKind::Package) => says_so(second),
        _ => false,
    }
}

fn says_so(package: &Module) -> bool {
    let source = std::fs::read(&package.source).unwrap_or_default();
    let source = String::from_utf8_lossy(&source);
    let mut code = source.lines().filter(|line| !line.trim_start().starts_with('#'));
    code.any(|line| line.contains("extend_path") || line.contains("declare_namespace"))
}
