//! The build script of a program whose bundle is in a library of another package.

use crate::cargo::Cargo;

/// Links a program whose bundle is in a library that it depends on. For build scripts: an error is
/// printed, and ends the process with status 1.
///
/// What a build script tells the linker beyond the names of libraries holds for its own package
/// only (`rustc-link-arg` in Cargo's book). A package that builds its own bundle has the run path
/// to libpython, and what extension modules need, by [`Bundle::compile`](crate::Bundle::compile).
/// One that uses the library of another package needs this line, and `include-py` among its
/// dependencies:
///
/// ```no_run
/// // in build.rs
/// include_py_build::link();
/// ```
///
/// Without it, the program is linked, but says `error while loading shared libraries: libpython3.…`
/// when it is started, unless the system finds that library.
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
