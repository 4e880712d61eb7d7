//! The interpreters on this machine, for generated tables and conformance checks.
//!
//! `~/.pyenv/versions/3.11.7/bin/python`, `~/.cache/include-py-oracles/bin/python3.15` and
//! `/usr/bin/python3.11` are three of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use pyc_code::Version;

use crate::webassembly;

/// An interpreter and its version.
#[derive(Clone, Debug)]
pub struct Python {
    path: PathBuf,
    version: Version,
}

impl Python {
    /// The program.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its release.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The one that PyO3 links: `PYO3_PYTHON`, otherwise `python3`.
    pub fn default_for_pyo3() -> Result<Self, String> {
        let path = std::env::var_os("PYO3_PYTHON").map_or("python3".into(), PathBuf::from);
        Self::ask(&path).ok_or_else(|| format!("`{}` isn't a Python", path.display()))
    }

    fn ask(path: &Path) -> Option<Self> {
        let question = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
        let output = Command::new(path).args(["-c", question]).output().ok()?;
        let version = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
        Some(Self { path: path.to_owned(), version })
    }
}

/// Every CPython 3.8 to 3.15 of pyenv, of `~/.cache/include-py-oracles` and of the system, oldest
/// first.
pub fn all() -> Result<Vec<Python>, String> {
    let home = std::env::home_dir().ok_or("no home directory to look for interpreters in")?;
    let mut found = Vec::new();
    for (directory, program) in [
        (home.join(".pyenv/versions"), Some("bin/python")),
        (home.join(".cache/include-py-oracles/bin"), None),
        (PathBuf::from("/usr/bin"), None),
    ] {
        let walk = walkdir::WalkDir::new(&directory).min_depth(1).max_depth(1).sort_by_file_name();
        for entry in walk.into_iter().filter_map(Result::ok) {
            if program.is_none() && !is_program(&entry.file_name().to_string_lossy()) {
                continue;
            }
            let path = program
                .map_or_else(|| entry.path().to_owned(), |program| entry.path().join(program));
            found.extend(Python::ask(&path));
        }
    }
    found.sort_by_key(Python::version);
    if found.is_empty() {
        return Err(
            "no interpreter in ~/.pyenv/versions or ~/.cache/include-py-oracles/bin".to_owned()
        );
    }
    Ok(found)
}

/// Whether a file's name is that of an interpreter: `python3.11`.
fn is_program(name: &str) -> bool {
    let minor = name.strip_prefix("python3.");
    minor.is_some_and(|minor| minor.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The newest interpreter of each minor version, oldest first.
pub fn newest() -> Result<Vec<Python>, String> {
    let mut newest: Vec<Python> = Vec::new();
    for python in all()? {
        match newest.last_mut() {
            Some(last) if last.version.minor() == python.version.minor() => *last = python,
            _ => newest.push(python),
        }
    }
    Ok(newest)
}

/// The interpreters of these versions; all if none is named.
pub fn chosen(all: Vec<Python>, wanted: &[impl AsRef<str>]) -> Result<Vec<Python>, String> {
    let wanted: Vec<&str> = wanted.iter().map(AsRef::as_ref).collect();
    let is = |python: &Python, wanted: &str| {
        let version = python.version();
        wanted == version.to_string() || wanted == version.minor().to_string()
    };
    if let Some(absent) = wanted.iter().find(|wanted| !all.iter().any(|python| is(python, wanted)))
    {
        let there: Vec<String> = all.iter().map(|python| python.version().to_string()).collect();
        return Err(format!("no CPython {absent} for this; there are: {}", there.join(" ")));
    }
    let is_wanted =
        |python: &Python| wanted.is_empty() || wanted.iter().any(|wanted| is(python, wanted));
    Ok(all.into_iter().filter(is_wanted).collect())
}

/// The newest interpreter of this release or minor version. A release that isn't on the machine may
/// be there as WebAssembly: it is installed then, and only runs scripts.
pub fn interpreter(wanted: &str) -> Result<Python, String> {
    let fits = |python: &Python| {
        let version = python.version();
        version.to_string() == wanted || version.minor().to_string() == wanted
    };
    if let Some(python) = all()?.into_iter().rfind(fits) {
        return Ok(python);
    }
    let absent = || format!("no interpreter {wanted} on this machine");
    in_webassembly(wanted).ok_or_else(absent)?
}

/// The releases that are only there as WebAssembly, oldest first. Installs them.
pub fn all_in_webassembly() -> Result<Vec<Python>, String> {
    webassembly::releases().filter_map(in_webassembly).collect()
}

fn in_webassembly(release: &str) -> Option<Result<Python, String>> {
    let program = webassembly::program(release)?;
    let starts = |program: PathBuf| {
        Python::ask(&program).ok_or_else(|| format!("`{}` doesn't start", program.display()))
    };
    Some(program.and_then(starts))
}
