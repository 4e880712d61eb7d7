//! The command on files created here, without any Python.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pyc_code::pyc::{Header, Origin};
use pyc_code::{CodeObject, Const, Minor, marshal};

/// A file whose code is `RETURN_CONST 0` on line 1, with this constant.
fn pyc(directory: &Path, name: &str, constant: i64) -> PathBuf {
    let mut code = CodeObject::default();
    code.code = b"\x95\x00\x67\x00"[..].into();
    code.consts = [Const::from(constant)].into();
    code.name = "<module>".into();
    code.filename = "app.py".into();
    code.firstlineno = 1;
    code.linetable = b"\x81\x00"[..].into();
    let mut file =
        Header::new(Minor::PY313, Origin::Timestamp { mtime: 1, size: 2 }).to_bytes().to_vec();
    file.extend(marshal::write(&code, Minor::PY313).unwrap());
    let path = directory.join(name);
    std::fs::write(&path, file).unwrap();
    path
}

fn run(arguments: &[&str], files: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_include-py")).args(arguments).args(files).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn dis_lists_instructions() {
    let directory = tempfile::tempdir().unwrap();
    let file = pyc(directory.path(), "a.pyc", 7);
    let listing =
        "  1           RESUME                   0\n              RETURN_CONST             0 (7)\n";
    assert_eq!(text(&run(&["dis"], &[&file]).stdout), listing);
    let shown = "1:0-1:0           0       RESUME                   0\n\
                 1:0-1:0           2       RETURN_CONST             0 (7)\n";
    assert_eq!(text(&run(&["dis", "-COP"], &[&file]).stdout), shown);
    let json = run(&["dis", "--json"], &[&file]);
    let instruction = r#"{"offset":2,"line":1,"name":"RETURN_CONST","argument":0,"detail":"7","target":null,"position":[1,1,0,0]}"#;
    assert!(text(&json.stdout).contains(instruction), "{}", text(&json.stdout));
}

#[test]
fn diff_exits_as_diff_does() {
    let directory = tempfile::tempdir().unwrap();
    let (one, two) = (pyc(directory.path(), "1.pyc", 1), pyc(directory.path(), "2.pyc", 2));
    assert_eq!(run(&["diff"], &[&one, &one]).status.code(), Some(0));
    let different = run(&["diff"], &[&one, &two]);
    assert_eq!(different.status.code(), Some(1));
    assert_eq!(text(&different.stdout), "<module>: co_consts is [0] = 1, not [0] = 2\n");
    let json = run(&["diff", "--json"], &[&one, &two]);
    let shown = r#"[{"path":["<module>"],"field":"co_consts","left":"[0] = 1","right":"[0] = 2"}]"#;
    assert_eq!(text(&json.stdout).trim_end(), shown);
}

#[test]
fn normalize_rewrites_files_that_are_not_canonical() {
    let directory = tempfile::tempdir().unwrap();
    let file = pyc(directory.path(), "a.pyc", 7);
    let canonical = std::fs::read(&file).unwrap();
    // Marshal has a long form of short strings, too: `A` and four bytes instead of `Z` and one.
    let name = canonical.windows(10).position(|bytes| bytes[1..] == *b"\x08<module>").unwrap();
    let mut other = canonical[..name].to_vec();
    other.extend(b"A\x08\0\0\0");
    other[name] |= canonical[name] & 0x80;
    other.extend(&canonical[name + 2..]);
    std::fs::write(&file, other).unwrap();
    assert_eq!(
        text(&run(&["normalize"], &[&file]).stdout),
        format!("normalised {}\n", file.display())
    );
    assert_eq!(std::fs::read(&file).unwrap(), canonical);
    assert_eq!(text(&run(&["normalize"], &[&file]).stdout), "");
}

#[test]
fn errors_name_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.pyc");
    std::fs::write(&path, b"\x42\x0d\x0d\x0a\0\0\0\0\0\0\0\0\0\0\0\0").unwrap();
    let output = run(&["dis"], &[&path]);
    assert_eq!(output.status.code(), Some(2));
    let message = format!(
        "include-py: {}: magic number 3394 belongs to no final release from 3.8 to 3.15 at byte 0\n",
        path.display()
    );
    assert_eq!(text(&output.stderr), message);
    let missing = run(&["diff"], &[&path]);
    assert_eq!(
        text(&missing.stderr),
        "include-py: `diff` takes two files, see `include-py --help`\n"
    );
}

/// A source and its `.pyc` with a timestamp, as Python writes them.
fn cached(directory: &Path) -> (PathBuf, PathBuf) {
    let source = directory.join("a.py");
    std::fs::write(&source, "x = 1\n").unwrap();
    let changed = std::fs::metadata(&source).unwrap().modified().unwrap();
    let mtime = changed.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    std::fs::create_dir(directory.join("__pycache__")).unwrap();
    let file = pyc(&directory.join("__pycache__"), "a.cpython-313.pyc", 7);
    let mut bytes = std::fs::read(&file).unwrap();
    let origin = Origin::Timestamp { mtime: u32::try_from(mtime).unwrap(), size: 6 };
    bytes[..16].copy_from_slice(&Header::new(Minor::PY313, origin).to_bytes());
    std::fs::write(&file, bytes).unwrap();
    (source, file)
}

#[test]
fn normalize_puts_the_hash_of_the_source_into_the_header() {
    let directory = tempfile::tempdir().unwrap();
    let (source, file) = cached(directory.path());
    let before = std::fs::read(&file).unwrap();
    for (mode, flags) in [("unchecked-hash", 1), ("checked-hash", 3)] {
        let output = run(&["normalize", "--invalidation-mode", mode], &[&file]);
        assert_eq!(text(&output.stdout), format!("normalised {}\n", file.display()));
        let after = std::fs::read(&file).unwrap();
        // `_imp.source_hash` of the source, by CPython 3.13.
        assert_eq!(
            after[4..16],
            [&[flags, 0, 0, 0][..], b"\xe7\x86\xe2\x89\x36\x51\x12\x0e"].concat()
        );
        assert_eq!(after[16..], before[16..]);
    }
    std::fs::write(&source, "x = 2\n").unwrap();
    let stale = run(&["normalize", "--invalidation-mode", "unchecked-hash"], &[&file]);
    assert_eq!(stale.status.code(), Some(2));
    let message = format!(
        "include-py: {}: stale: `{}` has changed since it was compiled, so compile it again\n",
        file.display(),
        source.display()
    );
    assert_eq!(text(&stale.stderr), message);
}

#[test]
fn normalize_does_not_call_stale_code_fresh() {
    let directory = tempfile::tempdir().unwrap();
    let (source, file) = cached(directory.path());
    let before = std::fs::read(&file).unwrap();
    std::fs::write(&source, "x = 10\n").unwrap();
    let stale = run(&["normalize", "--invalidation-mode", "checked-hash"], &[&file]);
    assert_eq!(stale.status.code(), Some(2));
    std::fs::remove_file(&source).unwrap();
    let missing = run(&["normalize", "--invalidation-mode", "checked-hash"], &[&file]);
    assert!(text(&missing.stderr).starts_with(&format!("include-py: {}: ", source.display())));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn normalize_renames_the_source() {
    let directory = tempfile::tempdir().unwrap();
    let file = pyc(directory.path(), "a.pyc", 7);
    let renamed = run(&["normalize", "--json", "--filename", "pkg/a.py"], &[&file]);
    assert!(text(&renamed.stdout).contains(r#""changed":true"#), "{}", text(&renamed.stdout));
    let bytes = std::fs::read(&file).unwrap();
    let code = marshal::read(&bytes[16..], Minor::PY313).unwrap();
    assert_eq!(code.filename, "pkg/a.py");
    let two = run(&["normalize", "--filename", "a.py"], &[&file, &file]);
    assert_eq!(two.status.code(), Some(2));
}

#[test]
fn dis_compiles_sources_and_shows_stages() {
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("a.py");
    std::fs::write(&source, "def f(x):\n    return x\n").unwrap();
    let shown = |arguments: &[&str]| {
        let output = run(&[&["dis"], arguments].concat(), &[&source]);
        assert_eq!(text(&output.stderr), "");
        text(&output.stdout).to_owned()
    };
    assert!(shown(&[]).contains("STORE_NAME               0 (f)"));
    assert!(shown(&["--stage", "tree"]).contains("FunctionDef"));
    assert!(shown(&["--stage", "scopes"]).contains("x: parameter use -> local"));
    assert!(shown(&["--stage", "instructions", "--target", "3.13.0"]).contains("MAKE_FUNCTION"));
    let graph = shown(&["--stage", "cfg:after=peephole", "--skip", "inline-exits"]);
    assert!(graph.contains("RETURN_VALUE") || graph.contains("RETURN_CONST"), "{graph}");
    for (arguments, message) in [
        (["--stage", "soup"], "there is no stage `soup`"),
        (["--stage", "cfg:after=soup"], "no pass `soup` here"),
        (
            ["--target", "3.7"],
            "`--target`: `3.7` isn't a release such as 3.13.0, nor a version such as 3.13",
        ),
        (
            ["--target", "3.10"],
            "can't compile for CPython 3.10.0 yet; supported: 3.11 3.12 3.13 3.14 3.15",
        ),
    ] {
        let output = run(&[&["dis"], &arguments[..]].concat(), &[&source]);
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn python_imports_the_compiled_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    std::fs::create_dir(path("p")).unwrap();
    std::fs::write(path("p/a.py"), "assert x, 'y'\n").unwrap();
    std::fs::write(path("p/bad.py"), "x = = 1\n").unwrap();
    let compile = |arguments: &[&str]| run(&[&["compile"], arguments].concat(), &[&path("p")]);
    let first = compile(&["-o0", "-o1", "-x", "bad", "--invalidation-mode", "checked-hash"]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert!(text(&first.stdout).starts_with("Listing '"), "{}", text(&first.stdout));
    let bytes = std::fs::read(path("p/__pycache__/a.cpython-313.pyc")).unwrap();
    let (header, stream) = Header::read(&bytes).unwrap();
    assert_eq!(
        header.origin(),
        Origin::hash_of(b"assert x, 'y'\n", Minor::PY313, pyc_code::pyc::Check::Checked)
    );
    let code = marshal::read(stream, Minor::PY313).unwrap();
    assert_eq!(code.filename.to_string(), path("p/a.py").to_string_lossy());
    let smaller = std::fs::read(path("p/__pycache__/a.cpython-313.opt-1.pyc")).unwrap();
    assert!(smaller.len() < bytes.len());

    let bad = compile(&["-q", "-j2"]);
    assert_eq!(bad.status.code(), Some(1));
    let shown = text(&bad.stdout);
    assert!(shown.contains("*** Error compiling") && shown.contains("SyntaxError: "), "{shown}");
    assert_eq!(compile(&["-d", "a", "-s", "b"]).status.code(), Some(2));
    // A file that is up to date by its time is left alone.
    let again = compile(&["-x", "bad"]);
    assert!(!text(&again.stdout).contains("a.py"), "{}", text(&again.stdout));
}
