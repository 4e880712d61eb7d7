//! Prints what a run does, as `compileall` says it.
//!
//! ```text
//! Listing 'src'...
//! Compiling 'src/app.py'...
//! ```

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use pyc_tree::{Event, FileReport, Outcome};

use super::arguments::Quiet;
use super::report;

/// Prints the events of a run.
pub(super) struct Printer {
    quiet: Quiet,
    progress: Progress,
    /// Why the output has ended too early, if it has.
    failure: Option<io::Error>,
}

impl Printer {
    pub(super) fn new(quiet: Quiet) -> Self {
        Self { quiet, progress: Progress::new(quiet), failure: None }
    }

    /// Prints an event; output that fails ends the run.
    pub(super) fn print(&mut self, event: &Event) -> ControlFlow<()> {
        let output = match event {
            Event::Directory(path) if self.quiet == Quiet::No => {
                format!("Listing {}...\n", quoted(path))
            }
            Event::Unlistable(path, _) if self.quiet < Quiet::All => {
                format!("Can't list {}\n", quoted(path))
            }
            Event::CurrentDirectory if self.quiet < Quiet::All => {
                "Skipping current directory\n".to_owned()
            }
            Event::File(report) => self.file(report),
            _ => String::new(),
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

    /// What is said of a file. Its warnings are printed at once, on standard error.
    fn file(&mut self, report: &FileReport) -> String {
        let mut output = String::new();
        let source = report.source();
        if let Some(prefix) = report.unstripped().filter(|_| self.quiet < Quiet::All) {
            // Writing to a string doesn't fail.
            let _ = writeln!(
                output,
                "The stripdir path {} is not a valid prefix for source path {}; ignoring",
                quoted(Path::new(prefix)),
                quoted(source)
            );
        }
        if self.quiet == Quiet::No
            && !matches!(report.outcome(), Outcome::Skipped | Outcome::UpToDate)
        {
            let _ = writeln!(output, "Compiling {}...", quoted(source));
        }
        let mut warnings = String::new();
        for warning in report.warnings() {
            report::warned(&mut warnings, report.name(), warning);
        }
        if !warnings.is_empty() {
            self.progress.clear();
            // There is nowhere to say that it can't be written.
            let _ = io::stderr().write_all(warnings.as_bytes());
        }
        let message = match report.outcome() {
            Outcome::Refused(error) => report::refused(report.name(), error),
            Outcome::RefusedForWarning(warning) => report::refused_for(report.name(), warning),
            Outcome::Failed(path, error) => {
                report::failed(path.as_os_str().as_encoded_bytes(), error)
            }
            Outcome::Unnameable(error) => format!("SystemError: {error}\n"),
            _ => return output,
        };
        match self.quiet {
            Quiet::All => {}
            Quiet::No => {
                let _ = writeln!(output, "*** {message}");
            }
            Quiet::Progress => {
                let _ = writeln!(output, "*** Error compiling {}...\n{message}", quoted(source));
            }
        }
        output
    }

    /// Ends the output, and says whether it could be written.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.progress.clear();
        self.failure.map_or(Ok(()), Err)
    }
}

fn quoted(path: &Path) -> String {
    report::quoted(path.as_os_str().as_encoded_bytes())
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
        let shown = quiet == Quiet::Progress && io::stderr().is_terminal();
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
