//! Every message about invalid input, in full. `<dir>` is the project's directory.
//!
//! A failing test shows the current text.

use std::os::unix::fs::symlink;

use include_py_build::{Bundle, ErrorKind, Stdlib};

use crate::project::{Project, interpreters};

#[track_caller]
fn expect(actual: &str, expected: &str) {
    assert!(actual == expected.trim_start(), "is\n{actual}\nshould be\n{expected}");
}

#[test]
fn invalid_options_are_reported() {
    let project = Project::new(&[("a.py", "")]);
    let report = project.report(|_| {
        Bundle::new("my/app")
            .source(project.source())
            .package("app..x", project.source())
            .exclude("a[")
            .optimize(3)
            .stdlib_with(Stdlib::new().with("test.support"))
    });
    expect(
        &report,
        r#"
`my/app` can't be the name of a bundle
  = help: use ASCII letters, digits, `_` and `-`, as in `Bundle::new("app")`

error: there is no optimisation level 3
  = help: give `Bundle::optimize` 0, 1 or 2; 0 is the default

error: `app..x` can't be imported
  = help: give `Bundle::package` a name as in `import app.vendor`

error: `Stdlib::with("test.support")` has no effect: all of `test` is left out
  = help: give `"test"` instead

error: `a[` isn't a pattern for `Bundle::exclude`: invalid range pattern
  = help: patterns look like `*.md`, `app/tests`, `app/**/testdata` or `build/`"#,
    );
    assert!(!project.path("out/app.bundle").exists());
}

#[test]
fn invalid_locations_are_reported() {
    let project = Project::new(&[]);
    project.write("file.py", "");
    project.write("file.txt", "");
    std::fs::create_dir(project.path("empty")).unwrap();
    let path = |path: &str| project.path(path);
    let report = project.report(|bundle| {
        bundle
            .source(path("gone"))
            .source(path("file.py"))
            .package("app", path("gone"))
            .package("text", path("file.txt"))
            .package("empty", path("empty"))
    });
    expect(
        &report,
        "
the source directory `<dir>/gone` doesn't exist
  = help: create it, or correct the path given to `Bundle::source`
  = note: a relative path starts at the directory of the package's `Cargo.toml`

error: the source directory `<dir>/file.py` is a file
  = help: name the directory it is in, or add it with `Bundle::package`

error: the package `app`: `<dir>/gone` doesn't exist
  = help: create it, or correct the path given to `Bundle::package`
  = note: a relative path starts at the directory of the package's `Cargo.toml`

error: the package `text` can't come from `<dir>/file.txt`: that is neither a directory nor a `.py` file
  = help: give `Bundle::package` the package's directory or the module's file

error: the package `empty` is empty: nothing was found in `<dir>/empty`
  = help: correct the path given to `Bundle::package`",
    );
}

#[test]
fn an_empty_bundle() {
    let project = Project::new(&[("data.txt", ""), ("left.py", "")]);
    expect(
        &project.report(|bundle| bundle.exclude("left.py")),
        "
the bundle is empty: no modules were found
  = note: in `<dir>/python`
  = help: add a directory of Python modules with `Bundle::source`, and see what `Bundle::exclude` leaves out",
    );
}

#[test]
fn modules_with_two_sources_in_one_directory() {
    let project = Project::new(&[
        ("a.py", ""),
        ("a/__init__.py", ""),
        ("app/__init__.py", ""),
        ("app/b.py", ""),
        ("app/b/deep/c.py", ""),
    ]);
    expect(
        &project.report(|bundle| bundle),
        "
the module `a` has two sources
  = note: `<dir>/python/a.py`
  = note: `<dir>/python/a/__init__.py`
  = help: rename one of them, or leave one out with `Bundle::exclude`

error: the module `app.b` hides the directory of the same name
  = note: with `<dir>/python/app/b.py` beside it,
  = note: `<dir>/python/app/b/deep/c.py` can't be imported
  = help: rename one of them, or leave one out with `Bundle::exclude`",
    );
}

#[test]
fn modules_and_files_in_two_roots() {
    let project = Project::new(&[
        ("app/__init__.py", ""),
        ("app/x.py", "only the package is reported"),
        ("json.py", ""),
        ("lib/__init__.py", ""),
        ("ns/a.py", ""),
        ("ns/same.txt", ""),
        ("ns/place", "a file"),
        ("tool.py", ""),
        ("d-1.dist-info/METADATA", "Name: d\n"),
        ("e-1.dist-info/METADATA", "Name: e.e\n"),
    ]);
    for path in [
        "app/__init__.py",
        "app/x.py",
        "lib/portion.py",
        "ns/b.py",
        "ns/same.txt",
        "ns/place/inside.txt",
        "d-1.dist-info/METADATA",
    ] {
        project.write(&format!("more/{path}"), "");
    }
    project.write("more/e-2.dist-info/METADATA", "name : x\nName: E_E\n");
    let (more, tool) = (project.path("more"), project.path("more/ns/b.py"));
    let report = project.report(|bundle| bundle.source(more).package("tool.sub", tool).stdlib());
    expect(
        &report,
        r#"
the module `app` has two sources
  = note: `<dir>/python/app/__init__.py`
  = note: `<dir>/more/app/__init__.py`
  = help: rename one of them, or leave one out

error: the module `json` has two sources
  = note: `<dir>/python/json.py`
  = note: `<stdlib>/json/__init__.py`
  = help: rename yours, or leave the standard library's out: `.stdlib_with(Stdlib::new().without("json"))`

error: the module `lib` hides the directory of the same name
  = note: with `<dir>/python/lib/__init__.py` there,
  = note: what is in `<dir>/more/lib` can't be imported
  = help: rename one of them, or leave one out

error: the module `tool.sub` can't be imported: `tool` isn't a package
  = note: `<dir>/python/tool.py`
  = note: `<dir>/more/ns/b.py`
  = help: give one of them another name

error: the distribution `d-1.dist-info` has two sources
  = note: `<dir>/python/d-1.dist-info`
  = note: `<dir>/more/d-1.dist-info`
  = help: leave one of them out, with its modules

error: the file `ns/same.txt` has two sources
  = note: `<dir>/python/ns/same.txt`
  = note: `<dir>/more/ns/same.txt`
  = help: rename one of them, or leave one out

error: `ns/place` is a file in one source and a directory in another
  = note: `<dir>/python/ns/place`
  = note: `<dir>/more/ns/place/inside.txt`
  = help: rename one of them, or leave one out

error: the distribution `E_E` is there twice
  = note: `<dir>/python/e-1.dist-info`
  = note: `<dir>/more/e-2.dist-info`
  = help: uninstall one of them, or leave it out with `Bundle::exclude`"#,
    );
}

#[test]
fn unreadable_files_are_reported() {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};

    const INNER: &str = "INCLUDE_PY_BUILD_UNREADABLE";
    if let Some(dir) = std::env::var_os(INNER) {
        let dir = std::path::PathBuf::from(dir);
        let environment = include_py_build::Environment::new(dir.join("out")).python("/nowhere");
        let error = Bundle::new("app").source(dir.join("python")).build(&environment).unwrap_err();
        let mut problems = error.problems().skip(1);
        println!("<{}>", problems.by_ref().collect::<Vec<_>>().join("\n"));
        return;
    }
    let project = Project::new(&[("app/__init__.py", ""), ("app/closed/a.py", ""), ("b.py", "")]);
    let mode = |path: &str, mode| {
        std::fs::set_permissions(project.path(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    std::fs::create_dir(project.path("out")).unwrap();
    mode("out", 0o777);
    mode("", 0o755);
    mode("python/app/closed", 0);
    mode("python/b.py", 0);
    let mut test = std::process::Command::new(std::env::current_exe().unwrap());
    test.args(["--exact", "errors::unreadable_files_are_reported", "--nocapture"]);
    test.env(INNER, project.path(""));
    if std::fs::read(project.path("python/b.py")).is_ok() {
        test.uid(65534).gid(65534);
    }
    let output = test.output().unwrap();
    mode("python/app/closed", 0o755);
    let stdout = String::from_utf8(output.stdout).unwrap();
    let report = stdout.split_once('<').and_then(|(_, rest)| Some(rest.rsplit_once('>')?.0));
    expect(
        &project.shown(report.expect(&stdout)),
        "
`<dir>/python/app/closed` can't be read: Permission denied (os error 13)
  = help: correct its permissions, or leave it out with `Bundle::exclude`
`<dir>/python/b.py` can't be read: Permission denied (os error 13)
  = help: correct its permissions, or leave it out with `Bundle::exclude`",
    );
}

#[test]
fn modules_that_arent_python() {
    let project = Project::new(&[
        ("app/__init__.py", ""),
        ("app/good.py", ""),
        ("app/a_name.py", "def f():\n\treturn 'straße' + = 1\n"),
        ("app/b_call.py", "print((1,\n      2)\n"),
        ("app/c_nul.py", "x = 1\0\n"),
        ("app/d_indent.py", "if x:\npass\n"),
        ("app/e_return.py", "x = 1\n'ß'; return x\n"),
        ("app/f_coding.py", "# -*- coding: klingon -*-\n"),
    ]);
    project.write("python/app/g_bytes.py", b"x = '\xff'\n");
    project.write("python/app/latin.py", b"# -*- coding: latin-1 -*-\nx = '\xff'\n");
    let help = "  = help: save the file as UTF-8 without NUL bytes, or declare its encoding in the \
                first line: `# -*- coding: latin-1 -*-`";
    let expected = format!(
            "
<dir>/python/app/a_name.py:2:20: invalid syntax
  |
2 |     return 'straße' + = 1
  |                       ^

error: <dir>/python/app/b_call.py:1:6: '(' was never closed
  |
1 | print((1,
  |      ^

error: <dir>/python/app/c_nul.py: source code string cannot contain null bytes
{help}

error: <dir>/python/app/d_indent.py:2:1: expected an indented block after 'if' statement on line 1
  |
2 | pass
  | ^^^^

error: <dir>/python/app/e_return.py:2:6: 'return' outside function
  |
2 | 'ß'; return x
  |      ^^^^^^^^

error: <dir>/python/app/f_coding.py: unknown encoding: klingon
{help}

error: <dir>/python/app/g_bytes.py:1: (unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte
{help}

error: 7 files could not be compiled"
    );
    for python in interpreters() {
        let bundle = Bundle::new("app").source(project.source());
        let error = bundle.build(&project.environment().python(python)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Compile);
        expect(&project.shown(&error.to_string()), &expected);
    }
    assert!(!project.path("out/app.bundle").exists() && !project.path("out/app.rs").exists());
}

#[test]
fn sources_nested_too_deeply_are_reported() {
    let deep = format!("x = {}1{}\n", "(".repeat(150), ")".repeat(150));
    let sum = format!("x = {}1\n", "-".repeat(50_000));
    let nested = format!("x = {}1\n", "not ".repeat(20_000));
    let files = [("a.py", deep.as_str()), ("b.py", &sum), ("c.py", &nested), ("good.py", "")];
    for python in interpreters() {
        let project = Project::new(&files).with(&python);
        let error = project.build(|bundle| bundle).unwrap_err();
        println!("{}: {}", python.display(), project.shown(&error.to_string()));
        assert!(error.problems().all(|problem| problem.len() < 2000));
    }
}

#[test]
fn a_failed_build_keeps_the_previous_bundle() {
    let project = Project::new(&[("a.py", "x = 1\n"), ("b.py", "")]);
    project.build(|bundle| bundle).unwrap();
    let before = project.bundle();
    project.write("python/a.py", "x =\n");
    project.build(|bundle| bundle).unwrap_err();
    assert!(project.bundle() == before);
    project.write("python/a.py", "x = 2\n");
    let output = project.build(|bundle| bundle).unwrap();
    assert_eq!((output.compiled(), output.reused()), (1, 1));
}

#[test]
fn an_output_directory_that_cant_be_created_is_reported() {
    let project = Project::new(&[("a.py", "")]);
    project.write("out", "a file");
    expect(
        &project.report(|bundle| bundle),
        "
`<dir>/out` can't be written: File exists (os error 17)
  = help: free some space or correct the directory's permissions, and build again",
    );
}

#[test]
fn files_that_cannot_be_read() {
    let project = Project::new(&[("app/__init__.py", "")]);
    // A regular file that can be opened, but whose start not even root can read.
    symlink("/proc/self/mem", project.path("python/app/unreadable.py")).unwrap();
    expect(
        &project.report(|bundle| bundle),
        "
`<dir>/python/app/unreadable.py` can't be read: Input/output error (os error 5)
  = help: correct its permissions, or leave it out with `Bundle::exclude`",
    );
}
