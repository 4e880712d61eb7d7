//! Provides the modules that CPython imports before there is an importer.
//!
//! Initialisation needs a codec for file names and the standard streams, so it imports `encodings`
//! and what that needs. They go through CPython's table of frozen modules (`import.c:
//! look_up_frozen`), whose entries point at the payloads in the binary's read-only memory.

use std::{
    ffi::{CString, c_int},
    ptr,
};

use include_py_bundle::Bundle;
use pyo3::ffi;

use crate::{
    App, Error, fit,
    mount::{self, FileNames},
};

/// Modules that 3.11 to 3.15 import in UTF-8 mode before `Py_InitializeFromConfig` returns, in
/// addition to importlib itself: `python -S -X utf8 -X frozen_modules=off -c 'import sys;
/// print(sys.modules)'`.
const EARLY: &[&str] = &[
    "codecs",
    "encodings",
    "encodings.aliases",
    "encodings.utf_8",
    #[cfg(not(Py_3_14))]
    "io",
    #[cfg(not(Py_3_14))]
    "abc",
];

/// Modules that are also imported if there are `-W` options or others that imply them; the pattern
/// of a message needs `re`. Found with `-W ignore:x` in the same command.
const WARNINGS: &[&str] = &[
    #[cfg(Py_3_14)]
    "abc",
    "warnings",
    "_py_warnings",
    "re",
    "re._casefix",
    "re._compiler",
    "re._constants",
    "re._parser",
    "enum",
    "types",
    "operator",
    "keyword",
    "functools",
    "collections",
    "_collections_abc",
    "reprlib",
    "copyreg",
    "linecache",
];

/// The package of the codecs, one of which can be requested for the standard streams.
const CODECS: &str = "encodings.";

/// Additional modules that a configuration needs before there is an importer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct More {
    pub(super) warnings: Need,
    pub(super) codecs: Need,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Need {
    #[default]
    No,
    Yes,
}

impl More {
    fn names(self, bundle: &Bundle<'static>) -> Vec<&'static str> {
        let mut names = Vec::new();
        if self.warnings == Need::Yes {
            names.extend(WARNINGS);
        }
        if self.codecs == Need::Yes {
            let all = bundle.modules().filter_map(|module| Some(module.ok()?.name()));
            names.extend(all.filter(|name| name.starts_with(CODECS) && !EARLY.contains(name)));
        }
        names
    }
}

/// CPython's table of frozen modules while it starts.
pub(super) struct Table {
    entries: &'static [ffi::_frozen],
    /// Number of entries at the front that are needed only until CPython has started.
    passing: usize,
    names: Vec<&'static str>,
}

impl Table {
    /// Adds modules of `app`'s standard library to CPython's table. CPython must not be running.
    ///
    /// The table is leaked, because CPython and its sub-interpreters use it as long as the process
    /// lives.
    pub(super) fn register(
        app: &'static App,
        file_names: FileNames,
        more: More,
    ) -> Result<Self, Error> {
        let bundle = app.bundle()?;
        let target = fit::bytecode_for_library(&bundle)?;
        let root = mount::root(app.name());
        let mut entries = Vec::new();
        let mut names = more.names(&bundle);
        let passing = names.len();
        names.extend(EARLY);
        let mut missing = 0;
        for (index, name) in names.iter().enumerate() {
            let module = bundle.module(name).map_err(|error| Error::damaged(app.name(), error))?;
            let code = module.as_ref().and_then(|module| Some((module, module.code(target)?)));
            let Some((module, mut code)) = code else {
                missing += usize::from(index < passing);
                continue;
            };
            let is_package = module.path().ends_with("/__init__.py");
            if file_names == FileNames::Virtual {
                let name = mount::below(&root, module.path());
                if let Some(renamed) = renamed(code, module.path(), &name) {
                    code = renamed.leak();
                }
            }
            let (Ok(name), Ok(size)) = (CString::new(*name), c_int::try_from(code.len())) else {
                return Err(Error::start(None, format!("the module `{name}` is too large")));
            };
            entries.push(entry(name.into_raw(), code.as_ptr(), size, c_int::from(is_package)));
        }
        entries.extend(present());
        entries.push(entry(ptr::null(), ptr::null(), 0, 0));
        let entries: &'static [ffi::_frozen] = entries.leak();
        // SAFETY: CPython isn't initialised (`Host::bring_up`), so nobody reads the pointer now;
        // the table ends with an empty entry and lives forever, as do the names and payloads it
        // points to.
        unsafe { ffi::PyImport_FrozenModules = entries.as_ptr() };
        Ok(Self { entries, passing: passing - missing, names })
    }

    /// Called when CPython has started: removes the modules that not every interpreter needs, so
    /// that they come from the importer from now on. Returns the names of modules that may have
    /// been imported.
    pub(super) fn started(self) -> Vec<&'static str> {
        // SAFETY: the calling thread is attached to the only interpreter (`config::initialize`), so
        // nobody reads the pointer now; the rest of the table ends with its empty entry, too.
        unsafe { ffi::PyImport_FrozenModules = self.entries[self.passing..].as_ptr() };
        self.names
    }
}

/// The entries that the program itself has added to the table.
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

/// A marshalled code object with another file name; `None` unless the name occurs in it exactly
/// once.
///
/// In a marshal stream the first code object contains the string and the others refer to it
/// (`marshal.c: w_ref`). An equal interned constant would be the same object, too. If a constant
/// merely contains the same bytes, nothing is renamed.
fn renamed(code: &[u8], from: &str, to: &str) -> Option<Vec<u8>> {
    let short = u8::try_from(from.len()).ok()?;
    let mut places = code.windows(from.len() + 2).enumerate().filter_map(|(start, window)| {
        let kind = window[0] & !FLAG_REF;
        let is_name = matches!(kind, SHORT_ASCII | SHORT_ASCII_INTERNED)
            && window[1] == short
            && window[2..] == *from.as_bytes();
        is_name.then_some((start, window))
    });
    let (start, found) = places.next()?;
    if places.next().is_some() {
        return None;
    }
    let kind = if found[0] & !FLAG_REF == SHORT_ASCII_INTERNED { INTERNED } else { UNICODE };
    let mut renamed = Vec::with_capacity(code.len() + to.len());
    renamed.extend_from_slice(&code[..start]);
    renamed.push(kind | found[0] & FLAG_REF);
    renamed.extend_from_slice(&u32::try_from(to.len()).ok()?.to_le_bytes());
    renamed.extend_from_slice(to.as_bytes());
    renamed.extend_from_slice(&code[start + found.len()..]);
    Some(renamed)
}

/// String types in a marshal stream (`marshal.c`, 3.11 to 3.14), and the bit that marks an object
/// to which others refer.
const SHORT_ASCII: u8 = b'z';
const SHORT_ASCII_INTERNED: u8 = b'Z';
const UNICODE: u8 = b'u';
const INTERNED: u8 = b't';
const FLAG_REF: u8 = 0x80;

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

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn the_one_name_is_replaced() {
        assert_eq!(
            renamed(b"c\xda\x04a.pyN", "a.py", "/é/a.py").unwrap(),
            b"c\xf4\x08\0\0\0/\xc3\xa9/a.pyN"
        );
        assert_eq!(renamed(b"z\x04a.py", "a.py", "b").unwrap(), b"u\x01\0\0\0b");
    }

    #[test]
    fn ambiguous_streams_are_not_renamed() {
        assert_eq!(renamed(b"z\x04a.pyZ\x04a.py", "a.py", "b"), None);
        assert_eq!(renamed(b"z\x05xa.py", "a.py", "b"), None);
        assert_eq!(renamed(b"", "a.py", "b"), None);
    }
}
