//! How a hosted program ends: exit codes, messages, shutdown.
//!
//! `hosted 'import sys; sys.exit(3)'` ends with 3, as `python -c` of the same does.

use std::process::{Command, Output};

use include_py_tests::text;

fn hosted(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hosted")).args(args).output().unwrap()
}

#[track_caller]
fn ends(code: &str, status: i32, stdout: &str, stderr: &str) {
    let output = hosted(&[code]);
    let seen = (output.status.code(), text(&output.stdout), text(&output.stderr));
    assert_eq!(seen, (Some(status), stdout.to_owned(), stderr.to_owned()));
}

#[test]
fn returning_is_success_and_flushes() {
    ends("print('done', end='')", 0, "done", "");
}

#[test]
fn system_exit_gives_its_code() {
    ends("import sys; sys.exit(3)", 3, "", "");
    ends("import sys; sys.exit(256 + 7)", 7, "", "");
    ends("import sys; sys.exit(-1)", 255, "", "");
    ends("import sys; sys.exit(2 ** 80)", 0, "", "");
    ends("import sys; sys.exit()", 0, "", "");
    ends("exit(4)", 4, "", "");
}

#[test]
fn system_exit_with_text_prints_it() {
    ends("import sys; sys.exit('no such file')", 1, "", "no such file\n");
}

#[test]
fn an_uncaught_exception_shows_source_lines() {
    let output = hosted(&["import specimen.module; specimen.module.fail()"]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.starts_with("Traceback (most recent call last):\n"), "{stderr}");
    assert!(stderr.contains("  File \"specimen/module.py\", line 12, in fail\n"), "{stderr}");
    assert!(stderr.contains("    raise ValueError(\"specimen failure\")\n"), "{stderr}");
    assert!(stderr.ends_with("ValueError: specimen failure\n"), "{stderr}");
}

/// PyO3 makes a class when it takes the first exception, and would wait for itself if that failed.
#[test]
fn running_out_of_memory_ends_the_program() {
    let code = "try:
    import _testcapi
except ImportError:
    raise MemoryError
class C: pass
_testcapi.set_nomemory(0, 12)
C()";
    let output = hosted(&[code]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("MemoryError"), "{output:?}");
}

#[test]
fn an_exception_hook_is_called() {
    let code = "import sys
sys.excepthook = lambda kind, error, trace: print('hook saw', error)
raise ValueError(1)";
    ends(code, 1, "hook saw 1\n", "");
}

#[test]
fn an_interrupt_is_a_keyboard_interrupt() {
    let output =
        hosted(&["import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(9)"]);
    assert_eq!(output.status.code(), Some(130));
    assert!(text(&output.stderr).ends_with("KeyboardInterrupt\n"), "{output:?}");
}

#[test]
fn shutdown_runs_atexit_and_joins_threads() {
    ends("import atexit; atexit.register(print, 'at exit')", 0, "at exit\n", "");
    let code = "import threading, time
threading.Thread(target=lambda: (time.sleep(.2), print('thread done'))).start()";
    ends(code, 0, "thread done\n", "");
}

#[test]
fn arguments_reach_sys_argv_untouched() {
    let output =
        hosted(&["import sys; print(sys.argv[2:])", "-c", "--help", "na\u{ef}ve", "", "-X"]);
    assert_eq!(text(&output.stdout), "['-c', '--help', 'na\u{ef}ve', '', '-X']\n", "{output:?}");
}

#[test]
fn the_environment_does_not_reach_the_interpreter() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("json.py"), "raise SystemExit('wrong json')").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hosted"))
        .arg("import sys, json; print(json.__file__ == sys.path[0] + '/json/__init__.py')")
        .current_dir(directory.path())
        .env("PYTHONPATH", directory.path())
        .env("PYTHONHOME", "/nonsense")
        .env("PYTHONSTARTUP", "/nonsense")
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "True\n", "{output:?}");
}

#[test]
fn the_character_type_locale_is_the_users() {
    let output = Command::new(env!("CARGO_BIN_EXE_hosted"))
        .arg("import locale; print(locale.setlocale(locale.LC_CTYPE), locale.getpreferredencoding())")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout).to_lowercase(), "c.utf-8 utf-8\n", "{output:?}");
}
