//! `include-py compile` on trees with more in them than sources, and on output that fails.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn command(arguments: &[&str], path: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_include-py"));
    command.args(arguments).arg(path);
    command
}

fn run(arguments: &[&str], path: &Path) -> Output {
    command(arguments, path).output().unwrap()
}

/// The names in a directory, sorted.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn linked_levels_stay_linked_however_often_they_are_compiled() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("__pycache__");
    fs::write(directory.path().join("a.py"), "x = 1\n").unwrap();
    let expected = ["a.cpython-313.opt-1.pyc", "a.cpython-313.opt-2.pyc", "a.cpython-313.pyc"];
    let arguments = ["compile", "-f", "-o0", "-o1", "-o2", "--hardlink-dupes"];
    for round in 0..4 {
        let output = run(&arguments, directory.path());
        assert!(output.status.success(), "round {round}: {output:?}");
        assert_eq!(names(&cache), expected, "round {round}");
        let inode = |name: &str| fs::metadata(cache.join(name)).unwrap().ino();
        assert_eq!(expected.map(inode), [inode(expected[0]); 3], "round {round}");
    }
    // A level that has become a file of its own is linked again.
    fs::remove_file(cache.join(expected[0])).unwrap();
    fs::write(cache.join(expected[0]), "").unwrap();
    assert!(run(&arguments, directory.path()).status.success());
    assert_eq!(fs::metadata(cache.join(expected[0])).unwrap().nlink(), 3);
}

#[test]
fn several_runs_may_link_at_once() {
    let directory = tempfile::tempdir().unwrap();
    for number in 0..20 {
        fs::write(directory.path().join(format!("m{number}.py")), "x = 1\n").unwrap();
    }
    let arguments = ["compile", "-q", "-f", "-o0", "-o1", "-o2", "--hardlink-dupes"];
    let runs: Vec<_> = (0..6)
        .map(|_| command(&arguments, directory.path()).stdout(Stdio::piped()).spawn().unwrap())
        .collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(names(&directory.path().join("__pycache__")).len(), 60);
}

#[test]
fn what_is_no_regular_file_is_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::write(at("a.py"), "x = 1\n").unwrap();
    symlink("a.py", at("link.py")).unwrap();
    symlink("/dev/zero", at("endless.py")).unwrap();
    symlink("nowhere", at("dangling.py")).unwrap();
    let _socket = UnixListener::bind(at("socket.py")).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe.py")).status().unwrap().success());
    let output = run(&["compile", "-f"], directory.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(names(&at("__pycache__")), ["a.cpython-313.pyc", "link.cpython-313.pyc"]);
}

#[test]
fn options_belong_to_their_command() {
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("a.py");
    fs::write(&source, "x = 1\n").unwrap();
    for arguments in
        [&["--target", "3.13.0", "compile"][..], &["--json", "dis"], &["-q", "compile"]]
    {
        let output = run(arguments, &source);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = format!(
            "include-py: options such as `{}` come after the command, see `include-py --help`\n",
            arguments[0]
        );
        assert_eq!(String::from_utf8_lossy(&output.stderr), message);
    }
    assert_eq!(run(&["diff", "--target", "3.13"], &source).status.code(), Some(2));
    for name in ["compile", "dis", "diff", "normalize"] {
        let output = run(&[name, "--help"], &source);
        let usage = format!("Usage: include-py {name} ");
        assert!(String::from_utf8_lossy(&output.stdout).contains(&usage), "{name}");
    }
}

#[test]
fn output_that_fails_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = compiled(directory.path());
    for arguments in [&["dis"][..], &["normalize", "--json"], &["--help"], &["compile", "--help"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(arguments, &file).stdout(full).output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(message.starts_with("include-py: can't write the output: "), "{message}");
        // A reader who has gone, as `head` does, is nobody's fault.
        let mut child = command(arguments, &file).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert!(child.wait().unwrap().code().is_some_and(|code| code == 0), "{arguments:?}");
    }
}

#[test]
fn a_bad_file_does_not_keep_the_others_back() {
    let directory = tempfile::tempdir().unwrap();
    let good = compiled(directory.path());
    let bad = directory.path().join("bad.pyc");
    fs::write(&bad, "nothing").unwrap();
    let bad = bad.to_str().unwrap();
    let listed = run(&["dis", bad], &good);
    assert_eq!(listed.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("RESUME"), "{listed:?}");
    let normalized = run(&["normalize", "--json", bad], &good);
    assert_eq!(normalized.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&normalized.stdout).contains("a.pyc"), "{normalized:?}");
}

/// A `.pyc` in `directory`.
fn compiled(directory: &Path) -> PathBuf {
    fs::write(directory.join("a.py"), "x = 1\n").unwrap();
    assert!(run(&["compile", "-b", "-q"], directory).status.success());
    directory.join("a.pyc")
}
