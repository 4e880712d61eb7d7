//! Modules in machine code that are linked into the program, by their names.
//!
//! | from | by |
//! |---|---|
//! | C, `Bundle::extension` in the build script | the bundle's [`App`](crate::App) |
//! | Rust, `#[pymodule]` | [`Host::module`](crate::Host::module) |
//!
//! CPython takes them for built-in ones if it is told before it starts (`host/builtin.rs`); in an
//! interpreter that runs already, a finder of ours makes them (`importer/linked.rs`).

use std::{
    ffi::{CStr, CString},
    fmt,
    sync::{Mutex, PoisonError},
};

use pyo3::ffi;

/// The function that makes a module, of type `PyInit_…` in C's words.
type Function = unsafe extern "C" fn() -> *mut ffi::PyObject;

/// The function by which Python makes a module that is linked into the program; for a
/// `#[pymodule]`, [`pymodule!`](crate::pymodule) gives it.
#[derive(Clone, Copy)]
pub struct ModuleInit(Function);

impl ModuleInit {
    /// The function of a module that is written in C, or by hand.
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

/// A module in C that a bundle brings. Not public API: the generated code makes it.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct Linked {
    /// `app._fast`
    pub name: &'static str,
    /// What makes it.
    pub init: ModuleInit,
}

/// Who makes a module that is linked into the program.
#[derive(Clone, Copy, Debug)]
enum Maker {
    /// CPython, which was told of it.
    Interpreter,
    /// A finder of ours, with this function.
    Finder(ModuleInit),
}

/// All that can be imported, by name.
static KNOWN: Mutex<Vec<(&'static CStr, Maker)>> = Mutex::new(Vec::new());

/// Remembers a module of which CPython is told; the name stays where it is, as CPython wants it.
pub(crate) fn told(name: CString) -> &'static CStr {
    remember(name, Maker::Interpreter)
}

/// Remembers a module that a finder of ours makes, unless one of that name is known.
pub(crate) fn offer(name: &str, init: ModuleInit) {
    if let (false, Ok(name)) = (is_known(name), CString::new(name)) {
        remember(name, Maker::Finder(init));
    }
}

/// The function of a module that a finder of ours makes.
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

/// The last components of those that are in the package; none is in the package `""`, since
/// `pkgutil` doesn't list what isn't in a directory.
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
    // Each change is one `push`: whoever panicked left the list whole.
    f(&mut KNOWN.lock().unwrap_or_else(PoisonError::into_inner))
}
