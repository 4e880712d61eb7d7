//! Many files at once, said in order.
//!
//! Threads take the next file each. What is to be said of it waits until everything before it is said, so that output
//! doesn't depend on how many there are; whoever has what comes next prints.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::arguments::{Arguments, Quiet};
use super::interrupt::Interrupt;
use super::one::{self, Report};
use super::walk::Event;
use crate::error::Error;

/// For sources nested as deep as the compiler goes.
const STACK: usize = 16 << 20;

/// Compiles every file of `events`; says whether all went well.
pub(super) fn compile(arguments: &Arguments, events: &[Event]) -> Result<bool, Error> {
    let files = events.iter().filter(|event| matches!(event, Event::File(..))).count();
    let interrupt = Interrupt::watch()?;
    let next = AtomicUsize::new(0);
    let printer = Mutex::new(Printer::new(arguments, events.len()));
    let work = || -> io::Result<()> {
        while !interrupt.came() {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let report = match events.get(at) {
                Some(Event::File(path, renaming)) => one::compile(path, renaming, arguments),
                Some(Event::Say(text)) => {
                    Report { output: format!("{text}\n"), ..Report::default() }
                }
                None => return Ok(()),
            };
            printer.lock().unwrap_or_else(PoisonError::into_inner).print(at, report)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let spawn = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let workers = 0..arguments.workers.clamp(1, files.max(1));
        let mut spawned = workers.map(spawn);
        let mut workers = vec![spawned.next().expect("there is at least one worker")?];
        // Where no more threads can be had, those that there are do the work.
        workers.extend(spawned.map_while(Result::ok));
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    interrupt.obey();
    Ok(printer.into_inner().unwrap_or_else(PoisonError::into_inner).finish())
}

/// Prints reports in the order of their events.
struct Printer {
    progress: Progress,
    /// Reports that come too early, by their events.
    waiting: Vec<Option<Report>>,
    /// The event whose report comes next.
    at: usize,
    good: bool,
}

impl Printer {
    fn new(arguments: &Arguments, total: usize) -> Self {
        let waiting = std::iter::repeat_with(|| None).take(total).collect();
        Self { progress: Progress::new(arguments, total), waiting, at: 0, good: true }
    }

    /// Takes a report, and prints those that nothing is before any more.
    fn print(&mut self, at: usize, report: Report) -> io::Result<()> {
        self.waiting[at] = Some(report);
        while let Some(report) = self.waiting.get_mut(self.at).and_then(Option::take) {
            self.good &= !report.failed;
            self.progress.clear(&report);
            if !report.output.is_empty() {
                io::stdout().write_all(report.output.as_bytes())?;
            }
            let _ = io::stderr().write_all(report.warnings.as_bytes());
            self.at += 1;
            self.progress.show(self.at);
        }
        Ok(())
    }

    /// Whether all went well.
    fn finish(self) -> bool {
        self.progress.clear(&Report { failed: true, ..Report::default() });
        self.good
    }
}

/// A line on the terminal that says how far it is, where nothing else is printed.
struct Progress {
    shown: bool,
    total: usize,
    /// When it was last written, once it was.
    last: Option<Instant>,
}

/// How often it is written: as often as anybody reads it.
const INTERVAL: Duration = Duration::from_millis(100);

impl Progress {
    fn new(arguments: &Arguments, total: usize) -> Self {
        let shown = arguments.quiet == Quiet::Progress && std::io::stderr().is_terminal();
        Self { shown, total, last: None }
    }

    fn show(&mut self, done: usize) {
        let is_due = self.last.is_none_or(|last| last.elapsed() >= INTERVAL);
        if self.shown && is_due {
            self.last = Some(Instant::now());
            let _ = write!(io::stderr(), "\r{done} of {} files", self.total);
        }
    }

    /// Makes room for what `report` says.
    fn clear(&self, report: &Report) {
        if self.shown && (report.failed || !report.warnings.is_empty()) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
