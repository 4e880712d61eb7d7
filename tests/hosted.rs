//! A hosted program that runs its first argument as Python code. `exit.rs` and `processes.rs` start
//! it.
//!
//! Environment variables such as `HOSTED=never` select what `Host` offers.

#![forbid(unsafe_code)]

use std::{env, ffi::CString, process::ExitCode};

use include_py::{Host, PythonCommandLine};
use pyo3::prelude::*;

include_py::include_py!(SPECIMEN = "specimen");

fn main() -> ExitCode {
    let how = env::var("HOSTED").unwrap_or_default();
    if how == "install" {
        return install();
    }
    let host = Host::new(&SPECIMEN);
    let host = match how.as_str() {
        "never" => host.python_command_line(PythonCommandLine::Never),
        "always" => host.python_command_line(PythonCommandLine::Always),
        "deep" => host.start_depth(7),
        _ => host,
    };
    host.run(run)
}

/// Runs as a program that starts Python itself.
fn install() -> ExitCode {
    include_py::run_python_command_line(&SPECIMEN);
    Python::initialize();
    let result = Python::attach(|py| {
        SPECIMEN.install(py)?;
        let sys = py.import("sys")?;
        sys.setattr("argv", env::args().collect::<Vec<_>>())?;
        sys.setattr("executable", env::current_exe()?)?;
        run(py)?;
        sys.getattr("stdout")?.call_method0("flush").map(drop)
    });
    result.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn run(py: Python<'_>) -> PyResult<()> {
    let code: String = py.import("sys")?.getattr("argv")?.get_item(1)?.extract()?;
    py.run(&CString::new(code)?, None, None)
}
