//! Finds the target's `Python.h`.
//!
//! | searched | used for |
//! |---|---|
//! | the extension's own include directories | cross builds, build trees |
//! | the installation that PyO3 resolved | `include/python3.13` below its prefix, without running it |
//! | its interpreter | other layouts: frameworks, free-threaded builds |

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Extension;
use crate::backend::Python;
use crate::ctools::answer;
use crate::environment::Machine;
use crate::error::{ErrorKind, Problem};

const HEADER: &str = "Python.h";

/// Asks the interpreter; it prints one directory a line.
const ASK: &str = "import sysconfig\n\
                   paths = sysconfig.get_paths()\n\
                   print(paths['include'], paths['platinclude'], sep='\\n')";

/// The include directory to add; `None` if one of the extension's own directories has the header.
pub(super) fn find(
    extension: &Extension,
    python: &Python,
    machine: &Machine,
) -> Result<Option<PathBuf>, Problem> {
    let has_header = |dir: &Path| dir.join(HEADER).is_file();
    if extension.include_dirs.iter().any(|dir| has_header(dir)) {
        return Ok(None);
    }
    let (major, minor) = python.minor();
    let usual =
        python.home.as_ref().map(|home| home.join(format!("include/python{major}.{minor}")));
    if let Some(usual) = usual.as_ref().filter(|dir| has_header(dir)) {
        return Ok(Some(usual.clone()));
    }
    let said = python.executable.as_deref().map(said_by).unwrap_or_default();
    if let Some(said) = said.iter().find(|dir| has_header(dir)) {
        return Ok(Some(said.clone()));
    }
    let mut problem = Problem::new(
        ErrorKind::Interpreter,
        format!(
            "the extension module `{}` needs `{HEADER}` of CPython {major}.{minor}",
            extension.name
        ),
    );
    let mut looked: Vec<_> = said.into_iter().chain(usual).collect();
    looked.dedup();
    for dir in &looked {
        problem = problem.note(format!("it isn't in `{}`", dir.display()));
    }
    if machine.target != machine.host {
        problem = problem.note(format!("the program is built for `{}`", machine.target));
    }
    Err(problem
        .help(format!(
            "install Python's headers: `apt install python{major}.{minor}-dev` (Debian, Ubuntu), \
             `dnf install python{major}.{minor}-devel` (Fedora); pyenv and Homebrew have them"
        ))
        .help("or name their directory with `Extension::include_dir`"))
}

/// The directories that the interpreter prints, if it runs.
fn said_by(executable: &Path) -> Vec<PathBuf> {
    let mut command = Command::new(executable);
    command.args(["-I", "-S", "-X", "utf8", "-c"]);
    // Its standard error is of no use: a missing header is reported in any case.
    let Ok(printed) = answer(command.arg(ASK)) else { return Vec::new() };
    let mut dirs: Vec<_> = printed.lines().map(PathBuf::from).collect();
    dirs.dedup();
    dirs
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// An installation with this header.
    fn installed(header: &str) -> (tempfile::TempDir, Python) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(header);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
        let python =
            Python { home: Some(dir.path().into()), executable: None, ..Python::example() };
        (dir, python)
    }

    #[test]
    fn headers_are_those_of_the_targets_version() {
        let extension = Extension::new("_a", ["a.c"]);
        let (dir, python) = installed("include/python3.13/Python.h");
        let found = find(&extension, &python, &Machine::example()).unwrap();
        assert_eq!(found, Some(dir.path().join("include/python3.13")));
        let (dir, python) = installed("include/python3.12/Python.h");
        let message = find(&extension, &python, &Machine::example()).unwrap_err();
        assert_eq!(
            message.message(),
            format!(
                "the extension module `_a` needs `Python.h` of CPython 3.13\n  = note: it isn't in \
                 `{}`\n  = help: install Python's headers: `apt install python3.13-dev` (Debian, \
                 Ubuntu), `dnf install python3.13-devel` (Fedora); pyenv and Homebrew have them\n  \
                 = help: or name their directory with `Extension::include_dir`",
                dir.path().join("include/python3.13").display()
            )
        );
        let own = extension.include_dir(dir.path().join("include/python3.12"));
        assert_eq!(find(&own, &python, &Machine::example()).unwrap(), None);
    }

    #[test]
    fn the_interpreter_is_asked_where_they_are() {
        let (dir, python) = installed("elsewhere/Python.h");
        let executable = dir.path().join("python");
        let script = format!("#!/bin/sh\necho {}\n", dir.path().join("elsewhere").display());
        std::fs::write(&executable, script).unwrap();
        std::fs::set_permissions(&executable, std::fs::Permissions::from_mode(0o755)).unwrap();
        let python = Python { executable: Some(executable), ..python };
        let found = find(&Extension::new("_a", ["a.c"]), &python, &Machine::example()).unwrap();
        assert_eq!(found, Some(dir.path().join("elsewhere")));
    }
}
