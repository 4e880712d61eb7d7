//! Hands jobs to threads, and takes what comes of them.
//!
//! The largest source goes first, so that no thread ends long after the others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Job;

/// What the threads share; results stand in the order of the jobs.
pub(crate) struct Queue<'a, T> {
    jobs: &'a [Job<'a>],
    order: Vec<usize>,
    next: AtomicUsize,
    results: Mutex<Vec<Option<T>>>,
}

impl<'a, T> Queue<'a, T> {
    pub(crate) fn new(jobs: &'a [Job<'a>]) -> Self {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_by_key(|&number| std::cmp::Reverse(jobs[number].source.len()));
        let results = Mutex::new((0..jobs.len()).map(|_| None).collect());
        Self { jobs, order, next: AtomicUsize::new(0), results }
    }

    /// A job that nobody has taken yet.
    pub(crate) fn take(&self) -> Option<(usize, &'a Job<'a>)> {
        let number = *self.order.get(self.next.fetch_add(1, Ordering::Relaxed))?;
        Some((number, &self.jobs[number]))
    }

    pub(crate) fn put(&self, number: usize, result: T) {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results[number] = Some(result);
    }

    /// `None` is a job that nobody has taken.
    pub(crate) fn into_results(self) -> Vec<Option<T>> {
        self.results.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
