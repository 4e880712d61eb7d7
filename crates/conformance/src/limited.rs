//! Runs a command for a limited time.
//!
//! `output(&mut command)` is `None` if the process had to be killed.

use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Far more than any case takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// The output of the process and its exit status.
pub(super) fn output(command: &mut Command) -> Result<Option<Output>, String> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{shown}` could not be started: {error}"))?;
    let id = child.id();
    let (sender, receiver) = mpsc::channel();
    let reader = thread::spawn(move || sender.send(Child::wait_with_output(child)));
    let outcome = match receiver.recv_timeout(LIMIT) {
        Ok(output) => output.map(Some).map_err(|error| format!("`{shown}` broke off: {error}")),
        Err(RecvTimeoutError::Timeout) => {
            end(id)?;
            Ok(None)
        }
        Err(RecvTimeoutError::Disconnected) => Err(format!("`{shown}` was lost")),
    };
    if !matches!(outcome, Ok(None)) {
        let _ = reader.join();
    }
    outcome
}

/// Kills the process. Its descendants may survive and hold its streams open, so those aren't waited
/// for.
fn end(id: u32) -> Result<(), String> {
    let status = Command::new("kill").args(["-KILL", &id.to_string()]).status();
    status.map(drop).map_err(|error| format!("`kill` could not be started: {error}"))
}
