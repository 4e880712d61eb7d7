//! Starts as many workers as the amount of work justifies.
//!
//! One changed file of 4 KB takes one worker; the standard library takes one for each core.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use pyc_code::Minor;

use super::super::queue::Queue;
use super::super::{Job, Outcome};
use super::process::{Death, Worker};
use crate::error::{ErrorKind, Problem};
use crate::parallel::Workers;

/// Size of the sources for each further worker.
const BYTES_PER_WORKER: usize = 64 << 10;

/// After this many deaths, the cause isn't the modules.
const DEATHS: usize = 3;

/// A pool of interpreters, the first of which is started already.
pub(super) struct Pool {
    pub(super) command: PathBuf,
    /// The working directory of the workers.
    pub(super) dir: PathBuf,
    pub(super) first: Worker,
    /// The version whose formats they write.
    pub(super) minor: Minor,
}

/// State that the threads share.
struct Shared<'a> {
    queue: Queue<'a, Outcome>,
    minor: Minor,
    deaths: AtomicUsize,
}

impl Pool {
    /// Compiles the jobs; outcomes are in the order of the jobs. If a worker dies, its job has
    /// failed. After [`DEATHS`] deaths, no further job is tried.
    pub(super) fn compile(self, workers: &Workers, jobs: &[Job<'_>]) -> Vec<Outcome> {
        let total: usize = jobs.iter().map(|job| job.source.len()).sum();
        let worthwhile = total.div_ceil(BYTES_PER_WORKER).min(jobs.len());
        let queue = Queue::new(jobs, Outcome::Untried);
        let shared = Shared { queue, minor: self.minor, deaths: AtomicUsize::new(0) };
        let Self { command, dir, first, .. } = self;
        let start = || Worker::start(&command, &dir).map(|(worker, _)| worker);
        let first = Mutex::new(Some(first));
        workers.at_most(worthwhile).run(|| {
            let first = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            shared.work(first, &start);
        });
        shared.queue.into_outcomes()
    }
}

impl Shared<'_> {
    fn work(&self, mut worker: Option<Worker>, start: &dyn Fn() -> Result<Worker, Death>) {
        while self.deaths.load(Ordering::Relaxed) < DEATHS {
            let Some((number, job)) = self.queue.take() else { break };
            let living = worker.take().map_or_else(start, Ok);
            let answer = living.and_then(|mut living| {
                let answer = living.compile(job)?;
                worker = Some(living);
                Ok(answer)
            });
            if answer.is_err() {
                self.deaths.fetch_add(1, Ordering::Relaxed);
            }
            let outcome = match answer {
                Ok(answer) => job.canonical(answer, self.minor),
                Err(death) => Outcome::Failed(death.problem(job)),
            };
            self.queue.put(number, outcome);
        }
    }
}

impl Job<'_> {
    /// Checks the code object of an answer and converts it to canonical form (CF1), which depends
    /// only on its value.
    ///
    /// The bytes that an interpreter writes depend on its history: which strings it has interned,
    /// how many references an object has, how a set was filled.
    fn canonical(&self, answer: Outcome, minor: Minor) -> Outcome {
        let Outcome::Code { marshalled, warnings } = answer else { return answer };
        match pyc_code::canonical(&marshalled, minor) {
            Ok(marshalled) => Outcome::Code { marshalled, warnings },
            Err(error) => {
                let path = self.path.display();
                let text = format!("{path}: the interpreter made code that isn't valid: {error}");
                let problem = Problem::new(ErrorKind::Worker, text)
                    .note(format!("it was read as CPython {minor}'s marshal format"))
                    .help("use a release of CPython, or leave the file out with `Bundle::exclude`");
                Outcome::Failed(problem)
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

    /// Adds what the interpreter printed to a problem.
    pub(super) fn explain(&self, problem: Problem) -> Problem {
        if self.stderr.is_empty() {
            return problem;
        }
        let indented = self.stderr.replace('\n', "\n    ");
        problem.note(format!("it printed:\n    {indented}"))
    }
}
