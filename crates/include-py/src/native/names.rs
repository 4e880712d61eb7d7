//! The names of loaded libraries: one for each library of a bundle, as long as the process lives.
//!
//! A second name would load a second copy. For example, a single-phase module that is imported
//! again would be another object, without its state.

use std::{
    cell::Cell,
    collections::BTreeMap,
    ffi::CString,
    sync::{Mutex, MutexGuard, PoisonError},
};

use include_py_bundle::Bundle;
use pyo3::{Python, sync::MutexExt};

/// Held by the thread that loads libraries.
static TURN: Mutex<()> = Mutex::new(());

static TABLE: Mutex<Table> = Mutex::new(Table { by_place: BTreeMap::new(), given: 0 });

thread_local! {
    /// Whether this thread holds [`TURN`].
    static LOADS: Cell<bool> = const { Cell::new(false) };
}

/// The names, and how many have been assigned.
#[derive(Debug)]
struct Table {
    /// By the bundle's digest and the path in it.
    by_place: BTreeMap<([u8; 32], String), CString>,
    given: u32,
}

/// A thread's exclusive right to load and name libraries.
///
/// It is reentrant: if a library's constructor imports an extension module, a load starts within a
/// load.
#[derive(Debug)]
pub(super) struct Names {
    /// `None` if the thread already had the right.
    turn: Option<MutexGuard<'static, ()>>,
    table: &'static Mutex<Table>,
}

impl Drop for Names {
    fn drop(&mut self) {
        if self.turn.is_some() {
            LOADS.set(false);
        }
    }
}

impl Names {
    /// Waits until other threads have finished, detached from the interpreter: the constructor of a
    /// library that another thread loads may need to run Python code.
    pub(super) fn lock(py: Python<'_>) -> Self {
        if LOADS.get() {
            return Self { turn: None, table: &TABLE };
        }
        let turn = TURN.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        LOADS.set(true);
        Self { turn: Some(turn), table: &TABLE }
    }

    pub(super) fn get(&self, bundle: &Bundle<'_>, path: &str) -> Option<CString> {
        self.table().by_place.get(&key(bundle, path)).cloned()
    }

    pub(super) fn insert(&self, bundle: &Bundle<'_>, path: &str, name: CString) {
        self.table().by_place.insert(key(bundle, path), name);
    }

    /// Removes the name of a library that the dynamic linker couldn't load.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    pub(super) fn remove(&self, bundle: &Bundle<'_>, path: &str) {
        self.table().by_place.remove(&key(bundle, path));
    }

    /// A number that no other name has.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    pub(super) fn next(&self) -> u32 {
        let mut table = self.table();
        table.given += 1;
        table.given
    }

    /// Locked only for a single access, never while a library is loaded.
    fn table(&self) -> MutexGuard<'static, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(bundle: &Bundle<'_>, path: &str) -> ([u8; 32], String) {
    (*bundle.digest(), path.to_owned())
}
