//! The interpreter's configuration (PEP 587).
//!
//! | setting | value | reason |
//! |---|---|---|
//! | isolated | yes | `PYTHONPATH`, `PYTHONHOME` and user site directories must not change the program |
//! | UTF-8 mode | on | the same text on every machine; it is Python's default from 3.15 on |
//! | `LC_CTYPE` | the user's | `readline` and `curses` need it, and `python` sets it, too |
//! | signal handlers | Python's | Ctrl-C is `KeyboardInterrupt`, unless the program says otherwise |
//! | `optimization_level` | the bundle's | `__debug__` agrees with the bytecode |
//!
//! `site` isn't run unless the program uses the machine's `site-packages`.
//!
//! If a bundle contains the standard library, `sys.path` consists of the virtual roots and the
//! directory of extension modules, `site` is never run, and CPython's own frozen copies of library
//! modules are disabled, so that every pure-Python module comes from the bundle.

use std::{
    env,
    ffi::{CString, OsStr, OsString, c_char},
    mem::MaybeUninit,
    os::unix::ffi::OsStrExt,
    path::Path,
    ptr,
};

use pyo3::ffi;

use super::{
    Host, Library, SignalHandlers, SitePackages,
    command::Application,
    frozen::{More, Need, Table},
    status::{check, exit_status},
};
use crate::{
    Error,
    fit::{self, Fit},
    mount,
    process::Process,
};

/// The command line for which Python is started.
pub(super) enum Line<'a> {
    Application(&'a Application),
    /// The program's name, then the arguments of `python`.
    Python(&'a [OsString]),
}

/// How a Python command line is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runner {
    Host,
    /// By CPython, because of an option that only CPython implements: `-i`, `-x`.
    CPython,
}

/// The result of a start.
pub(super) enum Started {
    /// Python is running.
    Running {
        /// The application's `sys.argv[0]`, where the line says what it is.
        program: OsString,
        /// What `sys.orig_argv` begins with, in front of the program's own command line.
        python: Option<OsString>,
        /// Modules of a bundled library that CPython may have imported.
        early: Vec<&'static str>,
        runner: Runner,
    },
    /// There was nothing to run, as with `-V`: the exit status.
    Ended(u8),
}

/// Starts CPython; the calling thread is attached to it afterwards.
pub(super) fn initialize(host: &Host, library: Library, line: &Line<'_>) -> Result<Started, Error> {
    preinitialize(line)?;
    let bundle = host.apps[0].bundle()?;
    let target = match fit::for_library(&bundle)? {
        Fit::Bytecode(target) => target,
        // Code that is compiled at run time is compiled with the bundle's options.
        Fit::Source => 0,
    };
    let optimize = bundle.targets().nth(target).map_or(0, |t| t.optimize().into());
    let mut config = match line {
        Line::Application(_) => Config::isolated(),
        Line::Python(_) => Config::python(),
    };
    let mut python = None;
    let program = match line {
        Line::Application(application) => {
            python = application.python();
            let arguments = host.args.as_deref().unwrap_or(&application.arguments);
            config.application(application, arguments)?;
            let inner = config.get();
            inner.install_signal_handlers =
                i32::from(matches!(host.signal_handlers, SignalHandlers::Python));
            inner.optimization_level = inner.optimization_level.max(optimize);
            arguments.first().cloned().unwrap_or_default()
        }
        Line::Python(line) => {
            if let Some(status) = config.parse(line)? {
                return Ok(Started::Ended(status));
            }
            OsString::new()
        }
    };
    let imports = config.imports();
    let runner = config.runner();
    if let Line::Python(line) = line {
        // CPython reads the configuration again when it starts. If it had read the line before,
        // `-X warn_default_encoding` would be lost (`preconfig.c: _PyPreCmdline_Read`, 3.11 to
        // 3.13).
        config = Config::python();
        config.arguments(line, Parse::Yes)?;
    }
    config.get().pathconfig_warnings = 0;
    match library {
        Library::Bundled(_) => config.use_bundled_library(host)?,
        Library::Installed => config.use_installed_library(host)?,
    }
    let table = match library {
        Library::Bundled(app) => Some(Table::register(app, host.file_names, imports)?),
        Library::Installed => None,
    };
    // SAFETY: the configuration was initialised by CPython and is still owned by `config`.
    check(unsafe { ffi::Py_InitializeFromConfig(config.get()) })?;
    let early = table.map(Table::started).unwrap_or_default();
    Ok(Started::Running { program, python, early, runner })
}

fn preinitialize(line: &Line<'_>) -> Result<(), Error> {
    let mut config = MaybeUninit::<ffi::PyPreConfig>::uninit();
    let (init, line): (unsafe extern "C" fn(_), _) = match line {
        Line::Application(application) if application.options.is_empty() => {
            (ffi::PyPreConfig_InitIsolatedConfig, Vec::new())
        }
        Line::Application(_) => (ffi::PyPreConfig_InitIsolatedConfig, env::args_os().collect()),
        Line::Python(line) => (ffi::PyPreConfig_InitPythonConfig, line.to_vec()),
    };
    let line: Vec<CString> = line.iter().map(|argument| c_string(argument)).collect();
    let pointers: Vec<*const c_char> = line.iter().map(|argument| argument.as_ptr()).collect();
    let length = ffi::Py_ssize_t::try_from(pointers.len()).unwrap_or(ffi::Py_ssize_t::MAX);
    // SAFETY: CPython fills in the whole structure, then reads it and as many C strings as `length`
    // says.
    check(unsafe {
        init(config.as_mut_ptr());
        let mut config = config.assume_init();
        config.utf8_mode = 1;
        config.configure_locale = 1;
        if length > 0 {
            // `-X dev` must be known before the interpreter is initialised.
            config.parse_argv = 1;
            config.dev_mode = -1;
        }
        let arguments = pointers.as_ptr().cast_mut().cast();
        ffi::Py_PreInitializeFromBytesArgs(&raw const config, length, arguments)
    })
}

/// Whether CPython parses its own options in the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parse {
    Yes,
    No,
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

    /// The configuration of the `python` command, without user site directories, which bundles
    /// don't have.
    fn python() -> Self {
        let mut config = Box::new(MaybeUninit::<ffi::PyConfig>::uninit());
        // SAFETY: CPython fills in the whole structure.
        unsafe { ffi::PyConfig_InitPythonConfig(config.as_mut_ptr()) };
        let mut config = Self(config);
        config.get().user_site_directory = 0;
        config
    }

    fn get(&mut self) -> &mut ffi::PyConfig {
        // SAFETY: initialised by `isolated`.
        unsafe { self.0.assume_init_mut() }
    }

    /// Sets the application's command line: `sys.argv` is `arguments`, which contain no options of
    /// Python.
    ///
    /// `orig_argv` is the process's own command line: C code such as setproctitle looks for what
    /// `Py_GetArgcArgv` returns in the memory of the process.
    fn application(
        &mut self,
        application: &Application,
        arguments: &[OsString],
    ) -> Result<(), Error> {
        let line: Vec<OsString> = env::args_os().collect();
        if !application.options.is_empty() {
            // Isolated mode turns development mode off; here the options decide.
            self.get().dev_mode = -1;
            // The line can't be rejected here, because its options have been parsed before.
            self.parse(&line)?;
            let config = self.get();
            let script = &raw mut config.run_filename;
            // SAFETY: a string field of this very configuration, which CPython frees and sets to
            // null.
            check(unsafe { ffi::PyConfig_SetString(config, script, ptr::null()) })?;
        }
        self.arguments(arguments, Parse::No)?;
        if self.get().orig_argv.length == 0 {
            for argument in &line {
                append(&mut self.get().orig_argv, argument)?;
            }
        }
        Ok(())
    }

    /// Lets CPython parse its command line. Returns an exit status if there is nothing to run, as
    /// for `--version`.
    fn parse(&mut self, line: &[OsString]) -> Result<Option<u8>, Error> {
        self.arguments(line, Parse::Yes)?;
        // SAFETY: the configuration was initialised by CPython and is owned by `self`.
        let status = unsafe { ffi::PyConfig_Read(self.get()) };
        exit_status(status).map_or_else(|| check(status).map(|()| None), |code| Ok(Some(code)))
    }

    fn arguments(&mut self, args: &[OsString], parse: Parse) -> Result<(), Error> {
        let args: Vec<CString> = args.iter().map(|arg| c_string(arg)).collect();
        let pointers: Vec<*const c_char> = args.iter().map(|arg| arg.as_ptr()).collect();
        let config = self.get();
        config.parse_argv = i32::from(parse == Parse::Yes);
        let length = ffi::Py_ssize_t::try_from(pointers.len()).unwrap_or(ffi::Py_ssize_t::MAX);
        // SAFETY: as many valid C strings as `length` says, which CPython copies.
        check(unsafe { ffi::PyConfig_SetBytesArgv(config, length, pointers.as_ptr().cast_mut()) })
    }

    /// Modules that CPython imports before there is an importer, as far as they depend on the
    /// configuration.
    ///
    /// Before a command line has been parsed, there are no options, and the only codec is UTF-8.
    fn imports(&mut self) -> More {
        let need = |condition| if condition { Need::Yes } else { Need::No };
        let config = self.get();
        let codec = config.stdio_encoding;
        More {
            warnings: need(config.warnoptions.length > 0),
            codecs: need(!codec.is_null() && !is_utf8(codec)),
        }
    }

    fn runner(&mut self) -> Runner {
        let config = self.get();
        let special = config.inspect | config.interactive | config.skip_source_first_line;
        if special == 0 { Runner::Host } else { Runner::CPython }
    }

    /// Uses nothing of the standard library on disk except its extension modules.
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

        // If these are set, CPython doesn't search the disk for its installation. If a home is set,
        // it doesn't read `pyvenv.cfg`, `._pth` and `pybuilddir.txt` beside the program
        // (`getpath.py`, 3.11 to 3.13).
        let executable = Process::current().executable().unwrap_or(Path::new(""));
        let prefix = executable.parent().unwrap_or(Path::new("/")).as_os_str();
        self.set(|config| &mut config.home, prefix)?;
        self.set(|config| &mut config.executable, executable.as_os_str())?;
        self.set(|config| &mut config.base_executable, executable.as_os_str())?;
        self.set(|config| &mut config.prefix, prefix)?;
        self.set(|config| &mut config.base_prefix, prefix)?;
        self.set(|config| &mut config.exec_prefix, prefix)?;
        self.set(|config| &mut config.base_exec_prefix, prefix)
    }

    /// Uses the standard library of the installation that the program was built against, or of one
    /// that contains the program. CPython itself would first search where the library was compiled
    /// for, which doesn't exist for a relocated Python.
    ///
    /// CPython's own search isn't used, because it reads `pyvenv.cfg`, `._pth` and `pybuilddir.txt`
    /// beside the program (`getpath.py`, 3.11 to 3.13).
    fn use_installed_library(&mut self, host: &Host) -> Result<(), Error> {
        // Otherwise CPython searches `PATH` for the first argument, which can be `python`.
        let executable = Process::current().executable();
        if let Some(executable) = executable {
            self.set(|config| &mut config.executable, executable.as_os_str())?;
            self.set(|config| &mut config.base_executable, executable.as_os_str())?;
        }
        if host.site_packages == SitePackages::Unused {
            self.get().site_import = 0;
        }
        let built_against = host.apps.iter().find_map(|app| app.home()).map(Path::new);
        let home = built_against
            .filter(|home| home.is_dir())
            .or_else(|| installation_around(executable?))
            .or(built_against);
        home.map_or(Ok(()), |home| self.set(|config| &mut config.home, home.as_os_str()))
    }

    /// Sets a string of the configuration.
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

/// The prefix of the installation that contains a program: `/opt/app` for `/opt/app/bin/program`,
/// if there is `/opt/app/lib/python3.13/os.py`.
fn installation_around(executable: &Path) -> Option<&Path> {
    let library = concat!("python", env!("INCLUDE_PY_PYTHON_VERSION"));
    executable.ancestors().skip(1).find(|prefix| {
        let landmark = |lib: &str| prefix.join(lib).join(library).join("os.py").is_file();
        landmark("lib") || landmark("lib64")
    })
}

/// Whether a codec's name means UTF-8: `utf-8`, `UTF8`. `W` is C's `wchar_t`.
fn is_utf8<W: Copy + Into<i64>>(mut name: *const W) -> bool {
    let mut plain = String::new();
    loop {
        // SAFETY: a string of CPython's, which ends with a zero, and no letter before was one.
        let letter = unsafe { name.read() }.into();
        match u8::try_from(letter) {
            Ok(0) => return plain == "utf8",
            Ok(b'-' | b'_') => {}
            Ok(letter) => plain.push(letter.to_ascii_lowercase().into()),
            Err(_) => return false,
        }
        // SAFETY: the letter wasn't the zero, so there is another one.
        name = unsafe { name.add(1) };
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

/// The bytes of a path or argument; on Unix they contain no NUL.
fn c_string(text: &OsStr) -> CString {
    let bytes = text.as_bytes();
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    CString::new(&bytes[..end]).unwrap_or_default()
}
