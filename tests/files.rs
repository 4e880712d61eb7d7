//! Runs each function of `specimen/file_checks.py` in an interpreter whose files are served.
//!
//! `cargo test -p include-py-tests --test files directories`

use std::sync::{Mutex, Once, PoisonError};

use include_py::{GarbageCollection, Host, SignalHandlers};
use pyo3::prelude::*;

include_py::include_py!(SPECIMEN = "specimen"; BARE = "bare");

/// Starts Python once for all tests of this process.
fn start() {
    static START: Once = Once::new();
    START.call_once(|| {
        let host = Host::new(&SPECIMEN).bundle(&BARE).signal_handlers(SignalHandlers::Program);
        host.serve_files().garbage_collection(GarbageCollection::Usual).start().unwrap();
    });
}

fn check(name: &str) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    start();
    Python::attach(|py| {
        if let Err(error) = py.import("file_checks").and_then(|checks| checks.call_method0(name)) {
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
    };
}

checks! {
    a_bundle_without_sources_has_compiled_files
    a_directory_and_its_copy_are_alike
    a_raw_stream_serves_many_threads
    bytes_are_read
    code_is_compiled_and_run_by_its_path
    collection_is_as_usual
    directories_are_listed
    errors_are_those_of_files
    metadata_is_listed_once
    no_function_that_takes_a_path_is_forgotten
    nothing_can_be_written
    paths_are_spelled_in_many_ways
    real_files_are_as_before
    source_is_still_found
    stat_tells_kind_size_and_time
    text_is_read
    the_functions_look_like_the_old_ones
    the_library_works_on_it
    what_the_system_opens_is_an_error_that_names_the_path
}

#[test]
fn serving_twice_changes_nothing() {
    start();
    Python::attach(|py| {
        let open = || py.import("builtins").unwrap().getattr("open").unwrap();
        let before = open();
        SPECIMEN.serve_files(py).unwrap();
        assert!(open().is(&before));
    });
}
