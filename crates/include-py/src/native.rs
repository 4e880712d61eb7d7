//! The machine code of a bundle: extension modules and libraries, which the system's dynamic linker
//! loads.
//!
//! ```text
//! numpy.linalg._umath_linalg            requested
//!   numpy.libs/libgfortran-….so         loaded first, once per process             names.rs
//!   numpy/linalg/_umath_linalg.….so     /proc/self/fd/././/5, a memory file          memory.rs
//! ```
//!
//! | place | used | how |
//! |---|---|---|
//! | memory | Linux with glibc and `/proc` | a sealed memory file for each library ([`memory`]) |
//! | the user's cache | on other systems, if memory files don't work, or if the program selects it | real files ([`unpack`](crate::unpack)) |
//!
//! *Invariant:* once a library of a bundle has been loaded, it always has the same name in the
//! process, because the dynamic linker and CPython identify libraries by their names.

mod linker;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod mapped;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod memory;
mod names;

use std::{ffi::CString, fmt, path::Path};

use include_py_bundle::{Bundle, File, Library};
use pyo3::Python;

use crate::{mount::Mount, unpack};
pub(crate) use linker::Flags;
use names::Names;

/// The place from which the machine code of bundles is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NativeModules {
    /// The process's memory if the system allows it; otherwise as [`Cache`](Self::Cache).
    #[default]
    Memory,
    /// Real files, which are written once below the user's cache and checked before use. Processes
    /// share the loaded pages.
    Cache,
}

/// Why a library couldn't be loaded.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The dynamic linker failed with this message.
    Refused(String),
    /// Neither memory files nor the cache can be used.
    Nowhere { memory: Option<String>, cache: unpack::Fault },
    /// The bundle is inconsistent.
    Damaged(include_py_bundle::Error),
}

/// Loads the file at a path in a bundle after the libraries that it needs, and returns its name for
/// the dynamic linker. `None` if it isn't a library that the build has prepared.
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
    if mount.native_modules() == NativeModules::Memory {
        match load_in_order(py, mount, &library, NativeModules::Memory, flags) {
            Ok(Loaded::Under(name)) => return Ok(Some(name)),
            Ok(Loaded::Unavailable(reason)) => why = Some(reason),
            Err(fault) => return Err(fault),
        }
    }
    match load_in_order(py, mount, &library, NativeModules::Cache, flags) {
        Ok(Loaded::Under(name)) => Ok(Some(name)),
        Ok(Loaded::Unavailable(reason)) => Err(Fault::Refused(reason)),
        Err(Fault::Nowhere { cache, .. }) => Err(Fault::Nowhere { memory: why, cache }),
        Err(fault) => Err(fault),
    }
}

/// Loads the libraries that an unpacked library needs and that aren't unpacked with it. The dynamic
/// linker finds the others beside it.
pub(crate) fn load_needs(py: Python<'_>, mount: &Mount, path: &str) -> Result<(), Fault> {
    let bundle = mount.bundle();
    let Some(library) = bundle.library(path).map_err(Fault::Damaged)? else { return Ok(()) };
    for file in library.loads() {
        let file = file.map_err(Fault::Damaged)?;
        if !bundle.unpacked().holds(file.path()).map_err(Fault::Damaged)? {
            load(py, mount, file.path(), Flags::DEPENDENCY)?;
        }
    }
    Ok(())
}

/// Loads a library after the libraries that it needs, each from its place.
fn load_in_order(
    py: Python<'_>,
    mount: &Mount,
    library: &Library<'_>,
    place: NativeModules,
    flags: Flags,
) -> Result<Loaded, Fault> {
    let bundle = mount.bundle();
    let mut order = Vec::new();
    for file in library.loads().chain([Ok(library.file())]) {
        let file = file.map_err(Fault::Damaged)?;
        let known = bundle.library(file.path()).map_err(Fault::Damaged)?;
        let in_file = known.is_some_and(|library| library.needs_file());
        order.push((file, in_file || place == NativeModules::Cache));
    }
    // Done before locking, since other threads run meanwhile.
    let directory = if order.iter().any(|(_, in_file)| *in_file) {
        let directory = mount.unpack_libraries(py);
        Some(directory.map_err(|cache| Fault::Nowhere { memory: None, cache })?)
    } else {
        None
    };
    let names = Names::lock(py);
    let last = order.len() - 1;
    for (number, (file, in_file)) in order.iter().enumerate() {
        let flags = if number == last { flags } else { Flags::DEPENDENCY };
        let directory = directory.filter(|_| *in_file);
        let loaded = one(&names, &bundle, file, directory, flags)?;
        if number == last || matches!(loaded, Loaded::Unavailable(_)) {
            return Ok(loaded);
        }
    }
    unreachable!("the library itself is the last one")
}

/// Loads one library, after those that it needs: from its file below `directory`, or from memory if
/// that is `None`.
fn one(
    names: &Names,
    bundle: &Bundle<'_>,
    file: &File<'_>,
    directory: Option<&Path>,
    flags: Flags,
) -> Result<Loaded, Fault> {
    match (names.get(bundle, file.path()), directory) {
        (Some(name), _) => Ok(Loaded::Under(name)),
        (None, Some(directory)) => from_cache(names, bundle, file, directory, flags),
        (None, None) => from_memory(names, bundle, file, flags),
    }
}

fn from_cache(
    names: &Names,
    bundle: &Bundle<'_>,
    file: &File<'_>,
    directory: &Path,
    flags: Flags,
) -> Result<Loaded, Fault> {
    let path = unpack::place(directory, file.path()).into_os_string().into_encoded_bytes();
    let name = CString::new(path).map_err(|error| Fault::Refused(error.to_string()))?;
    linker::open(&name, flags).map_err(|message| {
        // The dynamic linker's message only says that it can't map a segment.
        if linker::is_noexec(&name) {
            Fault::Nowhere { memory: None, cache: unpack::Fault::not_executable(directory) }
        } else {
            Fault::Refused(message)
        }
    })?;
    names.insert(bundle, file.path(), name.clone());
    Ok(Loaded::Under(name))
}

/// The result of loading a library.
#[cfg_attr(
    not(all(target_os = "linux", target_env = "gnu")),
    expect(dead_code, reason = "there are no memory files elsewhere")
)]
enum Loaded {
    Under(CString),
    /// The system can't load libraries from memory.
    Unavailable(String),
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn from_memory(
    names: &Names,
    bundle: &Bundle<'_>,
    file: &File<'_>,
    flags: Flags,
) -> Result<Loaded, Fault> {
    let content = file.content().map_err(Fault::Damaged)?;
    let memory = match memory::MemoryFile::new(file.name(), content) {
        Ok(memory) => memory,
        Err(error) => return Ok(Loaded::Unavailable(error)),
    };
    let name = memory.name(names.next());
    // Recorded before loading: its constructor may load a library that needs it.
    names.insert(bundle, file.path(), name.clone());
    linker::open(&name, flags).map_err(|message| {
        // A name that failed may mean another file later.
        names.remove(bundle, file.path());
        let shown = name.to_string_lossy();
        Fault::Refused(message.replace(&*shown, file.path()))
    })?;
    Ok(Loaded::Under(name))
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
#[expect(clippy::unnecessary_wraps, reason = "there is more to it on Linux")]
fn from_memory(_: &Names, _: &Bundle<'_>, _: &File<'_>, _: Flags) -> Result<Loaded, Fault> {
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
