//! Which program this process is, and whether it was started by itself.
//!
//! ```text
//! tool                     Origin::Outside, depth 0
//!  └─ tool -c "print(1)"   Origin::Itself,  depth 1: a child that Python code started
//! ```
//!
//! What a process tells the processes that it starts is one environment variable, [`VARIABLE`]: see
//! [`Marker`]. Where a program dropped it, Linux still knows the parent's executable.

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

/// The running process, as it was when it was first asked for.
#[derive(Debug)]
pub(crate) struct Process {
    executable: Option<PathBuf>,
    file: Option<FileId>,
    origin: Origin,
    depth: u32,
    reloads: u32,
}

/// Who started the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A person, a service manager, another program.
    Outside,
    /// This very program, or a process that descends from it.
    Itself {
        /// The `sys.argv[0]` of the program that Python code may start the program with.
        program: Option<OsString>,
    },
}

/// The file that the kernel runs, which may have been moved or removed since.
#[cfg(target_os = "linux")]
const RUNNING: &str = "/proc/self/exe";

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
            return Self { executable: path, file, origin, depth: above, reloads: 0 };
        };
        let (depth, reloads) =
            marker.below(std::process::id(), marker::now(), lineage::descends_from);
        let same_file = file.is_some() && marker.file == file;
        if !same_file && path.as_deref() != Some(&marker.executable) {
            return Self { executable: path, file, origin: Origin::Outside, depth, reloads };
        }
        // A file that was moved or removed since keeps the name under which the parent knows it,
        // since that is in paths that the parent hands on.
        let executable = if same_file && started_as_running_file() {
            Some(marker.executable.clone())
        } else {
            path
        };
        let origin = Origin::Itself { program: Some(marker.program) };
        Self { executable, file, origin, depth, reloads }
    }

    /// The program's path, absolute and without symbolic links.
    pub(crate) fn executable(&self) -> Option<&Path> {
        self.executable.as_deref()
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How many processes above this one started a hosted program, without a gap. Each of them
    /// still lives, or ended soon after its own start.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// How often the process has replaced itself (`os.execv`), each time at once.
    pub(crate) fn reloads(&self) -> u32 {
        self.reloads
    }

    /// Whether a path leads to the program's file.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        self.file.is_some() && FileId::of(path) == self.file
    }

    /// Tells the processes that Python code will start who their parent is: in `os.environ`, which
    /// they inherit. `program` is the `sys.argv[0]` of the application.
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

/// Whether Python code of this process has been told how to start the program again.
fn is_announced() -> bool {
    ANNOUNCED.load(Ordering::Relaxed)
}

/// The program starts Python itself, and has looked at its command line with our help: when it
/// installs a bundle, its Python code is told how to start the program again.
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

/// Whether the parent started the file that it runs itself, not what is at its path by now
/// ([`keep_startable`]).
#[cfg(target_os = "linux")]
fn started_as_running_file() -> bool {
    env::args_os().next().is_some_and(|name| name == RUNNING)
}

#[cfg(not(target_os = "linux"))]
fn started_as_running_file() -> bool {
    false
}
