//! `cargo xtask bench compiler`: compares our compiler with `compile()` and `marshal.dumps`, for a
//! library in memory.
//!
//! ```text
//!                          MB/s     ns a byte
//! CPython 3.13.0           5.81           172
//! pyc-compiler            40.22            25   6.9 times
//!     parse                                10
//! ```
//!
//! Both run in one thread, in alternation. The numbers are medians of processor time.

mod row;

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::Command;

use pyc_compiler::{Options, Target, stage};

use row::{Row, median};
use testbed::library::sources;
use testbed::pythons::{self, Python, interpreter};
use testbed::script::Script;

const SCRIPT: &str = include_str!("compiler.py");

/// Measures with each interpreter of this machine that the compiler supports, and prints a table.
pub(super) fn run_all(runs: usize) -> Result<(), String> {
    let mut all = pythons::all()?;
    all.retain(|python| Target::preview(python.version()).is_ok());
    let rows: Vec<Row> =
        all.into_iter().map(|python| measured(python, runs)).collect::<Result<_, _>>()?;
    row::print_all(&rows);
    Ok(())
}

/// Measures `runs` rounds over the interpreter's standard library.
pub(super) fn run(version: &str, runs: usize) -> Result<(), String> {
    measured(interpreter(version)?, runs).map(drop)
}

/// Measures, and prints the time of each stage.
fn measured(python: Python, runs: usize) -> Result<Row, String> {
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let files = sources(&python, &[], 1)?;
    let paths: Vec<PathBuf> = files.into_iter().map(|(_, path)| path).collect();
    let read = |path: &PathBuf| {
        std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let sources: Vec<Vec<u8>> = paths.iter().map(read).collect::<Result<_, _>>()?;
    let bytes: usize = sources.iter().map(Vec::len).sum();

    let failed = |error: std::io::Error| format!("{}: {error}", python.path().display());
    let mut listing = tempfile::NamedTempFile::new().map_err(failed)?;
    for path in &paths {
        writeln!(listing, "{}", path.display()).map_err(failed)?;
    }
    let mut command = Command::new(python.path());
    let mut script = Script::start_as(command.args(["-c", SCRIPT]).arg(listing.path()))?;

    let options = Options::new(target, "m.py");
    let (mut theirs, mut ours, mut parts) = (Vec::new(), Vec::new(), BTreeMap::new());
    for _ in 0..runs {
        writeln!(script).map_err(failed)?;
        let mut line = String::new();
        script.read_line(&mut line).map_err(failed)?;
        let time = line.trim().parse::<f64>();
        theirs.push(time.map_err(|_| "the interpreter says no time".to_owned())?);
        ours.push(seconds(|| {
            for source in &sources {
                // Files that CPython refuses are refused here, too.
                let _ = std::hint::black_box(pyc_compiler::compile_to_marshal(source, &options));
            }
        }));
        for (part, time) in stages(&sources, &options) {
            parts.entry(part).or_insert_with(Vec::new).push(time);
        }
    }
    script.finish()?;

    let row = Row {
        files: sources.len(),
        bytes,
        theirs: median(&mut theirs),
        ours: median(&mut ours),
        python,
    };
    row.print(runs, parts);
    Ok(row)
}

/// The seconds that each stage takes in a round.
fn stages(sources: &[Vec<u8>], options: &Options) -> BTreeMap<&'static str, f64> {
    let mut sums = BTreeMap::new();
    for source in sources {
        let mut last = std::time::Instant::now();
        let _ = stage::observe(source, options, &mut |stage| {
            let now = std::time::Instant::now();
            *sums.entry(stage).or_insert(0.0) += (now - last).as_secs_f64();
            last = now;
        });
    }
    sums
}

/// The processor time of this process for `work`, with that of the threads on which deep sources
/// are compiled, and all wrong ones diagnosed.
pub(super) fn seconds(work: impl FnOnce()) -> f64 {
    let now = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        std::time::Duration::try_from(time).unwrap_or_default().as_secs_f64()
    };
    let start = now();
    work();
    now() - start
}
