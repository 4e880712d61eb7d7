//! Compares imports from a bundle with imports from files, in fresh processes that alternate.
//!
//! ```text
//! version  workload  modules     files    bundle  ratio  quartiles
//! 3.12.1   stdlib        271   1.040 s   0.901 s   0.87  0.85 0.88
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;

use testbed::project::{self, Project};
use testbed::pythons::Python;

pub(super) const WORKLOADS: &[&str] = &["stdlib", "django", "sympy", "boto3", "tiny"];

/// The number of tiny modules.
const TINY: usize = 1000;

const BUILD: &str = r#"fn main() {
    include_py_build::Bundle::new("app")
        .source("source")
        .site_packages("site")
        .stdlib()
        .compile();
}
"#;

const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    let workload = std::env::args().nth(1).unwrap();
    include_py::run(&APP, |py| py.import("measure")?.call_method1("measure", (workload,)).map(drop))
}
"#;

/// The measurement of one process.
#[derive(Clone, Copy)]
struct Run {
    nanoseconds: f64,
    modules: usize,
}

/// A program and a project's files.
struct Subject {
    python: PathBuf,
    program: PathBuf,
    directory: PathBuf,
}

/// Measures each workload with each interpreter, and prints a row for each.
pub(super) fn run(
    pythons: &[Python],
    wanted: &[&str],
    runs: usize,
    root: &Path,
) -> Result<(), String> {
    println!("version  workload  modules     files    bundle  ratio  quartiles");
    for python in pythons {
        let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
        let subject = Subject::make(python, directory.path(), root)?;
        for workload in WORKLOADS.iter().filter(|one| wanted.is_empty() || wanted.contains(one)) {
            let (files, bundle) = subject.pairs(workload, runs)?;
            print(python, workload, &files, &bundle);
        }
    }
    Ok(())
}

impl Subject {
    fn make(python: &Python, directory: &Path, root: &Path) -> Result<Self, String> {
        let inputs = root.join("crates/bench/src/import");
        project::pip_install(python, &inputs.join("requirements.txt"), &directory.join("site"))?;
        let source = directory.join("source");
        project::copy_tree(&inputs.join("source"), &source)?;
        let mut names = Vec::new();
        for number in 0..TINY {
            let code = format!("VALUE = {number}\n\n\ndef function():\n    return VALUE\n");
            project::write(&source.join(format!("tiny/m{number:04}.py")), code.as_bytes())?;
            names.push(format!("import tiny.m{number:04}\n"));
        }
        project::write(&source.join("tiny/__init__.py"), b"")?;
        project::write(&source.join("load_tiny.py"), names.concat().as_bytes())?;

        let target = root.join("target/bench").join(python.version().minor().to_string());
        let program =
            Project::new(root, directory, "measured", BUILD, MAIN)?.build(python, &target)?;
        let python = python.path().to_owned();
        // Writes the files' `.pyc` files; the standard library has its own, or gets them in the
        // first run.
        project::run(
            Command::new(&python)
                .args(["-m", "compileall", "-q", "-j2", "-x", r"sympy/parsing/autolev/test"])
                .args([&source, &directory.join("site")]),
        )?;
        Ok(Self { python, program, directory: directory.to_owned() })
    }

    fn pairs(&self, workload: &str, runs: usize) -> Result<(Vec<Run>, Vec<Run>), String> {
        let (mut files, mut bundle) = (Vec::new(), Vec::new());
        // The first run of each doesn't count: it loads files into the disk cache.
        for number in 0..=runs {
            let (one, other) = if number % 2 == 0 {
                let one = self.files(workload)?;
                (one, self.bundle(workload)?)
            } else {
                let other = self.bundle(workload)?;
                (self.files(workload)?, other)
            };
            if number > 0 {
                files.push(one);
                bundle.push(other);
            }
        }
        Ok((files, bundle))
    }

    fn files(&self, workload: &str) -> Result<Run, String> {
        let script = format!(
            "import sys; sys.path[:0] = [{:?}, {:?}]; import measure; measure.measure({workload:?})",
            self.directory.join("source").display().to_string(),
            self.directory.join("site").display().to_string(),
        );
        read(Command::new(&self.python).args(["-I", "-S", "-X", "utf8", "-c", &script]))
    }

    fn bundle(&self, workload: &str) -> Result<Run, String> {
        read(Command::new(&self.program).arg(workload))
    }
}

fn read(command: &mut Command) -> Result<Run, String> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("`{shown}` didn't start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let run =
        text.lines().last().and_then(|line| line.split_once(' ')).and_then(|(time, count)| {
            Some(Run { nanoseconds: time.parse().ok()?, modules: count.parse().ok()? })
        });
    run.filter(|_| output.status.success()).ok_or_else(|| {
        format!("`{shown}` measured nothing: {}", String::from_utf8_lossy(&output.stderr))
    })
}

fn print(python: &Python, workload: &str, files: &[Run], bundle: &[Run]) {
    let time = |runs: &[Run]| quantile(runs.iter().map(|run| run.nanoseconds / 1e9).collect(), 2);
    let ratios = || files.iter().zip(bundle).map(|(a, b)| b.nanoseconds / a.nanoseconds).collect();
    println!(
        "{:7}  {workload:8}  {:7}  {:6.3} s  {:6.3} s  {:5.2}  {:.2} {:.2}",
        python.version().to_string(),
        modules(files, bundle),
        time(files),
        time(bundle),
        quantile(ratios(), 2),
        quantile(ratios(), 1),
        quantile(ratios(), 3),
    );
}

/// The number of modules that a run imported; both numbers, if they differ.
fn modules(files: &[Run], bundle: &[Run]) -> String {
    let (one, other) = (files[0].modules, bundle[0].modules);
    if one == other { one.to_string() } else { format!("{one}/{other}") }
}

/// The first, second or third quartile.
fn quantile(mut values: Vec<f64>, quarter: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) * quarter / 4]
}
