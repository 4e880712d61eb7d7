//! Valid names and paths, checked by the writer and by `verify`.
//!
//! `pkg/mod.py` is a valid path; `/pkg`, `pkg//mod.py`, `../mod.py` and `pkg\mod.py` are not.

use crate::ModuleKind;

/// Normalises a distribution's name according to [PEP
/// 503](https://peps.python.org/pep-0503/#normalized-names): lower case, and each run of `-`, `_`
/// and `.` becomes one `-`.
///
/// ```
/// assert_eq!(include_py_bundle::normalize("Zope.Interface__X"), "zope-interface-x");
/// ```
#[must_use]
pub fn normalize(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut in_run = false;
    for character in name.chars() {
        let separates = matches!(character, '-' | '_' | '.');
        if separates && !in_run {
            normal.push('-');
        } else if !separates {
            normal.extend(character.to_lowercase());
        }
        in_run = separates;
    }
    normal
}

/// Checks a path in the tree. The error is the reason, worded as the end of a sentence.
pub(crate) fn check_path(path: &str) -> Result<(), &'static str> {
    if path.starts_with('/') {
        return Err("it is absolute");
    }
    if path.contains('\\') {
        return Err("it has a backslash; separate components with `/`");
    }
    if path.contains(char::is_control) {
        return Err("it has a control character");
    }
    match path.split('/').find(|component| matches!(*component, "" | "." | "..")) {
        None => Ok(()),
        Some("") => Err("it has an empty component"),
        Some(_) => Err("it has a `.` or `..` component"),
    }
}

/// Checks the path of a module of this kind. The error is the reason, worded as the end of a
/// sentence.
pub(crate) fn check_module_path(path: &str, kind: ModuleKind) -> Result<(), &'static str> {
    check_path(path)?;
    match kind {
        ModuleKind::Package if !path.ends_with("/__init__.py") => {
            Err("a package's path ends in `/__init__.py`")
        }
        ModuleKind::Module if path.ends_with("/__init__.py") => {
            Err("only a package's path ends in `/__init__.py`")
        }
        // Python accepts exactly `.py`, even on file systems that ignore case.
        ModuleKind::Module if path.strip_suffix(".py").is_none() => {
            Err("a module's path ends in `.py`")
        }
        ModuleKind::Extension if is_init(path) => Err("only a package's file is `__init__`"),
        ModuleKind::ExtensionPackage if !is_init(path) || !path.contains('/') => {
            Err("the file of a package in machine code is `__init__` with a suffix")
        }
        ModuleKind::Extension | ModuleKind::ExtensionPackage
            if path.strip_suffix(".py").is_some() =>
        {
            Err("machine code isn't in a file whose name ends in `.py`")
        }
        _ => Ok(()),
    }
}

/// Whether the file is the `__init__` file of a package.
fn is_init(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with("__init__."))
}

/// Checks a module's name. The error is the reason, worded as the end of a sentence.
pub(crate) fn check_module_name(name: &str) -> Result<(), &'static str> {
    let dotted = match name.rsplit_once('/') {
        None => name,
        Some((directory, dotted)) => {
            check_path(directory)?;
            if !directory.rsplit('/').next().unwrap_or_default().contains('.') {
                return Err("it has a `/`, but not after a directory with a `.` in its name");
            }
            dotted
        }
    };
    if dotted.split('.').any(str::is_empty) {
        return Err("it has an empty component");
    }
    if dotted.contains('\0') { Err("it has a NUL") } else { Ok(()) }
}

/// The prefix of the names of a directory's modules in a bundle.
///
/// A directory with a `.` in its name can't be a package, but it can be an entry of `sys.path`. So
/// the names of its modules consist of the directory's path, a `/` and the name relative to it.
///
/// ```
/// # use include_py_bundle::package_name;
/// assert_eq!(package_name(""), "");
/// assert_eq!(package_name("pkg/sub"), "pkg.sub");
/// assert_eq!(package_name("pkg/_vendor/tool-1.2"), "pkg/_vendor/tool-1.2/");
/// assert_eq!(package_name("pkg/_vendor/tool-1.2/tool/sub"), "pkg/_vendor/tool-1.2/tool.sub");
/// ```
#[must_use]
pub fn package_name(directory: &str) -> String {
    let Some(dot) = directory.rfind('.') else { return directory.replace('/', ".") };
    match directory[dot..].find('/') {
        None => format!("{directory}/"),
        Some(slash) => {
            let (aside, below) = directory.split_at(dot + slash + 1);
            format!("{aside}{}", below.replace('/', "."))
        }
    }
}

/// The name of the module `last` in the package `package`, which is a result of [`package_name`].
///
/// ```
/// # use include_py_bundle::submodule_name;
/// assert_eq!(submodule_name("", "app"), "app");
/// assert_eq!(submodule_name("pkg", "mod"), "pkg.mod");
/// assert_eq!(submodule_name("pkg/_vendor/tool-1.2/", "tool"), "pkg/_vendor/tool-1.2/tool");
/// ```
#[must_use]
pub fn submodule_name(package: &str, last: &str) -> String {
    if package.is_empty() || package.ends_with('/') {
        format!("{package}{last}")
    } else {
        format!("{package}.{last}")
    }
}

/// Checks the bundle's name, which becomes a component of paths. The error is the reason, worded as
/// the end of a sentence.
pub(crate) fn check_bundle_name(name: &str) -> Result<(), &'static str> {
    if name.contains('/') {
        return Err("it has a `/`");
    }
    check_path(name)
}

/// Checks a distribution's name according to the core metadata specification's rule for `Name`. The
/// error is the reason, worded as the end of a sentence.
pub(crate) fn check_distribution_name(name: &str) -> Result<(), &'static str> {
    let ends_well = |end: Option<char>| end.is_some_and(|c| c.is_ascii_alphanumeric());
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.chars().all(inside) {
        return Err("it has more than ASCII letters, digits, `-`, `_` and `.`");
    }
    if ends_well(name.chars().next()) && ends_well(name.chars().next_back()) {
        Ok(())
    } else {
        Err("it doesn't start and end with a letter or digit")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_as_pep_503_does() {
        for name in ["friendly-bard", "Friendly.Bard", "FRIENDLY_-.bard", "friendly--bard"] {
            assert_eq!(normalize(name), "friendly-bard");
        }
        assert_eq!(normalize(""), "");
    }

    #[test]
    fn paths_are_relative_and_normal() {
        for path in ["a", "a/b.py", ".hidden", "..a/...", "a b/\u{fc}"] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        let bad = ["", "/", "/a", "a/", "a//b", ".", "a/./b", "..", "../a", "a\\b", "a\0", "a\n"];
        for path in bad {
            assert!(check_path(path).is_err(), "{path}");
        }
    }

    #[test]
    fn paths_of_modules_agree_with_the_kind() {
        use ModuleKind::{Extension, ExtensionPackage, Module, Namespace, Package};
        let good = [
            ("a.py", Module),
            ("a/__init__.py", Package),
            ("a/b", Namespace),
            ("a.abi3.so", Extension),
            ("a/__init__.so", ExtensionPackage),
        ];
        for (path, kind) in good {
            assert_eq!(check_module_path(path, kind), Ok(()), "{path}");
        }
        let bad = [
            ("a/__init__.py", Module),
            ("a", Module),
            ("a.py", Package),
            ("__init__.py", Package),
            ("/a", Namespace),
            ("a/__init__.so", Extension),
            ("a.py", Extension),
            ("a.so", ExtensionPackage),
            ("__init__.so", ExtensionPackage),
            ("a/__init__.py", ExtensionPackage),
        ];
        for (path, kind) in bad {
            assert!(check_module_path(path, kind).is_err(), "{path}");
        }
    }

    #[test]
    fn names_have_components() {
        for name in ["a", "a.b", "a-b", "\u{e9}", "a/b-1.2/c.d", ".b/c", "a.b/c", "a.b/c/d.e/f"] {
            assert_eq!(check_module_name(name), Ok(()), "{name}");
        }
        let bad = ["", ".", ".a", "a.", "a..b", "a/b", "a\0", "a.b/", "/a.b/c", "../c", "a.b/c/d"];
        for name in bad {
            assert!(check_module_name(name).is_err(), "{name}");
        }
        assert!(check_bundle_name("app").is_ok());
        assert!(check_bundle_name("a/b").is_err() && check_bundle_name("..").is_err());
        assert!(check_distribution_name("Foo.bar_1").is_ok());
        for name in ["", "-a", "a-", "~ip", "\u{e9}"] {
            assert!(check_distribution_name(name).is_err(), "{name}");
        }
    }
}
