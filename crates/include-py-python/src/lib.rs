//! The native half of the Python package `include_py`.
//!
//! The Python code in `python/include_py/` defines signatures and defaults; the work is done here.

mod code;
mod error;
mod release;
mod tree;

use std::ffi::OsString;

use pyo3::prelude::*;

/// Compiles Python sources to CPython's bytecode, in Rust.
#[pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::code::{compile_to_pyc, compile_to_stream, diff, dis, normalize};
    #[pymodule_export]
    use crate::main;
    #[pymodule_export]
    use crate::tree::compile_tree;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

/// Runs the command `include-py`; returns its exit code.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| include_py_cli::main(arguments).exit_code())
}
