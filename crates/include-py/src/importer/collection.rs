//! Puts garbage collection off while modules are imported.
//!
//! What modules define lives on, so the collector, which CPython starts after every 700 new objects, goes over it
//! again and again for nothing: a sixth of the time that it takes to import Django. While an import
//! lasts, it is started after [`PATIENCE`] objects instead, so that a program which does all its work
//! while its main module is imported isn't left without. Afterwards the threshold is what it was.
//!
//! A program that calls `gc.freeze` knows better, and is left alone from then on.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use pyo3::{intern, prelude::*, types::PyTuple};

/// After how many new objects the collector runs during an import: more than two thousand modules of an
/// ordinary application make, and as garbage some fifty megabytes.
const PATIENCE: u32 = 500_000;

/// Whether and how an importer's imports put collection off.
#[derive(Debug, Default)]
pub(super) struct Collection {
    postponed: AtomicBool,
    /// How many objects were frozen from the start; in 3.12 some are.
    frozen: AtomicUsize,
    running: Mutex<Running>,
}

/// The imports that are going on.
#[derive(Debug, Default)]
struct Running {
    imports: usize,
    /// What the thresholds were before the first of them.
    before: Option<Py<PyTuple>>,
}

/// An import that is going on.
pub(super) struct Import<'a, 'py> {
    collection: &'a Collection,
    py: Python<'py>,
}

impl Collection {
    /// From now on imports put collection off.
    pub(super) fn postpone(&self, py: Python<'_>) -> PyResult<()> {
        self.frozen.store(frozen(py)?, Ordering::Relaxed);
        self.postponed.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Begins an import, which ends when the result is dropped.
    pub(super) fn import<'py>(&self, py: Python<'py>) -> Option<Import<'_, 'py>> {
        if !self.postponed.load(Ordering::Relaxed) {
            return None;
        }
        let first = self.change(|running| {
            running.imports += 1;
            running.imports == 1
        });
        if first {
            // Importing works without it.
            let before = raise(py).ok().flatten().map(Bound::unbind);
            self.change(|running| running.before = before);
        }
        Some(Import { collection: self, py })
    }

    /// Puts the thresholds back, unless the code that was imported has set its own.
    fn restore(&self, before: &Bound<'_, PyTuple>) -> PyResult<()> {
        let py = before.py();
        let gc = py.import(intern!(py, "gc"))?;
        let youngest: u32 =
            gc.call_method0(intern!(py, "get_threshold"))?.get_item(0)?.extract()?;
        if youngest != PATIENCE {
            return Ok(());
        }
        if frozen(py)? == self.frozen.load(Ordering::Relaxed) {
            // Moves everything to the oldest generation without looking at it: otherwise the next
            // new object would have the collector go over all that was imported.
            gc.call_method0(intern!(py, "freeze"))?;
            gc.call_method0(intern!(py, "unfreeze"))?;
            self.frozen.store(0, Ordering::Relaxed);
        } else {
            self.postponed.store(false, Ordering::Relaxed);
        }
        gc.call_method1(intern!(py, "set_threshold"), (before.get_item(0)?,))?;
        Ok(())
    }

    /// The lock is held for a moment only, never while Python code runs.
    fn change<T>(&self, change: impl FnOnce(&mut Running) -> T) -> T {
        change(&mut self.running.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Import<'_, '_> {
    fn drop(&mut self) {
        let before = self.collection.change(|running| {
            running.imports -= 1;
            if running.imports == 0 { running.before.take() } else { None }
        });
        if let Some(before) = before {
            let _ = self.collection.restore(before.bind(self.py));
        }
    }
}

/// Raises the threshold of the youngest generation; the old thresholds, `None` if nothing was changed.
fn raise(py: Python<'_>) -> PyResult<Option<Bound<'_, PyTuple>>> {
    let gc = py.import(intern!(py, "gc"))?;
    let before = gc.call_method0(intern!(py, "get_threshold"))?.cast_into::<PyTuple>()?;
    let youngest: u32 = before.get_item(0)?.extract()?;
    // 0 switches the collector off.
    if youngest == 0 || youngest >= PATIENCE {
        return Ok(None);
    }
    gc.call_method1(intern!(py, "set_threshold"), (PATIENCE,))?;
    Ok(Some(before))
}

/// How many objects the collector has been told to leave alone.
fn frozen(py: Python<'_>) -> PyResult<usize> {
    py.import(intern!(py, "gc"))?.call_method0(intern!(py, "get_freeze_count"))?.extract()
}
