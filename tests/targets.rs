//! Which of a bundle's targets runs, and what happens if none does.
//!
//! The bundles are opened from files, since their bytecode may be for other interpreters than the
//! running one.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

use include_py::{Host, SignalHandlers, Volume};
use include_py_build::{Bundle, Environment, Options};
use include_py_tests::text;
use pyo3::prelude::*;

include_py::include_py!(SPECIMEN = "specimen");

/// Starts Python once for all tests of this process, and runs them one at a time.
fn start() -> MutexGuard<'static, ()> {
    static START: Once = Once::new();
    static TURN: Mutex<()> = Mutex::new(());
    START.call_once(|| {
        Host::new(&SPECIMEN).signal_handlers(SignalHandlers::Program).start().unwrap();
    });
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// pyenv's interpreters of the running minor version, and of others.
fn interpreters() -> (Option<PathBuf>, Vec<PathBuf>) {
    let running = Python::attach(|py| {
        let version = py.version_info();
        format!("{}.{}", version.major, version.minor)
    });
    let versions = Path::new(&env::var_os("HOME").unwrap_or_default()).join(".pyenv/versions");
    let found: Vec<_> = ["3.11.7", "3.12.1", "3.13.0"]
        .iter()
        .map(|version| (version, versions.join(version).join("bin/python3")))
        .filter(|(_, path)| path.exists())
        .collect();
    let own = found.iter().find(|(version, _)| version.starts_with(&format!("{running}.")));
    let others = found.iter().filter(|(version, _)| !version.starts_with(&format!("{running}.")));
    (own.map(|(_, path)| path.clone()), others.map(|(_, path)| path.clone()).collect())
}

/// A bundle `name` with a module of the same name that prints where its code comes from.
fn volume(name: &str, python: &Path, change: impl FnOnce(Bundle) -> Bundle) -> Volume {
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join(format!("{name}.py"));
    std::fs::write(&source, "CODE = (lambda: 0).__code__\nNAME = __name__\n").unwrap();
    let bundle = change(Bundle::new(name).source(directory.path()).exclude("out"));
    let environment = Environment::new(directory.path().join("out")).python(python);
    let output = bundle.build(&environment).unwrap();
    Volume::read(output.bundle()).unwrap()
}

#[test]
fn the_target_is_chosen_by_its_magic_number() {
    let _turn = start();
    let (Some(own), others) = interpreters() else { return uncovered() };
    let Some((first, rest)) = others.split_first() else { return uncovered() };
    let all = |bundle: Bundle| rest.iter().chain([&own]).fold(bundle, Bundle::also_for);
    let volume = volume("chosen", first, all);
    assert_eq!(volume.bundle().targets().len(), others.len() + 1);
    Python::attach(|py| {
        volume.install(py).unwrap();
        let module = py.import("chosen").unwrap();
        assert_eq!(module.getattr("NAME").unwrap().to_string(), "chosen");
        let file = module.getattr("CODE").unwrap().getattr("co_filename").unwrap();
        assert_eq!(file.to_string(), module.getattr("__file__").unwrap().to_string());
        volume.uninstall(py).unwrap();
    });
}

/// Each target's code is found and runs, whichever of them comes first.
#[test]
fn a_bundle_for_named_releases_runs_on_each() {
    let _turn = start();
    let running = Python::attach(|py| {
        let version = py.version_info();
        format!("{}.{}", version.major, version.minor)
    });
    let all = ["3.11", "3.12", "3.13", "3.14", "3.15"];
    for (number, first) in all.into_iter().enumerate() {
        let directory = tempfile::tempdir().unwrap();
        let name = format!("released{number}");
        let source = "import sys\nNAME = __name__\ndef f(*names): return [name.upper() for name in names if name]\n";
        std::fs::write(directory.path().join(format!("{name}.py")), source).unwrap();
        let rest = all.into_iter().filter(|one| *one != first);
        let bundle = Bundle::new(&name).source(directory.path()).exclude("out");
        let bundle = bundle.targets(std::iter::once(first).chain(rest));
        // Neither an interpreter nor a version is named.
        let output = bundle.build(&Environment::new(directory.path().join("out"))).unwrap();
        let volume = Volume::read(output.bundle()).unwrap();
        assert_eq!(volume.bundle().targets().len(), all.len());
        assert!(all.contains(&running.as_str()), "add {running} to the list");
        Python::attach(|py| {
            volume.install(py).unwrap();
            let module = py.import(name.as_str()).unwrap();
            assert_eq!(module.getattr("NAME").unwrap().to_string(), name);
            let upper: Vec<String> =
                module.call_method1("f", ("a", "", "b")).unwrap().extract().unwrap();
            assert_eq!(upper, ["A", "B"]);
            volume.uninstall(py).unwrap();
        });
    }
}

#[test]
fn without_a_fitting_target_sources_are_compiled_if_allowed() {
    let _turn = start();
    let (_, others) = interpreters();
    let Some(other) = others.first() else { return uncovered() };
    let volume = volume("compiled", other, Bundle::compile_on_mismatch);
    Python::attach(|py| {
        volume.install(py).unwrap();
        let module = py.import("compiled").unwrap();
        let file = module.getattr("CODE").unwrap().getattr("co_filename").unwrap();
        assert_eq!(file.to_string(), module.getattr("__file__").unwrap().to_string());
        volume.uninstall(py).unwrap();
    });
}

#[test]
fn without_a_fitting_target_a_module_without_source_is_an_error() {
    let _turn = start();
    let (_, others) = interpreters();
    let Some(other) = others.first() else { return uncovered() };
    let volume = volume("closed", other, |bundle| {
        bundle.compile_on_mismatch().options_for("closed", Options::new().without_source())
    });
    Python::attach(|py| {
        volume.install(py).unwrap();
        let error = py.import("closed").unwrap_err().to_string();
        let start =
            "ImportError: module `closed` in bundle `closed` has neither bytecode for CPython 3.";
        assert!(error.starts_with(start), "{error}");
        assert!(error.contains(" nor source: build the bundle with `Bundle::also_for`"), "{error}");
        volume.uninstall(py).unwrap();
    });
}

#[test]
fn without_a_fitting_target_or_permission_to_compile_all_versions_are_named() {
    let _turn = start();
    let (_, others) = interpreters();
    let [one, two, ..] = others.as_slice() else { return uncovered() };
    let volume = volume("refused", one, |bundle| bundle.also_for(two).include_source(true));
    let error = Python::attach(|py| volume.install(py).unwrap_err().to_string());
    let version = |python: &Path| {
        let output = Command::new(python).arg("--version").output().unwrap();
        text(&output.stdout).trim().replace("Python", "CPython")
    };
    for named in [version(one), version(two)] {
        assert!(error.contains(&named), "{error} doesn't name {named}");
    }
    assert!(error.contains(", but this process runs CPython 3."), "{error}");
}

fn uncovered() {
    testbed::not_covered("this machine has no other interpreters in ~/.pyenv/versions");
}
