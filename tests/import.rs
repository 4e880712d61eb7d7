//! Runs each function of `specimen/checks.py` inside a hosted interpreter.
//!
//! `cargo test -p include-py-tests --test import resources`

use std::sync::{Mutex, Once, PoisonError};

use include_py::{ErrorKind, Host, SignalHandlers};
use pyo3::prelude::*;

include_py::include_py!(SPECIMEN = "specimen");

/// Starts Python once for all tests of this process.
fn start() {
    static START: Once = Once::new();
    START.call_once(|| {
        Host::new(&SPECIMEN).signal_handlers(SignalHandlers::Program).start().unwrap();
    });
}

fn check(name: &str) {
    /// One test at a time: some change `sys.path` and `sys.modules` temporarily.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    start();
    Python::attach(|py| {
        if let Err(error) = py.import("checks").and_then(|checks| checks.call_method0(name)) {
            error.display(py);
            panic!("{name}: {error}");
        }
    });
}

macro_rules! checks {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )*

        /// Every function of `checks.py` that takes no arguments and isn't a helper must be listed
        /// here.
        #[test]
        fn all_checks_are_run() {
            start();
            Python::attach(|py| {
                let mut defined: Vec<String> = py
                    .eval(
                        c"[k for k, v in vars(__import__('checks')).items() \
                          if callable(v) and k not in ('raises', 'below', 'forget_fragile')]",
                        None,
                        None,
                    )
                    .and_then(|names| names.extract())
                    .unwrap();
                let mut run = vec![$(stringify!($name).to_owned()),*];
                defined.sort();
                run.sort();
                assert_eq!(defined, run);
            });
        }
    };
}

checks! {
    archives_on_sys_path
    attributes
    cached_paths
    changed_path_within_the_bundle
    circular_imports
    code_names_the_file
    code_that_compares_names_finds_the_module
    directory_that_is_no_package
    disk_before_bundle_in_a_path
    failing_import_is_retried
    files_of_the_current_directory_are_not_the_source
    forked_children_import
    import_statement_traceback_is_short
    isolated_interpreter
    latin_source
    loader_protocol
    metadata
    missing_module
    names_that_are_not_identifiers
    namespace_below_a_directory_on_sys_path
    namespace_package
    namespace_spans_bundle_and_disk
    package_extended_on_disk
    order_of_sys_path
    paths_are_spelled_in_many_ways
    pkgutil_lists
    reloading
    resources
    resources_as_file
    resources_of_data_directory
    resources_old_functions
    run_module
    run_module_shows_its_lines
    source_in_tracebacks
    source_lines_without_globals
    standard_library_is_bundled
    threads_import_at_once
    threads_that_import_in_a_circle_do_not_wait_for_each_other
    traversable_is_a_value
}

#[test]
fn a_second_interpreter_is_refused() {
    start();
    let error = Host::new(&SPECIMEN).start().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Running);
    assert!(error.to_string().contains("`App::install`"), "{error}");
}

#[test]
fn installing_again_changes_nothing() {
    start();
    Python::attach(|py| {
        let finders = || py.import("sys")?.getattr("meta_path")?.len();
        let before = finders().unwrap();
        SPECIMEN.install(py).unwrap();
        assert_eq!(finders().unwrap(), before);
    });
}
