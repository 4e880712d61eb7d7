//! Keeps the garbage collector from examining what modules define while they are imported.
//!
//! CPython starts the collector after every 700 or 2,000 new objects. During imports this is mostly
//! wasted, since the objects that modules define stay alive: it takes a tenth of the time to import
//! Django. But a program can also do work while it is imported, and that garbage must be freed as
//! in CPython. So the thresholds stay. Whenever a module begins or ends an import, the objects that
//! it has created since the last such boundary are moved to the oldest generation without being
//! examined, provided that they can only be its definitions:
//!
//! | condition since the last boundary | otherwise |
//! |---|---|
//! | there are no more objects than code of its size defines ([`Module::objects`]) | the collector examines them |
//! | the process's memory hasn't grown by more than code of its size explains ([`Module::memory`]) | the collector examines them |
//! | no file descriptor was opened and kept open | the collector examines them |
//! | there was only one thread | nothing is done |
//!
//! If memory grew more than the code explains, the objects are also examined at the next [`WARY`]
//! boundaries. Objects of a small module, and those that importlib creates for it ([`IMPORT`]), are
//! counted together with what its importer creates afterwards.
//!
//! Examined objects count as work. CPython runs a full collection after a certain amount of work,
//! and so does this file. CPython's own count can't be used for that: it restarts at each boundary,
//! even after an examination, and would take some hundred objects for thousands and soon collect
//! everything.
//!
//! A program that disables the collector or calls `gc.freeze` manages it itself, so nothing is
//! done.

use std::sync::{Mutex, OnceLock, PoisonError};

use pyo3::{ffi, intern, prelude::*, types::PyModule};

/// Bytes of a module's marshalled code for each object that it defines. It is 100 to 170 for the
/// standard library, Django and `SymPy`; only one module in a hundred creates more objects than
/// this limit and the [`ALLOWANCE`] permit.
const BYTES_PER_OBJECT: usize = 32;

/// Additional objects that a module may create, however small it is.
const ALLOWANCE: usize = 200;

/// The factor from the size of a module's code to the memory that its definitions may take.
const GROWTH: usize = 8;

/// Additional memory, for libraries that are linked and dictionaries that are enlarged.
const GROWTH_ALLOWANCE: usize = 1 << 20;

/// The objects and bytes that importlib creates for each import: the spec, the loader, the module,
/// its dictionary.
const IMPORT: Module = Module { objects: 12, memory: 4 << 10 };

/// CPython 3.12 freezes immortal objects when it examines them (`gcmodule.c: update_refs`), some
/// hundreds. A program that calls `gc.freeze` freezes all objects, which are thousands even in the
/// smallest program.
const FROZEN_BY_PYTHON: usize = 2_000;

/// With fewer new objects nothing would be saved.
const FEW: usize = 100;

/// The number of boundaries without trust after the process has grown too much. The memory that the
/// collector then frees is reused, which the peak memory doesn't show.
const WARY: usize = 20;

/// The imports of the process's main interpreter.
static IMPORTS: Mutex<Imports> = Mutex::new(Imports::new());

/// Whether imports through an importer avoid collections.
#[derive(Debug, Default)]
pub(super) struct Collection {
    /// Set once imports avoid collections.
    collector: OnceLock<Collector>,
}

#[derive(Debug)]
struct Imports {
    /// The modules being imported, the innermost last.
    modules: Vec<Module>,
    /// The number of objects other than definitions that were created since the last full
    /// collection.
    work: usize,
    /// The number of further boundaries at which objects are examined, even if they are few.
    wary: usize,
    seen: Seen,
}

/// What a module that is being imported may still define.
#[derive(Clone, Copy, Debug, Default)]
struct Module {
    objects: usize,
    memory: usize,
}

/// The state of the process at the last boundary.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The peak memory in bytes.
    memory: usize,
    /// The lowest unused descriptor.
    descriptor: i32,
}

/// An import in progress; it ends when this is dropped.
pub(super) struct Import<'a, 'py> {
    py: Python<'py>,
    collector: &'a Collector,
    /// The number of imports in progress, including this one.
    depth: usize,
}

/// CPython's collector.
#[derive(Debug)]
struct Collector {
    gc: Py<PyModule>,
    /// `gc.get_count`, which is called twice in each import.
    get_count: Py<PyAny>,
}

/// What to do with the objects that were created since the last boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Move them: they are definitions.
    Move,
    /// Examine them: they may be garbage.
    Look,
    /// Collect everything: after so much work, there may be garbage among the old objects.
    LookAtEverything,
}

/// CPython's counts: new objects, and for each generation the collections of the one before it.
#[derive(Clone, Copy, Debug)]
struct Counts {
    now: [usize; 3],
    /// The thresholds at which CPython collects.
    thresholds: [usize; 3],
}

impl Collection {
    /// From now on imports avoid collections.
    pub(super) fn postpone(&self, py: Python<'_>) -> PyResult<()> {
        let gc = py.import("gc")?;
        let get_count = gc.getattr("get_count")?.unbind();
        let collector = Collector { gc: gc.unbind(), get_count };
        // The objects of Python's start also stay alive.
        collector.spare(py)?;
        with(|imports| imports.seen = Seen::now());
        let _ = self.collector.set(collector);
        Ok(())
    }

    /// Begins an import, which ends when the result is dropped.
    pub(super) fn import<'py>(&self, py: Python<'py>) -> Option<Import<'_, 'py>> {
        let collector = self.collector.get()?;
        with(|imports| imports.allow(IMPORT));
        // A failure here doesn't affect the import.
        let _ = collector.boundary(py);
        let depth = with(|imports| {
            imports.modules.push(Module::of(0));
            imports.modules.len()
        });
        Some(Import { py, collector, depth })
    }
}

impl Import<'_, '_> {
    /// Sets the size of the module's code in bytes.
    pub(super) fn has_code(&self, size: usize) {
        with(|imports| {
            // An import in another thread may have ended first.
            if let Some(module) = imports.modules.get_mut(self.depth - 1) {
                *module = Module::of(size);
            }
        });
    }
}

impl Drop for Import<'_, '_> {
    fn drop(&mut self) {
        let left = self.collector.boundary(self.py).unwrap_or(0);
        with(|imports| imports.end(left));
    }
}

impl Module {
    fn of(size: usize) -> Self {
        Self {
            objects: ALLOWANCE + size / BYTES_PER_OBJECT,
            memory: GROWTH_ALLOWANCE + size * GROWTH,
        }
    }
}

impl Imports {
    const fn new() -> Self {
        let seen = Seen { memory: 0, descriptor: 0 };
        Self { modules: Vec::new(), work: 0, wary: 0, seen }
    }

    /// Lets the innermost module create more than its code defines.
    fn allow(&mut self, more: Module) {
        if let Some(module) = self.modules.last_mut() {
            module.objects += more.objects;
            module.memory += more.memory;
        }
    }

    /// The innermost module has been imported. `left` of its objects haven't been judged; from now
    /// on they count as its importer's.
    fn end(&mut self, left: usize) {
        if let Some(Module { objects, memory }) = self.modules.pop() {
            let memory = memory.saturating_sub(GROWTH_ALLOWANCE);
            self.allow(Module { objects: left.min(objects), memory });
        }
    }

    /// Judges `made` objects; `interval` is the number of objects after which CPython collects
    /// everything.
    fn judge(&mut self, made: usize, now: Seen, interval: usize) -> Verdict {
        let seen = std::mem::replace(&mut self.seen, now);
        let grown = now.memory.saturating_sub(seen.memory);
        // Between imports the program may do anything; only a few objects come from the search for
        // the next module.
        let mut none = Module::of(0);
        let module = self.modules.last_mut().unwrap_or(&mut none);
        let holds_more = grown > module.memory || now.descriptor > seen.descriptor;
        let fits = made <= module.objects && !holds_more;
        module.objects = module.objects.saturating_sub(made);
        module.memory = module.memory.saturating_sub(grown);
        self.wary = if holds_more { WARY } else { self.wary.saturating_sub(1) };
        if fits && self.wary == 0 {
            return Verdict::Move;
        }
        self.work += made;
        if self.work < interval {
            return Verdict::Look;
        }
        self.work = 0;
        Verdict::LookAtEverything
    }
}

impl Seen {
    fn now() -> Self {
        Self { memory: peak_memory(), descriptor: free_descriptor() }
    }
}

impl Counts {
    /// The number of objects created since CPython's last full collection or our last move.
    fn total(self) -> usize {
        let [objects, first, second] = self.now;
        let [every, first_every, _] = self.thresholds;
        objects + every * (first + first_every * second)
    }

    /// The number of objects after which CPython collects everything.
    fn interval(self) -> usize {
        self.thresholds.iter().map(|&threshold| threshold.max(1)).product()
    }
}

impl Collector {
    /// Called when the program goes from one module to another. Returns the number of objects that
    /// are left for the next boundary because they are so few.
    fn boundary(&self, py: Python<'_>) -> PyResult<usize> {
        if !has_one_thread(py) || !is_enabled(py) {
            return Ok(0);
        }
        let now = self.now(py)?;
        // Most modules are small, so this check keeps them fast.
        if now[0] < FEW && now[1..] == [0, 0] {
            return Ok(now[0]);
        }
        let counts = self.counts(py, now)?;
        let made = counts.total();
        if made < FEW {
            return Ok(made);
        }
        let gc = self.gc.bind(py);
        let frozen: usize = gc.call_method0(intern!(py, "get_freeze_count"))?.extract()?;
        if counts.thresholds[0] == 0 || frozen > FROZEN_BY_PYTHON {
            return Ok(0);
        }
        let interval = counts.interval();
        match with(|imports| imports.judge(made, Seen::now(), interval)) {
            Verdict::Move => {}
            Verdict::Look => drop(gc.call_method1(intern!(py, "collect"), (1,))?),
            Verdict::LookAtEverything => drop(gc.call_method0(intern!(py, "collect"))?),
        }
        // Examined objects are moved as well, to restart CPython's counts.
        self.spare(py)?;
        Ok(0)
    }

    /// Moves all objects to the oldest generation by way of the permanent one, and restarts
    /// CPython's counts.
    fn spare(&self, py: Python<'_>) -> PyResult<()> {
        let gc = self.gc.bind(py);
        gc.call_method0(intern!(py, "freeze"))?;
        gc.call_method0(intern!(py, "unfreeze"))?;
        Ok(())
    }

    fn now(&self, py: Python<'_>) -> PyResult<[usize; 3]> {
        let now: (usize, usize, usize) = self.get_count.bind(py).call0()?.extract()?;
        Ok(now.into())
    }

    fn counts(&self, py: Python<'_>, now: [usize; 3]) -> PyResult<Counts> {
        let thresholds = self.gc.bind(py).call_method0(intern!(py, "get_threshold"))?;
        let thresholds: (usize, usize, usize) = thresholds.extract()?;
        Ok(Counts { now, thresholds: thresholds.into() })
    }
}

fn is_enabled(_: Python<'_>) -> bool {
    // SAFETY: the thread is attached.
    unsafe { ffi::PyGC_IsEnabled() != 0 }
}

/// The lock is held only briefly, and never while Python code runs.
fn with<T>(change: impl FnOnce(&mut Imports) -> T) -> T {
    change(&mut IMPORTS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether no other thread is attached or can attach again.
fn has_one_thread(_: Python<'_>) -> bool {
    // SAFETY: the thread is attached, so its interpreter has a first thread state, which isn't
    // freed meanwhile: that takes the GIL.
    unsafe {
        let first = ffi::PyInterpreterState_ThreadHead(ffi::PyInterpreterState_Get());
        ffi::PyThreadState_Next(first).is_null()
    }
}

/// The peak memory of the process in bytes.
#[cfg(unix)]
fn peak_memory() -> usize {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the system fills in the structure, for which all zeros are a value, too.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    usize::try_from(usage.ru_maxrss).unwrap_or(0).saturating_mul(unit)
}

/// The lowest unused descriptor; it rises when descriptors are kept open.
#[cfg(unix)]
fn free_descriptor() -> i32 {
    use std::os::fd::{AsFd, AsRawFd};
    std::io::stdin().as_fd().try_clone_to_owned().map_or(0, |free| free.as_raw_fd())
}

#[cfg(not(unix))]
fn peak_memory() -> usize {
    0
}

#[cfg(not(unix))]
fn free_descriptor() -> i32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(modules: &[usize]) -> Imports {
        let modules = modules.iter().map(|&size| Module::of(size)).collect();
        Imports { modules, ..Imports::new() }
    }

    #[test]
    fn definitions_are_moved_and_larger_growth_is_examined() {
        let here = Seen { memory: 1 << 20, descriptor: 3 };
        let fresh = |size| {
            let mut imports = imports(&[size]);
            imports.seen = here;
            imports
        };
        assert_eq!(fresh(32_000).judge(1_200, here, 70_000), Verdict::Move);
        assert_eq!(fresh(32_000).judge(1_201, here, 70_000), Verdict::Look);
        let more_memory = Seen { memory: here.memory + (2 << 20), ..here };
        assert_eq!(fresh(32_000).judge(150, more_memory, 70_000), Verdict::Look);
        let kept_open = Seen { descriptor: 4, ..here };
        assert_eq!(fresh(32_000).judge(150, kept_open, 70_000), Verdict::Look);
        assert_eq!(imports(&[]).judge(201, here, 70_000), Verdict::Look);
    }

    #[test]
    fn after_unexplained_growth_objects_are_examined_for_a_while() {
        let here = Seen { memory: 1 << 30, descriptor: 3 };
        let mut imports = imports(&[1 << 20]);
        let verdicts: Vec<_> = (0..=WARY + 1).map(|_| imports.judge(1, here, 70_000)).collect();
        assert_eq!(verdicts.iter().filter(|&&verdict| verdict == Verdict::Look).count(), WARY);
        assert_eq!(verdicts.last(), Some(&Verdict::Move));
    }

    #[test]
    fn a_module_defines_its_share_once() {
        let here = Seen::default();
        let mut imports = imports(&[0, 3_200]);
        assert_eq!(imports.judge(300, here, 70_000), Verdict::Move);
        assert_eq!(imports.judge(100, here, 70_000), Verdict::Look);
        imports.modules.pop();
        assert_eq!(imports.judge(200, here, 70_000), Verdict::Move);
    }

    #[test]
    fn an_importer_answers_for_what_small_modules_left_unjudged() {
        let here = Seen::default();
        let mut imports = imports(&[0]);
        for _ in 0..1_000 {
            imports.allow(IMPORT);
            imports.modules.push(Module::of(0));
            imports.end(FEW);
        }
        let made = ALLOWANCE + 1_000 * (IMPORT.objects + FEW);
        assert_eq!(imports.judge(made, here, 70_000), Verdict::Move);
        assert_eq!(imports.judge(1, here, 70_000), Verdict::Look);
    }

    #[test]
    fn much_work_leads_to_a_full_examination() {
        let here = Seen::default();
        let mut imports = imports(&[0]);
        let verdicts = [0; 5].map(|_| imports.judge(20_000, here, 70_000));
        let (look, everything) = (Verdict::Look, Verdict::LookAtEverything);
        assert_eq!(verdicts, [look, look, look, everything, look]);
    }

    #[test]
    fn collections_count_as_the_objects_that_led_to_them() {
        let thresholds = [700, 10, 10];
        let counts = |now| Counts { now, thresholds };
        assert_eq!(counts([5, 2, 1]).total(), 5 + 2 * 700 + 7_000);
        assert_eq!(counts([0, 0, 0]).interval(), 70_000);
    }
}
