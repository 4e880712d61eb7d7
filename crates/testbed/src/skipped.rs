//! What tests can't check on this machine: printed, counted, or not allowed.
//!
//! ```text
//! not covered by one_file_runs_alone: `unshare` isn't allowed here
//! ```

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// A variable with the path of a file that collects the lines, which `.ci/run` counts, or `deny`.
const VARIABLE: &str = "INCLUDE_PY_NOT_COVERED";

/// Reports that the test of this thread can't check something here.
///
/// The line is visible although the test passes. With `INCLUDE_PY_NOT_COVERED=deny`, it fails.
///
/// # Panics
///
/// Where it is denied, and if the file that the variable names can't be written.
pub fn not_covered(reason: &str) {
    let current = std::thread::current();
    let test = current.name().unwrap_or("a test");
    let setting = std::env::var_os(VARIABLE).filter(|setting| !setting.is_empty());
    if let Err(message) = report(test, reason, setting.as_ref().map(Path::new)) {
        panic!("{message}");
    }
}

fn report(test: &str, reason: &str, setting: Option<&Path>) -> Result<(), String> {
    let line = format!("not covered by {test}: {reason}");
    // One call each: tests run at the same time. Unlike `eprintln!`, libtest shows this of tests
    // that pass, too.
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
    match setting {
        Some(denied) if denied == Path::new("deny") => Err(format!(
            "{line}, and `{VARIABLE}` is `deny`: provide it, or name a file that collects such lines"
        )),
        Some(path) => OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
            .map_err(|error| format!("`{}`, which `{VARIABLE}` names: {error}", path.display())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_covered_is_collected_or_denied() {
        let path = std::env::temp_dir().join(format!("include-py-skipped-{}", std::process::id()));
        for test in ["one", "two"] {
            report(test, "there is no `x`", Some(&path)).unwrap();
        }
        let collected = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let lines = "not covered by one: there is no `x`\nnot covered by two: there is no `x`\n";
        assert_eq!(collected, lines);
        report("one", "x", None).unwrap();
        let denied = report("one", "x", Some(Path::new("deny"))).unwrap_err();
        assert!(
            denied.starts_with("not covered by one: x, and `INCLUDE_PY_NOT_COVERED`"),
            "{denied}"
        );
        assert!(report("one", "x", Some(Path::new("/"))).unwrap_err().starts_with("`/`, which"));
    }
}
