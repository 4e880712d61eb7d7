//! Interpreters that are missing, unsuitable, or die.
//!
//! They are shell scripts where a real interpreter can't be made to behave that way.

use include_py_build::{Backend, Bundle, Environment, ErrorKind};

use crate::project::{Project, executable, patched};

const ADVICE: &str = "
  = help: name a CPython 3.11 with `PYO3_PYTHON`: `PYO3_PYTHON=python3.11 cargo build`
  = help: to install one: `apt install python3.11-dev` (Debian, Ubuntu), \
`dnf install python3.11-devel` (Fedora), `brew install python@3.11` (macOS)";

/// The report of a build for 3.11 with this script as its interpreter.
fn with_script(script: &str) -> String {
    let project = Project::new(&[("a.py", "x = 1\n"), ("b.py", "y = 2\n")]);
    let python = executable(&project, "fake", script);
    let environment = Environment::new(project.path("out")).python(python).python_version(3, 11);
    let bundle = Bundle::new("app").source(project.source()).backend(Backend::Interpreter);
    let error = bundle.build(&environment).unwrap_err();
    assert!(!project.path("out/app.bundle").exists());
    project.shown(&error.to_string())
}

#[test]
fn an_interpreter_that_isnt_there() {
    let project = Project::new(&[("a.py", "")]);
    let bundle = Bundle::new("app").source(project.source()).backend(Backend::Interpreter);
    let environment = Environment::new(project.path("out"));
    let named = bundle.clone().interpreter("/nowhere/python");
    let error = named.build(&environment.clone().python_version(3, 11)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interpreter);
    assert_eq!(
        error.to_string(),
        format!(
            "the interpreter `/nowhere/python` could not be started: No such file or directory \
             (os error 2){ADVICE}"
        )
    );
    let error = bundle.build(&environment.python_version(3, 99)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the interpreter `python3.99` could not be started: No such file or directory \
             (os error 2)\n  = note: PyO3's configuration names no interpreter, as in a cross \
             build, so this one was looked for on `PATH`{}",
            ADVICE.replace("3.11", "3.99")
        )
    );
}

#[test]
fn an_interpreter_of_another_version() {
    for python in crate::project::interpreters() {
        let project = Project::new(&[("a.py", "")]);
        let environment =
            Environment::new(project.path("out")).python(&python).python_version(3, 99);
        let bundle = Bundle::new("app").source(project.source());
        let report = bundle.build(&environment).unwrap_err().to_string();
        assert!(report.contains(", but the program is built for CPython 3.99\n"), "{report}");
    }
}

#[test]
fn an_interpreter_that_prints_something_else() {
    assert_eq!(
        with_script("#!/bin/sh\necho Hello, I am no Python\nexec cat >/dev/null"),
        format!(
            "the interpreter `<dir>/fake` sent something other than an answer: \
             \"Hello, I am no Python\\n\"{ADVICE}"
        )
    );
    // Endless output, without reading any input.
    let report = with_script("#!/bin/sh\nexec yes");
    assert!(report.contains("sent something other than an answer: \"y\\ny\\n"), "{report}");
    let report = with_script("#!/bin/sh\nexec cat /dev/zero");
    assert!(report.contains("sent something other than an answer: \"\\0\\0"), "{report}");
}

#[test]
fn an_interpreter_that_ends_at_once() {
    assert_eq!(
        with_script("#!/bin/sh\necho 'no such option' >&2\necho 'try --help' >&2\nexit 3"),
        format!(
            "the interpreter `<dir>/fake` exited with status 3\n  = note: it printed:\n    \
             no such option\n    try --help{ADVICE}"
        )
    );
    let report = with_script("#!/bin/sh\nexec >&-\nsleep 20 &\nkill -9 $$");
    assert!(
        report.contains("was ended by signal 9 (SIGKILL, as when memory runs out)"),
        "{report}"
    );
    let report = with_script("#!/bin/sh\nexec >&-\nexec sleep 20");
    assert!(report.contains("`<dir>/fake` closed its output"), "{report}");
}

/// An interpreter whose `compile` runs `body` for sources that contain `BAD`.
fn sabotaged(project: &Project, body: &str) -> std::path::PathBuf {
    let patch = format!(
        "import builtins, os, sys\nreal = compile\ndef fake(source, *rest):\n    if source[:3] == b'BAD':\n        \
         {body}\n    return real(source, *rest)\nbuiltins.compile = fake\n"
    );
    patched(project, &patch)
}

#[test]
fn a_worker_that_dies_is_reported_with_its_file() {
    let project = Project::new(&[("bad.py", "BAD\n"), ("good.py", ""), ("wrong.py", "x =\n")]);
    let report = |body: &str| {
        let python = sabotaged(&project, body);
        let environment = Environment::new(project.path("out")).python(python);
        let bundle = Bundle::new("app").source(project.source());
        project.shown(&bundle.build(&environment).unwrap_err().to_string())
    };
    let expected = |how: &str| {
        format!(
            "<dir>/python/wrong.py:1:4: invalid syntax\n  |\n1 | x =\n  |    ^\n\n\
             error: <dir>/python/bad.py: the interpreter that compiled it {how}\n  \
             = help: compile the file with that interpreter's `python -m py_compile` to see it \
             fail; leave it out with `Bundle::exclude`"
        )
    };
    assert_eq!(report("os._exit(7)"), expected("exited with status 7"));
    // A crash of the interpreter itself: it reads address 0.
    let crash = "import ctypes; ctypes.string_at(0)";
    assert_eq!(report(crash), expected("was ended by signal 11 (SIGSEGV)"));
    let noise = "os.write(CHANNEL, b'noise'); os._exit(0)";
    assert_eq!(report(noise), expected("sent something other than an answer: \"noise\""));
    let printed = "print('on stdout'); sys.stdout.flush(); os.write(2, b'last words'); os._exit(1)";
    assert_eq!(
        report(printed),
        expected("exited with status 1\n  = note: it printed:\n    on stdout\n    last words")
    );
}

#[test]
fn prints_while_compiling_dont_matter() {
    let project = Project::new(&[("bad.py", "BAD = 1\n")]);
    // More than a pipe can hold.
    let python = sabotaged(&project, "print('x' * 300000); sys.stderr.write('y' * 300000)");
    let environment = Environment::new(project.path("out")).python(python);
    let output = Bundle::new("app").source(project.source()).build(&environment).unwrap();
    assert_eq!(output.compiled(), 1);
}

#[test]
fn interpreters_that_keep_dying_are_given_up() {
    let files: Vec<(String, String)> =
        (0..20).map(|number| (format!("m{number:02}.py"), format!("BAD = {number}\n"))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = Project::new(&files);
    let python = sabotaged(&project, "os._exit(9)");
    let environment = Environment::new(project.path("out")).python(python);
    let error = Bundle::new("app").source(project.source()).build(&environment).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Worker);
    let last = error.problems().last().unwrap();
    assert_eq!(last, "17 more files were not compiled, because interpreters kept dying");
}

#[test]
fn large_sources_pass_through_the_pipes() {
    let text = format!("x = '''{}'''\n", "0123456789abcdef\n".repeat(200_000));
    let project = Project::new(&[("a.py", &text), ("b.py", &text), ("c.py", &text)]);
    let output = project.build(|bundle| bundle).unwrap();
    assert!(output.bytes() > 3_000_000);
}
