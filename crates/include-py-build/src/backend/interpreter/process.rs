//! An interpreter process that runs worker.py.
//!
//! `python3.13 -I -S -B -X utf8 -c …` ignores `PYTHON…` variables and finds nothing but its
//! standard library. Its hash seed can be random, since the canonical form of code doesn't depend
//! on it.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::super::{Job, Outcome};
use super::frame::{self, Bad, Fields, text};
use super::greeting::Greeting;

/// The script that the interpreter runs.
pub(crate) const SCRIPT: &str = include_str!("worker.py");

/// Maximum time to start. Usually an interpreter starts in a few hundredths of a second.
const START: Duration = Duration::from_secs(60);

/// Maximum time to compile a module; after that, the worker is considered hung. The largest
/// existing modules take seconds; the rest is for slow, emulated or busy machines.
const COMPILE: Duration = Duration::from_secs(600);

/// Time to wait for the end of a process that has closed its output; then it is killed.
const END: Duration = Duration::from_secs(2);

/// How many bytes of a worker's standard error are kept, counted from its end.
const STDERR: usize = 4096;

/// A started interpreter.
pub(crate) struct Worker {
    child: Child,
    /// Requests go to a separate thread, so that an interpreter that doesn't read can't block us.
    requests: Option<Sender<Vec<u8>>>,
    answers: Receiver<Result<Fields, Bad>>,
    stderr: Tail,
    /// Maximum time to compile a module.
    limit: Duration,
}

/// Why a worker ended, such as `exited with status 1`, and its standard error.
#[derive(Debug)]
pub(crate) struct Death {
    pub(crate) what: String,
    pub(crate) stderr: String,
}

impl Worker {
    /// Starts an interpreter in the directory `dir`.
    pub(super) fn start(interpreter: &Path, dir: &Path) -> Result<(Self, Greeting), Death> {
        let mut command = Command::new(interpreter);
        command.args(["-I", "-S", "-B", "-X", "utf8", "-c", SCRIPT]).current_dir(dir);
        let (mut worker, greeting) = Self::of(command)?;
        match Greeting::from_fields(&greeting) {
            Ok(greeting) => Ok((worker, greeting)),
            Err(what) => Err(worker.end(Some(what))),
        }
    }

    /// Starts a program that follows worker.py's protocol, and returns its greeting.
    pub(crate) fn of(mut command: Command) -> Result<(Self, Fields), Death> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| Death {
            what: format!("could not be started: {error}"),
            stderr: String::new(),
        })?;

        let (sender, answers) = mpsc::channel();
        if let Some(mut stdout) = child.stdout.take() {
            // Reads all the time. Otherwise the worker could wait for us to read while we wait for
            // it.
            std::thread::spawn(move || {
                loop {
                    let frame = frame::read(&mut stdout);
                    let last = frame.is_err();
                    if sender.send(frame).is_err() || last {
                        break;
                    }
                }
            });
        }
        let stderr = child.stderr.take().map(Tail::of).unwrap_or_default();
        let requests = child.stdin.take().map(deliver);
        let mut worker = Self { child, requests, answers, stderr, limit: COMPILE };

        match worker.answers.recv_timeout(START) {
            Ok(Ok(greeting)) => Ok((worker, greeting)),
            Ok(Err(bad)) => Err(worker.died(&bad)),
            Err(RecvTimeoutError::Timeout) => {
                let what = format!("did not answer within {} seconds", START.as_secs());
                Err(worker.end(Some(what)))
            }
            Err(RecvTimeoutError::Disconnected) => Err(worker.died(&Bad::End)),
        }
    }

    /// Compiles a module.
    pub(crate) fn compile(&mut self, job: &Job<'_>) -> Result<Outcome, Death> {
        let request = [job.level.code().as_bytes(), job.filename.as_bytes(), job.source];
        let mut bytes = Vec::new();
        if let (Some(requests), Ok(())) = (&self.requests, frame::write(&mut bytes, &request)) {
            // If the worker has died, there is no answer either, and that error says more.
            let _ = requests.send(bytes);
        }
        match self.answers.recv_timeout(self.limit) {
            Ok(Ok(fields)) => frame::outcome(fields)
                .ok_or_else(|| self.end(Some("sent an invalid answer".to_owned()))),
            Ok(Err(bad)) => Err(self.died(&bad)),
            Err(RecvTimeoutError::Timeout) => {
                let what = format!("did not answer within {} seconds", self.limit.as_secs());
                Err(self.end(Some(what)))
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.died(&Bad::End)),
        }
    }

    fn died(&mut self, bad: &Bad) -> Death {
        let what = match bad {
            Bad::End => None,
            Bad::Io(error) => Some(format!("could not be read from: {error}")),
            Bad::Noise(bytes) => {
                let start: String = text(bytes).chars().take(40).collect();
                Some(format!("sent something other than an answer: {start:?}"))
            }
        };
        self.end(what)
    }

    /// Ends the process. `what` is the reason, unless the process ended by itself.
    fn end(&mut self, what: Option<String>) -> Death {
        drop(self.requests.take());
        let what = what.unwrap_or_else(|| match self.wait() {
            Some(status) => ended(status),
            None => "closed its output".to_owned(),
        });
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        Death { what, stderr: self.stderr.text() }
    }

    /// Waits for the process to end; `None` if it doesn't.
    fn wait(&mut self) -> Option<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < END {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
        None
    }
}

/// A worker ends when its input is closed.
impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.requests.take());
        if self.wait().is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Writes what is sent to the returned channel, until that fails.
fn deliver(mut stdin: ChildStdin) -> Sender<Vec<u8>> {
    let (sender, requests) = mpsc::channel::<Vec<u8>>();
    std::thread::spawn(move || {
        for request in requests {
            if stdin.write_all(&request).is_err() {
                break;
            }
        }
    });
    sender
}

fn ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            let name = match signal {
                4 => " (SIGILL)",
                6 => " (SIGABRT)",
                7 => " (SIGBUS)",
                9 => " (SIGKILL, as when memory runs out)",
                11 => " (SIGSEGV)",
                15 => " (SIGTERM)",
                _ => "",
            };
            return format!("was ended by signal {signal}{name}");
        }
    }
    match status.code() {
        Some(code) => format!("exited with status {code}"),
        None => format!("ended: {status}"),
    }
}

/// The last bytes of a stream, read in a separate thread.
#[derive(Default)]
struct Tail {
    kept: Arc<Mutex<Vec<u8>>>,
    /// Disconnected when the stream has ended.
    open: Option<Receiver<()>>,
}

impl Tail {
    fn of(mut stream: impl Read + Send + 'static) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let (sender, open) = mpsc::channel::<()>();
        let writer = Arc::clone(&kept);
        std::thread::spawn(move || {
            let _open = sender;
            let mut part = [0; 4096];
            loop {
                let count = match stream.read(&mut part) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Ok(0) | Err(_) => break,
                    Ok(count) => count,
                };
                let Ok(mut kept) = writer.lock() else { break };
                kept.extend_from_slice(&part[..count]);
                let surplus = kept.len().saturating_sub(STDERR);
                kept.drain(..surplus);
            }
        });
        Self { kept, open: Some(open) }
    }

    /// The text so far. The process has ended, but a child of it may still hold the stream open.
    fn text(&self) -> String {
        if let Some(open) = &self.open {
            let _ = open.recv_timeout(END);
        }
        self.kept.lock().map(|kept| text(&kept).trim_end().to_owned()).unwrap_or_default()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::super::Level;
    use super::*;

    /// An interpreter that sends the greeting of CPython 3.13.0 and then runs `script`.
    fn greets_and(script: &str) -> (tempfile::TempDir, Worker) {
        let dir = tempfile::tempdir().unwrap();
        let fields =
            ["ready", "cpython", "51183856", "3571", "4", "3.13.0", "/python", "", "", "", ""];
        let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
        let mut greeting = Vec::new();
        frame::write(&mut greeting, &fields).unwrap();
        std::fs::write(dir.path().join("greeting"), greeting).unwrap();
        let python = dir.path().join("python");
        std::fs::write(&python, format!("#!/bin/sh\ncat greeting\n{script}")).unwrap();
        std::fs::set_permissions(&python, std::fs::Permissions::from_mode(0o755)).unwrap();
        let (worker, greeting) = Worker::start(&python, dir.path()).unwrap();
        assert_eq!(greeting.python.minor(), (3, 13));
        (dir, worker)
    }

    /// Whether or not it reads its input.
    #[test]
    fn a_worker_that_hangs_is_ended() {
        for (script, size) in [("exec sleep 600", 4 << 20), ("cat >/dev/null; exec sleep 600", 10)]
        {
            let (_dir, mut worker) = greets_and(script);
            worker.limit = Duration::from_secs(1);
            let start = Instant::now();
            let source = vec![b'#'; size];
            let path = Path::new("app.py");
            let job = Job { filename: "app.py", path, source: &source, level: Level::All };
            let death = worker.compile(&job).unwrap_err();
            assert_eq!(death.what, "did not answer within 1 seconds");
            assert!(worker.child.try_wait().unwrap().is_some(), "it still runs");
            assert!(start.elapsed() < Duration::from_secs(30));
        }
    }

    #[test]
    fn a_worker_that_does_not_end_is_ended() {
        let (_dir, worker) = greets_and("exec sleep 600");
        let start = Instant::now();
        drop(worker);
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
