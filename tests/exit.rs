//! How a hosted program ends: exit codes, messages, shutdown.
//!
//! `hosted 'import sys; sys.exit(3)'` exits with 3, as `python -c` does.

use std::{
    os::unix::process::ExitStatusExt,
    process::{Command, Output},
};

use include_py_tests::{OutputInTime, text};

const SEGV: i32 = 11;
const BUS: i32 = if cfg!(target_os = "macos") { 10 } else { 7 };

fn hosted(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hosted")).args(args).output_in_time()
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
fn system_exit_sets_the_exit_code() {
    ends("import sys; sys.exit(3)", 3, "", "");
    ends("import sys; sys.exit(256 + 7)", 7, "", "");
    ends("import sys; sys.exit(-1)", 255, "", "");
    ends("import sys; sys.exit(2 ** 63 - 1)", 255, "", "");
    ends("import sys; sys.exit(2 ** 80)", 255, "", "");
    ends("import sys; sys.exit(-2 ** 31 - 5)", 251, "", "");
    ends("import sys; sys.exit(True)", 1, "", "");
    ends("import sys; sys.exit(SystemExit(3))", 3, "", "");
    ends("raise SystemExit(None)", 0, "", "");
    ends("import sys; sys.exit()", 0, "", "");
    ends("exit(4)", 4, "", "");
}

#[test]
fn system_exit_with_text_prints_it() {
    ends("import sys; sys.exit('no such file')", 1, "", "no such file\n");
    ends("raise SystemExit(1, 2)", 1, "", "(1, 2)\n");
    ends("import sys; sys.stderr = None; sys.exit('text')", 1, "", "text\n");
    ends("import sys; sys.stdout = None; sys.exit('text')", 1, "", "text\n");
    let code = "class Exit(SystemExit):
    code = property(lambda self: 1 / 0)
raise Exit('as it is')";
    ends(code, 1, "", "as it is\n");
}

/// The first access to a bundled file reads the executable's modification time. This once imported
/// a module through the path that was being accessed, and so waited for itself.
#[test]
fn the_first_import_from_an_archive_ends() {
    let code = "import sys
sys.path.insert(0, sys.path[0] + '/specimen/vendored/archive.zip')
import zipped
print(zipped.VALUE, end='')";
    ends(code, 0, "from a zip", "");
}

#[test]
fn an_uncaught_exception_shows_source_lines() {
    let output = hosted(&["import specimen.module; specimen.module.fail()"]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.starts_with("Traceback (most recent call last):\n"), "{stderr}");
    assert!(
        stderr.contains("/hosted/specimen/specimen/module.py\", line 12, in fail\n"),
        "{stderr}"
    );
    assert!(stderr.contains("    raise ValueError(\"specimen failure\")\n"), "{stderr}");
    assert!(stderr.ends_with("ValueError: specimen failure\n"), "{stderr}");
}

#[test]
fn an_uncaught_exception_suggests_names() {
    for code in ["import json\njson.dumpz", "dumpz = 1\ndumpy"] {
        let stderr = text(&hosted(&[code]).stderr);
        assert!(stderr.contains("Error: ") && stderr.contains(". Did you mean: 'dump"), "{stderr}");
        assert_eq!(stderr.matches("Traceback").count(), 1, "{stderr}");
    }
    ends("import sys; sys.stderr = None; 1 / 0", 1, "", "");
}

/// Up to 3.12, C code prints them for `python`, and `traceback` shows tabs otherwise.
#[test]
fn an_uncaught_syntax_error_looks_as_with_python() {
    // A frame of a bundled module takes part.
    let code = "import runpy
open('script.py', 'w').write('if 1:\\n\\tx =\\t= 1')
runpy.run_path('script.py')";
    let directory = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hosted"))
        .arg(code)
        .current_dir(directory.path())
        .output_in_time();
    let stderr = text(&output.stderr);
    let old = text(&hosted(&["import sys; print(sys.version_info < (3, 13))"]).stdout);
    assert!(stderr.contains(", in run_path\n    code"), "{stderr}");
    let expected = "\n    x =\t= 1\n        ^\nSyntaxError: invalid syntax\n";
    assert!(old == "False\n" || stderr.ends_with(expected), "{stderr}");
}

#[test]
fn causes_contexts_and_groups_suggest_names() {
    let code = "import json
def misspelt():
    json.dumpz
def unknown():
    dumper = 1
    dumpr
def caught(function):
    try: function()
    except Exception as error: return error
noted = caught(misspelt)
noted.add_note('a note')
chain = caught(unknown)
chain.__cause__, chain.__context__ = noted, ValueError('hidden')
group = ExceptionGroup('inner', [chain, KeyError('dumpz')])
try:
    misspelt()
except AttributeError:
    raise ExceptionGroup('outer', [ExceptionGroup('middle', [group])])";
    let stderr = text(&hosted(&[code]).stderr);
    let attribute =
        "AttributeError: module 'json' has no attribute 'dumpz'. Did you mean: 'dump'?\n";
    let name = "NameError: name 'dumpr' is not defined. Did you mean: 'dumper'?\n";
    assert_eq!((stderr.matches(attribute).count(), stderr.matches(name).count()), (2, 1));
    assert!(stderr.contains(&format!("        | {attribute}        | a note\n")), "{stderr}");
    assert!(stderr.starts_with("Traceback (most recent call last):\n"), "{stderr}");
}

/// PyO3 creates a class when it takes the first exception. If that failed, it would wait for
/// itself.
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
fn an_exception_hook_may_end_the_program_or_fail() {
    ends("import sys; sys.excepthook = lambda *_: sys.exit(5); 1 / 0", 5, "", "");
    for (change, first) in [
        ("sys.excepthook = lambda: None", "Error in sys.excepthook:\n"),
        ("del sys.excepthook", "sys.excepthook is missing\n"),
    ] {
        let output = hosted(&[&format!("import sys; {change}; 1 / 0")]);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(stderr.starts_with(first), "{stderr}");
        assert!(stderr.ends_with("ZeroDivisionError: division by zero\n"), "{stderr}");
    }
}

#[test]
fn exceptions_at_exit_do_not_change_the_status() {
    let output = hosted(&["import atexit, sys; atexit.register(sys.exit, 7); sys.exit(3)"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).starts_with("Exception ignored in atexit callback"), "{output:?}");
}

#[test]
fn a_failed_flush_is_exit_code_120() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hosted"))
        .arg("import sys; sys.stdout = open(1, 'w', buffering=100, closefd=False); print('x')")
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(120), "{output:?}");
    let stderr = text(&output.stderr);
    let version = hosted(&["import sys; print(sys.version_info >= (3, 13))"]);
    let words = if text(&version.stdout) == "True\n" {
        "Exception ignored on flushing sys.stdout:\n"
    } else {
        "Exception ignored in: <_io.TextIOWrapper name=1 "
    };
    assert!(stderr.starts_with(words), "{stderr}");
    assert!(stderr.ends_with("OSError: [Errno 28] No space left on device\n"), "{stderr}");
    ends("import sys; sys.stdout.close(); sys.exit(4)", 4, "", "");
}

/// A shell's loop stops if a program was ended by SIGINT, but continues if it exited with 130.
#[test]
fn an_interrupt_ends_the_process_by_its_signal_after_the_shutdown() {
    // The tests may run as a background job, in which the signal is ignored.
    let code = "import atexit, os, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
atexit.register(print, 'at exit')
print('unflushed', end=' ')
os.kill(os.getpid(), signal.SIGINT)
time.sleep(9)";
    let output = hosted(&[code]);
    assert_eq!((output.status.code(), output.status.signal()), (None, Some(2)), "{output:?}");
    assert_eq!(text(&output.stdout), "unflushed at exit\n");
    assert!(text(&output.stderr).ends_with("KeyboardInterrupt\n"), "{output:?}");

    assert_eq!(hosted(&["raise KeyboardInterrupt"]).status.signal(), Some(2));
    let output = hosted(&["class Mine(KeyboardInterrupt): pass\nraise Mine"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let handled = "import os, signal, sys
signal.signal(signal.SIGINT, lambda *_: sys.exit(9))
os.kill(os.getpid(), signal.SIGINT)";
    ends(handled, 9, "", "");
}

/// Shells start background jobs this way. The signal is ignored, but a `KeyboardInterrupt` that
/// code raises isn't.
#[test]
fn an_interrupt_that_is_ignored_or_blocked_ends_nothing_and_holds_up_nothing() {
    let ignoring = |code: &str| {
        let script = "trap '' INT; exec \"$0\" \"$1\"";
        Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_hosted"), code]).output_in_time()
    };
    let code = "import os, signal
os.kill(os.getpid(), signal.SIGINT)
print(signal.getsignal(signal.SIGINT) == signal.SIG_IGN, end='')";
    let output = ignoring(code);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "True".to_owned()));
    assert_eq!(ignoring("raise KeyboardInterrupt").status.signal(), Some(2));
    let code = "import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
raise KeyboardInterrupt";
    assert_eq!(hosted(&[code]).status.code(), Some(130));
}

/// Rust's runtime handles these signals, and would continue after one that wasn't caused by the
/// program's code.
#[test]
fn a_fault_that_is_sent_ends_the_process_by_its_signal() {
    for (name, number) in [("SIGSEGV", SEGV), ("SIGBUS", BUS)] {
        for before in ["", "import faulthandler; faulthandler.enable(); "] {
            let code = format!("import os, signal; {before}os.kill(os.getpid(), signal.{name})");
            assert_eq!(hosted(&[&code]).status.signal(), Some(number), "{code}");
        }
    }
    let code = "import faulthandler; faulthandler._sigsegv()";
    assert_eq!(hosted(&[code]).status.signal(), Some(SEGV));
}

#[test]
fn shutdown_runs_atexit_and_joins_threads() {
    ends("import atexit; atexit.register(print, 'at exit')", 0, "at exit\n", "");
    let code = "import threading, time
threading.Thread(target=lambda: (time.sleep(.2), print('thread done'))).start()";
    ends(code, 0, "thread done\n", "");
}

/// In CPython's order: the values in modules are freed after `atexit`, and files are flushed by
/// that.
#[test]
fn shutdown_runs_destructors() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("unclosed.txt");
    let code = format!(
        "import atexit, json, sys, weakref
class Late:
    def __del__(self): print('destructor', sys.is_finalizing(), json.dumps([1]))
late, cycle = Late(), Late()
cycle.itself = cycle
file = open({path:?}, 'w')
file.write('all of it')
weakref.finalize(late, print, 'finalizer')
atexit.register(lambda: print('at exit', sys.is_finalizing()))"
    );
    let lines = "at exit False\nfinalizer\ndestructor True [1]\ndestructor True [1]\n";
    ends(&code, 0, lines, "");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "all of it");
}

/// As in CPython: they neither run nor print anything while modules are cleared.
#[test]
fn daemon_threads_print_nothing_at_the_end() {
    let code = "import threading, time
def work():
    while True:
        time.sleep(.001)
        helper()
def helper(): return [str(number) for number in range(100)]
for _ in range(4): threading.Thread(target=work, daemon=True).start()
class Slow:
    def __del__(self): time.sleep(.05)
slow = Slow()
time.sleep(.05)";
    ends(code, 0, "", "");
}

/// As in CPython, even though Rust's runtime opens `/dev/null` in place of closed descriptors.
#[test]
fn closed_streams_are_none() {
    let code = "import os, sys
closed = [name for name in ('stdin', 'stdout', 'stderr') if getattr(sys, name) is None]
assert closed == [name for name in ('stdin', 'stdout', 'stderr') if getattr(sys, f'__{name}__') is None]
os.write(int(sys.argv[2]), repr(closed).encode())";
    for (redirections, output, closed) in [
        ("<&-", "1", "['stdin']"),
        (">&-", "2", "['stdout']"),
        ("<&- 2>&-", "1", "['stdin', 'stderr']"),
        ("<>/dev/null", "1", "[]"),
    ] {
        let script = format!("exec \"$0\" \"$1\" {output} {redirections}");
        let run = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_hosted"), code])
            .output_in_time();
        let written = if output == "1" { &run.stdout } else { &run.stderr };
        assert_eq!(text(written), closed, "{redirections}: {run:?}");
    }
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
        .output_in_time();
    assert_eq!(text(&output.stdout), "True\n", "{output:?}");
}

#[test]
fn the_character_type_locale_is_the_users() {
    let output = Command::new(env!("CARGO_BIN_EXE_hosted"))
        .arg("import locale; print(locale.setlocale(locale.LC_CTYPE), locale.getpreferredencoding())")
        .env("LC_ALL", "C.UTF-8")
        .output_in_time();
    assert_eq!(text(&output.stdout).to_lowercase(), "c.utf-8 utf-8\n", "{output:?}");
}
