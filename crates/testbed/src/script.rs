//! An interpreter that runs one of our scripts, which answers requests on its standard input.
//!
//! `Script::start(&python, &["-I", "-S"], SCRIPT)` starts it; `read` and `write` communicate with
//! it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::pythons::Python;

/// A running script; it is killed when this is dropped.
#[derive(Debug)]
pub struct Script {
    child: Child,
    /// `None` after the last request.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Script {
    /// Starts the interpreter with these options; its standard error is shown.
    pub fn start(python: &Python, options: &[&str], script: &str) -> Result<Self, String> {
        Self::start_as(Command::new(python.path()).args(options).args(["-c", script]))
    }

    /// Starts a command that runs a script.
    pub fn start_as(command: &mut Command) -> Result<Self, String> {
        let shown = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{shown}: {error}"))?;
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("no pipe from the interpreter")?);
        Ok(Self { child, requests, answers })
    }

    /// Writes a part: its length in four bytes, little-endian, and its bytes.
    pub fn write_part(&mut self, part: &[u8]) -> io::Result<()> {
        let length = u32::try_from(part.len()).map_err(io::Error::other)?;
        self.write_all(&length.to_le_bytes())?;
        self.write_all(part)
    }

    /// Reads a part in the format of [`write_part`](Self::write_part).
    pub fn read_part(&mut self) -> io::Result<Vec<u8>> {
        let mut length = [0; 4];
        self.answers.read_exact(&mut length)?;
        let mut part = vec![0; u32::from_le_bytes(length) as usize];
        self.answers.read_exact(&mut part)?;
        Ok(part)
    }

    /// Ends the requests, and waits until the script has ended successfully.
    pub fn finish(mut self) -> Result<(), String> {
        self.requests = None;
        let status = self.child.wait().map_err(|error| error.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("the interpreter ended with {status}")) }
    }

    fn requests(&mut self) -> io::Result<&mut ChildStdin> {
        self.requests.as_mut().ok_or_else(|| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Script {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.requests()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.requests()?.flush()
    }
}

impl Read for Script {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.answers.read(bytes)
    }
}

impl BufRead for Script {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.answers.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.answers.consume(amount);
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // It only waits for requests and has no state to save.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
