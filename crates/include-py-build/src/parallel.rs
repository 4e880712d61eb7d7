//! Applies a function to many items, in as many threads as Cargo grants tokens.
//!
//! `workers.map(&sources, Source::digest)` gives the digests in the order of the sources.

mod tokens;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, Scope, ScopedJoinHandle};
use std::time::Duration;

pub(crate) use tokens::Tokens;

/// Maximum delay until a returned token is noticed.
const PATIENCE: Duration = Duration::from_millis(10);

/// Size of the threads' stacks: enough for the compiler's maximum nesting of sources.
const STACK: usize = 16 << 20;

/// The number of threads. Each thread except the first needs a token, if there are tokens.
#[derive(Clone, Debug)]
pub(crate) struct Workers {
    limit: NonZeroUsize,
    tokens: Option<Arc<Tokens>>,
}

impl Workers {
    pub(crate) fn new(limit: NonZeroUsize, tokens: Option<Arc<Tokens>>) -> Self {
        Self { limit, tokens }
    }

    /// The same with at most `limit` threads.
    pub(crate) fn at_most(&self, limit: usize) -> Self {
        let limit = NonZeroUsize::new(limit).unwrap_or(NonZeroUsize::MIN);
        Self { limit: self.limit.min(limit), tokens: self.tokens.clone() }
    }

    /// Runs `work` in several threads; all take their items from a common place. No thread starts
    /// after the first has finished. Returns when all have finished. Propagates panics.
    ///
    /// The first thread needs no token: Cargo has given this process an implicit one, so there is
    /// always a thread that works. Others start when their tokens arrive.
    pub(crate) fn run(&self, work: impl Fn() + Sync) {
        let waiting = std::thread::current();
        let first = || {
            work();
            waiting.unpark();
        };
        std::thread::scope(|scope| {
            let Some(first) = spawn(scope, first) else { return work() };
            let mut others = Vec::new();
            while others.len() + 1 < self.limit.get() && !first.is_finished() {
                let asked = self.tokens.as_ref().map(|tokens| tokens.take());
                if matches!(asked, Some(None)) {
                    std::thread::park_timeout(PATIENCE);
                    continue;
                }
                let token = asked.flatten();
                let other = || {
                    work();
                    drop(token);
                };
                let Some(other) = spawn(scope, other) else { break };
                others.push(other);
            }
            for thread in std::iter::once(first).chain(others) {
                if let Err(panic) = thread.join() {
                    std::panic::resume_unwind(panic);
                }
            }
        });
    }

    /// The results in the order of the items.
    pub(crate) fn map<'t, T: Sync, R: Send>(
        &self,
        items: &'t [T],
        one: impl Fn(&'t T) -> R + Sync,
    ) -> Vec<R> {
        let workers = self.at_most(items.len());
        if workers.limit == NonZeroUsize::MIN {
            return items.iter().map(one).collect();
        }
        let next = AtomicUsize::new(0);
        let all = std::sync::Mutex::new(Vec::with_capacity(items.len()));
        workers.run(|| {
            let mut results = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(number) else { break };
                results.push((number, one(item)));
            }
            // The lock is poisoned only if a thread panics here, and `run` propagates that.
            all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut results);
        });
        let mut all = all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.sort_unstable_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, result)| result).collect()
    }
}

/// `None` if no thread can be created.
fn spawn<'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, ()>> {
    Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four() -> Workers {
        Workers::new(NonZeroUsize::MIN.saturating_add(3), None)
    }

    #[test]
    fn results_are_in_order() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(four().map(&items, |item| item + 1), (1..1001).collect::<Vec<_>>());
        assert_eq!(four().map(&items[..1], |item| item + 1), [1]);
        assert_eq!(four().map(&[], |item: &usize| *item), []);
    }

    #[test]
    fn a_panic_is_not_swallowed() {
        let panics = || four().map(&[1, 2, 3], |item| assert_ne!(*item, 2, "two"));
        let panic = std::panic::catch_unwind(panics).unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().contains("two"));
    }

    /// The maximum number of threads that work at once on jobs that are long enough to overlap.
    #[cfg(target_os = "linux")]
    fn at_once(workers: &Workers) -> usize {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        workers.map(&[(); 40], |()| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(10));
            now.fetch_sub(1, Ordering::SeqCst);
        });
        most.into_inner()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn there_are_as_many_threads_as_tokens_and_one() {
        use std::os::fd::AsRawFd as _;

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let pipe = std::fs::File::options().read(true).write(true).open(&path).unwrap();
        let named = format!("-j --jobserver-auth=fifo:{}", path.display());
        assert!(Tokens::parse(&named).unwrap().take().is_none());
        let inherited = format!("-j --jobserver-auth={0},{0} --x", pipe.as_raw_fd());
        let tokens = Arc::new(Tokens::parse(&inherited).unwrap());
        let workers = Workers { tokens: Some(Arc::clone(&tokens)), ..four() };
        // No token is returned: the first thread does all the work.
        assert_eq!(at_once(&workers), 1);
        std::io::Write::write_all(&mut &pipe, b"ab").unwrap();
        assert_eq!(at_once(&workers), 3);
        // All tokens are back, each with its value.
        let panics = || workers.map(&[1, 2, 3], |item| assert_ne!(*item, 2, "two"));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).unwrap_err();
        let taken = [tokens.take(), tokens.take(), tokens.take()];
        let mut bytes: Vec<_> = taken.iter().flatten().map(tokens::Token::byte).collect();
        bytes.sort_unstable();
        assert_eq!(bytes, *b"ab");
    }
}
