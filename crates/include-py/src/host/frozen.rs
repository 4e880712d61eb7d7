//! The modules that CPython imports before there can be an importer.
//!
//! Initialisation needs a codec for file names and the standard streams, so it imports `encodings`
//! and what that needs. They go through CPython's table of frozen modules (`import.c:
//! look_up_frozen`), whose entries point at the payloads in the binary's read-only memory.

use std::{
    ffi::{CString, c_int},
    ptr,
};

use pyo3::ffi;

use crate::{App, Error, target};

/// What 3.11 to 3.13 import in UTF-8 mode before `Py_InitializeFromConfig` returns, beside
/// importlib itself: `python -S -X utf8 -X frozen_modules=off -c 'import sys; print(sys.modules)'`.
pub(super) const EARLY: [&str; 6] =
    ["codecs", "io", "abc", "encodings", "encodings.aliases", "encodings.utf_8"];

/// Offers the early modules of `app`'s standard library to CPython, which must not run yet.
///
/// The table is leaked: CPython looks into it for as long as it lives, sub-interpreters included.
pub(super) fn register(app: &'static App) -> Result<(), Error> {
    let damaged = |error| Error::damaged(app.name(), error);
    let bundle = app.bundle()?;
    let target = target::bytecode_for_library(&bundle)?;
    let mut table = Vec::with_capacity(EARLY.len() + 1);
    for name in EARLY {
        let module = bundle.module(name).map_err(damaged)?;
        let Some(code) = module.as_ref().and_then(|module| module.code(target)) else { continue };
        let is_package = module.is_some_and(|module| module.path().ends_with("/__init__.py"));
        if let (Ok(name), Ok(size)) = (CString::new(name), c_int::try_from(code.len())) {
            table.push(entry(name.into_raw(), code.as_ptr(), size, c_int::from(is_package)));
        }
    }
    table.extend(present());
    table.push(entry(ptr::null(), ptr::null(), 0, 0));
    let table: &'static [ffi::_frozen] = table.leak();
    // SAFETY: CPython isn't initialised (`Host::start`), so nobody reads the pointer now; the table
    // ends with an empty entry and lives forever, as do the names and payloads it points to.
    unsafe { ffi::PyImport_FrozenModules = table.as_ptr() };
    Ok(())
}

/// What the program itself had put into the table.
fn present() -> Vec<ffi::_frozen> {
    let mut entries = Vec::new();
    // SAFETY: null, or an array that ends with an entry without a name (`cpython/import.h`); nobody
    // writes to it now, as CPython isn't initialised.
    unsafe {
        let mut next = ffi::PyImport_FrozenModules;
        while !next.is_null() && !(*next).name.is_null() {
            entries.push(*next);
            next = next.add(1);
        }
    }
    entries
}

fn entry(
    name: *const std::ffi::c_char,
    code: *const u8,
    size: c_int,
    is_package: c_int,
) -> ffi::_frozen {
    ffi::_frozen {
        name,
        code,
        size,
        is_package,
        #[cfg(not(Py_3_13))]
        get_code: None,
    }
}
