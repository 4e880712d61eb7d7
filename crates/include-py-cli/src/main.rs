//! The `include-py` command.

#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Compiling makes many small allocations on several threads, for which mimalloc is faster than the
/// system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(include_py_cli::main(std::env::args_os().skip(1)).exit_code())
}
