//! Bundles for releases that aren't installed, built by the compiler alone.
//!
//! `Bundle::targets(["3.12", "3.13.0"])` contains the code of two bundles for one release each.

use std::num::NonZeroUsize;
use std::path::Path;

use include_py_build::{Bundle, Environment, ErrorKind, Stdlib};
use include_py_bundle::{Bundle as Reader, Module, Node, Target};

use crate::project::{Project, interpreters, library};

const FILES: &[(&str, &str)] = &[
    ("app/__init__.py", "def f(x):\n    return [y for y in x if y]\n"),
    (
        "app/main.py",
        "class A:\n    'Doc.'\n    def g(self, *, n: int = 1):\n        return f'{n}'\n",
    ),
    ("app/data.txt", "shared"),
    ("thing-1.dist-info/METADATA", "Name: thing\n"),
];

/// An environment without any interpreter.
fn environment(project: &Project, out: &str) -> Environment {
    Environment::new(project.path(out)).jobs(NonZeroUsize::MIN)
}

fn bundle(project: &Project, out: &str, targets: &[&str]) -> Vec<u8> {
    let bundle = Bundle::new("app").source(project.source()).include_source(true);
    bundle.targets(targets.iter().copied()).build(&environment(project, out)).unwrap();
    std::fs::read(project.path(out).join("app.bundle")).unwrap()
}

#[test]
fn each_target_has_the_code_of_a_bundle_of_its_own() {
    let project = Project::new(FILES);
    let names = ["3.11.2", "3.12", "3.13.0", "3.14"];
    let bytes = bundle(&project, "all", &names);
    let all = Reader::open(&bytes).unwrap();
    all.verify().unwrap();
    let magics: Vec<_> = all.targets().map(Target::magic).collect();
    assert_eq!(magics, [3495, 3531, 3571, 3627]);
    let mut lengths = Vec::new();
    for (number, name) in names.into_iter().enumerate() {
        let bytes = bundle(&project, name, &[name]);
        let one = Reader::open(&bytes).unwrap();
        assert_eq!(one.targets().next(), all.targets().nth(number));
        assert_eq!(one.module_count(), all.module_count());
        for (one, all) in one.modules().zip(all.modules()) {
            let (one, all): (Module<'_>, Module<'_>) = (one.unwrap(), all.unwrap());
            assert_eq!((one.name(), one.path()), (all.name(), all.path()));
            assert!(one.code(0) == all.code(number), "{} for {name}", one.name());
        }
        lengths.push(bytes.len());
    }
    let Some(Node::File(file)) = all.node("app/data.txt").unwrap() else { panic!("a file") };
    assert_eq!(*file.content().unwrap(), *b"shared");
    // Sources, data and metadata are stored once.
    assert!(bytes.len() < lengths.iter().sum(), "{} {lengths:?}", bytes.len());
    let again = bundle(&project, "all", &names);
    assert!(again == bytes);
}

#[test]
fn the_programs_own_version_is_a_target_once() {
    let Some(python) =
        interpreters().into_iter().find(|path| library(path).ends_with("python3.13"))
    else {
        testbed::not_covered("there is no python3.13");
        return;
    };
    let project = Project::new(FILES);
    let environment = environment(&project, "out").python(python).python_version(3, 13);
    let bundle = Bundle::new("app").source(project.source()).targets(["3.12", "3.13"]);
    bundle.build(&environment).unwrap();
    let bytes = project.bundle();
    let magics: Vec<_> = Reader::open(&bytes).unwrap().targets().map(Target::magic).collect();
    assert_eq!(magics, [3571, 3531]);
}

#[test]
fn unsupported_targets_are_rejected() {
    let project = Project::new(FILES);
    let refused = |targets: &[&str]| {
        let bundle = Bundle::new("app").source(project.source()).targets(targets.iter().copied());
        let error = bundle.build(&environment(&project, "out").python_version(3, 13)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Option);
        error.to_string()
    };
    assert!(refused(&["3.13", "spam"]).contains("`Bundle::targets`: "));
    assert!(refused(&["3.13", "3.2"]).contains("`Bundle::targets`: "));
    assert!(refused(&["3.13.0", "3.13"]).contains(" run the same bytecode\n"));
}

#[test]
fn without_an_interpreter_the_newest_release_is_the_target() {
    let project = Project::new(FILES);
    let bundle = Bundle::new("app").source(project.source()).include_source(true);
    bundle.build(&environment(&project, "out").python_version(3, 13)).unwrap();
    assert!(project.bundle() == self::bundle(&project, "named", &["3.13"]));
}

#[test]
fn a_library_that_is_only_unpacked_needs_no_python() {
    let files = [
        ("app.py", "import os\n"),
        ("../lib/python3.13/os.py", "import abc\n"),
        ("../lib/python3.13/abc.py", "class ABC:\n    pass\n"),
        ("../lib/python3.13/test/spam.py", ""),
    ];
    let project = Project::new(&files);
    let build = |dir: &Path| {
        let bundle = Bundle::new("app").source(project.source());
        let environment = environment(&project, "out").python_version(3, 13);
        bundle.stdlib_with(Stdlib::from_dir(dir)).build(&environment)
    };
    assert_eq!(build(&project.path("lib/python3.13")).unwrap().modules(), 3);
    let bytes = project.bundle();
    let os = Reader::open(&bytes).unwrap().module("os").unwrap().unwrap();
    assert!(os.code(0).is_some());
    let error = build(&project.path("python")).unwrap_err().to_string();
    assert!(error.contains("isn't a standard library: there is no `os.py` in it"), "{error}");
    std::fs::rename(project.path("lib/python3.13"), project.path("lib/python3.12")).unwrap();
    let error = build(&project.path("lib/python3.12")).unwrap_err().to_string();
    assert!(error.contains("is the library of another version than the target, 3.13"), "{error}");
}
