//! Runs a program that may hang: a hang is a failed test, not a test run that never ends.

use std::{
    io::Read,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

/// How long a program may take; the slowest takes seconds on a busy machine.
const LIMIT: Duration = Duration::from_secs(240);

/// A program that must end by itself.
pub trait OutputInTime {
    /// What the program printed and how it ended, as [`Command::output`] tells it.
    ///
    /// # Panics
    ///
    /// The program can't be started, or hasn't ended in four minutes; it is killed then.
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
    // The pipes stay open as long as a child of the program holds them.
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

/// All that comes from a pipe, once it is closed.
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
