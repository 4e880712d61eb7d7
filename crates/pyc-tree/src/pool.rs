//! Compiles several files at once and reports them in order.
//!
//! Each thread takes the next step of the walk. Its event waits until all earlier events have been
//! reported, so the observer's view doesn't depend on the number of threads. The thread that
//! completes the next event reports it.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::compiler::TreeCompiler;
use crate::report::{Event, Summary};
use crate::source;
use crate::walk::{Step, Walk};

/// Stack size of a worker, enough for the deepest nesting that the compiler accepts.
const STACK: usize = 16 << 20;

/// Maximum number of threads; more would only wait for each other.
const MAX_WORKERS: usize = 1024;

/// Compiles every file of the walk.
pub(crate) fn compile(
    compiler: &TreeCompiler,
    walk: Walk<'_>,
    observer: impl FnMut(Event) -> ControlFlow<()> + Send,
) -> Summary {
    let steps = Mutex::new(walk.enumerate());
    let reporter = Mutex::new(Reporter::new(observer));
    let is_stopped = || compiler.stop.as_ref().is_some_and(|stop| stop());
    let work = || {
        while !is_stopped() {
            // A separate statement, so that the lock is released before the file is compiled.
            let step = lock(&steps).next();
            let Some((at, step)) = step else { return };
            let event = match step {
                Step::Directory(path) => Event::Directory(path),
                Step::Unlistable(path, error) => Event::Unlistable(path, error),
                Step::Current => Event::CurrentDirectory,
                Step::File(path, base) => Event::File(source::compile(&path, &base, compiler)),
            };
            if lock(&reporter).report(at, event).is_break() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok();
        let workers = compiler.workers.get().min(MAX_WORKERS);
        let threads: Vec<_> = (0..workers).map_while(spawn).collect();
        if threads.is_empty() {
            work();
        }
        for thread in threads {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
    });
    reporter.into_inner().unwrap_or_else(PoisonError::into_inner).summary
}

/// Locks a mutex and ignores poisoning: a panicking worker ends the whole run, so the data isn't
/// used afterwards.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes events to the observer in the order of their steps.
struct Reporter<Observer> {
    observer: Observer,
    /// The events from step `next` on; `None` for those not yet known.
    waiting: VecDeque<Option<Event>>,
    /// The step whose event is reported next.
    next: usize,
    summary: Summary,
    flow: ControlFlow<()>,
}

impl<Observer: FnMut(Event) -> ControlFlow<()>> Reporter<Observer> {
    fn new(observer: Observer) -> Self {
        Self {
            observer,
            waiting: VecDeque::new(),
            next: 0,
            summary: Summary::default(),
            flow: ControlFlow::Continue(()),
        }
    }

    /// Takes the event of a step and reports all events that are complete up to it, unless the
    /// observer ends the run.
    fn report(&mut self, at: usize, event: Event) -> ControlFlow<()> {
        let index = at - self.next;
        if self.waiting.len() <= index {
            self.waiting.resize_with(index + 1, || None);
        }
        self.waiting[index] = Some(event);
        while self.flow.is_continue() {
            let Some(event) = self.waiting.front_mut().and_then(Option::take) else { break };
            self.waiting.pop_front();
            self.next += 1;
            if let Event::File(report) = &event {
                self.summary.add(report);
            }
            self.flow = (self.observer)(event);
        }
        self.flow
    }
}
