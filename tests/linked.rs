//! Extension modules in C and in Rust that are linked into the program, under dotted names.

use std::process::Output;

use include_py_tests::{Project, text};

/// A multi-phase module. Its `helper` is another function than the other module's.
const FAST: &str = r#"
#include <Python.h>
#include "answer.h"

#if !defined(FACTOR) || !defined(PLAIN)
#error "macros were not given"
#endif

int helper(void) { return ANSWER * FACTOR; }

static PyObject *value(PyObject *self, PyObject *args) { return PyLong_FromLong(helper()); }
static PyMethodDef methods[] = {{"value", value, METH_NOARGS, "A value."}, {0}};
static int executed(PyObject *module) { return PyModule_AddIntConstant(module, "STATE", 3); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, executed}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_fast", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__fast(void) { return PyModuleDef_Init(&definition); }
"#;

/// A single-phase module with the same last component, of two files.
const OLD: &str = r#"
#include <Python.h>

int helper(void);

static PyObject *value(PyObject *self, PyObject *args) { return PyLong_FromLong(helper()); }
static PyMethodDef methods[] = {{"value", value, METH_NOARGS, NULL}, {0}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_fast", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__fast(void) {
    PyObject *module = PyModule_Create(&definition);
    if (module) PyModule_AddObject(module, "counter", PyList_New(0));
    return module;
}
"#;

const MAIN: &str = r#"
#![forbid(unsafe_code)]
use pyo3::prelude::*;

include_py::include_py!(APP = "app");

/// A module in Rust.
#[pymodule]
mod native {
    #[pyo3::pyfunction]
    fn double(x: usize) -> usize {
        x * 2
    }
}

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let init = include_py::pymodule!(native);
    match arguments.get(1).map_or("", String::as_str) {
        "install" => {
            Python::initialize();
            Python::attach(|py| {
                APP.install(py)?;
                APP.install(py)?;
                py.import("app").map(drop)
            })
            .unwrap();
            std::process::ExitCode::SUCCESS
        }
        "" => include_py::Host::new(&APP)
            .module("app._native", init)
            .module("_top", init)
            .run(|py| py.import("app").map(drop)),
        "twice" => include_py::Host::new(&APP).module("a", init).module("a", init).run(|_| Ok(())),
        name => include_py::Host::new(&APP).module(name, init).run(|_| Ok(())),
    }
}
"#;

const APP: &str = r#"
import importlib, importlib.util, os, pkgutil, sys

import app
from app import _fast, inner
from app.inner import _fast as old

assert (_fast.__name__, old.__name__) == ("app._fast", "app.inner._fast"), (_fast, old)
assert (_fast.__package__, old.__package__) == ("app", "app.inner")
assert _fast.value() == 42 * 7 and _fast.STATE == 3 and _fast.value.__doc__ == "A value."
assert old.value() == 5 and old.value.__module__ == "app.inner._fast"
for module in (_fast, old):
    assert not hasattr(module, "__file__") and not hasattr(module, "__path__")
    assert sys.modules[module.__name__] is module
    spec = importlib.util.find_spec(module.__name__)
    assert spec.origin == "built-in" and not spec.has_location and spec.cached is None
    assert spec.loader.get_source(module.__name__) is None
    assert not spec.loader.is_package(module.__name__)
assert sorted(one.name for one in pkgutil.iter_modules(inner.__path__)) == ["_fast", "python"]
names = [(one.name, one.ispkg) for one in pkgutil.walk_packages(app.__path__, "app.")]
assert ("app._fast", False) in names and ("app.inner._fast", False) in names, names
try:
    import app.absent
except ModuleNotFoundError as error:
    assert error.name == "app.absent"

# Once more: a module of one phase keeps what it holds, one of two is new.
first = _fast
old.counter.append(1)
del sys.modules["app._fast"], sys.modules["app.inner._fast"]
assert importlib.import_module("app.inner._fast").counter == [1]
assert importlib.import_module("app._fast") is not first
assert importlib.reload(_fast) is _fast is sys.modules["app._fast"] and _fast.value() == 294

hosted = sys.argv[0] != "" and "app._native" in sys.builtin_module_names
if hosted:
    import _top
    from app import _native

    assert _native.double(21) == _top.double(21) == 42 and _native.__name__ == "app._native"
    assert "app._native" in [one.name for one in pkgutil.iter_modules(app.__path__, "app.")]
    # A fresh interpreter has them as well.
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    other = interpreters.create()
    interpreters.run_string(other, "import sys; assert 'app._fast' in sys.builtin_module_names")
    interpreters.destroy(other)
print("hosted" if hosted else "installed", flush=True)
"#;

fn project() -> Project {
    let script = r#"{
        use include_py_build::{Bundle, Extension};
        let fast = Extension::new("app._fast", ["python/app/fast.c"])
            .include_dir("include")
            .define("FACTOR", "7")
            .define("PLAIN", None);
        let old = Extension::new("app.inner._fast", ["native/old.c", "native/helper.c"])
            .library("m");
        Bundle::new("app").source("python").extension_with(fast).extension_with(old)
    }"#;
    Project::new("linked")
        .build_script(script)
        .file("src/main.rs", MAIN)
        .file("include/answer.h", "#define ANSWER 42\n")
        .file("native/old.c", OLD)
        .file("native/helper.c", "int helper(void) { return 5; }\n")
        .python("app/fast.c", FAST)
        .python("app/__init__.py", APP)
        .python("app/inner/__init__.py", "")
        .python("app/inner/python.py", "")
}

fn run(project: &Project, argument: &str) -> Output {
    let mut program = project.program();
    if !argument.is_empty() {
        program.arg(argument);
    }
    program.output().unwrap()
}

#[test]
fn modules_in_c_and_rust_are_linked_in() {
    let project = project();
    project.built();
    let runs = |argument: &str| {
        let output = run(&project, argument);
        assert!(output.status.success(), "{argument}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    assert_eq!(runs(""), "hosted\n");
    assert_eq!(runs("install"), "installed\n");

    let refused = |name: &str| {
        let output = run(&project, name);
        assert_eq!(output.status.code(), Some(1), "{name}");
        text(&output.stderr)
    };
    let start =
        |name: &str| format!("error: the module `{name}` can't be linked into the program: ");
    for (argument, name, why) in [
        ("twice", "a", "another one has that name"),
        ("app._fast", "app._fast", "another one has that name"),
        ("app.inner", "app.inner", "bundle `app` holds a Python module of that name"),
        ("sys", "sys", "the interpreter has a built-in module of that name"),
        ("app..x", "app..x", "that isn't a name"),
    ] {
        let said = refused(argument);
        assert!(said.starts_with(&format!("{}{why}", start(name))), "{said}");
    }

    // C files aren't data, and the files that a module is built from are watched.
    let bundle = std::fs::read(project.out_dir().join("app.bundle")).unwrap();
    assert!(!bundle.windows(6).any(|part| part == b"fast.c"));
    project.write("include/answer.h", "#define ANSWER 43\n");
    project.built();
    let said = text(&run(&project, "").stderr);
    assert!(said.contains("assert _fast.value() == 42 * 7"), "{said}");

    let fails = || {
        let output = project.cargo().output().unwrap();
        assert!(!output.status.success());
        text(&output.stderr)
    };
    project.write("include/answer.h", "#define ANSWER 42 43\n");
    project.write("native/helper.c", "int helper(void) { return 5 }\n");
    project.write("python/app/inner/python.py", "x = = 1\n");
    let said = fails();
    for part in [
        "`python/app/fast.c`, for the extension module `app._fast`:",
        "include/answer.h:1:19: error: ",
        "native/helper.c:1:28: error: ",
        "python/app/inner/python.py:1:5: ",
        "= help: correct the source; macros and options are those of `Extension::define`",
    ] {
        assert!(said.contains(part), "{part} isn't in {said}");
    }
    project.write("include/answer.h", "#define ANSWER 42\n");
    project.write("native/helper.c", "int helper(void) { return 5; }\n");
    project.write("python/app/inner/python.py", "");
    project.write("native/old.c", OLD.replace("PyInit__fast", "PyInit_fast"));
    let said = fails();
    let expected = "the extension module `app.inner._fast` has no function `PyInit__fast`, which CPython \
                    calls to make it";
    assert!(said.contains(expected), "{said}");
    project.write("native/old.c", OLD);
    assert_eq!(text(&run(project.built(), "").stdout), "hosted\n");
}
