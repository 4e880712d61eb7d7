//! One function of many things, by several threads.
//!
//! `map(&sources, workers, Source::digest)` gives the digests in the order of the sources.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The results in the order of the items. A thread's panic is this one's.
pub(crate) fn map<'t, T: Sync, R: Send>(
    items: &'t [T],
    workers: NonZeroUsize,
    one: impl Fn(&'t T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut results = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return results };
            results.push((number, one(item)));
        }
    };
    let threads = workers.get().min(items.len());
    if threads < 2 {
        return items.iter().map(one).collect();
    }
    let mut all = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::with_capacity(items.len());
        for handle in handles {
            match handle.join() {
                Ok(results) => all.extend(results),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: NonZeroUsize = NonZeroUsize::MIN.saturating_add(3);

    #[test]
    fn results_are_in_order() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(map(&items, FOUR, |item| item + 1), (1..1001).collect::<Vec<_>>());
        assert_eq!(map(&items[..1], FOUR, |item| item + 1), [1]);
        assert_eq!(map(&[], FOUR, |item: &usize| *item), []);
    }

    #[test]
    fn a_panic_is_not_swallowed() {
        let panics = || map(&[1, 2, 3], FOUR, |item| assert_ne!(*item, 2, "two"));
        let panic = std::panic::catch_unwind(panics).unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().contains("two"));
    }
}
