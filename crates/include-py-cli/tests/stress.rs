//! Runs that end early, run at the same time, or can't write.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use pyc_code::marshal;
use pyc_code::pyc::Header;

const COMMAND: &str = env!("CARGO_BIN_EXE_include-py");

/// Sixty sources in ten directories.
fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for number in 0..60 {
        let directory = root.path().join(format!("t/d{}", number % 10));
        fs::create_dir_all(&directory).unwrap();
        let text = format!("'Text.'\ndef f{number}(x, *y):\n    assert x\n    return [x, y]\n");
        fs::write(directory.join(format!("m{number}.py")), text.repeat(12)).unwrap();
    }
    root
}

fn files(root: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![root.to_owned()]);
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found
}

/// Checks that each file is a source or a complete `.pyc`. Returns the number of those.
fn whole(root: &Path) -> usize {
    let mut count = 0;
    for file in files(root) {
        let extension = file.extension().and_then(|end| end.to_str());
        match extension {
            Some("py") => {}
            Some("pyc") => {
                let bytes = fs::read(&file).unwrap();
                let (header, stream) = Header::read(&bytes).unwrap();
                marshal::read(stream, header.minor()).unwrap();
                count += 1;
            }
            _ => panic!("{} is left", file.display()),
        }
    }
    count
}

#[test]
fn a_signal_at_any_time_leaves_no_incomplete_file() {
    let root = tree();
    let (mut ended, mut before) = (0, 0);
    for delay in 0..15 {
        let mut child = Command::new(COMMAND)
            .args(["compile", "-q", "-f", "-j2", "-o0", "-o1", "-o2", "--hardlink-dupes", "t"])
            .current_dir(root.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(1 + delay * 7 % 40));
        let signal = ["INT", "TERM", "HUP"][usize::try_from(delay).unwrap() % 3];
        let sent =
            Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status();
        assert!(sent.is_ok());
        ended += usize::from(child.wait().unwrap().code().is_none());
        let now = whole(root.path());
        assert!(now >= before, "none is lost");
        before = now;
    }
    assert!(ended > 0, "some runs were ended by the signal");
}

#[test]
fn six_runs_at_once_dont_disturb_each_other() {
    let root = tree();
    let all: [&[&str]; 6] = [
        &["-f", "-j2", "-o0", "-o1", "-o2", "--hardlink-dupes"],
        &["-f", "-o0", "-o2", "--invalidation-mode", "checked-hash", "-s", "t"],
        &["-f", "-b", "-d", "elsewhere"],
        &["-f", "-j4", "--target", "3.12", "--target", "3.13", "--json", "-W", "error"],
        &["-f", "--invalidation-mode", "unchecked-hash", "-x", "m1", "-e", ".", "-r", "5"],
        &[
            "-f",
            "-j0",
            "--cache-prefix",
            "cache",
            "--exclude",
            "d3",
            "-p",
            "pre",
            "--format",
            "terminal",
        ],
    ];
    for _ in 0..2 {
        let start = |options: &&[&str]| {
            let mut command = Command::new(COMMAND);
            command.arg("compile").args(*options).arg("t").current_dir(root.path());
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let children: Vec<_> = all.iter().map(start).collect();
        for (child, options) in children.into_iter().zip(all) {
            let output = child.wait_with_output().unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{options:?}: {errors}");
        }
    }
    // Three levels, two versions and a `.pyc` next to each source; and the other tree without one
    // directory.
    assert_eq!(whole(root.path()), 60 * 5 + 54);
}

/// Runs a script that may mount file systems. `None` where the system doesn't allow it.
fn in_namespace(script: &str) -> Option<String> {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", script, "sh", COMMAND]);
    let output = command.output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let mounted = text.ok().filter(|text| text.contains("mounted"));
    if mounted.is_none() {
        testbed::not_covered("`unshare` and mounting file systems aren't allowed here");
    }
    mounted
}

#[test]
fn a_full_disk_is_an_error() {
    let script =
        "mount -t tmpfs -o size=200k,nr_inodes=40 none /mnt && echo mounted && cd /mnt || exit
        for n in 1 2 3 4 5 6 7 8 9; do echo 'x = 1' > m$n.py; echo 'y = 2' > n$n.py; done
        \"$1\" compile -q -o0 -o1 -o2 .; echo exit $?
        ls -a . __pycache__ | grep -c tmp
        for file in $(find . -name '*.pyc'); do \"$1\" dis $file > /dev/null || echo broken; done";
    let Some(text) = in_namespace(script) else { return };
    assert!(text.contains("OSError: [Errno 28] No space left on device: "), "{text}");
    assert!(text.contains("\nexit 1\n0\n"), "{text}");
    assert!(!text.contains("broken"), "{text}");
}

#[test]
fn a_read_only_disk_is_an_error() {
    let script = "mount -t tmpfs none /mnt && echo mounted && cd /mnt || exit
        echo 'x = 1' > a.py; echo 'x = 1' > b.py; mount -o remount,ro /mnt
        \"$1\" compile -q .; echo exit $?; \"$1\" compile --check .; echo exit $?";
    let Some(text) = in_namespace(script) else { return };
    assert_eq!(
        text.matches("OSError: [Errno 30] Read-only file system: './__pycache__'").count()
            + text.matches("OSError: [Errno 30] Read-only file system: './__pycache__/").count(),
        2,
        "{text}"
    );
    assert!(
        text.ends_with("exit 1\nWould compile './a.py'\nWould compile './b.py'\nexit 1\n"),
        "{text}"
    );
}
