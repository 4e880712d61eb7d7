//! Files that an installer puts into a directory of packages and that no program imports.
//!
//! ```text
//! site-packages/bin/rich-click        a script: left out
//! site-packages/pip/                  the installer itself: left out
//! site-packages/pip-25.0.dist-info/   left out with it
//! site-packages/sitecustomize.py      this machine's configuration: left out
//! ```

use std::path::{Path, PathBuf};

/// Directories for a distribution's data (`sysconfig.get_scheme_names`), in which `pip install
/// --target` puts files beside the packages.
const DATA: &[&str] = &["Scripts", "bin", "etc", "include", "man", "share"];

/// Installers and build tools, which an environment contains without having been asked for.
const INSTALLERS: &[&str] = &["_distutils_hack", "pip", "pkg_resources", "setuptools", "wheel"];

/// Files that Python runs at its start, made by this machine's administrator or distribution.
pub(crate) const MACHINE: &[&str] = &["sitecustomize.py", "usercustomize.py"];

/// Whether the file or directory isn't bundled; `path` is relative to the directory of packages.
pub(super) fn leaves_out(dir: &Path, path: &str) -> bool {
    if path.contains('/') {
        return false;
    }
    if DATA.contains(&path) {
        return !dir.join(path).join("__init__.py").exists();
    }
    if MACHINE.contains(&path) {
        return true;
    }
    let distribution = path.strip_suffix(".dist-info").or_else(|| path.strip_suffix(".egg-info"));
    let name = distribution.and_then(|stem| stem.split('-').next()).unwrap_or(path);
    INSTALLERS.contains(&name)
}

/// The directories whose content decides what is left out.
pub(super) fn consulted(dir: &Path) -> impl Iterator<Item = PathBuf> {
    DATA.iter().map(|name| dir.join(name)).filter(|path| path.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_installers_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let leaves_out = |path| leaves_out(dir.path(), path);
        for path in [
            "bin",
            "share",
            "sitecustomize.py",
            "pip",
            "setuptools-80.1.dist-info",
            "wheel-0.4-py3.egg-info",
        ] {
            assert!(leaves_out(path), "{path}");
        }
        for path in ["rich", "rich/pip", "pipx", "pipx-1.0.dist-info", "six.py", "a/bin"] {
            assert!(!leaves_out(path), "{path}");
        }
        std::fs::create_dir(dir.path().join("bin")).unwrap();
        std::fs::write(dir.path().join("bin/__init__.py"), "").unwrap();
        assert!(!leaves_out("bin"));
    }
}
