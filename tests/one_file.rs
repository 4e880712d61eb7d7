//! Programs that contain their libpython: what they are linked with, and which files next to them
//! they use.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use include_py_tests::{OutputInTime, Project, text};

/// Imports every extension module of the installation. Each finds libpython's symbols in the
/// program.
const EXTENSIONS: &str = "
import importlib, os, sysconfig
names = {entry.split('.')[0] for entry in os.listdir(sysconfig.get_config_var('DESTSHARED'))}
failed = []
for name in sorted(names - {'_tkinter'}):
    try:
        importlib.import_module(name)
    except ImportError as error:
        # A library of the system that isn't installed is no fault of the program.
        if 'cannot open shared object file' not in str(error):
            failed.append(f'{name}: {error}')
print(len(names) > 5, failed)
";

#[test]
fn a_program_with_its_libpython_inside_is_linked_by_every_linker() {
    let project = Project::new("one-file-linkers").python("app.py", EXTENSIONS);
    for linker in ["", "bfd", "gold"] {
        let installed = || Path::new("/usr/bin").join(format!("ld.{linker}")).exists();
        if !linker.is_empty() && !installed() {
            testbed::not_covered(&format!("`{linker}` isn't installed"));
            continue;
        }
        let choice = format!("println!(\"cargo::rustc-link-arg=-fuse-ld={linker}\");");
        let choice = if linker.is_empty() { "" } else { &choice };
        project.set_build_script(&format!(
            "{{ {choice} include_py_build::Bundle::new(\"app\").source(\"python\").static_python() }}"
        ));
        if !built_with_an_archive(&project) {
            return;
        }
        let program = project.program().get_program().to_owned();
        let output = Command::new("readelf").arg("-d").arg(program).output_in_time();
        let dynamic = text(&output.stdout);
        let needs =
            |name| dynamic.lines().any(|line| line.contains("NEEDED") && line.contains(name));
        assert!(needs("libc.so") && !needs("libpython"), "{linker}: {dynamic}");
        assert!(!dynamic.contains("PATH"), "{linker}: {dynamic}");
        assert_eq!(project.run(), "True []\n", "{linker}");
    }
    project.write("python/app.py", PATHS);
    assert!(built_with_an_archive(&project));
    same_with_decoys(Path::new(project.program().get_program()), "", &[]);
}

#[test]
fn files_beside_a_program_change_nothing() {
    let hosted = Path::new(env!("CARGO_BIN_EXE_hosted"));
    same_with_decoys(hosted, "", &[PATHS]);
    same_with_decoys(hosted, "always", &["-c", PATHS]);
}

/// What CPython finds out about its location.
const PATHS: &str = "
import sys
names = 'prefix exec_prefix base_prefix base_exec_prefix path executable _base_executable flags'
for name in names.split():
    print(name, getattr(sys, name))
print(sys._stdlib_dir, getattr(sys, '_home', None), 'site' in sys.modules)
";

/// Runs a copy of the program alone in a directory, then next to everything that CPython's search
/// for its installation looks at (`getpath.py`, 3.11 to 3.13).
#[track_caller]
fn same_with_decoys(program: &Path, hosted: &str, arguments: &[&str]) {
    // In CPython's home, a colon separates two directories.
    let directory = tempfile::Builder::new().prefix("pro:gram").tempdir().unwrap();
    let bin = directory.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let copy = bin.join("program");
    fs::copy(program, &copy).unwrap();
    let run = || {
        let mut command = Command::new(&copy);
        let output = command.args(arguments).env_clear().env("HOSTED", hosted).output_in_time();
        assert!(output.status.success(), "{}", text(&output.stderr));
        (text(&output.stdout), text(&output.stderr))
    };
    let alone = run();
    let prefix = alone.0.lines().find(|line| line.starts_with("prefix ")).unwrap();
    let base = alone.0.lines().find(|line| line.starts_with("base_prefix ")).unwrap();
    assert_eq!(prefix, base.trim_start_matches("base_"));
    let decoy = |path: &str, content: &[u8]| {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    decoy("pyvenv.cfg", b"home = /nowhere\n\xff\n");
    decoy("bin/pyvenv.cfg", b"home = /nowhere\ninclude-system-site-packages = true\n");
    decoy("bin/program._pth", b"/nowhere\nimport site\n");
    decoy("bin/pybuilddir.txt", b"/nowhere\n");
    decoy("bin/Modules/Setup.local", b"");
    decoy("bin/Lib/os.py", b"raise SystemExit('a decoy was imported')\n");
    for version in ["311", "312", "313", "314"] {
        decoy(&format!("lib/python{version}.zip"), b"");
    }
    assert_eq!(run(), alone);
}

/// The libraries that a program may need from its system: glibc's, and those that Rust itself links
/// with.
const ALLOWED: &[&str] = &[
    "linux-vdso",
    "ld-linux",
    "libc.so",
    "libm.so",
    "libgcc_s.so",
    "libdl.so",
    "libpthread.so",
    "librt.so",
    "libutil.so",
];

/// Uses extension modules and the libraries that they need, and Python modules of the standard
/// library.
const USES: &str = r#"
import ctypes, hashlib, json, lzma, sqlite3, ssl, sys, uuid, zlib
from decimal import Decimal

print(ssl.OPENSSL_VERSION.split()[0], ssl.create_default_context().verify_mode.name)
print(sqlite3.connect(":memory:").execute("select 1 + 1").fetchone(), zlib.crc32(b"a"))
print(lzma.decompress(lzma.compress(b"x")), Decimal("1.1") + 1, json.loads("[1]"))
print(hashlib.new("sha256", b"").hexdigest()[:8], uuid.uuid4().version)

@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
def twice(number):
    return 2 * number

print(twice(21), ctypes.pythonapi.Py_IsInitialized())
outside = [path for path in sys.path if not path.startswith(sys.executable)]
for module in list(sys.modules.values()):
    file = getattr(module, "__file__", None)
    if file and not file.startswith(sys.executable):
        outside.append(file)
print(outside)
try:
    import _tkinter
except ImportError as error:
    print("Stdlib::with" in str(error))
"#;

const USED: &str = "OpenSSL CERT_REQUIRED
(2,) 3904355907
b'x' 2.1 [1]
e3b0c442 4
42 1
[]
True
";

#[test]
fn one_file_runs_where_there_is_nothing_but_the_c_library() {
    let project = Project::new("one-file")
        .build_script("include_py_build::Bundle::new(\"app\").source(\"python\").one_file()")
        .python("app.py", USES);
    if !built_with_an_archive(&project) {
        return;
    }
    assert_eq!(project.run(), USED);
    let program = project.program();
    let program = Path::new(program.get_program());
    Alone { program, arguments: &[], input: None, prints: USED }.check();
}

#[test]
fn the_example_runs_where_there_is_nothing_but_the_c_library() {
    let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../example-app"));
    let project = Project::new("one-file-example")
        .build_script("include_py_build::Bundle::new(\"app\").source(\"python\").one_file()")
        .file("src/main.rs", fs::read(example.join("src/main.rs")).unwrap());
    for path in files(&example.join("python")).iter().filter(|path| path.is_file()) {
        let name = path.strip_prefix(example).unwrap();
        project.write(name.to_str().unwrap(), fs::read(path).unwrap());
    }
    if !built_with_an_archive(&project) {
        return;
    }
    let input = project.path("access.log");
    fs::copy(example.join("sample/access.log"), &input).unwrap();
    let arguments = ["report", input.to_str().unwrap()];
    let output = project.program().args(arguments).output_in_time();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let prints = &text(&output.stdout);
    assert!(prints.lines().count() > 10, "{prints}");
    let program = project.program();
    let program = Path::new(program.get_program());
    Alone { program, arguments: &arguments, input: Some(&input), prints }.check();
}

/// A program that needs only the C library.
struct Alone<'a> {
    program: &'a Path,
    arguments: &'a [&'a str],
    /// The file that it reads.
    input: Option<&'a Path>,
    prints: &'a str,
}

impl Alone<'_> {
    /// Checks what it is linked with and what it opens, and runs it in a root directory with its
    /// libraries and `/proc`.
    fn check(&self) {
        let listed = text(&Command::new("ldd").arg(self.program).output_in_time().stdout);
        for line in listed.lines() {
            let name = line.split_whitespace().next().unwrap_or_default();
            let name = name.rsplit('/').next().unwrap_or_default();
            assert!(ALLOWED.iter().any(|allowed| name.starts_with(allowed)), "{listed}");
        }
        self.opens_nothing_of_python();
        let root = tempfile::tempdir().unwrap();
        let libraries = listed.split_whitespace().filter(|word| word.starts_with('/'));
        for path in libraries.map(Path::new).chain(self.input) {
            let copy = root.path().join(path.strip_prefix("/").unwrap());
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::copy(path, copy).unwrap();
        }
        fs::copy(self.program, root.path().join("program")).unwrap();
        fs::create_dir(root.path().join("proc")).unwrap();
        let apart = ["--map-root-user", "--mount", "--pid", "--fork"];
        let allowed = Command::new("unshare").args(apart).args(["--mount-proc", "true"]).output();
        if !allowed.is_ok_and(|output| output.status.success()) {
            testbed::not_covered("`unshare` isn't allowed here, so there is no empty root");
            return;
        }
        let before = files(root.path());
        let mut inside = Command::new("unshare");
        inside.args(apart).arg("--mount-proc").arg(format!("--root={}", root.path().display()));
        inside.arg("/program").args(self.arguments).env_clear().env("PATH", "/usr/bin:/bin");
        let output = inside.output_in_time();
        assert_eq!(text(&output.stdout), self.prints, "{}", text(&output.stderr));
        assert_eq!(files(root.path()), before, "nothing is written");
    }

    /// Checks which files the program opens, if `strace` is installed: only the system's, and none
    /// for writing.
    fn opens_nothing_of_python(&self) {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let mut command = Command::new("strace");
        command.args(["-f", "-e", "trace=open,openat,openat2,creat,unlink", "-o"]).arg(&log);
        command.arg(self.program).args(self.arguments).env_clear().env("PATH", "/usr/bin:/bin");
        match command.output() {
            Ok(output) if output.status.success() => {
                assert_eq!(text(&output.stdout), self.prints);
            }
            _ => {
                testbed::not_covered("`strace` isn't installed, or isn't allowed here");
                return;
            }
        }
        let log = fs::read_to_string(log).unwrap();
        let mut opened = 0;
        for line in log.lines().filter(|line| line.contains('"') && !line.contains(" = -1 ")) {
            let path = line.split('"').nth(1).unwrap();
            opened += 1;
            let is_own = [Some(self.program), self.input].contains(&Some(Path::new(path)));
            assert!(is_own || SYSTEM.iter().any(|start| path.starts_with(start)), "{line}");
            assert!(is_own || !path.contains("python"), "{line}");
            let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "unlink", "creat("];
            assert!(!writes.iter().any(|word| line.contains(word)), "{line}");
        }
        assert!(opened > 3, "{log}");
    }
}

/// Where files of the system are.
const SYSTEM: &[&str] =
    &["/proc/", "/etc/", "/lib", "/usr/lib", "/usr/share/zoneinfo", "/sys/", "/dev/"];

/// All paths below a directory, sorted.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

/// Whether there is a libpython archive to link. Everything else must succeed.
fn built_with_an_archive(project: &Project) -> bool {
    let output = project.cargo().output().unwrap();
    let stderr = text(&output.stderr);
    if stderr.contains("needs `libpython") && stderr.contains("which isn't installed") {
        testbed::not_covered("this Python has no static library");
        return false;
    }
    assert!(output.status.success(), "{stderr}");
    true
}
