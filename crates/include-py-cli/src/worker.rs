//! `include-py worker`: compiles for build scripts, which Cargo doesn't optimise, until its input
//! ends.
//!
//! ```text
//! first    ready, include-py, 0.1.0, 3.13.0           what this program is
//! request  0, app/a.py, x = 1                         manner, file name, source
//! answer   code, marshalled code, line, message, …    the code and its warnings
//! answer   refused                                    the source is invalid
//! ```
//!
//! A build script uses only a program of its own version. If a source is refused, it finds the
//! error with its own compiler.
//!
//! With `--persistent_worker`, it compiles for Bazel instead (`bazel.rs`).
//!
//! Each message is a frame: `ipw1`, the length of the rest, then each field with its length.
//! Lengths are little-endian `u32`s. The build's Python workers use the same protocol (`worker.py`
//! in `include-py-build`).

mod bazel;

use std::ffi::OsString;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use pyc_compiler::{Optimize, Options, Target, WarningKind};

use crate::Status;
use crate::compile::{self, parse_target};
use crate::error::Error;

pub(crate) const HELP: &str = "\
Compiles for build scripts and for Bazel, which start it by themselves, until the input ends.

Usage: include-py worker --target VERSION
       include-py worker --persistent_worker
       include-py worker @FILE

The first compiles what a build script of the same version of include-py-build sends, since Cargo
doesn't optimise build scripts. The second answers Bazel's requests in its JSON protocol; their
arguments are those of `include-py compile`. The third reads such arguments from a file, one per
line, and compiles once, which Bazel needs where it uses no persistent workers.

Options:
  --target VERSION  Which CPython to compile for: 3.13.0
  --persistent_worker
                    Compile for Bazel
  -h, --help        Print this
";

const MAGIC: &[u8; 4] = b"ipw1";

/// Stack size of the worker thread, enough for the deepest nesting that the compiler accepts.
const STACK: usize = 16 << 20;

type Fields = Vec<Vec<u8>>;

/// Runs the command with the rest of the command line.
pub(crate) fn run(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    use lexopt::prelude::{Long, Short, Value, ValueExt as _};

    let mut target = None;
    let mut is_for_bazel = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return crate::help(HELP),
            Long("target") => target = Some(parse_target(&parser.value()?.string()?)?),
            Long("persistent_worker") => is_for_bazel = true,
            Value(file) if file.as_encoded_bytes().starts_with(b"@") => {
                let file = file.string()?;
                return compile::run(&mut lexopt::Parser::from_args(lines(Path::new(&file[1..]))?));
            }
            other => return Err(other.unexpected().into()),
        }
    }
    match (target, is_for_bazel) {
        (None, true) => {
            bazel::serve(io::stdin(), io::stdout())?;
            Ok(Status::Good)
        }
        (Some(target), false) => {
            let work = move || serve(target, BufReader::new(io::stdin()), io::stdout());
            let thread = std::thread::Builder::new().stack_size(STACK).spawn(work)?;
            match thread.join() {
                Ok(done) => done?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
            Ok(Status::Good)
        }
        _ => Err(Error::usage(
            "name a release with `--target`, or, for Bazel, use `--persistent_worker` or `@FILE`",
        )),
    }
}

/// The lines of a file with arguments (Bazel's `multiline` format of parameter files).
fn lines(file: &Path) -> Result<Vec<OsString>, Error> {
    let text = std::fs::read_to_string(file).map_err(Error::io(file))?;
    Ok(text.lines().map(OsString::from).collect())
}

/// Answers requests until the input ends.
fn serve(target: Target, mut requests: impl Read, mut answers: impl Write) -> io::Result<()> {
    let release = target.to_string();
    let greeting = ["ready", "include-py", env!("CARGO_PKG_VERSION"), &release];
    write(&mut answers, &greeting.map(|field| field.as_bytes().to_vec()))?;
    while let Some(fields) = read(&mut requests)? {
        let [manner, filename, source] = fields.as_slice() else {
            return Err(bad("a request has three fields"));
        };
        write(&mut answers, &answer(target, manner, filename, source)?)?;
    }
    Ok(())
}

fn answer(target: Target, manner: &[u8], filename: &[u8], source: &[u8]) -> io::Result<Fields> {
    let filename = std::str::from_utf8(filename).map_err(|_| bad("a file name is UTF-8"))?;
    let options = Options::new(target, filename);
    let options = match manner {
        b"0" => options,
        b"1" => options.optimize(Optimize::NoAsserts),
        b"2" => options.optimize(Optimize::NoDocstrings),
        b"undocumented" => options.without_docstrings(),
        _ => return Err(bad("unknown manner")),
    };
    let Ok(compiled) = pyc_compiler::compile_to_marshal(source, &options) else {
        return Ok(vec![b"refused".to_vec()]);
    };
    let mut warnings = Fields::new();
    for warning in compiled.warnings().iter().filter(|one| one.kind == WarningKind::Syntax) {
        let line = warning.span.map_or(0, |span| span.line);
        warnings.push(line.to_string().into_bytes());
        warnings.push(warning.message.clone().into_bytes());
    }
    Ok([b"code".to_vec(), compiled.into_code()].into_iter().chain(warnings).collect())
}

/// Reads a frame; `None` at the end of the input.
fn read(from: &mut impl Read) -> io::Result<Option<Fields>> {
    let mut header = Vec::new();
    from.by_ref().take(8).read_to_end(&mut header)?;
    if header.is_empty() {
        return Ok(None);
    }
    let size = header.strip_prefix(MAGIC).and_then(|size| size.try_into().ok());
    let size = size.map(u32::from_le_bytes).ok_or_else(|| bad("a frame begins with `ipw1`"))?;
    let mut body = Vec::new();
    from.by_ref().take(size.into()).read_to_end(&mut body)?;
    let (mut rest, mut fields) = (body.as_slice(), Fields::new());
    while !rest.is_empty() {
        let split = rest.split_first_chunk().and_then(|(length, rest)| {
            rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
        });
        let (field, after) = split.ok_or_else(|| bad("a field is longer than its frame"))?;
        fields.push(field.to_vec());
        rest = after;
    }
    Ok(Some(fields))
}

fn write(to: &mut impl Write, fields: &[Vec<u8>]) -> io::Result<()> {
    let length = |bytes: usize| u32::try_from(bytes).map(u32::to_le_bytes);
    let long = |_| bad("more than 4 GiB");
    let mut frame = MAGIC.to_vec();
    frame.extend(length(fields.iter().map(|field| 4 + field.len()).sum()).map_err(long)?);
    for field in fields {
        frame.extend(length(field.len()).map_err(long)?);
        frame.extend_from_slice(field);
    }
    to.write_all(&frame)?;
    to.flush()
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(fields: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &fields.iter().map(|field| field.to_vec()).collect::<Vec<_>>()).unwrap();
        bytes
    }

    /// The answers to these requests, without the greeting.
    fn served(requests: &[u8]) -> io::Result<Vec<Fields>> {
        let target = Target::newest(pyc_code::Minor::PY313).unwrap();
        let mut answers = Vec::new();
        let done = serve(target, requests, &mut answers);
        let (mut stream, mut all) = (answers.as_slice(), Vec::new());
        while let Some(fields) = read(&mut stream).unwrap() {
            all.push(fields);
        }
        assert_eq!(all[0][0], b"ready");
        assert_eq!(all.remove(0)[2], env!("CARGO_PKG_VERSION").as_bytes());
        done.map(|()| all)
    }

    #[test]
    fn requests_are_answered_in_order() {
        let good = frame(&[b"0", b"a.py", b"x = 1 is 2\n"]);
        let wrong = frame(&[b"0", b"b.py", b"x = = 1\n"]);
        let bare = frame(&[b"undocumented", b"c.py", b"'''Text.'''\n"]);
        let answers = served(&[good, wrong, bare].concat()).unwrap();
        assert_eq!(answers[0][0], b"code");
        assert_eq!(answers[0][2], b"1");
        assert!(answers[0][3].starts_with(b"\"is\" with 'int' literal"));
        assert_eq!(answers[1], [b"refused"]);
        assert_eq!(answers[2].len(), 2);
        assert!(!answers[2][1].windows(5).any(|part| part == b"Text."));
    }

    #[test]
    fn anything_else_is_an_error() {
        for bytes in [
            &b"hello, worker"[..],
            &frame(&[b"0", b"a.py"]),
            &frame(&[b"3", b"a.py", b""]),
            &frame(&[b"0", b"\xff", b""]),
            b"ipw1\x05\0\0\0\x02\0\0\0x",
        ] {
            assert!(served(bytes).is_err(), "{bytes:?}");
        }
        assert!(served(b"").unwrap().is_empty());
    }
}
