//! `verify`, `diff`, `normalize` and `dis` on trees and sources.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], directory: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_include-py"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `t/a.py` and `t/p/b.py`, compiled at all levels.
fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("t/p")).unwrap();
    fs::write(root.path().join("t/a.py"), "'Text.'\nassert x\n").unwrap();
    fs::write(root.path().join("t/p/b.py"), "def f(): return 1\n").unwrap();
    let done = run(&["compile", "-q", "-o0", "-o1", "-o2", "-d", "/usr/lib", "t"], root.path());
    assert!(done.status.success());
    root
}

#[test]
fn files_are_compared_with_their_compiled_sources() {
    let root = tree();
    let verify = |arguments: &[&str]| {
        let output = run(&[&["verify"], arguments].concat(), root.path());
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let good = "6 files: 6 are what their sources compile to, 0 differ, 0 have no source\n";
    assert_eq!(verify(&["t"]), (Some(0), good.to_owned(), String::new()));
    assert_eq!(verify(&["--target", "3.13.0", "t"]).0, Some(0));

    fs::write(root.path().join("t/p/b.py"), "def f(): return 2\n").unwrap();
    fs::write(
        root.path().join("t/p/lonely.pyc"),
        fs::read(root.path().join("t/p/__pycache__/b.cpython-313.pyc")).unwrap(),
    )
    .unwrap();
    let (status, shown, _) = verify(&["t/p"]);
    assert_eq!(status, Some(1));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 5, "{shown}");
    assert!(lines[0].starts_with("t/p/__pycache__/b.cpython-313.opt-1.pyc: isn't what `t/p/b.py` compiles to: <module> > f: co_consts"), "{shown}");
    assert_eq!(lines[3], "t/p/lonely.pyc: its source `t/p/lonely.py` doesn't exist");
    assert_eq!(
        lines[4],
        "4 files: 0 are what their sources compile to, 3 differ, 1 have no source"
    );
    let (_, json, _) = verify(&["--json", "t/a.pyc", "t/__pycache__"]);
    let line = r#"{"file":"t/__pycache__/a.cpython-313.opt-1.pyc","source":"t/a.py","verdict":"same","reason":null}"#;
    assert_eq!(json.lines().next(), Some(line));

    fs::write(root.path().join("t/a.py"), "x = = 1\n").unwrap();
    let (status, shown, _) = verify(&["t/__pycache__/a.cpython-313.pyc"]);
    assert_eq!(status, Some(1));
    assert!(shown.contains("isn't what `t/a.py` compiles to: "), "{shown}");
    fs::write(root.path().join("t/bad.pyc"), "junk").unwrap();
    fs::write(root.path().join("t/bad.py"), "").unwrap();
    assert_eq!(verify(&["t/bad.pyc"]).0, Some(2));
}

#[test]
fn trees_and_sources_are_compared() {
    let root = tree();
    let diff = |arguments: &[&str]| {
        let output = run(&[&["diff"], arguments].concat(), root.path());
        (output.status.code(), text(&output.stdout))
    };
    assert_eq!(
        diff(&["t/a.py", "t/__pycache__/a.cpython-313.opt-2.pyc"]),
        (Some(0), String::new())
    );
    assert_eq!(diff(&["t/__pycache__/a.cpython-313.pyc", "t/a.py"]), (Some(0), String::new()));
    assert_eq!(diff(&["t/a.py", "t/p/b.py"]).0, Some(1));

    assert!(run(&["compile", "-q", "--out-dir", "u", "t"], root.path()).status.success());
    fs::write(root.path().join("u/extra.pyc"), "").unwrap();
    let (status, shown) = diff(&["t", "u"]);
    assert_eq!(status, Some(1));
    assert!(shown.contains("__pycache__/a.cpython-313.opt-1.pyc: only in t\n"), "{shown}");
    assert!(shown.contains("extra.pyc: only in u\n"), "{shown}");
    assert!(shown.contains("p/__pycache__/b.cpython-313.pyc:\n<module>: co_filename is \"/usr/lib/p/b.py\", not \"t/p/b.py\"\n"), "{shown}");
    let (_, without_names) = diff(&["--ignore", "names", "--json", "t", "u"]);
    assert!(!without_names.contains("co_filename"), "{without_names}");
    assert!(without_names.contains(r#"{"file":"extra.pyc","only":"right","differences":[]}"#));

    fs::write(root.path().join("c.py"), "x = 1\n").unwrap();
    for (name, source, ignored) in
        [("columns.py", "x =  1\n", "positions"), ("lines.py", "\nx = 1\n", "lines")]
    {
        fs::write(root.path().join(name), source).unwrap();
        assert_eq!(diff(&["c.py", name]).0, Some(1), "{name}");
        assert_eq!(diff(&["--ignore", ignored, "c.py", name]), (Some(0), String::new()), "{name}");
    }
    assert_eq!(diff(&["--ignore", "positions", "c.py", "lines.py"]).0, Some(1));
    for wrong in [&["t", "c.py"][..], &["--ignore", "soup", "c.py", "c.py"]] {
        assert_eq!(diff(wrong).0, Some(2));
    }
}

#[test]
fn trees_are_normalised_and_checked() {
    let root = tree();
    let file = root.path().join("t/__pycache__/a.cpython-313.pyc");
    let canonical = fs::read(&file).unwrap();
    fs::write(&file, [&canonical[..], b"rest"].concat()).unwrap();
    let checked = run(&["normalize", "--check", "t"], root.path());
    let shown = "would normalise t/__pycache__/a.cpython-313.pyc\n";
    assert_eq!((checked.status.code(), text(&checked.stdout)), (Some(1), shown.to_owned()));
    assert_ne!(fs::read(&file).unwrap(), canonical);
    let done = run(&["normalize", "t"], root.path());
    assert_eq!(text(&done.stdout), "normalised t/__pycache__/a.cpython-313.pyc\n");
    assert_eq!(fs::read(&file).unwrap(), canonical);
    assert_eq!(run(&["normalize", "--check", "t"], root.path()).status.code(), Some(0));
}

#[test]
fn code_is_listed_in_other_ways() {
    let root = tree();
    let shown =
        |arguments: &[&str]| text(&run(&[&["dis"], arguments].concat(), root.path()).stdout);
    let offsets = shown(&["-O", "t/p/b.py"]);
    assert!(offsets.starts_with("  0          0       RESUME                   0\n"), "{offsets}");
    assert!(shown(&["--info", "t/p/b.py"]).contains(
        "\nName:              f\nFilename:          t/p/b.py\nArgument count:    0\nPositional-only arguments: 0\n"
    ));
    let json = shown(&["--json", "t/p/b.py"]);
    for part in [
        r#""qualname":"f""#,
        r#""flags":3,"flag_names":["OPTIMIZED","NEWLOCALS"]"#,
        r#""position":[1,1,16,17]"#,
        r#""exceptions":[]"#,
    ] {
        assert!(json.contains(part), "{part} {json}");
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_include-py"))
        .args(["dis"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"def g(): pass\n").unwrap();
    let output = text(&child.wait_with_output().unwrap().stdout);
    assert!(output.contains("<code object g, file \"<stdin>\", line 1>"), "{output}");
    assert_eq!(
        run(&["dis", "--json", "--stage", "tree", "t/a.py"], root.path()).status.code(),
        Some(2)
    );
}
