//! A program with a package that is imported from real files, in separate processes.
//!
//! `PROGRAM --help` imports nothing from the package. `PROGRAM check` runs the checks of
//! `python/app.py`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use include_py_tests::{OutputInTime, Project, text};
use tempfile::TempDir;

const MAIN: &str = r#"
include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    include_py::run(&APP, |py| py.import("app").map(drop))
}
"#;

/// Everything that distinguishes files from a bundle. Each line would fail for a module in memory.
const APP: &str = r#"
import sys

if sys.argv[1:] == ["--help"]:
    print("usage")
    raise SystemExit

import ctypes, importlib.metadata, importlib.resources, importlib.util, inspect, os, pickle, pkgutil
import subprocess

version = importlib.metadata.distribution("Thing")
assert version.version == "1.5" and not os.path.exists(str(version.locate_file("thing")))

import thing
from thing import bare, part
import app_assets.icons, space.inner, space.elsewhere, single

cache = os.path.join(os.environ["INCLUDE_PY_CACHE"], "include-py")
root = os.path.dirname(os.path.dirname(thing.__file__))
assert os.path.dirname(root) == os.path.realpath(cache), root
assert thing.__path__ == [os.path.join(root, "thing")] and thing.__spec__.origin == thing.__file__
for module in (thing, bare, part, app_assets.icons, space.inner, single):
    assert os.path.isfile(module.__file__), module
    assert type(module.__loader__).__module__.startswith(("_frozen_importlib", "importlib")), module
    assert pickle.loads(pickle.dumps(module.__spec__)) == module.__spec__
assert part.f.__code__.co_filename == part.__file__
assert inspect.getsource(part.f) == "def f():\n    return 1\n"
assert inspect.getsourcefile(part) == part.__file__ == inspect.getfile(part.f)
assert bare.__file__.endswith("bare.pyc") and bare.VALUE == 2
# The rest of the program is where it was.
assert not os.path.exists(app_assets.__file__) and not os.path.exists(space.elsewhere.__file__)
assert len(space.__path__) == 1 and app_assets.icons.__path__ == [os.path.join(root, "app_assets/icons")]

# Files, as C code and other programs see them.
data = os.path.join(os.path.dirname(thing.__file__), "data.txt")
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.fgets.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
stream = libc.fopen(data.encode(), b"r")
assert stream
line = ctypes.create_string_buffer(100)
libc.fgets(line, 100, stream)
assert line.value == b"content\n"
assert subprocess.run(["cat", data], capture_output=True).stdout == b"content\n"
resource = importlib.resources.files("thing") / "data.txt"
assert os.fspath(resource) == data and resource.read_text() == "content\n"
assert pkgutil.get_data("thing", "data.txt") == b"content\n"
run = subprocess.run([os.path.join(os.path.dirname(data), "tool.sh")], capture_output=True)
assert run.stdout == b"tool\n", run

# Listings and metadata.
assert sorted(one.name for one in pkgutil.iter_modules(thing.__path__)) == ["bare", "part"]
tops = {one.name for one in pkgutil.iter_modules([os.path.dirname(app_assets.__path__[0])])}
assert {"thing", "app_assets", "single"} <= tops, tops
thing_metadata = importlib.metadata.distribution("thing")
assert thing_metadata.version == "1.5"
assert os.path.samefile(thing_metadata.locate_file("thing/data.txt"), data)
assert [str(file) for file in thing_metadata.files if file.name == "data.txt"] == ["thing/data.txt"]
assert len([one for one in importlib.metadata.distributions() if one.name == "Thing"]) == 1

# As it is for files, names that aren't there are reported by importlib.
assert importlib.util.find_spec("thing.absent") is None
try:
    import thing.absent
except ModuleNotFoundError as error:
    assert error.name == "thing.absent"
else:
    raise AssertionError
print("checked")
"#;

fn project() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let script = r#"{
            use include_py_build::{Bundle, Options};
            let unpacked = Options::new().unpacked();
            Bundle::new("app").source("python")
                .options_for("thing", unpacked)
                .options_for("thing.bare", Options::new().without_source())
                .options_for("app_assets.icons", unpacked)
                .options_for("space.inner", unpacked)
                .options_for("single", unpacked)
        }"#;
        let project = Project::new("unpacked")
            .build_script(script)
            .file("src/main.rs", MAIN)
            .python("app.py", APP)
            .python("thing/__init__.py", "from . import part\n")
            .python("thing/part.py", "def f():\n    return 1\n")
            .python("thing/bare.py", "VALUE = 2\n")
            .python("thing/data.txt", "content\n")
            .python("thing/tool.sh", "#!/bin/sh\necho tool\n")
            .python("thing-1.5.dist-info/METADATA", "Name: Thing\nVersion: 1.5\n")
            .python(
                "thing-1.5.dist-info/RECORD",
                "thing/data.txt,,\nthing-1.5.dist-info/RECORD,,\n",
            )
            .python("app_assets/__init__.py", "")
            .python("app_assets/icons/__init__.py", "")
            .python("space/inner/__init__.py", "")
            .python("space/elsewhere.py", "")
            .python("single.py", "");
        project.built();
        project
    })
}

struct Cache(TempDir);

impl Cache {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn program(&self, argument: &str) -> Command {
        let mut program = project().program();
        program.arg(argument).env("INCLUDE_PY_CACHE", self.0.path());
        program
    }

    fn start(&self) -> Child {
        let mut program = self.program("check");
        program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// All files and directories in it, with their inodes and times.
    fn listing(&self) -> Vec<String> {
        let mut find = Command::new("find");
        let list = find.arg(self.0.path()).args(["-printf", "%p %i %m %C@\n"]).output_in_time();
        let mut lines: Vec<_> = text(&list.stdout).lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    fn tree(&self) -> PathBuf {
        let entries = fs::read_dir(self.0.path().join("include-py")).unwrap();
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths.find(|path| path.is_dir()).unwrap()
    }
}

#[track_caller]
fn succeeds(mut program: Command) -> String {
    let output = program.output_in_time();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn fails(mut program: Command) -> String {
    let output = program.output_in_time();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    text(&output.stderr)
}

#[test]
fn a_package_from_real_files() {
    let cache = Cache::new();
    assert_eq!(succeeds(cache.program("--help")), "usage\n");
    assert_eq!(cache.listing().len(), 1, "nothing is written before it is needed");
    assert_eq!(succeeds(cache.program("check")), "checked\n");
    std::thread::sleep(Duration::from_millis(60));
    assert_eq!(succeeds(cache.program("check")), "checked\n");
    // From here on nothing is written, not even Python's own bytecode.
    let listing = cache.listing();
    assert_eq!(succeeds(cache.program("check")), "checked\n");
    assert_eq!(cache.listing(), listing);
    fs::write(cache.tree().join("thing/part.py"), "raise SystemExit('altered')\n").unwrap();
    assert_eq!(succeeds(cache.program("check")), "checked\n");
}

#[test]
fn twenty_processes_at_once() {
    let cache = Cache::new();
    let children: Vec<_> = (0..20).map(|_| cache.start()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(text(&output.stdout), "checked\n", "{}", text(&output.stderr));
    }
    let listing = cache.listing();
    assert!(!listing.iter().any(|line| line.contains("include-py/.")), "{listing:?}");
}

#[test]
fn killed_at_any_moment() {
    let cache = Cache::new();
    for microseconds in (0..40).map(|step| step * 2_500) {
        let mut child = cache.start();
        std::thread::sleep(Duration::from_micros(microseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(succeeds(cache.program("check")), "checked\n");
}

#[test]
fn whatever_the_umask() {
    let cache = Cache::new();
    let program = project().program().get_program().to_owned();
    for umask in ["0000", "0777"] {
        let mut shell = Command::new("sh");
        let place = cache.0.path().join(umask).join("a/b");
        shell.args(["-c", "umask $0; exec \"$1\" check", umask]).arg(&program);
        shell.env("INCLUDE_PY_CACHE", &place);
        assert_eq!(succeeds(shell), "checked\n");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(&place), 0o700);
        assert_eq!(mode(&place.join("include-py")), 0o700);
    }
}

#[test]
fn a_home_directory_and_none() {
    let cache = Cache::new();
    let mut program = cache.program("check");
    program.env_remove("INCLUDE_PY_CACHE").env("HOME", cache.0.path());
    // The checks need the variable. It is enough that the module was found.
    assert!(fails(program).contains("INCLUDE_PY_CACHE"));
    assert!(cache.0.path().join(".cache/include-py").is_dir());

    let mut program = cache.program("check");
    program.env("INCLUDE_PY_CACHE", "/proc/nowhere");
    let error = fails(program);
    let expected = "ImportError: module `thing` of bundle `app` can't be unpacked: `/proc/nowhere` can't \
                    be made: ";
    assert!(error.contains(expected) && error.contains("set `INCLUDE_PY_CACHE`"), "{error}");
}
