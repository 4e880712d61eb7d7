//! Extension modules in a bundle, built by the system's C compiler: from memory, and from the
//! cache.
//!
//! `tests/native/checks.py` inspects them from inside the program.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use include_py_tests::{OutputInTime, Project, text};
use tempfile::TempDir;

const MAIN: &str = r#"
include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    let host = include_py::Host::new(&APP);
    let host = match std::env::var("PLACE").as_deref() {
        Ok("cache") => host.native_modules(include_py::NativeModules::Cache),
        _ => host,
    };
    host.run(|py| {
        use pyo3::prelude::*;
        py.import("checks")?.call_method0("main").map(drop)
    })
}
"#;

/// A directory in which C files are compiled.
struct Compiler {
    directory: TempDir,
    headers: String,
}

impl Compiler {
    fn new() -> Self {
        let python = std::env::var("PYO3_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = "import sysconfig; print(sysconfig.get_path('include'))";
        let output = Command::new(python).args(["-c", script]).output().unwrap();
        Self { directory: TempDir::new().unwrap(), headers: text(&output.stdout).trim().to_owned() }
    }

    /// The library with this name, from one C file.
    fn library(&self, name: &str, source: &str, options: &[&str]) -> Vec<u8> {
        let path = self.directory.path().join(name);
        let source = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/native")).join(source);
        let output = Command::new("cc")
            .args(["-shared", "-fPIC", "-I", &self.headers, "-o"])
            .arg(&path)
            .arg(source)
            .arg("-L")
            .arg(self.directory.path())
            .args(options)
            .output()
            .expect("these tests need `cc`");
        assert!(output.status.success(), "{}", text(&output.stderr));
        std::fs::read(path).unwrap()
    }
}

/// The name of this function of the module.
fn init(name: &str) -> String {
    format!("-DPyInit__multi=PyInit_{name}")
}

/// Replaces a name by another.
fn rename(library: &mut [u8], old: &[u8], new: &[u8]) {
    let at = library.windows(old.len()).position(|part| part == old).unwrap();
    library[at..at + old.len()].copy_from_slice(new);
}

fn project() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let project = project_of("native");
        project.built();
        project
    })
}

/// A project with this name and extension modules of all kinds.
fn project_of(name: &str) -> Project {
    let cc = Compiler::new();
    let leaf = cc.library("libleaf.so", "leaf.c", &["-Wl,-soname,libleaf.so"]);
    let inner = ["-Wl,-soname,libinner.so.1", "-Wl,-rpath,$ORIGIN/libs", "-l:libleaf.so"];
    let inner = cc.library("libinner.so.1", "inner.c", &inner);
    let needs = |up: &str| format!("-Wl,-rpath,$ORIGIN/{up},--disable-new-dtags");
    let module = |source: &str, up: &str, options: &[&str]| {
        let needs = needs(up);
        let mut all = vec![&*needs, "-l:libinner.so.1", "-Wl,--allow-shlib-undefined"];
        all.extend(options);
        cc.library("module.so", source, &all)
    };
    let multi = module("multi.c", "", &[]);
    let cut = &multi[..multi.len() / 2];
    // `e_machine`
    let mut other = multi.clone();
    other[18] = 183;
    let placed =
        cc.library("libplaced.so", "leaf.c", &["-Wl,-soname,libplaced.so.9", "-Dleaf=placed"]);
    // The linker stores the library's own name. This one has the same length.
    let mut needs_placed =
        module("multi.c", "..", &["-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed", "-l:libplaced.so"]);
    rename(&mut needs_placed, b"libplaced.so.9\0", b"libplaced.so\0\0\0");
    let unresolved = cc.library("unresolved.so", "unresolved.c", &["-Wl,-z,now"]);
    Project::new(name)
        .file("src/main.rs", MAIN)
        .python("checks.py", include_str!("native/checks.py"))
        .python("app/__init__.py", "")
        .python("app/_multi.abi3.so", &multi)
        .python("app/_single.so", module("single.c", "", &[]))
        .python("app/libinner.so.1", &inner)
        .python("app/libs/libleaf.so", &leaf)
        .python("app/deep/__init__.py", "")
        .python("app/deep/_multi.abi3.so", module("multi.c", "..", &[]))
        .python("app/deep/inner/_multi.abi3.so", module("multi.c", "../..", &[]))
        .python("app/threads/_multi.abi3.so", module("multi.c", "..", &[]))
        .python("app/threads/_single.abi3.so", module("single.c", "..", &[]))
        .python("app/forked/_multi.abi3.so", module("multi.c", "..", &[]))
        .python("app/placed/_multi.abi3.so", needs_placed)
        .python("app/placed/libplaced.so", placed)
        .python("app/_constructs.abi3.so", module("constructs.c", "", &[]))
        .python("app/constructed/_multi.abi3.so", module("multi.c", "..", &[]))
        .python("app/both.abi3.so", module("multi.c", "", &[&init("both")]))
        .python("app/both.py", "raise AssertionError('machine code comes first')\n")
        .python("app/both/__init__.pyi", "")
        .python("app/package/__init__.abi3.so", module("multi.c", "..", &[&init("package")]))
        .python("app/package/__init__.py", "raise AssertionError('machine code comes first')\n")
        .python("app/package/inside.py", "VALUE = 1\n")
        .python("app/_old.cpython-38-x86_64-linux-gnu.so", &multi)
        .python("app/_old/stubs.pyi", "")
        .python("app/_old_but_pure.cpython-38-x86_64-linux-gnu.so", &multi)
        .python("app/_old_but_pure.py", "")
        .python("app/_cut.abi3.so", cut)
        .python("app/_other.abi3.so", other)
        .python("app/_unresolved.abi3.so", unresolved)
        .python("app/_no_init.abi3.so", &leaf)
}

fn cache() -> (TempDir, PathBuf) {
    let root = TempDir::new().unwrap();
    let base = root.path().join("include-py");
    (root, base)
}

/// Runs the checks, which must succeed.
#[track_caller]
fn check(project: &Project, place: &str, cache: &Path) {
    let mut program = project.program();
    program.env("PLACE", place).env("INCLUDE_PY_CACHE", cache);
    let output = program.output_in_time();
    assert!(output.status.success(), "{place}: {}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "checked\n");
}

#[test]
fn extension_modules_are_loaded_from_memory_and_nothing_is_written() {
    let (root, base) = cache();
    check(project(), "memory", root.path());
    assert!(!base.exists(), "there are files in {}", base.display());
}

#[test]
fn extension_modules_are_loaded_from_the_cache_if_that_is_wanted() {
    let (root, base) = cache();
    for _ in 0..2 {
        check(project(), "cache", root.path());
    }
    let found: Vec<_> = std::fs::read_dir(base).unwrap().map(|one| one.unwrap().path()).collect();
    let tree = found.iter().find(|path| path.is_dir()).unwrap();
    assert!(tree.to_str().unwrap().ends_with("-native") && found.len() == 2, "{found:?}");
    assert!(tree.join("app/libs/libleaf.so").is_file() && !tree.join("checks.py").exists());
}

#[test]
fn compressed_extension_modules_are_loaded_from_memory_and_from_the_cache() {
    let project = project_of("native-compressed").build_script(
        "include_py_build::Bundle::new(\"app\").source(\"python\").compress_machine_code()",
    );
    let size = || std::fs::metadata(project.out_dir().join("app.bundle")).unwrap().len();
    project.built();
    let compressed = size();
    for place in ["memory", "cache"] {
        let (root, _) = cache();
        check(&project, place, root.path());
    }
    // The same files in the other form: nothing from the last bundle is reused then.
    project.set_build_script("include_py_build::Bundle::new(\"app\").source(\"python\")");
    project.built();
    assert!(compressed < size() / 2, "{compressed} of {}", size());
    let (root, _) = cache();
    check(&project, "memory", root.path());
}

#[test]
fn a_library_that_only_its_place_identifies_is_a_file_and_the_others_are_not() {
    let (root, base) = cache();
    let mut program = project().program();
    program.arg("beside_libraries_in_files").env("INCLUDE_PY_CACHE", root.path());
    let output = program.output_in_time();
    assert_eq!(text(&output.stdout), "checked\n", "{}", text(&output.stderr));
    assert!(base.is_dir());
}

/// Runs some checks in their own mount namespace, after a shell command in which `$1` is the cache.
/// `None` where this isn't allowed.
fn apart(setup: &str, place: &str, cache: &Path, checks: &[&str]) -> Option<Output> {
    let apart = ["--map-root-user", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c"];
    let prepare = |command: &mut Command, script: &str| {
        command.args(apart).arg(script).arg("sh").arg(cache);
    };
    let mut first = Command::new("unshare");
    prepare(&mut first, setup);
    if !first.output_in_time().status.success() {
        testbed::not_covered(&format!("`unshare` and `{setup}` aren't allowed here"));
        return None;
    }
    let program = project().program();
    let mut command = Command::new("unshare");
    prepare(&mut command, &format!("{setup}; shift; exec \"$@\""));
    command.arg(program.get_program()).args(checks);
    command.env("PLACE", place).env("INCLUDE_PY_CACHE", cache);
    Some(command.output_in_time())
}

/// Hides the kernel's file systems: then libraries can't be loaded from memory.
const NO_PROC: &str = "mount -t tmpfs none /proc";

/// Checks that need neither `/proc` nor other processes.
const SIMPLE: [&str; 3] = ["check_names", "check_ctypes", "check_fork"];

#[test]
fn the_cache_is_used_where_memory_files_are_unavailable() {
    // Since Linux 6.3, each process namespace has its own setting.
    let refused = "echo 2 >/proc/sys/vm/memfd_noexec";
    for setup in [NO_PROC, refused] {
        let (root, base) = cache();
        let Some(output) = apart(setup, "memory", root.path(), &SIMPLE) else { continue };
        assert_eq!(text(&output.stdout), "checked\n", "{setup}: {}", text(&output.stderr));
        assert!(base.is_dir(), "{setup}");
        // A filled cache need not be writable.
        let read_only = "mount -o bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"";
        let setup = format!("{read_only} && {setup}");
        let Some(output) = apart(&setup, "memory", root.path(), &SIMPLE) else { continue };
        assert_eq!(text(&output.stdout), "checked\n", "{setup}: {}", text(&output.stderr));
    }
}

#[test]
fn an_unusable_cache_is_reported_with_help() {
    let (root, base) = cache();
    let base = base.display();
    let remedy = "set `INCLUDE_PY_CACHE` to a directory that can be written to and has room";
    for (options, place, message) in [
        ("ro", "cache", format!("`{base}` can't be made: Read-only file system (os error 30): {remedy}")),
        ("size=16k", "cache", format!("can't be written: No space left on device (os error 28): {remedy}")),
        (
            "noexec",
            "cache",
            "since its file system is mounted `noexec`: set `INCLUDE_PY_CACHE` to a directory on another one"
                .to_owned(),
        ),
        // Both reasons are given.
        ("ro", "memory", format!("No such file or directory (os error 2), and there is no other place for it: `{base}` can't be made")),
    ] {
        let setup = format!("mount -t tmpfs -o {options} none \"$1\" && {NO_PROC}");
        let Some(output) = apart(&setup, place, root.path(), &["check_names"]) else { continue };
        let said = text(&output.stderr);
        let start = "ImportError: module `app._multi` can't be loaded from `app/_multi.abi3.so` in bundle `app`: ";
        assert!(said.contains(start) && said.contains(&message), "{options}: {said}");
        assert!(!output.status.success());
    }
}

/// Opens a library of the system, which needs another one, in all the ways that use its name.
const BY_NAME: &str = "
import ctypes, ctypes.util

name = ctypes.util.find_library('selinux')
print(name, ctypes.CDLL(name).is_selinux_enabled(), ctypes.CDLL('libselinux.so.1')._name)
with open('/proc/self/maps') as maps:
    maps = maps.read()
print([f'/memfd:{name}' in maps for name in ('libselinux.so.1', 'libpcre2-8.so.0')], '/libselinux' in maps)
print(ctypes.util.find_library('there_is_none'), ctypes.CDLL(None).getpid() > 0)
";

#[test]
fn a_library_of_the_system_that_is_opened_by_its_name_is_bundled() {
    let installed = Command::new("ldconfig").arg("-p").output();
    if !installed.is_ok_and(|output| text(&output.stdout).contains("libselinux.so.1 ")) {
        testbed::not_covered("`libselinux.so.1` isn't installed");
        return;
    }
    let libraries = "include_py_build::SystemLibraries::new().also(\"libselinux\")";
    let project = Project::new("native-by-name").python("app.py", BY_NAME).build_script(&format!(
        "include_py_build::Bundle::new(\"app\").source(\"python\").system_libraries_with({libraries})"
    ));
    assert_eq!(
        project.built().run(),
        "libselinux.so.1 0 libselinux.so.1\n[True, True] False\nNone True\n"
    );
}
