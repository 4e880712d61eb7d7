//! `cargo xtask bench refused`: compares the time in which our compiler refuses a file with the
//! time in which it compiles it.
//!
//! ```text
//! wrong                     files     compiled ms  refused ms   times  longest
//! at the end                  412           105.1        61.2    0.58     0.97
//! ```
//!
//! Each file of the library that is long enough is damaged in several ways. Times are processor
//! time, the best of all rounds; `longest` is the largest ratio of any file. The files with the
//! largest ratios are listed below the table.

use std::path::Path;

use pyc_compiler::{Options, Target, compile_to_marshal};
use testbed::library;
use testbed::pythons::interpreter;

use super::compiler::seconds;

/// Minimum file size; times of shorter files are below the clock's resolution.
const SHORTEST: usize = 2_000;
/// Only every n-th file is used.
const STEP: usize = 4;
/// Maximum ratio of the time for refused files, for all files together.
const MOST: f64 = 2.0;
/// How many of the files with the largest ratios are listed.
const LISTED: usize = 20;

/// A file, and the times to compile it and to refuse it.
struct Slow<'a> {
    damage: &'static str,
    path: &'a Path,
    length: usize,
    compiled: f64,
    refused: f64,
}

/// A way to damage a source.
type Damage = fn(&[u8]) -> Vec<u8>;

const DAMAGES: &[(&str, Damage)] = &[
    ("at the end", |source| with(source, source.len(), b"\nx y\n")),
    ("in the middle", |source| with(source, middle(source), b"x y\n")),
    ("at the beginning", |source| with(source, 0, b"x y\n")),
    ("a bracket that is open", |source| with(source, 0, b"(\n")),
    ("a string that is open", |source| with(source, middle(source), b"'''\n")),
    ("a bracket too many", |source| with(source, source.len(), b"\n)\n")),
    ("a dedent to nowhere", |source| with(source, source.len(), b"\nif x:\n    y\n  z\n")),
    ("a keyword as a name", |source| with(source, middle(source), b"return = 1\n")),
    ("outside of a function", |source| with(source, source.len(), b"\nreturn\n")),
];

/// Measures `runs` rounds over the interpreter's standard library. Returns whether all damages are
/// within the limit.
pub(super) fn run(version: &str, runs: usize) -> Result<bool, String> {
    let python = interpreter(version)?;
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let options = Options::new(target, "m.py");
    let (mut sources, mut paths) = (Vec::new(), Vec::new());
    for (_, path) in library::sources(&python, &[], STEP)? {
        let source =
            std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if source.len() >= SHORTEST && compile_to_marshal(&source, &options).is_ok() {
            sources.push(source);
            paths.push(path);
        }
    }
    let mut slow = Vec::new();
    let compiled = times(&sources, &options, runs);
    println!("{}, {} files, the best of {runs} rounds", python.version(), sources.len());
    println!("wrong                       files  compiled ms  refused ms   times  longest");
    let mut good = true;
    for (name, damage) in DAMAGES {
        let damaged: Vec<Vec<u8>> = sources.iter().map(|source| damage(source)).collect();
        let refused = times(&damaged, &options, runs);
        let all = damaged.iter().zip(&paths).zip(compiled.iter().zip(&refused));
        let of_refused: Vec<Slow<'_>> = all
            .filter(|((source, _), _)| compile_to_marshal(source, &options).is_err())
            .map(|((source, path), (&compiled, &refused))| Slow {
                damage: name,
                path,
                length: source.len(),
                compiled,
                refused,
            })
            .collect();
        let (whole, wrong) = of_refused
            .iter()
            .fold((0.0, 0.0), |(whole, wrong), file| (whole + file.compiled, wrong + file.refused));
        let longest = of_refused.iter().map(Slow::ratio).fold(0.0, f64::max);
        let (ratio, files) = (wrong / whole, of_refused.len());
        let verdict = if ratio > MOST { "  TOO MUCH" } else { "" };
        good &= ratio <= MOST;
        let [whole, wrong] = [whole, wrong].map(|seconds| seconds * 1e3);
        println!(
            "{name:26} {files:6} {whole:12.1} {wrong:11.1} {ratio:7.2} {longest:8.2}{verdict}"
        );
        slow.extend(of_refused);
    }
    slow.sort_by(|one, other| other.ratio().total_cmp(&one.ratio()));
    let above = slow.iter().filter(|file| file.ratio() > MOST).count();
    println!("{above} of {} took more than {MOST} times as long, the longest:", slow.len());
    for file in slow.iter().take(LISTED) {
        println!(
            "{:26} {:7} bytes {:8.3} ms {:8.3} ms {:7.2}  {}",
            file.damage,
            file.length,
            file.compiled * 1e3,
            file.refused * 1e3,
            file.ratio(),
            file.path.display()
        );
    }
    Ok(good)
}

impl Slow<'_> {
    fn ratio(&self) -> f64 {
        self.refused / self.compiled
    }
}

/// The shortest time for each source.
fn times(sources: &[Vec<u8>], options: &Options, runs: usize) -> Vec<f64> {
    let mut best = vec![f64::INFINITY; sources.len()];
    for _ in 0..runs {
        for (best, source) in best.iter_mut().zip(sources) {
            let time = seconds(|| once(source, options));
            *best = best.min(time);
        }
    }
    best
}

/// A function of its own, so that `callgrind --dump-after` can count its instructions.
#[inline(never)]
fn once(source: &[u8], options: &Options) {
    drop(std::hint::black_box(compile_to_marshal(source, options)));
}

/// Inserts a text.
fn with(source: &[u8], at: usize, text: &[u8]) -> Vec<u8> {
    [&source[..at], text, &source[at..]].concat()
}

/// The start of the first line in the second half.
fn middle(source: &[u8]) -> usize {
    let half = source.len() / 2;
    let line = source[half..].iter().position(|byte| *byte == b'\n');
    line.map_or(source.len(), |line| half + line + 1)
}
