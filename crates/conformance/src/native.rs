//! Uses packages with extension modules from `PyPI` twice, from a single-file program in an
//! otherwise empty root and from files, and compares the results.
//!
//! ```text
//! version   package       release     how
//! 3.13.0    numpy         2.1.3       plain       ok
//! 3.13.0    pydantic      2.10.3      spawn       ok
//! ```
//!
//! The packages are those of the table in `docs/guide/extension-modules.md`. Each group of
//! `requirements.txt` is one program (`Bundle::one_file`), which runs in a root with glibc's
//! libraries and nothing else.

mod list;
mod room;
mod suites;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use list::{Row, Special};
use room::Room;
pub(super) use suites::run as run_suites;
use testbed::project::{self, Project};
use testbed::pythons::Python;

/// The directory of the uses and the requirements.
const SOURCES: &str = "crates/conformance/src/native";

/// Maximum time for a use.
const LIMIT: Duration = Duration::from_secs(300);

/// `OpenBLAS` computes wrong numbers on some processors unless these variables identify them.
const KEPT: &[&str] = &["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

const MAIN: &str = r#"use pyo3::prelude::*;

include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    // matplotlib, sklearn and dateutil open data beside `__file__`.
    include_py::Host::new(&APP).serve_files().run(|py| {
        let mut arguments = std::env::args().skip(1);
        let (name, how) = (arguments.next().unwrap(), arguments.next().unwrap());
        py.import("uses.run")?.call_method1("run", (name, how)).map(drop)
    })
}
"#;

/// Runs every use with every interpreter, and prints a row for each.
pub(super) fn run(pythons: &[Python], wanted: &[&str], root: &Path) -> Result<bool, String> {
    let mut groups = BTreeMap::<String, Vec<Row>>::new();
    for row in list::read(root)? {
        let group = list::group(root, &row)?;
        if wanted.is_empty() || wanted.contains(&&*row.package) || wanted.contains(&&*group) {
            groups.entry(group).or_default().push(row);
        }
    }
    println!("version   package                 release       how");
    let mut good = true;
    for python in pythons {
        for (group, rows) in &groups {
            let version = python.version();
            let minor = version.minor().to_string();
            let other = |named: &String| !named.split(", ").any(|one| one == minor);
            if let Some(named) = list::versions(root, group)?.filter(other) {
                println!("{:8}  the packages of `{group}` are for {named}", version.to_string());
                continue;
            }
            good &= run_group(python, group, rows, root)?;
        }
    }
    Ok(good)
}

fn run_group(python: &Python, group: &str, rows: &[Row], root: &Path) -> Result<bool, String> {
    let target = root.join("target/native").join(python.version().minor().to_string());
    let directory = target.join(group);
    let program = build(python, group, &directory, &target, root)?;
    let empty_root = Room::new(&directory.join("root"), &program)?;
    let mut good = true;
    for row in rows {
        match from_files(python, &directory, row) {
            Ok(expected) => {
                for how in row.how() {
                    good &= run_use(python, &empty_root, row, how, &expected)?;
                }
            }
            // The other packages are still used.
            Err(message) => {
                eprintln!("{message}");
                good = false;
            }
        }
    }
    empty_root.remove()?;
    Ok(good)
}

/// Installs the group's packages, unless the last run has done so, and builds the program.
fn build(
    python: &Python,
    group: &str,
    directory: &Path,
    target: &Path,
    root: &Path,
) -> Result<PathBuf, String> {
    let site = install(python, group, directory, root)?;
    let uses = directory.join("uses");
    if uses.exists() {
        std::fs::remove_dir_all(&uses).map_err(|error| error.to_string())?;
    }
    project::copy_tree(&root.join(SOURCES).join("uses"), &uses.join("uses"))?;
    let script = build_script(&list::special(root, group)?, &site);
    // Each group's program has its own name, since they are in one directory.
    Project::new(root, directory, &format!("uses-{group}"), &script, MAIN)?.build(python, target)
}

/// Installs the group's packages, unless the last run has done so, and returns their directory.
fn install(python: &Python, group: &str, directory: &Path, root: &Path) -> Result<PathBuf, String> {
    let requirements = list::requirements(root, group)?;
    let (file, site) = (directory.join("requirements.txt"), directory.join("site"));
    if std::fs::read_to_string(&file).ok().as_ref() != Some(&requirements) {
        for old in [&site, &file].into_iter().filter(|old| old.exists()) {
            let removed =
                if old.is_dir() { std::fs::remove_dir_all(old) } else { std::fs::remove_file(old) };
            removed.map_err(|error| format!("`{}`: {error}", old.display()))?;
        }
        let wanted = directory.join("wanted.txt");
        project::write(&wanted, requirements.as_bytes())?;
        project::pip_install(python, &wanted, &site)?;
        // Renamed last: the file shows that all are installed.
        std::fs::rename(&wanted, &file).map_err(|error| error.to_string())?;
    }
    Ok(site)
}

/// The build script with the options that some packages need.
fn build_script(special: &[(String, Vec<Special>)], site: &Path) -> String {
    let (mut options, mut libraries) = (String::new(), String::new());
    for (name, kinds) in special {
        // Writing to a string doesn't fail.
        if kinds.contains(&Special::Library) {
            let _ = write!(libraries, ".{}({name:?})", Special::Library.method());
        } else if site.join(name).exists() {
            let methods: Vec<_> = kinds.iter().map(|one| one.method()).collect();
            let methods = methods.join("().");
            let _ = write!(
                options,
                ".options_for({name:?}, include_py_build::Options::new().{methods}())"
            );
        }
    }
    format!(
        "fn main() {{\n    let libraries = include_py_build::SystemLibraries::new(){libraries};\n    \
         include_py_build::Bundle::new(\"app\").source(\"uses\").site_packages(\"site\").one_file()\
         .system_libraries_with(libraries){options}.compile();\n}}\n"
    )
}

/// The result of the use with CPython and files.
fn from_files(python: &Python, directory: &Path, row: &Row) -> Result<String, String> {
    let name = row.module();
    let code = format!(
        "import sys; sys.path[:0] = [{:?}, {:?}]; import uses.run; uses.run.run({name:?}, 'plain')",
        directory.join("uses").display().to_string(),
        directory.join("site").display().to_string()
    );
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut command = Command::new(python.path());
    command
        .args(["-I", "-B", "-X", "utf8", "-c", &code])
        .current_dir(scratch.path())
        .env_clear()
        .env("HOME", scratch.path());
    let output = finished(&mut command, scratch.path(), LIMIT)?;
    if output.status.success() {
        Ok(last_line(&output))
    } else {
        let reason = String::from_utf8_lossy(&output.stderr);
        Err(format!("the use of {name} fails with {} and files: {reason}", python.version()))
    }
}

/// Runs a use in the program, compares its result with the expected one, and prints the row.
fn run_use(
    python: &Python,
    room: &Room,
    row: &Row,
    how: &str,
    expected: &str,
) -> Result<bool, String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let output = finished(&mut room.command(&[&row.module(), how]), scratch.path(), LIMIT)?;
    let found = last_line(&output);
    let has_written = room.take_cache()?;
    let good = output.status.success() && found == expected && has_written == row.writes();
    let verdict = if good { "ok" } else { "FAILED" };
    let version = python.version().to_string();
    println!("{version:8}  {:22}  {:12}  {how:10}  {verdict}", row.package, row.release);
    if !output.status.success() {
        eprintln!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    } else if found != expected {
        eprintln!("from files: {expected}\nfrom the binary: {found}");
    } else if !good {
        let (written, said) = if has_written { ("", "doesn't say") } else { ("no ", "says") };
        eprintln!("{written}files were written, and the table {said} so");
    }
    Ok(good)
}

fn last_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned()
}

/// Runs a command, and kills it if it takes too long; its output goes to `scratch`.
fn finished(command: &mut Command, scratch: &Path, limit: Duration) -> Result<Output, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: std::io::Error| format!("`{program}` could not be run: {error}");
    let (out, err) = (scratch.join("out"), scratch.join("err"));
    let kept = KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let mut child = command
        .envs(kept)
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
        if start.elapsed() > limit {
            let _ = child.kill();
            break child.wait().map_err(failed)?;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let read = |path: &Path| std::fs::read(path).map_err(failed);
    Ok(Output { status, stdout: read(&out)?, stderr: read(&err)? })
}
