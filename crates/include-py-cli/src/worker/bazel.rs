//! Bazel's persistent workers: compiles what Bazel requests, until its input ends.
//!
//! ```text
//! {"arguments":["-q","--target","3.13","--out-dir","out","app/a.py"],"requestId":1}
//! {"exitCode":0,"output":"","requestId":1}
//! ```
//!
//! A request's arguments are those of `include-py compile`. An answer's `output` is what the
//! command would print, and `exitCode` its exit code. Requests with different numbers can be
//! answered in any order, so this is also a multiplex worker.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufReader, Read, Write};
use std::num::NonZero;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::{Deserializer, Value};

use crate::Status;
use crate::compile;
use crate::error::Error;
use crate::json::{boolean, number, object, string};

/// Answers requests until the input ends. Then the requests that came before are still answered.
pub(super) fn serve(requests: impl Read, answers: impl Write + Send) -> Result<(), Error> {
    let (queue, answers) = (Queue::default(), Mutex::new(answers));
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let work = || {
            while let Some(request) = queue.take() {
                answer(&request, &answers)?;
            }
            Ok(())
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let read = read_all(requests, &queue, &answers);
        queue.close();
        let answered = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        answered.fold(read, Result::and)
    })
}

/// What Bazel sends, apart from the fields that don't matter here (`WorkRequest` in its
/// `worker_protocol.proto`).
#[derive(Debug)]
struct Request {
    arguments: Vec<OsString>,
    /// 0 unless the worker is a multiplex worker.
    id: i64,
    purpose: Purpose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Compile,
    /// The request with the same number needn't be answered any more.
    Cancel,
}

/// Reads requests into the queue until the input ends.
fn read_all(requests: impl Read, queue: &Queue, answers: &Mutex<impl Write>) -> Result<(), Error> {
    // Old versions of Bazel write no line end after a request, and the end of an object suffices.
    let values = Deserializer::from_reader(BufReader::new(requests)).into_iter::<Value>();
    for value in values {
        let request = match value {
            Ok(value) => Request::parse(&value).map_err(unexpected)?,
            Err(error) if error.is_io() => return Err(Error::Input(error.into())),
            Err(error) => return Err(unexpected(&error.to_string())),
        };
        match request.purpose {
            Purpose::Compile => queue.put(request),
            // If it has been taken from the queue, its own answer is enough.
            Purpose::Cancel if queue.remove(request.id) => {
                let cancelled = [
                    ("exitCode", number(0)),
                    ("output", string("")),
                    ("requestId", number(request.id)),
                    ("wasCancelled", boolean(true)),
                ];
                write(answers, object(cancelled))?;
            }
            Purpose::Cancel => {}
        }
    }
    Ok(())
}

/// The input isn't what a worker reads.
fn unexpected(what: &str) -> Error {
    Error::usage(&format!(
        "the input isn't Bazel's worker protocol in JSON (`requires-worker-protocol`): {what}"
    ))
}

impl Request {
    /// Absent fields have the default values of protocol buffers.
    fn parse(value: &Value) -> Result<Self, &'static str> {
        let fields = value.as_object().ok_or("a request is an object")?;
        let arguments = match fields.get("arguments") {
            None => Vec::new(),
            Some(Value::Array(all)) => all
                .iter()
                .map(|one| one.as_str().map(OsString::from))
                .collect::<Option<_>>()
                .ok_or("`arguments` contains only strings")?,
            Some(_) => return Err("`arguments` is an array"),
        };
        let id = match fields.get("requestId") {
            None => 0,
            Some(id) => id.as_i64().ok_or("`requestId` is an integer")?,
        };
        let purpose = match fields.get("cancel") {
            None | Some(Value::Bool(false)) => Purpose::Compile,
            Some(Value::Bool(true)) => Purpose::Cancel,
            Some(_) => return Err("`cancel` is true or false"),
        };
        match fields.get("sandboxDir").map(Value::as_str) {
            None | Some(Some("")) => Ok(Self { arguments, id, purpose }),
            // Its paths would be relative to that directory.
            Some(_) => Err("`supports-multiplex-sandboxing` must not be set"),
        }
    }
}

/// Compiles, and writes the answer.
fn answer(request: &Request, answers: &Mutex<impl Write>) -> Result<(), Error> {
    let mut output = String::new();
    let arguments = request.arguments.iter().cloned();
    let work = AssertUnwindSafe(|| compile::run_captured(arguments, &mut output));
    let status = match panic::catch_unwind(work) {
        Ok(Ok(status)) => status,
        Ok(Err(error)) => {
            output = format!("include-py: {error}\n");
            Status::Failed
        }
        // Without an answer, Bazel would wait forever.
        Err(_) => {
            output = String::from("include-py: the compiler panicked; the worker's log says why\n");
            Status::Failed
        }
    };
    let fields = [
        ("exitCode", number(status.exit_code())),
        ("output", string(&output)),
        ("requestId", number(request.id)),
    ];
    write(answers, object(fields))
}

fn write(answers: &Mutex<impl Write>, answer: String) -> Result<(), Error> {
    let mut answers = lock(answers);
    answers.write_all((answer + "\n").as_bytes())?;
    answers.flush()?;
    Ok(())
}

/// The requests that no thread has taken yet.
#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    requests: VecDeque<Request>,
    is_closed: bool,
}

impl Queue {
    fn put(&self, request: Request) {
        lock(&self.state).requests.push_back(request);
        self.changed.notify_one();
    }

    /// The next request, as soon as there is one; `None` if there will be no more.
    fn take(&self) -> Option<Request> {
        let is_idle = |state: &mut State| state.requests.is_empty() && !state.is_closed;
        let state = self.changed.wait_while(lock(&self.state), is_idle);
        state.unwrap_or_else(PoisonError::into_inner).requests.pop_front()
    }

    /// Removes a request; `false` if it has been taken, or there is none.
    fn remove(&self, id: i64) -> bool {
        let requests = &mut lock(&self.state).requests;
        let place = requests.iter().position(|request| request.id == id);
        place.and_then(|place| requests.remove(place)).is_some()
    }

    fn close(&self) {
        lock(&self.state).is_closed = true;
        self.changed.notify_all();
    }
}

/// Locks a mutex and ignores poisoning: a panic ends the worker.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
