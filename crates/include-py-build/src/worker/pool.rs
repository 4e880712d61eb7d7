//! As many workers as there is work for.
//!
//! One changed file of 4 KB takes one worker; the standard library takes one for each core.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use pyc_code::Minor;

use super::process::Death;
use super::queue::Queue;
use super::{Answer, Worker};
use crate::error::{ErrorKind, Problem};
use crate::options::Manner;
use crate::parallel::Workers;

/// For how much source another worker is worth its start.
const BYTES_PER_WORKER: usize = 64 << 10;

/// After so many deaths, it isn't the modules.
const DEATHS: usize = 3;

/// A module to compile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    /// What its code objects say they come from.
    pub(crate) filename: &'a str,
    /// The file, for messages.
    pub(crate) path: &'a Path,
    pub(crate) source: &'a [u8],
    pub(crate) manner: Manner,
}

/// Interpreters that compile, the first of them started already.
pub(crate) struct Pool {
    interpreter: PathBuf,
    dir: PathBuf,
    workers: Workers,
    first: Worker,
    minor: Minor,
}

/// What the threads share.
struct Shared<'a> {
    queue: Queue<'a, Result<Answer, Problem>>,
    minor: Minor,
    deaths: AtomicUsize,
}

impl Pool {
    /// Of these workers, with `first` among them, of this interpreter in this directory.
    pub(crate) fn new(
        interpreter: PathBuf,
        dir: PathBuf,
        workers: Workers,
        first: Worker,
        minor: Minor,
    ) -> Self {
        Self { interpreter, dir, workers, first, minor }
    }

    /// The answers in the order of the jobs; a worker's death is a problem of its job. `None` is a
    /// job that wasn't tried, after too many deaths.
    pub(crate) fn compile(self, jobs: &[Job<'_>]) -> Vec<Option<Result<Answer, Problem>>> {
        let total: usize = jobs.iter().map(|job| job.source.len()).sum();
        let worthwhile = total.div_ceil(BYTES_PER_WORKER).min(jobs.len());
        let shared =
            Shared { queue: Queue::new(jobs), minor: self.minor, deaths: AtomicUsize::new(0) };
        let Self { interpreter, dir, workers, first, .. } = self;
        let start = || Worker::start(&interpreter, &dir).map(|(worker, _)| worker);
        let first = Mutex::new(Some(first));
        workers.at_most(worthwhile).run(|| {
            let first = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            shared.work(first, &start);
        });
        shared.queue.into_results()
    }
}

impl Shared<'_> {
    fn work(&self, mut worker: Option<Worker>, start: &dyn Fn() -> Result<Worker, Death>) {
        while self.deaths.load(Ordering::Relaxed) < DEATHS {
            let Some((number, job)) = self.queue.take() else { break };
            let living = worker.take().map_or_else(start, Ok);
            let answer = living.and_then(|mut living| {
                let answer = living.compile(job.manner, job.filename, job.source)?;
                worker = Some(living);
                Ok(answer)
            });
            if answer.is_err() {
                self.deaths.fetch_add(1, Ordering::Relaxed);
            }
            let result = match answer {
                Ok(answer) => job.canonical(answer, self.minor),
                Err(death) => Err(death.problem(job)),
            };
            self.queue.put(number, result);
        }
    }
}

impl Job<'_> {
    /// The answer with the code object checked and in the form that its value alone decides (CF1).
    ///
    /// What the interpreter writes depends on its history: which strings it has interned, how many
    /// references an object has, how a set was filled.
    fn canonical(&self, answer: Answer, minor: Minor) -> Result<Answer, Problem> {
        let Answer::Code { marshalled, warnings } = answer else { return Ok(answer) };
        match pyc_code::canonical(&marshalled, minor) {
            Ok(marshalled) => Ok(Answer::Code { marshalled, warnings }),
            Err(error) => {
                let path = self.path.display();
                let text = format!("{path}: the interpreter made code that isn't valid: {error}");
                Err(Problem::new(ErrorKind::Worker, text)
                    .note(format!("it was read as CPython {minor}'s marshal format"))
                    .help("use a release of CPython, or leave the file out with `Bundle::exclude`"))
            }
        }
    }
}

impl Death {
    fn problem(self, job: &Job<'_>) -> Problem {
        let text =
            format!("{}: the interpreter that compiled it {}", job.path.display(), self.what);
        self.explain(Problem::new(ErrorKind::Worker, text)).help(
            "compile the file with that interpreter's `python -m py_compile` to see it fail; \
             leave it out with `Bundle::exclude`",
        )
    }

    /// Adds what the interpreter printed.
    pub(crate) fn explain(&self, problem: Problem) -> Problem {
        if self.stderr.is_empty() {
            return problem;
        }
        let indented = self.stderr.replace('\n', "\n    ");
        problem.note(format!("it printed:\n    {indented}"))
    }
}
