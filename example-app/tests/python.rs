//! Runs the application's own unit tests, `python-tests`, against the modules in the bundle.
//!
//! `cargo test -p example-app --test python -- -v`
//!
//! The tests themselves are files on disk, so modules from disk import bundled ones here, too.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use include_py::Host;
use pyo3::{prelude::*, types::IntoPyDict};

include_py::include_py!(APP = "app");

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/python-tests");

fn main() -> ExitCode {
    let options = std::env::args().skip(1).filter(|option| option == "-v");
    let arguments = ["unittest", "discover", "-s", TESTS].map(String::from);
    Host::new(&APP).args(arguments.into_iter().chain(options)).run(|py| {
        // The tests are in the source tree, which must stay unchanged.
        py.import("sys")?.setattr("dont_write_bytecode", true)?;
        let options = [("module", py.None())].into_py_dict(py)?;
        py.import("unittest")?.call_method("main", (), Some(&options))?;
        Ok(())
    })
}
