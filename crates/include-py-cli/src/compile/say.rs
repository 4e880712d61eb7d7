//! Prints what a run does, and on a terminal how far it is.

use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use pyc_tree::{Event, Quiet, Task};

use super::{record, terminal};
use crate::colour::{Colour, is_screen};
use crate::error::Error;

/// How files are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// As `compileall` prints.
    Compileall,
    /// With the lines that are wrong, for somebody who looks.
    Terminal,
    Json,
}

impl Manner {
    pub(super) fn named(name: &str) -> Result<Self, Error> {
        match name {
            "compileall" => Ok(Self::Compileall),
            "terminal" => Ok(Self::Terminal),
            other => Err(Error::usage(&format!(
                "`--format` takes compileall or terminal, not `{other}`"
            ))),
        }
    }
}

impl Default for Manner {
    fn default() -> Self {
        if is_screen(&io::stderr()) { Self::Terminal } else { Self::Compileall }
    }
}

/// Prints the events of a run.
pub(super) struct Printer {
    quiet: Quiet,
    manner: Manner,
    task: Task,
    progress: Progress,
    /// Why the output has ended too early, if it has.
    failure: Option<io::Error>,
}

impl Printer {
    pub(super) fn new(quiet: Quiet, manner: Manner, task: Task) -> Self {
        Self { quiet, manner, task, progress: Progress::new(quiet), failure: None }
    }

    /// Prints an event; output that fails ends the run.
    pub(super) fn print(&mut self, event: &Event) -> ControlFlow<()> {
        let output = match self.manner {
            Manner::Json => record::line(event).unwrap_or_default(),
            Manner::Compileall | Manner::Terminal => {
                self.warn(event);
                self.text(event)
            }
        };
        if output.is_empty() {
            self.progress.count();
            return ControlFlow::Continue(());
        }
        self.progress.clear();
        match io::stdout().write_all(output.as_bytes()) {
            Ok(()) => {
                self.progress.count();
                ControlFlow::Continue(())
            }
            Err(error) => {
                self.failure = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// Prints the warnings of a file on standard error, and at a terminal its error.
    fn warn(&mut self, event: &Event) {
        let Event::File(report) = event else { return };
        let warnings = match self.manner {
            Manner::Terminal if self.quiet == Quiet::All => String::new(),
            Manner::Terminal => terminal::text(report, Colour::of(&io::stderr())),
            Manner::Compileall | Manner::Json => report.warning_text(),
        };
        if !warnings.is_empty() {
            self.progress.clear();
            // There is nowhere to say that it can't be written.
            let _ = io::stderr().write_all(warnings.as_bytes());
        }
    }

    fn text(&self, event: &Event) -> String {
        match event {
            // Of interest where there is something to wait for.
            Event::File(report) if self.manner == Manner::Terminal && report.is_failure() => {
                match self.quiet {
                    Quiet::No => format!("Compiling {}...\n", report.source().display()),
                    _ => String::new(),
                }
            }
            Event::Directory(_) if self.task != Task::Compile => String::new(),
            _ => event.compileall_output(self.quiet),
        }
    }

    /// Ends the output, and says whether it could be written.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.progress.clear();
        self.failure.map_or(Ok(()), Err)
    }
}

/// A line on the terminal that says how far it is, where nothing else is printed.
struct Progress {
    shown: bool,
    done: usize,
    /// When it was last written, once it was.
    last: Option<Instant>,
}

/// How often it is written: as often as anybody reads it.
const INTERVAL: Duration = Duration::from_millis(100);

impl Progress {
    fn new(quiet: Quiet) -> Self {
        let shown = quiet == Quiet::Progress && is_screen(&io::stderr());
        Self { shown, done: 0, last: None }
    }

    /// One more step is done.
    fn count(&mut self) {
        self.done += 1;
        let is_due = self.last.is_none_or(|last| last.elapsed() >= INTERVAL);
        if self.shown && is_due {
            self.last = Some(Instant::now());
            let _ = write!(io::stderr(), "\r{} files", self.done);
        }
    }

    /// Makes room for other output.
    fn clear(&mut self) {
        if self.shown && self.last.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
