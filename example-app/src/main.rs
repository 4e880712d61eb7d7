//! A web-server log analyser: a Python application, run out of this binary's own memory.
//!
//! `cargo run -p example-app -- report example-app/sample/access.log`

#![forbid(unsafe_code)]

use pyo3::prelude::*;

include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    include_py::run(&APP, |py| {
        py.import("weblog.cli")?.call_method0("run")?;
        Ok(())
    })
}
