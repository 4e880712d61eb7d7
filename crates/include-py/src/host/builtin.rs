//! Registers the modules that are linked into the program before CPython starts.
//!
//! `PyImport_AppendInittab("app._fast", PyInit__fast_…)`: `BuiltinImporter` also finds dotted names
//! (`_bootstrap.py: BuiltinImporter.find_spec`, 3.11 to 3.13).

use std::ffi::{CStr, CString};

use pyo3::ffi;

use super::Host;
use crate::{
    Error,
    linked::{self, ModuleInit},
};

/// Registers the modules of the bundles and of the host. CPython must not be running.
pub(super) fn register(host: &Host) -> Result<(), Error> {
    let linked = host.apps.iter().flat_map(|app| app.linked());
    let linked = linked.map(|one| (one.name, one.init));
    let modules = host.modules.iter().map(|(name, init)| (name.as_str(), *init));
    let all: Vec<(&str, ModuleInit)> = linked.chain(modules).collect();
    for (number, (name, _)) in all.iter().enumerate() {
        let before = all[..number].iter().map(|(name, _)| *name);
        check(host, name, before)?;
    }
    for (name, init) in all {
        // It was already registered by an earlier start that failed.
        if linked::is_known(name) {
            continue;
        }
        // `check` has rejected names with a NUL.
        let name = linked::told(CString::new(name).unwrap_or_default());
        // SAFETY: CPython isn't running, and no other thread starts it (`life::Start`); the name
        // stays where it is, and the function is what `ModuleInit` says.
        let status = unsafe { ffi::PyImport_AppendInittab(name.as_ptr(), Some(init.function())) };
        if status != 0 {
            return Err(Error::start(
                None,
                "no memory for the table of built-in modules".to_owned(),
            ));
        }
    }
    Ok(())
}

/// Checks that the program can have a module with this name in addition to the earlier ones.
fn check<'a>(
    host: &Host,
    name: &str,
    mut before: impl Iterator<Item = &'a str>,
) -> Result<(), Error> {
    let refuse = |why: String| Err(Error::module(name, why));
    if name.split('.').any(|part| part.is_empty() || part.contains(['\0', '/'])) {
        return refuse("that isn't a name as in `import app._fast`: correct it".to_owned());
    }
    if before.any(|other| other == name) {
        return refuse("another one has that name: rename one of them".to_owned());
    }
    for app in &host.apps {
        let (bundle, named) = (app.bundle()?, app.name());
        let module = bundle.module(name).map_err(|error| Error::damaged(named, error))?;
        if module.is_some() {
            return refuse(format!(
                "bundle `{named}` holds a Python module of that name: rename one of them, or leave the Python \
                 module out with `Bundle::exclude`"
            ));
        }
    }
    if !linked::is_known(name) && interpreter_has(name) {
        return refuse(
            "the interpreter has a built-in module of that name: choose another".to_owned(),
        );
    }
    Ok(())
}

/// Whether CPython's table of built-in modules contains this name.
fn interpreter_has(name: &str) -> bool {
    // SAFETY: read only, before CPython runs, by the one thread that starts it.
    let mut entry = unsafe { ffi::PyImport_Inittab };
    if entry.is_null() {
        return false;
    }
    loop {
        // SAFETY: the table is an array that ends with an entry without a name.
        let own = unsafe { (*entry).name };
        if own.is_null() {
            return false;
        }
        // SAFETY: a name in the table is a C string that lives as long as the process.
        if unsafe { CStr::from_ptr(own) }.to_bytes() == name.as_bytes() {
            return true;
        }
        // SAFETY: the entry wasn't the last.
        entry = unsafe { entry.add(1) };
    }
}
