//! Identifies the program of this process, and whether the program itself started it.
//!
//! ```text
//! tool                     Origin::Outside, depth 0
//!  └─ tool -c "print(1)"   Origin::Itself,  depth 1: a child that Python code started
//! ```
//!
//! A process passes information to the processes that it starts in one environment variable,
//! [`VARIABLE`]: see [`Marker`]. If a program removes it, Linux still knows the
//! executables of the ancestors.

mod lineage;
mod marker;
mod spawn;
mod system;

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use pyo3::{prelude::*, types::PyDict};

use self::marker::Marker;
pub(crate) use self::{
    marker::VARIABLE,
    spawn::keep_startable,
    system::{FileId, on_path, python_path},
};

/// The running process, as it was at the first call.
#[derive(Debug)]
pub(crate) struct Process {
    executable: Option<PathBuf>,
    /// The parent's executable, if it is this program: this one can be a copy with another name.
    original: Option<PathBuf>,
    file: Option<FileId>,
    origin: Origin,
    depth: u32,
    reloads: u32,
}

/// Who started the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A person, a service manager or another program.
    Outside,
    /// This program, or a process that descends from it.
    Itself {
        /// The `sys.argv[0]` with which Python code may start the program.
        program: Option<OsString>,
    },
}

/// The file that the kernel runs. It may have been moved or removed since.
#[cfg(target_os = "linux")]
const RUNNING: &str = "/proc/self/exe";

/// Numbers of processes that run the program's file above which it is
/// [crowded](Process::is_crowded): for each core, and on small machines.
const PER_CORE: usize = 16;
const FEWEST: usize = 256;

static ANNOUNCED: AtomicBool = AtomicBool::new(false);
static EXPECTS_INSTALL: AtomicBool = AtomicBool::new(false);

impl Process {
    /// This process.
    pub(crate) fn current() -> &'static Self {
        static CURRENT: OnceLock<Process> = OnceLock::new();
        CURRENT.get_or_init(Self::find)
    }

    fn find() -> Self {
        let path = env::current_exe().ok();
        let file = running_file(path.as_deref());
        let marker = system::marker().and_then(|text| Marker::parse(&text));
        let Some(marker) = marker else {
            let above = file.map_or(0, lineage::above);
            let origin = match above {
                0 => Origin::Outside,
                _ if lineage::is_fork() => Origin::Outside,
                _ => Origin::Itself { program: None },
            };
            let original = path.clone();
            return Self { executable: path, original, file, origin, depth: above, reloads: 0 };
        };
        let (depth, reloads) =
            marker.below(std::process::id(), marker::now(), lineage::descends_from);
        let same_file = file.is_some() && marker.file == file;
        let is_copy =
            || path.as_deref().is_some_and(|path| system::is_copy(&marker.executable, path));
        if !same_file && path.as_deref() != Some(&marker.executable) && !is_copy() {
            let (origin, original) = (Origin::Outside, path.clone());
            return Self { executable: path, original, file, origin, depth, reloads };
        }
        // If the file has been moved or removed, it keeps the name by which the parent knows it,
        // because the parent passes on paths with that name.
        let executable = if same_file && started_as_running_file() {
            Some(marker.executable.clone())
        } else {
            path
        };
        let origin = Origin::Itself { program: Some(marker.program) };
        Self { executable, original: Some(marker.executable), file, origin, depth, reloads }
    }

    /// The program's path, absolute and without symbolic links.
    pub(crate) fn executable(&self) -> Option<&Path> {
        self.executable.as_deref()
    }

    /// The name of the program's file, whatever a copy of it is named.
    pub(crate) fn name(&self) -> Option<&OsStr> {
        self.original.as_deref().and_then(Path::file_name)
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The number of processes above this one that started a hosted program. Each of them is still
    /// alive, or ended soon after its own start.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// How often the process has replaced itself (`os.execv`) in quick succession.
    pub(crate) fn reloads(&self) -> u32 {
        self.reloads
    }

    /// Whether more processes run the program's file than a machine of this size can need.
    ///
    /// [`Process::depth`] doesn't limit a chain in which each process starts several. Takes about a
    /// microsecond for each process of the system, so it is called only in deep chains.
    pub(crate) fn is_crowded(&self) -> bool {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let most = FEWEST.max(cores.saturating_mul(PER_CORE));
        self.file.is_some_and(|file| lineage::running(file, most + 1) > most)
    }

    /// Whether a path leads to the program's file.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        self.file.is_some() && FileId::of(path) == self.file
    }

    /// Sets the variable in `os.environ`, so that processes started by Python code know their
    /// parent. `program` is the `sys.argv[0]` of the application.
    pub(crate) fn announce(&self, py: Python<'_>, program: &OsStr) -> PyResult<()> {
        ANNOUNCED.store(true, Ordering::Relaxed);
        let program = match &self.origin {
            Origin::Itself { program: Some(known) } if program.is_empty() => known,
            _ => program,
        };
        let marker = Marker {
            pid: std::process::id(),
            depth: self.depth,
            started: marker::now(),
            reloads: self.reloads,
            file: self.file,
            executable: self.executable.clone().unwrap_or_default(),
            program: program.to_owned(),
        };
        let value = marker.text();
        let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
        if let Some(os) = modules.get_item("os")? {
            return os.getattr("environ")?.set_item(VARIABLE, value);
        }
        // `os` will copy this dictionary when it is imported (`os.py: _createenviron`).
        let posix = py.import("posix")?;
        let (key, value) = (VARIABLE.as_bytes(), std::os::unix::ffi::OsStrExt::as_bytes(&*value));
        posix.call_method1("putenv", (key, value))?;
        posix.getattr("environ")?.set_item(key, value)
    }
}

/// Whether [`Process::announce`] was called, so that Python code can start the program again.
fn is_announced() -> bool {
    ANNOUNCED.load(Ordering::Relaxed)
}

/// Called by a program that starts Python itself, after this crate has handled its command line.
/// When the program installs a bundle, [`Process::announce`] is called.
pub(crate) fn expect_install() {
    EXPECTS_INSTALL.store(true, Ordering::Relaxed);
}

/// [`Process::announce`], if the program [expects](expect_install) it.
pub(crate) fn installed(py: Python<'_>) -> PyResult<()> {
    if !EXPECTS_INSTALL.load(Ordering::Relaxed) {
        return Ok(());
    }
    Process::current().announce(py, &env::args_os().next().unwrap_or_default())
}

#[cfg(target_os = "linux")]
fn running_file(_path: Option<&Path>) -> Option<FileId> {
    FileId::of(Path::new(RUNNING))
}

#[cfg(not(target_os = "linux"))]
fn running_file(path: Option<&Path>) -> Option<FileId> {
    FileId::of(path?)
}

/// Whether the parent started the running file itself, instead of the file that is now at its path
/// ([`keep_startable`]).
#[cfg(target_os = "linux")]
fn started_as_running_file() -> bool {
    env::args_os().next().is_some_and(|name| name == RUNNING)
}

#[cfg(not(target_os = "linux"))]
fn started_as_running_file() -> bool {
    false
}
