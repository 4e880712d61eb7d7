//! Bundles from bytes and files, several at once, installed and removed again, in an interpreter
//! that the test program started itself.
//!
//! Most tests begin with `bundle(py, "plugins", &[("plugin", "VALUE = 1")])`.

mod hooks;
mod lifetime;
mod sources;
mod sub_interpreter;
mod tools;
mod unpacked;

use std::sync::{Mutex, MutexGuard, PoisonError};

use include_py_bundle::{Builder, ModuleKind, NewModule, Packed, Target};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyString},
};

/// Only one test runs at a time: they share `sys.path` and `sys.modules`.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    Python::initialize();
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A bundle of these modules, each with its source, and a file `data.txt`.
fn bundle(py: Python<'_>, name: &str, modules: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = Builder::new(name, &[target(py)]);
    for &(module, source) in modules {
        builder.module(NewModule {
            name: module.to_owned(),
            path: format!("{}.py", module.replace('.', "/")),
            kind: ModuleKind::Module,
            code: vec![code(py, source).into()],
            source: Some(Packed::plain(source.as_bytes())),
        });
    }
    builder.file("data.txt", b"data of the bundle".as_slice());
    builder.finish().unwrap()
}

/// The running interpreter as a target.
fn target(py: Python<'_>) -> Target {
    let number = |code: &std::ffi::CStr| py.eval(code, None, None).unwrap();
    let magic = c"int.from_bytes(__import__('importlib.util').util.MAGIC_NUMBER[:2], 'little')";
    Target::new(
        number(magic).extract().unwrap(),
        number(c"__import__('sys').hexversion").extract().unwrap(),
        number(c"__import__('marshal').version").extract().unwrap(),
        0,
    )
}

/// Compiles source to marshalled code.
fn code(py: Python<'_>, source: &str) -> Vec<u8> {
    code_of(py, source, "<test>")
}

/// The same with the file name that tracebacks show.
fn code_of(py: Python<'_>, source: &str, file: &str) -> Vec<u8> {
    let compile = py.import("builtins").unwrap().getattr("compile").unwrap();
    let code = compile.call1((PyString::new(py, source), file, "exec")).unwrap();
    let bytes = py.import("marshal").unwrap().call_method1("dumps", (code,)).unwrap();
    bytes.cast_into::<PyBytes>().unwrap().as_bytes().to_owned()
}

/// Imports a module, reads its `VALUE`, and removes the module.
fn value(py: Python<'_>, module: &str) -> PyResult<i64> {
    let value = py.import(module)?.getattr("VALUE")?.extract();
    forget(py, module);
    value
}

fn forget(py: Python<'_>, module: &str) {
    let modules = py.import("sys").unwrap().getattr("modules").unwrap();
    modules.call_method1("pop", (module, py.None())).unwrap();
}
