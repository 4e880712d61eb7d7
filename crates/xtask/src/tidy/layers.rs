//! Rule `layers`: a package has only the dependencies in its rows, and versions move in lock-step.
//!
//! ```text
//! include-py-bundle ─▶ sha2 and nothing else
//! include-py-build  ─▶ include-py-bundle, …, but never PyO3: it runs in any build script
//! include-py        ─▶ include-py-bundle, PyO3
//! ```

use super::{Problem, Rule};
use crate::metadata::{Dependency, Kind, Package};
use crate::tree::Tree;

pub(super) const RULE: Rule =
    Rule { name: "layers", why: "a dependency is a decision, so it has a row and a reason", check };

/// The dependencies that packages may have, except development dependencies: package, dependency,
/// reason.
const ROWS: &[(&str, &str, &str)] = &[
    ("include-py-bundle", "miniz_oxide", "compresses sources"),
    ("include-py-bundle", "sha2", "the bundle's digest"),
    ("include-py-build", "cc", "finds the C compiler and the archiver of the target"),
    (
        "include-py-build",
        "flate2",
        "unpacks archives of the standard library, if that is asked for",
    ),
    ("include-py-build", "glob", "the patterns of `exclude`"),
    ("include-py-build", "include-py-bundle", "writes the bundle"),
    ("include-py-build", "memchr", "finds names of symbols in native libraries and archives"),
    ("include-py-build", "pyc-code", "checks what interpreters write, and makes it canonical"),
    ("include-py-build", "pyc-compiler", "makes code without Python"),
    ("include-py-build", "sha2", "digests of sources, for incremental builds"),
    ("include-py-build", "tar", "reads archives of the standard library, if that is asked for"),
    ("include-py-build", "walkdir", "walks source trees, sorted, with loops reported"),
    ("include-py", "include-py-bundle", "reads the bundle"),
    ("include-py", "libc", "signals, descriptors, and the owners of files"),
    ("include-py", "memmap2", "maps bundles that are files"),
    ("include-py", "pyo3", "the interface to the interpreter"),
    ("include-py", "pyo3-build-config", "tells the build crate which interpreter PyO3 links"),
    ("example-app", "include-py", "demonstrates it"),
    ("example-app", "include-py-build", "demonstrates it"),
    ("example-app", "pyo3", "used as in a user's program"),
    ("include-py-tests", "include-py", "used by its test programs"),
    ("include-py-tests", "include-py-build", "used by its test programs"),
    ("include-py-tests", "pyo3", "used by its test programs"),
    ("include-py-tests", "tempfile", "directories for the projects that its tests create"),
    ("include-py-conformance", "include-py", "is what CPython's tests check"),
    ("include-py-conformance", "include-py-bundle", "makes the bundles that tests import from"),
    ("include-py-conformance", "pyo3", "is a Python extension module"),
    ("include-py-conformance", "pyo3-build-config", "finds the libpython that PyO3 found"),
    ("include-py-cli", "include-py-bundle", "reads bundles, to list their content"),
    ("include-py-cli", "lexopt", "the command line"),
    ("include-py-cli", "memchr", "finds bundles in programs"),
    ("include-py-cli", "mimalloc", "allocates faster than the system does"),
    ("include-py-cli", "pyc-code", "reads and writes code objects"),
    ("include-py-cli", "pyc-compiler", "compiles"),
    ("include-py-cli", "fancy-regex", "the patterns of `compile -x`, as Python has them"),
    ("include-py-cli", "serde_json", "reads the requests of Bazel"),
    ("include-py-cli", "signal-hook", "ends a run between two files"),
    ("include-py-cli", "tempfile", "replaces a file atomically"),
    ("include-py-cli", "pyc-tree", "compiles files and directories"),
    ("include-py-cli", "walkdir", "the `.pyc` files in a directory, sorted"),
    ("pyc-tree", "pyc-code", "the headers of `.pyc` files"),
    ("pyc-tree", "pyc-compiler", "compiles"),
    ("pyc-tree", "tempfile", "replaces a file atomically"),
    ("pyc-code", "hashbrown", "finds equal values by precomputed hashes"),
    ("pyc-compiler", "hashbrown", "numbers the names and constants of a file"),
    ("pyc-compiler", "memchr", "finds line ends and escapes, many bytes at once"),
    ("pyc-compiler", "pyc-code", "code objects, the tables in them, instructions by number"),
    ("pyc-compiler", "unicode-normalization", "normalises identifiers (NFKC)"),
    ("testbed", "lexopt", "reads command lines"),
    ("testbed", "pyc-code", "versions of CPython"),
    ("testbed", "walkdir", "finds interpreters and the sources of their libraries, sorted"),
    ("conformance", "lexopt", "reads command lines"),
    ("conformance", "pyc-code", "is checked"),
    ("conformance", "pyc-compiler", "is checked"),
    ("conformance", "serde_json", "reads the answers of scripts"),
    ("conformance", "sha2", "finds the cached answers of interpreters"),
    ("conformance", "tempfile", "directories for projects and libraries"),
    ("conformance", "testbed", "the interpreters of this machine"),
    ("conformance", "walkdir", "walks libraries and cases, sorted"),
    ("api-listing", "public-api", "reads rustdoc's description of a library"),
    ("api-listing", "testbed", "runs Cargo"),
    ("bench", "lexopt", "reads command lines"),
    ("bench", "mimalloc", "the allocator of the command that it measures"),
    ("bench", "pyc-code", "names versions of CPython"),
    ("bench", "pyc-compiler", "is measured"),
    ("bench", "rustix", "the clock of processor time, of all threads"),
    ("bench", "tempfile", "directories for projects"),
    ("bench", "testbed", "the interpreters of this machine"),
    ("xtask", "pyc-code", "the versions whose tables it generates"),
    ("xtask", "serde_json", "reads `cargo metadata`"),
    ("xtask", "tempfile", "files in which interpreters write the content of tables"),
    ("xtask", "testbed", "the interpreters of this machine"),
];

/// The only packages that may link Python, by any kind of dependency: the runtime and its users.
const ON_PYTHON: &[&str] =
    &["include-py", "example-app", "include-py-tests", "include-py-conformance"];

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in &tree.packages {
        let faults = package.dependencies.iter().flat_map(|one| faults(package, one));
        let path = format!("{}/Cargo.toml", package.directory);
        problems.extend(faults.map(|message| Problem::new(&path, 1, message)));
    }
    problems
}

fn faults(package: &Package, dependency: &Dependency) -> Vec<String> {
    let Dependency { name, kind, requirement } = dependency;
    let mut faults = Vec::new();
    let row = |(from, to, _): &&(&str, &str, &str)| *from == package.name && to == name;
    if *kind != Kind::Dev && !ROWS.iter().any(|one| row(&one)) {
        faults.push(format!("depends on `{name}`: add a row with the reason to `tidy/layers.rs`"));
    }
    let links = name == "pyo3" || name == "pyo3-ffi";
    if links && !ON_PYTHON.contains(&package.name.as_str()) {
        faults.push(format!("depends on `{name}`, but only {} link Python", ON_PYTHON.join(", ")));
    }
    // A build crate of another version writes bundles that the runtime may be unable to read.
    if name.starts_with("include-py") && !requirement.starts_with('=') {
        faults.push(format!(
            "requires `{name}` `{requirement}`: pin it with `=`, they move together"
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_without_a_row_are_reported() {
        let dependency = |name: &str, kind, requirement: &str| Dependency {
            name: name.into(),
            kind,
            requirement: requirement.into(),
        };
        let package = Package {
            name: "include-py-build".into(),
            directory: "b".into(),
            dependencies: vec![
                dependency("walkdir", Kind::Normal, "^2"),
                dependency("tempfile", Kind::Dev, "^3"),
                dependency("rand", Kind::Normal, "^1"),
                dependency("pyo3", Kind::Dev, "^1"),
                dependency("include-py-bundle", Kind::Normal, "^0.1"),
            ],
            ..Package::default()
        };
        assert_eq!(
            RULE.problems(&Tree::new(Vec::new(), vec![package])),
            [
                "b/Cargo.toml:1: depends on `rand`: add a row with the reason to `tidy/layers.rs`",
                "b/Cargo.toml:1: depends on `pyo3`, but only include-py, example-app, include-py-tests, include-py-conformance link Python",
                "b/Cargo.toml:1: requires `include-py-bundle` `^0.1`: pin it with `=`, they move together",
            ]
        );
    }
}
