//! Lets the extension module find libpython where PyO3 has found it.

fn main() {
    pyo3_build_config::add_libpython_rpath_link_args();
}
