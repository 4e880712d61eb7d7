//! Decides whether a command line starts the application or Python.
//!
//! `sys.executable` is the program, and Python code starts it as if it were `python`:
//!
//! | command line | who starts it | what runs |
//! |---|---|---|
//! | `-c "from multiprocessing.spawn import spawn_main; …"` | anybody | multiprocessing's code |
//! | `-c CODE`, `-m MODULE`, `SCRIPT`, `-`, options | the program itself | Python |
//! | `[OPTIONS] PROGRAM arguments` | the program itself | the application, with `arguments` |
//! | anything else | the program itself | the application, up to a maximum depth |
//! | anything else | any other process | the application |

mod helper;
mod options;
mod script;

use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
};

pub(super) use self::{options::Runs, script::Script};
use super::Host;
use crate::process::{self, Origin, Process};

/// When a command line is interpreted as Python's.
///
/// Python code that needs another Python process starts `sys.executable`, which in a hosted program
/// is the program. See [`Host::python_command_line`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PythonCommandLine {
    /// In processes that the program itself started, directly or indirectly. If the program is
    /// started from outside, the application runs, whatever the arguments are.
    #[default]
    Children,
    /// In every process: `tool -m pip list` runs the bundled pip, and `tool -c CODE` the code.
    Always,
    /// In no process. If the program itself starts such a command line, this is an error with exit
    /// status 2. Those of multiprocessing are recognised nevertheless.
    Never,
}

/// What a process runs instead of the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Instead {
    /// Python, with this command line. The first argument is the program's name.
    Python(Vec<OsString>),
    /// A message on standard error, and [`REFUSED`].
    Refused(String),
}

/// The application's command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Application {
    /// The options before the application's name: `-Wd` in `sys.executable -Wd tool --port 80`.
    pub(super) options: Vec<OsString>,
    /// `sys.argv`: the name and the arguments.
    pub(super) arguments: Vec<OsString>,
}

impl Application {
    /// What `sys.orig_argv` begins with: the name of `python`, if the whole command line of the
    /// process is the application's. Code that starts `[sys.executable, *sys.orig_argv[1:]]` then
    /// starts the application with its arguments.
    pub(super) fn python(&self) -> Option<OsString> {
        let is_whole = self.options.is_empty() && env::args_os().eq(self.arguments.iter().cloned());
        self.arguments.first().filter(|_| is_whole).cloned()
    }
}

/// The exit status of a process that is refused.
pub(super) const REFUSED: u8 = 2;

/// Default maximum depth of processes that the program starts with arguments other than Python's.
///
/// The number of processes grows as a power of it if each starts several.
pub(super) const DEPTH: u32 = 3;
/// Maximum depth of processes that the program starts by its name or as Python, to protect the
/// machine. In deep chains, [`Process::is_crowded`] limits the number of processes, too.
const MOST: u32 = 32;
/// Maximum number of times that a process may replace itself in quick succession.
const RELOADS: u32 = 100;

impl Host {
    /// The script in a bundle that a Python command line runs.
    pub(super) fn script(&self, line: &[OsString]) -> Option<Script> {
        match Runs::of(line)? {
            Runs::Script(index) => Script::find(&self.apps, Path::new(&line[index + 1])),
            _ => None,
        }
    }

    /// What the process's command line starts.
    pub(super) fn command(&self) -> Result<Application, Instead> {
        let line: Vec<OsString> = env::args_os().collect();
        Command { host: self, process: Process::current(), line: &line }.decide()
    }
}

struct Command<'a> {
    host: &'a Host,
    process: &'a Process,
    line: &'a [OsString],
}

/// In which way the program is started again.
#[derive(Clone, Copy)]
enum Reason {
    /// As Python or by its name, so that it is clear what to run.
    Said,
    /// With arguments that aren't Python's.
    Unsaid,
}

impl Command<'_> {
    fn decide(&self) -> Result<Application, Instead> {
        let Some((name, arguments)) = self.line.split_first() else {
            return Ok(Application::default());
        };
        if let Some(code) = helper::frozen(arguments) {
            let options = ["-I".into(), "-c".into(), code.into()];
            return self
                .python([name.clone()].into_iter().chain(options).chain(arguments.to_vec()));
        }
        let Some(runs) = options::parse(arguments) else { return self.application(Reason::Unsaid) };
        if helper::is_helper(runs, arguments) {
            return self.python(self.line.iter().cloned());
        }
        let may_be_python = match self.host.command_line {
            PythonCommandLine::Always => true,
            _ => self.is_own_child() && !self.is_typed(name),
        };
        if !may_be_python {
            return self.application(Reason::Unsaid);
        }
        match runs {
            Runs::Script(index) if self.is_program(&arguments[index]) => {
                let options = arguments[..index].iter().filter(|option| *option != "--");
                self.started(Reason::Said, || {
                    Ok(Application {
                        options: options.cloned().collect(),
                        arguments: arguments[index..].to_vec(),
                    })
                })
            }
            Runs::Script(index) if !self.is_script(&arguments[index]) => {
                self.application(Reason::Unsaid)
            }
            // The program's name alone starts the application, unless the program itself started
            // it.
            Runs::Nothing if arguments.is_empty() && !self.is_own_child() => {
                self.application(Reason::Unsaid)
            }
            _ if self.host.command_line == PythonCommandLine::Never => {
                Err(Instead::Refused(self.message(
                    "this program was started by itself as `python` is, which it doesn't allow",
                    "allow it with `Host::python_command_line`, or don't start `sys.executable`",
                )))
            }
            _ => self.python(self.line.iter().cloned()),
        }
    }

    fn is_own_child(&self) -> bool {
        *self.process.origin() != Origin::Outside
    }

    /// Whether the program was called by a name as people type it, `tool` or `./tool`. Python code
    /// that starts `sys.executable` uses an absolute path, or a link to it named `python`, as in
    /// the `bin` directory of a virtual environment.
    fn is_typed(&self, name: &OsStr) -> bool {
        let path = Path::new(name);
        if path.is_absolute() || name.is_empty() {
            return false;
        }
        let last = path.file_name().unwrap_or(name);
        if self.process.name() != Some(last) && is_python(last) {
            return false;
        }
        if path.components().count() > 1 {
            return self.process.is_at(path);
        }
        self.process.name() == Some(name)
            || process::on_path(path).is_some_and(|place| self.process.is_at(&place))
    }

    /// Whether an argument is a path of this program, as `sys.argv[0]` is.
    fn is_program(&self, argument: &OsStr) -> bool {
        let known = match self.process.origin() {
            Origin::Itself { program: Some(program) } => !program.is_empty() && program == argument,
            _ => false,
        };
        let path = Path::new(argument);
        known || self.process.executable() == Some(path) || self.process.is_at(path)
    }

    /// Whether Python could run this argument as a script, or should report that it can't.
    fn is_script(&self, argument: &OsStr) -> bool {
        let path = Path::new(argument);
        let is_named_so = path.extension().is_some_and(|suffix| {
            ["py", "pyw", "pyc", "pyz", "zip"].iter().any(|one| suffix == *one)
        });
        // If the directory has no `__main__.py`, Python reports that.
        is_named_so
            || path.exists()
            || Script::find(&self.host.apps, path).is_some()
            || Script::is_directory(&self.host.apps, path)
    }

    fn application(&self, reason: Reason) -> Result<Application, Instead> {
        self.started(reason, || {
            let arguments = self.line.to_vec();
            Ok(Application { options: Vec::new(), arguments })
        })
    }

    fn python(&self, line: impl Iterator<Item = OsString>) -> Result<Application, Instead> {
        self.started(Reason::Said, || Err(Instead::Python(line.collect())))
    }

    /// Refuses processes that exceed a limit.
    fn started(
        &self,
        reason: Reason,
        start: impl FnOnce() -> Result<Application, Instead>,
    ) -> Result<Application, Instead> {
        let most = match reason {
            Reason::Unsaid if self.is_own_child() => self.host.start_depth,
            _ => MOST.max(self.host.start_depth),
        };
        let depth = self.process.depth();
        if depth > most {
            return Err(Instead::Refused(self.message(
                &format!(
                    "this program has started itself {depth} times, each from within the last"
                ),
                "find out what starts it, or raise `Host::start_depth` if that is as it should be",
            )));
        }
        let may_branch = match reason {
            Reason::Unsaid => self.is_own_child() && depth > 1,
            Reason::Said => depth > DEPTH,
        };
        if may_branch && self.host.start_depth <= DEPTH && self.process.is_crowded() {
            return Err(Instead::Refused(self.message(
                "too many processes of this program are running, and it starts itself again and again",
                "find out what starts it, or raise `Host::start_depth` if that is as it should be",
            )));
        }
        if self.process.reloads() > RELOADS {
            return Err(Instead::Refused(self.message(
                &format!("this program has replaced itself more than {RELOADS} times at once"),
                "find out what calls `os.execv` each time it starts",
            )));
        }
        start()
    }

    fn message(&self, what: &str, advice: &str) -> String {
        let mut line = String::new();
        for argument in self.line {
            let argument = argument.to_string_lossy();
            let shown: String = argument.chars().take(SHOWN).collect();
            let more = if shown.len() < argument.len() { "…" } else { "" };
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(&shown);
            line.push_str(more);
        }
        format!("{what}: {advice} (the command line is `{line}`)")
    }
}

/// Whether a name is one of an interpreter: `python`, `python3`, `python3.13`, `python3.13t`.
fn is_python(name: &OsStr) -> bool {
    name.to_str().and_then(|name| name.strip_prefix("python")).is_some_and(|version| {
        version
            .strip_suffix('t')
            .unwrap_or(version)
            .bytes()
            .all(|byte| b"0123456789.".contains(&byte))
    })
}

/// Maximum number of characters of an argument in a message.
const SHOWN: usize = 80;
