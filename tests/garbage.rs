//! Garbage that a program creates while it is imported is collected as under CPython.
//!
//! The modules of `garbage/` check how much memory they needed. Each was run from files first, and
//! needs less than half of its limit there.

use std::process::Command;

use include_py_tests::{OutputInTime, text};

#[track_caller]
fn imports(module: &str) {
    runs(&format!("import garbage.{module}"));
}

#[track_caller]
fn runs(code: &str) {
    let code = format!("{code}; print('imported')");
    let output = Command::new(env!("CARGO_BIN_EXE_hosted")).arg(code).output_in_time();
    assert_eq!(text(&output.stdout), "imported\n", "{output:?}");
}

#[test]
fn definitions_are_not_looked_at() {
    runs("import garbage.definitions; garbage.definitions.check()");
}

#[test]
fn looks_at_a_module_do_not_lead_to_looks_at_everything() {
    runs("import garbage.looks; garbage.looks.check()");
}

#[test]
fn large_objects() {
    imports("objects");
    imports("late");
}

#[test]
fn descriptors() {
    imports("descriptors");
}

#[test]
fn finalizers() {
    imports("finalizers");
}

#[test]
fn threads() {
    imports("threads");
}

#[test]
fn graphs_that_outlive_young_collections() {
    imports("graphs");
}

#[test]
fn many_small_modules() {
    imports("modules");
}
