//! Bundles installed packages and the standard library with one of the available compilers.
//! Decision 38 compares them.
//!
//! `cargo run -p include-py-build --example ways -- python3.13 /tmp/packages /tmp/out compiler`

#![forbid(unsafe_code)]

use std::{env, process::ExitCode};

use include_py_build::{Backend, Bundle, Environment};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [python, packages, out_dir, way] = arguments.as_slice() else {
        eprintln!("usage: ways PYTHON-3.13 PACKAGES OUT_DIR compiler|interpreter|INCLUDE-PY");
        return ExitCode::from(2);
    };
    let environment = Environment::new(out_dir).python(python).python_version(3, 13);
    let bundle = Bundle::new("ways").site_packages(packages).stdlib();
    let (bundle, environment) = match way.as_str() {
        "compiler" => (bundle.backend(Backend::Compiler), environment),
        "interpreter" => (bundle.backend(Backend::Interpreter), environment),
        command => (bundle.backend(Backend::Compiler), environment.command(command)),
    };
    match bundle.build(&environment) {
        Ok(output) => {
            println!("{output}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
