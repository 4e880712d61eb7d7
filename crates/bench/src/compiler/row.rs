//! The result of a measurement, and how it is printed.

use std::collections::BTreeMap;

use testbed::pythons::Python;

const STAGES: &[&str] = &["decode", "parse", "scopes", "codegen", "flow", "assemble", "marshal"];

/// The result of a measurement.
pub(super) struct Row {
    pub(super) python: Python,
    pub(super) files: usize,
    pub(super) bytes: usize,
    /// The interpreter's seconds for all files, the median of the rounds.
    pub(super) theirs: f64,
    /// The same for our compiler.
    pub(super) ours: f64,
}

impl Row {
    /// Prints the row, and the times of the stages.
    pub(super) fn print(&self, runs: usize, mut parts: BTreeMap<&'static str, Vec<f64>>) {
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

/// Prints one table of several measurements.
pub(super) fn print_all(rows: &[Row]) {
    println!("\nversion    files      MB  CPython MB/s  ours MB/s   times");
    for row in rows {
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
}

pub(super) fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

fn size(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX))
}
