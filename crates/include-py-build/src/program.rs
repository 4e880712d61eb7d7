//! Support for build scripts of programs whose bundle is in another package's library.

use crate::cargo::Cargo;

/// Links a program whose bundle is in a library that it depends on. For build scripts: prints
/// errors, and then ends the process with status 1.
///
/// Linker arguments of a build script apply only to its own package (`rustc-link-arg` in Cargo's
/// book). In a package that builds its own bundle, [`Bundle::compile`](crate::Bundle::compile) sets
/// the run path to libpython and what extension modules need. A program that uses another package's
/// library must call this function, and needs `include-py` among its dependencies:
///
/// ```no_run
/// // in build.rs
/// include_py_build::link();
/// ```
///
/// Without this call the program is linked, but fails at its start with `error while loading shared
/// libraries: libpython3.…`, unless the system finds that library.
pub fn link() {
    match Cargo::from_env().and_then(|cargo| cargo.program_lines()) {
        Ok(lines) => {
            for line in lines {
                println!("{line}");
            }
        }
        Err(problem) => {
            eprintln!("error: {}\n", crate::Error::from(problem));
            std::process::exit(1);
        }
    }
}
