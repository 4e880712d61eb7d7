//! A Cargo project outside the workspace that uses include-py as a user does.
//!
//! `Project::new(dir, "smoke", build_rs, main_rs)` writes it; `build(&python, &target_dir)` returns
//! the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::pythons::Python;

/// A project that has been written.
pub struct Project {
    directory: PathBuf,
    name: String,
}

impl Project {
    /// Writes the project; `root` is the workspace's directory.
    ///
    /// Cargo distinguishes packages by their paths in the workspace. With a link `crates` and what
    /// our crates inherit, they are the workspace's, so that a target directory can be shared.
    pub fn new(
        root: &Path,
        directory: &Path,
        name: &str,
        build: &str,
        main: &str,
    ) -> Result<Self, String> {
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             [dependencies]\ninclude-py = {{ path = \"crates/include-py\" }}\npyo3 = \"0.30\"\n\
             [build-dependencies]\ninclude-py-build = {{ path = \"crates/include-py-build\" }}\n\
             [workspace]\n{}",
            inherited(root)?
        );
        write(&directory.join("Cargo.toml"), manifest.as_bytes())?;
        write(&directory.join("build.rs"), build.as_bytes())?;
        write(&directory.join("src/main.rs"), main.as_bytes())?;
        // The workspace's lock file, so that the tested versions are built.
        let lock = fs::read(root.join("Cargo.lock")).map_err(|error| error.to_string())?;
        write(&directory.join("Cargo.lock"), &lock)?;
        link_crates(root, directory)?;
        Ok(Self { directory: directory.to_owned(), name: name.to_owned() })
    }

    /// Builds it in release mode for this interpreter, and returns the program's path.
    pub fn build(&self, python: &Python, target_dir: &Path) -> Result<PathBuf, String> {
        self.cargo_build(python, target_dir, &["--release"])?;
        Ok(target_dir.join("release").join(&self.name))
    }

    /// Builds it as `cargo build` does, and returns the program's path.
    pub fn build_by_default(&self, python: &Python, target_dir: &Path) -> Result<PathBuf, String> {
        self.cargo_build(python, target_dir, &[])?;
        Ok(target_dir.join("debug").join(&self.name))
    }

    fn cargo_build(
        &self,
        python: &Python,
        target_dir: &Path,
        options: &[&str],
    ) -> Result<(), String> {
        run(Command::new(env!("CARGO"))
            .args(["build", "--offline", "--quiet"])
            .args(options)
            .current_dir(&self.directory)
            .env("CARGO_TARGET_DIR", target_dir)
            .env("PYO3_PYTHON", python.path()))
    }
}

/// What our crates inherit, and the profiles: the workspace's manifest without its members.
///
/// # Errors
///
/// If the manifest can't be read or has another layout.
pub fn inherited(root: &Path) -> Result<String, String> {
    let path = root.join("Cargo.toml");
    let manifest = fs::read_to_string(&path)
        .map_err(|error| format!("can't read `{}`: {error}", path.display()))?;
    let start = manifest.find("[workspace.package]").ok_or("the workspace has no package table")?;
    Ok(manifest[start..].to_owned())
}

/// Links the workspace's crates into a project, so that they are the same packages to Cargo.
///
/// # Errors
///
/// If the link can't be created, as on systems other than Unix.
pub fn link_crates(root: &Path, directory: &Path) -> Result<(), String> {
    link(&root.join("crates"), &directory.join("crates"))
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> Result<(), String> {
    match std::os::unix::fs::symlink(original, link) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(format!("can't create `{}`: {error}", link.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn link(_: &Path, link: &Path) -> Result<(), String> {
    Err(format!("`{}` has to be a link, which needs Unix", link.display()))
}

/// The interpreters that the runtime supports and that a program can be linked with: pyenv's, and
/// the one that `PYO3_PYTHON` names, which may be Debian's (`.ci/debian-python`).
pub fn linkable() -> Result<Vec<Python>, String> {
    const SUPPORTED: &[&str] = &["3.11", "3.12", "3.13", "3.14", "3.15"];
    let mut pythons = crate::pythons::all()?;
    if std::env::var_os("PYO3_PYTHON").is_some() {
        let named = Python::default_for_pyo3()?;
        pythons.retain(|python| python.version() != named.version());
        pythons.push(named);
        pythons.sort_by_key(Python::version);
    }
    pythons.retain(|python| {
        let minor = python.version().minor().to_string();
        let has_library = |directory: &Path| {
            let places = ["../lib", "../lib/x86_64-linux-gnu"];
            places
                .iter()
                .any(|place| directory.join(place).join(format!("libpython{minor}.so")).exists())
        };
        SUPPORTED.contains(&minor.as_str()) && python.path().parent().is_some_and(has_library)
    });
    Ok(pythons)
}

/// `pip install --target` with a file of pinned requirements and nothing else.
pub fn pip_install(python: &Python, requirements: &Path, target: &Path) -> Result<(), String> {
    run(Command::new(python.path())
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--root-user-action=ignore", "--no-deps", "--no-compile"])
        .arg("--requirement")
        .arg(requirements)
        .arg("--target")
        .arg(target))
}

/// Writes a file, and creates its parent directories.
pub fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| format!("`{}` can't be written: {error}", path.display()))
}

/// Copies a directory with its content.
pub fn copy_tree(from: &Path, to: &Path) -> Result<(), String> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path();
        if entry.file_type().is_file() {
            let inside = path.strip_prefix(from).map_err(|error| error.to_string())?;
            let content = fs::read(path).map_err(|error| error.to_string())?;
            write(&to.join(inside), &content)?;
        }
    }
    Ok(())
}

/// Runs a command that must succeed; its standard error is shown.
pub fn run(command: &mut Command) -> Result<(), String> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("`{shown}` could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` ended with {status}")) }
}
