//! Compiles files and directories on worker threads, while the calling thread reports the results.
//!
//! The calling thread is attached to the interpreter only while it prints and checks for Ctrl-C.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use pyc_tree::{Event, Invalidation, Naming, Quiet, Summary, TreeCompiler, WarningAction};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::error::category;
use crate::{code, release};

/// Interval between checks for Ctrl-C.
const INTERVAL: Duration = Duration::from_millis(50);

/// The options, which `compileall.py` passes as a dictionary.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    targets: Vec<String>,
    exclude: Vec<String>,
    out_dir: Option<PathBuf>,
    levels: Vec<i32>,
    directory: Option<PathBuf>,
    strip: Option<PathBuf>,
    prepend: Option<PathBuf>,
    links_within: Option<PathBuf>,
    cache_prefix: Option<PathBuf>,
    invalidation: String,
    skip: Option<Py<PyAny>>,
    /// Called with the message, category, file and line of a warning; returns whether it is an
    /// error.
    refuses: Py<PyAny>,
    flags: Vec<String>,
    workers: usize,
    max_depth: Option<u32>,
}

/// Compiles a file or a directory. Calls `report` with the output and the warnings of each file.
#[pyfunction]
pub(crate) fn compile_tree(
    py: Python<'_>,
    kind: &str,
    path: PathBuf,
    quiet: u8,
    options: Options,
    report: &Bound<'_, PyAny>,
) -> PyResult<bool> {
    let quiet = match quiet {
        0 => Quiet::No,
        1 => Quiet::Progress,
        _ => Quiet::All,
    };
    let stopped = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&stopped);
    let compiler = compiler(options)?.stop_when(move || stop.load(Ordering::Relaxed));
    thread::scope(|scope| {
        let (sender, mut receiver) = sync_channel(64);
        let run = scope.spawn(move || run(&compiler, kind, path, &sender));
        let received = receive(py, &mut receiver, quiet, report);
        stopped.store(true, Ordering::Relaxed);
        // Wakes up a worker that waits for space in the channel: its `send` fails.
        drop(receiver);
        let summary = py.detach(|| run.join());
        received?;
        match summary {
            Ok(summary) => Ok(summary.is_success()),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn run(compiler: &TreeCompiler, kind: &str, path: PathBuf, sender: &SyncSender<Event>) -> Summary {
    let send = |event| match sender.send(event) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    };
    match kind {
        "directory" => compiler.compile_dir(path, send),
        _ => compiler.compile_paths([path], send),
    }
}

/// Reports events until all senders are gone.
fn receive(
    py: Python<'_>,
    receiver: &mut Receiver<Event>,
    quiet: Quiet,
    report: &Bound<'_, PyAny>,
) -> PyResult<()> {
    loop {
        match receiver.try_recv().or_else(|_| py.detach(|| wait(receiver))) {
            Ok(event) => {
                let (output, warnings) = (event.compileall_output(quiet), warnings(py, &event));
                if !output.is_empty() || !warnings.is_empty() {
                    report.call1((output, warnings))?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        py.check_signals()?;
    }
}

/// Takes a unique reference, because a `Receiver` is `Send` but not `Sync`, and `detach` requires
/// `Send` of what its closure captures.
fn wait(receiver: &mut Receiver<Event>) -> Result<Event, RecvTimeoutError> {
    receiver.recv_timeout(INTERVAL)
}

/// The message, category, file and line of each warning.
fn warnings<'py>(
    py: Python<'py>,
    event: &Event,
) -> Vec<(String, Bound<'py, PyType>, String, usize)> {
    let Event::File(report) = event else { return Vec::new() };
    let one = |found: &pyc_tree::SourceWarning| {
        (
            found.warning.message.to_string(),
            category(py, found.warning.kind),
            report.name().to_owned(),
            found.warning.span.map_or(0, |span| span.line),
        )
    };
    report.warnings().iter().map(one).collect()
}

fn compiler(options: Options) -> PyResult<TreeCompiler> {
    let mut naming = Naming::default();
    if let Some(directory) = options.directory {
        naming = naming.directory(directory);
    }
    if let Some(prefix) = options.strip {
        naming = naming.strip(prefix);
    }
    if let Some(prefix) = options.prepend {
        naming = naming.prepend(prefix);
    }
    let levels: PyResult<Vec<_>> = options.levels.into_iter().map(code::level).collect();
    let targets: PyResult<Vec<_>> =
        options.targets.iter().map(|name| release::named(name)).collect();
    let mut targets = targets?.into_iter();
    let first = targets.next().ok_or_else(|| PyValueError::new_err("`target` names no release"))?;
    let mut compiler = targets
        .fold(TreeCompiler::new(first), TreeCompiler::also_for)
        .levels(levels?)
        .naming(naming)
        .invalidation(match options.invalidation.as_str() {
            "checked-hash" => Invalidation::CheckedHash,
            "unchecked-hash" => Invalidation::UncheckedHash,
            _ => Invalidation::Timestamp,
        });
    compiler = compiler.workers(NonZero::new(options.workers).unwrap_or(NonZero::<usize>::MIN));
    if let Some(depth) = options.max_depth {
        compiler = compiler.max_depth(depth);
    }
    if let Some(directory) = options.links_within {
        compiler = compiler.links_within(directory);
    }
    if let Some(prefix) = options.cache_prefix {
        compiler = compiler.cache_prefix(prefix);
    }
    if let Some(directory) = options.out_dir {
        compiler = compiler.out_dir(directory);
    }
    if !options.exclude.is_empty() {
        let excludes = include_py_cli::excluding(&options.exclude);
        compiler = compiler.exclude(excludes.map_err(PyValueError::new_err)?);
    }
    if let Some(skip) = options.skip {
        compiler = compiler.skip(move |path| {
            let found = Python::attach(|py| skip.call1(py, (path.as_os_str(),))?.extract(py));
            found.unwrap_or(false)
        });
    }
    let refuses = options.refuses;
    compiler = compiler.filter_warnings(move |file, warning| {
        let line = warning.span.map_or(0, |span| span.line);
        let refused = Python::attach(|py| {
            let category = category(py, warning.kind);
            refuses.call1(py, (warning.message.as_str(), category, file, line))?.extract(py)
        });
        if refused.unwrap_or(false) { WarningAction::Refuse } else { WarningAction::Report }
    });
    for flag in options.flags {
        compiler = match flag.as_str() {
            "force" => compiler.force(),
            "legacy" => compiler.legacy(),
            "hardlink" => compiler.hardlink_duplicates(),
            other => return Err(PyValueError::new_err(format!("no flag is named {other}"))),
        };
    }
    compiler.check().map_err(|conflict| PyValueError::new_err(conflict.to_string()))?;
    Ok(compiler)
}
