//! Safe code can't crash: anything done in the wrong order or at once gives an error or a panic.
//!
//! Each test starts `misuse.rs` in one of its modes. Some do so many times, since races are rare.
//! `cargo xtask valgrind` runs each mode once under valgrind.

use std::process::{Command, Output};

use include_py_tests::{OutputInTime, text};

fn misuse(mode: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_misuse")).arg(mode).output_in_time()
}

/// The mode must exit with status 0, every time.
#[track_caller]
fn survives(mode: &str, times: usize) -> Output {
    let mut last = None;
    for _ in 0..times {
        let output = misuse(mode);
        assert_eq!(output.status.code(), Some(0), "{mode}: {output:?}");
        last = Some(output);
    }
    last.expect("at least once")
}

#[test]
fn only_one_of_several_concurrent_runs_succeeds() {
    let output = survives("runs", 15);
    assert_eq!(text(&output.stdout), "ran\n");
    assert_eq!(text(&output.stderr).matches("error: ").count(), 7, "{output:?}");
}

#[test]
fn calls_after_the_end_are_errors() {
    let output = misuse("after");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let stdout = text(&output.stdout);
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(lines.len(), 5, "{output:?}");
    assert!(lines.iter().all(|line| line.contains("Python has ended in this process")), "{stdout}");
    assert!(text(&output.stderr).starts_with("error: Python has ended in this process"));
}

#[test]
fn threads_may_attach_at_any_time() {
    survives("during", 15);
    survives("starting", 10);
}

#[test]
fn wrong_orders_are_errors() {
    let output = survives("order", 1);
    assert!(text(&output.stdout).ends_with("still works\n"), "{output:?}");
    assert!(text(&output.stderr).contains("runs already in this process"), "{output:?}");
}

#[test]
fn another_thread_than_the_first_may_run_python() {
    assert_eq!(text(&survives("thread", 1).stdout), "in a thread\n");
}

#[test]
fn bundles_go_in_and_out_under_threads() {
    survives("volumes", 5);
}

#[test]
fn forked_processes_end_normally() {
    let output = survives("fork", 3);
    assert!(text(&output.stdout).ends_with("children ended\n"), "{output:?}");
}

#[test]
fn a_panic_ends_python_first() {
    let output = misuse("panic");
    assert_eq!(output.status.code(), Some(101), "{output:?}");
    assert_eq!(text(&output.stdout), "unflushed thread\nat exit\ndestructor\n");
    assert!(text(&output.stderr).contains("on purpose"), "{output:?}");
}
