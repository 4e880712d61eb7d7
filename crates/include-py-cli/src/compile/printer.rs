//! Prints the events of a run, and the progress on a terminal.

use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use pyc_tree::{Event, Quiet, Task};

use super::{record, terminal};
use crate::colour::{Colour, is_screen};
use crate::error::Error;

/// The output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// The text that `compileall` prints.
    Compileall,
    /// Text for people: errors and warnings are shown with their source lines.
    Terminal,
    Json,
}

impl Style {
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

impl Default for Style {
    fn default() -> Self {
        if is_screen(&io::stderr()) { Self::Terminal } else { Self::Compileall }
    }
}

/// Prints the events of a run.
pub(super) struct Printer {
    quiet: Quiet,
    style: Style,
    task: Task,
    /// For standard error.
    colour: Colour,
    progress: Progress,
    /// The error that ended the output early.
    failure: Option<io::Error>,
}

impl Printer {
    pub(super) fn new(quiet: Quiet, style: Style, task: Task) -> Self {
        let colour = Colour::of(&io::stderr());
        Self { quiet, style, task, colour, progress: Progress::new(quiet), failure: None }
    }

    /// Prints an event; a failure to write ends the run.
    pub(super) fn print(&mut self, event: &Event) -> ControlFlow<()> {
        let warnings = self.warnings(event, self.colour);
        if !warnings.is_empty() {
            self.progress.clear();
            // If standard error can't be written, this can't be reported anywhere.
            let _ = io::stderr().write_all(warnings.as_bytes());
        }
        let output = self.text(event);
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

    /// All that is printed for an event, without colours.
    pub(super) fn plain_text(&self, event: &Event) -> String {
        self.warnings(event, Colour::Plain) + &self.text(event)
    }

    /// The text for standard error: a file's warnings, and in the terminal's format its error as
    /// well.
    fn warnings(&self, event: &Event, colour: Colour) -> String {
        match (event, self.style) {
            (Event::File(report), Style::Compileall) => report.warning_text(),
            (Event::File(report), Style::Terminal) if self.quiet != Quiet::All => {
                terminal::text(report, colour)
            }
            _ => String::new(),
        }
    }

    /// The text for standard output.
    fn text(&self, event: &Event) -> String {
        match event {
            _ if self.style == Style::Json => record::line(event).unwrap_or_default(),
            // Of interest where there is something to wait for.
            Event::File(report) if self.style == Style::Terminal && report.is_failure() => {
                match self.quiet {
                    Quiet::No => format!("Compiling {}...\n", report.source().display()),
                    _ => String::new(),
                }
            }
            Event::Directory(_) if self.task != Task::Compile => String::new(),
            _ => event.compileall_output(self.quiet),
        }
    }

    /// Ends the output and reports whether everything was written.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.progress.clear();
        self.failure.map_or(Ok(()), Err)
    }
}

/// A progress line on the terminal, if nothing else is printed.
struct Progress {
    shown: bool,
    done: usize,
    /// The time of the last update, if there was one.
    last: Option<Instant>,
}

/// Minimum time between updates; more often would not be readable.
const INTERVAL: Duration = Duration::from_millis(100);

impl Progress {
    fn new(quiet: Quiet) -> Self {
        let shown = quiet == Quiet::Progress && is_screen(&io::stderr());
        Self { shown, done: 0, last: None }
    }

    /// Counts one more step.
    fn count(&mut self) {
        self.done += 1;
        let is_due = self.last.is_none_or(|last| last.elapsed() >= INTERVAL);
        if self.shown && is_due {
            self.last = Some(Instant::now());
            let _ = write!(io::stderr(), "\r{} files", self.done);
        }
    }

    /// Erases the progress line before other output.
    fn clear(&mut self) {
        if self.shown && self.last.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
