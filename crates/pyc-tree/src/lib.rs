//! Compiles trees of Python sources to `.pyc` files, as CPython's `compileall` does, without
//! Python.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use pyc_compiler::Target;
//! use pyc_tree::{Event, Outcome, TreeCompiler};
//!
//! # let directory = tempfile::tempdir()?;
//! # let directory = directory.path();
//! std::fs::write(directory.join("right.py"), "x = 1\n")?;
//! std::fs::write(directory.join("wrong.py"), "x = = 1\n")?;
//!
//! let target = Target::for_version("3.13.0".parse()?)?;
//! let compiler = TreeCompiler::new(target);
//! let summary = compiler.compile_dir(directory, |event| {
//!     if let Event::File(report) = event {
//!         if let Outcome::Refused(error) = report.outcome() {
//!             println!("{error}");
//!         }
//!     }
//!     ControlFlow::Continue(())
//! });
//! assert_eq!((summary.compiled, summary.refused), (1, 1));
//! assert!(directory.join("__pycache__/right.cpython-313.pyc").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The choice of files, their names and the check for up-to-date files follow `compileall.py` and
//! `py_compile.py` of 3.13. Code is stored in its canonical form, so equal sources give equal
//! files. Each file is written under a temporary name and then renamed, so an incomplete file is
//! never visible.

#![forbid(unsafe_code)]

mod compiler;
mod destination;
mod file;
mod message;
mod naming;
mod output;
mod pool;
mod report;
mod source;
mod text;
mod walk;

pub use compiler::{Conflict, Invalidation, Task, TreeCompiler, WarningAction};
pub use naming::Naming;
pub use output::Quiet;
pub use report::{Event, FileReport, Outcome, SourceWarning, Summary};
pub use source::mtime;
pub use text::file_name_text;
