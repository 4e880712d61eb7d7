//! Benchmarks reading, writing and canonicalising 40 MB of real streams against CPython's own
//! marshal.
//!
//! ```text
//! PYC_CODE_PYTHON=~/.pyenv/versions/3.13.0/bin/python cargo bench -p pyc-code
//! ```
//!
//! The interpreter (`python3` by default) compiles its standard library. Then our functions and
//! CPython's run in alternate rounds. They are measured in processor time where the kernel reports
//! it, so that other work on the machine disturbs the result less and both sides equally.
//! Everything runs on one thread.

mod cpython;

use std::hint::black_box;
use std::sync::{LazyLock, Mutex};
use std::time::Instant;

use cpython::{CPython, Corpus};
use pyc_code::CodeObject;
use pyc_code::marshal::{self, Graph};

const ROUNDS: usize = 11;

static CPYTHON: LazyLock<Mutex<CPython>> = LazyLock::new(|| Mutex::new(CPython::start()));
static CORPUS: LazyLock<Corpus> = LazyLock::new(|| CPYTHON.lock().expect("one thread").corpus());
static CODES: LazyLock<Vec<CodeObject<'static>>> = LazyLock::new(|| {
    let read = |stream: &'static Vec<u8>| marshal::read(stream, CORPUS.minor);
    CORPUS.streams.iter().map(|stream| read(stream).expect("the interpreter wrote it")).collect()
});

/// One of our functions, applied to all streams.
struct Work {
    name: &'static str,
    run: fn(),
    /// CPython's counterpart, if it has one.
    theirs: Option<&'static str>,
}

const WORK: [Work; 4] = [
    Work { name: "marshal::read", run: read, theirs: Some("loads") },
    Work { name: "marshal::canonical", run: canonical, theirs: Some("dumps") },
    Work { name: "marshal::write", run: write, theirs: Some("dumps") },
    Work { name: "Graph::read", run: graph, theirs: None },
];

fn main() {
    let Corpus { minor, streams } = &*CORPUS;
    let megabytes = CORPUS.bytes() / 1_000_000;
    println!("\nCPython {minor}: {megabytes} MB in {} streams, {ROUNDS} rounds", streams.len());
    println!("{:40} fastest  median", "");
    LazyLock::force(&CODES);
    for Work { name, run, theirs } in WORK {
        let (mut own, mut other) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            own.push(seconds(run));
            other.extend(theirs.map(|theirs| CPYTHON.lock().expect("one thread").time(theirs)));
        }
        let own = Times::of(own);
        let show = |name: &str, times: &Times| {
            let Times { fastest, median } = times;
            println!("{name:40} {:4.0} ms {:4.0} ms", fastest * 1e3, median * 1e3);
        };
        show(&format!("pyc_code::{name}"), &own);
        let Some(theirs) = theirs else { continue };
        let other = Times::of(other);
        show(&format!("CPython's marshal.{theirs}"), &other);
        let (fastest, median) = (other.fastest / own.fastest, other.median / own.median);
        println!("{:40} {fastest:7.2} {median:7.2}", "times as fast");
    }
}

struct Times {
    fastest: f64,
    median: f64,
}

impl Times {
    fn of(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        Self { fastest: seconds[0], median: seconds[seconds.len() / 2] }
    }
}

fn read() {
    let Corpus { minor, streams } = &*CORPUS;
    for stream in streams {
        drop(black_box(marshal::read(stream, *minor)));
    }
}

fn canonical() {
    let Corpus { minor, streams } = &*CORPUS;
    for stream in streams {
        drop(black_box(marshal::canonical(stream, *minor)));
    }
}

fn write() {
    for code in CODES.iter() {
        drop(black_box(marshal::write(code, CORPUS.minor)));
    }
}

fn graph() {
    let Corpus { minor, streams } = &*CORPUS;
    for stream in streams {
        drop(black_box(Graph::read(stream, *minor)));
    }
}

fn seconds(work: fn()) -> f64 {
    let (start, wall) = (on_processor(), Instant::now());
    work();
    match (start, on_processor()) {
        (Some(start), Some(end)) => end - start,
        _ => wall.elapsed().as_secs_f64(),
    }
}

/// Processor time of this thread, on Linux only.
fn on_processor() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}
