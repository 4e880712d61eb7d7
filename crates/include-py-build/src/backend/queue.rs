//! Distributes jobs to threads, and collects the outcomes.
//!
//! The largest source is taken first, so that no thread finishes long after the others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Job;

/// State that the threads share; outcomes are in the order of the jobs.
pub(super) struct Queue<'a, T> {
    jobs: &'a [Job<'a>],
    order: Vec<usize>,
    next: AtomicUsize,
    outcomes: Mutex<Vec<T>>,
}

impl<'a, T: Clone> Queue<'a, T> {
    /// Distributes `jobs`. `untried` is the outcome of a job that nobody takes.
    pub(super) fn new(jobs: &'a [Job<'a>], untried: T) -> Self {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_by_key(|&number| std::cmp::Reverse(jobs[number].source.len()));
        let outcomes = Mutex::new(vec![untried; jobs.len()]);
        Self { jobs, order, next: AtomicUsize::new(0), outcomes }
    }

    /// Takes the next job.
    pub(super) fn take(&self) -> Option<(usize, &'a Job<'a>)> {
        let number = *self.order.get(self.next.fetch_add(1, Ordering::Relaxed))?;
        Some((number, &self.jobs[number]))
    }

    pub(super) fn put(&self, number: usize, outcome: T) {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes[number] = outcome;
    }

    /// The outcomes. Call it after the threads have ended.
    pub(super) fn into_outcomes(self) -> Vec<T> {
        self.outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
