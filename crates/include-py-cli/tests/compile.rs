//! Features of `include-py compile` that compileall lacks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(arguments: &[&str], directory: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_include-py"))
        .arg("compile")
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `src/a.py`, `src/tests/test_a.py` and `src/pkg/b.py`.
fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, source) in [
        ("src/a.py", "'''Text.'''\nassert x\n"),
        ("src/tests/test_a.py", "x = 1\n"),
        ("src/pkg/b.py", "x = 1 is 2\n"),
    ] {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, source).unwrap();
    }
    root
}

/// All `.pyc` files, sorted, with their directories.
fn compiled(root: &Path) -> Vec<String> {
    fn find(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                find(&path, found);
            } else if path.extension().is_some_and(|end| end == "pyc") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    find(root, &mut found);
    let mut names: Vec<String> =
        found.iter().map(|path| path.strip_prefix(root).unwrap().display().to_string()).collect();
    names.sort();
    names
}

const ALL: [&str; 3] = [
    "src/__pycache__/a.cpython-313.pyc",
    "src/pkg/__pycache__/b.cpython-313.pyc",
    "src/tests/__pycache__/test_a.cpython-313.pyc",
];

#[test]
fn check_writes_nothing_and_lists_what_is_due() {
    let root = tree();
    for mode in ["timestamp", "unchecked-hash", "checked-hash"] {
        let check = || run(&["--check", "--invalidation-mode", mode, "src"], root.path());
        let before = compiled(root.path());
        let first = check();
        assert_eq!(first.status.code(), Some(1), "{mode}");
        let due = "Would compile 'src/a.py'\nWould compile 'src/pkg/b.py'\nWould compile 'src/tests/test_a.py'\n";
        assert_eq!(text(&first.stdout), due, "{mode}");
        assert_eq!(compiled(root.path()), before);
        run(&["-f", "--invalidation-mode", mode, "src"], root.path());
        let second = check();
        assert_eq!(
            (second.status.code(), text(&second.stdout)),
            (Some(0), String::new()),
            "{mode}"
        );
    }
    // A hash doesn't depend on the modification time, only on the text.
    fs::write(root.path().join("src/a.py"), "x = 2\n").unwrap();
    let changed = run(&["--check", "--invalidation-mode", "checked-hash", "src"], root.path());
    assert_eq!(text(&changed.stdout), "Would compile 'src/a.py'\n");
    let levels = run(&["--check", "-o1", "-q", "src"], root.path());
    assert_eq!((levels.status.code(), text(&levels.stdout)), (Some(1), String::new()));
}

#[test]
fn clean_removes_the_files_that_compile_would_write() {
    let root = tree();
    run(&["-o0", "-o1", "src"], root.path());
    fs::write(root.path().join("src/pkg/__pycache__/other.txt"), "").unwrap();
    let output = run(&["--clean", "src"], root.path());
    assert_eq!(output.status.code(), Some(0));
    let removed = ALL.map(|file| format!("Removing '{file}'...\n")).concat();
    assert_eq!(text(&output.stdout), removed);
    assert_eq!(compiled(root.path()).len(), 3, "those of the other level stay");
    run(&["--clean", "-o0", "-o1", "src"], root.path());
    assert_eq!(compiled(root.path()), [""; 0]);
    assert!(!root.path().join("src/__pycache__").exists());
    assert!(root.path().join("src/pkg/__pycache__/other.txt").exists());
    assert_eq!(run(&["--clean", "src"], root.path()).stdout, b"", "there is nothing left");
}

#[test]
fn files_go_to_another_tree() {
    let root = tree();
    assert!(run(&["--out-dir", "out", "src"], root.path()).status.success());
    let expected = ALL.map(|file| file.replacen("src", "out", 1));
    assert_eq!(compiled(root.path()), expected);
    assert!(run(&["--out-dir", "flat", "-b", "src/"], root.path()).status.success());
    let flat = compiled(&root.path().join("flat"));
    assert_eq!(flat, ["a.pyc", "pkg/b.pyc", "tests/test_a.pyc"]);
    assert!(run(&["--out-dir", "one", "src/pkg/b.py"], root.path()).status.success());
    assert_eq!(compiled(&root.path().join("one")), ["__pycache__/b.cpython-313.pyc"]);
    assert!(run(&["--cache-prefix", "cache", "src"], root.path()).status.success());
    let cache = compiled(&root.path().join("cache"));
    assert!(cache[0].ends_with("src/a.cpython-313.pyc"), "{cache:?}");
    assert!(!root.path().join("src/__pycache__").exists());
    run(&["--clean", "--out-dir", "out", "src"], root.path());
    assert_eq!(compiled(&root.path().join("out")), [""; 0]);
}

#[test]
fn directories_and_files_are_excluded_by_name() {
    let root = tree();
    let output = run(&["--exclude", "tests", "--exclude", "pkg/*.py", "src"], root.path());
    assert_eq!(
        text(&output.stdout),
        "Listing 'src'...\nCompiling 'src/a.py'...\nListing 'src/pkg'...\n"
    );
    assert_eq!(compiled(root.path()), ALL[..1]);
    assert_eq!(run(&["--exclude", "a[", "src"], root.path()).status.code(), Some(2));
}

#[test]
fn several_releases_are_compiled_for_in_one_run() {
    let root = tree();
    let targets = ["--target", "3.11", "--target", "3.13", "-o", "0", "-o", "2"];
    assert!(run(&[&targets[..], &["src/a.py"]].concat(), root.path()).status.success());
    let tags = ["311.opt-2", "311", "313.opt-2", "313"];
    assert_eq!(
        compiled(root.path()),
        tags.map(|tag| format!("src/__pycache__/a.cpython-{tag}.pyc"))
    );
    for wrong in [["3.13.0", "3.13"], ["3.13", "3.10"]] {
        let output = run(&["--target", wrong[0], "--target", wrong[1], "src"], root.path());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn warnings_are_filtered() {
    let root = tree();
    let shown = |options: &[&str]| {
        let output = run(&[options, &["-f", "-q", "src/pkg/b.py"]].concat(), root.path());
        (output.status.code(), text(&output.stderr), text(&output.stdout))
    };
    assert!(shown(&[]).1.starts_with("src/pkg/b.py:1: SyntaxWarning: \"is\" with 'int' literal"));
    assert_eq!(shown(&["-Wignore"]), (Some(0), String::new(), String::new()));
    // The last option wins.
    assert_ne!(shown(&["-W", "ignore", "-W", "default"]).1, "");
    let (status, _, errors) = shown(&["-W", "error::SyntaxWarning"]);
    assert_eq!(status, Some(1));
    assert!(errors.contains("SyntaxError: \"is\" with 'int' literal"), "{errors}");
    assert!(
        shown(&["-W", "soup"]).1.starts_with("Invalid -W option ignored: invalid action: 'soup'\n")
    );
}

#[test]
fn json_has_a_line_for_each_file() {
    let root = tree();
    fs::write(root.path().join("src/wrong.py"), "x = = 1\n").unwrap();
    let output = run(&["--json", "src"], root.path());
    assert_eq!(output.status.code(), Some(1));
    let shown = text(&output.stdout);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 4, "{shown}");
    let first = r#"{"file":"src/a.py","name":"src/a.py","outcome":"compiled","files":["src/__pycache__/a.cpython-313.pyc"],"warnings":[],"error":null}"#;
    assert_eq!(lines[0], first);
    assert!(lines[1].contains(r#""type":"SyntaxWarning","message":"\"is\" with 'int' literal"#));
    let error = r#""error":{"type":"SyntaxError","message":"invalid syntax","lineno":1,"offset":5,"end_lineno":1,"end_offset":6,"text":"x = = 1"}}"#;
    assert!(lines[3].ends_with(error), "{}", lines[3]);
    assert_eq!(output.stderr, b"", "warnings are in the lines");
    let again = text(&run(&["--json", "--check", "src"], root.path()).stdout);
    let outcomes: Vec<&str> =
        ["up-to-date", "due"].into_iter().filter(|outcome| again.contains(outcome)).collect();
    assert_eq!(outcomes, ["up-to-date", "due"], "{again}");
}

#[test]
fn options_that_make_no_sense_together_are_errors() {
    let root = tree();
    for options in [
        &["--check", "--clean", "src"][..],
        &["--clean", "-f", "src"],
        &["--json", "-q", "src"],
        &["--cache-prefix", "a", "-b", "src"],
        &["--cache-prefix", "a", "--out-dir", "b", "src"],
        &["--out-dir", "b", "src", "src/a.py"],
        &["--out-dir", "b"],
        &["--out-dir", "b", "-i", "-", "src"],
        &["--out-dir", "", "src"],
        &["-b", "--target", "3.12", "--target", "3.13", "src"],
        &["--c", "src"],
    ] {
        let output = run(options, root.path());
        assert_eq!(output.status.code(), Some(2), "{options:?} {}", text(&output.stderr));
        assert!(text(&output.stderr).starts_with("include-py: "), "{options:?}");
    }
    assert_eq!(compiled(root.path()), [""; 0]);
}
