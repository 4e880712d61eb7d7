//! `include-py compile`: what `python -m compileall` does, without Python.
//!
//! ```text
//! $ include-py compile --target 3.13.0 -j0 -o 0 -o 2 src
//! Listing 'src'...
//! Compiling 'src/app.py'...
//! ```
//!
//! Options, messages, file names and exit codes are those of `compileall.py`, 3.13. Code is stored
//! in its canonical form.

mod arguments;
mod glob;
mod interrupt;
mod list;
mod memory;
mod printer;
mod python;
mod record;
mod terminal;
mod warnings;

use std::ffi::OsString;
use std::ops::ControlFlow;
use std::sync::Arc;

use pyc_tree::{Event, Summary};

use crate::Status;
use crate::error::Error;
pub(crate) use arguments::parse_target;
use arguments::{Arguments, Sources};
pub use glob::excluding;
use interrupt::Interrupt;
use printer::Printer;

pub(crate) const HELP: &str = "\
Compiles Python sources to .pyc files, as `python -m compileall` does, without any Python.

Usage: include-py compile [OPTION]… [FILE|DIR]…

Without FILE or DIR, the directories on sys.path are compiled without their subdirectories: the
sys.path of --python, or else PYTHONPATH.

  --target VERSION  Which CPython to compile for: 3.13.0, or 3.13 for its newest release; may be
                    repeated (default: that of --python, or else 3.13)
  --python EXE      Take the release and sys.path from this interpreter
  -l                Don't descend into subdirectories
  -r N              Descend at most N directories; takes precedence over -l
  -f                Compile files that are up to date, too
  -q                Print errors only; -qq: not even those
  -b                Write a.pyc beside a.py, not into __pycache__
  -d DESTDIR        Directory that replaces the one given, in file names in code
  -s STRIPDIR       Directory to strip from the start of file names in code
  -p PREPENDDIR     Directory to prepend to file names in code
  -x REGEXP         Skip files whose path matches, as Python's `re.search`
  --exclude GLOB    Skip files and directories with a matching name or end of the path; may be
                    repeated: `tests`, `test_*.py`, `app/**/data`
  -i FILE           Also compile the paths in FILE, one per line; `-` is standard input
  -j N, --workers N Compile N files at once, fewer if there is little memory; 0: one for each
                    processor (default: 1)
  -o N              Optimisation level 0, 1 or 2; may be repeated (default: 0,
                    or what PYTHONOPTIMIZE says)
  -e DIR            Skip symbolic links that lead out of DIR
  --hardlink-dupes  Hard-link files of several levels if their code is the same
  --invalidation-mode MODE
                    timestamp, checked-hash or unchecked-hash (default: checked-hash
                    if SOURCE_DATE_EPOCH is set, else timestamp)
  -W FILTER         What to do with warnings: ignore, default or error, or a filter as for
                    `python -W`; may be repeated, and the last one that matches applies
  --out-dir DIR     Write below DIR instead of below the compiled directory
  --cache-prefix DIR
                    Write below DIR; takes precedence over PYTHONPYCACHEPREFIX
  --check           Compile nothing, but report what would be compiled; exits with 1 if anything
                    would be
  --clean           Remove the .pyc files that would be written
  --format FORMAT   How to print errors and warnings: compileall, as Python does, or terminal, with
                    the source line and colours (default: terminal if standard error is one,
                    else compileall)
  --json            Print a line of JSON for each file instead of text

PYTHONPYCACHEPREFIX, PYTHONOPTIMIZE and PYTHONWARNINGS mean what they mean to Python.

Exit code: 0 if everything was compiled, 1 if a source was refused or, with --check, would be
compiled, 2 for a misused command line.
";

/// Compiles what the command line names.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let Some(mut arguments) = Arguments::parse(parser)? else {
        return crate::help(HELP);
    };
    if !arguments.read_list()? {
        return Ok(Status::Bad);
    }
    let Arguments { compiler, sources, quiet, style, task, .. } = arguments;
    let interrupt = Arc::new(Interrupt::watch()?);
    let stop = Arc::clone(&interrupt);
    let compiler = compiler.stop_when(move || stop.came());
    let mut printer = Printer::new(quiet, style, task);
    let print = |event: Event| printer.print(&event);
    let summary = match sources {
        Sources::Named(paths) => compiler.compile_paths(paths, print),
        Sources::Path(entries) => compiler.compile_path(entries, print),
    };
    interrupt.obey();
    printer.finish()?;
    Ok(status(&summary))
}

/// Compiles what these arguments name, and appends what would be printed to `output`. Neither the
/// standard streams nor `sys.path` are used.
pub(crate) fn run_captured(
    arguments: impl IntoIterator<Item = OsString>,
    output: &mut String,
) -> Result<Status, Error> {
    let parsed = Arguments::parse(&mut lexopt::Parser::from_args(arguments))?;
    let Some(Arguments { compiler, sources, list: None, quiet, style, task }) = parsed else {
        return Err(Error::usage("neither `--help` nor `-i` can be used here"));
    };
    let Sources::Named(paths) = sources else {
        return Err(Error::usage("name files or directories"));
    };
    let printer = Printer::new(quiet, style, task);
    let summary = compiler.compile_paths(paths, |event| {
        output.push_str(&printer.plain_text(&event));
        ControlFlow::Continue(())
    });
    Ok(status(&summary))
}

fn status(summary: &Summary) -> Status {
    if summary.is_success() && summary.due == 0 { Status::Good } else { Status::Bad }
}
