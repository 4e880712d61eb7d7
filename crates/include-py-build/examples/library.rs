//! Bundles a tree of Python sources and prints the time, for docs/guide/measurements.md.
//!
//! `cargo run --release -p include-py-build --example library -- python3 /tmp/lib /tmp/out`

#![forbid(unsafe_code)]

use std::{env, process::ExitCode, time::Instant};

use include_py_build::{Bundle, Environment};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [python, source, out_dir] = arguments.as_slice() else {
        eprintln!("usage: library PYTHON SOURCE OUT_DIR");
        return ExitCode::from(2);
    };
    let start = Instant::now();
    let environment = Environment::new(out_dir).python(python);
    match Bundle::new("library").source(source).build(&environment) {
        Ok(output) => {
            println!("{output}, in {} ms", start.elapsed().as_millis());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
