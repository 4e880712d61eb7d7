//! `cargo xtask conformance endure`: compiles damaged sources for some time. Each must quickly
//! result in code or an error.
//!
//! ```text
//!  minutes     sources    refused    megabytes  panics  internal  slow  slowest ns a byte
//!       30     1834211    1620043         8123       0         0     0                812
//! ```
//! A source with a wrong result is written to a numbered file in the current directory.
//! What is wrong is written to a file in the current directory, by its number.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use lexopt::prelude::{Long, Short, ValueExt as _};
use pyc_compiler::{ErrorKind, Options, Target, compile_to_marshal};
use testbed::Outcome as Exit;
use testbed::command_line;
use testbed::library;
use testbed::pythons::{self, Python};

use super::fuzz::{Random, mutant};

const HELP: &str = "\
Compile damaged files of the newest interpreter's library for a while, for every release of this machine in turn.

Usage: cargo xtask conformance endure [--minutes N] [--seed N]

Options:
  --minutes N    How long (default: 30)
  --seed N       Where random choices start (default: 1)

Exit code: 0 if nothing panics, no error is internal, and no time is longer than linear.
";

/// Maximum time for a source: a constant, and a time for each byte. Undamaged files take a
/// thousandth of the latter.
const START: Duration = Duration::from_millis(300);
const NANOSECONDS_OF_BYTE: u64 = 20_000;
/// Maximum length; longer sources are cut.
const LONGEST: usize = 60_000;

/// Constructs that can be nested, and are repeated many times.
const NESTED: &[&str] =
    &["(", "[", "{", "f'{", "not ", "-", "a.", "a[", "lambda:", "\n  ", "if x:\n ", "try:\n"];
/// Bytes that have a meaning somewhere.
const BYTES: &[u8] = b"()[]{}:,.'\"\\\n\t #@=*-x0\x00\xff\x0c!<>;f$\xc3\xa9\r";

#[derive(Default)]
struct Counts {
    sources: usize,
    refused: usize,
    bytes: usize,
    panics: usize,
    internal: usize,
    slow: usize,
    slowest: u64,
}

pub(super) fn main(words: &[&str]) -> Exit {
    match parse(words) {
        Ok((minutes, seed)) => Exit::of(run(minutes, seed)),
        Err(outcome) => outcome,
    }
}

/// The minutes and the seed.
fn parse(words: &[&str]) -> Result<(u64, u64), Exit> {
    let (mut minutes, mut seed) = (30, 1);
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(HELP)),
            Long("minutes") => minutes = parser.value()?.parse()?,
            Long("seed") => seed = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok((minutes, seed))
}

fn run(minutes: u64, seed: u64) -> Result<bool, String> {
    let mut pythons = pythons::all()?;
    pythons.retain(|python| Target::preview(python.version()).is_ok());
    let targets = pythons.iter().map(Python::version).map(Target::preview);
    let targets: Vec<Target> =
        targets.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    let newest = pythons.last().ok_or("no interpreter whose library could be damaged")?;
    let files = library::sources(newest, &[], 1)?;
    let mut random = Random::new(seed);
    let mut counts = Counts::default();
    let (start, end) = (Instant::now(), Duration::from_secs(60 * minutes));
    while start.elapsed() < end {
        let (_, path) = random.pick(&files);
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let source = damaged(bytes, &mut random);
        let options = Options::new(*random.pick(&targets), "m.py").without_pass_checks();
        counts.ask(&source, &options)?;
    }
    println!(
        " minutes     sources    refused    megabytes  panics  internal  slow  slowest ns a byte"
    );
    let Counts { sources, refused, bytes, panics, internal, slow, slowest } = counts;
    let megabytes = bytes / 1_000_000;
    print!("{minutes:8} {sources:11} {refused:10} {megabytes:12} ");
    println!("{panics:7} {internal:9} {slow:5} {slowest:18}");
    Ok(sources > 0 && panics + internal + slow == 0)
}

impl Counts {
    fn ask(&mut self, source: &[u8], options: &Options) -> Result<(), String> {
        self.sources += 1;
        self.bytes += source.len();
        let start = processor_time()?;
        let outcome = catch_unwind(AssertUnwindSafe(|| compile_to_marshal(source, options)));
        let time = processor_time()?.saturating_sub(start);
        let mut wrong = None;
        match outcome {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                self.refused += 1;
                if error.kind() == ErrorKind::Internal {
                    self.internal += 1;
                    wrong = Some(error.to_string());
                }
            }
            Err(_) => {
                self.panics += 1;
                wrong = Some("a panic".to_owned());
            }
        }
        let allowed = START + Duration::from_nanos(NANOSECONDS_OF_BYTE * length(source));
        if time > allowed {
            self.slow += 1;
            wrong = Some(format!("{time:?}"));
        }
        if source.len() > 1_000 {
            let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
            self.slowest = self.slowest.max(nanoseconds / length(source));
        }
        let Some(wrong) = wrong else { return Ok(()) };
        let file = format!("endured-{}.py", self.sources);
        println!("{file}: {options:?}: {wrong}");
        std::fs::write(&file, source).map_err(|error| format!("{file}: {error}"))
    }
}

/// The processor time of this process and its threads; deeply nested sources run in a separate
/// thread.
fn processor_time() -> Result<Duration, String> {
    let text = std::fs::read_to_string("/proc/self/stat");
    let text = text.map_err(|error| format!("/proc/self/stat: {error}"))?;
    // The fields after the program's name; user and system time in hundredths of a second.
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(10 * ticks))
}

fn length(source: &[u8]) -> u64 {
    u64::try_from(source.len()).unwrap_or(u64::MAX)
}

/// A source with some tokens or bytes changed, or a part missing or repeated.
fn damaged(mut source: Vec<u8>, random: &mut Random) -> Vec<u8> {
    source.truncate(LONGEST);
    if random.percent(40) {
        let text = std::str::from_utf8(&source).ok();
        if let Some(excerpt) = text.and_then(|text| mutant::excerpt(text, random)) {
            source = mutant::mutate(&excerpt, random).into_bytes();
        }
    }
    for _ in 0..random.below(5) {
        let at = random.below(source.len() + 1);
        let end = (at + random.below(200)).min(source.len());
        match random.below(7) {
            0 => source.truncate(at),
            1 => drop(source.drain(at..end)),
            2 => {
                let part = source[at..end].repeat(1 + random.below(60));
                source.splice(at..at, part);
            }
            3 => {
                let part = random.pick(NESTED).repeat(1 + random.below(300));
                source.splice(at..at, part.into_bytes());
            }
            _ => source.insert(at, *random.pick(BYTES)),
        }
    }
    source
}
