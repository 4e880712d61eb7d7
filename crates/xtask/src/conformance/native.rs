//! Packages with extension modules from `PyPI`, used from binaries that hold them, and from files.
//!
//! ```text
//! version   group      package       how      native
//! 3.13.0    numbers    numpy         plain        19  ok
//! 3.13.0    services   pydantic      spawned       1  ok
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::project::{self, Project};
use crate::pythons::Python;

/// The group of `requirements.txt`, the use, and how it is run beside as usual.
const USES: &[(&str, &str, How)] = &[
    ("numbers", "numpy", How::SpawnedToo),
    ("numbers", "pandas", How::SpawnedToo),
    ("numbers", "matplotlib", How::Plain),
    ("numbers", "pillow", How::SpawnedToo),
    ("services", "pydantic", How::SpawnedToo),
    ("services", "fastapi", How::Plain),
    ("services", "cryptography", How::SpawnedToo),
    ("services", "cffi", How::Plain),
    ("services", "lxml", How::SpawnedToo),
    ("services", "orjson", How::Plain),
    ("services", "sqlalchemy", How::Plain),
    ("services", "greenlet", How::Plain),
    ("services", "psycopg", How::Plain),
    ("services", "uvloop", How::Plain),
    ("services", "grpc", How::Plain),
    ("services", "small", How::Plain),
    ("science", "scipy", How::Plain),
    ("science", "sklearn", How::Plain),
    ("arrow", "pyarrow", How::Plain),
    ("arrow", "polars", How::Plain),
];

/// Whether a use is run once more in a process that multiprocessing spawns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Plain,
    SpawnedToo,
}

/// How long a use may take.
const LIMIT: Duration = Duration::from_secs(300);

const BUILD: &str = r#"fn main() {
    include_py_build::Bundle::new("app").source("uses").site_packages("site").stdlib().compile();
}
"#;

const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (name, how) = (arguments.next().unwrap(), arguments.next().unwrap());
    // matplotlib, sklearn and dateutil open data beside `__file__`.
    include_py::Host::new(&APP).serve_files().run(|py| {
        py.import("uses.run")?.call_method1("run", (name, how)).map(drop)
    })
}
"#;

/// Runs every use with every interpreter, and prints a row for each.
pub(super) fn run(pythons: &[Python], wanted: &[&str], root: &Path) -> Result<bool, String> {
    println!("version   group      use           how");
    let mut good = true;
    for python in pythons {
        let mut groups = BTreeMap::<&str, Vec<(&str, How)>>::new();
        for (group, name, how) in USES {
            if wanted.is_empty() || wanted.contains(name) || wanted.contains(group) {
                groups.entry(group).or_default().push((name, *how));
            }
        }
        for (group, uses) in groups {
            let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
            let program = build(python, group, directory.path(), root)?;
            for (name, how) in uses {
                let expected = from_files(python, directory.path(), name)?;
                good &= used(python, &program, (group, name, "plain"), &expected)?;
                if how == How::SpawnedToo {
                    good &= used(python, &program, (group, name, "spawned"), &expected)?;
                }
            }
        }
    }
    Ok(good)
}

fn build(python: &Python, group: &str, directory: &Path, root: &Path) -> Result<PathBuf, String> {
    let sources = root.join("crates/xtask/src/conformance/native");
    let requirements = std::fs::read_to_string(sources.join("requirements.txt"))
        .map_err(|error| error.to_string())?;
    let lines = requirements.lines().skip_while(|line| *line != format!("# == {group}"));
    let lines: Vec<_> = lines.skip(1).take_while(|line| !line.starts_with('#')).collect();
    let file = directory.join("requirements.txt");
    project::write(&file, lines.join("\n").as_bytes())?;
    project::pip_install(python, &file, &directory.join("site"))?;
    project::copy_tree(&sources.join("uses"), &directory.join("uses/uses"))?;
    let target = root.join("target/native").join(python.version().minor().to_string());
    Project::new(root, directory, "uses", BUILD, MAIN)?.build(python, &target)
}

/// What the use gives with CPython and files.
fn from_files(python: &Python, directory: &Path, name: &str) -> Result<String, String> {
    let code = format!(
        "import sys; sys.path[:0] = [{:?}, {:?}]; import uses.run; uses.run.run({name:?}, 'plain')",
        directory.join("uses").display().to_string(),
        directory.join("site").display().to_string()
    );
    let output = alone(Command::new(python.path()).args(["-I", "-B", "-X", "utf8", "-c", &code]))?;
    if output.status.success() {
        Ok(last_line(&output))
    } else {
        let reason = String::from_utf8_lossy(&output.stderr);
        Err(format!("the use of {name} fails with {} and files: {reason}", python.version()))
    }
}

fn used(
    python: &Python,
    program: &Path,
    (group, name, how): (&str, &str, &str),
    expected: &str,
) -> Result<bool, String> {
    let output = alone(Command::new(program).args([name, how]))?;
    let found = last_line(&output);
    let good = output.status.success() && found == expected;
    let verdict = if good { "ok" } else { "FAILED" };
    println!("{:8}  {group:9}  {name:12}  {how:8}  {verdict}", python.version().to_string());
    if !output.status.success() {
        eprintln!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    } else if !good {
        eprintln!("from files: {expected}\nfrom the binary: {found}");
    }
    Ok(good)
}

fn last_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned()
}

/// Runs a command in an empty directory, without an environment but for a home of its own, and ends it if it
/// takes too long.
fn alone(command: &mut Command) -> Result<Output, String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: std::io::Error| format!("`{program}` could not be run: {error}");
    let (out, err) = (directory.path().join("out"), directory.path().join("err"));
    let mut child = command
        .current_dir(directory.path())
        .env_clear()
        .env("HOME", directory.path())
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(&out).map_err(failed)?)
        .stderr(std::fs::File::create(&err).map_err(failed)?)
        .spawn()
        .map_err(failed)?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        if start.elapsed() > LIMIT {
            let _ = child.kill();
            break child.wait().map_err(failed)?;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let read = |path: &Path| std::fs::read(path).map_err(failed);
    Ok(Output { status, stdout: read(&out)?, stderr: read(&err)? })
}
