//! Builds with no Python on `PATH`, for the version that PyO3's configuration file or its cross
//! settings name. The bundle for 3.12.1 is the same as one built with that interpreter.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use include_py_build::{Bundle, Environment};
use include_py_tests::{Project, text};
use tempfile::TempDir;

/// Programs that a build without Python may find on `PATH`: those that link build scripts.
const TOOLS: &[&str] = &["cc", "ld", "as", "ar"];

const BUILD: &str = r#"include_py_build::Bundle::new("app").source("python").include_source(true)"#;

fn project(name: &str, release: &str) -> Project {
    Project::new(name)
        .apart("cross")
        .build_script(&format!("{BUILD}.targets([{release:?}])"))
        .python("app/__init__.py", "def f(*names):\n    return [name for name in names if name]\n")
        .python("app/main.py", "import app\nassert app.f(1, 0) == [1], f'{app.f(1, 0)!r}'\n")
        .python("app/data.txt", "data")
        .python("thing-1.dist-info/METADATA", "Name: thing\n")
}

/// A directory for `PATH` that has [`TOOLS`] and nothing else.
fn tools() -> TempDir {
    let directory = TempDir::new().unwrap();
    for tool in TOOLS {
        let path = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|entry| entry.join(tool))
            .find(|path| path.exists())
            .unwrap_or_else(|| panic!("there is no {tool}"));
        std::os::unix::fs::symlink(path, directory.path().join(tool)).unwrap();
    }
    directory
}

/// `cargo check` with these variables, where there is no Python.
fn checked(project: &Project, variables: &[(&str, &Path)]) -> Vec<u8> {
    let (tools, cargo) = (tools(), Path::new(env!("CARGO")));
    let path = std::env::join_paths([tools.path(), cargo.parent().unwrap()]).unwrap();
    let mut cargo = Command::new(cargo);
    cargo
        .args(["check", "--offline", "--quiet"])
        .current_dir(project.path(""))
        .env("CARGO_TARGET_DIR", project.target_dir())
        .env("PATH", path)
        .env_remove("PYO3_PYTHON")
        .envs(variables.iter().copied());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    fs::read(project.out_dir().join("app.bundle")).unwrap()
}

/// The bundle that is built without Cargo, where `describe` says what is known of the target.
fn built(project: &Project, describe: impl FnOnce(Environment) -> Environment) -> Vec<u8> {
    let out = TempDir::new().unwrap();
    let environment = describe(Environment::new(out.path()));
    let bundle = Bundle::new("app").source(project.path("python")).include_source(true);
    fs::read(bundle.build(&environment).unwrap().bundle()).unwrap()
}

/// pyenv's interpreter of this release.
fn interpreter(release: &str) -> Option<PathBuf> {
    let home = PathBuf::from(std::env::var_os("HOME")?);
    let python = home.join(".pyenv/versions").join(release).join("bin/python3");
    let exists = python.exists();
    if !exists {
        println!("not compared: there is no {}", python.display());
    }
    exists.then_some(python)
}

/// PyO3 is compiled for other Pythons than the workspace's.
mod long {
    use super::*;

    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn a_configuration_file_names_the_version() {
        let project = project("configured", "3.12.1");
        project.write("pyo3.txt", "implementation=CPython\nversion=3.12\nshared=true\n");
        let bundle = checked(&project, &[("PYO3_CONFIG_FILE", &project.path("pyo3.txt"))]);
        if let Some(python) = interpreter("3.12.1") {
            assert!(built(&project, |environment| environment.python(python)) == bundle);
        }
    }

    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn a_cross_setting_names_the_version() {
        let project = project("crossed", "3.14");
        let bundle = checked(&project, &[("PYO3_CROSS_PYTHON_VERSION", Path::new("3.14"))]);
        // There is no 3.14 to build with here, so the version is named in the other way.
        assert!(built(&project, |environment| environment.python_version(3, 14)) == bundle);
    }
}
