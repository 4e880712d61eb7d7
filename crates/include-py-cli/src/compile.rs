//! `include-py compile`: what `python -m compileall` does, without Python.
//!
//! ```text
//! $ include-py compile --target 3.13.0 -j0 -o 0 -o 2 src
//! Listing 'src'...
//! Compiling 'src/app.py'...
//! ```
//!
//! Options, messages, file names and exit codes are those of `compileall.py`, 3.13; code is stored in its canonical form.

mod arguments;
mod glob;
mod interrupt;
mod list;
mod memory;
mod python;
mod record;
mod say;
mod terminal;
mod warnings;

use std::sync::Arc;

use pyc_tree::Event;

use crate::Status;
use crate::error::Error;
pub(crate) use arguments::parse_target;
use arguments::{Arguments, Sources};
use interrupt::Interrupt;
use say::Printer;

pub(crate) const HELP: &str = "\
Compiles Python sources to .pyc files, as `python -m compileall` does, without any Python.

Usage: include-py compile [OPTION]… [FILE|DIR]…

Without FILE or DIR, the directories on sys.path are compiled, without those below them: on that of
--python, or else on PYTHONPATH.

  --target VERSION  Which CPython to compile for: 3.13.0, or 3.13 for its newest release; may be
                    repeated (default: that of --python, or else 3.13)
  --python EXE      An interpreter that is asked for its release and its sys.path
  -l                Don't go into directories below
  -r N              Go at most N directories deep; stronger than -l
  -f                Compile also what is up to date by its timestamp
  -q                Print errors only; -qq: not even those
  -b                Write a.pyc beside a.py, not into __pycache__
  -d DESTDIR        Directory to put before file names in code, in place of the one named
  -s STRIPDIR       Directory to take off the front of file names in code
  -p PREPENDDIR     Directory to put before file names in code
  -x REGEXP         Leave out files whose path matches, as Python's `re.search`
  --exclude GLOB    Leave out files and directories of such a name, or whose path ends so; may be
                    repeated: `tests`, `test_*.py`, `app/**/data`
  -i FILE           Also what FILE lists, a path a line; `-` is standard input
  -j N, --workers N Compile N files at once, fewer if there is little memory; 0: one for each
                    processor (default: 1)
  -o N              Optimisation level 0, 1 or 2; may be repeated (default: 0,
                    or what PYTHONOPTIMIZE says)
  -e DIR            Leave out symbolic links that lead out of DIR
  --hardlink-dupes  Make files of several levels one where their code is the same
  --invalidation-mode MODE
                    timestamp, checked-hash or unchecked-hash (default: checked-hash
                    if SOURCE_DATE_EPOCH is set, else timestamp)
  -W FILTER         What becomes of warnings: ignore, default or error, or a filter in the words of
                    `python -W`; may be repeated, and the last one that fits counts
  --out-dir DIR     Write below DIR what would be written below the directory that is compiled
  --cache-prefix DIR
                    Write below DIR, in place of PYTHONPYCACHEPREFIX
  --check           Compile nothing, but say what would be; exits with 1 if anything would
  --clean           Remove the .pyc files that would be written
  --format FORMAT   How errors and warnings are told: compileall, in the words of Python, or terminal,
                    with the line and a mark in colours (default: terminal if standard error is
                    one, else compileall)
  --json            Print a line of JSON for each file instead of text

PYTHONPYCACHEPREFIX, PYTHONOPTIMIZE and PYTHONWARNINGS mean what they mean to Python.

Exit code: 0 if everything was compiled, 1 if something was refused or, with --check, is to be
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
    let Arguments { compiler, sources, quiet, manner, task, .. } = arguments;
    let interrupt = Arc::new(Interrupt::watch()?);
    let stop = Arc::clone(&interrupt);
    let compiler = compiler.stop_when(move || stop.came());
    let mut printer = Printer::new(quiet, manner, task);
    let print = |event: Event| printer.print(&event);
    let summary = match sources {
        Sources::Named(paths) => compiler.compile_paths(paths, print),
        Sources::Path(entries) => compiler.compile_path(entries, print),
    };
    interrupt.obey();
    printer.finish()?;
    Ok(if summary.is_success() && summary.due == 0 { Status::Good } else { Status::Bad })
}
