//! The pinned packages that the compiler is compared on, beside standard libraries.
//!
//! `django==5.2` is installed, without what it depends on, into
//! `~/.cache/include-py-oracles/packages/django-5.2`.

use std::path::PathBuf;
use std::process::Command;

use testbed::pythons;

/// `name==version`, one a line.
const PINNED: &str = include_str!("packages.txt");

/// Installs what is missing, and gives each package's directory.
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

/// By pip of the newest interpreter that has one; what it half did is removed.
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
        // It may not be there at all.
        let _ = std::fs::remove_dir_all(directory);
    }
    Err(format!("no interpreter's pip could install {requirement}"))
}
