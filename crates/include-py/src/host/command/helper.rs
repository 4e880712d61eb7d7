//! Recognises the command lines by which multiprocessing and similar packages start their helpers.
//!
//! ```text
//! -c "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)" --multiprocessing-fork
//! -c "from multiprocessing.resource_tracker import main;main(4)"
//! -c "from multiprocessing.forkserver import main; main(6, 8, ['__main__'], **{'sys_path': ['/a']})"
//! -c "import sys; from multiprocessing.forkserver import main; main(6, 8, [], sys_argv=sys.argv[1:], **{})" ARGUMENT…
//! -m joblib.externals.loky.backend.popen_loky_posix --process-name LokyProcess-1 --pipe 17
//! ```
//!
//! (`spawn.py: get_command_line`, `resource_tracker.py: ensure_running`, `forkserver.py:
//! ensure_running`, 3.11 to 3.15; `loky/backend/popen_loky_posix.py`.) People don't type such
//! command lines, so they are recognised whoever starts them. Code that does more than call one of
//! these functions isn't recognised.

use std::ffi::OsString;

use super::options::Runs;

/// Packages that start helpers in this way.
const PACKAGES: [&str; 5] = [
    "multiprocessing",
    "multiprocess",
    "billiard",
    "loky.backend",
    "joblib.externals.loky.backend",
];
/// The modules and functions that these packages call.
const FUNCTIONS: [(&str, &str); 4] = [
    ("spawn", "spawn_main"),
    ("forkserver", "main"),
    ("resource_tracker", "main"),
    ("semaphore_tracker", "main"),
];
const LOKY_WORKER: &str = "popen_loky_posix";
/// The argument that multiprocessing passes instead of code if `sys.frozen` is set.
const FORK: &str = "--multiprocessing-fork";

/// Whether a command line starts a helper.
pub(super) fn is_helper(runs: Runs<'_>, arguments: &[OsString]) -> bool {
    match runs {
        Runs::Code(code) => code.to_str().is_some_and(is_call),
        Runs::Module(name, next) => {
            let parts = name.to_str().and_then(|name| name.rsplit_once('.'));
            parts.is_some_and(|(package, module)| {
                PACKAGES.contains(&package) && module == LOKY_WORKER
            }) && arguments.get(next).is_some_and(|argument| argument == "--process-name")
        }
        _ => false,
    }
}

/// The code for `--multiprocessing-fork tracker_fd=5 pipe_handle=7` (`spawn.py: freeze_support`).
pub(super) fn frozen(arguments: &[OsString]) -> Option<String> {
    let (first, rest) = arguments.split_first()?;
    if first != FORK {
        return None;
    }
    let mut values = Vec::new();
    for argument in rest {
        let (name, value) = argument.to_str()?.split_once('=')?;
        let number = value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty();
        if !(number || value == "None") || !is_name(name) {
            return None;
        }
        values.push(format!("{name}={value}"));
    }
    let values = values.join(", ");
    Some(format!("from multiprocessing.spawn import spawn_main; spawn_main({values})"))
}

/// Whether code imports one of the functions, calls it with constants, and does nothing else.
fn is_call(code: &str) -> bool {
    let parts = || {
        // The forkserver of the newest releases of 3.13 and of later versions.
        let code = code.strip_prefix("import sys; ").unwrap_or(code);
        let (module, rest) = code.strip_prefix("from ")?.split_once(" import ")?;
        let (package, module) = module.rsplit_once('.')?;
        let (function, rest) = rest.split_once(';')?;
        let known = PACKAGES.contains(&package) && FUNCTIONS.contains(&(module, function));
        let arguments = rest.trim().strip_prefix(function)?.strip_prefix('(')?.strip_suffix(')')?;
        known.then_some(arguments)
    };
    parts().is_some_and(is_constant)
}

/// Whether the arguments consist of literals and keywords only, so that they can't call anything.
fn is_constant(arguments: &str) -> bool {
    let mut before = ' ';
    let mut letters = arguments.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => {
                let prefixed = before.is_alphanumeric() && before != 'b';
                if prefixed || !skip_string(&mut letters, letter) {
                    return false;
                }
            }
            ',' | ':' | '=' | '*' | '[' | ']' | '{' | '}' | '-' | '.' | '_' | ' ' => {}
            letter if letter.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        before = letter;
    }
    true
}

/// Skips to the end of a string literal; `false` if it has none.
fn skip_string(letters: &mut std::str::Chars<'_>, quote: char) -> bool {
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '\n' => return false,
            letter if letter == quote => return true,
            _ => {}
        }
    }
    false
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn command_lines_of_multiprocessing_are_recognised() {
        for code in [
            "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)",
            "from multiprocessing.resource_tracker import main;main(4)",
            "from multiprocessing.forkserver import main; main(6, 8, ['__main__', \"it's\"], \
             **{'sys_path': ['/a(b)', 'x\\'y'], 'main_path': None})",
            "import sys; from multiprocessing.forkserver import main; \
             main(6, 8, ['__main__'], sys_argv=sys.argv[1:], **{'authkey_r': 9})",
            "from joblib.externals.loky.backend.resource_tracker import main; main(8, False)",
            "from multiprocess.spawn import spawn_main; spawn_main(pipe_handle=7)",
            "from billiard.semaphore_tracker import main;main(3)",
        ] {
            assert!(is_call(code), "{code}");
        }
    }

    #[test]
    fn other_code_is_not_taken_for_multiprocessings() {
        for code in [
            "from multiprocessing.spawn import spawn_main",
            "from multiprocessing.spawn import spawn_main; other(1)",
            "from multiprocessing.spawn import spawn_main; spawn_main(f())",
            "from multiprocessing.spawn import spawn_main; spawn_main(1); f(2)",
            "from multiprocessing.spawn import spawn_main; spawn_main(f'{x}')",
            "from multiprocessing.spawn import spawn_main; spawn_main('a)",
            "from multiprocessing.spawn import spawn_main; spawn_main(1)\nf(2)",
            "from multiprocessing.pool import main; main(1)",
            "import sys; sys.exit(1)",
            "import os; from multiprocessing.forkserver import main; main(1)",
            "from evil.spawn import spawn_main; spawn_main(1)",
        ] {
            assert!(!is_call(code), "{code}");
        }
    }

    #[test]
    fn loky_starts_its_workers_as_a_module() {
        let line = |first: &str| [OsString::from("-m"), "m".into(), first.into()];
        let runs = |name| Runs::Module(OsStr::new(name), 2);
        let worker = runs("joblib.externals.loky.backend.popen_loky_posix");
        assert!(is_helper(worker, &line("--process-name")));
        assert!(!is_helper(worker, &line("--help")));
        assert!(!is_helper(runs("app.popen_loky_posix"), &line("--process-name")));
    }

    #[test]
    fn the_form_for_frozen_programs_becomes_code() {
        let line =
            |arguments: &[&str]| frozen(&arguments.iter().map(Into::into).collect::<Vec<_>>());
        assert_eq!(
            line(&[FORK, "tracker_fd=5", "parent_pid=None", "pipe_handle=7"]).as_deref(),
            Some(
                "from multiprocessing.spawn import spawn_main; \
                 spawn_main(tracker_fd=5, parent_pid=None, pipe_handle=7)"
            )
        );
        for other in [&[FORK, "pipe_handle=f()"][..], &[FORK, "x"], &["-c", FORK], &[]] {
            assert_eq!(line(other), None, "{other:?}");
        }
    }
}
