//! Distributes jobs to threads, and collects the outcomes.
//!
//! The largest source is taken first, so that no thread finishes long after the others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{Job, Outcome};

/// State that the threads share; outcomes are in the order of the jobs.
pub(super) struct Queue<'a> {
    jobs: &'a [Job<'a>],
    order: Vec<usize>,
    next: AtomicUsize,
    outcomes: Mutex<Vec<Outcome>>,
}

impl<'a> Queue<'a> {
    pub(super) fn new(jobs: &'a [Job<'a>]) -> Self {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_by_key(|&number| std::cmp::Reverse(jobs[number].source.len()));
        let outcomes = Mutex::new(vec![Outcome::Untried; jobs.len()]);
        Self { jobs, order, next: AtomicUsize::new(0), outcomes }
    }

    /// Takes the next job.
    pub(super) fn take(&self) -> Option<(usize, &'a Job<'a>)> {
        let number = *self.order.get(self.next.fetch_add(1, Ordering::Relaxed))?;
        Some((number, &self.jobs[number]))
    }

    pub(super) fn put(&self, number: usize, outcome: Outcome) {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes[number] = outcome;
    }

    /// The outcomes. Call it after the threads have ended: a job that nobody took is
    /// [`Outcome::Untried`].
    pub(super) fn into_outcomes(self) -> Vec<Outcome> {
        self.outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
