//! Under which names the process has loaded what: one for each library of a bundle, for ever.
//!
//! A second name would load a second copy: a single-phase module that is imported again would be another
//! object, with none of its state.

use std::{
    collections::BTreeMap,
    ffi::CString,
    sync::{Mutex, MutexGuard, PoisonError},
};

use include_py_bundle::Bundle;

static NAMES: Mutex<Names> = Mutex::new(Names { by_place: BTreeMap::new(), given: 0 });

/// The names, and how many were given.
#[derive(Debug)]
pub(super) struct Names {
    /// By the bundle's digest and the path in it.
    by_place: BTreeMap<([u8; 32], String), CString>,
    given: u32,
}

impl Names {
    /// The names, for one thread at a time. Whoever has them must let no other Python code run: that could
    /// want them, too, and hold the interpreter's lock meanwhile.
    pub(super) fn lock() -> MutexGuard<'static, Self> {
        NAMES.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, bundle: &Bundle<'_>, path: &str) -> Option<CString> {
        self.by_place.get(&(*bundle.digest(), path.to_owned())).cloned()
    }

    pub(super) fn insert(&mut self, bundle: &Bundle<'_>, path: &str, name: CString) {
        self.by_place.insert((*bundle.digest(), path.to_owned()), name);
    }

    /// A number that no other name has.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    pub(super) fn next(&mut self) -> u32 {
        self.given += 1;
        self.given
    }
}
