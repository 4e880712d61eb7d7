//! Describes an installation of CPython from its files, without running it.
//!
//! ```text
//! /opt/py/bin/python3.13 ─▶ /opt/py/lib/python3.13/os.py             the landmark: the prefix is /opt/py
//!                           /opt/py/lib/python3.13/lib-dynload       extension modules
//!                           /opt/py/include/python3.13/patchlevel.h  the release
//! ```
//!
//! Follows `Modules/getpath.py`, 3.13, for installations and virtual environments. Build trees
//! aren't recognised.

use std::path::{Path, PathBuf};

use pyc_code::{Minor, Version};
use pyc_compiler::Target;

use super::Python;
use crate::fs;

/// An installation, and the release to compile for.
pub(crate) struct Described {
    pub(crate) python: Python,
    pub(super) target: Target,
}

/// Describes the installation of an executable. Without an executable or if its files aren't found,
/// the result is the newest release of the version. `None` if the compiler doesn't support the
/// version.
pub(crate) fn describe(python: Option<&Path>, minor: Minor) -> Option<Described> {
    let newest = Target::newest(minor)?;
    let name = format!("python{minor}");
    let executable = python.filter(|python| python.is_absolute());
    let prefix = executable.and_then(|python| prefix(python, &name));
    let release = prefix.as_deref().and_then(|prefix| release(prefix, &name, minor));
    let target = release.and_then(|version| Target::for_version(version).ok()).unwrap_or(newest);
    let stdlib_dir = prefix.as_ref().map(|prefix| prefix.join("lib").join(&name));
    let extension_dir = stdlib_dir.as_ref().map(|dir| dir.join("lib-dynload"));
    let python = Python {
        executable: executable.map(Path::to_owned),
        home: prefix,
        stdlib_dir,
        extension_dir: extension_dir.filter(|dir| dir.is_dir()),
        ..Python::of_release(target.version())
    };
    Some(Described { python, target })
}

/// The nearest directory above the executable that contains the standard library.
fn prefix(python: &Path, name: &str) -> Option<PathBuf> {
    let landmark = |dir: &&Path| dir.join("lib").join(name).join("os.py").is_file();
    let base = base_of_environment(python);
    let resolved = base.or_else(|| std::fs::canonicalize(python).ok()).unwrap_or(python.to_owned());
    resolved.ancestors().skip(1).find(landmark).map(Path::to_owned)
}

/// The interpreter from which a virtual environment was created (PEP 405).
fn base_of_environment(python: &Path) -> Option<PathBuf> {
    let dir = python.parent()?;
    let candidates = [Some(dir), dir.parent()];
    let text = candidates
        .into_iter()
        .flatten()
        .find_map(|dir| fs::read_previous(&dir.join("pyvenv.cfg")))?;
    let text = String::from_utf8(text).ok()?;
    let home = text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim().eq_ignore_ascii_case("home")).then(|| value.trim().to_owned())
    })?;
    Some(Path::new(&home).join(python.file_name()?))
}

/// The release according to the installed headers, which can be missing.
fn release(prefix: &Path, name: &str, minor: Minor) -> Option<Version> {
    let header = prefix.join("include").join(name).join("patchlevel.h");
    let text = String::from_utf8(fs::read_previous(&header)?).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("#define PY_MICRO_VERSION"))?;
    Some(Version::new(minor, line.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An installation with these files, all empty except the header.
    fn installed(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        dir
    }

    const FILES: &[(&str, &str)] = &[
        ("bin/python3.13", ""),
        ("lib/python3.13/os.py", ""),
        ("lib/python3.13/lib-dynload/math.so", ""),
        ("include/python3.13/patchlevel.h", "#define PY_MICRO_VERSION 2\n"),
    ];

    #[test]
    fn an_installation_is_described_by_its_files() {
        let dir = installed(FILES);
        let root = std::fs::canonicalize(dir.path()).unwrap();
        let python = root.join("bin/python3.13");
        let Described { python: described, target } =
            describe(Some(&python), Minor::PY313).unwrap();
        assert_eq!(target.to_string(), "3.13.2");
        assert_eq!(described.hexversion, 0x030d_02f0);
        assert_eq!(described.home.as_deref(), Some(&*root));
        assert_eq!(described.stdlib_dir, Some(root.join("lib/python3.13")));
        assert_eq!(described.extension_dir, Some(root.join("lib/python3.13/lib-dynload")));
    }

    #[test]
    fn a_virtual_environment_has_the_home_of_its_base_installation() {
        let dir = installed(FILES);
        let root = std::fs::canonicalize(dir.path()).unwrap();
        let config = format!("home = {}\n", root.join("bin").display());
        let environment = installed(&[("bin/python3.13", ""), ("pyvenv.cfg", &config)]);
        let python = environment.path().join("bin/python3.13");
        let described = describe(Some(&python), Minor::PY313).unwrap().python;
        assert_eq!(described.home.as_deref(), Some(&*root));
    }

    #[test]
    fn without_an_installation_the_newest_release_is_described() {
        let Described { python: described, target } = describe(None, Minor::PY313).unwrap();
        assert_eq!(Some(target), Target::newest(Minor::PY313));
        assert_eq!((described.home, described.stdlib_dir), (None, None));
        let nowhere = Path::new("/nowhere/bin/python3.13");
        assert_eq!(describe(Some(nowhere), Minor::PY313).unwrap().python.home, None);
        assert!(describe(None, Minor::PY38).is_none());
    }
}
