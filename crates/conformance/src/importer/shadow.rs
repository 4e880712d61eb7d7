//! Runs the tests in the interpreter itself, which loads our importer as an extension module.
//!
//! `PYTHONPATH=target/conformance/3.13.0 python tests/conformance/harness/run.py runpy`

use std::path::{Path, PathBuf};
use std::process::Command;

use testbed::project::run;
use testbed::pythons::Python;

use super::outcome::Outcomes;

const PACKAGE: &str = "include-py-conformance";

/// The extension module, built for one interpreter.
pub(super) struct Harness {
    python: PathBuf,
    script: PathBuf,
    directory: PathBuf,
}

/// Which importer is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Importer {
    Ours,
    /// The interpreter's own, from its own files.
    Theirs,
}

impl Harness {
    /// Builds in a target directory for this interpreter.
    pub(super) fn build(python: &Python, root: &Path) -> Result<Self, String> {
        let target = target_dir(python, root);
        Self::built(
            python,
            root,
            &target,
            Command::new(env!("CARGO")).env("CARGO_TARGET_DIR", &target),
        )
    }

    /// Builds in the workspace's target directory, for the interpreter with which everything there
    /// is built.
    pub(super) fn build_in_workspace(python: &Python, root: &Path) -> Result<Self, String> {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
        Self::built(python, root, &target, &mut Command::new(env!("CARGO")))
    }

    fn built(
        python: &Python,
        root: &Path,
        target: &Path,
        cargo: &mut Command,
    ) -> Result<Self, String> {
        run(cargo
            .args(["build", "--quiet", "--package", PACKAGE])
            .current_dir(root)
            .env("PYO3_PYTHON", python.path()))?;
        let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        let library = target.join(format!("debug/{prefix}include_py_conformance{suffix}"));
        let directory = target.join("extension");
        let module = directory.join("include_py_conformance.so");
        std::fs::create_dir_all(&directory)
            .and_then(|()| std::fs::copy(&library, &module))
            .map_err(|error| format!("`{}` can't be copied: {error}", library.display()))?;
        let script = root.join("tests/conformance/harness/run.py");
        Ok(Self { python: python.path().to_owned(), script, directory })
    }

    /// Runs a suite in a separate process.
    pub(super) fn run(&self, suite: &str, importer: Importer) -> Result<Outcomes, String> {
        let mut command = Command::new(&self.python);
        command.arg("-B").arg(&self.script).arg(suite).env("PYTHONPATH", &self.directory);
        if importer == Importer::Theirs {
            command.arg("--plain");
        }
        let output = command.output().map_err(|error| format!("{suite}: {error}"))?;
        Outcomes::parse(&String::from_utf8_lossy(&output.stdout)).map_err(|error| {
            format!("{suite}: {error}\n{}", String::from_utf8_lossy(&output.stderr))
        })
    }
}

/// The target directory for an interpreter.
pub(super) fn target_dir(python: &Python, root: &Path) -> PathBuf {
    root.join("target/conformance").join(python.version().to_string())
}

/// Whether the interpreter is installed with its tests; in Debian they are a separate package.
pub(super) fn has_tests(python: &Python) -> bool {
    let question = "import test.test_importlib.resources, test.test_runpy";
    let output = Command::new(python.path()).args(["-c", question]).output();
    output.is_ok_and(|output| output.status.success())
}
