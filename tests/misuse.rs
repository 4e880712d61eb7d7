//! Programs that misuse include-py from safe code. `soundness.rs` starts them.
//!
//! `misuse runs` calls `run` from eight threads at once. The result may be an error or a panic, but
//! never a crash.

#![forbid(unsafe_code)]

use std::{
    env, panic,
    process::ExitCode,
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use pyo3::{
    prelude::*,
    types::{PyDateTime, PyDict},
};

include_py::include_py!(SPECIMEN = "specimen");

fn main() -> ExitCode {
    let mode = env::args().nth(1).expect("a mode");
    match mode.as_str() {
        "runs" => runs(),
        "after" => after(),
        "during" => during(),
        "starting" => starting(),
        "order" => order(),
        "thread" => thread::spawn(|| quick("print('in a thread')")).join().unwrap(),
        "volumes" => volumes(),
        "fork" => fork(),
        "panic" => panics(),
        _ => panic!("unknown mode {mode}"),
    }
}

fn quick(code: &'static str) -> ExitCode {
    include_py::run(&SPECIMEN, |py| execute(py, code))
}

fn execute(py: Python<'_>, code: &str) -> PyResult<()> {
    py.run(&std::ffi::CString::new(code)?, None, None)
}

/// As many as tried, and one ran.
fn runs() -> ExitCode {
    let barrier = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || {
                barrier.wait();
                quick("import json, threading; print('ran')")
            })
        })
        .collect();
    let codes: Vec<ExitCode> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    let ran = codes.iter().filter(|&&code| code == ExitCode::SUCCESS).count();
    ExitCode::from(u8::from(ran != 1))
}

fn date(py: Python<'_>) -> PyResult<Py<PyDateTime>> {
    PyDateTime::new(py, 2026, 11, 26, 0, 0, 0, 0, None).map(Bound::unbind)
}

/// Attaching works after Python has ended. Everything that runs Python code reports an error then.
fn after() -> ExitCode {
    let mut kept = None;
    let code = include_py::run(&SPECIMEN, |py| {
        kept = Some((date(py)?, py.import("specimen.module")?.getattr("fail")?.unbind()));
        Ok(())
    });
    assert_eq!(code, ExitCode::SUCCESS);
    Python::attach(|py| {
        // By `datetime`'s C API, whose address PyO3 has stored.
        assert_eq!(date(py).unwrap().bind(py).str().unwrap(), "2026-11-26 00:00:00");
        for result in [
            py.eval(c"1 + 1", None, None).map(drop),
            py.import("json").map(drop),
            kept.as_ref().unwrap().1.call0(py).map(drop),
            SPECIMEN.install(py).map(drop),
        ] {
            println!("{}", result.unwrap_err());
        }
        let dict = PyDict::new(py);
        dict.set_item("a", 1).unwrap();
    });
    drop(kept);
    let error = include_py::Host::new(&SPECIMEN).start().unwrap_err();
    assert_eq!(error.kind(), include_py::ErrorKind::Ended);
    println!("{error}");
    quick("print('never printed')")
}

/// Threads that attach all the time, while Python starts, works, ends and has ended.
fn during() -> ExitCode {
    panic::set_hook(Box::new(|_| {}));
    let goes_on = Arc::new(AtomicBool::new(true));
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let goes_on = Arc::clone(&goes_on);
            thread::spawn(move || {
                while goes_on.load(Ordering::Relaxed) {
                    let _ = panic::catch_unwind(|| {
                        let name = ["json", "decimal", "email.message", "logging"][number];
                        Python::attach(|py| {
                            drop(py.import(name).and_then(|module| module.getattr("__name__")));
                            drop(execute(py, "sum(range(500)); f = lambda: f; f(); del f"));
                            py.detach(thread::yield_now);
                        });
                    });
                }
            })
        })
        .collect();
    let code = quick(
        "import threading, time, json; time.sleep(.05)\nclass C:\n    def __del__(self): print(end='')\nc = C()",
    );
    thread::sleep(Duration::from_millis(20));
    goes_on.store(false, Ordering::Relaxed);
    // Half of them still attach when `main` returns.
    for thread in threads.into_iter().step_by(2) {
        thread.join().unwrap();
    }
    code
}

/// `start` in several threads, together with threads that attach.
fn starting() -> ExitCode {
    panic::set_hook(Box::new(|_| {}));
    let threads: Vec<_> = (0..8)
        .map(|number| {
            thread::spawn(move || {
                let started = number % 2 == 0 && include_py::Host::new(&SPECIMEN).start().is_ok();
                for _ in 0..50 {
                    let _ = panic::catch_unwind(|| Python::attach(|py| py.import("json").is_ok()));
                }
                started
            })
        })
        .collect();
    let started = threads.into_iter().map(|thread| thread.join().unwrap());
    ExitCode::from(u8::from(started.filter(|&started| started).count() != 1))
}

/// Every wrong order gives an error that says so.
fn order() -> ExitCode {
    let host = || include_py::Host::new(&SPECIMEN);
    host().start().unwrap();
    println!("{}", host().start().unwrap_err());
    let code = host().run(|_| panic!("Python runs already"));
    assert_ne!(code, ExitCode::SUCCESS);
    Python::attach(|py| execute(py, "print('still works', flush=True)")).unwrap();
    ExitCode::SUCCESS
}

/// Some threads install and uninstall bundles while others import, and while Python ends.
fn volumes() -> ExitCode {
    panic::set_hook(Box::new(|_| {}));
    let bytes = std::fs::read(concat!(env!("OUT_DIR"), "/small.bundle")).unwrap();
    let bytes: &'static [u8] = bytes.leak();
    include_py::run(&SPECIMEN, |py| {
        let threads: Vec<_> = (0..4)
            .map(|number| {
                thread::spawn(move || {
                    for round in 0..30 {
                        let volume = include_py::Volume::from_bytes(bytes)
                            .unwrap()
                            .at(format!("/volume/{}", number / 2));
                        let _ = panic::catch_unwind(|| {
                            Python::attach(|py| {
                                drop(volume.install(py));
                                let name = format!("specimen.module{}", round % 2);
                                drop(py.import(name));
                                drop(execute(py, "import sys; sys.modules.pop('specimen.module', None); import specimen.module"));
                                drop(volume.uninstall(py));
                            });
                        });
                    }
                })
            })
            .collect();
        py.detach(|| {
            for thread in threads.into_iter().skip(2) {
                thread.join().unwrap();
            }
        });
        execute(py, "import specimen.module")
    })
}

/// Children of a program whose other threads import.
fn fork() -> ExitCode {
    quick(
        // A child can't import what another thread was importing: importlib's locks stay held.
        "import json, os, sys, threading
def work():
    import email.message, decimal
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
children = []
for number in range(10):
    child = os.fork()
    if child == 0:
        print(json.dumps(number), end='')
        sys.stdout = None
        sys.exit(number)
    children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
assert codes == list(range(10)), codes
print('children ended')",
    )
}

/// A panic ends Python first.
fn panics() -> ExitCode {
    quick_panic();
    ExitCode::SUCCESS
}

fn quick_panic() {
    let _ = include_py::run(&SPECIMEN, |py| {
        let code = "import atexit, threading, time
class Late:
    def __del__(self): print('destructor')
late = Late()
atexit.register(print, 'at exit')
threading.Thread(target=lambda: (time.sleep(.05), print('thread'))).start()
print('unflushed', end=' ')";
        execute(py, code)?;
        panic!("on purpose")
    });
}
