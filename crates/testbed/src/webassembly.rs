//! Releases that no package system here has, as WebAssembly in node.
//!
//! `~/.cache/include-py-oracles/webassembly/3.12.7/python -I -c 'print(1)'` runs CPython 3.12.7.
//!
//! They can be asked what `compile()` returns. They see no file of the machine, and nothing can be
//! linked against them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Releases, and the version of the npm package `pyodide` that contains each. Not among them is
/// 315.0.0-alpha.2, with 3.15.0rc1, which compiles some code otherwise than 3.15.0.
const PACKAGES: [(&str, &str); 4] =
    [("3.11.3", "0.25.1"), ("3.12.7", "0.27.7"), ("3.13.2", "0.29.5"), ("3.14.2", "314.0.7")];

/// What node runs.
const PROGRAM: &str = include_str!("webassembly.mjs");

/// The releases that there are.
pub(crate) fn releases() -> impl Iterator<Item = &'static str> {
    PACKAGES.into_iter().map(|(release, _)| release)
}

/// The program that behaves like `python` of this release. Installs it if it isn't there. `None` if
/// it isn't among [`releases`].
pub(crate) fn program(release: &str) -> Option<Result<PathBuf, String>> {
    let (release, package) = PACKAGES.into_iter().find(|(known, _)| *known == release)?;
    Some(installed(release, package))
}

/// Whether a program is one of these.
pub(crate) fn has(program: &Path) -> bool {
    directory().is_ok_and(|directory| program.starts_with(directory))
}

fn directory() -> Result<PathBuf, String> {
    let home = std::env::home_dir().ok_or("no home directory to keep interpreters in")?;
    Ok(home.join(".cache/include-py-oracles/webassembly"))
}

fn installed(release: &str, package: &str) -> Result<PathBuf, String> {
    let directory = directory()?.join(release);
    let (library, program) = (directory.join("node_modules/pyodide"), directory.join("python"));
    if !library.join("pyodide.mjs").exists() {
        fs::create_dir_all(&directory).map_err(|error| failed(&directory, &error))?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-save", "--prefix"]).arg(&directory);
        npm.arg(format!("pyodide@{package}"));
        let status =
            npm.status().map_err(|error| format!("CPython {release} needs npm: {error}"))?;
        if !status.success() {
            return Err(format!("npm could not install pyodide {package} for CPython {release}"));
        }
    }
    // Written each time, since its text is a part of this program.
    let script = directory.join("webassembly.mjs");
    fs::write(&script, PROGRAM).map_err(|error| failed(&script, &error))?;
    let (script, library) = (script.display(), library.display());
    // Nested sources need more of the stack than node takes by itself.
    let launcher = format!(
        "#!/bin/sh\nulimit -s unlimited\nexec node --stack-size=200000 '{script}' '{library}' \"$@\"\n"
    );
    fs::write(&program, launcher).map_err(|error| failed(&program, &error))?;
    make_executable(&program).map_err(|error| failed(&program, &error))?;
    Ok(program)
}

#[cfg(unix)]
fn make_executable(program: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(program, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_found_by_their_whole_names() {
        assert!(program("3.12").is_none() && program("3.12.70").is_none());
        assert!(releases().any(|release| release == "3.12.7"));
    }

    #[test]
    fn programs_are_told_by_their_directory() {
        let directory = directory().unwrap();
        assert!(has(&directory.join("3.12.7/python")));
        assert!(!has(Path::new("/usr/bin/python3")));
    }
}
