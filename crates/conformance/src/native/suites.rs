//! Runs packages' own test suites with pytest, from a program of one file and from files.
//! ```text
//! 3.13.0    numpy      tests   passed  skipped  failed
//!   files               41230    38911     2200     119
//!   one file            41230    38905     2200     125
//!   numpy/_core/tests/test_x.py::test_y: passed from files, failed from the program
//! ```
//!
//! For numpy it runs what `numpy.test()` runs, for pandas a part. The program doesn't run in an
//! empty root, since tests start compilers, write files and examine the system.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{MAIN, SOURCES};
use testbed::project::{self, Project};
use testbed::pythons::Python;

/// The group of requirements, for one program.
const GROUP: &str = "suites";

/// Maximum time for a suite.
const LIMIT: Duration = Duration::from_secs(3600);

const PACKAGES: [&str; 2] = ["numpy", "pandas"];

/// Sources are bundled because pytest reads those of tests.
const BUILD: &str = r#"fn main() {
    let source = include_py_build::Options::new().with_source();
    include_py_build::Bundle::new("app").source("uses").site_packages("site").one_file()
        .options_for("numpy", source).options_for("pandas", source).compile();
}
"#;

/// Outcomes by the names of tests.
type Outcomes = BTreeMap<String, String>;

/// Runs the suites of these packages, or of all.
pub(crate) fn run(pythons: &[Python], wanted: &[&str], root: &Path) -> Result<bool, String> {
    let mut good = true;
    for python in pythons {
        let target = root.join("target/native").join(python.version().minor().to_string());
        let directory = target.join(GROUP);
        super::install(python, GROUP, &directory, root)?;
        project::copy_tree(&root.join(SOURCES).join("suites"), &directory.join("uses/suites"))?;
        let main = MAIN.replace("uses.run", "suites.run");
        let path = std::env::join_paths(["uses", "site"].map(|name| directory.join(name)))
            .map_err(|error| error.to_string())?;
        let program =
            Project::new(root, &directory, "uses-suites", BUILD, &main)?.build(python, &target)?;
        for package in PACKAGES {
            if !wanted.is_empty() && !wanted.contains(&package) {
                continue;
            }
            let mut files = Command::new(python.path());
            let code = format!("import suites.run; suites.run.run({package:?}, 'plain')");
            // Not `-I` with `sys.path`: tests start further processes, which need the packages too.
            files.args(["-B", "-X", "utf8", "-c", &code]).env("PYTHONPATH", &path);
            let expected = outcomes(&mut files)?;
            let mut program = Command::new(&program);
            let found = outcomes(program.args([package, "plain"]))?;
            good &= compared(python, package, &expected, &found);
        }
    }
    Ok(good)
}

/// The outcomes of the tests, from lines with an outcome and a name in the scratch file.
fn outcomes(command: &mut Command) -> Result<Outcomes, String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    command.current_dir(scratch.path()).env("HOME", scratch.path());
    let output = super::finished(command, scratch.path(), LIMIT)?;
    let file = scratch.path().join("outcomes.txt");
    let text = std::fs::read_to_string(&file).map_err(|error| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("no outcomes: {error}, {}: {said}", output.status)
    })?;
    let rows = text.lines().filter_map(|line| line.split_once(' '));
    Ok(rows.map(|(outcome, name)| (name.to_owned(), outcome.to_owned())).collect())
}

/// Prints both results, and each difference.
fn compared(python: &Python, package: &str, files: &Outcomes, program: &Outcomes) -> bool {
    let version = python.version().to_string();
    println!("{version:8}  {package:12}  tests  passed  skipped  failed");
    for (place, outcomes) in [("files", files), ("one file", program)] {
        let of = |kind: &str| outcomes.values().filter(|outcome| *outcome == kind).count();
        let (passed, skipped) = (of("passed"), of("skipped"));
        let failed = outcomes.len() - passed - skipped;
        println!("          {place:12} {:6}  {passed:6}  {skipped:7}  {failed:6}", outcomes.len());
    }
    let absent = String::from("absent");
    let mut good = true;
    for name in files.keys().chain(program.keys().filter(|name| !files.contains_key(*name))) {
        let [here, there] = [files, program].map(|one| one.get(name).unwrap_or(&absent));
        if here != there {
            good = false;
            println!("  {name}: {here} from files, {there} from the program");
        }
    }
    good
}
