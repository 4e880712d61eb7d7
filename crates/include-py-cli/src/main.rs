//! The `include-py` command.

#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Compiling allocates little but often, and from several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(include_py_cli::main(std::env::args_os().skip(1)).number())
}
