//! Compiles with the installed command `include-py`, which is optimised, unlike build scripts.
//!
//! ```text
//! include-py worker --target 3.13.0
//! ready, include-py, 0.1.0, 3.13.0      a command of another version or release isn't used
//! ```
//!
//! The command has the same compiler, so its code is the same. If it refuses a source or gives no
//! answer, this process compiles that source itself. Thus a build produces the same bundle and
//! messages with and without the command.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use pyc_compiler::Target;

use super::super::interpreter::Worker;
use super::{Job, Outcome, Queue};
use crate::parallel::Workers;
use crate::report::Optimized;

/// Minimum total size of the sources; below it, starting a process takes longer than compiling.
const WORTHWHILE: usize = 128 << 10;

/// Size of the sources for each further process.
const BYTES_PER_WORKER: usize = 1 << 20;

/// Compiles with the command, if it is worthwhile. Outcomes are in the order of the jobs, and
/// [`Outcome::Untried`] where the command has none.
pub(super) fn compile(
    command: Option<&Path>,
    target: Target,
    workers: &Workers,
    jobs: &[Job<'_>],
) -> Vec<Outcome> {
    let queue = Queue::new(jobs, Outcome::Untried);
    let total: usize = jobs.iter().map(|job| job.source.len()).sum();
    let command = command.filter(|_| total >= WORTHWHILE && Optimized::here() == Optimized::No);
    let started = command.and_then(|command| {
        let start = || start(command, target);
        start().map(|first| (first, start))
    });
    let Some((first, start)) = started else { return queue.into_outcomes() };
    let first = Mutex::new(Some(first));
    workers.at_most(total.div_ceil(BYTES_PER_WORKER)).run(|| {
        let first = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut worker) = first.or_else(&start) else { return };
        while let Some((number, job)) = queue.take() {
            match worker.compile(job) {
                Ok(code @ Outcome::Code { .. }) => queue.put(number, code),
                Ok(_) => {}
                Err(_) => break,
            }
        }
    });
    queue.into_outcomes()
}

/// The first `include-py` on `PATH`.
pub(crate) fn search(path: &std::ffi::OsStr) -> Option<PathBuf> {
    let name = format!("include-py{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(path).map(|dir| dir.join(&name)).find(|file| file.is_file())
}

/// Starts the command. `None` if it can't be started, has another version, or compiles for another
/// release.
fn start(command: &Path, target: Target) -> Option<Worker> {
    let mut process = Command::new(command);
    process.args(["worker", "--target", &target.to_string()]);
    let (worker, greeting) = Worker::of(process).ok()?;
    let release = target.to_string();
    let wanted = ["ready", "include-py", env!("CARGO_PKG_VERSION"), &release];
    greeting.iter().eq(wanted.map(str::as_bytes)).then_some(worker)
}
