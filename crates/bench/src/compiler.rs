//! `cargo xtask bench compiler`: our compiler against `compile()` and `marshal.dumps`, over a library in memory.
//!
//! ```text
//!                          MB/s     ns a byte
//! CPython 3.13.0           5.81           172
//! pyc-compiler            40.22            25   6.9 times
//!     parse                                10
//! ```
//!
//! One thread each, in alternation, the processor's time, medians.

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::Command;

use pyc_compiler::{Options, Target, stage};

use testbed::library::sources;
use testbed::pythons::{self, Python, interpreter};
use testbed::script::Script;

const SCRIPT: &str = include_str!("compiler.py");

/// What came of a measurement: seconds of a round.
struct Row {
    python: Python,
    files: usize,
    bytes: usize,
    theirs: f64,
    ours: f64,
}

/// Measures with each interpreter of this machine that the compiler compiles for, and prints one table.
pub(super) fn run_all(runs: usize) -> Result<(), String> {
    let mut all = pythons::all()?;
    all.retain(|python| Target::preview(python.version()).is_ok());
    let rows: Vec<Row> =
        all.into_iter().map(|python| measured(python, runs)).collect::<Result<_, _>>()?;
    println!("\nversion    files      MB  CPython MB/s  ours MB/s   times");
    for row in &rows {
        let megabytes = size(row.bytes) / 1e6;
        println!(
            "{:9} {:6} {megabytes:7.1} {:13.2} {:10.2} {:7.1}",
            row.python.version().to_string(),
            row.files,
            megabytes / row.theirs,
            megabytes / row.ours,
            row.theirs / row.ours
        );
    }
    Ok(())
}

/// Measures `runs` rounds over the interpreter's standard library.
pub(super) fn run(version: &str, runs: usize) -> Result<(), String> {
    measured(interpreter(version)?, runs).map(drop)
}

/// Measures, and prints what each stage takes.
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
                // What CPython refuses is refused.
                let _ = std::hint::black_box(pyc_compiler::compile_to_marshal(source, &options));
            }
        })?);
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

impl Row {
    fn print(&self, runs: usize, mut parts: BTreeMap<&'static str, Vec<f64>>) {
        let Self { python, files, bytes, theirs, ours } = self;
        let (bytes, theirs, ours) = (*bytes, *theirs, *ours);
        let megabytes = size(bytes) / 1e6;
        let each = |time: f64| time * 1e9 / size(bytes);
        println!("{files} files, {megabytes:.1} MB, medians of {runs} rounds");
        println!("                         MB/s     ns a byte");
        let label = format!("CPython {}", python.version());
        println!("{label:20} {:8.2} {:13.1}", megabytes / theirs, each(theirs));
        let ratio = theirs / ours;
        println!(
            "{:20} {:8.2} {:13.1}   {ratio:.1} times",
            "pyc-compiler",
            megabytes / ours,
            each(ours)
        );
        for part in STAGES {
            let time = parts.get_mut(part).map_or(0.0, |times| median(times));
            println!("    {part:16}          {:13.1}", each(time));
        }
        println!("Stages are timed by the wall clock, in rounds of their own.");
    }
}

const STAGES: &[&str] = &["decode", "parse", "scopes", "codegen", "flow", "assemble", "marshal"];

/// The seconds that each stage takes in one round.
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

/// How long this thread runs on the processor for `work`, as the kernel counts it.
pub(super) fn seconds(work: impl FnOnce()) -> Result<f64, String> {
    let now = || -> Option<f64> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
    };
    let start = now();
    work();
    let end = now();
    start.zip(end).map(|(start, end)| end - start).ok_or_else(|| {
        "this kernel doesn't tell how long a thread has run (/proc/thread-self/schedstat)"
            .to_owned()
    })
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

fn size(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX))
}
