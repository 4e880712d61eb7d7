//! The same sources, options and interpreter give the same bytes, regardless of everything else.
//!
//! CPython's own bytes depend on what the process has compiled before; worker.py explains when and
//! why.

use include_py_build::Stdlib;
use include_py_bundle::{Bundle as Reader, Node};

use crate::long::by_one_and_by_two;
use crate::project::{PYTHON, Project, executable, library};

/// The tests are included: they contain every construct of Python.
#[test]
#[ignore = "takes ten minutes: `cargo test -p include-py-build the_librarys_tests -- --ignored`"]
fn the_librarys_tests_dont_depend_on_the_number_of_workers() {
    by_one_and_by_two(&Stdlib::new().with("test").with("idlelib").with("lib2to3"));
}

/// Before 3.12, distutils wrote a file where others write a directory.
#[test]
fn metadata_in_a_single_file_is_a_distribution() {
    let project = Project::new(&[
        ("old.py", ""),
        ("old_one-1.0.egg-info", "Metadata-Version: 1.0\nName: old.one\nVersion: 1.0\n"),
    ]);
    project.build(|bundle| bundle).unwrap();
    let bytes = project.bundle();
    let bundle = Reader::open(&bytes).unwrap();
    bundle.verify().unwrap();
    let found: Vec<_> = bundle.distributions().map(Result::unwrap).collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].name(), found[0].directory()), ("old-one", "old_one-1.0.egg-info"));
    let Some(Node::File(file)) = bundle.node("old_one-1.0.egg-info/PKG-INFO").unwrap() else {
        panic!("the metadata isn't there");
    };
    assert!(file.content().unwrap().starts_with(b"Metadata-Version: 1.0"));
}

/// Every other module of the library is edited. The result must equal that of a build from scratch.
#[test]
fn an_incremental_build_gives_the_bytes_of_a_clean_one() {
    let library = library(&PYTHON);
    let copy = |project: &Project| {
        for (number, package) in ["json", "email", "html", "asyncio", "logging"].iter().enumerate()
        {
            for entry in std::fs::read_dir(library.join(package)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|one| one == "py") {
                    let name = path.file_name().unwrap().to_str().unwrap();
                    let mut source = std::fs::read(&path).unwrap();
                    if number % 2 == 0 {
                        source.extend_from_slice(b"\nEDITED = {'a', 'edited-', 'b'} & {'a'}\n");
                    }
                    project.write(&format!("python/{package}/{name}"), source);
                }
            }
        }
    };
    let edited = Project::new(&[]);
    copy(&edited);
    // The state before the edit.
    for package in ["json", "html", "logging"] {
        edited.write(&format!("python/{package}/__init__.py"), "x = 1 if y in {'a', 'z'} else 2\n");
    }
    edited.build(|bundle| bundle).unwrap();
    copy(&edited);
    let output = edited.build(|bundle| bundle).unwrap();
    assert_eq!(output.compiled(), 3);
    let clean = Project::new(&[]);
    copy(&clean);
    clean.build(|bundle| bundle).unwrap();
    same(&edited.bundle(), &clean.bundle());
}

/// Another directory, another user's environment, other times and permissions.
#[test]
fn bytes_dont_depend_on_the_environment() {
    let sources =
        [("app/__init__.py", "S = {'b', 'a', 'c-'}\nx = 1 in {1, 2, 'q'}\n"), ("z.py", "")];
    let build = |variables: &[(&str, &str)]| {
        let project = Project::new(&sources);
        let old = std::time::SystemTime::UNIX_EPOCH;
        let file = std::fs::File::options().append(true).open(project.path("python/z.py")).unwrap();
        file.set_modified(old).unwrap();
        // We control the interpreter's environment, so a program in between sets the variables.
        let exports: Vec<_> =
            variables.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect();
        let (exports, python) = (exports.concat(), PYTHON.display());
        let script = format!("#!/bin/sh\numask 077\n{exports}exec {python} \"$@\"\n");
        let python = executable(&project, "wrapper", &script);
        project.with(python).build_here()
    };
    let plain = build(&[]);
    let other =
        build(&[("LC_ALL", "de_DE.ISO-8859-1"), ("TZ", "Asia/Tokyo"), ("HOME", "/nowhere")]);
    same(&plain, &other);
}

/// All of them are removed before the interpreter starts.
#[test]
fn variables_of_python_dont_reach_the_workers() {
    const INNER: &str = "INCLUDE_PY_BUILD_INNER";
    if std::env::var_os(INNER).is_some() {
        let project = Project::new(&[("a.py", "assert x\nx = {'a', 'b'}\n")]);
        project.build(|bundle| bundle).unwrap();
        let copy = std::env::var_os(INNER).unwrap();
        std::fs::copy(project.path("out/app.bundle"), copy).unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let build = |name: &str, variables: &[(&str, &str)]| {
        let path = dir.path().join(name);
        let test = std::env::current_exe().unwrap();
        let status = std::process::Command::new(test)
            .args(["--exact", "bytes::variables_of_python_dont_reach_the_workers"])
            .env(INNER, &path)
            .envs(variables.iter().copied())
            .status()
            .unwrap();
        assert!(status.success());
        std::fs::read(path).unwrap()
    };
    let plain = build("plain", &[]);
    let strange = [
        ("PYTHONHASHSEED", "1234"),
        ("PYTHONOPTIMIZE", "2"),
        ("PYTHONNODEBUGRANGES", "1"),
        ("PYTHONWARNINGS", "error"),
        ("PYTHONHOME", "/nowhere"),
        ("PYTHONPATH", "/nowhere"),
    ];
    same(&plain, &build("strange", &strange));
}

impl Project {
    fn build_here(&self) -> Vec<u8> {
        self.build(|bundle| bundle).unwrap();
        self.bundle()
    }
}

/// Compares bundles, with a readable message.
pub(crate) fn same(one: &[u8], two: &[u8]) {
    let (one, two) = (Reader::open(one).unwrap(), Reader::open(two).unwrap());
    let code = |bundle: Reader<'_>| -> Vec<(String, Vec<u8>)> {
        let modules = bundle.modules().map(Result::unwrap);
        modules
            .map(|one| (one.name().to_owned(), one.code(0).unwrap_or_default().to_vec()))
            .collect()
    };
    let (codes_one, codes_two) = (code(one), code(two));
    let names =
        |codes: &[(String, Vec<u8>)]| codes.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&codes_one), names(&codes_two));
    let pairs = codes_one.iter().zip(&codes_two);
    let different: Vec<_> = pairs.filter(|(a, b)| a != b).map(|(a, _)| &a.0).collect();
    assert!(different.is_empty(), "{different:?}");
    assert!(one.bytes() == two.bytes(), "not the code, but the bundles differ");
}
