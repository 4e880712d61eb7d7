//! Runs a program that may hang: then the test fails instead of running forever.

use std::{
    io::Read,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

/// The maximum time for a program. The slowest takes seconds on a busy machine.
const LIMIT: Duration = Duration::from_secs(240);

/// A program that must end by itself.
pub trait OutputInTime {
    /// The program's output and exit status, as from [`Command::output`].
    ///
    /// # Panics
    ///
    /// If the program can't be started, or hasn't ended after four minutes; then it is killed.
    #[track_caller]
    fn output_in_time(&mut self) -> Output;
}

impl OutputInTime for Command {
    #[track_caller]
    fn output_in_time(&mut self) -> Output {
        output(self)
    }
}

#[track_caller]
fn output(command: &mut Command) -> Output {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let deadline = Instant::now() + LIMIT;
    let stdout = read(child.stdout.take().unwrap());
    let stderr = read(child.stderr.take().unwrap());
    // Not `wait_with_output`: a child of the program can keep the pipes open forever.
    let left = || deadline.saturating_duration_since(Instant::now());
    let (stdout, stderr) = (stdout.recv_timeout(left()), stderr.recv_timeout(left()));
    let (Ok(stdout), Ok(stderr)) = (stdout, stderr) else { hangs(&mut child, command) };
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().unwrap() {
            return Output { status, stdout, stderr };
        }
        thread::sleep(Duration::from_millis(1));
    }
    hangs(&mut child, command)
}

/// Everything from a pipe until it is closed.
fn read(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

#[track_caller]
fn hangs(child: &mut Child, command: &Command) -> ! {
    let _ = child.kill();
    let _ = child.wait();
    panic!("not ended after {LIMIT:?}: {command:?}");
}
