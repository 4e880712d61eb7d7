//! The compiler as a backend: it gives the same bundle as the interpreter, and no interpreter runs.

use std::os::unix::fs::symlink;

use include_py_build::{Backend, Bundle, Environment, ErrorKind};

use crate::project::{Project, executable, interpreters, library};

const FILES: &[(&str, &str)] = &[
    ("app/__init__.py", "'''The app.'''\nVERSION = (1, 0)\n"),
    (
        "app/main.py",
        "import app\n\ndef main(*, debug=__debug__):\n    assert app.VERSION\n    return f'{debug!r:>8}'\n",
    ),
    ("app/worker.py", "async def work(jobs):\n    return [await job async for job in jobs]\n"),
];

/// An installation of CPython 3.13 whose program only creates a file, which shows that it was run.
fn hidden(project: &Project) -> Option<(std::path::PathBuf, std::path::PathBuf)> {
    hidden_of(project, "python3.13")
}

/// The same for the version whose program has the name `name`.
fn hidden_of(project: &Project, name: &str) -> Option<(std::path::PathBuf, std::path::PathBuf)> {
    let python = interpreters().into_iter().find(|path| library(path).ends_with(name));
    let Some(python) = python else {
        testbed::not_covered(&format!("there is no {name}"));
        return None;
    };
    let stdlib = library(&python);
    let prefix = stdlib.ancestors().nth(2).unwrap();
    for name in ["lib", "include"] {
        std::fs::create_dir_all(project.path("installed")).unwrap();
        symlink(prefix.join(name), project.path(&format!("installed/{name}"))).unwrap();
    }
    let script = format!("#!/bin/sh\ntouch {}\nexit 1\n", project.path("mark").display());
    Some((python, executable(project, &format!("installed/bin/{name}"), &script)))
}

#[test]
fn the_bundle_for_3_13_equals_the_interpreters_and_none_runs() {
    the_bundle_is_the_interpreters(13);
}

fn the_bundle_is_the_interpreters(minor: u8) {
    let project = Project::new(FILES);
    let Some((python, fake)) = hidden_of(&project, &format!("python3.{minor}")) else { return };
    let bundle = || Bundle::new("app").source(project.source()).stdlib();
    let environment = |out: &str, python: &std::path::Path| {
        Environment::new(project.path(out)).python(python).python_version(3, minor)
    };
    bundle().build(&environment("ours", &fake)).unwrap();
    assert!(!project.path("mark").exists(), "the interpreter was started");
    let theirs = bundle().backend(Backend::Interpreter).build(&environment("theirs", &python));
    theirs.unwrap();
    let read = |path: &str| std::fs::read(project.path(path)).unwrap();
    assert!(read("ours/app.bundle") == read("theirs/app.bundle"), "the bundles differ");
}

#[test]
fn the_interpreter_verifies_the_code_if_requested() {
    let project = Project::new(FILES);
    let Some((python, fake)) = hidden(&project) else { return };
    let environment = Environment::new(project.path("out")).python(&python).python_version(3, 13);
    let bundle = Bundle::new("app").source(project.source()).verify_against_interpreter(true);
    bundle.build(&environment).unwrap();
    let error = bundle.build(&environment.python(fake)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interpreter);
    assert!(project.path("mark").exists(), "the interpreter wasn't started");
}

#[test]
fn syntax_errors_are_shown_as_the_interpreters_are() {
    let project = Project::new(&[
        ("bad.py", "def é():\n    return yield\n"),
        ("worse.py", "é = 1; return 2\n"),
    ]);
    let Some((python, fake)) = hidden(&project) else { return };
    let report = |backend, python: &std::path::Path| {
        let environment =
            Environment::new(project.path("out")).python(python).python_version(3, 13);
        let bundle = Bundle::new("app").source(project.source()).backend(backend);
        project.shown(&bundle.build(&environment).unwrap_err().to_string())
    };
    let ours = report(Backend::Compiler, &fake);
    assert!(ours.contains("python/worse.py:1:8: 'return' outside function"), "{ours}");
    let last = |text: &str| {
        text.lines()
            .skip_while(|line| !line.contains("worse"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(last(&ours), last(&report(Backend::Interpreter, &python)));
}

#[test]
fn a_target_that_isnt_supported_is_refused() {
    let project = Project::new(FILES);
    let bundle = Bundle::new("app").source(project.source()).backend(Backend::Compiler);
    let environment = Environment::new(project.path("out"));
    let report = |environment: &Environment| bundle.build(environment).unwrap_err().to_string();
    assert_eq!(
        report(&environment.clone().python_version(3, 16)),
        "the compiler doesn't support CPython 3.16 yet\n  \
         = help: leave the choice to the build, or take `Backend::Interpreter`"
    );
    assert_eq!(
        report(&environment),
        "the compiler has to know for which version of CPython it compiles\n  \
         = help: say it with `Environment::python_version`"
    );
}

/// Sources in encodings other than UTF-8. The last one is left to CPython.
const ENCODED: &[(&str, &[u8])] = &[
    ("cp437", b"# coding: cp437\nX = '\xcd\xbb'\n"),
    ("gb18030", b"# -*- coding: gb18030 -*-\nX = '\xc4\xe3\x81\x30\x81\x30'\n"),
    ("tis620", b"# coding: tis-620\nX = '\xa1'\n"),
    ("big5", b"#!/usr/bin/python\n# vim: set fileencoding=big5 :\nX = '\xa4\xa4'\n"),
    ("iso2022", b"# coding: iso2022_jp\r\nX = '\x1b$B$\"\x1b(B'\r\n"),
    ("utf7", b"# coding: utf-7\nX = '+AGE-'\n"),
    ("escapes", b"# coding: unicode_escape\nX = '\\N{EM DASH}\\x41'\n"),
    ("domain", b"# coding: idna\nX = 'www.xn--bcher-kva.example'\n"),
];

#[test]
fn the_interpreter_decodes_what_the_compiler_cannot() {
    let project = Project::new(FILES);
    let Some((python, fake)) = hidden(&project) else { return };
    for (name, source) in ENCODED {
        project.write(&format!("python/{name}.py"), source);
    }
    let environment = |out: &str, python: &std::path::Path| {
        Environment::new(project.path(out)).python(python).python_version(3, 13)
    };
    let bundle = || Bundle::new("app").source(project.source());
    bundle().build(&environment("ours", &python)).unwrap();
    bundle().backend(Backend::Interpreter).build(&environment("theirs", &python)).unwrap();
    let read = |path: &str| std::fs::read(project.path(path)).unwrap();
    assert!(read("ours/app.bundle") == read("theirs/app.bundle"), "the bundles differ");

    let error = bundle().build(&environment("none", &fake)).unwrap_err().to_string();
    assert!(
        error.contains("encoding problem: idna with `xn--`, which only CPython decodes"),
        "{error}"
    );

    // gbk has this sequence, gb2312 doesn't.
    project.write("python/gb.py", b"# coding: gb2312\nX = '\x81\x40'\n");
    let error =
        project.shown(&bundle().build(&environment("ours", &python)).unwrap_err().to_string());
    assert!(error.contains("python/gb.py") && error.contains("gb2312"), "{error}");
}

mod long {
    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn the_bundle_for_3_12_equals_the_interpreters_and_none_runs() {
        super::the_bundle_is_the_interpreters(12);
    }

    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn the_bundle_for_3_11_equals_the_interpreters_and_none_runs() {
        super::the_bundle_is_the_interpreters(11);
    }
}
