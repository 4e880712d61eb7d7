//! The modules in machine code that are linked into the program, by name.
//!
//! | language | registered by |
//! |---|---|
//! | C, `Bundle::extension` in the build script | the bundle's [`App`](crate::App) |
//! | Rust, `#[pymodule]` | [`Host::module`](crate::Host::module) |
//!
//! If CPython hasn't started yet, they are registered as built-in modules (`host/builtin.rs`). In
//! an interpreter that is already running, a finder imports them (`importer/linked.rs`).

use std::{
    ffi::{CStr, CString},
    fmt,
    sync::{Mutex, PoisonError},
};

use pyo3::ffi;

/// A module's initialisation function, as `PyInit_…` in C.
type Function = unsafe extern "C" fn() -> *mut ffi::PyObject;

/// The initialisation function of a module that is linked into the program. For a `#[pymodule]`,
/// [`pymodule!`](crate::pymodule) returns it.
#[derive(Clone, Copy)]
pub struct ModuleInit(Function);

impl ModuleInit {
    /// The initialisation function of a module that is written in C, or by hand.
    ///
    /// # Safety
    ///
    /// It must be a module's initialisation function as CPython defines it (PEP 489): with an
    /// attached thread it returns a new module, a `PyModuleDef`, or null with an exception set.
    #[must_use]
    pub const unsafe fn new(function: Function) -> Self {
        Self(function)
    }

    pub(crate) fn function(self) -> Function {
        self.0
    }
}

impl fmt::Debug for ModuleInit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ModuleInit")
    }
}

/// A bundle's module in C. Not public API: the generated code creates it.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct Linked {
    /// `app._fast`
    pub name: &'static str,
    /// Its initialisation function.
    pub init: ModuleInit,
}

/// What creates a linked module.
#[derive(Clone, Copy, Debug)]
enum Maker {
    /// CPython, as a built-in module.
    Interpreter,
    /// Our finder, with this function.
    Finder(ModuleInit),
}

/// All linked modules by name.
static KNOWN: Mutex<Vec<(&'static CStr, Maker)>> = Mutex::new(Vec::new());

/// Records a module that is registered with CPython. Its name is leaked, since CPython keeps the
/// pointer.
pub(crate) fn told(name: CString) -> &'static CStr {
    remember(name, Maker::Interpreter)
}

/// Records a module for our finder, unless there is one with this name.
pub(crate) fn offer(name: &str, init: ModuleInit) {
    if let (false, Ok(name)) = (is_known(name), CString::new(name)) {
        remember(name, Maker::Finder(init));
    }
}

/// The initialisation function of a module for our finder.
pub(crate) fn offered(name: &str) -> Option<ModuleInit> {
    with(|known| {
        known.iter().find(|(one, _)| one.to_bytes() == name.as_bytes()).and_then(|(_, maker)| {
            match maker {
                Maker::Interpreter => None,
                Maker::Finder(init) => Some(*init),
            }
        })
    })
}

pub(crate) fn is_known(name: &str) -> bool {
    with(|known| known.iter().any(|(one, _)| one.to_bytes() == name.as_bytes()))
}

/// The last components of the names of the package's modules. The package `""` has none, because
/// `pkgutil` only lists modules in directories.
pub(crate) fn in_package(package: &str) -> Vec<&'static str> {
    with(|known| {
        let names = known.iter().filter_map(|(name, _)| name.to_str().ok()?.rsplit_once('.'));
        names.filter(|(parent, _)| *parent == package).map(|(_, last)| last).collect()
    })
}

fn remember(name: CString, maker: Maker) -> &'static CStr {
    let name: &'static CStr = Box::leak(name.into_boxed_c_str());
    with(|known| known.push((name, maker)));
    name
}

fn with<T>(f: impl FnOnce(&mut Vec<(&'static CStr, Maker)>) -> T) -> T {
    // Each change is a single `push`, so the list is valid even after a panic.
    f(&mut KNOWN.lock().unwrap_or_else(PoisonError::into_inner))
}
