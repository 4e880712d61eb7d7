//! `include-py compile` on trees with other things than sources, and with output that fails.
#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::ExitStatusExt as _;
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
    // A level that has become a separate file is linked again.
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
fn special_files_are_skipped() {
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
        // If the reader closes the pipe, as `head` does, that isn't an error.
        let mut child = command(arguments, &file).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert!(child.wait().unwrap().code().is_some_and(|code| code == 0), "{arguments:?}");
    }
}

#[test]
fn an_invalid_file_does_not_stop_the_others() {
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

#[test]
fn names_that_are_not_utf_8_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let name = |bytes: &[u8]| OsStr::from_bytes(bytes).to_owned();
    for source in [&b"a\xff.py"[..], b"a\xfe.py", b".py"] {
        fs::write(directory.path().join(name(source)), "x = 1\n").unwrap();
    }
    let output = run(&["compile"], directory.path());
    assert!(output.status.success(), "{output:?}");
    assert!(text(&output.stdout).contains("a\\udcff.py'...\n"), "{output:?}");
    let cache = directory.path().join("__pycache__");
    for file in [&b"a\xff.cpython-313.pyc"[..], b"a\xfe.cpython-313.pyc", b"py.cpython-313.pyc"] {
        assert!(cache.join(name(file)).exists(), "{file:?}");
    }
    let code = fs::read(cache.join(name(b"a\xff.cpython-313.pyc"))).unwrap();
    let surrogate = b"/a\xed\xb3\xbf.py";
    assert!(code.windows(surrogate.len()).any(|part| part == surrogate), "`co_filename`");
}

#[test]
fn pythons_variables_are_respected() {
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("a.py");
    fs::write(&source, "assert x is 1\n").unwrap();
    let prefix = directory.path().join("cache");
    let output =
        command(&["compile"], &source).env("PYTHONPYCACHEPREFIX", &prefix).output().unwrap();
    let warning = ": SyntaxWarning: \"is\" with 'int' literal";
    assert!(text(&output.stderr).contains(warning), "{output:?}");
    let below = directory.path().canonicalize().unwrap();
    let below = prefix.join(below.strip_prefix("/").unwrap());
    assert_eq!(names(&below), ["a.cpython-313.pyc"]);
    for (value, level) in [("1", ".opt-1"), ("yes", ".opt-1"), ("7", ".opt-2"), ("0", "")] {
        let output = command(&["compile", "-f"], &source).env("PYTHONOPTIMIZE", value).output();
        assert!(output.unwrap().status.success());
        let file = format!("__pycache__/a.cpython-313{level}.pyc");
        fs::remove_file(directory.path().join(file)).unwrap();
    }
    for (filters, status, shown) in [
        ("ignore", 0, ""),
        ("error", 1, ""),
        ("error,ignore::SyntaxWarning", 0, ""),
        ("error:something else", 0, warning),
        ("ign:\"IS\" WITH::1", 0, warning),
        ("i:\"IS\" with::", 0, ""),
        ("nonsense", 0, "Invalid -W option ignored: invalid action: 'nonsense'"),
    ] {
        let output = command(&["compile", "-f"], &source).env("PYTHONWARNINGS", filters).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(status), "{filters}: {output:?}");
        assert!(text(&output.stderr).contains(shown), "{filters}: {output:?}");
        assert_eq!(output.stderr.is_empty(), shown.is_empty(), "{filters}: {output:?}");
        let refused = text(&output.stdout).contains("SyntaxError: \"is\" with 'int' literal");
        assert_eq!(refused, status == 1, "{filters}: {output:?}");
    }
}

/// As in one process of `compileall`: `once` shows a warning once for all files and lines, `module`
/// and `default` each time.
#[test]
fn a_warning_is_shown_as_often_as_python_shows_it() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.py"), "x is 1\nx is 1\n").unwrap();
    fs::write(directory.path().join("b.py"), "x is 1\nx is 'a'\n").unwrap();
    for (filters, count) in [("once", 2), ("module", 4), ("default", 4), ("once::SyntaxWarning", 2)]
    {
        let output = command(&["compile", "-f"], directory.path())
            .env("PYTHONWARNINGS", filters)
            .output()
            .unwrap();
        let shown = text(&output.stderr).matches(": SyntaxWarning: ").count();
        assert_eq!(shown, count, "{filters}: {output:?}");
    }
}

#[test]
fn without_paths_the_search_path_is_compiled() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::create_dir(at("below")).unwrap();
    for source in ["a.py", "below/b.py"] {
        fs::write(at(source), "x = 1\n").unwrap();
    }
    let run = |arguments: &[&str], path: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_include-py"));
        command.arg("compile").args(arguments).current_dir(directory.path());
        command.env("PYTHONPATH", path).output().unwrap()
    };
    let output = run(&["-q"], "");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("name files or directories"), "{output:?}");
    let path = format!(":{}", directory.path().display());
    let output = run(&[], &path);
    assert!(
        text(&output.stdout).starts_with("Skipping current directory\nListing '"),
        "{output:?}"
    );
    assert!(at("__pycache__/a.cpython-313.pyc").exists() && !at("below/__pycache__").exists());
    // A fake interpreter that prints its path and its release.
    let fake = at("python");
    fs::write(
        &fake,
        format!("#!/bin/sh\nprintf '3.13.0\\0\\0%s/below' '{}'\n", directory.path().display()),
    )
    .unwrap();
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
    let output = run(&["--python", fake.to_str().unwrap()], "");
    assert!(output.status.success(), "{output:?}");
    assert!(at("below/__pycache__/b.cpython-313.pyc").exists(), "{output:?}");
    for wrong in ["/nowhere/python", "/bin/false"] {
        let output = run(&["--python", wrong], "");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains(&format!("`--python {wrong}`")), "{output:?}");
    }
}

#[test]
fn options_are_read_as_argparse_reads_them() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir_all(directory.path().join("a/b")).unwrap();
    for source in ["x.py", "a/skip.py", "a/\u{e4}.py", "a/b/y.py"] {
        fs::write(directory.path().join(source), "x = 1\n").unwrap();
    }
    let all = ["-r", " 1_0", "-o", " +0", "--inval", "checked-hash", "--work=1", "-x"];
    let output =
        run(&[&["compile"][..], &all, &[r"(?<!\w)skip|/a/\w\.py"]].concat(), directory.path());
    assert!(output.status.success(), "{output:?}");
    let compiled = |path: &str| directory.path().join(path).exists();
    assert!(compiled("__pycache__/x.cpython-313.pyc"));
    assert!(compiled("a/b/__pycache__/y.cpython-313.pyc"));
    assert!(!compiled("a/__pycache__"), "both are left out");
    let flags = fs::read(directory.path().join("__pycache__/x.cpython-313.pyc")).unwrap()[4];
    assert_eq!(flags, 3, "checked-hash");
    let ambiguous = run(&["compile", "--h"], directory.path());
    assert_eq!(ambiguous.status.code(), Some(2), "{ambiguous:?}");
    for wrong in ["1__0", "one", "", "1_"] {
        assert_eq!(run(&["compile", "-r", wrong], directory.path()).status.code(), Some(2));
    }
}

#[test]
fn system_errors_have_pythons_wording() {
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("a.py");
    fs::write(&source, "x = 1\n").unwrap();
    fs::write(directory.path().join("__pycache__"), "").unwrap();
    let output = run(&["compile"], &source);
    assert_eq!(output.status.code(), Some(1));
    let message = "*** NotADirectoryError: [Errno 20] Not a directory: '";
    assert!(text(&output.stdout).contains(message), "{output:?}");
}

#[test]
fn a_signal_leaves_no_temporary_file() {
    let directory = tempfile::tempdir().unwrap();
    for number in 0..400 {
        let source = format!("def f(x):\n    return [x, {number}]\n").repeat(200);
        fs::write(directory.path().join(format!("m{number}.py")), source).unwrap();
    }
    let mut interrupted = 0;
    for milliseconds in [5, 20, 40, 80] {
        let arguments = ["compile", "-f", "-j2", "-q"];
        let mut child = command(&arguments, directory.path()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        let id = child.id().to_string();
        Command::new("kill").args(["-INT", &id]).status().unwrap();
        let status = child.wait().unwrap();
        interrupted += u32::from(status.signal() == Some(2));
        let cache = directory.path().join("__pycache__");
        if cache.exists() {
            let names = names(&cache);
            assert!(names.iter().all(|name| name.ends_with(".cpython-313.pyc")), "{names:?}");
        }
    }
    assert!(interrupted > 0, "the runs were over before the signals came");
}

#[test]
fn normalizing_keeps_links_and_names() {
    let directory = tempfile::tempdir().unwrap();
    let file = compiled(directory.path());
    let at = |name: &str| directory.path().join(name);
    // Python reads only as far as the object.
    let mut bytes = fs::read(&file).unwrap();
    let canonical = bytes.clone();
    bytes.extend(b"more");
    let write = |path: &Path| fs::write(path, &bytes).unwrap();
    write(&at("one.pyc"));
    fs::hard_link(at("one.pyc"), at("two.pyc")).unwrap();
    write(&at("real.pyc"));
    symlink("real.pyc", at("link.pyc")).unwrap();
    for name in ["one.pyc", "link.pyc"] {
        assert!(run(&["dis"], &at(name)).status.success(), "{name}");
        assert!(run(&["normalize"], &at(name)).status.success(), "{name}");
    }
    assert!(at("link.pyc").is_symlink());
    assert_eq!(fs::metadata(at("one.pyc")).unwrap().nlink(), 2);
    for name in ["one.pyc", "two.pyc", "real.pyc"] {
        assert!(fs::read(at(name)).unwrap() == canonical, "{name}");
    }
}

#[test]
fn a_large_number_is_listed_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("a.py");
    fs::write(&source, format!("x = 0x{}\n", "f".repeat(400_000))).unwrap();
    let output = run(&["dis"], &source);
    assert!(text(&output.stdout).contains("(0xffff"), "{:?}", output.status);
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A `.pyc` in `directory`.
fn compiled(directory: &Path) -> PathBuf {
    fs::write(directory.join("a.py"), "x = 1\n").unwrap();
    assert!(run(&["compile", "-b", "-q"], directory).status.success());
    directory.join("a.pyc")
}
