//! `include-py inspect` and `include-py verify` on bundles created here, alone and in other files.

use std::path::Path;
use std::process::{Command, Output};

use include_py_bundle::{Builder, ModuleKind, NewLibrary, NewModule, SYSTEM_LICENCES, Target};

fn inspect(arguments: &[&str], file: &Path) -> Output {
    run("inspect", arguments, file)
}

fn run(name: &str, arguments: &[&str], file: &Path) -> Output {
    let command = env!("CARGO_BIN_EXE_include-py");
    Command::new(command).arg(name).args(arguments).arg(file).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A bundle of a module, and a package with a file.
fn bundle() -> Vec<u8> {
    let mut builder = Builder::new("app", &[Target::new(3571, 0x030d_00f0, 4, 0)]);
    for (name, path, kind) in
        [("hello", "hello.py", ModuleKind::Module), ("pkg", "pkg/__init__.py", ModuleKind::Package)]
    {
        builder.module(NewModule {
            name: name.into(),
            path: path.into(),
            kind,
            code: vec![b"marshalled code".into()],
            source: None,
        });
    }
    builder.file("pkg/data.txt", &[b'x'; 1985][..]);
    builder.finish().unwrap()
}

const SHOWN: &str = "bundle `app` of … for CPython 3.13
  pkg        1 module       1 file       2.0 kB
  hello      1 module       0 files        15 B
";

#[test]
fn a_bundle_is_shown_alone_and_inside_another_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.bundle");
    let bundle = bundle();
    let around = [&b"\x7fELF \xf1IPY\r\n\x1a\n"[..], &bundle, b"after", &bundle].concat();
    for (bytes, count) in [(&bundle, 1), (&around, 2)] {
        std::fs::write(&path, bytes).unwrap();
        let output = inspect(&[], &path);
        let shown = text(&output.stdout);
        let shown = shown.strip_prefix(&format!("{}\n", path.display())).unwrap();
        let size = shown.split(" of ").nth(1).and_then(|rest| rest.split(" for ").next()).unwrap();
        assert!(size.ends_with(" kB") || size.ends_with(" B"), "{shown}");
        assert_eq!(shown.replace(size, "…"), SHOWN.repeat(count));
        assert_eq!(output.status.code(), Some(0));
    }
    let json = inspect(&["--json"], &path);
    let member = r#"{"name":"pkg","modules":1,"files":1,"size":2000}"#;
    assert!(text(&json.stdout).contains(member), "{}", text(&json.stdout));
    assert!(text(&json.stdout).trim_end().ends_with(r#""needs":[],"glibc":null}"#));
}

#[test]
fn a_file_without_a_bundle_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.bundle");
    let run = |content: &[u8]| {
        std::fs::write(&path, content).unwrap();
        let output = inspect(&[], &path);
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr).to_owned()
    };
    assert!(run(b"nothing").contains("app.bundle: there is no bundle in it; name a program"));
    let cut = bundle();
    assert!(
        run(&cut[..cut.len() / 2]).contains("app.bundle: "),
        "a damaged bundle is reported as such"
    );
    assert!(!run(&cut[..cut.len() / 2]).contains("there is no bundle"));
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn needed_system_libraries_are_shown() {
    // The command itself, with a bundle appended.
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("program");
    let command = std::fs::read(env!("CARGO_BIN_EXE_include-py")).unwrap();
    std::fs::write(&path, [command, bundle()].concat()).unwrap();
    let output = inspect(&[], &path);
    let shown = text(&output.stdout);
    let line = |start: &str| shown.lines().find(|line| line.starts_with(start)).unwrap_or_default();
    assert!(line("needs from the system: ").contains("libc.so.6 (GLIBC_2."), "{shown}");
    assert!(line("runs with glibc 2.").ends_with(" or newer"), "{shown}");
}

#[test]
fn licences_of_distributions_are_shown() {
    let mut builder = Builder::new("app", &[Target::new(3571, 0x030d_00f0, 4, 0)]);
    builder.file("a-1.dist-info/METADATA", &b"Name: a\r\nLicense: MIT\r\n\r\n"[..]);
    builder.file("b-1.dist-info/RECORD", &b""[..]);
    builder.distribution("a", "a-1.dist-info");
    builder.distribution("b", "b-1.dist-info");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.bundle");
    std::fs::write(&path, builder.finish().unwrap()).unwrap();
    let shown = inspect(&[], &path);
    let expected =
        "2 distributions:\n  a-1.dist-info  MIT\n  b-1.dist-info  no licence in its metadata\n";
    assert!(text(&shown.stdout).ends_with(expected), "{}", text(&shown.stdout));
    let json = inspect(&["--json"], &path);
    let member = r#"{"name":"b","directory":"b-1.dist-info","licence":null}"#;
    assert!(text(&json.stdout).contains(member), "{}", text(&json.stdout));
}

#[test]
fn licences_of_system_libraries_are_shown() {
    let mut builder = Builder::new("app", &[Target::new(3571, 0x030d_00f0, 4, 0)]);
    for path in ["include-py.libs/libone.so.1", "include-py.libs/libtwo.so.2"] {
        builder.file(path, &b"machine code"[..]);
        builder.library(NewLibrary { path: path.to_owned(), loads: vec![], needs_file: false });
    }
    builder.file(SYSTEM_LICENCES, &b"libone.so.1 MIT OR Zlib\nlibtwo.so.2 unknown\n"[..]);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.bundle");
    std::fs::write(&path, builder.finish().unwrap()).unwrap();
    let shown = inspect(&[], &path);
    let expected = "2 libraries, 24 B:\n        12 B  include-py.libs/libone.so.1  MIT OR Zlib\n        \
                    12 B  include-py.libs/libtwo.so.2\n";
    assert!(text(&shown.stdout).ends_with(expected), "{}", text(&shown.stdout));
    let json = inspect(&["--json"], &path);
    for member in [r#""needed":[],"licence":"MIT OR Zlib"}"#, r#""needed":[],"licence":null}"#] {
        assert!(text(&json.stdout).contains(member), "{}", text(&json.stdout));
    }
}

#[test]
fn a_bundle_is_verified_as_a_whole() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app");
    let bundle = bundle();
    std::fs::write(&path, [&b"program "[..], &bundle].concat()).unwrap();
    let output = run("verify", &[], &path);
    let said = text(&output.stdout);
    let start = format!("{}: bundle `app` is undamaged, SHA-256 ", path.display());
    assert_eq!(said.strip_prefix(&start).unwrap().trim_end().len(), 64, "{said}");
    assert_eq!(output.status.code(), Some(0));

    let mut damaged = bundle.clone();
    let place = bundle.windows(9).position(|part| part == b"xxxxxxxxx").unwrap();
    damaged[place] = b'y';
    std::fs::write(&path, [&bundle[..], &damaged].concat()).unwrap();
    let output = run("verify", &[], &path);
    let said = text(&output.stdout);
    assert!(said.lines().next().unwrap().contains("is undamaged"), "{said}");
    assert!(said.lines().nth(1).unwrap().contains("bundle `app` is damaged: "), "{said}");
    assert_eq!(output.status.code(), Some(1));
    let json = run("verify", &["--json"], &path);
    assert!(
        text(&json.stdout).contains(r#""fault":null},{"name":"app""#),
        "{}",
        text(&json.stdout)
    );

    std::fs::write(&path, b"nothing").unwrap();
    assert_eq!(run("verify", &[], &path).status.code(), Some(2));
}

#[test]
fn a_program_whose_end_is_missing_is_damaged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app");
    let whole = std::fs::read(env!("CARGO_BIN_EXE_include-py")).unwrap();
    for length in [2000, whole.len() - 1] {
        let cut = &whole[..length];
        std::fs::write(&path, cut).unwrap();
        let reason = format!("app: has {length} of its {} bytes: copy it again", whole.len());
        let output = run("verify", &[], &path);
        if cfg!(target_os = "linux") {
            assert!(text(&output.stdout).contains(&reason), "{}", text(&output.stdout));
            assert_eq!(output.status.code(), Some(1));
            let output = run("verify", &["--json"], &path);
            let fault = format!(r#""fault":"has {length} of its"#);
            assert!(text(&output.stdout).contains(&fault), "{}", text(&output.stdout));
            let output = inspect(&[], &path);
            assert!(text(&output.stderr).contains(&reason), "{}", text(&output.stderr));
            assert_eq!(output.status.code(), Some(2));
        }
    }
    let bundle = bundle();
    std::fs::write(&path, &bundle[..bundle.len() - 1]).unwrap();
    assert_eq!(run("verify", &[], &path).status.code(), Some(1));
}

#[test]
fn the_file_of_an_extension_module_is_counted_with_it() {
    let mut builder = Builder::new("app", &[Target::new(3571, 0x030d_00f0, 4, 0)]);
    builder.module(NewModule {
        name: "fast".into(),
        path: "fast.abi3.so".into(),
        kind: ModuleKind::Extension,
        code: vec![],
        source: Some(b"machine code".into()),
    });
    let path = "fast.abi3.so".to_owned();
    builder.library(NewLibrary { path, loads: vec![], needs_file: false });
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.bundle");
    std::fs::write(&path, builder.finish().unwrap()).unwrap();
    let shown = inspect(&[], &path);
    let expected = "  fast      1 module       1 file         12 B\n1 extension module, 12 B:\n        12 B  fast.abi3.so\n";
    assert!(text(&shown.stdout).ends_with(expected), "{}", text(&shown.stdout));
}
