//! Reading, writing and canonicalising real `.pyc` files, beside CPython's own marshal.
//!
//! ```text
//! cargo bench -p pyc-code -- ~/.pyenv/versions/3.13.0/bin/python
//! ```
//!
//! The interpreter compiles its standard library, up to 40 MB of streams; then it measures `marshal.loads` and
//! `marshal.dumps`, and we the same with ours: the best of seven rounds each, in turn, one thread. Where the kernel
//! tells, time is that of the processor, so that other work on the machine counts less.

use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use pyc_code::marshal::{self, Graph};
use pyc_code::{CodeObject, Minor};

const ROUNDS: usize = 7;
const SCRIPT: &str = include_str!("marshal.py");

fn main() {
    let python = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let Some(python) = python else {
        println!("no interpreter given: cargo bench -p pyc-code -- PYTHON");
        return;
    };
    let mut cpython = CPython::start(&python);
    let (minor, streams) = cpython.streams();
    let bytes: usize = streams.iter().map(Vec::len).sum();
    println!("CPython {minor}, {} files, {:.1} MB", streams.len(), megabytes(bytes));

    let codes: Vec<CodeObject<'_>> = streams
        .iter()
        .map(|stream| marshal::read(stream, minor).expect("the interpreter wrote it"))
        .collect();
    let each = |work: &dyn Fn(&[u8])| seconds(|| streams.iter().for_each(|stream| work(stream)));
    let mut rows = [
        ("marshal.loads", f64::MAX),
        ("marshal.dumps", f64::MAX),
        ("read to a graph", f64::MAX),
        ("read to code objects", f64::MAX),
        ("canonicalise a stream", f64::MAX),
        ("write code objects", f64::MAX),
    ];
    for _ in 0..ROUNDS {
        let times = [
            cpython.time("loads"),
            cpython.time("dumps"),
            each(&|stream| drop(black_box(Graph::read(stream, minor)))),
            each(&|stream| drop(black_box(marshal::read(stream, minor)))),
            each(&|stream| drop(black_box(pyc_code::canonical(stream, minor)))),
            seconds(|| codes.iter().for_each(|code| drop(black_box(marshal::write(code, minor))))),
        ];
        for ((_, best), time) in rows.iter_mut().zip(times) {
            *best = best.min(time);
        }
    }
    for (name, best) in rows {
        println!("{name:22} {:8.1} ms {:8.0} MB/s", best * 1e3, megabytes(bytes) / best);
    }
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}

fn seconds(work: impl FnOnce()) -> f64 {
    let (start, wall) = (on_processor(), Instant::now());
    work();
    match (start, on_processor()) {
        (Some(start), Some(end)) => end - start,
        _ => wall.elapsed().as_secs_f64(),
    }
}

/// How long this process has run, where Linux tells.
fn on_processor() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// An interpreter that answers on its standard output.
struct CPython {
    _child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl CPython {
    fn start(path: &str) -> Self {
        let mut child = Command::new(path)
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the interpreter starts");
        let to = child.stdin.take().expect("a pipe to it");
        let from = BufReader::new(child.stdout.take().expect("a pipe from it"));
        Self { _child: child, to, from }
    }

    fn streams(&mut self) -> (Minor, Vec<Vec<u8>>) {
        let minor = Minor::new(self.number().try_into().expect("a version")).expect("3.8 to 3.15");
        let count = self.number();
        let streams = (0..count).map(|_| {
            let mut stream = vec![0; self.number() as usize];
            self.from.read_exact(&mut stream).expect("a stream");
            stream
        });
        (minor, streams.collect())
    }

    fn number(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.from.read_exact(&mut bytes).expect("a number");
        u32::from_le_bytes(bytes)
    }

    fn time(&mut self, what: &str) -> f64 {
        writeln!(self.to, "{what}").expect("the interpreter listens");
        let mut line = String::new();
        self.from.read_line(&mut line).expect("a time");
        line.trim().parse().expect("seconds")
    }
}
