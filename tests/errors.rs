//! What a user sees when a build can't succeed: each message in full, as `cargo build` shows it.
//!
//! The cases share one project, so that its build script is compiled once.

use std::{fs, path::Path, process::Command};

use include_py_tests::{Project, text};

/// A source tree that can't be bundled, and the message about it.
struct Case {
    name: &'static str,
    /// Fills the empty directory `python/`.
    make: fn(&Path),
    message: &'static str,
}

const CASES: &[Case] = &[
    Case {
        name: "syntax errors are shown all at once",
        make: |python| {
            write(python, "app/good.py", "x = 1\n");
            write(python, "app/bad.py", "def f(:\n    pass\n");
            write(python, "app/worse.py", "x = 1\nif x\n    pass\n");
            write(python, "app/late.py", "def f():\n    x = 1\n\nreturn x\n");
        },
        message: "\
python/app/bad.py:1:7: invalid syntax
  |
1 | def f(:
  |       ^

error: python/app/late.py:4:1: 'return' outside function
  |
4 | return x
  | ^^^^^^^^

error: python/app/worse.py:2:5: expected ':'
  |
2 | if x
  |     ^

error: 3 files could not be compiled",
    },
    Case {
        name: "files that can't be decoded",
        make: |python| {
            write(python, "encoding.py", "# -*- coding: nonsense -*-\n");
            write(python, "zeros.py", "x = 1\n\0\n");
        },
        message: "\
python/encoding.py: unknown encoding: nonsense
  = help: save the file as UTF-8 without NUL bytes, or declare its encoding in the first line: `# -*- coding: latin-1 -*-`

error: python/zeros.py: source code string cannot contain null bytes
  = help: save the file as UTF-8 without NUL bytes, or declare its encoding in the first line: `# -*- coding: latin-1 -*-`

error: 2 files could not be compiled",
    },
    Case {
        name: "two sources for one module",
        make: |python| {
            write(python, "a.py", "");
            write(python, "a/__init__.py", "");
        },
        message: "\
the module `a` has two sources
  = note: `python/a.py`
  = note: `python/a/__init__.py`
  = help: rename one of them, or leave one out with `Bundle::exclude`",
    },
    Case {
        name: "a module that hides a directory of modules",
        make: |python| {
            write(python, "a.py", "");
            write(python, "a/b.py", "");
        },
        message: "\
the module `a` hides the directory of the same name
  = note: with `python/a.py` beside it,
  = note: `python/a/b.py` can't be imported
  = help: rename one of them, or leave one out with `Bundle::exclude`",
    },
    Case { name: "no module at all", make: |python| write(python, "notes.txt", ""), message: "\
the bundle is empty: no modules were found
  = note: in `python`
  = help: add a directory of Python modules with `Bundle::source`, and see what `Bundle::exclude` leaves out", },
    Case {
        name: "no source directory",
        make: |python| fs::remove_dir(python).unwrap(),
        message: "\
the source directory `python` doesn't exist
  = help: create it, or correct the path given to `Bundle::source`
  = note: a relative path starts at the directory of the package's `Cargo.toml`",
    },
];

fn write(python: &Path, path: &str, text: &str) {
    let path = python.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn each_bad_input_has_its_message() {
    let project = Project::new("errors-sources");
    let python = project.path("python");
    for case in CASES {
        let _ = fs::remove_dir_all(&python);
        fs::create_dir(&python).unwrap();
        (case.make)(&python);
        assert_eq!(message(&project, &mut project.cargo()), case.message, "{}", case.name);
    }
}

#[test]
fn an_undeclared_bundle_is_named_in_the_error() {
    let project = Project::new("errors-declared");
    project.write("python/app.py", "x = 1\n");
    let main = "include_py::include_py!(APP = \"misspelt\");\nfn main() { let _ = &APP; }\n";
    project.write("src/main.rs", main);
    let message = "there is no bundle `misspelt`: correct the name, or have this package's build.rs make \
                   it with `include_py_build::Bundle::new(\"misspelt\").source(\"python\").compile()`, where \
                   `include-py-build` is one of the `[build-dependencies]`";
    for step in ["misspelt", "without a build script"] {
        let output = project.cargo().output().unwrap();
        let said = text(&output.stderr);
        assert!(!output.status.success() && said.contains(message), "{step}: {said}");
        fs::remove_file(project.path("build.rs")).unwrap_or_default();
    }
}

#[test]
fn the_stable_abi_is_one_error() {
    let project = Project::new("errors-abi3");
    let manifest = fs::read_to_string(project.path("Cargo.toml")).unwrap();
    let stable = "pyo3 = { version = \"0.30\", features = [\"abi3\"] }";
    project.write("Cargo.toml", manifest.replace("pyo3 = \"0.30\"", stable));
    let output = project.cargo().output().unwrap();
    let said = text(&output.stderr);
    let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error")).collect();
    assert!(!output.status.success() && errors.len() == 2, "{said}");
    assert!(errors[0].contains("include-py can't be built for the stable ABI"), "{said}");
    assert!(errors[0].contains("`cargo tree -e features -i pyo3-build-config` shows"), "{said}");
    assert_eq!(errors[1], "error: build script logged errors");
}

#[test]
fn two_bundles_need_two_names() {
    let project = Project::new("errors-names");
    project.write("python/app.py", "x = 1\n");
    let bundle = "include_py_build::Bundle::new(\"app\").source(\"python\").compile()";
    project.write("build.rs", format!("fn main() {{ {bundle}; {bundle}; }}\n"));
    let expected = "\
error: there are two bundles named `app`
  = help: give each its own name in `Bundle::new`, or describe both as one bundle";
    assert_eq!(message(&project, &mut project.cargo()), expected);
}

/// The build script's message when Cargo couldn't build.
fn message(project: &Project, cargo: &mut Command) -> String {
    let output = cargo.output().unwrap();
    assert!(!output.status.success());
    let stderr = project.anonymous(&text(&output.stderr));
    let Some((_, said)) = stderr.split_once("  --- stderr\n") else { panic!("{stderr}") };
    let lines: Vec<&str> =
        said.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    lines.join("\n").trim().to_owned()
}
