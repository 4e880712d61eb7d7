//! A CPython process that sends marshal streams and then times its own `marshal` module on them.
//!
//! `CPython::start().time("loads")` is the seconds that `marshal.loads` took for all streams.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use pyc_code::Minor;

const WORKER: &str = include_str!("worker.py");

/// The streams that the interpreter compiled.
pub(crate) struct Corpus {
    pub(crate) minor: Minor,
    pub(crate) streams: Vec<Vec<u8>>,
}

impl Corpus {
    pub(crate) fn bytes(&self) -> usize {
        self.streams.iter().map(Vec::len).sum()
    }
}

/// A Python process that takes commands on its standard input and answers on its standard output.
pub(crate) struct CPython {
    _child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl CPython {
    /// Starts the interpreter that the environment names.
    pub(crate) fn start() -> Self {
        let python = std::env::var_os("PYC_CODE_PYTHON").unwrap_or_else(|| "python3".into());
        let child = Command::new(&python)
            .args(["-c", WORKER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = child.unwrap_or_else(|error| {
            panic!("`{}` doesn't start, set PYC_CODE_PYTHON: {error}", Path::new(&python).display())
        });
        let to = child.stdin.take().expect("a pipe to it");
        let from = BufReader::new(child.stdout.take().expect("a pipe from it"));
        Self { _child: child, to, from }
    }

    /// Receives the streams; the interpreter sends them once, before it takes commands.
    pub(crate) fn corpus(&mut self) -> Corpus {
        let minor = Minor::new(self.number().try_into().expect("a version")).expect("3.8 to 3.15");
        let count = self.number();
        let streams = (0..count).map(|_| {
            let mut stream = vec![0; self.number() as usize];
            self.from.read_exact(&mut stream).expect("a stream");
            stream
        });
        Corpus { minor, streams: streams.collect() }
    }

    /// Seconds that `marshal.loads` or `marshal.dumps` takes for all streams.
    pub(crate) fn time(&mut self, function: &str) -> f64 {
        writeln!(self.to, "{function}").expect("the interpreter listens");
        let mut line = String::new();
        self.from.read_line(&mut line).expect("a time");
        line.trim().parse().expect("seconds")
    }

    fn number(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.from.read_exact(&mut bytes).expect("a number");
        u32::from_le_bytes(bytes)
    }
}
