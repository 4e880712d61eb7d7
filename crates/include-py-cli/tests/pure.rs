//! The result of a compilation depends only on the source's bytes, its name, the target and the
//! options. So build systems can keep it, share it, and create it elsewhere.

use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str =
    "'''Text.'''\nassert __debug__\ndef f(x={1, 'a', 2.5}):\n    return x in {'b', 'c', 'd'}\n";

/// The command's output for `source`, in a directory of its own that isn't part of the name.
fn compiled(
    directory: &Path,
    source: &str,
    options: &[&str],
    variables: &[(&str, &str)],
) -> Vec<u8> {
    std::fs::create_dir_all(directory).unwrap();
    let file = directory.join("a.py");
    std::fs::write(&file, source).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_include-py"))
        .args(["compile", "-q", "-f", "-b", "--invalidation-mode", "unchecked-hash", "-s"])
        .arg(directory)
        .args(options)
        .arg(&file)
        .envs(variables.iter().copied())
        .current_dir(directory)
        .status();
    assert!(status.unwrap().success());
    std::fs::read(PathBuf::from(directory).join("a.pyc")).unwrap()
}

#[test]
fn compiling_is_a_pure_function() {
    let root = tempfile::tempdir().unwrap();
    let given = ["--target", "3.13.0", "-p", "app"];
    let plain = compiled(&root.path().join("one"), SOURCE, &given, &[]);

    let elsewhere = root.path().join("another/deeper directory");
    std::fs::create_dir_all(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("b.py"), "import a\n").unwrap();
    let variables =
        [("PYTHONHASHSEED", "7"), ("TZ", "Asia/Kathmandu"), ("LANG", "C"), ("HOME", "/")];
    let parallel = [&given[..], &["-j2"]].concat();
    assert_eq!(compiled(&elsewhere, SOURCE, &parallel, &variables), plain);

    let others = [
        (format!("{SOURCE}x = 1\n"), given),
        (SOURCE.to_owned(), ["--target", "3.13.0", "-p", "other"]),
        (SOURCE.to_owned(), ["--target", "3.12.1", "-p", "app"]),
    ];
    for (source, options) in &others {
        assert_ne!(compiled(&root.path().join("one"), source, options, &[]), plain, "{options:?}");
    }
    let bare = [&given[..], &["-o2"]].concat();
    assert_ne!(compiled(&root.path().join("one"), SOURCE, &bare, &[]), plain);
}
