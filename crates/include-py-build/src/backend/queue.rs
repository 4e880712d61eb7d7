//! Hands jobs to threads, and takes what comes of them.
//!
//! The largest source goes first, so that no thread ends long after the others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{Job, Outcome};

/// What the threads share; outcomes stand in the order of the jobs.
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

    /// A job that nobody has taken yet.
    pub(super) fn take(&self) -> Option<(usize, &'a Job<'a>)> {
        let number = *self.order.get(self.next.fetch_add(1, Ordering::Relaxed))?;
        Some((number, &self.jobs[number]))
    }

    pub(super) fn put(&self, number: usize, outcome: Outcome) {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes[number] = outcome;
    }

    /// Once the threads have ended, and passed their panics on: a job that nobody took is
    /// [`Outcome::Untried`].
    pub(super) fn into_outcomes(self) -> Vec<Outcome> {
        self.outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
