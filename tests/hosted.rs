//! A hosted program that runs its first argument as Python code: what `exit.rs` starts.

#![forbid(unsafe_code)]

use std::{ffi::CString, process::ExitCode};

use pyo3::prelude::*;

include_py::include_py!(SPECIMEN = "specimen");

fn main() -> ExitCode {
    include_py::run(&SPECIMEN, |py| {
        let code: String = py.import("sys")?.getattr("argv")?.get_item(1)?.extract()?;
        py.run(&CString::new(code)?, None, None)
    })
}
