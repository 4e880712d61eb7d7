//! Many files at once, told of in order.
//!
//! Threads take the next step of the walk each. What came of it waits until everything before it has been told, so that
//! what the observer sees doesn't depend on how many threads there are; the thread that has the next event tells it.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::compiler::TreeCompiler;
use crate::one;
use crate::report::{Event, Summary};
use crate::walk::{Step, Walk};

/// For sources nested as deep as the compiler goes.
const STACK: usize = 16 << 20;

/// More threads than this only wait for each other, however many are asked for.
const MAX_WORKERS: usize = 1024;

/// Compiles every file of the walk.
pub(crate) fn compile(
    compiler: &TreeCompiler,
    walk: Walk<'_>,
    observer: impl FnMut(Event) -> ControlFlow<()> + Send,
) -> Summary {
    let steps = Mutex::new(walk.enumerate());
    let teller = Mutex::new(Teller::new(observer));
    let is_stopped = || compiler.stop.as_ref().is_some_and(|stop| stop());
    let work = || {
        while !is_stopped() {
            // In a statement of its own, so that the lock isn't held while the file is compiled.
            let step = lock(&steps).next();
            let Some((at, step)) = step else { return };
            let event = match step {
                Step::Directory(path) => Event::Directory(path),
                Step::Unlistable(path, error) => Event::Unlistable(path, error),
                Step::Current => Event::CurrentDirectory,
                Step::File(path, below) => Event::File(one::compile(&path, &below, compiler)),
            };
            if lock(&teller).tell(at, event).is_break() {
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
    teller.into_inner().unwrap_or_else(PoisonError::into_inner).summary
}

/// A thread that panics ends the run by its panic, so what it held is never used again.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the observer of events in the order of their steps.
struct Teller<Observer> {
    observer: Observer,
    /// The events from the next one on, as far as they are there.
    waiting: VecDeque<Option<Event>>,
    /// The step whose event is told next.
    next: usize,
    summary: Summary,
    flow: ControlFlow<()>,
}

impl<Observer: FnMut(Event) -> ControlFlow<()>> Teller<Observer> {
    fn new(observer: Observer) -> Self {
        Self {
            observer,
            waiting: VecDeque::new(),
            next: 0,
            summary: Summary::default(),
            flow: ControlFlow::Continue(()),
        }
    }

    /// Takes an event, and tells those that nothing is before any more, until the observer ends the run.
    fn tell(&mut self, at: usize, event: Event) -> ControlFlow<()> {
        let place = at - self.next;
        if self.waiting.len() <= place {
            self.waiting.resize_with(place + 1, || None);
        }
        self.waiting[place] = Some(event);
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
