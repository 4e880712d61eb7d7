//! The pinned packages for comparisons, in addition to standard libraries.
//!
//! `django==5.2` is installed without its dependencies into
//! `~/.cache/include-py-oracles/packages/django-5.2`.

use std::path::PathBuf;
use std::process::Command;

use testbed::pythons;

/// `name==version`, one a line.
const PINNED: &str = include_str!("packages.txt");

/// Installs missing packages, and returns each package's directory.
pub(super) fn directories() -> Result<Vec<PathBuf>, String> {
    let home = std::env::home_dir().ok_or("no home directory to keep packages in")?;
    let cache = home.join(".cache/include-py-oracles/packages");
    let mut found = Vec::new();
    for line in PINNED.lines() {
        let directory = cache.join(line.replace("==", "-"));
        if !directory.is_dir() {
            println!("installing {line}");
            install(line, &directory)?;
        }
        found.push(directory);
    }
    Ok(found)
}

/// Installs with pip of the newest interpreter that has one; removes a partial result.
fn install(requirement: &str, directory: &PathBuf) -> Result<(), String> {
    let candidates = pythons::all()?;
    let options = ["--quiet", "--no-deps", "--no-compile", "--only-binary", ":all:", "--target"];
    for python in candidates.iter().rev() {
        let status = Command::new(python.path())
            .args(["-m", "pip", "install"])
            .args(options)
            .arg(directory)
            .arg(requirement)
            .status();
        if status.is_ok_and(|status| status.success()) {
            return Ok(());
        }
        // The directory may not exist.
        let _ = std::fs::remove_dir_all(directory);
    }
    Err(format!("no interpreter's pip could install {requirement}"))
}
