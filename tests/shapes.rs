//! Programs other than one package with one binary: the bundle in a library of several programs, in
//! a shared library, with link-time optimisation, without unwinding, stripped, for an explicit
//! target.

use std::{path::PathBuf, process::Command};

use include_py_tests::{Project, dependencies, text, workspace};

/// One profile with all of this, so that everything is compiled only once.
const PROFILE: &str = "
[profile.shapes]
inherits = \"dev\"
debug = false
lto = \"fat\"
panic = \"abort\"
strip = true
";

const LIBRARY_BUILD: &str = r#"fn main() {
    include_py_build::Bundle::new("app")
        .source("python")
        .extension("app._fast", ["fast.c"])
        .compile();
}
"#;

/// Each of the three C modules has another value.
const C: &str = r#"
#include <Python.h>
int value(void);
int value(void) { return VALUE; }
static struct PyModuleDef_Slot slots[] = {{0, NULL}};
static PyObject *get(PyObject *self, PyObject *args) { return PyLong_FromLong(value()); }
static PyMethodDef methods[] = {{"get", get, METH_NOARGS, NULL}, {0}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_fast", NULL, 0, methods, slots, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__fast(void) { return PyModuleDef_Init(&definition); }
"#;

const APP: &str = r#"
import importlib.machinery, importlib.resources, importlib.util, sys
from app import _fast

data = importlib.resources.files("app").joinpath("data.bin").read_bytes()
print(sys.argv[1], len(data), data[-3:], _fast.get())
if len(sys.argv) > 2:
    loader = importlib.machinery.ExtensionFileLoader("plugin", sys.argv[2])
    spec = importlib.util.spec_from_file_location("plugin", sys.argv[2], loader=loader)
    loader.exec_module(importlib.util.module_from_spec(spec))
    import plugged
    from plugged import _fast as other

    print(plugged.NAME, other.get(), _fast.get())
"#;

const MAIN: &str = r#"
fn main() -> std::process::ExitCode {
    include_py::run(&library::APP, |py| pyo3::types::PyModule::import(py, "app").map(drop))
}
"#;

const PLUGIN: &str = r#"
use pyo3::prelude::*;

include_py::include_py!(PLUGGED = "plugged");

#[pymodule]
fn plugin(module: &Bound<'_, PyModule>) -> PyResult<()> {
    PLUGGED.install(module.py())
}
"#;

fn package(name: &str) -> String {
    format!("[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2021\"\n")
}

fn project() -> Project {
    let ours = dependencies("../");
    let plugin_build = LIBRARY_BUILD.replace("app", "plugged");
    Project::new("shapes")
        .apart("shapes")
        .file(
            "Cargo.toml",
            format!(
                "{}[workspace]\nmembers = [\"library\", \"plugin\"]\n[dependencies]\nlibrary = \
                 {{ path = \"library\" }}\n{}{}{PROFILE}",
                package("shapes"),
                dependencies(""),
                workspace()
            ),
        )
        .file("build.rs", "fn main() {\n    include_py_build::link();\n}\n")
        .file("src/main.rs", MAIN)
        .file("src/bin/second.rs", MAIN)
        .file("library/Cargo.toml", format!("{}[dependencies]\n{ours}", package("library")))
        .file("library/build.rs", LIBRARY_BUILD)
        .file("library/src/lib.rs", "include_py::include_py!(pub APP = \"app\");\n")
        .file("library/python/app/__init__.py", APP)
        // Large enough for the assembler.
        .file("library/python/app/data.bin", [vec![0; 5_000_000], b"end".to_vec()].concat())
        .file("library/fast.c", C.replace("VALUE", "1"))
        .file(
            "plugin/Cargo.toml",
            format!(
                "{}[lib]\ncrate-type = [\"cdylib\"]\n[dependencies]\n{ours}",
                package("plugin")
            ),
        )
        .file("plugin/build.rs", plugin_build)
        .file("plugin/src/lib.rs", PLUGIN)
        .file("plugin/python/plugged/__init__.py", "NAME = 'plugged'\n")
        .file("plugin/python/plugged/data.bin", vec![0; 5_000_000])
        .file("plugin/fast.c", C.replace("VALUE", "2"))
}

/// The target that Cargo builds for by default.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let version = text(&output.stdout);
    let line = version.lines().find_map(|line| line.strip_prefix("host: "));
    line.expect("rustc says its host").to_owned()
}

/// A library whose bundle has its own libpython, with a program and a shared library that use it.
fn inside() -> Project {
    let ours = dependencies("../");
    let library = "library = { path = \"../library\" }\npyo3 = \"0.30\"\n";
    Project::new("shapes-inside")
        .file(
            "Cargo.toml",
            format!(
                "{}[workspace]\nmembers = [\"library\", \"plugin\"]\n[dependencies]\nlibrary = \
                 {{ path = \"library\" }}\n{}{}",
                package("shapes-inside"),
                dependencies(""),
                workspace()
            ),
        )
        .file("build.rs", "fn main() {}\n")
        .file("src/main.rs", MAIN)
        .file("library/Cargo.toml", format!("{}[dependencies]\n{ours}", package("library")))
        .file(
            "library/build.rs",
            "fn main() {\n    include_py_build::Bundle::new(\"app\").source(\"python\").static_python()\
             .compile();\n}\n",
        )
        .file("library/src/lib.rs", "include_py::include_py!(pub APP = \"app\");\n")
        .file("library/python/app/__init__.py", "import _asyncio\nprint(_asyncio.__name__)\n")
        .file(
            "plugin/Cargo.toml",
            format!(
                "{}[lib]\ncrate-type = [\"cdylib\"]\n[dependencies]\n{library}",
                package("plugin")
            ),
        )
        .file("plugin/src/lib.rs", PLUGIN_OF_LIBRARY)
}

const PLUGIN_OF_LIBRARY: &str = r"
use pyo3::prelude::*;

#[pymodule]
fn plugin(module: &Bound<'_, PyModule>) -> PyResult<()> {
    library::APP.install(module.py())
}
";

/// The start of the symbol that programs without the linker's options and shared libraries lack.
const LACKS: &str = "include_py_static_python_is_for_programs";

#[test]
fn a_library_with_its_libpython_is_for_programs_with_the_linkers_options() {
    let project = inside();
    let output = project.cargo().args(["-p", "plugin"]).output().unwrap();
    let stderr = text(&output.stderr);
    if stderr.contains("which isn't installed") {
        testbed::not_covered("this Python has no static library");
        return;
    }
    assert!(output.status.success(), "{stderr}");
    // Without the check, Python crashes here.
    let built = project.target_dir().join("debug/libplugin.so");
    std::fs::copy(built, project.path("plugin.so")).unwrap();
    let python = std::env::var("PYO3_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(python);
    let output = command.args(["-c", "import plugin"]).current_dir(project.path("")).output();
    let stderr = text(&output.unwrap().stderr);
    assert!(stderr.contains(&format!("plugin.so: undefined symbol: {LACKS}")), "{stderr}");

    let output = project.cargo().output().unwrap();
    let stderr = text(&output.stderr);
    assert!(!output.status.success() && stderr.contains(LACKS), "{stderr}");
    project.write("build.rs", "fn main() {\n    include_py_build::link();\n}\n");
    assert_eq!(project.built().run(), "_asyncio\n");
}

/// Everything is compiled again, for a profile and a target of its own.
mod long {
    use super::*;

    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn a_bundle_in_a_library_serves_several_programs_and_a_shared_library_has_its_own() {
        let (project, host) = (project(), host());
        let mut cargo = project.cargo();
        cargo.args(["--workspace", "--profile", "shapes", "--target", &host]);
        let output = cargo.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));

        // `target/debug/shapes`, where a build without options would have put it.
        let debug = PathBuf::from(project.program().get_program());
        let built = debug.ancestors().nth(2).unwrap().join(&host).join("shapes");
        let run = |program: &str, arguments: &[&str]| {
            let output =
                Command::new(built.join(program)).args(arguments).env_clear().output().unwrap();
            assert!(output.status.success(), "{program}: {}", text(&output.stderr));
            text(&output.stdout)
        };
        assert_eq!(run("second", &["second"]), "second 5000003 b'end' 1\n");
        let plugin = built.join("libplugin.so");
        assert_eq!(
            run("shapes", &["first", plugin.to_str().unwrap()]),
            "first 5000003 b'end' 1\nplugged 2 1\n"
        );
    }
}
