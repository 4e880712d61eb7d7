//! The configuration that the interpreter is started with (PEP 587).
//!
//! | setting | value | reason |
//! |---|---|---|
//! | isolated | yes | `PYTHONPATH`, `PYTHONHOME` and user site directories must not change the program |
//! | UTF-8 mode | on | the same text on every machine; it is Python's default from 3.15 on |
//! | `LC_CTYPE` | the user's | `readline` and `curses` need it, and `python` sets it, too |
//! | signal handlers | Python's | Ctrl-C is `KeyboardInterrupt`, unless the program says otherwise |
//! | `optimization_level` | the bundle's | `__debug__` agrees with the bytecode |
//!
//! With the standard library in a bundle, also: `sys.path` is the virtual roots and the directory
//! of extension modules, `site` isn't run, and CPython's own frozen copies of library modules are
//! off, so that every pure-Python module is the bundle's.

use std::{
    env,
    ffi::{CString, OsStr, c_char},
    mem::MaybeUninit,
    os::unix::ffi::OsStrExt,
    path::Path,
    ptr,
};

use pyo3::ffi;

use super::{Host, Library, SignalHandlers, status::check};
use crate::{
    Error, mount,
    target::{self, Fit},
};

/// Starts CPython; the calling thread is attached to it afterwards.
pub(super) fn initialize(host: &Host, library: Library) -> Result<(), Error> {
    preinitialize()?;
    let mut config = Config::isolated();
    config.arguments(&host.args)?;
    let inner = config.get();
    inner.install_signal_handlers =
        i32::from(matches!(host.signal_handlers, SignalHandlers::Python));
    inner.pathconfig_warnings = 0;
    let bundle = host.apps[0].bundle()?;
    let target = match target::for_library(&bundle)? {
        Fit::Bytecode(target) => target,
        // What is compiled at run time is compiled as the bundle was.
        Fit::Source => 0,
    };
    inner.optimization_level = bundle.targets().nth(target).map_or(0, |t| t.optimize().into());
    match library {
        Library::Bundled(_) => config.use_bundled_library(host)?,
        Library::Installed => config.use_installed_library(host)?,
    }
    // SAFETY: the configuration was initialised by CPython and is still owned by `config`.
    check(unsafe { ffi::Py_InitializeFromConfig(config.get()) })
}

fn preinitialize() -> Result<(), Error> {
    let mut config = MaybeUninit::<ffi::PyPreConfig>::uninit();
    // SAFETY: CPython fills in the whole structure, then reads it.
    check(unsafe {
        ffi::PyPreConfig_InitIsolatedConfig(config.as_mut_ptr());
        let mut config = config.assume_init();
        config.utf8_mode = 1;
        config.configure_locale = 1;
        ffi::Py_PreInitialize(&raw const config)
    })
}

/// A `PyConfig` that is cleared when dropped.
struct Config(Box<MaybeUninit<ffi::PyConfig>>);

impl Config {
    fn isolated() -> Self {
        let mut config = Box::new(MaybeUninit::<ffi::PyConfig>::uninit());
        // SAFETY: CPython fills in the whole structure.
        unsafe { ffi::PyConfig_InitIsolatedConfig(config.as_mut_ptr()) };
        Self(config)
    }

    fn get(&mut self) -> &mut ffi::PyConfig {
        // SAFETY: initialised by `isolated`.
        unsafe { self.0.assume_init_mut() }
    }

    /// `sys.argv`, taken as it is: Python's own options aren't looked for.
    fn arguments(&mut self, args: &[std::ffi::OsString]) -> Result<(), Error> {
        let args: Vec<CString> = args.iter().map(|arg| c_string(arg)).collect();
        let pointers: Vec<*const c_char> = args.iter().map(|arg| arg.as_ptr()).collect();
        let config = self.get();
        config.parse_argv = 0;
        let length = ffi::Py_ssize_t::try_from(pointers.len()).unwrap_or(ffi::Py_ssize_t::MAX);
        // SAFETY: as many valid C strings as `length` says, which CPython copies.
        check(unsafe { ffi::PyConfig_SetBytesArgv(config, length, pointers.as_ptr().cast_mut()) })
    }

    /// Nothing of the standard library on disk but its extension modules.
    fn use_bundled_library(&mut self, host: &Host) -> Result<(), Error> {
        let config = self.get();
        config.site_import = 0;
        config.use_frozen_modules = 0;
        config.module_search_paths_set = 1;
        for app in &host.apps {
            append(&mut config.module_search_paths, mount::root(app.name()).as_ref())?;
        }
        if let Some(directory) = &host.extension_dir {
            append(&mut config.module_search_paths, directory.as_os_str())?;
        }

        // With these set, CPython doesn't search the disk for its installation (`getpath.py`).
        let executable = env::current_exe().unwrap_or_default();
        let prefix = executable.parent().unwrap_or(Path::new("/")).as_os_str();
        self.set(|config| &mut config.executable, executable.as_os_str())?;
        self.set(|config| &mut config.base_executable, executable.as_os_str())?;
        self.set(|config| &mut config.prefix, prefix)?;
        self.set(|config| &mut config.base_prefix, prefix)?;
        self.set(|config| &mut config.exec_prefix, prefix)?;
        self.set(|config| &mut config.base_exec_prefix, prefix)
    }

    /// The standard library of the installation that the program was built against, if it is still
    /// there: CPython itself would look near the program, and then where it was first compiled for,
    /// which for a relocated Python is nowhere.
    fn use_installed_library(&mut self, host: &Host) -> Result<(), Error> {
        match host.apps.iter().find_map(|app| app.home()) {
            Some(home) if Path::new(home).is_dir() => {
                self.set(|config| &mut config.home, home.as_ref())
            }
            _ => Ok(()),
        }
    }

    /// Sets one of the configuration's strings.
    fn set<W>(
        &mut self,
        field: impl FnOnce(&mut ffi::PyConfig) -> &mut *mut W,
        value: &OsStr,
    ) -> Result<(), Error> {
        let value = c_string(value);
        let config = self.get();
        let field: *mut *mut W = field(config);
        // SAFETY: `field` is a string field of this very configuration, `W` being `wchar_t`;
        // CPython frees the old string and stores a decoded copy of the new one.
        check(unsafe { ffi::PyConfig_SetBytesString(config, field.cast(), value.as_ptr()) })
    }
}

impl Drop for Config {
    fn drop(&mut self) {
        // SAFETY: initialised by `isolated`, and not used afterwards.
        unsafe { ffi::PyConfig_Clear(self.get()) };
    }
}

/// Appends a decoded copy of `item`.
fn append(list: &mut ffi::PyWideStringList, item: &OsStr) -> Result<(), Error> {
    let item = c_string(item);
    // SAFETY: a valid C string; pre-initialisation has chosen the decoder. CPython copies the wide
    // string into the list, and the one that was decoded is freed by the allocator it came from.
    check(unsafe {
        let wide = ffi::Py_DecodeLocale(item.as_ptr(), ptr::null_mut());
        if wide.is_null() {
            ffi::PyStatus_NoMemory()
        } else {
            let status = ffi::PyWideStringList_Append(list, wide);
            ffi::PyMem_RawFree(wide.cast());
            status
        }
    })
}

/// The bytes of a path or argument, which on Unix never hold a NUL.
fn c_string(text: &OsStr) -> CString {
    let bytes = text.as_bytes();
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    CString::new(&bytes[..end]).unwrap_or_default()
}
