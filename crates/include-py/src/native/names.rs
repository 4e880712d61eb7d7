//! Under which names the process has loaded what: one for each library of a bundle, for ever.
//!
//! A second name would load a second copy: a single-phase module that is imported again would be
//! another object, with none of its state.

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

/// The names, and how many were given.
#[derive(Debug)]
struct Table {
    /// By the bundle's digest and the path in it.
    by_place: BTreeMap<([u8; 32], String), CString>,
    given: u32,
}

/// A thread's turn to load libraries and to name them.
///
/// The thread may take it again while it has it: a library's constructor that imports an extension
/// module loads in the middle of a load.
#[derive(Debug)]
pub(super) struct Names {
    /// `None` if the thread had its turn already.
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
    /// Waits for the turn, detached from the interpreter: the constructor of what another thread
    /// loads may want to run Python code.
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

    /// Forgets the name of a library that the dynamic linker has refused.
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

    /// Locked for one look-up only, never while a library is loaded.
    fn table(&self) -> MutexGuard<'static, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(bundle: &Bundle<'_>, path: &str) -> ([u8; 32], String) {
    (*bundle.digest(), path.to_owned())
}
