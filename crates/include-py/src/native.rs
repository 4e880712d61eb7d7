//! Machine code of a bundle: extension modules and libraries, loaded by the system's dynamic linker.
//!
//! ```text
//! numpy.linalg._umath_linalg            asked for
//!   numpy.libs/libgfortran-….so         loaded before it, once in the process        names.rs
//!   numpy/linalg/_umath_linalg.….so     /proc/self/fd/././/5, a memory file          memory.rs
//! ```
//!
//! | place | where | how |
//! |---|---|---|
//! | memory | Linux with glibc and `/proc` | a sealed memory file for each library ([`memory`]) |
//! | the user's cache | anywhere; where there is no such memory, or by the program's choice | real files ([`unpack`](crate::unpack)) |
//!
//! *Invariant:* a library of a bundle has one name in a process, for ever, once it has been loaded: the dynamic
//! linker and CPython tell libraries apart by their names.

mod linker;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod mapped;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod memory;
mod names;

use std::{ffi::CString, fmt};

use include_py_bundle::{Bundle, File, Library};
use pyo3::Python;

use crate::{mount::Mount, unpack};
pub(crate) use linker::Flags;
use names::Names;

/// Where the machine code of bundles is loaded from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NativeModules {
    /// The memory of the process, as long as the system allows it; else as [`Cache`](Self::Cache).
    #[default]
    Memory,
    /// Real files: written once, below the user's cache, and checked before they are used. Processes
    /// share what they load from there.
    Cache,
}

/// Why something couldn't be loaded.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The dynamic linker refused, in its own words.
    Refused(String),
    /// There is no memory for it, and no cache either.
    Nowhere { memory: Option<String>, cache: unpack::Fault },
    /// The bundle contradicts itself.
    Damaged(include_py_bundle::Error),
}

/// Loads the file at a path in a bundle, after what it needs, and says under which name the dynamic linker
/// knows it from now on. `None` if it isn't one that was made to be loaded.
pub(crate) fn load(
    py: Python<'_>,
    mount: &Mount,
    path: &str,
    flags: Flags,
) -> Result<Option<CString>, Fault> {
    let bundle = mount.bundle();
    let Some(library) = bundle.library(path).map_err(Fault::Damaged)? else { return Ok(None) };
    if let Some(name) = Names::lock(py).get(&bundle, path) {
        return Ok(Some(name));
    }
    let mut why = None;
    if mount.native_modules() == NativeModules::Memory && !library.needs_file() {
        match from_memory(py, &bundle, &library, flags) {
            Ok(Loaded::Under(name)) => return Ok(Some(name)),
            Ok(Loaded::Unavailable(reason)) => why = Some(reason),
            Err(fault) => return Err(fault),
        }
    }
    // Before the lock, since other threads run meanwhile.
    let directory = mount.unpack_libraries(py);
    let directory = directory.map_err(|cache| Fault::Nowhere { memory: why, cache })?;
    let file = unpack::place(directory, path).into_os_string().into_encoded_bytes();
    let name = CString::new(file).map_err(|error| Fault::Refused(error.to_string()))?;
    let names = Names::lock(py);
    linker::open(&name, flags).map_err(Fault::Refused)?;
    names.insert(&bundle, path, name.clone());
    Ok(Some(name))
}

/// What came of it.
#[cfg_attr(
    not(all(target_os = "linux", target_env = "gnu")),
    expect(dead_code, reason = "there are no memory files elsewhere")
)]
enum Loaded {
    Under(CString),
    /// The system gives no memory that can be loaded from.
    Unavailable(String),
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn from_memory(
    py: Python<'_>,
    bundle: &Bundle<'_>,
    library: &Library<'_>,
    flags: Flags,
) -> Result<Loaded, Fault> {
    let names = Names::lock(py);
    for file in library.loads() {
        let file = file.map_err(Fault::Damaged)?;
        if let Loaded::Unavailable(reason) = one(&names, bundle, &file, Flags::LOCAL)? {
            return Ok(Loaded::Unavailable(reason));
        }
    }
    one(&names, bundle, &library.file(), flags)
}

/// Loads one library whose own ones are loaded.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn one(names: &Names, bundle: &Bundle<'_>, file: &File<'_>, flags: Flags) -> Result<Loaded, Fault> {
    if let Some(name) = names.get(bundle, file.path()) {
        return Ok(Loaded::Under(name));
    }
    let content = file.content().map_err(Fault::Damaged)?;
    let memory = match memory::MemoryFile::new(file.name(), &content) {
        Ok(memory) => memory,
        Err(error) => return Ok(Loaded::Unavailable(error)),
    };
    let name = memory.name(names.next());
    // Before it is loaded: its constructor may load what needs it in its turn.
    names.insert(bundle, file.path(), name.clone());
    linker::open(&name, flags).map_err(|message| {
        // A name that was refused may mean another file later.
        names.remove(bundle, file.path());
        let shown = name.to_string_lossy();
        Fault::Refused(message.replace(&*shown, file.path()))
    })?;
    Ok(Loaded::Under(name))
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn from_memory(_: Python<'_>, _: &Bundle<'_>, _: &Library<'_>, _: Flags) -> Result<Loaded, Fault> {
    Ok(Loaded::Unavailable("this system loads libraries from files only".to_owned()))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(message) => f.write_str(message),
            Self::Nowhere { memory: Some(memory), cache } => {
                write!(f, "{memory}, and there is no other place for it: {cache}")
            }
            Self::Nowhere { memory: None, cache } => cache.fmt(f),
            Self::Damaged(source) => write!(f, "the bundle is damaged: {source}"),
        }
    }
}
