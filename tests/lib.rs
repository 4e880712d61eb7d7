//! End-to-end tests of the workspace from the outside, as a user would use it.
//!
//! | file | what it does |
//! |---|---|
//! | `import.rs` | runs `specimen/checks.py` inside a host with the bundled standard library |
//! | `files.rs` | runs `specimen/file_checks.py` where `open` and `os.stat` see the bundle |
//! | `targets.rs` | which of a bundle's targets runs, in bundles from files |
//! | `exit.rs` | exit codes and shutdown of a hosted program, in processes of their own (`hosted.rs`) |
//! | `processes.rs` | a hosted program that starts itself, as Python and as the application |
//! | `soundness.rs` | wrong orders and threads, which must not crash (`misuse.rs`) |
//! | `garbage.rs` | programs that work while they are imported (`garbage/`) |
//! | `rebuild.rs` | when Cargo runs a build script again, and how much it then compiles |
//! | `cross.rs` | builds with no Python on `PATH`, for the version that PyO3's configuration names |
//! | `develop.rs` | debug builds that import from the source trees |
//! | `errors.rs` | what a user sees when a build can't succeed |
//! | `reproducible.rs` | two clean builds apart, byte for byte |
//! | `bundles.rs` | several bundles, a Python started by the program, bytecode of another Python |
//! | `shapes.rs` | the bundle in a library of several programs, in a shared library, with link-time optimisation |
//! | `linked.rs` | extension modules in C and Rust that are linked into the program |
//! | `native.rs` | extension modules in a bundle, loaded from memory and from the cache |
//! | `unpacked.rs` | a package that is imported from real files |
//! | `one_file.rs` | programs that bring their libpython |
//!
//! Those from `rebuild.rs` on create Cargo projects in temporary directories: [`Project`]. They
//! need no network, since the projects have the workspace's lock file.

#![forbid(unsafe_code)]
#![expect(
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "these are tools of tests, where a panic is a failure"
)]

mod deadline;
mod project;

pub use deadline::OutputInTime;
pub use project::{Project, dependencies, text, workspace};
