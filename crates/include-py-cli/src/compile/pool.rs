//! Many files at once, said in order.
//!
//! Threads take the next file each; the one that prints waits for each report in turn, so that output doesn't depend on
//! how many there are.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::arguments::{Arguments, Quiet};
use super::one::{self, Report};
use super::walk::Event;
use crate::error::Error;

/// For sources nested as deep as the compiler goes.
const STACK: usize = 16 << 20;

/// Compiles every file of `events`; says whether all went well.
pub(super) fn compile(arguments: &Arguments, events: &[Event]) -> Result<bool, Error> {
    let files = events.iter().filter(|event| matches!(event, Event::File(..))).count();
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..arguments.workers.clamp(1, files.max(1)) {
            let (send, next) = (send.clone(), &next);
            let work = move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let report = match events.get(at) {
                        Some(Event::File(path, renaming)) => {
                            one::compile(path, renaming, arguments)
                        }
                        Some(Event::Say(text)) => {
                            Report { output: format!("{text}\n"), ..Report::default() }
                        }
                        None => break,
                    };
                    if send.send((at, report)).is_err() {
                        break;
                    }
                }
            };
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        }
        drop(send);
        print(arguments, events.len(), &receive)
    })
}

/// Prints reports in the order of their events.
fn print(
    arguments: &Arguments,
    total: usize,
    reports: &mpsc::Receiver<(usize, Report)>,
) -> Result<bool, Error> {
    let progress = Progress::new(arguments, total);
    let mut waiting: Vec<Option<Report>> = std::iter::repeat_with(|| None).take(total).collect();
    let (mut at, mut good) = (0, true);
    let mut out = std::io::stdout().lock();
    for (index, report) in reports {
        waiting[index] = Some(report);
        while let Some(report) = waiting.get_mut(at).and_then(Option::take) {
            good &= !report.failed;
            progress.clear(&report);
            out.write_all(report.output.as_bytes())?;
            eprint!("{}", report.warnings);
            at += 1;
            progress.show(at);
        }
    }
    progress.clear(&Report { failed: true, ..Report::default() });
    Ok(good)
}

/// A line on the terminal that says how far it is, where nothing else is printed.
struct Progress {
    shown: bool,
    total: usize,
}

impl Progress {
    fn new(arguments: &Arguments, total: usize) -> Self {
        let shown = arguments.quiet == Quiet::Progress && std::io::stderr().is_terminal();
        Self { shown, total }
    }

    fn show(&self, done: usize) {
        if self.shown {
            eprint!("\r{done} of {} files", self.total);
        }
    }

    /// Makes room for what `report` says.
    fn clear(&self, report: &Report) {
        if self.shown && (report.failed || !report.warnings.is_empty()) {
            eprint!("\r\x1b[K");
        }
    }
}
