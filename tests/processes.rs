//! A hosted program that starts itself: as Python, as a helper of multiprocessing, as the
//! application.
//!
//! `sys.executable` is the program, so `subprocess.run([sys.executable, "-c", code])` starts it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use include_py_tests::{OutputInTime, text};
use tempfile::TempDir;

/// The program in its own directory, started in another, empty one.
struct Program {
    path: PathBuf,
    directory: TempDir,
    how: &'static str,
}

impl Program {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = fs::canonicalize(directory.path()).unwrap().join("program");
        fs::hard_link(env!("CARGO_BIN_EXE_hosted"), &path)
            .or_else(|_| fs::copy(env!("CARGO_BIN_EXE_hosted"), &path).map(drop))
            .unwrap();
        fs::create_dir(directory.path().join("empty")).unwrap();
        Self { path, directory, how: "" }
    }

    fn hosted(how: &'static str) -> Self {
        Self { how, ..Self::new() }
    }

    fn command(&self, path: &Path) -> Command {
        let mut command = Command::new(path);
        command
            .current_dir(self.directory.path().join("empty"))
            .env("HOSTED", self.how)
            .env_remove("INCLUDE_PY_PROCESS");
        command
    }

    fn output(&self, code: &str) -> Output {
        self.command(&self.path).arg(code).output_in_time()
    }

    /// Runs code in the application, which must print exactly this.
    #[track_caller]
    fn prints(&self, code: &str, expected: &str) {
        let output = self.output(code);
        let seen = (output.status.code(), text(&output.stdout), text(&output.stderr));
        assert_eq!(seen, (Some(0), expected.to_owned(), String::new()));
    }
}

/// Code of an application that starts `sys.executable` with these arguments and prints the result.
fn starting(arguments: &str) -> String {
    format!(
        "import subprocess, sys
done = subprocess.run([sys.executable, {arguments}], capture_output=True, text=True, input='print(\"input\")')
print(done.returncode, done.stdout + done.stderr, end='')"
    )
}

#[track_caller]
fn starts(arguments: &str, expected: &str) {
    Program::new().prints(&starting(arguments), expected);
}

#[test]
fn code_runs_as_with_python() {
    starts("'-c', 'print(6 * 7)'", "0 42\n");
    starts("'-c', 'import sys; print(sys.argv)', '-x', '', 'a b'", "0 ['-c', '-x', '', 'a b']\n");
    starts("'-c', 'raise SystemExit(3)'", "3 ");
    starts("'-c', 'raise SystemExit(\"no\")'", "1 no\n");
    let output = Program::new().output(&starting("'-c', '1 / 0'"));
    let shows_code = text(&output.stdout).contains("\n    1 / 0\n");
    let version = Program::new().output("import sys; print(sys.version_info >= (3, 13))");
    assert_eq!(text(&version.stdout), if shows_code { "True\n" } else { "False\n" }, "{output:?}");
    starts(
        "'-c', 'import specimen.module, json; print(json.dumps(specimen.module.__name__))'",
        "0 \"specimen.module\"\n",
    );
    starts(
        "'-c', 'import sys; print(__name__, sys.executable == sys.orig_argv[0])'",
        "0 __main__ True\n",
    );
    starts("'-Isc', 'import sys; print(sys.path[0].endswith(\"/program/specimen\"))'", "0 True\n");
    starts("'-c', 'import sys; print(repr(sys.path[0]))'", "0 ''\n");
}

#[test]
fn standard_input_runs_as_with_python() {
    starts("'-'", "0 input\n");
    starts("'-', 'a'", "0 input\n");
    starts("'-u'", "0 input\n");
    starts("", "0 input\n");
}

#[test]
fn options_have_pythons_meaning() {
    let flags = |options: &str, flags: &str, expected: &str| {
        starts(
            &format!("{options}, '-c', 'import sys; print({flags})'"),
            &format!("0 {expected}\n"),
        );
    };
    flags("'-B', '-q'", "sys.flags.dont_write_bytecode, sys.flags.quiet", "1 1");
    flags(
        "'-I'",
        "sys.flags.isolated, sys.flags.ignore_environment, sys.flags.safe_path",
        "1 1 True",
    );
    flags("'-E', '-P'", "sys.flags.isolated, sys.flags.ignore_environment", "0 1");
    flags("'-OO'", "sys.flags.optimize, __debug__", "2 False");
    flags("'-Xa=b', '-X', 'c'", "sys._xoptions", "{'a': 'b', 'c': True}");
    flags("'-Xdev'", "sys.flags.dev_mode, sys.warnoptions", "True ['default']");
    flags("'-Xwarn_default_encoding'", "sys.flags.warn_default_encoding", "1");
    flags(
        "'-W', 'error::UserWarning', '-bb'",
        "sys.warnoptions, sys.flags.bytes_warning",
        "['error::UserWarning', 'error::BytesWarning'] 2",
    );
    flags(
        "'-Wignore:a pattern'",
        "sys.modules[\"re\"].__file__ == sys.path[1] + \"/re/__init__.py\"",
        "True",
    );
    let warning = "'-W', 'error', '-c', 'import warnings; warnings.warn(\"w\")'";
    let output = Program::new().output(&starting(warning));
    assert!(text(&output.stdout).starts_with("1 Traceback"), "{output:?}");
    assert!(text(&output.stdout).ends_with("\nUserWarning: w\n"), "{output:?}");
    let output = Program::new().output(&starting("'-V'"));
    assert!(text(&output.stdout).starts_with("0 Python 3."), "{output:?}");
    for incomplete in ["'-c'", "'-I', '-m'", "'-X'"] {
        let output = Program::new().output(&starting(incomplete));
        assert!(text(&output.stdout).starts_with("2 Argument expected for"), "{output:?}");
    }
}

#[test]
fn the_environment_is_pythons() {
    let code = |environment: &str, options: &str, code: &str| {
        format!(
            "import os, subprocess, sys
subprocess.run([sys.executable, {options} '-c', '{code}'], env={environment}, check=True)"
        )
    };
    let path = "import sys; print(\"/some/where\" in sys.path)";
    Program::new().prints(&code("{**os.environ, 'PYTHONPATH': '/some/where'}", "", path), "True\n");
    Program::new()
        .prints(&code("{**os.environ, 'PYTHONPATH': '/some/where'}", "'-E',", path), "False\n");
    let path = "import os, sys; print([os.path.basename(p) for p in sys.path if p.endswith((\"empty\", \"some\"))])";
    Program::new().prints(
        &code("{**os.environ, 'PYTHONPATH': ':../empty:some'}", "'-P',", path),
        "['empty', 'some']\n",
    );
    let stream = "import sys; print(sys.stdout.encoding)";
    Program::new()
        .prints(&code("{**os.environ, 'PYTHONIOENCODING': 'latin-1'}", "", stream), "iso8859-1\n");
    Program::new()
        .prints(&code("{**os.environ, 'PYTHONHOME': '/nonsense'}", "", "print(1)"), "1\n");
}

#[test]
fn modules_and_scripts_run_from_the_bundle_and_from_disk() {
    let program = Program::new();
    let empty = program.directory.path().join("empty");
    fs::write(empty.join("script.py"), "import sys, specimen; print(__name__, sys.argv)").unwrap();
    program.prints(&starting("'script.py', 'a'"), "0 __main__ ['script.py', 'a']\n");
    fs::create_dir(empty.join("pkg")).unwrap();
    fs::write(
        empty.join("pkg/__main__.py"),
        "import os, sys; print(sys.argv[1:], sys.path[0] == os.path.abspath('pkg'))",
    )
    .unwrap();
    program.prints(&starting("'pkg', 'a'"), "0 ['a'] True\n");
    program.prints(&starting("'-m', 'pkg', 'b'"), "0 ['b'] False\n");
    // Not the application again, which would search the same directories.
    let no_main = |directory: &str| {
        let output = program.output(&format!("import json\n{}", starting(directory)));
        let words = text(&output.stdout);
        assert!(
            words.starts_with("1 ") && words.contains("can't find '__main__' module in '"),
            "{words}"
        );
    };
    fs::create_dir(empty.join("nothing")).unwrap();
    no_main("'nothing'");
    no_main("sys.modules['json'].__path__[0]");

    program.prints(&starting("'-m', 'started', 'c'"), "0 started as __main__ with ['c']\n");
    let bundled = |file: &str| format!("sys.modules['json'].__path__[0][:-4] + '{file}', 'd'");
    let with_json = |arguments: String| format!("import json\n{}", starting(&arguments));
    program.prints(&with_json(bundled("started")), "0 started as __main__ with ['d']\n");
    program
        .prints(&with_json(bundled("started/__main__.py")), "0 started as __main__ with ['d']\n");
    program.prints(&with_json(bundled("started/run-me.txt")), "0 __main__ in a file ['d']\n");
    let output = program.output(&starting("'missing.py'"));
    assert!(text(&output.stdout).starts_with("2 "), "{output:?}");
    assert!(text(&output.stdout).contains("can't open file"), "{output:?}");
}

#[test]
fn scripts_are_read_as_python_reads_them() {
    let program = Program::new();
    let empty = program.directory.path().join("empty");
    fs::write(empty.join("undeclared.py"), b"print(1)\n# caf\xe9\n").unwrap();
    let output = program.output(&starting("'undeclared.py'"));
    let words = text(&output.stdout);
    assert!(words.starts_with("1 ") && words.contains("Non-UTF-8 code starting with"), "{words}");
    fs::write(empty.join("declared.py"), b"# coding: latin-1\nprint(ascii('\xe9'))\n").unwrap();
    program.prints(&starting("'declared.py'"), "0 '\\xe9'\n");
    fs::write(empty.join("nothing.py"), "").unwrap();
    program.prints(&starting("'nothing.py'"), "0 ");
    fs::write(empty.join("closing.py"), "import os; os.closerange(3, 99); print(1)").unwrap();
    program.prints(&starting("'closing.py'"), "0 1\n");
    fs::write(empty.join("opening.py"), "print(open(__file__).fileno())").unwrap();
    program.prints(&starting("'opening.py'"), "0 3\n");
    fs::write(empty.join("wrong.py"), "x = (\n").unwrap();
    let output = program.output(&starting("'wrong.py'"));
    assert!(text(&output.stdout).contains("wrong.py\", line 1\n    x = (\n"), "{output:?}");
}

#[test]
fn multiprocessing_works_with_each_method() {
    for method in ["fork", "spawn", "forkserver"] {
        let code = format!("import processes; processes.battery('{method}')");
        Program::new().prints(&code, &format!("all of {method} works\n"));
    }
}

#[test]
fn multiprocessing_works_where_comparing_bytes_with_str_is_an_error() {
    starts(
        "'-bb', '-c', 'import processes; processes.battery(\"spawn\")'",
        "0 all of spawn works\n",
    );
}

#[test]
fn functions_of_main_work() {
    let code = "import runpy, sys; sys.argv.append('spawn')
runpy.run_module('processes', run_name='__main__', alter_sys=True)";
    Program::new().prints(code, "all of spawn works\n");
}

#[test]
fn workers_start_wherever_the_executable_is() {
    let program = Program::new();
    let link = program.directory.path().join("link");
    std::os::unix::fs::symlink(&program.path, &link).unwrap();
    let run = |path: &Path, change: &str| {
        let code =
            format!("import os, sys\n{change}\nimport processes; processes.battery('spawn')");
        let output = program.command(path).arg(code).output_in_time();
        assert_eq!(text(&output.stdout), "all of spawn works\n", "{output:?}");
    };
    run(&link, "");
    if cfg!(target_os = "linux") {
        let moved = program.path.with_file_name("moved");
        run(&program.path, "os.rename(sys.executable, sys.executable[:-7] + 'moved')");
        run(
            &moved,
            "with open(sys.executable + '2', 'wb') as new: new.write(b'#!/bin/false')
os.replace(sys.executable + '2', sys.executable)",
        );
    }
    let program = Program::new();
    if cfg!(target_os = "linux") {
        let code = "import os, sys; os.remove(sys.executable); import processes; processes.battery('forkserver')";
        program.prints(code, "all of forkserver works\n");
    }
}

/// As reloaders do: `os.execv(sys.executable, [sys.executable] + sys.argv)` and the like.
#[test]
fn the_program_starts_itself_by_its_name() {
    let code = |start: &str| {
        format!(
            "import os, sys
if 'AGAIN' in os.environ:
    print(sys.argv[2:], sys.warnoptions, flush=True)
else:
    os.environ['AGAIN'] = '1'
    import subprocess
    {start}"
        )
    };
    let program = Program::new();
    for start in [
        "subprocess.run([sys.executable, *sys.argv, '-c', 'x'])",
        "subprocess.run([sys.executable, *sys.orig_argv[1:], '-c', 'x'])",
        "os.execv(sys.executable, [sys.executable, *sys.argv, '-c', 'x'])",
        "os.execv(sys.executable, ['python', *sys.argv, '-c', 'x'])",
        "os.spawnv(os.P_WAIT, sys.executable, [sys.executable, *sys.argv, '-c', 'x'])",
    ] {
        program.prints(&code(start), "['-c', 'x'] []\n");
    }
    let options = "subprocess.run([sys.executable, '-Wd', '-Xdev', *sys.argv, 'x'])";
    program.prints(&code(options), "['x'] ['default', 'd']\n");
    // Found through `PATH`: `sys.argv[0]` isn't a path then.
    let output = program
        .command(Path::new("program"))
        .env("PATH", program.path.parent().unwrap())
        .arg(code("subprocess.run([sys.executable, 'program', sys.argv[1], 'x'])"))
        .output_in_time();
    assert_eq!(text(&output.stdout), "['x'] []\n", "{output:?}");
}

#[test]
fn c_code_finds_the_command_line_of_the_process() {
    // Like setproctitle, which overwrites it in memory.
    let code = "import ctypes, sys
count, line = ctypes.c_int(), ctypes.POINTER(ctypes.c_wchar_p)()
ctypes.pythonapi.Py_GetArgcArgv(ctypes.byref(count), ctypes.byref(line))
with open('/proc/self/cmdline') as file:
    own = file.read().split('\\0')[:-1]
print(line[:count.value] == own, sys.orig_argv == [own[0], *own])";
    Program::new().prints(code, "True True\n");
}

#[test]
fn a_program_may_replace_itself_often() {
    let code = "import os, sys
count = int(os.environ.get('COUNT', '0')); os.environ['COUNT'] = str(count + 1)
if count < 8: os.execv(sys.executable, [sys.executable] + sys.argv)
print('after', count)";
    Program::new().prints(code, "after 8\n");
}

/// Each start appends a line to a file, and starts the program again in a way that isn't a Python
/// command line.
fn endless(start: &str) -> String {
    format!(
        "import os, subprocess, sys
with open('trail', 'a') as trail: trail.write('started\\n')
{start}"
    )
}

#[test]
fn chains_of_processes_are_limited() {
    let chain = |program: &Program, start: &str| {
        let output = program.output(&endless(start));
        let trail = program.directory.path().join("empty/trail");
        (fs::read_to_string(trail).unwrap().lines().count(), text(&output.stderr))
    };
    let again = "sys.exit(subprocess.run([sys.executable, sys.argv[1]]).returncode)";
    let (starts, stderr) = chain(&Program::new(), again);
    assert_eq!(starts, 4, "{stderr}");
    assert!(
        stderr.starts_with(
            "error: this program has started itself 4 times, each from within the last: "
        ),
        "{stderr}"
    );
    assert_eq!(chain(&Program::hosted("deep"), again).0, 8);
    if cfg!(target_os = "linux") {
        let forgetful = "subprocess.run([sys.executable, sys.argv[1]], env={})";
        assert_eq!(chain(&Program::new(), forgetful).0, 4);
        let by_a_shell = "import shlex
subprocess.run(shlex.join([sys.executable, sys.argv[1]]) + '; exit $?', shell=True, env={})";
        assert_eq!(chain(&Program::new(), by_a_shell).0, 4);
    }
}

/// Code of a process that starts itself twice in this way and waits for both.
fn branching(start: &str) -> String {
    endless(&format!(
        "code = sys.orig_argv[-1]
children = [{start} for _ in range(2)]
sys.exit(max(child.wait() for child in children))"
    ))
}

/// How many processes started until the program ended with the documented error.
fn branches(start: &str, error: &str) -> usize {
    let program = Program::new();
    let output = program.output(&branching(start));
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{start}: {stderr}");
    assert!(stderr.contains(error), "{start}: {stderr}");
    let trail = fs::read_to_string(program.directory.path().join("empty/trail")).unwrap();
    trail.lines().count()
}

#[test]
fn chains_that_branch_are_limited() {
    let error = "error: this program has started itself 4 times, each from within the last: ";
    assert_eq!(branches("subprocess.Popen([sys.executable, code])", error), 1 + 2 + 4 + 8);
    if cfg!(target_os = "linux") {
        let forgetful = "subprocess.Popen([sys.executable, code], env={})";
        assert_eq!(branches(forgetful, error), 1 + 2 + 4 + 8);
    }
}

#[test]
#[ignore = "uses a whole machine for minutes: up to 300 processes at once, 1,500 in all"]
fn deep_chains_that_branch_are_limited() {
    let error = "error: too many processes of this program are running";
    for command in ["[sys.executable, '-c', code]", "[sys.executable, sys.argv[0], code]"] {
        for environment in ["", ", env={}"] {
            let starts = branches(&format!("subprocess.Popen({command}{environment})"), error);
            assert!(starts < 10_000, "{starts}");
        }
    }
}

/// A virtual environment has copies or links.
#[test]
fn copies_and_links_of_the_program_are_pythons_too() {
    let code = "import os, shutil, subprocess, sys
here = os.getcwd()
os.symlink(sys.executable, 'python3')
shutil.copy2(sys.executable, 'copied')
os.mkdir('bin')
os.link('copied', 'bin/python')
def start(name, **options):
    command = [name, '-c', 'import sys; print(sys.argv)', name]
    done = subprocess.run(command, capture_output=True, text=True, **options)
    print(done.stdout or done.stderr.splitlines()[-1][:9])
start('python3', env={**os.environ, 'PATH': here})
start('./python3')
start('bin/python')
start(here + '/copied')
# Another program, which has its own meaning of arguments.
with open('copied', 'ab') as stream: stream.write(b'more')
start(here + '/copied')";
    let program = Program::new();
    let directory = fs::canonicalize(program.directory.path().join("empty")).unwrap();
    let expected = format!(
        "['-c', 'python3']\n\n['-c', './python3']\n\n['-c', 'bin/python']\n\n['-c', '{}/copied']\n\nNameError\n",
        directory.display(),
    );
    program.prints(code, &expected);
}

#[test]
fn a_child_without_an_environment_is_a_python_too() {
    if cfg!(target_os = "linux") {
        let code = starting("'-c', 'print(1)'").replace("text=True", "text=True, env={}");
        Program::new().prints(&code, "0 1\n");
    }
}

#[test]
fn a_program_can_refuse_to_be_a_python() {
    let program = Program::hosted("never");
    let output = program.output(&starting("'-c', 'print(1)'"));
    let seen = text(&output.stdout);
    assert!(
        seen.starts_with(
            "2 error: this program was started by itself as `python` is, which it doesn't allow: "
        ),
        "{seen}"
    );
    program.prints(&starting("sys.argv[0], 'print(1)'"), "0 1\n");
    program.prints("import processes; processes.battery('spawn')", "all of spawn works\n");
}

#[test]
fn a_program_can_always_be_a_python() {
    let program = Program::hosted("always");
    let python = |arguments: &[&str]| {
        text(&program.command(&program.path).args(arguments).output_in_time().stdout)
    };
    assert_eq!(python(&["-c", "import sys; print(sys.argv)", "a"]), "['-c', 'a']\n");
    assert_eq!(python(&["print('application')"]), "application\n");
}

#[test]
fn whoever_starts_the_program_gets_the_application() {
    let program = Program::new();
    let output = program.command(&program.path).args(["-c", "print(1)"]).output_in_time();
    assert!(text(&output.stderr).contains("NameError"), "`-c` is the code: {output:?}");
    // By its name, as a shell would do it.
    let code = "import os, subprocess; os.environ['PATH'] = os.path.dirname(sys.executable)
print(subprocess.run(['program', '-c'], capture_output=True, text=True).stderr.splitlines()[-1][:9])";
    program.prints(&format!("import sys; {code}"), "NameError\n");
}

#[test]
fn programs_that_start_python_themselves_have_a_function() {
    let program = Program::hosted("install");
    program.prints(&starting("'-c', 'import specimen, sys; print(sys.argv)'"), "0 ['-c']\n");
    program.prints("import processes; processes.battery('spawn')", "all of spawn works\n");
}

#[test]
fn the_interpreters_streams_are_binary_safe() {
    let output = Program::new().output(
        "import asyncio, sys
async def main():
    child = await asyncio.create_subprocess_exec(sys.executable, '-c', 'import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())', stdin=-1, stdout=-1)
    print((await child.communicate(bytes(range(256))))[0] == bytes(range(256)), child.returncode)
asyncio.run(main())",
    );
    assert_eq!(text(&output.stdout), "True 0\n", "{output:?}");
}
